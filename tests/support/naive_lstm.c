/* SPDX-License-Identifier: Apache-2.0 */
/* naive_lstm: slow second model; see naive_lstm.h. Real numbers hold every integer exactly. */
#include "support/naive_lstm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static long double clamp(long double value, long double low, long double high) {
  if (value < low) {
    return low;
  }
  if (value > high) {
    return high;
  }
  return value;
}

static long double wrap(long double value) {
  return value - ldexpl(floorl(ldexpl(value, -32) + 0.5L), 32);
}

/* roundl rounds ties away from zero, floorl(x + 0.5) upwards. */
static long double requantise(long double acc, const struct trine_requant *q) {
  long double y = wrap(ldexpl(wrap(acc), q->shift > 0 ? q->shift : 0));
  long double z = floorl(ldexpl(y * q->multiplier, -31) + 0.5L);
  return roundl(ldexpl(z, q->shift < 0 ? q->shift : 0));
}

static long double table(int n) {
  double s = 1.0 / (1.0 + exp(-n / 24.0));
  return n >= 255 ? 65535.0L : floorl(65536.0 * (s - s * (1 - s) * (1 - 2 * s) / 9216.0) + 0.5);
}

/* Table value between its entries at position (magnitude / 2^bits), times 2^bits. */
static long double between(long double magnitude, int bits) {
  int index = (int)floorl(ldexpl(magnitude, -bits));
  if (index >= 255) {
    return ldexpl(65535.0L, bits);
  }
  long double fraction = magnitude - ldexpl(index, bits);
  return ldexpl(table(index), bits) + fraction * (table(index + 1) - table(index));
}

static long double sigmoid(long double a) {
  long double r = between(fabsl(3 * a), 9);
  return a >= 0 ? floorl((r + 512) / 1024) : floorl((33554432.0L - r + 511) / 1024);
}

static long double hyperbolic(long double a, int n) {
  long double v = floorl(ldexpl(3 * a, n) + (n < 0 ? 0.5L : 0.0L));
  long double r = between(fabsl(v), 8);
  return v >= 0 ? floorl((r - 8388608.0L + 128) / 256) : floorl((8388608.0L - r + 127) / 256);
}

static long double dot(const int8_t *w, const int8_t *x, uint32_t count, int32_t bias) {
  long double sum = bias;
  for (uint32_t n = 0; n < count; n++) {
    sum += w[n] * x[n];
  }
  return sum;
}

static void lstm_unit(const struct trine_layer *layer, uint32_t u, const int8_t *x, const int8_t *h,
                      int16_t *c, int8_t *y, bool cmsis) {
  long double gate[TRINE_GATES];
  for (int g = 0; g < TRINE_GATES; g++) {
    const struct trine_requant *xq = &layer->x_rows[g][u], *hq = &layer->h_rows[g][u];
    const int8_t *w = layer->w[g] + (size_t)u * layer->inputs;
    const int8_t *r = layer->r[g] + (size_t)u * layer->units;
    long double x_part = requantise(dot(w, x, layer->inputs, xq->bias), xq);
    long double h_part = requantise(dot(r, h, layer->units, hq->bias), hq);
    x_part = clamp(x_part, -32768, 32767);
    h_part = cmsis ? h_part : clamp(h_part, -32768, 32767);
    long double pre = clamp(x_part + h_part, -32768, 32767);
    gate[g] = g == TRINE_GATE_G ? hyperbolic(pre, 0) : sigmoid(pre);
  }
  struct trine_requant keep = {0, 1 << 30, -14};
  struct trine_requant add = {0, 1 << 30, (int8_t)(-29 - layer->cell_exponent)};
  long double kept = clamp(requantise(gate[1] * *c, &keep), -32768, 32767);
  long double added = clamp(requantise(gate[0] * gate[2], &add), -32768, 32767);
  long double cell = clamp(kept + added, -32768, 32767);
  if (layer->cell_clip > 0) {
    cell = clamp(cell, -layer->cell_clip, layer->cell_clip);
  }
  *c = (int16_t)cell;
  long double product = gate[3] * hyperbolic(cell, layer->cell_exponent + 12);
  *y = (int8_t)clamp(requantise(product, &layer->out) + layer->zero_point, -128, 127);
}

static void run_layer(const struct trine_layer *layer, const int8_t *x, uint32_t steps, int8_t *y,
                      int8_t *h, int16_t *c, bool cmsis) {
  memset(h, (unsigned char)layer->zero_point, layer->units);
  memset(c, 0, layer->units * sizeof *c);
  for (uint32_t t = 0; t < steps; t++, x += layer->inputs, y += layer->units) {
    for (uint32_t u = 0; u < layer->units; u++) {
      if (layer->kind == TRINE_LAYER_LSTM) {
        lstm_unit(layer, u, x, h, &c[u], &y[u], cmsis);
      } else {
        const struct trine_requant *q = &layer->x_rows[0][u];
        const int8_t *w = layer->w[0] + (size_t)u * layer->inputs;
        long double value = requantise(dot(w, x, layer->inputs, q->bias), q);
        y[u] = (int8_t)clamp(value + layer->zero_point, layer->out_min, layer->out_max);
      }
    }
    memcpy(h, y, layer->units);
  }
}

static void *own(size_t size) {
  void *memory = malloc(size);
  if (memory == NULL) {
    abort();
  }
  return memory;
}

/* The row that step t of a sequence reads and writes. */
static size_t row_of(const struct trine_chain *chain, uint32_t steps, uint32_t t) {
  return chain->reversed ? steps - 1 - t : t;
}

static void run_sequence(const struct trine_network *network, const struct trine_chain *chain,
                         const struct trine_batch *batch, uint32_t b, bool cmsis) {
  uint32_t steps = batch->lengths[b];
  const struct trine_layer *layer = &network->layers[chain->first_layer];
  int8_t *x = own((size_t)steps * layer->inputs);
  for (uint32_t t = 0; t < steps; t++) {
    memcpy(x + (size_t)t * layer->inputs,
           batch->input + b * batch->input_batch_stride +
               row_of(chain, steps, t) * batch->input_step_stride,
           layer->inputs);
  }
  uint32_t units = 0;
  for (uint32_t n = 0; n < chain->layer_count; n++, layer++) {
    units = layer->units;
    int8_t *y = own((size_t)steps * units), *h = own(units);
    int16_t *c = own(units * sizeof *c);
    run_layer(layer, x, steps, y, h, c, cmsis);
    if (batch->state_out != NULL && layer->kind == TRINE_LAYER_LSTM) {
      const struct trine_lstm_state *state = &batch->state_out[chain->first_layer + n];
      memcpy(state->h + (size_t)b * units, h, units);
      memcpy(state->c + (size_t)b * units, c, units * sizeof *c);
    }
    free(h), free(c), free(x);
    x = y;
  }
  for (uint32_t t = chain->last_only ? steps - 1 : 0; t < steps; t++) {
    size_t row = chain->last_only ? 0 : row_of(chain, steps, t);
    memcpy(batch->output + b * batch->output_batch_stride + row * batch->output_step_stride,
           x + (size_t)t * units, units);
  }
  free(x);
}

void naive_run_chain(const struct trine_network *network, const struct trine_chain *chain,
                     const struct trine_batch *batch, bool cmsis_corner) {
  for (uint32_t b = 0; b < batch->sequences; b++) {
    run_sequence(network, chain, batch, b, cmsis_corner);
  }
}
