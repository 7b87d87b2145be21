/* SPDX-License-Identifier: Apache-2.0 */
/* streams: a model resident on the simulated chip: a stream gives the stored results of the
 * reference in pieces of 1, 7 and all steps, and 64 streams take turns with weights loaded once; in
 * single, multithreading and helper. Prints cycles; exit 1 at the first difference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "model/sim_backend.h"
#include "session/session.h"

enum { STEPS = 29, WIDTH = 12, OUT = 9, STREAMS = 64, ROUNDS = 5, MEMORY_BYTES = 1 << 24 };

struct fixture {
  struct trine_model *model;
  struct trine_array input, expected; /* int8 [370,STEPS,WIDTH] and [370,STEPS,OUT] */
  struct trine_sim_backend *chip;
  struct trine *device;
  struct trine_session *session;
  struct trine_states streams[STREAMS];
  struct trine_error error;
};

static bool open_chip(struct fixture *f) {
  if (trine_sim_backend_open("duo", NULL, &f->chip, &f->error) != TRINE_OK) {
    return false;
  }
  const struct trine_bus bus = trine_sim_backend_bus(f->chip);
  f->device = malloc(trine_sizeof());
  return f->device != NULL && trine_open(f->device, &bus, 0, MEMORY_BYTES, "duo") == TRINE_OK;
}

static bool open_fixture(struct fixture *f, enum trine_mode mode) {
  const struct trine_session_options options = {.mode = mode};
  *f = (struct fixture){.model = NULL};
  bool good =
      trine_model_load("tests/models/vowels.tflite", &f->model, &f->error) == TRINE_MODEL_OK &&
      trine_npy_read("tests/models/vowels_xq.npy", &f->input, &f->error) == TRINE_IO_OK &&
      trine_npy_read("tests/models/vowels_tflm.npy", &f->expected, &f->error) == TRINE_IO_OK &&
      open_chip(f) &&
      trine_session_open(f->model, f->device, &options, &f->session, &f->error) == TRINE_OK;
  for (int n = 0; n < STREAMS && good; n++) {
    good = trine_states_make(f->model, 1, &f->streams[n], &f->error) == TRINE_IO_OK;
  }
  return good;
}

static void close_fixture(struct fixture *f) {
  for (int n = 0; n < STREAMS; n++) {
    trine_states_free(&f->streams[n]);
  }
  trine_session_close(f->session);
  free(f->device);
  trine_sim_backend_close(f->chip);
  trine_array_free(&f->input);
  trine_array_free(&f->expected);
  trine_model_free(f->model);
}

/* Steps [first, first + count) of a stream, compared with the reference's. */
static bool step(struct fixture *f, uint32_t stream, uint32_t first, uint32_t count) {
  const size_t row = (size_t)stream * STEPS + first;
  const int8_t *want = (const int8_t *)f->expected.data + row * OUT;
  int8_t got[STEPS * OUT];
  if (trine_session_step(f->session, &f->streams[stream], count,
                         (const int8_t *)f->input.data + row * WIDTH, got,
                         &f->error) != TRINE_MODEL_OK) {
    return false;
  }
  for (uint32_t n = 0; n < count * OUT; n++) {
    if (got[n] != want[n]) {
      trine_error_set(&f->error, "stream %u, step %u, value %u: got %d, want %d", stream,
                      first + n / OUT, n % OUT, got[n], want[n]);
      return false;
    }
  }
  return true;
}

static bool pieces(struct fixture *f, const char *mode) {
  static const uint32_t sizes[] = {1, 7, STEPS};
  for (int n = 0; n < 3; n++) {
    uint64_t cycles = 0;
    trine_states_reset(&f->streams[3], 0);
    for (uint32_t first = 0; first < STEPS; first += sizes[n]) {
      if (!step(f, 3, first, first + sizes[n] < STEPS ? sizes[n] : STEPS - first)) {
        return false;
      }
      cycles += trine_session_stats(f->session)->cycles;
    }
    printf("%-14s pieces of %2u: exact, %llu cycles\n", mode, sizes[n], (unsigned long long)cycles);
  }
  return true;
}

static uint64_t weight_bytes(const struct trine_model *model) {
  uint64_t bytes = 0;
  for (uint32_t n = 0; n < trine_model_info(model)->layer_count; n++) {
    bytes += trine_model_layer(model, n)->weight_bytes;
  }
  return bytes;
}

/* A load of weights takes a cycle for each beat of 8 bytes at the least, spread over 2 cores; what
 * is loaded after the first turn is less than that: the state of the next stream. */
static bool turns(struct fixture *f, enum trine_mode mode) {
  const uint64_t weights = weight_bytes(f->model) / 16;
  uint64_t first = 0, most = 0, cycles = 0;
  trine_states_reset(&f->streams[3], 0);
  trine_session_close(f->session);
  f->session = NULL;
  const struct trine_session_options options = {.mode = mode};
  if (trine_session_open(f->model, f->device, &options, &f->session, &f->error) != TRINE_OK) {
    return false;
  }
  for (uint32_t round = 0; round < ROUNDS; round++) {
    for (uint32_t n = 0; n < STREAMS; n++) {
      if (!step(f, n, round, 1)) {
        return false;
      }
      const struct trine_stats *stats = trine_session_stats(f->session);
      cycles += stats->cycles;
      if (round == 0 && n == 0) {
        first = stats->load_cycles;
      } else if (stats->load_cycles > most) {
        most = stats->load_cycles;
      }
    }
  }
  printf("%u streams in turn: exact, %llu cycles a step, loads %llu cycles first, then %llu\n",
         STREAMS, (unsigned long long)(cycles / ROUNDS / STREAMS), (unsigned long long)first,
         (unsigned long long)most);
  trine_error_set(&f->error,
                  "weights are %llu beats: the first load has to be longer, all others "
                  "shorter",
                  (unsigned long long)weights);
  return first > weights && most < weights;
}

int main(void) {
  static const struct {
    enum trine_mode mode;
    const char *name;
  } modes[] = {{TRINE_MODE_SINGLE, "single"},
               {TRINE_MODE_MULTITHREADING, "multithreading"},
               {TRINE_MODE_HELPER, "helper"}};
  for (int n = 0; n < 3; n++) {
    struct fixture f;
    const bool good =
        open_fixture(&f, modes[n].mode) && pieces(&f, modes[n].name) && turns(&f, modes[n].mode);
    if (!good) {
      fprintf(stderr, "%s: %s\n", modes[n].name, f.error.text);
    }
    close_fixture(&f);
    if (!good) {
      return 1;
    }
  }
  return 0;
}
