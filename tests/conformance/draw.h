/* SPDX-License-Identifier: Apache-2.0 */
/* draw: random stacks of LSTM layers, and networks with other operators before, between and behind
 * them, as .tflite files with their inputs, for the oracle to run. */
#ifndef TRINE_CONFORMANCE_DRAW_H
#define TRINE_CONFORMANCE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"

enum { DRAW_CALLS = 2 }; /* runs of a case: the second carries the state of the first */

/* What is drawn. widths: inputs and units, logarithmically uniform; where 128 is allowed, a fifth
 * are 128 or more. */
struct draw_limits {
  const char *stream; /* name of the seed's stream */
  uint32_t max_width; /* 1..256 */
  uint32_t max_steps;
  bool operators; /* those of draw_operators.h */
};

extern const struct draw_limits draw_full, draw_small, draw_others, draw_others_small;

/* Writes FOLDER/NNNNN.tflite and FOLDER/NNNNN.npz, which holds x, [DRAW_CALLS, input shape], and
 * x1, x2 of further inputs. A case depends on the seed, the limits and its index only. False with
 * the error set. */
bool draw_case(const char *folder, uint32_t index, const struct draw_limits *limits,
               struct trine_error *error) __attribute__((warn_unused_result));

#endif
