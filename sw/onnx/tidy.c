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
         op == TRINE_FLOAT_MEAN || op == TRINE_FLOAT_REPEAT || op == TRINE_FLOAT_TURN;
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
  for (uint32_t n = 0; n < walk->network.input_count; n++) {
    values[walk->network.inputs[n]] = true;
  }
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
  for (uint32_t n = 0; n < walk->network.input_count; n++) {
    walk->network.inputs[n] = value_numbers[walk->network.inputs[n]];
  }
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

static bool is_read(const struct walk *walk, uint32_t value) {
  bool read = false;
  for (uint32_t k = 0; k < walk->network.node_count; k++) {
    for (uint32_t i = 0; i < walk->made_nodes[k].input_count; i++) {
      read = read || walk->made_nodes[k].inputs[i] == value;
    }
  }
  for (uint32_t k = 0; k < walk->network.output_count; k++) {
    read = read || walk->network.outputs[k] == value;
  }
  return read;
}

static bool is_sequence(const struct walk *walk, uint32_t value) {
  return walk->made_values[value].has_time && walk->made_values[value].steps == 0;
}

/* Inputs with steps of their own behind the others: a .tflite does not say whose steps are those of
 * the sequence, and the first that can be is taken. */
static void order_inputs(struct walk *walk) {
  struct trine_float_network *network = &walk->network;
  uint32_t values[TRINE_FLOAT_MAX_GIVEN], count = 0;
  struct trine_onnx_layout layouts[TRINE_FLOAT_MAX_GIVEN];
  for (int own = 0; own < 2; own++) {
    for (uint32_t n = 0; n < network->input_count; n++) {
      if ((walk->made_values[network->inputs[n]].steps > 0) == (own == 1)) {
        layouts[count] = walk->in_layouts[n];
        values[count++] = network->inputs[n];
      }
    }
  }
  memcpy(network->inputs, values, count * sizeof values[0]);
  memcpy(walk->in_layouts, layouts, count * sizeof layouts[0]);
}

/* Leaves out inputs that nothing reads any more, with their layouts; false, with the error set,
 * where steps of another number are left without the sequence that they are beside. */
static bool drop_inputs(struct walk *walk) {
  struct trine_float_network *network = &walk->network;
  const uint32_t count = network->input_count;
  bool has_time = false;
  network->input_count = 0;
  for (uint32_t n = 0; n < count; n++) {
    const uint32_t value = network->inputs[n];
    if (count > 1 && !is_read(walk, value)) {
      walk_note(walk,
                "Nothing of the graph's input %.60s comes to an output; it need not be given.",
                walk->given[n]);
      continue;
    }
    has_time = has_time || is_sequence(walk, value);
    walk->in_layouts[network->input_count] = walk->in_layouts[n];
    network->inputs[network->input_count++] = value;
  }
  for (uint32_t n = 0; n < network->node_count; n++) {
    has_time = has_time || is_sequence(walk, walk->made_nodes[n].output);
  }
  for (uint32_t n = 0; n < network->input_count && !has_time; n++) {
    const struct trine_float_value *value = &walk->made_values[network->inputs[n]];
    if (value->steps > 0) {
      trine_error_set(walk->fold.error,
                      "The input %.60s has %u steps, and nothing of the sequence %.60s, which has "
                      "others, comes to an output; export it without that.",
                      value->name, value->steps, walk->given[walk->lead]);
      return false;
    }
  }
  order_inputs(walk);
  return network->input_count > 0;
}

bool tidy_network(struct walk *walk) {
  for (uint32_t n = 0; n < walk->network.node_count; n++) {
    if (walk->made_nodes[n].op == TRINE_FLOAT_AFFINE && !fold_one(walk, n)) {
      return false;
    }
  }
  return drop_unread(walk) && drop_inputs(walk);
}
