/* SPDX-License-Identifier: Apache-2.0 */
/* lengths: see lengths.h. */
#include "io/lengths.h"

#include <inttypes.h>
#include <stdlib.h>

static int64_t length_at(const struct trine_array *array, uint64_t n) {
  return array->dtype == TRINE_DTYPE_INT32 ? ((const int32_t *)array->data)[n]
                                           : ((const int64_t *)array->data)[n];
}

/* Whether it is a list of as many whole numbers as there are sequences. */
static bool check_list(const char *path, const struct trine_array *array, uint32_t *sequences,
                       struct trine_error *error) {
  const bool is_list =
      array->rank == 1 && (array->dtype == TRINE_DTYPE_INT32 || array->dtype == TRINE_DTYPE_INT64);
  const bool is_open = *sequences == 0;
  char shape[96];
  if (is_list && is_open && array->count >= 1 && array->count <= TRINE_LENGTHS_MOST) {
    *sequences = (uint32_t)array->count;
  }
  if (is_list && array->count >= 1 && array->count == *sequences) {
    return true;
  }
  trine_array_shape_text(array, shape, sizeof shape);
  if (is_open) {
    trine_error_set(error,
                    "%.100s holds %s %s; the lengths have to be int32 [B], or int64, B from 1 to "
                    "%d",
                    path, trine_dtype_name(array->dtype), shape, TRINE_LENGTHS_MOST);
  } else {
    trine_error_set(error, "%.100s holds %s %s; the lengths have to be int32 [%u], or int64", path,
                    trine_dtype_name(array->dtype), shape, *sequences);
  }
  return false;
}

enum trine_status trine_lengths_of(const char *path, const struct trine_array *array,
                                   uint32_t *sequences, uint32_t *steps, uint32_t **lengths,
                                   struct trine_error *error) {
  *lengths = NULL;
  if (!check_list(path, array, sequences, error)) {
    return TRINE_ERR_FORMAT;
  }
  const int64_t limit = *steps > 0 && *steps < INT32_MAX ? *steps : INT32_MAX;
  int64_t longest = 0;
  for (uint32_t n = 0; n < *sequences; n++) {
    const int64_t length = length_at(array, n);
    if (length < 1 || length > limit) {
      trine_error_set(error, "%.100s: sequence %u has length %" PRId64 ", outside 1 to %" PRId64,
                      path, n, length, limit);
      return TRINE_ERR_FORMAT;
    }
    longest = length > longest ? length : longest;
  }
  *lengths = calloc(*sequences, sizeof **lengths);
  if (*lengths == NULL) {
    trine_error_set(error, "there is no memory for the lengths of %u sequences", *sequences);
    return TRINE_ERR_MEMORY;
  }
  for (uint32_t n = 0; n < *sequences; n++) {
    (*lengths)[n] = (uint32_t)length_at(array, n);
  }
  *steps = *steps > 0 ? *steps : (uint32_t)longest;
  return TRINE_OK;
}
