/* SPDX-License-Identifier: Apache-2.0 */
/* ends: what goes into a graph, constants and inputs, and what comes out; see walk.h. */
#include <string.h>

#include "onnx/walk.h"

static const Onnx__ValueInfo *info_of(const Onnx__Graph *graph, const char *name) {
  for (size_t n = 0; n < graph->n_input; n++) {
    if (graph->input[n]->name != NULL && strcmp(graph->input[n]->name, name) == 0) {
      return graph->input[n];
    }
  }
  for (size_t n = 0; n < graph->n_value_info; n++) {
    if (graph->value_info[n]->name != NULL && strcmp(graph->value_info[n]->name, name) == 0) {
      return graph->value_info[n];
    }
  }
  return NULL;
}

bool ends_take_initialisers(struct walk *walk) {
  for (size_t n = 0; n < walk->graph->n_initializer; n++) {
    const Onnx__Tensor *tensor = walk->graph->initializer[n];
    struct value *value = walk_value(walk, tensor->name);
    if (!value->is_wanted || strcmp(tensor->name, walk->cut.input) == 0) {
      continue;
    }
    walk->fold.node = tensor->name;
    value->array = onnx_array_of(&walk->fold, tensor);
    if (value->array == NULL) {
      return false;
    }
    value->kind = VALUE_ARRAY;
  }
  return true;
}

/* Axes of the input: symbols [.,.], rows [.,.,width], or (a lone row a sequence) [.,width]. */
bool ends_take_input(struct walk *walk) {
  enum { INT32 = 6, INT64 = 7 };
  const Onnx__ValueInfo *info = info_of(walk->graph, walk->cut.input);
  const Onnx__TensorType *type =
      info != NULL && info->type != NULL ? info->type->tensor_type : NULL;
  const bool symbols = type != NULL && (type->elem_type == INT32 || type->elem_type == INT64);
  const size_t rank = type != NULL && type->shape != NULL ? type->shape->n_dim : symbols ? 2 : 3;
  struct value *value = walk_value(walk, walk->cut.input);
  struct rows rows = {.rank = (uint32_t)rank, .axis = {AXIS_OPEN0, AXIS_OPEN1}, .part_count = 1};
  uint32_t width = symbols ? 1 : 0;
  if ((symbols && rank != 2) || (!symbols && rank != 2 && rank != 3)) {
    trine_error_set(walk->fold.error,
                    "The input %.60s has %zu axes; sequences of rows have 3, of symbols 2.",
                    walk->cut.input, rank);
    return false;
  }
  if (!symbols) {
    rows.axis[rank - 1] = AXIS_WIDTH;
    if (type != NULL && type->shape != NULL && type->shape->dim[rank - 1]->has_dim_value) {
      const int64_t size = type->shape->dim[rank - 1]->dim_value;
      width = size > 0 && size <= TRINE_ONNX_MAX_UNITS ? (uint32_t)size : 0;
    }
  }
  for (size_t n = 0; n < 2 && type != NULL && type->shape != NULL; n++) {
    const Onnx__Dimension *dim = type->shape->dim[n];
    walk->open_size[n] = dim->has_dim_value && dim->dim_value > 0 ? dim->dim_value : 0;
  }
  rows.part[0] = walk_add_value(walk, walk->cut.input, rank == 3 || symbols, width);
  walk->network.input = rows.part[0];
  walk->takes_symbols = symbols;
  value->kind = VALUE_ROWS;
  value->rows = rows;
  return rows.part[0] != UINT32_MAX;
}

void ends_take_states(struct walk *walk) {
  for (size_t n = 0; n < walk->graph->n_input; n++) {
    struct value *value = walk_value(walk, walk->graph->input[n]->name);
    if (value->kind == VALUE_NONE) {
      value->kind = VALUE_STATE;
      value->source = value->name;
    }
  }
}

/* The value that the caller wants, as one value of the network. */
bool ends_take_output(struct walk *walk) {
  struct value *value = walk_value(walk, walk->cut.output);
  Onnx__Node end = ONNX__NODE__INIT;
  char name[] = "output", op_type[] = "graph";
  end.name = name;
  end.op_type = op_type;
  if (value->kind != VALUE_ROWS) {
    trine_error_set(walk->fold.error,
                    "The output %.80s is not computed from the input %.80s; --inputs and --outputs "
                    "name others.",
                    walk->cut.output, walk->cut.input);
    return false;
  }
  if (value->rows.is_turned) {
    trine_error_set(walk->fold.error,
                    "The output %.80s has the steps from the last to the first; "
                    "turn them round again in the network.",
                    walk->cut.output);
    return false;
  }
  if (!rows_join(walk, &end, &value->rows, true)) {
    return false;
  }
  walk->network.output = value->rows.part[0];
  return true;
}
