/* SPDX-License-Identifier: Apache-2.0 */
/* small_float: a float network small enough to be broken by hand: rows of 3 numbers, or symbols of
 * a table, into an LSTM of 2 units and a dense layer of 2. */
#ifndef TRINE_TEST_SMALL_FLOAT_H
#define TRINE_TEST_SMALL_FLOAT_H

#include "float/float_network.h"
#include "support/seed.h"

enum { SMALL_INPUTS = 3, SMALL_UNITS = 2, SMALL_ROWS = 8 };

/* Everything is the caller's to change; not to be copied, for the network points into it. */
struct small_float {
  struct trine_float_network network;
  struct trine_float_value values[4]; /* input, rows looked up, h, output */
  struct trine_float_node nodes[3];   /* table, LSTM, dense; without a table the last two count */
  float table[SMALL_ROWS * SMALL_INPUTS];
  float w[4 * SMALL_UNITS * SMALL_INPUTS], r[4 * SMALL_UNITS * SMALL_UNITS], bias[4 * SMALL_UNITS];
  float h0[SMALL_UNITS], c0[SMALL_UNITS]; /* used once a node points to them */
  float dense[SMALL_UNITS * SMALL_UNITS], dense_bias[SMALL_UNITS];
};

/* Fills it with weights of about 1; with_table: the input are symbols 0..SMALL_ROWS - 1. */
void small_float_make(struct small_float *small, struct seed_stream *stream, bool with_table);

#endif
