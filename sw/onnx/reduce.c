/* SPDX-License-Identifier: Apache-2.0 */
/* reduce: mean, largest and sum over the steps of each sequence, by whichever operator; see walk.h.
 */
#include <string.h>

#include "onnx/walk.h"

/* Ends time: one row a sequence of all its rows. `at`: the axis of time, which stays with size 1.
 */
static bool over_time(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                      enum trine_float_op op) {
  const bool own = rows->axis[at] == AXIS_STEPS;
  if (!rows_is_time(walk, rows, at) || (!own && !rows_set_time(walk, rows->axis[at]))) {
    return walk_refuse(walk, node,
                       "it goes over axis %u, which is not time; only steps are put together", at);
  }
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const uint32_t width = walk->made_values[rows->part[n]].width;
    const uint32_t made = walk_add_value(walk, node->output[0], false, width);
    if (walk_add_node(walk, op, node, rows->part[n], made) == NULL) {
      return false;
    }
    rows->part[n] = made;
  }
  walk->takes_end = walk->takes_end == NULL && !own ? node : walk->takes_end;
  rows->axis[at] = AXIS_ONE;
  rows->is_turned = false;
  return true;
}

/* Sum or mean of directions, or of other parts of one width. */
static bool over_parts(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t at,
                       enum trine_float_op op) {
  const uint32_t parts = rows->part_count, width = rows_width(walk, rows);
  if (op == TRINE_FLOAT_MAX) {
    return walk_refuse(
        walk, node, "it takes the largest of %u directions or parts; their sum and mean are done",
        parts);
  }
  for (uint32_t n = 1; n < parts; n++) {
    const uint32_t sum = walk_add_like(walk, node->output[0], rows->part[0], width);
    struct trine_float_node *made =
        walk_are_rows(walk, node, rows)
            ? walk_add_node(walk, TRINE_FLOAT_ADD, node, rows->part[0], sum)
            : NULL;
    if (made == NULL) {
      return false;
    }
    made->input_count = 2;
    made->inputs[1] = rows->part[n];
    rows->part[0] = sum;
  }
  rows->part_count = 1;
  rows->axis[at] = AXIS_ONE;
  return op == TRINE_FLOAT_SUM || affine_scale(walk, node, rows, 1.0F / (float)parts);
}

/* The axes that a Reduce names: a bit each, or 0 with the error set. */
static uint32_t named_axes(struct walk *walk, const Onnx__Node *node, uint32_t rank) {
  int64_t axes[ARRAY_MAX_RANK];
  const bool given = walk_given(node, 1);
  const int count = onnx_axes(node, given, given ? walk_array(walk, node, 1) : NULL, axes);
  uint32_t named = 0;
  for (int n = 0; n < count; n++) {
    const int at = onnx_axis(axes[n], rank);
    if (at < 0) {
      (void)walk_refuse(walk, node, "axis %lld is none of its input's %u", (long long)axes[n],
                        rank);
      return 0;
    }
    named |= 1U << at;
  }
  if (named == 0) {
    (void)walk_refuse(walk, node, "its axes are not known constants; name the axis of time");
  }
  return named;
}

/* Axes of size 1 change nothing; of the others only time may be named. */
static bool reduce(struct walk *walk, const Onnx__Node *node, struct rows *rows, uint32_t named,
                   enum trine_float_op op, bool keep) {
  bool goes[MAX_AXES] = {false};
  for (uint32_t n = 0; n < rows->rank; n++) {
    goes[n] = (named >> n & 1) != 0;
    if (goes[n] && rows->axis[n] == AXIS_PARTS && rows->part_count > 1) {
      if (!over_parts(walk, node, rows, n, op)) {
        return false;
      }
      continue;
    }
    if (goes[n] && (rows_is_time(walk, rows, n) || !rows_is_single(walk, rows, n)) &&
        !over_time(walk, node, rows, n, op)) {
      return false;
    }
  }
  for (uint32_t n = rows->rank; n-- > 0;) {
    if (goes[n] && !keep) {
      rows_drop_axis(rows, n);
    }
  }
  return true;
}

bool reduce_axes(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  enum trine_float_op op;
  if (strcmp(node->op_type, "ReduceMean") == 0) {
    op = TRINE_FLOAT_MEAN;
  } else if (strcmp(node->op_type, "ReduceMax") == 0) {
    op = TRINE_FLOAT_MAX;
  } else {
    op = TRINE_FLOAT_SUM;
  }
  const uint32_t named = named_axes(walk, node, rows->rank);
  return named != 0 && reduce(walk, node, rows, named, op, onnx_int(node, "keepdims", 1) != 0);
}

bool reduce_pool(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const bool mean = strcmp(node->op_type, "GlobalAveragePool") == 0;
  if (rows->rank < 3) {
    return walk_refuse(walk, node, "its input has %u axes; it needs 3", rows->rank);
  }
  return reduce(walk, node, rows, ((1U << rows->rank) - 1) & ~3U,
                mean ? TRINE_FLOAT_MEAN : TRINE_FLOAT_MAX, true);
}
