/* SPDX-License-Identifier: Apache-2.0 */
/* npy_header: the header is a Python dictionary of three entries in text; see npy_header.h. */
#include "io/npy_header.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "io/npy.h"

/* What is left of the text. */
struct scanner {
  const char *at;
  const char *end;
  const char *begin;
};

enum { WORD_SIZE = 32 };
/* The entries seen, as a set: each must be there once. */
enum npy_entry { ENTRY_DESCR = 1, ENTRY_ORDER = 2, ENTRY_SHAPE = 4, ENTRY_ALL = 7 };

#define REFUSE(error, ...) (trine_error_set((error), __VA_ARGS__), TRINE_ERR_FORMAT)

/* Where in the header the text is not what it has to be. */
static int place(const struct scanner *scan) {
  return (int)(scan->at - scan->begin);
}

static void skip_space(struct scanner *scan) {
  while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t')) {
    scan->at++;
  }
}

/* Takes the character if it is next. */
static bool take(struct scanner *scan, char wanted) {
  skip_space(scan);
  if (scan->at < scan->end && *scan->at == wanted) {
    scan->at++;
    return true;
  }
  return false;
}

/* A quoted string of printable characters without escapes, up to WORD_SIZE - 1 long. */
static bool take_string(struct scanner *scan, char word[WORD_SIZE]) {
  char quote;
  if (take(scan, '\'')) {
    quote = '\'';
  } else if (take(scan, '"')) {
    quote = '"';
  } else {
    quote = '\0';
  }
  size_t length = 0;
  if (quote == '\0') {
    return false;
  }
  while (scan->at < scan->end && *scan->at != quote) {
    if (length + 1 >= WORD_SIZE || *scan->at < ' ' || *scan->at > '~' || *scan->at == '\\') {
      return false;
    }
    word[length++] = *scan->at++;
  }
  word[length] = '\0';
  return take(scan, quote);
}

/* A bare word of letters, up to WORD_SIZE - 1 long. */
static void take_letters(struct scanner *scan, char word[WORD_SIZE]) {
  size_t length = 0;
  skip_space(scan);
  while (scan->at < scan->end && length + 1 < WORD_SIZE &&
         ((*scan->at >= 'a' && *scan->at <= 'z') || (*scan->at >= 'A' && *scan->at <= 'Z'))) {
    word[length++] = *scan->at++;
  }
  word[length] = '\0';
}

static bool take_number(struct scanner *scan, uint64_t *value) {
  skip_space(scan);
  const char *start = scan->at;
  *value = 0;
  for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9'; scan->at++) {
    uint64_t digit = (uint64_t)(*scan->at - '0');
    /* Beyond every limit is enough to know; the largest value stands for all of them. */
    *value = *value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *value * 10 + digit;
  }
  return scan->at > start;
}

static enum trine_status read_descr(struct scanner *scan, struct npy_header *header,
                                    struct trine_error *error) {
  static const char *const names[TRINE_DTYPE_COUNT] = {"i1", "u1", "i2", "i4", "i8", "f4"};
  char word[WORD_SIZE];
  if (!take_string(scan, word)) {
    return REFUSE(error, "at character %d of the .npy header there has to be a plain type name",
                  place(scan));
  }
  for (int n = 0; n < TRINE_DTYPE_COUNT; n++) {
    bool one_byte = trine_dtype_size((enum trine_dtype)n) == 1;
    bool order_fits = word[0] == '<' || (one_byte && (word[0] == '|' || word[0] == '>'));
    if (order_fits && strcmp(word + 1, names[n]) == 0) {
      header->dtype = (enum trine_dtype)n;
      return TRINE_OK;
    }
  }
  if (word[0] == '>') {
    return REFUSE(error, "the type '%s' is big-endian; only little-endian is read", word);
  }
  if (strcmp(word, "<f8") == 0) {
    header->dtype = TRINE_DTYPE_FLOAT32;
    header->is_double = true;
    return TRINE_OK;
  }
  return REFUSE(error,
                "the type '%s' is not read; int8, uint8, int16, int32, int64, float32, float64 are",
                word);
}

static enum trine_status read_order(struct scanner *scan, struct npy_header *header,
                                    struct trine_error *error) {
  char word[WORD_SIZE];
  take_letters(scan, word);
  header->is_fortran = strcmp(word, "True") == 0;
  return header->is_fortran || strcmp(word, "False") == 0
             ? TRINE_OK
             : REFUSE(error,
                      "fortran_order at character %d of the .npy header has to be True or False",
                      place(scan));
}

static enum trine_status read_shape(struct scanner *scan, struct npy_header *header,
                                    struct trine_error *error) {
  if (!take(scan, '(')) {
    return REFUSE(error, "at character %d of the .npy header there has to be a tuple, the shape",
                  place(scan));
  }
  header->rank = 0;
  while (!take(scan, ')')) {
    uint64_t value = 0;
    if (!take_number(scan, &value)) {
      return REFUSE(error,
                    "at character %d of the .npy header there has to be a tuple of whole numbers",
                    place(scan));
    }
    if (header->rank == TRINE_ARRAY_MAX_RANK) {
      return REFUSE(error, "the array has more than the limit of %d dimensions",
                    (int)TRINE_ARRAY_MAX_RANK);
    }
    header->shape[header->rank++] = value;
    bool comma = take(scan, ',');
    skip_space(scan);
    bool closing = scan->at < scan->end && *scan->at == ')';
    /* (3) is a number in Python; a tuple of one needs its comma. */
    if (!comma && (!closing || header->rank == 1)) {
      return REFUSE(error,
                    "at character %d of the .npy header there has to be a tuple of whole numbers",
                    place(scan));
    }
  }
  return TRINE_OK;
}

static enum trine_status read_entry(struct scanner *scan, struct npy_header *header, unsigned *seen,
                                    struct trine_error *error) {
  char key[WORD_SIZE];
  if (!take_string(scan, key) || !take(scan, ':')) {
    return REFUSE(error, "at character %d of the .npy header there has to be a dictionary's entry",
                  place(scan));
  }
  unsigned entry;
  if (strcmp(key, "descr") == 0) {
    entry = ENTRY_DESCR;
  } else if (strcmp(key, "fortran_order") == 0) {
    entry = ENTRY_ORDER;
  } else if (strcmp(key, "shape") == 0) {
    entry = ENTRY_SHAPE;
  } else {
    entry = 0;
  }
  if (entry == 0 || (*seen & entry) != 0) {
    return REFUSE(error, "the .npy header has %s entry '%s'",
                  entry == 0 ? "an unknown" : "a second", key);
  }
  *seen |= entry;
  switch (entry) {
    case ENTRY_DESCR:
      return read_descr(scan, header, error);
    case ENTRY_ORDER:
      return read_order(scan, header, error);
    default:
      return read_shape(scan, header, error);
  }
}

static enum trine_status read_dictionary(struct scanner scan, struct npy_header *header,
                                         struct trine_error *error) {
  unsigned seen = 0;
  if (!take(&scan, '{')) {
    return REFUSE(error, "at character %d of the .npy header there has to be a dictionary",
                  place(&scan));
  }
  while (!take(&scan, '}')) {
    enum trine_status status = read_entry(&scan, header, &seen, error);
    if (status != TRINE_OK) {
      return status;
    }
    bool comma = take(&scan, ',');
    skip_space(&scan);
    if (!comma && (scan.at == scan.end || *scan.at != '}')) {
      return REFUSE(error, "the dictionary in the .npy header has to end at character %d",
                    place(&scan));
    }
  }
  skip_space(&scan);
  if (scan.at != scan.end) {
    return REFUSE(error, "the .npy header has to end at character %d, with its dictionary",
                  place(&scan));
  }
  if (seen != ENTRY_ALL) {
    const char *missing = (seen & ENTRY_ORDER) == 0 ? "fortran_order" : "shape";
    return REFUSE(error, "the .npy header needs an entry '%s'",
                  (seen & ENTRY_DESCR) == 0 ? "descr" : missing);
  }
  return TRINE_OK;
}

static enum trine_status check_size(uint64_t total, struct npy_header *header,
                                    struct trine_error *error) {
  uint64_t count = 0;
  /* As large as the file has it. */
  const enum trine_dtype dtype = header->is_double ? TRINE_DTYPE_INT64 : header->dtype;
  if (trine_array_count(dtype, header->rank, header->shape, &count, error) != TRINE_OK) {
    return TRINE_ERR_FORMAT;
  }
  header->data_bytes = count * trine_dtype_size(dtype);
  uint64_t have = total - header->length;
  if (have != header->data_bytes) {
    return REFUSE(error, "the header promises %" PRIu64 " bytes of data but %" PRIu64 " follow%s",
                  header->data_bytes, have, have < header->data_bytes ? " (truncated)" : "");
  }
  return TRINE_OK;
}

enum trine_status npy_header_read(const unsigned char *bytes, size_t available, uint64_t total,
                                  struct npy_header *header, struct trine_error *error) {
  *header = (struct npy_header){0};
  if (available < 10 || memcmp(bytes, "\x93NUMPY", 6) != 0) {
    return REFUSE(error,
                  "%" PRIu64 " bytes that are no .npy file: they have to begin with \\x93NUMPY",
                  total);
  }
  unsigned major = bytes[6];
  unsigned minor = bytes[7];
  if (major < 1 || major > 2 || minor != 0) {
    return REFUSE(error, "this is .npy format %u.%u; 1.0 and 2.0 are read", major, minor);
  }
  size_t start = major == 1 ? 10 : 12;
  if (available < start) {
    return REFUSE(error, "the .npy header is truncated after %zu bytes of %zu", available, start);
  }
  uint64_t length = bytes[8] | (uint64_t)bytes[9] << 8;
  if (major == 2) {
    length |= (uint64_t)bytes[10] << 16 | (uint64_t)bytes[11] << 24;
  }
  if (length > TRINE_NPY_MAX_HEADER - start) {
    return REFUSE(error, "the .npy header is %" PRIu64 " bytes long; the limit is %d", length,
                  (int)(TRINE_NPY_MAX_HEADER - start));
  }
  header->length = start + (size_t)length;
  if (header->length > available) {
    return REFUSE(error, "the .npy header is truncated: it should be %zu bytes long, %zu are there",
                  header->length, available);
  }
  const char *text = (const char *)bytes;
  enum trine_status status =
      read_dictionary((struct scanner){text + start, text + header->length, text}, header, error);
  return status == TRINE_OK ? check_size(total, header, error) : status;
}
