/* SPDX-License-Identifier: Apache-2.0 */
/* shape: sizes and ranges, and what they fill; see run.h. */
#include <string.h>

#include "graph/run.h"

static bool shape_of(struct run *run, struct value **in, struct value **out) {
  const uint32_t rank = in[0]->rank;
  out[0] = value_new(run, VALUE_INTS, 1, &rank);
  for (uint32_t n = 0; out[0] != NULL && n < rank; n++) {
    out[0]->as.ints[n] = in[0]->shape[n];
  }
  return out[0] != NULL;
}

static bool range(struct run *run, struct value **in, struct value **out) {
  const struct value *from = run_ints(run, in, 0), *to = from == NULL ? NULL : run_ints(run, in, 1);
  const struct value *by = to == NULL ? NULL : run_ints(run, in, 2);
  if (by == NULL) {
    return false;
  }
  const int64_t limit = GRAPH_MAX_ELEMENTS;
  if (from->count != 1 || to->count != 1 || by->count != 1 || by->as.ints[0] == 0 ||
      from->as.ints[0] < -limit || from->as.ints[0] > limit || to->as.ints[0] < -limit ||
      to->as.ints[0] > limit || by->as.ints[0] < -limit || by->as.ints[0] > limit) {
    return run_refuse(run, "its bounds or step are beyond %lld, or its step is 0",
                      (long long)limit);
  }
  const int64_t step = by->as.ints[0], span = to->as.ints[0] - from->as.ints[0];
  const int64_t steps = (span + step - (step > 0 ? 1 : -1)) / step;
  const uint32_t count = steps < 0 || (span > 0) != (step > 0) ? 0 : (uint32_t)steps;
  out[0] = value_new(run, VALUE_INTS, 1, &count);
  for (uint32_t n = 0; out[0] != NULL && n < count; n++) {
    out[0]->as.ints[n] = from->as.ints[0] + step * n;
  }
  return out[0] != NULL;
}

static bool fill(struct run *run, struct value **in, struct value **out) {
  const struct value *sizes = run_ints(run, in, 0);
  struct value *with = run->node->input_count > 1 ? in[1] : NULL;
  uint32_t shape[GRAPH_MAX_RANK];
  if (sizes == NULL) {
    return false;
  }
  if (sizes->count > GRAPH_MAX_RANK || with == NULL || with->count != 1 ||
      with->kind == VALUE_LIST || with->kind == VALUE_HANDLE) {
    return run_refuse(run, "it fills %zu dimensions, at most %d are read, with one number",
                      sizes->count, GRAPH_MAX_RANK);
  }
  for (size_t n = 0; n < sizes->count; n++) {
    if (sizes->as.ints[n] < 0 || sizes->as.ints[n] > GRAPH_MAX_ELEMENTS) {
      return run_refuse(run, "it fills size %lld in dimension %zu; at most %d is read",
                        (long long)sizes->as.ints[n], n, GRAPH_MAX_ELEMENTS);
    }
    shape[n] = (uint32_t)sizes->as.ints[n];
  }
  out[0] = value_new(run, with->kind, (uint32_t)sizes->count, shape);
  const size_t item = value_item(with->kind);
  for (size_t n = 0; out[0] != NULL && n < out[0]->count; n++) {
    memcpy((char *)(uintptr_t)out[0]->as.any + n * item, with->as.any, item);
  }
  return out[0] != NULL;
}

bool run_shape(struct run *run, struct value **in, struct value **out) {
  const uint32_t none = 0;
  if (run->node->input_count < 1 || in[0] == NULL) {
    return run_refuse(run, "it has no operand; it needs one");
  }
  switch (run->node->op) {
    case GRAPH_SHAPE:
      return shape_of(run, in, out);
    case GRAPH_RANGE:
      return range(run, in, out);
    case GRAPH_RANK:
      out[0] = value_new(run, VALUE_INTS, 0, &none);
      if (out[0] != NULL) {
        out[0]->as.ints[0] = in[0]->rank;
      }
      return out[0] != NULL;
    case GRAPH_ZEROS:
      if (in[0]->kind == VALUE_LIST || in[0]->kind == VALUE_HANDLE) {
        return run_refuse(run, "it takes the shape of numbers, not of a list");
      }
      out[0] = value_new(run, in[0]->kind == VALUE_INTS ? VALUE_INTS : VALUE_FLOATS, in[0]->rank,
                         in[0]->shape);
      return out[0] != NULL;
    default:
      return fill(run, in, out);
  }
}
