/* SPDX-License-Identifier: Apache-2.0 */
/* npz: several named arrays in one file: a zip of .npy files, stored without compression.
 *
 * Compressed files are read too. The limits are those of io/npy.h for each array, and for all
 * entries of a file together those below; they are checked when a file is opened, before anything
 * is inflated. */
#ifndef TRINE_NPZ_H
#define TRINE_NPZ_H

#include <stdbool.h>

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A file may have this many entries, and these together may inflate to FREE bytes, or to INFLATION
 * times the file's own size when that is more, and never to more than TRINE_ARRAY_MAX_BYTES. */
enum { TRINE_NPZ_MAX_ENTRIES = 4096, TRINE_NPZ_INFLATION = 100 };
#define TRINE_NPZ_FREE_BYTES (UINT64_C(1) << 26)

/* An open file. */
struct trine_npz;

/* Opens a file for reading; close *npz with trine_npz_close. Errors: those of
 * trine_file_open, FORMAT, MEMORY. */
enum trine_status trine_npz_open(const char *path, struct trine_npz **npz,
                                 struct trine_error *error) __attribute__((warn_unused_result));

/* Closes; NULL is allowed. */
void trine_npz_close(struct trine_npz *npz);

/* Number of entries, and whether there is an array of that name ("h0", without .npy). */
uint32_t trine_npz_count(const struct trine_npz *npz);
bool trine_npz_has(const struct trine_npz *npz, const char *name);

/* Reads an array's header alone: its type, rank, shape and count, without data, so that they can be
 * looked at before anything large is made. Errors: as trine_npz_get. */
enum trine_status trine_npz_describe(struct trine_npz *npz, const char *name,
                                     struct trine_array *facts, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Reads one array; on success free it with trine_array_free.
 * Errors: ARG (no name), NOT_FOUND (no array of that name), FILE, FORMAT, MEMORY. */
enum trine_status trine_npz_get(struct trine_npz *npz, const char *name, struct trine_array *array,
                                struct trine_error *error) __attribute__((warn_unused_result));

/* Writes count >= 1 arrays as a whole or not at all (io/file.h); the same arrays give the same
 * bytes. Errors: ARG, FILE, MEMORY. */
enum trine_status trine_npz_write(const char *path, const char *const *names,
                                  const struct trine_array *arrays, uint32_t count,
                                  struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
