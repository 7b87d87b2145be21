/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_states: the arrays of a state file for a model of two LSTM layers, from a fuzzer; run where
 * the model is (the top of the tree). */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct trine_model *model;
  struct trine_error error = {""};
  if (model == NULL &&
      trine_model_load("tests/fuzz/corpus/tflite/two-lstms.tflite", &model, &error) != TRINE_OK) {
    fprintf(stderr, "%s\n", error.text);
    abort();
  }
  (void)hostile_states(model, data, size);
  return 0;
}
