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

/* Expand of one value everywhere (that of zeros) stays that. */
static struct onnx_array *expand(struct onnx_fold *fold, const Onnx__Node *node,
                                 const struct onnx_array *from) {
  for (uint64_t n = 1; n < from->count; n++) {
    const bool same = from->is_float ? from->floats[n] == from->floats[0]
                                     : from->integers[n] == from->integers[0];
    if (!same) {
      return fold_refuse(fold, node, "its values are not all the same");
    }
  }
  const double value = from->count == 0 ? 0
                       : from->is_float ? (double)from->floats[0]
                                        : (double)from->integers[0];
  return onnx_array_uniform(fold, from->is_float, value);
}

static int64_t compute(char op, int64_t a, int64_t b) {
  if (a == ARRAY_UNKNOWN || b == ARRAY_UNKNOWN || (op == '/' && b == 0) || a > INT32_MAX ||
      b > INT32_MAX || a < -INT32_MAX || b < -INT32_MAX) {
    return ARRAY_UNKNOWN;
  }
  return op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : a / b;
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
      "Constant", "Identity", "Cast",      "Slice",  "Concat", "Unsqueeze",
      "Squeeze",  "Reshape",  "Transpose", "Gather", "Shape",  "ConstantOfShape",
      "Expand",   "Add",      "Sub",       "Mul",    "Div"};
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
  if (is(node, "Shape") || is(node, "Add") || is(node, "Sub") || is(node, "Mul") ||
      is(node, "Div")) {
    return fold_refuse(fold, node, "the shape of its input is not known");
  }
  return onnx_array_uniform(fold, inputs[0]->is_float, inputs[0]->value);
}

struct onnx_array *onnx_fold_node(struct onnx_fold *fold, const Onnx__Node *node,
                                  struct onnx_array *const *inputs, uint32_t count) {
  if (is(node, "Constant")) {
    return constant(fold, node);
  }
  if (count == 0 || inputs[0] == NULL) {
    return fold_refuse(fold, node, "it has no input");
  }
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
    return expand(fold, node, inputs[0]);
  }
  const char op = is(node, "Add") ? '+' : is(node, "Sub") ? '-' : is(node, "Mul") ? '*' : '/';
  return arithmetic(fold, node, op, inputs, count);
}
