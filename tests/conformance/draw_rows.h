/* SPDX-License-Identifier: Apache-2.0 */
/* draw_rows: what the files of draw_operators.h share: the rows that are being drawn, and their
 * inputs. */
#ifndef TRINE_CONFORMANCE_DRAW_ROWS_H
#define TRINE_CONFORMANCE_DRAW_ROWS_H

#include <math.h>
#include <string.h>

#include "draw_operators.h"
#include "support/make_tflite.h"

/* What is being drawn: rows [batch, steps, width] or [steps, batch, width] of tensor x. */
struct drawn_rows {
  struct tflite_writer *model;
  struct seed_stream *stream;
  const struct draw_limits *limits;
  int32_t batch, steps;
  int32_t time; /* axis of the steps: 1, or 0 where time comes first */
  int32_t x;
};

static inline bool one_in(struct drawn_rows *r, int count) {
  return seed_uniform(r->stream, 1, count) == 1;
}

static inline int32_t any(struct drawn_rows *r, int64_t low, int64_t high) {
  return (int32_t)seed_uniform(r->stream, low, high);
}

static inline float scale_near(struct drawn_rows *r, float scale) {
  return scale * (float)exp2(seed_real(r->stream, -1.5, 1.5));
}

static inline struct tflite_new_tensor copy_of(struct drawn_rows *r, int32_t x) {
  struct tflite_new_tensor t = *tflite_writer_tensor_at(r->model, x);
  t.name = "value";
  t.data = NULL;
  t.variable = false;
  return t;
}

static inline int32_t width_of(struct drawn_rows *r, int32_t x) {
  const struct tflite_new_tensor *t = tflite_writer_tensor_at(r->model, x);
  return t->shape[t->rank - 1];
}

static inline int32_t draw_width(struct drawn_rows *r) {
  return (int32_t)seed_log_uniform(r->stream, 1, r->limits->max_width);
}

/* [batch, steps, width] in the order of the rows. */
static inline void rows_shape(struct drawn_rows *r, int32_t width, int32_t shape[3]) {
  shape[r->time] = r->steps;
  shape[1 - r->time] = r->batch;
  shape[2] = width;
}

static inline int32_t reshape(struct drawn_rows *r, int32_t x, uint32_t rank,
                              const int32_t *shape) {
  return make_reshape(r->model, x, rank, shape);
}

/* The first input in one of the forms that exporters give it, and the rows made of it (r->x). */
void draw_input(struct drawn_rows *r, struct drawn_graph *graph);
/* Further inputs: rows of each step beside r->x or added to it, or features of a sequence at each
 * step; features beside the last row y, which is returned as it was where there are none. */
void draw_more_rows(struct drawn_rows *r, struct drawn_graph *graph);
int32_t draw_features(struct drawn_rows *r, struct drawn_graph *graph, int32_t y);
/* ADD of two values. */
int32_t draw_sum(struct drawn_rows *r, int32_t a, int32_t b);

#endif
