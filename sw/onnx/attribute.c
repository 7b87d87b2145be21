/* SPDX-License-Identifier: Apache-2.0 */
/* attribute: what a node says of itself, by attributes or by constant inputs; see constant.h. */
#include <string.h>

#include "onnx/constant.h"

const Onnx__Attribute *onnx_attribute(const Onnx__Node *node, const char *name) {
  for (size_t n = 0; n < node->n_attribute; n++) {
    if (node->attribute[n]->name != NULL && strcmp(node->attribute[n]->name, name) == 0) {
      return node->attribute[n];
    }
  }
  return NULL;
}

int64_t onnx_int(const Onnx__Node *node, const char *name, int64_t otherwise) {
  const Onnx__Attribute *found = onnx_attribute(node, name);
  return found != NULL && found->has_i ? found->i : otherwise;
}

float onnx_float(const Onnx__Node *node, const char *name, float otherwise) {
  const Onnx__Attribute *found = onnx_attribute(node, name);
  return found != NULL && found->has_f ? found->f : otherwise;
}

int onnx_axis(int64_t axis, uint32_t rank) {
  const int64_t at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < (int64_t)rank ? (int)at : -1;
}

/* An attribute that is a list; -1 when it is too long, 0 when it is not there. */
static int ints_of(const Onnx__Node *node, const char *name, int64_t list[ARRAY_MAX_RANK]) {
  const Onnx__Attribute *found = onnx_attribute(node, name);
  if (found == NULL || found->n_ints > ARRAY_MAX_RANK) {
    return found == NULL ? 0 : -1;
  }
  for (size_t n = 0; n < found->n_ints; n++) {
    list[n] = found->ints[n] < ARRAY_LEAST ? ARRAY_LEAST : found->ints[n];
  }
  return (int)found->n_ints;
}

int onnx_axes(const Onnx__Node *node, bool has_input, const struct onnx_array *given,
              int64_t axes[ARRAY_MAX_RANK]) {
  return has_input ? onnx_array_list(given, axes, ARRAY_MAX_RANK) : ints_of(node, "axes", axes);
}

/* The four lists of a Slice; false when they are not known or do not fit each other. */
static bool slice_lists(const Onnx__Node *node, const bool given[5],
                        const struct onnx_array *const inputs[5], int64_t opset,
                        struct onnx_slice *slice, int64_t axes[ARRAY_MAX_RANK], bool *has_axes) {
  const bool by_attributes = opset < 10;
  const int count = by_attributes ? ints_of(node, "starts", slice->from)
                                  : onnx_array_list(inputs[1], slice->from, ARRAY_MAX_RANK);
  const int ends = by_attributes ? ints_of(node, "ends", slice->to)
                                 : onnx_array_list(inputs[2], slice->to, ARRAY_MAX_RANK);
  *has_axes = by_attributes ? onnx_attribute(node, "axes") != NULL : given[3];
  const bool has_steps = !by_attributes && given[4];
  for (uint32_t n = 0; n < ARRAY_MAX_RANK; n++) {
    slice->step[n] = 1;
  }
  if (count < 0 || ends != count ||
      (*has_axes && onnx_axes(node, !by_attributes, inputs[3], axes) != count) ||
      (has_steps && onnx_array_list(inputs[4], slice->step, ARRAY_MAX_RANK) != count)) {
    return false;
  }
  slice->count = (uint32_t)count;
  return true;
}

const char *onnx_slice_of(const Onnx__Node *node, const bool given[5],
                          const struct onnx_array *const inputs[5], uint32_t rank, int64_t opset,
                          struct onnx_slice *slice) {
  int64_t axes[ARRAY_MAX_RANK] = {0};
  bool has_axes = false, seen[ARRAY_MAX_RANK] = {false};
  if (!slice_lists(node, given, inputs, opset, slice, axes, &has_axes)) {
    return "its bounds, axes or steps are not constants of one length";
  }
  for (uint32_t n = 0; n < slice->count; n++) {
    const int axis = onnx_axis(has_axes ? axes[n] : (int64_t)n, rank);
    if (axis < 0) {
      return "one of its axes is not an axis of its input";
    }
    if (seen[axis]) {
      return "it names an axis twice";
    }
    if (slice->step[n] == 0 || onnx_is_mark(slice->step[n])) {
      return "one of its steps is 0, or not known";
    }
    seen[axis] = true;
    slice->axis[n] = (uint32_t)axis;
  }
  return NULL;
}

/* A bound of a slice, negative ones from the end, within [low, high]. */
static int64_t bound(int64_t value, int64_t size, int64_t low, int64_t high) {
  const int64_t at = value < 0 ? value + size : value;
  if (at < low) {
    return low;
  }
  if (at > high) {
    return high;
  }
  return at;
}

bool onnx_slice_range(int64_t size, int64_t from, int64_t to, int64_t step, int64_t *first,
                      int64_t *count) {
  if (step == 0 || onnx_is_mark(from) || onnx_is_mark(to) || onnx_is_mark(step)) {
    return false;
  }
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  const int64_t begin = bound(from, size, low, high), end = bound(to, size, low, high);
  const int64_t span = step > 0 ? end - begin : begin - end, pace = step > 0 ? step : -step;
  *first = begin;
  *count = span <= 0 ? 0 : (span - 1) / pace + 1;
  return true;
}

void onnx_shape_range(const Onnx__Node *node, uint32_t rank, uint32_t *start, uint32_t *end) {
  const int64_t size = rank;
  const int64_t from = bound(onnx_int(node, "start", 0), size, 0, size);
  const int64_t to = bound(onnx_int(node, "end", INT64_MAX), size, 0, size);
  *start = (uint32_t)from;
  *end = (uint32_t)(to < from ? from : to);
}
