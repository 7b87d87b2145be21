/* SPDX-License-Identifier: Apache-2.0 */
/* forecast: has the driver make the programs of a job that exists only here, and the model of the
 * accelerator execute them. */
#include "forecast.h"

#include <stdlib.h>
#include <string.h>

#include "program/format.h"
#include "stand_in.h"

_Static_assert((int)TRINE_FORECAST_QUEUE <= (int)MODEL_QUEUE, "words of a queue have a place");

enum {
  STEPS_BEFORE = 4,   /* of each sequence of the run before a resident one */
  SHORT_STEPS = 4096, /* a batch of no more runs whole before it: whose turn it is comes of that */
  SHORT_LOADS = 16384 /* and with its weights, if they are not more beats than this */
};

/* START or REPEAT of a job from that of the one before it on: the driver clears its interrupt and
 * writes CONTROL, one job behind the other (trine_runs_start). */
static uint64_t start_gap(const struct machine *machine, const struct stand_in *stand_in) {
  return LATENCY_WRITE + (stand_in->repeats ? LATENCY_REPEAT : LATENCY_START + machine->core_count);
}

/* START, or REPEAT, of a job with the program it has, on cores from `first` on. */
static void start_job(struct machine *machine, const struct stand_in *stand_in, uint32_t d,
                      uint32_t first, uint64_t start) {
  const struct trine_image *image = stand_in->image;
  struct domain *domain = &machine->domains[d];
  *domain = (struct domain){.start = start - 1, .leader = first};
  for (uint32_t r = 0; r < image->ranks; r++) {
    struct core *core = &machine->cores[first + r];
    core->is_used = true;
    core->domain = d;
    core->wake = start;
    core->wiped_from = stand_in->is_fresh ? start + 1 : 0;
    domain->cores |= 1u << (first + r);
  }
  thread_start(machine, first,
               (struct thread){.start = start,
                               .stage = stand_in->repeats ? STAGE_AGAIN : STAGE_START,
                               .list = stand_in->words + TRINE_WORDS_HEAD,
                               .words = trine_field(stand_in->words, TRINE_FIELD_HEAD_WORDS),
                               .resident = stand_in->is_resident});
}

static void add_up(const struct domain *domain, struct trine_forecast *forecast) {
  const uint64_t cycles = domain->finished - domain->loads;
  const bool fits = cycles < TRINE_NO_FORECAST - forecast->cycles;
  forecast->cycles = fits ? forecast->cycles + cycles : TRINE_NO_FORECAST;
  forecast->load_cycles += domain->loads;
  forecast->runs++;
}

/* One device run of all jobs, each with the program it has. */
static enum trine_status run_programs(struct machine *machine, struct stand_in *const *stand_ins,
                                      uint32_t count, struct trine_error *error) {
  uint64_t start = machine->now;
  uint32_t first = 0;
  for (uint32_t n = 0; n < count; n++) {
    start += n > 0 ? start_gap(machine, stand_ins[n]) : 0;
    start_job(machine, stand_ins[n], n, first, start);
    stand_ins[n]->is_resident = true;
    stand_ins[n]->repeats = false;
    first += stand_ins[n]->image->ranks;
  }
  switch (machine_run(machine)) {
    case MACHINE_DONE:
      return TRINE_OK;
    case MACHINE_TOO_LONG:
      return trine_refuse(error, TRINE_ERR_TIMEOUT,
                          "no forecast: the run does not repeat itself in %llu cycles",
                          (unsigned long long)MODEL_RUN_CYCLES);
    default:
      return trine_refuse(error, TRINE_ERR_TIMEOUT,
                          "no forecast: the planner's model of the device stands still");
  }
}

/* The run before of a long resident job: a few steps of as many sequences as it has copies. */
static enum trine_status run_a_little(struct machine *machine, struct stand_in *const *stand_ins,
                                      uint32_t count, struct trine_error *error) {
  uint32_t lengths[TRINE_MAX_CORES][TRINE_MAX_COPIES];
  struct trine_batch whole[TRINE_MAX_CORES];
  for (uint32_t n = 0; n < count; n++) {
    struct stand_in *stand_in = stand_ins[n];
    const uint32_t copies = stand_in->image->copies;
    struct trine_batch *batch = &stand_in->batch;
    whole[n] = *batch;
    batch->sequences = batch->sequences < copies ? batch->sequences : copies;
    for (uint32_t s = 0; s < batch->sequences; s++) {
      lengths[n][s] = batch->lengths[s] < STEPS_BEFORE ? batch->lengths[s] : STEPS_BEFORE;
    }
    batch->lengths = lengths[n];
    stand_in_begin(stand_in);
  }
  struct state_hash hash;
  enum trine_status status = stand_ins_program(stand_ins, false, count, &hash, error);
  if (status == TRINE_OK) {
    status = run_programs(machine, stand_ins, count, error);
  }
  for (uint32_t n = 0; n < count; n++) {
    stand_ins[n]->batch = whole[n];
  }
  return status;
}

enum { CHUNKS_KEPT = 8 }; /* more than a ring has slots: chunks shift the slots by their rows */

/* A chunk that was simulated: from the same state, the same program takes the same cycles and
 * leaves the same state. */
struct done_chunk {
  struct state_hash program, before, after;
  struct domain domain;    /* with its cycles */
  struct machine *machine; /* as it was then; NULL: none */
};

struct chunks {
  struct done_chunk done[CHUNKS_KEPT]; /* a ring */
  uint32_t next;
  const struct done_chunk *at; /* whose state the run is in; NULL: the machine's own */
};

static const struct done_chunk *find_chunk(const struct chunks *chunks,
                                           const struct state_hash *program,
                                           const struct state_hash *before) {
  for (uint32_t n = 0; n < CHUNKS_KEPT; n++) {
    const struct done_chunk *chunk = &chunks->done[n];
    if (chunk->machine != NULL && hash_is(&chunk->program, program) &&
        hash_is(&chunk->before, before)) {
      return chunk;
    }
  }
  return NULL;
}

static void keep_chunk(struct chunks *chunks, const struct machine *machine,
                       const struct state_hash *program, const struct state_hash *before) {
  struct done_chunk *chunk = &chunks->done[chunks->next];
  struct machine *copy = chunk->machine != NULL ? chunk->machine : malloc(sizeof *copy);
  if (copy != NULL) {
    *copy = *machine;
    *chunk = (struct done_chunk){*program, *before, machine_rest_hash(machine), machine->domains[0],
                                 copy};
    chunks->next = (chunks->next + 1) % CHUNKS_KEPT;
  }
}

/* Brings the machine where the run is. */
static void take_state(struct machine *machine, struct chunks *chunks) {
  if (chunks->at != NULL) {
    const uint64_t cycles_left = machine->cycles_left;
    *machine = *chunks->at->machine;
    machine->cycles_left = cycles_left;
    chunks->at = NULL;
  }
}

/* Simulates a chunk from the state the run is in. */
static enum trine_status run_chunk(struct machine *machine, struct stand_in *stand_in,
                                   struct chunks *chunks, const struct state_hash *program,
                                   const struct state_hash *before, struct trine_error *error) {
  take_state(machine, chunks);
  const enum trine_status status = run_programs(machine, &stand_in, 1, error);
  if (status == TRINE_OK) {
    keep_chunk(chunks, machine, program, before);
  }
  return status;
}

/* Chunks of one sequence, neither its first nor its last, have the same program. */
static bool is_alike(const struct trine_chunk *a, const struct trine_chunk *b) {
  return a->is_cut && b->is_cut && !a->is_first && !b->is_first && !a->is_last && !b->is_last &&
         a->steps == b->steps;
}

/* The chunks of a batch of one job. Bound: a round a chunk, and a sequence has a step or more in
 * each of its own; of chunks that repeat only the first are simulated. */
static enum trine_status run_chunks(struct machine *machine, struct stand_in *stand_in,
                                    bool with_loads, struct trine_forecast *forecast,
                                    struct trine_error *error) {
  struct chunks chunks = {.next = 0};
  struct trine_chunk last = {.count = 0};
  struct state_hash program = {0, 0};
  enum trine_status status = TRINE_OK;
  do {
    const struct state_hash before =
        chunks.at != NULL ? chunks.at->after : machine_rest_hash(machine);
    if (!is_alike(&last, &stand_in->cut.chunk)) {
      status = stand_ins_program(&stand_in, with_loads, 1, &program, error);
    }
    last = stand_in->cut.chunk;
    const struct done_chunk *known =
        machine->is_walked ? NULL : find_chunk(&chunks, &program, &before);
    if (status == TRINE_OK && known == NULL) {
      status = run_chunk(machine, stand_in, &chunks, &program, &before, error);
    }
    if (status == TRINE_OK) {
      add_up(known != NULL ? &known->domain : &machine->domains[0], forecast);
      chunks.at = known != NULL ? known : chunks.at;
    }
    with_loads = false;
  } while (status == TRINE_OK && trine_cut_next(&stand_in->cut));
  take_state(machine, &chunks);
  for (uint32_t n = 0; n < CHUNKS_KEPT; n++) {
    free(chunks.done[n].machine);
  }
  return status;
}

/* Several jobs, which have one chunk each. */
static enum trine_status run_together(struct machine *machine, struct stand_in *const *stand_ins,
                                      bool with_loads, uint32_t count,
                                      struct trine_forecast *forecasts, struct trine_error *error) {
  struct state_hash hash;
  enum trine_status status = stand_ins_program(stand_ins, with_loads, count, &hash, error);
  if (status == TRINE_OK) {
    status = run_programs(machine, stand_ins, count, error);
  }
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    add_up(&machine->domains[n], &forecasts[n]);
    if (trine_cut_next(&stand_ins[n]->cut)) {
      status =
          trine_refuse(error, TRINE_ERR_TIMEOUT,
                       "no forecast: the batch of job %u of %u needs more than one run", n, count);
    }
  }
  return status;
}

/* What a forecast knows before anything is simulated. */
static struct trine_forecast work_of(const struct stand_in *stand_in) {
  const struct trine_work work = trine_batch_work(stand_in->image, &stand_in->batch);
  return (struct trine_forecast){
      .limit_cycles = work.limit_cycles, .macs = work.macs, .steps = work.steps};
}

/* All chunks of all jobs, from the first. */
static enum trine_status run_batches(struct machine *machine, struct stand_in *const *stand_ins,
                                     bool with_loads, uint32_t count,
                                     struct trine_forecast *forecasts, struct trine_error *error) {
  for (uint32_t n = 0; n < count; n++) {
    forecasts[n] = work_of(stand_ins[n]);
    stand_in_begin(stand_ins[n]);
  }
  return count == 1 ? run_chunks(machine, stand_ins[0], with_loads, &forecasts[0], error)
                    : run_together(machine, stand_ins, with_loads, count, forecasts, error);
}

/* What a resident job has behind it: the same batch, or a little of it. */
static enum trine_status run_before(struct machine *machine, struct stand_in *const *stand_ins,
                                    uint32_t count, struct trine_error *error) {
  struct trine_forecast unused[TRINE_MAX_CORES];
  uint64_t steps = 0;
  for (uint32_t n = 0; n < count; n++) {
    steps += work_of(stand_ins[n]).steps;
  }
  return steps <= SHORT_STEPS ? run_batches(machine, stand_ins,
                                            stand_ins_load_beats(stand_ins, count) <= SHORT_LOADS,
                                            count, unused, error)
                              : run_a_little(machine, stand_ins, count, error);
}

/* The batch of each job, resident, once more: a REPEAT where the driver does one. */
static enum trine_status run_again(struct machine *machine, struct stand_in *const *stand_ins,
                                   uint32_t count, struct trine_forecast *forecasts,
                                   struct trine_error *error) {
  struct state_hash hash;
  bool repeats = false;
  for (uint32_t n = 0; n < count; n++) {
    stand_ins[n]->repeats = stand_in_can_repeat(stand_ins[n]);
    repeats = repeats || stand_ins[n]->repeats;
  }
  if (!repeats) {
    return run_batches(machine, stand_ins, false, count, forecasts, error);
  }
  for (uint32_t n = 0; n < count; n++) {
    forecasts[n] = work_of(stand_ins[n]);
    stand_in_begin(stand_ins[n]);
  }
  enum trine_status status = stand_ins_program(stand_ins, false, count, &hash, error);
  if (status == TRINE_OK) {
    status = run_programs(machine, stand_ins, count, error);
  }
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    add_up(&machine->domains[n], &forecasts[n]);
  }
  return status;
}

static enum trine_status run_all(struct machine *machine, struct stand_in *const *stand_ins,
                                 const struct trine_plan_batch *batch, uint32_t count,
                                 struct trine_forecast *forecasts, struct trine_error *error) {
  const bool is_resident = batch->is_resident || batch->is_repeated;
  const uint32_t queue_words = stand_ins[0]->target->info.queue_words;
  if (queue_words > TRINE_FORECAST_QUEUE) {
    return trine_refuse(
        error, TRINE_ERR_TIMEOUT,
        "no forecast: the device's queues have %u words; the planner models up to %d", queue_words,
        TRINE_FORECAST_QUEUE);
  }
  enum trine_status status = is_resident ? run_before(machine, stand_ins, count, error) : TRINE_OK;
  if (status == TRINE_OK) {
    status = run_batches(machine, stand_ins, !is_resident, count, forecasts, error);
  }
  return status == TRINE_OK && batch->is_repeated
             ? run_again(machine, stand_ins, count, forecasts, error)
             : status;
}

enum trine_status trine_forecast_within(const struct trine_target *target,
                                        const struct trine_forecast_job *jobs, uint32_t count,
                                        struct trine_forecast_effort *effort,
                                        struct trine_forecast *forecasts,
                                        struct trine_error *error) {
  if (target == NULL) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "a forecast needs a target; of a device that is not open there is none");
  }
  for (uint32_t n = 0; jobs != NULL && n < count && n < TRINE_MAX_CORES; n++) {
    if (jobs[n].network == NULL || jobs[n].placement == NULL || jobs[n].batch == NULL) {
      return trine_refuse(error, TRINE_ERR_ARG,
                          "job %u of a forecast needs a network, a placement and a batch", n);
    }
  }
  if (jobs == NULL || forecasts == NULL || count < 1 || count > TRINE_MAX_CORES) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "a forecast of %u jobs was asked for; 1 to %d with a place for what is "
                        "forecast are possible",
                        count, (int)TRINE_MAX_CORES);
  }
  struct stand_in *stand_ins[TRINE_MAX_CORES] = {NULL};
  uint64_t free_bytes = target->free_bytes;
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    status = stand_in_make(target, &jobs[n], &free_bytes, &stand_ins[n], error);
  }
  struct machine *machine = machine_make(&target->info);
  if (status == TRINE_OK && machine == NULL) {
    status = trine_refuse(error, TRINE_ERR_MEMORY,
                          "there is no memory for the %zu bytes of the planner's model",
                          sizeof *machine);
  } else if (status == TRINE_OK) {
    machine->cycles_left =
        effort->cycles_left < MODEL_RUN_CYCLES ? effort->cycles_left : MODEL_RUN_CYCLES;
    machine->is_walked = effort->is_walked;
    effort->cycles_left -= machine->cycles_left;
    status = run_all(machine, stand_ins, jobs[0].batch, count, forecasts, error);
    effort->cycles_left += machine->cycles_left;
  }
  if (status == TRINE_ERR_TIMEOUT) { /* the batch runs, but nobody can say how long */
    for (uint32_t n = 0; n < count; n++) {
      forecasts[n] = work_of(stand_ins[n]);
      forecasts[n].cycles = TRINE_NO_FORECAST;
    }
    status = TRINE_OK;
  }
  machine_free(machine);
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    forecasts[n].program_bytes = 4 * stand_ins[n]->word_count;
  }
  for (uint32_t n = 0; n < count; n++) {
    stand_in_free(stand_ins[n]);
  }
  return status;
}

enum trine_status trine_forecast_together(const struct trine_target *target,
                                          const struct trine_forecast_job *jobs, uint32_t count,
                                          struct trine_forecast *forecasts,
                                          struct trine_error *error) {
  struct trine_forecast_effort effort = {.cycles_left = MODEL_RUN_CYCLES};
  return trine_forecast_within(target, jobs, count, &effort, forecasts, error);
}

enum trine_status trine_forecast(const struct trine_target *target,
                                 const struct trine_network *network,
                                 const struct trine_placement *placement,
                                 const struct trine_plan_batch *batch,
                                 struct trine_forecast *forecast, struct trine_error *error) {
  const struct trine_forecast_job job = {network, placement, batch};
  return trine_forecast_together(target, &job, 1, forecast, error);
}
