/* SPDX-License-Identifier: Apache-2.0 */
/* parts: rows of several directions, layers or steps of a forecast as one row, and one row as such;
 * see walk.h. */
#include <string.h>

#include "onnx/walk.h"

/* The value that parts are all columns of, in their order; UINT32_MAX: they are not. */
static uint32_t whole_of(const struct walk *walk, const struct rows *rows) {
  uint32_t whole = UINT32_MAX, at = 0;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const uint32_t producer = walk->made[rows->part[n]].node;
    const struct trine_float_node *node =
        producer == UINT32_MAX ? NULL : &walk->made_nodes[producer];
    if (node == NULL || node->op != TRINE_FLOAT_COLUMNS || (uint32_t)node->first != at ||
        (n > 0 && node->inputs[0] != whole)) {
      return UINT32_MAX;
    }
    whole = node->inputs[0];
    at += walk->made_values[rows->part[n]].width;
  }
  return whole != UINT32_MAX && walk->made_values[whole].width == at ? whole : UINT32_MAX;
}

bool rows_join_parts(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  if (rows->part_count == 1) {
    return true;
  }
  uint32_t width = 0;
  const uint32_t whole = whole_of(walk, rows);
  if (whole != UINT32_MAX) {
    rows->part_count = 1;
    rows->part[0] = whole;
    return true;
  }
  if (!walk_are_rows(walk, node, rows)) {
    return false;
  }
  if (rows->part_count > TRINE_FLOAT_MAX_INPUTS) {
    return walk_refuse(walk, node, "%u rows side by side, at most %d are done", rows->part_count,
                       TRINE_FLOAT_MAX_INPUTS);
  }
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const uint32_t more = walk->made_values[rows->part[n]].width;
    if (more == 0) {
      return walk_refuse(walk, node, "the width of one of its rows is open; fix it at the export");
    }
    if (more > TRINE_ONNX_MAX_UNITS - width) {
      return walk_refuse(walk, node, "rows side by side have more than %d values",
                         TRINE_ONNX_MAX_UNITS);
    }
    width += more;
  }
  const char *name = node->n_output > 0 ? node->output[0] : walk_node_name(node);
  const uint32_t joined = walk_add_like(walk, name, rows->part[0], width);
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

bool rows_cut(struct walk *walk, const Onnx__Node *node, uint32_t parts, struct rows *rows) {
  const struct rows whole = *rows;
  const uint32_t width = rows_width(walk, rows) / parts;
  for (uint32_t n = 0; n < parts; n++) {
    struct rows part = whole;
    if (!steps_columns(walk, node, node->output[0], &part, (int64_t)n * width, width)) {
      return false;
    }
    rows->part[n] = part.part[0];
  }
  rows->part_count = parts;
  return rows_insert_axis(rows, rows->rank - 1, AXIS_PARTS);
}
