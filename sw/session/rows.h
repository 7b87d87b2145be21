/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * rows: arrays as files have them, and what a model reads and writes of them.
 *
 * A file has uint8 where the model was exported so, float32 where nothing is quantised yet, int64
 * where numpy was not asked. A session has the model's own types (model/model.h). Pure.
 *
 * Threads: any number, a model is only read. Pointers: never NULL, and not kept behind the call,
 * unless it is said. */
#ifndef TRINE_SESSION_ROWS_H
#define TRINE_SESSION_ROWS_H

#include "io/array.h"
#include "model/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Makes what a model's first input reads of an array: of the file's type, float32 for bytes, or
 * int64 for int32. Errors: ARG (another type; a number beyond int32), MEMORY; those of
 * trine_model_quantize_input.
 * @param model that was read
 * @param input a valid array of the shape that the model takes
 * @param batch whose sequences, steps and lengths are looked at
 * @param rows set to what the caller gives to free(); NULL after an error
 * @param clamped set for float32, or NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_rows_take(const struct trine_model *model, const struct trine_array *input,
                                  const struct trine_model_batch *batch, void **rows,
                                  struct trine_model_clamped *clamped,
                                  struct trine_error *error) TRINE_CHECK_RESULT;

/** The same of input `index` (< input_count). Errors: those of trine_rows_take.
 * @param model that was read
 * @param index of the input
 * @param input a valid array of the shape that the model takes
 * @param batch whose sequences, steps and lengths are looked at
 * @param rows set to what the caller gives to free(); NULL after an error
 * @param clamped set for float32, or NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_rows_take_of(const struct trine_model *model, uint32_t index,
                                     const struct trine_array *input,
                                     const struct trine_model_batch *batch, void **rows,
                                     struct trine_model_clamped *clamped,
                                     struct trine_error *error) TRINE_CHECK_RESULT;

/** Makes of an output what is written: float32 of bytes when it is to be, with 0.0 behind the
 * lengths; else the file's type. Errors: MEMORY.
 * @param model that was read
 * @param index of the output
 * @param made the output as a session has it, of the output's shape
 * @param is_real float32 is wanted
 * @param batch whose sequences, steps and lengths are looked at
 * @param output set; to be given to trine_array_free
 * @param error the sentence, or NULL
 * @return OK or MEMORY */
enum trine_status trine_rows_give(const struct trine_model *model, uint32_t index,
                                  const struct trine_array *made, bool is_real,
                                  const struct trine_model_batch *batch, struct trine_array *output,
                                  struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
