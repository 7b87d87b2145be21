/* SPDX-License-Identifier: Apache-2.0 */
/* lstm: an LSTM node in parts: its weights, the states it starts from, its lengths. Private to
 * lstm*.c. */
#ifndef TRINE_ONNX_LSTM_H
#define TRINE_ONNX_LSTM_H

#include "onnx/walk.h"

enum { IN_X, IN_W, IN_R, IN_B, IN_LENGTHS, IN_H, IN_C, IN_PEEPHOLES };
/* Of DynamicQuantizeLSTM. */
enum { IN_W_SCALE = 8, IN_W_ZERO, IN_R_SCALE, IN_R_ZERO };

/* An LSTM node with its shapes checked. */
struct lstm {
  const struct onnx_array *w, *r, *b; /* [D,4H,I], [D,4H,H], [D,8H] */
  uint32_t directions, inputs, units;
  bool reversed;  /* one direction, backwards */
  bool is_turned; /* the graph turned the steps of its input round */
  bool batch_first;
};

/* Reads attributes and weights; false with the error set for what no LSTM of ours does. */
bool lstm_describe(struct walk *walk, const Onnx__Node *node, struct lstm *lstm);
/* Gates of one direction in our order, the two biases added. */
bool lstm_copy_weights(struct walk *walk, const struct lstm *lstm, uint32_t direction,
                       struct trine_float_cell *cell);

/* What a direction starts from: zeros, constants, an input of the graph, or the end of another
 * LSTM. */
bool lstm_begin(struct walk *walk, const Onnx__Node *node, const struct lstm *lstm,
                uint32_t direction, struct trine_float_cell *cell);
/* Lengths are an input of the graph (then they come with the data), or those of whole sequences; of
 * steps of their own, so many. */
bool lstm_lengths(struct walk *walk, const Onnx__Node *node, enum row_axis time, uint32_t steps);

#endif
