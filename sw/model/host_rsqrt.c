/* SPDX-License-Identifier: Apache-2.0 */
/* host_rsqrt: the table of RSQRT, see host_ops.h: the reference's Newton steps, bit for bit. */
#include <math.h>

#include "golden/fixed.h"
#include "model/host_ops.h"

/* Numbers of 3 whole bits: raw / 2^28. Doubling high products of two have 6, of three 9. */
static int32_t times(int32_t a, int32_t b) {
  return trine_requantise(a, b, 0);
}

static int32_t saturated_left(int32_t a, int bits) {
  const int64_t wide = (int64_t)a * (INT64_C(1) << bits);
  if (wide > INT32_MAX) {
    return INT32_MAX;
  }
  return wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

/* 1 / sqrt(value) as multiplier and (right) shift; value is above 1. */
static int32_t inverse_root(int32_t value, int *right) {
  enum { HALF_SQRT_2 = 1518500250, ONE = 1 << 28, THREE_HALVES = (1 << 28) + (1 << 27) };
  int pairs = 0;
  *right = 11;
  while (value < 1 << 27) { /* to 2^27..2^29, four times a pair of bits */
    value *= 4;
    pairs++;
  }
  *right -= pairs;
  const int32_t x_in = value >> 1, half = (x_in + 1) >> 1; /* halves are rounded up */
  int32_t x = ONE;
  for (int n = 0; n < 5; n++) {
    const int32_t cubed = saturated_left(times(times(x, x), x), 6);
    x = saturated_left(times(THREE_HALVES, x) - times(half, cubed), 3);
  }
  x = times(x, HALF_SQRT_2);
  if (*right < 0) {
    x = (int32_t)((uint32_t)x << -*right);
    *right = 0;
  }
  return x;
}

bool host_table_rsqrt(struct quant from, struct quant to, int8_t table[256]) {
  const double factor = 1.0 / (sqrt((double)from.scale) * (double)to.scale);
  return host_table_rsqrt_by(factor, to.zero_point, table);
}

bool host_table_rsqrt_by(double factor, int32_t zero_point, int8_t table[256]) {
  enum { SHIFT = 20 }; /* bits behind the point of what is scaled */
  int32_t multiplier = 0;
  int8_t shift = 0;
  if (!prepare_multiplier(factor, &multiplier, &shift) || shift > SHIFT) {
    return false;
  }
  table[0] = INT8_MAX; /* of 0 */
  for (int32_t n = 1; n < 256; n++) {
    int right = 0;
    const int32_t root = n == 1 ? INT32_MAX : inverse_root(n, &right);
    const int32_t data = trine_requantise(1, root, (int8_t)(SHIFT - right));
    const int32_t value = trine_requantise(data, multiplier, (int8_t)(shift - SHIFT));
    table[n] = trine_sat8((int64_t)value + zero_point);
  }
  return true;
}
