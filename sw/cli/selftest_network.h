/* SPDX-License-Identifier: Apache-2.0 */
/* selftest_network: a fixed small network and batch, with no file behind it. */
#ifndef TRINE_CLI_SELFTEST_NETWORK_H
#define TRINE_CLI_SELFTEST_NETWORK_H

#include "trine_network.h"

enum {
  SELFTEST_INPUTS = 11,
  SELFTEST_UNITS0 = 22,
  SELFTEST_UNITS1 = 13,
  SELFTEST_OUTPUTS = 5,
  SELFTEST_SEQUENCES = 3,
  SELFTEST_STEPS = 9, /* of the longest sequence */
  SELFTEST_OUTPUT_BYTES = SELFTEST_SEQUENCES * SELFTEST_STEPS * SELFTEST_OUTPUTS
};

/* Two LSTM layers and a dense one; everything they point to. */
struct selftest {
  struct trine_network network;
  struct trine_tensor tensors[2];
  struct trine_layer layers[3];
  struct trine_chain chain;
  struct trine_requant rows[3][2][TRINE_GATES][SELFTEST_UNITS0];
  int8_t weights[3][2][TRINE_GATES][SELFTEST_UNITS0 * SELFTEST_UNITS0];
  uint32_t lengths[SELFTEST_SEQUENCES];
  int8_t input[SELFTEST_SEQUENCES * SELFTEST_STEPS * SELFTEST_INPUTS];
};

/* Fills in the network and its input: the same numbers every time. */
void selftest_make(struct selftest *test);

/* The batch; the output buffer has SELFTEST_OUTPUT_BYTES. */
struct trine_batch selftest_batch(const struct selftest *test, int8_t *output);

#endif
