/* SPDX-License-Identifier: Apache-2.0 */
/* float_check: what has to hold before a float network runs on a batch; see float_run.h. */
#include <inttypes.h>
#include <math.h>
#include <stddef.h>

#include "float/float_run.h"
#include "io/size.h"

static bool refuse_node(const struct trine_float_node *node, const char *why,
                        struct trine_error *error) {
  trine_error_set(error, "Layer %.80s cannot run: %s.", node->name == NULL ? "" : node->name, why);
  return false;
}

/* Whether a layer's own sizes are those of the rows that it reads and makes. */
static bool fits(const struct trine_float_node *node, uint32_t in, uint32_t out) {
  switch (node->op) {
    case TRINE_FLOAT_LSTM:
      return node->cell.inputs == in && node->cell.units == out && node->cell.w != NULL &&
             node->cell.r != NULL && node->cell.bias != NULL;
    case TRINE_FLOAT_DENSE:
      return node->matrix.inputs == in && node->matrix.units == out && node->matrix.w != NULL;
    case TRINE_FLOAT_EMBEDDING:
      return in == 1 && node->matrix.inputs == out && node->matrix.w != NULL &&
             node->matrix.units > 0;
    case TRINE_FLOAT_ARGMAX:
      return out == 1;
    case TRINE_FLOAT_CONCAT: /* the sum of its inputs, see check_node */
      return true;
    case TRINE_FLOAT_AFFINE:
      return in == out && node->scale != NULL && node->bias != NULL;
    case TRINE_FLOAT_COLUMNS:
      return node->first >= 0 && out <= in && (uint32_t)node->first <= in - out;
    case TRINE_FLOAT_FLATTEN: /* so many steps a batch has to have, see check_steps */
      return out % in == 0;
    default:
      return in == out;
  }
}

bool trine_float_ends_time(enum trine_float_op op) {
  return op == TRINE_FLOAT_LAST || op == TRINE_FLOAT_FIRST || op == TRINE_FLOAT_STEP ||
         op == TRINE_FLOAT_MEAN || op == TRINE_FLOAT_MAX || op == TRINE_FLOAT_SUM ||
         op == TRINE_FLOAT_FLATTEN;
}

/* Whether input and output agree on having steps, and how many. */
static bool agree_on_time(enum trine_float_op op, const struct trine_float_value *in,
                          const struct trine_float_value *out) {
  if (trine_float_ends_time(op)) {
    return in->has_time && !out->has_time;
  }
  if (op == TRINE_FLOAT_REPEAT) {
    return !in->has_time && out->has_time;
  }
  if (op == TRINE_FLOAT_RANGE) {
    return in->has_time && out->has_time && out->steps > 0;
  }
  if (op == TRINE_FLOAT_TURN && !in->has_time) {
    return false;
  }
  return in->has_time == out->has_time && in->steps == out->steps;
}

/* An LSTM that starts where another one, before it, ended. */
static bool check_follows(const struct trine_float_network *network,
                          const struct trine_float_node *node, struct trine_error *error) {
  const uint32_t before = node->cell.follows;
  const uint32_t own = (uint32_t)(node - network->nodes);
  return node->op != TRINE_FLOAT_LSTM || before == 0 ||
         (before <= own && network->nodes[before - 1].op == TRINE_FLOAT_LSTM &&
          network->nodes[before - 1].cell.units == node->cell.units) ||
         refuse_node(node, "it starts from the end of no LSTM of its size before it", error);
}

static bool check_node(const struct trine_float_network *network,
                       const struct trine_float_node *node, struct trine_error *error) {
  size_t together = 0;
  const bool two = node->op == TRINE_FLOAT_ADD || node->op == TRINE_FLOAT_MUL;
  uint32_t most;
  if (node->op == TRINE_FLOAT_CONCAT) {
    most = TRINE_FLOAT_MAX_INPUTS;
  } else if (two) {
    most = 2;
  } else {
    most = 1;
  }
  if (node->input_count < (two ? 2 : 1) || node->input_count > most ||
      node->output >= network->value_count) {
    return refuse_node(node, "it needs inputs, no more than its kind has, and a value as output",
                       error);
  }
  const struct trine_float_value *out = &network->values[node->output];
  for (uint32_t n = 0; n < node->input_count; n++) {
    if (node->inputs[n] >= network->value_count) {
      return refuse_node(node, "an input is no value of the network", error);
    }
    const struct trine_float_value *in = &network->values[node->inputs[n]];
    if (!agree_on_time(node->op, in, out)) {
      return refuse_node(node, "its input and output do not agree on having steps", error);
    }
    if (!trine_size_add(together, in->width, &together)) {
      return refuse_node(node, "its inputs are too wide together", error);
    }
    if (two && in->width != out->width) {
      return refuse_node(node, "its two inputs and its output need rows of one width", error);
    }
  }
  const uint32_t width = network->values[node->inputs[0]].width;
  if (!fits(node, width, out->width) ||
      (node->op == TRINE_FLOAT_CONCAT && together != out->width)) {
    return refuse_node(node, "its weights are not of the widths of its input and output", error);
  }
  return check_follows(network, node, error);
}

static bool all_finite(const struct trine_float_node *node, const char *what, const float *numbers,
                       size_t count, struct trine_error *error) {
  for (size_t n = 0; numbers != NULL && n < count; n++) {
    if (!isfinite(numbers[n])) {
      trine_error_set(error,
                      "Layer %.80s cannot run: number %zu of its %s is %s; it has to be finite.",
                      node->name, n, what, isnan(numbers[n]) ? "NaN" : "infinite");
      return false;
    }
  }
  return true;
}

/* A NaN in a weight could end as a 0 behind a RELU, and nobody would see it. */
static bool check_weights(const struct trine_float_node *node, uint32_t width,
                          struct trine_error *error) {
  const struct trine_float_cell *cell = &node->cell;
  const struct trine_float_matrix *matrix = &node->matrix;
  const size_t units = cell->units;
  switch (node->op) {
    case TRINE_FLOAT_LSTM:
      return all_finite(node, "weights W", cell->w, TRINE_GATES * units * cell->inputs, error) &&
             all_finite(node, "weights R", cell->r, TRINE_GATES * units * units, error) &&
             all_finite(node, "biases", cell->bias, TRINE_GATES * units, error) &&
             all_finite(node, "initial h", cell->h0, units, error) &&
             all_finite(node, "initial c", cell->c0, units, error);
    case TRINE_FLOAT_DENSE:
    case TRINE_FLOAT_EMBEDDING:
      return all_finite(node, "weights", matrix->w, (size_t)matrix->units * matrix->inputs,
                        error) &&
             all_finite(node, "biases", matrix->bias, matrix->units, error);
    case TRINE_FLOAT_AFFINE:
      return all_finite(node, "scales", node->scale, width, error) &&
             all_finite(node, "biases", node->bias, width, error);
    default:
      return true;
  }
}

/* Values that are there, each once. */
static bool has_ends(const struct trine_float_network *network, const uint32_t *ends,
                     uint32_t count, uint32_t most) {
  bool good = count >= 1 && count <= most;
  for (uint32_t n = 0; good && n < count; n++) {
    good = ends[n] < network->value_count;
    for (uint32_t k = 0; good && k < n; k++) {
      good = ends[k] != ends[n];
    }
  }
  return good;
}

static bool check_network(const struct trine_float_network *network, struct trine_error *error) {
  if (network == NULL || network->values == NULL ||
      !has_ends(network, network->inputs, network->input_count, TRINE_FLOAT_MAX_GIVEN) ||
      !has_ends(network, network->outputs, network->output_count, TRINE_FLOAT_MAX_OUTPUTS) ||
      (network->node_count > 0 && network->nodes == NULL)) {
    trine_error_set(error,
                    "A network needs an input and an output among its values, of which it has %u.",
                    network == NULL || network->values == NULL ? 0 : network->value_count);
    return false;
  }
  for (uint32_t n = 0; n < network->value_count; n++) {
    if (network->values[n].width < 1 || network->values[n].name == NULL) {
      trine_error_set(error, "Value %u of the network has no name or a width of 0; it needs both.",
                      n);
      return false;
    }
  }
  for (uint32_t n = 0; n < network->node_count; n++) {
    if (!check_node(network, &network->nodes[n], error) ||
        !check_weights(&network->nodes[n], network->values[network->nodes[n].output].width,
                       error)) {
      return false;
    }
  }
  return true;
}

/* Whether all values of the batch fit together. */
static bool check_sizes(const struct trine_float_network *network,
                        const struct trine_float_batch *batch, struct trine_error *error) {
  const uint64_t limit =
      TRINE_FLOAT_MAX_BYTES < SIZE_MAX / 2 ? TRINE_FLOAT_MAX_BYTES : (uint64_t)(SIZE_MAX / 2);
  size_t bytes = 0;
  bool fit = true;
  for (uint32_t n = 0; n < network->value_count && fit; n++) {
    const struct trine_float_value *value = &network->values[n];
    size_t count = 0;
    fit = trine_size_mul(batch->sequences, trine_float_rows(value, batch->steps), &count) &&
          trine_size_mul(count, value->width, &count) &&
          trine_size_mul(count, sizeof(float), &count) && trine_size_add(bytes, count, &bytes) &&
          bytes <= limit;
  }
  if (!fit) {
    trine_error_set(error,
                    "The values of %u sequences of %u steps need more than %" PRIu64
                    " bytes, the limit; give fewer sequences.",
                    batch->sequences, batch->steps, limit);
  }
  return fit;
}

/* Steps of one sequence. */
static uint32_t length_of(const struct trine_float_batch *batch, uint32_t sequence) {
  return batch->lengths != NULL ? batch->lengths[sequence] : batch->steps;
}

/* Every number of the input that counts; the first that is not finite is told with its place. */
static bool check_input(const struct trine_float_value *input,
                        const struct trine_float_batch *batch, const float *rows,
                        struct trine_error *error) {
  const size_t steps = trine_float_rows(input, batch->steps), width = input->width;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const size_t length = trine_float_rows(input, length_of(batch, b));
    for (size_t n = 0; n < length * width; n++) {
      const float value = rows[b * steps * width + n];
      if (!isfinite(value)) {
        trine_error_set(error,
                        "The input is %s in sequence %u, step %zu, value %zu; only finite numbers "
                        "can be used: correct it, or leave rows behind a sequence's end out with "
                        "lengths.",
                        isnan(value) ? "NaN" : "infinite", b, n / width, n % width);
        return false;
      }
    }
  }
  return true;
}

/* What names steps by their number has to find them, and what has all side by side no fewer. */
static enum trine_status check_steps(const struct trine_float_network *network,
                                     const struct trine_float_batch *batch,
                                     struct trine_error *error) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    const bool flattens = node->op == TRINE_FLOAT_FLATTEN;
    if (!flattens && node->op != TRINE_FLOAT_STEP && node->op != TRINE_FLOAT_RANGE) {
      continue;
    }
    const struct trine_float_value *in = &network->values[node->inputs[0]];
    const struct trine_float_value *out = &network->values[node->output];
    const int64_t first = node->first, taken = node->op == TRINE_FLOAT_RANGE ? out->steps : 1;
    uint32_t least;
    if (flattens) {
      least = out->width / in->width;
    } else {
      least = (uint32_t)(first < 0 ? -first : first + taken);
    }
    if (!flattens && first < 0 && taken > -first) {
      (void)refuse_node(node, "it takes more steps than there are from its first on", error);
      return TRINE_ERR_NETWORK;
    }
    for (uint32_t b = 0; b < batch->sequences; b++) {
      const uint32_t length = trine_float_rows(in, length_of(batch, b));
      if (length < least || (flattens && length != least)) {
        trine_error_set(error,
                        "Layer %.80s takes sequences of %s%u steps, and sequence %u has %u; give "
                        "others, or export it for these.",
                        node->name, flattens ? "" : "at least ", least, b, length);
        return TRINE_ERR_ARG;
      }
    }
  }
  return TRINE_OK;
}

enum trine_status trine_float_check(const struct trine_float_network *network,
                                    const struct trine_float_batch *batch,
                                    struct trine_error *error) {
  if (!check_network(network, error)) {
    return network == NULL ? TRINE_ERR_ARG : TRINE_ERR_NETWORK;
  }
  if (batch == NULL || batch->input == NULL || batch->sequences < 1 || batch->steps < 1) {
    trine_error_set(error, "A batch has %u sequences of %u steps; it needs an input and 1 of each.",
                    batch == NULL || batch->input == NULL ? 0 : batch->sequences,
                    batch == NULL ? 0 : batch->steps);
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 1; n < network->input_count; n++) {
    if (trine_float_input(batch, n) == NULL) {
      trine_error_set(error, "The network has %u inputs; %.60s is missing.", network->input_count,
                      network->values[network->inputs[n]].name);
      return TRINE_ERR_ARG;
    }
  }
  for (uint32_t b = 0; batch->lengths != NULL && b < batch->sequences; b++) {
    if (batch->lengths[b] < 1 || batch->lengths[b] > batch->steps) {
      trine_error_set(error, "Sequence %u has length %u, outside 1 to %u.", b, batch->lengths[b],
                      batch->steps);
      return TRINE_ERR_ARG;
    }
  }
  const enum trine_status status = check_steps(network, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (!check_sizes(network, batch, error)) {
    return TRINE_ERR_LIMIT;
  }
  for (uint32_t n = 0; n < network->input_count; n++) {
    if (!check_input(&network->values[network->inputs[n]], batch, trine_float_input(batch, n),
                     error)) {
      return TRINE_ERR_ARG;
    }
  }
  return TRINE_OK;
}
