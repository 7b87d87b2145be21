/* SPDX-License-Identifier: Apache-2.0 */
/* constant: constants of a graph out of the file and its side files, see constant.h. */
#include "onnx/constant.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/size.h"
#include "onnx/onnx.h"

enum { EXTERNAL = 1, PATH_BYTES = 4096 };

static struct onnx_array *lost(struct onnx_fold *fold) {
  trine_error_set(fold->error, "There is no memory for a constant of node %.80s.", fold->node);
  fold->lost = true;
  return NULL;
}

bool onnx_is_mark(int64_t value) {
  return value == ARRAY_UNKNOWN || value == ARRAY_AXIS0 || value == ARRAY_AXIS1;
}

bool onnx_spend(struct onnx_fold *fold, uint64_t values) {
  if (values > fold->budget) {
    trine_error_set(fold->error,
                    "Node %.80s: %" PRIu64
                    " values more, and the graph's constants are more "
                    "than its file can need; fold them before the export.",
                    fold->node, values);
    return false;
  }
  fold->budget -= values;
  return true;
}

/* Values of a shape, at most the limit also without its axes of size 0, so that no product of some
 * of its axes is larger. */
static bool count_of(struct onnx_fold *fold, size_t rank, const int64_t *dims, uint64_t *count) {
  size_t whole = 1;
  bool empty = false;
  if (rank > ARRAY_MAX_RANK) {
    trine_error_set(fold->error, "A constant of %.80s has %zu axes; at most %d are read.",
                    fold->node, rank, ARRAY_MAX_RANK);
    return false;
  }
  for (size_t n = 0; n < rank; n++) {
    empty = empty || dims[n] == 0;
    if (dims[n] < 0 || dims[n] > TRINE_ONNX_MAX_ELEMENTS ||
        (dims[n] > 0 && !trine_size_mul(whole, (size_t)dims[n], &whole)) ||
        whole > TRINE_ONNX_MAX_ELEMENTS) {
      trine_error_set(fold->error, "A constant of %.80s has more than %d values.", fold->node,
                      TRINE_ONNX_MAX_ELEMENTS);
      return false;
    }
  }
  *count = empty ? 0 : whole;
  return true;
}

struct onnx_array *onnx_array_make(struct onnx_fold *fold, bool is_float, uint32_t rank,
                                   const int64_t *dims) {
  uint64_t count = 0;
  if (!count_of(fold, rank, dims, &count) || !onnx_spend(fold, count)) {
    return NULL;
  }
  struct onnx_array *array = arena_alloc(fold->arena, 1, sizeof *array);
  void *data = arena_alloc(fold->arena, (size_t)count, is_float ? sizeof(float) : sizeof(int64_t));
  if (array == NULL || data == NULL) {
    return lost(fold);
  }
  array->is_float = is_float;
  array->rank = rank;
  for (uint32_t n = 0; n < rank; n++) {
    array->dims[n] = dims[n];
  }
  array->count = count;
  array->floats = is_float ? data : NULL;
  array->integers = is_float ? NULL : data;
  return array;
}

struct onnx_array *onnx_array_uniform(struct onnx_fold *fold, bool is_float, double value) {
  struct onnx_array *array = arena_alloc(fold->arena, 1, sizeof *array);
  if (array == NULL) {
    return lost(fold);
  }
  array->is_float = is_float;
  array->uniform = true;
  array->value = value;
  return array;
}

struct onnx_array *onnx_array_shape_as(struct onnx_array *array, const struct onnx_array *from) {
  array->has_shape = from->has_shape;
  array->rank = from->rank;
  memcpy(array->dims, from->dims, sizeof array->dims);
  return array;
}

static const char *type_name(int32_t type) {
  static const char *const names[] = {"undefined",  "float",   "uint8",  "int8",   "uint16",
                                      "int16",      "int32",   "int64",  "string", "bool",
                                      "float16",    "double",  "uint32", "uint64", "complex64",
                                      "complex128", "bfloat16"};
  return type >= 0 && (size_t)type < sizeof names / sizeof names[0] ? names[type] : "of its own";
}

static size_t type_size(int32_t type) {
  switch (type) {
    case TYPE_FLOAT:
    case TYPE_INT32:
      return 4;
    case TYPE_INT64:
    case TYPE_DOUBLE:
      return 8;
    case TYPE_FLOAT16:
      return 2;
    case TYPE_UINT8:
    case TYPE_INT8:
    case TYPE_BOOL:
      return 1;
    default:
      return 0;
  }
}

/* Half precision: a sign, 5 bits of exponent, 10 of fraction. */
static float half(uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F, fraction = bits & 0x3FF;
  float size;
  if (exponent == 0x1F) {
    if (fraction == 0) {
      size = INFINITY;
    } else {
      size = NAN;
    }
  } else if (exponent == 0) {
    size = ldexpf((float)fraction, -24);
  } else {
    size = ldexpf((float)(1024 + fraction), exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -size : size;
}

/* Little-endian values of `type` into the array. */
static void from_bytes(struct onnx_array *array, const uint8_t *bytes, int32_t type) {
  for (uint64_t n = 0; n < array->count; n++) {
    const uint8_t *at = bytes + n * type_size(type);
    double wide = 0;
    int32_t narrow = 0;
    int64_t whole = 0;
    switch (type) {
      case TYPE_FLOAT:
        memcpy(&array->floats[n], at, 4);
        break;
      case TYPE_FLOAT16:
        array->floats[n] = half((uint16_t)(at[0] | at[1] << 8));
        break;
      case TYPE_DOUBLE:
        memcpy(&wide, at, 8);
        array->floats[n] = (float)wide;
        break;
      case TYPE_INT32:
        memcpy(&narrow, at, 4);
        array->integers[n] = narrow;
        break;
      case TYPE_INT64:
        memcpy(&whole, at, 8);
        array->integers[n] = whole < ARRAY_LEAST ? ARRAY_LEAST : whole;
        break;
      default:
        array->integers[n] = type == TYPE_INT8 ? (int8_t)*at : *at;
        break;
    }
  }
}

/* The lists of a tensor that has no raw data; false when they are too short. */
static bool from_lists(struct onnx_array *array, const Onnx__Tensor *tensor) {
  for (uint64_t n = 0; n < array->count; n++) {
    if (tensor->n_float_data == array->count && array->is_float) {
      array->floats[n] = tensor->float_data[n];
    } else if (tensor->n_double_data == array->count && array->is_float) {
      array->floats[n] = (float)tensor->double_data[n];
    } else if (tensor->n_int32_data == array->count && array->is_float &&
               tensor->data_type == TYPE_FLOAT16) {
      array->floats[n] = half((uint16_t)tensor->int32_data[n]);
    } else if (tensor->n_int64_data == array->count && !array->is_float) {
      const int64_t whole = tensor->int64_data[n];
      array->integers[n] = whole < ARRAY_LEAST ? ARRAY_LEAST : whole;
    } else if (tensor->n_int32_data == array->count && !array->is_float) {
      array->integers[n] = tensor->int32_data[n];
    } else {
      return false;
    }
  }
  return true;
}

static const char *pair_value(const Onnx__Tensor *tensor, const char *key) {
  for (size_t n = 0; n < tensor->n_external_data; n++) {
    const Onnx__Pair *pair = tensor->external_data[n];
    if (pair->key != NULL && pair->value != NULL && strcmp(pair->key, key) == 0) {
      return pair->value;
    }
  }
  return NULL;
}

/* Whether a path stays below the folder that it begins in. */
static bool stays_below(const char *path) {
  bool below = path[0] != '\0' && path[0] != '/' && strchr(path, '\\') == NULL;
  for (const char *part = path; below && part != NULL; part = strchr(part, '/')) {
    part += *part == '/';
    below = strncmp(part, "..", 2) != 0 || (part[2] != '\0' && part[2] != '/');
  }
  return below;
}

/* The side file at its byte `at`, where it has `size`; NULL with the error. */
static FILE *open_at(struct onnx_fold *fold, const char *path, const char *place, uint64_t at,
                     uint64_t size) {
  FILE *file = NULL;
  uint64_t bytes = 0;
  struct trine_error why;
  if (trine_file_open(path, &file, &bytes, &why) != TRINE_OK) {
    trine_error_set(fold->error, "The weights of %.60s are in a side file; %.180s.", fold->node,
                    why.text);
    return NULL;
  }
  if (at > bytes || size > bytes - at || at > LONG_MAX || fseek(file, (long)at, SEEK_SET) != 0) {
    trine_error_set(fold->error,
                    "The side file '%.80s' has %" PRIu64 " bytes; %.60s needs %" PRIu64
                    " from byte %" PRIu64 " on.",
                    place, bytes, fold->node, size, at);
    (void)fclose(file);
    return NULL;
  }
  return file;
}

/* The tensor's side file, which has to be below the folder, at its place; it has `size` bytes
 * there. NULL with the error set. */
static FILE *open_side_file(struct onnx_fold *fold, const Onnx__Tensor *tensor, uint64_t size) {
  const char *place = pair_value(tensor, "location"), *offset = pair_value(tensor, "offset");
  const char *length_text = pair_value(tensor, "length");
  char path[PATH_BYTES];
  if (place != NULL && fold->folder == NULL) {
    trine_error_set(fold->error,
                    "The weights of %.60s are in the side file '%.80s', and a model from memory or "
                    "standard input has none: name the .onnx itself.",
                    fold->node, place);
    return NULL;
  }
  if (place == NULL || !stays_below(place)) {
    trine_error_set(fold->error,
                    "The weights of %.60s are in '%.80s', which is not a file beside the model "
                    "or below its folder.",
                    fold->node, place == NULL ? "" : place);
    return NULL;
  }
  if (length_text != NULL && strtoull(length_text, NULL, 10) != size) {
    trine_error_set(fold->error,
                    "The constant %.60s says that it has %.20s bytes in the side file; its shape "
                    "has %" PRIu64 ".",
                    fold->node, length_text, size);
    return NULL;
  }
  if (size > TRINE_ONNX_MAX_FILE_BYTES - fold->side_bytes) {
    trine_error_set(fold->error, "The side files have more than %llu bytes of weights in all.",
                    (unsigned long long)TRINE_ONNX_MAX_FILE_BYTES);
    return NULL;
  }
  fold->side_bytes += size;
  const int length = snprintf(path, sizeof path, "%s/%s", fold->folder, place);
  if (length < 0 || length >= PATH_BYTES) {
    trine_error_set(fold->error, "The path to the side file '%.80s' has %d bytes, at most %d.",
                    place, length, PATH_BYTES - 1);
    return NULL;
  }
  return open_at(fold, path, place, offset == NULL ? 0 : strtoull(offset, NULL, 10), size);
}

/* Bytes of a constant by its shape, checked before memory is asked for; false with the error. */
static bool wanted_bytes(struct onnx_fold *fold, const Onnx__Tensor *tensor, uint64_t *bytes) {
  uint64_t count = 0;
  if (type_size(tensor->data_type) == 0) {
    trine_error_set(fold->error,
                    "The constant %.80s has the type %s (%d); float, double, int32, int64, int8, "
                    "uint8 and bool are read: convert it before the export.",
                    fold->node, type_name(tensor->data_type), tensor->data_type);
    return false;
  }
  if (!count_of(fold, tensor->n_dims, tensor->dims, &count)) {
    return false;
  }
  *bytes = count * type_size(tensor->data_type);
  return true;
}

static bool has_values(const Onnx__Tensor *tensor, uint64_t bytes) {
  const uint64_t count = bytes / type_size(tensor->data_type);
  return tensor->has_raw_data ? tensor->raw_data.len == bytes
                              : tensor->n_float_data == count || tensor->n_double_data == count ||
                                    tensor->n_int64_data == count || tensor->n_int32_data == count;
}

/* Values of a side file; false with the error set. */
static bool from_side_file(struct onnx_fold *fold, struct onnx_array *array, FILE *file,
                           int32_t type) {
  const size_t size = (size_t)array->count * type_size(type);
  uint8_t *bytes = malloc(size + 1);
  const bool good = bytes != NULL && fread(bytes, 1, size, file) == size;
  if (good) {
    from_bytes(array, bytes, type);
  } else {
    trine_error_set(fold->error, "The side file of %.80s cannot be read.", fold->node);
  }
  free(bytes);
  return good;
}

struct onnx_array *onnx_array_of(struct onnx_fold *fold, const Onnx__Tensor *tensor) {
  const int32_t type = tensor->data_type;
  const bool is_float = type == TYPE_FLOAT || type == TYPE_DOUBLE || type == TYPE_FLOAT16;
  uint64_t bytes = 0;
  FILE *side = NULL;
  if (!wanted_bytes(fold, tensor, &bytes)) {
    return NULL;
  }
  if (tensor->has_data_location && tensor->data_location == EXTERNAL) {
    side = open_side_file(fold, tensor, bytes);
    if (side == NULL) {
      return NULL;
    }
    fold->budget += bytes; /* as for what is in the file itself */
  } else if (!has_values(tensor, bytes)) {
    trine_error_set(fold->error,
                    "The constant %.80s lacks values: its shape has %" PRIu64 " bytes.", fold->node,
                    bytes);
    return NULL;
  }
  struct onnx_array *array =
      onnx_array_make(fold, is_float, (uint32_t)tensor->n_dims, tensor->dims);
  bool good = array != NULL;
  if (good && side != NULL) {
    good = from_side_file(fold, array, side, type);
  } else if (good && tensor->has_raw_data) {
    from_bytes(array, tensor->raw_data.data, type);
  } else if (good && !from_lists(array, tensor)) {
    trine_error_set(fold->error,
                    "The constant %.80s has type %d but values of another; export it again.",
                    fold->node, (int)type);
    good = false;
  }
  if (side != NULL) {
    (void)fclose(side);
  }
  return good ? array : NULL;
}

int onnx_array_list(const struct onnx_array *array, int64_t *list, int most) {
  if (array == NULL || array->is_float || array->uniform || array->count > (uint64_t)most) {
    return -1;
  }
  for (uint64_t n = 0; n < array->count; n++) {
    list[n] = array->integers[n];
  }
  return (int)array->count;
}
