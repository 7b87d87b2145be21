/* SPDX-License-Identifier: Apache-2.0 */
/* plan_together: what works take that run side by side, see plan.h. */
#include <stdlib.h>

#include "plan.h"
#include "planner/spread.h"

/* All jobs of all works, in the order in which they start. */
struct together {
  struct trine_forecast_job jobs[TRINE_MAX_CORES];
  struct trine_plan_batch whole[CLI_MAX_JOBS], parts[TRINE_MAX_CORES];
  uint32_t *ones[CLI_MAX_JOBS];
  struct cli_segment *segments[CLI_MAX_JOBS];
  uint32_t counts[CLI_MAX_JOBS]; /* jobs of each work */
  uint32_t all;
};

/* The only network of a work; -1: it has none, or several. */
static int only_network(const struct cli_work *work) {
  int found = -1, count = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    if (work->segments[n].network != NULL) {
      found = (int)n;
      count++;
    }
  }
  return count == 1 ? found : -1;
}

/* *fits: whether a forecast can be asked for. */
static bool add_work(struct together *together, uint32_t n, struct cli_work *work, bool *fits,
                     struct trine_error *error) {
  const int segment = only_network(work);
  *fits = *fits && segment >= 0;
  if (!*fits) {
    return true;
  }
  struct cli_segment *found = &work->segments[segment];
  if (!cli_plan_batch(work, (uint32_t)segment, &together->whole[n], &together->ones[n], error)) {
    return false;
  }
  together->segments[n] = found;
  together->counts[n] = found->jobs;
  *fits = found->jobs <= TRINE_MAX_CORES - together->all;
  if (*fits) {
    struct trine_plan_batch parts[TRINE_MAX_CORES];
    (void)trine_cut_parts(&together->whole[n], found->jobs, parts);
    for (uint32_t job = 0; job < found->jobs; job++) {
      together->parts[together->all] = parts[job];
      together->jobs[together->all] = (struct trine_forecast_job){found->network, &found->placement,
                                                                  &together->parts[together->all]};
      together->all++;
    }
  }
  return true;
}

/* Each work takes as long as the slowest of its jobs. */
static void take_forecasts(struct together *together, uint32_t count,
                           const struct trine_forecast *forecasts) {
  uint32_t at = 0;
  for (uint32_t n = 0; n < count; n++) {
    uint64_t cycles = 0;
    for (uint32_t job = 0; job < together->counts[n]; job++, at++) {
      cycles = forecasts[at].cycles > cycles ? forecasts[at].cycles : cycles;
    }
    if (cycles != TRINE_NO_FORECAST) {
      together->segments[n]->predicted_cycles = cycles;
    }
  }
}

bool cli_plan_together(struct cli_device *device, struct cli_work *works, uint32_t count,
                       struct trine_error *error) {
  struct together together = {.all = 0};
  struct trine_forecast forecasts[TRINE_MAX_CORES];
  struct trine_error unused;
  bool good = true, fits = true;
  for (uint32_t n = 0; n < count && good; n++) {
    good = add_work(&together, n, &works[n], &fits, error);
  }
  /* The jobs are there already, or could be made: a forecast that is refused is none. */
  if (good && fits &&
      trine_forecast_together(cli_device_target(device), together.jobs, together.all, forecasts,
                              &unused) == TRINE_OK) {
    take_forecasts(&together, count, forecasts);
  }
  for (uint32_t n = 0; n < count; n++) {
    free(together.ones[n]);
  }
  return good;
}
