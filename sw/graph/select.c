/* SPDX-License-Identifier: Apache-2.0 */
/* select: comparisons, and what they choose; types of numbers; see run.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

int64_t run_to_int(float number) {
  const float limit = 9.0e18F;
  if (isnan(number)) {
    return 0;
  }
  if (number > limit) {
    return INT64_MAX;
  }
  if (number < -limit) {
    return INT64_MIN;
  }
  return (int64_t)number;
}

static double number_of(const struct value *value, size_t n) {
  return value->kind == VALUE_INTS ? (double)value->as.ints[n] : (double)value->as.floats[n];
}

/* Data taken as whole numbers are ids of a table, which begin at 0. */
static void mark_whole(struct run *run, const struct value *value) {
  for (size_t n = 0; n < value->count; n++) {
    const uint32_t node = value->as.elements[n].node;
    if (node != 0 && run->symbols->nodes[node].op == SYMBOL_INPUT) {
      run->symbols->nodes[node].is_whole = true;
    }
  }
}

static bool cast(struct run *run, struct value **in, struct value **out) {
  const bool to_int = run->sub->tensors[run->node->outputs[0]].type == GRAPH_INT;
  struct value *from = in[0];
  if (from->kind == VALUE_ELEMENTS || from->kind == (to_int ? VALUE_INTS : VALUE_FLOATS)) {
    if (from->kind == VALUE_ELEMENTS && to_int) {
      mark_whole(run, from);
    }
    out[0] = value_share(from);
    return true;
  }
  if (from->kind != VALUE_INTS && from->kind != VALUE_FLOATS) {
    return run_refuse(run, "it takes numbers, not a list");
  }
  out[0] = value_new(run, to_int ? VALUE_INTS : VALUE_FLOATS, from->rank, from->shape);
  for (size_t n = 0; out[0] != NULL && n < from->count; n++) {
    if (to_int) {
      out[0]->as.ints[n] = run_to_int(from->as.floats[n]);
    } else {
      out[0]->as.floats[n] = (float)from->as.ints[n];
    }
  }
  return out[0] != NULL;
}

static bool holds(enum graph_kind kind, double a, double b) {
  switch (kind) {
    case GRAPH_LESS:
      return a < b;
    case GRAPH_LESS_EQUAL:
      return a <= b;
    case GRAPH_GREATER:
      return a > b;
    case GRAPH_GREATER_EQUAL:
      return a >= b;
    case GRAPH_EQUAL:
      return a == b;
    case GRAPH_NOT_EQUAL:
      return a != b;
    case GRAPH_AND:
      return a != 0 && b != 0;
    default:
      return a != 0 || b != 0;
  }
}

/* Ids are never below 0: whether one is below nothing is known although they are not. */
static bool ids_below_zero(const struct run *run, const struct value *a, const struct value *b) {
  if (run->node->kind != GRAPH_LESS || a->kind != VALUE_ELEMENTS || b->kind == VALUE_ELEMENTS) {
    return false;
  }
  for (size_t n = 0; n < a->count; n++) {
    const uint32_t node = a->as.elements[n].node;
    if (node == 0 || !run->symbols->nodes[node].is_whole) {
      return false;
    }
  }
  for (size_t n = 0; n < b->count; n++) {
    if (number_of(b, n) > 0) {
      return false;
    }
  }
  return true;
}

static bool compare(struct run *run, struct value **in, struct value **out) {
  const bool one = run->node->kind == GRAPH_NOT;
  uint32_t rank = 0, shape[GRAPH_MAX_RANK] = {0};
  struct value *operands[2] = {in[0], one ? in[0] : in[1]};
  if (!run_together(run, operands, 2, &rank, shape)) {
    return false;
  }
  const bool unknown = in[0]->kind == VALUE_ELEMENTS || operands[1]->kind == VALUE_ELEMENTS;
  const bool known_false = unknown && ids_below_zero(run, in[0], operands[1]);
  if (unknown && !known_false) {
    return run_other(run, in, one ? 1 : 2, rank, shape, out);
  }
  out[0] = value_new(run, VALUE_INTS, rank, shape);
  if (known_false || out[0] == NULL) {
    return out[0] != NULL;
  }
  struct value *a = run_broadcast(run, operands[0], rank, shape);
  struct value *b = run_broadcast(run, operands[1], rank, shape);
  for (size_t n = 0; a != NULL && b != NULL && n < out[0]->count; n++) {
    out[0]->as.ints[n] =
        one ? number_of(a, n) == 0 : holds(run->node->kind, number_of(a, n), number_of(b, n));
  }
  const bool good = a != NULL && b != NULL;
  value_drop(run, a);
  value_drop(run, b);
  return good;
}

/* Whether one choice is made for all. */
static bool all_alike(const struct value *chosen) {
  for (size_t n = 1; n < chosen->count; n++) {
    if ((chosen->as.ints[n] != 0) != (chosen->as.ints[0] != 0)) {
      return false;
    }
  }
  return chosen->count > 0;
}

/* Both as one kind, broadcast over a shape: elements where they differ. */
static bool broadcast_both(struct run *run, struct value **in, uint32_t rank, const uint32_t *shape,
                           struct value **both) {
  const bool mixed = in[1]->kind != in[2]->kind;
  for (int n = 0; n < 2; n++) {
    struct value *one = mixed ? value_as_elements(run, in[n + 1]) : value_share(in[n + 1]);
    both[n] = one == NULL ? NULL : run_broadcast(run, one, rank, shape);
    value_drop(run, one);
  }
  return both[0] != NULL && both[1] != NULL;
}

static bool choose(struct run *run, struct value **in, struct value **out) {
  uint32_t rank = 0, shape[GRAPH_MAX_RANK] = {0};
  struct value *both[2] = {NULL, NULL}, *chosen = NULL;
  if (run->node->input_count < 3 || in[1] == NULL || in[2] == NULL) {
    return run_refuse(run, "it has %u operands; it needs 3", run->node->input_count);
  }
  if (!run_together(run, in, 3, &rank, shape)) {
    return false;
  }
  if (in[0]->kind == VALUE_INTS && all_alike(in[0])) { /* may be of another shape than the rest */
    out[0] = run_broadcast(run, in[in[0]->as.ints[0] != 0 ? 1 : 2], rank, shape);
    return out[0] != NULL;
  }
  if (in[0]->kind != VALUE_INTS) {
    return run_other(run, in, 3, rank, shape, out);
  }
  if (run->node->kind == GRAPH_EQUAL && in[0]->rank != rank) {
    return run_refuse(run,
                      "its condition has %u axes and what it chooses from %u; both have to be "
                      "as many",
                      in[0]->rank, rank);
  }
  chosen = run_broadcast(run, in[0], rank, shape);
  bool good = chosen != NULL && broadcast_both(run, in, rank, shape, both);
  out[0] = good ? value_new(run, both[0]->kind, rank, shape) : NULL;
  const size_t item = good ? value_item(both[0]->kind) : 0;
  for (size_t n = 0; out[0] != NULL && n < out[0]->count; n++) {
    const struct value *from = both[chosen->as.ints[n] != 0 ? 0 : 1];
    memcpy((char *)(uintptr_t)out[0]->as.any + n * item, (const char *)from->as.any + n * item,
           item);
  }
  value_drop(run, chosen);
  value_drop(run, both[0]);
  value_drop(run, both[1]);
  return out[0] != NULL;
}

bool run_select(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const bool two =
      (node->op == GRAPH_COMPARE || node->op == GRAPH_LOGIC) && node->kind != GRAPH_NOT;
  if (node->input_count < (two ? 2U : 1U) || in[0] == NULL || (two && in[1] == NULL)) {
    return run_refuse(run, "it has %u operands; it needs more", node->input_count);
  }
  if (node->op == GRAPH_CAST) {
    return cast(run, in, out);
  }
  if (node->op == GRAPH_SELECT) {
    return choose(run, in, out);
  }
  return compare(run, in, out);
}
