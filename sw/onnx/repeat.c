/* SPDX-License-Identifier: Apache-2.0 */
/* repeat: Expand and Tile of rows: an axis of size 1 that becomes the steps of a sequence (Keras'
 * RepeatVector), or stays; see walk.h. */
#include <string.h>

#include "onnx/walk.h"

/* One row a sequence becomes one a step, along the axis at `at`, or one of so many steps of its
 * own.
 */
static bool over_steps(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                       int64_t size) {
  if (!steps_only(walk, node, rows, at)) {
    return false;
  }
  if (!walk->has_time_axis || walk->made_values[rows->part[0]].has_time ||
      !rows_is_single(walk, rows, at)) {
    return walk_refuse(walk, node,
                       "it repeats axis %u; only one row of a sequence can be repeated, for each "
                       "of its steps",
                       at);
  }
  const enum row_axis time = walk->time_axis;
  const bool own = size != rows_mark(time) && size != rows_open_size(walk, time);
  if (own && size == rows_mark(rows_other(time))) {
    return walk_refuse(walk, node,
                       "it repeats a row as often as there are sequences; only so many times as "
                       "there are steps, or a constant, is done");
  }
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const uint32_t width = walk->made_values[rows->part[n]].width;
    const uint32_t made = walk_add_value(walk, node->output[0], true, width);
    if (walk_add_node(walk, TRINE_FLOAT_REPEAT, node, rows->part[n], made) == NULL) {
      return false;
    }
    walk->made_values[made].steps = own ? (uint32_t)size : 0;
    rows->part[n] = made;
  }
  rows->axis[at] = own ? AXIS_STEPS : time;
  return true;
}

/* Whether an axis has that size already: a number, or the mark of it. */
static bool has_size(const struct walk *walk, const struct rows *rows, uint32_t at, int64_t size) {
  const enum row_axis axis = rows->axis[at];
  if (rows_is_open(axis)) {
    return size == rows_mark(axis) || (size == rows_open_size(walk, axis) && size > 0);
  }
  if (axis == AXIS_WIDTH) {
    return size == rows_width(walk, rows);
  }
  if (axis == AXIS_PARTS) {
    return size == rows->part_count;
  }
  if (axis == AXIS_STEPS) {
    return size == rows_steps(walk, rows);
  }
  if (axis == AXIS_ONE) {
    return size == 1;
  }
  return false;
}

/* Sizes of the result, from those that Expand names (1 keeps an axis) or that Tile multiplies. */
static bool repeat(struct walk *walk, const Onnx__Node *node, struct rows *rows,
                   const int64_t *sizes, bool tiles) {
  for (uint32_t n = 0; n < rows->rank; n++) {
    if (sizes[n] == 1 || (!tiles && has_size(walk, rows, n, sizes[n]))) {
      continue;
    }
    if ((sizes[n] < 2 || sizes[n] > INT32_MAX) && sizes[n] != ARRAY_AXIS0 &&
        sizes[n] != ARRAY_AXIS1) {
      return walk_refuse(walk, node,
                         "how often axis %u is repeated is not known; it has to be a constant", n);
    }
    if (!over_steps(walk, node, rows, n, sizes[n])) {
      return false;
    }
  }
  return true;
}

bool rows_repeat(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const bool tiles = strcmp(node->op_type, "Tile") == 0;
  int64_t sizes[MAX_AXES];
  const int count = onnx_array_list(walk_array(walk, node, 1), sizes, MAX_AXES);
  if (count < 0 || (tiles && count != (int)rows->rank)) {
    return walk_refuse(walk, node, "its %s are not constants of at most %d axes",
                       tiles ? "repeats" : "sizes", MAX_AXES);
  }
  while ((int)rows->rank < count) { /* Expand adds axes in front */
    (void)rows_insert_axis(rows, 0, AXIS_ONE);
  }
  const uint32_t missing = rows->rank - (uint32_t)count; /* sizes stand for the last axes */
  memmove(sizes + missing, sizes, (size_t)count * sizeof *sizes);
  for (uint32_t n = 0; n < missing; n++) {
    sizes[n] = 1;
  }
  return repeat(walk, node, rows, sizes, tiles);
}
