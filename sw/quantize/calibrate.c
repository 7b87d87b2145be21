/* SPDX-License-Identifier: Apache-2.0 */
/* calibrate: see calibrate.h. */
#include "quantize/calibrate.h"

#include <math.h>
#include <stdbool.h>

enum { TAIL = 1000, SHRINKS = 45, ROUNDS = 2 };

/* Each end becomes so much of itself from one candidate to the next: 0.95^45 is a tenth. */
static const double shrink = 0.95;

void calibrate_count(struct calibrate_bins *bins, const float *numbers, size_t count) {
  const double width = ((double)bins->high - (double)bins->low) / CALIBRATE_BINS;
  for (size_t n = 0; n < count; n++) {
    const double at = width > 0 ? ((double)numbers[n] - (double)bins->low) / width : 0;
    int bin;
    if (at < 0) {
      bin = 0;
    } else if (at >= CALIBRATE_BINS) {
      bin = CALIBRATE_BINS - 1;
    } else {
      bin = (int)at;
    }
    bins->bins[bin]++;
  }
  bins->count += count;
}

/* The value in the middle of a bin. */
static double middle(const struct calibrate_bins *bins, int bin) {
  const double width = ((double)bins->high - (double)bins->low) / CALIBRATE_BINS;
  return (double)bins->low + ((double)bin + 0.5) * width;
}

void calibrate_percentile(const struct calibrate_bins *bins, float *low, float *high) {
  const uint64_t most = bins->count / TAIL;
  const double half = ((double)bins->high - (double)bins->low) / (2.0 * CALIBRATE_BINS);
  uint64_t below = 0, above = 0;
  int first = 0, last = CALIBRATE_BINS - 1;
  while (first < CALIBRATE_BINS - 1 && below + bins->bins[first] <= most) {
    below += bins->bins[first++];
  }
  while (last > 0 && above + bins->bins[last] <= most) {
    above += bins->bins[last--];
  }
  *low = first == 0 ? bins->low : (float)fmin(0.0, middle(bins, first) - half);
  *high = last == CALIBRATE_BINS - 1 ? bins->high : (float)fmax(0.0, middle(bins, last) + half);
}

/* Sum of squared errors: a twelfth of a step's square inside, the distance outside. */
static double error_of(const struct calibrate_bins *bins, int levels, double low, double high) {
  const double step = (high - low) / levels;
  double sum = 0;
  for (int n = 0; n < CALIBRATE_BINS; n++) {
    const double at = middle(bins, n);
    double out;
    if (at > high) {
      out = at - high;
    } else if (at < low) {
      out = low - at;
    } else {
      out = 0;
    }
    sum += (double)bins->bins[n] * (out > 0 ? out * out : step * step / 12);
  }
  return sum;
}

/* The best of the candidates of one end, the other one as it is. */
static void shrink_end(const struct calibrate_bins *bins, int levels, bool upper, double *low,
                       double *high) {
  double best = INFINITY, kept = 0;
  double end = upper ? (double)bins->high : (double)bins->low;
  for (int n = 0; n < SHRINKS; n++, end *= shrink) {
    const double error = error_of(bins, levels, upper ? *low : end, upper ? end : *high);
    if (error < best) {
      best = error;
      kept = end;
    }
  }
  *(upper ? high : low) = kept;
}

void calibrate_error(const struct calibrate_bins *bins, int levels, float *low, float *high) {
  double from = (double)bins->low, to = (double)bins->high;
  for (int round = 0; round < ROUNDS && bins->high > bins->low; round++) {
    if (bins->high > 0) {
      shrink_end(bins, levels, true, &from, &to);
    }
    if (bins->low < 0) {
      shrink_end(bins, levels, false, &from, &to);
    }
  }
  *low = (float)from;
  *high = (float)to;
}
