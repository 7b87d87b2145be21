/* SPDX-License-Identifier: Apache-2.0 */
/* part_find: of a graph that cannot be read as it is, the part that can: found by trying, see
 * part.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/part.h"

enum { PASTE_BYTES = 48, MAX_TRIALS = 24, MAX_ENDS = 48 };

/* Whether a part is worth a trial: all its operators are known, none is known as foreign, and
 * there may be a cell in it. */
static bool may_be_read(const struct graph_part *part, const bool *is_foreign) {
  bool has_cell = false, good = true;
  for (uint32_t n = 0; n < part->sub->node_count && good; n++) {
    const struct graph_node *node = &part->sub->nodes[n];
    good = !part->is_kept[n] || (node->op != GRAPH_UNKNOWN && !is_foreign[n]);
    has_cell =
        has_cell || (part->is_kept[n] &&
                     (node->op == GRAPH_LSTM || node->op == GRAPH_WHILE || node->op == GRAPH_LOOP ||
                      node->op == GRAPH_SCAN || node->kind == GRAPH_TANH));
  }
  return good && has_cell;
}

/* Reads a part for a try; an operator that nothing can be done with is marked. */
static bool try_part(const struct trine_reroll *model, const struct graph_part *part,
                     bool *is_foreign) {
  struct trine_error unused = {""};
  struct trine_reroll *trial = calloc(1, sizeof *trial);
  if (trial == NULL) {
    return false;
  }
  trial->graph = model->graph;
  const bool good = part_make(part, trial, &unused) && reroll_search(trial, &unused);
  for (uint32_t n = 0; n < part->sub->node_count && trial->foreign != 0; n++) {
    is_foreign[n] =
        is_foreign[n] || (part->is_kept[n] && part->sub->nodes[n].index + 1 == trial->foreign);
  }
  arena_free(&trial->arena);
  free(trial);
  return good;
}

/* Rows of floats that the data can be, of two axes or more that count. */
static bool can_be_given(const struct graph_tensor *tensor) {
  return tensor->type == GRAPH_FLOAT && !part_is_constant(tensor) && tensor->rank >= 2;
}

/* The same of what is computed: an .onnx need not say how that lies. */
static bool can_be_wanted(const struct graph_tensor *tensor) {
  return can_be_given(tensor) ||
         (tensor->type == GRAPH_FLOAT && !part_is_constant(tensor) && tensor->rank == 0);
}

/* Ends that are tried on one side; -1: the file's own. */
struct part_ends {
  uint32_t count;
  int32_t tensors[MAX_ENDS];
};

static void add_ends(const struct graph_sub *sub, uint32_t n,
                     bool (*fits)(const struct graph_tensor *tensor), struct part_ends *ends) {
  const struct graph_node *node = &sub->nodes[n];
  for (uint32_t k = 0; k < node->output_count && ends->count < MAX_ENDS; k++) {
    if (fits(&sub->tensors[node->outputs[k]])) {
      ends->tensors[ends->count++] = node->outputs[k];
    }
  }
}

static void set_ends(struct graph_part *part, int32_t input, int32_t output) {
  part_own_inputs(part);
  part_own_outputs(part);
  if (input >= 0) {
    part->input_count = 1;
    part->inputs[0] = input;
  }
  if (output >= 0) {
    part->output_count = 1;
    part->outputs[0] = output;
  }
}

/* The largest part that can be read: the file's outputs, or the latest that will do, and the
 * earliest input. Inputs and outputs of the part that is found are left in it. */
static bool find_part(const struct trine_reroll *model, struct graph_part *part, bool *is_foreign) {
  const struct graph_sub *sub = part->sub;
  struct part_ends inputs = {1, {-1}}, outputs = {1, {-1}};
  uint32_t trials = 0;
  for (uint32_t n = 0; n < sub->node_count; n++) {
    add_ends(sub, n, can_be_given, &inputs);
    add_ends(sub, sub->node_count - 1 - n, can_be_wanted, &outputs);
  }
  for (uint32_t o = 0; o < outputs.count; o++) {
    for (uint32_t i = o == 0; i < inputs.count && trials < MAX_TRIALS; i++) {
      set_ends(part, inputs.tensors[i], outputs.tensors[o]);
      if (!part_keep(part) || !may_be_read(part, is_foreign)) {
        continue;
      }
      trials++;
      if (try_part(model, part, is_foreign)) {
        return true;
      }
    }
  }
  return false;
}

/* A tensor as it can be pasted: its name where that is short, plain and no other's, else its
 * number. */
static void paste(const struct graph_sub *sub, int32_t tensor, char text[PASTE_BYTES]) {
  const char *name = sub->tensors[tensor].name;
  bool plain = name[0] != '\0' && strlen(name) < PASTE_BYTES;
  for (const char *at = name; *at != '\0' && plain; at++) {
    plain = *at > ' ' && *at < 127 && strchr("'\"\\,`$!", *at) == NULL;
  }
  for (uint32_t n = 0; n < sub->tensor_count && plain; n++) {
    plain = n == (uint32_t)tensor || strcmp(sub->tensors[n].name, name) != 0;
  }
  if (plain) {
    (void)snprintf(text, PASTE_BYTES, "%s", name);
  } else {
    (void)snprintf(text, PASTE_BYTES, "%d", tensor);
  }
}

bool part_suggest(const struct trine_reroll *model, struct trine_error *error) {
  enum { MOST_NODES = 20000 };
  const struct graph_sub *sub = &model->graph.subs[0];
  struct graph_part part;
  bool *is_foreign = calloc((size_t)sub->node_count + 1, sizeof *is_foreign);
  bool good = part_begin(sub, &part) && is_foreign != NULL && sub->node_count <= MOST_NODES;
  for (uint32_t n = 0; n < sub->node_count && good && model->foreign != 0; n++) {
    is_foreign[n] = sub->nodes[n].index + 1 == model->foreign;
  }
  good = good && find_part(model, &part, is_foreign);
  char input[PASTE_BYTES] = "", output[PASTE_BYTES] = "";
  if (good && (part.input_count != sub->input_count || part.inputs[0] != sub->inputs[0])) {
    paste(sub, part.inputs[0], input);
  }
  if (good && (part.output_count != sub->output_count || part.outputs[0] != sub->outputs[0])) {
    paste(sub, part.outputs[0], output);
  }
  if (good) {
    const size_t used = strlen(error->text);
    (void)snprintf(error->text + used, sizeof error->text - used,
                   "; the rest of it runs with%s%s%s%s%s%s", input[0] != '\0' ? " --inputs '" : "",
                   input, input[0] != '\0' ? "'" : "", output[0] != '\0' ? " --outputs '" : "",
                   output, output[0] != '\0' ? "'" : "");
  }
  free(is_foreign);
  part_free(&part);
  return good;
}
