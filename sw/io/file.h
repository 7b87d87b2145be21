/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * file: opens files for reading, and replaces a file as a whole or not at all.
 *
 * What is read is a regular file: opening a pipe could wait for ever. When writing, the new
 * contents go to a temporary file beside the old one, which is renamed over it only when everything
 * has been written: after any failure the old file is as it was. A symbolic link stays what it is:
 * the file it leads to is replaced, or made if there is none. Something that is not a regular file
 * (/dev/null, a pipe) is written in place, because renaming would destroy it.
 *
 * Threads: any number, each with files of its own; standard input and output have one user at a
 * time. Pointers: a path that is NULL is refused with ARG; else never NULL, and not kept behind the
 * call, unless it is said. */
#ifndef TRINE_FILE_H
#define TRINE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that are written, in a row. */
struct trine_file_buffer {
  const void *data; /**< never NULL but for 0 bytes */
  size_t size;      /**< bytes */
};

/** The path of standard input, where it is read, and of standard output, where it is written; a
 * file of that name is ./-. What is read from there is read to its end first: a pipe once, a file
 * as often as it is asked for, from where it stands. */
#define TRINE_FILE_STANDARD "-"

/** Whether a path is that of standard input or output.
 * @param path of the file, or NULL
 * @return true when it is TRINE_FILE_STANDARD */
bool trine_file_is_standard(const char *path);

/** Makes standard input one that can be read more than once: all of a pipe is read into a file
 * without a name, which takes its place. Nothing of it may have been read before. Errors: FILE.
 * @param error the sentence, or NULL
 * @return OK or FILE */
enum trine_status trine_file_hold_standard(struct trine_error *error)
    __attribute__((warn_unused_result));

/** The first bytes of a file, to tell its kind; of standard input see TRINE_FILE_STANDARD.
 * @param path of the file, or NULL
 * @param bytes filled, [most]
 * @param most bytes that are wanted
 * @return bytes that there are, 0 when it cannot be read */
size_t trine_file_begins(const char *path, uint8_t *bytes, size_t most);

/** Opens a regular file, or standard input, for reading; *size are its bytes. The caller closes
 * *file, NULL after a failure. Errors: ARG (no path), NOT_FOUND, FILE (not allowed, not a regular
 * file).
 * @param path of the file
 * @param file set
 * @param size set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_file_open(const char *path, FILE **file, uint64_t *size,
                                  struct trine_error *error) __attribute__((warn_unused_result));

/** Reads a whole file of at most `limit` bytes; *bytes is the caller's to free, NULL after a
 * failure. Errors: those of trine_file_open, FORMAT (larger than the limit), FILE, MEMORY.
 * @param path of the file
 * @param limit bytes, at the most
 * @param bytes set
 * @param len_bytes set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_file_read(const char *path, uint64_t limit, uint8_t **bytes,
                                  size_t *len_bytes, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Writes the buffers one after the other. Errors: ARG (no path), NOT_FOUND (no such folder), FILE,
 * MEMORY.
 * @param path of the file
 * @param buffers [count]
 * @param count 0 or more
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_file_replace(const char *path, const struct trine_file_buffer *buffers,
                                     size_t count, struct trine_error *error)
    __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
