/* SPDX-License-Identifier: Apache-2.0 */
/* rounding: the one way in which a real number becomes a whole one of int8 or int16.
 *
 * Inputs of a run, weights, tables and learned states of the quantiser, QUANTIZE operators and the
 * bounds of fused activations all go through here, so that the same value is the same byte
 * everywhere. It is what the reference's QUANTIZE does (docs/numerics.md): the quotient in single
 * precision, to the nearest whole number, ties away from zero, the zero point added, clamped. */
#ifndef TRINE_MODEL_ROUNDING_H
#define TRINE_MODEL_ROUNDING_H

#include <float.h>
#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"

/* With the registers of 80 bits of an old x86 a quotient is rounded twice, and bytes differ. */
#if FLT_EVAL_METHOD != 0
#error "Floats must be in single precision: for 32-bit x86 CC='gcc -msse2 -mfpmath=sse'"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What value = (whole - zero_point) * scale is kept in: least <= whole <= most. scale is a normal
 * number above 0. */
struct trine_rounding {
  float scale;
  int32_t zero_point;
  int32_t least, most;
};

/* The whole number of a value; infinite ones are the limits, a NaN is the zero point. */
int32_t trine_round(float value, const struct trine_rounding *to);

/* Whether the limits change a value's whole number; of a NaN they do not. */
bool trine_round_clamps(float value, const struct trine_rounding *to);

/* Which row of an input it is. */
struct trine_row_place {
  uint32_t sequence, step;
};

/* A row of an input to int8; those that the limits change are added to *clamped. False for a number
 * that is NaN or infinite, with the sentence that says where it is. */
bool trine_round_row(const float *values, uint32_t width, const struct trine_rounding *to,
                     int8_t *bytes, uint64_t *clamped, struct trine_row_place place,
                     struct trine_error *error);

#ifdef __cplusplus
}
#endif

#endif
