/* SPDX-License-Identifier: Apache-2.0 */
/* spread: makes, runs and adds up the jobs of one network, see spread.h. */
#include "session/spread.h"

#include <stdlib.h>

#include "planner/spread.h"
#include "trine.h"

struct part {
  struct trine_job *job;
  void *memory; /* of job */
  struct trine_batch batch;
  struct trine_lstm_state *in, *out; /* [layer_count]: those of the batch, from a sequence on */
};

struct trine_spread {
  struct trine *device;
  const struct trine_network *network;
  uint32_t jobs;
  struct part parts[TRINE_MAX_CORES];
  struct trine_stats stats;
};

static uint32_t count_ones(uint32_t mask) {
  uint32_t ones = 0;
  for (; mask != 0; mask >>= 1) {
    ones += mask & 1;
  }
  return ones;
}

static enum trine_status make_part(struct trine *device, const struct trine_network *network,
                                   const struct trine_job_options *options, struct part *part) {
  const size_t bytes = trine_job_sizeof(device, network);
  part->memory = malloc(bytes);
  part->in = calloc(network->layer_count, sizeof *part->in);
  part->out = calloc(network->layer_count, sizeof *part->out);
  if (part->memory == NULL || part->in == NULL || part->out == NULL) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_MEMORY,
                        "there is no memory for a job of %zu bytes", bytes);
  }
  const enum trine_status status =
      trine_job_create(device, network, options, part->memory, bytes, &part->job);
  if (status != TRINE_OK) {
    part->job = NULL;
  }
  return status;
}

enum trine_status trine_spread_create(struct trine *device, const struct trine_network *network,
                                      const struct trine_job_options *options, uint32_t jobs,
                                      struct trine_spread **spread) {
  if (spread != NULL) {
    *spread = NULL;
  }
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (spread == NULL || network == NULL || options == NULL) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_ARG,
                        "jobs side by side need a network, options and a place for their handle");
  }
  if (jobs < 1 || jobs > TRINE_MAX_CORES) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_ARG,
                        "1 to %d jobs run side by side, not %u", TRINE_MAX_CORES, jobs);
  }
  if (trine_get_target(device) == NULL) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_ARG,
                        "the device is not open: trine_open comes first, and must succeed");
  }
  enum trine_status status = TRINE_OK;
  struct trine_spread *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_MEMORY, "there is no memory for %u jobs",
                        jobs);
  }
  made->device = device;
  made->network = network;
  made->jobs = jobs;
  struct trine_job_options one = *options;
  for (uint32_t n = 0; n < jobs && status == TRINE_OK; n++) {
    status = make_part(device, network, &one, &made->parts[n]);
    const uint32_t ones = count_ones(options->core_mask);
    one.core_mask = ones < 32 ? one.core_mask << ones : 0;
  }
  if (status == TRINE_OK) {
    *spread = made;
  } else {
    trine_spread_destroy(made);
  }
  return status;
}

void trine_spread_destroy(struct trine_spread *spread) {
  for (uint32_t n = 0; spread != NULL && n < spread->jobs; n++) {
    trine_job_destroy(spread->parts[n].job);
    free(spread->parts[n].memory);
    free(spread->parts[n].in);
    free(spread->parts[n].out);
  }
  free(spread);
}

/* The states of the sequences from `first` on. */
static void shift_states(const struct trine_network *network, const struct trine_lstm_state *from,
                         uint32_t first, struct trine_lstm_state *to) {
  for (uint32_t n = 0; n < network->layer_count; n++) {
    const size_t at = (size_t)first * network->layers[n].units;
    to[n] = (struct trine_lstm_state){from[n].h != NULL ? from[n].h + at : NULL,
                                      from[n].c != NULL ? from[n].c + at : NULL};
  }
}

/* Cuts the batch for the jobs; returns how many of them have work. */
static uint32_t cut(struct trine_spread *spread, const struct trine_batch *batch) {
  const uint32_t jobs = batch->sequences < spread->jobs ? batch->sequences : spread->jobs;
  uint32_t first[TRINE_MAX_CORES + 1];
  trine_cut_batch(batch->lengths, batch->sequences, jobs, first);
  for (uint32_t n = 0; n < jobs; n++) {
    struct part *part = &spread->parts[n];
    part->batch = *batch;
    part->batch.sequences = first[n + 1] - first[n];
    part->batch.lengths += first[n];
    part->batch.input += first[n] * batch->input_batch_stride;
    part->batch.output += first[n] * batch->output_batch_stride;
    if (batch->state_in != NULL) {
      shift_states(spread->network, batch->state_in, first[n], part->in);
      part->batch.state_in = part->in;
    }
    if (batch->state_out != NULL) {
      shift_states(spread->network, batch->state_out, first[n], part->out);
      part->batch.state_out = part->out;
    }
  }
  return jobs;
}

/* Adds what one job did; its ranks come behind those before it. */
static void add_part(struct trine_stats *sum, const struct trine_stats *part) {
  const uint32_t before = sum->cores;
  sum->cycles = part->cycles > sum->cycles ? part->cycles : sum->cycles;
  sum->load_cycles = part->load_cycles > sum->load_cycles ? part->load_cycles : sum->load_cycles;
  sum->macs += part->macs;
  sum->limit_cycles += part->limit_cycles;
  sum->runs += part->runs;
  sum->steps += part->steps;
  for (uint32_t rank = 0; rank < part->cores && before + rank < TRINE_MAX_CORES; rank++) {
    for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
      sum->counters[before + rank][n] = part->counters[rank][n];
    }
    sum->rank_macs[before + rank] = part->rank_macs[rank];
  }
  sum->cores += part->cores;
}

uint32_t trine_spread_cut(struct trine_spread *spread, const struct trine_batch *batch,
                          struct trine_job *jobs[TRINE_MAX_CORES],
                          const struct trine_batch *batches[TRINE_MAX_CORES]) {
  if (spread == NULL || jobs == NULL || batches == NULL) {
    return 0;
  }
  spread->stats = (struct trine_stats){.cycles = 0};
  jobs[0] = spread->parts[0].job;
  batches[0] = batch;
  /* A batch that cannot be cut is refused by the only job. */
  if (spread->jobs == 1 || batch == NULL || batch->sequences < 2 || batch->lengths == NULL) {
    return 1;
  }
  const uint32_t count = cut(spread, batch);
  for (uint32_t n = 0; n < count; n++) {
    jobs[n] = spread->parts[n].job;
    batches[n] = &spread->parts[n].batch;
  }
  return count;
}

enum trine_status trine_spread_wait(struct trine_spread *spread, uint32_t count) {
  enum trine_status status = TRINE_OK;
  if (spread == NULL) {
    return TRINE_ERR_ARG;
  }
  if (count < 1 || count > spread->jobs) {
    return trine_refuse(trine_error_of(spread->device), TRINE_ERR_ARG,
                        "there are 1 to %u jobs to wait for, not %u", spread->jobs, count);
  }
  for (uint32_t n = 0; n < count; n++) {
    const enum trine_status one = trine_job_wait(spread->parts[n].job);
    status = one != TRINE_OK ? one : status;
    add_part(&spread->stats, trine_job_stats(spread->parts[n].job));
  }
  spread->stats.limit_cycles = (spread->stats.limit_cycles + count - 1) / count;
  return status;
}

enum trine_status trine_spread_run(struct trine_spread *spread, const struct trine_batch *batch) {
  struct trine_job *jobs[TRINE_MAX_CORES];
  const struct trine_batch *batches[TRINE_MAX_CORES];
  if (spread == NULL) {
    return TRINE_ERR_ARG;
  }
  const uint32_t count = trine_spread_cut(spread, batch, jobs, batches);
  const enum trine_status status = trine_jobs_start(jobs, batches, count);
  return status == TRINE_OK ? trine_spread_wait(spread, count) : status;
}

const struct trine_stats *trine_spread_stats(const struct trine_spread *spread) {
  return spread != NULL ? &spread->stats : NULL;
}

const struct trine_placement *trine_spread_placement(const struct trine_spread *spread) {
  return spread != NULL ? trine_job_placement(spread->parts[0].job) : NULL;
}

uint32_t trine_spread_core_mask(const struct trine_spread *spread) {
  uint32_t mask = 0;
  for (uint32_t n = 0; spread != NULL && n < spread->jobs; n++) {
    mask |= trine_job_core_mask(spread->parts[n].job);
  }
  return mask;
}
