/* SPDX-License-Identifier: Apache-2.0 */
/* fold_floats: arithmetic between constants that are numbers, not sizes; see fold.h. */
#include <math.h>
#include <string.h>

#include "onnx/fold.h"

struct onnx_array *fold_floats(struct onnx_fold *fold, const Onnx__Node *node, char op,
                               const struct onnx_array *a, const struct onnx_array *b) {
  const bool first = b->count == 1 && (a->count != 1 || a->rank >= b->rank);
  const struct onnx_array *shape = first ? a : b;
  const struct onnx_array *other = first ? b : a;
  const bool same = a->rank == b->rank && memcmp(a->dims, b->dims, a->rank * sizeof *a->dims) == 0;
  if (!same && (other->count != 1 || other->rank > shape->rank)) {
    return fold_refuse(fold, node, "its inputs are not of one shape");
  }
  struct onnx_array *made = onnx_array_make(fold, true, shape->rank, shape->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    const float x = a->floats[a->count == 1 ? 0 : n], y = b->floats[b->count == 1 ? 0 : n];
    if (op == '+') {
      made->floats[n] = x + y;
    } else if (op == '-') {
      made->floats[n] = x - y;
    } else if (op == '*') {
      made->floats[n] = x * y;
    } else {
      made->floats[n] = x / y;
    }
  }
  return made;
}

struct onnx_array *fold_function(struct onnx_fold *fold, const Onnx__Node *node,
                                 const struct onnx_array *from) {
  if (!from->is_float) {
    return fold_refuse(fold, node, "it is not one of floats");
  }
  struct onnx_array *made = onnx_array_make(fold, true, from->rank, from->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    const float x = from->floats[n];
    if (strcmp(node->op_type, "Sqrt") == 0) {
      made->floats[n] = sqrtf(x);
    } else if (strcmp(node->op_type, "Neg") == 0) {
      made->floats[n] = -x;
    } else {
      made->floats[n] = 1.0F / x;
    }
  }
  return made;
}

struct onnx_array *fold_dequantize(struct onnx_fold *fold, const Onnx__Node *node,
                                   struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *from = inputs[0], *scale = count > 1 ? inputs[1] : NULL;
  const struct onnx_array *zero = count > 2 ? inputs[2] : NULL;
  const bool one = scale != NULL && scale->count == 1;
  const int axis = onnx_axis(onnx_int(node, "axis", 1), from->rank);
  if (from->is_float || scale == NULL || !scale->is_float || scale->uniform ||
      (!one && (axis < 0 || scale->count != (uint64_t)from->dims[axis])) ||
      (zero != NULL && (zero->is_float || zero->uniform || zero->count != scale->count))) {
    return fold_refuse(fold, node, "it has no scale for each index of its axis");
  }
  uint64_t inner = 1;
  for (uint32_t n = one ? from->rank : (uint32_t)axis + 1; n < from->rank; n++) {
    inner *= (uint64_t)from->dims[n];
  }
  struct onnx_array *made = onnx_array_make(fold, true, from->rank, from->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    const uint64_t k = one ? 0 : n / inner % scale->count;
    const int64_t offset = zero == NULL ? 0 : zero->integers[k];
    made->floats[n] = scale->floats[k] * (float)(from->integers[n] - offset);
  }
  return made;
}
