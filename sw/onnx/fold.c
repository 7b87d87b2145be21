/* SPDX-License-Identifier: Apache-2.0 */
/* fold: the operators that exporters put between constants, computed when the file is read. */
#include <string.h>

#include "onnx/fold.h"

struct onnx_array *fold_refuse(struct onnx_fold *fold, const Onnx__Node *node, const char *why) {
  trine_error_set(fold->error, "Node %.80s (%.30s) cannot be folded: %s; export it as a constant.",
                  fold->node, node->op_type, why);
  return NULL;
}

static int64_t file_integer(int64_t value) {
  return value < ARRAY_LEAST ? ARRAY_LEAST : value;
}

static struct onnx_array *constant(struct onnx_fold *fold, const Onnx__Node *node) {
  const Onnx__Attribute *value = onnx_attribute(node, "value");
  if (value != NULL && value->t != NULL) {
    return onnx_array_of(fold, value->t);
  }
  const Onnx__Attribute *one = onnx_attribute(node, "value_int");
  const Onnx__Attribute *many = onnx_attribute(node, "value_ints");
  const Onnx__Attribute *real = onnx_attribute(node, "value_float");
  const Onnx__Attribute *reals = onnx_attribute(node, "value_floats");
  if (one == NULL && many == NULL && real == NULL && reals == NULL) {
    return fold_refuse(fold, node, "it has none of value, value_int(s), value_float(s)");
  }
  const bool is_float = real != NULL || reals != NULL;
  int64_t count;
  if (reals != NULL) {
    count = (int64_t)reals->n_floats;
  } else if (real != NULL || many == NULL) {
    count = 1;
  } else {
    count = (int64_t)many->n_ints;
  }
  const uint32_t rank = reals != NULL || (real == NULL && many != NULL) ? 1 : 0;
  struct onnx_array *made = onnx_array_make(fold, is_float, rank, &count);
  for (int64_t n = 0; n < count && made != NULL; n++) {
    if (is_float) {
      made->floats[n] = reals != NULL ? reals->floats[n] : real->f;
    } else {
      made->integers[n] = file_integer(many != NULL ? many->ints[n] : one->i);
    }
  }
  return made;
}

/* Whether a type holds a whole number as it is; sizes that are not known fit those of shapes. */
static bool fits_type(int64_t to, int64_t value) {
  switch (to) {
    case TYPE_INT64:
      return true;
    case TYPE_INT32:
      return onnx_is_mark(value) || (value >= INT32_MIN && value <= INT32_MAX);
    case TYPE_INT8:
      return value >= INT8_MIN && value <= INT8_MAX;
    case TYPE_UINT8:
      return value >= 0 && value <= UINT8_MAX;
    case TYPE_BOOL:
      return value == 0 || value == 1;
    default:
      return false;
  }
}

/* One value to a type, as a double; false when it does not fit. */
static bool cast_value(int64_t to, bool to_float, bool from_float, double real, int64_t whole,
                       int64_t *result) {
  if (to_float) {
    return from_float || !onnx_is_mark(whole);
  }
  *result = whole;
  if (from_float) {
    if (!(real > -9e15 && real < 9e15)) {
      return false;
    }
    *result = (int64_t)real;
  }
  if (to == TYPE_BOOL && !(!from_float && onnx_is_mark(whole))) {
    *result = from_float ? real != 0 : whole != 0;
  }
  return fits_type(to, *result);
}

static struct onnx_array *cast(struct onnx_fold *fold, const Onnx__Node *node,
                               const struct onnx_array *from) {
  const int64_t to = onnx_int(node, "to", TYPE_FLOAT);
  const bool is_float = to == TYPE_FLOAT || to == TYPE_DOUBLE || to == TYPE_FLOAT16;
  static const char why[] = "a value does not fit its new type";
  int64_t whole = 0;
  if (from->uniform) {
    const int64_t size = from->is_float ? 0 : (int64_t)from->value;
    if (!cast_value(to, is_float, from->is_float, from->value, size, &whole)) {
      return fold_refuse(fold, node, why);
    }
    struct onnx_array *one =
        onnx_array_uniform(fold, is_float, is_float ? from->value : (double)whole);
    return one == NULL ? NULL : onnx_array_shape_as(one, from);
  }
  struct onnx_array *made = onnx_array_make(fold, is_float, from->rank, from->dims);
  for (uint64_t n = 0; made != NULL && n < from->count; n++) {
    const double real = from->is_float ? (double)from->floats[n] : 0;
    const int64_t integer = from->is_float ? 0 : from->integers[n];
    if (!cast_value(to, is_float, from->is_float, real, integer, &whole)) {
      return fold_refuse(fold, node, why);
    }
    if (is_float) {
      made->floats[n] = from->is_float ? from->floats[n] : (float)integer;
    } else {
      made->integers[n] = whole;
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
  double fill;
  if (what == NULL || what->count == 0) {
    fill = 0;
  } else if (is_float) {
    fill = (double)what->floats[0];
  } else {
    fill = (double)what->integers[0];
  }
  const int rank = onnx_array_list(shape, dims, ARRAY_MAX_RANK);
  bool known = rank >= 0;
  uint64_t count = 1;
  for (int n = 0; n < rank; n++) {
    known = known && dims[n] >= 0 && dims[n] <= MOST_FILLED;
    count *= known && count <= MOST_FILLED ? (uint64_t)dims[n] : 1;
  }
  if (!known || count > MOST_FILLED) {
    struct onnx_array *one = onnx_array_uniform(fold, is_float, fill);
    if (one != NULL && rank >= 0) {
      one->has_shape = true;
      one->rank = (uint32_t)rank;
      memcpy(one->dims, dims, (size_t)rank * sizeof *dims);
    }
    return one;
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

/* Whether all values are the same, which costs a look at each. */
static bool is_uniform(struct onnx_fold *fold, const struct onnx_array *from, bool *good) {
  *good = onnx_spend(fold, from->count);
  for (uint64_t n = 1; *good && n < from->count; n++) {
    const bool same = from->is_float ? from->floats[n] == from->floats[0]
                                     : from->integers[n] == from->integers[0];
    if (!same) {
      return false;
    }
  }
  return *good;
}

/* Expand of one value everywhere (that of zeros) stays that; others are repeated along axes. */
static struct onnx_array *expand(struct onnx_fold *fold, const Onnx__Node *node,
                                 const struct onnx_array *from, const struct onnx_array *shape) {
  bool good = false;
  if (is_uniform(fold, from, &good)) {
    double value;
    if (from->count == 0) {
      value = 0;
    } else if (from->is_float) {
      value = (double)from->floats[0];
    } else {
      value = (double)from->integers[0];
    }
    struct onnx_array *one = onnx_array_uniform(fold, from->is_float, value);
    if (one == NULL) {
      return NULL;
    }
    const int rank = onnx_array_list(shape, one->dims, ARRAY_MAX_RANK);
    one->has_shape = from->count == 1 && rank >= (int)from->rank;
    one->rank = one->has_shape ? (uint32_t)rank : 0;
    return one;
  }
  if (!good) {
    return NULL;
  }
  int64_t dims[ARRAY_MAX_RANK], want[ARRAY_MAX_RANK];
  const int wants = onnx_array_list(shape, want, ARRAY_MAX_RANK);
  if (wants < (int)from->rank) {
    return fold_refuse(fold, node, "its shape is not known");
  }
  const uint32_t rank = (uint32_t)wants, added = rank - from->rank;
  bool broadcast = false;
  for (uint32_t n = 0; n < rank; n++) {
    dims[n] = n < added ? 1 : from->dims[n - added];
    if (want[n] != 1 && want[n] != dims[n]) {
      if (dims[n] != 1) {
        return fold_refuse(fold, node, "an axis that is not of size 1 cannot be repeated");
      }
      broadcast = true;
    }
  }
  struct onnx_array *made = fold_as_shape(fold, from, rank, dims);
  if (made != NULL) {
    made->broadcast = broadcast;
  }
  return made;
}

bool onnx_folds(const char *op_type) {
  static const char *const names[] = {"Constant", "Identity",   "Cast",
                                      "Slice",    "Concat",     "Unsqueeze",
                                      "Squeeze",  "Reshape",    "Transpose",
                                      "Gather",   "Shape",      "ConstantOfShape",
                                      "Expand",   "Add",        "Sub",
                                      "Mul",      "Div",        "Equal",
                                      "Where",    "Range",      "DequantizeLinear",
                                      "Sqrt",     "Reciprocal", "Neg"};
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
  struct onnx_array *made = onnx_array_uniform(fold, inputs[0]->is_float, inputs[0]->value);
  return made != NULL && is(node, "Identity") ? onnx_array_shape_as(made, inputs[0]) : made;
}

/* Of arithmetic on two constants; '=' is Equal. */
static char sign_of(const Onnx__Node *node) {
  if (is(node, "Add")) {
    return '+';
  }
  if (is(node, "Sub")) {
    return '-';
  }
  if (is(node, "Mul")) {
    return '*';
  }
  return is(node, "Div") ? '/' : '=';
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
    return fold_shape(fold, node, inputs[0]);
  }
  if (is(node, "Expand")) {
    return expand(fold, node, inputs[0], count > 1 ? inputs[1] : NULL);
  }
  if (is(node, "DequantizeLinear")) {
    return fold_dequantize(fold, node, inputs, count);
  }
  if (is(node, "Sqrt") || is(node, "Reciprocal") || is(node, "Neg")) {
    return fold_function(fold, node, inputs[0]);
  }
  if (is(node, "Where")) {
    return fold_choose(fold, node, inputs, count);
  }
  if (is(node, "Range")) {
    return fold_range(fold, node, inputs, count);
  }
  return fold_arithmetic(fold, node, sign_of(node), inputs, count);
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
  bool broadcast = false;
  for (uint32_t n = 0; n < count; n++) {
    broadcast = broadcast || (inputs[n] != NULL && inputs[n]->broadcast);
  }
  if (broadcast && !keeps_axes) {
    return fold_refuse(fold, node, "how often its input repeats is not known");
  }
  struct onnx_array *made = fold_known(fold, node, inputs, count);
  if (made != NULL && broadcast) {
    made->broadcast = true;
  }
  return made;
}
