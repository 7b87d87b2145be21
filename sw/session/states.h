/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * states: what the LSTMs of a model remember of each sequence, as an object of the caller's.
 *
 * A struct trine_states holds h (int8 [B][units]) and c (int16 [B][units]) of every LSTM of a model
 * for B sequences; with B = 1 it is the state of one stream. It does not depend on the device, the
 * mode or the number of cores: a stream may go on anywhere, and a file holds all there is. Made
 * states are those of a sequence that has not begun (h = z_h, c = 0).
 *
 * Every function looks at what it is given: ARG with a sentence for NULL where something is needed,
 * for states that were not made, and for a sequence they do not have. That their fields are as they
 * were made is the caller's to keep; sequences may be made less.
 *
 * Threads: one at a time for states that are written; any number may read them. Pointers: as the
 * last paragraph says; nothing is kept behind a call. */
#ifndef TRINE_STATES_H
#define TRINE_STATES_H

#include <stdbool.h>

#include "io/array.h"
#include "model/model.h"
#include "trine_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/** States of B sequences; all zero: none. */
struct trine_states {
  uint32_t sequences;            /**< B */
  uint32_t lstm_count;           /**< in the file's order */
  uint32_t *units;               /**< [lstm_count] */
  int8_t *start;                 /**< [lstm_count] h of a sequence that has not begun */
  struct trine_lstm_state *lstm; /**< [lstm_count], for struct trine_model_batch */
};

/** Makes the states of `sequences` (>= 1) sequences of a model; *states is the caller's, to be
 * given to trine_states_free also after a failure. Errors: ARG, MEMORY.
 * @param model whose LSTMs they are of
 * @param sequences B
 * @param states set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_states_make(const struct trine_model *model, uint32_t sequences,
                                    struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));
/** The same of an image, whose LSTMs are in the order of its layers, which is the file's.
 * @param image that is valid
 * @param sequences B
 * @param states set
 * @param error the sentence, or NULL
 * @return as of trine_states_make */
enum trine_status trine_states_make_image(const struct trine_image *image, uint32_t sequences,
                                          struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));
/** NULL, and states that are all zero, are allowed.
 * Frees what trine_states_make or trine_states_read has made.
 * @param states made, all zero, or NULL */
void trine_states_free(struct trine_states *states);

/** Puts sequence `at` (< sequences) back to its beginning. Errors: ARG.
 * @param states made
 * @param at sequence
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_states_reset(struct trine_states *states, uint32_t at,
                                     struct trine_error *error) __attribute__((warn_unused_result));

/** Makes sequence to_at of `to` what sequence from_at of `from` is: so a stream is forked, and
 * moved to another place of a batch. Both are of the same model. Errors: ARG (LSTMs of other
 * widths, a sequence that is not there); nothing is changed then.
 * @param to made
 * @param to_at sequence of it
 * @param from made; may be `to`
 * @param from_at sequence of it
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_states_copy(struct trine_states *to, uint32_t to_at,
                                    const struct trine_states *from, uint32_t from_at,
                                    struct trine_error *error) __attribute__((warn_unused_result));

/** Whether sequence `at` is as it was made: nothing of it has run. False for one that
 * is not there.
 * @param states made
 * @param at sequence
 * @return whether it is */
bool trine_states_fresh(const struct trine_states *states, uint32_t at);

/** Loads a file: .npz with h0, c0, h1, c1, ... of [B,units], of the same model and B; nothing is
 * changed when it fails. Errors: those of io/npz.h; FORMAT names array, type and shape; ARG also
 * where there is no LSTM; MEMORY.
 * @param path of the file
 * @param states made
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_states_load(const char *path, struct trine_states *states,
                                    struct trine_error *error) __attribute__((warn_unused_result));
/** Makes states of as many sequences as the file has (1..65536); they are the caller's as those of
 * trine_states_make.
 * @param path of the file
 * @param model whose LSTMs they are of
 * @param states set
 * @param error the sentence, or NULL
 * @return as of trine_states_load */
enum trine_status trine_states_read(const char *path, const struct trine_model *model,
                                    struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));
/** The same of an image.
 * @param path of the file
 * @param image that is valid
 * @param states set
 * @param error the sentence, or NULL
 * @return as of trine_states_load */
enum trine_status trine_states_read_image(const char *path, const struct trine_image *image,
                                          struct trine_states *states, struct trine_error *error)
    __attribute__((warn_unused_result));
/** Writes such a file, as a whole or not at all.
 * @param path of the file
 * @param states made
 * @param error the sentence, or NULL
 * @return as of trine_npz_write */
enum trine_status trine_states_save(const char *path, const struct trine_states *states,
                                    struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
