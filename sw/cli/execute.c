/* SPDX-License-Identifier: Apache-2.0 */
/* execute: the runners behind a model's networks, see execute.h. */
#include "execute.h"

#include "session/session.h"

struct runner {
  struct cli_device *device;
  struct cli_work *work;
};

static int run_on_device(void *context, uint32_t index, const struct trine_network *network,
                         const struct trine_batch *batch, struct trine_error *error) {
  const struct runner *runner = context;
  struct cli_segment *segment = &runner->work->segments[index];
  (void)network;
  enum trine_status status = trine_spread_run(segment->spread, batch);
  if (status != TRINE_OK) {
    cli_device_error(runner->device, status, error);
    return status;
  }
  trine_stats_add(&segment->stats, trine_spread_stats(segment->spread));
  return 0;
}

static int run_prepared_golden(void *context, uint32_t index, const struct trine_network *network,
                               const struct trine_batch *batch, struct trine_error *error) {
  struct cli_work *work = context;
  struct trine_golden_counters counters = {0};
  const struct trine_golden_options options = {.counters = &counters, .error = error};
  (void)network;
  int status = trine_golden_execute(work->segments[index].golden, batch, &options);
  work->segments[index].stats.macs += counters.macs;
  return status;
}

static int run_golden(void *context, uint32_t index, const struct trine_network *network,
                      const struct trine_batch *batch, struct trine_error *error) {
  const struct trine_golden_options options = {.error = error};
  (void)context;
  (void)index;
  return trine_golden_run(network, batch, &options);
}

/* Into the work's own outputs and states. */
static bool run_own(struct cli_work *work, trine_network_runner runner, void *context,
                    struct trine_error *error) {
  struct cli_places places;
  bool good = cli_places_make(work, true, &places, error);
  if (good) {
    struct trine_model_batch batch = cli_work_batch(work, &places, work->state_out.lstm);
    good = trine_model_run(work->model, &batch, runner, context, error) == TRINE_MODEL_OK;
  }
  cli_places_free(&places);
  return good;
}

bool cli_execute(struct cli_device *device, struct cli_work *work, struct trine_error *error) {
  struct runner runner = {device, work};
  const bool golden = device->kind == TRINE_DEVICE_GOLDEN;
  return run_own(work, golden ? run_prepared_golden : run_on_device,
                 golden ? (void *)work : (void *)&runner, error);
}

bool cli_execute_golden(const struct cli_work *work, const struct cli_places *places,
                        const struct trine_lstm_state *state_out, struct trine_error *error) {
  struct trine_model_batch batch = cli_work_batch(work, places, state_out);
  return trine_model_run(work->model, &batch, run_golden, NULL, error) == TRINE_MODEL_OK;
}

/* Several models at once without threads: the runner of one model's network runs the next model,
 * inside; the innermost finds everybody's batch prepared, starts all and waits for all. On the way
 * out each model goes on with what comes after its network. */
struct together {
  struct cli_device *device;
  struct cli_work *works;
  uint32_t count, level;
  struct trine_batch batches[CLI_MAX_JOBS];
  struct cli_segment *segments[CLI_MAX_JOBS];
};

static bool run_level(struct together *together, struct trine_error *error);

/* Each model's batch on all the jobs that were planned for it. Cores are never shared, so there are
 * no more jobs than cores. */
static int start_and_wait(struct together *together, struct trine_error *error) {
  struct trine_job *jobs[TRINE_MAX_CORES * CLI_MAX_JOBS];
  const struct trine_batch *batches[TRINE_MAX_CORES * CLI_MAX_JOBS];
  uint32_t counts[CLI_MAX_JOBS], all = 0;
  for (uint32_t n = 0; n < together->count; n++) {
    counts[n] = trine_spread_cut(together->segments[n]->spread, &together->batches[n], jobs + all,
                                 batches + all);
    all += counts[n];
  }
  enum trine_status status = trine_jobs_start(jobs, batches, all);
  if (status != TRINE_OK) {
    cli_device_error(together->device, status, error);
    return status;
  }
  enum trine_status first = TRINE_OK;
  for (uint32_t n = 0; n < together->count; n++) {
    struct cli_segment *segment = together->segments[n];
    status = trine_spread_wait(segment->spread, counts[n]);
    if (status == TRINE_OK) {
      trine_stats_add(&segment->stats, trine_spread_stats(segment->spread));
    } else if (first == TRINE_OK) {
      first = status;
      cli_device_error(together->device, status, error);
    }
  }
  return first;
}

static int run_nested(void *context, uint32_t index, const struct trine_network *network,
                      const struct trine_batch *batch, struct trine_error *error) {
  struct together *together = context;
  const uint32_t level = together->level;
  (void)network;
  together->batches[level] = *batch;
  together->segments[level] = &together->works[level].segments[index];
  if (level + 1 == together->count) {
    return start_and_wait(together, error);
  }
  together->level = level + 1;
  return run_level(together, error) ? 0 : -1;
}

static bool run_level(struct together *together, struct trine_error *error) {
  struct cli_work *work = &together->works[together->level];
  return run_own(work, run_nested, together, error);
}

static uint32_t network_count(const struct cli_work *work) {
  uint32_t count = 0;
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    count += work->segments[n].network != NULL;
  }
  return count;
}

bool cli_execute_together(struct cli_device *device, struct cli_work *works, uint32_t count,
                          struct trine_error *error) {
  for (uint32_t n = 0; n < count; n++) {
    if (network_count(&works[n]) != 1) {
      trine_error_set(error, "%.120s is %u networks; side by side each model has to be one.",
                      works[n].files->model, network_count(&works[n]));
      return false;
    }
  }
  struct together together = {.device = device, .works = works, .count = count};
  return run_level(&together, error);
}
