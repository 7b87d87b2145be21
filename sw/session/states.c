/* SPDX-License-Identifier: Apache-2.0 */
/* states: states of sequences in memory, see states.h; states_file.c has those in files. */
#include "session/states.h"

#include <stdlib.h>
#include <string.h>

#include "io/size.h"
#include "session/states_parts.h"

/* Whether they have such a sequence. */
static bool has_sequence(const struct trine_states *states, uint32_t at,
                         struct trine_error *error) {
  if (!states_are_made(states)) {
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

bool states_are_made(const struct trine_states *states) {
  bool made = states != NULL && states->sequences >= 1 &&
              (states->lstm_count == 0 ||
               (states->units != NULL && states->start != NULL && states->lstm != NULL));
  for (uint32_t n = 0; made && n < states->lstm_count; n++) {
    made = states->lstm[n].h != NULL && states->lstm[n].c != NULL;
  }
  return made;
}

/* Room for what LSTMs are; their h and c come later. */
static enum trine_status make_list(uint32_t count, struct trine_states *states,
                                   struct trine_error *error) {
  *states = (struct trine_states){.sequences = 0};
  states->units = calloc((size_t)count + 1, sizeof *states->units);
  states->start = calloc((size_t)count + 1, sizeof *states->start);
  states->lstm = calloc((size_t)count + 1, sizeof *states->lstm);
  if (states->units == NULL || states->start == NULL || states->lstm == NULL) {
    trine_states_free(states);
    trine_error_set(error, "There is no memory for the states of %u LSTMs.", count);
    return TRINE_ERR_MEMORY;
  }
  states->lstm_count = count;
  return TRINE_OK;
}

enum trine_status states_list_model(const struct trine_model *model, struct trine_states *states,
                                    struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(model);
  const enum trine_status status = make_list(info->lstm_count, states, error);
  for (uint32_t n = 0; n < info->layer_count && status == TRINE_OK; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    if (layer->lstm >= 0) {
      states->units[layer->lstm] = layer->units;
      states->start[layer->lstm] = layer->output_zero_point;
    }
  }
  return status;
}

enum trine_status states_list_image(const struct trine_image *image, struct trine_states *states,
                                    struct trine_error *error) {
  uint32_t count = 0, lstms = 0;
  for (uint32_t n = 0; n < image->layer_count; n++) {
    count += trine_image_layer(image, n)->is_lstm;
  }
  const enum trine_status status = make_list(count, states, error);
  for (uint32_t n = 0; n < image->layer_count && status == TRINE_OK; n++) {
    if (trine_image_layer(image, n)->is_lstm != 0) {
      states->units[lstms++] = trine_image_layer(image, n)->units;
    }
  }
  for (uint32_t n = 0; n < image->state_count && status == TRINE_OK; n++) {
    const struct trine_image_state *state = trine_image_state(image, n);
    uint32_t before = 0;
    for (uint32_t k = 0; k < state->layer; k++) {
      before += trine_image_layer(image, k)->is_lstm;
    }
    states->start[before] = (int8_t)(uint8_t)state->zero_point;
  }
  return status;
}

enum trine_status states_fill(uint32_t sequences, struct trine_states *states,
                              struct trine_error *error) {
  bool good = true;
  states->sequences = sequences;
  for (uint32_t n = 0; n < states->lstm_count && good; n++) {
    size_t bytes = 0, wide = 0;
    const bool fits = trine_size_mul(states->units[n], sequences, &bytes) && bytes < SIZE_MAX &&
                      trine_size_mul(bytes + 1, sizeof(int16_t), &wide);
    states->lstm[n].h = fits ? malloc(bytes + 1) : NULL;
    states->lstm[n].c = fits ? malloc(wide) : NULL;
    good = states->lstm[n].h != NULL && states->lstm[n].c != NULL;
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

/* What states are made of, and how many; else *states is none. */
static bool check_make(const void *of, const char *what, uint32_t sequences,
                       struct trine_states *states, struct trine_error *error) {
  if (states != NULL) {
    *states = (struct trine_states){.sequences = 0};
  }
  if (states == NULL || of == NULL) {
    trine_error_set(error, "States need %s and a place to be made; there is no %s.", what,
                    of == NULL ? strchr(what, ' ') + 1 : "place");
    return false;
  }
  if (sequences == 0) {
    trine_error_set(error, "States of 0 sequences were asked for; at least 1 is needed.");
  }
  return sequences > 0;
}

enum trine_status trine_states_make(const struct trine_model *model, uint32_t sequences,
                                    struct trine_states *states, struct trine_error *error) {
  if (!check_make(model, "a model", sequences, states, error)) {
    return TRINE_ERR_ARG;
  }
  const enum trine_status status = states_list_model(model, states, error);
  return status == TRINE_OK ? states_fill(sequences, states, error) : status;
}

enum trine_status trine_states_make_image(const struct trine_image *image, uint32_t sequences,
                                          struct trine_states *states, struct trine_error *error) {
  if (!check_make(image, "an image", sequences, states, error)) {
    return TRINE_ERR_ARG;
  }
  const enum trine_status status = states_list_image(image, states, error);
  return status == TRINE_OK ? states_fill(sequences, states, error) : status;
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
