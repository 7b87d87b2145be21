/* SPDX-License-Identifier: Apache-2.0 */
/* trine_job: jobs: a network is placed, compiled into the job's memory, given cores and a window,
 * and run by the runtime. */
#include <stdalign.h>
#include <string.h>

#include "trine_internal.h"

static size_t align_up(size_t size) {
  return (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

/* Most scratch memory of any image for the device. */
static size_t most_scratch(const struct trine_info *info) {
  return (size_t)TRINE_MAX_COPIES * info->table_entries +
         4 * (size_t)info->cores * info->state_units;
}

size_t trine_job_sizeof(const struct trine *device, const struct trine_network *network) {
  if (device == NULL || !device->is_open || network == NULL) {
    return 0;
  }
  return align_up(sizeof(struct trine_job)) +
         align_up(trine_compile_bytes(&device->target, network, TRINE_IMAGE_PLAIN)) +
         most_scratch(&device->target.info);
}

static uint32_t count_ones(uint32_t mask) {
  uint32_t ones = 0;
  for (; mask != 0; mask &= mask - 1) {
    ones++;
  }
  return ones;
}

static enum trine_status choose_placement(struct trine *device, const struct trine_network *network,
                                          const struct trine_job_options *options, uint32_t usable,
                                          struct trine_placement *placement) {
  if (options->placement != NULL) {
    *placement = *options->placement;
    return trine_compile_check_placement(&device->target, network, placement, &device->error);
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
  return trine_place(device, network, options->mode, cores, placement);
}

/* A window for the image, in the first gap that is large enough. */
static enum trine_status choose_window(struct trine_job *job,
                                       const struct trine_job_options *options,
                                       struct trine_run_options *run) {
  struct trine *device = job->device;
  uint64_t gap = 0;
  /* As much as is wanted of endless memory; then as much of it as there is. */
  enum trine_status status =
      trine_window_bytes(&device->target, job->image, options->max_rows, options->window_bytes,
                         UINT64_MAX, &run->window_bytes, &device->error);
  if (status == TRINE_OK) {
    run->window_base = trine_find_gap(device, run->window_bytes, &gap);
    status = trine_window_bytes(&device->target, job->image, options->max_rows,
                                options->window_bytes, gap, &run->window_bytes, &device->error);
  }
  return status;
}

/* Window and run of the job's image, on the cores that the options of the run have. */
static enum trine_status open_run(struct trine_job *job, const struct trine_job_options *options,
                                  void *scratch, struct trine_run_options *run) {
  struct trine *device = job->device;
  enum trine_status status = choose_window(job, options, run);
  if (status != TRINE_OK) {
    return status;
  }
  run->timeout_ms = options->timeout_ms;
  run->observer = trine_stats_observer(&job->stats);
  run->scratch = scratch;
  run->scratch_bytes = trine_image_scratch_bytes(job->image, true);
  status = trine_run_open(&job->run, &device->device, job->image, run);
  return status == TRINE_OK ? status
                            : trine_fail_with(device, trine_run_fault(&job->run), job->image);
}

/* The image and the run, in the memory behind the job. */
static enum trine_status build_job(struct trine_job *job, const struct trine_network *network,
                                   const struct trine_job_options *options, size_t memory_bytes) {
  struct trine *device = job->device;
  struct trine_run_options run = {.core_mask = 0};
  uint32_t usable = 0;
  enum trine_status status = trine_compile_check(&device->target, network, &device->error);
  if (status == TRINE_OK) {
    status = trine_usable_cores(device, options->core_mask, &usable);
  }
  if (status == TRINE_OK) {
    status = choose_placement(device, network, options, usable, &job->placement);
  }
  if (status == TRINE_OK) {
    status = trine_choose_cores(device, job->placement.ranks, options->core_mask, usable,
                                &run.core_mask);
  }
  const size_t image_at = align_up(sizeof *job);
  const size_t most = memory_bytes - image_at - most_scratch(&device->target.info);
  if (status == TRINE_OK) {
    status = trine_compile(&device->target, network, &job->placement, TRINE_IMAGE_PLAIN,
                           (uint8_t *)job + image_at, most, &job->image, &device->error);
  }
  return status == TRINE_OK
             ? open_run(job, options, (uint8_t *)job + image_at + align_up(job->image->bytes), &run)
             : status;
}

/* A job in memory that is large enough, or NULL with the sentence. */
static struct trine_job *begin_job(struct trine *device, void *memory, size_t memory_bytes,
                                   size_t needed) {
  if (memory_bytes < needed || (uintptr_t)memory % alignof(max_align_t) != 0) {
    (void)trine_fail(device, TRINE_ERR_MEMORY,
                     "the job needs %zu bytes of aligned memory; it was given %zu", needed,
                     memory_bytes);
    return NULL;
  }
  struct trine_job *made = memory;
  memset(made, 0, sizeof *made);
  made->device = device;
  return made;
}

static void link_job(struct trine_job *made, struct trine_job **job) {
  made->next = made->device->jobs;
  made->device->jobs = made;
  *job = made;
}

static const struct trine_job_options defaults;

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
  const size_t needed = trine_job_sizeof(device, network);
  struct trine_job *made = begin_job(device, memory, memory_bytes, needed);
  if (made == NULL) {
    return TRINE_ERR_MEMORY;
  }
  const enum trine_status status =
      build_job(made, network, options != NULL ? options : &defaults, needed);
  if (status == TRINE_OK) {
    link_job(made, job);
  }
  return status;
}

size_t trine_image_job_sizeof(const struct trine *device, const struct trine_image *image) {
  return device == NULL || !device->is_open || image == NULL
             ? 0
             : align_up(sizeof(struct trine_job)) + trine_image_scratch_bytes(image, true);
}

enum trine_status trine_image_job_create(struct trine *device, const struct trine_image *image,
                                         const struct trine_job_options *options, void *memory,
                                         size_t memory_bytes, struct trine_job **job) {
  struct trine_run_options run = {.core_mask = 0};
  uint32_t usable = 0;
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (image == NULL || memory == NULL || job == NULL) {
    return trine_fail(device, TRINE_ERR_ARG, "a job needs an image, memory and a handle");
  }
  *job = NULL;
  if (trine_check_open(device) != TRINE_OK) {
    return TRINE_ERR_ARG;
  }
  if (options == NULL) {
    options = &defaults;
  }
  struct trine_job *made =
      begin_job(device, memory, memory_bytes, trine_image_job_sizeof(device, image));
  if (made == NULL) {
    return TRINE_ERR_MEMORY;
  }
  made->image = image;
  if (image->config_hash != device->target.info.config_hash) {
    struct trine_fault fault;
    (void)trine_fault_set(&fault, TRINE_ERR_VERSION, TRINE_FAULT_CONFIG, image->config_hash,
                          device->target.info.config_hash, 0);
    return trine_fail_with(device, &fault, image);
  }
  enum trine_status status = trine_usable_cores(device, options->core_mask, &usable);
  if (status == TRINE_OK) {
    status = trine_choose_cores(device, image->ranks, options->core_mask, usable, &run.core_mask);
  }
  if (status == TRINE_OK) {
    status = open_run(made, options, (uint8_t *)memory + align_up(sizeof *made), &run);
  }
  if (status == TRINE_OK) {
    link_job(made, job);
  }
  return status;
}

void trine_job_destroy(struct trine_job *job) {
  if (job == NULL) {
    return;
  }
  trine_run_close(&job->run);
  for (struct trine_job **link = &job->device->jobs; *link != NULL; link = &(*link)->next) {
    if (*link == job) {
      *link = job->next;
      break;
    }
  }
}

/* The status of a run's last call, with its sentence. */
static enum trine_status tell(struct trine_job *job, enum trine_status status) {
  return status == TRINE_OK ? status
                            : trine_fail_with(job->device, trine_run_fault(&job->run), job->image);
}

/* It rests: what is asked of it does not disturb a batch. */
static enum trine_status check_rests(struct trine_job *job) {
  return job->run.state == TRINE_RUN_RESTS
             ? TRINE_OK
             : trine_fail(job->device, TRINE_ERR_BUSY,
                          "the job was started and not yet waited for; trine_job_wait comes first");
}

enum trine_status trine_job_forget(struct trine_job *job) {
  if (job == NULL) {
    return TRINE_ERR_ARG;
  }
  const enum trine_status status = check_rests(job);
  return status == TRINE_OK ? tell(job, trine_run_forget(&job->run)) : status;
}

enum trine_status trine_jobs_start(struct trine_job *const *jobs,
                                   const struct trine_batch *const *batches, uint32_t count) {
  struct trine_run *runs[TRINE_MAX_CORES];
  uint32_t failed = 0;
  if (jobs == NULL || batches == NULL || count < 1) {
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < count; n++) {
    if (jobs[n] == NULL) {
      return TRINE_ERR_ARG;
    }
  }
  if (count > TRINE_MAX_CORES) {
    return trine_fail(jobs[0]->device, TRINE_ERR_BUSY,
                      "%u jobs were to start together; a device has at most %d domain slots", count,
                      (int)TRINE_MAX_CORES);
  }
  for (uint32_t n = 0; n < count; n++) {
    runs[n] = &jobs[n]->run;
    if (check_rests(jobs[n]) != TRINE_OK) {
      return TRINE_ERR_BUSY;
    }
  }
  const enum trine_status status = trine_runs_start(runs, batches, count, &failed);
  return tell(jobs[failed], status);
}

enum trine_status trine_job_start(struct trine_job *job, const struct trine_batch *batch) {
  return trine_jobs_start(&job, &batch, 1);
}

enum trine_status trine_job_wait(struct trine_job *job) {
  return job == NULL ? TRINE_ERR_ARG : tell(job, trine_run_wait(&job->run));
}

enum trine_status trine_job_poll(struct trine_job *job, bool *has_ended) {
  if (job == NULL || has_ended == NULL) {
    return TRINE_ERR_ARG;
  }
  *has_ended = trine_poll(&job->run);
  return *has_ended ? tell(job, trine_run_fault(&job->run)->status) : TRINE_OK;
}

enum trine_status trine_job_run(struct trine_job *job, const struct trine_batch *batch) {
  const enum trine_status status = trine_job_start(job, batch);
  return status == TRINE_OK ? trine_job_wait(job) : status;
}

bool trine_job_done(struct trine_job *job) {
  return job == NULL || !trine_run_is_at_work(&job->run);
}

uint32_t trine_job_slot(const struct trine_job *job) {
  return job != NULL ? job->run.slot : 0;
}

const struct trine_placement *trine_job_placement(const struct trine_job *job) {
  return job != NULL ? &job->placement : NULL;
}

uint32_t trine_job_core_mask(const struct trine_job *job) {
  return job != NULL ? job->run.options.core_mask : 0;
}

const struct trine_stats *trine_job_stats(const struct trine_job *job) {
  return job != NULL ? &job->stats : NULL;
}

/* --- The compiler, for an open device --- */

enum trine_status trine_place_shape(struct trine *device, const struct trine_network *network,
                                    const struct trine_shape *shape,
                                    struct trine_placement *placement) {
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (network == NULL || shape == NULL || placement == NULL) {
    return trine_fail(device, TRINE_ERR_ARG, "a placement needs a network and a place for it");
  }
  const enum trine_status status = trine_check_open(device);
  return status == TRINE_OK
             ? trine_compile_place(&device->target, network, shape, placement, &device->error)
             : status;
}

enum trine_status trine_place(struct trine *device, const struct trine_network *network,
                              enum trine_mode mode, uint32_t cores,
                              struct trine_placement *placement) {
  const struct trine_shape shape = {.mode = mode, .cores = cores, .groups = 1, .copies = 1};
  return trine_place_shape(device, network, &shape, placement);
}

uint64_t trine_step_cycles(const struct trine *device, const struct trine_network *network,
                           const struct trine_placement *placement) {
  return device != NULL && device->is_open
             ? trine_compile_step_cycles(&device->target, network, placement)
             : 0;
}
