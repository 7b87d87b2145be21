/* SPDX-License-Identifier: Apache-2.0 */
/* draw_operators: random networks of LSTM layers with the other operators that run on the host:
 * before them (flat, turned, uint8 and int32 inputs, several inputs), between them (affine rows,
 * residuals, activations, both directions) and behind them (steps, reductions, attention, flattened
 * rows). */
#ifndef TRINE_CONFORMANCE_DRAW_OPERATORS_H
#define TRINE_CONFORMANCE_DRAW_OPERATORS_H

#include "draw.h"
#include "model/tflite_writer.h"
#include "support/seed.h"

enum { DRAW_MAX_INPUTS = 3 };

struct drawn_graph {
  uint32_t input_count;
  int32_t inputs[DRAW_MAX_INPUTS];
  int32_t tokens[DRAW_MAX_INPUTS]; /* rows of the table, of an int32 input */
  uint32_t output_count;
  int32_t outputs[2];
};

void draw_operators(struct tflite_writer *model, struct seed_stream *stream,
                    const struct draw_limits *limits, struct drawn_graph *graph);

#endif
