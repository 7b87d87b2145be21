/* SPDX-License-Identifier: Apache-2.0 */
/* fold_sizes: the operators that shapes are computed with, see fold.h. */
#include <string.h>

#include "onnx/fold.h"

static int64_t compute(char op, int64_t a, int64_t b) {
  const bool is_size = a == ARRAY_AXIS0 || a == ARRAY_AXIS1;
  if (op == '=' && is_size && (a == b || (b < 0 && b > ARRAY_MARKS))) {
    return a == b;
  }
  if (a > INT32_MAX || b > INT32_MAX || a < -INT32_MAX || b < -INT32_MAX || (op == '/' && b == 0)) {
    return ARRAY_UNKNOWN;
  }
  if (op == '+') {
    return a + b;
  }
  if (op == '-') {
    return a - b;
  }
  if (op == '*') {
    return a * b;
  }
  if (op == '/') {
    return a / b;
  }
  return a == b;
}

/* The shape of lists that are put together value by value: all of one shape, or single; NULL when
 * they are neither. What is repeated along some axes only is not done. */
static const struct onnx_array *common_shape(struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *shape = inputs[0];
  for (uint32_t n = 1; n < count; n++) {
    const bool larger = inputs[n]->count != 1 || shape->count == 1;
    shape = larger && (inputs[n]->count != 1 || inputs[n]->rank > shape->rank) ? inputs[n] : shape;
  }
  for (uint32_t n = 0; n < count; n++) {
    const struct onnx_array *other = inputs[n];
    const bool same = other->rank == shape->rank &&
                      memcmp(other->dims, shape->dims, shape->rank * sizeof *shape->dims) == 0;
    if (!same && (other->count != 1 || other->rank > shape->rank)) {
      return NULL;
    }
  }
  return shape;
}

/* What shapes are computed with. */
struct onnx_array *fold_arithmetic(struct onnx_fold *fold, const Onnx__Node *node, char op,
                                   struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *a = inputs[0], *b = count == 2 ? inputs[1] : NULL;
  if (b != NULL && a->is_float && b->is_float && !b->uniform && op != '=') {
    return fold_floats(fold, node, op, a, b);
  }
  if (b == NULL || a->is_float || b->is_float || b->uniform) {
    return fold_refuse(fold, node, "it is not one of whole numbers");
  }
  const struct onnx_array *shape = common_shape(inputs, count);
  if (shape == NULL) {
    return fold_refuse(fold, node, "its inputs are not of one shape");
  }
  struct onnx_array *made = onnx_array_make(fold, false, shape->rank, shape->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    made->integers[n] =
        compute(op, a->integers[a->count == 1 ? 0 : n], b->integers[b->count == 1 ? 0 : n]);
  }
  return made;
}

/* Where of whole numbers. */
struct onnx_array *fold_choose(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs, uint32_t count) {
  for (uint32_t n = 0; n < 3; n++) {
    if (count != 3 || inputs[n] == NULL || inputs[n]->is_float || inputs[n]->uniform) {
      return fold_refuse(fold, node, "it is not one of whole numbers");
    }
  }
  const struct onnx_array *shape = common_shape(inputs, count);
  if (shape == NULL) {
    return fold_refuse(fold, node, "its inputs are not of one shape");
  }
  struct onnx_array *made = onnx_array_make(fold, false, shape->rank, shape->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    int64_t at[3];
    for (uint32_t k = 0; k < 3; k++) {
      at[k] = inputs[k]->integers[inputs[k]->count == 1 ? 0 : n];
    }
    if (at[1] == at[2]) {
      made->integers[n] = at[1];
    } else if (onnx_is_mark(at[0])) {
      made->integers[n] = ARRAY_UNKNOWN;
    } else if (at[0] != 0) {
      made->integers[n] = at[1];
    } else {
      made->integers[n] = at[2];
    }
  }
  return made;
}

/* Range of known whole numbers. */
struct onnx_array *fold_range(struct onnx_fold *fold, const Onnx__Node *node,
                              struct onnx_array *const *inputs, uint32_t count) {
  int64_t bounds[3];
  for (uint32_t n = 0; n < 3; n++) {
    if (count != 3 || onnx_array_list(inputs[n], &bounds[n], 1) != 1 || bounds[n] < -INT32_MAX ||
        bounds[n] > INT32_MAX) {
      return fold_refuse(fold, node, "its bounds are not known whole numbers");
    }
  }
  const int64_t span = bounds[1] - bounds[0], step = bounds[2];
  const bool empty = step == 0 || (span < 0) != (step < 0) || span == 0;
  int64_t size;
  if (empty) {
    size = 0;
  } else {
    size = (span + step - (step > 0 ? 1 : -1)) / step;
  }
  struct onnx_array *made = onnx_array_make(fold, false, 1, &size);
  for (int64_t n = 0; made != NULL && n < size; n++) {
    made->integers[n] = bounds[0] + n * step;
  }
  return made;
}

struct onnx_array *fold_shape(struct onnx_fold *fold, const Onnx__Node *node,
                              const struct onnx_array *from) {
  uint32_t start = 0, end = 0;
  onnx_shape_range(node, from->rank, &start, &end);
  const int64_t count = (int64_t)end - start;
  struct onnx_array *made = onnx_array_make(fold, false, 1, &count);
  for (uint32_t n = start; made != NULL && n < end; n++) {
    made->integers[n - start] = from->dims[n];
  }
  return made;
}
