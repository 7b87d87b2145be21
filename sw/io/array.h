/* SPDX-License-Identifier: Apache-2.0 */
/* array: a plain array of numbers as it is in a .npy file: C order, little-endian. */
#ifndef TRINE_ARRAY_H
#define TRINE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/error.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trine_dtype {
  TRINE_DTYPE_INT8 = 0,
  TRINE_DTYPE_UINT8,
  TRINE_DTYPE_INT16,
  TRINE_DTYPE_INT32,
  TRINE_DTYPE_INT64,
  TRINE_DTYPE_FLOAT32,
  TRINE_DTYPE_COUNT
};

enum { TRINE_ARRAY_MAX_RANK = 8 };
/* Limit of one array's data, in bytes; half of what can be addressed, where that is less. */
#define TRINE_ARRAY_MAX_BYTES (UINT64_C(1) << 32)

/* data belongs to the array and is aligned for its type; NULL when there are no elements. */
struct trine_array {
  enum trine_dtype dtype;
  uint32_t rank; /* 0: one value */
  uint64_t shape[TRINE_ARRAY_MAX_RANK];
  uint64_t count; /* elements: product of the shape */
  void *data;
};

/* Name ("int8", ...) and bytes of a type; "?" and 0 for a type that does not exist. */
const char *trine_dtype_name(enum trine_dtype dtype);
size_t trine_dtype_size(enum trine_dtype dtype);

/* Elements of a shape of `rank` sizes, checked against the limits. Errors: ARG. */
enum trine_status trine_array_count(enum trine_dtype dtype, uint32_t rank, const uint64_t *shape,
                                    uint64_t *count, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Whether an array that a caller made is one: shape, count and data agree, within the limits. */
bool trine_array_is_valid(const struct trine_array *array);

/* Makes an array of zeros; free it with trine_array_free. Errors: ARG (rank, type or size beyond
 * the limits), MEMORY. */
enum trine_status trine_array_make(struct trine_array *array, enum trine_dtype dtype, uint32_t rank,
                                   const uint64_t *shape, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Frees the data and zeroes the array; an array of zeros or NULL is allowed. */
void trine_array_free(struct trine_array *array);

/* Writes the shape as "[2,3]" for messages; always terminated. */
void trine_array_shape_text(const struct trine_array *array, char *text, size_t size);

/* Bytes of all elements. */
uint64_t trine_array_bytes(const struct trine_array *array);

#ifdef __cplusplus
}
#endif

#endif
