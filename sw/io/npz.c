/* SPDX-License-Identifier: Apache-2.0 */
/* npz: zip archives of arrays through libzip; see npz.h. */
#include "io/npz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "io/file.h"
#include "io/npy.h"
#include "io/npy_header.h"
#include "io/size.h"

/* MAX_INFLATION: deflate makes at most 1032 bytes of one. */
enum { NAME_SIZE = 128, PATH_SIZE = 128, MAX_INFLATION = 1032 };

struct trine_npz {
  zip_t *zip;
  uint64_t file_bytes;
  char path[PATH_SIZE]; /* for messages, cut if long */
};

static bool entry_name(char entry[NAME_SIZE], const char *name) {
  int length = snprintf(entry, NAME_SIZE, "%s.npy", name);
  return length > 0 && length < NAME_SIZE;
}

/* Whether all entries together may be made of this file. */
static bool together_within_limits(const struct trine_npz *npz, struct trine_error *error) {
  const zip_int64_t count = zip_get_num_entries(npz->zip, 0);
  const uint64_t most = npz->file_bytes > TRINE_ARRAY_MAX_BYTES / TRINE_NPZ_INFLATION
                            ? TRINE_ARRAY_MAX_BYTES
                            : npz->file_bytes * TRINE_NPZ_INFLATION;
  const uint64_t limit = most < TRINE_NPZ_FREE_BYTES ? TRINE_NPZ_FREE_BYTES : most;
  uint64_t left = limit, packed = npz->file_bytes;
  if (count > TRINE_NPZ_MAX_ENTRIES) {
    trine_error_set(error, "%s has %lld entries; the limit is %d", npz->path, (long long)count,
                    (int)TRINE_NPZ_MAX_ENTRIES);
    return false;
  }
  for (zip_int64_t n = 0; n < count; n++) {
    zip_stat_t facts;
    if (zip_stat_index(npz->zip, (zip_uint64_t)n, 0, &facts) != 0) {
      continue; /* refused when it is asked for */
    }
    const uint64_t size = (facts.valid & ZIP_STAT_SIZE) != 0 ? facts.size : 0;
    const uint64_t taken = (facts.valid & ZIP_STAT_COMP_SIZE) != 0 ? facts.comp_size : 0;
    if (size > left) {
      trine_error_set(error,
                      "%s: its first %lld entries inflate to more than %" PRIu64
                      " bytes, the limit of all together for a file of %" PRIu64,
                      npz->path, (long long)n + 1, limit, npz->file_bytes);
      return false;
    }
    if (taken > packed) {
      trine_error_set(error,
                      "%s: its first %lld entries cannot lie side by side in a file of %" PRIu64
                      " bytes",
                      npz->path, (long long)n + 1, npz->file_bytes);
      return false;
    }
    left -= size;
    packed -= taken;
  }
  return true;
}

enum trine_status trine_npz_open(const char *path, struct trine_npz **npz,
                                 struct trine_error *error) {
  uint64_t file_bytes = 0;
  *npz = NULL;
  FILE *file = NULL;
  const enum trine_status status = trine_file_open(path, &file, &file_bytes, error);
  if (status != TRINE_OK) {
    return status; /* with the reason, which zip_open does not tell */
  }
  (void)fclose(file);
  struct trine_npz *made = calloc(1, sizeof *made);
  if (made == NULL) {
    trine_error_set(error, "no memory to open %.150s", path);
    return TRINE_ERR_MEMORY;
  }
  int code = 0;
  made->zip = zip_open(path, ZIP_RDONLY, &code);
  if (made->zip == NULL) {
    zip_error_t reason;
    zip_error_init_with_code(&reason, code);
    trine_error_set(error, "%.150s cannot be opened as .npz: %s", path,
                    zip_error_strerror(&reason));
    zip_error_fini(&reason);
    free(made);
    return code == ZIP_ER_NOZIP || code == ZIP_ER_INCONS ? TRINE_ERR_FORMAT : TRINE_ERR_FILE;
  }
  made->file_bytes = file_bytes;
  (void)snprintf(made->path, sizeof made->path, "%s", path);
  if (!together_within_limits(made, error)) {
    trine_npz_close(made);
    return TRINE_ERR_FORMAT;
  }
  *npz = made;
  return TRINE_OK;
}

void trine_npz_close(struct trine_npz *npz) {
  if (npz != NULL) {
    zip_discard(npz->zip);
    free(npz);
  }
}

uint32_t trine_npz_count(const struct trine_npz *npz) {
  zip_int64_t count = zip_get_num_entries(npz->zip, 0);
  return count > 0 ? (uint32_t)count : 0;
}

bool trine_npz_has(const struct trine_npz *npz, const char *name) {
  char entry[NAME_SIZE];
  return entry_name(entry, name) && zip_name_locate(npz->zip, entry, 0) >= 0;
}

/* Whether an entry may be what it says, before memory for it is asked for. */
static bool size_is_possible(const struct trine_npz *npz, const zip_stat_t *facts, const char *name,
                             struct trine_error *error) {
  const zip_uint64_t wanted = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  if ((facts->valid & wanted) != wanted ||
      facts->size > TRINE_ARRAY_MAX_BYTES + TRINE_NPY_MAX_HEADER) {
    trine_error_set(
        error, "%s, array '%.40s': its size is unknown or beyond the limit of %" PRIu64 " bytes",
        npz->path, name, TRINE_ARRAY_MAX_BYTES);
  } else if (facts->comp_method != ZIP_CM_STORE && facts->comp_method != ZIP_CM_DEFLATE) {
    trine_error_set(error, "%s, array '%.40s': only stored and deflated entries are read",
                    npz->path, name);
  } else if (facts->comp_size > npz->file_bytes || facts->size / MAX_INFLATION > facts->comp_size) {
    trine_error_set(error,
                    "%s, array '%.40s': %" PRIu64 " bytes cannot come from %" PRIu64
                    " compressed ones of a file of %" PRIu64,
                    npz->path, name, (uint64_t)facts->size, (uint64_t)facts->comp_size,
                    npz->file_bytes);
  } else {
    return true;
  }
  return false;
}

/* Opens an entry that may be what it says. NULL with the error and *status set. */
static zip_file_t *open_entry(struct trine_npz *npz, const char *name, uint64_t *size,
                              enum trine_status *status, struct trine_error *error) {
  char entry[NAME_SIZE];
  zip_stat_t facts;
  *status = name == NULL ? TRINE_ERR_ARG : TRINE_ERR_NOT_FOUND;
  if (name == NULL || !entry_name(entry, name) || zip_stat(npz->zip, entry, 0, &facts) != 0) {
    trine_error_set(error, "%s needs an array '%.40s', which is not among its %lld entries",
                    npz->path, name == NULL ? "" : name,
                    (long long)zip_get_num_entries(npz->zip, 0));
    return NULL;
  }
  *status = TRINE_ERR_FORMAT;
  if (!size_is_possible(npz, &facts, name, error)) {
    return NULL;
  }
  *size = facts.size;
  zip_file_t *file = zip_fopen(npz->zip, entry, 0);
  if (file == NULL) {
    trine_error_set(error, "%s, array '%.40s' cannot be read: %s", npz->path, name,
                    zip_strerror(npz->zip));
  }
  return file;
}

/* Puts file and array before a sentence about what is in them. */
static void say_where(const struct trine_npz *npz, const char *name, struct trine_error *error) {
  char where[PATH_SIZE + NAME_SIZE];
  (void)snprintf(where, sizeof where, "%s: %.100s.npy", npz->path, name);
  trine_error_prefix(error, where);
}

static enum trine_status read_header(zip_file_t *file, uint64_t size, unsigned char *bytes,
                                     struct npy_header *header, struct trine_error *error) {
  const size_t available = (size_t)(size < TRINE_NPY_MAX_HEADER ? size : TRINE_NPY_MAX_HEADER);
  if (zip_fread(file, bytes, available) != (zip_int64_t)available) {
    trine_error_set(error, "the header cannot be read: %s", zip_file_strerror(file));
    return TRINE_ERR_FORMAT;
  }
  return npy_header_read(bytes, available, size, header, error);
}

/* Reads the data of an entry behind its header, of which the first bytes are in `bytes`. */
static enum trine_status read_data(zip_file_t *file, const unsigned char *bytes, uint64_t size,
                                   const struct npy_header *header, struct trine_array *array,
                                   struct trine_error *error) {
  const size_t begun = (size_t)(size < TRINE_NPY_MAX_HEADER ? size : TRINE_NPY_MAX_HEADER);
  const size_t there = begun - header->length;
  struct npy_data data;
  char beyond = 0;
  enum trine_status status = npy_data_begin(header, array, &data, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (there > 0) {
    memcpy(data.bytes, bytes + header->length, there);
  }
  const uint64_t left = header->data_bytes - there;
  /* The read past the end makes libzip compare the checksum. */
  const bool is_read =
      (left == 0 || zip_fread(file, (char *)data.bytes + there, left) == (zip_int64_t)left) &&
      zip_fread(file, &beyond, 1) == 0;
  npy_data_end(header, is_read, array, &data);
  if (!is_read) {
    trine_error_set(error, "the data cannot be read: %s", zip_file_strerror(file));
  }
  return is_read ? TRINE_OK : TRINE_ERR_FORMAT;
}

/* Reads the header of an entry, and its data too if the array is wanted whole. */
static enum trine_status read_entry(struct trine_npz *npz, const char *name, bool whole,
                                    struct trine_array *array, struct trine_error *error) {
  unsigned char bytes[TRINE_NPY_MAX_HEADER];
  struct npy_header header;
  enum trine_status status = TRINE_OK;
  uint64_t size = 0;
  *array = (struct trine_array){0};
  zip_file_t *file = open_entry(npz, name, &size, &status, error);
  if (file == NULL) {
    return status;
  }
  status = read_header(file, size, bytes, &header, error);
  if (status == TRINE_OK && whole) {
    status = read_data(file, bytes, size, &header, array, error);
  } else if (status == TRINE_OK) {
    array->dtype = header.dtype;
    array->rank = header.rank;
    memcpy(array->shape, header.shape, sizeof array->shape);
    array->count =
        header.data_bytes / (header.is_double ? sizeof(double) : trine_dtype_size(header.dtype));
  }
  (void)zip_fclose(file);
  if (status != TRINE_OK) {
    say_where(npz, name, error);
  }
  return status;
}

enum trine_status trine_npz_describe(struct trine_npz *npz, const char *name,
                                     struct trine_array *facts, struct trine_error *error) {
  return read_entry(npz, name, false, facts, error);
}

enum trine_status trine_npz_get(struct trine_npz *npz, const char *name, struct trine_array *array,
                                struct trine_error *error) {
  return read_entry(npz, name, true, array, error);
}

/* Adds one array; the bytes are copied, because zip reads them only when it is closed. */
static bool add_array(zip_t *zip, const char *name, const struct trine_array *array) {
  char entry[NAME_SIZE];
  char header[TRINE_NPY_HEADER_ROOM];
  size_t length = 0;
  if (!entry_name(entry, name) || trine_npy_header(array, header, &length, NULL) != TRINE_OK) {
    return false;
  }
  size_t data = (size_t)trine_array_bytes(array), total = 0;
  char *bytes = trine_size_add(length, data, &total) ? malloc(total) : NULL;
  if (bytes == NULL) {
    return false;
  }
  memcpy(bytes, header, length);
  if (data > 0) {
    memcpy(bytes + length, array->data, data);
  }
  zip_source_t *source = zip_source_buffer(zip, bytes, total, 1);
  if (source == NULL) {
    free(bytes);
    return false;
  }
  zip_int64_t index = zip_file_add(zip, entry, source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  /* The day a zip file's clock starts, so that the bytes do not depend on when they are written. */
  const zip_uint16_t first_day = (1 << 5) | 1;
  return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(zip, (zip_uint64_t)index, 0, first_day, 0) == 0;
}

/* Writes what zip has built in memory to the file. */
static enum trine_status write_source(const char *path, zip_source_t *source,
                                      struct trine_error *error) {
  zip_stat_t facts;
  enum trine_status status = TRINE_ERR_MEMORY;
  trine_error_set(error, "%.150s: no memory for the archive", path);
  if (zip_source_stat(source, &facts) != 0 || zip_source_open(source) != 0) {
    return status;
  }
  char *bytes = facts.size < SIZE_MAX ? malloc((size_t)facts.size + 1) : NULL;
  if (bytes != NULL && zip_source_read(source, bytes, facts.size) == (zip_int64_t)facts.size) {
    struct trine_file_buffer buffer = {bytes, (size_t)facts.size};
    status = trine_file_replace(path, &buffer, 1, error);
  }
  free(bytes);
  (void)zip_source_close(source);
  return status;
}

enum trine_status trine_npz_write(const char *path, const char *const *names,
                                  const struct trine_array *arrays, uint32_t count,
                                  struct trine_error *error) {
  zip_error_t reason;
  if (path == NULL || count < 1 || count > TRINE_NPZ_MAX_ENTRIES || names == NULL ||
      arrays == NULL) {
    trine_error_set(error, "%.150s: an .npz file needs 1 to %d arrays with names, not %u",
                    path == NULL ? "(no path)" : path, (int)TRINE_NPZ_MAX_ENTRIES, count);
    return TRINE_ERR_ARG;
  }
  zip_error_init(&reason);
  zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &reason);
  zip_t *zip = source != NULL ? zip_open_from_source(source, ZIP_TRUNCATE, &reason) : NULL;
  zip_error_fini(&reason);
  if (zip == NULL) {
    zip_source_free(source);
    trine_error_set(error, "%.150s: no memory for the archive", path);
    return TRINE_ERR_MEMORY;
  }
  zip_source_keep(source); /* it is read after zip, its owner, is closed */
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    if (!add_array(zip, names[n], &arrays[n])) {
      trine_error_set(error,
                      "%.100s: array '%.40s' cannot be added (its name is used twice or longer "
                      "than %d characters, its shape and data disagree, or there is no memory)",
                      path, names[n], (int)NAME_SIZE - 5);
      status = TRINE_ERR_ARG;
    }
  }
  if (status != TRINE_OK) {
    zip_discard(zip);
  } else if (zip_close(zip) != 0) {
    trine_error_set(error, "%.150s: %s", path, zip_strerror(zip));
    zip_discard(zip);
    status = TRINE_ERR_MEMORY;
  } else {
    status = write_source(path, source, error);
  }
  zip_source_free(source);
  return status;
}
