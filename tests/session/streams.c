/* SPDX-License-Identifier: Apache-2.0 */
/* streams: a stream gives the stored results of the reference in chunks of 1, 7 and all steps, and
 * 64 streams take turns with weights loaded once; in single, multithreading and helper. */
#include <stdio.h>

#include "chip.h"

enum { STREAMS = 64, ROUNDS = 5 };

/* Steps [first, first + count) of a stream, compared with the reference's. */
static bool step(struct chip *chip, struct trine_states *state, uint32_t stream, uint32_t first,
                 uint32_t count) {
  const size_t row = (size_t)stream * STEPS + first;
  const int8_t *want = (const int8_t *)chip->expected.data + row * OUT;
  int8_t got[STEPS * OUT];
  if (trine_session_step(chip->session, state, count,
                         (const int8_t *)chip->input.data + row * WIDTH, got,
                         &chip->error) != TRINE_OK) {
    return false;
  }
  for (uint32_t n = 0; n < count * OUT; n++) {
    if (got[n] != want[n]) {
      trine_error_set(&chip->error, "stream %u, step %u, value %u: got %d, want %d", stream,
                      first + n / OUT, n % OUT, got[n], want[n]);
      return false;
    }
  }
  return true;
}

static bool chunks(struct chip *chip, struct trine_states *state, const char *mode) {
  static const uint32_t sizes[] = {1, 7, STEPS};
  for (int n = 0; n < 3; n++) {
    uint64_t cycles = 0;
    if (trine_states_reset(state, 0, &chip->error) != TRINE_OK) {
      return false;
    }
    for (uint32_t first = 0; first < STEPS; first += sizes[n]) {
      if (!step(chip, state, 3, first, first + sizes[n] < STEPS ? sizes[n] : STEPS - first)) {
        return false;
      }
      cycles += trine_session_stats(chip->session)->cycles;
    }
    printf("%-14s  chunks of %2u: exact, %llu cycles\n", mode, sizes[n],
           (unsigned long long)cycles);
  }
  return true;
}

/* Cycles that loading all weights takes at the least: beats of 8 bytes, on 2 cores at once. */
static uint64_t weight_cycles(const struct trine_model *model) {
  uint64_t bytes = 0;
  for (uint32_t n = 0; n < trine_model_info(model)->layer_count; n++) {
    bytes += trine_model_layer(model, n)->weight_bytes;
  }
  return bytes / 16;
}

/* What is loaded after the first turn is the state of the next stream, and no weights. */
static bool turns(struct chip *chip, struct trine_states streams[STREAMS], const char *mode) {
  const uint64_t weights = weight_cycles(chip->model);
  uint64_t first = 0, most = 0, cycles = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    for (uint32_t n = 0; n < STREAMS; n++) {
      if (!step(chip, &streams[n], n, round, 1)) {
        return false;
      }
      const struct trine_stats *stats = trine_session_stats(chip->session);
      cycles += stats->cycles;
      if (round == 0 && n == 0) {
        first = stats->load_cycles;
      } else if (stats->load_cycles > most) {
        most = stats->load_cycles;
      }
    }
  }
  printf("%-14s  %d streams in turn: exact, %llu cycles a step, loads %llu cycles, then %llu\n",
         mode, STREAMS, (unsigned long long)(cycles / ROUNDS / STREAMS), (unsigned long long)first,
         (unsigned long long)most);
  trine_error_set(&chip->error,
                  "weights are at least %llu cycles: the first load has to be longer, all others "
                  "shorter",
                  (unsigned long long)weights);
  return first > weights && most < weights;
}

static bool hold_in(enum trine_mode mode, const char *name) {
  struct chip chip;
  struct trine_states streams[STREAMS] = {{.sequences = 0}};
  const struct trine_session_options options = {.mode = mode};
  bool good = chip_open(&chip, &options);
  for (int n = 0; n < STREAMS && good; n++) {
    good = trine_states_make(chip.model, 1, &streams[n], &chip.error) == TRINE_OK;
  }
  good = good && turns(&chip, streams, name) && chunks(&chip, &streams[3], name);
  if (!good) {
    fprintf(stderr, "%s: %s\n", name, chip.error.text);
  }
  for (int n = 0; n < STREAMS; n++) {
    trine_states_free(&streams[n]);
  }
  chip_close(&chip);
  return good;
}

bool streams_hold(void) {
  return hold_in(TRINE_MODE_SINGLE, "single") &&
         hold_in(TRINE_MODE_MULTITHREADING, "multithreading") &&
         hold_in(TRINE_MODE_HELPER, "helper");
}
