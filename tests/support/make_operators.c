/* SPDX-License-Identifier: Apache-2.0 */
/* make_operators: random layers and host operators for make_tflite. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/make_tflite.h"

static struct tflite_operator new_operator(int code, uint32_t input_count) {
  struct tflite_operator op;
  memset(&op, 0, sizeof op);
  op.code = code;
  op.input_count = input_count;
  for (int i = 0; i < TFLITE_MAX_INPUTS; i++) {
    op.inputs[i] = -1;
  }
  for (int i = 0; i < TFLITE_INTERMEDIATES; i++) {
    op.intermediates[i] = -1;
  }
  return op;
}

int32_t make_input(struct tflite_writer *model, struct seed_stream *stream, uint32_t rank,
                   const int32_t *shape) {
  struct tflite_new_tensor t = {.name = "x", .type = TFLITE_INT8, .rank = rank};
  memcpy(t.shape, shape, rank * sizeof *shape);
  t.scale = (float)seed_real(stream, 0.01, 0.05);
  t.zero_point = seed_uniform(stream, -128, 127);
  return tflite_writer_tensor(model, &t);
}

/* A symmetric matrix whose rows give sums of about `gain` for inputs of about 1. */
static int32_t make_matrix(struct tflite_writer *model, struct seed_stream *stream,
                           const char *name, uint32_t rows, uint32_t columns, double gain) {
  const size_t count = (size_t)rows * columns;
  int8_t *data = malloc(count);
  if (data == NULL) {
    abort();
  }
  seed_int8(stream, data, count, -128, 127);
  const struct tflite_new_tensor t = {
      .name = name,
      .type = TFLITE_INT8,
      .rank = 2,
      .shape = {(int32_t)rows, (int32_t)columns},
      .scale = (float)(gain * seed_real(stream, 0.5, 2.0) / 74.0 / sqrt((double)columns)),
      .data = data,
      .len_bytes = count};
  const int32_t index = tflite_writer_tensor(model, &t);
  free(data);
  return index;
}

static int32_t make_bias(struct tflite_writer *model, struct seed_stream *stream, uint32_t rows,
                         float scale, double limit) {
  int32_t *data = malloc(rows * sizeof *data);
  if (data == NULL) {
    abort();
  }
  for (uint32_t i = 0; i < rows; i++) {
    data[i] = (int32_t)lround(seed_real(stream, -limit, limit) / (double)scale);
  }
  const struct tflite_new_tensor t = {.name = "b",
                                      .type = TFLITE_INT32,
                                      .rank = 1,
                                      .shape = {(int32_t)rows},
                                      .scale = scale,
                                      .data = data,
                                      .len_bytes = rows * sizeof *data};
  const int32_t index = tflite_writer_tensor(model, &t);
  free(data);
  return index;
}

int32_t make_lstm(struct tflite_writer *model, struct seed_stream *stream, int32_t x,
                  const struct lstm_spec *spec) {
  struct tflite_operator op = new_operator(TFLITE_LSTM, 24);
  struct tflite_new_tensor in = *tflite_writer_tensor_at(model, x);
  const uint32_t inputs = (uint32_t)in.shape[2];
  const int32_t units = (int32_t)spec->units;
  op.activation = TFLITE_ACT_TANH;
  op.time_major = spec->time_major;
  op.cell_clip = spec->cell_clip;
  op.inputs[0] = x;
  for (int g = 0; g < 4; g++) {
    op.inputs[1 + g] = make_matrix(model, stream, "W", spec->units, inputs, (double)spec->gain);
    op.inputs[5 + g] =
        make_matrix(model, stream, "R", spec->units, spec->units, (double)spec->gain);
    op.inputs[12 + g] =
        make_bias(model, stream, spec->units,
                  in.scale * tflite_writer_tensor_at(model, op.inputs[1 + g])->scale,
                  spec->bias_limit > 0.0f ? (double)spec->bias_limit : 1.5);
  }
  struct tflite_new_tensor h = {.name = "h", .type = TFLITE_INT8, .rank = 2, .variable = true};
  h.shape[0] = in.shape[spec->time_major ? 1 : 0];
  h.shape[1] = units;
  h.scale = spec->h_scale > 0.0f ? spec->h_scale : (float)seed_real(stream, 0.003, 0.009);
  h.zero_point = spec->h_scale > 0.0f ? spec->h_zero_point : seed_uniform(stream, -20, 20);
  struct tflite_new_tensor c = h, inner = h, y = h;
  op.inputs[18] = tflite_writer_tensor(model, &h);
  c.name = "c";
  c.type = TFLITE_INT16;
  c.scale = ldexpf(1.0f, spec->cell_exponent);
  c.zero_point = 0;
  op.inputs[19] = tflite_writer_tensor(model, &c);
  inner.name = "intermediate";
  inner.variable = y.variable = false;
  inner.rank = 1;
  inner.shape[0] = 0;
  for (int i = 0; i < TFLITE_INTERMEDIATES; i++) {
    op.intermediates[i] = tflite_writer_tensor(model, &inner);
  }
  y.name = "lstm";
  y.rank = 3;
  memcpy(y.shape, in.shape, sizeof y.shape);
  y.shape[2] = units;
  op.output = tflite_writer_tensor(model, &y);
  tflite_writer_operator(model, &op);
  return op.output;
}

int32_t make_dense(struct tflite_writer *model, struct seed_stream *stream, int32_t x,
                   uint32_t units, int activation) {
  struct tflite_operator op = new_operator(TFLITE_FULLY_CONNECTED, 3);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  const float scale = y.scale;
  op.activation = activation;
  op.keep_num_dims = true;
  op.inputs[0] = x;
  op.inputs[1] = make_matrix(model, stream, "W", units, (uint32_t)y.shape[y.rank - 1], 2.0);
  op.inputs[2] = make_bias(model, stream, units,
                           scale * tflite_writer_tensor_at(model, op.inputs[1])->scale, 1.5);
  y.name = "dense";
  y.shape[y.rank - 1] = (int32_t)units;
  y.scale = (float)seed_real(stream, 0.02, 0.08);
  y.zero_point = seed_uniform(stream, -100, 100);
  op.output = tflite_writer_tensor(model, &y);
  tflite_writer_operator(model, &op);
  return op.output;
}

/* An int32 list operand. */
static int32_t make_list(struct tflite_writer *model, const int32_t *values, uint32_t count) {
  const struct tflite_new_tensor t = {.name = "list",
                                      .type = TFLITE_INT32,
                                      .rank = 1,
                                      .shape = {(int32_t)count},
                                      .data = values,
                                      .len_bytes = count * sizeof *values};
  return tflite_writer_tensor(model, &t);
}

static int32_t finish(struct tflite_writer *model, struct tflite_operator *op,
                      const struct tflite_new_tensor *y) {
  op->output = tflite_writer_tensor(model, y);
  tflite_writer_operator(model, op);
  return op->output;
}

int32_t make_operator(struct tflite_writer *model, int code, const struct op_spec *spec) {
  struct tflite_operator op = spec->options != NULL ? *spec->options : new_operator(code, 0);
  const struct tflite_operator fresh = new_operator(code, 0);
  memcpy(op.inputs, fresh.inputs, sizeof op.inputs);
  memcpy(op.intermediates, fresh.intermediates, sizeof op.intermediates);
  op.code = code;
  op.input_count = 0;
  for (int i = 0; i < 2; i++) {
    if (spec->inputs[i] >= 0) {
      op.inputs[op.input_count++] = spec->inputs[i];
    }
  }
  if (spec->list != NULL) {
    op.inputs[op.input_count++] = make_list(model, spec->list, spec->list_count);
  }
  return finish(model, &op, &spec->like);
}

int32_t make_constant(struct tflite_writer *model, struct seed_stream *stream, uint32_t rank,
                      const int32_t *shape, float scale, int64_t zero_point) {
  size_t count = 1;
  struct tflite_new_tensor t = {.name = "constant",
                                .type = TFLITE_INT8,
                                .rank = rank,
                                .scale = scale,
                                .zero_point = zero_point};
  for (uint32_t i = 0; i < rank; i++) {
    t.shape[i] = shape[i];
    count *= (size_t)shape[i];
  }
  int8_t *data = malloc(count);
  if (data == NULL) {
    abort();
  }
  seed_int8(stream, data, count, -128, 127);
  t.data = data;
  t.len_bytes = count;
  const int32_t index = tflite_writer_tensor(model, &t);
  free(data);
  return index;
}

int32_t make_reverse(struct tflite_writer *model, int32_t x, int32_t axis) {
  struct tflite_operator op = new_operator(TFLITE_REVERSE_V2, 2);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  op.inputs[0] = x;
  op.inputs[1] = make_list(model, &axis, 1);
  y.name = "reverse";
  return finish(model, &op, &y);
}

int32_t make_transpose(struct tflite_writer *model, int32_t x, const int32_t *order) {
  struct tflite_operator op = new_operator(TFLITE_TRANSPOSE, 2);
  const struct tflite_new_tensor in = *tflite_writer_tensor_at(model, x);
  struct tflite_new_tensor y = in;
  op.inputs[0] = x;
  op.inputs[1] = make_list(model, order, in.rank);
  y.name = "transpose";
  for (uint32_t i = 0; i < in.rank; i++) {
    y.shape[i] = in.shape[order[i]];
  }
  return finish(model, &op, &y);
}

int32_t make_reshape(struct tflite_writer *model, int32_t x, uint32_t rank, const int32_t *shape) {
  struct tflite_operator op = new_operator(TFLITE_RESHAPE, 2);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  op.inputs[0] = x;
  op.inputs[1] = make_list(model, shape, rank);
  y.name = "reshape";
  y.rank = rank;
  memcpy(y.shape, shape, rank * sizeof *shape);
  return finish(model, &op, &y);
}

int32_t make_take(struct tflite_writer *model, int32_t x, int32_t axis, int32_t at) {
  struct tflite_operator op = new_operator(TFLITE_STRIDED_SLICE, 4);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  int32_t begin[TFLITE_MAX_RANK] = {0}, end[TFLITE_MAX_RANK], stride[TFLITE_MAX_RANK];
  for (uint32_t i = 0; i < y.rank; i++) {
    end[i] = y.shape[i];
    stride[i] = 1;
  }
  begin[axis] = at;
  end[axis] = at + 1;
  op.shrink_axis_mask = 1 << axis;
  op.begin_mask = op.end_mask = ((1 << y.rank) - 1) & ~op.shrink_axis_mask;
  op.inputs[0] = x;
  op.inputs[1] = make_list(model, begin, y.rank);
  op.inputs[2] = make_list(model, end, y.rank);
  op.inputs[3] = make_list(model, stride, y.rank);
  y.name = "slice";
  y.rank--;
  for (uint32_t i = (uint32_t)axis; i < y.rank; i++) {
    y.shape[i] = y.shape[i + 1];
  }
  return finish(model, &op, &y);
}

int32_t make_concat(struct tflite_writer *model, int32_t a, int32_t b, int32_t axis) {
  struct tflite_operator op = new_operator(TFLITE_CONCATENATION, 2);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, a);
  op.inputs[0] = a;
  op.inputs[1] = b;
  op.axis = axis;
  y.name = "concat";
  y.shape[axis] += tflite_writer_tensor_at(model, b)->shape[axis];
  return finish(model, &op, &y);
}

int32_t make_quantize(struct tflite_writer *model, int32_t x, int code, float scale,
                      int64_t zero_point) {
  struct tflite_operator op = new_operator(code, 1);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  op.inputs[0] = x;
  y.name = "quantize";
  y.type = code == TFLITE_DEQUANTIZE ? TFLITE_FLOAT32 : TFLITE_INT8;
  y.scale = scale;
  y.zero_point = zero_point;
  return finish(model, &op, &y);
}

/* The output of SOFTMAX and LOGISTIC. */
static int32_t finish_head(struct tflite_writer *model, struct tflite_operator *op, int32_t x,
                           const char *name) {
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  op->inputs[0] = x;
  y.name = name;
  y.scale = 1.0F / 256.0F;
  y.zero_point = -128;
  return finish(model, op, &y);
}

int32_t make_softmax(struct tflite_writer *model, int32_t x, float beta) {
  struct tflite_operator op = new_operator(TFLITE_SOFTMAX, 1);
  op.beta = beta;
  return finish_head(model, &op, x, "softmax");
}

int32_t make_logistic(struct tflite_writer *model, int32_t x) {
  struct tflite_operator op = new_operator(TFLITE_LOGISTIC, 1);
  return finish_head(model, &op, x, "logistic");
}

int32_t make_arg_max(struct tflite_writer *model, int32_t x, int index_type) {
  struct tflite_operator op = new_operator(TFLITE_ARG_MAX, 2);
  struct tflite_new_tensor y = *tflite_writer_tensor_at(model, x);
  const int32_t last = -1;
  const struct tflite_new_tensor axis = {
      .name = "axis", .type = TFLITE_INT32, .data = &last, .len_bytes = sizeof last};
  op.inputs[0] = x;
  op.inputs[1] = tflite_writer_tensor(model, &axis);
  op.index_type = y.type = index_type;
  y.name = "arg_max";
  y.rank--;
  y.scale = 0.0F;
  return finish(model, &op, &y);
}
