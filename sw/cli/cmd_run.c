/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_run: `trine run`: one model, or several side by side. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "device.h"
#include "report.h"
#include "run_image.h"
#include "targets.h"
#include "work.h"

/* Opens a session for each work; side by side each gets an equal share of the cores. */
static bool open_all(const struct cli_options *options, struct cli_device *device,
                     struct cli_work *works, struct trine_error *error) {
  const uint32_t count = options->job_count;
  const struct trine_target *target =
      device->trine != NULL ? trine_get_target(device->trine) : NULL;
  const uint32_t all = target == NULL ? count : target->info.cores;
  const uint32_t cores = options->cores == 0 ? all : options->cores;
  if (target != NULL && count > cores) {
    trine_error_set(error, "%u jobs need a core each; there are %u.", count, cores);
    return false;
  }
  for (uint32_t n = 0; n < count; n++) {
    const uint32_t first = n * (cores / count);
    const struct trine_session_options wanted = {.plan = &works[n].plan,
                                                 .core_mask = UINT32_C(1) << first,
                                                 .connection = device->connection};
    if (target != NULL && !cli_work_plan(options, target, cores / count, &works[n], error)) {
      return false;
    }
    if (trine_session_open(works[n].model, device->trine, target != NULL ? &wanted : NULL,
                           &works[n].session, error) != TRINE_OK) {
      return false;
    }
  }
  return true;
}

/* Makes the predictions of works that run side by side. */
static bool predict_together(const struct cli_options *options, struct cli_device *device,
                             struct cli_work *works, struct trine_error *error) {
  struct trine_model_plan *plans[CLI_MAX_JOBS];
  struct trine_plan_batch batches[CLI_MAX_JOBS];
  for (uint32_t n = 0; n < options->job_count; n++) {
    plans[n] = &works[n].plan;
    batches[n] = cli_work_plan_batch(&works[n]);
  }
  return trine_model_plans_together(trine_get_target(device->trine), plans, batches,
                                    options->job_count, error) == TRINE_OK;
}

static bool run_together(const struct cli_options *options, struct cli_device *device,
                         struct cli_work *works, struct trine_error *error) {
  struct trine_session *sessions[CLI_MAX_JOBS];
  struct trine_model_batch batches[CLI_MAX_JOBS];
  for (uint32_t n = 0; n < options->job_count; n++) {
    const uint32_t networks = trine_model_network_count(works[n].model);
    sessions[n] = works[n].session;
    batches[n] = cli_work_batch(&works[n]);
    if (networks != 1) {
      trine_error_set(error, "%.120s is %u networks; side by side each model has to be one.",
                      works[n].files->model, networks);
      return false;
    }
  }
  return predict_together(options, device, works, error) &&
         trine_sessions_run(sessions, batches, options->job_count, error) == TRINE_OK;
}

static bool run_all(const struct cli_options *options, struct cli_device *device,
                    struct cli_work *works, struct trine_error *error) {
  if (options->side_by_side && device->trine != NULL) {
    return run_together(options, device, works, error);
  }
  bool good = true;
  for (uint32_t n = 0; n < options->job_count && good; n++) {
    const struct trine_model_batch batch = cli_work_batch(&works[n]);
    good = trine_session_run(works[n].session, &batch, error) == TRINE_OK;
  }
  return good;
}

/* Sets *exact to false, with the error, when one work differs; false when comparing failed. */
static bool check_all(const struct cli_options *options, struct cli_work *works,
                      struct trine_check *checks, bool *exact, struct trine_error *error) {
  for (uint32_t n = 0; n < options->job_count; n++) {
    const struct trine_model_batch batch = cli_work_batch(&works[n]);
    if (trine_session_check(works[n].session, &batch, &checks[n], error) != TRINE_OK) {
      return false;
    }
    if (!checks[n].exact && *exact) {
      *exact = false;
      *error = checks[n].difference;
    }
  }
  return true;
}

/* Loads, plans, runs, compares, saves and reports. */
static bool run(const struct cli_options *options, struct cli_device *device,
                struct cli_work *works, struct trine_check *checks, struct trine_error *error) {
  if (!cli_run_check_targets(options, error)) {
    return false;
  }
  for (uint32_t n = 0; n < options->job_count; n++) {
    if (!cli_work_load(options, &options->jobs[n], &works[n], error)) {
      return false;
    }
  }
  bool exact = true;
  if (!cli_device_open(options, device, error) || !open_all(options, device, works, error) ||
      !run_all(options, device, works, error)) {
    return false;
  }
  if (options->check && !check_all(options, works, checks, &exact, error)) {
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
  if (options->json) {
    return cli_report_json(&report, error) && exact;
  }
  cli_report_text(&report);
  return exact;
}

enum cli_exit cli_run(const struct cli_options *options, struct trine_error *error) {
  if (!options->side_by_side && cli_is_image(options->jobs[0].model)) {
    return cli_run_image(options, error);
  }
  struct cli_device device = {.kind = options->device.kind};
  struct cli_work *works = calloc(CLI_MAX_JOBS, sizeof *works);
  struct trine_check checks[CLI_MAX_JOBS] = {{0}};
  if (works == NULL) {
    trine_error_set(error, "There is no memory for the jobs.");
    return CLI_FAILED;
  }
  const bool good = run(options, &device, works, checks, error);
  if (!good) {
    cli_device_dump(options, &device, error);
  }
  for (uint32_t n = 0; n < options->job_count; n++) {
    cli_work_free(&works[n]);
  }
  cli_device_close(&device);
  free(works);
  return good ? CLI_DONE : CLI_FAILED;
}
