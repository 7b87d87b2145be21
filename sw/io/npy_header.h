/* SPDX-License-Identifier: Apache-2.0 */
/* npy_header: reads the header of a .npy. Private to sw/io. */
#ifndef TRINE_NPY_HEADER_H
#define TRINE_NPY_HEADER_H

#include "io/array.h"

struct npy_header {
  enum trine_dtype dtype;
  uint32_t rank;
  uint64_t shape[TRINE_ARRAY_MAX_RANK];
  bool is_double;      /* the file's type is float64, which is read as float32 */
  bool is_fortran;     /* the first axis is that of values side by side */
  uint64_t data_bytes; /* of the file, at most TRINE_ARRAY_MAX_BYTES */
  size_t length;       /* bytes before the data */
};

/* Where the data of a file go: into the array at once, or first into memory of their own, from
 * which they are turned into what the array is to hold. */
struct npy_data {
  void *bytes; /* data_bytes, to be filled */
  bool is_own; /* not the array's */
};

/* Makes the array of a header and the place for its data; npy_data_end is to be called after it,
 * also when reading failed (is_read false: the array is freed then). Errors: MEMORY. */
enum trine_status npy_data_begin(const struct npy_header *header, struct trine_array *array,
                                 struct npy_data *data, struct trine_error *error)
    __attribute__((warn_unused_result));
void npy_data_end(const struct npy_header *header, bool is_read, struct trine_array *array,
                  struct npy_data *data);

/* Reads the header from the first `available` bytes of something `total` bytes long, and checks
 * that exactly the data follow it. available: the smaller of total and TRINE_NPY_MAX_HEADER.
 * Errors: FORMAT. */
enum trine_status npy_header_read(const unsigned char *bytes, size_t available, uint64_t total,
                                  struct npy_header *header, struct trine_error *error);

#endif
