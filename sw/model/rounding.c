/* SPDX-License-Identifier: Apache-2.0 */
/* rounding: to nearest, ties away from zero; see rounding.h. */
#include "model/rounding.h"

#include <math.h>

/* Whole, but perhaps beyond every integer: a quotient of floats may be infinite. */
static float unclamped(float value, const struct trine_rounding *to) {
  return roundf(value / to->scale) + (float)to->zero_point;
}

int32_t trine_round(float value, const struct trine_rounding *to) {
  if (isnan(value)) {
    return to->zero_point;
  }
  const float whole = unclamped(value, to);
  if (whole < (float)to->least) {
    return to->least;
  }
  if (whole > (float)to->most) {
    return to->most;
  }
  return (int32_t)whole;
}

bool trine_round_clamps(float value, const struct trine_rounding *to) {
  const float whole = unclamped(value, to);
  return whole < (float)to->least || whole > (float)to->most;
}

bool trine_round_row(const float *values, uint32_t width, const struct trine_rounding *to,
                     int8_t *bytes, uint64_t *clamped, struct trine_row_place place,
                     struct trine_error *error) {
  for (uint32_t n = 0; n < width; n++) {
    if (!isfinite(values[n])) {
      trine_error_set(error,
                      "the input is %s in sequence %u, step %u, value %u; only finite numbers "
                      "have a byte: correct it, or leave rows behind a sequence's end out with "
                      "lengths",
                      isnan(values[n]) ? "NaN" : "infinite", place.sequence, place.step, n);
      return false;
    }
    bytes[n] = (int8_t)trine_round(values[n], to);
    *clamped += trine_round_clamps(values[n], to);
  }
  return true;
}
