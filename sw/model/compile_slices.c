/* SPDX-License-Identifier: Apache-2.0 */
/* compile_slices: STRIDED_SLICE and SLICE.
 *
 * Constants in which the file's own B and T are baked are understood by meaning: all steps, the
 * first, the last. Any other choice of steps ties the model to the file's T. */
#include <stddef.h>

#include "model/compile.h"

static struct extent extent_of(struct axis axis) {
  return (struct extent){axis.time, axis.n};
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
    if (r.first < 0 || r.first >= size) {
      r.count = 0;
    }
    return r;
  }
  int64_t stop = end < 0 ? end + size : end;
  if (step > 0) {
    if (r.first < 0) {
      r.first = 0;
    }
    if (open_end || stop > size) {
      stop = size;
    }
    r.count = stop > r.first ? (stop - r.first + step - 1) / step : 0;
  } else {
    if (r.first >= size) {
      r.first = size - 1;
    }
    if (stop < -1) {
      stop = -1;
    }
    if (open_end) {
      stop = -1;
    }
    r.count = r.first > stop ? (r.first - stop - step - 1) / -step : 0;
  }
  return r;
}

/* What means the same whatever T is: all steps, all backwards, the first or the last one. */
static bool fits_any_steps(struct range r, bool shrink, int64_t steps) {
  if (r.count == steps && !shrink &&
      ((r.first == 0 && r.step == 1) || (r.first == steps - 1 && r.step == -1))) {
    return true;
  }
  return r.count == 1 && (r.first == steps - 1 || (r.first == 0 && !r.from_end));
}

/* Time, where fits_any_steps. */
static bool slice_time(struct compilation *c, struct range r, bool shrink,
                       struct view_source *source, struct axis *axis) {
  const int64_t steps = c->file.steps;
  if (axis->batch && c->file.batch != 1) {
    return prepare_refuse(c->graph, c->op, c->error,
                          "it cuts an axis that is time and batch; only time alone can be cut");
  }
  if (!shrink && r.first == 0 && r.step == 1 && r.count == steps) {
    return true;
  }
  if (!shrink && r.first == steps - 1 && r.step == -1 && r.count == steps) {
    source->first = -1;
    source->from_end = true;
    source->step = -1;
    return true;
  }
  const bool last = r.first == steps - 1;
  source->from_end = last;
  source->first = last ? -1 : 0;
  axis->time = axis->time_first = false;
  return true;
}

static bool slice_axis(struct compilation *c, struct range r, bool shrink,
                       struct view_source *source, struct axis *axis) {
  const int64_t size = (int64_t)axis_size(*axis, c->file.batch, c->file.steps);
  if (r.count < 1) {
    return prepare_refuse(c->graph, c->op, c->error, "it takes nothing of an axis");
  }
  if (!shrink && r.first == 0 && r.step == 1 && r.count == size) {
    return true;
  }
  if (axis->time) {
    return slice_time(c, r, shrink, source, axis);
  }
  if (axis->batch) {
    if (c->file.batch == 1 && axis->n == 1) {
      return true; /* the only sequence, its axis removed */
    }
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

/* What is taken of every axis. */
struct slice_ranges {
  struct range axis[TFLITE_MAX_RANK];
  uint32_t shrink; /* a bit an axis: it is removed */
};

/* Whether what is taken of the steps is another choice at another T. */
static bool needs_own_steps(const struct compilation *c, const struct shape *shape,
                            const struct slice_ranges *ranges) {
  const int time = shape_time_axis(shape);
  if (time < 0) {
    return false;
  }
  const struct range r = ranges->axis[time];
  const bool shrink = (ranges->shrink >> time & 1) != 0;
  const int64_t size = (int64_t)axis_size(shape->axes[time], c->file.batch, c->file.steps);
  if (!shrink && r.first == 0 && r.step == 1 && r.count == size) {
    return false;
  }
  return shape->axes[time].n != 1 || !fits_any_steps(r, shrink, c->file.steps);
}

static bool slice(struct compilation *c, const struct compile_value *given,
                  const struct slice_ranges *ranges) {
  struct compile_value pinned;
  const struct compile_value *in = given;
  if (needs_own_steps(c, &given->shape, ranges)) {
    if (!compile_pin(c, given, &pinned)) {
      return false;
    }
    in = &pinned;
  }
  struct view *view = compile_view(c, &in->shape);
  if (view == NULL) {
    return compile_no_memory(c);
  }
  struct shape shape = {0};
  for (uint32_t i = 0; i < in->shape.rank; i++) {
    struct axis axis = in->shape.axes[i];
    const bool shrink = (ranges->shrink >> i & 1) != 0;
    if (!slice_axis(c, ranges->axis[i], shrink, &view->source[i], &axis)) {
      return false;
    }
    if (shrink) {
      continue;
    }
    view->out[shape.rank].from = (int)i;
    view->out[shape.rank].size = extent_of(axis);
    shape.axes[shape.rank++] = axis;
  }
  view->rank = shape.rank;
  return compile_add_view(c, in, view, &shape);
}

bool compile_strided_slice(struct compilation *c) {
  const struct compile_value *in = NULL;
  const struct tflite_operator *o = &c->graph->operators[c->op];
  int32_t lists[3][TFLITE_MAX_RANK];
  struct slice_ranges ranges = {.shrink = (uint32_t)o->shrink_axis_mask};
  if (!compile_input(c, 0, &in) || !get_slice_lists(c, in->shape.rank, lists)) {
    return false;
  }
  for (uint32_t i = 0; i < in->shape.rank; i++) {
    if (lists[2][i] == 0) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "a stride is 0; it has to be another number");
    }
    const int64_t size = (int64_t)axis_size(in->shape.axes[i], c->file.batch, c->file.steps);
    ranges.axis[i] = find_range(o, i, size, lists[0][i], lists[1][i], lists[2][i]);
  }
  return slice(c, in, &ranges);
}

bool compile_slice(struct compilation *c) {
  const struct compile_value *in = NULL;
  int32_t begin[TFLITE_MAX_RANK], count[TFLITE_MAX_RANK];
  uint32_t begins = 0, counts = 0;
  struct slice_ranges ranges = {.shrink = 0};
  if (!compile_input(c, 0, &in) ||
      !prepare_int_list(c->graph, c->op, 1, TFLITE_MAX_RANK, begin, &begins, c->error) ||
      !prepare_int_list(c->graph, c->op, 2, TFLITE_MAX_RANK, count, &counts, c->error)) {
    return false;
  }
  if (begins != in->shape.rank || counts != in->shape.rank) {
    return prepare_refuse(c->graph, c->op, c->error, "it names %u and %u axes of %u", begins,
                          counts, in->shape.rank);
  }
  for (uint32_t i = 0; i < in->shape.rank; i++) {
    const int64_t size = (int64_t)axis_size(in->shape.axes[i], c->file.batch, c->file.steps);
    const int64_t taken = count[i] == -1 ? size - begin[i] : count[i];
    if (begin[i] < 0 || taken < 1 || begin[i] + taken > size) {
      return prepare_refuse(c->graph, c->op, c->error,
                            "it takes %lld places from %d on of an axis of %lld", (long long)taken,
                            begin[i], (long long)size);
    }
    ranges.axis[i] = (struct range){begin[i], 1, taken, false};
  }
  return slice(c, in, &ranges);
}
