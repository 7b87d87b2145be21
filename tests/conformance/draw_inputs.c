/* SPDX-License-Identifier: Apache-2.0 */
/* draw_inputs: the inputs of a random network, see draw_rows.h. */
#include "draw_rows.h"

enum { MAX_TABLE = 20 * 64 };

/* A table of floats, of which some are beyond what bytes of this quantisation reach. */
static int32_t draw_floats(struct drawn_rows *r, const int32_t shape[2], float scale,
                           int64_t zero_point) {
  float values[MAX_TABLE];
  const int32_t count = shape[0] * shape[1];
  for (int32_t i = 0; i < count; i++) {
    values[i] = scale * (float)(seed_real(r->stream, -140, 140) - (double)zero_point);
  }
  const struct tflite_new_tensor table = {.name = "floats",
                                          .type = TFLITE_FLOAT32,
                                          .rank = 2,
                                          .shape = {shape[0], shape[1]},
                                          .data = values,
                                          .len_bytes = (size_t)count * sizeof *values};
  return tflite_writer_tensor(r->model, &table);
}

/* Numbers, and the rows of a table that they pick: bytes, or floats that are quantised behind it.
 */
static int32_t draw_tokens(struct drawn_rows *r, struct drawn_graph *graph, int32_t width,
                           float scale, int64_t zero_point) {
  int32_t rows[3];
  rows_shape(r, width, rows);
  const int32_t input = make_input(r->model, r->stream, 2, rows);
  struct tflite_new_tensor *t = tflite_writer_tensor_at(r->model, input);
  t->type = TFLITE_INT32;
  t->scale = 0;
  graph->tokens[graph->input_count] = any(r, 1, 20);
  const int32_t table[2] = {graph->tokens[graph->input_count], width};
  graph->inputs[graph->input_count++] = input;
  const bool floats = one_in(r, 3);
  const int32_t constant = floats ? draw_floats(r, table, scale, zero_point)
                                  : make_constant(r->model, r->stream, 2, table, scale, zero_point);
  struct op_spec spec = {.inputs = {constant, input}, .like = copy_of(r, constant)};
  spec.like.rank = 3;
  memcpy(spec.like.shape, rows, sizeof rows);
  const int32_t picked = make_operator(r->model, TFLITE_GATHER, &spec);
  if (!floats) {
    return picked;
  }
  const int32_t bytes = make_quantize(r->model, picked, TFLITE_QUANTIZE, scale, zero_point);
  tflite_writer_tensor_at(r->model, bytes)->type = TFLITE_INT8;
  return bytes;
}

void draw_input(struct drawn_rows *r, struct drawn_graph *graph) {
  const int32_t width = draw_width(r), order[3] = {0, 2, 1};
  int32_t rows[4] = {0, 0, 0, 1}, *const input = graph->inputs;
  rows_shape(r, width, rows);
  const int32_t flat[2] = {r->batch, r->steps * width}, turned[3] = {r->batch, width, r->steps};
  switch (any(r, r->time == 1 ? 0 : 2, 7)) {
    case 0:
      *input = make_input(r->model, r->stream, 2, flat);
      r->x = reshape(r, *input, 3, rows);
      break;
    case 1:
      *input = make_input(r->model, r->stream, 3, turned);
      r->x = make_transpose(r->model, *input, order);
      break;
    case 2: {
      *input = make_input(r->model, r->stream, 4, rows);
      struct op_spec spec = {.inputs = {*input, -1}, .like = copy_of(r, *input)};
      spec.like.rank = 3;
      /* Without a list every axis of one place goes. */
      const bool last_alone = r->batch > 1 && r->steps > 1 && width > 1;
      r->x =
          last_alone ? make_operator(r->model, TFLITE_SQUEEZE, &spec) : reshape(r, *input, 3, rows);
      break;
    }
    case 3: {
      *input = make_input(r->model, r->stream, 3, rows);
      struct tflite_new_tensor *t = tflite_writer_tensor_at(r->model, *input);
      t->type = TFLITE_UINT8;
      t->zero_point = any(r, 0, 255);
      const bool same = one_in(r, 2);
      r->x = make_quantize(r->model, *input, TFLITE_QUANTIZE,
                           same ? t->scale : scale_near(r, t->scale),
                           same ? t->zero_point - 128 : any(r, -128, 127));
      tflite_writer_tensor_at(r->model, r->x)->type = TFLITE_INT8;
      break;
    }
    case 4:
      r->x =
          draw_tokens(r, graph, width, (float)seed_real(r->stream, 0.005, 0.05), any(r, -128, 127));
      break;
    case 5: {
      *input = make_input(r->model, r->stream, 2, rows);
      const int32_t axis = 2;
      struct op_spec spec = {
          .inputs = {*input, -1}, .list = &axis, .list_count = 1, .like = copy_of(r, *input)};
      spec.like.rank = 3;
      spec.like.shape[2] = 1;
      r->x = make_operator(r->model, TFLITE_EXPAND_DIMS, &spec);
      break;
    }
    default:
      *input = make_input(r->model, r->stream, 3, rows);
      r->x = *input;
  }
  graph->input_count = 1;
}

/* An input of bytes as the value `like` is quantised: at once, or through QUANTIZE from int8 or
 * uint8. */
static int32_t add_bytes(struct drawn_rows *r, struct drawn_graph *graph, uint32_t rank,
                         const int32_t *shape, int32_t like) {
  const struct tflite_new_tensor wanted = copy_of(r, like);
  const int32_t input = make_input(r->model, r->stream, rank, shape);
  struct tflite_new_tensor *t = tflite_writer_tensor_at(r->model, input);
  graph->inputs[graph->input_count++] = input;
  if (one_in(r, 2)) {
    t->scale = wanted.scale;
    t->zero_point = wanted.zero_point;
    return input;
  }
  if (one_in(r, 2)) {
    t->type = TFLITE_UINT8;
    t->zero_point = any(r, 0, 255);
  }
  const int32_t made =
      make_quantize(r->model, input, TFLITE_QUANTIZE, wanted.scale, wanted.zero_point);
  tflite_writer_tensor_at(r->model, made)->type = TFLITE_INT8;
  return made;
}

void draw_more_rows(struct drawn_rows *r, struct drawn_graph *graph) {
  const int32_t width = one_in(r, 3) ? width_of(r, r->x) : draw_width(r);
  int32_t rows[3], beside = 0;
  rows_shape(r, width, rows);
  switch (any(r, 0, 2)) {
    case 0: {
      const struct tflite_new_tensor t = copy_of(r, r->x);
      beside = draw_tokens(r, graph, width, t.scale, t.zero_point);
      break;
    }
    case 1: { /* features of the sequence, again at each step */
      const int32_t steps = rows[r->time], flat[2] = {r->batch, width};
      int32_t row = add_bytes(r, graph, 2, flat, r->x);
      rows[r->time] = 1;
      row = reshape(r, row, 3, rows);
      rows[r->time] = steps;
      struct op_spec spec = {
          .inputs = {row, -1}, .list = rows, .list_count = 3, .like = copy_of(r, row)};
      spec.like.shape[r->time] = steps;
      beside = make_operator(r->model, TFLITE_BROADCAST_TO, &spec);
      break;
    }
    default:
      beside = add_bytes(r, graph, 3, rows, r->x);
  }
  const bool adds = width == width_of(r, r->x) && one_in(r, 2);
  r->x = adds ? draw_sum(r, r->x, beside) : make_concat(r->model, r->x, beside, 2);
}

int32_t draw_features(struct drawn_rows *r, struct drawn_graph *graph, int32_t y) {
  const struct tflite_new_tensor t = copy_of(r, y);
  int32_t shape[2] = {r->batch, draw_width(r)};
  if (t.rank != 2 || t.shape[0] != r->batch || graph->input_count == DRAW_MAX_INPUTS) {
    return y;
  }
  int32_t beside = add_bytes(r, graph, 2, shape, y);
  if (one_in(r, 2)) { /* a layer of its own first */
    beside = make_dense(r->model, r->stream, beside, (uint32_t)draw_width(r), TFLITE_ACT_RELU);
    beside = make_quantize(r->model, beside, TFLITE_QUANTIZE, t.scale, t.zero_point);
  }
  const bool first = one_in(r, 3);
  return make_concat(r->model, first ? beside : y, first ? y : beside, 1);
}
