/* SPDX-License-Identifier: Apache-2.0 */
/* prepare: operands, multipliers and effective biases, common to LSTM and dense layers. */
#include "model/prepare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool prepare_refuse(const struct tflite_graph *graph, uint32_t op, struct trine_error *error,
                    const char *format, ...) {
  char text[sizeof error->text];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  const struct tflite_operator *o = &graph->operators[op];
  trine_error_set(error, "%s '%s': %s (operator %u)", tflite_code_name(o->code),
                  graph->tensors[o->output].name, text, o->number);
  return false;
}

bool prepare_check_weights(const struct tflite_graph *graph, struct trine_error *error) {
  const uint64_t limit = TFLITE_FREE_WEIGHTS + 16 * (uint64_t)graph->len_bytes;
  uint64_t left = limit;
  for (uint32_t op = 0; op < graph->operator_count; op++) {
    const struct tflite_operator *o = &graph->operators[op];
    for (uint32_t i = 0; i < o->input_count; i++) {
      const struct tflite_tensor *t = o->inputs[i] < 0 ? NULL : &graph->tensors[o->inputs[i]];
      if (t == NULL || t->data == NULL) {
        continue;
      }
      if (t->elements > left) {
        return prepare_refuse(graph, op, error,
                              "with the %llu of '%s' the operators read more than %llu weights, "
                              "the limit of all together for a file of %zu bytes",
                              (unsigned long long)t->elements, t->name, (unsigned long long)limit,
                              graph->len_bytes);
      }
      left -= t->elements;
    }
  }
  return true;
}

bool prepare_int8_input(const struct tflite_graph *graph, uint32_t op, struct trine_error *error) {
  const struct tflite_operator *o = &graph->operators[op];
  const struct tflite_tensor *x = o->inputs[0] < 0 ? NULL : &graph->tensors[o->inputs[0]];
  bool hybrid = false;
  for (uint32_t i = 1; i < o->input_count; i++) {
    const struct tflite_tensor *t = o->inputs[i] < 0 ? NULL : &graph->tensors[o->inputs[i]];
    hybrid = hybrid || (t != NULL && t->type == TFLITE_INT8 && t->data != NULL);
  }
  if (x != NULL && x->type == TFLITE_FLOAT32 && hybrid) {
    return prepare_refuse(
        graph, op, error,
        "it has weights of INT8 but its input '%s' is FLOAT32 (dynamic range); only "
        "INT8 runs: trine quantize makes it of this file and calibration data "
        "(docs/quantize.md)",
        x->name);
  }
  if (x != NULL && x->type == TFLITE_FLOAT32) {
    return prepare_refuse(graph, op, error,
                          "its input '%s' is FLOAT32: the file is not quantised; only INT8 runs: "
                          "trine quantize makes it of this file and calibration data "
                          "(docs/quantize.md)",
                          x->name);
  }
  return prepare_tensor(graph, op, o->inputs[0], TFLITE_INT8, "input", &x, error);
}

bool prepare_tensor(const struct tflite_graph *graph, uint32_t op, int32_t index, int type,
                    const char *what, const struct tflite_tensor **tensor,
                    struct trine_error *error) {
  if (index < 0) {
    return prepare_refuse(graph, op, error, "%s is missing; it is needed", what);
  }
  *tensor = &graph->tensors[index];
  if ((*tensor)->type != type) {
    return prepare_refuse(graph, op, error, "%s '%s' is %s, only %s is supported", what,
                          (*tensor)->name, tflite_type_name((*tensor)->type),
                          tflite_type_name(type));
  }
  return true;
}

bool prepare_quant(const struct tflite_graph *graph, uint32_t op, int32_t tensor,
                   struct quant *quant, struct trine_error *error) {
  const struct tflite_tensor *t = &graph->tensors[tensor];
  if (t->scale_count != 1) {
    return prepare_refuse(graph, op, error, "tensor '%s' has %u scales; only 1 is supported",
                          t->name, t->scale_count);
  }
  const int least = t->type == TFLITE_UINT8 ? 0 : -128;
  if (t->zero_points[0] < least || t->zero_points[0] > least + 255) {
    return prepare_refuse(graph, op, error, "tensor '%s' has zero point %lld, the range is %d..%d",
                          t->name, (long long)t->zero_points[0], least, least + 255);
  }
  quant->scale = t->scales[0];
  quant->zero_point = (int8_t)(t->zero_points[0] - least - 128);
  return true;
}

bool prepare_int_list(const struct tflite_graph *graph, uint32_t op, uint32_t input, uint32_t limit,
                      int32_t *values, uint32_t *count, struct trine_error *error) {
  const struct tflite_tensor *t = NULL;
  if (!prepare_tensor(graph, op, graph->operators[op].inputs[input], TFLITE_INT32, "operand", &t,
                      error)) {
    return false;
  }
  if (t->data == NULL || t->rank > 1 || t->elements > limit) {
    return prepare_refuse(graph, op, error,
                          "operand '%s' has to be a constant list of at most %u values", t->name,
                          limit);
  }
  memcpy(values, t->data, (size_t)t->elements * sizeof(int32_t));
  *count = (uint32_t)t->elements;
  return true;
}

bool prepare_multiplier(double d, int32_t *multiplier, int8_t *shift) {
  if (!(d > 0.0) || !(d < 0x1p30)) {
    return false;
  }
  int exponent = 0;
  const double mantissa = frexp(d, &exponent);
  int64_t value = (int64_t)floor(mantissa * 0x1p31 + 0.5);
  if (value == INT64_C(1) << 31) {
    value = INT64_C(1) << 30;
    exponent++;
  }
  if (exponent < -31) {
    value = 0;
    exponent = 0;
  }
  *multiplier = (int32_t)value;
  *shift = (int8_t)exponent;
  return true;
}

/* Scales of a weight matrix: one for all, or one a row; symmetric. */
static bool check_matrix_scales(const struct tflite_graph *graph, uint32_t op,
                                const struct tflite_tensor *matrix, struct trine_error *error) {
  const uint32_t count = matrix->scale_count;
  const bool per_row = count == matrix->shape[0] && matrix->quantized_dimension == 0;
  if (count != 1 && !per_row) {
    return prepare_refuse(
        graph, op, error,
        "weights '%s' have %u scales along dimension %d; only 1, or %u along 0, are "
        "supported",
        matrix->name, count, matrix->quantized_dimension, matrix->shape[0]);
  }
  for (uint32_t i = 0; i < count; i++) {
    if (matrix->zero_points[i] != 0) {
      return prepare_refuse(graph, op, error,
                            "weights '%s' have zero point %lld, only 0 is supported", matrix->name,
                            (long long)matrix->zero_points[i]);
    }
  }
  return true;
}

/* Range of one row's accumulator over all inputs, and the row's sum. */
struct row_range {
  int64_t low, high, sum;
};

static struct row_range find_range(const int8_t *row, uint32_t inputs, int64_t bias,
                                   int8_t zero_point) {
  struct row_range range = {bias, bias, 0};
  const int64_t least = -128 - (int64_t)zero_point, most = 127 - (int64_t)zero_point;
  for (uint32_t n = 0; n < inputs; n++) {
    range.low += row[n] * (row[n] > 0 ? least : most);
    range.high += row[n] * (row[n] > 0 ? most : least);
    range.sum += row[n];
  }
  return range;
}

const struct trine_requant *prepare_rows(const struct tflite_graph *graph, uint32_t op,
                                         struct arena *arena, const struct tflite_tensor *matrix,
                                         const struct tflite_tensor *bias, int8_t zero_point,
                                         double scale, double divisor, struct trine_error *error) {
  const uint32_t units = matrix->shape[0], inputs = matrix->shape[1];
  if (!check_matrix_scales(graph, op, matrix, error)) {
    return NULL;
  }
  struct trine_requant *rows = arena_alloc(arena, units, sizeof *rows);
  if (rows == NULL) {
    prepare_refuse(graph, op, error, "no memory for %u rows", units);
    return NULL;
  }
  for (uint32_t j = 0; j < units; j++) {
    const int8_t *row = (const int8_t *)matrix->data + (size_t)j * inputs;
    int32_t b = 0;
    if (bias != NULL) {
      memcpy(&b, bias->data + (size_t)j * sizeof b, sizeof b);
    }
    const struct row_range range = find_range(row, inputs, b, zero_point);
    const double weight = (double)matrix->scales[matrix->scale_count == 1 ? 0 : j];
    const double factor = scale * weight / divisor;
    if (!prepare_multiplier(factor, &rows[j].multiplier, &rows[j].shift)) {
      prepare_refuse(graph, op, error, "row %u of '%s' has multiplier %g, it must be below 2^30", j,
                     matrix->name, factor);
      return NULL;
    }
    const int left = rows[j].shift > 0 ? rows[j].shift : 0;
    const int64_t limit = INT64_C(1) << (31 - left);
    if (range.low < -limit || range.high >= limit) {
      prepare_refuse(graph, op, error,
                     "row %u of '%s' can reach the sum %lld, with shift %d the limit is %lld", j,
                     matrix->name, (long long)(range.low < -limit ? range.low : range.high), left,
                     (long long)limit);
      return NULL;
    }
    /* Modulo 2^32: the accumulator of raw products wraps the same way. */
    rows[j].bias = (int32_t)(uint32_t)((uint64_t)b - (uint64_t)(zero_point * range.sum));
  }
  return rows;
}
