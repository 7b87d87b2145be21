/* SPDX-License-Identifier: Apache-2.0 */
/* networks: see networks.h. */
#include "networks.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/work.h"
#include "planner/planner.h"
#include "session/config.h"

const struct bench_case sizing_networks[SIZING_NETWORKS] = {
    {.name = "vowels", .model = "vowels", .input = "vowels_xq", .steps = 29, .sequences = 1},
    {.name = "bidi", .model = "bidi", .input = "vowels_xq", .steps = 29, .sequences = 1},
    {.name = "chars", .model = "chars", .input = "chars_xq", .steps = 64, .sequences = 1},
    {.name = "stack4", .model = "stack4", .input = "stack4_xq", .steps = 128, .sequences = 1},
    {.name = "vad", .model = "vad", .input = "vad_xq", .steps = 128, .sequences = 1},
    {.name = "12-64-64",
     .inputs = 12,
     .lstm_count = 2,
     .units = {64, 64},
     .steps = 29,
     .sequences = 1},
    {.name = "128-128", .inputs = 128, .lstm_count = 1, .units = {128}, .steps = 8, .sequences = 1},
    {.name = "40-512-512",
     .inputs = 40,
     .lstm_count = 2,
     .units = {512, 512},
     .steps = 32,
     .sequences = 1},
};

/* The best placement on all or fewer cores of one shape. */
static bool forecast_one(const struct bench_work *work, struct sizing_result *result,
                         struct trine_error *error) {
  struct trine_config_row config;
  struct trine_target target;
  char name[SIZING_NAME_BYTES];
  sizing_name(&result->shape, name);
  if (!sizing_config(&result->shape, "octo-xl", name, &config)) {
    trine_error_set(error, "There is no configuration octo-xl.");
    return false;
  }
  const struct trine_plan_batch batch = {
      .sequences = work->what->sequences, .lengths = work->lengths, .is_resident = true};
  struct trine_plan plan;
  bool good = trine_config_target(&config, &target, error) == TRINE_OK;
  if (good) {
    const enum trine_status status =
        trine_plan_best(&target, work->network, config.cores, &batch, &plan, error);
    good = status == TRINE_OK || status == TRINE_ERR_LIMIT;
    if (status == TRINE_OK) {
      result->mode = (uint32_t)plan.placement.mode;
      result->ranks = plan.placement.ranks;
      result->copies = plan.placement.copies;
      result->cycles = plan.forecast.cycles;
      result->products = plan.forecast.macs;
    }
  }
  return good;
}

static bool forecast_network(struct sizing_results *results, uint32_t network,
                             const struct sizing_shape *shapes, uint32_t count,
                             const struct bench_work *work, struct trine_error *error) {
  for (uint32_t n = 0; n < count; n++) {
    struct sizing_result result = {.network = network, .shape = shapes[n]};
    if (sizing_find(results, network, &shapes[n]) == NULL &&
        !(forecast_one(work, &result, error) && sizing_add(results, &result, error))) {
      return false;
    }
    (void)fprintf(stderr, "\r%-12s %4u of %u", work->what->name, n + 1, count);
  }
  (void)fprintf(stderr, "\n");
  return true;
}

bool sizing_forecast(struct sizing_results *results, const char *folder,
                     struct trine_error *error) {
  struct sizing_shape *shapes = malloc(SIZING_MOST_SHAPES * sizeof *shapes);
  struct bench_work *work = malloc(sizeof *work);
  bool good = shapes != NULL && work != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for the list of shapes.");
  }
  const uint32_t count = good ? sizing_shapes(shapes) : 0;
  for (uint32_t n = 0; n < SIZING_NETWORKS && good; n++) {
    good = bench_work_load(&sizing_networks[n], folder, work, error) &&
           forecast_network(results, n, shapes, count, work, error);
    bench_work_free(work);
  }
  free(work);
  free(shapes);
  return good;
}
