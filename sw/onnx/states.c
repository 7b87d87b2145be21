/* SPDX-License-Identifier: Apache-2.0 */
/* states: inputs of the graph beside its rows: initial states, which are only handed on, and the
 * lengths of sequences, of which the last step's index may be made; see walk.h. */
#include <string.h>

#include "onnx/walk.h"

static bool is(const Onnx__Node *node, const char *op_type) {
  return strcmp(node->op_type, op_type) == 0;
}

/* A state handed on. */
static struct walk_value *hand_on(struct walk *walk, const Onnx__Node *node,
                                  const struct walk_value *state) {
  struct walk_value *made = walk_value(walk, node->output[0]);
  made->kind = state->kind;
  made->source = state->source;
  made->is_moved = state->is_moved;
  made->offset = state->offset;
  made->columns = state->columns;
  return made;
}

/* Plus or minus a constant whole number: the index of a step out of a length. False when it is
 * neither. */
static bool shift(struct walk *walk, const Onnx__Node *node, const struct walk_value *state) {
  const bool adds = is(node, "Add"), first = walk_array(walk, node, 1) != NULL;
  int64_t by = 0;
  if ((!adds && !(is(node, "Sub") && first)) || node->n_output == 0 ||
      onnx_array_list(walk_array(walk, node, first ? 1 : 0), &by, 1) != 1 || by < -1 || by > 1) {
    return false;
  }
  struct walk_value *made = hand_on(walk, node, state);
  made->offset += (int32_t)(adds ? by : -by);
  return true;
}

bool states_pass(struct walk *walk, const Onnx__Node *node, const struct walk_value *state) {
  static const struct {
    const char *op_type;
    bool moves;
  } passes[] = {{"Identity", false},  {"Cast", false},    {"Squeeze", false},
                {"Unsqueeze", false}, {"Reshape", false}, {"Transpose", true},
                {"Slice", true},      {"Gather", true},   {"Expand", false}};
  const struct walk_value *first = walk_given(node, 0) ? walk_value(walk, node->input[0]) : NULL;
  for (size_t n = 0; n < sizeof passes / sizeof passes[0]; n++) {
    if (is(node, passes[n].op_type) && first == state && node->n_output > 0) {
      struct walk_value *made = hand_on(walk, node, state);
      int64_t sizes[MAX_AXES];
      const int count = onnx_array_list(walk_array(walk, node, 1), sizes, MAX_AXES);
      made->is_moved = made->is_moved || passes[n].moves;
      if (is(node, "Expand")) { /* along the columns of rows, for GatherElements; else unknown */
        made->columns = count > 0 && sizes[count - 1] > 0 ? sizes[count - 1] : -1;
      }
      return true;
    }
  }
  return shift(walk, node, state) ||
         walk_refuse(walk, node,
                     "initial and final states, and lengths (%.40s), can only be handed on",
                     state->name);
}

bool states_gather(struct walk *walk, const Onnx__Node *node, const struct walk_value *state) {
  const struct rows *input = walk_rows(walk, node, 0);
  const int at = input == NULL ? -1 : onnx_axis(onnx_int(node, "axis", 0), input->rank);
  if (at < 0 || input->axis[at] == AXIS_STEPS || input->is_turned ||
      !rows_is_time(walk, input, (uint32_t)at) || !rows_set_time(walk, input->axis[at]) ||
      state->offset != -1 || state->is_moved || state->columns != rows_width(walk, input) ||
      (walk->ends_by != NULL && strcmp(walk->ends_by, state->source) != 0)) {
    return walk_refuse(
        walk, node,
        "its index has to be the last step of each sequence, an input of lengths less "
        "1 that Expand gives all columns of a row");
  }
  struct rows rows = *input;
  for (uint32_t n = 0; n < rows.part_count; n++) {
    const uint32_t width = walk->made_values[rows.part[n]].width;
    const uint32_t taken = walk_add_value(walk, node->output[0], false, width);
    if (walk_add_node(walk, TRINE_FLOAT_LAST, node, rows.part[n], taken) == NULL) {
      return false;
    }
    rows.part[n] = taken;
  }
  rows.axis[at] = AXIS_ONE;
  walk->ends_by = state->source;
  walk->gathers = node;
  return walk_put(walk, node, 0, &rows);
}

/* Where lengths come in as an input of the graph, what it makes of a sequence's padding counts: the
 * network has one length a sequence, and its last row is that of the last own step. */
static bool lengths_agree(struct walk *walk) {
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

/* Where only a Gather knows the lengths, layers run over the padding too: what goes forwards does
 * not mind. */
static bool gather_agrees(struct walk *walk) {
  if (walk->lengths != NULL && strcmp(walk->lengths, walk->ends_by) != 0) {
    return walk_refuse(walk, walk->gathers,
                       "its lengths are %.40s, those of the LSTMs %.40s; both have to be one input",
                       walk->ends_by, walk->lengths);
  }
  const bool whole = walk->lengths == NULL;
  for (uint32_t n = 0; n < walk->network.node_count && whole; n++) {
    if (walk->made_nodes[n].op == TRINE_FLOAT_LSTM && walk->made_nodes[n].cell.reversed) {
      return walk_refuse(walk, walk->gathers,
                         "an LSTM that runs backwards begins in the padding of shorter sequences; "
                         "give the LSTMs sequence_lens (torch: pack_padded_sequence)");
    }
  }
  const Onnx__Node *other = walk->takes_end != NULL ? walk->takes_end : walk->ends_whole;
  return other == NULL || !whole ||
         walk_refuse(
             walk, other,
             "another node takes the last step of each sequence by its length (%.30s); this "
             "one counts the padding: take all by lengths",
             walk->ends_by);
}

bool states_agree(struct walk *walk) {
  return (walk->lengths == NULL || lengths_agree(walk)) &&
         (walk->ends_by == NULL || gather_agrees(walk));
}
