/* SPDX-License-Identifier: Apache-2.0 */
/* layer: one layer made ready for speed, and one step of it. Private to sw/golden. */
#ifndef TRINE_GOLDEN_LAYER_H
#define TRINE_GOLDEN_LAYER_H

#include <stddef.h>

#include "golden/golden.h"

/* Weights in blocks of four rows of `stride` bytes, zeros to the stride: the four gates of a unit
 * (LSTM) or four units (dense). Vectors widened to int16 and zero to the stride, so that the
 * inner loop has no tail and becomes multiply-add of pairs. */
struct golden_layer {
  const struct trine_layer *layer;
  struct trine_cell cell;
  size_t x_stride, h_stride;
  int8_t *w, *r;
  int16_t *x_wide, *h_wide;
  int16_t *c;               /* [units] */
  int8_t *h;                /* [units] */
  unsigned positive_shifts; /* rows with shift > 0 */
};

/* Copies the weights. Returns false without memory; golden_layer_free is right either way. */
bool golden_layer_prepare(struct golden_layer *ready, const struct trine_layer *layer);
void golden_layer_free(struct golden_layer *ready);

/* Sets h and c of an LSTM from the caller's vectors, or to z_h and 0 when h is NULL. */
void golden_layer_load(struct golden_layer *ready, const int8_t *h, const int16_t *c);

/* One step: reads layer->inputs bytes of x, writes layer->units bytes of y. point names the place
 * for the tap; its other fields are overwritten. */
void golden_layer_step(struct golden_layer *ready, const int8_t *x, int8_t *y,
                       const struct trine_golden_options *options,
                       struct trine_golden_point *point);

/* acc[row] = sum over n < stride of w[row * stride + n] * x[n], rows 0..3; stride is a multiple of
 * GOLDEN_BLOCK. */
enum { GOLDEN_BLOCK = 32 };
void golden_dot4(const int8_t *w, const int16_t *x, size_t stride, int32_t acc[4]);

#endif
