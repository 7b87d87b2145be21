/* SPDX-License-Identifier: Apache-2.0 */
/* rows: types of files and types of models, see rows.h. */
#include "session/rows.h"

#include <stdlib.h>
#include <string.h>

/* The top bit of bytes that are unsigned in the file and int8 here. */
static void turn_bits(void *bytes, uint64_t count) {
  uint8_t *byte = bytes;
  for (uint64_t n = 0; n < count; n++) {
    byte[n] ^= 0x80;
  }
}

/* Numbers of a vocabulary as numpy has them without being asked, int64, as int32. */
static enum trine_status narrow(const struct trine_array *input, int32_t *rows,
                                struct trine_error *error) {
  const int64_t *values = input->data;
  for (uint64_t n = 0; n < input->count; n++) {
    if (values[n] < INT32_MIN || values[n] > INT32_MAX) {
      trine_error_set(error, "Value %llu of the input is %lld; it takes int32.",
                      (unsigned long long)n, (long long)values[n]);
      return TRINE_ERR_ARG;
    }
    rows[n] = (int32_t)values[n];
  }
  return TRINE_OK;
}

/* Into rows that are there, of one of the types that can be. */
static enum trine_status fill(const struct trine_model *model, uint32_t index,
                              const struct trine_array *input,
                              const struct trine_model_batch *batch, void *rows,
                              struct trine_model_clamped *clamped, struct trine_error *error) {
  struct trine_model_clamped unasked;
  if (input->dtype == TRINE_DTYPE_FLOAT32) {
    return trine_model_quantize_input_of(model, index, input->data, batch, rows,
                                         clamped != NULL ? clamped : &unasked, error);
  }
  if (input->dtype == TRINE_DTYPE_INT64 &&
      trine_model_info(model)->inputs[index].type != input->dtype) {
    return narrow(input, rows, error);
  }
  memcpy(rows, input->data, (size_t)trine_array_bytes(input));
  if (input->dtype == TRINE_DTYPE_UINT8) {
    turn_bits(rows, input->count);
  }
  return TRINE_OK;
}

enum trine_status trine_rows_take(const struct trine_model *model, const struct trine_array *input,
                                  const struct trine_model_batch *batch, void **rows,
                                  struct trine_model_clamped *clamped, struct trine_error *error) {
  return trine_rows_take_of(model, 0, input, batch, rows, clamped, error);
}

enum trine_status trine_rows_take_of(const struct trine_model *model, uint32_t index,
                                     const struct trine_array *input,
                                     const struct trine_model_batch *batch, void **rows,
                                     struct trine_model_clamped *clamped,
                                     struct trine_error *error) {
  const struct trine_model_end *end = &trine_model_info(model)->inputs[index];
  const enum trine_dtype own = end->is_unsigned ? TRINE_DTYPE_UINT8 : end->type;
  const bool is_bytes = end->type == TRINE_DTYPE_INT8;
  const enum trine_dtype other = is_bytes ? TRINE_DTYPE_FLOAT32 : TRINE_DTYPE_INT64;
  *rows = NULL;
  if (input->dtype != own && input->dtype != other) {
    trine_error_set(error, "The input is %s%s, not %s.", trine_dtype_name(own),
                    is_bytes ? " or float32" : "", trine_dtype_name(input->dtype));
    return TRINE_ERR_ARG;
  }
  *rows = malloc((size_t)trine_array_bytes(input) + 1);
  if (*rows == NULL) {
    trine_error_set(error, "There is no memory for %llu input values.",
                    (unsigned long long)input->count);
    return TRINE_ERR_MEMORY;
  }
  const enum trine_status status = fill(model, index, input, batch, *rows, clamped, error);
  if (status != TRINE_OK) {
    free(*rows);
    *rows = NULL;
  }
  return status;
}

/* Rows past a sequence's length are 0.0, not the value of byte 0. */
static void clear_behind(const struct trine_model *model, uint32_t index,
                         const struct trine_model_batch *batch, struct trine_array *output) {
  float *data = output->data;
  for (uint64_t n = 0; n < output->count; n++) {
    uint32_t b = 0, t = 0;
    trine_model_place(model, (int32_t)index, batch->sequences, batch->steps, n, &b, &t);
    if (t >= batch->lengths[b]) {
      data[n] = 0.0F;
    }
  }
}

enum trine_status trine_rows_give(const struct trine_model *model, uint32_t index,
                                  const struct trine_array *made, bool is_real,
                                  const struct trine_model_batch *batch, struct trine_array *output,
                                  struct trine_error *error) {
  const struct trine_model_end *end = &trine_model_info(model)->outputs[index];
  const bool turns_real = is_real && made->dtype == TRINE_DTYPE_INT8;
  enum trine_dtype type = made->dtype;
  if (turns_real) {
    type = TRINE_DTYPE_FLOAT32;
  } else if (end->is_unsigned) {
    type = TRINE_DTYPE_UINT8;
  }
  const enum trine_status status = trine_array_make(output, type, made->rank, made->shape, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (turns_real) {
    trine_model_dequantize(end, made->data, (size_t)made->count, output->data);
    if (end->has_time && batch->lengths != NULL) {
      clear_behind(model, index, batch, output);
    }
    return TRINE_OK;
  }
  memcpy(output->data, made->data, (size_t)trine_array_bytes(made));
  if (end->is_unsigned) {
    turn_bits(output->data, output->count);
  }
  return TRINE_OK;
}
