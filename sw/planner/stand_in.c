/* SPDX-License-Identifier: Apache-2.0 */
/* stand_in: see stand_in.h. */
#include "stand_in.h"

#include <stdlib.h>
#include <string.h>

static int forget_write(void *context, uint64_t address, const void *data, size_t bytes) {
  (void)context;
  (void)address;
  (void)data;
  (void)bytes;
  return TRINE_OK;
}

void stand_in_free(struct stand_in *stand_in) {
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
enum trine_status stand_in_make(struct trine *device, const struct trine_forecast_job *what,
                                struct trine_job *before, struct stand_in **made) {
  static const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE};
  struct stand_in *stand_in = calloc(1, sizeof *stand_in);
  *made = stand_in;
  if (stand_in == NULL) {
    return trine_fail(device, TRINE_ERR_MEMORY,
                      "there is no memory for the %zu bytes of a forecast", sizeof *stand_in);
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
  return job->words != NULL && job->copy_of != NULL
             ? TRINE_OK
             : trine_fail(device, TRINE_ERR_MEMORY,
                          "there is no memory for the program of a forecast, %u bytes",
                          job->program_bytes);
}

enum trine_status stand_ins_program(struct trine *device, struct stand_in *const *stand_ins,
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

uint64_t stand_ins_load_beats(struct stand_in *const *stand_ins, uint32_t count) {
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
