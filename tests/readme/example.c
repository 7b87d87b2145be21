/* SPDX-License-Identifier: Apache-2.0 */
/* example: a model and its input, a simulated chip, a job on two cores, one run. */
#include <stdio.h>
#include <stdlib.h>

#include "io/npy.h"
#include "model/model.h"
#include "sim/sim_backend.h"
#include "trine.h"

int main(void) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  struct trine_array x = {0};
  struct trine_sim_backend *chip = NULL;
  if (trine_model_load("tests/models/vad.tflite", &model, &error) != TRINE_OK ||
      trine_npy_read("tests/models/vad_xq.npy", &x, &error) != TRINE_OK ||
      trine_sim_backend_open("duo", NULL, &chip, &error) != TRINE_OK) {
    return fprintf(stderr, "%s\n", error.text), EXIT_FAILURE;
  }
  const struct trine_network *network = trine_model_network(model, 0);
  const struct trine_bus bus = trine_sim_backend_bus(chip);
  struct trine *device = malloc(trine_sizeof());
  if (device == NULL || trine_open(device, &bus, 0, 1 << 24, "duo") != TRINE_OK) {
    return fprintf(stderr, "no device\n"), EXIT_FAILURE;
  }
  const uint32_t steps = (uint32_t)x.shape[0], width = (uint32_t)x.shape[1];
  const size_t size = trine_job_sizeof(device, network);
  void *memory = malloc(size);
  int8_t *y = malloc((size_t)steps * width); /* this layer has as many outputs as inputs */
  const struct trine_batch batch = {1, &steps, x.data, 0, width, y, 0, width, NULL, NULL};
  const struct trine_job_options options = {.mode = TRINE_MODE_HELPER, .cores = 2};
  struct trine_job *job = NULL;
  if (trine_job_create(device, network, &options, memory, size, &job) != TRINE_OK ||
      trine_job_run(job, &batch) != TRINE_OK) {
    return fprintf(stderr, "%s\n", trine_last_error(device)), EXIT_FAILURE;
  }
  printf("%u steps in %llu cycles; the last output is %d\n", steps,
         (unsigned long long)trine_job_stats(job)->cycles, y[steps * width - 1]);
  return trine_sim_backend_close(chip), EXIT_SUCCESS;
}
