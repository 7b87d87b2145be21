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

/* An axis of a node as an index below rank, or -1. */
static int axis_of(int64_t axis, uint32_t rank) {
  const int64_t at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < (int64_t)rank ? (int)at : -1;
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
  int64_t strides[ARRAY_MAX_RANK], dims[ARRAY_MAX_RANK], moved[ARRAY_MAX_RANK];
  bool seen[ARRAY_MAX_RANK] = {false};
  strides_of(from, strides);
  for (uint32_t n = 0; n < from->rank; n++) {
    const int64_t at = perm == NULL ? from->rank - 1 - n : n < perm->n_ints ? perm->ints[n] : -1;
    if (at < 0 || at >= from->rank || seen[at]) {
      return fold_refuse(fold, node, "perm is not a permutation of its axes");
    }
    seen[at] = true;
    dims[n] = from->dims[at];
    moved[n] = strides[at];
  }
  return strided(fold, from, dims, moved, 0);
}

/* A bound of a slice, negative ones from the end, within [low, high]. */
static int64_t bound(int64_t value, int64_t size, int64_t low, int64_t high) {
  const int64_t at = value < 0 ? value + size : value;
  return at < low ? low : at > high ? high : at;
}

/* One axis of a slice: its new size, start and step. */
static bool cut_axis(int64_t size, int64_t from, int64_t to, int64_t step, int64_t *start,
                     int64_t *count) {
  if (step == 0 || step == INT64_MIN) {
    return false;
  }
  const int64_t first = step > 0 ? bound(from, size, 0, size) : bound(from, size, -1, size - 1);
  const int64_t last =
      step > 0 ? bound(to, size, 0, size) : (to < -size ? -1 : bound(to, size, -1, size - 1));
  const int64_t span = step > 0 ? last - first : first - last, pace = step > 0 ? step : -step;
  *start = first;
  *count = span <= 0 ? 0 : (span - 1) / pace + 1;
  return true;
}

struct onnx_array *fold_slice(struct onnx_fold *fold, const Onnx__Node *node,
                              struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *from = inputs[0];
  int64_t starts[ARRAY_MAX_RANK], ends[ARRAY_MAX_RANK], axes[ARRAY_MAX_RANK], steps[ARRAY_MAX_RANK];
  const int n = count > 2 ? onnx_array_list(inputs[1], starts, ARRAY_MAX_RANK) : -1;
  if (n < 0 || onnx_array_list(inputs[2], ends, ARRAY_MAX_RANK) != n) {
    return fold_refuse(fold, node, "its bounds are not known");
  }
  const bool has_axes = count > 3 && inputs[3] != NULL, has_steps = count > 4 && inputs[4] != NULL;
  if ((has_axes && onnx_array_list(inputs[3], axes, ARRAY_MAX_RANK) != n) ||
      (has_steps && onnx_array_list(inputs[4], steps, ARRAY_MAX_RANK) != n)) {
    return fold_refuse(fold, node, "axes or steps do not fit its bounds");
  }
  int64_t strides[ARRAY_MAX_RANK], dims[ARRAY_MAX_RANK], place = 0;
  strides_of(from, strides);
  memcpy(dims, from->dims, sizeof dims);
  for (int k = 0; k < n; k++) {
    const int axis = axis_of(has_axes ? axes[k] : k, from->rank);
    int64_t start = 0;
    const int64_t step = has_steps ? steps[k] : 1;
    if (axis < 0 || !cut_axis(from->dims[axis], starts[k], ends[k], step, &start, &dims[axis])) {
      return fold_refuse(fold, node, "an axis or a step is not possible");
    }
    place += start * strides[axis];
    strides[axis] = dims[axis] > 1 ? strides[axis] * step : 0;
  }
  return strided(fold, from, dims, strides, place);
}

struct onnx_array *fold_concat(struct onnx_fold *fold, const Onnx__Node *node,
                               struct onnx_array *const *inputs, uint32_t count) {
  const struct onnx_array *first = inputs[0];
  const int axis = axis_of(onnx_int(node, "axis", 0), first->rank);
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

/* Squeeze and Unsqueeze: axes from the second input, or the attribute of older operator sets. */
static int axes_of(const Onnx__Node *node, struct onnx_array *const *inputs, uint32_t count,
                   int64_t axes[ARRAY_MAX_RANK]) {
  const Onnx__Attribute *attribute = onnx_attribute(node, "axes");
  if (count > 1 && inputs[1] != NULL) {
    return onnx_array_list(inputs[1], axes, ARRAY_MAX_RANK);
  }
  if (attribute == NULL || attribute->n_ints > ARRAY_MAX_RANK) {
    return attribute == NULL ? 0 : -1;
  }
  memcpy(axes, attribute->ints, attribute->n_ints * sizeof *axes);
  return (int)attribute->n_ints;
}

static bool has_axis(const int64_t *axes, int count, int axis, uint32_t rank) {
  for (int n = 0; n < count; n++) {
    if (axis_of(axes[n], rank) == axis) {
      return true;
    }
  }
  return false;
}

struct onnx_array *fold_squeeze(struct onnx_fold *fold, const Onnx__Node *node,
                                struct onnx_array *const *inputs, uint32_t count, bool adds) {
  const struct onnx_array *from = inputs[0];
  int64_t axes[ARRAY_MAX_RANK], dims[ARRAY_MAX_RANK];
  const int n = axes_of(node, inputs, count, axes);
  const uint32_t whole = from->rank + (adds ? (uint32_t)(n > 0 ? n : 0) : 0);
  uint32_t rank = 0, next = 0;
  if (n < 0 || whole > ARRAY_MAX_RANK) {
    return fold_refuse(fold, node, "its axes are not known");
  }
  for (uint32_t k = 0; k < whole; k++) {
    const bool named = has_axis(axes, n, (int)k, whole);
    if (adds) {
      if (!named && next >= from->rank) {
        return fold_refuse(fold, node, "its axes are not possible");
      }
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
  const int axis = axis_of(onnx_int(node, "axis", 0), from->rank);
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
