/* SPDX-License-Identifier: Apache-2.0 */
/* ranges: what calibration shows of each value, and the quantisation that comes of it. Private to
 * sw/quantize. */
#ifndef TRINE_QUANTIZE_RANGES_H
#define TRINE_QUANTIZE_RANGES_H

#include "quantize/quantize.h"

struct quant_value {
  float low, high;            /* what it is quantised for, 0 included */
  float seen_low, seen_high;  /* over the calibration data, 0 included */
  enum trine_calibrate_by by; /* how that was chosen: RANGE where there is no choice */
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

/* How each value finds its range, by the first of its group, and whether weights are clamped where
 * that makes their error less. */
struct calibration {
  enum trine_calibrate_by *by; /* [value_count]; BEST is not one of them */
  float *shrink;               /* [value_count] the part that SHRUNK takes */
  bool clamps_weights;
};

/* Runs the calibration data; every value has the range of all that was seen. To be given to
 * ranges_free also after a failure: of the run, or TRINE_ERR_ARG, data that make a value infinite.
 */
enum trine_status ranges_find(const struct trine_float_network *network,
                              const struct trine_float_batch *batch, struct ranges *ranges,
                              struct trine_error *error);
void ranges_free(const struct trine_float_network *network, struct ranges *ranges);

/* Sets ranges and scales anew. False with the error set when there is no memory. */
bool ranges_choose(const struct trine_float_network *network, const struct trine_float_batch *batch,
                   const struct calibration *calibration, struct ranges *ranges,
                   struct trine_error *error);

/* Whether a value is the first of its group, and there is a choice: no kernel wants a scale of its
 * own. */
bool ranges_can_choose(const struct ranges *ranges, uint32_t value);

/* The byte of a value (model/rounding.h). */
int8_t quant_byte(const struct quant_value *quant, float value);

/* Scale and zero point for its range, unless a kernel fixes them. */
void quant_set_scale(struct quant_value *value);

/* k of a layer's cell: 2^k with room for the largest |c|, -15..-9. */
int32_t quant_cell_exponent(float largest_cell);

#endif
