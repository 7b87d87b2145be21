/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_states: what an LSTM starts from, and how long its sequences are; see lstm.h. */
#include <string.h>

#include "onnx/lstm.h"

/* Whether a constant has the shape of states: [D,B,H], or [B,D,H] with layout 1. */
static bool is_state(const struct onnx_array *array, const struct lstm *lstm) {
  return array->is_float &&
         (array->uniform ||
          (array->rank == 3 && array->dims[lstm->batch_first ? 1 : 0] == lstm->directions &&
           array->dims[2] == lstm->units && array->count > 0));
}

/* One row of a state, which all sequences have to share; false with the error set. */
static bool copy_state(struct walk *walk, const Onnx__Node *node, const struct onnx_array *array,
                       const struct lstm *lstm, uint32_t direction, float *made) {
  const uint64_t units = lstm->units, directions = lstm->directions;
  const uint64_t batch = array->count / (directions * units);
  if (!onnx_spend(&walk->fold, batch * units)) {
    return false;
  }
  for (uint64_t b = 0; b < batch; b++) {
    const uint64_t row = lstm->batch_first ? b * directions + direction : direction * batch + b;
    const float *from = array->floats + row * units;
    for (uint64_t u = 0; u < units; u++) {
      if (b > 0 && made[u] != from[u]) {
        return walk_refuse(
            walk, node,
            "its initial state differs from sequence to sequence; one for all is needed");
      }
      made[u] = from[u];
    }
  }
  return true;
}

/* An initial state: zero, the same constant for all sequences, or from an input of the graph. */
static bool initial(struct walk *walk, const Onnx__Node *node, size_t n, const struct lstm *lstm,
                    uint32_t direction, const float **state, const char **from) {
  const struct walk_value *value = walk_given(node, n) ? walk_value(walk, node->input[n]) : NULL;
  *state = NULL;
  *from = NULL;
  if (value == NULL) {
    return true;
  }
  if (value->kind == VALUE_STATE) {
    *from = value->source;
    return true;
  }
  const struct onnx_array *array = value->array;
  if (value->kind != VALUE_ARRAY || !is_state(array, lstm)) {
    return walk_refuse(walk, node, "its initial state %.40s is neither a constant nor an input",
                       node->input[n]);
  }
  if (array->uniform && array->value == 0) {
    return true;
  }
  float *made = walk_floats(walk, lstm->units);
  bool zero = true;
  if (made == NULL || (!array->uniform && !copy_state(walk, node, array, lstm, direction, made))) {
    return false;
  }
  for (uint32_t u = 0; u < lstm->units; u++) {
    made[u] = array->uniform ? (float)array->value : made[u];
    zero = zero && made[u] == 0.0F;
  }
  *state = zero ? NULL : made;
  return true;
}

/* The LSTM whose final state a value is, in that direction: 1 + the index of its node, or 0. */
static uint32_t end_of(struct walk *walk, const Onnx__Node *node, size_t n, uint32_t direction) {
  const struct walk_value *value = walk_given(node, n) ? walk_value(walk, node->input[n]) : NULL;
  if (value == NULL || value->kind != VALUE_ROWS || direction >= value->rows.part_count) {
    return 0;
  }
  const struct made *made = &walk->made[value->rows.part[direction]];
  const uint32_t producer = made->node;
  if (made->is_cell || n == IN_C) {
    return made->is_cell && n == IN_C ? 1 + producer : 0;
  }
  const struct trine_float_node *taken =
      producer == UINT32_MAX ? NULL : &walk->made_nodes[producer];
  const uint32_t before = taken == NULL ? UINT32_MAX : walk->made[taken->inputs[0]].node;
  const struct trine_float_node *lstm = before == UINT32_MAX ? NULL : &walk->made_nodes[before];
  const bool is_end = lstm != NULL && lstm->op == TRINE_FLOAT_LSTM &&
                      taken->op == (lstm->cell.reversed ? TRINE_FLOAT_FIRST : TRINE_FLOAT_LAST);
  return is_end ? 1 + before : 0;
}

/* Rows of states in the layout that an LSTM takes them in: [D,B,H], or [B,D,H] with layout 1. */
static bool are_states(struct walk *walk, const Onnx__Node *node, size_t n,
                       const struct lstm *lstm) {
  const struct walk_value *value = walk_value(walk, node->input[n]);
  const struct rows *rows = &value->rows;
  const uint32_t parts = lstm->batch_first ? 1 : 0;
  return value->kind != VALUE_ROWS ||
         (rows->rank == 3 && rows->part_count == lstm->directions && rows->axis[2] == AXIS_WIDTH &&
          (rows->axis[parts] == AXIS_PARTS ||
           (rows->part_count == 1 && rows->axis[parts] == AXIS_ONE)) &&
          (rows_is_open(rows->axis[1 - parts]) || rows_is_single(walk, rows, 1 - parts)));
}

bool lstm_begin(struct walk *walk, const Onnx__Node *node, const struct lstm *lstm,
                uint32_t direction, struct trine_float_cell *cell) {
  const uint32_t h = end_of(walk, node, IN_H, direction), c = end_of(walk, node, IN_C, direction);
  if (h == 0 && c == 0) {
    return initial(walk, node, IN_H, lstm, direction, &cell->h0, &cell->h_in) &&
           initial(walk, node, IN_C, lstm, direction, &cell->c0, &cell->c_in);
  }
  cell->follows = h;
  return (h != 0 && h == c && walk->made_nodes[h - 1].cell.units == lstm->units &&
          are_states(walk, node, IN_H, lstm) && are_states(walk, node, IN_C, lstm)) ||
         walk_refuse(walk, node,
                     "its initial h and c are not the final states of one other LSTM of %u units, "
                     "as they are; hand both on, or cut between with --outputs",
                     lstm->units);
}

bool lstm_lengths(struct walk *walk, const Onnx__Node *node, enum row_axis time, uint32_t steps) {
  const struct walk_value *value =
      walk_given(node, IN_LENGTHS) ? walk_value(walk, node->input[IN_LENGTHS]) : NULL;
  if (value == NULL || value->kind != VALUE_STATE) {
    const struct onnx_array *array =
        value != NULL && value->kind == VALUE_ARRAY ? value->array : NULL;
    walk->has_none = walk->has_none == NULL && steps == 0 ? node : walk->has_none;
    return value == NULL || steps_are_whole(walk, array, time, steps) ||
           walk_refuse(walk, node,
                       "sequence_lens are not those of whole sequences; make them an "
                       "input of the graph, or leave them out: --lengths brings them");
  }
  if (steps > 0 || value->is_moved || value->columns != 0 || value->offset != 0 ||
      (walk->lengths != NULL && strcmp(walk->lengths, value->source) != 0)) {
    return walk_refuse(walk, node,
                       "its sequence_lens %.40s are not, as they are, the one input of lengths",
                       value->name);
  }
  walk->lengths = value->source;
  return true;
}
