/* SPDX-License-Identifier: Apache-2.0 */
/* compile_moves: RESHAPE, TRANSPOSE, REVERSE_V2, STRIDED_SLICE, CONCATENATION.
 *
 * Constants in which the file's own B and T are baked are understood by meaning: all steps, the
 * first, the last. What means something only at the file's T is refused. */
#include <stddef.h>

#include "model/compile.h"

static struct extent extent_of(struct axis axis) {
  return (struct extent){axis.time, axis.n};
}

static bool out_of_memory(struct compilation *c) {
  return prepare_refuse(c->graph, c->op, c->error, "no memory");
}

/* A view of all of `in`, axis by axis; the operators change what they change. */
static struct view *new_view(struct compilation *c, const struct shape *in) {
  struct view *view = arena_alloc(c->arena, 1, sizeof(*view));
  if (view == NULL)
    return NULL;
  view->source_rank = view->rank = in->rank;
  for (uint32_t i = 0; i < in->rank; i++) {
    view->source[i].size = extent_of(in->axes[i]);
    view->source[i].step = 1;
    view->out[i].from = (int)i;
    view->out[i].size = view->source[i].size;
  }
  return view;
}

static bool add_view(struct compilation *c, const struct value *in, const struct view *view,
                     const struct shape *shape) {
  struct value out = *in;
  out.shape = *shape;
  if (!view_is_identity(view)) {
    struct node *node = compile_node(c, NODE_VIEW);
    node->source_count = 1;
    node->sources[0] = in->slot;
    node->u.view = view;
  }
  return compile_output(c, &out);
}

bool compile_reshape(struct compilation *c) {
  const struct value *in = NULL;
  const struct tflite_tensor *t = &c->graph->tensors[c->graph->operators[c->op].output];
  if (!compile_input(c, 0, &in))
    return false;
  struct value out = *in;
  if (!shape_reshape(&in->shape, c->file, t, &out.shape)) {
    return prepare_refuse(
        c->graph, c->op, c->error,
        "the shape of its output mixes batch or time with other axes; only features "
        "may be cut and joined");
  }
  return compile_output(c, &out);
}

bool compile_transpose(struct compilation *c) {
  const struct value *in = NULL;
  int32_t order[TFLITE_MAX_RANK];
  uint32_t count = 0, seen = 0;
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, TFLITE_MAX_RANK, order, &count, c->error)) {
    return false;
  }
  struct view *view = new_view(c, &in->shape);
  struct shape shape = in->shape;
  if (view == NULL)
    return out_of_memory(c);
  for (uint32_t i = 0; i < count && count == shape.rank; i++) {
    if (order[i] < 0 || order[i] >= (int32_t)count)
      break;
    seen |= 1u << order[i];
    shape.axes[i] = in->shape.axes[order[i]];
    view->out[i].from = order[i];
    view->out[i].size = view->source[order[i]].size;
  }
  if (count != shape.rank || seen != (1u << count) - 1) {
    return prepare_refuse(c->graph, c->op, c->error, "its order is no permutation of %u axes",
                          shape.rank);
  }
  return add_view(c, in, view, &shape);
}

bool compile_reverse(struct compilation *c) {
  const struct value *in = NULL;
  int32_t axes[TFLITE_MAX_RANK];
  uint32_t count = 0;
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, TFLITE_MAX_RANK, axes, &count, c->error)) {
    return false;
  }
  struct view *view = new_view(c, &in->shape);
  if (view == NULL)
    return out_of_memory(c);
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
  return add_view(c, in, view, &in->shape);
}

/* What STRIDED_SLICE takes of one axis of `size` places in the file. */
struct range {
  int64_t first, step, count;
  bool from_end; /* the first place was given by counting from the end */
};

static struct range find_range(const struct tflite_operator *o, uint32_t axis, int64_t size,
                               int64_t begin, int64_t end, int64_t step) {
  struct range r = {begin, step, 1, begin < 0};
  const bool open_begin = (o->begin_mask >> axis & 1) != 0;
  const bool open_end = (o->end_mask >> axis & 1) != 0;
  if (open_begin) {
    r.first = step > 0 ? 0 : size - 1;
    r.from_end = step < 0;
  } else if (begin < 0) {
    r.first = begin + size;
  }
  if ((o->shrink_axis_mask >> axis & 1) != 0) {
    r.step = 1;
    if (r.first < 0 || r.first >= size)
      r.count = 0;
    return r;
  }
  int64_t stop = end < 0 ? end + size : end;
  if (step > 0) {
    if (r.first < 0)
      r.first = 0;
    if (open_end || stop > size)
      stop = size;
    r.count = stop > r.first ? (stop - r.first + step - 1) / step : 0;
  } else {
    if (r.first >= size)
      r.first = size - 1;
    if (stop < -1)
      stop = -1;
    if (open_end)
      stop = -1;
    r.count = r.first > stop ? (r.first - stop - step - 1) / -step : 0;
  }
  return r;
}

/* Time: all steps, all backwards, the first or the last one, whatever T is. */
static bool slice_time(struct compilation *c, struct range r, bool shrink,
                       struct view_source *source, struct axis *axis) {
  const int64_t steps = c->file.steps;
  if (axis->n != 1 || (axis->batch && c->file.batch != 1)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "it cuts an axis that is time and more; only time alone can be cut");
  }
  if (!shrink && r.first == 0 && r.step == 1 && r.count == steps)
    return true;
  if (!shrink && r.first == steps - 1 && r.step == -1 && r.count == steps) {
    source->first = -1;
    source->from_end = true;
    source->step = -1;
    return true;
  }
  const bool last = r.first == steps - 1, first = r.first == 0 && !r.from_end;
  if (r.count != 1 || (!last && !first)) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "it takes %lld of %lld steps from step %lld on; all steps, the first or "
                          "the last can be taken",
                          (long long)r.count, (long long)steps, (long long)r.first);
  }
  source->from_end = last;
  source->first = last ? -1 : 0;
  axis->time = axis->time_first = false;
  return true;
}

static bool slice_axis(struct compilation *c, struct range r, bool shrink,
                       struct view_source *source, struct axis *axis) {
  const int64_t size = (int64_t)axis_size(*axis, c->file.batch, c->file.steps);
  if (r.count < 1)
    return prepare_refuse(c->graph, c->op, c->error, "it takes nothing of an axis");
  if (!shrink && r.first == 0 && r.step == 1 && r.count == size)
    return true;
  if (axis->time)
    return slice_time(c, r, shrink, source, axis);
  if (axis->batch) {
    if (c->file.batch == 1 && axis->n == 1)
      return true; /* the only sequence, its axis removed */
    return prepare_refuse(c->graph, c->op, c->error,
                          "it cuts the batch; only time and features can be cut");
  }
  source->first = r.first;
  source->step = r.step;
  axis->n = (uint32_t)r.count;
  return true;
}

static bool get_slice_lists(struct compilation *c, uint32_t rank,
                            int32_t lists[3][TFLITE_MAX_RANK]) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  for (uint32_t i = 0; i < 3; i++) {
    uint32_t count = 0;
    if (!prepare_int_list(c->graph, c->op, i + 1, TFLITE_MAX_RANK, lists[i], &count, c->error)) {
      return false;
    }
    if (count != rank) {
      return prepare_refuse(c->graph, c->op, c->error, "it names %u axes of %u", count, rank);
    }
  }
  if (o->ellipsis_mask != 0 || o->new_axis_mask != 0 || o->offset) {
    return prepare_refuse(
        c->graph, c->op, c->error,
        "it has an ellipsis, new axes or offset ends; only plain ranges are supported");
  }
  return true;
}

bool compile_slice(struct compilation *c) {
  const struct value *in = NULL;
  const struct tflite_operator *o = &c->graph->operators[c->op];
  int32_t lists[3][TFLITE_MAX_RANK];
  if (!compile_input(c, 0, &in) || !get_slice_lists(c, in->shape.rank, lists))
    return false;
  struct view *view = new_view(c, &in->shape);
  if (view == NULL)
    return out_of_memory(c);
  struct shape shape = {0};
  for (uint32_t i = 0; i < in->shape.rank; i++) {
    struct axis axis = in->shape.axes[i];
    const bool shrink = (o->shrink_axis_mask >> i & 1) != 0;
    if (lists[2][i] == 0)
      return prepare_refuse(c->graph, c->op, c->error,
                            "a stride is 0; it has to be another number");
    const int64_t size = (int64_t)axis_size(axis, c->file.batch, c->file.steps);
    const struct range r = find_range(o, i, size, lists[0][i], lists[1][i], lists[2][i]);
    if (!slice_axis(c, r, shrink, &view->source[i], &axis))
      return false;
    if (shrink)
      continue;
    view->out[shape.rank].from = (int)i;
    view->out[shape.rank].size = extent_of(axis);
    shape.axes[shape.rank++] = axis;
  }
  view->rank = shape.rank;
  return add_view(c, in, view, &shape);
}

/* Whether `other` can stand beside `first` along `axis`. */
static bool check_beside(struct compilation *c, const struct value *first,
                         const struct value *other, uint32_t input, uint32_t axis) {
  bool same = first->shape.rank == other->shape.rank && first->is_float == other->is_float;
  for (uint32_t i = 0; same && i < first->shape.rank; i++) {
    same = i == axis || axis_equal(first->shape.axes[i], other->shape.axes[i]);
  }
  if (!same || other->shape.axes[axis].time || other->shape.axes[axis].batch) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "input %u cannot be joined along axis %u: all others must be equal, and "
                          "it must be neither batch nor time",
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

static bool join(struct compilation *c, struct node *node, struct concat *concat, uint32_t axis,
                 struct value *out) {
  uint64_t places = 0;
  for (uint32_t i = 0; i < concat->source_count; i++) {
    const struct value *in = NULL;
    if (!compile_input(c, i, &in) || !check_beside(c, out, in, i, axis))
      return false;
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
  if (places > TFLITE_MAX_ELEMENTS)
    return prepare_refuse(c->graph, c->op, c->error, "its rows have %llu places, the limit is %d",
                          (unsigned long long)places, (int)TFLITE_MAX_ELEMENTS);
  out->shape.axes[axis].n = (uint32_t)places;
  node->joins = concat->outer.n == 1 && !concat->inner[0].time;
  return true;
}

bool compile_concat(struct compilation *c) {
  const struct tflite_operator *o = &c->graph->operators[c->op];
  const struct value *first = NULL;
  if (!compile_input(c, 0, &first))
    return false;
  const int32_t rank = (int32_t)first->shape.rank;
  const int32_t axis = o->axis < 0 ? o->axis + rank : o->axis;
  if (axis < 0 || axis >= rank || o->activation != TFLITE_ACT_NONE) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "axis %d of %d with activation %d, only activation 0 is supported",
                          o->axis, rank, o->activation);
  }
  struct concat *concat = arena_alloc(c->arena, 1, sizeof(*concat));
  if (concat == NULL)
    return out_of_memory(c);
  concat->source_count = o->input_count;
  struct value out = *first;
  struct node *node = compile_node(c, NODE_CONCAT);
  node->source_count = o->input_count;
  node->u.concat = concat;
  return join(c, node, concat, (uint32_t)axis, &out) && compile_output(c, &out);
}
