/* SPDX-License-Identifier: Apache-2.0 */
/* float_lstm: LSTM and dense layers in single precision, to see what int8 costs in accuracy.
 *
 * Gate order i, f, g, o as everywhere. Weights are row-major: w[g] is [units][inputs], r[g]
 * [units][units], bias[g] [units]. All buffers are the caller's. */
#ifndef TRINE_FLOAT_LSTM_H
#define TRINE_FLOAT_LSTM_H

#include <stdint.h>

#include "trine_network.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_float_lstm {
  uint32_t inputs, units;
  const float *w[TRINE_GATES];
  const float *r[TRINE_GATES];
  const float *bias[TRINE_GATES]; /* NULL: zero */
  float cell_clip;                /* bound of |c|, 0 is off */
};

struct trine_float_dense {
  uint32_t inputs, units;
  const float *w;
  const float *bias; /* NULL: zero */
};

/* Runs steps over x [steps][inputs] and writes h of every step to y [steps][units]. h and c
 * [units] hold the state: read at the start, the last step's at the end. y must not overlap x.
 * reversed: from the last row to the first, on both sides. */
void trine_float_lstm_run(const struct trine_float_lstm *layer, const float *x, uint32_t steps,
                          int reversed, float *h, float *c, float *y);

/* y [units] = w x + bias. */
void trine_float_dense_run(const struct trine_float_dense *layer, const float *x, float *y);

#ifdef __cplusplus
}
#endif

#endif
