/* SPDX-License-Identifier: Apache-2.0 */
/* heads: fixed-point exponential and reciprocal, and what is made of them; see heads.h. */
#include "model/heads.h"

#include <math.h>

#include "golden/fixed.h"
#include "model/prepare.h"

enum { SOFTMAX_BITS = 5, LOGISTIC_BITS = 4, SUM_BITS = 12, RESULT_SHIFT = 23 };

/* a * b * 2^-31, rounded, ties up. */
static int32_t mul(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + (INT64_C(1) << 30)) >> 31);
}

/* a / 2^n, rounded, ties away from zero; n in 0..31. */
static int32_t divide(int32_t a, int n) {
  const int64_t half = n == 0 ? 0 : INT64_C(1) << (n - 1);
  return (int32_t)(((int64_t)a + half - (half > 0 && a < 0)) >> n);
}

static int32_t saturate(int64_t a) {
  if (a > INT32_MAX) {
    return INT32_MAX;
  }
  if (a < INT32_MIN) {
    return INT32_MIN;
  }
  return (int32_t)a;
}

/* exp(a) in Q0.31 for a <= 0 with `bits` bits before the point and 31 - bits behind it. */
static int32_t exp_negative(int32_t a, int bits) {
  /* exp(-2^k) for k = -2..4 */
  static const int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308,
                                   39332535,   720401,     242};
  const int32_t at_minus_eighth = 1895147668; /* exp(-1/8) */
  const int32_t third = 715827883;
  if (a == 0) {
    return INT32_MAX;
  }
  const int fraction = 31 - bits;
  const int32_t quarter = 1 << (fraction - 2);
  const int32_t low = (a & (quarter - 1)) - quarter; /* in [-1/4, 0) */
  const int32_t x = low * (1 << bits) + (1 << 28);   /* Q0.31, from the middle of that range */
  const int32_t x2 = mul(x, x), x3 = mul(x2, x), x4 = mul(x2, x2);
  const int32_t tail = divide(mul(divide(x4, 2) + x3, third) + x2, 1);
  int32_t result = at_minus_eighth + mul(at_minus_eighth, x + tail);
  const int32_t rest = low - a; /* a multiple of 1/4 */
  for (int k = -2; k < bits; k++) {
    if ((rest >> (fraction + k) & 1) != 0) {
      result = mul(result, powers[k + 2]);
    }
  }
  return result;
}

/* 2 / (1 + a) in Q2.29, for a in [0, 1) in Q0.31: three steps of Newton's method. */
static int32_t twice_reciprocal(int32_t a) {
  const int32_t half = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2); /* (1 + a) / 2 */
  int32_t x = 1515870810 + mul(half, -1010580540);                  /* 48/17 - 32/17 half */
  for (int step = 0; step < 3; step++) {
    const int32_t error = (1 << 29) - mul(half, x);
    x += saturate((int64_t)mul(x, error) * 4);
  }
  return x;
}

/* 1 / (1 + a), all in Q0.31. */
static int32_t reciprocal(int32_t a) {
  return saturate((int64_t)twice_reciprocal(a) * 2);
}

/* A positive Q0.31 number divided by 2^`over`, as a byte of scale 1/256 and zero point -128. */
static int8_t to_byte(int32_t value, int over) {
  return trine_sat8((int64_t)divide(value, RESULT_SHIFT + over) + HEADS_ZERO_POINT);
}

/* What a difference of int8 values is multiplied with to have `bits` bits before the point, and the
 * largest difference that then still fits. */
static bool rescaling(double scale, int bits, int32_t *multiplier, int8_t *shift, int32_t *radius) {
  if (!prepare_multiplier(scale * (1 << (31 - bits)), multiplier, shift) || *shift < 0) {
    return false;
  }
  *radius = (int32_t)(((INT64_C(1) << bits) - 1) * (INT64_C(1) << (31 - bits)) >> *shift);
  return true;
}

bool heads_softmax_table(double scale, int32_t exp[HEADS_DISTANCES]) {
  int32_t multiplier = 0, radius = 0;
  int8_t shift = 0;
  if (!(scale > HEADS_SOFTMAX_LOW && scale < HEADS_SOFTMAX_HIGH) ||
      !rescaling(scale, SOFTMAX_BITS, &multiplier, &shift, &radius)) {
    return false;
  }
  for (int32_t d = 0; d < HEADS_DISTANCES; d++) {
    exp[d] = d > radius ? 0 : exp_negative(trine_requantise(-d, multiplier, shift), SOFTMAX_BITS);
  }
  return true;
}

void heads_softmax(const int32_t exp[HEADS_DISTANCES], uint32_t width, const int8_t *in,
                   int8_t *out) {
  const int8_t largest = in[heads_arg_max(in, width)];
  int32_t sum = 0; /* Q12.19 */
  for (uint32_t i = 0; i < width; i++) {
    sum += divide(exp[largest - in[i]], SUM_BITS);
  }
  /* sum * 2^-over is in [1, 2) */
  int over = SUM_BITS - 1;
  while ((sum >> (19 + over)) == 0) {
    over--;
  }
  const uint32_t mantissa = (uint32_t)sum << (SUM_BITS - over);
  const int32_t scale = reciprocal((int32_t)(mantissa - (UINT32_C(1) << 31)));
  for (uint32_t i = 0; i < width; i++) {
    out[i] = to_byte(mul(scale, exp[largest - in[i]]), over);
  }
}

/* The byte of a point a beyond 0, of LOGISTIC_BITS before the point. */
static int8_t logistic_byte(int32_t a) {
  const int32_t above = reciprocal(exp_negative(a > 0 ? -a : a, LOGISTIC_BITS));
  return to_byte(a > 0 ? above : INT32_MAX - above, 0);
}

/* (1 - e) / (1 + e) with e = exp(-2 |a|): the same bits with one more before the point. */
static int8_t tanh_byte(int32_t a) {
  const int32_t twice = twice_reciprocal(exp_negative(a > 0 ? -a : a, LOGISTIC_BITS + 1));
  const int32_t above = saturate(((int64_t)twice - (1 << 29)) * 4);
  return trine_sat8(divide(a > 0 ? above : -above, 24));
}

/* Both have the same radius, the same ends beyond it, and 0 at 0. */
static bool squash_table(double scale, int8_t zero_point, int8_t (*byte_of)(int32_t),
                         int8_t table[256]) {
  int32_t multiplier = 0, radius = 0;
  int8_t shift = 0;
  if (!(scale >= HEADS_LOGISTIC_LOW && scale < HEADS_LOGISTIC_HIGH) ||
      !rescaling(scale, LOGISTIC_BITS, &multiplier, &shift, &radius)) {
    return false;
  }
  for (int32_t i = 0; i < 256; i++) {
    const int32_t difference = i - 128 - zero_point;
    if (difference <= -radius || difference >= radius) {
      table[i] = difference < 0 ? INT8_MIN : INT8_MAX;
      continue;
    }
    const int32_t a = trine_requantise(difference, multiplier, shift);
    table[i] = a == 0 ? 0 : byte_of(a);
  }
  return true;
}

bool heads_logistic_table(double scale, int8_t zero_point, int8_t table[256]) {
  return squash_table(scale, zero_point, logistic_byte, table);
}

bool heads_tanh_table(double scale, int8_t zero_point, int8_t table[256]) {
  return squash_table(scale, zero_point, tanh_byte, table);
}

uint32_t heads_arg_max(const int8_t *in, uint32_t width) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < width; i++) {
    if (in[i] > in[best]) {
      best = i;
    }
  }
  return best;
}
