/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * reroll: reads a .tflite or .onnx file of floats (single or half precision, or int8 weights with
 * scales) into a float network, and puts LSTMs together again that a converter took apart: in WHILE
 * loops, unrolled step by step, with lists or variables.
 *
 * The graph is run once on symbols (run.h), so whatever moved the numbers about is gone, and what
 * is left is searched for cells (roll.h). The network that comes of it says the same for any number
 * of steps; trine_reroll_check compares it with the file's own operators on data.
 *
 * Threads: one reads a file; what was read may be looked at, and compared, by any number. Pointers:
 * never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_REROLL_H
#define TRINE_REROLL_H

#include <stddef.h>

#include "float/float_run.h"
#include "io/error.h"
#include "onnx/onnx.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A model that was read. */
struct trine_reroll;

/** Loads a file, or the part of it between tensors that are named (or given by their numbers); a
 * refusal says which part can be read. On success *model is the caller's, to be given to
 * trine_reroll_free.
 * @param path of the file
 * @param cut what is read of it, or NULL: from its inputs to all outputs that are no states
 * @param model set
 * @param error the sentence, or NULL
 * @return OK, ARG, NOT_FOUND, FILE, FORMAT, UNSUPPORTED or MEMORY */
enum trine_status trine_reroll_load(const char *path, const struct trine_onnx_cut *cut,
                                    struct trine_reroll **model, struct trine_error *error)
    __attribute__((warn_unused_result));
/** The same from memory; the bytes are copied, *model is the caller's.
 * @param bytes of a file
 * @param len_bytes of it
 * @param cut as for trine_reroll_load
 * @param model set
 * @param error the sentence, or NULL
 * @return OK, ARG, NOT_FOUND, FILE, FORMAT, UNSUPPORTED or MEMORY */
enum trine_status trine_reroll_parse(const void *bytes, size_t len_bytes,
                                     const struct trine_onnx_cut *cut, struct trine_reroll **model,
                                     struct trine_error *error) __attribute__((warn_unused_result));
/** An .onnx file, side files of weights included, whose LSTMs were unrolled: trine_onnx_load reads
 * those that are in one piece. *model is the caller's.
 * @param path of the file
 * @param outputs names, or NULL
 * @param model set
 * @param error the sentence, or NULL
 * @return OK, ARG, NOT_FOUND, FILE, FORMAT, UNSUPPORTED or MEMORY */
enum trine_status trine_reroll_load_onnx(const char *path, const char *outputs,
                                         struct trine_reroll **model, struct trine_error *error)
    __attribute__((warn_unused_result));
/** The same of a part of it, between values that are named; *model is the caller's.
 * @param path of the file
 * @param cut as for trine_reroll_load
 * @param model set
 * @param error the sentence, or NULL
 * @return OK, ARG, NOT_FOUND, FILE, FORMAT, UNSUPPORTED or MEMORY */
enum trine_status trine_reroll_load_onnx_part(const char *path, const struct trine_onnx_cut *cut,
                                              struct trine_reroll **model,
                                              struct trine_error *error)
    __attribute__((warn_unused_result));
/** As trine_reroll_load_onnx from memory, which is copied; *model is the caller's. folder: of side
 * files, NULL: there may be none.
 * @param bytes of a file
 * @param len_bytes of it
 * @param folder of side files, or NULL
 * @param outputs names, or NULL
 * @param model set
 * @param error the sentence, or NULL
 * @return OK, ARG, NOT_FOUND, FILE, FORMAT, UNSUPPORTED or MEMORY */
enum trine_status trine_reroll_parse_onnx(const void *bytes, size_t len_bytes, const char *folder,
                                          const char *outputs, struct trine_reroll **model,
                                          struct trine_error *error)
    __attribute__((warn_unused_result));
/** NULL is allowed.
 * @param model that was read, or NULL */
void trine_reroll_free(struct trine_reroll *model);

/** Lives until trine_reroll_free.
 * @param model that was read
 * @return never NULL */
const struct trine_float_network *trine_reroll_network(const struct trine_reroll *model);
/** What was found, a sentence each ("23 steps of one LSTM 16-64"): number n, or NULL behind the
 * last.
 * @param model that was read
 * @param n from 0 on
 * @return a sentence that lives as long as the model, or NULL */
const char *trine_reroll_note(const struct trine_reroll *model, uint32_t n);

/** An input as the file has it: [B,T,F], but for symbols or numbers without an axis of their own
 * ([B,T], `is_flat`), for an input with its steps last ([B,F,T], `is_turned`) and for one row a
 * sequence ([B,F], `is_row`). */
struct trine_reroll_input {
  uint32_t steps;    /**< T of the file */
  uint32_t features; /**< F */
  bool is_open;      /**< the file leaves the number of steps to the data */
  bool is_flat;      /**< [B,T] */
  bool is_turned;    /**< [B,F,T] */
  bool is_row;       /**< [B,F] */
};
/** An input of a model.
 * @param model that was read
 * @param n of the network's inputs, below input_count
 * @return how it lies in the file */
struct trine_reroll_input trine_reroll_input(const struct trine_reroll *model, uint32_t n);

/** How far the network is off the file's own operators, evaluated in single precision. */
struct trine_reroll_agreement {
  uint32_t sequences; /**< that were compared */
  uint32_t steps;     /**< of each that were compared */
  double worst;       /**< largest difference */
  double largest;     /**< largest output */
};

/** Runs both on the first sequences of a batch (each from a fresh state, its first steps where the
 * file has fewer) and compares. Errors: UNSUPPORTED, they differ by more than rounding, or the
 * file's own operators cannot be run on the data; ARG, no sequence is as long as the file runs at
 * once; MEMORY; those of trine_float_run.
 * @param model that was read
 * @param batch data, batch first
 * @param agreement set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_reroll_check(const struct trine_reroll *model,
                                     const struct trine_float_batch *batch,
                                     struct trine_reroll_agreement *agreement,
                                     struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
