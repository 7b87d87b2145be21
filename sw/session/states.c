/* SPDX-License-Identifier: Apache-2.0 */
/* states: states of sequences in memory and in files, see states.h. */
#include "session/states.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npz.h"
#include "io/size.h"

enum { NAME_BYTES = 16, MAX_READ = 65536 };

/* Whether there are such states: as many LSTMs as they say, each with h and c. */
static bool is_made(const struct trine_states *states) {
  bool made = states != NULL && states->sequences >= 1 &&
              (states->lstm_count == 0 ||
               (states->units != NULL && states->start != NULL && states->lstm != NULL));
  for (uint32_t n = 0; made && n < states->lstm_count; n++) {
    made = states->lstm[n].h != NULL && states->lstm[n].c != NULL;
  }
  return made;
}

/* Whether they have such a sequence. */
static bool has_sequence(const struct trine_states *states, uint32_t at,
                         struct trine_error *error) {
  if (!is_made(states)) {
    trine_error_set(error, "The states have to be made or read first, for 1 sequence or more.");
    return false;
  }
  if (at >= states->sequences) {
    trine_error_set(error, "There is no sequence %u; the states have the sequences 0 to %u.", at,
                    states->sequences - 1);
    return false;
  }
  return true;
}

static void begin(struct trine_states *states, uint32_t at) {
  for (uint32_t n = 0; n < states->lstm_count; n++) {
    const size_t units = states->units[n];
    memset(states->lstm[n].h + at * units, states->start[n], units);
    memset(states->lstm[n].c + at * units, 0, units * sizeof *states->lstm[n].c);
  }
}

enum trine_status trine_states_make(const struct trine_model *model, uint32_t sequences,
                                    struct trine_states *states, struct trine_error *error) {
  if (states == NULL || model == NULL) {
    trine_error_set(error, "States need a model and a place to be made; there is no %s.",
                    model == NULL ? "model" : "place");
    if (states != NULL) {
      *states = (struct trine_states){.sequences = 0};
    }
    return TRINE_ERR_ARG;
  }
  const struct trine_model_info *info = trine_model_info(model);
  const uint32_t count = info->lstm_count;
  *states = (struct trine_states){.sequences = sequences};
  if (sequences == 0) {
    trine_error_set(error, "States of 0 sequences were asked for; at least 1 is needed.");
    return TRINE_ERR_ARG;
  }
  states->units = calloc((size_t)count + 1, sizeof *states->units);
  states->start = calloc((size_t)count + 1, sizeof *states->start);
  states->lstm = calloc((size_t)count + 1, sizeof *states->lstm);
  bool good = states->units != NULL && states->start != NULL && states->lstm != NULL;
  states->lstm_count = states->lstm != NULL ? count : 0;
  for (uint32_t n = 0; n < info->layer_count && good; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    if (layer->lstm < 0) {
      continue;
    }
    size_t bytes = 0, wide = 0;
    const bool fits = trine_size_mul(layer->units, sequences, &bytes) && bytes < SIZE_MAX &&
                      trine_size_mul(bytes + 1, sizeof(int16_t), &wide);
    struct trine_lstm_state *state = &states->lstm[layer->lstm];
    states->units[layer->lstm] = layer->units;
    states->start[layer->lstm] = layer->output_zero_point;
    state->h = fits ? malloc(bytes + 1) : NULL;
    state->c = fits ? malloc(wide) : NULL;
    good = state->h != NULL && state->c != NULL;
  }
  if (!good) {
    trine_error_set(error, "There is no memory for the states of %u sequences.", sequences);
    return TRINE_ERR_MEMORY;
  }
  for (uint32_t at = 0; at < sequences; at++) {
    begin(states, at);
  }
  return TRINE_OK;
}

void trine_states_free(struct trine_states *states) {
  if (states == NULL) {
    return;
  }
  for (uint32_t n = 0; n < states->lstm_count; n++) {
    free(states->lstm[n].h);
    free(states->lstm[n].c);
  }
  free(states->units);
  free(states->start);
  free(states->lstm);
  *states = (struct trine_states){.sequences = 0};
}

enum trine_status trine_states_reset(struct trine_states *states, uint32_t at,
                                     struct trine_error *error) {
  if (!has_sequence(states, at, error)) {
    return TRINE_ERR_ARG;
  }
  begin(states, at);
  return TRINE_OK;
}

/* Whether both are of the same LSTMs. */
static bool are_alike(const struct trine_states *to, const struct trine_states *from,
                      struct trine_error *error) {
  if (to->lstm_count != from->lstm_count) {
    trine_error_set(error, "States of %u LSTMs do not become those of %u; both are of one model.",
                    from->lstm_count, to->lstm_count);
    return false;
  }
  for (uint32_t n = 0; n < to->lstm_count; n++) {
    if (to->units[n] != from->units[n]) {
      trine_error_set(
          error,
          "States of LSTM %u with %u units do not become those of one with %u; both are "
          "of one model.",
          n, from->units[n], to->units[n]);
      return false;
    }
  }
  return true;
}

enum trine_status trine_states_copy(struct trine_states *to, uint32_t to_at,
                                    const struct trine_states *from, uint32_t from_at,
                                    struct trine_error *error) {
  if (!has_sequence(to, to_at, error) || !has_sequence(from, from_at, error)) {
    return TRINE_ERR_ARG;
  }
  if (!are_alike(to, from, error)) {
    return TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < to->lstm_count; n++) {
    const size_t units = to->units[n];
    memmove(to->lstm[n].h + to_at * units, from->lstm[n].h + from_at * units, units);
    memmove(to->lstm[n].c + to_at * units, from->lstm[n].c + from_at * units,
            units * sizeof *to->lstm[n].c);
  }
  return TRINE_OK;
}

bool trine_states_fresh(const struct trine_states *states, uint32_t at) {
  if (!has_sequence(states, at, NULL)) {
    return false;
  }
  for (uint32_t n = 0; n < states->lstm_count; n++) {
    const size_t units = states->units[n];
    for (size_t i = at * units; i < (at + 1) * units; i++) {
      if (states->lstm[n].h[i] != states->start[n] || states->lstm[n].c[i] != 0) {
        return false;
      }
    }
  }
  return true;
}

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
  if (path == NULL || !is_made(states)) {
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

/* Units of the first LSTM of a model that has one. */
static uint32_t first_units(const struct trine_model *model) {
  uint32_t n = 0;
  while (trine_model_layer(model, n)->lstm != 0) {
    n++;
  }
  return trine_model_layer(model, n)->units;
}

/* How many sequences a file of states has, as its first array says; all its arrays must be those of
 * this model, so that what is then allocated is in proportion to the file. */
static enum trine_status check_all(struct trine_npz *npz, const char *path,
                                   const struct trine_model *model, uint32_t *sequences,
                                   struct trine_error *error) {
  const uint32_t units = first_units(model);
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
  for (uint32_t n = 0; n < trine_model_info(model)->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    for (int half = 0; half < 2 && layer->lstm >= 0 && status == TRINE_OK; half++) {
      char name[NAME_BYTES];
      (void)snprintf(name, sizeof name, "%c%d", "hc"[half], layer -> lstm);
      status = check_half(npz, path, name, *sequences, layer->units, error);
    }
  }
  return status;
}

enum trine_status trine_states_read(const char *path, const struct trine_model *model,
                                    struct trine_states *states, struct trine_error *error) {
  uint32_t sequences = 0;
  if (states != NULL) {
    *states = (struct trine_states){.sequences = 0};
  }
  if (path == NULL || model == NULL || states == NULL) {
    const char *missing = model == NULL ? "model" : "place";
    trine_error_set(error, "Reading states needs a file, a model and a place; there is no %s.",
                    path == NULL ? "file" : missing);
    return TRINE_ERR_ARG;
  }
  if (trine_model_info(model)->lstm_count == 0) {
    trine_error_set(
        error, "The model has no LSTM, so %.100s cannot hold states of it; it needs none.", path);
    return TRINE_ERR_ARG;
  }
  struct trine_npz *npz = NULL;
  enum trine_status status = trine_npz_open(path, &npz, error);
  if (status == TRINE_OK) {
    status = check_all(npz, path, model, &sequences, error);
    trine_npz_close(npz);
  }
  if (status == TRINE_OK) {
    status = trine_states_make(model, sequences, states, error);
  }
  return status == TRINE_OK ? trine_states_load(path, states, error) : status;
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
