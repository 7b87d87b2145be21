/* SPDX-License-Identifier: Apache-2.0 */
/* outputs: which values of a graph come out of the network, and in which layout the graph has them;
 * see walk.h. */
#include <stdio.h>
#include <string.h>

#include "onnx/walk.h"

/* --- Which are wanted --- */

/* One output more; false with the error set. */
static bool want(struct walk *walk, const char *name) {
  for (uint32_t n = 0; n < walk->output_count; n++) {
    if (strcmp(walk->outputs[n], name) == 0) {
      return true;
    }
  }
  if (walk->output_count == MAX_OUTPUTS) {
    trine_error_set(walk->fold.error,
                    "The graph has more than %d outputs; choose those you need with --outputs, "
                    "names with commas between them.",
                    MAX_OUTPUTS);
    return false;
  }
  walk->outputs[walk->output_count++] = name;
  return true;
}

bool outputs_choose(struct walk *walk, const char *names) {
  const Onnx__Graph *graph = walk->graph;
  walk->chose_outputs = names != NULL;
  bool good = true;
  for (size_t n = 0; n < graph->n_output && names == NULL && good; n++) {
    good = want(walk, graph->output[n]->name);
  }
  if (names != NULL) {
    good = names_are_made(graph, names) ? want(walk, names) : names_each(walk, names, want);
  }
  if (good && walk->output_count == 0) {
    trine_error_set(walk->fold.error, "The graph has no output; it needs one.");
  }
  return good && walk->output_count > 0;
}

/* --- How they come --- */

/* The graph's axes in the words of onnx.h. */
static struct trine_onnx_layout layout_of(const struct walk *walk, const struct rows *rows) {
  static const enum trine_onnx_axis axes[] = {[AXIS_ONE] = TRINE_ONNX_ONE,
                                              [AXIS_OPEN0] = TRINE_ONNX_FIRST,
                                              [AXIS_OPEN1] = TRINE_ONNX_SECOND,
                                              [AXIS_MERGED] = TRINE_ONNX_MERGED,
                                              [AXIS_MERGED_TURNED] = TRINE_ONNX_MERGED_TURNED,
                                              [AXIS_STEPS] = TRINE_ONNX_SECOND,
                                              [AXIS_BATCH_STEPS] = TRINE_ONNX_MERGED,
                                              [AXIS_STEPS_BATCH] = TRINE_ONNX_MERGED_TURNED,
                                              [AXIS_PARTS] = TRINE_ONNX_PARTS,
                                              [AXIS_WIDTH] = TRINE_ONNX_WIDTH};
  static const enum trine_onnx_axis turned[] = {[TRINE_ONNX_SECOND] = TRINE_ONNX_FIRST,
                                                [TRINE_ONNX_MERGED] = TRINE_ONNX_MERGED_TURNED,
                                                [TRINE_ONNX_MERGED_TURNED] = TRINE_ONNX_MERGED};
  const bool time_first = walk->has_time_axis && walk->time_axis == AXIS_OPEN0;
  struct trine_onnx_layout layout = {.rank = rows->rank,
                                     .parts = rows->part_count,
                                     .steps = rows_steps(walk, rows),
                                     .time_first = time_first};
  for (uint32_t n = 0; n < rows->rank; n++) {
    const enum row_axis axis = rows->axis[n];
    const bool own = axis == AXIS_STEPS || axis == AXIS_BATCH_STEPS || axis == AXIS_STEPS_BATCH;
    layout.axis[n] = own && time_first ? turned[axes[axis]] : axes[axis];
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
    const enum row_axis axis = rows->axis[n];
    int more;
    switch (axis) {
      case AXIS_OPEN0:
        more = snprintf(to, left, "%s%s", before, first);
        break;
      case AXIS_OPEN1:
        more = snprintf(to, left, "%s%s", before, second);
        break;
      case AXIS_MERGED:
        more = snprintf(to, left, "%s%s*%s", before, first, second);
        break;
      case AXIS_MERGED_TURNED:
        more = snprintf(to, left, "%s%s*%s", before, second, first);
        break;
      case AXIS_STEPS:
        more = snprintf(to, left, "%s%u", before, rows_steps(walk, rows));
        break;
      case AXIS_BATCH_STEPS:
        more = snprintf(to, left, "%sbatch*%u", before, rows_steps(walk, rows));
        break;
      case AXIS_STEPS_BATCH:
        more = snprintf(to, left, "%s%u*batch", before, rows_steps(walk, rows));
        break;
      case AXIS_PARTS:
        more = snprintf(to, left, "%s%u", before, rows->part_count);
        break;
      case AXIS_WIDTH:
        more = snprintf(to, left, "%s%u", before, rows_width(walk, rows));
        break;
      default:
        more = snprintf(to, left, "%s1", before);
    }
    length += (size_t)more;
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
  } else if (walk->made_values[part].steps > 0) {
    here.axis[walk->time_axis == AXIS_OPEN0 ? 0 : 1] = AXIS_STEPS;
  }
  layout_text(walk, given, from, sizeof from);
  layout_text(walk, &here, to, sizeof to);
  if (strcmp(from, to) != 0) {
    walk_note(walk, "The graph's %s %.60s is %s; here it comes as %s.", what, name, from, to);
  }
}

/* Behind the end of a sequence the rows of an LSTM are 0 here and there; a head makes more of them
 * in the graph. */
static void note_padding(struct walk *walk, const char *name, uint32_t part) {
  const uint32_t producer = walk->made[part].node;
  if (walk->lengths != NULL && walk->made_values[part].has_time &&
      walk->made_values[part].steps == 0 && producer != UINT32_MAX &&
      walk->made_nodes[producer].op != TRINE_FLOAT_LSTM &&
      walk->made_nodes[producer].op != TRINE_FLOAT_CONCAT) {
    walk_note(walk,
              "Rows of %.60s behind the end of a sequence are 0 here, whatever the graph "
              "makes of the padding.",
              name);
  }
}

/* Whether rows are the end of an LSTM whose state comes in as an input of the graph: handed on from
 * call to call, as --state-out does. */
static bool is_carried(const struct walk *walk, const struct rows *rows) {
  bool carried = true;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    const struct made *made = &walk->made[rows->part[n]];
    carried = carried &&
              (made->is_cell || (made->is_end && walk->made_nodes[made->lstm].cell.h_in != NULL));
  }
  return carried;
}

/* Whether an output is no such state. */
static bool has_others(struct walk *walk) {
  bool others = false;
  for (uint32_t n = 0; n < walk->output_count; n++) {
    const struct walk_value *value = walk_value(walk, walk->outputs[n]);
    others = others || value->kind == VALUE_NONE ||
             (value->kind == VALUE_ROWS && !is_carried(walk, &value->rows));
  }
  return others;
}

/* Whether rows are the symbols that an embedding at the input takes. */
static bool are_symbols(const struct walk *walk, const struct walk_value *value) {
  return value->kind == VALUE_ROWS && given_is_symbols(walk, value->rows.part[0]);
}

/* Whether the network has such an output; where nobody chose it, one that it has not is noted. */
static bool stays(struct walk *walk, const char *name, const struct walk_value *value,
                  bool has_others) {
  const bool is_cell = value->kind == VALUE_ROWS && walk->made[value->rows.part[0]].is_cell;
  const bool is_state =
      is_cell || (has_others && value->kind == VALUE_ROWS && is_carried(walk, &value->rows));
  if (walk->chose_outputs ||
      (value->kind == VALUE_ROWS && !is_state && !are_symbols(walk, value))) {
    return true;
  }
  if (is_state) {
    walk_note(walk, "The graph's output %.60s is a final %s state, which comes with --state-out.",
              name, is_cell ? "cell" : "hidden");
  } else if (value->kind != VALUE_NONE) {
    walk_note(walk, "The graph's output %.60s %s the input %.60s and is left out.", name,
              value->kind == VALUE_ROWS ? "is nothing but" : "does not depend on", walk->given[0]);
  }
  return value->kind == VALUE_NONE;
}

static bool refuse(struct walk *walk, const char *name, const struct walk_value *value) {
  if (are_symbols(walk, value)) {
    trine_error_set(walk->fold.error,
                    "The output %.80s is the input %.80s itself; choose another with --outputs.",
                    name, walk->given[0]);
  } else if (value->kind == VALUE_ROWS) {
    trine_error_set(walk->fold.error,
                    "The output %.80s is a final cell state, which comes with --state-out; choose "
                    "an output of rows with --outputs.",
                    name);
  } else {
    trine_error_set(walk->fold.error,
                    "The output %.80s is not computed from the input %.80s; --inputs and --outputs "
                    "name values of the graph.",
                    name, walk->given[0]);
  }
  return false;
}

/* A value of its own for each output, so that each has its name. */
static uint32_t own_value(struct walk *walk, const Onnx__Node *end, const char *name,
                          uint32_t part) {
  bool is_taken = given_is(walk, part);
  for (uint32_t n = 0; n < walk->network.output_count; n++) {
    is_taken = is_taken || walk->network.outputs[n] == part;
  }
  if (!is_taken) {
    walk->made_values[part].name = name;
    return part;
  }
  const uint32_t copy = walk_add_like(walk, name, part, walk->made_values[part].width);
  return walk_add_node(walk, TRINE_FLOAT_COLUMNS, end, part, copy) == NULL ? UINT32_MAX : copy;
}

static bool take(struct walk *walk, const char *name, const struct walk_value *value) {
  Onnx__Node end = ONNX__NODE__INIT;
  /* Names are kept with the network. */
  static char end_name[] = "output", op_type[] = "graph";
  end.name = end_name;
  end.op_type = op_type;
  if (value->kind != VALUE_ROWS || walk->made[value->rows.part[0]].is_cell ||
      are_symbols(walk, value)) {
    return refuse(walk, name, value);
  }
  struct rows rows = value->rows;
  if (!rows_join_parts(walk, &end, &rows) || !steps_unturn(walk, &end, &rows)) {
    return false;
  }
  const struct trine_onnx_layout layout = layout_of(walk, &value->rows);
  if (!trine_onnx_layout_is_whole(&layout, &walk->made_values[rows.part[0]])) {
    note_layout(walk, "output", name, &value->rows, rows.part[0]);
  }
  note_padding(walk, name, rows.part[0]);
  const uint32_t taken = own_value(walk, &end, name, rows.part[0]);
  walk->layouts[walk->network.output_count] = layout;
  walk->network.outputs[walk->network.output_count++] = taken;
  return taken != UINT32_MAX;
}

bool outputs_take(struct walk *walk) {
  const bool others = has_others(walk);
  for (uint32_t n = 0; n < walk->output_count; n++) {
    const char *name = walk->outputs[n];
    const struct walk_value *value = walk_value(walk, name);
    if (!stays(walk, name, value, others)) {
      continue;
    }
    if (walk->network.output_count == TRINE_FLOAT_MAX_OUTPUTS) {
      trine_error_set(walk->fold.error,
                      "The graph has more than %d outputs; choose those you need with --outputs, "
                      "names with commas between them.",
                      TRINE_FLOAT_MAX_OUTPUTS);
      return false;
    }
    if (!take(walk, name, value)) {
      return false;
    }
  }
  if (walk->network.output_count == 0) { /* cells alone, or nothing of the input */
    return refuse(walk, walk->outputs[0], walk_value(walk, walk->outputs[0]));
  }
  for (uint32_t n = 0; n < walk->given_count; n++) {
    const struct rows *input = &walk_value(walk, walk->given[n])->rows;
    walk->in_layouts[n] = layout_of(walk, input);
    if (!walk->are_symbols[n]) {
      note_layout(walk, "input", walk->given[n], input, walk->network.inputs[n]);
    }
  }
  return true;
}
