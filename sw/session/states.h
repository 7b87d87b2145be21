/* SPDX-License-Identifier: Apache-2.0 */
/* states: what the LSTMs of a model remember of each sequence, as an object of the caller's.
 *
 * A struct trine_states holds h (int8 [B][units]) and c (int16 [B][units]) of every LSTM of a model
 * for B sequences; with B = 1 it is the state of one stream. It does not depend on the device, the
 * mode or the number of cores: a stream may go on anywhere, and a file holds all there is. Made
 * states are those of a sequence that has not begun (h = z_h, c = 0).
 *
 * Every function looks at what it is given: ARG with a sentence for NULL where something is needed,
 * for states that were not made, and for a sequence they do not have. That their fields are as they
 * were made is the caller's to keep; sequences may be made less. */
#ifndef TRINE_STATES_H
#define TRINE_STATES_H

#include <stdbool.h>

#include "io/array.h"
#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_states {
  uint32_t sequences;            /* B */
  uint32_t lstm_count;           /* in the file's order */
  uint32_t *units;               /* [lstm_count] */
  int8_t *start;                 /* [lstm_count] h of a sequence that has not begun */
  struct trine_lstm_state *lstm; /* [lstm_count], for struct trine_model_batch */
};

/* Makes the states of `sequences` (>= 1) sequences of a model; *states is the caller's, to be given
 * to trine_states_free also after a failure. Errors: ARG, MEMORY. */
enum trine_status trine_states_make(const struct trine_model *model, uint32_t sequences,
                                    struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));
/* NULL, and states that are all zero, are allowed. */
void trine_states_free(struct trine_states *states);

/* Puts sequence `at` (< sequences) back to its beginning. Errors: ARG. */
enum trine_status trine_states_reset(struct trine_states *states, uint32_t at,
                                     struct trine_error *error) __attribute__((warn_unused_result));

/* Makes sequence to_at of `to` what sequence from_at of `from` is: so a stream is forked, and moved
 * to another place of a batch. Both are of the same model: ARG for LSTMs of other widths, or a
 * sequence that is not there; nothing is changed then. */
enum trine_status trine_states_copy(struct trine_states *to, uint32_t to_at,
                                    const struct trine_states *from, uint32_t from_at,
                                    struct trine_error *error) __attribute__((warn_unused_result));

/* Whether sequence `at` is as it was made: nothing of it has run. False for one that
 * is not there. */
bool trine_states_fresh(const struct trine_states *states, uint32_t at);

/* Files: .npz with h0, c0, h1, c1, ... of [B,units]. Loading wants the same model and B and changes
 * nothing when it fails; reading makes states of as many sequences as the file has (1..65536),
 * which are the caller's as those of trine_states_make. Errors: those of io/npz.h; FORMAT names
 * array, type and shape; ARG also where there is no LSTM; MEMORY. */
enum trine_status trine_states_load(const char *path, struct trine_states *states,
                                    struct trine_error *error) __attribute__((warn_unused_result));
enum trine_status trine_states_read(const char *path, const struct trine_model *model,
                                    struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));
enum trine_status trine_states_save(const char *path, const struct trine_states *states,
                                    struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
