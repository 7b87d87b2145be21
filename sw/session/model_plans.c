/* SPDX-License-Identifier: Apache-2.0 */
/* model_plans: what plans take that run side by side, see model_plan.h. */
#include "session/model_plan.h"

#include <stdlib.h>

#include "planner/replica_plan.h"

/* All jobs of all plans, in the order in which they start. */
struct plans_together {
  struct trine_forecast_job jobs[TRINE_MAX_CORES];
  struct trine_plan_batch whole[TRINE_MAX_CORES], parts[TRINE_MAX_CORES];
  uint32_t *ones[TRINE_MAX_CORES];
  struct trine_network_plan *networks[TRINE_MAX_CORES];
  uint32_t counts[TRINE_MAX_CORES]; /* jobs of each plan */
  uint32_t all;
};

/* The only network of a plan; -1: it has none, or several. */
static int only_network(const struct trine_model_plan *plan) {
  int found = -1, count = 0;
  for (uint32_t n = 0; n < plan->count; n++) {
    if (plan->networks[n].network != NULL) {
      found = (int)n;
      count++;
    }
  }
  return count == 1 ? found : -1;
}

/* *fits: whether a forecast can be asked for. */
static enum trine_status add_plan(struct plans_together *together, uint32_t n,
                                  struct trine_model_plan *plan,
                                  const struct trine_plan_batch *batch, bool *fits,
                                  struct trine_error *error) {
  const int segment = only_network(plan);
  *fits = *fits && segment >= 0;
  if (!*fits) {
    return TRINE_OK;
  }
  struct trine_network_plan *found = &plan->networks[segment];
  const enum trine_status status = trine_model_plan_batch(
      plan->model, (uint32_t)segment, batch, &together->whole[n], &together->ones[n], error);
  if (status != TRINE_OK) {
    return status;
  }
  together->networks[n] = found;
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
  return TRINE_OK;
}

/* Each plan takes as long as the slowest of its jobs. */
static void take_forecasts(struct plans_together *together, uint32_t count,
                           const struct trine_forecast *forecasts) {
  uint32_t at = 0;
  for (uint32_t n = 0; n < count; n++) {
    uint64_t cycles = 0;
    for (uint32_t job = 0; job < together->counts[n]; job++, at++) {
      cycles = forecasts[at].cycles > cycles ? forecasts[at].cycles : cycles;
    }
    if (cycles != TRINE_NO_FORECAST) {
      together->networks[n]->predicted_cycles = cycles;
    }
  }
}

enum trine_status trine_model_plans_together(const struct trine_target *target,
                                             struct trine_model_plan *const *plans,
                                             const struct trine_plan_batch *batches, uint32_t count,
                                             struct trine_error *error) {
  struct plans_together together = {.all = 0};
  struct trine_forecast forecasts[TRINE_MAX_CORES];
  struct trine_error unused;
  enum trine_status status = TRINE_OK;
  bool fits = count <= TRINE_MAX_CORES;
  for (uint32_t n = 0; n < count && fits && status == TRINE_OK; n++) {
    status = add_plan(&together, n, plans[n], &batches[n], &fits, error);
  }
  /* The jobs are there already, or could be made: a forecast that is refused is none. */
  if (status == TRINE_OK && fits &&
      trine_forecast_together(target, together.jobs, together.all, forecasts, &unused) ==
          TRINE_OK) {
    take_forecasts(&together, count, forecasts);
  }
  for (uint32_t n = 0; n < TRINE_MAX_CORES; n++) {
    free(together.ones[n]);
  }
  return status;
}
