/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * check: what a session computed, compared with the golden model, or with another session.
 *
 * A difference is one sentence with its place, got and want. On a simulated chip the batch is run
 * once more with the cores watched, and the sentence names layer, sequence, step, gate and unit of
 * the first value that left the golden model (not where copies or jobs share out the sequences).
 *
 * Threads: as a session, one at a time for each device. Pointers: never NULL, and not kept behind
 * the call, unless it is said. */
#ifndef TRINE_SESSION_CHECK_H
#define TRINE_SESSION_CHECK_H

#include "session/session.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What came of a comparison with the golden model. */
struct trine_check {
  bool exact;                    /**< no value differs */
  uint64_t values;               /**< compared: outputs, and states where they are kept */
  struct trine_error difference; /**< empty when exact */
};

/** Compares the outputs and, if there is one, state_out of a batch that was run by the session with
 * what the golden model makes of the same input and state_in, which must not be the buffers of
 * state_out. Errors: ARG, MEMORY; those of trine_golden_run.
 * @param session that has run it
 * @param batch as it was run
 * @param check set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_session_check(struct trine_session *session,
                                      const struct trine_model_batch *batch,
                                      struct trine_check *check, struct trine_error *error)
    __attribute__((warn_unused_result));

/** What came of a comparison of two sessions. */
struct trine_comparison {
  bool same;                     /**< no value differs */
  uint64_t values;               /**< compared */
  struct trine_error difference; /**< of the first output that differs: how many, and where first */
  struct trine_check checks[2];  /**< where they differ: each against the golden model */
};

/** Runs a batch of one model on two sessions and compares every value of the outputs. output,
 * more_outputs and state_out of the batch are not looked at. When they differ, each is checked.
 * Errors: those of trine_session_run and trine_session_check; ARG (sessions of two models).
 * @param a a session
 * @param b another, of the same model
 * @param batch input, lengths and state_in
 * @param comparison set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_sessions_compare(struct trine_session *a, struct trine_session *b,
                                         const struct trine_model_batch *batch,
                                         struct trine_comparison *comparison,
                                         struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
