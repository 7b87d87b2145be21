/* SPDX-License-Identifier: Apache-2.0 */
/* size: sums and products of sizes that say when they do not fit.
 *
 * All size arithmetic of the readers goes through these, on hosts of 32 and of 64 bits: what a file
 * says is never multiplied or added unchecked. Each returns false, and leaves *result untouched,
 * when the true value is above SIZE_MAX. */
#ifndef TRINE_SIZE_H
#define TRINE_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* *result = a + b. */
static inline bool trine_size_add(size_t a, size_t b, size_t *result) {
  if (b > SIZE_MAX - a) {
    return false;
  }
  *result = a + b;
  return true;
}

/* *result = a * b. */
static inline bool trine_size_mul(size_t a, size_t b, size_t *result) {
  if (a != 0 && b > SIZE_MAX / a) {
    return false;
  }
  *result = a * b;
  return true;
}

#endif
