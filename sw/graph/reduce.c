/* SPDX-License-Identifier: Apache-2.0 */
/* reduce: sums, means and extremes along axes, of numbers; of symbols sums are additions, the
 * largest is a symbol of its own, and the rest is told by name; see run.h. */
#include <math.h>
#include <stdlib.h>
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

/* Items group by group: of each group one for each of the result's. NULL with the error set. */
static size_t *grouped(struct run *run, const struct value *from, const struct reduction *reduction,
                       size_t width) {
  uint32_t index[GRAPH_MAX_RANK] = {0};
  size_t *numbers = run_numbers(run, from->count);
  size_t *seen = numbers == NULL ? NULL : run_numbers(run, width);
  for (size_t n = 0; seen != NULL && n < from->count; n++) {
    const size_t to = target_of(from, reduction, index);
    numbers[seen[to]++ * width + to] = n;
    for (uint32_t k = from->rank; k-- > 0 && ++index[k] == from->shape[k];) {
      index[k] = 0;
    }
  }
  if (seen == NULL) {
    free(numbers);
    return NULL;
  }
  free(seen);
  return numbers;
}

/* The sum of groups first..first + count - 1, in halves so that no sum is deep. */
// NOLINTNEXTLINE(misc-no-recursion)
static struct value *sum_of(struct run *run, struct value *from, const size_t *numbers,
                            uint32_t first, uint32_t count, uint32_t width) {
  if (count == 1) {
    return run_pick(run, from, 1, &width, numbers + (size_t)first * width);
  }
  struct value *one = sum_of(run, from, numbers, first, count / 2, width);
  struct value *other =
      one == NULL ? NULL : sum_of(run, from, numbers, first + count / 2, count - count / 2, width);
  struct value *made = other == NULL ? NULL : run_add(run, GRAPH_ADD, one, other);
  value_drop(run, one);
  value_drop(run, other);
  return made;
}

static struct value *mean_of(struct run *run, struct value *sum, uint32_t count) {
  const uint32_t one = 1;
  struct value *share = sum == NULL ? NULL : value_new(run, VALUE_FLOATS, 1, &one);
  struct value *made = NULL;
  if (share != NULL) {
    share->as.floats[0] = 1.0F / (float)count;
    made = run_add(run, GRAPH_MUL, sum, share);
  }
  value_drop(run, share);
  value_drop(run, sum);
  return made;
}

/* The largest of each lane over the groups; where a number is known among them, by name. */
static struct value *largest_of(struct run *run, struct value *from, const size_t *numbers,
                                uint32_t groups, uint32_t width) {
  const uint32_t count = groups * width;
  struct value *rows = run_pick(run, from, 1, &count, numbers), *made = NULL;
  uint32_t runs = 0;
  bool known = false;
  for (uint32_t g = 0; rows != NULL && g < groups; g++) {
    const struct element *row = rows->as.elements + (size_t)g * width;
    for (size_t n = 0, length = 0; n < width; n += length, runs++) {
      length = symbol_run_length(row + n, width - n);
      known = known || row[n].node == 0;
    }
  }
  const enum symbol_op op = known ? SYMBOL_OTHER : SYMBOL_MAX;
  struct symbol *symbol = rows == NULL ? NULL : symbol_new(run, op, width, runs);
  if (symbol != NULL) {
    symbol->units = groups;
    for (uint32_t g = 0, at = 0; g < groups && !known; g++) {
      at += symbol_find_runs(rows->as.elements + (size_t)g * width, width, symbol->runs + at,
                             runs - at);
    }
    made = value_new(run, VALUE_ELEMENTS, 1, &width);
  }
  if (made != NULL) {
    symbol_lanes(run, made->as.elements, width);
  }
  value_drop(run, rows);
  return made;
}

/* Of symbols: along axes that have more than one entry. */
static bool reduce_symbols(struct run *run, struct value *from, const struct reduction *reduction,
                           struct value **out) {
  const enum graph_kind kind = run->node->kind;
  size_t width = 1;
  for (uint32_t n = 0; n < from->rank; n++) {
    width *= reduction->kept[n];
  }
  const uint32_t groups = width == 0 ? 0 : (uint32_t)(from->count / width);
  if (groups == 0 || (kind != GRAPH_SUM && kind != GRAPH_MEAN && kind != GRAPH_MAX)) {
    return run_other(run, &from, 1, reduction->rank, reduction->shape, out);
  }
  size_t *numbers = grouped(run, from, reduction, width);
  struct value *made = NULL;
  if (numbers != NULL && kind == GRAPH_MAX && groups > 1) {
    made = largest_of(run, from, numbers, groups, (uint32_t)width);
  } else if (numbers != NULL) {
    made = sum_of(run, from, numbers, 0, groups, (uint32_t)width);
    made = kind == GRAPH_MEAN && groups > 1 ? mean_of(run, made, groups) : made;
  }
  free(numbers);
  out[0] = made == NULL ? NULL : value_reshaped(run, made, reduction->rank, reduction->shape);
  value_drop(run, made);
  return out[0] != NULL;
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
  const bool good = from->kind == VALUE_ELEMENTS ? reduce_symbols(run, from, &reduction, out)
                                                 : reduce(run, from, &reduction, out);
  value_drop(run, from);
  return good;
}
