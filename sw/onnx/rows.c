/* SPDX-License-Identifier: Apache-2.0 */
/* rows: nodes that only change the layout in which a graph has rows, see walk.h. */
#include <string.h>

#include "onnx/walk.h"

uint32_t rows_width(const struct walk *walk, const struct rows *rows) {
  return walk->made_values[rows->part[0]].width;
}

bool rows_set_time(struct walk *walk, enum axis axis) {
  if (!walk->has_time_axis) {
    walk->has_time_axis = true;
    walk->time_axis = axis;
  }
  return walk->time_axis == axis;
}

bool rows_is_open(enum axis axis) {
  return axis == AXIS_OPEN0 || axis == AXIS_OPEN1;
}

void rows_drop_axis(struct rows *rows, uint32_t at) {
  rows->rank--;
  for (uint32_t n = at; n < rows->rank; n++) {
    rows->axis[n] = rows->axis[n + 1];
  }
}

static bool insert_axis(struct rows *rows, uint32_t at, enum axis axis) {
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

int rows_axis_at(int64_t axis, uint32_t rank) {
  const int64_t at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < (int64_t)rank ? (int)at : -1;
}

bool rows_transpose(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const Onnx__Attribute *perm = onnx_attribute(node, "perm");
  const struct rows from = *rows;
  bool seen[MAX_AXES] = {false};
  for (uint32_t n = 0; n < from.rank; n++) {
    const int64_t at = perm == NULL ? from.rank - 1 - n : n < perm->n_ints ? perm->ints[n] : -1;
    if (at < 0 || at >= from.rank || seen[at]) {
      return walk_refuse(walk, node, "perm is no permutation of the %u axes", from.rank);
    }
    seen[at] = true;
    rows->axis[n] = from.axis[at];
  }
  return true;
}

/* Whether an axis may be dropped: size 1, or one direction alone. */
static bool is_single(const struct rows *rows, uint32_t at) {
  return rows->axis[at] == AXIS_ONE || (rows->axis[at] == AXIS_PARTS && rows->part_count == 1);
}

/* Axes of Squeeze and Unsqueeze; -1 when they are not known. */
static int named_axes(struct walk *walk, const Onnx__Node *node, int64_t axes[MAX_AXES]) {
  const Onnx__Attribute *attribute = onnx_attribute(node, "axes");
  if (node->n_input > 1) {
    return onnx_array_list(walk_array(walk, node, 1), axes, MAX_AXES);
  }
  if (attribute == NULL || attribute->n_ints > MAX_AXES) {
    return -1;
  }
  memcpy(axes, attribute->ints, attribute->n_ints * sizeof *axes);
  return (int)attribute->n_ints;
}

bool rows_squeeze(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const bool adds = strcmp(node->op_type, "Unsqueeze") == 0;
  int64_t axes[MAX_AXES];
  bool named[MAX_AXES] = {false};
  const int count = named_axes(walk, node, axes);
  const uint32_t whole = rows->rank + (adds && count > 0 ? (uint32_t)count : 0);
  if (count < 0 || whole > MAX_AXES) {
    return walk_refuse(walk, node, "its axes are not known");
  }
  for (int n = 0; n < count; n++) {
    const int at = rows_axis_at(axes[n], whole);
    if (at < 0 || (!adds && !is_single(rows, (uint32_t)at))) {
      return walk_refuse(walk, node, "axis %lld is not of size 1", (long long)axes[n]);
    }
    named[at] = true;
  }
  for (uint32_t n = adds ? 0 : whole; adds ? n < whole : n-- > 0;) {
    if (named[n] && adds) {
      (void)insert_axis(rows, n, AXIS_ONE);
    } else if (named[n]) {
      rows_drop_axis(rows, n);
    }
    n += adds;
  }
  return true;
}

/* All parts side by side as one value. */
static bool join_parts(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  if (rows->part_count == 1) {
    return true;
  }
  uint32_t width = 0;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    width += walk->made_values[rows->part[n]].width;
  }
  if (rows->part_count > TRINE_FLOAT_MAX_INPUTS) {
    return walk_refuse(walk, node, "%u rows side by side, at most %d are done", rows->part_count,
                       TRINE_FLOAT_MAX_INPUTS);
  }
  const bool has_time = walk->made_values[rows->part[0]].has_time;
  const char *name = node->n_output > 0 ? node->output[0] : walk_node_name(node);
  const uint32_t joined = walk_add_value(walk, name, has_time, width);
  struct trine_float_node *made =
      walk_add_node(walk, TRINE_FLOAT_CONCAT, node, rows->part[0], joined);
  if (made == NULL) {
    return false;
  }
  made->input_count = rows->part_count;
  memcpy(made->inputs, rows->part, rows->part_count * sizeof *rows->part);
  rows->part_count = 1;
  rows->part[0] = joined;
  return true;
}

/* A reshape is understood axis by axis: `at` the axis of the rows, `want` the size asked for. */
struct reshape {
  struct rows from, to;
  uint32_t at;
  int64_t want[MAX_AXES];
  uint32_t wants;
};

/* Axes that need a size of the shape: not those of size 1, and parts go with the row behind. */
static uint32_t axes_left(const struct reshape *reshape) {
  const struct rows *from = &reshape->from;
  uint32_t count = 0;
  for (uint32_t n = reshape->at; n < from->rank; n++) {
    const bool joins =
        from->axis[n] == AXIS_PARTS && n + 1 < from->rank && from->axis[n + 1] == AXIS_WIDTH;
    count += !is_single(from, n) && !joins;
  }
  return count;
}

static uint32_t sizes_left(const struct reshape *reshape, uint32_t n) {
  uint32_t count = 0;
  for (; n < reshape->wants; n++) {
    count += reshape->want[n] != 1;
  }
  return count;
}

static void push(struct reshape *reshape, enum axis axis) {
  reshape->to.axis[reshape->to.rank++] = axis;
}

/* Whether an axis of the input can be of that size; what is not a size fits any. */
static bool fits(const struct walk *walk, uint32_t open, int64_t want) {
  return want <= 0 || walk->open_size[open] == 0 || walk->open_size[open] == want;
}

/* The next axis of the rows as size n of the shape; false when they do not fit. */
static bool match(struct walk *walk, const Onnx__Node *node, struct reshape *reshape, uint32_t *n) {
  const struct rows *from = &reshape->from;
  const int64_t want = reshape->want[*n];
  const enum axis axis = from->axis[reshape->at];
  const enum axis next = reshape->at + 1 < from->rank ? from->axis[reshape->at + 1] : AXIS_ONE;
  const uint32_t width = rows_width(walk, from);
  const bool fewer = want != 0 && axes_left(reshape) > sizes_left(reshape, *n);
  reshape->at++;
  if (axis == AXIS_PARTS && next == AXIS_WIDTH && want != (int64_t)from->part_count) {
    if (!join_parts(walk, node, &reshape->from)) {
      return false;
    }
    memcpy(reshape->to.part, reshape->from.part, sizeof reshape->to.part);
    reshape->to.part_count = 1;
    reshape->at++;
    push(reshape, AXIS_WIDTH);
    return want < 0 || want == (int64_t)rows_width(walk, &reshape->from);
  }
  if (axis == AXIS_MERGED && axes_left(reshape) + 2 == sizes_left(reshape, *n)) {
    push(reshape, AXIS_OPEN0);
    push(reshape, AXIS_OPEN1);
    (*n)++;
    return *n < reshape->wants && fits(walk, 0, want) && fits(walk, 1, reshape->want[*n]);
  }
  if (rows_is_open(axis) && rows_is_open(next) && fewer) {
    /* A number here and the rest open: it could be the batch, and all steps one row. */
    const bool known = want < 0 || reshape->want[reshape->wants - 1] >= 0;
    reshape->at++;
    push(reshape, AXIS_MERGED);
    return axis == AXIS_OPEN0 && known;
  }
  push(reshape, axis);
  return axis != AXIS_WIDTH || want < 0 || width == 0 || want == (int64_t)width;
}

bool rows_reshape(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  struct reshape reshape = {.from = *rows, .to = *rows};
  const int wants = onnx_array_list(walk_array(walk, node, 1), reshape.want, MAX_AXES);
  reshape.to.rank = 0;
  reshape.wants = wants < 0 ? 0 : (uint32_t)wants;
  if (wants <= 0) {
    return walk_refuse(walk, node, "its shape is not known");
  }
  for (uint32_t n = 0; n < reshape.wants; n++) {
    while (reshape.want[n] != 1 && reshape.at < rows->rank &&
           is_single(&reshape.from, reshape.at) && !(reshape.want[n] == 0 && reshape.at == n)) {
      reshape.at++;
    }
    const bool has = reshape.at < rows->rank;
    if (reshape.want[n] == 1 && !(has && is_single(&reshape.from, reshape.at))) {
      push(&reshape, AXIS_ONE);
    } else if (!has || reshape.to.rank >= MAX_AXES || !match(walk, node, &reshape, &n)) {
      return walk_refuse(walk, node, "this change of shape is not understood");
    }
  }
  if (axes_left(&reshape) != 0) {
    return walk_refuse(walk, node, "this change of shape is not understood");
  }
  *rows = reshape.to;
  return true;
}

bool rows_flatten(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  if (onnx_int(node, "axis", 1) != 1 || rows->rank == 0 || !rows_is_open(rows->axis[0])) {
    return walk_refuse(walk, node, "only axis 1 of rows with the batch in front is done");
  }
  for (uint32_t n = rows->rank; n-- > 1;) {
    if (is_single(rows, n)) {
      rows_drop_axis(rows, n);
    }
  }
  return rows_join(walk, node, rows, false);
}

bool rows_join(struct walk *walk, const Onnx__Node *node, struct rows *rows, bool anywhere) {
  for (uint32_t n = 0; n < rows->rank; n++) {
    const bool last = anywhere || (n + 2 == rows->rank && rows->axis[n + 1] == AXIS_WIDTH);
    if (rows->axis[n] == AXIS_PARTS && rows->part_count > 1 && !last) {
      return walk_refuse(walk, node, "the directions of a layer are not side by side here");
    }
    if (rows->axis[n] == AXIS_PARTS) {
      rows_drop_axis(rows, n);
      return join_parts(walk, node, rows);
    }
  }
  return true;
}

/* Rows side by side, or more directions and layers; `rows` is the first input. */
bool rows_concat(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const int at = rows_axis_at(onnx_int(node, "axis", 0), rows->rank);
  if (at < 0 || (rows->axis[at] != AXIS_WIDTH && rows->axis[at] != AXIS_PARTS) ||
      (rows->axis[at] == AXIS_WIDTH && rows->part_count != 1)) {
    return walk_refuse(walk, node, "only rows can be put side by side");
  }
  for (size_t n = 1; n < node->n_input; n++) {
    const struct rows *other = walk_rows(walk, node, n);
    if (other == NULL || other->rank != rows->rank || other->is_turned != rows->is_turned ||
        memcmp(other->axis, rows->axis, rows->rank * sizeof *rows->axis) != 0 ||
        rows->part_count + other->part_count > MAX_PARTS) {
      return walk_refuse(walk, node, "input %zu is not like the first", n);
    }
    memcpy(rows->part + rows->part_count, other->part, other->part_count * sizeof *rows->part);
    rows->part_count += other->part_count;
  }
  return rows->axis[at] == AXIS_PARTS || join_parts(walk, node, rows);
}

struct onnx_array *rows_shape(struct walk *walk, const struct rows *rows) {
  const int64_t rank = rows->rank;
  struct onnx_array *made = onnx_array_make(&walk->fold, false, 1, &rank);
  for (uint32_t n = 0; made != NULL && n < rows->rank; n++) {
    const uint32_t width = rows_width(walk, rows);
    made->integers[n] = rows->axis[n] == AXIS_ONE                  ? 1
                        : rows->axis[n] == AXIS_OPEN0              ? ARRAY_AXIS0
                        : rows->axis[n] == AXIS_OPEN1              ? ARRAY_AXIS1
                        : rows->axis[n] == AXIS_PARTS              ? rows->part_count
                        : rows->axis[n] == AXIS_WIDTH && width > 0 ? width
                                                                   : ARRAY_UNKNOWN;
  }
  return made;
}
