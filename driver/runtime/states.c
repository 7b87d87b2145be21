/* SPDX-License-Identifier: Apache-2.0 */
/* states: h and c of the LSTMs, from the caller's buffers into the window and back. */
#include "runtime/internal.h"

/* The caller's state of a layer, or NULL when it starts from z_h and 0. */
static const struct trine_lstm_state *given_state(const struct trine_run *run, uint32_t layer) {
  const struct trine_lstm_state *states = run->cut.batch->state_in;
  return states != NULL && states[layer].h != NULL ? &states[layer] : NULL;
}

/* First value of a sequence of the chunk in a state of so many units. */
static size_t first_value(const struct trine_run *run, uint32_t sequence, uint32_t units) {
  return ((size_t)run->cut.chunk.first + sequence) * units;
}

static void put_h(struct trine_run *run, const struct trine_image_state *state) {
  const uint32_t units = trine_image_layer(run->image, state->layer)->units;
  const struct trine_lstm_state *given = given_state(run, state->layer);
  const uint8_t zero = (uint8_t)state->zero_point;
  trine_window_begin(run, state->h_offset);
  for (uint32_t s = trine_copy_next(&run->cut, state->copy, UINT32_MAX); s < run->cut.chunk.count;
       s = trine_copy_next(&run->cut, state->copy, s)) {
    if (given != NULL) {
      trine_window_put(run, given->h + first_value(run, s, units), units);
    }
    for (uint32_t u = 0; given == NULL && u < units; u++) {
      trine_window_put(run, &zero, 1);
    }
    trine_window_put(run, NULL, state->h_bytes - units);
  }
  (void)trine_window_finish(run);
}

static void put_c(struct trine_run *run, const struct trine_image_state *state,
                  const struct trine_image_slice *slice) {
  const uint32_t units = trine_image_layer(run->image, state->layer)->units;
  const struct trine_lstm_state *given = given_state(run, state->layer);
  trine_window_begin(run, slice->offset);
  for (uint32_t s = trine_copy_next(&run->cut, state->copy, UINT32_MAX); s < run->cut.chunk.count;
       s = trine_copy_next(&run->cut, state->copy, s)) {
    for (uint32_t u = 0; u < slice->stride; u++) {
      const bool is_given = given != NULL && u < slice->units;
      const uint16_t c =
          is_given ? (uint16_t)given->c[first_value(run, s, units) + slice->first + u] : 0;
      const uint8_t word[4] = {(uint8_t)c, (uint8_t)(c >> 8), 0, 0};
      trine_window_put(run, word, sizeof word);
    }
  }
  (void)trine_window_finish(run);
}

enum trine_status trine_put_states(struct trine_run *run) {
  for (uint32_t n = 0; n < run->image->state_count; n++) {
    const struct trine_image_state *state = trine_image_state(run->image, n);
    put_h(run, state);
    for (uint32_t r = 0; r < run->image->ranks; r++) {
      const struct trine_image_slice *slice = trine_image_slice(run->image, state, r);
      if (slice->units > 0) {
        put_c(run, state, slice);
      }
    }
  }
  return run->fault.status;
}

/* Whether a slice of the caller's state is what SAVE has left of it. */
static bool is_same_slice(const struct trine_lstm_state *given,
                          const struct trine_image_slice *slice, const uint8_t *saved) {
  bool is_same = true;
  for (uint32_t u = 0; u < slice->units && is_same; u++, saved += 4) {
    const uint16_t c = (uint16_t)(saved[0] | saved[1] << 8);
    is_same = (uint16_t)given->c[slice->first + u] == c &&
              (uint8_t)given->h[slice->first + u] == saved[2];
  }
  return is_same;
}

bool trine_states_go_on(const struct trine_run *run) {
  const uint8_t *saved = (const uint8_t *)run->options.scratch + run->image->copy_of_bytes;
  bool goes_on = run->is_saved && run->cut.is_kept && run->cut.batch->sequences == 1;
  for (uint32_t n = 0; n < run->image->state_count && goes_on; n++) {
    const struct trine_image_state *state = trine_image_state(run->image, n);
    const struct trine_lstm_state *given = given_state(run, state->layer);
    for (uint32_t r = 0; r < run->image->ranks && goes_on; r++) {
      const struct trine_image_slice *slice = trine_image_slice(run->image, state, r);
      if (slice->units > 0 && run->cut.chunk.copy_count[state->copy] > 0) {
        goes_on = given != NULL && is_same_slice(given, slice, saved);
        saved += 4 * (size_t)slice->stride;
      }
    }
  }
  return goes_on;
}

/* Whether the caller wants the states of all layers, and of one sequence: then scratch memory has
 * what the cores have. */
static bool takes_all(const struct trine_run *run) {
  bool all = run->cut.batch->sequences == 1;
  for (uint32_t n = 0; n < run->image->state_count; n++) {
    all = all && run->cut.batch->state_out[trine_image_state(run->image, n)->layer].h != NULL;
  }
  return all;
}

/* Bytes that SAVE has left of one slice; 0 when the caller does not want them. */
static uint32_t wanted_bytes(const struct trine_run *run, const struct trine_image_state *state,
                             const struct trine_image_slice *slice) {
  const bool is_wanted = run->cut.batch->state_out[state->layer].h != NULL && slice->units > 0;
  return is_wanted ? 4 * slice->stride * run->cut.chunk.copy_count[state->copy] : 0;
}

/* Gives the caller one slice's entries. */
static void store_slice(const struct trine_run *run, const struct trine_image_state *state,
                        const struct trine_image_slice *slice, const uint8_t *bytes) {
  const uint32_t units = trine_image_layer(run->image, state->layer)->units;
  const struct trine_lstm_state *out = &run->cut.batch->state_out[state->layer];
  for (uint32_t s = trine_copy_next(&run->cut, state->copy, UINT32_MAX); s < run->cut.chunk.count;
       s = trine_copy_next(&run->cut, state->copy, s)) {
    const size_t at = first_value(run, s, units) + slice->first;
    for (uint32_t u = 0; u < slice->units; u++) {
      const uint8_t *word = bytes + 4 * (size_t)u;
      out->c[at + u] = (int16_t)(uint16_t)(word[0] | word[1] << 8);
      out->h[at + u] = (int8_t)word[2];
    }
    bytes += 4 * (size_t)slice->stride;
  }
}

/* All slices, first fetched and then given to the caller. */
static enum trine_status walk(struct trine_run *run, bool storing) {
  uint8_t *saved = (uint8_t *)run->options.scratch + run->image->copy_of_bytes;
  for (uint32_t n = 0; n < run->image->state_count; n++) {
    const struct trine_image_state *state = trine_image_state(run->image, n);
    for (uint32_t r = 0; r < run->image->ranks; r++) {
      const struct trine_image_slice *slice = trine_image_slice(run->image, state, r);
      const uint32_t bytes = wanted_bytes(run, state, slice);
      if (bytes > 0 && storing) {
        store_slice(run, state, slice, saved);
      } else if (bytes > 0 && trine_window_read(run, slice->offset, saved, bytes) != TRINE_OK) {
        return run->fault.status;
      }
      saved += bytes;
    }
  }
  return TRINE_OK;
}

enum trine_status trine_take_states(struct trine_run *run) {
  if (run->cut.batch->state_out == NULL) {
    return TRINE_OK;
  }
  const enum trine_status status = walk(run, false);
  run->is_saved = status == TRINE_OK && takes_all(run);
  return status == TRINE_OK ? walk(run, true) : status;
}
