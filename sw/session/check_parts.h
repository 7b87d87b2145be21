/* SPDX-License-Identifier: Apache-2.0 */
/* check_parts: what the files of session/check.h share: outputs in buffers of their own. */
#ifndef TRINE_SESSION_CHECK_PARTS_H
#define TRINE_SESSION_CHECK_PARTS_H

#include "session/check.h"
#include "session/session_parts.h"

/* A buffer for each output of a model. */
struct check_outputs {
  void **data;      /* [count] */
  uint64_t *values; /* [count] of each */
  uint32_t count;
};

/* To be given to check_outputs_free also after a failure. Errors: MEMORY. */
enum trine_status check_outputs_make(const struct trine_model *model, uint32_t sequences,
                                     uint32_t steps, struct check_outputs *outputs,
                                     struct trine_error *error) __attribute__((warn_unused_result));
void check_outputs_free(struct check_outputs *outputs);

/* The same batch with its outputs there, and these states. */
struct trine_model_batch check_outputs_batch(const struct trine_model_batch *batch,
                                             const struct check_outputs *outputs,
                                             const struct trine_lstm_state *state_out);

/* The buffer of an output of a batch. */
const void *check_output_of(const struct trine_model_batch *batch, uint32_t index);

/* Says where a batch of a session first left the golden model, if its cores can be watched; else
 * the sentence stays. */
void check_explain(struct trine_session *session, const struct trine_model_batch *batch,
                   struct trine_error *difference);

#endif
