/* SPDX-License-Identifier: Apache-2.0 */
/* trine_job: making a job: options, cores, its window of shared memory and what is written there
 * once. */
#include <stdalign.h>
#include <string.h>

#include "trine_internal.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "programs are made in place");

enum { DEFAULT_ROWS_BYTES = 4 << 20, DEFAULT_TIMEOUT_MS = 60000 };

static size_t align_up(size_t size) {
  return (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

static uint32_t count_ones(uint32_t mask) {
  uint32_t ones = 0;
  for (; mask != 0; mask &= mask - 1) {
    ones++;
  }
  return ones;
}

/* Bytes of job->copy_of: a run has table entries for no more sequences. */
static size_t copy_of_bytes(const struct trine *device, const struct trine_network *network) {
  return (size_t)trine_most_copies(network) * device->info.table_entries;
}

size_t trine_job_sizeof(const struct trine *device, const struct trine_network *network) {
  if (device == NULL || !device->is_open || network == NULL) {
    return 0;
  }
  uint32_t copies = trine_most_copies(network);
  return align_up(sizeof(struct trine_job)) + TRINE_STREAM_BYTES +
         trine_program_bound(&device->info, network, device->info.cores, copies) +
         trine_states_bytes(&device->info) + copy_of_bytes(device, network);
}

/* Cores a job may use: none in quarantine, and unless they were asked for by name, none that a
 * stray has. */
static enum trine_status find_cores(struct trine_job *job, const struct trine_job_options *options,
                                    uint32_t *usable) {
  struct trine *device = job->device;
  uint32_t busy = 0, quarantine = 0;
  enum trine_status status = trine_update_strays(device);
  if (status == TRINE_OK) {
    status = trine_read_cores(device, &busy, &quarantine);
  }
  if (status != TRINE_OK) {
    return status;
  }
  const uint32_t all = trine_all_cores(device);
  if ((options->core_mask & ~all) != 0) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "the core mask 0x%x names cores that configuration %s, with %u, has not",
                      options->core_mask, device->config, device->info.cores);
  }
  if ((options->core_mask & quarantine) != 0) {
    return trine_fail(
        device, TRINE_ERR_BUSY,
        "cores 0x%x of the core mask 0x%x are in quarantine until the device is reset",
        options->core_mask & quarantine, options->core_mask);
  }
  *usable =
      options->core_mask != 0 ? options->core_mask : all & ~quarantine & ~trine_stray_cores(device);
  return TRINE_OK;
}

/* The placement needs more cores than can be used. */
static enum trine_status tell_missing(const struct trine_job *job, uint32_t usable) {
  struct trine *device = job->device;
  uint32_t busy = 0, quarantine = 0;
  enum trine_status status = trine_read_cores(device, &busy, &quarantine);
  if (status != TRINE_OK) {
    return status;
  }
  return trine_fail(device, TRINE_ERR_BUSY,
                    "the placement needs %u cores; of the device's %u, %u can be used (0x%x are in "
                    "quarantine until reset, 0x%x run programs that were not started here: trine "
                    "run --stop-strays stops those)",
                    job->placement.ranks, device->info.cores, count_ones(usable), quarantine,
                    trine_stray_cores(device));
}

static enum trine_status choose_placement(struct trine_job *job,
                                          const struct trine_job_options *options,
                                          uint32_t usable) {
  struct trine *device = job->device;
  if (options->placement != NULL) {
    job->placement = *options->placement;
    return trine_check_placement(device, job->network, &job->placement);
  }
  uint32_t cores = options->cores;
  if (options->core_mask != 0) {
    cores = count_ones(options->core_mask);
  } else if (cores == 0) {
    cores = options->mode == TRINE_MODE_SINGLE || usable == 0 ? 1 : count_ones(usable);
  }
  if (options->mode == TRINE_MODE_SINGLE && cores != 1) {
    return trine_fail(device, TRINE_ERR_LIMIT, "mode single takes exactly one core, not %u", cores);
  }
  return trine_place(device, job->network, options->mode, cores, &job->placement);
}

/* The usable cores that serve the fewest jobs, lowest first; or the mask asked for, without the
 * cores that the placement has no use for. */
static enum trine_status choose_cores(struct trine_job *job,
                                      const struct trine_job_options *options, uint32_t usable) {
  struct trine *device = job->device;
  if (options->core_mask != 0 && count_ones(options->core_mask) < job->placement.ranks) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the core mask 0x%x has %u cores; the placement needs %u", options->core_mask,
                      count_ones(options->core_mask), job->placement.ranks);
  }
  uint32_t load[TRINE_MAX_CORES] = {0};
  for (const struct trine_job *other = device->jobs; other != NULL; other = other->next) {
    for (uint32_t c = 0; c < device->info.cores; c++) {
      load[c] += other->core_mask >> c & 1;
    }
  }
  job->core_mask = 0;
  for (uint32_t taken = 0; taken < job->placement.ranks; taken++) {
    uint32_t best = UINT32_MAX;
    for (uint32_t c = 0; c < device->info.cores; c++) {
      bool is_allowed = (usable >> c & 1) != 0;
      bool is_better = best == UINT32_MAX || (options->core_mask == 0 && load[c] < load[best]);
      if (is_allowed && (job->core_mask >> c & 1) == 0 && is_better) {
        best = c;
      }
    }
    if (best == UINT32_MAX) {
      return tell_missing(job, usable);
    }
    job->core_mask |= 1u << best;
  }
  return TRINE_OK;
}

static enum trine_status lay_tensors(struct trine_job *job) {
  const struct trine_network *network = job->network;
  job->is_cuttable = network->chain_count == 1 && !network->chains[0].reversed;
  for (uint32_t t = 0; t < network->tensor_count; t++) {
    struct tensor_layout *tensor = &job->tensor[t];
    trine_tensor_parts(&network->tensors[t], job->device->info.mem_bytes, tensor);
    tensor->per_sequence = trine_tensor_per_sequence(network, t);
    if (tensor->stride > TRINE_STREAM_BYTES) {
      return trine_fail(job->device, TRINE_ERR_LIMIT,
                        "a row of tensor %u takes %u bytes; the driver serves up to %d", t,
                        tensor->stride, (int)TRINE_STREAM_BYTES);
    }
  }
  return TRINE_OK;
}

/* Offsets of all that does not change with the batch; returns the offset of the rows. */
static uint64_t lay_window(struct trine_job *job) {
  const struct trine_info *info = &job->device->info;
  struct geometry geometry = trine_geometry(info);
  uint32_t align = info->mem_bytes;
  uint64_t at = job->program_bytes;
  for (uint32_t r = 0; r < job->placement.ranks; r++) {
    job->weights_offset[r] = (uint32_t)at;
    at += (uint64_t)job->plain.weight_words[r] * geometry.word_bytes;
    job->params_offset[r] = (uint32_t)at;
    at += (uint64_t)job->plain.param_beats[r] * info->tail_rows * 16;
    at = (at + align - 1) / align * align;
  }
  for (uint32_t n = 0; n < trine_lines(job->network, &job->placement); n++) {
    if (trine_line_layer(job->network, n)->kind != TRINE_LAYER_LSTM) {
      continue;
    }
    uint64_t sequences = job->kept.max_sequences;
    job->kept.h_image[n] = (uint32_t)at;
    at += sequences * job->kept.channel[n].stride * geometry.vec_bytes;
    at = (at + align - 1) / align * align;
    for (uint32_t r = 0; r < job->placement.ranks; r++) {
      job->kept.slice[n][r].image = (uint32_t)at;
      at += sequences * job->kept.slice[n][r].state_stride * 4;
      at = (at + align - 1) / align * align;
    }
  }
  return at;
}

/* Where the free memory after `start` ends; false when `start` is not free. */
static bool gap_end(const struct trine *device, uint64_t start, uint64_t *stop) {
  *stop = device->memory_base + device->memory_size;
  bool is_free = start < *stop;
  for (const struct trine_job *job = device->jobs; job != NULL; job = job->next) {
    is_free = is_free && (start < job->window_base || start - job->window_base >= job->window_size);
    *stop = job->window_base >= start && job->window_base < *stop ? job->window_base : *stop;
  }
  for (uint32_t s = 0; s < TRINE_MAX_CORES; s++) {
    const struct stray *stray = &device->stray[s];
    if (stray->is_there) {
      is_free = is_free &&
                (start < stray->window_base || start - stray->window_base >= stray->window_bytes);
      *stop =
          stray->window_base >= start && stray->window_base < *stop ? stray->window_base : *stop;
    }
  }
  return is_free;
}

static uint64_t page_up(uint64_t addr) {
  return addr > UINT64_MAX - TRINE_PAGE_BYTES
             ? UINT64_MAX
             : (addr + TRINE_PAGE_BYTES - 1) / TRINE_PAGE_BYTES * TRINE_PAGE_BYTES;
}

/* The gap from `start`, if it is the largest so far. */
static void try_gap(const struct trine *device, uint64_t start, uint64_t *best,
                    uint64_t *gap_bytes) {
  uint64_t stop = 0;
  if (start >= device->memory_base && gap_end(device, start, &stop) && stop - start > *gap_bytes) {
    *best = start;
    *gap_bytes = stop - start;
  }
}

/* First gap of at least `want` bytes between the windows there are, else the largest one. */
static uint64_t find_gap(const struct trine *device, uint64_t want, uint64_t *gap_bytes) {
  uint64_t best = device->memory_base;
  *gap_bytes = 0;
  try_gap(device, device->memory_base, &best, gap_bytes);
  for (const struct trine_job *job = device->jobs; job != NULL && *gap_bytes < want;
       job = job->next) {
    try_gap(device, page_up(job->window_base + job->window_size), &best, gap_bytes);
  }
  for (uint32_t s = 0; s < TRINE_MAX_CORES && *gap_bytes < want; s++) {
    const struct stray *stray = &device->stray[s];
    if (stray->is_there) {
      try_gap(device, page_up(stray->window_base + stray->window_bytes), &best, gap_bytes);
    }
  }
  return best;
}

static enum trine_status reserve_window(struct trine_job *job,
                                        const struct trine_job_options *options) {
  struct trine *device = job->device;
  uint64_t fixed = lay_window(job);
  uint64_t row = 0;
  for (uint32_t t = 0; t < job->network->tensor_count; t++) {
    row += job->tensor[t].stride;
  }
  uint64_t rows_bytes = DEFAULT_ROWS_BYTES;
  rows_bytes = rows_bytes < device->memory_size / 4 ? rows_bytes : device->memory_size / 4;
  rows_bytes = options->max_rows != 0 ? options->max_rows * row : rows_bytes;
  uint64_t least = fixed + row;
  uint64_t want = options->window_bytes != 0 ? options->window_bytes : fixed + rows_bytes;
  want = want < least && options->window_bytes == 0 ? least : want;
  uint64_t gap = 0;
  job->window_base = find_gap(device, want, &gap);
  uint64_t size = gap < want ? gap : want;
  size = size > UINT32_MAX ? UINT32_MAX : size;
  if (size < least || (options->window_bytes != 0 && gap < want)) {
    return trine_fail(device, TRINE_ERR_MEMORY,
                      "the job needs a window of %llu bytes of shared memory; the largest free "
                      "part has %llu and %llu were asked for",
                      (unsigned long long)least, (unsigned long long)gap, (unsigned long long)want);
  }
  job->window_size = (uint32_t)(size / 4 * 4);
  job->rows_offset = (uint32_t)fixed;
  return TRINE_OK;
}

enum trine_status trine_lay_job(struct trine_job *job, const struct trine_job_options *options) {
  struct trine *device = job->device;
  enum trine_status status = lay_tensors(job);
  if (status == TRINE_OK) {
    status = trine_make_layout(device, job->network, &job->placement, false, &job->plain);
  }
  if (status == TRINE_OK) {
    status = trine_make_layout(device, job->network, &job->placement, true, &job->kept);
  }
  if (status == TRINE_OK) {
    uint32_t bound = trine_program_bound(&device->info, job->network, job->placement.ranks,
                                         job->placement.copies);
    job->program_bytes = trine_round_up(bound, 64);
    status = reserve_window(job, options);
  }
  return status;
}

static enum trine_status build_job(struct trine_job *job, const struct trine_job_options *options) {
  struct trine *device = job->device;
  uint32_t usable = 0;
  enum trine_status status = trine_check_network(device, job->network);
  if (status == TRINE_OK) {
    status = find_cores(job, options, &usable);
  }
  if (status == TRINE_OK) {
    status = choose_placement(job, options, usable);
  }
  if (status == TRINE_OK) {
    status = choose_cores(job, options, usable);
  }
  if (status == TRINE_OK) {
    status = trine_lay_job(job, options);
  }
  for (uint32_t r = 0; r < job->placement.ranks && status == TRINE_OK; r++) {
    status = trine_pack_weights(job, r);
    if (status == TRINE_OK) {
      status = trine_pack_params(job, r);
    }
  }
  return status;
}

enum trine_status trine_job_create(struct trine *device, const struct trine_network *network,
                                   const struct trine_job_options *options, void *memory,
                                   size_t memory_bytes, struct trine_job **job) {
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (network == NULL || memory == NULL || job == NULL) {
    return trine_fail(device, TRINE_ERR_ARG, "a job needs a network, memory and a handle");
  }
  *job = NULL;
  if (trine_check_open(device) != TRINE_OK) {
    return TRINE_ERR_ARG;
  }
  size_t needed = trine_job_sizeof(device, network);
  if (memory_bytes < needed || (uintptr_t)memory % alignof(max_align_t) != 0) {
    return trine_fail(device, TRINE_ERR_MEMORY,
                      "the job needs %zu bytes of aligned memory; it was given %zu", needed,
                      memory_bytes);
  }
  static const struct trine_job_options defaults;
  options = options != NULL ? options : &defaults;
  struct trine_job *made = memory;
  memset(made, 0, sizeof *made);
  made->device = device;
  made->network = network;
  made->timeout_ms = options->timeout_ms != 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS;
  made->stream = (uint8_t *)memory + align_up(sizeof *made);
  made->words = (uint32_t *)(void *)(made->stream + TRINE_STREAM_BYTES);
  made->copy_of = (uint8_t *)memory + needed - copy_of_bytes(device, network);
  made->states = made->copy_of - trine_states_bytes(&device->info);
  enum trine_status status = build_job(made, options);
  if (status != TRINE_OK) {
    return status;
  }
  made->next = device->jobs;
  device->jobs = made;
  *job = made;
  return TRINE_OK;
}

uint32_t trine_job_slot(const struct trine_job *job) {
  return job != NULL ? job->slot : 0;
}

const struct trine_placement *trine_job_placement(const struct trine_job *job) {
  return job != NULL ? &job->placement : NULL;
}

uint32_t trine_job_core_mask(const struct trine_job *job) {
  return job != NULL ? job->core_mask : 0;
}

const struct trine_stats *trine_job_stats(const struct trine_job *job) {
  return job != NULL ? &job->stats : NULL;
}
