/* SPDX-License-Identifier: Apache-2.0 */
/* random_network: random layers for tests; see random_network.h. */
#include "support/random_network.h"

#include <math.h>
#include <stdlib.h>

static void *own(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) {
    abort();
  }
  return memory;
}

static int8_t *random_matrix(struct seed_stream *stream, size_t rows, size_t columns) {
  int8_t *matrix = own(rows * columns, 1);
  seed_int8(stream, matrix, rows * columns, INT8_MIN, INT8_MAX);
  return matrix;
}

/* Multiplier and shift of the real factor. */
static struct trine_requant requant_of(double factor, int32_t bias) {
  int exponent = 0;
  double mantissa = frexp(factor, &exponent);
  double scaled = floor(mantissa * 0x1p31 + 0.5);
  if (scaled >= 0x1p31) {
    scaled /= 2;
    exponent++;
  }
  if (exponent < -31) {
    scaled = 0;
    exponent = 0;
  }
  return (struct trine_requant){bias, (int32_t)scaled, (int8_t)exponent};
}

/* Rows such that a sum of `columns` random products has a spread of about `spread` units. */
static struct trine_requant *random_rows(struct seed_stream *stream, uint32_t rows,
                                         uint32_t columns, double spread, bool per_row) {
  struct trine_requant *row = own(rows, sizeof *row);
  double typical = 5400.0 * sqrt((double)columns);
  double factor = spread / typical;
  double stretch = exp(seed_real(stream, -1.5, 1.5));
  int32_t reach = (int32_t)typical;
  for (uint32_t u = 0; u < rows; u++) {
    stretch = per_row ? exp(seed_real(stream, -1.5, 1.5)) : stretch;
    row[u] = requant_of(factor * stretch, (int32_t)seed_uniform(stream, -reach, reach));
  }
  return row;
}

struct trine_layer random_lstm(struct seed_stream *stream, uint32_t inputs, uint32_t units,
                               bool per_row) {
  struct trine_layer layer = {.kind = TRINE_LAYER_LSTM, .inputs = inputs, .units = units};
  /* A third of the layers has gates well beyond Q3.12, so that they saturate. */
  double spread = seed_uniform(stream, 0, 2) == 0 ? 60000.0 : 5000.0;
  for (int g = 0; g < TRINE_GATES; g++) {
    layer.w[g] = random_matrix(stream, units, inputs);
    layer.r[g] = random_matrix(stream, units, units);
    layer.x_rows[g] = random_rows(stream, units, inputs, spread, per_row);
    layer.h_rows[g] = random_rows(stream, units, units, spread, per_row);
  }
  layer.zero_point = (int8_t)seed_uniform(stream, -20, 20);
  layer.out_min = INT8_MIN;
  layer.out_max = INT8_MAX;
  layer.out = requant_of(0x1p-30 / seed_real(stream, 0.004, 0.009), 0);
  layer.cell_exponent = (int8_t)seed_uniform(stream, -15, -9);
  layer.cell_clip = (int16_t)(seed_uniform(stream, 0, 2) == 0 ? seed_uniform(stream, 1, 32767) : 0);
  layer.name = "random lstm";
  return layer;
}

struct trine_layer random_dense(struct seed_stream *stream, uint32_t inputs, uint32_t units,
                                bool per_row) {
  struct trine_layer layer = {.kind = TRINE_LAYER_DENSE, .inputs = inputs, .units = units};
  layer.w[0] = random_matrix(stream, units, inputs);
  layer.x_rows[0] = random_rows(stream, units, inputs, 80.0, per_row);
  layer.zero_point = (int8_t)seed_uniform(stream, -60, 60);
  layer.out_min = (int8_t)(seed_uniform(stream, 0, 1) ? layer.zero_point : INT8_MIN);
  layer.out_max = INT8_MAX;
  layer.name = "random dense";
  return layer;
}

/* The arrays are const to their users, not to us who made them. */
static void release(const void *memory) {
  free((void *)(uintptr_t)memory);
}

void random_layer_free(struct trine_layer *layer) {
  for (int g = 0; g < TRINE_GATES; g++) {
    release(layer->w[g]);
    release(layer->r[g]);
    release(layer->x_rows[g]);
    release(layer->h_rows[g]);
  }
  *layer = (struct trine_layer){0};
}
