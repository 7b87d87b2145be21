/* SPDX-License-Identifier: Apache-2.0 */
/* naive_lstm: the contract of docs/numerics.md a second time, slowly and without sharing a line
 * with the golden model, so that a slip in one of the two shows. */
#ifndef TRINE_NAIVE_LSTM_H
#define TRINE_NAIVE_LSTM_H

#include "trine_network.h"

/* Runs one chain from batch->input (rows of the chain's source) to batch->output (its target part
 * at column 0 of the rows). All states start fresh and are written to state_out if given. */
void naive_run_chain(const struct trine_network *network, const struct trine_chain *chain,
                     const struct trine_batch *batch, bool cmsis_corner);

#endif
