/* SPDX-License-Identifier: Apache-2.0 */
/* chip: opens and closes what the tests of sessions need, see chip.h. */
#include "chip.h"

#include <stdlib.h>

#include "io/npy.h"

enum { MEMORY_BYTES = 1 << 24 };

static bool open_device(struct chip *chip) {
  if (trine_sim_backend_open("duo", NULL, &chip->sim, &chip->error) != TRINE_OK) {
    return false;
  }
  const struct trine_bus bus = trine_sim_backend_bus(chip->sim);
  chip->device = malloc(trine_sizeof());
  return chip->device != NULL && trine_open(chip->device, &bus, 0, MEMORY_BYTES, "duo") == TRINE_OK;
}

bool chip_open(struct chip *chip, const struct trine_session_options *options) {
  *chip = (struct chip){.model = NULL};
  return trine_model_load("tests/models/vowels.tflite", &chip->model, &chip->error) == TRINE_OK &&
         trine_npy_read("tests/models/vowels_xq.npy", &chip->input, &chip->error) == TRINE_OK &&
         trine_npy_read("tests/models/vowels_tflm.npy", &chip->expected, &chip->error) ==
             TRINE_OK &&
         open_device(chip) &&
         trine_session_open(chip->model, chip->device, options, &chip->session, &chip->error) ==
             TRINE_OK;
}

void chip_close(struct chip *chip) {
  trine_session_close(chip->session);
  free(chip->device);
  trine_sim_backend_close(chip->sim);
  trine_array_free(&chip->input);
  trine_array_free(&chip->expected);
  trine_model_free(chip->model);
}
