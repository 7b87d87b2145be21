/* SPDX-License-Identifier: Apache-2.0 */
/* search: a graph is run once on symbols, its ends are chosen, and its layers become a network; see
 * reroll.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/search.h"

enum { MAX_VALUES = 1024 };

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
static bool order_of(struct search *search, const struct value *output, enum network_order *order,
                     struct roll_rows *rows) {
  const uint32_t steps = search->roll.steps;
  bool has = output->count % steps == 0 && (steps > 1 || output->rank > 2);
  const size_t width = output->count / steps;
  *order = NETWORK_IN_ORDER;
  for (uint32_t t = 0; t < steps && has; t++) {
    struct roll_rows other = {.rows = 0};
    struct roll_rows *one = t == 0 ? rows : &other;
    if (!rows_of(search, output->as.elements + t * width, width, one)) {
      roll_rows_free(&other);
      return false;
    }
    const int64_t time = roll_time_of(one);
    if (t == 0 && steps > 1 && time == (int64_t)steps - 1) {
      *order = NETWORK_TURNED;
    }
    has = time == (*order == NETWORK_TURNED ? (int64_t)steps - 1 - t : (int64_t)t) &&
          (t == 0 || roll_same(&search->roll, rows, one));
    roll_rows_free(&other);
  }
  if (!has) {
    *order = NETWORK_NO_STEPS;
    roll_rows_free(rows);
    return rows_of(search, output->as.elements, output->count, rows);
  }
  return true;
}

/* Adds to the sentence which outputs were found before one was not. */
static void suggest_others(const struct search *search, uint32_t count) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  char *text = search->run.error->text;
  const size_t size = sizeof search->run.error->text;
  size_t length = strlen(text);
  length +=
      (size_t)snprintf(text + length, size - length, "; the rest of it runs with --outputs '");
  for (uint32_t n = 0; n < count && length < size; n++) {
    length += (size_t)snprintf(text + length, size - length, "%s%.60s", n == 0 ? "" : ",",
                               sub->tensors[sub->outputs[search->model->outputs[n]]].name);
  }
  if (length < size) {
    (void)snprintf(text + length, size - length, "'");
  }
}

/* One output, of those that were chosen. */
static bool make_output(struct search *search, struct network_making *making, uint32_t number) {
  struct trine_reroll *model = search->model;
  const struct graph_sub *sub = &model->graph.subs[0];
  const char *name = sub->tensors[sub->outputs[model->outputs[number]]].name;
  struct roll_rows rows = {.rows = 0};
  enum network_order order = NETWORK_NO_STEPS;
  const bool good = order_of(search, search->outputs[model->outputs[number]], &order, &rows) &&
                    network_put(making, &rows, order, name);
  model->has_all_steps[number] = order != NETWORK_NO_STEPS;
  roll_rows_free(&rows);
  if (!good && number > 0 && model->wanted_count == 0) {
    suggest_others(search, number);
  }
  return good;
}

static bool make_network(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct graph_sub *sub = &model->graph.subs[0];
  struct network_making making = {.roll = &search->roll,
                                  .arena = &model->arena,
                                  .network = &model->network,
                                  .room = MAX_VALUES};
  making.values = arena_alloc(&model->arena, MAX_VALUES, sizeof *making.values);
  making.nodes = arena_alloc(&model->arena, MAX_VALUES, sizeof *making.nodes);
  bool good = (making.values != NULL && making.nodes != NULL) || run_no_memory(&search->run);
  good = good && network_begin(&making);
  for (uint32_t n = 0; n < model->output_count && good; n++) {
    good = make_output(search, &making, n);
  }
  model->network.name = sub->tensors[sub->outputs[model->outputs[0]]].name;
  model->network.time_major = model->time_first;
  for (uint32_t n = 0; n < model->network.input_count; n++) {
    const struct graph_tensor *input = &sub->tensors[sub->inputs[model->given[n]]];
    model->network.time_major = model->network.time_major ||
                                (input->rank == 3 && input->shape[1] == 1 &&
                                 search->roll.steps > 1 && input->shape[0] == search->roll.steps);
  }
  return good;
}

/* Whether a subgraph is run again and again. */
static bool is_loop(const struct graph *graph, const struct graph_sub *body) {
  const uint32_t index = (uint32_t)(body - graph->subs);
  for (uint32_t n = 0; n < graph->sub_count; n++) {
    for (uint32_t k = 0; k < graph->subs[n].node_count; k++) {
      const struct graph_node *node = &graph->subs[n].nodes[k];
      if ((node->op == GRAPH_WHILE && node->sub[1] == index) ||
          ((node->op == GRAPH_LOOP || node->op == GRAPH_SCAN) && node->sub[0] == index)) {
        return true;
      }
    }
  }
  return false;
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
    if (search->model->is_open) {
      (void)snprintf(many, sizeof many, "any number of");
    } else {
      (void)snprintf(many, sizeof many, "%u", chain->steps);
    }
    reroll_note(search->model, "%s steps of one LSTM %u-%u%s put together again (%s in the file)",
                many, inputs, chain->units, chain->is_reversed ? ", backward," : "",
                is_loop(&search->model->graph, end->sub) ? "a loop" : "unrolled");
  }
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
    if (!search_is_carried(search, chain->h_begin, h) ||
        !search_is_carried(search, first->before, end->c)) {
      roll_at(roll, end->h);
      return run_refuse(roll->run,
                        "the state of an LSTM of %u units is read from where its new "
                        "state does not go; convert the model with both states in and out",
                        chain->units);
    }
  }
  return true;
}

bool search_network(struct search *search) {
  if (!roll_find_layers(&search->roll) || !states_go_on(search)) {
    return false;
  }
  search_leave_states(search);
  return make_network(search);
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
  if (!roll_find_cells(&search->roll) || !search_outputs(search) || !search_inputs(search)) {
    return false;
  }
  search->model->has_cells = search->roll.cell_count > 0;
  if (!roll_has_no_other_cell(&search->roll)) {
    search->model->has_cells = true;
    return false;
  }
  run->node = NULL;
  if (search->roll.chain_count == 0) {
    return run_refuse(run,
                      "there is no LSTM in it, a cell of sigmoid and tanh; trine quantize reads "
                      "models with LSTMs");
  }
  if (!search_ways(search)) {
    return false;
  }
  search_tell_inputs(search);
  tell_layers(search);
  return true;
}

bool reroll_search(struct trine_reroll *model, struct trine_error *error) {
  struct search *search = calloc(1, sizeof *search);
  if (search == NULL) {
    trine_error_set(error, "no memory for a search");
    return false;
  }
  search->model = model;
  search->symbols.arena = &model->arena;
  bool good = reroll_run_begin(model, &search->run, error);
  search->run.symbols = &search->symbols;
  search->roll.run = &search->run;
  good = good && search_graph(search);
  model->foreign = search->run.foreign;
  for (uint32_t n = 0; n < GRAPH_MAX_ENDS; n++) {
    value_drop(&search->run, search->outputs[n]);
  }
  roll_free(&search->roll);
  reroll_run_end(&search->run);
  free(search);
  return good;
}
