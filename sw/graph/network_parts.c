/* SPDX-License-Identifier: Apache-2.0 */
/* network_parts: rows of series side by side as one value: one after another, repeated, all steps
 * flattened, or their mean; see network_parts.h. */
#include "graph/network_parts.h"

#include <math.h>
#include <string.h>

/* How many series stand side by side at each of all steps, one step after another; 0: they do not.
 */
static uint32_t flattened(const struct roll *roll, const struct roll_rows *rows) {
  const uint32_t each = roll->steps > 1 ? rows->part_count / roll->steps : 0;
  if (each == 0 || rows->part_count % roll->steps != 0) {
    return 0;
  }
  for (uint32_t n = 0; n < rows->part_count; n++) {
    if (rows->parts[n].series != rows->parts[n % each].series ||
        rows->parts[n].time != (int64_t)(n / each)) {
      return 0;
    }
  }
  return each;
}

uint32_t network_repeat(struct network_making *making, uint32_t once) {
  for (uint32_t n = 0; n < making->network->node_count && once != ROLL_NONE; n++) {
    if (making->nodes[n].op == TRINE_FLOAT_REPEAT && making->nodes[n].inputs[0] == once) {
      return making->nodes[n].output;
    }
  }
  if (once == ROLL_NONE) {
    return ROLL_NONE;
  }
  const struct trine_float_value row = making->values[once];
  const uint32_t output = network_add_value(making, row.name, true, row.width);
  return network_add_node(making, TRINE_FLOAT_REPEAT, row.name, once, output) == NULL ? ROLL_NONE
                                                                                      : output;
}

/* One part's row; ROLL_NONE with the error set. */
static uint32_t part_value(struct network_making *making, const struct roll_part *part,
                           enum network_when when, bool is_absolute) {
  const int64_t end = (int64_t)making->roll->steps - 1;
  if (part->time < 0) {
    const uint32_t once = network_value_of(making, part->series, NETWORK_ONCE);
    return when == NETWORK_ALWAYS ? network_repeat(making, once) : once;
  }
  if (!is_absolute || part->time == 0 || part->time == end) {
    if (is_absolute) {
      when = part->time == end ? NETWORK_LAST : NETWORK_FIRST;
    }
    return network_value_of(making, part->series, when);
  }
  const uint32_t always = network_value_of(making, part->series, NETWORK_ALWAYS);
  if (always == ROLL_NONE) {
    return ROLL_NONE;
  }
  const struct trine_float_value all = making->values[always];
  const uint32_t output = network_add_value(making, all.name, false, all.width);
  struct trine_float_node *node =
      network_add_node(making, TRINE_FLOAT_STEP, all.name, always, output);
  if (node == NULL) {
    return ROLL_NONE;
  }
  node->first = (int32_t)part->time;
  return output;
}

/* Values side by side: those that are so already, or a new node's; ROLL_NONE with the error set. */
static uint32_t concat_of(struct network_making *making, const uint32_t *inputs, uint32_t count,
                          uint32_t width, const char *name) {
  for (uint32_t n = 0; n < making->network->node_count; n++) {
    const struct trine_float_node *node = &making->nodes[n];
    if (node->op == TRINE_FLOAT_CONCAT && node->input_count == count &&
        memcmp(node->inputs, inputs, count * sizeof *inputs) == 0) {
      return node->output;
    }
  }
  const uint32_t joined =
      network_add_value(making, name, making->values[inputs[0]].has_time, width);
  struct trine_float_node *node =
      network_add_node(making, TRINE_FLOAT_CONCAT, name, inputs[0], joined);
  if (node == NULL) {
    return ROLL_NONE;
  }
  node->input_count = count;
  memcpy(node->inputs, inputs, count * sizeof *inputs);
  return joined;
}

/* Parts side by side, all steps of them as one row where they are that; ROLL_NONE with the error
 * set. */
uint32_t network_join(struct network_making *making, const struct roll_rows *rows,
                      enum network_when when, bool is_absolute, const char *name) {
  struct roll *roll = making->roll;
  const uint32_t each = is_absolute ? flattened(roll, rows) : 0;
  const uint32_t count = each > 0 ? each : rows->part_count;
  uint32_t inputs[TRINE_FLOAT_MAX_INPUTS], width = 0;
  if (count < 1 || count > TRINE_FLOAT_MAX_INPUTS) {
    (void)run_refuse(roll->run,
                     "its operand is made of %u rows side by side; 1 to %d can be: take the last "
                     "step instead",
                     count, TRINE_FLOAT_MAX_INPUTS);
    return ROLL_NONE;
  }
  for (uint32_t n = 0; n < count; n++) {
    const struct roll_part *part = &rows->parts[n];
    inputs[n] = each > 0 ? network_value_of(making, part->series, NETWORK_ALWAYS)
                         : part_value(making, part, when, is_absolute);
    if (inputs[n] == ROLL_NONE) {
      return ROLL_NONE;
    }
    width += roll->series[part->series].width;
  }
  uint32_t joined = inputs[0];
  if (count > 1) {
    joined = concat_of(making, inputs, count, width, name);
  }
  if (joined == ROLL_NONE) {
    return ROLL_NONE;
  }
  if (each > 0) {
    const uint32_t flat = network_add_value(making, name, false, width * roll->steps);
    return network_add_node(making, TRINE_FLOAT_FLATTEN, name, joined, flat) == NULL ? ROLL_NONE
                                                                                     : flat;
  }
  return joined;
}

uint32_t network_width_of(const struct roll *roll, const struct roll_rows *rows) {
  uint32_t width = 0;
  for (uint32_t n = 0; n < rows->part_count; n++) {
    width += roll->series[rows->parts[n].series].width;
  }
  return width;
}

/* Whether all steps count alike: the same matrix for a series at each of them. */
static bool is_even(const struct roll *roll, const struct roll_rows *rows, uint32_t each) {
  static const double same_number = 1e-6;
  for (uint32_t n = each; n < rows->part_count; n++) {
    const struct roll_part *one = &rows->parts[n % each], *other = &rows->parts[n];
    const size_t count = (size_t)rows->rows * roll->series[one->series].width;
    double largest = 0, off = 0;
    for (size_t k = 0; k < count; k++) {
      largest = fmax(largest, fabs(one->m[k]));
      off = fmax(off, fabs(one->m[k] - other->m[k]));
    }
    if (off > same_number * largest) {
      return false;
    }
  }
  return true;
}

bool network_mean(struct network_making *making, const struct roll_rows *rows, const char *name,
                  uint32_t *mean) {
  struct roll *roll = making->roll;
  const uint32_t each = flattened(roll, rows);
  uint32_t inputs[TRINE_FLOAT_MAX_INPUTS], width = 0;
  *mean = ROLL_NONE;
  if (each == 0 || each > TRINE_FLOAT_MAX_INPUTS || !is_even(roll, rows, each)) {
    return true;
  }
  for (uint32_t n = 0; n < each; n++) {
    inputs[n] = network_value_of(making, rows->parts[n].series, NETWORK_ALWAYS);
    if (inputs[n] == ROLL_NONE) {
      return false;
    }
    width += roll->series[rows->parts[n].series].width;
  }
  const uint32_t joined = each == 1 ? inputs[0] : concat_of(making, inputs, each, width, name);
  if (joined == ROLL_NONE) {
    return false;
  }
  *mean = network_add_value(making, name, false, width);
  return network_add_node(making, TRINE_FLOAT_MEAN, name, joined, *mean) != NULL;
}
