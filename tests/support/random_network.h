/* SPDX-License-Identifier: Apache-2.0 */
/* random_network: random layers with plausible constants, on the test's heap. */
#ifndef TRINE_RANDOM_NETWORK_H
#define TRINE_RANDOM_NETWORK_H

#include "support/seed.h"
#include "trine_network.h"

/* A layer whose arrays are its own; weights are in the whole of int8 and multipliers such that
 * gates vary, sometimes saturate, and now and then have a positive shift. per_row: each row has
 * multiplier and shift of its own. Aborts the program without memory. */
struct trine_layer random_lstm(struct seed_stream *stream, uint32_t inputs, uint32_t units,
                               bool per_row);
struct trine_layer random_dense(struct seed_stream *stream, uint32_t inputs, uint32_t units,
                                bool per_row);

/* Frees the arrays of a layer made here. */
void random_layer_free(struct trine_layer *layer);

#endif
