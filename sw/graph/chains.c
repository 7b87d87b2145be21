/* SPDX-License-Identifier: Apache-2.0 */
/* chains: the weights of each layer, and that every step of it has the same; see roll.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/roll.h"

/* One step's gates before their functions. */
struct chain_step {
  struct roll_rows x; /* what does not come from h */
  double *r;          /* [4 * units][units], or NULL: h was zero */
  struct symbol_run h;
};

static void step_free(struct chain_step *step) {
  roll_rows_free(&step->x);
  free(step->r);
  step->r = NULL;
}

/* All gates as one run where they lie side by side in our order. */
static bool add_gates(struct roll *roll, const struct roll_cell *cell, struct form *form) {
  bool together = true;
  for (uint32_t g = 0; g < TRINE_GATES; g++) {
    together = together && cell->pre[g].node == cell->pre[0].node &&
               (cell->units == 1 || cell->pre[g].stride == 1) &&
               cell->pre[g].lane == cell->pre[0].lane + g * cell->units;
  }
  if (together) {
    const struct symbol_run all = {cell->pre[0].node, cell->pre[0].lane, 1,
                                   TRINE_GATES * cell->units};
    return form_add_run(roll->run, form, 0, all);
  }
  for (uint32_t g = 0; g < TRINE_GATES; g++) {
    if (cell->pre[g].count > 0 && !form_add_run(roll->run, form, g * cell->units, cell->pre[g])) {
      return false;
    }
  }
  return true;
}

/* Whether a term is the h of the step before: that of its cell, or the state it begins with. */
static bool is_h(const struct roll *roll, const struct roll_cell *cell,
                 const struct form_term *term) {
  const struct symbol *node = &roll->run->symbols->nodes[term->base.node];
  if (cell->previous != ROLL_NONE) {
    const struct symbol_run whole = {roll->cells[cell->previous].h, 0, 1, cell->units};
    return form_same_run(term->base, whole);
  }
  return node->op == SYMBOL_INPUT && term->base.node != roll->main_node;
}

/* Takes the h of a step out of its form. */
static bool take_h(struct roll *roll, const struct roll_cell *cell, struct form *form,
                   struct chain_step *step) {
  for (uint32_t n = 0; n < form->term_count; n++) {
    if (!is_h(roll, cell, &form->terms[n])) {
      continue;
    }
    if (step->r != NULL || form->terms[n].base.count != cell->units) {
      return run_refuse(roll->run, "its state h of %u units comes in parts; it has to be one",
                        cell->units);
    }
    step->r = form->terms[n].m;
    step->h = form->terms[n].base;
    form->terms[n] = form->terms[--form->term_count];
    n--;
  }
  return true;
}

static bool read_step(struct roll *roll, const struct roll_cell *cell, struct chain_step *step) {
  struct form form;
  *step = (struct chain_step){.r = NULL, .h = {0, 0, 1, 0}};
  roll_at(roll, cell->h);
  bool good = form_begin(roll->run, TRINE_GATES * cell->units, &form) &&
              add_gates(roll, cell, &form) && take_h(roll, cell, &form, step) &&
              roll_rows_of(roll, &form, &step->x);
  form_free(&form);
  roll_at(roll, cell->h);
  return good;
}

static bool same_r(const struct roll_chain *chain, const double *r) {
  const size_t count = (size_t)TRINE_GATES * chain->units * chain->units;
  double largest = 0, off = 0;
  for (size_t n = 0; n < count; n++) {
    const double number = chain->r[n] < 0 ? -chain->r[n] : chain->r[n];
    const double away = r[n] < chain->r[n] ? chain->r[n] - r[n] : r[n] - chain->r[n];
    largest = number > largest ? number : largest;
    off = away > off ? away : off;
  }
  return off <= 1e-6 * largest;
}

/* A first step from zeros shows no gate f: it has what the others have. */
static void lend_gate_f(const struct roll *roll, const struct roll_chain *chain,
                        struct chain_step *step) {
  const size_t units = chain->units, from = TRINE_GATE_F * units;
  if (step->x.part_count == chain->x.part_count) {
    for (uint32_t n = 0; n < step->x.part_count; n++) {
      const size_t width = roll->series[step->x.parts[n].series].width;
      if (step->x.parts[n].series == chain->x.parts[n].series) {
        memcpy(step->x.parts[n].m + from * width, chain->x.parts[n].m + from * width,
               units * width * sizeof(double));
      }
    }
    memcpy(step->x.bias + from, chain->x.bias + from, units * sizeof(double));
  }
}

/* One more step against those before; takes what is not known yet. */
static bool join_step(struct roll *roll, struct roll_chain *chain, uint32_t k,
                      struct chain_step *step) {
  const int64_t time = roll_time_of(&step->x);
  if (time < 0) {
    return run_refuse(roll->run,
                      "step %u of an LSTM reads %s; each step has to read one row of the data", k,
                      time == -1 ? "nothing that changes with the steps" : "rows of several steps");
  }
  const bool is_first = chain->x.rows == 0;
  if (is_first) {
    chain->is_reversed = time != (int64_t)k;
    chain->x = step->x;
    step->x = (struct roll_rows){.rows = 0};
  } else if (roll->cells[chain->cells[k]].pre[TRINE_GATE_F].count == 0) {
    lend_gate_f(roll, chain, step);
  }
  if (!is_first && !roll_same(roll, &chain->x, &step->x)) {
    return run_refuse(roll->run,
                      "step %u of an LSTM has other weights than the rest, or begins from a state "
                      "that is not zero; all steps have to be alike",
                      k);
  }
  if (time != (chain->is_reversed ? (int64_t)chain->steps - 1 - k : (int64_t)k)) {
    return run_refuse(roll->run, "step %u of an LSTM reads row %lld; rows have to be read in order",
                      k, (long long)time);
  }
  if (step->r != NULL && chain->r == NULL) {
    chain->r = step->r;
    step->r = NULL;
  } else if (step->r == NULL ? k > 0 : !same_r(chain, step->r)) {
    return run_refuse(roll->run,
                      "step %u of an LSTM has other recurrent weights than the rest; "
                      "all steps have to be alike",
                      k);
  }
  return true;
}

/* Where the layer's state begins. */
static bool find_begin(struct roll *roll, struct roll_chain *chain, struct symbol_run h) {
  const struct roll_cell *first = &roll->cells[chain->cells[0]];
  const struct symbol *before = &roll->run->symbols->nodes[first->before.node];
  if (first->before.count > 0 && before->op != SYMBOL_INPUT) {
    return run_refuse(roll->run,
                      "an LSTM of %u units begins from a state that is neither zero nor "
                      "an input of the graph; export it without initial states",
                      chain->units);
  }
  chain->c_node = first->before.count > 0 ? first->before.node : 0;
  chain->h_node = h.count > 0 ? h.node : 0;
  chain->h_begin = h;
  return true;
}

static bool find_layer(struct roll *roll, struct roll_chain *chain) {
  struct symbol_run begin = {0, 0, 1, 0};
  /* The first step comes last: of a state of zeros it shows less than the others. */
  for (uint32_t k = chain->steps; k-- > 0;) {
    struct chain_step step;
    const bool good =
        read_step(roll, &roll->cells[chain->cells[k]], &step) && join_step(roll, chain, k, &step);
    begin = k == 0 ? step.h : begin;
    step_free(&step);
    if (!good) {
      return false;
    }
  }
  if (chain->r == NULL) {
    return run_refuse(roll->run,
                      "an LSTM of %u units runs %u step from a state of zeros, so its "
                      "recurrent weights are nowhere to be seen; convert it with more steps",
                      chain->units, chain->steps);
  }
  const struct roll_series series = {
      .kind = ROLL_LAYER, .width = chain->units, .chain = (uint32_t)(chain - roll->chains)};
  chain->is_known = true;
  return find_begin(roll, chain, begin) && roll_add_series(roll, &series, &chain->series);
}

/* The input's rows: its steps are as many as the layers have, first or last in its shape. */
static bool find_layout(struct roll *roll, const struct graph_tensor *input) {
  const struct symbol *main = &roll->run->symbols->nodes[roll->main_node];
  if (input->rank == 3 && !input->open[0] && input->shape[0] > 1 && input->shape[1] > 1) {
    return run_refuse(roll->run,
                      "the file fixes a batch of %u for its input '%s'; convert it with a "
                      "batch of 1 or an open one",
                      input->shape[0], input->name);
  }
  roll->features = main->width / roll->steps;
  if (roll->features == 0 || main->width % roll->steps != 0) {
    return run_refuse(roll->run,
                      "an LSTM of %u steps reads an input '%s' of %u values, which is no "
                      "row for each step",
                      roll->steps, input->name, main->width);
  }
  roll->by_columns = input->rank == 3 && input->shape[1] == roll->features &&
                     input->shape[2] == roll->steps && roll->features != roll->steps;
  const struct roll_series series = {.kind = ROLL_INPUT, .width = roll->features};
  uint32_t number = 0;
  return roll_add_series(roll, &series, &number);
}

bool roll_find_layers(struct roll *roll) {
  const struct symbol *main = &roll->run->symbols->nodes[roll->main_node];
  const struct graph_sub *sub = &roll->run->graph->subs[0];
  if (roll->chain_count == 0) {
    return true;
  }
  roll->steps = roll->chains[0].steps;
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    roll_at(roll, roll->cells[roll->chains[n].cells[0]].h);
    if (roll->chains[n].steps != roll->steps) {
      return run_refuse(roll->run, "one LSTM runs %u steps and another %u; all have to run as many",
                        roll->steps, roll->chains[n].steps);
    }
  }
  if (!find_layout(roll, &sub->tensors[sub->inputs[main->source]])) {
    return false;
  }
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    if (!find_layer(roll, &roll->chains[n])) {
      return false;
    }
  }
  return true;
}
