/* SPDX-License-Identifier: Apache-2.0 */
/* model_input: a float input as the bytes that a model reads, and what was lost on the way. */
#include <stddef.h>
#include <string.h>

#include "model/model_internal.h"
#include "model/rounding.h"

enum trine_status trine_model_quantize_input(const struct trine_model *model, const float *values,
                                             uint32_t sequences, uint32_t steps,
                                             const uint32_t *lengths, int8_t *bytes,
                                             struct trine_model_clamped *clamped,
                                             struct trine_error *error) {
  const struct trine_model_batch batch = {
      .sequences = sequences, .steps = steps, .lengths = lengths};
  return trine_model_quantize_input_of(model, 0, values, &batch, bytes, clamped, error);
}

enum trine_status trine_model_quantize_input_of(const struct trine_model *model, uint32_t index,
                                                const float *values,
                                                const struct trine_model_batch *batch,
                                                int8_t *bytes, struct trine_model_clamped *clamped,
                                                struct trine_error *error) {
  const struct trine_model_end *end = &model->info.inputs[index];
  const uint32_t sequences = batch->sequences, steps = batch->steps;
  const uint32_t *lengths = batch->lengths;
  const struct trine_rounding byte = {end->scale, end->zero_point, INT8_MIN, INT8_MAX};
  /* Where the values of a step are not side by side, each is a row. */
  const size_t width = end->is_rows ? end->width : 1, rows = end->has_time ? steps : 1;
  const size_t all = sequences * rows * (end->width / width);
  *clamped = (struct trine_model_clamped){
      .low = host_dequantize(INT8_MIN, (struct quant){end->scale, end->zero_point}),
      .high = host_dequantize(INT8_MAX, (struct quant){end->scale, end->zero_point})};
  if (values == NULL || bytes == NULL || sequences < 1 || steps < 1) {
    trine_error_set(error, "an input of %u sequences of %u steps; it needs values and 1 of each",
                    sequences, steps);
    return TRINE_ERR_ARG;
  }
  for (size_t n = 0; n < all; n++) {
    uint32_t b = (uint32_t)(n / rows), t = (uint32_t)(n % rows);
    size_t at = (end->has_time && end->time_major ? t * (size_t)sequences + b : n) * width;
    if (!end->is_rows) {
      at = n;
      trine_model_place(model, -1 - (int32_t)index, sequences, steps, n, &b, &t);
    }
    if (end->has_time && lengths != NULL && t >= lengths[b]) {
      memset(bytes + at, end->zero_point, width);
      continue;
    }
    if (!trine_round_row(values + at, (uint32_t)width, &byte, bytes + at, &clamped->clamped,
                         (struct trine_row_place){b, t}, error)) {
      return TRINE_ERR_ARG;
    }
    clamped->values += width;
  }
  return TRINE_OK;
}
