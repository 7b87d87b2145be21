/* SPDX-License-Identifier: Apache-2.0 */
/* small_float: see small_float.h. */
#include "support/small_float.h"

#include <math.h>

static void draw(struct seed_stream *stream, float *values, size_t count) {
  for (size_t n = 0; n < count; n++) {
    values[n] = (float)seed_real(stream, -1.0, 1.0);
  }
}

void small_float_make(struct small_float *small, struct seed_stream *stream, bool with_table) {
  *small = (struct small_float){
      .values = {{.name = "x", .has_time = true, .width = with_table ? 1 : SMALL_INPUTS},
                 {.name = "rows", .has_time = true, .width = SMALL_INPUTS},
                 {.name = "h", .has_time = true, .width = SMALL_UNITS},
                 {.name = "y", .has_time = true, .width = SMALL_UNITS}},
      .nodes = {{.op = TRINE_FLOAT_EMBEDDING,
                 .name = "table",
                 .input_count = 1,
                 .inputs = {0},
                 .output = 1,
                 .matrix = {SMALL_INPUTS, SMALL_ROWS, small->table, NULL, 0, 0}},
                {.op = TRINE_FLOAT_LSTM,
                 .name = "lstm",
                 .input_count = 1,
                 .inputs = {with_table ? 1 : 0},
                 .output = 2,
                 .cell = {.inputs = SMALL_INPUTS,
                          .units = SMALL_UNITS,
                          .w = small->w,
                          .r = small->r,
                          .bias = small->bias}},
                {.op = TRINE_FLOAT_DENSE,
                 .name = "dense",
                 .input_count = 1,
                 .inputs = {2},
                 .output = 3,
                 .matrix = {SMALL_UNITS, SMALL_UNITS, small->dense, small->dense_bias, -INFINITY,
                            INFINITY}}}};
  small->network = (struct trine_float_network){.name = "small",
                                                .value_count = 4,
                                                .values = small->values,
                                                .node_count = with_table ? 3 : 2,
                                                .nodes = small->nodes + (with_table ? 0 : 1),
                                                .input_count = 1,
                                                .output_count = 1,
                                                .outputs = {3}};
  draw(stream, small->table, sizeof small->table / sizeof(float));
  draw(stream, small->w, sizeof small->w / sizeof(float));
  draw(stream, small->r, sizeof small->r / sizeof(float));
  draw(stream, small->bias, sizeof small->bias / sizeof(float));
  draw(stream, small->dense, sizeof small->dense / sizeof(float));
  draw(stream, small->dense_bias, SMALL_UNITS);
}
