/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_reroll: .tflite models of floats, and what is accepted also run, from a fuzzer. */
#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_reroll(data, size);
  return 0;
}
