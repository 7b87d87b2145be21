/* SPDX-License-Identifier: Apache-2.0 */
/* write_tensors: tensors and the beginnings of operators, see write_internal.h. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/rounding.h"
#include "quantize/calibrate.h"
#include "quantize/write_internal.h"

int32_t write_tensor(struct writing *writing, const struct tflite_new_tensor *tensor) {
  const int32_t index = tflite_writer_tensor(writing->file, tensor);
  writing->lost = writing->lost || index < 0;
  return index;
}

struct tflite_operator write_new_operator(int code, uint32_t input_count) {
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
struct tflite_new_tensor write_shaped(const struct writing *writing, uint32_t value) {
  const struct trine_float_value *what = &writing->network->values[value];
  const struct quant_value *quant = &writing->ranges->values[value];
  struct tflite_new_tensor made = {.name = what->name,
                                   .type = TFLITE_INT8,
                                   .rank = what->has_time ? 3 : 2,
                                   .shape = {1, (int32_t)what->width},
                                   .scale = quant->scale,
                                   .zero_point = quant->zero_point};
  if (what->has_time) {
    const int32_t steps = (int32_t)trine_float_rows(what, writing->steps);
    made.shape[0] = writing->network->time_major ? steps : 1;
    made.shape[1] = writing->network->time_major ? 1 : steps;
    made.shape[2] = (int32_t)what->width;
  }
  return made;
}

void write_finish(struct writing *writing, struct tflite_operator *op, uint32_t value) {
  const struct tflite_new_tensor y = write_shaped(writing, value);
  op->output = write_tensor(writing, &y);
  writing->tensors[value] = op->output;
  writing->lost = writing->lost || tflite_writer_operator(writing->file, op) == UINT32_MAX;
}

int32_t write_copy(struct writing *writing, int32_t x, uint32_t value) {
  const struct tflite_new_tensor y = write_shaped(writing, value);
  struct tflite_operator op = write_new_operator(TFLITE_RESHAPE, 2);
  op.inputs[0] = x;
  op.inputs[1] = write_list(writing, 1, y.shape, y.rank);
  op.output = write_tensor(writing, &y);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  return op.output;
}

/* A scale has to be a normal number: smaller weights are as good as zero. */
static float weight_scale(float largest) {
  return largest / 127.0F >= FLT_MIN ? largest / 127.0F : 1.0F;
}

/* The largest weight that is not clamped, for the least error of a matrix. */
static float clamp_weights(const float *weights, size_t count, float largest) {
  struct calibrate_bins bins = {.low = 0.0F, .high = largest};
  float low = 0.0F, high = largest;
  for (size_t n = 0; n < count; n++) {
    const float size = fabsf(weights[n]);
    calibrate_count(&bins, &size, 1);
  }
  calibrate_error(&bins, INT8_MAX, &low, &high);
  return high;
}

/* The least scale of a row with which its bias leaves the sum room in 32 bits: where that decides,
 * the values are so small beside the bias that nothing is lost. */
static float least_scale(const struct write_weights *of, uint32_t row) {
  const float largest = 0x1p30F;
  return of->bias == NULL ? 0.0F : fabsf(of->bias[row]) / largest / of->input_scale;
}

int32_t write_matrix(struct writing *writing, const char *name, const struct write_weights *of,
                     const float **scales) {
  const uint32_t rows = of->rows, columns = of->columns;
  const float *weights = of->weights;
  const size_t count = (size_t)rows * columns;
  int8_t *bytes = malloc(count + 1);
  float *scale = writing->scales + writing->scale_count;
  float all = 0.0F, least = 0.0F;
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
    least = fmaxf(least, least_scale(of, u));
    scale[u] = fmaxf(weight_scale(largest), least_scale(of, u));
  }
  all = writing->clamps && all > 0.0F ? clamp_weights(weights, count, all) : all;
  for (uint32_t u = 0; u < rows; u++) {
    scale[u] = writing->per_row ? scale[u] : fmaxf(weight_scale(all), least);
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
  const int32_t index = write_tensor(writing, &tensor);
  free(bytes);
  *scales = scale;
  return index;
}

int32_t write_columns(struct writing *writing, const float *columns, uint32_t width) {
  int8_t *bytes = malloc((size_t)width + 1);
  float largest = 0.0F;
  for (uint32_t n = 0; n < width; n++) {
    largest = fmaxf(largest, fabsf(columns[n]));
  }
  const struct trine_rounding byte = {weight_scale(largest), 0, -INT8_MAX, INT8_MAX};
  for (uint32_t n = 0; n < width && bytes != NULL; n++) {
    bytes[n] = (int8_t)trine_round(columns[n], &byte);
  }
  const struct tflite_new_tensor tensor = {.name = "columns",
                                           .type = TFLITE_INT8,
                                           .rank = 1,
                                           .shape = {(int32_t)width},
                                           .scale = weight_scale(largest),
                                           .data = bytes,
                                           .len_bytes = width};
  const int32_t index = bytes == NULL ? -1 : write_tensor(writing, &tensor);
  writing->lost = writing->lost || bytes == NULL;
  free(bytes);
  return index;
}

int32_t write_bias(struct writing *writing, const struct write_weights *of, const float *scales) {
  const uint32_t rows = of->rows;
  const float *bias = of->bias, input_scale = of->input_scale;
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
  const int32_t index = write_tensor(writing, &tensor);
  free(values);
  return index;
}

int32_t write_list(struct writing *writing, uint32_t rank, const int32_t *values, uint32_t count) {
  const struct tflite_new_tensor tensor = {.name = "list",
                                           .type = TFLITE_INT32,
                                           .rank = rank,
                                           .shape = {(int32_t)count},
                                           .data = values,
                                           .len_bytes = count * sizeof *values};
  return write_tensor(writing, &tensor);
}

/* Turns the time axis of a tensor round. */
int32_t write_reverse(struct writing *writing, int32_t x, const struct tflite_new_tensor *y) {
  struct tflite_operator op = write_new_operator(TFLITE_REVERSE_V2, 2);
  const int32_t axis = writing->network->time_major ? 0 : 1;
  op.inputs[0] = x;
  op.inputs[1] = write_list(writing, 1, &axis, 1);
  op.output = write_tensor(writing, y);
  writing->lost = writing->lost || tflite_writer_operator(writing->file, &op) == UINT32_MAX;
  return op.output;
}

bool write_refuse(struct writing *writing, const struct trine_float_node *node, const char *why) {
  trine_error_set(writing->error, "Layer %.80s cannot be written: %s.", node->name, why);
  return false;
}
