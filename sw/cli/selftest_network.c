/* SPDX-License-Identifier: Apache-2.0 */
/* selftest_network: numbers from a fixed integer sequence, scaled so that gates neither vanish nor
 * all saturate; see selftest_network.h. */
#include "selftest_network.h"

#include <string.h>

/* The next number of a fixed sequence, in [low, high]. */
static int next(uint32_t *state, int low, int high) {
  *state = *state * 1664525U + 1013904223U;
  return low + (int)((*state >> 8) % (uint32_t)(high - low + 1));
}

static void fill_part(struct selftest *test, uint32_t layer, uint32_t part, uint32_t gate,
                      uint32_t columns, uint32_t *state) {
  const bool dense = test->layers[layer].kind == TRINE_LAYER_DENSE;
  for (uint32_t unit = 0; unit < test->layers[layer].units; unit++) {
    struct trine_requant *row = &test->rows[layer][part][gate][unit];
    row->bias = next(state, -3000, 3000);
    row->multiplier = (1 << 30) + next(state, 0, 1 << 20) * 1000;
    row->shift = (int8_t)(dense ? -7 : next(state, -2, 1));
    for (uint32_t n = 0; n < columns; n++) {
      test->weights[layer][part][gate][unit * columns + n] = (int8_t)next(state, -128, 127);
    }
  }
}

static void fill_layer(struct selftest *test, uint32_t index, uint32_t *state) {
  struct trine_layer *layer = &test->layers[index];
  const uint32_t gates = layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES : 1;
  for (uint32_t gate = 0; gate < gates; gate++) {
    fill_part(test, index, 0, gate, layer->inputs, state);
    layer->w[gate] = test->weights[index][0][gate];
    layer->x_rows[gate] = test->rows[index][0][gate];
    if (layer->kind == TRINE_LAYER_LSTM) {
      fill_part(test, index, 1, gate, layer->units, state);
      layer->r[gate] = test->weights[index][1][gate];
      layer->h_rows[gate] = test->rows[index][1][gate];
    }
  }
}

void selftest_make(struct selftest *test) {
  uint32_t state = 3;
  memset(test, 0, sizeof *test);
  test->layers[0] = (struct trine_layer){.kind = TRINE_LAYER_LSTM,
                                         .inputs = SELFTEST_INPUTS,
                                         .units = SELFTEST_UNITS0,
                                         .zero_point = -1,
                                         .out_min = -128,
                                         .out_max = 127,
                                         .out = {0, 1 << 30, -22},
                                         .cell_exponent = -11,
                                         .name = "lstm0"};
  test->layers[1] = test->layers[0];
  test->layers[1].inputs = SELFTEST_UNITS0;
  test->layers[1].units = SELFTEST_UNITS1;
  test->layers[1].zero_point = 3;
  test->layers[1].cell_exponent = -12;
  test->layers[1].cell_clip = 9000;
  test->layers[1].name = "lstm1";
  test->layers[2] = (struct trine_layer){.kind = TRINE_LAYER_DENSE,
                                         .inputs = SELFTEST_UNITS1,
                                         .units = SELFTEST_OUTPUTS,
                                         .zero_point = -5,
                                         .out_min = -100,
                                         .out_max = 120,
                                         .name = "dense"};
  for (uint32_t n = 0; n < 3; n++) {
    fill_layer(test, n, &state);
  }
  test->tensors[0] = (struct trine_tensor){1, {SELFTEST_INPUTS}};
  test->tensors[1] = (struct trine_tensor){1, {SELFTEST_OUTPUTS}};
  test->chain = (struct trine_chain){.source = 0, .target = 1, .first_layer = 0, .layer_count = 3};
  test->network = (struct trine_network){2, test->tensors, 3, test->layers, 1, &test->chain};
  test->lengths[0] = SELFTEST_STEPS;
  test->lengths[1] = 1;
  test->lengths[2] = SELFTEST_STEPS - 2;
  for (size_t n = 0; n < sizeof test->input; n++) {
    test->input[n] = (int8_t)next(&state, -128, 127);
  }
}

struct trine_batch selftest_batch(const struct selftest *test, int8_t *output) {
  return (struct trine_batch){.sequences = SELFTEST_SEQUENCES,
                              .lengths = test->lengths,
                              .input = test->input,
                              .input_batch_stride = SELFTEST_STEPS * SELFTEST_INPUTS,
                              .input_step_stride = SELFTEST_INPUTS,
                              .output = output,
                              .output_batch_stride = SELFTEST_STEPS * SELFTEST_OUTPUTS,
                              .output_step_stride = SELFTEST_OUTPUTS};
}
