/* SPDX-License-Identifier: Apache-2.0 */
/* npy: reading and writing .npy files; see npy.h. */
#include "io/npy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "io/file.h"
#include "io/npy_header.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "arrays are kept in memory as in the file: a little-endian machine is needed"
#endif

/* The alignment of the data in a file that numpy writes. */
enum { HEADER_UNIT = 64, PREAMBLE = 10 };

enum trine_status trine_npy_parse(const void *bytes, size_t size, struct trine_array *array,
                                  struct trine_error *error) {
  struct npy_header header;
  *array = (struct trine_array){0};
  if (bytes == NULL) {
    trine_error_set(error, "a .npy file needs bytes, and none of the %zu are given", size);
    return TRINE_ERR_ARG;
  }
  size_t available = size < TRINE_NPY_MAX_HEADER ? size : TRINE_NPY_MAX_HEADER;
  enum trine_status status = npy_header_read(bytes, available, size, &header, error);
  struct npy_data data;
  if (status == TRINE_OK) {
    status = npy_data_begin(&header, array, &data, error);
  }
  if (status == TRINE_OK) {
    if (header.data_bytes > 0) {
      memcpy(data.bytes, (const char *)bytes + header.length, (size_t)header.data_bytes);
    }
    npy_data_end(&header, true, array, &data);
  }
  return status;
}

/* Reads from an open file of `total` bytes. */
static enum trine_status read_open(FILE *file, uint64_t total, struct trine_array *array,
                                   struct trine_error *error) {
  unsigned char bytes[TRINE_NPY_MAX_HEADER];
  struct npy_header header;
  size_t available = fread(bytes, 1, sizeof bytes, file);
  enum trine_status status = npy_header_read(bytes, available, total, &header, error);
  if (status != TRINE_OK) {
    return status;
  }
  struct npy_data data;
  status = npy_data_begin(&header, array, &data, error);
  if (status != TRINE_OK) {
    return status;
  }
  const bool is_read =
      fseek(file, (long)header.length, SEEK_SET) == 0 &&
      (header.data_bytes == 0 || fread(data.bytes, (size_t)header.data_bytes, 1, file) == 1);
  npy_data_end(&header, is_read, array, &data);
  if (!is_read) {
    trine_error_set(error, "only a part of the %" PRIu64 " bytes of data can be read",
                    header.data_bytes);
  }
  return is_read ? TRINE_OK : TRINE_ERR_FILE;
}

enum trine_status trine_npy_read(const char *path, struct trine_array *array,
                                 struct trine_error *error) {
  uint64_t size = 0;
  *array = (struct trine_array){0};
  FILE *file = NULL;
  enum trine_status status = trine_file_open(path, &file, &size, error);
  if (status != TRINE_OK) {
    return status;
  }
  status = read_open(file, size, array, error);
  if (status != TRINE_OK) {
    trine_error_prefix(error, path);
  }
  (void)fclose(file);
  return status;
}

/* Appends to a text of known size; the place after it, at most size. */
static size_t append(char *text, size_t size, size_t at, const char *part) {
  int written = snprintf(text + at, size - at, "%s", part);
  return written > 0 && at + (size_t)written < size ? at + (size_t)written : size - 1;
}

enum trine_status trine_npy_header(const struct trine_array *array,
                                   char header[TRINE_NPY_HEADER_ROOM], size_t *length,
                                   struct trine_error *error) {
  static const char *const names[TRINE_DTYPE_COUNT] = {"|i1", "|u1", "<i2", "<i4", "<i8", "<f4"};
  if (!trine_array_is_valid(array)) {
    trine_error_set(error,
                    "an array of type %d, %" PRIu32 " dimensions and %" PRIu64
                    " values needs data of just that size",
                    (int)array->dtype, array->rank, array->count);
    return TRINE_ERR_ARG;
  }
  char *text = header + PREAMBLE;
  size_t size = TRINE_NPY_HEADER_ROOM - PREAMBLE;
  size_t at = append(text, size, 0, "{'descr': '");
  at = append(text, size, at, names[array->dtype]);
  at = append(text, size, at, "', 'fortran_order': False, 'shape': (");
  for (uint32_t n = 0; n < array->rank; n++) {
    char number[24];
    (void)snprintf(number, sizeof number, "%s%" PRIu64, n > 0 ? ", " : "", array->shape[n]);
    at = append(text, size, at, number);
  }
  at = append(text, size, at, array->rank == 1 ? ",), }" : "), }");
  size_t total = (PREAMBLE + at + 1 + HEADER_UNIT - 1) / HEADER_UNIT * HEADER_UNIT;
  memset(text + at, ' ', total - PREAMBLE - at);
  header[total - 1] = '\n';
  memcpy(header, "\x93NUMPY\x01\x00", 8);
  header[8] = (char)((total - PREAMBLE) & 0xFF);
  header[9] = (char)((total - PREAMBLE) >> 8);
  *length = total;
  return TRINE_OK;
}

enum trine_status trine_npy_write(const char *path, const struct trine_array *array,
                                  struct trine_error *error) {
  char header[TRINE_NPY_HEADER_ROOM];
  size_t length = 0;
  enum trine_status status = trine_npy_header(array, header, &length, error);
  if (status != TRINE_OK) {
    trine_error_prefix(error, path);
    return status;
  }
  struct trine_file_buffer buffers[] = {{header, length},
                                        {array->data, (size_t)trine_array_bytes(array)}};
  return trine_file_replace(path, buffers, 2, error);
}
