/* SPDX-License-Identifier: Apache-2.0 */
/* ends: what goes into a graph, constants and inputs, and what comes out; see walk.h. */
#include <stdio.h>
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

/* A size that the file gives, 0 when it is open. */
static int64_t size_of(const Onnx__TensorType *type, size_t n) {
  const Onnx__Dimension *dim = type->shape->dim[n];
  return dim->has_dim_value && dim->dim_value > 0 && dim->dim_value <= INT32_MAX ? dim->dim_value
                                                                                 : 0;
}

/* What the axes of an input may be, by its rank: as rows, the first being what most are. */
static const struct reading {
  uint32_t rank;
  bool symbols;
  enum axis axes[4];
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

static bool refuse_axes(struct walk *walk, size_t rank) {
  trine_error_set(walk->fold.error,
                  "The input %.60s has %zu axes; sequences of rows have 3, of symbols 2.",
                  walk->cut.input, rank);
  return false;
}

/* Sizes of the input's axes as far as the file gives them; false where they are not possible. */
static bool take_sizes(struct walk *walk, const struct reading *reading,
                       const Onnx__TensorType *type, uint32_t *width) {
  for (uint32_t n = 0; n < reading->rank; n++) {
    const int64_t size = size_of(type, n);
    const enum axis axis = reading->axes[n];
    if (rows_is_open(axis)) {
      walk->open_size[axis == AXIS_OPEN0 ? 0 : 1] = size;
    } else if (axis == AXIS_ONE && size != 1) {
      return refuse_axes(walk, reading->rank);
    } else if (size > TRINE_ONNX_MAX_UNITS) {
      trine_error_set(walk->fold.error,
                      "The input %.60s has rows of %lld values; at most %d are read.",
                      walk->cut.input, (long long)size, TRINE_ONNX_MAX_UNITS);
      return false;
    } else if (axis == AXIS_WIDTH) {
      *width = (uint32_t)size;
    }
  }
  return true;
}

bool ends_take_input(struct walk *walk) {
  enum { INT32 = 6, INT64 = 7 };
  const Onnx__ValueInfo *info = info_of(walk->graph, walk->cut.input);
  const Onnx__TensorType *type =
      info != NULL && info->type != NULL ? info->type->tensor_type : NULL;
  const bool symbols = type != NULL && (type->elem_type == INT32 || type->elem_type == INT64);
  const bool has_shape = type != NULL && type->shape != NULL;
  const size_t rank = has_shape ? type->shape->n_dim : symbols ? 2 : 3;
  const struct reading *reading = reading_of(rank, symbols, walk->reading);
  struct value *value = walk_value(walk, walk->cut.input);
  if (reading == NULL) {
    return refuse_axes(walk, rank);
  }
  struct rows rows = {.rank = reading->rank, .part_count = 1};
  memcpy(rows.axis, reading->axes, sizeof reading->axes);
  bool has_row = false, has_time = symbols || reading->single;
  for (uint32_t n = 0; n < rows.rank; n++) {
    has_row = has_row || rows.axis[n] == AXIS_WIDTH;
    has_time = has_time || rows.axis[n] == AXIS_OPEN1;
  }
  uint32_t width = has_row ? 0 : 1;
  if (has_shape && !take_sizes(walk, reading, type, &width)) {
    return false;
  }
  if (reading->single) {
    walk->open_size[1] = 1;
    (void)rows_set_time(walk, AXIS_OPEN0);
  }
  rows.part[0] = walk_add_value(walk, walk->cut.input, has_time, width);
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

/* --- The output --- */

/* The graph's axes in the words of onnx.h. */
static struct trine_onnx_layout layout_of(const struct rows *rows) {
  static const enum trine_onnx_axis axes[] = {[AXIS_ONE] = TRINE_ONNX_ONE,
                                              [AXIS_OPEN0] = TRINE_ONNX_FIRST,
                                              [AXIS_OPEN1] = TRINE_ONNX_SECOND,
                                              [AXIS_MERGED] = TRINE_ONNX_MERGED,
                                              [AXIS_MERGED_TURNED] = TRINE_ONNX_MERGED_TURNED,
                                              [AXIS_PARTS] = TRINE_ONNX_PARTS,
                                              [AXIS_WIDTH] = TRINE_ONNX_WIDTH};
  struct trine_onnx_layout layout = {.rank = rows->rank, .parts = rows->part_count};
  for (uint32_t n = 0; n < rows->rank; n++) {
    layout.axis[n] = axes[rows->axis[n]];
  }
  return layout;
}

/* A layout as "[batch,time,8]". */
static void layout_text(const struct walk *walk, const struct rows *rows, char *text, size_t size) {
  const bool time_first = walk->has_time_axis && walk->time_axis == AXIS_OPEN0;
  const char *first = time_first ? "time" : "batch", *second = time_first ? "batch" : "time";
  size_t length = 0;
  for (uint32_t n = 0; n < rows->rank && length < size; n++) {
    const char *before = n == 0 ? "[" : ",";
    char *to = text + length;
    const size_t left = size - length;
    const enum axis axis = rows->axis[n];
    const bool turned = axis == AXIS_MERGED_TURNED;
    length +=
        (size_t)(axis == AXIS_OPEN0   ? snprintf(to, left, "%s%s", before, first)
                 : axis == AXIS_OPEN1 ? snprintf(to, left, "%s%s", before, second)
                 : turned || axis == AXIS_MERGED
                     ? snprintf(to, left, "%s%s*%s", before, turned ? second : first,
                                turned ? first : second)
                 : axis == AXIS_PARTS ? snprintf(to, left, "%s%u", before, rows->part_count)
                 : axis == AXIS_WIDTH ? snprintf(to, left, "%s%u", before, rows_width(walk, rows))
                                      : snprintf(to, left, "%s1", before));
  }
  if (length < size) {
    (void)snprintf(text + length, size - length, "%s", rows->rank == 0 ? "[]" : "]");
  }
}

/* Says so when the rows come in another layout than the graph's; `given` is that. */
static void note_layout(struct walk *walk, const char *what, const char *name,
                        const struct rows *given, uint32_t part) {
  char from[96], to[96];
  const bool has_time = walk->made_values[part].has_time;
  struct rows here = {.rank = has_time ? 3 : 2,
                      .axis = {AXIS_OPEN0, has_time ? AXIS_OPEN1 : AXIS_WIDTH, AXIS_WIDTH},
                      .part_count = 1,
                      .part = {part}};
  if (!has_time && walk->has_time_axis) {
    here.axis[0] = rows_other(walk->time_axis);
  }
  layout_text(walk, given, from, sizeof from);
  layout_text(walk, &here, to, sizeof to);
  if (strcmp(from, to) != 0) {
    walk_note(walk, "The graph's %s %.60s is %s; here it comes as %s.", what, name, from, to);
  }
}

/* Outputs of the graph that nobody chose. */
static void note_left_out(struct walk *walk) {
  char names[120] = "";
  size_t length = 0;
  if (walk->chose_output || walk->graph->n_output < 2) {
    return;
  }
  for (size_t n = 0; n < walk->graph->n_output && length < sizeof names; n++) {
    const char *name = walk->graph->output[n]->name;
    if (strcmp(name, walk->cut.output) != 0) {
      length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                 length == 0 ? "" : ", ", name);
    }
  }
  walk_note(walk, "%zu more output%s of the graph %s left out: %s%s; --outputs takes one of them.",
            walk->graph->n_output - 1, walk->graph->n_output == 2 ? "" : "s",
            walk->graph->n_output == 2 ? "is" : "are", names, length < sizeof names ? "" : "...");
}

/* Behind the end of a sequence the rows of an LSTM are 0 here and there; a head makes more of them
 * in the graph. */
static void note_padding(struct walk *walk, uint32_t part) {
  const uint32_t maker = walk->made[part].node;
  if (walk->lengths != NULL && walk->made_values[part].has_time && maker != UINT32_MAX &&
      walk->made_nodes[maker].op != TRINE_FLOAT_LSTM &&
      walk->made_nodes[maker].op != TRINE_FLOAT_CONCAT) {
    walk_note(walk,
              "Rows of %.60s behind the end of a sequence are 0 here, whatever the graph "
              "makes of the padding.",
              walk->cut.output);
  }
}

static bool refuse_output(struct walk *walk, const struct value *value) {
  if (value->kind == VALUE_ROWS) {
    trine_error_set(walk->fold.error,
                    "The output %.80s is a final cell state, which comes with --state-out; choose "
                    "an output of rows with --outputs.",
                    walk->cut.output);
  } else {
    trine_error_set(walk->fold.error,
                    "The output %.80s is not computed from the input %.80s; --inputs and --outputs "
                    "name values of the graph.",
                    walk->cut.output, walk->cut.input);
  }
  return false;
}

/* The value that the caller wants, as one value of the network. */
bool ends_take_output(struct walk *walk) {
  struct value *value = walk_value(walk, walk->cut.output);
  Onnx__Node end = ONNX__NODE__INIT;
  /* Names are kept with the network. */
  static char name[] = "output", op_type[] = "graph";
  end.name = name;
  end.op_type = op_type;
  if (value->kind != VALUE_ROWS || walk->made[value->rows.part[0]].is_cell) {
    return refuse_output(walk, value);
  }
  if (value->rows.is_turned) {
    trine_error_set(walk->fold.error,
                    "The output %.80s has the steps from the last to the first; "
                    "turn them round again in the network.",
                    walk->cut.output);
    return false;
  }
  struct rows rows = value->rows;
  if (!rows_join_parts(walk, &end, &rows)) {
    return false;
  }
  const struct rows *input = &walk_value(walk, walk->cut.input)->rows;
  walk->layout = layout_of(&value->rows);
  walk->in_layout = layout_of(input);
  note_left_out(walk);
  note_layout(walk, "output", walk->cut.output, &value->rows, rows.part[0]);
  if (!walk->takes_symbols) {
    note_layout(walk, "input", walk->cut.input, input, walk->network.input);
  }
  note_padding(walk, rows.part[0]);
  walk->network.output = rows.part[0];
  return true;
}
