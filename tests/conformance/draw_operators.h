/* SPDX-License-Identifier: Apache-2.0 */
/* draw_operators: random networks of LSTM layers with the other operators that run on the host:
 * before them (flat, turned, uint8 and int32 inputs), between them (affine rows, residuals,
 * activations, both directions) and behind them (steps, reductions, attention, flattened rows). */
#ifndef TRINE_CONFORMANCE_DRAW_OPERATORS_H
#define TRINE_CONFORMANCE_DRAW_OPERATORS_H

#include "draw.h"
#include "model/tflite_writer.h"
#include "support/seed.h"

struct drawn_graph {
  int32_t input;
  int32_t tokens; /* rows of the table, of an int32 input */
  uint32_t output_count;
  int32_t outputs[2];
};

void draw_operators(struct tflite_writer *model, struct seed_stream *stream,
                    const struct draw_limits *limits, struct drawn_graph *graph);

#endif
