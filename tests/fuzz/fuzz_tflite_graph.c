/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_tflite_graph: well-formed .tflite graphs made of the bytes of a fuzzer: which operators, on
 * which tensors, of which sizes; then some numbers in them are changed to odd ones. A fuzzer that
 * changes bytes of files seldom finds a second graph that fits together. */
#include <float.h>
#include <math.h>

#include "fuzz/target.h"
#include "support/hostile.h"
#include "support/make_tflite.h"

enum { MAX_OPERATORS = 12, MAX_CHANGES = 8, MAX_LIVE = 16, MAX_WIDTH = 512 };

struct fuzz_graph {
  const uint8_t *at, *end;
  struct seed_stream stream; /* weights: of what bytes they are matters little */
  struct tflite_writer *file;
  int32_t live[MAX_LIVE]; /* tensors that operators may read */
  int live_count;
};

static uint32_t take(struct fuzz_graph *g, uint32_t below) {
  return g->at < g->end ? *g->at++ % below : 0;
}

static struct tflite_new_tensor *tensor(struct fuzz_graph *g, int32_t index) {
  return tflite_writer_tensor_at(g->file, index);
}

static int32_t any_live(struct fuzz_graph *g) {
  /* Mostly the last: a chain. */
  const uint32_t back = take(g, 4) < 3 ? 0 : take(g, (uint32_t)g->live_count);
  return g->live[g->live_count - 1 - (int)back];
}

static int32_t reshape(struct fuzz_graph *g, int32_t x) {
  const struct tflite_new_tensor in = *tensor(g, x);
  int32_t shape[TFLITE_MAX_RANK], total = 1;
  const uint32_t rank = 1 + take(g, 4);
  for (uint32_t i = 0; i < in.rank; i++) {
    total *= in.shape[i];
  }
  for (uint32_t i = 0; i < rank; i++) { /* one of its sizes, or what is left */
    const int32_t size = in.shape[take(g, in.rank)];
    if (i + 1 == rank) {
      shape[i] = total;
    } else if (size > 0 && total % size == 0) {
      shape[i] = size;
    } else {
      shape[i] = 1;
    }
    total /= shape[i] > 0 ? shape[i] : 1;
  }
  return make_reshape(g->file, x, rank, shape);
}

static int32_t transpose(struct fuzz_graph *g, int32_t x) {
  const uint32_t rank = tensor(g, x)->rank;
  int32_t order[TFLITE_MAX_RANK];
  for (uint32_t i = 0; i < rank; i++) {
    order[i] = (int32_t)i;
  }
  for (uint32_t i = rank; i > 1; i--) {
    const uint32_t k = take(g, i);
    const int32_t swap = order[i - 1];
    order[i - 1] = order[k];
    order[k] = swap;
  }
  return make_transpose(g->file, x, order);
}

static int32_t lstm(struct fuzz_graph *g, int32_t x) {
  static const float clips[] = {0.0F, 10.0F, 0.25F, 1e-3F};
  const struct lstm_spec spec = {.units = 1 + take(g, 12),
                                 .time_major = take(g, 4) == 3,
                                 .cell_exponent = -9 - (int)take(g, 12),
                                 .cell_clip = clips[take(g, 4)],
                                 .gain = (float)(1 + take(g, 4)),
                                 .h_scale = 0.0078125F,
                                 .h_zero_point = (int64_t)take(g, 40) - 20};
  return make_lstm(g->file, &g->stream, x, &spec);
}

static int32_t concat(struct fuzz_graph *g, int32_t x) {
  const int32_t other = any_live(g);
  const struct tflite_new_tensor a = *tensor(g, x), b = *tensor(g, other);
  const int32_t axis = (int32_t)take(g, a.rank);
  return a.rank == b.rank && a.shape[axis] + b.shape[axis] <= MAX_WIDTH
             ? make_concat(g->file, x, other, axis)
             : x;
}

/* The output of an operator that is like its input but for what the bytes choose. */
static struct op_spec like(struct fuzz_graph *g, int32_t x, int32_t other) {
  static const float scales[] = {0.5F, 0.0078125F, 1.0F / 256.0F, 0.05F};
  struct op_spec spec = {.inputs = {x, other}, .like = *tensor(g, x)};
  spec.like.data = NULL;
  spec.like.variable = false;
  spec.like.name = "operator";
  if (take(g, 2) == 0) {
    spec.like.scale = scales[take(g, 4)];
    spec.like.zero_point = (int64_t)take(g, 256) - 128;
  }
  return spec;
}

/* ADD, SUB or MUL with another tensor, a constant row, or one of each step. */
static int32_t binary(struct fuzz_graph *g, int32_t x) {
  static const int codes[] = {TFLITE_ADD, TFLITE_SUB, TFLITE_MUL};
  const struct tflite_new_tensor t = *tensor(g, x);
  int32_t other = any_live(g);
  if (take(g, 2) == 0) {
    int32_t shape[TFLITE_MAX_RANK];
    for (uint32_t i = 0; i < t.rank; i++) {
      shape[i] = take(g, 2) == 0 ? 1 : t.shape[i];
    }
    other = make_constant(g->file, &g->stream, t.rank, shape, 0.05F, 3);
  }
  const struct op_spec spec = like(g, x, other);
  return make_operator(g->file, codes[take(g, 3)], &spec);
}

static int32_t reduce(struct fuzz_graph *g, int32_t x) {
  static const int codes[] = {TFLITE_MEAN, TFLITE_SUM, TFLITE_REDUCE_MAX, TFLITE_REDUCE_MIN};
  const struct tflite_operator options = {.keep_dims = true};
  struct op_spec spec = like(g, x, -1);
  const int32_t axis = (int32_t)take(g, spec.like.rank);
  spec.options = &options;
  spec.list = &axis;
  spec.list_count = 1;
  spec.like.shape[axis] = 1;
  return make_operator(g->file, codes[take(g, 4)], &spec);
}

static int32_t activation(struct fuzz_graph *g, int32_t x) {
  static const int codes[] = {TFLITE_TANH, TFLITE_ELU,   TFLITE_LEAKY_RELU,
                              TFLITE_RELU, TFLITE_RELU6, TFLITE_EXPAND_DIMS};
  const struct tflite_operator options = {.alpha = 0.25F};
  struct op_spec spec = like(g, x, -1);
  const int code = codes[take(g, 6)];
  spec.options = &options;
  if (code == TFLITE_TANH && take(g, 4) != 0) {
    spec.like.scale = 1.0F / 128.0F;
    spec.like.zero_point = 0;
  }
  return make_operator(g->file, code, &spec);
}

/* One operator on a tensor; the tensor itself where it cannot be. */
static int32_t add_operator(struct fuzz_graph *g, int32_t x) {
  static const float scales[] = {0.5F, 0.0078125F, 1.0F / 256.0F, 0.05F};
  const uint32_t rank = tensor(g, x)->rank;
  const uint32_t kind = take(g, 15);
  if (rank == 0 || (kind < 3 && rank != 3)) {
    return rank == 0 ? x : reshape(g, x);
  }
  switch (kind) {
    case 0:
    case 1:
    case 2:
      return lstm(g, x);
    case 3:
      return make_dense(g->file, &g->stream, x, 1 + take(g, 12), (int)take(g, 5));
    case 4:
      return make_reverse(g->file, x, (int32_t)take(g, rank));
    case 5:
      return transpose(g, x);
    case 6:
      return reshape(g, x);
    case 7:
      return make_take(g->file, x, (int32_t)take(g, rank), (int32_t)take(g, 5) - 2);
    case 8:
      return concat(g, x);
    case 9:
      return make_quantize(g->file, x, take(g, 2) == 0 ? TFLITE_QUANTIZE : TFLITE_DEQUANTIZE,
                           scales[take(g, 4)], (int64_t)take(g, 256) - 128);
    case 10:
      return take(g, 2) == 0 ? make_softmax(g->file, x, 1.0F) : make_logistic(g->file, x);
    case 12:
      return binary(g, x);
    case 13:
      return reduce(g, x);
    case 14:
      return activation(g, x);
    default:
      return make_arg_max(g->file, x, take(g, 2) == 0 ? TFLITE_INT32 : TFLITE_INT64);
  }
}

static int32_t odd_number(struct fuzz_graph *g) {
  static const int32_t odd[] = {0,       -1,        1,         2,     3,     7,     127,
                                128,     255,       256,       65535, 65536, 65537, 1 << 28,
                                1 << 30, INT32_MAX, INT32_MIN, -2,    -3};
  return take(g, 3) == 0 ? (int32_t)take(g, 64) : odd[take(g, sizeof odd / sizeof odd[0])];
}

static float odd_float(struct fuzz_graph *g) {
  static const float odd[] = {0.0F,   -1.0F,    1e-40F,  FLT_MIN,  FLT_MAX, 1e30F,
                              1e-20F, 0x1p-15F, 0x1p-9F, INFINITY, NAN,     3.0F};
  return odd[take(g, sizeof odd / sizeof odd[0])];
}

static void change_tensor(struct fuzz_graph *g) {
  const uint32_t count = tflite_writer_tensors(g->file);
  struct tflite_new_tensor *t = tensor(g, (int32_t)(take(g, 256) % count));
  switch (take(g, 7)) {
    case 0:
      t->shape[take(g, TFLITE_MAX_RANK)] = odd_number(g);
      break;
    case 1:
      t->rank = take(g, TFLITE_MAX_RANK + 1);
      break;
    case 2:
      t->type = (int)take(g, 20);
      break;
    case 3:
      t->scale = odd_float(g);
      break;
    case 4:
      t->zero_point = odd_number(g);
      break;
    case 5:
      t->variable = !t->variable;
      break;
    default:
      t->shared = 1 + take(g, 256) % count;
      break;
  }
}

static void change_operator(struct fuzz_graph *g) {
  const uint32_t count = tflite_writer_operators(g->file);
  if (count == 0) {
    return;
  }
  struct tflite_operator *o = tflite_writer_operator_at(g->file, take(g, 256) % count);
  int32_t *const numbers[] = {&o->output,          &o->axis,          &o->begin_mask,
                              &o->end_mask,        &o->ellipsis_mask, &o->new_axis_mask,
                              &o->shrink_axis_mask};
  switch (take(g, 8)) {
    case 0:
      o->inputs[take(g, TFLITE_MAX_INPUTS)] = odd_number(g);
      break;
    case 1:
      o->inputs[take(g, TFLITE_MAX_INPUTS)] =
          (int32_t)(take(g, 256) % tflite_writer_tensors(g->file));
      break;
    case 2:
      o->input_count = take(g, TFLITE_MAX_INPUTS + 1);
      break;
    case 3:
      *numbers[take(g, sizeof numbers / sizeof numbers[0])] = odd_number(g);
      break;
    case 4:
      o->activation = (int)take(g, 7);
      break;
    case 5:
      o->beta = o->cell_clip = odd_float(g);
      break;
    case 6:
      o->code = (int)take(g, 150);
      break;
    default:
      o->intermediates[take(g, TFLITE_INTERMEDIATES)] = odd_number(g);
      break;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct fuzz_graph g = {.at = data, .end = data + size, .file = tflite_writer_new()};
  hostile_demand(g.file != NULL, "there is no memory for the test", "");
  g.stream.state = take(&g, 256);
  const uint32_t rank = 2 + take(&g, 3);
  int32_t shape[TFLITE_MAX_RANK];
  for (uint32_t i = 0; i < rank; i++) {
    shape[i] = (int32_t)(1 + take(&g, 6));
  }
  const int32_t input = make_input(g.file, &g.stream, rank, shape);
  int32_t output = input;
  g.live[g.live_count++] = input;
  for (uint32_t n = take(&g, MAX_OPERATORS); n > 0 && g.live_count < MAX_LIVE; n--) {
    output = add_operator(&g, any_live(&g));
    g.live[g.live_count++] = output;
  }
  for (uint32_t n = take(&g, MAX_CHANGES); n > 0; n--) {
    if (take(&g, 2) == 0) {
      change_tensor(&g);
    } else {
      change_operator(&g);
    }
  }
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(g.file, input, output, &len_bytes);
  hostile_demand(bytes != NULL, "there is no memory for the test", "");
  (void)hostile_model(bytes, len_bytes, true);
  tflite_writer_free(g.file);
  return 0;
}
