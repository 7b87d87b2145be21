/* SPDX-License-Identifier: Apache-2.0 */
/* measure: one row on the simulated accelerator, see measure.h. */
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "describe.h"
#include "device.h"
#include "planner/forecast.h"
#include "planner/planner.h"
#include "work.h"

enum { MAX_JOBS = 8, RUNS = 2, MAX_CONFIGS = 2 };

struct bench_measure {
  const struct bench_row *row;
  struct bench_work *work;
  const struct bench_wave *wave; /* NULL: none */
  struct bench_device device;
  struct trine_job *jobs[MAX_JOBS];
  void *memory[MAX_JOBS];
  int8_t *outputs[MAX_JOBS];
  struct trine_batch batches[MAX_JOBS];
  uint32_t job_count;
  struct trine_stats stats[RUNS][MAX_JOBS]; /* cold, warm */
  bool exact;
  uint64_t values;
  struct trine_error error;
};

/* The configurations a row is tried on, NULL after the last. */
static void configs_of(const struct bench_row *row, const char *configs[MAX_CONFIGS + 1]) {
  configs[1] = configs[2] = NULL;
  if (row->machine == BENCH_BIG) {
    configs[0] = "big";
    return;
  }
  /* Cores that a row has no use for would be simulated all the same: chips of fewer. */
  static const char *const chips[][2] = {
      {"duo", "octo-xl-1"}, {"duo", "octo-xl-2"}, {"quad", "octo-xl-4"}, {"octo", "octo-xl"}};
  uint32_t at;
  if (row->cores == 1) {
    at = 0;
  } else if (row->cores == 2) {
    at = 1;
  } else if (row->cores <= 4) {
    at = 2;
  } else {
    at = 3;
  }
  configs[0] = chips[at][0];
  configs[1] = chips[at][1];
}

const char *bench_first_config(const struct bench_row *row) {
  const char *configs[MAX_CONFIGS + 1];
  configs_of(row, configs);
  return configs[0];
}

double bench_expected_cycles(const struct bench_catalogue *catalogue, const struct bench_row *row) {
  const struct bench_case *what = &catalogue->cases[row->case_index];
  double weights = what->model != NULL ? 1e5 : 0, largest = 0;
  uint32_t inputs = what->inputs;
  for (uint32_t n = 0; n < what->lstm_count; n++) {
    const double layer = (double)TRINE_GATES * what->units[n] * (inputs + what->units[n]);
    largest = layer > largest ? layer : largest;
    weights += layer;
    inputs = what->units[n];
  }
  const double macs = row->machine == BENCH_BIG ? 512 : 64, bytes_a_beat = 8;
  double step = weights / macs;
  if (row->mode == BENCH_MULTITHREADING) {
    step = step / row->cores > largest / macs ? step / row->cores : largest / macs;
  } else if (row->mode != BENCH_SINGLE && row->mode != BENCH_MULTIPROGRAMMING) {
    step /= row->cores;
  }
  const double jobs = row->mode == BENCH_MULTIPROGRAMMING ? row->cores : 1;
  return RUNS * step * what->steps * what->sequences + jobs * weights / bytes_a_beat;
}

/* The batch as the planner wants it. */
static struct trine_plan_batch plan_batch(const struct bench_measure *measure, bool is_resident) {
  const struct trine_plan_batch batch = {.sequences = measure->work->what->sequences,
                                         .lengths = measure->work->lengths,
                                         .is_resident = is_resident};
  return batch;
}

/* What the planner finds best in the row's mode, or in all modes. */
static enum trine_status place(const struct bench_measure *measure,
                               struct trine_placement *placement) {
  const struct bench_row *row = measure->row;
  const struct trine_network *network = measure->work->network;
  const struct trine_plan_batch batch = plan_batch(measure, true);
  const bool alone = row->mode == BENCH_MULTIPROGRAMMING;
  const enum trine_mode mode = alone ? TRINE_MODE_SINGLE : (enum trine_mode)row->mode;
  struct trine *trine = measure->device.trine;
  struct trine_plan plan;
  enum trine_status status;
  if (row->mode == BENCH_AUTO) {
    status = trine_plan_best(trine_get_target(trine), network, row->cores, &batch, &plan,
                             trine_error_of(trine));
  } else {
    status = trine_plan_mode(trine_get_target(trine), network, mode, alone ? 1 : row->cores, &batch,
                             &plan, trine_error_of(trine));
  }
  if (status == TRINE_OK) {
    *placement = plan.placement;
  }
  return status;
}

static enum trine_status make_job(struct bench_measure *measure, uint32_t n) {
  struct trine *trine = measure->device.trine;
  const struct trine_network *network = measure->work->network;
  struct trine_placement placement;
  const enum trine_status placed = place(measure, &placement);
  if (placed != TRINE_OK) {
    return placed;
  }
  const struct trine_job_options options = {
      .mode = placement.mode,
      .placement = &placement,
      .core_mask = measure->row->mode == BENCH_MULTIPROGRAMMING ? UINT32_C(1) << n : 0,
      .timeout_ms = 10 * 60 * 1000};
  const size_t bytes = trine_job_sizeof(trine, network);
  measure->memory[n] = malloc(bytes);
  measure->outputs[n] = malloc(measure->work->output_bytes);
  if (measure->memory[n] == NULL || measure->outputs[n] == NULL) {
    return TRINE_ERR_MEMORY;
  }
  measure->batches[n] = measure->work->batch;
  measure->batches[n].output = measure->outputs[n];
  return trine_job_create(trine, network, &options, measure->memory[n], bytes, &measure->jobs[n]);
}

/* Compares and forgets the outputs: what one run wrote is not to pass for the next one's. */
static void compare(struct bench_measure *measure) {
  const int8_t *golden = measure->work->golden;
  for (uint32_t n = 0; n < measure->job_count; n++) {
    for (uint64_t i = 0; i < measure->work->output_bytes; i++) {
      measure->exact = measure->exact && measure->outputs[n][i] == golden[i];
      measure->outputs[n][i] = (int8_t)~golden[i];
    }
    measure->values += measure->work->output_bytes;
  }
}

static bool start_wave(const struct bench_measure *measure) {
  const struct bench_wave *wave = measure->wave;
  return wave == NULL ||
         bench_device_trace(&measure->device, wave->path,
                            wave->from_start ? 0 : measure->stats[0][0].cycles / 2, wave->cycles);
}

static enum trine_status make_jobs(struct bench_measure *measure) {
  enum trine_status status = TRINE_OK;
  measure->job_count = measure->row->mode == BENCH_MULTIPROGRAMMING ? measure->row->cores : 1;
  for (uint32_t n = 0; n < measure->job_count && status == TRINE_OK; n++) {
    status = make_job(measure, n);
    for (uint64_t i = 0; status == TRINE_OK && i < measure->work->output_bytes; i++) {
      measure->outputs[n][i] = (int8_t)~measure->work->golden[i];
    }
  }
  if (status != TRINE_OK) {
    bench_device_error(&measure->device, status, &measure->error);
  }
  return status;
}

static enum trine_status run_all(struct bench_measure *measure) {
  enum trine_status status = TRINE_OK;
  measure->exact = true;
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    const struct trine_batch *batches[MAX_JOBS];
    for (uint32_t n = 0; n < measure->job_count; n++) {
      batches[n] = &measure->batches[n];
    }
    if (run == 1 && !start_wave(measure)) {
      return TRINE_ERR_BUS;
    }
    status = trine_jobs_start(measure->jobs, batches, measure->job_count);
    for (uint32_t n = 0; n < measure->job_count && status == TRINE_OK; n++) {
      status = trine_job_wait(measure->jobs[n]);
      measure->stats[run][n] = *trine_job_stats(measure->jobs[n]);
    }
    if (status == TRINE_OK) {
      compare(measure);
    }
  }
  if (status != TRINE_OK) {
    bench_device_error(&measure->device, status, &measure->error);
  }
  return status;
}

/* What the planner expects of the runs; of several jobs the longest. A run without a forecast,
 * which ends after so many cycles (docs/planner.md), has none of the two fields. */
static enum trine_status predict(const struct bench_measure *measure, cJSON *object) {
  static const char *const names[RUNS] = {"cold", "warm"};
  const struct trine_network *network = measure->work->network;
  enum trine_status status = TRINE_OK;
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    const struct trine_plan_batch batch = plan_batch(measure, run == 1);
    struct trine_forecast_job jobs[MAX_JOBS];
    struct trine_forecast forecasts[MAX_JOBS];
    uint64_t cycles = 0, loads = 0;
    for (uint32_t n = 0; n < measure->job_count; n++) {
      jobs[n] = (struct trine_forecast_job){network, trine_job_placement(measure->jobs[n]), &batch};
    }
    status =
        measure->job_count == 1
            ? trine_forecast(trine_get_target(measure->device.trine), network, jobs[0].placement,
                             &batch, forecasts, trine_error_of(measure->device.trine))
            : trine_forecast_together(trine_get_target(measure->device.trine), jobs,
                                      measure->job_count, forecasts,
                                      trine_error_of(measure->device.trine));
    for (uint32_t n = 0; n < measure->job_count && status == TRINE_OK; n++) {
      cycles = forecasts[n].cycles > cycles ? forecasts[n].cycles : cycles;
      loads = forecasts[n].load_cycles > loads ? forecasts[n].load_cycles : loads;
    }
    if (status == TRINE_OK && cycles != TRINE_NO_FORECAST) {
      cJSON *into = cJSON_GetObjectItem(object, names[run]);
      cJSON_AddNumberToObject(into, "predicted_cycles", (double)cycles);
      cJSON_AddNumberToObject(into, "predicted_load_cycles", (double)loads);
    }
  }
  return status;
}

static void drop_jobs(struct bench_measure *measure) {
  for (uint32_t n = 0; n < MAX_JOBS; n++) {
    trine_job_destroy(measure->jobs[n]);
    free(measure->memory[n]);
    free(measure->outputs[n]);
    measure->jobs[n] = NULL;
    measure->memory[n] = NULL;
    measure->outputs[n] = NULL;
  }
  bench_device_close(&measure->device);
}

/* What is known before it runs. */
static void describe_jobs(const struct bench_measure *measure, const char *config, cJSON *object) {
  const struct trine_info *info = trine_get_info(measure->device.trine);
  const struct trine_placement *placement = trine_job_placement(measure->jobs[0]);
  cJSON_AddStringToObject(object, "config", config);
  cJSON_AddNumberToObject(object, "macs_per_core", info->lanes * info->macs_per_lane);
  cJSON_AddStringToObject(object, "placed", bench_mode_name((enum bench_mode)placement->mode));
  describe_placement(object, measure->work->network, placement);
}

/* Takes the results of a row that is known and did the same, if there is one. */
static bool take_twin(const struct bench_measure *measure, const struct bench_known *known,
                      cJSON *object) {
  const cJSON *twin = measure->job_count > 1 || measure->wave != NULL || known->results == NULL
                          ? NULL
                          : bench_results_twin(known->results, object, known->inputs);
  if (twin == NULL) {
    return false;
  }
  static const char *const taken[] = {"cores",         "cold",         "warm",       "shape_cycles",
                                      "not_predicted", "whole_cycles", "cut_cycles", "exact"};
  for (size_t n = 0; n < sizeof taken / sizeof taken[0]; n++) {
    cJSON *item = cJSON_GetObjectItem(twin, taken[n]);
    if (item != NULL) {
      cJSON_AddItemToObject(object, taken[n], cJSON_Duplicate(item, true));
    }
  }
  cJSON_AddStringToObject(object, "same_as", bench_text(twin, "key"));
  return true;
}

static void describe(const struct bench_measure *measure, cJSON *object) {
  const struct trine_info *info = trine_get_info(measure->device.trine);
  const uint32_t macs = info->lanes * info->macs_per_lane;
  const struct trine_placement *placement = trine_job_placement(measure->jobs[0]);
  const struct bench_case *what = measure->work->what;
  cJSON_AddNumberToObject(object, "cores", measure->job_count * measure->stats[0][0].cores);
  describe_run(cJSON_AddObjectToObject(object, "cold"), info, measure->stats[0],
               measure->job_count);
  describe_run(cJSON_AddObjectToObject(object, "warm"), info, measure->stats[1],
               measure->job_count);
  const uint64_t step = trine_step_cycles(measure->device.trine, measure->work->network, placement);
  cJSON_AddNumberToObject(object, "shape_cycles", (double)(step * what->steps * what->sequences));
  if (predict(measure, object) != TRINE_OK) {
    cJSON_AddStringToObject(object, "not_predicted", trine_last_error(measure->device.trine));
  }
  cJSON_AddNumberToObject(object, "whole_cycles", bench_whole_cycles(measure->work, macs));
  cJSON_AddNumberToObject(object, "cut_cycles",
                          bench_cut_cycles(measure->work, macs, measure->stats[0][0].cores));
  cJSON_AddBoolToObject(object, "exact", measure->exact);
  cJSON_AddNumberToObject(object, "values_compared", (double)measure->values);
  cJSON_AddNumberToObject(object, "simulated_cycles",
                          (double)bench_device_cycles(&measure->device));
}

static double seconds_since(const struct timespec *start) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* On the first configuration it fits; "too_big_for" says which it did not. */
static void try_configs(struct bench_measure *measure, const struct bench_known *known,
                        cJSON *object) {
  const char *configs[MAX_CONFIGS + 1];
  configs_of(measure->row, configs);
  enum trine_status status = TRINE_ERR_LIMIT;
  for (uint32_t n = 0; configs[n] != NULL && status == TRINE_ERR_LIMIT; n++) {
    if (n > 0) {
      cJSON_AddStringToObject(object, "too_big_for", configs[n - 1]);
      cJSON_AddStringToObject(object, "because", measure->error.text);
    }
    struct timespec start;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    status = bench_device_open(&measure->device, configs[n], &measure->error) ? make_jobs(measure)
                                                                              : TRINE_ERR_BUS;
    if (status == TRINE_OK) {
      describe_jobs(measure, configs[n], object);
      if (!take_twin(measure, known, object)) {
        status = run_all(measure);
        if (status == TRINE_OK) {
          describe(measure, object);
          cJSON_AddNumberToObject(object, "seconds", seconds_since(&start));
        }
      }
    }
    drop_jobs(measure);
  }
  if (status != TRINE_OK) {
    cJSON_AddStringToObject(object, "error", measure->error.text);
    cJSON_AddBoolToObject(object, "does_not_fit", status == TRINE_ERR_LIMIT);
  }
}

cJSON *bench_measure(const struct bench_catalogue *catalogue, const struct bench_row *row,
                     const struct bench_known *known, const struct bench_wave *wave) {
  const struct bench_case *what = &catalogue->cases[row->case_index];
  char key[BENCH_KEY_BYTES];
  struct bench_work *work = calloc(1, sizeof *work);
  cJSON *object = cJSON_CreateObject();
  if (work == NULL || object == NULL) {
    free(work);
    cJSON_Delete(object);
    return NULL;
  }
  struct bench_measure measure = {.row = row, .work = work, .wave = wave};
  bench_row_key(catalogue, row, key);
  cJSON_AddStringToObject(object, "key", key);
  cJSON_AddStringToObject(object, "set", bench_set_name(what->set));
  cJSON_AddStringToObject(object, "network", what->name);
  cJSON_AddNumberToObject(object, "steps", what->steps);
  cJSON_AddNumberToObject(object, "batch", what->sequences);
  cJSON_AddStringToObject(object, "mode", bench_mode_name(row->mode));
  cJSON_AddNumberToObject(object, "asked_cores", row->cores);
  cJSON_AddBoolToObject(object, "is_target", row->is_target);
  if (bench_work_load(what, known->models, work, &measure.error)) {
    describe_layers(object, work->network);
    cJSON_AddNumberToObject(object, "golden_macs", (double)work->macs);
    try_configs(&measure, known, object);
  } else {
    cJSON_AddStringToObject(object, "error", measure.error.text);
  }
  bench_work_free(work);
  free(work);
  return object;
}
