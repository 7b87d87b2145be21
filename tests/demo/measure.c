/* SPDX-License-Identifier: Apache-2.0 */
/* measure: one row on the simulated accelerator, see measure.h. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bound.h"
#include "device.h"
#include "metric.h"
#include "planner/planner.h"
#include "work.h"

struct demo_measure {
  const struct demo_row *row;
  struct demo_work works[DEMO_MAX_JOBS];
  struct trine_plan plans[DEMO_MAX_JOBS]; /* where the works are placed */
  struct demo_device device;
  struct demo_result *result;
  struct trine_error error;
  demo_progress progress;
  void *context;
  uint64_t steps, expected_cycles; /* of all runs of the row */
};

static void report_progress(void *context, uint64_t cycles) {
  const struct demo_measure *measure = context;
  const uint64_t expected = measure->expected_cycles > 0 ? measure->expected_cycles : 1;
  const uint64_t done = cycles < expected ? cycles : expected;
  const double share = (double)done / (double)expected;
  measure->progress(measure->context, (uint64_t)(share * (double)measure->steps), measure->steps);
}

/* Whether a job has to be run alone too, to know what it takes. */
static bool needs_alone(const struct demo_measure *measure, uint32_t n) {
  return measure->row->job_count > 1 && demo_row_alone(measure->works[n].job) == DEMO_NO_ROW;
}

/* The mode of the row, on one core in single; as many copies as the planner finds best. */
static enum trine_status place(struct demo_measure *measure, const struct demo_work *work,
                               struct trine_plan *plan) {
  const enum trine_mode mode = measure->row->mode;
  const struct trine_plan_batch batch = {
      .sequences = work->batch.sequences,
      .lengths = work->batch.lengths,
      .is_kept = work->batch.state_in != NULL || work->batch.state_out != NULL};
  return trine_plan_mode(trine_get_target(measure->device.trine), work->network, mode,
                         mode == TRINE_MODE_SINGLE ? 1 : DEMO_CORES, &batch, plan,
                         trine_error_of(measure->device.trine));
}

/* What the progress will be compared with. */
static bool expect(struct demo_measure *measure) {
  uint64_t longest = 0;
  for (uint32_t n = 0; n < measure->row->job_count; n++) {
    const struct demo_work *work = &measure->works[n];
    struct trine_plan *plan = &measure->plans[n];
    const enum trine_status status = place(measure, work, plan);
    if (status != TRINE_OK) {
      demo_device_error(&measure->device, status, &measure->error);
      return false;
    }
    const uint64_t cycles = plan->forecast.cycles;
    const uint32_t runs = needs_alone(measure, n) ? 2 : 1;
    longest = cycles > longest ? cycles : longest;
    measure->expected_cycles += (runs - 1) * cycles;
    measure->steps += runs * work->total_steps;
  }
  measure->expected_cycles += longest;
  return true;
}

/* Jobs of works [first, first + count), each of several on a core of its own; started together. */
static enum trine_status run_jobs(struct demo_measure *measure, uint32_t first, uint32_t count,
                                  struct trine_stats stats[DEMO_MAX_JOBS]) {
  struct trine *trine = measure->device.trine;
  struct trine_job *jobs[DEMO_MAX_JOBS] = {NULL};
  const struct trine_batch *batches[DEMO_MAX_JOBS] = {NULL};
  void *memory[DEMO_MAX_JOBS] = {NULL};
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    const struct demo_work *work = &measure->works[first + n];
    const bool single = measure->row->mode == TRINE_MODE_SINGLE;
    const struct trine_job_options options = {.placement = &measure->plans[first + n].placement,
                                              .core_mask = single ? UINT32_C(1) << n : 0};
    const size_t bytes = trine_job_sizeof(trine, work->network);
    batches[n] = &work->batch;
    memory[n] = malloc(bytes);
    status = memory[n] == NULL
                 ? TRINE_ERR_MEMORY
                 : trine_job_create(trine, work->network, &options, memory[n], bytes, &jobs[n]);
  }
  if (status == TRINE_OK) {
    status = trine_jobs_start(jobs, batches, count);
  }
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    status = trine_job_wait(jobs[n]);
    if (status == TRINE_OK) {
      stats[n] = *trine_job_stats(jobs[n]);
    }
  }
  if (status != TRINE_OK) {
    demo_device_error(&measure->device, status, &measure->error);
  }
  for (uint32_t n = 0; n < count; n++) {
    trine_job_destroy(jobs[n]);
    free(memory[n]);
  }
  return status;
}

static bool run_alone(struct demo_measure *measure) {
  for (uint32_t n = 0; n < measure->row->job_count; n++) {
    struct trine_stats stats[DEMO_MAX_JOBS];
    if (!needs_alone(measure, n)) {
      continue;
    }
    if (run_jobs(measure, n, 1, stats) != TRINE_OK) {
      return false;
    }
    measure->result->alone_cycles[n] = stats[0].cycles;
  }
  return true;
}

/* What the first runs wrote is not to pass for what the row's own run should write. */
static void forget_outputs(struct demo_measure *measure) {
  for (uint32_t n = 0; n < measure->row->job_count; n++) {
    const struct demo_work *work = &measure->works[n];
    memset(work->output, 0, work->batch.sequences * work->batch.output_batch_stride);
    for (uint32_t i = 0; i < work->network->layer_count; i++) {
      const size_t units = (size_t)work->batch.sequences * work->network->layers[i].units;
      if (work->state[i].h != NULL) {
        memset(work->state[i].h, 0, units * sizeof *work->state[i].h);
        memset(work->state[i].c, 0, units * sizeof *work->state[i].c);
      }
    }
  }
}

static bool run_row(struct demo_measure *measure) {
  struct trine_stats stats[DEMO_MAX_JOBS];
  struct demo_result *result = measure->result;
  const struct trine_info *info = trine_get_info(measure->device.trine);
  forget_outputs(measure);
  if (run_jobs(measure, 0, measure->row->job_count, stats) != TRINE_OK) {
    return false;
  }
  result->macs_per_core = info->lanes * info->macs_per_lane;
  result->cut = demo_bound(info, measure->works[0].network, measure->works[0].total_steps);
  uint64_t limits = 0; /* in cycles of one core */
  for (uint32_t n = 0; n < measure->row->job_count; n++) {
    result->cycles = stats[n].cycles > result->cycles ? stats[n].cycles : result->cycles;
    result->cores += stats[n].cores;
    limits += stats[n].limit_cycles * stats[n].cores;
  }
  result->limit_cycles = (limits + result->cores - 1) / result->cores;
  return true;
}

static bool compare(struct demo_measure *measure) {
  struct demo_result *result = measure->result;
  struct demo_metric metrics[DEMO_MAX_JOBS];
  result->exact = true;
  for (uint32_t n = 0; n < measure->row->job_count; n++) {
    const struct demo_work *work = &measure->works[n];
    struct trine_error difference = {""};
    bool exact = false;
    if (!demo_work_compare(work, &exact, &result->values, &difference, &measure->error) ||
        !demo_metric(work, &metrics[n], &measure->error)) {
      return false;
    }
    if (!exact && result->exact) {
      (void)snprintf(result->difference, sizeof result->difference, "%.*s",
                     (int)sizeof result->difference - 1, difference.text);
    }
    result->exact = result->exact && exact;
  }
  demo_metric_text(metrics, measure->row->job_count, result->metric, sizeof result->metric);
  return true;
}

static bool load(struct demo_measure *measure, const char *folder) {
  struct demo_result *result = measure->result;
  result->narrowest = UINT32_MAX;
  for (uint32_t n = 0; n < measure->row->job_count; n++) {
    struct demo_work *work = &measure->works[n];
    if (!demo_work_load(measure->row->jobs[n], folder, work, &measure->error)) {
      return false;
    }
    for (uint32_t i = 0; i < work->network->layer_count; i++) {
      const struct trine_layer *layer = &work->network->layers[i];
      if (layer->kind == TRINE_LAYER_LSTM && layer->units < result->narrowest) {
        result->narrowest = layer->units;
      }
    }
  }
  return true;
}

void demo_measure(const struct demo_row *row, const char *folder, demo_progress progress,
                  void *context, struct demo_result *result) {
  struct demo_measure measure = {
      .row = row, .result = result, .progress = progress, .context = context};
  struct timespec start, end;
  *result = (struct demo_result){.exact = false};
  (void)clock_gettime(CLOCK_MONOTONIC, &start);
  const bool good = load(&measure, folder) &&
                    demo_device_open(&measure.device, report_progress, &measure, &measure.error) &&
                    expect(&measure) && run_alone(&measure) && run_row(&measure) &&
                    compare(&measure);
  (void)clock_gettime(CLOCK_MONOTONIC, &end);
  result->seconds =
      (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
  if (!good) {
    (void)snprintf(result->error, sizeof result->error, "%s",
                   measure.error.text[0] != '\0' ? measure.error.text : "The row failed.");
  }
  demo_device_close(&measure.device);
  for (uint32_t n = 0; n < row->job_count; n++) {
    demo_work_free(&measure.works[n]);
  }
}
