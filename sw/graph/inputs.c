/* SPDX-License-Identifier: Apache-2.0 */
/* inputs: which inputs of a graph are data and how they lie: rows of the steps, or one row a
 * sequence; see search.h and roll.h. */
#include "graph/search.h"

uint32_t roll_input_of(const struct roll *roll, uint32_t node) {
  for (uint32_t n = 0; n < roll->input_count; n++) {
    if (roll->inputs[n].node == node) {
      return n;
    }
  }
  return ROLL_NONE;
}

static const struct graph_tensor *tensor_of(const struct roll *roll, uint32_t node) {
  const struct graph_sub *sub = &roll->run->graph->subs[0];
  return &sub->tensors[sub->inputs[roll->run->symbols->nodes[node].source]];
}

/* Whether a cell's c begins with an input. */
static bool begins_cell(const struct search *search, uint32_t n) {
  const struct roll *roll = &search->roll;
  for (uint32_t k = 0; k < roll->cell_count; k++) {
    if (roll->cells[k].before.count > 0 && roll->cells[k].before.node == search->nodes[n]) {
      return true;
    }
  }
  return false;
}

/* The input with most dimensions with which no cell begins; ROLL_NONE: there is none. */
static uint32_t first_input(const struct search *search) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  uint32_t chosen = ROLL_NONE;
  for (uint32_t n = 0; n < sub->input_count; n++) {
    if (!begins_cell(search, n) &&
        (chosen == ROLL_NONE ||
         sub->tensors[sub->inputs[n]].rank > sub->tensors[sub->inputs[chosen]].rank)) {
      chosen = n;
    }
  }
  return chosen;
}

/* Whether another input is data too: read, and no state. Where the graph has states as inputs, an h
 * is told from data by its axes alone: data have a row for each of several steps. */
static bool is_data(const struct search *search, uint32_t n, uint32_t first, bool has_states) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  const struct graph_tensor *tensor = &sub->tensors[sub->inputs[n]];
  const struct graph_tensor *main = &sub->tensors[sub->inputs[first]];
  if (begins_cell(search, n) || !search->roll.is_wanted[search->nodes[n]]) {
    return false;
  }
  return !has_states ||
         (tensor->rank == 3 && tensor->shape[1] > 1 && tensor->shape[1] == main->shape[1]);
}

bool search_inputs(struct search *search) {
  struct roll *roll = &search->roll;
  const uint32_t count = search->model->graph.subs[0].input_count;
  const uint32_t first = first_input(search);
  bool has_states = false;
  if (first == ROLL_NONE) {
    return run_refuse(&search->run,
                      "the graph has %u inputs and none of them is data; one has to be", count);
  }
  for (uint32_t n = 0; n < count; n++) {
    has_states = has_states || begins_cell(search, n);
  }
  for (uint32_t n = 0; n < count; n++) {
    if (n != first && !is_data(search, n, first, has_states)) {
      continue;
    }
    if (roll->input_count == TRINE_FLOAT_MAX_GIVEN) {
      return run_refuse(&search->run, "the graph has more than %d inputs that are data, the limit",
                        TRINE_FLOAT_MAX_GIVEN);
    }
    search->model->given[roll->input_count] = n;
    roll->inputs[roll->input_count++] = (struct roll_input){.node = search->nodes[n]};
  }
  return true;
}

/* The most lanes of an input that a product reads at once. */
static uint32_t most_read(const struct roll *roll, uint32_t node) {
  const struct symbols *symbols = roll->run->symbols;
  uint32_t most = 0;
  for (uint32_t n = 1; n < symbols->count; n++) {
    const struct symbol *symbol = &symbols->nodes[n];
    for (uint32_t k = 0; k < symbol->run_count && symbol->op == SYMBOL_LINEAR; k++) {
      if (symbol->runs[k].node == node && symbol->runs[k].count > most) {
        most = symbol->runs[k].count;
      }
    }
  }
  return most;
}

/* Whether an input has a row for each step. Of two axes it has one where products read no more than
 * a step's share of it; beside rows of steps, only where it has one number a step. */
static bool has_steps(const struct roll *roll, const struct roll_input *input) {
  const struct graph_tensor *tensor = tensor_of(roll, input->node);
  const uint32_t width = roll->run->symbols->nodes[input->node].width;
  const bool divides = width % roll->steps == 0 && width > 0;
  const bool is_alone = roll->input_count == 1;
  if (tensor->rank > 2) {
    return divides && (is_alone || tensor->shape[1] == roll->steps ||
                       tensor->shape[0] == roll->steps || tensor->shape[2] == roll->steps);
  }
  if (!is_alone) {
    bool any_rows = false;
    for (uint32_t n = 0; n < roll->input_count; n++) {
      any_rows = any_rows || tensor_of(roll, roll->inputs[n].node)->rank > 2;
    }
    const bool is_whole = roll->run->symbols->nodes[input->node].is_whole;
    return (!any_rows || is_whole) && width == roll->steps;
  }
  return divides && most_read(roll, input->node) <= width / roll->steps;
}

static bool lay_input(struct roll *roll, struct roll_input *input) {
  const struct graph_tensor *tensor = tensor_of(roll, input->node);
  const struct symbol *symbol = &roll->run->symbols->nodes[input->node];
  if (tensor->rank == 3 && !tensor->open[0] && tensor->shape[0] > 1 && tensor->shape[1] > 1) {
    return run_refuse(roll->run,
                      "the file fixes a batch of %u for its input '%s'; convert it with a "
                      "batch of 1 or an open one",
                      tensor->shape[0], tensor->name);
  }
  input->has_time = has_steps(roll, input);
  input->features = input->has_time ? symbol->width / roll->steps : symbol->width;
  if (input->features == 0 || (!input->has_time && tensor->rank > 2)) {
    return roll_refuse_foreign(roll) &&
           run_refuse(roll->run,
                      "an LSTM of %u steps reads an input '%s' of %u values, which is no row for "
                      "each step; where later steps read what it said before, convert one step "
                      "with its states in and out",
                      roll->steps, tensor->name, symbol->width);
  }
  input->by_columns = input->has_time && tensor->rank == 3 && tensor->shape[1] == input->features &&
                      tensor->shape[2] == roll->steps && input->features != roll->steps;
  const struct roll_series series = {.kind = ROLL_INPUT, .width = input->features};
  uint32_t number = 0;
  return roll_add_series(roll, &series, &number);
}

bool roll_lay_inputs(struct roll *roll) {
  for (uint32_t n = 0; n < roll->input_count; n++) {
    if (!lay_input(roll, &roll->inputs[n])) {
      return false;
    }
  }
  return true;
}

void search_tell_inputs(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct roll *roll = &search->roll;
  model->steps = roll->steps;
  for (uint32_t n = 0; n < roll->input_count; n++) {
    const struct roll_input *input = &roll->inputs[n];
    const struct graph_tensor *tensor = tensor_of(roll, input->node);
    bool is_open = false;
    for (uint32_t k = 0; k < tensor->rank && input->has_time; k++) {
      is_open = is_open || (tensor->open[k] && k != reroll_batch_axis(model, tensor));
    }
    model->is_open = model->is_open || is_open;
    model->inputs[n] = (struct trine_reroll_input){
        .steps = roll->steps,
        .features = input->features,
        .is_open = is_open,
        .is_flat = input->has_time && tensor->rank == 2 && input->features == 1,
        .is_turned = input->by_columns,
        .is_row = !input->has_time};
  }
}
