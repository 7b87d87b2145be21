/* SPDX-License-Identifier: Apache-2.0 */
/* unary: functions of one number, fused activations, and symbols that are only told by name; see
 * run.h. */
#include <math.h>
#include <string.h>

#include "graph/run.h"

static float of_float(enum graph_kind kind, float slope, float a) {
  switch (kind) {
    case GRAPH_LOGISTIC:
      return 1.0F / (1.0F + expf(-a));
    case GRAPH_TANH:
      return tanhf(a);
    case GRAPH_RELU:
      return fmaxf(a, 0.0F);
    case GRAPH_RELU6:
      return fminf(fmaxf(a, 0.0F), 6.0F);
    case GRAPH_RELU_N1_TO_1:
      return fminf(fmaxf(a, -1.0F), 1.0F);
    case GRAPH_LEAKY_RELU:
      return a >= 0.0F ? a : a * slope;
    case GRAPH_ELU:
      return a >= 0.0F ? a : expm1f(a);
    case GRAPH_EXP:
      return expf(a);
    case GRAPH_LOG:
      return logf(a);
    case GRAPH_SQRT:
      return sqrtf(a);
    case GRAPH_RSQRT:
      return 1.0F / sqrtf(a);
    case GRAPH_SQUARE:
      return a * a;
    case GRAPH_ABS:
      return fabsf(a);
    default:
      return -a;
  }
}

static bool of_lanes(struct run *run, enum graph_kind kind, float slope,
                     const struct element *lanes, size_t count, struct element *out) {
  const bool negates = kind == GRAPH_NEG;
  struct symbol *made = symbol_new(run, negates ? SYMBOL_SCALE : SYMBOL_UNARY, (uint32_t)count, 1);
  if (made == NULL) {
    return false;
  }
  made->kind = kind;
  (void)symbol_find_runs(lanes, count, made->runs, 1);
  float *w = negates || kind == GRAPH_LEAKY_RELU ? symbol_floats(run, count) : NULL;
  for (size_t n = 0; w != NULL && n < count; n++) {
    w[n] = negates ? -1.0F : slope;
  }
  made->w = w;
  symbol_lanes(run, out, count);
  return w != NULL || !(negates || kind == GRAPH_LEAKY_RELU);
}

struct value *run_apply(struct run *run, enum graph_kind kind, float number, struct value *a) {
  if (a->kind != VALUE_FLOATS && a->kind != VALUE_ELEMENTS) {
    (void)run_refuse(run, "it takes floats, not whole numbers or a list");
    return NULL;
  }
  struct value *made = value_new(run, a->kind, a->rank, a->shape);
  if (made == NULL || a->kind == VALUE_FLOATS) {
    for (size_t n = 0; made != NULL && n < a->count; n++) {
      made->as.floats[n] = of_float(kind, number, a->as.floats[n]);
    }
    return made;
  }
  for (size_t n = 0, length = 0; n < a->count; n += length) {
    const struct element *from = a->as.elements + n;
    length = symbol_run_length(from, a->count - n);
    for (size_t k = 0; k < length && from->node == 0; k++) {
      made->as.elements[n + k].as.number = of_float(kind, number, from[k].as.number);
    }
    if (from->node != 0 && !of_lanes(run, kind, number, from, length, made->as.elements + n)) {
      value_drop(run, made);
      return NULL;
    }
  }
  return made;
}

bool run_unary(struct run *run, struct value **in, struct value **out) {
  if (run->node->input_count < 1 || in[0] == NULL) {
    return run_refuse(run, "it has no operand; it needs one");
  }
  struct value *from = value_settled(run, in[0]);
  if (from != NULL && from->kind == VALUE_INTS) {
    value_drop(run, from);
    from = value_as_elements(run, in[0]);
  }
  out[0] = from == NULL ? NULL : run_apply(run, run->node->kind, run->node->number, from);
  value_drop(run, from);
  return out[0] != NULL;
}

bool run_activate(struct run *run, struct value **value) {
  if (run->node->activation == GRAPH_NO_KIND || (*value)->kind == VALUE_INTS) {
    return run->node->activation == GRAPH_NO_KIND ||
           run_refuse(run, "its activation is of whole numbers; only floats have one");
  }
  struct value *made = run_apply(run, run->node->activation, 0.0F, *value);
  value_drop(run, *value);
  *value = made;
  return made != NULL;
}

bool run_other(struct run *run, struct value *const *in, uint32_t in_count, uint32_t rank,
               const uint32_t *shape, struct value **out) {
  uint32_t found = 0;
  enum { MOST_RUNS = 256 };
  if (run->symbols == NULL) {
    return run_refuse(run, "it is not done here; cut the model before it");
  }
  out[0] = value_new(run, VALUE_ELEMENTS, rank, shape);
  if (out[0] == NULL) {
    return false;
  }
  struct symbol *made = symbol_new(run, SYMBOL_OTHER, (uint32_t)out[0]->count, MOST_RUNS);
  if (made == NULL) {
    return false;
  }
  for (uint32_t n = 0; n < in_count; n++) {
    if (in[n] != NULL && in[n]->kind == VALUE_ELEMENTS && in[n]->count > 0) {
      found +=
          symbol_find_runs(in[n]->as.elements, in[n]->count, made->runs + found, MOST_RUNS - found);
    }
  }
  made->run_count = found;
  made->kind = run->node->kind;
  symbol_lanes(run, out[0]->as.elements, out[0]->count);
  return true;
}
