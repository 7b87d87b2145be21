/* SPDX-License-Identifier: Apache-2.0 */
/* cut: of a graph that cannot be read as it is, the part that can: found by trying, see cut.h. */
#include "onnx/cut.h"

#include <string.h>

/* Parts that are tried, and nodes of a graph that is still looked through. */
enum { TRIALS = 32, MOST_NODES = 20000 };

static bool reads_any(const Onnx__Node *node, const char *const *names, size_t count, size_t most) {
  for (size_t n = 0; n < node->n_input && n < most; n++) {
    for (size_t k = 0; k < count; k++) {
      if (node->input[n][0] != '\0' && strcmp(node->input[n], names[k]) == 0) {
        return true;
      }
    }
  }
  return false;
}

static bool is_lstm(const Onnx__Node *node) {
  return strcmp(node->op_type, "LSTM") == 0 || strcmp(node->op_type, "DynamicQuantizeLSTM") == 0;
}

/* The first LSTM whose rows come from what a node makes; NULL when none does. */
static const Onnx__Node *lstm_behind(const Onnx__Graph *graph, const Onnx__Node *from) {
  enum { MOST = 512 };
  const char *made[MOST];
  size_t count = 0;
  bool seen = false;
  for (size_t n = 0; n < graph->n_node; n++) {
    const Onnx__Node *node = graph->node[n];
    if (seen && is_lstm(node) && reads_any(node, made, count, 1)) {
      return node;
    }
    if (node == from || (seen && reads_any(node, made, count, node->n_input))) {
      seen = true;
      for (size_t k = 0; k < node->n_output && count < MOST; k++) {
        made[count++] = node->output[k];
      }
    }
  }
  return NULL;
}

/* Whether a name is a constant of the file. */
static bool is_constant(const Onnx__Graph *graph, const char *name) {
  bool constant = name[0] == '\0';
  for (size_t n = 0; n < graph->n_initializer && !constant; n++) {
    constant = strcmp(graph->initializer[n]->name, name) == 0;
  }
  for (size_t n = 0; n < graph->n_node && !constant; n++) {
    constant = strcmp(graph->node[n]->op_type, "Constant") == 0 && graph->node[n]->n_output > 0 &&
               strcmp(graph->node[n]->output[0], name) == 0;
  }
  return constant;
}

/* Moves an end of the part past a node that cannot be read; false when there is nothing left. */
static bool move_end(const Onnx__Graph *graph, const Onnx__Node *node, bool *jumped,
                     struct trine_onnx_cut *cut) {
  const Onnx__Node *lstm = is_lstm(node) ? NULL : lstm_behind(graph, node);
  if (lstm != NULL) { /* what it makes is given instead, or at once what the LSTM reads */
    const char *next = *jumped ? lstm->input[0] : node->output[0];
    *jumped = true;
    if (next[0] == '\0' || (cut->inputs != NULL && strcmp(next, cut->inputs) == 0)) {
      return false;
    }
    cut->inputs = next;
    return true;
  }
  for (size_t n = 0; n < node->n_input; n++) {
    if (!is_constant(graph, node->input[n])) {
      const bool same = cut->outputs != NULL && strcmp(cut->outputs, node->input[n]) == 0;
      cut->outputs = node->input[n];
      return !same;
    }
  }
  return false;
}

bool onnx_find_cut(const Onnx__Graph *graph, const Onnx__Node *failed, onnx_cut_runs runs,
                   void *context, struct trine_onnx_cut *cut) {
  bool jumped = false;
  *cut = (struct trine_onnx_cut){NULL, NULL};
  for (int n = 0; n < TRIALS && failed != NULL && graph->n_node <= MOST_NODES; n++) {
    if (!move_end(graph, failed, &jumped, cut)) {
      return false;
    }
    failed = NULL;
    if (runs(context, cut, &failed)) {
      return true;
    }
  }
  return false;
}
