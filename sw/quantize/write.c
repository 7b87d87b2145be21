/* SPDX-License-Identifier: Apache-2.0 */
/* write: tensors and operators as TensorFlow's converter writes them, see write.h. */
#include "quantize/write.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/rounding.h"
#include "model/tflite_writer.h"

enum { LSTM_INPUTS = 24, IN_W = 1, IN_R = 5, IN_BIAS = 12, IN_H = 18, IN_C = 19 };

struct writing {
  const struct trine_float_network *network;
  const struct ranges *ranges;
  struct tflite_writer *file;
  uint32_t steps;
  bool per_row;
  int32_t *tensors; /* [value_count] index in the file */
  float *scales;    /* rows' scales that the file still points to */
  size_t scale_count, scale_room;
  bool lost; /* memory was short */
  struct trine_error *error;
};

uint32_t quantize_first_value(const struct trine_float_network *network,
                              const struct trine_float_matrix **table) {
  *table = NULL;
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    if (node->op == TRINE_FLOAT_EMBEDDING && node->inputs[0] == network->input) {
      *table = &node->matrix;
      return node->output;
    }
  }
  return network->input;
}

static int32_t add_tensor(struct writing *writing, const struct tflite_new_tensor *tensor) {
  const int32_t index = tflite_writer_tensor(writing->file, tensor);
  writing->lost = writing->lost || index < 0;
  return index;
}

static struct tflite_operator new_operator(int code, uint32_t input_count) {
  struct tflite_operator op;
  memset(&op, 0, sizeof op);
  op.code = code;
  op.input_count = input_count;
  for (int n = 0; n < TFLITE_MAX_INPUTS; n++) {
    op.inputs[n] = -1;
  }
  for (int n = 0; n < TFLITE_INTERMEDIATES; n++) {
    op.intermediates[n] = -1;
  }
  return op;
}

/* The shape that a value has in the file, for one sequence. */
static struct tflite_new_tensor shaped(const struct writing *writing, uint32_t value) {
  const struct trine_float_value *what = &writing->network->values[value];
  const struct quant_value *quant = &writing->ranges->values[value];
  struct tflite_new_tensor made = {.name = what->name,
                                   .type = TFLITE_INT8,
                                   .rank = what->has_time ? 3 : 2,
                                   .shape = {1, (int32_t)what->width},
                                   .scale = quant->scale,
                                   .zero_point = quant->zero_point};
  if (what->has_time) {
    made.shape[0] = writing->network->time_major ? (int32_t)writing->steps : 1;
    made.shape[1] = writing->network->time_major ? 1 : (int32_t)writing->steps;
    made.shape[2] = (int32_t)what->width;
  }
  return made;
}

static void finish(struct writing *writing, struct tflite_operator *op, uint32_t value) {
  const struct tflite_new_tensor y = shaped(writing, value);
  op->output = add_tensor(writing, &y);
  writing->tensors[value] = op->output;
  writing->lost = writing->lost || tflite_writer_operator(writing->file, op) == UINT32_MAX;
}

/* A scale has to be a normal number: smaller weights are as good as zero. */
static float weight_scale(float largest) {
  return largest / 127.0F >= FLT_MIN ? largest / 127.0F : 1.0F;
}

/* A symmetric matrix [rows][columns]; *scales: those of its rows, the same for all per tensor. */
static int32_t add_matrix(struct writing *writing, const char *name, const float *weights,
                          uint32_t rows, uint32_t columns, const float **scales) {
  const size_t count = (size_t)rows * columns;
  int8_t *bytes = malloc(count + 1);
  float *scale = writing->scales + writing->scale_count;
  float all = 0.0F;
  writing->scale_count += rows;
  if (bytes == NULL || writing->scale_count > writing->scale_room) {
    free(bytes);
    writing->lost = true;
    *scales = writing->scales;
    return -1;
  }
  for (uint32_t u = 0; u < rows; u++) {
    float largest = 0.0F;
    for (uint32_t n = 0; n < columns; n++) {
      largest = fmaxf(largest, fabsf(weights[(size_t)u * columns + n]));
    }
    all = fmaxf(all, largest);
    scale[u] = weight_scale(largest);
  }
  for (uint32_t u = 0; u < rows; u++) {
    scale[u] = writing->per_row ? scale[u] : weight_scale(all);
    const struct trine_rounding byte = {scale[u], 0, -INT8_MAX, INT8_MAX};
    for (uint32_t n = 0; n < columns; n++) {
      const size_t at = (size_t)u * columns + n;
      bytes[at] = (int8_t)trine_round(weights[at], &byte);
    }
  }
  const struct tflite_new_tensor tensor = {.name = name,
                                           .type = TFLITE_INT8,
                                           .rank = 2,
                                           .shape = {(int32_t)rows, (int32_t)columns},
                                           .scale = scale[0],
                                           .row_scales = writing->per_row ? scale : NULL,
                                           .data = bytes,
                                           .len_bytes = count};
  const int32_t index = add_tensor(writing, &tensor);
  free(bytes);
  *scales = scale;
  return index;
}

/* A bias at the scale of its row's products. */
static int32_t add_bias(struct writing *writing, const float *bias, uint32_t rows,
                        float input_scale, const float *scales) {
  int32_t *values = malloc(rows * sizeof *values + 1);
  if (values == NULL) {
    writing->lost = true;
    return -1;
  }
  for (uint32_t u = 0; u < rows; u++) {
    const double value =
        bias == NULL ? 0.0 : (double)bias[u] / ((double)input_scale * (double)scales[u]);
    values[u] = (int32_t)fmax(-2147483648.0, fmin(2147483647.0, round(value)));
  }
  const float product = input_scale * scales[0]; /* only told: the reader multiplies itself */
  const struct tflite_new_tensor tensor = {.name = "bias",
                                           .type = TFLITE_INT32,
                                           .rank = 1,
                                           .shape = {(int32_t)rows},
                                           .scale = product < FLT_MIN ? 0.0F : product,
                                           .data = values,
                                           .len_bytes = rows * sizeof *values};
  const int32_t index = add_tensor(writing, &tensor);
  free(values);
  return index;
}

static int32_t add_list(struct writing *writing, uint32_t rank, const int32_t *values,
                        uint32_t count) {
  const struct tflite_new_tensor tensor = {.name = "list",
                                           .type = TFLITE_INT32,
                                           .rank = rank,
                                           .shape = {(int32_t)count},
                                           .data = values,
                                           .len_bytes = count * sizeof *values};
  return add_tensor(writing, &tensor);
}

/* Turns the time axis of a tensor round. */
static int32_t add_reverse(struct writing *writing, int32_t x, const struct tflite_new_tensor *y) {
  struct tflite_operator op = new_operator(TFLITE_REVERSE_V2, 2);
  const int32_t axis = writing->network->time_major ? 0 : 1;
  op.inputs[0] = x;
  op.inputs[1] = add_list(writing, 1, &axis, 1);
  op.output = add_tensor(writing, y);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  return op.output;
}

static bool refuse(struct writing *writing, const struct trine_float_node *node, const char *why) {
  trine_error_set(writing->error, "Layer %.80s cannot be written: %s.", node->name, why);
  return false;
}

/* State and inner tensors of an LSTM. */
static void add_states(struct writing *writing, const struct tflite_new_tensor *y, int32_t units,
                       int32_t cell_exponent, struct tflite_operator *op) {
  struct tflite_new_tensor state = *y;
  state.name = "h";
  state.rank = 2;
  state.shape[0] = 1;
  state.shape[1] = units;
  state.variable = true;
  op->inputs[IN_H] = add_tensor(writing, &state);
  struct tflite_new_tensor inner = state;
  inner.name = "intermediate";
  inner.variable = false;
  inner.rank = 1;
  inner.shape[0] = 0;
  state.name = "c";
  state.type = TFLITE_INT16;
  state.scale = ldexpf(1.0F, cell_exponent);
  state.zero_point = 0;
  op->inputs[IN_C] = add_tensor(writing, &state);
  for (int n = 0; n < TFLITE_INTERMEDIATES; n++) {
    op->intermediates[n] = add_tensor(writing, &inner);
  }
}

static bool write_lstm(struct writing *writing, const struct trine_float_node *node) {
  static const char *const w_names[] = {"W_i", "W_f", "W_g", "W_o"};
  static const char *const r_names[] = {"R_i", "R_f", "R_g", "R_o"};
  const struct trine_float_cell *cell = &node->cell;
  const size_t units = cell->units, inputs = cell->inputs;
  const uint32_t index = (uint32_t)(node - writing->network->nodes);
  struct tflite_operator op = new_operator(TFLITE_LSTM, LSTM_INPUTS);
  struct tflite_new_tensor x = shaped(writing, node->inputs[0]), y = shaped(writing, node->output);
  const float *scales = NULL;
  op.activation = TFLITE_ACT_TANH;
  op.time_major = writing->network->time_major;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  if (cell->reversed) {
    x.name = "reversed";
    op.inputs[0] = add_reverse(writing, op.inputs[0], &x);
  }
  for (uint32_t g = 0; g < TRINE_GATES; g++) {
    op.inputs[IN_W + g] = add_matrix(writing, w_names[g], cell->w + g * units * inputs, cell->units,
                                     cell->inputs, &scales);
    op.inputs[IN_BIAS + g] =
        add_bias(writing, cell->bias + g * units, cell->units, x.scale, scales);
    op.inputs[IN_R + g] = add_matrix(writing, r_names[g], cell->r + g * units * units, cell->units,
                                     cell->units, &scales);
  }
  add_states(writing, &y, (int32_t)cell->units,
             quant_cell_exponent(writing->ranges->largest_cell[index]), &op);
  if (!cell->reversed) {
    finish(writing, &op, node->output);
    return true;
  }
  y.name = "backwards";
  op.output = add_tensor(writing, &y);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  y.name = writing->network->values[node->output].name;
  writing->tensors[node->output] = add_reverse(writing, op.output, &y);
  return true;
}

static bool write_dense(struct writing *writing, const struct trine_float_node *node) {
  const struct trine_float_matrix *matrix = &node->matrix;
  const float *scales = NULL;
  struct tflite_operator op = new_operator(TFLITE_FULLY_CONNECTED, 3);
  op.activation = matrix->out_min == 0.0F ? TFLITE_ACT_RELU : TFLITE_ACT_NONE;
  op.keep_num_dims = true;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = add_matrix(writing, "weights", matrix->w, matrix->units, matrix->inputs, &scales);
  op.inputs[2] = add_bias(writing, matrix->bias, matrix->units,
                          writing->ranges->values[node->inputs[0]].scale, scales);
  finish(writing, &op, node->output);
  return true;
}

/* One step of the time axis, which goes away. */
static bool write_take(struct writing *writing, const struct trine_float_node *node, bool last) {
  const struct tflite_new_tensor x = shaped(writing, node->inputs[0]);
  struct tflite_operator op = new_operator(TFLITE_STRIDED_SLICE, 4);
  const int32_t axis = writing->network->time_major ? 0 : 1, all = 7;
  int32_t begin[3] = {0, 0, 0}, end[3] = {x.shape[0], x.shape[1], x.shape[2]};
  const int32_t stride[3] = {1, 1, 1};
  begin[axis] = last ? -1 : 0;
  end[axis] = last ? 0 : 1;
  op.shrink_axis_mask = 1 << axis;
  op.begin_mask = op.end_mask = all & ~op.shrink_axis_mask;
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.inputs[1] = add_list(writing, 1, begin, 3);
  op.inputs[2] = add_list(writing, 1, end, 3);
  op.inputs[3] = add_list(writing, 1, stride, 3);
  finish(writing, &op, node->output);
  return true;
}

static bool write_concat(struct writing *writing, const struct trine_float_node *node) {
  struct tflite_operator op = new_operator(TFLITE_CONCATENATION, node->input_count);
  op.axis = writing->network->values[node->output].has_time ? 2 : 1;
  for (uint32_t n = 0; n < node->input_count; n++) {
    op.inputs[n] = writing->tensors[node->inputs[n]];
  }
  finish(writing, &op, node->output);
  return true;
}

static bool write_head(struct writing *writing, const struct trine_float_node *node) {
  const int code = node->op == TRINE_FLOAT_SOFTMAX    ? TFLITE_SOFTMAX
                   : node->op == TRINE_FLOAT_LOGISTIC ? TFLITE_LOGISTIC
                   : node->op == TRINE_FLOAT_RELU     ? TFLITE_RELU
                                                      : TFLITE_ARG_MAX;
  struct tflite_operator op = new_operator(code, code == TFLITE_ARG_MAX ? 2 : 1);
  op.inputs[0] = writing->tensors[node->inputs[0]];
  op.beta = 1.0F;
  if (code != TFLITE_ARG_MAX) {
    finish(writing, &op, node->output);
    return true;
  }
  const int32_t axis = -1;
  struct tflite_new_tensor y = shaped(writing, node->output);
  op.inputs[1] = add_list(writing, 0, &axis, 1);
  op.index_type = y.type = TFLITE_INT32;
  y.rank--;
  y.scale = 0.0F;
  op.output = add_tensor(writing, &y);
  writing->tensors[node->output] = op.output;
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  return true;
}

static bool write_node(struct writing *writing, const struct trine_float_node *node,
                       uint32_t first) {
  switch (node->op) {
    case TRINE_FLOAT_EMBEDDING:
      return node->output == first ||
             refuse(writing, node,
                    "it looks up a table behind other layers; only a table at the input can be");
    case TRINE_FLOAT_LSTM:
      return write_lstm(writing, node);
    case TRINE_FLOAT_DENSE:
      return write_dense(writing, node);
    case TRINE_FLOAT_CONCAT:
      return write_concat(writing, node);
    case TRINE_FLOAT_LAST:
    case TRINE_FLOAT_FIRST:
      return write_take(writing, node, node->op == TRINE_FLOAT_LAST);
    default:
      return write_head(writing, node);
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

static bool write_all(struct writing *writing, struct trine_quantized *made) {
  const struct trine_float_network *network = writing->network;
  const struct trine_float_matrix *table = NULL;
  const uint32_t first = quantize_first_value(network, &table);
  const struct tflite_new_tensor x = shaped(writing, first);
  writing->tensors[first] = add_tensor(writing, &x);
  for (uint32_t n = 0; n < network->node_count; n++) {
    if (!write_node(writing, &network->nodes[n], first)) {
      return false;
    }
  }
  size_t len_bytes = 0;
  const uint8_t *bytes = writing->lost
                             ? NULL
                             : tflite_writer_bytes(writing->file, writing->tensors[first],
                                                   writing->tensors[network->output], &len_bytes);
  made->bytes = bytes == NULL ? NULL : malloc(len_bytes);
  if (made->bytes == NULL) {
    trine_error_set(writing->error, "There is no memory for the model's file.");
    return false;
  }
  memcpy(made->bytes, bytes, len_bytes);
  made->len_bytes = len_bytes;
  return true;
}

bool quantize_write(const struct trine_float_network *network, const struct ranges *ranges,
                    uint32_t steps, bool per_row, struct trine_quantized *made,
                    struct trine_error *error) {
  struct writing writing = {.network = network,
                            .ranges = ranges,
                            .file = tflite_writer_new(),
                            .steps = steps,
                            .per_row = per_row,
                            .tensors = calloc(network->value_count, sizeof *writing.tensors),
                            .scale_room = count_rows(network),
                            .error = error};
  writing.scales = calloc(writing.scale_room, sizeof *writing.scales);
  bool good = writing.file != NULL && writing.tensors != NULL && writing.scales != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for the model's file.");
  }
  good = good && write_all(&writing, made);
  tflite_writer_free(writing.file);
  free(writing.tensors);
  free(writing.scales);
  return good;
}
