/* SPDX-License-Identifier: Apache-2.0 */
/* float_lstm: single-precision layers; see float_lstm.h. */
#include "golden/float_lstm.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static float dot(const float *a, const float *b, uint32_t count) {
  float sum = 0.0F;
  for (uint32_t n = 0; n < count; n++) {
    sum += a[n] * b[n];
  }
  return sum;
}

static float sigmoid(float a) {
  return 1.0F / (1.0F + expf(-a));
}

/* New h of unit u; c[u] is replaced. h is that of the step before. */
static float unit_step(const struct trine_float_lstm *layer, uint32_t u, const float *x,
                       const float *h, float *c) {
  float pre[TRINE_GATES];
  for (int g = 0; g < TRINE_GATES; g++) {
    const float *w = layer->w[g] + (size_t)u * layer->inputs;
    const float *r = layer->r[g] + (size_t)u * layer->units;
    pre[g] = dot(w, x, layer->inputs) + dot(r, h, layer->units);
    pre[g] += layer->bias[g] != NULL ? layer->bias[g][u] : 0.0F;
  }
  float cell =
      sigmoid(pre[TRINE_GATE_F]) * c[u] + sigmoid(pre[TRINE_GATE_I]) * tanhf(pre[TRINE_GATE_G]);
  if (layer->cell_clip > 0.0F) {
    cell = fmaxf(-layer->cell_clip, fminf(layer->cell_clip, cell));
  }
  c[u] = cell;
  return sigmoid(pre[TRINE_GATE_O]) * tanhf(cell);
}

void trine_float_lstm_run(const struct trine_float_lstm *layer, const float *x, uint32_t steps,
                          int reversed, float *h, float *c, float *y) {
  for (uint32_t t = 0; t < steps; t++) {
    size_t row = reversed ? steps - 1 - t : t;
    float *y_row = y + row * layer->units;
    for (uint32_t u = 0; u < layer->units; u++) {
      y_row[u] = unit_step(layer, u, x + row * layer->inputs, h, c);
    }
    memcpy(h, y_row, layer->units * sizeof *h);
  }
}

void trine_float_dense_run(const struct trine_float_dense *layer, const float *x, float *y) {
  for (uint32_t u = 0; u < layer->units; u++) {
    y[u] = dot(layer->w + (size_t)u * layer->inputs, x, layer->inputs);
    y[u] += layer->bias != NULL ? layer->bias[u] : 0.0F;
  }
}
