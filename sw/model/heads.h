/* SPDX-License-Identifier: Apache-2.0 */
/* heads: SOFTMAX, LOGISTIC, TANH and ARG_MAX on int8 rows, in integers, with the reference's bits
 * (docs/numerics.md, heads).
 *
 * Q0.31 is an int32 whose unit is 2^-31. What is prepared once for a layer: for LOGISTIC and TANH
 * the whole table of 256 results, for SOFTMAX the exponential of each possible distance from a
 * row's largest byte. */
#ifndef TRINE_MODEL_HEADS_H
#define TRINE_MODEL_HEADS_H

#include <stdbool.h>
#include <stdint.h>

enum {
  /* Distances from the largest byte of a row: 0..255. */
  HEADS_DISTANCES = 256,
  /* Widest SOFTMAX: with a sum of 512 or more the reference stops. */
  HEADS_MAX_SOFTMAX = 511
};

/* Output of SOFTMAX and LOGISTIC: value = (byte + 128) / 256. */
#define HEADS_SCALE (1.0F / 256.0F)
enum { HEADS_ZERO_POINT = -128 };

/* Output of TANH, zero point 0. */
#define HEADS_TANH_SCALE (1.0F / 128.0F)

/* Ranges outside of which the reference stops or has no 1/2 for 0: SOFTMAX wants beta times the
 * input's scale above LOW and below HIGH, LOGISTIC the input's scale from LOW on and below HIGH. */
#define HEADS_SOFTMAX_LOW 0x1p-26
#define HEADS_SOFTMAX_HIGH 16.0
#define HEADS_LOGISTIC_LOW 0x1p-28
#define HEADS_LOGISTIC_HIGH 8.0

/* exp[d]: the exponential of -d * scale, Q0.31; 0 where it is too small to count. False when
 * `scale` (beta times the input's scale) is outside of its range. */
bool heads_softmax_table(double scale, int32_t exp[HEADS_DISTANCES]);

/* One row of `width` (1..HEADS_MAX_SOFTMAX) bytes; in and out may be the same. */
void heads_softmax(const int32_t exp[HEADS_DISTANCES], uint32_t width, const int8_t *in,
                   int8_t *out);

/* table[byte + 128]: the sigmoid of (byte - zero_point) * scale. False when the scale is outside of
 * its range. */
bool heads_logistic_table(double scale, int8_t zero_point, int8_t table[256]);

/* The same of the hyperbolic tangent. */
bool heads_tanh_table(double scale, int8_t zero_point, int8_t table[256]);

/* Place of the largest of `width` (>= 1) bytes, the first one when there are several. */
uint32_t heads_arg_max(const int8_t *in, uint32_t width);

#endif
