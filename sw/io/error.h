/* SPDX-License-Identifier: Apache-2.0 */
/* error: the one sentence that says what went wrong, in a buffer of the caller's.
 *
 * Every function of sw/ that can fail returns a status and, if it is given one, fills a
 * struct trine_error. The text is one sentence that names the value refused and the limit it
 * missed; it is always terminated, and cut at the buffer's size. */
#ifndef TRINE_ERROR_H
#define TRINE_ERROR_H

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

struct trine_error {
  char text[256];
};

/* Sets the text as printf would; does nothing when error is NULL. */
void trine_error_set(struct trine_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Replaces what a terminal would obey (control characters, those of UTF-8 too) by '?': names in a
 * file are a stranger's. trine_error_set does it to every text. */
void trine_text_clean(char *text);

/* Puts "prefix: " before the text that is there (to say in which file or layer it happened). */
void trine_error_prefix(struct trine_error *error, const char *prefix);

#ifdef __cplusplus
}
#endif

#endif
