/* SPDX-License-Identifier: Apache-2.0 */
/* forecast: has the driver make the programs of a job that exists only here, and the model of the
 * accelerator execute them. */
#include "forecast.h"

#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "steady.h"
#include "trine_internal.h"
#include "trine_program.h"

enum {
  STEPS_BEFORE = 4,  /* of each sequence of the run before a resident one */
  SHORT_STEPS = 4096,  /* a batch of no more runs whole before it: whose turn it is comes of that */
  SHORT_LOADS = 16384  /* and with its weights, if they are not more beats than this */
};

/* A device of the same parameters whose memory forgets, and a job on it. */
struct stand_in {
  struct trine device;
  struct trine_job job;
  struct trine_batch batch;
  struct trine_lstm_state states[TRINE_MAX_LAYERS];
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

/* A batch whose rows nobody reads, with states or without, for what the driver checks. */
static void make_batch(struct stand_in *stand_in, const struct trine_plan_batch *batch) {
  static int8_t nothing;
  static int16_t no_cell;
  for (uint32_t n = 0; n < TRINE_MAX_LAYERS; n++) {
    stand_in->states[n] = (struct trine_lstm_state){&nothing, &no_cell};
  }
  stand_in->batch = (struct trine_batch){.sequences = batch->sequences,
                                         .lengths = batch->lengths,
                                         .input = &nothing,
                                         .output = &nothing,
                                         .state_in = batch->is_kept ? stand_in->states : NULL,
                                         .state_out = batch->is_kept ? stand_in->states : NULL};
}

/* before: NULL, or the job whose window is there already. */
static enum trine_status make_stand_in(struct trine *device, const struct trine_forecast_job *what,
                                       struct trine_job *before, struct stand_in **made) {
  static const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE};
  struct stand_in *stand_in = calloc(1, sizeof *stand_in);
  *made = stand_in;
  if (stand_in == NULL) {
    return TRINE_ERR_MEMORY;
  }
  struct trine_job *job = &stand_in->job;
  stand_in->device = *device;
  stand_in->device.bus = (struct trine_bus){.mem_write = forget_write};
  stand_in->device.jobs = before != NULL ? before : device->jobs;
  job->device = &stand_in->device;
  job->next = stand_in->device.jobs;
  job->network = what->network;
  job->placement = *what->placement;
  make_batch(stand_in, what->batch);
  enum trine_status status = trine_check_network(&stand_in->device, job->network);
  status = status == TRINE_OK
               ? trine_check_placement(&stand_in->device, job->network, &job->placement)
               : status;
  status = status == TRINE_OK ? trine_lay_job(job, &options) : status;
  status = status == TRINE_OK ? trine_check_batch(job, &stand_in->batch) : status;
  memcpy(device->error, stand_in->device.error, sizeof device->error);
  if (status != TRINE_OK) {
    return status;
  }
  job->batch = &stand_in->batch;
  job->batch_kept = trine_needs_state(job, &stand_in->batch);
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
  const uint64_t start = machine->now + (uint64_t)d * LATENCY_START;
  *domain = (struct domain){.barrier_go = MODEL_NEVER, .start = start - 1};
  for (uint32_t r = 0; r < job->placement.ranks; r++) {
    struct core *core = &machine->cores[first + r];
    const uint32_t *entry = job->words + 8 + 4 * r;
    core->is_used = true;
    core->domain = d;
    core->wake = start;
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
    free(machine->cores[c].sequences);
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
  machine->patience = MODEL_PATIENCE;
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
    machine->cores[c].sequences = calloc(info->table_entries, sizeof(struct sequence));
    good = good && machine->cores[c].sequences != NULL;
  }
  if (!good) {
    free_machine(machine);
    return NULL;
  }
  return machine;
}

static void add_up(const struct domain *domain, struct trine_forecast *forecast) {
  forecast->cycles += domain->finished - domain->loads;
  forecast->load_cycles += domain->loads;
  forecast->runs++;
}

/* Makes the program of each job's piece; their hash. */
static enum trine_status make_programs(struct trine *device, struct stand_in *const *stand_ins,
                                       bool with_loads, uint32_t count, struct state_hash *hash) {
  uint32_t ranks = 0;
  *hash = (struct state_hash){1, 1};
  for (uint32_t n = 0; n < count; n++) {
    struct stand_in *stand_in = stand_ins[n];
    ranks += stand_in->job.placement.ranks;
    if (ranks > device->info.cores) {
      return trine_fail(device, TRINE_ERR_LIMIT, "the jobs take more than the %u cores there are",
                        device->info.cores);
    }
    const enum trine_status status =
        trine_write_program(&stand_in->job, with_loads, stand_in->is_resident);
    if (status != TRINE_OK) {
      return status;
    }
    for (uint32_t word = 0; word < stand_in->job.words[2] / 4; word++) {
      hash_mix(hash, stand_in->job.words[word]);
    }
  }
  return TRINE_OK;
}

/* One device run of all jobs, each with the program it has. */
static enum trine_status run_programs(struct trine *device, struct machine *machine,
                                      struct stand_in *const *stand_ins, uint32_t count) {
  uint32_t first = 0;
  for (uint32_t n = 0; n < count; n++) {
    start_job(machine, stand_ins[n], n, first);
    stand_ins[n]->is_resident = true;
    first += stand_ins[n]->job.placement.ranks;
  }
  switch (machine_run(machine)) {
    case MACHINE_DONE:
      return TRINE_OK;
    case MACHINE_TOO_LONG:
      return trine_fail(device, TRINE_ERR_TIMEOUT,
                        "no forecast: the run does not repeat itself in %llu cycles",
                        (unsigned long long)MODEL_PATIENCE);
    default:
      return trine_fail(device, TRINE_ERR_DEVICE,
                        "no forecast: the planner's model of the device stands still");
  }
}

/* The run before of a long resident job: a few steps of as many sequences as it has copies. */
static enum trine_status run_a_little(struct trine *device, struct machine *machine,
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
    stand_in->job.piece = (struct piece){.count = 0};
    (void)trine_next_piece(&stand_in->job);
  }
  struct state_hash hash;
  enum trine_status status = make_programs(device, stand_ins, false, count, &hash);
  status = status == TRINE_OK ? run_programs(device, machine, stand_ins, count) : status;
  for (uint32_t n = 0; n < count; n++) {
    stand_ins[n]->batch = whole[n];
  }
  return status;
}

enum { PIECES_KEPT = 8 }; /* more than a ring has slots: pieces shift the slots by their rows */

/* A piece that was simulated: from the same state, the same program takes the same cycles and
 * leaves the same state. */
struct done_piece {
  struct state_hash program, before, after;
  struct domain domain;   /* with its cycles */
  struct machine *machine; /* as it was then; NULL: none */
};

struct pieces {
  struct done_piece done[PIECES_KEPT]; /* a ring */
  uint32_t next;
  const struct done_piece *at; /* whose state the run is in; NULL: the machine's own */
};

static const struct done_piece *find_piece(const struct pieces *pieces,
                                           const struct state_hash *program,
                                           const struct state_hash *before) {
  for (uint32_t n = 0; n < PIECES_KEPT; n++) {
    const struct done_piece *piece = &pieces->done[n];
    if (piece->machine != NULL && hash_is(&piece->program, program) &&
        hash_is(&piece->before, before)) {
      return piece;
    }
  }
  return NULL;
}

static void keep_piece(struct pieces *pieces, const struct machine *machine,
                       const struct state_hash *program, const struct state_hash *before) {
  struct done_piece *piece = &pieces->done[pieces->next];
  struct machine *copy = piece->machine != NULL ? piece->machine : malloc(sizeof *copy);
  if (copy != NULL) {
    *copy = *machine;
    *piece = (struct done_piece){*program, *before, machine_rest_hash(machine),
                                 machine->domains[0], copy};
    pieces->next = (pieces->next + 1) % PIECES_KEPT;
  }
}

/* Brings the machine where the run is. */
static void take_state(struct machine *machine, struct pieces *pieces) {
  if (pieces->at != NULL) {
    const uint64_t patience = machine->patience;
    *machine = *pieces->at->machine;
    machine->patience = patience;
    pieces->at = NULL;
  }
}

/* Simulates a piece from the state the run is in. */
static enum trine_status run_piece(struct trine *device, struct machine *machine,
                                   struct stand_in *stand_in, struct pieces *pieces,
                                   const struct state_hash *program,
                                   const struct state_hash *before) {
  take_state(machine, pieces);
  const enum trine_status status = run_programs(device, machine, &stand_in, 1);
  if (status == TRINE_OK) {
    keep_piece(pieces, machine, program, before);
  }
  return status;
}

/* The pieces of a batch of one job. Bound: a round a piece, and a sequence has a step or more in
 * each of its own; of pieces that repeat only the first are simulated. */
static enum trine_status run_pieces(struct trine *device, struct machine *machine,
                                    struct stand_in *stand_in, bool with_loads,
                                    struct trine_forecast *forecast) {
  struct pieces pieces = {.next = 0};
  enum trine_status status = TRINE_OK;
  do {
    const struct state_hash before =
        pieces.at != NULL ? pieces.at->after : machine_rest_hash(machine);
    struct state_hash program;
    status = make_programs(device, &stand_in, with_loads, 1, &program);
    const struct done_piece *known = find_piece(&pieces, &program, &before);
    if (status == TRINE_OK && known == NULL) {
      status = run_piece(device, machine, stand_in, &pieces, &program, &before);
    }
    if (status == TRINE_OK) {
      add_up(known != NULL ? &known->domain : &machine->domains[0], forecast);
      pieces.at = known != NULL ? known : pieces.at;
    }
    with_loads = false;
  } while (status == TRINE_OK && trine_next_piece(&stand_in->job));
  take_state(machine, &pieces);
  for (uint32_t n = 0; n < PIECES_KEPT; n++) {
    free(pieces.done[n].machine);
  }
  return status;
}

/* Several jobs, which have one piece each. */
static enum trine_status run_together(struct trine *device, struct machine *machine,
                                      struct stand_in *const *stand_ins, bool with_loads,
                                      uint32_t count, struct trine_forecast *forecasts) {
  struct state_hash hash;
  enum trine_status status = make_programs(device, stand_ins, with_loads, count, &hash);
  status = status == TRINE_OK ? run_programs(device, machine, stand_ins, count) : status;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    add_up(&machine->domains[n], &forecasts[n]);
    if (trine_next_piece(&stand_ins[n]->job)) {
      status = trine_fail(device, TRINE_ERR_LIMIT,
                          "no forecast: the batch of job %u of %u needs more than one run", n,
                          count);
    }
  }
  return status;
}

/* All pieces of all jobs, from the first. */
static enum trine_status run_batches(struct trine *device, struct machine *machine,
                                     struct stand_in *const *stand_ins, bool with_loads,
                                     uint32_t count, struct trine_forecast *forecasts) {
  for (uint32_t n = 0; n < count; n++) {
    struct trine_job *job = &stand_ins[n]->job;
    job->piece = (struct piece){.count = 0};
    trine_count_work(job);
    forecasts[n] = (struct trine_forecast){.limit_cycles = job->stats.limit_cycles,
                                           .macs = job->stats.macs,
                                           .steps = job->stats.steps};
    (void)trine_next_piece(job);
  }
  return count == 1
             ? run_pieces(device, machine, stand_ins[0], with_loads, &forecasts[0])
             : run_together(device, machine, stand_ins, with_loads, count, forecasts);
}

/* Beats of memory that the weights of the jobs take. */
static uint64_t load_beats(struct stand_in *const *stand_ins, uint32_t count) {
  uint64_t beats = 0;
  for (uint32_t n = 0; n < count; n++) {
    const struct trine_job *job = &stand_ins[n]->job;
    const struct trine_info *info = &job->device->info;
    for (uint32_t r = 0; r < job->placement.ranks; r++) {
      beats += (uint64_t)job->plain.weight_words[r] * info->lanes * info->macs_per_lane /
               info->mem_bytes;
    }
  }
  return beats;
}

/* What a resident job has behind it: the same batch, or a little of it. */
static enum trine_status run_before(struct trine *device, struct machine *machine,
                                    struct stand_in *const *stand_ins, uint32_t count) {
  struct trine_forecast unused[TRINE_MAX_CORES];
  uint64_t steps = 0;
  for (uint32_t n = 0; n < count; n++) {
    trine_count_work(&stand_ins[n]->job);
    steps += stand_ins[n]->job.stats.steps;
  }
  return steps <= SHORT_STEPS ? run_batches(device, machine, stand_ins,
                                            load_beats(stand_ins, count) <= SHORT_LOADS, count,
                                            unused)
                              : run_a_little(device, machine, stand_ins, count);
}

static enum trine_status run_all(struct trine *device, struct machine *machine,
                                 struct stand_in *const *stand_ins, bool is_resident,
                                 uint32_t count, struct trine_forecast *forecasts) {
  const enum trine_status status =
      is_resident ? run_before(device, machine, stand_ins, count) : TRINE_OK;
  return status == TRINE_OK
             ? run_batches(device, machine, stand_ins, !is_resident, count, forecasts)
             : status;
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
    status =
        make_stand_in(device, &jobs[n], n > 0 ? &stand_ins[n - 1]->job : NULL, &stand_ins[n]);
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
