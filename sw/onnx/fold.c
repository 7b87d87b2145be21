/* SPDX-License-Identifier: Apache-2.0 */
/* fold: the operators that exporters put between constants, computed when the file is read. */
#include <string.h>

#include "onnx/fold.h"

struct onnx_array *fold_refuse(struct onnx_fold *fold, const Onnx__Node *node, const char *why) {
  trine_error_set(fold->error, "Node %.80s (%.30s) cannot be folded: %s.", fold->node,
                  node->op_type, why);
  return NULL;
}

static struct onnx_array *constant(struct onnx_fold *fold, const Onnx__Node *node) {
  const Onnx__Attribute *value = onnx_attribute(node, "value");
  if (value != NULL && value->t != NULL) {
    return onnx_array_of(fold, value->t);
  }
  const Onnx__Attribute *one = onnx_attribute(node, "value_int");
  const Onnx__Attribute *many = onnx_attribute(node, "value_ints");
  const Onnx__Attribute *real = onnx_attribute(node, "value_float");
  if (one == NULL && many == NULL && real == NULL) {
    return fold_refuse(fold, node, "it has no value, value_int, value_ints or value_float");
  }
  const int64_t count = many != NULL ? (int64_t)many->n_ints : 1;
  struct onnx_array *made = onnx_array_make(fold, real != NULL, many != NULL ? 1 : 0, &count);
  for (int64_t n = 0; n < count && made != NULL; n++) {
    if (real != NULL) {
      made->floats[0] = real->f;
    } else {
      made->integers[n] = many != NULL ? many->ints[n] : one->i;
    }
  }
  return made;
}

enum { TYPE_FLOAT = 1, TYPE_FLOAT16 = 10, TYPE_DOUBLE = 11 };

static struct onnx_array *cast(struct onnx_fold *fold, const Onnx__Node *node,
                               const struct onnx_array *from) {
  const int64_t to = onnx_int(node, "to", TYPE_FLOAT);
  const bool is_float = to == TYPE_FLOAT || to == TYPE_DOUBLE || to == TYPE_FLOAT16;
  if (from->uniform) {
    return onnx_array_uniform(fold, is_float, from->value);
  }
  struct onnx_array *made = onnx_array_make(fold, is_float, from->rank, from->dims);
  for (uint64_t n = 0; made != NULL && n < from->count; n++) {
    if (is_float) {
      made->floats[n] = from->is_float ? from->floats[n] : (float)from->integers[n];
    } else if (from->is_float && !(from->floats[n] > -9e15F && from->floats[n] < 9e15F)) {
      return fold_refuse(fold, node, "a value does not fit an integer");
    } else {
      made->integers[n] = from->is_float ? (int64_t)from->floats[n] : from->integers[n];
    }
  }
  return made;
}

enum { MOST_FILLED = 65536 };

/* ConstantOfShape: of a known, small shape, or one value everywhere. */
static struct onnx_array *filled(struct onnx_fold *fold, const Onnx__Node *node,
                                 const struct onnx_array *shape) {
  const Onnx__Attribute *value = onnx_attribute(node, "value");
  struct onnx_array *what = NULL;
  int64_t dims[ARRAY_MAX_RANK];
  if (value != NULL && value->t != NULL && (what = onnx_array_of(fold, value->t)) == NULL) {
    return NULL;
  }
  const bool is_float = what == NULL || what->is_float;
  const double fill = what == NULL || what->count == 0 ? 0
                      : is_float                       ? (double)what->floats[0]
                                                       : (double)what->integers[0];
  const int rank = onnx_array_list(shape, dims, ARRAY_MAX_RANK);
  bool known = rank >= 0;
  uint64_t count = 1;
  for (int n = 0; n < rank; n++) {
    known = known && dims[n] >= 0 && dims[n] <= MOST_FILLED;
    count *= known && count <= MOST_FILLED ? (uint64_t)dims[n] : 1;
  }
  if (!known || count > MOST_FILLED) {
    return onnx_array_uniform(fold, is_float, fill);
  }
  struct onnx_array *made = onnx_array_make(fold, is_float, (uint32_t)rank, dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    if (is_float) {
      made->floats[n] = (float)fill;
    } else {
      made->integers[n] = (int64_t)fill;
    }
  }
  return made;
}

static bool is_uniform(const struct onnx_array *from) {
  for (uint64_t n = 1; n < from->count; n++) {
    const bool same = from->is_float ? from->floats[n] == from->floats[0]
                                     : from->integers[n] == from->integers[0];
    if (!same) {
      return false;
    }
  }
  return true;
}

/* Expand of one value everywhere (that of zeros) stays that; others are repeated along axes. */
static struct onnx_array *expand(struct onnx_fold *fold, const Onnx__Node *node,
                                 const struct onnx_array *from, const struct onnx_array *shape) {
  if (is_uniform(from)) {
    const double value = from->count == 0 ? 0
                         : from->is_float ? (double)from->floats[0]
                                          : (double)from->integers[0];
    return onnx_array_uniform(fold, from->is_float, value);
  }
  int64_t dims[ARRAY_MAX_RANK], want[ARRAY_MAX_RANK];
  const int wants = onnx_array_list(shape, want, ARRAY_MAX_RANK);
  if (wants < (int)from->rank) {
    return fold_refuse(fold, node, "its shape is not known");
  }
  const uint32_t rank = (uint32_t)wants, added = rank - from->rank;
  bool spread = false;
  for (uint32_t n = 0; n < rank; n++) {
    dims[n] = n < added ? 1 : from->dims[n - added];
    if (want[n] != 1 && want[n] != dims[n]) {
      if (dims[n] != 1) {
        return fold_refuse(fold, node, "an axis that is not of size 1 cannot be repeated");
      }
      spread = true;
    }
  }
  struct onnx_array *made = fold_as_shape(fold, from, rank, dims);
  if (made != NULL) {
    made->spread = spread;
  }
  return made;
}

static int64_t compute(char op, int64_t a, int64_t b) {
  const bool is_size = a == ARRAY_AXIS0 || a == ARRAY_AXIS1;
  if (op == '=' && is_size && (a == b || (b < 0 && b > ARRAY_MARKS))) {
    return a == b;
  }
  if (a > INT32_MAX || b > INT32_MAX || a < -INT32_MAX || b < -INT32_MAX || (op == '/' && b == 0)) {
    return ARRAY_UNKNOWN;
  }
  return op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : op == '/' ? a / b : a == b;
}

/* Whole numbers of the same count, or one of them single: what shapes are computed with. */
static struct onnx_array *arithmetic(struct onnx_fold *fold, const Onnx__Node *node, char op,
                                     struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *a = inputs[0], *b = count > 1 ? inputs[1] : NULL;
  if (b == NULL || a->is_float || b->is_float || b->uniform ||
      (a->count != b->count && a->count != 1 && b->count != 1)) {
    return fold_refuse(fold, node, "it is not one of whole numbers");
  }
  const struct onnx_array *shape = a->count >= b->count ? a : b;
  struct onnx_array *made = onnx_array_make(fold, false, shape->rank, shape->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    made->integers[n] =
        compute(op, a->integers[a->count == 1 ? 0 : n], b->integers[b->count == 1 ? 0 : n]);
  }
  return made;
}

/* Where of whole numbers: each of three lists of the same count, or single. */
static struct onnx_array *choose(struct onnx_fold *fold, const Onnx__Node *node,
                                 struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *shape = inputs[0];
  for (uint32_t n = 0; n < 3; n++) {
    if (count != 3 || inputs[n] == NULL || inputs[n]->is_float || inputs[n]->uniform) {
      return fold_refuse(fold, node, "it is not one of whole numbers");
    }
    shape = inputs[n]->count > shape->count ? inputs[n] : shape;
  }
  struct onnx_array *made = onnx_array_make(fold, false, shape->rank, shape->dims);
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    int64_t at[3];
    for (uint32_t k = 0; k < 3; k++) {
      if (inputs[k]->count != 1 && inputs[k]->count != made->count) {
        return fold_refuse(fold, node, "its inputs are not of one shape");
      }
      at[k] = inputs[k]->integers[inputs[k]->count == 1 ? 0 : n];
    }
    made->integers[n] = at[1] == at[2]         ? at[1]
                        : at[0] <= ARRAY_MARKS ? ARRAY_UNKNOWN
                        : at[0] != 0           ? at[1]
                                               : at[2];
  }
  return made;
}

/* Range of known whole numbers. */
static struct onnx_array *range(struct onnx_fold *fold, const Onnx__Node *node,
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
  const int64_t size = empty ? 0 : (span + step - (step > 0 ? 1 : -1)) / step;
  struct onnx_array *made = onnx_array_make(fold, false, 1, &size);
  for (int64_t n = 0; made != NULL && n < size; n++) {
    made->integers[n] = bounds[0] + n * step;
  }
  return made;
}

static struct onnx_array *shape_of(struct onnx_fold *fold, const struct onnx_array *from) {
  const int64_t rank = from->rank;
  struct onnx_array *made = onnx_array_make(fold, false, 1, &rank);
  for (uint32_t n = 0; made != NULL && n < from->rank; n++) {
    made->integers[n] = from->dims[n];
  }
  return made;
}

bool onnx_folds(const char *op_type) {
  static const char *const names[] = {
      "Constant", "Identity",  "Cast",   "Slice", "Concat",          "Unsqueeze", "Squeeze",
      "Reshape",  "Transpose", "Gather", "Shape", "ConstantOfShape", "Expand",    "Add",
      "Sub",      "Mul",       "Div",    "Equal", "Where",           "Range"};
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    if (strcmp(op_type, names[n]) == 0) {
      return true;
    }
  }
  return false;
}

static bool is(const Onnx__Node *node, const char *op_type) {
  return strcmp(node->op_type, op_type) == 0;
}

static bool is_arithmetic(const Onnx__Node *node) {
  return is(node, "Add") || is(node, "Sub") || is(node, "Mul") || is(node, "Div") ||
         is(node, "Equal");
}

/* With one value everywhere, moving values about changes nothing. */
static struct onnx_array *fold_uniform(struct onnx_fold *fold, const Onnx__Node *node,
                                       struct onnx_array *const *inputs, uint32_t count) {
  for (uint32_t n = 0; n < count && is(node, "Concat"); n++) {
    const struct onnx_array *other = inputs[n];
    const bool same = other != NULL && other->uniform && other->value == inputs[0]->value;
    if (!same) {
      return fold_refuse(fold, node, "its inputs are of several values and unknown shape");
    }
  }
  if (is(node, "Shape") || is_arithmetic(node) || is(node, "Where") || is(node, "Range")) {
    return fold_refuse(fold, node, "the shape of its input is not known");
  }
  return onnx_array_uniform(fold, inputs[0]->is_float, inputs[0]->value);
}

static struct onnx_array *fold_known(struct onnx_fold *fold, const Onnx__Node *node,
                                     struct onnx_array *const *inputs, uint32_t count) {
  if (is(node, "Cast")) {
    return cast(fold, node, inputs[0]);
  }
  if (is(node, "ConstantOfShape")) {
    return filled(fold, node, inputs[0]);
  }
  if (inputs[0]->uniform) {
    return fold_uniform(fold, node, inputs, count);
  }
  if (is(node, "Identity")) {
    return inputs[0];
  }
  if (is(node, "Slice")) {
    return fold_slice(fold, node, inputs, count);
  }
  if (is(node, "Concat")) {
    return fold_concat(fold, node, inputs, count);
  }
  if (is(node, "Squeeze") || is(node, "Unsqueeze")) {
    return fold_squeeze(fold, node, inputs, count, is(node, "Unsqueeze"));
  }
  if (is(node, "Reshape")) {
    return fold_reshape(fold, node, inputs, count);
  }
  if (is(node, "Transpose")) {
    return fold_transpose(fold, node, inputs[0]);
  }
  if (is(node, "Gather")) {
    return fold_gather(fold, node, inputs);
  }
  if (is(node, "Shape")) {
    return shape_of(fold, inputs[0]);
  }
  if (is(node, "Expand")) {
    return expand(fold, node, inputs[0], count > 1 ? inputs[1] : NULL);
  }
  if (is(node, "Where")) {
    return choose(fold, node, inputs, count);
  }
  if (is(node, "Range")) {
    return range(fold, node, inputs, count);
  }
  const char op = is(node, "Add")   ? '+'
                  : is(node, "Sub") ? '-'
                  : is(node, "Mul") ? '*'
                  : is(node, "Div") ? '/'
                                    : '=';
  return arithmetic(fold, node, op, inputs, count);
}

struct onnx_array *onnx_fold_node(struct onnx_fold *fold, const Onnx__Node *node,
                                  struct onnx_array *const *inputs, uint32_t count) {
  if (is(node, "Constant")) {
    return constant(fold, node);
  }
  if (count == 0 || inputs[0] == NULL) {
    return fold_refuse(fold, node, "it has no input");
  }
  const bool keeps_axes = is(node, "Identity") || is(node, "Slice") || is(node, "Transpose");
  bool spread = false;
  for (uint32_t n = 0; n < count; n++) {
    spread = spread || (inputs[n] != NULL && inputs[n]->spread);
  }
  if (spread && !keeps_axes) {
    return fold_refuse(fold, node, "how often its input repeats is not known");
  }
  struct onnx_array *made = fold_known(fold, node, inputs, count);
  if (made != NULL && spread) {
    made->spread = true;
  }
  return made;
}
