/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * error: the one sentence that says what went wrong, in a buffer of the caller's.
 *
 * Every function of sw/ that can fail returns a status and, if it is given one, fills a
 * struct trine_error. The text is one sentence that names the value refused and the limit it
 * missed; it is always terminated, cut at the buffer's size, and fit to be shown: names of a file
 * that are in it have no control characters (io/text.h).
 *
 * Threads: an error is its caller's alone. Pointers: an error may be NULL, and nothing is done
 * then; texts never. */
#ifndef TRINE_ERROR_H
#define TRINE_ERROR_H

#include <stdarg.h>

#include "trine_error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sets the text as printf would; does nothing when error is NULL.
 * @param error filled, unless it is NULL
 * @param format as of printf */
void trine_error_set(struct trine_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Puts "prefix: " before the text that is there (to say in which file or layer it happened).
 * @param error one that is filled, or NULL
 * @param prefix what comes before */
void trine_error_prefix(struct trine_error *error, const char *prefix);

#ifdef __cplusplus
}
#endif

#endif
