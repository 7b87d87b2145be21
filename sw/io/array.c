/* SPDX-License-Identifier: Apache-2.0 */
/* array: making, freeing and naming arrays; see array.h. */
#include "io/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct dtype_facts {
  const char *name;
  size_t size;
};

static const struct dtype_facts facts[TRINE_DTYPE_COUNT] = {
    [TRINE_DTYPE_INT8] = {"int8", 1},   [TRINE_DTYPE_UINT8] = {"uint8", 1},
    [TRINE_DTYPE_INT16] = {"int16", 2}, [TRINE_DTYPE_INT32] = {"int32", 4},
    [TRINE_DTYPE_INT64] = {"int64", 8}, [TRINE_DTYPE_FLOAT32] = {"float32", 4}};

const char *trine_dtype_name(enum trine_dtype dtype) {
  return (unsigned)dtype < TRINE_DTYPE_COUNT ? facts[dtype].name : "?";
}

size_t trine_dtype_size(enum trine_dtype dtype) {
  return (unsigned)dtype < TRINE_DTYPE_COUNT ? facts[dtype].size : 0;
}

uint64_t trine_array_bytes(const struct trine_array *array) {
  return array->count * trine_dtype_size(array->dtype);
}

enum trine_status trine_array_count(enum trine_dtype dtype, uint32_t rank, const uint64_t *shape,
                                    uint64_t *count, struct trine_error *error) {
  const size_t size = trine_dtype_size(dtype);
  const uint64_t limit =
      TRINE_ARRAY_MAX_BYTES < SIZE_MAX / 2 ? TRINE_ARRAY_MAX_BYTES : SIZE_MAX / 2;
  bool empty = false;
  if (size == 0 || rank > TRINE_ARRAY_MAX_RANK || (rank > 0 && shape == NULL)) {
    trine_error_set(error, "an array of type %d with %" PRIu32 " dimensions; the limit is %d",
                    (int)dtype, rank, (int)TRINE_ARRAY_MAX_RANK);
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < rank; n++) {
    empty = empty || shape[n] == 0;
  }
  *count = empty ? 0 : 1;
  for (uint32_t n = 0; n < rank && !empty; n++) {
    if (shape[n] > limit / size / *count) {
      trine_error_set(error, "the shape asks for more than the limit of %" PRIu64 " bytes", limit);
      return TRINE_ERR_ARG;
    }
    *count *= shape[n];
  }
  return TRINE_OK;
}

enum trine_status trine_array_make(struct trine_array *array, enum trine_dtype dtype, uint32_t rank,
                                   const uint64_t *shape, struct trine_error *error) {
  *array = (struct trine_array){.dtype = dtype, .rank = rank};
  const enum trine_status status = trine_array_count(dtype, rank, shape, &array->count, error);
  if (status != TRINE_OK) {
    *array = (struct trine_array){.dtype = dtype};
    return status;
  }
  for (uint32_t n = 0; n < rank; n++) {
    array->shape[n] = shape[n];
  }
  if (array->count > 0) {
    array->data = calloc((size_t)array->count, trine_dtype_size(dtype));
    if (array->data == NULL) {
      trine_error_set(error, "no memory for an array of %" PRIu64 " bytes",
                      trine_array_bytes(array));
      return TRINE_ERR_MEMORY;
    }
  }
  return TRINE_OK;
}

bool trine_array_is_valid(const struct trine_array *array) {
  uint64_t count = 0;
  return array != NULL &&
         trine_array_count(array->dtype, array->rank, array->shape, &count, NULL) == TRINE_OK &&
         count == array->count && (count == 0 || array->data != NULL);
}

void trine_array_free(struct trine_array *array) {
  if (array != NULL) {
    free(array->data);
    *array = (struct trine_array){0};
  }
}

void trine_array_shape_text(const struct trine_array *array, char *text, size_t size) {
  size_t at = 0;
  for (uint32_t n = 0; n < array->rank && at < size; n++) {
    int written = snprintf(text + at, size - at, "%c%" PRIu64, n == 0 ? '[' : ',', array->shape[n]);
    at += written > 0 ? (size_t)written : 0;
  }
  if (at < size) {
    (void)snprintf(text + at, size - at, "%s", array->rank == 0 ? "[]" : "]");
  }
}
