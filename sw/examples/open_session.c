/* SPDX-License-Identifier: Apache-2.0 */
/* open_session: model, chip, device, session and stream; see open_session.h. */
#include "open_session.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/sim_backend.h"

enum { MEMORY_BYTES = 1 << 24 };

int example_failed(const struct example *example) {
  fprintf(stderr, "%s\n", example->error.text);
  return 1;
}

void example_cycles(const struct example *example, uint64_t cycles, uint64_t count,
                    const char *what) {
  if (example->device != NULL) {
    printf("%.0f cycles a %s\n", (double)cycles / (double)count, what);
  }
}

/* A chip with its driver. */
static bool open_device(struct example *example) {
  if (trine_sim_backend_open("duo", NULL, &example->chip, &example->error) != TRINE_OK) {
    return false;
  }
  const struct trine_bus bus = trine_sim_backend_bus(example->chip);
  example->device = malloc(trine_sizeof());
  if (example->device == NULL) {
    trine_error_set(&example->error, "There is no memory for the device.");
    return false;
  }
  const enum trine_status status = trine_open(example->device, &bus, 0, MEMORY_BYTES, "duo");
  if (status != TRINE_OK) {
    trine_sim_backend_explain(example->chip, example->device, status, &example->error);
  }
  return status == TRINE_OK;
}

int example_open(const char *name, enum trine_mode mode, bool golden, struct example *example) {
  char path[256];
  (void)snprintf(path, sizeof path, "tests/models/%s.tflite", name);
  *example = (struct example){.model = NULL};
  const struct trine_session_options options = {.mode = mode};
  const bool good =
      trine_model_load(path, &example->model, &example->error) == TRINE_OK &&
      (golden || open_device(example)) &&
      trine_session_open(example->model, example->device, &options, &example->session,
                         &example->error) == TRINE_OK &&
      trine_states_make(example->model, 1, &example->stream, &example->error) == TRINE_OK;
  return good ? 0 : example_failed(example);
}

void example_close(struct example *example) {
  trine_session_close(example->session);
  trine_states_free(&example->stream);
  free(example->device);
  trine_sim_backend_close(example->chip);
  trine_model_free(example->model);
}
