/* SPDX-License-Identifier: Apache-2.0 */
/* tidy: the network behind the walk: affine nodes go into what reads them, and what nothing reads
 * goes; see walk.h. */
#include <math.h>
#include <string.h>

#include "onnx/walk.h"

static bool is_output(const struct walk *walk, uint32_t value) {
  bool is = false;
  for (uint32_t n = 0; n < walk->network.output_count; n++) {
    is = is || walk->network.outputs[n] == value;
  }
  return is;
}

static bool reads(const struct trine_float_node *node, uint32_t value) {
  for (uint32_t n = 0; n < node->input_count; n++) {
    if (node->inputs[n] == value) {
      return true;
    }
  }
  return false;
}

/* Who reads a value: how many, whether all are layers with weights, and the first. */
struct readers {
  uint32_t count, first;
  bool are_layers;
};

static struct readers readers_of(const struct walk *walk, uint32_t value) {
  struct readers found = {.are_layers = !is_output(walk, value)};
  for (uint32_t n = 0; n < walk->network.node_count; n++) {
    const enum trine_float_op op = walk->made_nodes[n].op;
    if (reads(&walk->made_nodes[n], value)) {
      found.first = found.count++ == 0 ? n : found.first;
      found.are_layers = found.are_layers && (op == TRINE_FLOAT_DENSE || op == TRINE_FLOAT_LSTM);
    }
  }
  found.count += is_output(walk, value);
  return found;
}

/* Weights [rows][width] for rows before an affine node: (w s) x + (bias + w b). */
static bool fold_weights(struct walk *walk, const struct trine_float_node *affine, uint32_t rows,
                         uint32_t width, const float **w, const float **bias) {
  float *weights = walk_floats(walk, (uint64_t)rows * width), *sums = walk_floats(walk, rows);
  for (size_t u = 0; u < rows && weights != NULL && sums != NULL; u++) {
    double sum = *bias == NULL ? 0.0 : (double)(*bias)[u];
    for (size_t n = 0; n < width; n++) {
      const float each = (*w)[u * width + n];
      weights[u * width + n] = each * affine->scale[n];
      sum += (double)each * (double)affine->bias[n];
    }
    sums[u] = (float)sum;
  }
  *w = weights;
  *bias = sums;
  return weights != NULL && sums != NULL;
}

static bool fold_into(struct walk *walk, const struct trine_float_node *affine,
                      struct trine_float_node *layer) {
  struct trine_float_cell *cell = &layer->cell;
  struct trine_float_matrix *matrix = &layer->matrix;
  layer->inputs[0] = affine->inputs[0];
  return layer->op == TRINE_FLOAT_LSTM
             ? fold_weights(walk, affine, TRINE_GATES * cell->units, cell->inputs, &cell->w,
                            &cell->bias)
             : fold_weights(walk, affine, matrix->units, matrix->inputs, &matrix->w, &matrix->bias);
}

/* What takes whole rows of one input, which may come before an affine node as well as behind. */
static bool commutes(enum trine_float_op op) {
  return op == TRINE_FLOAT_LAST || op == TRINE_FLOAT_FIRST || op == TRINE_FLOAT_STEP ||
         op == TRINE_FLOAT_MEAN || op == TRINE_FLOAT_REPEAT;
}

/* Brings the affine node at `at` into its readers, past what takes rows of it alone. */
static bool fold_one(struct walk *walk, uint32_t at) {
  for (;;) {
    struct trine_float_node *affine = &walk->made_nodes[at];
    const uint32_t value = affine->output;
    const struct readers readers = readers_of(walk, value);
    if (readers.are_layers) {
      for (uint32_t n = 0; n < walk->network.node_count; n++) {
        if (reads(&walk->made_nodes[n], value) && !fold_into(walk, affine, &walk->made_nodes[n])) {
          return false;
        }
      }
      return true;
    }
    struct trine_float_node *next = &walk->made_nodes[readers.first];
    if (readers.count != 1 || is_output(walk, value) || !commutes(next->op)) {
      return true;
    }
    const struct trine_float_node swapped = *affine; /* x A y M z becomes x M y A z */
    *affine = *next;
    *next = swapped;
    next->output = affine->output;
    next->inputs[0] = value;
    affine->inputs[0] = swapped.inputs[0];
    affine->output = value;
    walk->made_values[value].has_time = walk->made_values[next->output].has_time;
    walk->made_values[value].steps = walk->made_values[next->output].steps;
    at = readers.first;
  }
}

/* Marks what the output needs; nodes are in an order in which they can run. */
static void mark(const struct walk *walk, bool *nodes, bool *values) {
  values[walk->network.input] = true;
  for (uint32_t n = 0; n < walk->network.output_count; n++) {
    values[walk->network.outputs[n]] = true;
  }
  for (uint32_t n = walk->network.node_count; n-- > 0;) {
    const struct trine_float_node *node = &walk->made_nodes[n];
    nodes[n] = nodes[n] || values[node->output];
    for (uint32_t k = 0; k < node->input_count && nodes[n]; k++) {
      values[node->inputs[k]] = true;
    }
    if (nodes[n] && node->op == TRINE_FLOAT_LSTM && node->cell.follows > 0) {
      nodes[node->cell.follows - 1] = true;
      values[walk->made_nodes[node->cell.follows - 1].output] = true;
    }
  }
}

/* New numbers of what stays; their count. */
static uint32_t number(const bool *stays, uint32_t count, uint32_t *numbers) {
  uint32_t kept = 0;
  for (uint32_t n = 0; n < count; n++) {
    numbers[n] = kept;
    kept += stays[n];
  }
  return kept;
}

static void close_up(struct walk *walk, const bool *nodes, const bool *values,
                     const uint32_t *node_numbers, const uint32_t *value_numbers) {
  for (uint32_t n = 0; n < walk->network.value_count; n++) {
    walk->made_values[value_numbers[n]] =
        values[n] ? walk->made_values[n] : walk->made_values[value_numbers[n]];
  }
  for (uint32_t n = 0; n < walk->network.node_count; n++) {
    struct trine_float_node *node = &walk->made_nodes[n];
    for (uint32_t k = 0; k < node->input_count; k++) {
      node->inputs[k] = value_numbers[node->inputs[k]];
    }
    node->output = value_numbers[node->output];
    if (node->op == TRINE_FLOAT_LSTM && node->cell.follows > 0) {
      node->cell.follows = 1 + node_numbers[node->cell.follows - 1];
    }
    if (nodes[n]) {
      walk->made_nodes[node_numbers[n]] = *node;
    }
  }
  walk->network.input = value_numbers[walk->network.input];
  for (uint32_t n = 0; n < walk->network.output_count; n++) {
    walk->network.outputs[n] = value_numbers[walk->network.outputs[n]];
  }
}

static bool drop_unread(struct walk *walk) {
  const uint32_t node_count = walk->network.node_count, value_count = walk->network.value_count;
  bool *nodes = arena_alloc(walk->fold.arena, node_count + 1, sizeof *nodes);
  bool *values = arena_alloc(walk->fold.arena, value_count + 1, sizeof *values);
  uint32_t *node_numbers = arena_alloc(walk->fold.arena, node_count + 1, sizeof *node_numbers);
  uint32_t *value_numbers = arena_alloc(walk->fold.arena, value_count + 1, sizeof *value_numbers);
  if (nodes == NULL || values == NULL || node_numbers == NULL || value_numbers == NULL) {
    walk->fold.lost = true;
    trine_error_set(walk->fold.error, "There is no memory for %u nodes.", node_count);
    return false;
  }
  mark(walk, nodes, values);
  const uint32_t nodes_kept = number(nodes, node_count, node_numbers);
  const uint32_t values_kept = number(values, value_count, value_numbers);
  close_up(walk, nodes, values, node_numbers, value_numbers);
  walk->network.node_count = nodes_kept;
  walk->network.value_count = values_kept;
  return true;
}

bool tidy_network(struct walk *walk) {
  for (uint32_t n = 0; n < walk->network.node_count; n++) {
    if (walk->made_nodes[n].op == TRINE_FLOAT_AFFINE && !fold_one(walk, n)) {
      return false;
    }
  }
  return drop_unread(walk);
}
