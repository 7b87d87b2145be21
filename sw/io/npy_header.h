/* SPDX-License-Identifier: Apache-2.0 */
/* npy_header: reads the header of a .npy. Private to sw/io. */
#ifndef TRINE_NPY_HEADER_H
#define TRINE_NPY_HEADER_H

#include "io/array.h"

struct npy_header {
  enum trine_dtype dtype;
  uint32_t rank;
  uint64_t shape[TRINE_ARRAY_MAX_RANK];
  uint64_t data_bytes; /* at most TRINE_ARRAY_MAX_BYTES */
  size_t length;       /* bytes before the data */
};

/* Reads the header from the first `available` bytes of something `total` bytes long, and checks
 * that exactly the data follow it. available: the smaller of total and TRINE_NPY_MAX_HEADER.
 * Errors: FORMAT. */
enum trine_status npy_header_read(const unsigned char *bytes, size_t available, uint64_t total,
                                  struct npy_header *header, struct trine_error *error);

#endif
