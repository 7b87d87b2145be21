/* SPDX-License-Identifier: Apache-2.0 */
/* branch: If with a constant condition: the nodes of the branch that is taken stand in its place;
 * see walk.h. */
#include <string.h>

#include "onnx/walk.h"

/* The graphs of a node are as deep as wire.h lets them be, so that these may call themselves. */
// NOLINTBEGIN(misc-no-recursion)
void branch_mark(struct walk *walk, const Onnx__Node *node) {
  for (size_t n = 0; n < node->n_attribute; n++) {
    const Onnx__Graph *graph = node->attribute[n]->g;
    for (size_t k = 0; graph != NULL && k < graph->n_node; k++) {
      walk_mark_inputs(walk, graph->node[k]);
    }
    for (size_t k = 0; graph != NULL && k < graph->n_output; k++) {
      struct walk_value *value = walk_value(walk, graph->output[k]->name);
      value->is_wanted = true;
      value->uses++;
    }
  }
}

void branch_count(const Onnx__Graph *graph, uint64_t *nodes) {
  *nodes += graph->n_node;
  for (size_t n = 0; n < graph->n_node; n++) {
    for (size_t k = 0; k < graph->node[n]->n_attribute; k++) {
      if (graph->node[n]->attribute[k]->g != NULL) {
        branch_count(graph->node[n]->attribute[k]->g, nodes);
      }
    }
  }
}

/* The branch that a known condition takes; NULL with the error set. */
static const Onnx__Graph *taken(struct walk *walk, const Onnx__Node *node) {
  const struct onnx_array *condition = walk_array(walk, node, 0);
  int64_t value = 0;
  if (onnx_array_list(condition, &value, 1) != 1 || onnx_is_mark(value)) {
    (void)walk_refuse(walk, node,
                      "its condition is no constant; export the sequence model without control "
                      "flow, or with fixed sizes");
    return NULL;
  }
  const Onnx__Attribute *branch = onnx_attribute(node, value != 0 ? "then_branch" : "else_branch");
  if (branch == NULL || branch->g == NULL || branch->g->n_output != node->n_output) {
    (void)walk_refuse(walk, node, "it needs a branch of as many outputs as its own, %zu",
                      node->n_output);
    return NULL;
  }
  return branch->g;
}

bool branch_visit(struct walk *walk, const Onnx__Node *node) {
  const Onnx__Graph *graph = taken(walk, node);
  if (graph == NULL || !ends_take_initialisers(walk, graph)) {
    return false;
  }
  for (size_t n = 0; n < graph->n_node; n++) {
    if (!walk_visit(walk, graph->node[n])) {
      return false;
    }
  }
  for (size_t n = 0; n < graph->n_output; n++) {
    const struct walk_value *made = walk_value(walk, graph->output[n]->name);
    struct walk_value *value = walk_value(walk, node->output[n]);
    if (node->output[n][0] == '\0') {
      continue;
    }
    if (made->kind == VALUE_NONE) {
      return walk_refuse(walk, node, "nothing in its branch makes output %zu; it needs one", n);
    }
    const char *name = value->name;
    const uint32_t uses = value->uses;
    *value = *made;
    value->name = name;
    value->uses = uses;
  }
  return true;
}
// NOLINTEND(misc-no-recursion)
