/* SPDX-License-Identifier: Apache-2.0 */
/* fold_moves: the operators that move the values of constants about, see fold.h. */
#include <string.h>

#include "onnx/fold.h"

static void copy_value(struct onnx_array *to, uint64_t at, const struct onnx_array *from,
                       uint64_t place) {
  if (to->is_float) {
    to->floats[at] = from->floats[place];
  } else {
    to->integers[at] = from->integers[place];
  }
}

struct onnx_array *fold_as_shape(struct onnx_fold *fold, const struct onnx_array *from,
                                 uint32_t rank, const int64_t *dims) {
  struct onnx_array *made = onnx_array_make(fold, from->is_float, rank, dims);
  if (made == NULL || made->count != from->count) {
    if (made != NULL) {
      trine_error_set(fold->error, "Node %.80s makes %llu values of %llu.", fold->node,
                      (unsigned long long)made->count, (unsigned long long)from->count);
    }
    return NULL;
  }
  for (uint64_t n = 0; n < from->count; n++) {
    copy_value(made, n, from, n);
  }
  return made;
}

/* Moves values: index of the source for each index of the target, by strides. */
static struct onnx_array *strided(struct onnx_fold *fold, const struct onnx_array *from,
                                  const int64_t *dims, const int64_t *strides, int64_t start) {
  struct onnx_array *made = onnx_array_make(fold, from->is_float, from->rank, dims);
  int64_t index[ARRAY_MAX_RANK] = {0};
  for (uint64_t n = 0; made != NULL && n < made->count; n++) {
    int64_t place = start;
    for (uint32_t axis = 0; axis < from->rank; axis++) {
      place += index[axis] * strides[axis];
    }
    copy_value(made, n, from, (uint64_t)place);
    for (uint32_t axis = from->rank; axis-- > 0;) {
      if (++index[axis] < dims[axis]) {
        break;
      }
      index[axis] = 0;
    }
  }
  return made;
}

static void strides_of(const struct onnx_array *array, int64_t strides[ARRAY_MAX_RANK]) {
  int64_t step = 1;
  for (uint32_t axis = array->rank; axis-- > 0;) {
    strides[axis] = step;
    step *= array->dims[axis];
  }
}

struct onnx_array *fold_transpose(struct onnx_fold *fold, const Onnx__Node *node,
                                  const struct onnx_array *from) {
  const Onnx__Attribute *perm = onnx_attribute(node, "perm");
  int64_t strides[ARRAY_MAX_RANK] = {0}, dims[ARRAY_MAX_RANK] = {0}, moved[ARRAY_MAX_RANK] = {0};
  bool seen[ARRAY_MAX_RANK] = {false};
  strides_of(from, strides);
  for (uint32_t n = 0; n < from->rank; n++) {
    int64_t at;
    if (perm == NULL) {
      at = from->rank - 1 - n;
    } else if (n < perm->n_ints) {
      at = perm->ints[n];
    } else {
      at = -1;
    }
    if (at < 0 || at >= from->rank || seen[at] || (perm != NULL && perm->n_ints != from->rank)) {
      return fold_refuse(fold, node, "perm is not a permutation of its axes");
    }
    seen[at] = true;
    dims[n] = from->dims[at];
    moved[n] = strides[at];
  }
  return strided(fold, from, dims, moved, 0);
}

/* A Slice; where the input is broadcast an axis of size 1 may stand for more, and stays whole. */
struct onnx_array *fold_slice(struct onnx_fold *fold, const Onnx__Node *node,
                              struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *from = inputs[0], *given_arrays[5] = {NULL};
  bool given[5] = {false};
  struct onnx_slice slice;
  for (uint32_t n = 1; n < count && n < 5; n++) {
    given_arrays[n] = inputs[n];
    given[n] = inputs[n] != NULL;
  }
  const char *why = onnx_slice_of(node, given, given_arrays, from->rank, fold->opset, &slice);
  if (why != NULL) {
    return fold_refuse(fold, node, why);
  }
  int64_t strides[ARRAY_MAX_RANK] = {0}, dims[ARRAY_MAX_RANK], place = 0;
  strides_of(from, strides);
  memcpy(dims, from->dims, sizeof dims);
  for (uint32_t k = 0; k < slice.count; k++) {
    const uint32_t axis = slice.axis[k];
    int64_t first = 0;
    if (!onnx_slice_range(from->dims[axis], slice.from[k], slice.to[k], slice.step[k], &first,
                          &dims[axis])) {
      return fold_refuse(fold, node, "its bounds are sizes that are not known");
    }
    if (from->broadcast && from->dims[axis] == 1 && dims[axis] != 1) {
      return fold_refuse(fold, node, "how often its input repeats is not known");
    }
    place += dims[axis] > 0 ? first * strides[axis] : 0;
    strides[axis] = dims[axis] > 1 ? strides[axis] * slice.step[k] : 0;
  }
  return strided(fold, from, dims, strides, place);
}

struct onnx_array *fold_concat(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *first = inputs[0];
  const int axis = onnx_axis(onnx_int(node, "axis", 0), first->rank);
  if (axis < 0) {
    return fold_refuse(fold, node, "its axis is not one of its inputs'");
  }
  int64_t dims[ARRAY_MAX_RANK], inner = 1, outer = 1;
  memcpy(dims, first->dims, sizeof dims);
  dims[axis] = 0;
  for (uint32_t n = 0; n < count; n++) {
    if (inputs[n] == NULL || inputs[n]->rank != first->rank ||
        inputs[n]->is_float != first->is_float) {
      return fold_refuse(fold, node, "its inputs differ in type or number of axes");
    }
    for (uint32_t k = 0; k < first->rank; k++) {
      if (k != (uint32_t)axis && inputs[n]->dims[k] != first->dims[k]) {
        return fold_refuse(fold, node, "its inputs differ in shape");
      }
    }
    dims[axis] += inputs[n]->dims[axis];
  }
  for (uint32_t k = 0; k < first->rank; k++) {
    inner *= k > (uint32_t)axis ? first->dims[k] : 1;
    outer *= k < (uint32_t)axis ? first->dims[k] : 1;
  }
  struct onnx_array *made = onnx_array_make(fold, first->is_float, first->rank, dims);
  int64_t begin = 0;
  for (uint32_t n = 0; n < count && made != NULL; n++) {
    const int64_t run = inputs[n]->dims[axis] * inner;
    for (int64_t o = 0; o < outer; o++) {
      for (int64_t k = 0; k < run; k++) {
        copy_value(made, (uint64_t)(o * dims[axis] * inner + begin + k), inputs[n],
                   (uint64_t)(o * run + k));
      }
    }
    begin += run;
  }
  return made;
}

static bool has_axis(const int64_t *axes, int count, int axis, uint32_t rank) {
  for (int n = 0; n < count; n++) {
    if (onnx_axis(axes[n], rank) == axis) {
      return true;
    }
  }
  return false;
}

struct onnx_array *fold_squeeze(struct onnx_fold *fold, const Onnx__Node *node,
                                struct onnx_array *const *inputs, uint32_t count, bool adds) {
  const struct onnx_array *from = inputs[0];
  const bool given = count > 1 && inputs[1] != NULL;
  int64_t axes[ARRAY_MAX_RANK], dims[ARRAY_MAX_RANK];
  const int n = onnx_axes(node, given, given ? inputs[1] : NULL, axes);
  const uint32_t whole = from->rank + (adds && n > 0 ? (uint32_t)n : 0);
  uint32_t rank = 0, next = 0;
  if (n < 0 || whole > ARRAY_MAX_RANK) {
    return fold_refuse(fold, node, "its axes are not known");
  }
  for (int k = 0; k < n; k++) {
    const int at = onnx_axis(axes[k], whole);
    if (at < 0 || has_axis(axes, k, at, whole) || (!adds && from->dims[at] != 1)) {
      return fold_refuse(
          fold, node,
          adds ? "one of its axes is not possible" : "one of its axes is not of size 1");
    }
  }
  for (uint32_t k = 0; k < whole; k++) {
    const bool named = has_axis(axes, n, (int)k, whole);
    if (adds) {
      dims[rank++] = named ? 1 : from->dims[next++];
    } else if (!(named || (n == 0 && from->dims[k] == 1))) {
      dims[rank++] = from->dims[k];
    }
  }
  return fold_as_shape(fold, from, rank, dims);
}

struct onnx_array *fold_reshape(struct onnx_fold *fold, const Onnx__Node *node,
                                struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *from = inputs[0];
  int64_t dims[ARRAY_MAX_RANK];
  const int rank = count > 1 ? onnx_array_list(inputs[1], dims, ARRAY_MAX_RANK) : -1;
  uint64_t known = 1;
  int open = -1;
  for (int n = 0; n < rank; n++) {
    if (dims[n] == 0 && n < (int)from->rank && onnx_int(node, "allowzero", 0) == 0) {
      dims[n] = from->dims[n];
    }
    if (dims[n] == -1 && open < 0) {
      open = n;
    } else if (dims[n] < 0 || dims[n] > INT32_MAX || known > INT32_MAX) {
      return fold_refuse(fold, node, "its shape is not known");
    } else {
      known *= (uint64_t)dims[n];
    }
  }
  if (rank < 0) {
    return fold_refuse(fold, node, "its shape is not known");
  }
  if (open >= 0) {
    dims[open] = known == 0 ? 0 : (int64_t)(from->count / known);
  }
  return fold_as_shape(fold, from, (uint32_t)rank, dims);
}

struct onnx_array *fold_gather(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs) {
  const struct onnx_array *from = inputs[0], *at = inputs[1];
  const int axis = onnx_axis(onnx_int(node, "axis", 0), from->rank);
  if (axis < 0 || at == NULL || at->is_float || at->uniform || at->rank > 1) {
    return fold_refuse(fold, node, "its axis or its indices are not known");
  }
  int64_t dims[ARRAY_MAX_RANK], inner = 1, outer = 1;
  uint32_t rank = 0;
  for (uint32_t k = 0; k < from->rank; k++) {
    inner *= k > (uint32_t)axis ? from->dims[k] : 1;
    outer *= k < (uint32_t)axis ? from->dims[k] : 1;
    if (k != (uint32_t)axis) {
      dims[rank++] = from->dims[k];
    } else if (at->rank == 1) {
      dims[rank++] = (int64_t)at->count;
    }
  }
  struct onnx_array *made = onnx_array_make(fold, from->is_float, rank, dims);
  const int64_t size = from->dims[axis], count = (int64_t)at->count;
  for (int64_t k = 0; k < count && made != NULL; k++) {
    const int64_t index = at->integers[k] < 0 ? at->integers[k] + size : at->integers[k];
    if (index < 0 || index >= size) {
      return fold_refuse(fold, node, "an index is outside");
    }
    for (int64_t o = 0; o < outer * inner; o++) {
      copy_value(made, (uint64_t)((o / inner * count + k) * inner + o % inner), from,
                 (uint64_t)((o / inner * size + index) * inner + o % inner));
    }
  }
  return made;
}
