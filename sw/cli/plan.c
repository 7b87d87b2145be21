/* SPDX-License-Identifier: Apache-2.0 */
/* plan: chooses placements by predicted cycles and makes jobs, see plan.h. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

uint64_t cli_predicted_cycles(const struct cli_work *work) {
  uint64_t cycles = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    cycles += work->segments[n].predicted_cycles;
  }
  return cycles;
}

/* Places all networks in one mode; nothing of the work changes when that fails. */
static bool place(struct cli_device *device, enum cli_mode mode, uint32_t cores,
                  struct cli_work *work, struct trine_error *error) {
  const uint32_t count = work->info->segment_count;
  struct cli_segment *placed = malloc((count + 1) * sizeof *placed);
  if (placed == NULL) {
    trine_error_set(error, "There is no memory for the placement of %u segments.", count);
    return false;
  }
  memcpy(placed, work->segments, count * sizeof *placed);
  bool good = true;
  uint32_t ranks = 0;
  for (uint32_t n = 0; n < count && good; n++) {
    struct cli_segment *segment = &placed[n];
    if (segment->network == NULL) {
      continue;
    }
    enum trine_status status = trine_place(device->trine, segment->network, (enum trine_mode)mode,
                                           cores, &segment->placement);
    good = status == TRINE_OK;
    if (good) {
      segment->predicted_cycles =
          trine_step_cycles(device->trine, segment->network, &segment->placement) *
          work->total_steps;
      ranks = segment->placement.ranks > ranks ? segment->placement.ranks : ranks;
    } else {
      cli_device_error(device, status, error);
    }
  }
  if (good) {
    memcpy(work->segments, placed, count * sizeof *placed);
    work->mode = mode;
    work->cores = ranks;
  }
  free(placed);
  return good;
}

/* The candidate with the fewest predicted cycles; of equal ones the one with fewer cores. */
static bool place_best(struct cli_device *device, uint32_t cores, struct cli_work *work,
                       struct trine_error *error) {
  static const enum cli_mode modes[] = {CLI_MODE_SINGLE, CLI_MODE_MULTITHREADING, CLI_MODE_HELPER};
  enum cli_mode best = CLI_MODE_AUTO;
  uint64_t best_cycles = UINT64_MAX;
  struct trine_error ignored;
  for (size_t n = 0; n < sizeof modes / sizeof modes[0]; n++) {
    const bool single = modes[n] == CLI_MODE_SINGLE;
    if ((single || cores >= 2) &&
        place(device, modes[n], single ? 1 : cores, work,
              best == CLI_MODE_AUTO && single ? error : &ignored) &&
        cli_predicted_cycles(work) < best_cycles) {
      best = modes[n];
      best_cycles = cli_predicted_cycles(work);
    }
  }
  return best != CLI_MODE_AUTO &&
         place(device, best, best == CLI_MODE_SINGLE ? 1 : cores, work, error);
}

bool cli_plan(struct cli_device *device, enum cli_mode mode, uint32_t cores, struct cli_work *work,
              struct trine_error *error) {
  const struct trine_info *info = trine_get_info(device->trine);
  if (cores > info->cores) {
    trine_error_set(error, "%u cores were asked for; %s has %u.", cores, device->config,
                    info->cores);
    return false;
  }
  if (mode == CLI_MODE_AUTO) {
    return place_best(device, cores, work, error);
  }
  return place(device, mode, mode == CLI_MODE_SINGLE ? 1 : cores, work, error);
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
