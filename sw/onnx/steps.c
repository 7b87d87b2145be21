/* SPDX-License-Identifier: Apache-2.0 */
/* steps: nodes that take steps of a sequence or turn them round, and parts of other axes, see
 * walk.h. */
#include <string.h>

#include "onnx/walk.h"

/* What a node takes of an axis. */
enum range { RANGE_OTHER, RANGE_ALL, RANGE_FIRST, RANGE_LAST, RANGE_TURNED };

/* While no layer has said which axis is time, either can be: one that says otherwise later is
 * refused. */
static bool is_time(const struct walk *walk, enum axis axis) {
  return !walk->has_time_axis || axis == walk->time_axis;
}

/* [from, to) by `step` of an axis of which only the mark of its size is known. */
static enum range open_range(int64_t from, int64_t to, int64_t step, int64_t mark) {
  const bool to_end = to >= INT32_MAX || to == mark;
  if (step == -1 && (from == -1 || from >= INT32_MAX) && to <= -INT32_MAX && !onnx_is_mark(to)) {
    return RANGE_TURNED;
  }
  if (step != 1) {
    return RANGE_OTHER;
  }
  return from == 0 && to_end    ? RANGE_ALL
         : from == 0 && to == 1 ? RANGE_FIRST
         : from == -1 && to_end ? RANGE_LAST
                                : RANGE_OTHER;
}

/* The same of an axis of `size`, which its own mark stands for too. */
static enum range known_range(int64_t from, int64_t to, int64_t step, int64_t size, int64_t mark) {
  int64_t first = 0, count = 0;
  if (!onnx_slice_range(size, from == mark ? size : from, to == mark ? size : to, step, &first,
                        &count)) {
    return RANGE_OTHER;
  }
  if (count == size && size > 1) {
    return step == 1 ? RANGE_ALL : step == -1 ? RANGE_TURNED : RANGE_OTHER;
  }
  if (count != 1) {
    return RANGE_OTHER;
  }
  /* Of one step all is meant, but for [-1:], which names the last. */
  return size == 1           ? (from == -1 && step == 1 ? RANGE_LAST : RANGE_ALL)
         : first == size - 1 ? RANGE_LAST
         : first == 0        ? RANGE_FIRST
                             : RANGE_OTHER;
}

/* The last or first row of each sequence, as the graph has them. */
static bool take_step(struct walk *walk, const Onnx__Node *node, struct rows *rows, bool at_end) {
  const bool last = at_end != rows->is_turned;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const struct trine_float_value *from = &walk->made_values[rows->part[n]];
    const uint32_t taken = walk_add_value(walk, node->output[0], false, from->width);
    if (walk_add_node(walk, last ? TRINE_FLOAT_LAST : TRINE_FLOAT_FIRST, node, rows->part[n],
                      taken) == NULL) {
      return false;
    }
    rows->part[n] = taken;
  }
  walk->takes_end = at_end && walk->takes_end == NULL ? node : walk->takes_end;
  rows->is_turned = false;
  return true;
}

/* Parts of time: all, one end, or all turned round. */
static bool take_time(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                      enum range range) {
  const enum axis axis = rows->axis[at];
  if (range == RANGE_ALL) {
    return true;
  }
  if (range == RANGE_OTHER) {
    return walk_refuse(walk, node,
                       "of the time steps only the last or the first can be taken, or all turned "
                       "round%s",
                       walk->has_time_axis ? "" : ", and nothing of a batch");
  }
  if (!rows_set_time(walk, axis)) {
    return walk_refuse(walk, node, "it takes a part of the batch, which is not done");
  }
  if (range == RANGE_TURNED) {
    rows->is_turned = !rows->is_turned;
    walk->takes_end = walk->takes_end == NULL ? node : walk->takes_end;
    return true;
  }
  rows->axis[at] = AXIS_ONE;
  return take_step(walk, node, rows, range == RANGE_LAST);
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
  const enum axis axis = rows->axis[at];
  int64_t size = axis == AXIS_ONE ? 1 : 0;
  if (axis == AXIS_PARTS) {
    return take_parts(walk, node, rows, from, to, step);
  }
  if (axis == AXIS_WIDTH) {
    size = rows_width(walk, rows);
  } else if (rows_is_open(axis)) {
    size = rows_open_size(walk, axis);
  }
  const int64_t mark = rows_is_open(axis) ? rows_mark(axis) : INT64_MAX;
  const enum range range =
      size > 0 ? known_range(from, to, step, size, mark) : open_range(from, to, step, mark);
  if (rows_is_open(axis) && is_time(walk, axis) && walk->made_values[rows->part[0]].has_time) {
    return take_time(walk, node, rows, at, range);
  }
  if (range == RANGE_ALL || (size == 1 && range != RANGE_OTHER)) {
    return true;
  }
  return walk_refuse(walk, node,
                     axis == AXIS_WIDTH
                         ? "it takes a part of each row of %lld values, which is not "
                           "done; --inputs and --outputs cut around it"
                     : size > 0 ? "it takes a part of a batch of %lld, which is not done"
                                : "it takes a part of the batch, which is not done",
                     (long long)size);
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
  const enum axis axis = rows->axis[at];
  const int64_t size = axis == AXIS_ONE     ? 1
                       : axis == AXIS_PARTS ? rows->part_count
                       : axis == AXIS_WIDTH ? rows_width(walk, rows)
                       : rows_is_open(axis) ? rows_open_size(walk, axis)
                                            : 0;
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

static bool is_whole(const struct walk *walk, enum axis time, double length) {
  const int64_t size = rows_open_size(walk, time);
  return length == (double)rows_mark(time) || (size > 0 && length == (double)size);
}

bool steps_are_whole(struct walk *walk, const struct onnx_array *lengths, enum axis time) {
  bool whole = lengths != NULL && !lengths->is_float &&
               onnx_spend(&walk->fold, lengths->uniform ? 1 : lengths->count);
  for (uint64_t n = 0; whole && n < (lengths->uniform ? 1 : lengths->count); n++) {
    whole = is_whole(walk, time, lengths->uniform ? lengths->value : (double)lengths->integers[n]);
  }
  return whole;
}

bool steps_turn(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const int64_t time = onnx_int(node, "time_axis", 0), batch = onnx_int(node, "batch_axis", 1);
  const int64_t rank = rows->rank;
  const bool fits = time >= 0 && time < rank && batch >= 0 && batch < rank && time != batch &&
                    rows_is_open(rows->axis[time]) && rows_is_open(rows->axis[batch]) &&
                    walk->made_values[rows->part[0]].has_time;
  if (!fits || !steps_are_whole(walk, walk_array(walk, node, 1), rows->axis[time]) ||
      !rows_set_time(walk, rows->axis[time])) {
    return walk_refuse(walk, node, "only the steps of whole sequences can be turned round");
  }
  rows->is_turned = !rows->is_turned;
  walk->takes_end = walk->takes_end == NULL ? node : walk->takes_end;
  return true;
}
