/* SPDX-License-Identifier: Apache-2.0 */
/* steps: nodes that take steps of a sequence or turn them round, and parts of other axes, see
 * walk.h. */
#include <string.h>

#include "onnx/walk.h"

static bool is_time(const struct walk *walk, enum axis axis) {
  return walk->has_time_axis ? axis == walk->time_axis : axis == AXIS_OPEN1;
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
  rows->is_turned = false;
  return true;
}

/* Takes [from, to) of an axis; drops it when `drop`. */
static bool take_range(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                       int64_t from, int64_t to, bool drop) {
  const enum axis axis = rows->axis[at];
  if (axis == AXIS_PARTS) {
    const int64_t count = rows->part_count;
    const int64_t first = from < 0 ? from + count : from;
    const int64_t end = to > count ? count : to < 0 ? to + count : to;
    if (first < 0 || first >= end) {
      return walk_refuse(walk, node, "it takes none of %lld directions or layers",
                         (long long)count);
    }
    memmove(rows->part, rows->part + first, (size_t)(end - first) * sizeof *rows->part);
    rows->part_count = (uint32_t)(end - first);
  } else if (rows_is_open(axis) && is_time(walk, axis)) {
    const bool last = from == -1 && to >= INT32_MAX, first = from == 0 && to == 1;
    if (from == 0 && to >= INT32_MAX) {
      return true;
    }
    if ((!last && !first) || !rows_set_time(walk, axis) || !take_step(walk, node, rows, last)) {
      return walk_refuse(walk, node, "of the time steps only the last or the first can be taken");
    }
    rows->axis[at] = AXIS_ONE;
  } else if (!(from == 0 && (to >= INT32_MAX || (axis == AXIS_ONE && to >= 1)))) {
    return walk_refuse(walk, node, "it takes a part of the batch or of a row");
  }
  if (drop) {
    rows_drop_axis(rows, at);
  }
  return true;
}

/* Gather of one index, and Slice. */
bool steps_take(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  int64_t from[MAX_AXES], to[MAX_AXES], axes[MAX_AXES], steps[MAX_AXES];
  if (strcmp(node->op_type, "Gather") == 0) {
    const int at = rows_axis_at(onnx_int(node, "axis", 0), rows->rank);
    const struct onnx_array *index = walk_array(walk, node, 1);
    if (at < 0 || onnx_array_list(index, from, 1) != 1 || from[0] < -INT32_MAX ||
        from[0] > INT32_MAX) {
      return walk_refuse(walk, node, "its axis or index is not known");
    }
    const int64_t end = from[0] == -1 ? INT64_MAX : from[0] + 1;
    return take_range(walk, node, rows, (uint32_t)at, from[0], end, index->rank == 0);
  }
  const int count = onnx_array_list(walk_array(walk, node, 1), from, MAX_AXES);
  const bool has_axes = node->n_input > 3 && node->input[3][0] != '\0';
  const bool has_steps = node->n_input > 4 && node->input[4][0] != '\0';
  if (count < 0 || onnx_array_list(walk_array(walk, node, 2), to, MAX_AXES) != count ||
      (has_axes && onnx_array_list(walk_array(walk, node, 3), axes, MAX_AXES) != count) ||
      (has_steps && onnx_array_list(walk_array(walk, node, 4), steps, MAX_AXES) != count)) {
    return walk_refuse(walk, node, "its bounds are not known");
  }
  for (int n = 0; n < count; n++) {
    const int at = rows_axis_at(has_axes ? axes[n] : n, rows->rank);
    if (at < 0 || (has_steps && steps[n] != 1)) {
      return walk_refuse(walk, node, "an axis or a step is not possible");
    }
    if (!take_range(walk, node, rows, (uint32_t)at, from[n], to[n], false)) {
      return false;
    }
  }
  return true;
}

static bool is_whole(const struct walk *walk, enum axis time, double length) {
  const int64_t size = walk->open_size[time == AXIS_OPEN0 ? 0 : 1];
  return length == (double)(time == AXIS_OPEN0 ? ARRAY_AXIS0 : ARRAY_AXIS1) ||
         (size > 0 && length == (double)size);
}

bool steps_are_whole(const struct walk *walk, const struct onnx_array *lengths, enum axis time) {
  bool whole = lengths != NULL && !lengths->is_float;
  for (uint64_t n = 0; whole && n < (lengths->uniform ? 1 : lengths->count); n++) {
    whole = is_whole(walk, time, lengths->uniform ? lengths->value : (double)lengths->integers[n]);
  }
  return whole;
}

bool steps_turn(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const int64_t time = onnx_int(node, "time_axis", 0), batch = onnx_int(node, "batch_axis", 1);
  const int64_t rank = rows->rank;
  const bool fits = time >= 0 && time < rank && batch >= 0 && batch < rank && time != batch &&
                    rows_is_open(rows->axis[time]) && rows_is_open(rows->axis[batch]);
  if (!fits || !steps_are_whole(walk, walk_array(walk, node, 1), rows->axis[time]) ||
      !rows_set_time(walk, rows->axis[time])) {
    return walk_refuse(walk, node, "only the steps of whole sequences can be turned round");
  }
  rows->is_turned = !rows->is_turned;
  return true;
}
