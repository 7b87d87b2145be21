/* SPDX-License-Identifier: Apache-2.0 */
/* reverse: ReverseSequence, which turns whole sequences round, and rows that have to be in their
 * own order; see walk.h. */
#include "onnx/walk.h"

/* steps: of their own, 0: those along the axis of time. */
static bool is_whole(const struct walk *walk, enum row_axis time, uint32_t steps, double length) {
  const int64_t size = steps > 0 ? steps : rows_open_size(walk, time);
  return (steps == 0 && length == (double)rows_mark(time)) || (size > 0 && length == (double)size);
}

bool steps_are_whole(struct walk *walk, const struct onnx_array *lengths, enum row_axis time,
                     uint32_t steps) {
  bool whole = lengths != NULL && !lengths->is_float &&
               onnx_spend(&walk->fold, lengths->uniform ? 1 : lengths->count);
  for (uint64_t n = 0; whole && n < (lengths->uniform ? 1 : lengths->count); n++) {
    whole = is_whole(walk, time, steps,
                     lengths->uniform ? lengths->value : (double)lengths->integers[n]);
  }
  return whole;
}

bool steps_turn(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  const int64_t time = onnx_int(node, "time_axis", 0), batch = onnx_int(node, "batch_axis", 1);
  const int64_t rank = rows->rank;
  const bool fits = time >= 0 && time < rank && batch >= 0 && batch < rank && time != batch &&
                    rows_is_open(rows->axis[time]) && rows_is_open(rows->axis[batch]) &&
                    rows_is_time(walk, rows, (uint32_t)time);
  if (!fits || !steps_are_whole(walk, walk_array(walk, node, 1), rows->axis[time], 0) ||
      !rows_set_time(walk, rows->axis[time])) {
    return walk_refuse(walk, node, "only the steps of whole sequences can be turned round");
  }
  rows->is_turned = !rows->is_turned;
  if (walk->takes_end == NULL) {
    walk->takes_end = node;
  }
  return true;
}

bool steps_unturn(struct walk *walk, const Onnx__Node *node, struct rows *rows) {
  for (uint32_t n = 0; n < rows->part_count && rows->is_turned; n++) {
    const struct trine_float_value from = walk->made_values[rows->part[n]];
    const uint32_t made = walk_add_like(walk, from.name, rows->part[n], from.width);
    if (walk_add_node(walk, TRINE_FLOAT_TURN, node, rows->part[n], made) == NULL) {
      return false;
    }
    rows->part[n] = made;
  }
  rows->is_turned = false;
  return true;
}
