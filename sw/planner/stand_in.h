/* SPDX-License-Identifier: Apache-2.0 */
/* stand_in: a job that exists only for a forecast: the driver lays it out, checks its batch and
 * makes its programs as it does for a job on the device. */
#ifndef TRINE_PLANNER_STAND_IN_H
#define TRINE_PLANNER_STAND_IN_H

#include "forecast.h"
#include "steady.h"
#include "trine_internal.h"

/* A device of the same parameters whose memory forgets, and a job on it. */
struct stand_in {
  struct trine device;
  struct trine_job job;
  struct trine_batch batch;
  struct trine_lstm_state states[TRINE_MAX_LAYERS];
  bool is_resident; /* contexts and channels are set up */
};

/* On success and on failure *made is the caller's, to be given to stand_in_free. before: NULL, or
 * the job whose window is there already. The device's last error is set. Errors: those of
 * trine_forecast. */
enum trine_status stand_in_make(struct trine *device, const struct trine_forecast_job *what,
                                struct trine_job *before, struct stand_in **made);
void stand_in_free(struct stand_in *stand_in);

/* Makes the program of each job's piece; their hash. */
enum trine_status stand_ins_program(struct trine *device, struct stand_in *const *stand_ins,
                                    bool with_loads, uint32_t count, struct state_hash *hash);

/* Beats of memory that the weights of the jobs take. */
uint64_t stand_ins_load_beats(struct stand_in *const *stand_ins, uint32_t count);

#endif
