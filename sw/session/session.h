/* SPDX-License-Identifier: Apache-2.0 */
/* session: a model made resident on a device, or on the golden model, and run again and again.
 *
 * Weights are loaded once, when the first batch runs. Any number of streams takes turns: each
 * brings its state (session/states.h) and takes it with it. One thread at a time for each device
 * and its sessions; the model and the device must outlive the session.
 *
 * Every function looks at what it is given and refuses it with a sentence: NULL where something is
 * needed, sizes and ranges, states that are not those of the model. What it cannot see is the
 * caller's to keep: a pointer that is not NULL leads to what the batch says, and a session that
 * was closed is not used again. */
#ifndef TRINE_SESSION_H
#define TRINE_SESSION_H

#include "planner/planner.h"
#include "session/states.h"
#include "trine.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_session;

/* All zero: single, the lowest free core. With plan_for, which is only read while the session is
 * opened, the planner chooses mode and placement of each network, those with the fewest predicted
 * cycles for such batches on `cores` cores: sequences may be spread over groups of cores and over
 * several jobs (session/spread.h); core_mask is not looked at then. */
struct trine_session_options {
  enum trine_mode mode;
  uint32_t cores;                          /* 0: 1 in single, else all */
  uint32_t core_mask;                      /* 0: chosen by the driver */
  const struct trine_plan_batch *plan_for; /* NULL: placed by mode */
};

/* Opens a session. model and session are needed; options may be NULL: mode is one of
 * enum trine_mode, cores at most TRINE_MAX_CORES, plan_for has 1 sequence or more and their
 * lengths. device, which is open, NULL: the golden model computes. On success *session
 * is the caller's, to be given to trine_session_close. Errors: those of trine_place,
 * trine_plan_spread and trine_spread_create; ARG, MEMORY. *session is NULL then. */
enum trine_status trine_session_open(const struct trine_model *model, struct trine *device,
                                     const struct trine_session_options *options,
                                     struct trine_session **session, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Gives cores and memory back; NULL is allowed. */
void trine_session_close(struct trine_session *session);

/* Runs a batch; see struct trine_model_batch for its shapes and states; it is checked
 * (trine_model_check_batch) before anything is made for it. When it fails, state_out is as it was.
 * Errors: those of trine_model_run; ARG without a session. */
enum trine_model_status trine_session_run(struct trine_session *session,
                                          const struct trine_model_batch *batch,
                                          struct trine_error *error)
    __attribute__((warn_unused_result));

/* Runs the next `steps` (>= 1) steps of one stream from its state (of one sequence), which then is
 * that after them: input [steps][width], output [steps][width] of the model's output type, or one
 * row when the model answers once a sequence. How a stream is cut into calls does not change a bit
 * of it, unless the model reads backwards. The state is one of this model (ARG). */
enum trine_model_status trine_session_step(struct trine_session *session,
                                           struct trine_states *stream, uint32_t steps,
                                           const int8_t *input, void *output,
                                           struct trine_error *error)
    __attribute__((warn_unused_result));

/* Of the last run, summed over the model's networks; zero on the golden model, NULL without a
 * session.
 */
const struct trine_stats *trine_session_stats(const struct trine_session *session);

/* Adds the figures of a run to a sum; nothing when one of them is NULL. */
void trine_stats_add(struct trine_stats *sum, const struct trine_stats *part);

#ifdef __cplusplus
}
#endif

#endif
