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

/* Weights and bias of Gemm, MatMul, and MatMul of int8; false with the error set. */
static bool take_weights(struct walk *walk, const Onnx__Node *node,
                         const struct onnx_array **weights, const struct onnx_array **bias) {
  const bool gemm = strcmp(node->op_type, "Gemm") == 0;
  const bool eight = !gemm && strcmp(node->op_type, "MatMul") != 0;
  const size_t bias_at = eight ? 4 : 2;
  *weights = eight ? quantized_weights(walk, node) : walk_array(walk, node, 1);
  *bias = walk_array(walk, node, bias_at);
  if (eight && *weights == NULL) {
    return false;
  }
  return (walk_rows(walk, node, 0) != NULL && *weights != NULL && (*weights)->is_float &&
          !(*weights)->uniform && (*weights)->rank == 2 &&
          !(gemm && onnx_int(node, "transA", 0) != 0) &&
          !(walk_given(node, bias_at) && *bias == NULL)) ||
         walk_refuse(walk, node,
                     "only rows times constant weights, and a constant bias, are "
                     "done");
}

/* Gemm and MatMul with constant weights. */
bool layer_dense(struct walk *walk, const Onnx__Node *node) {
  const bool gemm = strcmp(node->op_type, "Gemm") == 0;
  const bool turned = gemm && onnx_int(node, "transB", 0) != 0;
  const struct onnx_array *weights = NULL, *bias = NULL;
  struct rows *input = walk_rows(walk, node, 0);
  if (!take_weights(walk, node, &weights, &bias)) {
    return false;
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
  const uint32_t output = walk_add_like(walk, node->output[0], rows.part[0], (uint32_t)units);
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
    if (bias == NULL) {
      b[u] = 0.0F;
    } else {
      b[u] = beta * bias->floats[bias->count == 1 ? 0 : u];
    }
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

/* Gather of constant rows by symbols. */
bool layer_embedding(struct walk *walk, const Onnx__Node *node) {
  const struct onnx_array *table = walk_array(walk, node, 0);
  struct rows *input = walk_rows(walk, node, 1);
  if (table == NULL || input == NULL || !table->is_float || table->uniform || table->rank != 2 ||
      table->dims[1] < 1 || table->dims[1] > TRINE_ONNX_MAX_UNITS ||
      onnx_int(node, "axis", 0) != 0 || input->part_count != 1 || input->rank >= MAX_AXES ||
      !given_is_symbols(walk, input->part[0])) {
    return walk_refuse(walk, node,
                       "only rows of a constant table can be looked up, by an input of the graph");
  }
  struct rows rows = *input;
  const uint32_t width = (uint32_t)table->dims[1];
  const uint32_t output = walk_add_like(walk, node->output[0], input->part[0], width);
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

/* Softmax, LogSoftmax and ArgMax have to go along the row; false with the error set. */
static bool is_along_row(struct walk *walk, const Onnx__Node *node, enum trine_float_op op,
                         uint32_t rank) {
  /* Before version 13 a Softmax without `axis` ran over all axes from the second on. */
  int64_t otherwise;
  if (op == TRINE_FLOAT_ARGMAX) {
    otherwise = 0;
  } else if (walk->fold.opset < 13) {
    otherwise = 1;
  } else {
    otherwise = -1;
  }
  const int64_t axis = onnx_int(node, "axis", otherwise);
  if (axis != -1 && axis != (int64_t)rank - 1) {
    return walk_refuse(walk, node, "only the last axis is done, not %lld", (long long)axis);
  }
  return op != TRINE_FLOAT_ARGMAX || onnx_int(node, "select_last_index", 0) == 0 ||
         walk_refuse(walk, node, "select_last_index is not done; it has to be 0");
}

/* The slope of a LeakyRelu below 0, of a PRelu that has one, of an Elu only 1; false with the error
 * set. */
static bool take_slope(struct walk *walk, const Onnx__Node *node, enum trine_float_op op,
                       float *alpha) {
  const struct onnx_array *slope = walk_array(walk, node, 1);
  *alpha = onnx_float(node, "alpha", op == TRINE_FLOAT_ELU ? 1.0F : 0.01F);
  if (strcmp(node->op_type, "PRelu") == 0) {
    if (slope == NULL || !slope->is_float || slope->uniform || slope->count != 1) {
      return walk_refuse(walk, node, "its slope is not one number; train with LeakyRelu");
    }
    *alpha = slope->floats[0];
  }
  return op != TRINE_FLOAT_ELU || *alpha == 1.0F ||
         walk_refuse(walk, node, "alpha is %g; an Elu of 1 is done", (double)*alpha);
}

/* Bounds behind a dense layer that int8 has too; false when they are others. */
static bool bound_dense(struct walk *walk, const Onnx__Node *node, struct rows *rows, float low,
                        float high) {
  struct trine_float_node *dense = walk_producer(walk, rows, TRINE_FLOAT_DENSE);
  const bool usual =
      (low == 0.0F && (high == INFINITY || high == 6.0F)) || (low == -1.0F && high == 1.0F);
  if (dense == NULL || !usual || dense->matrix.out_min > -INFINITY ||
      dense->matrix.out_max < INFINITY) {
    return false;
  }
  dense->matrix.out_min = low;
  dense->matrix.out_max = high;
  walk->made_values[dense->output].name = node->output[0];
  return walk_put(walk, node, 0, rows);
}

/* A function of rows that has a node of its own. */
static bool add_function(struct walk *walk, const Onnx__Node *node, enum trine_float_op op,
                         float alpha, struct rows *rows) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const struct trine_float_value *from = &walk->made_values[rows->part[n]];
    const uint32_t width = op == TRINE_FLOAT_ARGMAX ? 1 : from->width;
    const uint32_t output = walk_add_like(walk, node->output[0], rows->part[n], width);
    struct trine_float_node *made = walk_add_node(walk, op, node, rows->part[n], output);
    if (made == NULL) {
      return false;
    }
    made->alpha = alpha;
    rows->part[n] = output;
  }
  return true;
}

/* Clip: bounds of a dense layer, or Relu. */
bool layer_clip(struct walk *walk, const Onnx__Node *node) {
  float bounds[2] = {onnx_float(node, "min", -INFINITY), onnx_float(node, "max", INFINITY)};
  for (size_t n = 0; n < 2; n++) {
    const struct onnx_array *given = walk_array(walk, node, n + 1);
    if (given != NULL && given->is_float && !given->uniform && given->count == 1) {
      bounds[n] = given->floats[0];
    } else if (walk_given(node, n + 1)) {
      return walk_refuse(walk, node, "its bounds are not constant numbers; export it with such");
    }
  }
  const struct rows *input = walk_rows(walk, node, 0);
  if (input == NULL) {
    return walk_refuse(walk, node, "its first input has to be computed from the graph's input");
  }
  struct rows rows = *input;
  const float low = bounds[0], high = bounds[1] >= 3e38F ? INFINITY : bounds[1];
  if (bound_dense(walk, node, &rows, low, high)) {
    return true;
  }
  if (low != 0.0F || high != INFINITY) {
    return walk_refuse(walk, node,
                       "bounds %g and %g are done only behind a dense layer, as 0 and 6 or -1 and "
                       "1; 0 alone anywhere",
                       (double)low, (double)high);
  }
  return add_function(walk, node, TRINE_FLOAT_RELU, 0.0F, &rows) && walk_put(walk, node, 0, &rows);
}

/* Functions of rows; a Relu of a dense layer becomes its lower bound. */
bool layer_function(struct walk *walk, const Onnx__Node *node, enum trine_float_op op) {
  const struct rows *input = walk_rows(walk, node, 0);
  float alpha = 0.0F;
  if (input == NULL) {
    return walk_refuse(walk, node, "its first input has to be computed from the graph's input");
  }
  struct rows rows = *input;
  const bool along =
      op == TRINE_FLOAT_SOFTMAX || op == TRINE_FLOAT_ARGMAX || op == TRINE_FLOAT_LOG_SOFTMAX;
  const bool sloped = op == TRINE_FLOAT_LEAKY_RELU || op == TRINE_FLOAT_ELU;
  /* What goes value by value minds no layout. */
  if ((along && (!rows_as_row(walk, node, &rows) || !is_along_row(walk, node, op, rows.rank))) ||
      (sloped && !take_slope(walk, node, op, &alpha))) {
    return false;
  }
  if (op == TRINE_FLOAT_RELU && bound_dense(walk, node, &rows, 0.0F, INFINITY)) {
    return true;
  }
  if (!add_function(walk, node, op, alpha, &rows)) {
    return false;
  }
  if (op == TRINE_FLOAT_ARGMAX && onnx_int(node, "keepdims", 1) == 0) {
    rows_drop_axis(&rows, rows.rank - 1);
  }
  return walk_put(walk, node, 0, &rows);
}
