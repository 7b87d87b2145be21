/* SPDX-License-Identifier: Apache-2.0 */
/* ranges: what calibration shows of each value, and the quantisation that comes of it. Private to
 * sw/quantize. */
#ifndef TRINE_QUANTIZE_RANGES_H
#define TRINE_QUANTIZE_RANGES_H

#include "float/float_run.h"

struct quant_value {
  float low, high; /* over the calibration data, 0 included */
  float scale;
  int32_t zero_point;
  uint32_t group; /* value whose quantisation this one shares; itself when it is the first */
  enum trine_float_op fixed_by; /* a reference kernel that makes one of its group wants a scale of
                                   its own; LSTM: none does */
};

struct ranges {
  float **floats;             /* [value_count] all values over the calibration data */
  struct quant_value *values; /* [value_count] */
  float *largest_cell;        /* [node_count] */
};

/* Runs the calibration data. To be given to ranges_free also after a failure. */
bool ranges_find(const struct trine_float_network *network, const struct trine_float_batch *batch,
                 struct ranges *ranges, struct trine_error *error);
void ranges_free(const struct trine_float_network *network, struct ranges *ranges);

/* The byte of a value (model/rounding.h). */
int8_t quant_byte(const struct quant_value *quant, float value);

/* Scale and zero point for its range, unless a kernel fixes them. */
void quant_set_scale(struct quant_value *value);

/* k of a layer's cell: 2^k with room for the largest |c|, -15..-9. */
int32_t quant_cell_exponent(float largest_cell);

#endif
