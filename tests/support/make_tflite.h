/* SPDX-License-Identifier: Apache-2.0 */
/* make_tflite: writes .tflite models: tensor by tensor and operator by operator (so that any broken
 * one can be made), and random LSTM, dense and host operators on top. */
#ifndef TRINE_TEST_MAKE_TFLITE_H
#define TRINE_TEST_MAKE_TFLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tflite_reader.h"
#include "support/seed.h"

#ifdef __cplusplus
extern "C" {
#endif

struct make_tflite;

/* An empty model; free it with make_tflite_free. */
struct make_tflite *make_tflite_new(void);
void make_tflite_free(struct make_tflite *model);

/* Adds a tensor and returns its index. scale 0: not quantised. data NULL: computed or variable. The
 * name and the data are copied. */
struct tensor_spec {
  const char *name;
  int type;
  uint32_t rank;
  int32_t shape[TFLITE_MAX_RANK];
  float scale;
  int64_t zero_point;
  bool variable;
  const void *data;
  size_t len_bytes;
};
int32_t make_tensor(struct make_tflite *model, const struct tensor_spec *tensor);

/* Adds an operator as the reader's structure describes it; returns its index. */
uint32_t make_operator(struct make_tflite *model, const struct tflite_operator *op);

/* What was added, to be changed: for tests of refusal. A tensor's data cannot be. */
struct tflite_operator *make_operator_at(struct make_tflite *model, uint32_t index);
struct tensor_spec *make_tensor_at(struct make_tflite *model, int32_t index);

/* The file's bytes, valid until the next call with this model. */
const uint8_t *make_tflite_bytes(struct make_tflite *model, int32_t input, int32_t output,
                                 size_t *len_bytes);

/* Random operators; all return the index of their output tensor. */
int32_t make_input(struct make_tflite *model, struct seed_stream *stream, uint32_t rank,
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
int32_t make_lstm(struct make_tflite *model, struct seed_stream *stream, int32_t x,
                  const struct lstm_spec *spec);
/* A dense layer on the last axis, rank kept. */
int32_t make_dense(struct make_tflite *model, struct seed_stream *stream, int32_t x, uint32_t units,
                   int activation);

/* Host operators: the output has the given shape and the input's type and quantisation. */
int32_t make_reverse(struct make_tflite *model, int32_t x, int32_t axis);
int32_t make_transpose(struct make_tflite *model, int32_t x, const int32_t *order);
int32_t make_reshape(struct make_tflite *model, int32_t x, uint32_t rank, const int32_t *shape);
/* Takes index `at` (may be negative) of one axis, which is removed. */
int32_t make_take(struct make_tflite *model, int32_t x, int32_t axis, int32_t at);
int32_t make_concat(struct make_tflite *model, int32_t a, int32_t b, int32_t axis);
int32_t make_quantize(struct make_tflite *model, int32_t x, int code, float scale,
                      int64_t zero_point);
/* Heads, along the last axis. index_type: TFLITE_INT32 or TFLITE_INT64. */
int32_t make_softmax(struct make_tflite *model, int32_t x, float beta);
int32_t make_logistic(struct make_tflite *model, int32_t x);
int32_t make_arg_max(struct make_tflite *model, int32_t x, int index_type);

#ifdef __cplusplus
}
#endif

#endif
