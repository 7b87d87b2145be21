/* SPDX-License-Identifier: Apache-2.0 */
/* search: a graph is run once on symbols, its ends are chosen, and its layers become a network; see
 * reroll.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/network.h"
#include "graph/reroll_model.h"
#include "graph/roll.h"

enum { MAX_VALUES = 1024 };

/* A search under way. */
struct search {
  struct trine_reroll *model;
  struct run run;
  struct symbols symbols;
  struct roll roll;
  uint32_t nodes[GRAPH_MAX_ENDS]; /* the symbol of each input */
  struct value *outputs[GRAPH_MAX_ENDS];
  const char *wanted;
};

void reroll_note(struct trine_reroll *model, const char *format, ...) {
  if (model->note_count < REROLL_MAX_NOTES) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(model->notes[model->note_count++], REROLL_NOTE_BYTES, format, arguments);
    va_end(arguments);
  }
}

static bool has_variables(const struct graph *graph) {
  for (uint32_t n = 0; n < graph->sub_count; n++) {
    for (uint32_t k = 0; k < graph->subs[n].node_count; k++) {
      if (graph->subs[n].nodes[k].op == GRAPH_ASSIGN) {
        return true;
      }
    }
  }
  return false;
}

/* Which variables are states: those that a run on zeros assigns outside of CALL_ONCE. */
static bool find_states(struct search *search) {
  const struct graph *graph = &search->model->graph;
  const struct graph_sub *sub = &graph->subs[0];
  struct value *inputs[GRAPH_MAX_ENDS] = {NULL}, *outputs[GRAPH_MAX_ENDS] = {NULL};
  struct run run;
  bool good = reroll_run_begin(search->model, &run, search->run.error);
  for (uint32_t n = 0; n < sub->input_count && good; n++) {
    const struct graph_tensor *tensor = &sub->tensors[sub->inputs[n]];
    uint32_t shape[GRAPH_MAX_RANK];
    reroll_shape(search->model, n, REROLL_OPEN_STEPS, shape);
    inputs[n] =
        value_new(&run, tensor->type == GRAPH_INT ? VALUE_INTS : VALUE_FLOATS, tensor->rank, shape);
    good = inputs[n] != NULL;
  }
  good = good && run_graph(&run, inputs, outputs);
  for (uint32_t n = 0; n < graph->variable_count && good; n++) {
    search->run.is_state[n] = run.is_state[n];
    search->model->keeps_state = search->model->keeps_state || run.is_state[n];
  }
  for (uint32_t n = 0; n < GRAPH_MAX_ENDS; n++) {
    value_drop(&run, inputs[n]);
    value_drop(&run, outputs[n]);
  }
  reroll_run_end(&run);
  return good;
}

static bool run_on_symbols(struct search *search) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  struct value *inputs[GRAPH_MAX_ENDS] = {NULL};
  struct run *run = &search->run;
  bool good = true;
  for (uint32_t n = 0; n < sub->input_count && good; n++) {
    const struct graph_tensor *tensor = &sub->tensors[sub->inputs[n]];
    uint32_t shape[GRAPH_MAX_RANK];
    reroll_shape(search->model, n, REROLL_OPEN_STEPS, shape);
    inputs[n] = value_new(run, VALUE_ELEMENTS, tensor->rank, shape);
    struct symbol *symbol =
        inputs[n] == NULL ? NULL : symbol_new(run, SYMBOL_INPUT, (uint32_t)inputs[n]->count, 0);
    good = symbol != NULL;
    if (good) {
      symbol->source = n;
      symbol->name = tensor->name;
      symbol->is_whole = tensor->type == GRAPH_INT;
      search->nodes[n] = symbol_last(run);
      symbol_lanes(run, inputs[n]->as.elements, inputs[n]->count);
    }
  }
  good = good && run_graph(run, inputs, search->outputs);
  for (uint32_t n = 0; n < GRAPH_MAX_ENDS; n++) {
    value_drop(run, inputs[n]);
  }
  return good;
}

/* Whether an output is a state: all of it cells' c, or h beside c. */
static bool is_state(const struct search *search, const struct value *value) {
  if (value->kind != VALUE_ELEMENTS) {
    return true; /* nothing of the data */
  }
  for (size_t n = 0; n < value->count; n++) {
    const uint32_t node = value->as.elements[n].node;
    const uint32_t cell = node == 0 ? ROLL_NONE : search->roll.cell_of[node];
    if (cell != ROLL_NONE && search->roll.cells[cell].c.node == node) {
      return true;
    }
  }
  return false;
}

static bool choose_output(struct search *search) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  uint32_t chosen = ROLL_NONE, others = 0;
  for (uint32_t n = 0; n < sub->output_count; n++) {
    const char *name = sub->tensors[sub->outputs[n]].name;
    const bool fits = search->wanted != NULL ? strcmp(search->wanted, name) == 0
                                             : !is_state(search, search->outputs[n]);
    chosen = fits && chosen == ROLL_NONE ? n : chosen;
    others += !is_state(search, search->outputs[n]);
  }
  if (chosen == ROLL_NONE) {
    return run_refuse(&search->run, "the graph has %u outputs and none of them is %s",
                      sub->output_count,
                      search->wanted != NULL ? search->wanted : "computed from the data");
  }
  search->model->output = chosen;
  if (others > 1) {
    reroll_note(search->model, "the graph has %u outputs; this is %.60s, --outputs chooses another",
                others, sub->tensors[sub->outputs[chosen]].name);
  }
  return true;
}

/* The input that is data: no cell begins with it, and of these the one with most dimensions. */
static bool choose_input(struct search *search) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  const struct roll *roll = &search->roll;
  uint32_t chosen = ROLL_NONE;
  for (uint32_t n = 0; n < sub->input_count; n++) {
    bool begins = false;
    for (uint32_t k = 0; k < roll->cell_count; k++) {
      begins = begins ||
               (roll->cells[k].before.count > 0 && roll->cells[k].before.node == search->nodes[n]);
    }
    if (!begins && (chosen == ROLL_NONE ||
                    sub->tensors[sub->inputs[n]].rank > sub->tensors[sub->inputs[chosen]].rank)) {
      chosen = n;
    }
  }
  if (chosen == ROLL_NONE) {
    return run_refuse(&search->run,
                      "the graph has %u inputs and none of them is data; one has to be",
                      sub->input_count);
  }
  search->model->main_input = chosen;
  search->roll.main_node = search->nodes[chosen];
  return true;
}

/* Rows of elements as rows of series. */
static bool rows_of(struct search *search, const struct element *elements, size_t count,
                    struct roll_rows *rows) {
  struct form form;
  bool good = form_begin(&search->run, (uint32_t)count, &form) &&
              form_add_elements(&search->run, &form, 0, elements, count) &&
              roll_rows_of(&search->roll, &form, rows);
  form_free(&form);
  return good;
}

/* Whether the output has a row for each step, which then all say the same; *rows: the first. */
static bool has_all_steps(struct search *search, const struct value *output, bool *has,
                          struct roll_rows *rows) {
  const uint32_t steps = search->roll.steps;
  *has = output->count % steps == 0 && (steps > 1 || output->rank > 2);
  const size_t width = output->count / steps;
  for (uint32_t t = 0; t < steps && *has; t++) {
    struct roll_rows other = {.rows = 0};
    struct roll_rows *one = t == 0 ? rows : &other;
    if (!rows_of(search, output->as.elements + t * width, width, one)) {
      roll_rows_free(&other);
      return false;
    }
    *has = roll_time_of(one) == (int64_t)t && (t == 0 || roll_same(&search->roll, rows, one));
    roll_rows_free(&other);
  }
  if (!*has) {
    roll_rows_free(rows);
    return rows_of(search, output->as.elements, output->count, rows);
  }
  return true;
}

static bool make_network(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct value *output = search->outputs[model->output];
  const struct graph_sub *sub = &model->graph.subs[0];
  const char *name = sub->tensors[sub->outputs[model->output]].name;
  struct network_making making = {.roll = &search->roll,
                                  .arena = &model->arena,
                                  .network = &model->network,
                                  .room = MAX_VALUES};
  struct roll_rows rows = {.rows = 0};
  making.values = arena_alloc(&model->arena, MAX_VALUES, sizeof *making.values);
  making.nodes = arena_alloc(&model->arena, MAX_VALUES, sizeof *making.nodes);
  bool good = (making.values != NULL && making.nodes != NULL) || run_no_memory(&search->run);
  good = good && has_all_steps(search, output, &model->has_all_steps, &rows) &&
         network_make(&making, &rows, model->has_all_steps ? NETWORK_ALWAYS : NETWORK_ONCE, name);
  roll_rows_free(&rows);
  model->network.name = name;
  const struct graph_tensor *input = &sub->tensors[sub->inputs[model->main_input]];
  model->network.time_major = input->rank == 3 && input->shape[1] == 1 && search->roll.steps > 1 &&
                              input->shape[0] == search->roll.steps;
  return good;
}

/* What was put together: a note a layer. */
static void tell_layers(struct search *search) {
  const struct roll *roll = &search->roll;
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    const struct roll_chain *chain = &roll->chains[n];
    const struct symbol *end = &search->symbols.nodes[roll->cells[chain->cells[0]].h];
    uint32_t inputs = 0;
    for (uint32_t k = 0; k < chain->x.part_count; k++) {
      inputs += roll->series[chain->x.parts[k].series].width;
    }
    if (end->from != NULL && end->from->op == GRAPH_LSTM) {
      continue; /* a whole layer in the file */
    }
    char many[40];
    if (search->model->input.is_open) {
      (void)snprintf(many, sizeof many, "any number of");
    } else {
      (void)snprintf(many, sizeof many, "%u", chain->steps);
    }
    reroll_note(search->model, "%s steps of one LSTM %u-%u%s put together again (%s in the file)",
                many, inputs, chain->units, chain->is_reversed ? ", backward," : "",
                end->sub == &search->model->graph.subs[0] ? "unrolled" : "a loop");
  }
}

static void tell_input(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct graph_sub *sub = &model->graph.subs[0];
  const struct graph_tensor *tensor = &sub->tensors[sub->inputs[model->main_input]];
  bool is_open = false;
  for (uint32_t n = 1; n < tensor->rank; n++) {
    is_open = is_open || tensor->open[n];
  }
  model->input =
      (struct trine_reroll_input){.steps = search->roll.steps,
                                  .features = search->roll.features,
                                  .is_open = is_open,
                                  .is_flat = tensor->rank == 2 && search->roll.features == 1,
                                  .is_turned = search->roll.by_columns};
}

/* Whether a value holds, where a state's lanes were, other lanes. */
static bool holds(const struct value *value, struct symbol_run state, struct symbol_run lanes) {
  bool same = value != NULL && value->kind == VALUE_ELEMENTS;
  for (uint32_t n = 0; n < state.count && same; n++) {
    const uint32_t at = state.lane + (uint32_t)state.stride * n;
    same = at < value->count && value->as.elements[at].node == lanes.node &&
           value->as.elements[at].as.lane == lanes.lane + (uint32_t)lanes.stride * n;
  }
  return same;
}

/* Whether the new lanes of a state go where it is read from: a variable, or an output for the
 * caller to hand in again. */
static bool is_carried(const struct search *search, struct symbol_run state,
                       struct symbol_run lanes) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  const uint32_t source = search->symbols.nodes[state.node].source;
  if (source >= sub->input_count) {
    return holds(search->run.variables[source - sub->input_count], state, lanes);
  }
  bool found = false;
  for (uint32_t n = 0; n < sub->output_count && !found; n++) {
    found = holds(search->outputs[n], state, lanes);
  }
  return found;
}

/* More steps than the file runs at once are only the same when it hands its states on. */
static bool states_go_on(struct search *search) {
  struct roll *roll = &search->roll;
  for (uint32_t n = 0; n < roll->chain_count; n++) {
    const struct roll_chain *chain = &roll->chains[n];
    const struct roll_cell *first = &roll->cells[chain->cells[0]];
    const struct roll_cell *end = &roll->cells[chain->cells[chain->steps - 1]];
    const struct symbol_run h = {end->h, 0, 1, end->units};
    const bool is_variable = chain->h_node != 0 && search->symbols.nodes[chain->h_node].source >=
                                                       search->model->graph.subs[0].input_count;
    if (chain->h_node == 0 || chain->c_node == 0 || (chain->steps > 1 && !is_variable)) {
      continue;
    }
    if (!is_carried(search, chain->h_begin, h) || !is_carried(search, first->before, end->c)) {
      roll_at(roll, end->h);
      return run_refuse(roll->run,
                        "the state of an LSTM of %u units is read from where its new "
                        "state does not go; convert the model with both states in and out",
                        chain->units);
    }
  }
  return true;
}

static bool search_graph(struct search *search) {
  struct run *run = &search->run;
  if (has_variables(&search->model->graph) && !find_states(search)) {
    return false;
  }
  if (!run_on_symbols(search)) {
    return false;
  }
  for (uint32_t n = 0; n < search->model->graph.subs[0].output_count; n++) {
    const struct value *value = search->outputs[n];
    if (value->kind == VALUE_ELEMENTS &&
        !roll_mark(&search->roll, value->as.elements, value->count)) {
      return false;
    }
  }
  run->node = NULL;
  if (search->roll.is_wanted == NULL) {
    return run_refuse(run, "no output of the graph depends on its inputs; one has to");
  }
  if (!roll_find_cells(&search->roll) || !choose_output(search) || !choose_input(search)) {
    return false;
  }
  search->model->has_cells = search->roll.cell_count > 0;
  if (!roll_has_no_other_cell(&search->roll)) {
    search->model->has_cells = true;
    return false;
  }
  run->node = NULL;
  if (search->roll.chain_count == 0) {
    return run_refuse(run, "there is no LSTM in it; trine quantize reads models with LSTMs");
  }
  if (!roll_find_layers(&search->roll) || !states_go_on(search) || !make_network(search)) {
    return false;
  }
  tell_input(search);
  tell_layers(search);
  return true;
}

bool reroll_search(struct trine_reroll *model, const char *output, struct trine_error *error) {
  struct search *search = calloc(1, sizeof *search);
  if (search == NULL) {
    trine_error_set(error, "no memory for a search");
    return false;
  }
  search->model = model;
  search->wanted = output;
  search->symbols.arena = &model->arena;
  bool good = reroll_run_begin(model, &search->run, error);
  search->run.symbols = &search->symbols;
  search->roll.run = &search->run;
  good = good && search_graph(search);
  for (uint32_t n = 0; n < GRAPH_MAX_ENDS; n++) {
    value_drop(&search->run, search->outputs[n]);
  }
  roll_free(&search->roll);
  reroll_run_end(&search->run);
  free(search);
  return good;
}
