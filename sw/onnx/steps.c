/* SPDX-License-Identifier: Apache-2.0 */
/* steps: nodes that take steps of a sequence, and parts of other axes, see walk.h. */
#include <string.h>

#include "onnx/walk.h"

/* What a node takes of an axis: RANGE_SOME are `count` places from `first` on by `step`. */
enum step_range { RANGE_OTHER, RANGE_ALL, RANGE_FIRST, RANGE_LAST, RANGE_TURNED, RANGE_SOME };

struct taken {
  enum step_range range;
  int64_t first, count, step; /* first: from the end when negative */
  bool needs_size;            /* true of one size of the axis only */
};

static bool is_small(int64_t value) {
  return value > -INT32_MAX && value < INT32_MAX;
}

/* [from, to) by `step` of an axis of which only the mark of its size is known. */
static struct taken open_range(int64_t from, int64_t to, int64_t step, int64_t mark) {
  struct taken taken = {.range = RANGE_OTHER, .first = from, .step = step};
  const bool to_end = to >= INT32_MAX || to == mark;
  if (step == -1 && (from == -1 || from >= INT32_MAX) && to <= -INT32_MAX && !onnx_is_mark(to)) {
    taken.range = RANGE_TURNED;
  }
  if (step != 1 || !is_small(from) || onnx_is_mark(from)) {
    return taken;
  }
  if (from < 0 && to_end) {
    taken.count = -from;
  } else if (!to_end && is_small(to) && !onnx_is_mark(to) && (from < 0) == (to < 0)) {
    taken.count = to - from;
  } else {
    taken.count = 0;
  }
  if (from == 0 && to_end) {
    taken.range = RANGE_ALL;
  } else if (from == 0 && to == 1) {
    taken.range = RANGE_FIRST;
  } else if (from == -1 && to_end) {
    taken.range = RANGE_LAST;
  } else if (taken.count > 0) {
    taken.range = RANGE_SOME;
  } else {
    taken.range = RANGE_OTHER;
  }
  return taken;
}

/* The same of an axis of `size`, which its own mark stands for too. */
static struct taken known_range(int64_t from, int64_t to, int64_t step, int64_t size,
                                int64_t mark) {
  struct taken taken = {.range = RANGE_OTHER, .step = step};
  if (!onnx_slice_range(size, from == mark ? size : from, to == mark ? size : to, step,
                        &taken.first, &taken.count)) {
    return taken;
  }
  if (taken.count == size && size > 1 && (step == 1 || step == -1)) {
    taken.range = step == 1 ? RANGE_ALL : RANGE_TURNED;
  } else if (taken.count == 1) {
    /* Of one step all is meant, but for [-1:], which names the last. */
    if (size == 1) {
      taken.range = from == -1 && step == 1 ? RANGE_LAST : RANGE_ALL;
    } else if (taken.first == size - 1) {
      taken.range = RANGE_LAST;
    } else if (taken.first == 0) {
      taken.range = RANGE_FIRST;
    } else {
      taken.range = RANGE_SOME;
    }
  } else if (taken.count > 1) {
    taken.range = RANGE_SOME;
    taken.needs_size = true;
  }
  if (from < 0 && taken.range == RANGE_SOME) { /* said from the end */
    taken.first -= size;
  }
  return taken;
}

/* One row of each sequence, as the graph has them: the last, the first or another one of each part;
 * places of the network in *made. */
static bool take_step(struct walk *walk, const Onnx__Node *node, const struct rows *rows,
                      enum trine_float_op op, int64_t number, uint32_t *made) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const struct trine_float_value *from = &walk->made_values[rows->part[n]];
    const uint32_t taken = walk_add_value(walk, node->output[0], false, from->width);
    struct trine_float_node *step = walk_add_node(walk, op, node, rows->part[n], taken);
    if (step == NULL) {
      return false;
    }
    step->first = (int32_t)number;
    made[n] = taken;
  }
  return true;
}

/* Several steps one behind the other, as steps of their own. */
static bool take_several(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                         const struct taken *taken) {
  const int64_t first = rows->is_turned ? -taken->first - taken->count : taken->first;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const uint32_t width = walk->made_values[rows->part[n]].width;
    const uint32_t made = walk_add_value(walk, node->output[0], true, width);
    struct trine_float_node *range =
        walk_add_node(walk, TRINE_FLOAT_RANGE, node, rows->part[n], made);
    if (range == NULL) {
      return false;
    }
    range->first = (int32_t)first;
    walk->made_values[made].steps = (uint32_t)taken->count;
    rows->part[n] = made;
  }
  rows->axis[at] = AXIS_STEPS;
  return true;
}

bool steps_only(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at) {
  if (rows->axis[at] != AXIS_STEPS || rows_steps(walk, rows) != 1) {
    return true;
  }
  rows->axis[at] = AXIS_ONE;
  rows->is_turned = false;
  uint32_t made[MAX_PARTS];
  const bool good = take_step(walk, node, rows, TRINE_FLOAT_FIRST, 0, made);
  memcpy(rows->part, made, rows->part_count * sizeof *made);
  return good;
}

/* Steps by their numbers: one for each part, or several of one part as parts. */
static bool take_steps(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                       const struct taken *taken) {
  uint32_t made[MAX_PARTS];
  const enum row_axis time = rows->axis[at];
  rows_find_row(walk, rows);
  if (rows_is_open(time) && taken->needs_size && rows_open_size(walk, time) > 0) {
    walk_fix_size(walk, node, time, rows_open_size(walk, time));
  }
  if (taken->count > 1 && taken->step == 1) {
    return take_several(walk, node, rows, at, taken);
  }
  if (taken->count > MAX_PARTS || (taken->count > 1 && rows->part_count > 1)) {
    return walk_refuse(walk, node,
                       "it takes %lld steps of %u directions; at most %d steps of one are done",
                       (long long)taken->count, rows->part_count, MAX_PARTS);
  }
  for (int64_t n = 0; n < taken->count; n++) {
    const int64_t place = taken->first + n * taken->step;
    const int64_t number = rows->is_turned ? -1 - place : place;
    enum trine_float_op op;
    if (number == 0) {
      op = TRINE_FLOAT_FIRST;
    } else if (number == -1) {
      op = TRINE_FLOAT_LAST;
    } else {
      op = TRINE_FLOAT_STEP;
    }
    if (!take_step(walk, node, rows, op, number, made + n)) {
      return false;
    }
  }
  rows->axis[at] = taken->count > 1 ? AXIS_PARTS : AXIS_ONE;
  rows->part_count = taken->count > 1 ? (uint32_t)taken->count : rows->part_count;
  memcpy(rows->part, made, rows->part_count * sizeof *made);
  rows->is_turned = false;
  return true;
}

/* Parts of time: all, all turned round, or some. */
static bool take_time(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                      struct taken taken) {
  if (taken.range == RANGE_ALL) {
    return true;
  }
  if (taken.range == RANGE_OTHER) {
    return walk_refuse(walk, node,
                       "of the time steps only single ones, a known number of them, or all turned "
                       "round can be taken%s",
                       walk->has_time_axis ? "" : ", and nothing of a batch");
  }
  const bool own = rows->axis[at] == AXIS_STEPS; /* which no length changes */
  if (!own && !rows_set_time(walk, rows->axis[at])) {
    return walk_refuse(walk, node, "it takes a part of the batch, which is not done");
  }
  const bool at_end = !own && taken.range != RANGE_FIRST;
  walk->takes_end = at_end && walk->takes_end == NULL ? node : walk->takes_end;
  if (taken.range == RANGE_TURNED) {
    rows->is_turned = !rows->is_turned;
    return true;
  }
  if (taken.range != RANGE_SOME) {
    taken = (struct taken){.first = taken.range == RANGE_LAST ? -1 : 0, .count = 1, .step = 1};
  }
  return take_steps(walk, node, rows, at, &taken);
}

/* Columns [first, first + count) of each row: of rows put side by side before, one of these where
 * it is just that; else a part. */
bool steps_columns(struct walk *walk, const Onnx__Node *node, const char *name, struct rows *rows,
                   int64_t first, int64_t count) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const uint32_t producer = walk->made[rows->part[n]].node;
    const struct trine_float_node *joint =
        producer != UINT32_MAX && walk->made_nodes[producer].op == TRINE_FLOAT_CONCAT
            ? &walk->made_nodes[producer]
            : NULL;
    int64_t from = 0;
    uint32_t whole = UINT32_MAX;
    for (uint32_t k = 0; joint != NULL && k < joint->input_count; k++) {
      const int64_t width = walk->made_values[joint->inputs[k]].width;
      whole = from == first && width == count ? joint->inputs[k] : whole;
      from += width;
    }
    if (whole == UINT32_MAX) {
      whole = walk_add_like(walk, name, rows->part[n], (uint32_t)count);
      struct trine_float_node *made =
          walk_add_node(walk, TRINE_FLOAT_COLUMNS, node, rows->part[n], whole);
      if (made == NULL) {
        return false;
      }
      made->first = (int32_t)first;
    }
    rows->part[n] = whole;
  }
  return true;
}

static bool take_parts(struct walk *walk, const Onnx__Node *node, struct rows *rows, int64_t from,
                       int64_t to, int64_t step) {
  int64_t first = 0, count = 0;
  if (!onnx_slice_range(rows->part_count, from, to, step, &first, &count) || count < 1 ||
      (step != 1 && count > 1)) {
    return walk_refuse(walk, node,
                       "it takes none of %u directions or layers, or not in their order",
                       rows->part_count);
  }
  memmove(rows->part, rows->part + first, (size_t)count * sizeof *rows->part);
  rows->part_count = (uint32_t)count;
  return true;
}

/* Takes [from, to) by `step` of an axis. */
static bool take_range(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                       int64_t from, int64_t to, int64_t step) {
  const enum row_axis axis = rows->axis[at];
  int64_t size = axis == AXIS_ONE ? 1 : 0;
  if (axis == AXIS_PARTS) {
    return take_parts(walk, node, rows, from, to, step);
  }
  if (axis == AXIS_WIDTH) {
    size = rows_width(walk, rows);
  } else if (rows_is_open(axis)) {
    size = rows_open_size(walk, axis);
  } else if (axis == AXIS_STEPS) {
    size = rows_steps(walk, rows);
  }
  const int64_t mark = rows_is_open(axis) ? rows_mark(axis) : INT64_MAX;
  const struct taken taken =
      size > 0 ? known_range(from, to, step, size, mark) : open_range(from, to, step, mark);
  if (rows_is_time(walk, rows, at)) {
    return take_time(walk, node, rows, at, taken);
  }
  if (taken.range == RANGE_ALL || (size == 1 && taken.range != RANGE_OTHER)) {
    return true;
  }
  if (axis == AXIS_WIDTH && size > 0 && taken.count > 0 && (step == 1 || taken.count == 1)) {
    int64_t first = 0, count = 0;
    return onnx_slice_range(size, from, to, step, &first, &count) &&
           steps_columns(walk, node, node->output[0], rows, first, count);
  }
  if (axis == AXIS_WIDTH) {
    return walk_refuse(walk, node,
                       "it takes no whole part of each row of %lld values; --inputs and --outputs "
                       "cut around it",
                       (long long)size);
  }
  if (size > 0) {
    return walk_refuse(walk, node, "it takes a part of a batch of %lld, which is not done",
                       (long long)size);
  }
  return walk_refuse(walk, node, "it takes a part of the batch, which is not done");
}

static bool take_index(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const int at = onnx_axis(onnx_int(node, "axis", 0), rows->rank);
  const struct onnx_array *index = walk_array(walk, node, 1);
  int64_t from = 0;
  if (at < 0 || onnx_array_list(index, &from, 1) != 1 || index->rank > 1 || from < -INT32_MAX ||
      from > INT32_MAX) {
    return walk_refuse(walk, node,
                       "its axis is none of its input's, or its index not one constant");
  }
  const enum row_axis axis = rows->axis[at];
  const int64_t size = rows_size(walk, rows, axis);
  if (size > 0 && (from < -size || from >= size)) {
    return walk_refuse(walk, node, "its index %lld is outside of the %lld of its axis",
                       (long long)from, (long long)size);
  }
  if (!take_range(walk, node, rows, (uint32_t)at, from, from == -1 ? INT64_MAX : from + 1, 1)) {
    return false;
  }
  if (index->rank == 0) {
    rows_drop_axis(rows, (uint32_t)at);
  }
  return true;
}

/* Gather of one index, and Slice. */
bool steps_take(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  if (strcmp(node->op_type, "Gather") == 0) {
    return take_index(walk, node, rows);
  }
  const struct onnx_array *inputs[5] = {NULL};
  bool given[5] = {false};
  struct onnx_slice slice;
  for (uint32_t n = 1; n < 5; n++) {
    given[n] = walk_given(node, n);
    inputs[n] = walk_array(walk, node, n);
  }
  const char *why = onnx_slice_of(node, given, inputs, rows->rank, walk->fold.opset, &slice);
  if (why != NULL) {
    return walk_refuse(walk, node, "%s", why);
  }
  for (uint32_t n = 0; n < slice.count; n++) {
    if (!take_range(walk, node, rows, slice.axis[n], slice.from[n], slice.to[n], slice.step[n])) {
      return false;
    }
  }
  return true;
}

/* Sizes of the parts that a Split makes of an axis of `size`; how many, or 0. */
static uint32_t split_sizes(struct walk *walk, const Onnx__Node *node, int64_t size,
                            int64_t sizes[MAX_PARTS]) {
  const uint32_t outputs = node->n_output <= MAX_PARTS ? (uint32_t)node->n_output : 0;
  const Onnx__Attribute *list = onnx_attribute(node, "split");
  int64_t left = size;
  const bool given = walk_given(node, 1);
  if (given && onnx_array_list(walk_array(walk, node, 1), sizes, MAX_PARTS) != (int)outputs) {
    return 0;
  }
  for (uint32_t n = 0; n < outputs; n++) {
    const int64_t each = (size + outputs - 1) / outputs;
    if (!given && list != NULL && n < list->n_ints) {
      sizes[n] = list->ints[n];
    } else if (!given) {
      sizes[n] = n + 1 < outputs || left >= each ? each : left;
    }
    if (sizes[n] < 1 || sizes[n] > left) {
      return 0;
    }
    left -= sizes[n];
  }
  return left == 0 ? outputs : 0;
}

bool steps_split(struct walk *walk, const Onnx__Node *node) {
  const struct rows *from = walk_rows(walk, node, 0);
  int64_t sizes[MAX_PARTS], first = 0;
  const int at = from == NULL ? -1 : onnx_axis(onnx_int(node, "axis", 0), from->rank);
  const bool columns = at >= 0 && from->axis[at] == AXIS_WIDTH;
  int64_t size = 0;
  if (at >= 0) {
    size = columns ? rows_width(walk, from) : from->part_count;
  }
  const uint32_t outputs = at >= 0 && (columns || from->axis[at] == AXIS_PARTS)
                               ? split_sizes(walk, node, size, sizes)
                               : 0;
  if (outputs == 0) {
    return walk_refuse(walk, node,
                       "only rows and directions can be split, into known sizes; was an LSTM "
                       "unrolled? Export it with its loop (Keras: unroll=False)");
  }
  for (uint32_t n = 0; n < outputs; n++) {
    struct rows rows = *from;
    if (!(columns ? steps_columns(walk, node, node->output[n], &rows, first, sizes[n])
                  : take_parts(walk, node, &rows, first, first + sizes[n], 1)) ||
        !walk_put(walk, node, n, &rows)) {
      return false;
    }
    first += sizes[n];
  }
  return true;
}
