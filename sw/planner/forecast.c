/* SPDX-License-Identifier: Apache-2.0 */
/* forecast: has the driver make the programs of a job that exists only here, and the model of the
 * accelerator execute them. */
#include "forecast.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "trine_internal.h"
#include "trine_program.h"

enum {
  ROWS_BYTES = 4 << 20, /* of a job's window, as trine_job_create makes it */
  STEPS_BEFORE = 4      /* of the run before a resident one */
};

/* A device of the same parameters whose memory forgets, and a job on it. */
struct stand_in {
  struct trine device;
  struct trine_job job;
  struct trine_batch batch;
  bool is_resident; /* contexts and channels are set up */
};

static int forget_write(void *context, uint64_t address, const void *data, size_t bytes) {
  (void)context;
  (void)address;
  (void)data;
  (void)bytes;
  return TRINE_OK;
}

static void free_stand_in(struct stand_in *stand_in) {
  if (stand_in != NULL) {
    free(stand_in->job.words);
    free(stand_in->job.copy_of);
    free(stand_in);
  }
}

static void lay_tensors(struct trine_job *job) {
  uint64_t row = 0;
  for (uint32_t t = 0; t < job->network->tensor_count; t++) {
    struct tensor_layout *tensor = &job->tensor[t];
    trine_tensor_parts(&job->network->tensors[t], job->device->info.mem_bytes, tensor);
    tensor->per_sequence = trine_tensor_per_sequence(job->network, t);
    row += tensor->stride;
  }
  uint64_t rows = job->device->memory_size / 4;
  rows = rows < ROWS_BYTES ? rows : ROWS_BYTES;
  job->rows_offset = 0;
  job->window_size = (uint32_t)(rows > row ? rows : row);
  job->is_cuttable = job->network->chain_count == 1 && !job->network->chains[0].reversed;
}

static enum trine_status make_stand_in(struct trine *device, const struct trine_forecast_job *what,
                                       struct stand_in **made) {
  struct stand_in *stand_in = calloc(1, sizeof *stand_in);
  *made = stand_in;
  if (stand_in == NULL) {
    return TRINE_ERR_MEMORY;
  }
  struct trine_job *job = &stand_in->job;
  stand_in->device = *device;
  stand_in->device.bus = (struct trine_bus){.mem_write = forget_write};
  job->device = &stand_in->device;
  job->network = what->network;
  job->placement = *what->placement;
  const struct trine_plan_batch *batch = what->batch;
  stand_in->batch = (struct trine_batch){.sequences = batch->sequences, .lengths = batch->lengths};
  job->batch = &stand_in->batch;
  job->batch_kept = batch->is_kept;
  enum trine_status status = trine_check_network(&stand_in->device, job->network);
  status = status == TRINE_OK
               ? trine_check_placement(&stand_in->device, job->network, &job->placement)
               : status;
  status = status == TRINE_OK ? trine_make_layout(&stand_in->device, job->network, &job->placement,
                                                  false, &job->plain)
                              : status;
  status = status == TRINE_OK ? trine_make_layout(&stand_in->device, job->network, &job->placement,
                                                  true, &job->kept)
                              : status;
  memcpy(device->error, stand_in->device.error, sizeof device->error);
  if (status != TRINE_OK) {
    return status;
  }
  lay_tensors(job);
  job->program_bytes =
      trine_program_bound(&device->info, job->network, job->placement.ranks, job->placement.copies);
  job->words = malloc(job->program_bytes);
  job->copy_of = malloc((size_t)TRINE_MAX_COPIES * device->info.table_entries);
  return job->words != NULL && job->copy_of != NULL ? TRINE_OK : TRINE_ERR_MEMORY;
}

/* As reset leaves it. */
static void reset_core(struct core *core, const struct trine_info *info) {
  core->sequencer.credits = MODEL_ACC_SLOTS;
  core->tail.credits = info->queue_words;
  core->publisher.tail_turn = true;
  core->port.data_client = core->port.done_client = MODEL_CLIENTS;
  for (uint32_t n = 0; n < LATENCY_PRE; n++) {
    core->tail.recent_time[n] = MODEL_NEVER;
  }
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    core->readers[n].places = MODEL_STREAM_BEATS;
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    core->writers[n].places = MODEL_STREAM_BEATS;
  }
}

/* START of a job with the program it has, on cores from `first` on. */
static void start_job(struct machine *machine, const struct stand_in *stand_in, uint32_t d,
                      uint32_t first) {
  const struct trine_job *job = &stand_in->job;
  struct domain *domain = &machine->domains[d];
  *domain = (struct domain){.barrier_go = MODEL_NEVER};
  for (uint32_t r = 0; r < job->placement.ranks; r++) {
    struct core *core = &machine->cores[first + r];
    const uint32_t *entry = job->words + 8 + 4 * r;
    core->is_used = true;
    core->domain = d;
    core->wake = machine->now;
    core->fetch = (struct fetch){.to_ask = 0};
    core->program = (struct program){.list = job->words + entry[0] / 4,
                                     .words = entry[1],
                                     .offset = entry[0],
                                     .rank = r,
                                     .resident = stand_in->is_resident,
                                     .state = PROGRAM_HEAD_START};
    domain->cores |= 1u << (first + r);
  }
}

static void free_machine(struct machine *machine) {
  for (uint32_t c = 0; machine != NULL && c < TRINE_MAX_CORES; c++) {
    free(machine->cores[c].table_lengths);
  }
  free(machine);
}

static struct machine *make_machine(const struct trine_info *info) {
  struct machine *machine = calloc(1, sizeof *machine);
  if (machine == NULL) {
    return NULL;
  }
  machine->info = *info;
  machine->slot_mask = info->x_slots - 1;
  machine->group_beats = info->lanes / info->tail_rows;
  machine->now = 1;
  machine->core_count = info->cores;
  machine->memory.owner = TRINE_MAX_CORES;
  uint32_t sums = 1;
  machine->mac_latency = LATENCY_MAC;
  for (; sums < info->macs_per_lane; sums *= 4) {
    machine->mac_latency++;
  }
  bool good = true;
  for (uint32_t c = 0; c < info->cores; c++) {
    reset_core(&machine->cores[c], info);
    machine->cores[c].table_lengths = calloc(info->table_entries, sizeof(uint32_t));
    good = good && machine->cores[c].table_lengths != NULL;
  }
  if (!good) {
    free_machine(machine);
    return NULL;
  }
  return machine;
}

static void add_up(const struct machine *machine, uint32_t d, struct trine_forecast *forecast) {
  const struct domain *domain = &machine->domains[d];
  forecast->cycles += domain->finished - domain->loads;
  forecast->load_cycles += domain->loads;
  forecast->runs++;
}

/* One device run of all jobs, each with the piece it is at. */
static enum trine_status run_pieces(struct trine *device, struct machine *machine,
                                    struct stand_in *const *stand_ins, bool with_loads,
                                    uint32_t count) {
  uint32_t first = 0;
  for (uint32_t n = 0; n < count; n++) {
    const uint32_t ranks = stand_ins[n]->job.placement.ranks;
    if (first + ranks > device->info.cores) {
      return trine_fail(device, TRINE_ERR_LIMIT, "the jobs take more than the %u cores there are",
                        device->info.cores);
    }
    enum trine_status status =
        trine_write_program(&stand_ins[n]->job, with_loads, stand_ins[n]->is_resident);
    if (status != TRINE_OK) {
      return status;
    }
    start_job(machine, stand_ins[n], n, first);
    stand_ins[n]->is_resident = true;
    first += ranks;
  }
  return machine_run(machine) ? TRINE_OK
                              : trine_fail(device, TRINE_ERR_DEVICE,
                                           "the planner's model of the device stands still");
}

/* The run before of a resident job: a few steps of as many sequences as it has copies. */
static enum trine_status run_before(struct trine *device, struct machine *machine,
                                    struct stand_in *const *stand_ins, uint32_t count) {
  uint32_t lengths[TRINE_MAX_CORES][TRINE_MAX_COPIES];
  struct trine_batch whole[TRINE_MAX_CORES];
  for (uint32_t n = 0; n < count; n++) {
    struct stand_in *stand_in = stand_ins[n];
    const uint32_t copies = stand_in->job.placement.copies;
    struct trine_batch *batch = &stand_in->batch;
    whole[n] = *batch;
    batch->sequences = batch->sequences < copies ? batch->sequences : copies;
    for (uint32_t s = 0; s < batch->sequences; s++) {
      lengths[n][s] = batch->lengths[s] < STEPS_BEFORE ? batch->lengths[s] : STEPS_BEFORE;
    }
    batch->lengths = lengths[n];
    (void)trine_next_piece(&stand_in->job);
  }
  enum trine_status status = run_pieces(device, machine, stand_ins, false, count);
  for (uint32_t n = 0; n < count; n++) {
    stand_ins[n]->batch = whole[n];
  }
  return status;
}

static enum trine_status run_all(struct trine *device, struct machine *machine,
                                 struct stand_in *const *stand_ins, bool is_resident,
                                 uint32_t count, struct trine_forecast *forecasts) {
  enum trine_status status = is_resident ? run_before(device, machine, stand_ins, count) : TRINE_OK;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    struct trine_job *job = &stand_ins[n]->job;
    job->piece = (struct piece){.count = 0};
    trine_count_work(job);
    forecasts[n] = (struct trine_forecast){.limit_cycles = job->stats.limit_cycles,
                                           .macs = job->stats.macs,
                                           .steps = job->stats.steps};
    (void)trine_next_piece(job);
  }
  bool goes_on = status == TRINE_OK;
  while (goes_on) {
    status = run_pieces(device, machine, stand_ins, !is_resident, count);
    for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
      add_up(machine, n, &forecasts[n]);
    }
    is_resident = true;
    goes_on = status == TRINE_OK && count == 1 && trine_next_piece(&stand_ins[0]->job);
  }
  return status;
}

enum trine_status trine_forecast_together(struct trine *device,
                                          const struct trine_forecast_job *jobs, uint32_t count,
                                          struct trine_forecast *forecasts) {
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (jobs == NULL || forecasts == NULL || count < 1 || count > TRINE_MAX_CORES) {
    return trine_fail(device, TRINE_ERR_ARG, "a forecast needs 1 to %d jobs", TRINE_MAX_CORES);
  }
  struct stand_in *stand_ins[TRINE_MAX_CORES] = {NULL};
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    status = make_stand_in(device, &jobs[n], &stand_ins[n]);
  }
  struct machine *machine = make_machine(&device->info);
  if (status == TRINE_OK && machine == NULL) {
    status = TRINE_ERR_MEMORY;
  }
  if (status == TRINE_OK) {
    status = run_all(device, machine, stand_ins, jobs[0].batch->is_resident, count, forecasts);
  }
  free_machine(machine);
  for (uint32_t n = 0; n < count; n++) {
    free_stand_in(stand_ins[n]);
  }
  return status;
}

enum trine_status trine_forecast(struct trine *device, const struct trine_network *network,
                                 const struct trine_placement *placement,
                                 const struct trine_plan_batch *batch,
                                 struct trine_forecast *forecast) {
  const struct trine_forecast_job job = {network, placement, batch};
  return trine_forecast_together(device, &job, 1, forecast);
}
