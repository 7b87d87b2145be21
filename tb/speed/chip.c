/* SPDX-License-Identifier: Apache-2.0 */
/* chip: cycles a second of the simulated chip `duo` at full work: a layer of 128 units (vad) as
 * helper on both cores, whose MACs are busy in 99 of 100 cycles.
 *
 *   chip        prints cycles a second of processor time, from START to the done interrupt */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "io/npy.h"
#include "session/session.h"
#include "sim/sim_backend.h"

enum { MEMORY_BYTES = 1 << 24, RUNS = 3 };

struct speed_chip {
  struct trine_sim_backend *backend;
  struct trine *device;
  struct trine_model *model;
  struct trine_session *session;
  struct trine_array input;
};

static bool open_chip(struct speed_chip *chip, struct trine_error *error) {
  const struct trine_session_options options = {.mode = TRINE_MODE_HELPER};
  if (trine_model_load("tests/models/vad.tflite", &chip->model, error) != TRINE_OK ||
      trine_npy_read("tests/models/vad_xq.npy", &chip->input, error) != TRINE_OK ||
      trine_sim_backend_open("duo", NULL, &chip->backend, error) != TRINE_OK) {
    return false;
  }
  const struct trine_bus bus = trine_sim_backend_bus(chip->backend);
  chip->device = malloc(trine_sizeof());
  return chip->device != NULL &&
         trine_open(chip->device, &bus, 0, MEMORY_BYTES, "duo") == TRINE_OK &&
         trine_session_open(chip->model, chip->device, &options, &chip->session, error) == TRINE_OK;
}

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* The first run brings the weights and is not counted. */
static bool measure(struct speed_chip *chip, double *rate, struct trine_error *error) {
  const uint32_t steps = (uint32_t)chip->input.shape[0];
  int8_t *output = malloc((size_t)chip->input.count);
  const struct trine_model_batch batch = {
      .sequences = 1, .steps = steps, .input = chip->input.data, .output = output};
  bool good = output != NULL;
  for (int n = 0; n <= RUNS && good; n++) {
    const double start = now();
    good = trine_session_run(chip->session, &batch, error) == TRINE_OK;
    const double seconds = now() - start;
    const double cycles = good ? (double)trine_session_stats(chip->session)->cycles : 0;
    *rate = n > 0 && cycles / seconds > *rate ? cycles / seconds : *rate;
  }
  free(output);
  return good;
}

int main(void) {
  struct speed_chip chip = {.backend = NULL};
  struct trine_error error = {"The simulated chip cannot be opened."};
  double rate = 0;
  const bool good = open_chip(&chip, &error) && measure(&chip, &rate, &error);
  if (good) {
    printf("%.0f\n", rate);
  } else {
    fprintf(stderr, "%s\n", error.text);
  }
  trine_session_close(chip.session);
  free(chip.device);
  trine_sim_backend_close(chip.backend);
  trine_array_free(&chip.input);
  trine_model_free(chip.model);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
