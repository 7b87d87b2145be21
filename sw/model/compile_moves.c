/* SPDX-License-Identifier: Apache-2.0 */
/* compile_moves: RESHAPE (also SQUEEZE and EXPAND_DIMS), TRANSPOSE, REVERSE_V2, BROADCAST_TO, and
 * steps as places like any others. */
#include <stddef.h>

#include "model/compile.h"

static struct extent extent_of(struct axis axis) {
  return (struct extent){axis.time, axis.n};
}

struct view *compile_view(struct compilation *c, const struct shape *in) {
  struct view *view = arena_alloc(c->arena, 1, sizeof *view);
  if (view == NULL) {
    return NULL;
  }
  view->source_rank = view->rank = in->rank;
  for (uint32_t i = 0; i < in->rank; i++) {
    view->source[i].size = extent_of(in->axes[i]);
    view->source[i].step = 1;
    view->out[i].from = (int)i;
    view->out[i].size = view->source[i].size;
  }
  return view;
}

bool compile_add_view(struct compilation *c, const struct compile_value *in,
                      const struct view *view, const struct shape *shape) {
  struct compile_value out = *in;
  out.shape = *shape;
  if (!view_is_identity(view)) {
    struct node *node = compile_node(c, NODE_VIEW);
    node->source_count = 1;
    node->sources[0] = in->slot;
    node->u.view = view;
  }
  return compile_output(c, &out);
}

/* A copy of a value in which one axis is another, made of its places or of its only one. */
static bool change_axis(struct compilation *c, const struct compile_value *in, int at,
                        struct axis axis, bool repeats, struct compile_value *out) {
  struct view *view = compile_view(c, &in->shape);
  *out = *in;
  if (view == NULL) {
    return compile_no_memory(c);
  }
  out->shape.axes[at] = axis;
  view->out[at].size = extent_of(axis);
  if (repeats) {
    view->out[at].from = -1;
  }
  struct node *node = compile_node(c, NODE_VIEW);
  node->source_count = 1;
  node->sources[0] = in->slot;
  node->u.view = view;
  return compile_between(c, out);
}

bool compile_pin(struct compilation *c, const struct compile_value *in, struct compile_value *out) {
  const int time = shape_time_axis(&in->shape);
  *out = *in;
  if (time < 0) {
    return true;
  }
  struct axis axis = in->shape.axes[time];
  if (axis.batch && c->file.batch != 1) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "its input has batch and time on one axis, and it needs each step of %u "
                          "alone: convert with batch 1",
                          c->file.steps);
  }
  axis.n *= c->file.steps;
  axis.time = axis.time_first = false;
  compile_tie(c);
  return change_axis(c, in, time, axis, false, out);
}

bool compile_unpin(struct compilation *c, const struct compile_value *in, int axis,
                   struct compile_value *out) {
  compile_tie(c);
  return change_axis(c, in, axis, (struct axis){.time = true, .n = 1}, false, out);
}

bool compile_repeats(const struct compilation *c, struct axis row, struct axis steps) {
  return c->file.steps == 1 && steps.time && !row.time && steps.n == 1 && row.n == 1 &&
         (row.batch == steps.batch || c->file.batch == 1);
}

bool compile_repeat(struct compilation *c, const struct compile_value *in, int at,
                    struct axis steps, struct compile_value *out) {
  struct axis axis = in->shape.axes[at];
  axis.time = true;
  axis.time_first = axis.batch && steps.time_first;
  return change_axis(c, in, at, axis, true, out);
}

bool compile_reshape(struct compilation *c) {
  const struct compile_value *in = NULL;
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->operators[c->op].output];
  if (!compile_input(c, 0, &in)) {
    return false;
  }
  struct compile_value out = *in;
  if (!shape_reshape(&in->shape, c->file, t, &out.shape)) {
    return prepare_refuse(
        c->graph, c->op, c->error,
        "the shape of its output mixes batch or time with other axes; only features "
        "may be cut and joined");
  }
  return compile_output(c, &out);
}

/* An axis of one place where it is named. */
bool compile_expand_dims(struct compilation *c) {
  const struct compile_value *in = NULL;
  int32_t list[1];
  uint32_t count = 0;
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, 1, list, &count, c->error)) {
    return false;
  }
  const int32_t whole = (int32_t)in->shape.rank + 1;
  const int32_t axis = count == 1 && list[0] < 0 ? list[0] + whole : list[0];
  if (count != 1 || axis < 0 || axis >= whole || whole > TFLITE_MAX_RANK) {
    return prepare_refuse(c->graph, c->op, c->error, "axis %d of %d, at most %d are supported",
                          count == 1 ? list[0] : 0, whole, (int)TFLITE_MAX_RANK);
  }
  struct compile_value out = *in;
  out.shape.rank++;
  for (int32_t i = whole - 1; i > axis; i--) {
    out.shape.axes[i] = in->shape.axes[i - 1];
  }
  out.shape.axes[axis] = (struct axis){.n = 1};
  return compile_output(c, &out);
}

bool compile_transpose(struct compilation *c) {
  const struct compile_value *in = NULL;
  int32_t order[TFLITE_MAX_RANK];
  uint32_t count = 0, seen = 0;
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, TFLITE_MAX_RANK, order, &count, c->error)) {
    return false;
  }
  struct view *view = compile_view(c, &in->shape);
  struct shape shape = in->shape;
  if (view == NULL) {
    return compile_no_memory(c);
  }
  for (uint32_t i = 0; i < count && count == shape.rank; i++) {
    if (order[i] < 0 || order[i] >= (int32_t)count) {
      break;
    }
    seen |= 1u << order[i];
    shape.axes[i] = in->shape.axes[order[i]];
    view->out[i].from = order[i];
    view->out[i].size = view->source[order[i]].size;
  }
  if (count != shape.rank || seen != (1u << count) - 1) {
    return prepare_refuse(c->graph, c->op, c->error, "its order is no permutation of %u axes",
                          shape.rank);
  }
  return compile_add_view(c, in, view, &shape);
}

bool compile_reverse(struct compilation *c) {
  const struct compile_value *in = NULL;
  int32_t axes[TFLITE_MAX_RANK];
  uint32_t count = 0;
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, TFLITE_MAX_RANK, axes, &count, c->error)) {
    return false;
  }
  struct view *view = compile_view(c, &in->shape);
  if (view == NULL) {
    return compile_no_memory(c);
  }
  const int32_t rank = (int32_t)in->shape.rank;
  for (uint32_t i = 0; i < count; i++) {
    const int32_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];
    if (axis < 0 || axis >= rank) {
      return prepare_refuse(c->graph, c->op, c->error, "axis %d of %d", axes[i], rank);
    }
    const struct axis *a = &in->shape.axes[axis];
    if ((a->batch && (!a->time || c->file.batch != 1)) || (a->time && a->n != 1)) {
      return prepare_refuse(c->graph, c->op, c->error, "axis %d has to be time or features alone",
                            axes[i]);
    }
    view->source[axis].first = -1;
    view->source[axis].from_end = true;
    view->source[axis].step = -1;
  }
  return compile_add_view(c, in, view, &in->shape);
}

/* Whether time comes first where the file's LSTMs read rows. */
static bool is_time_major(const struct compilation *c) {
  bool major = false;
  for (uint32_t i = 0; i < c->graph->operator_count; i++) {
    const struct tflite_operator *o = &c->graph->operators[i];
    major = major || (o->code == TFLITE_LSTM && o->time_major);
  }
  return major;
}

/* The axis that a BROADCAST_TO gives steps, -1 when it does something else. Where there is one
 * step, it is the one that LSTMs want. */
static int repeated_axis(const struct compilation *c, const struct shape *in,
                         const struct tflite_tensor *t) {
  int at;
  if (c->file.steps == 1) {
    if (is_time_major(c)) {
      at = 0;
    } else {
      at = 1;
    }
  } else {
    at = -1;
  }
  uint32_t changed = 0;
  if (in->rank != t->rank || in->rank < 3 || shape_time_axis(in) >= 0) {
    return -1;
  }
  for (uint32_t i = 0; i < in->rank; i++) {
    const uint64_t size = axis_size(in->axes[i], c->file.batch, 1);
    if (size == t->shape[i]) {
      continue;
    }
    changed++;
    at = size == 1 && i + 1 < in->rank ? (int)i : -1;
  }
  return changed <= 1 ? at : -1;
}

/* One row a sequence becomes one a step, along the axis that is given the file's steps, or as many
 * places as another number says. */
bool compile_broadcast(struct compilation *c) {
  const struct compile_value *in = NULL;
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->operators[c->op].output];
  if (!compile_input(c, 0, &in)) {
    return false;
  }
  struct shape shape = in->shape;
  const int at = repeated_axis(c, &shape, t);
  if (at < 0) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "it repeats more than one row of a sequence; only one is done");
  }
  struct view *view = compile_view(c, &in->shape);
  if (view == NULL) {
    return compile_no_memory(c);
  }
  /* One sequence whose axis becomes time: another one of size 1 is the batch then. */
  for (uint32_t i = 0; i + 1 < shape.rank && shape.axes[at].batch; i++) {
    if ((int)i != at && axis_is_trivial(shape.axes[i])) {
      shape.axes[i].batch = true;
      shape.axes[at].batch = false;
    }
  }
  const bool steps = t->shape[at] == c->file.steps;
  shape.axes[at] = (struct axis){.time = steps, .n = steps ? 1 : t->shape[at]};
  view->out[at].from = -1;
  view->out[at].size = extent_of(shape.axes[at]);
  return compile_add_view(c, in, view, &shape);
}
