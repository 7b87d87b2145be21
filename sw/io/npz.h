/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * npz: several named arrays in one file: a zip of .npy files, stored without compression.
 *
 * Compressed files are read too. The limits are those of io/npy.h for each array, and for all
 * entries of a file together those below; they are checked when a file is opened, before anything
 * is inflated.
 *
 * Threads: one at a time for an open file; different files know nothing of each other. Pointers: a
 * path or a name that is NULL is refused with ARG; else never NULL, and not kept behind the call,
 * unless it is said. */
#ifndef TRINE_NPZ_H
#define TRINE_NPZ_H

#include <stdbool.h>

#include "io/array.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Limits of a file. Its entries together never inflate to more than TRINE_ARRAY_MAX_BYTES. */
enum {
  TRINE_NPZ_MAX_ENTRIES = 4096, /**< entries */
  TRINE_NPZ_INFLATION = 100     /**< times the file's own size that they may inflate to together */
};
/** Bytes that the entries of a file may always inflate to, however small it is. */
#define TRINE_NPZ_FREE_BYTES (UINT64_C(1) << 26)

/** An open file. */
struct trine_npz;

/** Opens a file for reading; close *npz with trine_npz_close. Errors: those of
 * trine_file_open, FORMAT, MEMORY.
 * @param path of the file
 * @param npz set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npz_open(const char *path, struct trine_npz **npz,
                                 struct trine_error *error) __attribute__((warn_unused_result));

/** Closes; NULL is allowed.
 * @param npz an open file, or NULL */
void trine_npz_close(struct trine_npz *npz);

/** Number of entries.
 * @param npz an open file
 * @return how many */
uint32_t trine_npz_count(const struct trine_npz *npz);

/** Whether there is an array of that name.
 * @param npz an open file
 * @param name "h0", without .npy
 * @return whether there is */
bool trine_npz_has(const struct trine_npz *npz, const char *name);

/** Reads an array's header alone: its type, rank, shape and count, without data, so that they can
 * be looked at before anything large is made. Errors: as trine_npz_get.
 * @param npz an open file
 * @param name without .npy
 * @param facts set, its data NULL
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npz_describe(struct trine_npz *npz, const char *name,
                                     struct trine_array *facts, struct trine_error *error)
    __attribute__((warn_unused_result));

/** Reads one array; on success free it with trine_array_free.
 * Errors: ARG (no name), NOT_FOUND (no array of that name), FILE, FORMAT, MEMORY.
 * @param npz an open file
 * @param name without .npy
 * @param array set
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npz_get(struct trine_npz *npz, const char *name, struct trine_array *array,
                                struct trine_error *error) __attribute__((warn_unused_result));

/** Writes count >= 1 arrays as a whole or not at all (io/file.h); the same arrays give the same
 * bytes. Errors: ARG, FILE, MEMORY.
 * @param path of the file
 * @param names without .npy, [count], no two alike
 * @param arrays valid ones, [count]
 * @param count 1 or more
 * @param error the sentence, or NULL
 * @return OK or an error of those */
enum trine_status trine_npz_write(const char *path, const char *const *names,
                                  const struct trine_array *arrays, uint32_t count,
                                  struct trine_error *error) __attribute__((warn_unused_result));

#ifdef __cplusplus
}
#endif

#endif
