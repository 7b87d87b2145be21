/* SPDX-License-Identifier: Apache-2.0 */
/* quantized: graphs that were quantised already. Weights are taken as they are, as numbers; what
 * quantises activations and takes them back is left out, since calibration finds their ranges
 * anew. See walk.h. */
#include <string.h>

#include "onnx/walk.h"

bool quantized_knows(const char *op_type) {
  return strcmp(op_type, "DynamicQuantizeLSTM") == 0 ||
         strcmp(op_type, "DynamicQuantizeMatMul") == 0 || strcmp(op_type, "QuantizeLinear") == 0 ||
         strcmp(op_type, "DequantizeLinear") == 0;
}

bool quantized_rows(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  if (!walk->tells_quantized) {
    walk->tells_quantized = true;
    walk_note(walk,
              "The graph quantises activations (%.40s); its ranges are left out, calibration finds "
              "new ones.",
              walk_node_name(node));
  }
  return walk_are_rows(walk, node, rows);
}

/* A scale of 1 and a zero point of 0: rows stay the numbers that they stand for. */
bool quantized_dynamic(struct walk *walk, const Onnx__Node *node) {
  const struct rows *from = walk_rows(walk, node, 0);
  if (from == NULL) {
    return walk_refuse(walk, node, "its first input has to be computed from the graph's input");
  }
  for (size_t n = 1; n < node->n_output; n++) {
    struct onnx_array *one = onnx_array_make(&walk->fold, n == 1, 0, NULL);
    if (one == NULL) {
      return false;
    }
    if (n == 1) {
      one->floats[0] = 1.0F;
    }
    if (node->output[n][0] != '\0') {
      struct walk_value *value = walk_value(walk, node->output[n]);
      value->kind = VALUE_ARRAY;
      value->array = one;
    }
  }
  struct rows rows = *from;
  return quantized_rows(walk, node, &rows) && walk_put(walk, node, 0, &rows);
}

/* One number for all columns, or one for each; false when it is neither. */
static bool per_column(const struct onnx_array *array, bool is_float, uint64_t columns) {
  return array != NULL && array->is_float == is_float && !array->uniform &&
         (array->count == 1 || array->count == columns);
}

const struct onnx_array *quantized_weights(struct walk *walk, const Onnx__Node *node) {
  const bool whole = strcmp(node->op_type, "MatMulInteger") == 0;
  const struct onnx_array *bytes = walk_array(walk, node, 1);
  const struct onnx_array *zero = walk_array(walk, node, 3);
  const struct onnx_array *scale = whole ? NULL : walk_array(walk, node, 2);
  const bool has_bytes =
      bytes != NULL && !bytes->is_float && !bytes->uniform && bytes->rank == 2 && bytes->count > 0;
  const uint64_t columns = has_bytes ? (uint64_t)bytes->dims[1] : 0;
  if (!has_bytes || (!whole && !per_column(scale, true, columns)) ||
      (walk_given(node, 3) && !per_column(zero, false, columns))) {
    (void)walk_refuse(walk, node,
                      "its weights are not int8 constants of two axes with scales for columns");
    return NULL;
  }
  struct onnx_array *made = onnx_array_make(&walk->fold, true, 2, bytes->dims);
  for (uint64_t n = 0; made != NULL && n < bytes->count; n++) {
    const uint64_t column = n % columns;
    int64_t offset;
    if (zero == NULL) {
      offset = 0;
    } else {
      offset = zero->integers[zero->count == 1 ? 0 : column];
    }
    float by = 1.0F;
    if (scale != NULL) {
      by = scale->floats[scale->count == 1 ? 0 : column];
    }
    made->floats[n] = by * (float)(bytes->integers[n] - offset);
  }
  return made;
}
