/* SPDX-License-Identifier: Apache-2.0 */
/* states_file: states of sequences in files, see states.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npz.h"
#include "session/states_parts.h"

enum { NAME_BYTES = 16, MAX_READ = 65536 };

/* Half a state as an array that borrows its data; half: 2 * LSTM for h, + 1 for c. */
static struct trine_array as_array(const struct trine_states *states, uint32_t half,
                                   char name[NAME_BYTES]) {
  const uint32_t n = half / 2;
  const bool is_h = half % 2 == 0;
  (void)snprintf(name, NAME_BYTES, "%c%u", is_h ? 'h' : 'c', n);
  return (struct trine_array){.dtype = is_h ? TRINE_DTYPE_INT8 : TRINE_DTYPE_INT16,
                              .rank = 2,
                              .shape = {states->sequences, states->units[n]},
                              .count = (uint64_t)states->sequences * states->units[n],
                              .data = is_h ? (void *)states->lstm[n].h : (void *)states->lstm[n].c};
}

/* Whether an array's header says half a state of these sequences, before its data are made. */
static enum trine_status check_half(struct trine_npz *npz, const char *path, const char *name,
                                    uint32_t sequences, uint32_t units, struct trine_error *error) {
  const enum trine_dtype dtype = name[0] == 'h' ? TRINE_DTYPE_INT8 : TRINE_DTYPE_INT16;
  struct trine_array facts;
  if (!trine_npz_has(npz, name)) {
    trine_error_set(error, "%.100s has no array %s; it needs one h and one c for each LSTM.", path,
                    name);
    return TRINE_ERR_FORMAT;
  }
  const enum trine_status status = trine_npz_describe(npz, name, &facts, error);
  if (status == TRINE_OK && (facts.dtype != dtype || facts.rank != 2 ||
                             facts.shape[0] != sequences || facts.shape[1] != units)) {
    char text[192];
    trine_array_shape_text(&facts, text, sizeof text);
    trine_error_set(error, "%.100s: %s is %s %s; it has to be %s [%u,%u].", path, name,
                    trine_dtype_name(facts.dtype), text, trine_dtype_name(dtype), sequences, units);
    return TRINE_ERR_FORMAT;
  }
  return status;
}

/* Whether there is a file's name, and states that a file holds. */
static bool for_file(const char *path, const struct trine_states *states,
                     struct trine_error *error) {
  if (path == NULL || !states_are_made(states)) {
    trine_error_set(
        error, "A file of states needs %s.",
        path == NULL ? "a name" : "states that were made or read, of 1 sequence or more");
    return false;
  }
  if (states->lstm_count == 0) {
    trine_error_set(error, "%.100s cannot hold states of a model without an LSTM; it needs none.",
                    path);
    return false;
  }
  return true;
}

enum trine_status trine_states_load(const char *path, struct trine_states *states,
                                    struct trine_error *error) {
  if (!for_file(path, states, error)) {
    return TRINE_ERR_ARG;
  }
  const uint32_t count = 2 * states->lstm_count;
  struct trine_array *arrays = calloc((size_t)count + 1, sizeof *arrays);
  struct trine_npz *npz = NULL;
  char name[NAME_BYTES];
  if (arrays == NULL) {
    trine_error_set(error, "There is no memory to read %u states.", count);
    return TRINE_ERR_MEMORY;
  }
  enum trine_status status = trine_npz_open(path, &npz, error);
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    (void)as_array(states, n, name);
    status = check_half(npz, path, name, states->sequences, states->units[n / 2], error);
    if (status == TRINE_OK) {
      status = trine_npz_get(npz, name, &arrays[n], error);
    }
  }
  for (uint32_t n = 0; n < count; n++) {
    if (status == TRINE_OK) {
      const struct trine_array target = as_array(states, n, name);
      memcpy(target.data, arrays[n].data, (size_t)trine_array_bytes(&target));
    }
    trine_array_free(&arrays[n]);
  }
  trine_npz_close(npz);
  free(arrays);
  return status;
}

/* How many sequences a file of states has, as its first array says; all its arrays must be those of
 * these LSTMs, so that what is then allocated is in proportion to the file. */
static enum trine_status check_all(struct trine_npz *npz, const char *path,
                                   const struct trine_states *states, uint32_t *sequences,
                                   struct trine_error *error) {
  const uint32_t units = states->units[0];
  struct trine_array first = {.data = NULL};
  if (!trine_npz_has(npz, "h0")) {
    trine_error_set(error, "%.100s has no array h0; states begin with h0.", path);
    return TRINE_ERR_FORMAT;
  }
  enum trine_status status = trine_npz_describe(npz, "h0", &first, error);
  if (status != TRINE_OK) {
    return status;
  }
  const uint64_t count = first.rank == 2 && first.shape[1] == units ? first.shape[0] : 0;
  if (count < 1 || count > MAX_READ) {
    char text[192];
    trine_array_shape_text(&first, text, sizeof text);
    trine_error_set(error, "%.100s: h0 has shape %s; it has to be [B,%u] with 1 to %d sequences.",
                    path, text, units, MAX_READ);
    return TRINE_ERR_FORMAT;
  }
  *sequences = (uint32_t)count;
  for (uint32_t half = 0; half < 2 * states->lstm_count && status == TRINE_OK; half++) {
    char name[NAME_BYTES];
    (void)snprintf(name, sizeof name, "%c%u", "hc"[half % 2], half / 2);
    status = check_half(npz, path, name, *sequences, states->units[half / 2], error);
  }
  return status;
}

/* Into states that know their LSTMs and have nothing else yet; none after an error. */
static enum trine_status read_listed(const char *path, struct trine_states *states,
                                     struct trine_error *error) {
  uint32_t sequences = 0;
  struct trine_npz *npz = NULL;
  if (states->lstm_count == 0) {
    trine_error_set(
        error, "The model has no LSTM, so %.100s cannot hold states of it; it needs none.", path);
    trine_states_free(states);
    return TRINE_ERR_ARG;
  }
  enum trine_status status = trine_npz_open(path, &npz, error);
  if (status == TRINE_OK) {
    status = check_all(npz, path, states, &sequences, error);
    trine_npz_close(npz);
  }
  if (status == TRINE_OK) {
    status = states_fill(sequences, states, error);
  }
  if (status == TRINE_OK) {
    status = trine_states_load(path, states, error);
  }
  if (status != TRINE_OK) {
    trine_states_free(states);
  }
  return status;
}

/* What reading needs; else *states is none. */
static bool check_read(const char *path, const void *of, const char *what,
                       struct trine_states *states, struct trine_error *error) {
  if (states != NULL) {
    *states = (struct trine_states){.sequences = 0};
  }
  if (path == NULL || of == NULL || states == NULL) {
    const char *missing = of == NULL ? strchr(what, ' ') + 1 : "place";
    trine_error_set(error, "Reading states needs a file, %s and a place; there is no %s.", what,
                    path == NULL ? "file" : missing);
  }
  return path != NULL && of != NULL && states != NULL;
}

enum trine_status trine_states_read(const char *path, const struct trine_model *model,
                                    struct trine_states *states, struct trine_error *error) {
  if (!check_read(path, model, "a model", states, error)) {
    return TRINE_ERR_ARG;
  }
  const enum trine_status status = states_list_model(model, states, error);
  return status == TRINE_OK ? read_listed(path, states, error) : status;
}

enum trine_status trine_states_read_image(const char *path, const struct trine_image *image,
                                          struct trine_states *states, struct trine_error *error) {
  if (!check_read(path, image, "an image", states, error)) {
    return TRINE_ERR_ARG;
  }
  const enum trine_status status = states_list_image(image, states, error);
  return status == TRINE_OK ? read_listed(path, states, error) : status;
}

enum trine_status trine_states_save(const char *path, const struct trine_states *states,
                                    struct trine_error *error) {
  if (!for_file(path, states, error)) {
    return TRINE_ERR_ARG;
  }
  const uint32_t count = 2 * states->lstm_count;
  struct trine_array *arrays = calloc((size_t)count + 1, sizeof *arrays);
  char(*texts)[NAME_BYTES] = calloc((size_t)count + 1, sizeof *texts);
  const char **names = calloc((size_t)count + 1, sizeof *names);
  enum trine_status status = TRINE_ERR_MEMORY;
  if (arrays == NULL || texts == NULL || names == NULL) {
    trine_error_set(error, "There is no memory to write %u states.", count);
  } else {
    for (uint32_t n = 0; n < count; n++) {
      arrays[n] = as_array(states, n, texts[n]);
      names[n] = texts[n];
    }
    status = trine_npz_write(path, names, arrays, count, error);
  }
  free(arrays);
  free(texts);
  free(names);
  return status;
}
