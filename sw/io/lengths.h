/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * lengths: how many steps each sequence of a batch has, from a list of whole numbers.
 *
 * Threads: any number. Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_LENGTHS_H
#define TRINE_LENGTHS_H

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most sequences where nothing else says how many there are. */
enum {
  TRINE_LENGTHS_MOST = 65536 /**< a list */
};

/** Takes lengths of 1 to *steps out of an array of int32 or int64 [*sequences]; *sequences and
 * *steps that are 0 become those of the array (up to TRINE_LENGTHS_MOST, and INT32_MAX). `path` is
 * what the error calls the array. *lengths, [*sequences], is the caller's to free; NULL after an
 * error. Errors: FORMAT (another shape or type, a length out of range), MEMORY.
 * @param path the array's name in sentences
 * @param array of int32 or int64
 * @param sequences how many, or 0; set when it is 0
 * @param steps the most that are allowed, or 0; set when it is 0
 * @param lengths set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_lengths_of(const char *path, const struct trine_array *array,
                                   uint32_t *sequences, uint32_t *steps, uint32_t **lengths,
                                   struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
