/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_npz: state files (.npz), from a fuzzer. */
#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_npz(data, size);
  return 0;
}
