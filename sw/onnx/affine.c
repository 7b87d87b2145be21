/* SPDX-License-Identifier: Apache-2.0 */
/* affine: rows times a constant, plus a constant: what is left of normalisation layers, biases and
 * scalings. A dense layer before takes them in at once; affine_fold brings the others into what
 * comes behind. See walk.h. */
#include <math.h>
#include <string.h>

#include "onnx/walk.h"

/* A constant as one number for each column of the rows: it may differ along their row only, and
 * repeats none of their axes. False, without an error, when it is none such. */
static bool columns_of(struct walk *walk, const struct onnx_array *array, const struct rows *rows,
                       float *columns) {
  const uint32_t width = rows_width(walk, rows), rank = array->rank;
  bool seen[2] = {false, false};
  if (!array->is_float || width == 0 || !rows_keep_shape(walk, array, rows)) {
    return false;
  }
  for (uint32_t n = 0; n < width && array->uniform; n++) {
    columns[n] = (float)array->value;
  }
  int at = -1;
  for (uint32_t n = 0; n < rank; n++) {
    const bool is_row = rows->axis[rows->rank - rank + n] == AXIS_WIDTH && array->dims[n] != 1;
    at = is_row ? (int)n : at;
  }
  uint64_t inner = 1;
  for (uint32_t n = at < 0 ? rank : (uint32_t)at + 1; n < rank && !array->uniform; n++) {
    inner *= (uint64_t)array->dims[n];
  }
  for (uint64_t n = 0; n < array->count && !array->uniform; n++) {
    const uint64_t column = at < 0 ? 0 : n / inner % width;
    seen[0] = at < 0 ? n > 0 : n >= width * inner || n % inner > 0;
    if (seen[0] && columns[column] != array->floats[n]) {
      return false;
    }
    columns[column] = array->floats[n];
  }
  for (uint32_t n = 1; n < width && at < 0 && !array->uniform; n++) {
    columns[n] = columns[0];
  }
  return array->uniform || array->count > 0;
}

struct trine_float_node *walk_producer(struct walk *walk, const struct rows *rows,
                                       enum trine_float_op op) {
  const struct made *made = &walk->made[rows->part[0]];
  if (rows->part_count != 1 || made->is_forked || made->node == UINT32_MAX) {
    return NULL;
  }
  struct trine_float_node *node = &walk->made_nodes[made->node];
  return node->op == op ? node : NULL;
}

/* A dense layer's output, times and plus something: new weights of it. */
static bool into_dense(struct walk *walk, struct trine_float_node *dense, const float *scale,
                       const float *bias) {
  struct trine_float_matrix *matrix = &dense->matrix;
  float *w = walk_floats(walk, (uint64_t)matrix->units * matrix->inputs);
  float *b = walk_floats(walk, matrix->units);
  for (size_t u = 0; w != NULL && b != NULL && u < matrix->units; u++) {
    for (size_t n = 0; n < matrix->inputs; n++) {
      w[u * matrix->inputs + n] = matrix->w[u * matrix->inputs + n] * scale[u];
    }
    b[u] = (matrix->bias == NULL ? 0.0F : matrix->bias[u]) * scale[u] + bias[u];
  }
  matrix->w = w;
  matrix->bias = b;
  return w != NULL && b != NULL;
}

/* Rows times and plus something, into what made them or as a node of its own. */
static bool apply(struct walk *walk, const Onnx__Node *node, struct rows *rows, const float *scale,
                  float *bias) {
  struct trine_float_node *dense = walk_producer(walk, rows, TRINE_FLOAT_DENSE);
  struct trine_float_node *before = walk_producer(walk, rows, TRINE_FLOAT_AFFINE);
  const uint32_t width = rows_width(walk, rows);
  if (dense != NULL && dense->matrix.out_min == -INFINITY && dense->matrix.out_max == INFINITY) {
    walk->made_values[dense->output].name = node->output[0];
    return into_dense(walk, dense, scale, bias) && walk_put(walk, node, 0, rows);
  }
  if (before != NULL) {
    float *both = walk_floats(walk, width);
    for (uint32_t n = 0; n < width && both != NULL; n++) {
      both[n] = before->scale[n] * scale[n];
      bias[n] += before->bias[n] * scale[n];
    }
    before->scale = both;
    before->bias = bias;
    walk->made_values[before->output].name = node->output[0];
    return both != NULL && walk_put(walk, node, 0, rows);
  }
  const uint32_t output = walk_add_like(walk, node->output[0], rows->part[0], width);
  struct trine_float_node *made =
      walk_add_node(walk, TRINE_FLOAT_AFFINE, node, rows->part[0], output);
  if (made == NULL) {
    return false;
  }
  made->scale = scale;
  made->bias = bias;
  rows->part[0] = output;
  return walk_put(walk, node, 0, rows);
}

/* One value with its row as an axis, whichever that is; false with the error set. */
static bool take_rows(struct walk *walk, const Onnx__Node *node, const struct rows *input,
                      struct rows *rows) {
  *rows = *input;
  rows_find_row(walk, rows);
  if (rows->part_count != 1) {
    return walk_refuse(walk, node,
                       "it computes on %u directions or layers apart; put them side by side first",
                       rows->part_count);
  }
  return rows_width(walk, rows) > 0 ||
         walk_refuse(walk, node, "the width of its rows is open; fix it at the export");
}

static bool is_op(const Onnx__Node *node, const char *op_type) {
  return strcmp(node->op_type, op_type) == 0;
}

/* Whether a constant is nothing but ones: what is left of dropout in some exports. */
static bool is_ones(struct walk *walk, const struct onnx_array *array) {
  bool ones = array->is_float && (array->uniform || onnx_spend(&walk->fold, array->count));
  for (uint64_t n = 0; ones && n < (array->uniform ? 1 : array->count); n++) {
    ones = array->uniform ? array->value == 1 : array->floats[n] == 1.0F;
  }
  return ones;
}

/* Add, Sub, Mul, Div of rows and a constant. */
static bool with_constant(struct walk *walk, const Onnx__Node *node, size_t at) {
  const struct onnx_array *constant = walk_array(walk, node, 1 - at);
  struct rows rows;
  if (constant != NULL && is_op(node, "Mul") && is_ones(walk, constant) &&
      rows_keep_shape(walk, constant, walk_rows(walk, node, at))) {
    return walk_put(walk, node, 0, walk_rows(walk, node, at));
  }
  if (constant == NULL) {
    return walk_refuse(walk, node, "its other input is neither rows nor a constant");
  }
  if (!take_rows(walk, node, walk_rows(walk, node, at), &rows)) {
    return false;
  }
  const uint32_t width = rows_width(walk, &rows);
  float *scale = walk_floats(walk, width), *bias = walk_floats(walk, width);
  if (scale == NULL || bias == NULL ||
      !onnx_spend(&walk->fold, constant->uniform ? 1 : constant->count)) {
    return false;
  }
  if (!columns_of(walk, constant, &rows, bias)) {
    return walk_refuse(walk, node,
                       "its constant is not one number, or one for each of the %u columns of a row",
                       width);
  }
  bool finite = true, same = true;
  for (uint32_t n = 0; n < width; n++) {
    const float c = bias[n];
    const bool adds = is_op(node, "Add") || is_op(node, "Sub");
    if (!adds) {
      if (is_op(node, "Mul")) {
        scale[n] = c;
      } else {
        scale[n] = 1.0F / c;
      }
    } else if (is_op(node, "Sub") && at == 1) {
      scale[n] = -1.0F;
    } else {
      scale[n] = 1.0F;
    }
    if (!adds) {
      bias[n] = 0.0F;
    } else if (is_op(node, "Sub") && at == 0) {
      bias[n] = -c;
    } else {
      bias[n] = c;
    }
    finite = finite && isfinite(scale[n]) && isfinite(bias[n]);
    same = same && scale[n] == 1.0F && bias[n] == 0.0F;
  }
  if (!finite || (is_op(node, "Div") && at == 1)) {
    return walk_refuse(
        walk, node,
        "it divides by rows or by 0, or its constant is not finite; only finite constants are "
        "done");
  }
  return same ? walk_put(walk, node, 0, &rows) : apply(walk, node, &rows, scale, bias);
}

bool affine_scale(struct walk *walk, const Onnx__Node *node, struct rows *rows, float factor) {
  const uint32_t width = rows_width(walk, rows);
  float *scale = walk_floats(walk, width), *bias = walk_floats(walk, width);
  for (uint32_t n = 0; n < width && scale != NULL; n++) {
    scale[n] = factor;
  }
  return scale != NULL && bias != NULL && apply(walk, node, rows, scale, bias);
}

/* Add, Sub and Mul of two rows in one layout. */
static bool with_rows(struct walk *walk, const Onnx__Node *node) {
  const struct rows *a = walk_rows(walk, node, 0), *second = walk_rows(walk, node, 1);
  struct rows rows, other = *second;
  const bool subtracts = is_op(node, "Sub");
  if (!is_op(node, "Add") && !is_op(node, "Mul") && !subtracts) {
    return walk_refuse(walk, node, "of two computed values only Add, Sub and Mul are done");
  }
  if (!take_rows(walk, node, a, &rows) || !walk_are_rows(walk, node, &other)) {
    return false;
  }
  if (rows.is_turned != other.is_turned &&
      (!steps_unturn(walk, node, &rows) || !steps_unturn(walk, node, &other))) {
    return false;
  }
  if (!rows_are_like(walk, &rows, &other) || rows_width(walk, &rows) != rows_width(walk, &other)) {
    return walk_refuse(walk, node,
                       "its two inputs are not rows of one width in one layout, so that one of "
                       "them would be repeated; repeat it before with Expand");
  }
  if (subtracts && !affine_scale(walk, node, &other, -1.0F)) {
    return false;
  }
  const struct trine_float_value *from = &walk->made_values[rows.part[0]];
  const uint32_t output = walk_add_like(walk, node->output[0], rows.part[0], from->width);
  struct trine_float_node *made = walk_add_node(
      walk, is_op(node, "Mul") ? TRINE_FLOAT_MUL : TRINE_FLOAT_ADD, node, rows.part[0], output);
  if (made == NULL) {
    return false;
  }
  made->input_count = 2;
  made->inputs[1] = other.part[0];
  rows.part[0] = output;
  return walk_put(walk, node, 0, &rows);
}

bool layer_arithmetic(struct walk *walk, const Onnx__Node *node) {
  const bool first = walk_rows(walk, node, 0) != NULL, second = walk_rows(walk, node, 1) != NULL;
  if (!first && !second) {
    return walk_refuse(walk, node, "one of its inputs has to be computed from the graph's input");
  }
  if (first && second) {
    return with_rows(walk, node);
  }
  return with_constant(walk, node, first ? 0 : 1);
}

/* A constant of as many numbers as there are channels. */
static const float *channels(struct walk *walk, const Onnx__Node *node, size_t n, uint32_t width) {
  const struct onnx_array *array = walk_array(walk, node, n);
  return array != NULL && array->is_float && !array->uniform && array->count == width
             ? array->floats
             : NULL;
}

bool layer_batch_norm(struct walk *walk, const Onnx__Node *node) {
  struct rows rows;
  if (walk_rows(walk, node, 0) == NULL) {
    return walk_refuse(walk, node, "its input X has to be computed from the graph's input");
  }
  if (!take_rows(walk, node, walk_rows(walk, node, 0), &rows)) {
    return false;
  }
  const uint32_t width = rows_width(walk, &rows);
  const float *gain = channels(walk, node, 1, width), *offset = channels(walk, node, 2, width);
  const float *mean = channels(walk, node, 3, width), *variance = channels(walk, node, 4, width);
  if (gain == NULL || offset == NULL || mean == NULL || variance == NULL) {
    return walk_refuse(walk, node,
                       "its scale, B, mean and var are not constants of the %u columns of a row",
                       width);
  }
  if (rows.rank < 2 || rows.axis[1] != AXIS_WIDTH || onnx_int(node, "training_mode", 0) != 0) {
    return walk_refuse(walk, node,
                       "its second axis is not the row, or it is in training_mode; export the "
                       "model in eval mode");
  }
  const double epsilon = (double)onnx_float(node, "epsilon", 1e-5F);
  float *scale = walk_floats(walk, width), *bias = walk_floats(walk, width);
  for (uint32_t n = 0; n < width && scale != NULL && bias != NULL; n++) {
    const double each = (double)gain[n] / sqrt((double)variance[n] + epsilon);
    scale[n] = (float)each;
    bias[n] = (float)((double)offset[n] - (double)mean[n] * each);
    if (!isfinite(scale[n]) || !isfinite(bias[n])) {
      return walk_refuse(walk, node,
                         "its scale or variance of column %u is not finite, as it has to be", n);
    }
  }
  return scale != NULL && bias != NULL && apply(walk, node, &rows, scale, bias);
}
