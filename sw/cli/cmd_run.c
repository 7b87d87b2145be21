/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run: `trine run`: one model, or several side by side. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "commands.h"
#include "device.h"
#include "execute.h"
#include "plan.h"
#include "report.h"
#include "run_image.h"
#include "targets.h"
#include "work.h"

/* Places all works; side by side each gets an equal share of the cores. */
static bool plan_all(const struct cli_options *options, struct cli_device *device,
                     struct cli_work *works, struct trine_error *error) {
  const uint32_t count = options->job_count;
  if (device->kind == TRINE_DEVICE_GOLDEN) {
    bool good = true;
    for (uint32_t n = 0; n < count && good; n++) {
      good = cli_plan_golden(&works[n], error);
    }
    return good;
  }
  const struct trine_info *info = trine_get_info(device->trine);
  const uint32_t cores = options->cores == 0 ? info->cores : options->cores;
  if (count > cores) {
    trine_error_set(error, "%u jobs need a core each; there are %u.", count, cores);
    return false;
  }
  uint32_t first = 0;
  for (uint32_t n = 0; n < count; n++) {
    const bool placed = options->place != NULL
                            ? cli_plan_placed(device, options->place, &works[n], error)
                            : cli_plan(device, options->mode, cores / count, &works[n], error);
    if (!placed || !cli_plan_jobs(device, first, &works[n], error)) {
      return false;
    }
    first += cores / count;
  }
  return !options->side_by_side || cli_plan_together(device, works, count, error);
}

static bool execute_all(const struct cli_options *options, struct cli_device *device,
                        struct cli_work *works, struct trine_error *error) {
  if (options->side_by_side && device->kind != TRINE_DEVICE_GOLDEN) {
    return cli_execute_together(device, works, options->job_count, error);
  }
  bool good = true;
  for (uint32_t n = 0; n < options->job_count && good; n++) {
    good = cli_execute(device, &works[n], error);
  }
  return good;
}

/* Sets *exact to false, with the error, when one work differs; false when comparing failed. */
static bool check_all(const struct cli_options *options, struct cli_device *device,
                      struct cli_work *works, struct cli_check *checks, bool *exact,
                      struct trine_error *error) {
  for (uint32_t n = 0; n < options->job_count; n++) {
    struct trine_error difference = {""};
    if (!cli_check(device, &works[n], &checks[n], &difference, error)) {
      return false;
    }
    if (!checks[n].exact && *exact) {
      *exact = false;
      *error = difference;
    }
  }
  return true;
}

static bool report_all(const struct cli_report *report, struct trine_error *error) {
  if (!report->options->json) {
    cli_report_text(report);
  } else if (!cli_report_json(report)) {
    trine_error_set(error, "There is no memory for the report.");
    return false;
  }
  return true;
}

/* Loads, plans, runs, compares, saves and reports. */
static bool run(const struct cli_options *options, struct cli_device *device,
                struct cli_work *works, struct cli_check *checks, struct trine_error *error) {
  if (!cli_run_check_targets(options, error)) {
    return false;
  }
  for (uint32_t n = 0; n < options->job_count; n++) {
    if (!cli_work_load(options, &options->jobs[n], &works[n], error)) {
      return false;
    }
  }
  bool exact = true;
  if (!cli_device_open(options, device, error) || !plan_all(options, device, works, error) ||
      !execute_all(options, device, works, error) ||
      (options->check && !check_all(options, device, works, checks, &exact, error))) {
    return false;
  }
  for (uint32_t n = 0; n < options->job_count && exact; n++) {
    if (!cli_work_save(options, &works[n], error)) {
      return false;
    }
  }
  const struct cli_report report = {.options = options,
                                    .device = device,
                                    .works = works,
                                    .checks = options->check ? checks : NULL,
                                    .count = options->job_count};
  return report_all(&report, error) && exact;
}

enum cli_exit cli_run(const struct cli_options *options, struct trine_error *error) {
  if (!options->side_by_side && cli_is_image(options->jobs[0].model)) {
    return cli_run_image(options, error);
  }
  struct cli_device device = {.kind = options->device.kind};
  struct cli_work *works = calloc(CLI_MAX_JOBS, sizeof *works);
  struct cli_check checks[CLI_MAX_JOBS] = {{0}};
  if (works == NULL) {
    trine_error_set(error, "There is no memory for the jobs.");
    return CLI_FAILED;
  }
  const bool good = run(options, &device, works, checks, error);
  for (uint32_t n = 0; n < options->job_count; n++) {
    cli_work_free(&works[n]);
  }
  cli_device_close(&device);
  free(works);
  return good ? CLI_DONE : CLI_FAILED;
}
