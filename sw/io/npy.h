/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * npy: reads and writes .npy files.
 *
 * Read: format 1.0 and 2.0, little-endian int8, uint8, int16, int32, int64, float32, and what numpy
 * makes without being asked to: float64, of which each value becomes the nearest float32 (infinite
 * where there is none), and Fortran order, which becomes C order. Written: format 1.0, C order.
 * Everything else is refused in one sentence. Nothing is allocated before the header has been
 * checked against the limits of io/array.h and the size of the file.
 *
 * Threads: any number, each with files and arrays of its own. Pointers: a path that is NULL is
 * refused with ARG; else never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_NPY_H
#define TRINE_NPY_H

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of headers, with magic and length. */
enum {
  TRINE_NPY_MAX_HEADER = 4096, /**< longest that is read */
  TRINE_NPY_HEADER_ROOM = 320  /**< room for one that is written */
};

/** Reads a file; on success free *array with trine_array_free. Errors: those of trine_file_read.
 * @param path of the file
 * @param array set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npy_read(const char *path, struct trine_array *array,
                                 struct trine_error *error) __attribute__((warn_unused_result));

/** Writes a file as a whole or not at all (io/file.h). Errors: ARG, FILE, MEMORY.
 * @param path of the file
 * @param array a valid one
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npy_write(const char *path, const struct trine_array *array,
                                  struct trine_error *error) __attribute__((warn_unused_result));

/** Reads from memory: the size bytes must be exactly one .npy. Errors: ARG, FORMAT, MEMORY.
 * @param bytes of a .npy
 * @param size bytes of it
 * @param array set; free it with trine_array_free
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npy_parse(const void *bytes, size_t size, struct trine_array *array,
                                  struct trine_error *error) __attribute__((warn_unused_result));

/** Makes the header of an array; *length bytes of it are to be written. Errors: ARG (type, shape,
 * count and data of the array disagree).
 * @param array a valid one
 * @param header written
 * @param length bytes of it
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npy_header(const struct trine_array *array,
                                   char header[TRINE_NPY_HEADER_ROOM], size_t *length,
                                   struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
