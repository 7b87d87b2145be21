/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_image: images (.trn) with a right sum, and runs of what is accepted, from a fuzzer. */
#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_image(data, size);
  return 0;
}
