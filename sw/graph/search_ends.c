/* SPDX-License-Identifier: Apache-2.0 */
/* search_ends: which outputs of a graph are data, and which are states; see search.h. */
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

bool search_outputs(struct search *search) {
  struct trine_reroll *model = search->model;
  const struct graph_sub *sub = &model->graph.subs[0];
  model->output_count = 0;
  for (uint32_t n = 0; n < sub->output_count; n++) {
    const char *name = output_name(search, n);
    if (model->wanted_count > 0 ? n >= model->wanted_count : is_state(search, search->outputs[n])) {
      if (model->wanted_count == 0) {
        reroll_note(model, "the output %.60s is a final cell state, which comes with --state-out",
                    name);
      }
      continue;
    }
    if (search->outputs[n]->kind != VALUE_ELEMENTS) {
      return run_refuse(&search->run,
                        "the output '%.60s' does not depend on the data; leave it out", name);
    }
    if (model->output_count == TRINE_FLOAT_MAX_OUTPUTS) {
      return run_refuse(&search->run,
                        "the graph has more than %d outputs; choose those you need with --outputs, "
                        "names with commas between them",
                        TRINE_FLOAT_MAX_OUTPUTS);
    }
    model->outputs[model->output_count++] = n;
  }
  return model->output_count > 0 ||
         run_refuse(&search->run,
                    "the graph has %u outputs and none of them is computed from the data; one has "
                    "to be",
                    sub->output_count);
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
  if (model->wanted_count > 0 || handed == model->output_count) {
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
