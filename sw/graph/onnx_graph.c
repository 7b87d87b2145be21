/* SPDX-License-Identifier: Apache-2.0 */
/* onnx_graph: tensors by their names, constants and ends, see onnx_graph.h. */
#include "graph/onnx_graph.h"

#include <stdlib.h>
#include <string.h>

#include "graph/onnx_nodes.h"
#include "io/text.h"
#include "onnx/unpack.h"

enum { NAME_BYTES = 63 };

const char *onnx_copy_text(struct onnx_source *source, const char *name) {
  const size_t length = name == NULL ? 0 : strnlen(name, NAME_BYTES);
  char *text = arena_alloc(source->fold.arena, length + 1, 1);
  if (text == NULL) {
    trine_error_set(source->fold.error, "no memory for a name");
  } else if (length > 0) {
    memcpy(text, name, length);
    trine_text_clean(text);
  }
  return text;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int32_t onnx_tensor_of(const struct onnx_source *source, const char *name) {
  const char **found =
      bsearch(&name, source->names, source->name_count, sizeof *source->names, by_text);
  return found == NULL ? -1 : (int32_t)(found - source->names);
}

bool onnx_hold(struct graph_tensor *tensor, const struct onnx_array *array) {
  if (array == NULL) {
    return false;
  }
  tensor->type = array->is_float ? GRAPH_FLOAT : GRAPH_INT;
  tensor->type_name = array->is_float ? "float" : "int64";
  tensor->rank = array->rank;
  tensor->elements = (size_t)array->count;
  tensor->floats = array->floats;
  tensor->ints = array->integers;
  for (uint32_t n = 0; n < array->rank; n++) {
    tensor->shape[n] = (uint32_t)array->dims[n];
  }
  return true;
}

/* Names that the nodes of a body read, bodies within it included; counts them only without a list.
 */
// NOLINTNEXTLINE(misc-no-recursion)
static size_t names_read(const Onnx__Graph *graph, const char **names, size_t count) {
  for (size_t n = 0; n < graph->n_node; n++) {
    const Onnx__Node *node = graph->node[n];
    for (size_t k = 0; k < node->n_input; k++, count++) {
      if (names != NULL) {
        names[count] = node->input[k];
      }
    }
    for (size_t k = 0; k < node->n_attribute; k++) {
      if (node->attribute[k]->g != NULL) {
        count = names_read(node->attribute[k]->g, names, count);
      }
    }
  }
  for (size_t n = 0; n < graph->n_output; n++, count++) {
    if (names != NULL) {
      names[count] = graph->output[n]->name;
    }
  }
  return count;
}

/* Every name of a value once, sorted. */
static bool gather_names(struct onnx_source *source) {
  const Onnx__Graph *graph = source->graph;
  size_t most = graph->n_initializer + graph->n_input, count = 0;
  for (size_t n = 0; n < graph->n_node; n++) {
    most += graph->node[n]->n_output;
  }
  most += source->outer == NULL ? 0 : names_read(graph, NULL, 0);
  most += source->beside == NULL ? 0 : names_read(source->beside, NULL, 0);
  if (most > GRAPH_MAX_TENSORS / 2 || graph->n_node > GRAPH_MAX_TENSORS / 8) {
    trine_error_set(source->fold.error, "the graph has %zu values, the limit is %d", most,
                    GRAPH_MAX_TENSORS / 2);
    return false;
  }
  const size_t room = most + ONNX_NODE_MAX_ADDED * graph->n_node;
  source->names = arena_alloc(source->fold.arena, most, sizeof *source->names);
  source->tensors = arena_alloc(source->fold.arena, room, sizeof *source->tensors);
  if (source->names == NULL || source->tensors == NULL) {
    trine_error_set(source->fold.error, "no memory for %zu values", most);
    return false;
  }
  for (size_t n = 0; n < graph->n_initializer; n++) {
    source->names[count++] = graph->initializer[n]->name;
  }
  for (size_t n = 0; n < graph->n_input; n++) {
    source->names[count++] = graph->input[n]->name;
  }
  for (size_t n = 0; n < graph->n_node; n++) {
    for (size_t k = 0; k < graph->node[n]->n_output; k++) {
      source->names[count++] = graph->node[n]->output[k];
    }
  }
  count = source->outer == NULL ? count : names_read(graph, source->names, count);
  count = source->beside == NULL ? count : names_read(source->beside, source->names, count);
  qsort(source->names, count, sizeof *source->names, by_text);
  for (size_t n = 0; n < count; n++) {
    if (n == 0 || strcmp(source->names[n], source->names[source->name_count - 1]) != 0) {
      source->names[source->name_count++] = source->names[n];
    }
  }
  source->tensor_count = source->name_count;
  for (uint32_t n = 0; n < source->name_count; n++) {
    struct graph_tensor *tensor = &source->tensors[n];
    *tensor = (struct graph_tensor){.type = GRAPH_FLOAT, .type_name = "float", .elements = 1};
    tensor->name = onnx_copy_text(source, source->names[n]);
    if (tensor->name == NULL) {
      return false;
    }
  }
  return true;
}

static bool read_constants(struct onnx_source *source) {
  const Onnx__Graph *graph = source->graph;
  for (size_t n = 0; n < graph->n_initializer; n++) {
    source->fold.node = graph->initializer[n]->name;
    if (!onnx_hold(&source->tensors[onnx_tensor_of(source, graph->initializer[n]->name)],
                   onnx_array_of(&source->fold, graph->initializer[n]))) {
      return false;
    }
  }
  return true;
}

static bool is_own(const struct onnx_source *source, const char *name) {
  const Onnx__Graph *graph = source->graph;
  bool own = name[0] == '\0';
  for (size_t n = 0; n < graph->n_initializer && !own; n++) {
    own = strcmp(graph->initializer[n]->name, name) == 0;
  }
  for (size_t n = 0; n < graph->n_input && !own; n++) {
    own = strcmp(graph->input[n]->name, name) == 0;
  }
  for (size_t n = 0; n < graph->n_node && !own; n++) {
    for (size_t k = 0; k < graph->node[n]->n_output && !own; k++) {
      own = strcmp(graph->node[n]->output[k], name) == 0;
    }
  }
  return own;
}

/* What a body reads from around it: constants are its own too, the rest becomes operands. */
static bool capture(struct onnx_source *source) {
  const struct onnx_source *outer = source->outer;
  if (outer == NULL) {
    return true;
  }
  source->captured = arena_alloc(source->fold.arena, source->name_count, sizeof *source->captured);
  source->captured_from =
      arena_alloc(source->fold.arena, source->name_count, sizeof *source->captured_from);
  if (source->captured == NULL || source->captured_from == NULL) {
    trine_error_set(source->fold.error, "no memory for %u values", source->name_count);
    return false;
  }
  for (uint32_t n = 0; n < source->name_count; n++) {
    const int32_t from = onnx_tensor_of(outer, source->names[n]);
    if (from < 0 || is_own(source, source->names[n])) {
      continue;
    }
    const struct graph_tensor *tensor = &outer->tensors[from];
    if (tensor->floats != NULL || tensor->ints != NULL) {
      source->tensors[n] = *tensor;
    } else {
      source->tensors[n].type = tensor->type;
      source->captured[source->captured_count] = (int32_t)n;
      source->captured_from[source->captured_count++] = from;
    }
  }
  return true;
}

/* The type of a value, and its shape where the file says one. */
static const Onnx__Shape *read_type(const Onnx__ValueInfo *info, struct graph_tensor *tensor) {
  const Onnx__TensorType *type = info->type == NULL ? NULL : info->type->tensor_type;
  const int32_t code = type == NULL ? 0 : type->elem_type;
  if (code == TYPE_FLOAT) {
    tensor->type = GRAPH_FLOAT;
    tensor->type_name = "float";
  } else if (code == TYPE_INT32 || code == TYPE_INT64) {
    tensor->type = GRAPH_INT;
    tensor->type_name = "whole numbers";
  } else {
    tensor->type = GRAPH_ALIEN;
    tensor->type_name = "of another type";
  }
  return type == NULL ? NULL : type->shape;
}

/* Sizes, an open one as 1; false where they are more elements than the limit. */
static bool read_sizes(const struct onnx_source *source, const Onnx__Shape *shape,
                       struct graph_tensor *tensor) {
  tensor->elements = 1;
  tensor->rank = (uint32_t)shape->n_dim;
  for (uint32_t n = 0; n < tensor->rank; n++) {
    const int64_t size = shape->dim[n]->has_dim_value ? shape->dim[n]->dim_value : 0;
    tensor->open[n] = (n == 0 || source->graphs->room > 1) && size < 1; /* steps: with loops */
    if (size < 1) {
      tensor->shape[n] = 1;
    } else if (size > GRAPH_MAX_ELEMENTS) {
      tensor->shape[n] = UINT32_MAX;
    } else {
      tensor->shape[n] = (uint32_t)size;
    }
    if (tensor->shape[n] > GRAPH_MAX_ELEMENTS / tensor->elements) {
      return false;
    }
    tensor->elements *= tensor->shape[n];
  }
  return true;
}

static bool read_input(struct onnx_source *source, const Onnx__ValueInfo *in,
                       struct graph_tensor *tensor) {
  const Onnx__Shape *shape = read_type(in, tensor);
  if (shape == NULL || shape->n_dim > GRAPH_MAX_RANK) {
    trine_error_set(source->fold.error, "the input '%s' has %zu dimensions, the range is 0..%d",
                    tensor->name, shape == NULL ? 0 : shape->n_dim, GRAPH_MAX_RANK);
    return false;
  }
  if (!read_sizes(source, shape, tensor)) {
    trine_error_set(source->fold.error, "the input '%s' has more than %d elements, the limit",
                    tensor->name, GRAPH_MAX_ELEMENTS);
    return false;
  }
  return true;
}

/* What the file says of values that nodes make: a part may begin with them. */
static void read_values(const struct onnx_source *source) {
  const Onnx__Graph *graph = source->graph;
  for (size_t n = 0; n < graph->n_value_info && source->outer == NULL; n++) {
    const Onnx__ValueInfo *info = graph->value_info[n];
    const int32_t at = info->name == NULL ? -1 : onnx_tensor_of(source, info->name);
    struct graph_tensor told = {.elements = 0};
    const Onnx__Shape *shape = at < 0 ? NULL : read_type(info, &told);
    if (shape == NULL || shape->n_dim > GRAPH_MAX_RANK || told.type != GRAPH_FLOAT ||
        source->tensors[at].type != GRAPH_FLOAT || source->tensors[at].floats != NULL ||
        !read_sizes(source, shape, &told)) {
      continue;
    }
    told.name = source->tensors[at].name;
    source->tensors[at] = told;
  }
}

static bool read_ends(struct onnx_source *source, struct graph_sub *sub) {
  const Onnx__Graph *graph = source->graph;
  read_values(source);
  int32_t *inputs =
      arena_alloc(source->fold.arena, graph->n_input + source->captured_count, sizeof *inputs);
  int32_t *outputs = arena_alloc(source->fold.arena, graph->n_output, sizeof *outputs);
  if (inputs == NULL || outputs == NULL) {
    trine_error_set(source->fold.error, "no memory for %zu ends", graph->n_output);
    return false;
  }
  for (size_t n = 0; n < graph->n_input; n++) {
    const int32_t at = onnx_tensor_of(source, graph->input[n]->name);
    struct graph_tensor *tensor = &source->tensors[at];
    if (tensor->floats != NULL || tensor->ints != NULL) {
      continue; /* a constant, listed by older files */
    }
    if (source->outer == NULL && !read_input(source, graph->input[n], tensor)) {
      return false;
    }
    inputs[sub->input_count++] = at;
  }
  for (uint32_t n = 0; n < source->captured_count; n++) {
    inputs[sub->input_count++] = source->captured[n];
  }
  for (size_t n = 0; n < graph->n_output; n++) {
    outputs[n] = onnx_tensor_of(source, graph->output[n]->name);
    if (outputs[n] < 0) {
      trine_error_set(source->fold.error, "the output '%s' is computed by no node; one has to",
                      graph->output[n]->name);
      return false;
    }
  }
  sub->output_count = (uint32_t)graph->n_output;
  sub->inputs = inputs;
  sub->outputs = outputs;
  return true;
}

// NOLINTNEXTLINE(misc-no-recursion)
static uint32_t count_graphs(const Onnx__Graph *graph) {
  uint32_t count = 1;
  for (size_t n = 0; n < graph->n_node; n++) {
    for (size_t k = 0; k < graph->node[n]->n_attribute; k++) {
      const Onnx__Graph *within = graph->node[n]->attribute[k]->g;
      count += within == NULL ? 0 : count_graphs(within);
    }
  }
  return count;
}

// NOLINTNEXTLINE(misc-no-recursion)
bool onnx_read_graph(struct onnx_source *source, uint32_t *index) {
  struct onnx_graphs *graphs = source->graphs;
  *index = graphs->count++;
  struct graph_sub *sub = &graphs->subs[*index];
  const bool good = gather_names(source) && capture(source) && read_constants(source) &&
                    read_ends(source, sub) && onnx_read_nodes(source, sub);
  sub->tensors = source->tensors;
  sub->tensor_count = source->tensor_count;
  return good;
}

bool onnx_graph_read(const void *bytes, size_t len_bytes, const char *folder, struct arena *arena,
                     struct graph *graph, struct trine_error *error) {
  Onnx__Model *file = NULL;
  if (onnx_unpack(bytes, len_bytes, &file, error) != TRINE_OK) {
    return false;
  }
  struct onnx_graphs graphs = {.room = count_graphs(file->graph)};
  struct onnx_source source = {.graph = file->graph,
                               .graphs = &graphs,
                               .fold = {.arena = arena,
                                        .error = error,
                                        .folder = folder,
                                        .node = "",
                                        .budget = onnx_budget(len_bytes),
                                        .opset = onnx_opset(file)}};
  uint32_t index = 0;
  graphs.subs = arena_alloc(arena, graphs.room, sizeof *graphs.subs);
  if (graphs.subs == NULL) {
    trine_error_set(error, "no memory for a graph");
  }
  const bool good = graphs.subs != NULL && onnx_read_graph(&source, &index);
  if (good) {
    *graph = (struct graph){.sub_count = graphs.count, .subs = graphs.subs, .len_bytes = len_bytes};
  }
  onnx__model__free_unpacked(file, NULL);
  return good;
}
