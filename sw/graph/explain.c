/* SPDX-License-Identifier: Apache-2.0 */
/* explain: what the output depends on, and what is told of it when no float network has it: cells
 * of other kinds by their names, with what can be done; see roll.h. */
#include <stdlib.h>
#include <string.h>

#include "graph/roll.h"

bool roll_mark(struct roll *roll, const struct element *elements, size_t count) {
  const struct symbols *symbols = roll->run->symbols;
  if (roll->is_wanted == NULL) {
    roll->is_wanted = calloc((size_t)symbols->count + 1, sizeof *roll->is_wanted);
    if (roll->is_wanted == NULL) {
      return run_no_memory(roll->run);
    }
  }
  for (size_t n = 0; n < count; n++) {
    roll->is_wanted[elements[n].node] = true;
  }
  /* Each node is made of earlier ones. */
  for (uint32_t n = symbols->count; n-- > 1;) {
    for (uint32_t k = 0; k < symbols->nodes[n].run_count && roll->is_wanted[n]; k++) {
      roll->is_wanted[symbols->nodes[n].runs[k].node] = true;
    }
  }
  return true;
}

static const struct symbol *operand(const struct roll *roll, const struct symbol *node,
                                    uint32_t n) {
  return &roll->run->symbols->nodes[node->runs[n].node];
}

static bool is_gate(const struct symbol *node) {
  return node->op == SYMBOL_UNARY && node->kind == GRAPH_LOGISTIC;
}

/* 1 - sigmoid(z): what keeps the rest of a GRU's state. */
static bool is_rest_of_gate(const struct roll *roll, const struct symbol *node) {
  return node->op == SYMBOL_SCALE && node->w != NULL && node->bias != NULL && node->w[0] == -1.0F &&
         node->bias[0] == 1.0F && is_gate(operand(roll, node, 0));
}

/* sigmoid(o) relu(c), with a c that is a sum of gated products. */
static bool is_relu_cell(const struct roll *roll, const struct symbol *gate,
                         const struct symbol *shown) {
  if (!is_gate(gate) || shown->op != SYMBOL_UNARY ||
      (shown->kind == GRAPH_LOGISTIC || shown->kind == GRAPH_TANH)) {
    return false;
  }
  const struct symbol *c = operand(roll, shown, 0);
  return c->op == SYMBOL_ADD && operand(roll, c, 0)->op == SYMBOL_MUL &&
         operand(roll, c, 1)->op == SYMBOL_MUL;
}

static bool is_tanh(const struct symbol *node) {
  return node->op == SYMBOL_UNARY && node->kind == GRAPH_TANH;
}

/* Whether a sum is of something that nobody knows, as a convolution is. */
static bool is_of_other(const struct roll *roll, const struct symbol *sum) {
  bool other = sum->op == SYMBOL_OTHER;
  for (uint32_t k = 0; k < sum->run_count && !other; k++) {
    other = operand(roll, sum, k)->op == SYMBOL_OTHER;
  }
  return other;
}

/* A product with a tanh of sums, as a cell's gate i times tanh(g). */
static bool is_product_of_tanh(const struct roll *roll, const struct symbol *node) {
  bool is = false;
  for (uint32_t k = 0; k < 2 && node->op == SYMBOL_MUL && !is; k++) {
    const struct symbol *g = operand(roll, node, k);
    is = is_tanh(g) && !is_of_other(roll, operand(roll, g, 0));
  }
  return is;
}

/* Something else than a sigmoid times tanh(c), with a c that is a sum of products, one of a tanh:
 * an LSTM but for its gates. */
static bool is_cell_of_other_gates(const struct roll *roll, const struct symbol *gate,
                                   const struct symbol *shown) {
  if (is_gate(gate) || !is_tanh(shown)) {
    return false;
  }
  const struct symbol *c = operand(roll, shown, 0);
  return c->op == SYMBOL_ADD && operand(roll, c, 0)->op == SYMBOL_MUL &&
         operand(roll, c, 1)->op == SYMBOL_MUL &&
         (is_product_of_tanh(roll, operand(roll, c, 0)) ||
          is_product_of_tanh(roll, operand(roll, c, 1)));
}

bool roll_has_no_other_cell(struct roll *roll) {
  const struct symbols *symbols = roll->run->symbols;
  for (uint32_t n = 1; n < symbols->count; n++) {
    const struct symbol *node = &symbols->nodes[n];
    const bool chooses =
        node->op == SYMBOL_OTHER && node->from != NULL && node->from->op == GRAPH_SELECT;
    if ((node->op != SYMBOL_MUL && !chooses) || !roll->is_wanted[n]) {
      continue;
    }
    if (chooses) {
      roll_at(roll, n);
      return run_refuse(roll->run,
                        "it chooses between %u values by the data, as a Masking layer or mask_zero "
                        "does; leave that out, pad at the end and give --lengths instead",
                        node->width);
    }
    const struct symbol *a = operand(roll, node, 0), *b = operand(roll, node, 1);
    roll_at(roll, n);
    if (is_rest_of_gate(roll, a) || is_rest_of_gate(roll, b)) {
      return run_refuse(roll->run,
                        "it belongs to a GRU of %u units; the accelerator runs LSTMs: train the "
                        "model with LSTM layers instead",
                        node->width);
    }
    if (is_relu_cell(roll, a, b) || is_relu_cell(roll, b, a)) {
      return run_refuse(roll->run,
                        "it belongs to an LSTM of %u units with relu in its cell; the accelerator "
                        "has tanh there: train the model with activation='tanh'",
                        node->width);
    }
    if (is_cell_of_other_gates(roll, a, b) || is_cell_of_other_gates(roll, b, a)) {
      return run_refuse(roll->run,
                        "it belongs to an LSTM of %u units whose gates are no sigmoid (older Keras "
                        "has hard_sigmoid); train the model with recurrent_activation='sigmoid'",
                        node->width);
    }
  }
  return true;
}

bool roll_refuse_foreign(struct roll *roll) {
  const struct symbols *symbols = roll->run->symbols;
  for (uint32_t n = 1; n < symbols->count; n++) {
    if (symbols->nodes[n].op == SYMBOL_OTHER && roll->is_wanted[n]) {
      return roll_refuse_node(roll, n);
    }
  }
  return true;
}

bool roll_refuse_node(struct roll *roll, uint32_t node) {
  const struct symbol *symbol = &roll->run->symbols->nodes[node];
  roll_at(roll, node);
  roll->run->foreign = roll->run->node != NULL && roll->run->sub == roll->run->graph->subs
                           ? roll->run->node->index + 1
                           : 0;
  if (symbol->op == SYMBOL_INPUT) {
    return run_refuse(roll->run,
                      "it takes an input or a variable beside the data; only states of "
                      "LSTMs can be, and the graph has %u inputs",
                      roll->run->graph->subs[0].input_count);
  }
  if (symbol->op == SYMBOL_MUL) {
    return run_refuse(roll->run,
                      "it multiplies rows of %u values of several steps, or products again; "
                      "outside of an LSTM only two rows of one step can be: cut the model before "
                      "or behind it",
                      symbol->width);
  }
  if (symbol->from != NULL && symbol->from->op == GRAPH_COMPARE) {
    return run_refuse(roll->run,
                      "it compares the data with a number, as a Masking layer does; leave "
                      "that layer out and give --lengths instead");
  }
  return run_refuse(roll->run,
                    "it is no part of an LSTM or of a head that is done (docs/quantize.md "
                    "lists these); cut the model before or behind it");
}
