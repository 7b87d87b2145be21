/* SPDX-License-Identifier: Apache-2.0 */
/* walk: which nodes of a graph are needed, and one after another what they are, see walk.h. */
#include "onnx/walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "io/text.h"

const char *walk_node_name(const Onnx__Node *node) {
  if (node->name != NULL && node->name[0] != '\0') {
    return node->name;
  }
  for (size_t n = 0; n < node->n_output; n++) {
    if (node->output[n][0] != '\0') {
      return node->output[n];
    }
  }
  return "";
}

bool walk_refuse(struct walk *walk, const Onnx__Node *node, const char *format, ...) {
  char text[160];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  trine_error_set(walk->fold.error, "Node %.60s (%.24s): %s.", walk_node_name(node), node->op_type,
                  text);
  return false;
}

bool walk_given(const Onnx__Node *node, size_t n) {
  return n < node->n_input && node->input[n][0] != '\0';
}

float *walk_floats(struct walk *walk, uint64_t count) {
  if (!onnx_spend(&walk->fold, count)) {
    return NULL;
  }
  float *made = NULL;
  if (count <= SIZE_MAX / sizeof *made) { /* a size_t may have 32 bits */
    made = arena_alloc(walk->fold.arena, (size_t)count, sizeof *made);
  }
  if (made == NULL) {
    walk->fold.lost = true;
    trine_error_set(walk->fold.error, "There is no memory for %llu weights.",
                    (unsigned long long)count);
  }
  return made;
}

void walk_note(struct walk *walk, const char *format, ...) {
  char *note = arena_alloc(walk->fold.arena, NOTE_BYTES, 1);
  if (note != NULL && walk->note_count < MAX_NOTES) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(note, NOTE_BYTES, format, arguments);
    va_end(arguments);
    trine_text_clean(note);
    walk->notes[walk->note_count++] = note;
  }
}

uint32_t walk_add_value(struct walk *walk, const char *name, bool has_time, uint32_t width) {
  const uint32_t index = walk->network.value_count;
  walk->made_floats += width;
  if (index >= walk->made_room || walk->made_floats > TRINE_ONNX_MAX_FLOATS) {
    trine_error_set(walk->fold.error,
                    "The network has more than %u values, or rows of more than %d in all; cut a "
                    "part out of it with --inputs and --outputs.",
                    walk->made_room, TRINE_ONNX_MAX_FLOATS);
    return UINT32_MAX;
  }
  walk->made_values[index] =
      (struct trine_float_value){.name = name, .has_time = has_time, .width = width};
  walk->made[index] = (struct made){.node = UINT32_MAX};
  walk->network.value_count++;
  return index;
}

uint32_t walk_add_like(struct walk *walk, const char *name, uint32_t value, uint32_t width) {
  const struct trine_float_value like = walk->made_values[value];
  const uint32_t made = walk_add_value(walk, name, like.has_time, width);
  if (made != UINT32_MAX) {
    walk->made_values[made].steps = like.steps;
  }
  return made;
}

bool walk_are_rows(struct walk *walk, const Onnx__Node *node, const struct rows *rows) {
  for (uint32_t n = 0; n < rows->part_count; n++) {
    if (walk->made[rows->part[n]].is_cell) {
      return walk_refuse(walk, node,
                         "final cell states can only be handed on to another LSTM; they come with "
                         "--state-out");
    }
  }
  return true;
}

struct trine_float_node *walk_add_node(struct walk *walk, enum trine_float_op op,
                                       const Onnx__Node *node, uint32_t input, uint32_t output) {
  const struct rows from = {.part_count = 1, .part = {input}};
  if (!walk_are_rows(walk, node, &from)) {
    return NULL;
  }
  if (walk->network.node_count >= walk->made_room || output == UINT32_MAX) {
    return NULL;
  }
  walk->made[output].node = walk->network.node_count;
  struct trine_float_node *made = &walk->made_nodes[walk->network.node_count++];
  *made = (struct trine_float_node){.op = op,
                                    .name = walk_node_name(node),
                                    .input_count = 1,
                                    .inputs = {input},
                                    .output = output};
  return made;
}

struct onnx_array *walk_array(struct walk *walk, const Onnx__Node *node, size_t n) {
  if (!walk_given(node, n)) {
    return NULL;
  }
  const struct walk_value *value = walk_value(walk, node->input[n]);
  return value != NULL && value->kind == VALUE_ARRAY && !value->array->broadcast ? value->array
                                                                                 : NULL;
}

struct rows *walk_rows(struct walk *walk, const Onnx__Node *node, size_t n) {
  if (!walk_given(node, n)) {
    return NULL;
  }
  struct walk_value *value = walk_value(walk, node->input[n]);
  return value != NULL && value->kind == VALUE_ROWS ? &value->rows : NULL;
}

bool walk_put(struct walk *walk, const Onnx__Node *node, size_t n, const struct rows *rows) {
  if (n >= node->n_output || node->output[n][0] == '\0') {
    return true;
  }
  struct walk_value *value = walk_value(walk, node->output[n]);
  value->kind = VALUE_ROWS;
  value->rows = *rows;
  for (uint32_t k = 0; k < rows->part_count; k++) {
    struct made *made = &walk->made[rows->part[k]];
    made->is_forked = made->is_forked || value->uses > 1;
  }
  return true;
}

void walk_fix_size(struct walk *walk, const Onnx__Node *node, enum row_axis axis, int64_t size) {
  const uint32_t at = axis == AXIS_OPEN0 ? 0 : 1;
  walk->open_size[at] = size;
  walk->fixed_by[at] = node;
}

/* --- Which nodes are needed --- */

// NOLINTNEXTLINE(misc-no-recursion)
void walk_mark_inputs(struct walk *walk, const Onnx__Node *node) {
  for (size_t n = 0; n < node->n_input; n++) {
    struct walk_value *value = node->input[n][0] == '\0' ? NULL : walk_value(walk, node->input[n]);
    if (value != NULL) {
      value->uses++;
      value->is_wanted = true;
    }
  }
  branch_mark(walk, node);
}

/* A node comes behind what it reads, so backwards each is reached before what it needs. */
static void mark_needed(struct walk *walk, bool *needed) {
  for (uint32_t n = 0; n < walk->output_count; n++) {
    struct walk_value *value = walk_value(walk, walk->outputs[n]); /* walk_take_names took it */
    value->is_wanted = true;
    value->uses++;
  }
  for (size_t n = walk->graph->n_node; n-- > 0;) {
    const Onnx__Node *node = walk->graph->node[n];
    for (size_t k = 0; k < node->n_output; k++) {
      const struct walk_value *value = walk_value(walk, node->output[k]);
      /* What is cut off is given, not made. */
      needed[n] = needed[n] || (node->output[k][0] != '\0' && value->is_wanted && !value->is_given);
    }
    if (needed[n]) {
      walk_mark_inputs(walk, node);
    }
  }
}

/* --- Node by node --- */

static bool is(const Onnx__Node *node, const char *op_type) {
  return strcmp(node->op_type, op_type) == 0;
}

bool walk_put_array(struct walk *walk, const Onnx__Node *node, struct onnx_array *array) {
  if (array == NULL || node->n_output == 0) {
    return array != NULL;
  }
  struct walk_value *value = walk_value(walk, node->output[0]);
  value->kind = VALUE_ARRAY;
  value->array = array;
  return true;
}

static bool fold(struct walk *walk, const Onnx__Node *node) {
  enum { MOST = 64 };
  struct onnx_array *inputs[MOST] = {NULL};
  if (node->n_input > MOST) {
    return walk_refuse(walk, node, "%zu inputs, at most %d are read", node->n_input, MOST);
  }
  for (size_t n = 0; n < node->n_input; n++) {
    inputs[n] = walk_given(node, n) ? walk_value(walk, node->input[n])->array : NULL;
  }
  return walk_put_array(walk, node,
                        onnx_fold_node(&walk->fold, node, inputs, (uint32_t)node->n_input));
}

/* ONNX's own operators have one meaning, and each value one node that makes it. */
static bool is_valid(struct walk *walk, const Onnx__Node *node) {
  const bool plain =
      node->domain == NULL || node->domain[0] == '\0' || strcmp(node->domain, "ai.onnx") == 0;
  if (!plain && !(strcmp(node->domain, "com.microsoft") == 0 && quantized_knows(node->op_type))) {
    return walk_refuse(walk, node, "an operator of %.60s is not done; export for plain ONNX",
                       node->domain);
  }
  for (size_t n = 0; n < node->n_output; n++) {
    const struct walk_value *value =
        node->output[n][0] == '\0' ? NULL : walk_value(walk, node->output[n]);
    if (value != NULL && value->kind != VALUE_NONE) {
      return walk_refuse(walk, node, "its output %.60s is there already; names have to differ",
                         node->output[n]);
    }
  }
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion)
bool walk_visit(struct walk *walk, const Onnx__Node *node) {
  bool reads_rows = false;
  const struct walk_value *state = NULL; /* what is neither rows nor a constant */
  walk->at = node;
  if (!is_valid(walk, node)) {
    return false;
  }
  for (size_t n = 0; n < node->n_input; n++) {
    if (node->input[n][0] == '\0') {
      continue;
    }
    const struct walk_value *value = walk_value(walk, node->input[n]);
    if (value->kind == VALUE_NONE) {
      return walk_refuse(walk, node,
                         "nothing before it makes its input %.60s; nodes have to stand in order",
                         node->input[n]);
    }
    reads_rows = reads_rows || value->kind == VALUE_ROWS;
    if (value->kind == VALUE_STATE) {
      state = value;
    }
  }
  walk->fold.node = walk_node_name(node);
  if (is(node, "If")) {
    return branch_visit(walk, node);
  }
  if (reads_rows && state != NULL && is(node, "GatherElements")) {
    return states_gather(walk, node, state);
  }
  if (reads_rows) {
    return operator_read(walk, node);
  }
  if (state != NULL) {
    return states_pass(walk, node, state);
  }
  if (!onnx_folds(node->op_type)) {
    return walk_refuse(walk, node, "this operator is not done on constants; export its result");
  }
  return fold(walk, node);
}

bool walk_graph(struct walk *walk) {
  const Onnx__Graph *graph = walk->graph;
  bool *needed = arena_alloc(walk->fold.arena, graph->n_node, sizeof *needed);
  if (!walk_take_names(walk)) {
    return false;
  }
  if (needed == NULL) {
    walk->fold.lost = true;
    trine_error_set(walk->fold.error, "There is no memory for %zu nodes.", graph->n_node);
    return false;
  }
  for (uint32_t n = 0; n < walk->given_count; n++) { /* walk_take_names took them */
    walk_value(walk, walk->given[n])->is_given = true;
  }
  mark_needed(walk, needed);
  if (!ends_take_initialisers(walk, graph) || !given_take_own(walk) || !ends_take_input(walk)) {
    return false;
  }
  ends_take_states(walk);
  for (size_t n = 0; n < graph->n_node; n++) {
    if (needed[n] && !walk_visit(walk, graph->node[n])) {
      return false;
    }
  }
  if (!states_agree(walk) || !outputs_take(walk)) {
    return false;
  }
  if (!tidy_network(walk)) {
    return false;
  }
  walk->network.time_major = walk->has_time_axis && walk->time_axis == AXIS_OPEN0;
  return true;
}
