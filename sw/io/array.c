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

enum trine_io_status trine_array_make(struct trine_array *array, enum trine_dtype dtype,
                                      uint32_t rank, const uint64_t *shape,
                                      struct trine_error *error) {
  size_t size = trine_dtype_size(dtype);
  *array = (struct trine_array){.dtype = dtype, .rank = rank, .count = 1};
  if (size == 0 || rank > TRINE_ARRAY_MAX_RANK) {
    trine_error_set(error, "an array of type %d with %" PRIu32 " dimensions; the limit is %d",
                    (int)dtype, rank, (int)TRINE_ARRAY_MAX_RANK);
    return TRINE_IO_ERR_ARG;
  }
  for (uint32_t n = 0; n < rank; n++) {
    array->shape[n] = shape[n];
    if (shape[n] != 0 && array->count > TRINE_ARRAY_MAX_BYTES / size / shape[n]) {
      trine_error_set(error, "the shape asks for more than the limit of %" PRIu64 " bytes",
                      TRINE_ARRAY_MAX_BYTES);
      return TRINE_IO_ERR_ARG;
    }
    array->count *= shape[n];
  }
  if (array->count > 0) {
    array->data = calloc((size_t)array->count, size);
    if (array->data == NULL) {
      trine_error_set(error, "no memory for an array of %" PRIu64 " bytes",
                      trine_array_bytes(array));
      return TRINE_IO_ERR_MEMORY;
    }
  }
  return TRINE_IO_OK;
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
