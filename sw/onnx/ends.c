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

/* A size that the file gives, 0 when it is open. */
static int64_t size_of(const Onnx__TensorType *type, size_t n) {
  const Onnx__Dimension *dim = type->shape->dim[n];
  return dim->has_dim_value && dim->dim_value > 0 && dim->dim_value <= INT32_MAX ? dim->dim_value
                                                                                 : 0;
}

/* Axes of the input: symbols [.,.], rows [.,.,width], or (a lone row a sequence) [.,width]. */
bool ends_take_input(struct walk *walk) {
  enum { INT32 = 6, INT64 = 7 };
  const Onnx__ValueInfo *info = info_of(walk->graph, walk->cut.input);
  const Onnx__TensorType *type =
      info != NULL && info->type != NULL ? info->type->tensor_type : NULL;
  const bool symbols = type != NULL && (type->elem_type == INT32 || type->elem_type == INT64);
  const bool has_shape = type != NULL && type->shape != NULL;
  const size_t rank = has_shape ? type->shape->n_dim : symbols ? 2 : 3;
  struct value *value = walk_value(walk, walk->cut.input);
  struct rows rows = {.rank = (uint32_t)rank, .axis = {AXIS_OPEN0, AXIS_OPEN1}, .part_count = 1};
  uint32_t width = symbols ? 1 : 0;
  if ((symbols && rank != 2) || (!symbols && rank != 2 && rank != 3)) {
    trine_error_set(walk->fold.error,
                    "The input %.60s has %zu axes; sequences of rows have 3, of symbols 2.",
                    walk->cut.input, rank);
    return false;
  }
  const size_t open = symbols ? 2 : rank - 1;
  for (size_t n = 0; n < open && has_shape; n++) {
    walk->open_size[n] = size_of(type, n);
  }
  if (!symbols) {
    rows.axis[rank - 1] = AXIS_WIDTH;
    const int64_t size = has_shape ? size_of(type, rank - 1) : 0;
    if (size > TRINE_ONNX_MAX_UNITS) {
      trine_error_set(walk->fold.error,
                      "The input %.60s has rows of %lld values; at most %d are read.",
                      walk->cut.input, (long long)size, TRINE_ONNX_MAX_UNITS);
      return false;
    }
    width = (uint32_t)size;
  }
  rows.part[0] = walk_add_value(walk, walk->cut.input, open == 2, width);
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

/* Where lengths come in as an input of the graph, what it makes of a sequence's padding counts: the
 * network has one length a sequence, and its last row is that of the last own step. */
bool ends_agree(struct walk *walk) {
  if (walk->lengths == NULL) {
    return true;
  }
  if (walk->has_none != NULL) {
    return walk_refuse(walk, walk->has_none,
                       "it has no sequence_lens, and another LSTM has them from %.40s; give all "
                       "LSTMs the same",
                       walk->lengths);
  }
  return walk->takes_end == NULL ||
         walk_refuse(walk, walk->takes_end,
                     "behind sequence_lens (%.30s) the last row of a shorter sequence is not its "
                     "own last step; take Y_h of the LSTM for that",
                     walk->lengths);
}

/* --- The output --- */

/* The graph's axes in the words of onnx.h. */
static void tell_layout(struct walk *walk, const struct rows *rows) {
  static const enum trine_onnx_axis axes[] = {[AXIS_ONE] = TRINE_ONNX_ONE,
                                              [AXIS_OPEN0] = TRINE_ONNX_FIRST,
                                              [AXIS_OPEN1] = TRINE_ONNX_SECOND,
                                              [AXIS_MERGED] = TRINE_ONNX_MERGED,
                                              [AXIS_MERGED_TURNED] = TRINE_ONNX_MERGED_TURNED,
                                              [AXIS_PARTS] = TRINE_ONNX_PARTS,
                                              [AXIS_WIDTH] = TRINE_ONNX_WIDTH};
  walk->layout = (struct trine_onnx_layout){.rank = rows->rank, .parts = rows->part_count};
  for (uint32_t n = 0; n < rows->rank; n++) {
    walk->layout.axis[n] = axes[rows->axis[n]];
  }
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
static void note_layout(struct walk *walk, const struct rows *given, uint32_t part) {
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
    walk_note(walk, "The graph's output %.60s is %s; here it comes as %s.", walk->cut.output, from,
              to);
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
  if (value->kind == VALUE_CELL) {
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
  if (value->kind != VALUE_ROWS) {
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
  tell_layout(walk, &value->rows);
  note_left_out(walk);
  note_layout(walk, &value->rows, rows.part[0]);
  note_padding(walk, rows.part[0]);
  walk->network.output = rows.part[0];
  return true;
}
