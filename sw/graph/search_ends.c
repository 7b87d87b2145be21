/* SPDX-License-Identifier: Apache-2.0 */
/* search_ends: which inputs and outputs of a graph are data, and which are states; see search.h. */
#include <string.h>

#include "graph/search.h"

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

static const char *output_name(const struct search *search, uint32_t n) {
  const struct graph_sub *sub = &search->model->graph.subs[0];
  return sub->tensors[sub->outputs[n]].name;
}

/* Whether a name is among names with commas between them, or all of them. */
static bool is_named(const char *names, const char *name) {
  const size_t length = strlen(name);
  bool found = strcmp(names, name) == 0;
  for (const char *at = names; at != NULL && !found; at = strchr(at, ',')) {
    at += *at == ',';
    found = strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0');
  }
  return found;
}

/* How many names there are; 1 where they are one with commas in it. */
static uint32_t count_names(const struct search *search) {
  uint32_t count = 1;
  for (uint32_t n = 0; n < search->model->graph.subs[0].output_count; n++) {
    if (strcmp(search->wanted, output_name(search, n)) == 0) {
      return 1;
    }
  }
  for (const char *at = strchr(search->wanted, ','); at != NULL; at = strchr(at + 1, ',')) {
    count++;
  }
  return count;
}

bool search_outputs(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct graph_sub *sub = &model->graph.subs[0];
  model->output_count = 0;
  for (uint32_t n = 0; n < sub->output_count; n++) {
    const bool state = is_state(search, search->outputs[n]);
    const char *name = output_name(search, n);
    if (search->wanted != NULL ? !is_named(search->wanted, name) : state) {
      if (search->wanted == NULL) {
        reroll_note(model, "the output %.60s is a final cell state, which comes with --state-out",
                    name);
      }
      continue;
    }
    if (model->output_count == TRINE_FLOAT_MAX_OUTPUTS) {
      return run_refuse(&search->run,
                        "the graph has more than %d outputs; choose those you need with --outputs, "
                        "names with commas between them",
                        TRINE_FLOAT_MAX_OUTPUTS);
    }
    model->outputs[model->output_count++] = n;
  }
  const uint32_t wanted = search->wanted == NULL ? 1 : count_names(search);
  return model->output_count >= wanted ||
         run_refuse(&search->run, "the graph has %u outputs and %s of them is %.100s",
                    sub->output_count, wanted > 1 ? "not each" : "none",
                    search->wanted != NULL ? search->wanted : "computed from the data");
}

/* Whether an output is nothing but last states of LSTMs that begin with an input of the graph. */
static bool is_handed_on(const struct search *search, const struct value *value) {
  const struct roll *roll = &search->roll;
  const uint32_t inputs = search->model->graph.subs[0].input_count;
  bool handed = value->kind == VALUE_ELEMENTS && value->count > 0;
  for (size_t n = 0; n < value->count && handed; n++) {
    handed = false;
    for (uint32_t k = 0; k < roll->chain_count && !handed; k++) {
      const struct roll_chain *chain = &roll->chains[k];
      handed = chain->h_node != 0 && search->symbols.nodes[chain->h_node].source < inputs &&
               roll->cells[chain->cells[chain->steps - 1]].h == value->as.elements[n].node;
    }
  }
  return handed;
}

void search_leave_states(struct search *search) {
  struct trine_reroll *model = search->model;
  uint32_t kept = 0, handed = 0;
  for (uint32_t n = 0; n < model->output_count; n++) {
    handed += is_handed_on(search, search->outputs[model->outputs[n]]);
  }
  if (search->wanted != NULL || handed == model->output_count) {
    return;
  }
  for (uint32_t n = 0; n < model->output_count; n++) {
    if (!is_handed_on(search, search->outputs[model->outputs[n]])) {
      model->outputs[kept++] = model->outputs[n];
    } else {
      reroll_note(model, "the output %.60s is a final hidden state, which comes with --state-out",
                  output_name(search, model->outputs[n]));
    }
  }
  model->output_count = kept;
}

/* The input that is data: no cell begins with it, and of these the one with most dimensions. */
bool search_input(struct search *search) {
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

bool search_is_carried(const struct search *search, struct symbol_run state,
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
