/* SPDX-License-Identifier: Apache-2.0 */
/* compile_concat: CONCATENATION. Steps along the joined axis are places like any others from there
 * on; where the file has one step, a row of each sequence stands at each step if others are of
 * steps. */
#include "model/compile.h"

/* Whether two axes have the same places; a batch of one is an axis of one place wherever it stands.
 */
static bool axes_alike(const struct compilation *c, struct axis a, struct axis b) {
  return axis_equal(a, b) || (c->file.batch == 1 && a.time == b.time && a.n == b.n);
}

/* Whether `other` can stand beside `first` along `axis`. */
static bool check_beside(struct compilation *c, const struct compile_value *first,
                         const struct compile_value *other, uint32_t input, uint32_t axis) {
  bool same = first->shape.rank == other->shape.rank && first->is_float == other->is_float &&
              first->is_unsigned == other->is_unsigned;
  for (uint32_t i = 0; same && i < first->shape.rank; i++) {
    same = i == axis || axes_alike(c, first->shape.axes[i], other->shape.axes[i]);
  }
  if (!same || other->shape.axes[axis].batch) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "input %u cannot be joined along axis %u: all others must be equal, and "
                          "it must not be the batch",
                          input, axis);
  }
  if (first->quant.scale != other->quant.scale ||
      first->quant.zero_point != other->quant.zero_point) {
    return prepare_refuse(
        c->graph, c->op, c->error,
        "quantisations disagree: input 0 has scale %.9g, zero point %d, input %u has "
        "%.9g, %d",
        (double)first->quant.scale, first->quant.zero_point, input, (double)other->quant.scale,
        other->quant.zero_point);
  }
  return true;
}

/* What stands beside each other: values of the inputs, or copies of them with other axes. */
struct joined {
  uint32_t count, axis;
  const struct compile_value *in[HOST_MAX_SOURCES];
  struct compile_value copies[HOST_MAX_SOURCES];
};

/* Those with time along the axis are pinned. */
static bool take_joined(struct compilation *c, struct joined *joined) {
  for (uint32_t i = 0; i < joined->count; i++) {
    const struct compile_value **in = &joined->in[i];
    if (!compile_input(c, i, in)) {
      return false;
    }
    if (joined->axis >= (*in)->shape.rank || !(*in)->shape.axes[joined->axis].time) {
      continue;
    }
    if (!compile_pin(c, *in, &joined->copies[i])) {
      return false;
    }
    *in = &joined->copies[i];
  }
  return true;
}

/* The time axis of the first that has one, which is then of its shape; -1 when none has. */
static int find_steps(const struct joined *joined, struct axis *steps) {
  for (uint32_t i = 0; i < joined->count; i++) {
    const struct shape *shape = &joined->in[i]->shape;
    const int time = shape_time_axis(shape);
    if (time >= 0) {
      *steps = shape->axes[time];
      return time;
    }
  }
  return -1;
}

/* A row of each sequence beside rows of its only step: there is one at each step. */
static bool repeat_rows(struct compilation *c, struct joined *joined) {
  struct axis steps;
  const int time = find_steps(joined, &steps);
  for (uint32_t i = 0; time >= 0 && i < joined->count; i++) {
    const struct shape *shape = &joined->in[i]->shape;
    if (shape_time_axis(shape) >= 0 || (uint32_t)time >= shape->rank ||
        !compile_repeats(c, shape->axes[time], steps)) {
      continue;
    }
    const struct compile_value row = *joined->in[i];
    if (!compile_repeat(c, &row, time, steps, &joined->copies[i])) {
      return false;
    }
    joined->in[i] = &joined->copies[i];
  }
  return true;
}

static bool join(struct compilation *c, const struct joined *joined, struct node *node,
                 struct concat *concat, struct compile_value *out) {
  const uint32_t axis = joined->axis;
  uint64_t places = 0;
  *out = *joined->in[0];
  for (uint32_t i = 1; i < joined->count && shape_batch_axis(&out->shape) < 0; i++) {
    out->shape = joined->in[i]->shape; /* which axis is the batch, if one of them says it */
  }
  concat->source_count = node->source_count = joined->count;
  for (uint32_t i = 0; i < concat->source_count; i++) {
    const struct compile_value *in = joined->in[i];
    if (!check_beside(c, out, in, i, axis)) {
      return false;
    }
    node->sources[i] = in->slot;
    places += in->shape.axes[axis].n;
    concat->inner[i].n = 1;
    for (uint32_t k = axis; k < in->shape.rank; k++) {
      concat->inner[i].n *= in->shape.axes[k].n;
      concat->inner[i].time = concat->inner[i].time || in->shape.axes[k].time;
    }
  }
  concat->outer.n = 1;
  for (uint32_t k = 0; k < axis; k++) {
    concat->outer.n *= out->shape.axes[k].n;
    concat->outer.time = concat->outer.time || out->shape.axes[k].time;
  }
  if (places > TFLITE_MAX_ELEMENTS) {
    return prepare_refuse(c->graph, c->op, c->error, "its rows have %llu places, the limit is %d",
                          (unsigned long long)places, (int)TFLITE_MAX_ELEMENTS);
  }
  out->shape.axes[axis].n = (uint32_t)places;
  node->joins = concat->outer.n == 1 && !concat->inner[0].time;
  return true;
}

bool compile_concat(struct compilation *c) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  const struct compile_value *first = NULL;
  if (!compile_input(c, 0, &first)) {
    return false;
  }
  const int32_t rank = (int32_t)first->shape.rank;
  const int32_t axis = o->axis < 0 ? o->axis + rank : o->axis;
  if (axis < 0 || axis >= rank || o->activation != TFLITE_ACT_NONE) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "axis %d of %d with activation %d, only activation 0 is supported",
                          o->axis, rank, o->activation);
  }
  struct concat *concat = arena_alloc(c->arena, 1, sizeof *concat);
  if (concat == NULL) {
    return compile_no_memory(c);
  }
  struct joined joined = {.count = o->input_count, .axis = (uint32_t)axis};
  struct compile_value out;
  if (!take_joined(c, &joined) || !repeat_rows(c, &joined)) {
    return false;
  }
  struct node *node = compile_node(c, NODE_CONCAT);
  node->u.concat = concat;
  return join(c, &joined, node, concat, &out) && compile_output(c, &out);
}
