/* SPDX-License-Identifier: Apache-2.0 */
/* part: the nodes between tensors, see part.h. A node is kept when it can be computed from what is
 * given and an output needs it, or it keeps a state. */
#include "graph/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/text.h"

void part_free(struct graph_part *part) {
  free(part->is_given);
  free(part->is_known);
  free(part->is_needed);
  free(part->is_kept);
}

bool part_is_constant(const struct graph_tensor *tensor) {
  return tensor->floats != NULL || tensor->ints != NULL || tensor->is_state;
}

bool part_begin(const struct graph_sub *sub, struct graph_part *part) {
  *part = (struct graph_part){.sub = sub};
  part->is_given = calloc((size_t)sub->tensor_count + 1, sizeof(bool));
  part->is_known = calloc((size_t)sub->tensor_count + 1, sizeof(bool));
  part->is_needed = calloc((size_t)sub->tensor_count + 1, sizeof(bool));
  part->is_kept = calloc((size_t)sub->node_count + 1, sizeof(bool));
  return part->is_given != NULL && part->is_known != NULL && part->is_needed != NULL &&
         part->is_kept != NULL;
}

/* Whether a name is that of tensor n: names of a graph are cut at 63 bytes. */
static bool is_named(const struct graph_sub *sub, uint32_t n, const char *name, size_t length) {
  enum { NAME_BYTES = 63 };
  const char *own = sub->tensors[n].name;
  const size_t shown = length < NAME_BYTES ? length : NAME_BYTES;
  return strlen(own) == shown && memcmp(own, name, shown) == 0;
}

/* The tensor of a name, or of a number in digits; -1 with the error set. */
static int32_t tensor_of(const struct graph_sub *sub, const char *name, size_t length,
                         struct trine_error *error) {
  int32_t found = -1;
  char *end = NULL;
  char shown[TRINE_TEXT_ROOM], text[64];
  (void)snprintf(text, sizeof text, "%.*s", (int)(length < 63 ? length : 63), name);
  for (uint32_t n = 0; n < sub->tensor_count; n++) {
    if (!is_named(sub, n, name, length)) {
      continue;
    }
    if (found >= 0) {
      trine_error_set(error, "tensors %d and %u are both called '%s'; give the number of one",
                      found, n, trine_text_of(shown, 60, text));
      return -1;
    }
    found = (int32_t)n;
  }
  if (found >= 0) {
    return found;
  }
  const unsigned long number = strtoul(text, &end, 10);
  if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && number < sub->tensor_count) {
    return (int32_t)number;
  }
  trine_error_set(error,
                  "there is no tensor '%s'; give the name of one of its %u tensors, or its number",
                  trine_text_of(shown, 60, text), sub->tensor_count);
  return -1;
}

/* One name after another, unless all of it is one. */
static bool read_names(const struct graph_sub *sub, const char *names, int32_t *tensors,
                       uint32_t *count, struct trine_error *error) {
  *count = 0;
  for (uint32_t n = 0; n < sub->tensor_count; n++) {
    if (is_named(sub, n, names, strlen(names))) {
      tensors[(*count)++] = (int32_t)n;
      return true;
    }
  }
  for (const char *at = names; at != NULL;) {
    const char *comma = strchr(at, ',');
    const size_t length = comma == NULL ? strlen(at) : (size_t)(comma - at);
    if (*count == GRAPH_MAX_ENDS) {
      trine_error_set(error, "more than %d tensors are named, the limit", (int)GRAPH_MAX_ENDS);
      return false;
    }
    tensors[*count] = tensor_of(sub, at, length, error);
    if (tensors[*count] < 0) {
      return false;
    }
    bool is_twice = false;
    for (uint32_t n = 0; n < *count; n++) {
      is_twice = is_twice || tensors[n] == tensors[*count];
    }
    *count += is_twice ? 0 : 1;
    at = comma == NULL ? NULL : comma + 1;
  }
  return true;
}

static bool all_known(const struct graph_part *part, const struct graph_node *node) {
  for (uint32_t k = 0; k < node->input_count; k++) {
    if (node->inputs[k] >= 0 && !part->is_known[node->inputs[k]]) {
      return false;
    }
  }
  return true;
}

static bool any_of(const bool *flags, const int32_t *tensors, uint32_t count) {
  for (uint32_t k = 0; k < count; k++) {
    if (flags[tensors[k]]) {
      return true;
    }
  }
  return false;
}

/* Which nodes are kept, once inputs and outputs are chosen; false when an output is not known. */
bool part_keep(struct graph_part *part) {
  const struct graph_sub *sub = part->sub;
  memset(part->is_given, 0, sub->tensor_count * sizeof(bool));
  memset(part->is_needed, 0, sub->tensor_count * sizeof(bool));
  memset(part->is_kept, 0, sub->node_count * sizeof(bool));
  for (uint32_t n = 0; n < sub->tensor_count; n++) {
    part->is_known[n] = part_is_constant(&sub->tensors[n]);
  }
  for (uint32_t n = 0; n < part->input_count; n++) {
    part->is_given[part->inputs[n]] = part->is_known[part->inputs[n]] = true;
  }
  for (uint32_t n = 0; n < sub->node_count; n++) {
    const struct graph_node *node = &sub->nodes[n];
    part->is_kept[n] =
        all_known(part, node) && !any_of(part->is_given, node->outputs, node->output_count);
    for (uint32_t k = 0; k < node->output_count && part->is_kept[n]; k++) {
      part->is_known[node->outputs[k]] = true;
    }
  }
  for (uint32_t n = 0; n < part->output_count; n++) {
    part->is_needed[part->outputs[n]] = true;
  }
  for (uint32_t n = sub->node_count; n-- > 0;) {
    const struct graph_node *node = &sub->nodes[n];
    const bool keeps_state = node->op == GRAPH_ASSIGN || node->op == GRAPH_CALL_ONCE;
    part->is_kept[n] = part->is_kept[n] &&
                       (keeps_state || any_of(part->is_needed, node->outputs, node->output_count));
    for (uint32_t k = 0; k < node->input_count && part->is_kept[n]; k++) {
      if (node->inputs[k] >= 0) {
        part->is_needed[node->inputs[k]] = true;
      }
    }
  }
  for (uint32_t n = 0; n < part->output_count; n++) {
    if (!part->is_known[part->outputs[n]]) {
      return false;
    }
  }
  return true;
}

/* The part as the first subgraph of a graph of its own; what it is made of lives in the arena. */
bool part_make(const struct graph_part *part, struct trine_reroll *model,
               struct trine_error *error) {
  const struct graph *whole = &model->graph;
  const struct graph_sub *sub = part->sub;
  struct graph_sub *subs = arena_alloc(&model->arena, whole->sub_count, sizeof *subs);
  struct graph_node *nodes = arena_alloc(&model->arena, sub->node_count, sizeof *nodes);
  int32_t *ends =
      arena_alloc(&model->arena, (size_t)part->input_count + part->output_count, sizeof *ends);
  if (subs == NULL || nodes == NULL || ends == NULL) {
    trine_error_set(error, "no memory for a part of %u operators", sub->node_count);
    return false;
  }
  memcpy(subs, whole->subs, whole->sub_count * sizeof *subs);
  memcpy(ends, part->inputs, part->input_count * sizeof *ends);
  memcpy(ends + part->input_count, part->outputs, part->output_count * sizeof *ends);
  subs[0].node_count = 0;
  for (uint32_t n = 0; n < sub->node_count; n++) {
    if (part->is_kept[n]) {
      nodes[subs[0].node_count++] = sub->nodes[n];
    }
  }
  subs[0].nodes = nodes;
  subs[0].inputs = ends;
  subs[0].input_count = part->input_count;
  subs[0].outputs = ends + part->input_count;
  subs[0].output_count = part->output_count;
  model->graph.subs = subs;
  return true;
}

void part_own_inputs(struct graph_part *part) {
  part->input_count = part->sub->input_count;
  memcpy(part->inputs, part->sub->inputs, part->input_count * sizeof *part->inputs);
}

void part_own_outputs(struct graph_part *part) {
  part->output_count = part->sub->output_count;
  memcpy(part->outputs, part->sub->outputs, part->output_count * sizeof *part->outputs);
}

/* Says which of the file's inputs an output needs beside those that were named. */
static bool refuse_unknown(const struct graph_part *part, struct trine_error *error) {
  const struct graph_sub *sub = part->sub;
  uint32_t at = 0;
  while (at + 1 < part->output_count && part->is_known[part->outputs[at]]) {
    at++;
  }
  trine_error_set(error,
                  "the output '%.60s' is not computed from the inputs that are named; name more "
                  "of the %u inputs of the file, or tensors behind them",
                  sub->tensors[part->outputs[at]].name, sub->input_count);
  return false;
}

/* The file's other outputs, which may be states that go on from run to run. */
static bool add_states(struct graph_part *part) {
  for (uint32_t n = 0; n < part->sub->output_count; n++) {
    const int32_t tensor = part->sub->outputs[n];
    bool is_there = false;
    for (uint32_t k = 0; k < part->output_count; k++) {
      is_there = is_there || part->outputs[k] == tensor;
    }
    if (part->is_known[tensor] && !is_there && part->output_count < GRAPH_MAX_ENDS) {
      part->outputs[part->output_count++] = tensor;
    }
  }
  return part_keep(part);
}

/* Whether the file says how the inputs that are named lie. */
static bool are_shaped(const struct graph_part *part, struct trine_error *error) {
  for (uint32_t n = 0; n < part->input_count; n++) {
    const struct graph_tensor *tensor = &part->sub->tensors[part->inputs[n]];
    if (tensor->rank == 0) {
      trine_error_set(error,
                      "the file tells no axes of '%s'; name a tensor whose shape it has, or let "
                      "onnx.shape_inference.infer_shapes add shapes to an .onnx",
                      tensor->name);
      return false;
    }
  }
  return true;
}

bool part_take(struct trine_reroll *model, const struct trine_onnx_cut *cut,
               struct trine_error *error) {
  struct graph_part part;
  bool good = part_begin(&model->graph.subs[0], &part);
  if (!good) {
    trine_error_set(error, "no memory for a part of %u operators", part.sub->node_count);
  }
  if (good && cut->inputs == NULL) {
    part_own_inputs(&part);
  } else if (good) {
    good = read_names(part.sub, cut->inputs, part.inputs, &part.input_count, error) &&
           are_shaped(&part, error);
  }
  if (good && cut->outputs == NULL) {
    part_own_outputs(&part);
  } else if (good) {
    good = read_names(part.sub, cut->outputs, part.outputs, &part.output_count, error);
  }
  good = good && (part_keep(&part) || refuse_unknown(&part, error));
  if (good && cut->outputs != NULL) {
    model->wanted_count = part.output_count;
    good = add_states(&part);
  }
  good = good && part_make(&part, model, error);
  part_free(&part);
  return good;
}
