/* SPDX-License-Identifier: Apache-2.0 */
/* case: one model with its inputs and what the reference interpreter made of them. */
#ifndef TRINE_CONFORMANCE_CASE_H
#define TRINE_CONFORMANCE_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "io/array.h"
#include "model/model.h"

enum { CASE_MAX_LSTMS = 8, CASE_MAX_INPUTS = 3, CASE_MAX_OUTPUTS = 4, CASE_PATH = 512 };

/* x[n], y[n], h[n] and c[n] have the calls in front: [calls, ...]. uint8 ones are as int8, the top
 * bit turned. */
struct conformance_case {
  char path[CASE_PATH]; /* of the model */
  struct trine_model *model;
  const struct trine_model_info *info;
  uint32_t calls, batch, steps;
  struct trine_array x[CASE_MAX_INPUTS], y[CASE_MAX_OUTPUTS];
  struct trine_array h[CASE_MAX_LSTMS], c[CASE_MAX_LSTMS];
};

/* Reads FOLDER/NNNNN.tflite and .npz; give it to case_free also after a failure. */
bool case_load(const char *folder, uint32_t index, struct conformance_case *loaded,
               struct trine_error *error) __attribute__((warn_unused_result));
void case_free(struct conformance_case *loaded);

/* Units of an LSTM, by its number in the file. */
uint32_t case_units(const struct conformance_case *loaded, uint32_t lstm);

/* Makes all calls with this runner, the state of each carried to the next, and compares y, h and c
 * with the reference after each; adds the number of values compared to *values. False with the
 * error naming the first difference: call, tensor, sequence, step, unit, got, want. */
bool case_compare(const struct conformance_case *loaded, trine_network_runner runner, void *context,
                  uint64_t *values, struct trine_error *error) __attribute__((warn_unused_result));

#endif
