/* SPDX-License-Identifier: Apache-2.0 */
/* write: tensors and operators as TensorFlow's converter writes them, see write.h. */
#include "quantize/write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantize/write_internal.h"

enum { LSTM_INPUTS = 24, IN_W = 1, IN_R = 5, IN_BIAS = 12, IN_H = 18, IN_C = 19 };

uint32_t quantize_entry(const struct trine_float_network *network, uint32_t input,
                        const struct trine_float_matrix **table) {
  *table = NULL;
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    if (node->op == TRINE_FLOAT_EMBEDDING && node->inputs[0] == network->inputs[input]) {
      *table = &node->matrix;
      return node->output;
    }
  }
  return network->inputs[input];
}

/* State and inner tensors of an LSTM; of one that starts where another ended (1 + its index) they
 * are the same variables. */
static void add_states(struct writing *writing, const struct tflite_new_tensor *y, int32_t units,
                       int32_t cell_exponent, uint32_t follows, struct tflite_operator *op) {
  struct tflite_new_tensor state = *y;
  state.name = "h";
  state.rank = 2;
  state.shape[0] = 1;
  state.shape[1] = units;
  state.variable = true;
  op->inputs[IN_H] =
      follows > 0 ? writing->states[2 * (follows - 1)] : write_tensor(writing, &state);
  struct tflite_new_tensor inner = state;
  inner.name = "intermediate";
  inner.variable = false;
  inner.rank = 1;
  inner.shape[0] = 0;
  state.name = "c";
  state.type = TFLITE_INT16;
  state.scale = ldexpf(1.0F, cell_exponent);
  state.zero_point = 0;
  op->inputs[IN_C] =
      follows > 0 ? writing->states[2 * (follows - 1) + 1] : write_tensor(writing, &state);
  for (int n = 0; n < TFLITE_INTERMEDIATES; n++) {
    op->intermediates[n] = write_tensor(writing, &inner);
  }
}

static bool write_lstm(struct writing *writing, const struct trine_float_node *node) {
  static const char *const w_names[] = {"W_i", "W_f", "W_g", "W_o"};
  static const char *const r_names[] = {"R_i", "R_f", "R_g", "R_o"};
  const struct trine_float_cell *cell = &node->cell;
  const size_t units = cell->units, inputs = cell->inputs;
  const uint32_t index = (uint32_t)(node - writing->network->nodes);
  struct tflite_operator op = write_new_operator(TFLITE_LSTM, LSTM_INPUTS);
  struct tflite_new_tensor x = write_shaped(writing, node->inputs[0]),
                           y = write_shaped(writing, node->output);
  const float *scales = NULL;
  op.activation = TFLITE_ACT_TANH;
  op.time_major = writing->network->time_major;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  if (cell->reversed) {
    x.name = "reversed";
    op.inputs[0] = write_reverse(writing, op.inputs[0], &x);
  }
  for (uint32_t g = 0; g < TRINE_GATES; g++) {
    const struct write_weights w = {cell->units, cell->inputs, cell->w + g * units * inputs,
                                    cell->bias + g * units, x.scale};
    const struct write_weights r = {cell->units, cell->units, cell->r + g * units * units, NULL,
                                    y.scale};
    op.inputs[IN_W + g] = write_matrix(writing, w_names[g], &w, &scales);
    op.inputs[IN_BIAS + g] = write_bias(writing, &w, scales);
    op.inputs[IN_R + g] = write_matrix(writing, r_names[g], &r, &scales);
  }
  add_states(writing, &y, (int32_t)cell->units,
             quant_cell_exponent(writing->ranges->largest_cell[index]), cell->follows, &op);
  writing->states[2 * index] = op.inputs[IN_H];
  writing->states[2 * index + 1] = op.inputs[IN_C];
  if (!cell->reversed) {
    write_finish(writing, &op, node->output);
    return true;
  }
  y.name = "backwards";
  op.output = write_tensor(writing, &y);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  y.name = writing->network->values[node->output].name;
  writing->tensors[node->output] = write_reverse(writing, op.output, &y);
  return true;
}

static bool write_dense(struct writing *writing, const struct trine_float_node *node) {
  const struct trine_float_matrix *matrix = &node->matrix;
  const float *scales = NULL;
  struct tflite_operator op = write_new_operator(TFLITE_FULLY_CONNECTED, 3);
  if (matrix->out_max == 6.0F) {
    op.activation = TFLITE_ACT_RELU6;
  } else if (matrix->out_min == -1.0F) {
    op.activation = TFLITE_ACT_RELU_N1_TO_1;
  } else if (matrix->out_min == 0.0F) {
    op.activation = TFLITE_ACT_RELU;
  } else {
    op.activation = TFLITE_ACT_NONE;
  }
  op.keep_num_dims = true;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  const struct write_weights weights = {matrix->units, matrix->inputs, matrix->w, matrix->bias,
                                        writing->ranges->values[node->inputs[0]].scale};
  op.inputs[1] = write_matrix(writing, "weights", &weights, &scales);
  op.inputs[2] = write_bias(writing, &weights, scales);
  write_finish(writing, &op, node->output);
  return true;
}

static bool is_output(const struct trine_float_network *network, uint32_t value) {
  bool is = false;
  for (uint32_t n = 0; n < network->output_count; n++) {
    is = is || network->outputs[n] == value;
  }
  return is;
}

bool quantize_is_log_end(const struct trine_float_network *network, uint32_t value) {
  bool is_end = false, is_read = false;
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    is_end = is_end || (node->output == value && node->op == TRINE_FLOAT_LOG_SOFTMAX);
    for (uint32_t k = 0; k < node->input_count; k++) {
      is_read = is_read || node->inputs[k] == value;
    }
  }
  return is_end && !is_read && is_output(network, value);
}

/* Whether an embedding is the one at an input, whose rows are beside the file. */
static bool is_table(struct writing *writing, const struct trine_float_node *node) {
  bool at_input = false, is_entry = false;
  for (uint32_t n = 0; n < writing->network->input_count; n++) {
    const struct trine_float_matrix *table = NULL;
    is_entry = is_entry || quantize_entry(writing->network, n, &table) == node->output;
    at_input = at_input || writing->network->inputs[n] == node->inputs[0];
  }
  return is_entry ||
         write_refuse(writing, node,
                      at_input ? "its input is looked up in two tables; cut the graph where they "
                                 "come together, --inputs with the name of that value"
                               : "it looks up a table behind other layers; only a table at an "
                                 "input can be: cut behind it with --inputs");
}

/* False with the error set: an operator that cannot be written. */
static bool write_node(struct writing *writing, const struct trine_float_node *node) {
  switch (node->op) {
    case TRINE_FLOAT_EMBEDDING:
      return is_table(writing, node);
    case TRINE_FLOAT_LSTM:
      return write_lstm(writing, node);
    case TRINE_FLOAT_DENSE:
      return write_dense(writing, node);
    default:
      return write_rows(writing, node);
  }
}

/* Rows of all matrices of the network. */
static size_t count_rows(const struct trine_float_network *network) {
  size_t rows = 1;
  for (uint32_t n = 0; n < network->node_count; n++) {
    rows += network->nodes[n].op == TRINE_FLOAT_LSTM
                ? 2 * (size_t)TRINE_GATES * network->nodes[n].cell.units
                : network->nodes[n].matrix.units;
  }
  return rows;
}

/* The value that stands in the file for an output: what a LogSoftmax that is left out reads. */
static uint32_t written_as(const struct trine_float_network *network, uint32_t value) {
  for (uint32_t n = 0; quantize_is_log_end(network, value) && n < network->node_count; n++) {
    if (network->nodes[n].output == value) {
      return network->nodes[n].inputs[0];
    }
  }
  return value;
}

/* The tensors of the outputs: where a LogSoftmax was left out and what it reads is an output too,
 * one of them is a copy. */
static void take_outputs(struct writing *writing, const struct trine_onnx_layout *layouts,
                         int32_t *outputs) {
  const struct trine_float_network *network = writing->network;
  for (uint32_t n = 0; n < network->output_count; n++) {
    const uint32_t value = written_as(network, network->outputs[n]);
    bool is_taken = false;
    outputs[n] = writing->tensors[network->outputs[n]];
    for (uint32_t k = 0; k < n; k++) {
      is_taken = is_taken || outputs[k] == outputs[n];
    }
    if (is_taken) {
      outputs[n] = write_copy(writing, outputs[n], value);
    }
    if (layouts[n].rank > 0) {
      outputs[n] = write_in_layout(writing, outputs[n], value, &layouts[n]);
    }
  }
}

static enum trine_status write_all(struct writing *writing, struct trine_quantized *made) {
  const struct trine_float_network *network = writing->network;
  int32_t inputs[TRINE_FLOAT_MAX_GIVEN], outputs[TRINE_FLOAT_MAX_OUTPUTS];
  for (uint32_t n = 0; n < network->input_count; n++) {
    const struct trine_float_matrix *table = NULL;
    const uint32_t entry = quantize_entry(network, n, &table);
    const struct tflite_new_tensor x = write_shaped(writing, entry);
    inputs[n] = writing->tensors[entry] = write_tensor(writing, &x);
  }
  for (uint32_t n = 0; n < network->node_count; n++) {
    if (!write_node(writing, &network->nodes[n])) {
      return TRINE_ERR_UNSUPPORTED;
    }
  }
  const struct tflite_new_ends ends = {network->input_count, network->output_count, inputs,
                                       outputs};
  size_t len_bytes = 0;
  take_outputs(writing, made->layouts, outputs);
  const uint8_t *bytes =
      writing->lost ? NULL : tflite_writer_bytes_between(writing->file, &ends, &len_bytes);
  made->bytes = bytes == NULL ? NULL : malloc(len_bytes);
  if (made->bytes == NULL) {
    trine_error_set(writing->error, "There is no memory for the model's file.");
    return TRINE_ERR_MEMORY;
  }
  memcpy(made->bytes, bytes, len_bytes);
  made->len_bytes = len_bytes;
  return TRINE_OK;
}

enum trine_status quantize_write(const struct trine_float_network *network,
                                 const struct ranges *ranges, uint32_t steps, bool per_row,
                                 bool clamps, struct trine_quantized *made,
                                 struct trine_error *error) {
  struct writing writing = {
      .network = network,
      .ranges = ranges,
      .file = tflite_writer_new(),
      .steps = steps,
      .per_row = per_row,
      .clamps = clamps && !per_row,
      .tensors = calloc(network->value_count, sizeof *writing.tensors),
      .states = calloc(2 * (size_t)network->node_count + 1, sizeof *writing.states),
      .scale_room = count_rows(network),
      .error = error};
  writing.scales = calloc(writing.scale_room, sizeof *writing.scales);
  enum trine_status status = TRINE_ERR_MEMORY;
  if (writing.file == NULL || writing.tensors == NULL || writing.states == NULL ||
      writing.scales == NULL) {
    trine_error_set(error, "There is no memory for the model's file.");
  } else {
    status = write_all(&writing, made);
  }
  tflite_writer_free(writing.file);
  free(writing.tensors);
  free(writing.states);
  free(writing.scales);
  return status;
}
