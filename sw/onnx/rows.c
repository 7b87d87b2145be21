/* SPDX-License-Identifier: Apache-2.0 */
/* rows: nodes that only change the layout in which a graph has rows, see walk.h. */
#include <string.h>

#include "onnx/walk.h"

uint32_t rows_width(const struct walk *walk, const struct rows *rows) {
  return walk->made_values[rows->part[0]].width;
}

bool rows_set_time(struct walk *walk, enum row_axis axis) {
  if (!walk->has_time_axis) {
    walk->has_time_axis = true;
    walk->time_axis = axis;
  }
  return walk->time_axis == axis;
}

bool rows_is_open(enum row_axis axis) {
  return axis == AXIS_OPEN0 || axis == AXIS_OPEN1;
}

enum row_axis rows_other(enum row_axis axis) {
  return axis == AXIS_OPEN0 ? AXIS_OPEN1 : AXIS_OPEN0;
}

int64_t rows_open_size(const struct walk *walk, enum row_axis axis) {
  return walk->open_size[axis == AXIS_OPEN0 ? 0 : 1];
}

int64_t rows_size(const struct walk *walk, const struct rows *rows, enum row_axis axis) {
  switch (axis) {
    case AXIS_ONE:
      return 1;
    case AXIS_PARTS:
      return rows->part_count;
    case AXIS_WIDTH:
      return rows_width(walk, rows);
    case AXIS_STEPS:
      return rows_steps(walk, rows);
    case AXIS_OPEN0:
    case AXIS_OPEN1:
      return rows_open_size(walk, axis);
    default:
      return 0;
  }
}

int64_t rows_mark(enum row_axis axis) {
  return axis == AXIS_OPEN0 ? ARRAY_AXIS0 : ARRAY_AXIS1;
}

uint32_t rows_steps(const struct walk *walk, const struct rows *rows) {
  return walk->made_values[rows->part[0]].steps;
}

bool rows_is_time(const struct walk *walk, const struct rows *rows, uint32_t at) {
  const enum row_axis axis = rows->axis[at];
  return axis == AXIS_STEPS ||
         (rows_is_open(axis) && (!walk->has_time_axis || axis == walk->time_axis) &&
          walk->made_values[rows->part[0]].has_time && rows_steps(walk, rows) == 0);
}

bool rows_is_single(const struct walk *walk, const struct rows *rows, uint32_t at) {
  switch (rows->axis[at]) {
    case AXIS_ONE:
      return true;
    case AXIS_PARTS:
      return rows->part_count == 1;
    case AXIS_WIDTH:
      return rows_width(walk, rows) == 1;
    case AXIS_OPEN0:
    case AXIS_OPEN1:
      return rows_open_size(walk, rows->axis[at]) == 1;
    default:
      return false;
  }
}

void rows_drop_axis(struct rows *rows, uint32_t at) {
  rows->rank--;
  for (uint32_t n = at; n < rows->rank; n++) {
    rows->axis[n] = rows->axis[n + 1];
  }
}

bool rows_insert_axis(struct rows *rows, uint32_t at, enum row_axis axis) {
  if (rows->rank >= MAX_AXES) {
    return false;
  }
  for (uint32_t n = rows->rank; n > at; n--) {
    rows->axis[n] = rows->axis[n - 1];
  }
  rows->axis[at] = axis;
  rows->rank++;
  return true;
}

/* One part alone is an axis of size 1. */
static void forget_single_part(struct rows *rows) {
  for (uint32_t n = 0; n < rows->rank && rows->part_count == 1; n++) {
    if (rows->axis[n] == AXIS_PARTS) {
      rows->axis[n] = AXIS_ONE;
    }
  }
}

static bool has_axis(const struct rows *rows, enum row_axis axis) {
  for (uint32_t n = 0; n < rows->rank; n++) {
    if (rows->axis[n] == axis) {
      return true;
    }
  }
  return false;
}

/* One part alone is an axis of size 1. A row of one value may have lost its axis: then a last axis
 * of size 1 is it. */
void rows_find_row(const struct walk *walk, struct rows *rows) {
  forget_single_part(rows);
  if (rows->rank > 0 && rows->axis[rows->rank - 1] == AXIS_ONE && !has_axis(rows, AXIS_WIDTH) &&
      rows_width(walk, rows) == 1) {
    rows->axis[rows->rank - 1] = AXIS_WIDTH;
  }
}

bool rows_as_row(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  rows_find_row(walk, rows);
  if (rows->part_count > 1) {
    return walk_refuse(walk, node,
                       "it computes on %u directions or layers apart; put them side by side first",
                       rows->part_count);
  }
  return (rows->rank > 0 && rows->axis[rows->rank - 1] == AXIS_WIDTH) ||
         walk_refuse(walk, node, "the row has to be its input's last axis");
}

bool rows_transpose(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const Onnx__Attribute *perm = onnx_attribute(node, "perm");
  const struct rows from = *rows;
  bool seen[MAX_AXES] = {false};
  for (uint32_t n = 0; n < from.rank; n++) {
    int64_t at;
    if (perm == NULL) {
      at = from.rank - 1 - n;
    } else if (n < perm->n_ints) {
      at = perm->ints[n];
    } else {
      at = -1;
    }
    if (at < 0 || at >= from.rank || seen[at] || (perm != NULL && perm->n_ints != from.rank)) {
      return walk_refuse(walk, node, "perm is no permutation of the %u axes", from.rank);
    }
    seen[at] = true;
    rows->axis[n] = from.axis[at];
  }
  return true;
}

/* Squeeze without axes: all of size 1 go, so that each size has to be known. */
static bool squeeze_all(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  for (uint32_t n = rows->rank; n-- > 0;) {
    if (!steps_only(walk, node, rows, n)) {
      return false;
    }
    const enum row_axis axis = rows->axis[n];
    if (rows_is_single(walk, rows, n)) {
      rows_drop_axis(rows, n);
    } else if ((rows_is_open(axis) && rows_open_size(walk, axis) == 0) ||
               (axis == AXIS_WIDTH && rows_width(walk, rows) == 0)) {
      return walk_refuse(walk, node,
                         "without axes it drops all of size 1, and the size of axis %u is open; "
                         "name the axes",
                         n);
    }
  }
  return true;
}

static bool check_squeezed(struct walk *walk, const Onnx__Node *node, const struct rows *rows,
                           uint32_t at) {
  const int64_t size = rows_size(walk, rows, rows->axis[at]);
  if (rows_is_single(walk, rows, at)) {
    return true;
  }
  return size > 0 ? walk_refuse(walk, node, "axis %u has size %lld; only size 1 is done", at,
                                (long long)size)
                  : walk_refuse(walk, node,
                                "the size of axis %u is open, so it is not known to be of size 1; "
                                "export it fixed",
                                at);
}

bool rows_squeeze(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const bool adds = strcmp(node->op_type, "Unsqueeze") == 0, given = walk_given(node, 1);
  int64_t axes[MAX_AXES];
  bool named[MAX_AXES] = {false};
  const int count = onnx_axes(node, given, given ? walk_array(walk, node, 1) : NULL, axes);
  const uint32_t whole = rows->rank + (adds && count > 0 ? (uint32_t)count : 0);
  if (count < 0 || whole > MAX_AXES || (adds && count == 0)) {
    return walk_refuse(walk, node, "its axes are not known, or more than %d", MAX_AXES);
  }
  if (count == 0) {
    return squeeze_all(walk, node, rows);
  }
  for (int n = 0; n < count; n++) {
    const int at = onnx_axis(axes[n], whole);
    if (at < 0 || named[at]) {
      return walk_refuse(walk, node, "axis %lld is none of %u, or named twice", (long long)axes[n],
                         whole);
    }
    if (!adds && !(steps_only(walk, node, rows, (uint32_t)at) &&
                   check_squeezed(walk, node, rows, (uint32_t)at))) {
      return false;
    }
    named[at] = true;
  }
  for (uint32_t n = adds ? 0 : whole; adds ? n < whole : n-- > 0;) {
    if (named[n] && adds) {
      (void)rows_insert_axis(rows, n, AXIS_ONE);
    } else if (named[n]) {
      rows_drop_axis(rows, n);
    }
    n += adds;
  }
  return true;
}

/* Whether rows can be put beside the first ones along axis `at`; widths may differ there only. */
static bool is_like(const struct walk *walk, const struct rows *first, const struct rows *other,
                    uint32_t at) {
  const struct trine_float_value *a = &walk->made_values[first->part[0]];
  bool like = other->rank == first->rank && other->is_turned == first->is_turned;
  for (uint32_t n = 0; like && n < first->rank; n++) {
    like = first->axis[n] == other->axis[n] ||
           (n != at && rows_is_single(walk, first, n) && rows_is_single(walk, other, n));
  }
  for (uint32_t n = 0; like && n < other->part_count; n++) {
    const struct trine_float_value *b = &walk->made_values[other->part[n]];
    like = a->has_time == b->has_time && a->steps == b->steps &&
           (first->axis[at] == AXIS_WIDTH || a->width == b->width);
  }
  return like && (first->axis[at] != AXIS_WIDTH || other->part_count == 1);
}

/* For putting beside each other: an axis of size 1 there is one of parts. */
static struct rows side(const struct walk *walk, const struct rows *rows, int64_t axis) {
  struct rows made = *rows;
  rows_find_row(walk, &made);
  const int at = onnx_axis(axis, made.rank);
  if (at >= 0 && made.axis[at] == AXIS_ONE && made.part_count == 1) {
    made.axis[at] = AXIS_PARTS;
  }
  return made;
}

/* Rows side by side, or more directions and layers; `rows` is the first input. */
bool rows_concat(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const int64_t axis = onnx_int(node, "axis", 0);
  bool mixed = false; /* turned round or not */
  for (size_t n = 1; n < node->n_input; n++) {
    const struct rows *input = walk_rows(walk, node, n);
    mixed = mixed || (input != NULL && input->is_turned != rows->is_turned);
  }
  if (mixed && !steps_unturn(walk, node, rows)) {
    return false;
  }
  *rows = side(walk, rows, axis);
  const int at = onnx_axis(axis, rows->rank);
  if (at < 0 || (rows->axis[at] != AXIS_WIDTH && rows->axis[at] != AXIS_PARTS) ||
      (rows->axis[at] == AXIS_WIDTH && rows->part_count != 1)) {
    return walk_refuse(walk, node, "only rows can be put side by side");
  }
  for (size_t n = 1; n < node->n_input; n++) {
    const struct rows *input = walk_rows(walk, node, n);
    struct rows other = side(walk, input != NULL ? input : rows, axis);
    if (mixed && !steps_unturn(walk, node, &other)) {
      return false;
    }
    if (input == NULL || !is_like(walk, rows, &other, (uint32_t)at)) {
      return walk_refuse(walk, node, "input %zu has to be rows in the layout of the first", n);
    }
    if (rows->part_count + other.part_count > MAX_PARTS) {
      return walk_refuse(walk, node, "more than %d rows beside each other", MAX_PARTS);
    }
    memcpy(rows->part + rows->part_count, other.part, other.part_count * sizeof *rows->part);
    rows->part_count += other.part_count;
  }
  return rows->axis[at] == AXIS_PARTS || rows_join_parts(walk, node, rows);
}

bool rows_keep_shape(const struct walk *walk, const struct onnx_array *factor,
                     const struct rows *rows) {
  if (factor->rank > rows->rank || (factor->uniform && !factor->has_shape)) {
    return false;
  }
  for (uint32_t n = 0; n < factor->rank; n++) {
    const uint32_t at = rows->rank - factor->rank + n;
    const enum row_axis axis = rows->axis[at];
    const int64_t size = rows_size(walk, rows, axis);
    if (factor->dims[n] != 1 && (size == 0 || factor->dims[n] != size) &&
        !(rows_is_open(axis) && factor->dims[n] == rows_mark(axis))) {
      return false;
    }
  }
  return true;
}

bool rows_are_like(const struct walk *walk, const struct rows *a, const struct rows *b) {
  struct rows other = *b;
  rows_find_row(walk, &other);
  bool like = a->rank == other.rank && a->is_turned == other.is_turned && a->part_count == 1 &&
              other.part_count == 1 &&
              walk->made_values[a->part[0]].has_time == walk->made_values[other.part[0]].has_time &&
              rows_steps(walk, a) == rows_steps(walk, &other);
  for (uint32_t n = 0; like && n < a->rank; n++) {
    like = a->axis[n] == other.axis[n] ||
           (rows_is_single(walk, a, n) && rows_is_single(walk, &other, n));
  }
  return like;
}

static int64_t shape_entry(const struct walk *walk, const struct rows *rows, uint32_t at) {
  const enum row_axis axis = rows->axis[at];
  const uint32_t width = rows_width(walk, rows);
  if (axis == AXIS_ONE) {
    return 1;
  }
  if (rows_is_open(axis)) {
    return rows_mark(axis);
  }
  if (axis == AXIS_PARTS) {
    return rows->part_count;
  }
  if (axis == AXIS_STEPS) {
    return rows_steps(walk, rows);
  }
  if (axis == AXIS_WIDTH && width > 0) {
    return width;
  }
  return ARRAY_UNKNOWN;
}

struct onnx_array *rows_shape(struct walk *walk, const Onnx__Node *node, const struct rows *rows) {
  uint32_t start = 0, end = 0;
  onnx_shape_range(node, rows->rank, &start, &end);
  const int64_t count = (int64_t)end - start;
  struct onnx_array *made = onnx_array_make(&walk->fold, false, 1, &count);
  for (uint32_t n = start; made != NULL && n < end; n++) {
    made->integers[n - start] = shape_entry(walk, rows, n);
  }
  return made;
}
