/* SPDX-License-Identifier: Apache-2.0 */
/* replica_plan: cuts a batch and compares numbers of jobs, see replica_plan.h. */
#include "planner/replica_plan.h"

#include "compiler/internal.h"

/* Fills each job up to `most` steps, leaving one sequence for each job behind it; false when the
 * last one gets more than that. */
static bool cut_at(const uint32_t *lengths, uint32_t sequences, uint32_t jobs, uint64_t most,
                   uint32_t first[TRINE_MAX_CORES + 1]) {
  uint32_t at = 0;
  uint64_t steps = 0;
  for (uint32_t job = 0; job < jobs; job++) {
    const uint32_t behind = jobs - 1 - job;
    first[job] = at;
    steps = lengths[at++];
    while (at < sequences - behind && (behind == 0 || steps + lengths[at] <= most)) {
      steps += lengths[at++];
    }
    if (steps > most) {
      return false;
    }
  }
  first[jobs] = sequences;
  return true;
}

void trine_cut_batch(const uint32_t *lengths, uint32_t sequences, uint32_t jobs,
                     uint32_t first[TRINE_MAX_CORES + 1]) {
  uint64_t low = 1, high = 0;
  for (uint32_t n = 0; n <= TRINE_MAX_CORES; n++) {
    first[n] = n == 0 ? 0 : sequences;
  }
  if (lengths == NULL || jobs < 1 || jobs > TRINE_MAX_CORES || jobs > sequences) {
    return;
  }
  for (uint32_t n = 0; n < sequences; n++) {
    high += lengths[n];
  }
  while (low < high) { /* bound: halves 64 bits */
    const uint64_t middle = low + (high - low) / 2;
    if (cut_at(lengths, sequences, jobs, middle, first)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  (void)cut_at(lengths, sequences, jobs, high, first);
}

static uint64_t steps_of(const struct trine_plan_batch *batch) {
  uint64_t steps = 0;
  for (uint32_t n = 0; n < batch->sequences; n++) {
    steps += batch->lengths[n];
  }
  return steps;
}

uint32_t trine_cut_parts(const struct trine_plan_batch *batch, uint32_t jobs,
                         struct trine_plan_batch parts[TRINE_MAX_CORES]) {
  uint32_t first[TRINE_MAX_CORES + 1], longest = 0;
  trine_cut_batch(batch->lengths, batch->sequences, jobs, first);
  for (uint32_t n = 0; n < jobs; n++) {
    parts[n] = *batch;
    parts[n].sequences = first[n + 1] - first[n];
    parts[n].lengths = batch->lengths + first[n];
    longest = steps_of(&parts[n]) > steps_of(&parts[longest]) ? n : longest;
  }
  return longest;
}

static void add_part(struct trine_forecast *whole, const struct trine_forecast *one) {
  whole->cycles = one->cycles > whole->cycles ? one->cycles : whole->cycles;
  whole->load_cycles =
      one->load_cycles > whole->load_cycles ? one->load_cycles : whole->load_cycles;
  whole->limit_cycles += one->limit_cycles;
  whole->macs += one->macs;
  whole->steps += one->steps;
  whole->runs += one->runs;
}

enum trine_status trine_replicas_forecast(const struct trine_target *target,
                                          const struct trine_network *network,
                                          const struct trine_plan_batch *batch,
                                          struct trine_replica_plan *plan,
                                          struct trine_error *error) {
  struct trine_plan_batch parts[TRINE_MAX_CORES];
  struct trine_forecast_job list[TRINE_MAX_CORES];
  struct trine_forecast forecasts[TRINE_MAX_CORES];
  if (plan == NULL) {
    return trine_refuse(error, TRINE_ERR_ARG, "a forecast needs the plan whose it is");
  }
  if (batch == NULL || batch->lengths == NULL || plan->jobs < 1 || plan->jobs > TRINE_MAX_CORES ||
      plan->jobs > batch->sequences) {
    return trine_refuse(
        error, TRINE_ERR_ARG,
        "a batch of %u sequences was to be cut for %u jobs; 1 to %d that have one each "
        "are possible",
        batch == NULL ? 0 : batch->sequences, plan->jobs, (int)TRINE_MAX_CORES);
  }
  (void)trine_cut_parts(batch, plan->jobs, parts);
  for (uint32_t n = 0; n < plan->jobs; n++) {
    list[n] = (struct trine_forecast_job){network, &plan->plan.placement, &parts[n]};
  }
  const enum trine_status status =
      trine_forecast_together(target, list, plan->jobs, forecasts, error);
  if (status != TRINE_OK || plan == NULL) { /* which it refuses */
    return status;
  }
  struct trine_forecast *whole = &plan->plan.forecast;
  *whole = (struct trine_forecast){.cycles = 0};
  for (uint32_t n = 0; n < plan->jobs; n++) {
    add_part(whole, &forecasts[n]);
  }
  whole->limit_cycles = (whole->limit_cycles + plan->jobs - 1) / plan->jobs;
  return TRINE_OK;
}

/* Takes `jobs` jobs if that is better. */
static enum trine_status try_jobs(const struct trine_target *target,
                                  const struct trine_network *network, uint32_t cores,
                                  uint32_t jobs, const struct trine_plan_batch *batch,
                                  struct trine_replica_plan *best, struct trine_error *error) {
  struct trine_plan_batch parts[TRINE_MAX_CORES], resident = *batch;
  struct trine_replica_plan found = {.jobs = jobs};
  const uint64_t limit = best->plan.forecast.cycles;
  resident.is_resident = true;
  const uint32_t longest = trine_cut_parts(&resident, jobs, parts);
  enum trine_status status =
      trine_plan_best(target, network, cores / jobs, &parts[longest], &found.plan, error);
  if (status == TRINE_OK && found.plan.forecast.runs > 1) {
    return TRINE_ERR_LIMIT; /* no forecast for several jobs of several chunks */
  }
  if (status != TRINE_OK || found.plan.forecast.cycles >= limit) {
    return status;
  }
  status = trine_replicas_forecast(target, network, &resident, &found, error);
  if (status == TRINE_OK && found.plan.forecast.cycles < limit) {
    *best = found;
  }
  return status;
}

enum trine_status trine_plan_replicas(const struct trine_target *target,
                                      const struct trine_network *network, uint32_t cores,
                                      const struct trine_plan_batch *batch,
                                      struct trine_replica_plan *plan, struct trine_error *error) {
  struct trine_plan *one = plan != NULL ? &plan->plan : NULL;
  enum trine_status status = trine_plan_best(target, network, cores, batch, one, error);
  if (status != TRINE_OK || plan == NULL) { /* which trine_plan_best refuses */
    return status;
  }
  plan->jobs = 1;
  const uint32_t most = batch->sequences < cores ? batch->sequences : cores;
  for (uint32_t jobs = 2; jobs <= most && status == TRINE_OK; jobs++) {
    status =
        cores % jobs == 0 ? try_jobs(target, network, cores, jobs, batch, plan, error) : TRINE_OK;
    status = status == TRINE_ERR_LIMIT || status == TRINE_ERR_MEMORY ? TRINE_OK : status;
  }
  return status;
}
