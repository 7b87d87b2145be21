/* SPDX-License-Identifier: Apache-2.0 */
/* lstm: the LSTM node, see walk.h: after the ONNX operator of that name (opset 7 and
 * later): gates i, o, f, c, weights [D,4H,I], [D,4H,H], biases [D,8H], layouts 0 and 1. */
#include <string.h>

#include "onnx/lstm.h"

/* One direction; the index of the value of its rows, or UINT32_MAX. */
static uint32_t add_direction(struct walk *walk, const Onnx__Node *node, const struct lstm *lstm,
                              uint32_t direction, uint32_t input) {
  const uint32_t output = walk_add_like(walk, node->output[0], input, lstm->units);
  struct trine_float_node *made = walk_add_node(walk, TRINE_FLOAT_LSTM, node, input, output);
  if (made == NULL) {
    return UINT32_MAX;
  }
  struct trine_float_cell *cell = &made->cell;
  *cell =
      (struct trine_float_cell){.inputs = lstm->inputs,
                                .units = lstm->units,
                                .reversed = (lstm->reversed || direction == 1) != lstm->is_turned};
  if (!lstm_copy_weights(walk, lstm, direction, cell) ||
      !lstm_begin(walk, node, lstm, direction, cell)) {
    return UINT32_MAX;
  }
  return output;
}

/* Which open axes the first two of X are. One of size 1 may have lost its name on the way: the
 * other one tells, and where both have, batch comes first as exporters have it. */
static bool find_axes(const struct walk *walk, const struct rows *x, uint32_t time_at,
                      enum row_axis *time, enum row_axis *batch) {
  const enum row_axis first = x->axis[time_at], second = x->axis[1 - time_at];
  const bool own = first == AXIS_STEPS;
  const bool has_time = own || rows_is_open(first), has_batch = rows_is_open(second);
  if (own) {
    *time = walk->time_axis;
  } else if (has_time) {
    *time = first;
  } else if (has_batch) {
    *time = rows_other(second);
  } else if (walk->has_time_axis) {
    *time = walk->time_axis;
  } else {
    *time = AXIS_OPEN1;
  }
  *batch = rows_other(*time);
  return (has_time || (rows_is_single(walk, x, time_at) && rows_open_size(walk, *time) == 1)) &&
         (has_batch ? second == *batch
                    : rows_is_single(walk, x, 1 - time_at) && rows_open_size(walk, *batch) == 1);
}

/* X has to be [T,B,I], or [B,T,I] with layout 1. */
static bool read_input(struct walk *walk, const Onnx__Node *node, const struct lstm *lstm,
                       struct rows *x, enum row_axis *time, enum row_axis *batch) {
  if (!rows_as_row(walk, node, x)) {
    return false;
  }
  if (x->rank != 3 || !find_axes(walk, x, lstm->batch_first ? 1 : 0, time, batch) ||
      !walk->made_values[x->part[0]].has_time || !rows_set_time(walk, *time) ||
      (rows_steps(walk, x) > 0) != (x->axis[lstm->batch_first ? 1 : 0] == AXIS_STEPS)) {
    return walk_refuse(walk, node, "its input is not rows of %s",
                       lstm->batch_first ? "[batch,time,width]" : "[time,batch,width]");
  }
  struct trine_float_value *value = &walk->made_values[x->part[0]];
  walk->has_lstm = true;
  if (value->width == 0) {
    value->width = lstm->inputs;
  }
  if (value->width != lstm->inputs) {
    return walk_refuse(walk, node, "its weights are for rows of %u values, its input has %u",
                       lstm->inputs, value->width);
  }
  return true;
}

/* Y_h and Y_c: the states after each sequence's last step, which a reversed layer takes at the
 * first row. */
static bool put_end(struct walk *walk, const Onnx__Node *node, size_t n, const struct rows *y,
                    const struct lstm *lstm, enum row_axis batch) {
  struct rows last = {.rank = 3, .axis = {AXIS_PARTS, batch, AXIS_WIDTH}};
  if (n >= node->n_output || node->output[n][0] == '\0' ||
      !walk_value(walk, node->output[n])->is_wanted) {
    return true;
  }
  if (!walk_given(node, IN_LENGTHS) && walk->made_values[y->part[0]].steps == 0) {
    walk->ends_whole = node;
  }
  if (lstm->batch_first) {
    last.axis[0] = batch;
    last.axis[1] = AXIS_PARTS;
  }
  for (uint32_t k = 0; k < y->part_count; k++) {
    const bool backwards = (lstm->reversed || k == 1) != lstm->is_turned;
    const enum trine_float_op op = backwards ? TRINE_FLOAT_FIRST : TRINE_FLOAT_LAST;
    const uint32_t taken = walk_add_value(walk, node->output[n], false, lstm->units);
    if (taken == UINT32_MAX ||
        (n == 1 && walk_add_node(walk, op, node, y->part[k], taken) == NULL)) {
      return false;
    }
    walk->made[taken].is_end = true;
    walk->made[taken].is_cell = n == 2;
    walk->made[taken].lstm = walk->made[y->part[k]].node;
    if (n == 2) {
      walk->made[taken].node = walk->made[taken].lstm;
    }
    last.part[last.part_count++] = taken;
  }
  return walk_put(walk, node, n, &last);
}

bool layer_lstm(struct walk *walk, const Onnx__Node *node) {
  struct lstm lstm;
  struct rows *input = walk_rows(walk, node, IN_X);
  if (input == NULL) {
    return walk_refuse(walk, node, "its input X has to be computed from the graph's input");
  }
  if (!lstm_describe(walk, node, &lstm)) {
    return false;
  }
  struct rows x = *input;
  enum row_axis time = AXIS_OPEN1, batch = AXIS_OPEN0;
  if (!read_input(walk, node, &lstm, &x, &time, &batch)) {
    return false;
  }
  time = rows_steps(walk, &x) > 0 ? AXIS_STEPS : time;
  struct rows y = {
      .rank = 4, .axis = {time, AXIS_PARTS, batch, AXIS_WIDTH}, .is_turned = x.is_turned};
  lstm.is_turned = x.is_turned;
  if (!lstm_lengths(walk, node, time, rows_steps(walk, &x))) {
    return false;
  }
  if (lstm.batch_first) { /* [batch, time, directions, width] */
    y.axis[0] = batch;
    y.axis[1] = time;
    y.axis[2] = AXIS_PARTS;
  }
  for (uint32_t n = 0; n < lstm.directions; n++) {
    y.part[n] = add_direction(walk, node, &lstm, n, x.part[0]);
    y.part_count++;
    if (y.part[n] == UINT32_MAX) {
      return false;
    }
  }
  return walk_put(walk, node, 0, &y) && put_end(walk, node, 1, &y, &lstm, batch) &&
         put_end(walk, node, 2, &y, &lstm, batch);
}
