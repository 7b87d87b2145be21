/* SPDX-License-Identifier: Apache-2.0 */
/* npy_head: writes the first entries of an array along its first axis: npy_head IN.npy COUNT
 * OUT.npy */
#include <stdio.h>
#include <stdlib.h>

#include "io/npy.h"

int main(int argc, char **argv) {
  if (argc != 4) {
    (void)fprintf(stderr, "usage: npy_head IN.npy COUNT OUT.npy\n");
    return 2;
  }
  struct trine_array array = {0};
  struct trine_error error = {{0}};
  const uint64_t count = strtoull(argv[2], NULL, 10);
  if (trine_npy_read(argv[1], &array, &error) != TRINE_OK) {
    (void)fprintf(stderr, "npy_head: %s\n", error.text);
    return 1;
  }
  int result = 1;
  if (array.rank == 0 || count == 0 || count > array.shape[0]) {
    (void)fprintf(stderr, "npy_head: %s has no %s entries\n", argv[1], argv[2]);
  } else {
    array.count = array.count / array.shape[0] * count;
    array.shape[0] = count;
    result = trine_npy_write(argv[3], &array, &error) == TRINE_OK ? 0 : 1;
    if (result != 0) {
      (void)fprintf(stderr, "npy_head: %s\n", error.text);
    }
  }
  trine_array_free(&array);
  return result;
}
