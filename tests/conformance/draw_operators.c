/* SPDX-License-Identifier: Apache-2.0 */
/* draw_operators: one random network, see draw_operators.h. */
#include "draw_operators.h"

#include "draw_rows.h"

static int32_t lstm_with(struct drawn_rows *r, int32_t x, int32_t units, float scale,
                         int64_t zero_point) {
  struct lstm_spec spec = {.units = (uint32_t)units, .time_major = r->time == 0};
  if (one_in(r, 3)) {
    spec.cell_exponent = any(r, one_in(r, 4) ? -29 : -18, -16);
  } else {
    spec.cell_exponent = any(r, -15, -9);
  }
  spec.cell_clip = one_in(r, 2) ? 10.0F : 0.0F;
  spec.gain = (float)exp2(seed_real(r->stream, -3, 2));
  spec.h_scale = scale;
  spec.h_zero_point = zero_point;
  return make_lstm(r->model, r->stream, x, &spec);
}

static int32_t draw_lstm(struct drawn_rows *r, int32_t x, int32_t units) {
  const float scale = (float)seed_real(r->stream, 0.003, 0.009);
  return lstm_with(r, x, units, scale, any(r, -30, 30));
}

/* ADD, SUB or MUL of a value and another, or a constant. */
static int32_t draw_binary(struct drawn_rows *r, int code, int32_t a, int32_t b, int32_t like) {
  static const int activations[] = {TFLITE_ACT_NONE, TFLITE_ACT_NONE, TFLITE_ACT_RELU,
                                    TFLITE_ACT_RELU6};
  const float x = tflite_writer_tensor_at(r->model, a)->scale;
  const float y = tflite_writer_tensor_at(r->model, b)->scale;
  const struct tflite_operator options = {.activation = activations[any(r, 0, 3)]};
  struct op_spec spec = {.options = &options, .inputs = {a, b}, .like = copy_of(r, like)};
  const float larger = x > y ? x : y;
  spec.like.scale = scale_near(r, code == TFLITE_MUL ? 100.0F * x * y : larger);
  spec.like.zero_point = any(r, -128, 127);
  return make_operator(r->model, code, &spec);
}

int32_t draw_sum(struct drawn_rows *r, int32_t a, int32_t b) {
  return draw_binary(r, TFLITE_ADD, a, b, a);
}

static int any_binary(struct drawn_rows *r) {
  static const int codes[] = {TFLITE_ADD, TFLITE_MUL, TFLITE_SUB};
  return codes[any(r, 0, 2)];
}

/* A constant row, one number, or one of each step. */
static int32_t draw_affine(struct drawn_rows *r, int32_t x, int code) {
  const struct tflite_new_tensor t = copy_of(r, x);
  int32_t shape[3] = {1, 1, width_of(r, x)};
  const int kind = any(r, 0, 4);
  const uint32_t rank = kind < 2 ? 1 : 3;
  if (kind == 1 || kind == 3) {
    shape[2] = 1;
  }
  if (kind == 4 && t.rank == 3) {
    shape[r->time] = r->steps;
  }
  const int32_t constant =
      make_constant(r->model, r->stream, rank, rank == 1 ? shape + 2 : shape,
                    scale_near(r, code == TFLITE_MUL ? 0.01F : t.scale), any(r, -128, 127));
  const bool first = one_in(r, 3);
  return draw_binary(r, code, first ? constant : x, first ? x : constant, x);
}

static int32_t draw_activation(struct drawn_rows *r, int32_t x) {
  static const int codes[] = {TFLITE_TANH,  TFLITE_LEAKY_RELU, TFLITE_ELU,     TFLITE_RELU,
                              TFLITE_RELU6, TFLITE_LOGISTIC,   TFLITE_QUANTIZE};
  const int code = codes[any(r, 0, 6)];
  const struct tflite_operator options = {.alpha = (float)seed_real(r->stream, 0.0, 1.5)};
  struct op_spec spec = {.options = &options, .inputs = {x, -1}, .like = copy_of(r, x)};
  if (code == TFLITE_TANH || code == TFLITE_LOGISTIC) {
    spec.like.scale = code == TFLITE_TANH ? 1.0F / 128.0F : 1.0F / 256.0F;
    spec.like.zero_point = code == TFLITE_TANH ? 0 : -128;
  } else if (code != TFLITE_RELU6) {
    spec.like.scale = scale_near(r, spec.like.scale);
    spec.like.zero_point = any(r, -128, 127);
  }
  return make_operator(r->model, code, &spec);
}

/* Forwards and backwards over the same rows, put together. */
static int32_t draw_both_ways(struct drawn_rows *r) {
  const int32_t units = draw_width(r);
  const float scale = (float)seed_real(r->stream, 0.003, 0.009);
  const int64_t zero_point = any(r, -30, 30);
  const int32_t ahead = lstm_with(r, r->x, units, scale, zero_point);
  const int32_t turned =
      lstm_with(r, make_reverse(r->model, r->x, r->time), units, scale, zero_point);
  const int32_t back = make_reverse(r->model, turned, r->time);
  return one_in(r, 2) ? make_concat(r->model, ahead, back, 2)
                      : draw_binary(r, any_binary(r), ahead, back, ahead);
}

/* So many steps from one on. */
static int32_t take_range(struct drawn_rows *r, int32_t x, int32_t begin, int32_t count) {
  int32_t from[3] = {0, 0, 0}, size[3];
  rows_shape(r, width_of(r, x), size);
  from[r->time] = begin;
  size[r->time] = count;
  const struct tflite_new_tensor list = {.name = "list",
                                         .type = TFLITE_INT32,
                                         .rank = 1,
                                         .shape = {3},
                                         .data = from,
                                         .len_bytes = sizeof from};
  struct op_spec spec = {.inputs = {x, tflite_writer_tensor(r->model, &list)},
                         .list = size,
                         .list_count = 3,
                         .like = copy_of(r, x)};
  spec.like.shape[r->time] = count;
  return make_operator(r->model, TFLITE_SLICE, &spec);
}

/* From here on layers run along some of the steps alone. */
static void draw_fewer_steps(struct drawn_rows *r) {
  const int32_t begin = any(r, 0, r->steps - 1), count = any(r, 1, r->steps - begin);
  r->x = take_range(r, r->x, begin, count);
  r->steps = count;
}

/* The last row as each step of another number of steps, along which a layer runs. */
static int32_t draw_decoder(struct drawn_rows *r, int32_t x) {
  const int32_t row = make_take(r->model, x, r->time, -1);
  int32_t shape[3];
  r->steps = 1;
  rows_shape(r, width_of(r, row), shape);
  const int32_t single = reshape(r, row, 3, shape);
  r->steps = any(r, 2, 7);
  shape[r->time] = r->steps;
  struct op_spec spec = {
      .inputs = {single, -1}, .list = shape, .list_count = 3, .like = copy_of(r, single)};
  spec.like.shape[r->time] = r->steps;
  r->x = make_operator(r->model, TFLITE_BROADCAST_TO, &spec);
  r->x = one_in(r, 3) ? draw_both_ways(r) : draw_lstm(r, r->x, draw_width(r));
  return one_in(r, 3) ? make_take(r->model, r->x, r->time, -1) : r->x;
}

/* The mean of each row, at an axis of its own. */
static int32_t row_mean(struct drawn_rows *r, int32_t x, int64_t zero_point) {
  static const struct tflite_operator options = {.keep_dims = true};
  const int32_t axis = -1;
  struct op_spec spec = {.options = &options,
                         .inputs = {x, -1},
                         .list = &axis,
                         .list_count = 1,
                         .like = copy_of(r, x)};
  spec.like.shape[2] = 1;
  spec.like.scale = scale_near(r, spec.like.scale);
  spec.like.zero_point = zero_point;
  return make_operator(r->model, TFLITE_MEAN, &spec);
}

/* Layer normalisation as converters leave it: five kinds of operators on each row. */
static int32_t draw_normalised(struct drawn_rows *r, int32_t x) {
  const int32_t mean = row_mean(r, x, any(r, -128, 127));
  const float step = tflite_writer_tensor_at(r->model, x)->scale;
  struct op_spec square = {.inputs = {x, mean}, .like = copy_of(r, x)};
  square.like.scale = scale_near(r, step * step * (float)seed_real(r->stream, 2, 100));
  square.like.zero_point = one_in(r, 2) ? -128 : any(r, -128, 127);
  const int32_t squares = make_operator(r->model, TFLITE_SQUARED_DIFFERENCE, &square);
  const int32_t spread = row_mean(r, squares, -128);
  struct op_spec root = {.inputs = {spread, -1}, .like = copy_of(r, spread)};
  root.like.scale =
      scale_near(r, 1.0F / (128 * sqrtf(tflite_writer_tensor_at(r->model, spread)->scale)));
  root.like.zero_point = any(r, -128, 0);
  const int32_t inverse = make_operator(r->model, TFLITE_RSQRT, &root);
  const int32_t centred = draw_binary(r, TFLITE_SUB, x, mean, x);
  return draw_binary(r, TFLITE_MUL, centred, inverse, x);
}

static void draw_stage(struct drawn_rows *r) {
  if (r->steps > 1 && one_in(r, 8)) {
    draw_fewer_steps(r);
  }
  const int32_t before = r->x;
  switch (any(r, 0, 5)) {
    case 0:
      r->x = draw_both_ways(r);
      break;
    case 1: /* a residual */
      r->x =
          draw_binary(r, any_binary(r), before, draw_lstm(r, before, width_of(r, before)), before);
      break;
    default:
      r->x = draw_lstm(r, r->x, draw_width(r));
  }
  for (int more = any(r, 0, 2); more > 0; more--) {
    r->x = one_in(r, 2) ? draw_activation(r, r->x) : draw_affine(r, r->x, any_binary(r));
    r->x = one_in(r, 4) ? draw_normalised(r, r->x) : r->x;
  }
}

/* Some of the steps: a range with any stride, or one, by its number. */
static int32_t draw_steps(struct drawn_rows *r, int32_t x) {
  const int32_t begin = any(r, 0, r->steps - 1);
  return one_in(r, 2) ? make_take(r->model, x, r->time, begin)
                      : take_range(r, x, begin, any(r, 1, r->steps - begin));
}

static int32_t draw_reduction(struct drawn_rows *r, int32_t x) {
  static const int codes[] = {TFLITE_MEAN, TFLITE_SUM, TFLITE_REDUCE_MAX};
  const int code = codes[any(r, 0, 2)];
  const struct tflite_operator options = {.keep_dims = one_in(r, 2)};
  /* Without the features the batch must not be last: dense layers would mix the sequences. */
  const int32_t axis = one_in(r, 4) && r->time == 1 ? -1 : r->time;
  struct op_spec spec = {.options = &options,
                         .inputs = {x, -1},
                         .list = &axis,
                         .list_count = 1,
                         .like = copy_of(r, x)};
  const uint32_t at = axis < 0 ? 2 : (uint32_t)axis;
  const int32_t places = spec.like.shape[at];
  spec.like.shape[at] = 1;
  for (uint32_t i = at; !options.keep_dims && i < 2; i++) {
    spec.like.shape[i] = spec.like.shape[i + 1];
  }
  spec.like.rank = options.keep_dims ? 3 : 2;
  if (code != TFLITE_REDUCE_MAX) {
    spec.like.scale =
        scale_near(r, spec.like.scale * (code == TFLITE_SUM ? sqrtf((float)places) : 1.0F));
    spec.like.zero_point = any(r, -128, 127);
  }
  return make_operator(r->model, code, &spec);
}

/* A weight for each step, of which all together are one; the weighted rows added up. */
static int32_t draw_attention(struct drawn_rows *r, int32_t x) {
  const int32_t line[2] = {r->batch, r->steps}, column[3] = {r->batch, r->steps, 1};
  const int32_t score = make_dense(r->model, r->stream, x, 1, TFLITE_ACT_NONE);
  const int32_t weights = make_softmax(r->model, reshape(r, score, 2, line), 1.0F);
  const int32_t weighted = draw_binary(r, TFLITE_MUL, x, reshape(r, weights, 3, column), x);
  const int32_t axis = 1;
  struct op_spec spec = {
      .inputs = {weighted, -1}, .list = &axis, .list_count = 1, .like = copy_of(r, weighted)};
  spec.like.rank = 2;
  spec.like.shape[1] = spec.like.shape[2];
  spec.like.scale = scale_near(r, spec.like.scale);
  return make_operator(r->model, TFLITE_SUM, &spec);
}

/* What the rows end in. */
static int32_t draw_end(struct drawn_rows *r, int32_t x) {
  switch (any(r, r->time == 1 ? 0 : 2, 8)) {
    case 0:
      return draw_attention(r, x);
    case 1: {
      const int32_t flat[2] = {r->batch, r->steps * width_of(r, x)};
      return make_dense(r->model, r->stream, reshape(r, x, 2, flat), (uint32_t)draw_width(r),
                        TFLITE_ACT_NONE);
    }
    case 2:
      return draw_steps(r, x);
    case 3:
    case 4:
      return draw_reduction(r, x);
    case 5:
      return make_take(r->model, x, r->time, -1);
    case 6:
      return draw_decoder(r, x);
    default:
      return x;
  }
}

void draw_operators(struct tflite_writer *model, struct seed_stream *stream,
                    const struct draw_limits *limits, struct drawn_graph *graph) {
  struct drawn_rows r = {.model = model, .stream = stream, .limits = limits};
  r.batch = one_in(&r, 2) ? 1 : any(&r, 2, 3);
  r.time = one_in(&r, 4) ? 0 : 1;
  r.steps = (int32_t)seed_log_uniform(stream, 1, limits->max_steps);
  draw_input(&r, graph);
  if (one_in(&r, 5)) {
    draw_more_rows(&r, graph);
  }
  for (int stages = any(&r, 1, 2); stages > 0; stages--) {
    draw_stage(&r);
  }
  int32_t y = draw_end(&r, r.x);
  if (one_in(&r, 3)) {
    y = draw_features(&r, graph, y);
  }
  if (one_in(&r, 2)) {
    y = make_dense(model, stream, y, (uint32_t)draw_width(&r), TFLITE_ACT_NONE);
  }
  if (one_in(&r, 3)) {
    y = draw_activation(&r, y);
  }
  if (one_in(&r, 5)) {
    const struct tflite_new_tensor t = copy_of(&r, y);
    y = make_quantize(model, y, TFLITE_QUANTIZE, scale_near(&r, t.scale), any(&r, 0, 255));
    tflite_writer_tensor_at(model, y)->type = TFLITE_UINT8;
  }
  graph->output_count = y != r.x && one_in(&r, 4) ? 2 : 1;
  graph->outputs[0] = y;
  graph->outputs[1] = r.x;
}
