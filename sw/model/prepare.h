/* SPDX-License-Identifier: Apache-2.0 */
/* prepare: from an operator with scales to a layer of integers (docs/numerics.md, host
 * preparation).
 *
 * Everything that would make the accelerator compute something else than the file says is refused
 * here: kinds of LSTM that are not the basic one, types, quantisations that disagree, multipliers
 * that can overflow. */
#ifndef TRINE_MODEL_PREPARE_H
#define TRINE_MODEL_PREPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"
#include "model/arena.h"
#include "model/tflite_reader.h"
#include "trine_network.h"

/* Scale and zero point of an int8 tensor: value = (q - zero_point) * scale. A uint8 tensor is taken
 * as int8, with the top bit turned: 128 less. */
struct quant {
  float scale;
  int8_t zero_point;
};

/* Q(d) of docs/numerics.md: d = multiplier * 2^(shift - 31), rounded; 0, 0 when d < 2^-32.
 * False when d is not above 0 and below 2^30. */
bool prepare_multiplier(double d, int32_t *multiplier, int8_t *shift);

/* Reads the per-tensor quantisation of an int8 (or uint8) tensor. op is the operator's index, for
 * messages. */
bool prepare_quant(const struct tflite_graph *graph, uint32_t op, int32_t tensor,
                   struct quant *quant, struct trine_error *error);

/* The tensor an operator's input names; false with an error when there is none or its type is
 * another. `what` says what it is. */
bool prepare_tensor(const struct tflite_graph *graph, uint32_t op, int32_t index, int type,
                    const char *what, const struct tflite_tensor **tensor,
                    struct trine_error *error);

/* Reads a constant int32 vector operand, at most `limit` values. False when it is not one. */
bool prepare_int_list(const struct tflite_graph *graph, uint32_t op, uint32_t input, uint32_t limit,
                      int32_t *values, uint32_t *count, struct trine_error *error);

/* Whether all operators together read no more weights than the file's size allows. */
bool prepare_check_weights(const struct tflite_graph *graph, struct trine_error *error);

/* Whether the rows that a layer reads are int8; if not, what sort of file has such a layer. */
bool prepare_int8_input(const struct tflite_graph *graph, uint32_t op, struct trine_error *error);

/* Sets the error: "RESHAPE 'name of its output': ... (operator 3)". Always false. */
bool prepare_refuse(const struct tflite_graph *graph, uint32_t op, struct trine_error *error,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The LSTM operator whose states operator `op` shares and goes on from, as the reference does with
 * variables: the last before it; -1: none, it starts from its own. */
int32_t prepare_follows(const struct tflite_graph *graph, uint32_t op);

/* Fills a layer from operator `op`. Weights stay where the graph keeps them; rows are in the arena.
 */
bool prepare_lstm(const struct tflite_graph *graph, uint32_t op, struct arena *arena,
                  struct trine_layer *layer, struct trine_error *error);
bool prepare_dense(const struct tflite_graph *graph, uint32_t op, struct arena *arena,
                   struct trine_layer *layer, struct trine_error *error);

/* The clamp of a fused activation, in output bytes: as the reference kernel rounds it. */
bool prepare_clamp(const struct tflite_graph *graph, uint32_t op, struct quant y, int8_t *least,
                   int8_t *most, struct trine_error *error);

/* Effective biases and multipliers of the rows of a constant int8 matrix [units][inputs]:
 * bias (may be NULL: 0) minus zero point times the row's sum; multiplier of
 * scale * row scale / divisor, in double.
 * Refuses rows whose accumulator or shifted accumulator can leave int32. NULL on refusal. */
const struct trine_requant *prepare_rows(const struct tflite_graph *graph, uint32_t op,
                                         struct arena *arena, const struct tflite_tensor *matrix,
                                         const struct tflite_tensor *bias, int8_t zero_point,
                                         double scale, double divisor, struct trine_error *error);

#endif
