/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate: from numbers that were seen to the range they are quantised for. Private to
 * sw/quantize.
 *
 * Numbers are counted in bins over all that was seen; each rule below only ever makes that range
 * smaller, and leaves 0 in it. */
#ifndef TRINE_QUANTIZE_CALIBRATE_H
#define TRINE_QUANTIZE_CALIBRATE_H

#include <stddef.h>
#include <stdint.h>

enum { CALIBRATE_BINS = 2048 };

struct calibrate_bins {
  float low, high; /* of all numbers, low <= 0 <= high */
  uint64_t count, bins[CALIBRATE_BINS];
};

/* Counts more numbers, all of them within low and high. */
void calibrate_count(struct calibrate_bins *bins, const float *numbers, size_t count);

/* Leaves out at most one in a thousand at each end. */
void calibrate_percentile(const struct calibrate_bins *bins, float *low, float *high);

/* The range with the least mean square error of `levels` steps, rounding inside and clamping
 * outside: of ranges from all that was seen down to a tenth of each end. */
void calibrate_error(const struct calibrate_bins *bins, int levels, float *low, float *high);

#endif
