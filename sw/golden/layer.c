/* SPDX-License-Identifier: Apache-2.0 */
/* layer: prepares layers and computes their steps; see layer.h. */
#include "golden/layer.h"

#include <stdlib.h>
#include <string.h>

static size_t round_up(size_t value, size_t unit) {
  return (value + unit - 1) / unit * unit;
}

/* Copies row `row` of a [units][width] matrix to place `slot` of the blocks. */
static void place_row(int8_t *blocks, size_t slot, size_t stride, const int8_t *matrix, size_t row,
                      size_t width) {
  memcpy(blocks + slot * stride, matrix + row * width, width);
}

static unsigned count_positive(const struct trine_requant *rows, uint32_t units) {
  unsigned count = 0;
  for (uint32_t u = 0; u < units; u++) {
    count += rows[u].shift > 0;
  }
  return count;
}

static void place_lstm(struct golden_layer *ready) {
  const struct trine_layer *layer = ready->layer;
  for (size_t g = 0; g < TRINE_GATES; g++) {
    for (size_t u = 0; u < layer->units; u++) {
      size_t slot = u * TRINE_GATES + g;
      place_row(ready->w, slot, ready->x_stride, layer->w[g], u, layer->inputs);
      place_row(ready->r, slot, ready->h_stride, layer->r[g], u, layer->units);
    }
    ready->positive_shifts += count_positive(layer->x_rows[g], layer->units);
    ready->positive_shifts += count_positive(layer->h_rows[g], layer->units);
  }
}

bool golden_layer_prepare(struct golden_layer *ready, const struct trine_layer *layer) {
  bool lstm = layer->kind == TRINE_LAYER_LSTM;
  size_t units = layer->units;
  *ready = (struct golden_layer){.layer = layer};
  ready->cell.exponent = layer->cell_exponent;
  ready->cell.clip = layer->cell_clip;
  ready->cell.zero_point = layer->zero_point;
  ready->cell.out = layer->out;
  ready->x_stride = round_up(layer->inputs, GOLDEN_BLOCK);
  ready->h_stride = round_up(units, GOLDEN_BLOCK);
  size_t rows = lstm ? units * TRINE_GATES : round_up(units, TRINE_GATES);
  ready->w = calloc(rows, ready->x_stride);
  ready->x_wide = calloc(ready->x_stride, sizeof *ready->x_wide);
  if (ready->w == NULL || ready->x_wide == NULL) {
    return false;
  }
  if (!lstm) {
    for (size_t u = 0; u < units; u++) {
      place_row(ready->w, u, ready->x_stride, layer->w[0], u, layer->inputs);
    }
    ready->positive_shifts = count_positive(layer->x_rows[0], layer->units);
    return true;
  }
  ready->r = calloc(rows, ready->h_stride);
  ready->h_wide = calloc(ready->h_stride, sizeof *ready->h_wide);
  ready->c = calloc(units, sizeof *ready->c);
  ready->h = calloc(units, sizeof *ready->h);
  if (ready->r == NULL || ready->h_wide == NULL || ready->c == NULL || ready->h == NULL) {
    return false;
  }
  place_lstm(ready);
  return true;
}

void golden_layer_free(struct golden_layer *ready) {
  free(ready->w);
  free(ready->r);
  free(ready->x_wide);
  free(ready->h_wide);
  free(ready->c);
  free(ready->h);
  *ready = (struct golden_layer){0};
}

static void widen(int16_t *wide, const int8_t *bytes, size_t count) {
  for (size_t n = 0; n < count; n++) {
    wide[n] = bytes[n];
  }
}

void golden_layer_load(struct golden_layer *ready, const int8_t *h, const int16_t *c) {
  size_t units = ready->layer->units;
  if (h != NULL) {
    memcpy(ready->h, h, units);
    memcpy(ready->c, c, units * sizeof *c);
  } else {
    memset(ready->h, (unsigned char)ready->layer->zero_point, units);
    memset(ready->c, 0, units * sizeof *ready->c);
  }
  widen(ready->h_wide, ready->h, units);
}

static int32_t requantise_row(const struct trine_requant *row, int32_t acc) {
  return trine_requantise(acc, row->multiplier, row->shift);
}

static void count_events(struct trine_golden_counters *counters, unsigned events) {
  counters->gate_saturated += (events & TRINE_EVENT_GATE_SATURATED) != 0;
  counters->cell_saturated += (events & TRINE_EVENT_CELL_SATURATED) != 0;
  counters->cell_clipped += (events & TRINE_EVENT_CELL_CLIPPED) != 0;
}

/* One unit of an LSTM; everything it computes is left in *point. */
static void lstm_unit(struct golden_layer *ready, size_t u,
                      const struct trine_golden_options *options,
                      struct trine_golden_point *point) {
  const struct trine_layer *layer = ready->layer;
  golden_dot4(ready->w + u * TRINE_GATES * ready->x_stride, ready->x_wide, ready->x_stride,
              point->x_acc);
  golden_dot4(ready->r + u * TRINE_GATES * ready->h_stride, ready->h_wide, ready->h_stride,
              point->h_acc);
  for (size_t g = 0; g < TRINE_GATES; g++) {
    const struct trine_requant *x_row = &layer->x_rows[g][u];
    const struct trine_requant *h_row = &layer->h_rows[g][u];
    unsigned events = 0;
    point->x_acc[g] = trine_wrap_add(point->x_acc[g], x_row->bias);
    point->h_acc[g] = trine_wrap_add(point->h_acc[g], h_row->bias);
    point->pre[g] =
        trine_preactivation(requantise_row(x_row, point->x_acc[g]),
                            requantise_row(h_row, point->h_acc[g]), options->cmsis_corner, &events);
    if (options->counters != NULL) {
      count_events(options->counters, events);
    }
  }
  unsigned events = 0;
  trine_gates(point->pre, point->gate);
  point->c = trine_cell_update(&ready->cell, point->gate, ready->c[u], &events);
  point->h = trine_hidden_output(&ready->cell, point->gate[TRINE_GATE_O], point->c);
  if (options->counters != NULL) {
    count_events(options->counters, events);
  }
}

static void lstm_step(struct golden_layer *ready, const struct trine_golden_options *options,
                      struct trine_golden_point *point) {
  for (uint32_t u = 0; u < ready->layer->units; u++) {
    point->unit = u;
    lstm_unit(ready, u, options, point);
    ready->c[u] = point->c;
    ready->h[u] = point->h;
    if (options->tap != NULL) {
      options->tap(options->tap_context, point);
    }
  }
  widen(ready->h_wide, ready->h, ready->layer->units);
}

static int8_t dense_output(const struct trine_layer *layer, int32_t acc, uint32_t u) {
  int64_t y = (int64_t)requantise_row(&layer->x_rows[0][u], acc) + layer->zero_point;
  y = y < layer->out_min ? layer->out_min : y;
  return (int8_t)(y > layer->out_max ? layer->out_max : y);
}

static void dense_step(const struct golden_layer *ready, int8_t *y,
                       const struct trine_golden_options *options,
                       struct trine_golden_point *point) {
  const struct trine_layer *layer = ready->layer;
  for (uint32_t first = 0; first < layer->units; first += TRINE_GATES) {
    int32_t acc[TRINE_GATES];
    golden_dot4(ready->w + first * ready->x_stride, ready->x_wide, ready->x_stride, acc);
    for (uint32_t u = first; u < layer->units && u < first + TRINE_GATES; u++) {
      int32_t sum = trine_wrap_add(acc[u - first], layer->x_rows[0][u].bias);
      y[u] = dense_output(layer, sum, u);
      if (options->tap != NULL) {
        point->unit = u;
        point->x_acc[0] = sum;
        point->h = y[u];
        options->tap(options->tap_context, point);
      }
    }
  }
}

void golden_layer_step(struct golden_layer *ready, const int8_t *x, int8_t *y,
                       const struct trine_golden_options *options,
                       struct trine_golden_point *point) {
  const struct trine_layer *layer = ready->layer;
  uint64_t rows = layer->units;
  uint64_t columns = layer->inputs;
  widen(ready->x_wide, x, layer->inputs);
  if (layer->kind == TRINE_LAYER_LSTM) {
    lstm_step(ready, options, point);
    memcpy(y, ready->h, layer->units);
    rows *= TRINE_GATES;
    columns += layer->units;
  } else {
    dense_step(ready, y, options, point);
  }
  if (options->counters != NULL) {
    options->counters->macs += rows * columns;
    options->counters->positive_shifts += ready->positive_shifts;
  }
}
