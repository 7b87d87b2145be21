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
  return node->op == SYMBOL_INPUT && roll_input_of(roll, term->base.node) == ROLL_NONE;
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
    form->term_count--; /* the others stay in their order, which is compared */
    memmove(form->terms + n, form->terms + n + 1, (form->term_count - n) * sizeof *form->terms);
    n--;
  }
  return true;
}

/* The form of a step's gates without h, whose weights go to the step; to be freed. */
static bool gates_of(struct roll *roll, const struct roll_cell *cell, struct form *form,
                     struct chain_step *step) {
  *step = (struct chain_step){.r = NULL, .h = {0, 0, 1, 0}};
  roll_at(roll, cell->h);
  return form_begin(roll->run, TRINE_GATES * cell->units, form) && add_gates(roll, cell, form) &&
         take_h(roll, cell, form, step);
}

static bool same_r(uint32_t units, const double *a, const double *b) {
  const size_t count = (size_t)TRINE_GATES * units * units;
  double largest = 0, off = 0;
  for (size_t n = 0; n < count; n++) {
    const double number = a[n] < 0 ? -a[n] : a[n];
    const double away = b[n] < a[n] ? a[n] - b[n] : b[n] - a[n];
    largest = number > largest ? number : largest;
    off = away > off ? away : off;
  }
  return off <= 1e-6 * largest;
}

/* The first step of a layer that begins with another's h, and reads it as well: what its recurrent
 * weights, known from the steps behind it, leave of the matrix is of the row. */
static bool part_row(struct roll *roll, const struct roll_chain *chain, struct form *form,
                     struct chain_step *step) {
  const size_t count = (size_t)TRINE_GATES * chain->units * chain->units;
  double *row = calloc(count + 1, sizeof *row);
  if (row == NULL) {
    return run_no_memory(roll->run);
  }
  for (size_t n = 0; n < count; n++) {
    row[n] = step->r[n] - chain->r[n];
  }
  memcpy(step->r, chain->r, count * sizeof *row);
  form->terms[form->term_count++] = (struct form_term){step->h, row}; /* where h was */
  return true;
}

static bool read_step(struct roll *roll, const struct roll_chain *chain, uint32_t k,
                      struct chain_step *step) {
  const struct roll_cell *cell = &roll->cells[chain->cells[k]];
  struct form form;
  bool good = gates_of(roll, cell, &form, step);
  if (good && k == 0 && cell->previous != ROLL_NONE && chain->r != NULL && step->r != NULL &&
      !same_r(chain->units, chain->r, step->r)) {
    good = part_row(roll, chain, &form, step);
  }
  good = good && roll_rows_of(roll, &form, &step->x);
  form_free(&form);
  roll_at(roll, cell->h);
  return good;
}

/* A first step from zeros shows no gate f: it has what the others have. */
static void lend_gate_f(const struct roll *roll, const struct roll_chain *chain,
                        struct chain_step *step) {
  const size_t units = chain->units, from = TRINE_GATE_F * units;
  if (step->x.part_count == chain->x.part_count) {
    const uint32_t count = step->x.part_count;
    for (uint32_t n = 0; n < count * count; n++) {
      const struct roll_part *to = &step->x.parts[n / count], *of = &chain->x.parts[n % count];
      const size_t width = roll->series[to->series].width;
      if (to->series == of->series && (!chain->is_absolute || to->time == of->time)) {
        memcpy(to->m + from * width, of->m + from * width, units * width * sizeof(double));
      }
    }
    memcpy(step->x.bias + from, chain->x.bias + from, units * sizeof(double));
  }
}

/* Which row a step reads, from the last step on: each its own in order, or all the same. */
static bool join_row(struct roll *roll, struct roll_chain *chain, uint32_t k,
                     struct chain_step *step) {
  const int64_t time = roll_time_of(&step->x);
  const bool is_first = chain->x.rows == 0;
  if (is_first) {
    chain->time = time;
    chain->is_absolute = time < 0;
    chain->is_reversed = time < 0 ? chain->goes_back : time != (int64_t)k;
  } else if (k + 2 == chain->steps && time == chain->time) {
    chain->is_absolute = true;
    chain->is_reversed = chain->goes_back;
  }
  if (chain->is_absolute && (chain->steps == 1 || time != chain->time)) {
    return run_refuse(roll->run,
                      "step %u of an LSTM reads %s; each step has to read one row of the data, or "
                      "all the same",
                      k,
                      time == -2 ? "rows of several steps" : "nothing that changes with the steps");
  }
  if (is_first) {
    chain->x = step->x;
    step->x = (struct roll_rows){.rows = 0};
  } else if (roll->cells[chain->cells[k]].pre[TRINE_GATE_F].count == 0) {
    lend_gate_f(roll, chain, step);
  }
  if (!is_first && !roll_same(roll, &chain->x, &step->x)) {
    return run_refuse(roll->run,
                      "step %u of an LSTM has other weights than the rest, or begins from a state "
                      "that is not zero (another layer's end?); convert that layer by itself, with "
                      "its states as inputs and outputs",
                      k);
  }
  if (chain->is_absolute || (is_first && chain->steps > 1)) {
    return true; /* the step before it tells */
  }
  const int64_t end = (int64_t)chain->steps - 1;
  return (chain->time == (chain->is_reversed ? 0 : end) &&
          time == (chain->is_reversed ? end - k : (int64_t)k)) ||
         run_refuse(roll->run, "step %u of an LSTM reads row %lld; rows have to be read in order",
                    k, (long long)time);
}

/* One more step against those before; takes what is not known yet. */
static bool join_step(struct roll *roll, struct roll_chain *chain, uint32_t k,
                      struct chain_step *step) {
  if (!join_row(roll, chain, k, step)) {
    return false;
  }
  if (step->r != NULL && chain->r == NULL) {
    chain->r = step->r;
    step->r = NULL;
  } else if (step->r == NULL ? k > 0 : !same_r(chain->units, chain->r, step->r)) {
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
  if (first->previous != ROLL_NONE && h.count > 0) {
    chain->follows = 1 + roll->cells[first->previous].chain;
    return true;
  }
  if (first->before.count > 0 && before->op != SYMBOL_INPUT) {
    return run_refuse(roll->run,
                      "an LSTM of %u units begins from a state that is neither zero nor an input "
                      "of the graph, nor both states of another; export it without initial states",
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
    const bool good = read_step(roll, chain, k, &step) && join_step(roll, chain, k, &step);
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

bool roll_find_layers(struct roll *roll) {
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
  if (!roll_lay_inputs(roll)) {
    return false;
  }
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    if (!find_layer(roll, &roll->chains[n])) {
      return false;
    }
  }
  return true;
}

/* The recurrent weights that a step shows, NULL where it shows none; to be given to free. */
static bool shown_r(struct roll *roll, const struct roll_chain *chain, uint32_t k, double **r) {
  struct form form;
  struct chain_step step;
  const bool good = gates_of(roll, &roll->cells[chain->cells[k]], &form, &step);
  form_free(&form);
  *r = step.r;
  return good;
}

/* The first step from which on a chain has other recurrent weights than before it, or 0. A step
 * that is like neither belongs to those behind it: it reads the row that it begins with. */
static bool find_change(struct roll *roll, const struct roll_chain *chain, uint32_t *at) {
  double *last = NULL, *r = NULL, *before = NULL;
  bool good = shown_r(roll, chain, chain->steps - 1, &last);
  *at = 0;
  for (uint32_t k = chain->steps - 1; k-- > 0 && good && *at == 0;) {
    free(r);
    good = shown_r(roll, chain, k, &r);
    if (!good || last == NULL || r == NULL || same_r(chain->units, last, r)) {
      continue;
    }
    good = k == 0 || shown_r(roll, chain, k - 1, &before);
    *at = before != NULL && !same_r(chain->units, r, before) ? k : k + 1;
  }
  free(before);
  free(last);
  free(r);
  return good;
}

static bool cut_chain(struct roll *roll, uint32_t n, uint32_t at) {
  struct roll_chain *front = &roll->chains[n], *back = &roll->chains[roll->chain_count];
  *back =
      (struct roll_chain){.steps = front->steps - at, .units = front->units, .series = ROLL_NONE};
  back->cells = calloc(back->steps, sizeof *back->cells);
  if (back->cells == NULL) {
    return run_no_memory(roll->run);
  }
  memcpy(back->cells, front->cells + at, back->steps * sizeof *back->cells);
  front->steps = at;
  roll->chain_count++;
  return true;
}

static int by_first_cell(const void *a, const void *b) {
  const struct roll_chain *one = a, *other = b;
  return one->cells[0] < other->cells[0] ? -1 : one->cells[0] > other->cells[0];
}

/* Whether a step reads nothing but its own h: what was said before is fed back. */
static bool reads_only_h(struct roll *roll, const struct roll_chain *chain, uint32_t k,
                         bool *only_h) {
  struct form form;
  struct chain_step step;
  const bool good = gates_of(roll, &roll->cells[chain->cells[k]], &form, &step);
  *only_h = good && step.r != NULL && form.term_count == 0;
  form_free(&form);
  step_free(&step);
  return good;
}

/* Whether layers run as many steps as those whose states they begin with. */
static bool follow_alike(struct roll *roll) {
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    const struct roll_cell *first = &roll->cells[roll->chains[n].cells[0]];
    if (first->previous == ROLL_NONE) {
      continue;
    }
    const uint32_t before = roll->chains[roll->cells[first->previous].chain].steps;
    bool is_fed = false;
    if (!reads_only_h(roll, &roll->chains[n], roll->chains[n].steps - 1, &is_fed)) {
      return false;
    }
    if (is_fed) {
      roll_at(roll, first->h);
      return run_refuse(roll->run,
                        "from step %u on an LSTM reads no row of the data, as where what it said "
                        "before is fed back; convert one step with its states in and out",
                        before);
    }
    if (roll->chains[n].steps != before) {
      roll_at(roll, first->h);
      return run_refuse(roll->run,
                        "step %u of an LSTM has other recurrent weights than those before it; a "
                        "layer that begins with its states has to run as many steps, not %u and "
                        "%u: convert each by itself, with its states as inputs and outputs",
                        before, before, roll->chains[n].steps);
    }
  }
  return true;
}

bool roll_split_chains(struct roll *roll, bool *is_split) {
  const uint32_t count = roll->chain_count;
  for (uint32_t n = 0; n < count; n++) {
    uint32_t at = 1;
    while (at > 0) {
      if (!find_change(roll, &roll->chains[n], &at) || (at > 0 && !cut_chain(roll, n, at))) {
        return false;
      }
    }
  }
  qsort(roll->chains, roll->chain_count, sizeof *roll->chains, by_first_cell);
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    roll->chains[n].goes_back = false;
    for (uint32_t k = 0; k < roll->chains[n].steps; k++) {
      struct roll_cell *cell = &roll->cells[roll->chains[n].cells[k]];
      cell->chain = n;
      cell->step = k;
    }
  }
  *is_split = roll->chain_count > count;
  return follow_alike(roll);
}
