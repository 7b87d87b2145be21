/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_dump: dumps of failed runs, as they are and with a right sum, from a fuzzer. */
#include "fuzz/target.h"
#include "support/hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  (void)hostile_dump(data, size, false);
  (void)hostile_dump(data, size, true);
  return 0;
}
