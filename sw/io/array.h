/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * array: a plain array of numbers as it is in a .npy file: C order, little-endian.
 *
 * Threads: any number, each with arrays of its own; an array may be read by several. Pointers:
 * never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_ARRAY_H
#define TRINE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Type of the elements of an array. */
enum trine_dtype {
  TRINE_DTYPE_INT8 = 0, /**< one byte, with sign */
  TRINE_DTYPE_UINT8,    /**< one byte */
  TRINE_DTYPE_INT16,    /**< two */
  TRINE_DTYPE_INT32,    /**< four */
  TRINE_DTYPE_INT64,    /**< eight */
  TRINE_DTYPE_FLOAT32,  /**< IEEE 754, four bytes */
  TRINE_DTYPE_COUNT     /**< how many there are; no type */
};

/** Limit of a shape. */
enum {
  TRINE_ARRAY_MAX_RANK = 8 /**< axes */
};
/** Limit of one array's data, in bytes; half of what can be addressed, where that is less. */
#define TRINE_ARRAY_MAX_BYTES (UINT64_C(1) << 32)

/** An array. All zero: no array, fit for trine_array_free. */
struct trine_array {
  enum trine_dtype dtype;               /**< of its elements */
  uint32_t rank;                        /**< axes; 0: one value */
  uint64_t shape[TRINE_ARRAY_MAX_RANK]; /**< sizes, [rank] */
  uint64_t count;                       /**< elements: product of the shape */
  void *data; /**< the array's own, aligned for its type; NULL when there are no elements */
};

/** Name of a type.
 * @param dtype any number
 * @return static text: "int8", ...; "?" for a type that does not exist */
const char *trine_dtype_name(enum trine_dtype dtype);

/** Size of an element.
 * @param dtype any number
 * @return bytes; 0 for a type that does not exist */
size_t trine_dtype_size(enum trine_dtype dtype);

/** Elements of a shape of `rank` sizes, checked against the limits. Errors: ARG.
 * @param dtype of the elements
 * @param rank axes
 * @param shape [rank]
 * @param count set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_array_count(enum trine_dtype dtype, uint32_t rank, const uint64_t *shape,
                                    uint64_t *count, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Whether an array that a caller made is one: shape, count and data agree, within the limits.
 * @param array any, or NULL
 * @return whether it is */
bool trine_array_is_valid(const struct trine_array *array);

/** Makes an array of zeros; free it with trine_array_free. Errors: ARG (rank, type or size beyond
 * the limits), MEMORY.
 * @param array what is set
 * @param dtype of the elements
 * @param rank axes
 * @param shape [rank]
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_array_make(struct trine_array *array, enum trine_dtype dtype, uint32_t rank,
                                   const uint64_t *shape, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Frees the data and zeroes the array; an array of zeros or NULL is allowed.
 * @param array of trine_array_make or a reader, or NULL */
void trine_array_free(struct trine_array *array);

/** Writes the shape as "[2,3]" for messages; always terminated.
 * @param array whose shape it is
 * @param text cut at its size
 * @param size bytes of text, >= 1 */
void trine_array_shape_text(const struct trine_array *array, char *text, size_t size);

/** Bytes of all elements.
 * @param array a valid one
 * @return count times the size of an element */
uint64_t trine_array_bytes(const struct trine_array *array);

#ifdef __cplusplus
}
#endif

#endif
