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
static enum trine_status take_plan(const struct trine_target *target,
                                   const struct trine_plan_batch *batch,
                                   struct trine_spread_plan *found, struct cli_segment *segment,
                                   struct trine_error *said) {
  const enum trine_status status =
      trine_spread_forecast(target, segment->network, batch, found, said);
  segment->placement = found->plan.placement;
  segment->jobs = found->jobs;
  segment->predicted_cycles = found->plan.forecast.cycles;
  return status;
}

/* The best placement of a segment's network. */
static enum trine_status place_segment(const struct trine_target *target, enum cli_mode mode,
                                       uint32_t cores, const struct trine_plan_batch *batch,
                                       struct cli_segment *segment, struct trine_error *said) {
  struct trine_spread_plan found = {.jobs = 1};
  const enum trine_status status =
      mode == CLI_MODE_AUTO
          ? trine_plan_spread(target, segment->network, cores, batch, &found, said)
          : trine_plan_mode(target, segment->network, (enum trine_mode)mode, cores, batch,
                            &found.plan, said);
  return status == TRINE_OK ? take_plan(target, batch, &found, segment, said) : status;
}

/* Without sequences, as a model is judged: placed in the mode, and the cycles of a step. */
static enum trine_status place_step(const struct trine_target *target, enum cli_mode mode,
                                    uint32_t cores, struct cli_segment *segment,
                                    struct trine_error *said) {
  const struct trine_shape shape = {.mode = (enum trine_mode)mode, .cores = cores};
  const enum trine_status status =
      trine_compile_place(target, segment->network, &shape, &segment->placement, said);
  segment->jobs = 1;
  if (status == TRINE_OK) {
    segment->predicted_cycles =
        trine_compile_step_cycles(target, segment->network, &segment->placement);
  }
  return status;
}

static bool place(struct cli_device *device, enum cli_mode mode, uint32_t cores,
                  struct cli_work *work, uint32_t n, struct trine_error *error) {
  struct cli_segment *segment = &work->segments[n];
  const struct trine_target *target = cli_device_target(device);
  struct trine_error said = {""};
  struct trine_plan_batch batch;
  uint32_t *ones = NULL;
  enum trine_status status = TRINE_ERR_ARG;
  if (work->lengths == NULL) {
    status = place_step(target, mode, cores, segment, &said);
  } else if (cli_plan_batch(work, n, &batch, &ones, error)) {
    status = place_segment(target, mode, cores, &batch, segment, &said);
  } else {
    return false;
  }
  free(ones);
  if (status != TRINE_OK) {
    cli_device_refused(status, &said, error);
  }
  return status == TRINE_OK;
}

bool cli_plan(struct cli_device *device, enum cli_mode mode, uint32_t cores, struct cli_work *work,
              struct trine_error *error) {
  const struct trine_info *info = &cli_device_target(device)->info;
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
    struct trine_error said = {""};
    const enum trine_status status =
        take_plan(cli_device_target(device), &batch, &plan, segment, &said);
    free(ones);
    if (status != TRINE_OK) {
      cli_device_refused(status, &said, error);
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

/* One network, compiled to no end but to see whether it can be; less is free behind its window. */
static enum trine_status fits(const struct trine_target *target, const struct cli_segment *segment,
                              uint64_t *free_bytes, struct trine_error *said) {
  const size_t bytes = trine_compile_bytes(target, segment->network, true);
  void *memory = malloc(bytes);
  const struct trine_image *image = NULL;
  uint32_t window = 0;
  if (memory == NULL) {
    return trine_refuse(said, TRINE_ERR_MEMORY, "there is no memory for an image of %zu bytes",
                        bytes);
  }
  enum trine_status status = trine_compile(target, segment->network, &segment->placement, true,
                                           memory, bytes, &image, said);
  if (status == TRINE_OK) {
    status = trine_window_bytes(target, image, 0, 0, *free_bytes, &window, said);
  }
  *free_bytes -= window < *free_bytes ? window : *free_bytes;
  free(memory);
  return status;
}

bool cli_plan_fits(struct cli_device *device, const struct cli_work *work,
                   struct trine_error *error) {
  const struct trine_target *target = cli_device_target(device);
  uint64_t free_bytes = target->free_bytes;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    const struct cli_segment *segment = &work->segments[n];
    struct trine_error said = {""};
    const enum trine_status status =
        segment->network != NULL ? fits(target, segment, &free_bytes, &said) : TRINE_OK;
    if (status != TRINE_OK) {
      cli_device_refused(status, &said, error);
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
