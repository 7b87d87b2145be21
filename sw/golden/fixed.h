/* SPDX-License-Identifier: Apache-2.0 */
/* fixed: the integer arithmetic of one LSTM step, each function the twin of an RTL block.
 *
 * Pure functions without state; exactly the bits of docs/numerics.md for every argument in the
 * range stated. Formats: Q3.12 is an int16 whose unit is 2^-12, Q0.15 one whose unit is 2^-15. */
#ifndef TRINE_FIXED_H
#define TRINE_FIXED_H

#include <stdint.h>

#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TRINE_SIGMOID_TABLE_SIZE = 256 };
/* sigmoid(n / 24) in units of 2^-16, bent to halve the error of linear interpolation. */
extern const uint16_t trine_sigmoid_table[TRINE_SIGMOID_TABLE_SIZE];

/* What happened in a function that saturates: a set of these bits. */
enum trine_event {
  TRINE_EVENT_GATE_SATURATED = 1, /* a pre-activation, or one of its two parts, left Q3.12 */
  TRINE_EVENT_CELL_SATURATED = 2, /* f*c, i*g or their sum left int16 */
  TRINE_EVENT_CELL_CLIPPED = 4    /* the cell clip changed c */
};

/* The constants of the cell update of one layer. */
struct trine_cell {
  int8_t exponent;          /* k: the unit of c is 2^k, k in [-29, -9] */
  int16_t clip;             /* bound of |c|, 0 is off */
  int8_t zero_point;        /* z_h */
  struct trine_requant out; /* (Mo, so); its bias is not used */
};

/* Nearest int16 / int8 to value. */
static inline int16_t trine_sat16(int64_t value) {
  if (value > INT16_MAX) {
    return INT16_MAX;
  }
  if (value < INT16_MIN) {
    return INT16_MIN;
  }
  return (int16_t)value;
}

static inline int8_t trine_sat8(int64_t value) {
  if (value > INT8_MAX) {
    return INT8_MAX;
  }
  if (value < INT8_MIN) {
    return INT8_MIN;
  }
  return (int8_t)value;
}

/* a + b modulo 2^32. */
static inline int32_t trine_wrap_add(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* REQ(acc, multiplier, shift): acc * multiplier * 2^(shift - 31) with the two roundings of the
 * contract. multiplier: 0..2^31-1, shift: -31..31. A left shift wraps at 32 bits. */
static inline int32_t trine_requantise(int32_t acc, int32_t multiplier, int shift) {
  unsigned left = shift > 0 ? (unsigned)shift : 0;
  unsigned right = shift < 0 ? (unsigned)-shift : 0;
  int32_t shifted = (int32_t)((uint32_t)acc << left);
  /* Ties of the first rounding go up; those of the second away from zero. */
  int32_t high = (int32_t)(((int64_t)shifted * multiplier + (INT64_C(1) << 30)) >> 31);
  int32_t mask = (int32_t)((UINT32_C(1) << right) - 1);
  int32_t threshold = (mask >> 1) + (high < 0);
  return (high >> right) + ((high & mask) > threshold);
}

/* Sigmoid of a Q3.12 value, Q0.15 in 11..32757. */
int32_t trine_sigmoid_q15(int16_t a);

/* Tanh of a * 2^(n - 12), Q0.15 in -32767..32767; n in [-17, 3]. n = 0 for Q3.12. */
int32_t trine_tanh_q15(int16_t a, int n);

/* Pre-activation (Q3.12) from the requantised x part and h part. cmsis_corner: the h part is not
 * saturated on its own. Bits of enum trine_event are added to *events. */
int16_t trine_preactivation(int32_t x_part, int32_t h_part, int cmsis_corner, unsigned *events);

/* The four gates of one unit, Q0.15, from its pre-activations. */
void trine_gates(const int16_t pre[TRINE_GATES], int32_t gate[TRINE_GATES]);

/* New cell value from gates and old cell value. Bits of enum trine_event are added to *events. */
int16_t trine_cell_update(const struct trine_cell *cell, const int32_t gate[TRINE_GATES], int16_t c,
                          unsigned *events);

/* New h from the output gate and the new cell value. */
int8_t trine_hidden_output(const struct trine_cell *cell, int32_t output_gate, int16_t c);

#ifdef __cplusplus
}
#endif

#endif
