/* SPDX-License-Identifier: Apache-2.0 */
/* reduce: sums, means and extremes along axes, of numbers; of symbols they are told by name; see
 * run.h. */
#include <math.h>
#include <string.h>

#include "graph/run.h"

/* Which axes go, and the shapes with and without them. */
struct reduction {
  bool gone[GRAPH_MAX_RANK];
  uint32_t kept[GRAPH_MAX_RANK]; /* sizes with 1 for what goes */
  uint32_t rank, shape[GRAPH_MAX_RANK];
};

static bool describe(struct run *run, struct value **in, struct reduction *reduction) {
  const struct value *axes = run_ints(run, in, 1);
  if (axes == NULL) {
    return false;
  }
  *reduction = (struct reduction){.rank = 0};
  for (size_t n = 0; n < axes->count; n++) {
    uint32_t at = 0;
    if (!run_axis(run, axes->as.ints[n], in[0]->rank, &at)) {
      return false;
    }
    reduction->gone[at] = true;
  }
  for (uint32_t n = 0; n < in[0]->rank; n++) {
    reduction->kept[n] = reduction->gone[n] ? 1 : in[0]->shape[n];
    if (!reduction->gone[n] || run->node->keep_dims) {
      reduction->shape[reduction->rank++] = reduction->kept[n];
    }
  }
  return true;
}

static double first_of(enum graph_kind kind) {
  switch (kind) {
    case GRAPH_PROD:
    case GRAPH_ALL:
      return 1;
    case GRAPH_MAX:
      return -INFINITY;
    case GRAPH_MIN:
      return INFINITY;
    default:
      return 0;
  }
}

static double next_of(enum graph_kind kind, double a, double b) {
  switch (kind) {
    case GRAPH_PROD:
      return a * b;
    case GRAPH_MAX:
      return fmax(a, b);
    case GRAPH_MIN:
      return fmin(a, b);
    case GRAPH_ALL:
      return a != 0 && b != 0;
    case GRAPH_ANY:
      return a != 0 || b != 0;
    default:
      return a + b;
  }
}

/* The number of the result that one of the operand goes to. */
static size_t target_of(const struct value *from, const struct reduction *reduction,
                        const uint32_t *index) {
  size_t at = 0;
  for (uint32_t n = 0; n < from->rank; n++) {
    at = at * reduction->kept[n] + (reduction->gone[n] ? 0 : index[n]);
  }
  return at;
}

static bool reduce(struct run *run, struct value *from, const struct reduction *reduction,
                   struct value **out) {
  const enum graph_kind kind = run->node->kind;
  const bool whole = from->kind == VALUE_INTS;
  uint32_t index[GRAPH_MAX_RANK] = {0};
  out[0] = value_new(run, from->kind, reduction->rank, reduction->shape);
  if (out[0] == NULL || !run_spend(run, from->count)) {
    return false;
  }
  const double each = out[0]->count == 0 ? 1 : (double)from->count / (double)out[0]->count;
  for (size_t n = 0; n < out[0]->count; n++) {
    if (whole) {
      out[0]->as.ints[n] = run_to_int((float)first_of(kind));
    } else {
      out[0]->as.floats[n] = (float)first_of(kind);
    }
  }
  for (size_t n = 0; n < from->count; n++) {
    const size_t to = target_of(from, reduction, index);
    if (whole) {
      out[0]->as.ints[to] =
          run_to_int((float)next_of(kind, (double)out[0]->as.ints[to], (double)from->as.ints[n]));
    } else {
      out[0]->as.floats[to] =
          (float)next_of(kind, (double)out[0]->as.floats[to],
                         (double)from->as.floats[n] / (kind == GRAPH_MEAN ? each : 1));
    }
    for (uint32_t k = from->rank; k-- > 0 && ++index[k] == from->shape[k];) {
      index[k] = 0;
    }
  }
  return true;
}

bool run_reduce(struct run *run, struct value **in, struct value **out) {
  struct reduction reduction;
  if (run->node->input_count < 2 || in[0] == NULL || in[0]->kind == VALUE_LIST ||
      in[0]->kind == VALUE_HANDLE) {
    return run_refuse(run, "it has %u operands; it needs numbers and axes", run->node->input_count);
  }
  if (!describe(run, in, &reduction)) {
    return false;
  }
  struct value *from = value_settled(run, in[0]);
  if (from == NULL) {
    return false;
  }
  const bool good = from->kind == VALUE_ELEMENTS
                        ? run_other(run, &from, 1, reduction.rank, reduction.shape, out)
                        : reduce(run, from, &reduction, out);
  value_drop(run, from);
  return good;
}
