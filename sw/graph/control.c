/* SPDX-License-Identifier: Apache-2.0 */
/* control: loops, calls and variables; see run.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/run.h"

/* Whether a subgraph says yes. */
static bool asks(struct run *run, struct value **in, bool *yes) {
  struct value *answer = NULL;
  if (!run_sub(run, run->node->sub[0], in, run->node->input_count, &answer, 1)) {
    return false;
  }
  const bool known = answer->kind == VALUE_INTS && answer->count == 1;
  *yes = known && answer->as.ints[0] != 0;
  value_drop(run, answer);
  return known || run_refuse(run,
                             "its condition depends on the data; a loop over a known number "
                             "of steps can be read");
}

static bool loop(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const uint32_t count = node->input_count;
  struct value **now = calloc(2 * (size_t)count + 2, sizeof *now), **next = now + count;
  bool yes = true, good = now != NULL || run_no_memory(run);
  if (good && node->output_count != count) {
    good = run_refuse(run, "it has %u operands and %u results; both have to be as many", count,
                      node->output_count);
  }
  for (uint32_t n = 0; n < count && good; n++) {
    good = in[n] != NULL || run_refuse(run, "operand %u is left out; a loop needs all", n);
    now[n] = good ? value_share(in[n]) : NULL;
  }
  good = good && asks(run, now, &yes);
  while (good && yes) {
    good = run_sub(run, node->sub[1], now, count, next, count);
    for (uint32_t n = 0; n < count && good; n++) {
      value_drop(run, now[n]);
      now[n] = next[n];
    }
    good = good && asks(run, now, &yes);
  }
  for (uint32_t n = 0; now != NULL && n < count; n++) {
    if (good) {
      out[n] = now[n];
    } else {
      value_drop(run, now[n]);
    }
  }
  free(now);
  return good;
}

static bool branch(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  if (node->input_count < 1 || in[0] == NULL || in[0]->kind != VALUE_INTS || in[0]->count != 1) {
    return run_refuse(run,
                      "its condition depends on the data; only one that is known can be read: "
                      "export the model without the branch, or cut the model before it");
  }
  for (uint32_t n = 1; n < node->input_count; n++) {
    if (in[n] == NULL) {
      return run_refuse(run, "operand %u is left out; it needs all", n);
    }
  }
  return run_sub(run, node->sub[in[0]->as.ints[0] != 0 ? 0 : 1], in + 1, node->input_count - 1, out,
                 node->output_count);
}

bool run_control(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  if (node->op == GRAPH_WHILE) {
    return loop(run, in, out);
  }
  if (node->op == GRAPH_IF) {
    return branch(run, in, out);
  }
  if (node->op == GRAPH_CALL) {
    return run_sub(run, node->sub[0], in, node->input_count, out, node->output_count);
  }
  if (run->is_called[node->sub[0]]) {
    return true;
  }
  const bool before = run->is_initialising;
  run->is_called[node->sub[0]] = true;
  run->is_initialising = true;
  const bool good = run_sub(run, node->sub[0], in, 0, out, 0);
  run->is_initialising = before;
  return good;
}

struct value *run_state_symbol(struct run *run, uint32_t variable, uint32_t rank,
                               const uint32_t *shape) {
  if (run->variables[variable] != NULL && run->variables[variable]->kind == VALUE_ELEMENTS) {
    return value_share(run->variables[variable]);
  }
  struct value *made = value_new(run, VALUE_ELEMENTS, rank, shape);
  if (made == NULL) {
    return NULL;
  }
  struct symbol *symbol = symbol_new(run, SYMBOL_INPUT, (uint32_t)made->count, 0);
  if (symbol == NULL) {
    value_drop(run, made);
    return NULL;
  }
  symbol->source = run->graph->subs[0].input_count + variable;
  symbol_lanes(run, made->as.elements, made->count);
  value_drop(run, run->variables[variable]);
  run->variables[variable] = value_share(made);
  return made;
}

static bool read_variable(struct run *run, uint32_t variable, struct value **out) {
  struct value *holds = run->variables[variable];
  if (holds == NULL) {
    return run_refuse(run,
                      "the file has no value of its variable, which the converter left out; "
                      "convert the Keras model itself, not a function of it");
  }
  const bool state = run->symbols != NULL && run->is_state[variable] && holds->kind == VALUE_FLOATS;
  out[0] = state ? run_state_symbol(run, variable, holds->rank, holds->shape) : value_share(holds);
  return out[0] != NULL;
}

bool run_state(struct run *run, struct value **in, struct value **out) {
  const struct graph_node *node = run->node;
  const uint32_t none = 0;
  if (node->op == GRAPH_VARIABLE) {
    out[0] = value_new(run, VALUE_HANDLE, 0, &none);
    if (out[0] != NULL) {
      out[0]->variable = node->variable;
    }
    return out[0] != NULL;
  }
  const bool assigns = node->op == GRAPH_ASSIGN;
  if (node->input_count < (assigns ? 2U : 1U) || in[0] == NULL || in[0]->kind != VALUE_HANDLE ||
      (assigns && (in[1] == NULL || in[1]->kind == VALUE_HANDLE || in[1]->kind == VALUE_LIST))) {
    return run_refuse(run, "operand %d has to be the handle of a variable", 0);
  }
  const uint32_t variable = in[0]->variable;
  if (!assigns) {
    return read_variable(run, variable, out);
  }
  value_drop(run, run->variables[variable]);
  run->variables[variable] = value_share(in[1]);
  run->is_state[variable] = run->is_state[variable] || !run->is_initialising;
  return true;
}
