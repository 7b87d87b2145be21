/* SPDX-License-Identifier: Apache-2.0 */
/* npy_data: what numpy writes without being asked to, float64 and Fortran order, as float32 and C
 * order; see npy_header.h. */
#include <stdlib.h>
#include <string.h>

#include "io/npy_header.h"

enum trine_status npy_data_begin(const struct npy_header *header, struct trine_array *array,
                                 struct npy_data *data, struct trine_error *error) {
  const bool is_own = (header->is_double || header->is_fortran) && header->data_bytes > 0;
  const enum trine_status status =
      trine_array_make(array, header->dtype, header->rank, header->shape, error);
  *data = (struct npy_data){array->data, is_own};
  if (status != TRINE_OK || !is_own) {
    return status;
  }
  data->bytes = malloc((size_t)header->data_bytes);
  if (data->bytes == NULL) {
    trine_array_free(array);
    trine_error_set(error, "no memory for an array of %llu bytes",
                    (unsigned long long)header->data_bytes);
    return TRINE_ERR_MEMORY;
  }
  return TRINE_OK;
}

/* The place in Fortran order of the value after the one at `at`, whose indices are counted up. */
static uint64_t next_place(const struct trine_array *array, uint64_t *index, uint64_t at) {
  uint64_t stride[TRINE_ARRAY_MAX_RANK] = {1};
  for (uint32_t axis = 1; axis < array->rank; axis++) {
    stride[axis] = stride[axis - 1] * array->shape[axis - 1];
  }
  for (uint32_t axis = array->rank; axis > 0; axis--) {
    at += stride[axis - 1];
    if (++index[axis - 1] < array->shape[axis - 1]) {
      break;
    }
    at -= stride[axis - 1] * array->shape[axis - 1];
    index[axis - 1] = 0;
  }
  return at;
}

void npy_data_end(const struct npy_header *header, bool is_read, struct trine_array *array,
                  struct npy_data *data) {
  if (!is_read) {
    trine_array_free(array);
  } else if (data->is_own) {
    const size_t size = header->is_double ? sizeof(double) : trine_dtype_size(array->dtype);
    uint64_t index[TRINE_ARRAY_MAX_RANK] = {0};
    uint64_t from = 0;
    for (uint64_t n = 0; n < array->count; n++) {
      const char *value = (const char *)data->bytes + from * size;
      if (header->is_double) {
        double number = 0;
        memcpy(&number, value, sizeof number);
        ((float *)array->data)[n] = (float)number;
      } else {
        memcpy((char *)array->data + n * size, value, size);
      }
      from = header->is_fortran ? next_place(array, index, from) : from + 1;
    }
  }
  if (data->is_own) {
    free(data->bytes);
  }
}
