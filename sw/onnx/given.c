/* SPDX-License-Identifier: Apache-2.0 */
/* given: which values of a graph go in as rows, and how those beside the first lie; see walk.h.
 *
 * An input that reaches an LSTM as its initial state or its lengths is none of them. The sizes of
 * batch and time are those of the input that leads; a sequence of another known length has steps of
 * its own. */
#include <stdlib.h>
#include <string.h>

#include "onnx/walk.h"

static bool is(const Onnx__Node *node, const char *op_type) {
  return strcmp(node->op_type, op_type) == 0;
}

/* --- Which --- */

/* Whether the graph has a value of that name, which may have commas in it. */
static bool is_name(const Onnx__Graph *graph, const char *name) {
  bool found = false;
  for (size_t n = 0; n < graph->n_input && !found; n++) {
    found = strcmp(graph->input[n]->name, name) == 0;
  }
  return found || names_are_made(graph, name);
}

/* One input more; false with the error set. */
static bool add(struct walk *walk, const char *name) {
  if (!is_name(walk->graph, name)) {
    trine_error_set(walk->fold.error,
                    "The graph has no value %.80s; --inputs takes names of inputs or of what nodes "
                    "make.",
                    name);
    return false;
  }
  for (uint32_t n = 0; n < walk->given_count; n++) {
    if (strcmp(walk->given[n], name) == 0) {
      return true;
    }
  }
  if (walk->given_count == TRINE_FLOAT_MAX_GIVEN) {
    trine_error_set(walk->fold.error,
                    "The graph has more than %d inputs; cut a part out of it with --inputs and "
                    "--outputs.",
                    TRINE_FLOAT_MAX_GIVEN);
    return false;
  }
  walk->given[walk->given_count++] = name;
  return true;
}

bool given_choose(struct walk *walk, const char *names) {
  if (names == NULL) {
    return true;
  }
  return is_name(walk->graph, names) ? add(walk, names) : names_each(walk, names, add);
}

/* What hands a state or lengths on as they are, but for order and number. */
static bool hands_on(const Onnx__Node *node) {
  static const char *const kinds[] = {"Identity",  "Cast",   "Squeeze", "Unsqueeze", "Reshape",
                                      "Transpose", "Slice",  "Gather",  "Expand",    "Add",
                                      "Sub",       "Concat", "Split"};
  for (size_t n = 0; n < sizeof kinds / sizeof kinds[0]; n++) {
    if (is(node, kinds[n])) {
      return true;
    }
  }
  return false;
}

static void mark(struct walk *walk, const Onnx__Node *node, size_t first, size_t last) {
  for (size_t n = first; n < node->n_input && n <= last; n++) {
    struct walk_value *value = walk_given(node, n) ? walk_value(walk, node->input[n]) : NULL;
    if (value != NULL) {
      value->is_start = true;
    }
  }
}

/* Marks what LSTMs start from, and what that is handed on from: backwards, so that each is reached
 * before what makes it. */
// NOLINTNEXTLINE(misc-no-recursion)
static void mark_starts(struct walk *walk, const Onnx__Graph *graph) {
  enum { LENGTHS = 4, IN_C = 6, PEEPHOLES = 7 };
  for (size_t n = graph->n_node; n-- > 0;) {
    const Onnx__Node *node = graph->node[n];
    for (size_t k = 0; k < node->n_attribute; k++) {
      if (node->attribute[k]->g != NULL) {
        mark_starts(walk, node->attribute[k]->g);
      }
    }
    if (is(node, "LSTM") || is(node, "GRU") || is(node, "RNN")) {
      mark(walk, node, LENGTHS, IN_C);
    } else if (is(node, "DynamicQuantizeLSTM")) {
      mark(walk, node, LENGTHS, PEEPHOLES - 1);
    } else if (is(node, "GatherElements") || is(node, "ReverseSequence")) {
      mark(walk, node, 1, 1);
    }
    bool starts = false;
    for (size_t k = 0; k < node->n_output && hands_on(node); k++) {
      const struct walk_value *made =
          node->output[k][0] == '\0' ? NULL : walk_value(walk, node->output[k]);
      starts = starts || (made != NULL && made->is_start);
    }
    if (starts) {
      mark(walk, node, 0, is(node, "Concat") ? node->n_input : 0);
    }
  }
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The first input that is not the name of a constant too; NULL when there is none. Older files list
 * constants among the inputs, so their names are sorted first. */
static const char *first_input(const Onnx__Graph *graph, struct arena *arena) {
  const char **names = arena_alloc(arena, graph->n_initializer, sizeof *names);
  for (size_t n = 0; n < graph->n_initializer && names != NULL; n++) {
    names[n] = graph->initializer[n]->name;
  }
  if (names != NULL) {
    qsort(names, graph->n_initializer, sizeof *names, by_text);
  }
  for (size_t n = 0; n < graph->n_input && names != NULL; n++) {
    const char *name = graph->input[n]->name;
    if (bsearch(&name, names, graph->n_initializer, sizeof *names, by_text) == NULL) {
      return name;
    }
  }
  return NULL;
}

/* Whether an input can be rows, as far as its type says; the first one is whatever it is. */
static bool can_be_rows(const struct walk *walk, const char *name) {
  enum { FLOAT = 1, FLOAT16 = 10, DOUBLE = 11 };
  const Onnx__TensorType *type = ends_type_of(walk->graph, name);
  return type != NULL && type->shape != NULL && type->shape->n_dim >= 1 &&
         type->shape->n_dim <= 3 &&
         (ends_are_symbols(type) || type->elem_type == FLOAT || type->elem_type == FLOAT16 ||
          type->elem_type == DOUBLE);
}

bool given_take_own(struct walk *walk) {
  const Onnx__Graph *graph = walk->graph;
  const char *first = first_input(graph, walk->fold.arena);
  mark_starts(walk, graph);
  for (size_t n = 0; n < graph->n_input; n++) {
    const struct walk_value *value = walk_value(walk, graph->input[n]->name);
    const bool is_first = first != NULL && strcmp(value->name, first) == 0;
    const bool is_rows = value->is_wanted && !value->is_start && !value->is_given &&
                         value->kind == VALUE_NONE; /* else a constant: older files list them */
    if (is_rows && (is_first || can_be_rows(walk, value->name)) && !add(walk, value->name)) {
      return false;
    }
  }
  if (walk->given_count == 0 && first != NULL && !add(walk, first)) {
    return false;
  }
  for (uint32_t n = 0; n < walk->given_count; n++) {
    walk_value(walk, walk->given[n])->is_given = true;
  }
  if (walk->given_count == 0) {
    trine_error_set(walk->fold.error, "The graph has no input; it needs one.");
  }
  return walk->given_count > 0;
}

bool given_is(const struct walk *walk, uint32_t value) {
  for (uint32_t n = 0; n < walk->network.input_count; n++) {
    if (walk->network.inputs[n] == value) {
      return true;
    }
  }
  return false;
}

bool given_is_symbols(const struct walk *walk, uint32_t value) {
  for (uint32_t n = 0; n < walk->network.input_count; n++) {
    if (walk->network.inputs[n] == value) {
      return walk->are_symbols[n];
    }
  }
  return false;
}

/* --- How the others lie --- */

/* Whether an axis of the file can be an open one: of the same size, as far as both are known. */
static bool is_size(const struct walk *walk, const Onnx__TensorType *type, size_t at,
                    enum row_axis axis) {
  const int64_t own = ends_size_of(type, at), open = rows_open_size(walk, axis);
  return own == 0 || open == 0 || own == open;
}

/* Whether an axis is of a known number of steps that is not the sequence's. */
static bool has_own_steps(const struct walk *walk, const Onnx__TensorType *type, size_t at,
                          enum row_axis time) {
  const int64_t own = ends_size_of(type, at);
  return own != 0 && own != rows_open_size(walk, time);
}

/* A known number of steps that is not the sequence's, or (in half of the readings) the one that the
 * input which leads leaves open. */
static void take_steps(struct walk *walk, int64_t steps, enum row_axis time, enum row_axis *axis) {
  if (walk->reading < READINGS_OF_SEVERAL / 2 || rows_open_size(walk, time) != 0) {
    *axis = AXIS_STEPS;
  } else {
    walk->open_size[time == AXIS_OPEN0 ? 0 : 1] = steps;
  }
}

/* Axes as exporters write them: rows of each step, with the steps where those of the input that
 * leads are; a row a sequence, or (turn 1) a number a step; one number a sequence. */
static bool find_axes(struct walk *walk, const Onnx__TensorType *type, bool symbols, bool turn,
                      struct rows *rows) {
  const enum row_axis batch = walk->batch_axis, time = rows_other(batch);
  const struct rows *lead = &walk_value(walk, walk->given[walk->lead])->rows;
  const uint32_t first = batch == AXIS_OPEN0 ? 0 : 1;
  *rows = (struct rows){.rank = (uint32_t)type->shape->n_dim, .part_count = 1};
  if (rows->rank == 3 && !symbols) {
    rows->axis[first] = batch;
    rows->axis[1 - first] = time;
    rows->axis[2] = AXIS_WIDTH;
    if (lead->rank == 3) {
      memcpy(rows->axis, lead->axis, 3 * sizeof rows->axis[0]);
    }
  } else if (rows->rank == 2 && (symbols || turn)) {
    rows->axis[first] = batch;
    rows->axis[1 - first] = time;
  } else if (rows->rank == 2) {
    rows->axis[0] = batch;
    rows->axis[1] = AXIS_WIDTH;
  } else if (rows->rank == 1) {
    rows->axis[0] = turn ? AXIS_WIDTH : batch;
  } else {
    return false;
  }
  bool fits = true;
  for (uint32_t n = 0; n < rows->rank; n++) {
    fits = fits && (rows->axis[n] != batch || is_size(walk, type, n, batch));
    if (rows->axis[n] == time && has_own_steps(walk, type, n, time)) {
      take_steps(walk, ends_size_of(type, n), time, &rows->axis[n]);
    }
  }
  /* Without a batch axis there is one sequence. */
  return fits && (rows->rank != 1 || !turn || rows_open_size(walk, batch) == 1);
}

bool given_take_other(struct walk *walk, uint32_t index) {
  const char *name = walk->given[index];
  struct walk_value *value = walk_value(walk, name);
  const Onnx__TensorType *type = ends_type_of(walk->graph, name);
  const bool symbols = ends_are_symbols(type);
  const bool turn = walk->reading / (2 * READINGS) % 2 == 1;
  struct rows rows;
  if (!can_be_rows(walk, name)) {
    trine_error_set(walk->fold.error,
                    "The input %.60s is one of %u, and the file does not say that it is float or "
                    "whole numbers with 1 to 3 axes; export it with its shape.",
                    name, walk->given_count);
    return false;
  }
  if (!find_axes(walk, type, symbols, turn, &rows)) {
    trine_error_set(walk->fold.error,
                    "The input %.60s has %zu axes, which do not go with those of %.60s; beside it "
                    "can be rows [batch,time,values], or [batch,values].",
                    name, type->shape->n_dim, walk->given[walk->lead]);
    return false;
  }
  bool has_time = false;
  int64_t width = 1, steps = 0;
  for (uint32_t n = 0; n < rows.rank; n++) {
    const enum row_axis axis = rows.axis[n];
    has_time = has_time || axis == AXIS_STEPS || axis == rows_other(walk->batch_axis);
    steps = axis == AXIS_STEPS ? ends_size_of(type, n) : steps;
    width = axis == AXIS_WIDTH ? ends_size_of(type, n) : width;
  }
  if (width > TRINE_ONNX_MAX_UNITS || steps > TRINE_ONNX_MAX_UNITS) {
    trine_error_set(walk->fold.error,
                    "The input %.60s has %lld steps of %lld values; at most %d of each are read.",
                    name, (long long)steps, (long long)width, TRINE_ONNX_MAX_UNITS);
    return false;
  }
  rows.part[0] = walk_add_value(walk, name, has_time, (uint32_t)width);
  if (rows.part[0] == UINT32_MAX) {
    return false;
  }
  walk->made_values[rows.part[0]].steps = (uint32_t)steps;
  walk->network.inputs[index] = rows.part[0];
  walk->are_symbols[index] = symbols;
  value->kind = VALUE_ROWS;
  value->rows = rows;
  return true;
}
