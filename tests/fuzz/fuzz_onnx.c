/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_onnx: .onnx graphs, read in one piece and searched for unrolled cells; small ones that are
 * accepted also run; from a fuzzer. */
#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_onnx(data, size);
  (void)hostile_reroll_onnx(data, size);
  return 0;
}
