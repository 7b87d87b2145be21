/* SPDX-License-Identifier: Apache-2.0 */
/* plan: chooses placements by predicted cycles and makes jobs, see plan.h. */
#include "plan.h"

#include <stdlib.h>

#include "place.h"
#include "planner/spread.h"

uint64_t cli_predicted_cycles(const struct cli_work *work) {
  uint64_t cycles = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    const uint64_t more = work->segments[n].predicted_cycles;
    cycles = more < TRINE_NO_FORECAST - cycles ? cycles + more : TRINE_NO_FORECAST;
  }
  return cycles;
}

bool cli_plan_batch(const struct cli_work *work, uint32_t segment, struct trine_plan_batch *batch,
                    uint32_t **ones, struct trine_error *error) {
  *batch = (struct trine_plan_batch){
      .sequences = work->batch,
      .lengths = work->lengths,
      .is_kept = work->state_in.lstm != NULL || work->state_out.lstm != NULL};
  *ones = NULL;
  const bool has_time = trine_model_network_has_time(work->model, segment);
  const uint32_t rows = trine_model_network_rows(work->model, segment);
  if (has_time && rows == 1) {
    return true;
  }
  *ones = malloc((work->batch + (size_t)1) * sizeof **ones);
  if (*ones == NULL) {
    trine_error_set(error, "There is no memory for the lengths of %u sequences.", work->batch);
    return false;
  }
  for (uint32_t n = 0; n < work->batch; n++) {
    (*ones)[n] = rows * (has_time ? work->lengths[n] : 1);
  }
  batch->lengths = *ones;
  return true;
}

/* Takes a plan's jobs and placement for a segment, and what its first run will take. */
static enum trine_status take_plan(struct trine *trine, const struct trine_plan_batch *batch,
                                   struct trine_spread_plan *found, struct cli_segment *segment) {
  const enum trine_status status = trine_spread_forecast(trine, segment->network, batch, found);
  segment->placement = found->plan.placement;
  segment->jobs = found->jobs;
  segment->predicted_cycles = found->plan.forecast.cycles;
  return status;
}

/* The best placement of a segment's network. */
static enum trine_status place_segment(struct trine *trine, enum cli_mode mode, uint32_t cores,
                                       const struct trine_plan_batch *batch,
                                       struct cli_segment *segment) {
  struct trine_spread_plan found = {.jobs = 1};
  const enum trine_status status =
      mode == CLI_MODE_AUTO ? trine_plan_spread(trine, segment->network, cores, batch, &found)
                            : trine_plan_mode(trine, segment->network, (enum trine_mode)mode, cores,
                                              batch, &found.plan);
  return status == TRINE_OK ? take_plan(trine, batch, &found, segment) : status;
}

/* Without sequences, as a model is judged: placed in the mode, and the cycles of a step. */
static enum trine_status place_step(struct trine *trine, enum cli_mode mode, uint32_t cores,
                                    struct cli_segment *segment) {
  enum trine_status status =
      trine_place(trine, segment->network, (enum trine_mode)mode, cores, &segment->placement);
  segment->jobs = 1;
  if (status == TRINE_OK) {
    segment->predicted_cycles = trine_step_cycles(trine, segment->network, &segment->placement);
  }
  return status;
}

static bool place(struct cli_device *device, enum cli_mode mode, uint32_t cores,
                  struct cli_work *work, uint32_t n, struct trine_error *error) {
  struct cli_segment *segment = &work->segments[n];
  struct trine_plan_batch batch;
  uint32_t *ones = NULL;
  enum trine_status status = TRINE_ERR_ARG;
  if (work->lengths == NULL) {
    status = place_step(device->trine, mode, cores, segment);
  } else if (cli_plan_batch(work, n, &batch, &ones, error)) {
    status = place_segment(device->trine, mode, cores, &batch, segment);
  } else {
    return false;
  }
  free(ones);
  if (status != TRINE_OK) {
    cli_device_error(device, status, error);
  }
  return status == TRINE_OK;
}

bool cli_plan(struct cli_device *device, enum cli_mode mode, uint32_t cores, struct cli_work *work,
              struct trine_error *error) {
  const struct trine_info *info = trine_get_info(device->trine);
  if (cores > info->cores) {
    trine_error_set(error, "%u cores were asked for; %s has %u.", cores, device->config,
                    info->cores);
    return false;
  }
  uint64_t longest = 0;
  work->mode = mode;
  work->cores = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    const struct cli_segment *segment = &work->segments[n];
    if (segment->network == NULL) {
      continue;
    }
    if (!place(device, mode, mode == CLI_MODE_SINGLE ? 1 : cores, work, n, error)) {
      return false;
    }
    const uint32_t used = segment->placement.ranks * segment->jobs;
    work->cores = used > work->cores ? used : work->cores;
    if (segment->predicted_cycles > longest) { /* of several networks the longest names the mode */
      longest = segment->predicted_cycles;
      work->mode = (enum cli_mode)segment->placement.mode;
    }
  }
  return true;
}

bool cli_plan_placed(struct cli_device *device, const char *text, struct cli_work *work,
                     struct trine_error *error) {
  if (!cli_place(device, text, work, error)) {
    return false;
  }
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    struct cli_segment *segment = &work->segments[n];
    struct trine_spread_plan plan = {.jobs = 1, .plan = {.placement = segment->placement}};
    struct trine_plan_batch batch;
    uint32_t *ones = NULL;
    if (segment->network == NULL) {
      continue;
    }
    if (!cli_plan_batch(work, n, &batch, &ones, error)) {
      return false;
    }
    const enum trine_status status = take_plan(device->trine, &batch, &plan, segment);
    free(ones);
    if (status != TRINE_OK) {
      cli_device_error(device, status, error);
      return false;
    }
  }
  return true;
}

bool cli_plan_jobs(struct cli_device *device, uint32_t first_core, struct cli_work *work,
                   struct trine_error *error) {
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    struct cli_segment *segment = &work->segments[n];
    if (segment->network == NULL) {
      continue;
    }
    const struct trine_job_options options = {.mode = segment->placement.mode,
                                              .cores = segment->placement.ranks,
                                              .core_mask = ((1U << segment->placement.ranks) - 1)
                                                           << first_core,
                                              .placement = &segment->placement};
    const enum trine_status status = trine_spread_create(device->trine, segment->network, &options,
                                                         segment->jobs, &segment->spread);
    if (status != TRINE_OK) {
      cli_device_error(device, status, error);
      return false;
    }
    segment->core_mask = trine_spread_core_mask(segment->spread);
  }
  return true;
}

bool cli_plan_golden(struct cli_work *work, struct trine_error *error) {
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    struct cli_segment *segment = &work->segments[n];
    if (segment->network != NULL &&
        trine_golden_create(segment->network, &segment->golden, error) != TRINE_GOLDEN_OK) {
      return false;
    }
  }
  work->mode = CLI_MODE_SINGLE;
  return true;
}
