/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * named: files that are given by name, NAME=FILE, or in order. */
#ifndef TRINE_NAMED_H
#define TRINE_NAMED_H

#include <stdint.h>

#include "io/error.h"
#include "trine_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The file of what was given: behind the first `=`, unless there is a file of the whole name.
 * @param given NAME=FILE, or FILE; may be NULL
 * @return a part of it */
const char *trine_named_file(const char *given);

/** Which file each name has: those that were given by name, then the others in their order. Errors:
 * ARG: a name that is none, two files for one, a name without a file; the sentence lists all names.
 * Of several files for one name alone the last one counts.
 * @param what `--input` for the sentence
 * @param given [given_count], NAME=FILE or FILE
 * @param given_count of them
 * @param names [count]
 * @param count of them, 1 or more
 * @param files [count], set to parts of what was given
 * @param error the sentence, or NULL
 * @return OK or ARG */
enum trine_status trine_named_files(const char *what, const char *const *given,
                                    uint32_t given_count, const char *const *names, uint32_t count,
                                    const char **files, struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
