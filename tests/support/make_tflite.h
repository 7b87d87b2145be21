/* SPDX-License-Identifier: Apache-2.0 */
/* make_tflite: random LSTM, dense and host operators on the writer of .tflite models. */
#ifndef TRINE_TEST_MAKE_TFLITE_H
#define TRINE_TEST_MAKE_TFLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tflite_writer.h"
#include "support/seed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Random operators; all return the index of their output tensor. */
int32_t make_input(struct tflite_writer *model, struct seed_stream *stream, uint32_t rank,
                   const int32_t *shape);
struct lstm_spec {
  uint32_t units;
  bool time_major;
  int cell_exponent; /* k */
  float cell_clip;
  float gain;       /* 1: trained-like weights; more saturates */
  float bias_limit; /* of |bias| as a pre-activation; 0: 1.5 */
  float h_scale;    /* 0: drawn */
  int64_t h_zero_point;
};
int32_t make_lstm(struct tflite_writer *model, struct seed_stream *stream, int32_t x,
                  const struct lstm_spec *spec);
/* A dense layer on the last axis, rank kept. */
int32_t make_dense(struct tflite_writer *model, struct seed_stream *stream, int32_t x,
                   uint32_t units, int activation);

/* Host operators: the output has the given shape and the input's type and quantisation. */
int32_t make_reverse(struct tflite_writer *model, int32_t x, int32_t axis);
int32_t make_transpose(struct tflite_writer *model, int32_t x, const int32_t *order);
int32_t make_reshape(struct tflite_writer *model, int32_t x, uint32_t rank, const int32_t *shape);
/* Takes index `at` (may be negative) of one axis, which is removed. */
int32_t make_take(struct tflite_writer *model, int32_t x, int32_t axis, int32_t at);
int32_t make_concat(struct tflite_writer *model, int32_t a, int32_t b, int32_t axis);
int32_t make_quantize(struct tflite_writer *model, int32_t x, int code, float scale,
                      int64_t zero_point);
/* Any other operator of one output: the output has the shape, quantisation and type of `like`; the
 * options are those that `options` has. list: an int32 operand behind the inputs, or NULL. */
struct op_spec {
  const struct tflite_operator *options;
  int32_t inputs[2]; /* -1: none */
  const int32_t *list;
  uint32_t list_count;
  struct tflite_new_tensor like;
};
int32_t make_operator(struct tflite_writer *model, int code, const struct op_spec *spec);
/* A constant int8 tensor of random bytes. */
int32_t make_constant(struct tflite_writer *model, struct seed_stream *stream, uint32_t rank,
                      const int32_t *shape, float scale, int64_t zero_point);
/* Heads, along the last axis. index_type: TFLITE_INT32 or TFLITE_INT64. */
int32_t make_softmax(struct tflite_writer *model, int32_t x, float beta);
int32_t make_logistic(struct tflite_writer *model, int32_t x);
int32_t make_arg_max(struct tflite_writer *model, int32_t x, int index_type);

#ifdef __cplusplus
}
#endif

#endif
