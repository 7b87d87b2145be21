/* SPDX-License-Identifier: Apache-2.0 */
/* layers: nodes that compute, but for the LSTM; see walk.h. */
#include <math.h>
#include <string.h>

#include "onnx/walk.h"

/* Whether a constant is added alike to each row of so many values. */
static bool is_bias(const struct onnx_array *array, int64_t units) {
  return array != NULL && array->is_float && !array->uniform &&
         (array->count == 1 ||
          (array->count == (uint64_t)units && array->dims[array->rank - 1] == units));
}

/* Gemm and MatMul with constant weights. */
bool layer_dense(struct walk *walk, const Onnx__Node *node) {
  const bool gemm = strcmp(node->op_type, "Gemm") == 0;
  const bool turned = gemm && onnx_int(node, "transB", 0) != 0;
  const struct onnx_array *weights = walk_array(walk, node, 1), *bias = walk_array(walk, node, 2);
  struct rows *input = walk_rows(walk, node, 0);
  if (input == NULL || weights == NULL || !weights->is_float || weights->uniform ||
      weights->rank != 2 || (gemm && onnx_int(node, "transA", 0) != 0) ||
      (walk_given(node, 2) && bias == NULL)) {
    return walk_refuse(walk, node,
                       "only rows times constant weights, and a constant bias, are "
                       "done");
  }
  struct rows rows = *input;
  if (gemm && rows.rank != 2) {
    return walk_refuse(walk, node, "its input has %u axes instead of 2", rows.rank);
  }
  const int64_t inputs = weights->dims[turned ? 1 : 0], units = weights->dims[turned ? 0 : 1];
  if (!rows_as_row(walk, node, &rows)) {
    return false;
  }
  struct trine_float_value *from = &walk->made_values[rows.part[0]];
  from->width = from->width == 0 && inputs <= TRINE_ONNX_MAX_UNITS ? (uint32_t)inputs : from->width;
  if (from->width != inputs || units < 1 || units > TRINE_ONNX_MAX_UNITS ||
      (bias != NULL && !is_bias(bias, units))) {
    return walk_refuse(walk, node, "weights of [%lld,%lld] do not fit rows of %u values",
                       (long long)inputs, (long long)units, from->width);
  }
  const uint32_t output = walk_add_value(walk, node->output[0], from->has_time, (uint32_t)units);
  struct trine_float_node *made =
      walk_add_node(walk, TRINE_FLOAT_DENSE, node, rows.part[0], output);
  float *w = walk_floats(walk, weights->count), *b = walk_floats(walk, (uint64_t)units);
  if (made == NULL || w == NULL || b == NULL) {
    return false;
  }
  const float alpha = gemm ? onnx_float(node, "alpha", 1.0F) : 1.0F;
  const float beta = gemm ? onnx_float(node, "beta", 1.0F) : 1.0F;
  for (int64_t u = 0; u < units; u++) {
    for (int64_t n = 0; n < inputs; n++) {
      w[u * inputs + n] = alpha * weights->floats[turned ? u * inputs + n : n * units + u];
    }
    b[u] = bias == NULL ? 0.0F : beta * bias->floats[bias->count == 1 ? 0 : u];
  }
  made->matrix = (struct trine_float_matrix){.inputs = (uint32_t)inputs,
                                             .units = (uint32_t)units,
                                             .w = w,
                                             .bias = b,
                                             .out_min = -INFINITY,
                                             .out_max = INFINITY};
  rows.part[0] = output;
  return walk_put(walk, node, 0, &rows);
}

/* The dense layer that made these rows, when nothing else reads them. */
static struct trine_float_node *dense_before(struct walk *walk, const struct rows *rows) {
  const struct made *made = &walk->made[rows->part[0]];
  if (rows->part_count != 1 || made->is_forked || made->node == UINT32_MAX) {
    return NULL;
  }
  struct trine_float_node *node = &walk->made_nodes[made->node];
  return node->op == TRINE_FLOAT_DENSE ? node : NULL;
}

/* MatMul and Add: the constant becomes the bias. */
bool layer_bias(struct walk *walk, const Onnx__Node *node) {
  const size_t at = walk_rows(walk, node, 0) != NULL ? 0 : 1;
  const struct onnx_array *added = walk_array(walk, node, 1 - at);
  const struct rows *input = walk_rows(walk, node, at);
  struct trine_float_node *dense = input != NULL ? dense_before(walk, input) : NULL;
  if (dense == NULL || dense->matrix.out_min > -INFINITY || !is_bias(added, dense->matrix.units)) {
    return walk_refuse(walk, node, "only a constant can be added, to a dense layer's output");
  }
  struct rows rows = *input;
  if (!rows_as_row(walk, node, &rows)) {
    return false;
  }
  if (added->rank > rows.rank) {
    return walk_refuse(walk, node, "its constant has %u axes, its rows have %u", added->rank,
                       rows.rank);
  }
  float *bias = walk_floats(walk, dense->matrix.units);
  for (uint32_t u = 0; u < dense->matrix.units && bias != NULL; u++) {
    bias[u] = dense->matrix.bias[u] + added->floats[added->count == 1 ? 0 : u];
  }
  dense->matrix.bias = bias;
  walk->made_values[dense->output].name = node->output[0];
  return bias != NULL && walk_put(walk, node, 0, &rows);
}

/* Whether a factor of ones leaves the shape of the rows: no axis of theirs is repeated for it. */
static bool keeps_shape(const struct walk *walk, const struct onnx_array *factor,
                        const struct rows *rows) {
  if (factor->rank > rows->rank || (factor->uniform && !factor->has_shape)) {
    return false;
  }
  for (uint32_t n = 0; n < factor->rank; n++) {
    const uint32_t at = rows->rank - factor->rank + n;
    const enum axis axis = rows->axis[at];
    const int64_t size = rows_is_open(axis)   ? rows_open_size(walk, axis)
                         : axis == AXIS_PARTS ? rows->part_count
                         : axis == AXIS_WIDTH ? rows_width(walk, rows)
                                              : 1;
    if (factor->dims[n] != 1 && (size == 0 || factor->dims[n] != size) &&
        !(rows_is_open(axis) && factor->dims[n] == rows_mark(axis))) {
      return false;
    }
  }
  return true;
}

bool layer_ones(struct walk *walk, const Onnx__Node *node) {
  const size_t at = walk_rows(walk, node, 0) != NULL ? 0 : 1;
  const struct onnx_array *factor = walk_array(walk, node, 1 - at);
  const struct rows *rows = walk_rows(walk, node, at);
  bool ones = factor != NULL && rows != NULL && factor->is_float &&
              (factor->uniform || onnx_spend(&walk->fold, factor->count));
  for (uint64_t n = 0; ones && n < (factor->uniform ? 1 : factor->count); n++) {
    ones = factor->uniform ? factor->value == 1 : factor->floats[n] == 1.0F;
  }
  if (!ones || !keeps_shape(walk, factor, rows)) {
    return walk_refuse(walk, node, "rows can only be multiplied by ones of their own shape");
  }
  return walk_put(walk, node, 0, rows);
}

/* Gather of constant rows by symbols. */
bool layer_embedding(struct walk *walk, const Onnx__Node *node) {
  const struct onnx_array *table = walk_array(walk, node, 0);
  struct rows *input = walk_rows(walk, node, 1);
  if (table == NULL || input == NULL || !table->is_float || table->uniform || table->rank != 2 ||
      table->dims[1] < 1 || table->dims[1] > TRINE_ONNX_MAX_UNITS ||
      onnx_int(node, "axis", 0) != 0 || input->part_count != 1 || input->rank >= MAX_AXES ||
      input->part[0] != walk->network.input || !walk->takes_symbols) {
    return walk_refuse(walk, node,
                       "only rows of a constant table can be looked up, by the graph's input");
  }
  struct rows rows = *input;
  const uint32_t width = (uint32_t)table->dims[1];
  const uint32_t output =
      walk_add_value(walk, node->output[0], walk->made_values[input->part[0]].has_time, width);
  struct trine_float_node *made =
      walk_add_node(walk, TRINE_FLOAT_EMBEDDING, node, rows.part[0], output);
  if (made == NULL) {
    return false;
  }
  made->matrix = (struct trine_float_matrix){
      .inputs = width, .units = (uint32_t)table->dims[0], .w = table->floats};
  rows.axis[rows.rank++] = AXIS_WIDTH;
  rows.part[0] = output;
  return walk_put(walk, node, 0, &rows);
}

/* Softmax and ArgMax have to go along the row; false with the error set. */
static bool is_along_row(struct walk *walk, const Onnx__Node *node, enum trine_float_op op,
                         uint32_t rank) {
  /* Before version 13 a Softmax without `axis` ran over all axes from the second on. */
  const int64_t otherwise = op == TRINE_FLOAT_ARGMAX ? 0 : walk->fold.opset < 13 ? 1 : -1;
  const int64_t axis = onnx_int(node, "axis", otherwise);
  if (axis != -1 && axis != (int64_t)rank - 1) {
    return walk_refuse(walk, node, "only the last axis is done, not %lld", (long long)axis);
  }
  return op != TRINE_FLOAT_ARGMAX || onnx_int(node, "select_last_index", 0) == 0 ||
         walk_refuse(walk, node, "select_last_index is not done; it has to be 0");
}

/* Relu, Sigmoid, Softmax and ArgMax; a Relu of a dense layer becomes its lower bound. */
bool layer_function(struct walk *walk, const Onnx__Node *node, enum trine_float_op op) {
  const struct rows *input = walk_rows(walk, node, 0);
  if (input == NULL) {
    return walk_refuse(walk, node, "its first input has to be computed from the graph's input");
  }
  struct rows rows = *input;
  struct trine_float_node *dense = op == TRINE_FLOAT_RELU ? dense_before(walk, &rows) : NULL;
  const bool along = op == TRINE_FLOAT_SOFTMAX || op == TRINE_FLOAT_ARGMAX;
  /* What goes value by value minds no layout. */
  if (((along || rows.part_count > 1) && !rows_as_row(walk, node, &rows)) ||
      (along && !is_along_row(walk, node, op, rows.rank))) {
    return false;
  }
  if (dense != NULL) {
    dense->matrix.out_min = 0.0F;
    walk->made_values[dense->output].name = node->output[0];
    return walk_put(walk, node, 0, &rows);
  }
  const struct trine_float_value *from = &walk->made_values[rows.part[0]];
  const uint32_t width = op == TRINE_FLOAT_ARGMAX ? 1 : from->width;
  const uint32_t output = walk_add_value(walk, node->output[0], from->has_time, width);
  if (walk_add_node(walk, op, node, rows.part[0], output) == NULL) {
    return false;
  }
  rows.part[0] = output;
  if (op == TRINE_FLOAT_ARGMAX && onnx_int(node, "keepdims", 1) == 0) {
    rows_drop_axis(&rows, rows.rank - 1);
  }
  return walk_put(walk, node, 0, &rows);
}
