/* SPDX-License-Identifier: Apache-2.0 */
/* npy: reads and writes .npy files.
 *
 * Read: format 1.0 and 2.0, C order, little-endian int8, uint8, int16, int32, int64, float32.
 * Written: format 1.0. Everything else is refused in one sentence. Nothing is allocated before
 * the header has been checked against the limits of io/array.h and the size of the file. */
#ifndef TRINE_NPY_H
#define TRINE_NPY_H

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest header accepted, in bytes, with magic and length; room for a written one. */
enum { TRINE_NPY_MAX_HEADER = 4096, TRINE_NPY_HEADER_ROOM = 320 };

/* Reads a file; on success free *array with trine_array_free. Errors: those of trine_file_read. */
enum trine_status trine_npy_read(const char *path, struct trine_array *array,
                                 struct trine_error *error) __attribute__((warn_unused_result));

/* Writes a file as a whole or not at all (io/file.h). Errors: ARG, FILE, MEMORY. */
enum trine_status trine_npy_write(const char *path, const struct trine_array *array,
                                  struct trine_error *error) __attribute__((warn_unused_result));

/* Reads from memory: the size bytes must be exactly one .npy. Errors: ARG, FORMAT, MEMORY. */
enum trine_status trine_npy_parse(const void *bytes, size_t size, struct trine_array *array,
                                  struct trine_error *error) __attribute__((warn_unused_result));

/* Makes the header of an array; *length bytes of it are to be written. Errors: ARG (type, shape,
 * count and data of the array disagree). */
enum trine_status trine_npy_header(const struct trine_array *array,
                                   char header[TRINE_NPY_HEADER_ROOM], size_t *length,
                                   struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
