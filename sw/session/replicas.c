/* SPDX-License-Identifier: Apache-2.0 */
/* replicas: makes, runs and adds up the jobs of one network, see replicas.h. */
#include "session/replicas.h"

#include <stdlib.h>

#include "planner/replica_plan.h"
#include "trine.h"

struct replica {
  struct trine_job *job;
  void *memory; /* of job */
  struct trine_batch batch;
  struct trine_lstm_state *in, *out; /* [layer_count]: those of the batch, from a sequence on */
};

struct trine_replicas {
  struct trine *device;
  const struct trine_network *network;
  uint32_t jobs;
  struct replica replica[TRINE_MAX_CORES];
  struct trine_stats stats;
};

static uint32_t count_ones(uint32_t mask) {
  uint32_t ones = 0;
  for (; mask != 0; mask >>= 1) {
    ones += mask & 1;
  }
  return ones;
}

static enum trine_status make_replica(struct trine *device, const struct trine_network *network,
                                      const struct trine_job_options *options,
                                      struct replica *replica) {
  const size_t bytes = trine_job_sizeof(device, network);
  replica->memory = malloc(bytes);
  replica->in = calloc(network->layer_count, sizeof *replica->in);
  replica->out = calloc(network->layer_count, sizeof *replica->out);
  if (replica->memory == NULL || replica->in == NULL || replica->out == NULL) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_MEMORY,
                        "there is no memory for a job of %zu bytes", bytes);
  }
  const enum trine_status status =
      trine_job_create(device, network, options, replica->memory, bytes, &replica->job);
  if (status != TRINE_OK) {
    replica->job = NULL;
  }
  return status;
}

enum trine_status trine_replicas_create(struct trine *device, const struct trine_network *network,
                                        const struct trine_job_options *options, uint32_t jobs,
                                        struct trine_replicas **replicas) {
  if (replicas != NULL) {
    *replicas = NULL;
  }
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (replicas == NULL || network == NULL || options == NULL) {
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
  struct trine_replicas *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return trine_refuse(trine_error_of(device), TRINE_ERR_MEMORY, "there is no memory for %u jobs",
                        jobs);
  }
  made->device = device;
  made->network = network;
  made->jobs = jobs;
  struct trine_job_options one = *options;
  for (uint32_t n = 0; n < jobs && status == TRINE_OK; n++) {
    status = make_replica(device, network, &one, &made->replica[n]);
    const uint32_t ones = count_ones(options->core_mask);
    one.core_mask = ones < 32 ? one.core_mask << ones : 0;
  }
  if (status == TRINE_OK) {
    *replicas = made;
  } else {
    trine_replicas_destroy(made);
  }
  return status;
}

void trine_replicas_destroy(struct trine_replicas *replicas) {
  for (uint32_t n = 0; replicas != NULL && n < replicas->jobs; n++) {
    trine_job_destroy(replicas->replica[n].job);
    free(replicas->replica[n].memory);
    free(replicas->replica[n].in);
    free(replicas->replica[n].out);
  }
  free(replicas);
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
static uint32_t cut(struct trine_replicas *replicas, const struct trine_batch *batch) {
  const uint32_t jobs = batch->sequences < replicas->jobs ? batch->sequences : replicas->jobs;
  uint32_t first[TRINE_MAX_CORES + 1];
  trine_cut_batch(batch->lengths, batch->sequences, jobs, first);
  for (uint32_t n = 0; n < jobs; n++) {
    struct replica *replica = &replicas->replica[n];
    replica->batch = *batch;
    replica->batch.sequences = first[n + 1] - first[n];
    replica->batch.lengths += first[n];
    replica->batch.input += first[n] * batch->input_batch_stride;
    replica->batch.output += first[n] * batch->output_batch_stride;
    if (batch->state_in != NULL) {
      shift_states(replicas->network, batch->state_in, first[n], replica->in);
      replica->batch.state_in = replica->in;
    }
    if (batch->state_out != NULL) {
      shift_states(replicas->network, batch->state_out, first[n], replica->out);
      replica->batch.state_out = replica->out;
    }
  }
  return jobs;
}

/* Adds what one job did; its ranks come behind those before it. */
static void add_replica(struct trine_stats *sum, const struct trine_stats *replica) {
  const uint32_t before = sum->cores;
  sum->cycles = replica->cycles > sum->cycles ? replica->cycles : sum->cycles;
  sum->load_cycles =
      replica->load_cycles > sum->load_cycles ? replica->load_cycles : sum->load_cycles;
  sum->macs += replica->macs;
  sum->limit_cycles += replica->limit_cycles;
  sum->runs += replica->runs;
  sum->steps += replica->steps;
  for (uint32_t rank = 0; rank < replica->cores && before + rank < TRINE_MAX_CORES; rank++) {
    for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
      sum->counters[before + rank][n] = replica->counters[rank][n];
    }
    sum->rank_macs[before + rank] = replica->rank_macs[rank];
  }
  sum->cores += replica->cores;
}

uint32_t trine_replicas_cut(struct trine_replicas *replicas, const struct trine_batch *batch,
                            struct trine_job *jobs[TRINE_MAX_CORES],
                            const struct trine_batch *batches[TRINE_MAX_CORES]) {
  if (replicas == NULL || jobs == NULL || batches == NULL) {
    return 0;
  }
  replicas->stats = (struct trine_stats){.cycles = 0};
  jobs[0] = replicas->replica[0].job;
  batches[0] = batch;
  /* A batch that cannot be cut is refused by the only job. */
  if (replicas->jobs == 1 || batch == NULL || batch->sequences < 2 || batch->lengths == NULL) {
    return 1;
  }
  const uint32_t count = cut(replicas, batch);
  for (uint32_t n = 0; n < count; n++) {
    jobs[n] = replicas->replica[n].job;
    batches[n] = &replicas->replica[n].batch;
  }
  return count;
}

enum trine_status trine_replicas_wait(struct trine_replicas *replicas, uint32_t count) {
  enum trine_status status = TRINE_OK;
  if (replicas == NULL) {
    return TRINE_ERR_ARG;
  }
  if (count < 1 || count > replicas->jobs) {
    return trine_refuse(trine_error_of(replicas->device), TRINE_ERR_ARG,
                        "there are 1 to %u jobs to wait for, not %u", replicas->jobs, count);
  }
  for (uint32_t n = 0; n < count; n++) {
    const enum trine_status one = trine_job_wait(replicas->replica[n].job);
    status = one != TRINE_OK ? one : status;
    add_replica(&replicas->stats, trine_job_stats(replicas->replica[n].job));
  }
  replicas->stats.limit_cycles = (replicas->stats.limit_cycles + count - 1) / count;
  return status;
}

enum trine_status trine_replicas_run(struct trine_replicas *replicas,
                                     const struct trine_batch *batch) {
  struct trine_job *jobs[TRINE_MAX_CORES];
  const struct trine_batch *batches[TRINE_MAX_CORES];
  if (replicas == NULL) {
    return TRINE_ERR_ARG;
  }
  const uint32_t count = trine_replicas_cut(replicas, batch, jobs, batches);
  const enum trine_status status = trine_jobs_start(jobs, batches, count);
  return status == TRINE_OK ? trine_replicas_wait(replicas, count) : status;
}

const struct trine_stats *trine_replicas_stats(const struct trine_replicas *replicas) {
  return replicas != NULL ? &replicas->stats : NULL;
}

const struct trine_placement *trine_replicas_placement(const struct trine_replicas *replicas) {
  return replicas != NULL ? trine_job_placement(replicas->replica[0].job) : NULL;
}

uint32_t trine_replicas_core_mask(const struct trine_replicas *replicas) {
  uint32_t mask = 0;
  for (uint32_t n = 0; replicas != NULL && n < replicas->jobs; n++) {
    mask |= trine_job_core_mask(replicas->replica[n].job);
  }
  return mask;
}
