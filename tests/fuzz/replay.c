/* SPDX-License-Identifier: Apache-2.0 */
/* replay: gives the files named to a fuzz target, one after the other, without a fuzzer: so each
 * seed and each former finding stays a test that needs no clang. Exit 0 when none broke anything,
 * 1 when a file cannot be read or none is named. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/target.h"
#include "io/file.h"

enum { MAX_BYTES = 1 << 24 };

static int replay(const char *path) {
  struct trine_error error = {""};
  uint8_t *bytes = NULL;
  size_t size = 0;
  if (trine_file_read(path, MAX_BYTES, &bytes, &size, &error) != TRINE_OK) {
    (void)fprintf(stderr, "%s\n", error.text);
    return 1;
  }
  const int result = LLVMFuzzerTestOneInput(bytes, size);
  free(bytes);
  return result;
}

int main(int count, char **paths) {
  int failed = count > 1 ? 0 : 1;
  for (int n = 1; n < count; n++) {
    failed |= replay(paths[n]);
  }
  printf("%s: %d files\n", paths[0], count - 1);
  return failed;
}
