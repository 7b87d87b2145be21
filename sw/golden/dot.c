/* SPDX-License-Identifier: Apache-2.0 */
/* dot: the multiply-accumulate loop of the golden model; see layer.h.
 *
 * Nearly all of the time of a run is spent here. The loop is written so that the compiler finds
 * its pairwise int16 multiply-add (pmaddwd on x86); that needs its full vectoriser, whatever the
 * optimisation level of the rest. */
#include "golden/layer.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

void golden_dot4(const int8_t *restrict w, const int16_t *restrict x, size_t stride,
                 int32_t acc[4]) {
  const int8_t *restrict w1 = w + stride;
  const int8_t *restrict w2 = w1 + stride;
  const int8_t *restrict w3 = w2 + stride;
  int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0;
  /* Said again here, so that the compiler need not prepare for a rest. */
  size_t count = stride / GOLDEN_BLOCK * GOLDEN_BLOCK;
  for (size_t n = 0; n < count; n++) {
    a0 += (int16_t)w[n] * x[n];
    a1 += (int16_t)w1[n] * x[n];
    a2 += (int16_t)w2[n] * x[n];
    a3 += (int16_t)w3[n] * x[n];
  }
  acc[0] = a0;
  acc[1] = a1;
  acc[2] = a2;
  acc[3] = a3;
}
