/* SPDX-License-Identifier: Apache-2.0 */
/* lstm: a whole layer (UNIDIRECTIONAL_SEQUENCE_LSTM) as the primitive operators it stands for, step
 * by step; see run.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

enum {
  IN_W = 1,
  IN_R = 5,
  IN_PEEPHOLE = 9,
  IN_BIAS = 12,
  IN_PROJECTION = 16,
  IN_H = 18,
  IN_C = 19,
  IN_NORM = 20,
  IN_END = 24,
  GATES = 4
};

struct lstm_layer {
  uint32_t steps, batch, inputs, units;
  const float *w[GATES], *r[GATES], *bias[GATES];
  struct value *h, *c;
};

static bool is_given(struct run *run, struct value **in, uint32_t n) {
  return n < run->node->input_count && in[n] != NULL && in[n]->count > 0;
}

/* The basic cell alone. */
static bool is_basic(struct run *run, struct value **in) {
  static const struct {
    uint32_t from, to;
    const char *what;
  } extras[] = {{IN_PEEPHOLE, IN_BIAS, "peephole connections"},
                {IN_PROJECTION, IN_PROJECTION + 2, "a projection"},
                {IN_NORM, IN_END, "layer normalisation"}};
  for (size_t n = 0; n < sizeof extras / sizeof extras[0]; n++) {
    for (uint32_t k = extras[n].from; k < extras[n].to; k++) {
      if (is_given(run, in, k)) {
        return run_refuse(run, "it has %s (operand %u); only the basic cell is done",
                          extras[n].what, k);
      }
    }
  }
  if (!is_given(run, in, IN_W)) {
    return run_refuse(run,
                      "its input gate is coupled to the forget gate (operand %d is left out); "
                      "only the basic cell is done",
                      IN_W);
  }
  if (run->node->diagonal || run->node->activation != GRAPH_TANH) {
    return run_refuse(run,
                      "its activation is not tanh or its recurrent weights are diagonal; only "
                      "the basic cell is done");
  }
  return true;
}

static const float *matrix(struct run *run, struct value **in, uint32_t n, uint32_t units,
                           uint32_t width) {
  const bool fits = is_given(run, in, n) && in[n]->kind == VALUE_FLOATS && in[n]->is_borrowed &&
                    in[n]->count == (size_t)units * width;
  if (!fits) {
    (void)run_refuse(run, "operand %u has to be a constant of [%u,%u]", n, units, width);
  }
  return fits ? in[n]->as.floats : NULL;
}

static bool describe(struct run *run, struct value **in, struct lstm_layer *layer) {
  const struct value *x = in[0];
  if (!is_basic(run, in)) {
    return false;
  }
  if (x == NULL || x->rank != 3 || in[IN_R]->rank != 2 ||
      (x->kind != VALUE_FLOATS && x->kind != VALUE_ELEMENTS)) {
    return run_refuse(run, "its input has %u dimensions instead of 3 of floats",
                      x == NULL ? 0 : x->rank);
  }
  *layer = (struct lstm_layer){.steps = x->shape[run->node->time_major ? 0 : 1],
                               .batch = x->shape[run->node->time_major ? 1 : 0],
                               .inputs = x->shape[2],
                               .units = in[IN_R]->shape[0]};
  for (uint32_t g = 0; g < GATES; g++) {
    layer->w[g] = matrix(run, in, IN_W + g, layer->units, layer->inputs);
    layer->r[g] =
        layer->w[g] == NULL ? NULL : matrix(run, in, IN_R + g, layer->units, layer->units);
    if (layer->r[g] == NULL) {
      return false;
    }
    if (is_given(run, in, IN_BIAS + g)) {
      layer->bias[g] = matrix(run, in, IN_BIAS + g, layer->units, 1);
      if (layer->bias[g] == NULL) {
        return false;
      }
    }
  }
  return layer->steps > 0 || run_refuse(run, "its input has %u steps; it needs 1", layer->steps);
}

/* What h or c begin with: what another operator made, what the last run left, a symbol, or zeros.
 */
static struct value *begin_state(struct run *run, struct value *given, uint32_t variable,
                                 const struct lstm_layer *layer) {
  const uint32_t shape[2] = {layer->batch, layer->units};
  if (given != NULL) {
    if (given->count == (size_t)layer->batch * layer->units) {
      return value_share(given);
    }
    (void)run_refuse(run, "it begins from a state of %zu values and has %u units", given->count,
                     layer->units);
    return NULL;
  }
  if (run->symbols != NULL) {
    return run_state_symbol(run, variable, 2, shape);
  }
  return run->variables[variable] != NULL ? value_share(run->variables[variable])
                                          : value_new(run, VALUE_FLOATS, 2, shape);
}

static struct value *row_at(struct run *run, const struct lstm_layer *layer, struct value *x,
                            uint32_t step) {
  const uint32_t shape[2] = {layer->batch, layer->inputs};
  size_t *numbers = run_numbers(run, (size_t)layer->batch * layer->inputs);
  for (uint32_t b = 0; numbers != NULL && b < layer->batch; b++) {
    const size_t row =
        run->node->time_major ? (size_t)step * layer->batch + b : (size_t)b * layer->steps + step;
    for (uint32_t k = 0; k < layer->inputs; k++) {
      numbers[(size_t)b * layer->inputs + k] = row * layer->inputs + k;
    }
  }
  struct value *made = numbers == NULL ? NULL : run_pick(run, x, 2, shape, numbers);
  free(numbers);
  return made;
}

/* Drops both and returns what was made of them. */
static struct value *joined(struct run *run, enum graph_kind kind, struct value *a,
                            struct value *b) {
  struct value *made = a == NULL || b == NULL ? NULL : run_add(run, kind, a, b);
  value_drop(run, a);
  value_drop(run, b);
  return made;
}

static struct value *applied(struct run *run, enum graph_kind kind, struct value *a) {
  struct value *made = a == NULL ? NULL : run_apply(run, kind, 0.0F, a);
  value_drop(run, a);
  return made;
}

/* A cell's limit binds numbers alone: of symbols it is left out, and a network that would have met
 * it on the data differs from the file's own operators there. */
static void clip(const struct run *run, const struct value *c) {
  const float limit = run->node->number;
  for (size_t n = 0; limit > 0.0F && c->kind == VALUE_FLOATS && n < c->count; n++) {
    c->as.floats[n] = fminf(fmaxf(c->as.floats[n], -limit), limit);
  }
}

static bool one_step(struct run *run, struct lstm_layer *layer, struct value *x) {
  static const enum graph_kind kinds[GATES] = {GRAPH_LOGISTIC, GRAPH_LOGISTIC, GRAPH_TANH,
                                               GRAPH_LOGISTIC};
  struct value *gates[GATES];
  for (uint32_t g = 0; g < GATES; g++) {
    struct value *of_x =
        run_product(run, x, layer->w[g], layer->units, layer->inputs, layer->bias[g]);
    struct value *of_h = run_product(run, layer->h, layer->r[g], layer->units, layer->units, NULL);
    gates[g] = applied(run, kinds[g], joined(run, GRAPH_ADD, of_x, of_h));
  }
  struct value *kept = joined(run, GRAPH_MUL, gates[1], layer->c);
  layer->c = joined(run, GRAPH_ADD, kept, joined(run, GRAPH_MUL, gates[0], gates[2]));
  if (layer->c != NULL) {
    clip(run, layer->c);
  }
  struct value *shown = layer->c == NULL ? NULL : run_apply(run, GRAPH_TANH, 0.0F, layer->c);
  value_drop(run, layer->h);
  layer->h = joined(run, GRAPH_MUL, gates[3], shown);
  return layer->h != NULL && layer->c != NULL;
}

/* Every h of the layer in the layout of its input; keeps the final states. */
static bool all_steps(struct run *run, struct lstm_layer *layer, struct value **in,
                      struct value **out) {
  struct value **rows = calloc((size_t)layer->steps + 1, sizeof *rows);
  bool good = rows != NULL || run_no_memory(run);
  good = good && layer->h != NULL && layer->c != NULL;
  for (uint32_t t = 0; t < layer->steps && good; t++) {
    struct value *x = row_at(run, layer, in[0], t);
    good = x != NULL && one_step(run, layer, x);
    value_drop(run, x);
    rows[t] = good ? value_share(layer->h) : NULL;
  }
  struct value *stacked = good ? run_joined(run, rows, layer->steps, 0, true) : NULL;
  for (uint32_t t = 0; rows != NULL && t < layer->steps; t++) {
    value_drop(run, rows[t]);
  }
  free(rows);
  out[0] = stacked;
  if (stacked != NULL && !run->node->time_major) {
    const uint32_t shape[3] = {layer->batch, layer->steps, layer->units};
    size_t *numbers = run_numbers(run, stacked->count);
    for (size_t n = 0; numbers != NULL && n < stacked->count; n++) {
      const size_t k = n % layer->units, t = n / layer->units % layer->steps;
      numbers[n] = (t * layer->batch + n / layer->units / layer->steps) * layer->units + k;
    }
    out[0] = numbers == NULL ? NULL : run_pick(run, stacked, 3, shape, numbers);
    free(numbers);
    value_drop(run, stacked);
  }
  return out[0] != NULL;
}

bool run_lstm(struct run *run, struct value **in, struct value **out) {
  struct lstm_layer layer = {.steps = 0};
  if (run->node->input_count < IN_BIAS || in[IN_R] == NULL || !describe(run, in, &layer)) {
    return run->node->input_count < IN_BIAS || in[IN_R] == NULL
               ? run_refuse(run, "it has %u operands, some left out; it needs %d",
                            run->node->input_count, IN_BIAS)
               : false;
  }
  const uint32_t at = run->node->variable;
  struct value *given_h = is_given(run, in, IN_H) ? in[IN_H] : NULL;
  struct value *given_c = is_given(run, in, IN_C) ? in[IN_C] : NULL;
  layer.h = begin_state(run, given_h, at, &layer);
  layer.c = begin_state(run, given_c, at + 1, &layer);
  bool good = all_steps(run, &layer, in, out);
  struct value **left[2] = {&run->variables[at], &run->variables[at + 1]};
  value_drop(run, *left[0]);
  value_drop(run, *left[1]);
  *left[0] = layer.h;
  *left[1] = layer.c;
  return good;
}
