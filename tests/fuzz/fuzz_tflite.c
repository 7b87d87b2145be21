/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_tflite: .tflite models, and small ones that are accepted also run, from a fuzzer. */
#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_model(data, size, true);
  return 0;
}
