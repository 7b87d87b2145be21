/* SPDX-License-Identifier: Apache-2.0 */
/* ends: what goes into a graph: constants and inputs; see walk.h. */
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

bool ends_take_initialisers(struct walk *walk, const Onnx__Graph *graph) {
  for (size_t n = 0; n < graph->n_initializer; n++) {
    const Onnx__Tensor *tensor = graph->initializer[n];
    struct walk_value *value = walk_value(walk, tensor->name);
    if (!value->is_wanted || value->is_given) {
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

const Onnx__TensorType *ends_type_of(const Onnx__Graph *graph, const char *name) {
  const Onnx__ValueInfo *info = info_of(graph, name);
  return info != NULL && info->type != NULL ? info->type->tensor_type : NULL;
}

int64_t ends_size_of(const Onnx__TensorType *type, size_t n) {
  const Onnx__Dimension *dim = type->shape->dim[n];
  return dim->has_dim_value && dim->dim_value > 0 && dim->dim_value <= INT32_MAX ? dim->dim_value
                                                                                 : 0;
}

bool ends_are_symbols(const Onnx__TensorType *type) {
  enum { INT32 = 6, INT64 = 7 };
  return type != NULL && (type->elem_type == INT32 || type->elem_type == INT64);
}

/* What the axes of an input may be, by its rank: as rows, the first being what most are. */
static const struct reading {
  uint32_t rank;
  bool symbols;
  enum row_axis axes[4];
  bool single; /* one sequence, without a batch axis */
} readings[] = {{3, false, {AXIS_OPEN0, AXIS_OPEN1, AXIS_WIDTH}, false},
                {3, false, {AXIS_OPEN0, AXIS_WIDTH, AXIS_OPEN1}, false}, /* channels first */
                {2, false, {AXIS_OPEN0, AXIS_WIDTH}, false},             /* a row a sequence */
                {2, false, {AXIS_OPEN0, AXIS_OPEN1}, false},             /* a number a step */
                {2, false, {AXIS_OPEN0, AXIS_WIDTH}, true},
                {4, false, {AXIS_OPEN0, AXIS_ONE, AXIS_OPEN1, AXIS_WIDTH}, false},
                {4, false, {AXIS_OPEN0, AXIS_OPEN1, AXIS_ONE, AXIS_WIDTH}, false},
                {2, true, {AXIS_OPEN0, AXIS_OPEN1}, false}};

static const struct reading *reading_of(size_t rank, bool symbols, uint32_t which) {
  for (size_t n = 0; n < sizeof readings / sizeof readings[0]; n++) {
    if (readings[n].rank == rank && readings[n].symbols == symbols && which-- == 0) {
      return &readings[n];
    }
  }
  return NULL;
}

static bool refuse_axes(struct walk *walk, const char *name, size_t rank) {
  trine_error_set(walk->fold.error,
                  "The input %.60s has %zu axes; sequences of rows have 3, of symbols 2.", name,
                  rank);
  return false;
}

/* Sizes of the input's axes as far as the file gives them; false where they are not possible. */
static bool take_sizes(struct walk *walk, const char *name, const struct reading *reading,
                       const Onnx__TensorType *type, uint32_t *width) {
  for (uint32_t n = 0; n < reading->rank; n++) {
    const int64_t size = ends_size_of(type, n);
    const enum row_axis axis = reading->axes[n];
    if (rows_is_open(axis)) {
      walk->open_size[axis == AXIS_OPEN0 ? 0 : 1] = size;
    } else if (axis == AXIS_ONE && size != 1) {
      return refuse_axes(walk, name, reading->rank);
    } else if (size > TRINE_ONNX_MAX_UNITS) {
      trine_error_set(walk->fold.error,
                      "The input %.60s has rows of %lld values; at most %d are read.", name,
                      (long long)size, TRINE_ONNX_MAX_UNITS);
      return false;
    } else if (axis == AXIS_WIDTH) {
      *width = (uint32_t)size;
    }
  }
  return true;
}

/* The input that leads: its first axes are the open ones. */
static bool take_lead(struct walk *walk) {
  const char *name = walk->given[walk->lead];
  const Onnx__TensorType *type = ends_type_of(walk->graph, name);
  const bool symbols = ends_are_symbols(type);
  const bool has_shape = type != NULL && type->shape != NULL;
  size_t rank;
  if (has_shape) {
    rank = type->shape->n_dim;
  } else if (symbols) {
    rank = 2;
  } else {
    rank = 3;
  }
  const struct reading *reading = reading_of(rank, symbols, walk->reading % READINGS);
  struct walk_value *value = walk_value(walk, name);
  if (reading == NULL) {
    return refuse_axes(walk, name, rank);
  }
  struct rows rows = {.rank = reading->rank, .part_count = 1};
  memcpy(rows.axis, reading->axes, sizeof reading->axes);
  bool has_row = false, has_time = symbols || reading->single;
  for (uint32_t n = 0; n < rows.rank; n++) {
    has_row = has_row || rows.axis[n] == AXIS_WIDTH;
    has_time = has_time || rows.axis[n] == AXIS_OPEN1;
  }
  uint32_t width = has_row ? 0 : 1;
  if (has_shape && !take_sizes(walk, name, reading, type, &width)) {
    return false;
  }
  if (reading->single) {
    walk->open_size[1] = 1;
    (void)rows_set_time(walk, AXIS_OPEN0);
  }
  rows.part[0] = walk_add_value(walk, name, has_time, width);
  walk->network.inputs[walk->lead] = rows.part[0];
  walk->are_symbols[walk->lead] = symbols;
  value->kind = VALUE_ROWS;
  value->rows = rows;
  return rows.part[0] != UINT32_MAX;
}

/* How much of an input the file leaves to the data: 0, a row a sequence; else 1 and one more for
 * each open size. */
static uint32_t openness(const Onnx__TensorType *type) {
  const bool has_steps =
      type == NULL || type->shape == NULL || ends_are_symbols(type) || type->shape->n_dim > 2;
  uint32_t open = has_steps ? 1 : 0;
  for (size_t n = 0; has_steps && type != NULL && type->shape != NULL && n < 2; n++) {
    open += n < type->shape->n_dim && ends_size_of(type, n) == 0;
  }
  return open;
}

/* Of the inputs of rows of each step the one that is most open, else the first. */
static uint32_t find_lead(const struct walk *walk) {
  uint32_t lead = 0, most = 0;
  for (uint32_t n = 0; n < walk->given_count; n++) {
    const uint32_t open = openness(ends_type_of(walk->graph, walk->given[n]));
    lead = open > most ? n : lead;
    most = open > most ? open : most;
  }
  return lead;
}

bool ends_take_input(struct walk *walk) {
  walk->lead = find_lead(walk);
  walk->network.input_count = walk->given_count;
  if (!take_lead(walk)) {
    return false;
  }
  if (walk->given_count == 1) {
    return true;
  }
  walk->batch_axis = walk->reading / READINGS % 2 == 0 ? AXIS_OPEN0 : AXIS_OPEN1;
  if (!rows_set_time(walk, rows_other(walk->batch_axis))) {
    trine_error_set(walk->fold.error,
                    "The input %.60s has no batch axis, and other inputs are beside it; export it "
                    "with one, of size 1.",
                    walk->given[walk->lead]);
    return false;
  }
  for (uint32_t n = 0; n < walk->given_count; n++) {
    if (n != walk->lead && !given_take_other(walk, n)) {
      return false;
    }
  }
  return true;
}

void ends_take_states(struct walk *walk) {
  for (size_t n = 0; n < walk->graph->n_input; n++) {
    struct walk_value *value = walk_value(walk, walk->graph->input[n]->name);
    if (value->kind == VALUE_NONE) {
      value->kind = VALUE_STATE;
      value->source = value->name;
    }
  }
}
