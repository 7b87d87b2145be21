/* SPDX-License-Identifier: Apache-2.0 */
/* plan: chooses placements by predicted cycles and makes jobs, see plan.h. */
#include "plan.h"

#include <stdlib.h>

uint64_t cli_predicted_cycles(const struct cli_work *work) {
  uint64_t cycles = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    cycles += work->segments[n].predicted_cycles;
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
  if (trine_model_network_has_time(work->model, segment)) {
    return true;
  }
  *ones = malloc((work->batch + (size_t)1) * sizeof **ones);
  if (*ones == NULL) {
    trine_error_set(error, "There is no memory for the lengths of %u sequences.", work->batch);
    return false;
  }
  for (uint32_t n = 0; n < work->batch; n++) {
    (*ones)[n] = 1;
  }
  batch->lengths = *ones;
  return true;
}

/* The best placement of a segment's network, and what its first run will take. */
static enum trine_status place_segment(struct trine *trine, enum cli_mode mode, uint32_t cores,
                                       const struct trine_plan_batch *batch,
                                       struct cli_segment *segment) {
  struct trine_plan plan;
  enum trine_status status =
      mode == CLI_MODE_AUTO
          ? trine_plan_best(trine, segment->network, cores, batch, &plan)
          : trine_plan_mode(trine, segment->network, (enum trine_mode)mode, cores, batch, &plan);
  if (status == TRINE_OK) {
    segment->placement = plan.placement;
    status = trine_forecast(trine, segment->network, &segment->placement, batch, &plan.forecast);
    segment->predicted_cycles = plan.forecast.cycles;
  }
  return status;
}

/* Without sequences, as a model is judged: placed in the mode, and the cycles of a step. */
static enum trine_status place_step(struct trine *trine, enum cli_mode mode, uint32_t cores,
                                    struct cli_segment *segment) {
  enum trine_status status =
      trine_place(trine, segment->network, (enum trine_mode)mode, cores, &segment->placement);
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
    work->cores = segment->placement.ranks > work->cores ? segment->placement.ranks : work->cores;
    if (segment->predicted_cycles > longest) { /* of several networks the longest names the mode */
      longest = segment->predicted_cycles;
      work->mode = (enum cli_mode)segment->placement.mode;
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
    segment->core_mask = ((1U << segment->placement.ranks) - 1) << first_core;
    const struct trine_job_options options = {.mode = segment->placement.mode,
                                              .cores = segment->placement.ranks,
                                              .core_mask = segment->core_mask,
                                              .placement = &segment->placement};
    const size_t bytes = trine_job_sizeof(device->trine, segment->network);
    segment->memory = malloc(bytes);
    if (segment->memory == NULL) {
      trine_error_set(error, "There is no memory for a job of %zu bytes.", bytes);
      return false;
    }
    enum trine_status status = trine_job_create(device->trine, segment->network, &options,
                                                segment->memory, bytes, &segment->job);
    if (status != TRINE_OK) {
      segment->job = NULL;
      cli_device_error(device, status, error);
      return false;
    }
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
