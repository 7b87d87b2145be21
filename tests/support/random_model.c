/* SPDX-License-Identifier: Apache-2.0 */
/* random_model: one function a family. */
#include "support/random_model.h"

#include <stdlib.h>

struct model_draw {
  struct tflite_writer *model;
  struct seed_stream *stream;
  bool time_major;
};

static int32_t add_lstm(const struct model_draw *d, int32_t x, float h_scale, int64_t zero_point) {
  struct lstm_spec spec = {.time_major = d->time_major, .h_scale = h_scale};
  spec.units = (uint32_t)seed_log_uniform(d->stream, 1, 24);
  spec.cell_exponent = (int)seed_uniform(d->stream, -15, -9);
  spec.cell_clip = seed_uniform(d->stream, 0, 2) == 0 ? (float)seed_real(d->stream, 0.2, 2) : 0;
  spec.gain = (float)seed_real(d->stream, 0.3, 6.0);
  spec.h_zero_point = zero_point;
  return make_lstm(d->model, d->stream, x, &spec);
}

static int32_t add_dense(const struct model_draw *d, int32_t x, int activation) {
  return make_dense(d->model, d->stream, x, (uint32_t)seed_log_uniform(d->stream, 1, 20),
                    activation);
}

/* Both directions of one layer, joined. */
static int32_t add_directions(const struct model_draw *d, int32_t x) {
  const int32_t time = d->time_major ? 0 : 1;
  const int32_t forward = add_lstm(d, x, 0.0078f, -1);
  const int32_t turned = make_reverse(d->model, x, time);
  const int32_t backward = make_reverse(d->model, add_lstm(d, turned, 0.0078f, -1), time);
  return make_concat(d->model, forward, backward, 2);
}

static int32_t add_stack(const struct model_draw *d, int32_t x) {
  const int64_t layers = seed_uniform(d->stream, 1, 3);
  for (int64_t i = 0; i < layers; i++) {
    x = add_lstm(d, x, 0.0f, 0);
  }
  return seed_uniform(d->stream, 0, 1) == 0 ? x : add_dense(d, x, TFLITE_ACT_NONE);
}

static int32_t add_transposed(struct model_draw *d, int32_t x) {
  static const int32_t swap[3] = {1, 0, 2};
  d->time_major = true;
  return make_transpose(d->model, add_lstm(d, make_transpose(d->model, x, swap), 0.0f, 0), swap);
}

static int32_t add_last_of_directions(const struct model_draw *d, int32_t x) {
  const int32_t forward = make_take(d->model, add_lstm(d, x, 0.0078f, 3), 1, -1);
  const int32_t turned = make_reverse(d->model, x, 1);
  const int32_t backward = make_take(d->model, add_lstm(d, turned, 0.0078f, 3), 1, -1);
  return add_dense(d, make_concat(d->model, forward, backward, 1), TFLITE_ACT_NONE);
}

static int32_t add_flat_rows(const struct model_draw *d, int32_t x, int32_t batch, int32_t steps) {
  const int32_t y = add_lstm(d, x, 0.0f, 0);
  const int32_t flat[2] = {batch * steps, tflite_writer_tensor_at(d->model, y)->shape[2]};
  const int32_t rows = add_dense(d, make_reshape(d->model, y, 2, flat), TFLITE_ACT_RELU_N1_TO_1);
  const int32_t full[3] = {batch, steps, tflite_writer_tensor_at(d->model, rows)->shape[1]};
  return make_reshape(d->model, rows, 3, full);
}

static int32_t add_float(const struct model_draw *d, int32_t x) {
  struct tflite_new_tensor *in = tflite_writer_tensor_at(d->model, x);
  const float scale = in->scale;
  const int64_t zero_point = in->zero_point;
  in->type = TFLITE_FLOAT32;
  in->scale = 0.0f;
  const int32_t q = make_quantize(d->model, x, TFLITE_QUANTIZE, scale, zero_point);
  return make_quantize(d->model, add_lstm(d, q, 0.0f, 0), TFLITE_DEQUANTIZE, 0.0f, 0);
}

static int32_t add_mirror(const struct model_draw *d, int32_t x) {
  static const int32_t turn[3] = {2, 1, 0}, back[3] = {2, 1, 0};
  const int32_t y = make_reverse(d->model, make_transpose(d->model, x, turn), 0);
  const int32_t z = make_transpose(d->model, make_reverse(d->model, y, 1), back);
  return make_transpose(d->model, add_lstm(d, z, 0.0f, 0), turn);
}

struct tflite_writer *random_model(struct seed_stream *stream, enum random_family family,
                                   int32_t batch, int32_t steps, int32_t *input, int32_t *output) {
  struct model_draw d = {tflite_writer_new(), stream, false};
  d.time_major = family == FAMILY_STACK_TIME || family == FAMILY_BIDI_TIME;
  const int32_t features = (int32_t)seed_log_uniform(stream, 1, 24);
  const int32_t shape[3] = {d.time_major ? steps : batch, d.time_major ? batch : steps, features};
  const int32_t x = make_input(d.model, stream, 3, shape);
  int32_t y = x;
  *input = x;
  switch (family) {
    case FAMILY_STACK:
    case FAMILY_STACK_TIME:
      y = add_stack(&d, x);
      break;
    case FAMILY_TRANSPOSED:
      y = add_transposed(&d, x);
      break;
    case FAMILY_BIDI:
      y = add_dense(&d, add_directions(&d, add_directions(&d, x)), TFLITE_ACT_NONE);
      break;
    case FAMILY_BIDI_TIME:
      y = add_directions(&d, x);
      break;
    case FAMILY_LAST:
      y = add_dense(&d, make_take(d.model, add_lstm(&d, x, 0.0f, 0), 1, -1), TFLITE_ACT_RELU);
      break;
    case FAMILY_BIDI_LAST:
      y = add_last_of_directions(&d, x);
      break;
    case FAMILY_FLOAT:
      y = add_float(&d, x);
      break;
    case FAMILY_FLAT_ROWS:
      y = add_flat_rows(&d, x, batch, steps);
      break;
    case FAMILY_REQUANTIZE: {
      /* One after another: compilers evaluate the arguments of a call in orders of their own. */
      const int64_t zero_point = seed_uniform(stream, -90, 90);
      const float scale = (float)seed_real(stream, 0.004, 0.02);
      y = add_lstm(&d, x, 0.0f, 0);
      y = make_quantize(d.model, y, TFLITE_QUANTIZE, scale, zero_point);
      y = add_dense(&d, y, TFLITE_ACT_RELU6);
      break;
    }
    case FAMILY_SKIP:
      y = add_lstm(&d, x, tflite_writer_tensor_at(d.model, x)->scale,
                   tflite_writer_tensor_at(d.model, x)->zero_point);
      y = add_dense(&d, make_concat(d.model, x, y, 2), TFLITE_ACT_NONE);
      break;
    case FAMILY_MIRROR:
    case FAMILY_COUNT:
      y = add_mirror(&d, x);
      break;
  }
  *output = y;
  return d.model;
}
