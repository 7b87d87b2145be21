/* SPDX-License-Identifier: Apache-2.0 */
/* binary: operators on two operands, number by number, broadcast over each other's shape; see
 * run.h.
 *
 * With a known operand an unknown one is only scaled or shifted; by 0 it is gone, and 0 or a factor
 * of 1 leaves it as it is: so what a first step has of a state of zeros leaves no trace. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

bool run_together(struct run *run, struct value *const *in, uint32_t count, uint32_t *rank,
                  uint32_t *shape) {
  *rank = 0;
  for (uint32_t n = 0; n < count; n++) {
    if (in[n]->kind == VALUE_LIST || in[n]->kind == VALUE_HANDLE) {
      return run_refuse(run, "operand %u is no tensor of numbers; all have to be", n);
    }
    *rank = in[n]->rank > *rank ? in[n]->rank : *rank;
  }
  for (uint32_t k = 0; k < *rank; k++) {
    shape[k] = 1;
    for (uint32_t n = 0; n < count; n++) {
      const uint32_t lead = *rank - in[n]->rank;
      const uint32_t size = k < lead ? 1 : in[n]->shape[k - lead];
      if (size != 1 && shape[k] != 1 && size != shape[k]) {
        return run_refuse(run, "operand %u has size %u where another has %u", n, size, shape[k]);
      }
      shape[k] = size != 1 ? size : shape[k];
    }
  }
  return true;
}

struct value *run_broadcast(struct run *run, struct value *value, uint32_t rank,
                            const uint32_t *shape) {
  if (value->rank == rank && memcmp(value->shape, shape, rank * sizeof *shape) == 0) {
    return value_share(value);
  }
  size_t count = 1, stride[GRAPH_MAX_RANK] = {0}, product = 1;
  uint32_t index[GRAPH_MAX_RANK] = {0};
  for (uint32_t n = rank; n-- > 0;) {
    const uint32_t lead = rank - value->rank;
    const uint32_t size = n < lead ? 1 : value->shape[n - lead];
    stride[n] = size == 1 ? 0 : product;
    product *= size;
    count *= shape[n];
    if (count > GRAPH_MAX_ELEMENTS) {
      (void)run_refuse(run, "it makes more than %d elements, the limit", GRAPH_MAX_ELEMENTS);
      return NULL;
    }
  }
  size_t *numbers = run_numbers(run, count), at = 0;
  for (size_t n = 0; numbers != NULL && n < count; n++) {
    numbers[n] = at;
    for (uint32_t k = rank; k-- > 0;) {
      at += stride[k];
      if (++index[k] < shape[k]) {
        break;
      }
      at -= stride[k] * shape[k];
      index[k] = 0;
    }
  }
  struct value *made = numbers == NULL ? NULL : run_pick(run, value, rank, shape, numbers);
  free(numbers);
  return made;
}

static float of_floats(enum graph_kind kind, float a, float b) {
  switch (kind) {
    case GRAPH_ADD:
      return a + b;
    case GRAPH_SUB:
      return a - b;
    case GRAPH_MUL:
      return a * b;
    case GRAPH_DIV:
      return a / b;
    case GRAPH_MAXIMUM:
      return fmaxf(a, b);
    case GRAPH_MINIMUM:
      return fminf(a, b);
    case GRAPH_POW:
      return powf(a, b);
    case GRAPH_FLOOR_DIV:
      return floorf(a / b);
    case GRAPH_FLOOR_MOD:
      return a - b * floorf(a / b);
    default:
      return (a - b) * (a - b);
  }
}

/* Modulo 2^64, as unsigned numbers are. */
static int64_t of_ints(enum graph_kind kind, int64_t a, int64_t b) {
  const uint64_t x = (uint64_t)a, y = (uint64_t)b;
  const bool odd = b == 0 || (a == INT64_MIN && b == -1);
  const int64_t quotient = odd ? 0 : a / b, rest = odd ? 0 : a % b;
  const bool below = rest != 0 && (rest < 0) != (b < 0);
  switch (kind) {
    case GRAPH_ADD:
      return (int64_t)(x + y);
    case GRAPH_SUB:
      return (int64_t)(x - y);
    case GRAPH_MUL:
      return (int64_t)(x * y);
    case GRAPH_DIV:
      return quotient;
    case GRAPH_MAXIMUM:
      return a > b ? a : b;
    case GRAPH_MINIMUM:
      return a < b ? a : b;
    case GRAPH_FLOOR_DIV:
      return quotient - (below ? 1 : 0);
    case GRAPH_FLOOR_MOD:
      return rest + (below ? b : 0);
    case GRAPH_POW:
      return run_to_int(powf((float)a, (float)b));
    default:
      return (int64_t)((x - y) * (x - y));
  }
}

/* All of so many known numbers are this one. */
static bool all_are(const struct element *numbers, size_t count, float wanted) {
  for (size_t n = 0; n < count; n++) {
    if (numbers[n].as.number != wanted) {
      return false;
    }
  }
  return true;
}

static struct symbol_run run_of(const struct element *elements, size_t count) {
  struct symbol_run found = {0, 0, 1, 0};
  (void)symbol_find_runs(elements, count, &found, 1);
  return found;
}

/* Lanes and known numbers: factor and addend of each lane. False with the error set. */
static bool with_known(struct run *run, enum graph_kind kind, const struct element *lanes,
                       const struct element *numbers, bool turned, size_t count,
                       struct element *out) {
  const bool adds = kind == GRAPH_ADD || kind == GRAPH_SUB;
  const bool scales = kind == GRAPH_MUL || (kind == GRAPH_DIV && !turned);
  if ((adds && !(kind == GRAPH_SUB && turned) && all_are(numbers, count, 0.0F)) ||
      (scales && all_are(numbers, count, 1.0F))) {
    memcpy(out, lanes, count * sizeof *out);
    return true;
  }
  if (kind == GRAPH_MUL && all_are(numbers, count, 0.0F)) {
    memset(out, 0, count * sizeof *out);
    return true;
  }
  const bool relu = kind == GRAPH_MAXIMUM && all_are(numbers, count, 0.0F);
  const enum symbol_op linear = adds || scales ? SYMBOL_SCALE : SYMBOL_OTHER;
  struct symbol *made = symbol_new(run, relu ? SYMBOL_UNARY : linear, (uint32_t)count, 1);
  if (made == NULL) {
    return false;
  }
  made->runs[0] = run_of(lanes, count);
  made->kind = relu ? GRAPH_RELU : kind;
  float *w = scales || (adds && turned && kind == GRAPH_SUB) ? symbol_floats(run, count) : NULL;
  float *bias = adds ? symbol_floats(run, count) : NULL;
  if ((adds && bias == NULL) || (scales && w == NULL)) {
    return false;
  }
  for (size_t n = 0; n < count; n++) {
    const float number = numbers[n].as.number;
    if (w != NULL) {
      if (adds) {
        w[n] = -1.0F;
      } else if (kind == GRAPH_DIV) {
        w[n] = 1.0F / number;
      } else {
        w[n] = number;
      }
    }
    if (bias != NULL) {
      bias[n] = kind == GRAPH_SUB && !turned ? -number : number;
    }
  }
  made->w = w;
  made->bias = bias;
  symbol_lanes(run, out, count);
  return true;
}

static bool both_unknown(struct run *run, enum graph_kind kind, const struct element *a,
                         const struct element *b, size_t count, struct element *out) {
  enum symbol_op op;
  if (kind == GRAPH_ADD) {
    op = SYMBOL_ADD;
  } else if (kind == GRAPH_SUB) {
    op = SYMBOL_SUB;
  } else if (kind == GRAPH_MUL) {
    op = SYMBOL_MUL;
  } else {
    op = SYMBOL_OTHER;
  }
  struct symbol *made = symbol_new(run, op, (uint32_t)count, 2);
  if (made == NULL) {
    return false;
  }
  made->kind = kind;
  made->runs[0] = run_of(a, count);
  made->runs[1] = run_of(b, count);
  symbol_lanes(run, out, count);
  return true;
}

static bool of_elements(struct run *run, enum graph_kind kind, const struct element *a,
                        const struct element *b, size_t count, struct element *out) {
  /* What is left of a run is known: a long one beside single lanes is looked at once. */
  size_t of_a = 0, of_b = 0;
  for (size_t n = 0, length = 0; n < count; n += length, of_a -= length, of_b -= length) {
    of_a = of_a > 1 ? of_a : symbol_run_length(a + n, count - n);
    of_b = of_b > 1 ? of_b : symbol_run_length(b + n, count - n);
    length = of_a < of_b ? of_a : of_b;
    bool good = true;
    if (a[n].node == 0 && b[n].node == 0) {
      for (size_t k = n; k < n + length; k++) {
        out[k].as.number = of_floats(kind, a[k].as.number, b[k].as.number);
      }
    } else if (a[n].node != 0 && b[n].node != 0) {
      good = both_unknown(run, kind, a + n, b + n, length, out + n);
    } else {
      const bool turned = a[n].node == 0;
      good = with_known(run, kind, turned ? b + n : a + n, turned ? a + n : b + n, turned, length,
                        out + n);
    }
    if (!good) {
      return false;
    }
  }
  return true;
}

/* Operands broadcast over the result's shape, of one kind. */
static bool compute(struct run *run, enum graph_kind kind, const struct value *a,
                    const struct value *b, struct value *out) {
  for (size_t n = 0; n < out->count && out->kind == VALUE_INTS; n++) {
    out->as.ints[n] = of_ints(kind, a->as.ints[n], b->as.ints[n]);
  }
  for (size_t n = 0; n < out->count && out->kind == VALUE_FLOATS; n++) {
    out->as.floats[n] = of_floats(kind, a->as.floats[n], b->as.floats[n]);
  }
  return out->kind != VALUE_ELEMENTS ||
         of_elements(run, kind, a->as.elements, b->as.elements, out->count, out->as.elements);
}

struct value *run_add(struct run *run, enum graph_kind kind, struct value *a, struct value *b) {
  struct value *operands[2] = {a, b}, *made = NULL;
  uint32_t rank = 0, shape[GRAPH_MAX_RANK] = {0};
  if (!run_together(run, operands, 2, &rank, shape)) {
    return NULL;
  }
  const bool same = a->kind == b->kind;
  struct value *one = same ? value_share(a) : value_as_elements(run, a);
  struct value *other = same ? value_share(b) : value_as_elements(run, b);
  struct value *x = one == NULL ? NULL : run_broadcast(run, one, rank, shape);
  struct value *y = other == NULL ? NULL : run_broadcast(run, other, rank, shape);
  if (x != NULL && y != NULL) {
    made = value_new(run, x->kind, rank, shape);
  }
  if (made != NULL && !compute(run, kind, x, y, made)) {
    value_drop(run, made);
    made = NULL;
  }
  value_drop(run, one);
  value_drop(run, other);
  value_drop(run, x);
  value_drop(run, y);
  struct value *settled = made == NULL ? NULL : value_settled(run, made);
  value_drop(run, made);
  return settled;
}

bool run_binary(struct run *run, struct value **in, struct value **out) {
  if (run->node->input_count < 2 || in[0] == NULL || in[1] == NULL) {
    return run_refuse(run, "it has %u operands; it needs 2", run->node->input_count);
  }
  out[0] = run_add(run, run->node->kind, in[0], in[1]);
  return out[0] != NULL && run_activate(run, &out[0]);
}
