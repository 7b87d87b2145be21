/* SPDX-License-Identifier: Apache-2.0 */
/* compile_math: ADD, SUB, MUL, SQUARED_DIFFERENCE; MEAN, SUM, REDUCE_MAX, REDUCE_MIN.
 *
 * Parameters with which the reference would stop, or a number leave 32 bits, are refused. */
#include <string.h>

#include "model/compile.h"

static struct extent extent_of(struct axis axis) {
  return (struct extent){axis.time, axis.n};
}

/* One operand of ADD, SUB or MUL: a value, or a constant as one. */
struct operand {
  struct compile_value value;
  const int8_t *constant;
  bool is_open; /* a constant: axes of one place and of more are the file's sizes */
};

static bool get_operand(struct compilation *c, uint32_t input, struct operand *operand) {
  const int32_t index = c->graph->operators[c->op].inputs[input];
  const struct tflite_tensor *t = index < 0 ? NULL : &c->graph->tensors[index];
  if (t == NULL || t->data == NULL) {
    const struct compile_value *in = NULL;
    if (!compile_int8_input(c, input, &in)) {
      return false;
    }
    *operand = (struct operand){.value = *in};
    return true;
  }
  *operand = (struct operand){.constant = (const int8_t *)t->data};
  operand->value.shape.rank = t->rank;
  for (uint32_t i = 0; i < t->rank; i++) {
    operand->value.shape.axes[i].n = t->shape[i];
  }
  return prepare_tensor(c->graph, c->op, index, TFLITE_INT8, "constant", &t, c->error) &&
         prepare_quant(c->graph, c->op, index, &operand->value.quant, c->error);
}

static struct axis axis_from_end(const struct shape *shape, uint32_t rank, uint32_t i) {
  const uint32_t missing = rank - shape->rank;
  const struct axis one = {.n = 1};
  return i < missing ? one : shape->axes[i - missing];
}

/* The axis of `places` that has as many places as `steps` has steps, where both stand; or -1. */
static int axis_of_steps(const struct compilation *c, const struct shape *steps,
                         const struct shape *places) {
  const uint32_t rank = steps->rank > places->rank ? steps->rank : places->rank;
  for (uint32_t i = rank - places->rank; i < rank; i++) {
    const struct axis x = axis_from_end(steps, rank, i), y = axis_from_end(places, rank, i);
    if (x.time && x.n == 1 && (!x.batch || c->file.batch == 1) && !y.time && !y.batch &&
        y.n == c->file.steps && y.n != 1) {
      return (int)(i - (rank - places->rank));
    }
  }
  return -1;
}

static bool refuse_shapes(struct compilation *c, uint32_t axis) {
  return prepare_refuse(c->graph, c->op, c->error,
                        "its two inputs do not fit along axis %u: each axis has to be the same in "
                        "both, or one place in one of them",
                        axis);
}

/* One axis of the output from those of the operands. */
static bool join_axis(struct compilation *c, struct axis a, struct axis b, bool along[2],
                      struct axis *out) {
  const bool one_a =
      (axis_is_trivial(a) && (!a.batch || c->file.batch == 1)) || compile_repeats(c, a, b);
  const bool one_b =
      (axis_is_trivial(b) && (!b.batch || c->file.batch == 1)) || compile_repeats(c, b, a);
  along[0] = !axis_is_trivial(a);
  along[1] = !axis_is_trivial(b);
  if (axis_equal(a, b) || (a.time == b.time && a.n == b.n && c->file.batch == 1)) {
    *out = a.batch ? a : b;
    return true;
  }
  if (!one_a && !one_b) {
    return false;
  }
  *out = one_b ? a : b;
  /* A batch of one is an axis of one place wherever it stands. */
  out->batch = a.batch || b.batch;
  return true;
}

static bool join_shapes(struct compilation *c, const struct operand operands[2],
                        struct host_binary *binary, struct shape *out) {
  const struct shape *a = &operands[0].value.shape, *b = &operands[1].value.shape;
  const int deeper = a->rank >= b->rank ? 0 : 1;
  const int batch = shape_batch_axis(deeper == 0 ? a : b);
  out->rank = binary->rank = deeper == 0 ? a->rank : b->rank;
  for (uint32_t i = 0; i < out->rank; i++) {
    bool along[2];
    if (!join_axis(c, axis_from_end(a, out->rank, i), axis_from_end(b, out->rank, i), along,
                   &out->axes[i])) {
      return refuse_shapes(c, i);
    }
    if (out->axes[i].batch && batch >= 0 && (int)i != batch) {
      if (c->file.batch != 1) {
        return refuse_shapes(c, i);
      }
      out->axes[i].batch = out->axes[i].time_first = false;
    }
    binary->operand[0].along[i] = along[0];
    binary->operand[1].along[i] = along[1];
    binary->size[i] = extent_of(out->axes[i]);
  }
  return true;
}

static bool smaller_than_one(double d, int32_t *multiplier, int8_t *shift) {
  return d < 1.0 && prepare_multiplier(d, multiplier, shift) && *shift <= 0;
}

static bool add_factors(struct host_binary *b, struct quant x, struct quant y, struct quant to) {
  const double twice = 2 * (double)(x.scale > y.scale ? x.scale : y.scale);
  const double factor = twice / ((1 << HOST_ADD_SHIFT) * (double)to.scale);
  return smaller_than_one((double)x.scale / twice, &b->operand[0].multiplier,
                          &b->operand[0].shift) &&
         smaller_than_one((double)y.scale / twice, &b->operand[1].multiplier,
                          &b->operand[1].shift) &&
         smaller_than_one(factor, &b->multiplier, &b->shift);
}

/* The largest product of differences is 255 * 255, below 2^16. */
static bool mul_factors(struct host_binary *b, struct quant x, struct quant y, struct quant to) {
  return prepare_multiplier((double)x.scale * (double)y.scale / (double)to.scale, &b->multiplier,
                            &b->shift) &&
         b->shift <= 15;
}

/* As ADD, but squared, at 7 bits; below 2^30 all in all. */
static bool square_factors(struct host_binary *b, struct quant x, struct quant y, struct quant to) {
  const double twice = 2 * (double)(x.scale > y.scale ? x.scale : y.scale);
  const double factor = twice * twice / ((1 << 2 * HOST_SQUARE_SHIFT) * (double)to.scale);
  return smaller_than_one((double)x.scale / twice, &b->operand[0].multiplier,
                          &b->operand[0].shift) &&
         smaller_than_one((double)y.scale / twice, &b->operand[1].multiplier,
                          &b->operand[1].shift) &&
         prepare_multiplier(factor, &b->multiplier, &b->shift) && b->shift <= 0;
}

static bool factors_of(struct host_binary *b, struct quant x, struct quant y, struct quant to) {
  if (b->kind == HOST_MUL) {
    return mul_factors(b, x, y, to);
  }
  return b->kind == HOST_SQUARED_DIFFERENCE ? square_factors(b, x, y, to)
                                            : add_factors(b, x, y, to);
}

static bool find_factors(struct compilation *c, const struct operand operands[2],
                         struct host_binary *binary, struct quant to) {
  const struct quant x = operands[0].value.quant, y = operands[1].value.quant;
  binary->operand[0].zero_point = x.zero_point;
  binary->operand[1].zero_point = y.zero_point;
  binary->zero_point = to.zero_point;
  if (factors_of(binary, x, y, to)) {
    return true;
  }
  return prepare_refuse(c->graph, c->op, c->error,
                        "scales %.9g and %.9g to %.9g are too far apart for 32 bits",
                        (double)x.scale, (double)y.scale, (double)to.scale);
}

/* Where one operand has a place for each of the file's steps, its places are steps too. */
static bool match_steps(struct compilation *c, struct operand operands[2]) {
  for (int i = 0; i < 2; i++) {
    struct compile_value *value = &operands[i].value;
    const int axis = axis_of_steps(c, &operands[1 - i].value.shape, &value->shape);
    if (axis < 0) {
      continue;
    }
    const struct compile_value given = *value;
    compile_tie(c);
    if (operands[i].constant != NULL) {
      value->shape.axes[axis] = (struct axis){.time = true, .n = 1};
    } else if (!compile_unpin(c, &given, axis, value)) {
      return false;
    }
  }
  return true;
}

bool compile_binary(struct compilation *c) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  struct operand operands[2];
  struct compile_value out = {.known = false};
  if (!get_operand(c, 0, &operands[0]) || !get_operand(c, 1, &operands[1]) ||
      !prepare_quant(c->graph, c->op, o->output, &out.quant, c->error) ||
      !match_steps(c, operands)) {
    return false;
  }
  struct host_binary *binary = arena_alloc(c->arena, 1, sizeof *binary);
  if (binary == NULL) {
    return compile_no_memory(c);
  }
  if (o->code == TFLITE_MUL) {
    binary->kind = HOST_MUL;
  } else if (o->code == TFLITE_ADD) {
    binary->kind = HOST_ADD;
  } else if (o->code == TFLITE_SQUARED_DIFFERENCE) {
    binary->kind = HOST_SQUARED_DIFFERENCE;
  } else {
    binary->kind = HOST_SUB;
  }
  if (!join_shapes(c, operands, binary, &out.shape) ||
      !find_factors(c, operands, binary, out.quant) ||
      !prepare_clamp(c->graph, c->op, out.quant, &binary->low, &binary->high, c->error)) {
    return false;
  }
  struct node *node = compile_node(c, NODE_BINARY);
  node->u.binary = binary;
  for (int i = 0; i < 2; i++) {
    binary->operand[i].constant = operands[i].constant;
    if (operands[i].constant == NULL) {
      node->sources[node->source_count++] = operands[i].value.slot;
    }
  }
  if (node->source_count == 0) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "both of its inputs are constants; one has to be computed");
  }
  return compile_output(c, &out);
}

/* The axes that are reduced, and the output's shape. */
static bool find_reduced(struct compilation *c, const struct compile_value *in,
                         struct host_reduce *reduce, struct shape *out) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  int32_t axes[TFLITE_MAX_RANK];
  uint32_t count = 0;
  if (!prepare_int_list(c->graph, c->op, 1, TFLITE_MAX_RANK, axes, &count, c->error)) {
    return false;
  }
  const int32_t rank = (int32_t)in->shape.rank;
  for (uint32_t i = 0; i < count; i++) {
    const int32_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];
    if (axis < 0 || axis >= rank) {
      return prepare_refuse(c->graph, c->op, c->error, "axis %d of %d", axes[i], rank);
    }
    if (in->shape.axes[axis].batch) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "axis %d is batch; only steps and features are reduced", axes[i]);
    }
    reduce->reduced[axis] = true;
  }
  reduce->rank = in->shape.rank;
  for (uint32_t i = 0; i < in->shape.rank; i++) {
    reduce->size[i] = extent_of(in->shape.axes[i]);
    if (!reduce->reduced[i]) {
      out->axes[out->rank++] = in->shape.axes[i];
    } else if (o->keep_dims) {
      out->axes[out->rank++] = (struct axis){.n = 1};
    }
  }
  return true;
}

/* Places that make one of the output, at the file's T. */
static uint64_t count_places(const struct compilation *c, const struct host_reduce *reduce) {
  uint64_t places = 1;
  for (uint32_t i = 0; i < reduce->rank; i++) {
    if (reduce->reduced[i]) {
      places *= reduce->size[i].n * (reduce->size[i].time ? c->file.steps : 1);
    }
  }
  return places;
}

/* SUM and MEAN: the multiplier; that of MEAN holds the number of places, so that it is a whole one
 * of fewer bits, as the reference divides it. */
static bool find_sum_factor(struct compilation *c, const struct compile_value *in, struct quant to,
                            struct host_reduce *reduce) {
  const uint64_t places = count_places(c, reduce);
  const double factor = (double)in->quant.scale / (double)to.scale;
  bool fits = places <= 1 << 23 && prepare_multiplier(factor, &reduce->multiplier, &reduce->shift);
  if (fits && c->graph->operators[c->op].code == TFLITE_MEAN) {
    int bits = 0;
    while ((places >> (bits + 1)) != 0) {
      bits++;
    }
    bits = bits < 31 + reduce->shift ? bits : 31 + reduce->shift;
    reduce->multiplier =
        (int32_t)(((int64_t)reduce->multiplier * (INT64_C(1) << bits)) / (int64_t)places);
    reduce->shift = (int8_t)(reduce->shift - bits);
  }
  fits = fits && (reduce->shift <= 0 || 255 * places < (UINT64_C(1) << (31 - reduce->shift)));
  return fits ||
         prepare_refuse(c->graph, c->op, c->error,
                        "%llu places of scale %.9g to scale %.9g have to stay within 32 bits",
                        (unsigned long long)places, (double)in->quant.scale, (double)to.scale);
}

bool compile_reduce(struct compilation *c) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  const bool sums = o->code == TFLITE_MEAN || o->code == TFLITE_SUM;
  const struct compile_value *in = NULL;
  struct compile_value out = {.known = false};
  struct host_reduce *reduce = arena_alloc(c->arena, 1, sizeof *reduce);
  if (reduce == NULL) {
    return compile_no_memory(c);
  }
  if (!compile_int8_input(c, 0, &in) || !find_reduced(c, in, reduce, &out.shape) ||
      !prepare_quant(c->graph, c->op, o->output, &out.quant, c->error)) {
    return false;
  }
  if (sums && in->shape.rank > 4) {
    return prepare_refuse(c->graph, c->op, c->error, "its input has %u dimensions, the limit is 4",
                          in->shape.rank);
  }
  if (!sums &&
      (in->quant.scale != out.quant.scale || in->quant.zero_point != out.quant.zero_point)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its output has scale %.9g, zero point %d; it has to have the input's, "
                          "%.9g, %d",
                          (double)out.quant.scale, out.quant.zero_point, (double)in->quant.scale,
                          in->quant.zero_point);
  }
  if (sums) {
    reduce->kind = HOST_SUM;
  } else if (o->code == TFLITE_REDUCE_MAX) {
    reduce->kind = HOST_MAX;
  } else {
    reduce->kind = HOST_MIN;
  }
  reduce->zero_in = in->quant.zero_point;
  reduce->zero_out = out.quant.zero_point;
  if (sums && !find_sum_factor(c, in, out.quant, reduce)) {
    return false;
  }
  const int time = shape_time_axis(&in->shape);
  if (sums && time >= 0 && reduce->reduced[time]) {
    compile_tie(c);
  }
  struct node *node = compile_node(c, NODE_REDUCE);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.reduce = reduce;
  return compile_output(c, &out);
}
