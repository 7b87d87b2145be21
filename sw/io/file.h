/* SPDX-License-Identifier: Apache-2.0 */
/* file: replaces a file as a whole or not at all.
 *
 * The new contents go to a temporary file beside the old one, which is renamed over it only when
 * everything has been written: after any failure the old file is as it was. Something that is not
 * a regular file (/dev/null, a pipe) is written in place, because renaming would destroy it. */
#ifndef TRINE_FILE_H
#define TRINE_FILE_H

#include <stddef.h>

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

struct trine_file_piece {
  const void *data;
  size_t size; /* bytes */
};

/* Writes the pieces one after the other. Errors: FILE, MEMORY. */
enum trine_io_status trine_file_replace(const char *path, const struct trine_file_piece *pieces,
                                        size_t count, struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
