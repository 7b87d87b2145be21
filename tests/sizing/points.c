/* SPDX-License-Identifier: Apache-2.0 */
/* points: see points.h. */
#include "points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/device.h"
#include "bench/work.h"
#include "networks.h"
#include "planner/planner.h"

enum { RUNS = 2, TIMEOUT_MS = 600000 };

static const double most_off = 0.02;

struct point {
  const char *config;
  uint32_t network;
  struct sizing_shape shape;
};

/* Far apart: cores from small to large, each width of tail and bus. */
static const struct point points[] = {
    {"sizing-1", 0, {1, 16, 4, 4, 8, 16}},  {"sizing-2", 1, {4, 4, 4, 4, 16, 16}},
    {"sizing-3", 6, {2, 8, 16, 2, 4, 16}},  {"sizing-4", 0, {4, 4, 16, 4, 16, 16}},
    {"sizing-5", 5, {1, 16, 16, 1, 8, 16}},
};
enum { POINTS = sizeof points / sizeof points[0] };

bool sizing_list_points(FILE *out, struct trine_error *error) {
  for (uint32_t n = 0; n < POINTS; n++) {
    struct trine_config_row config;
    if (!sizing_config(&points[n].shape, "duo", points[n].config, &config)) {
      trine_error_set(error, "There is no configuration duo.");
      return false;
    }
    (void)fprintf(out, "%s Cores=%u Lanes=%u MacsPerLane=%u TailRows=%u BusBytes=%u MemBytes=%u\n",
                  config.name, config.cores, config.lanes, config.macs_per_lane, config.tail_rows,
                  config.bus_bytes, config.mem_bytes);
  }
  return true;
}

/* A point while it is measured. */
struct trial {
  const struct point *point;
  struct bench_work work;
  struct bench_device device;
  struct trine_plan plan;
  struct trine_stats stats;
  int8_t *output;
  bool is_exact;
};

static enum trine_status run_job(struct trial *trial) {
  struct trine *trine = trial->device.trine;
  const struct trine_network *network = trial->work.network;
  const struct trine_job_options options = {.mode = trial->plan.placement.mode,
                                            .cores = trial->plan.placement.ranks,
                                            .placement = &trial->plan.placement,
                                            .timeout_ms = TIMEOUT_MS};
  const size_t bytes = trine_job_sizeof(trine, network);
  void *memory = malloc(bytes);
  struct trine_job *job = NULL;
  struct trine_batch batch = trial->work.batch;
  batch.output = trial->output;
  enum trine_status status = memory == NULL
                                 ? TRINE_ERR_MEMORY
                                 : trine_job_create(trine, network, &options, memory, bytes, &job);
  trial->is_exact = true;
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    for (uint64_t n = 0; n < trial->work.output_bytes; n++) {
      trial->output[n] = (int8_t)~trial->work.golden[n]; /* wrong until it is computed */
    }
    status = trine_job_run(job, &batch);
    trial->stats = *trine_job_stats(job);
    trial->is_exact =
        trial->is_exact && memcmp(trial->output, trial->work.golden, trial->work.output_bytes) == 0;
  }
  trine_job_destroy(job);
  free(memory);
  return status;
}

static bool run_trial(struct trial *trial, const char *folder, struct trine_error *error) {
  const struct point *point = trial->point;
  if (!bench_work_load(&sizing_networks[point->network], folder, &trial->work, error) ||
      !bench_device_open(&trial->device, point->config, error)) {
    return false;
  }
  const struct trine_plan_batch batch = {.sequences = trial->work.what->sequences,
                                         .lengths = trial->work.lengths,
                                         .is_resident = true};
  trial->output = malloc(trial->work.output_bytes);
  enum trine_status status =
      trial->output == NULL ? TRINE_ERR_MEMORY
                            : trine_plan_best(trine_get_target(trial->device.trine),
                                              trial->work.network, point->shape.cores, &batch,
                                              &trial->plan, trine_error_of(trial->device.trine));
  if (status == TRINE_OK) {
    status = run_job(trial);
  }
  if (status != TRINE_OK) {
    bench_device_error(&trial->device, status, error);
  }
  return status == TRINE_OK;
}

/* Whether the point is as it was forecast. */
static bool print_trial(FILE *out, const struct trial *trial,
                        const struct sizing_results *results) {
  const struct point *point = trial->point;
  const struct sizing_result *forecast = sizing_find(results, point->network, &point->shape);
  const struct trine_placement *placement = &trial->plan.placement;
  char name[SIZING_NAME_BYTES];
  sizing_name(&point->shape, name);
  if (forecast == NULL || forecast->cycles == 0) {
    (void)fprintf(out, "| %s | %s | not among the forecasts |\n", trial->work.what->name, name);
    return false;
  }
  const double off = (double)forecast->cycles / (double)trial->stats.cycles - 1;
  (void)fprintf(
      out, "| %s | %s | %s on %u | %llu | %llu | %+.2f %% | %llu | %s |\n", trial->work.what->name,
      name, bench_mode_name((enum bench_mode)placement->mode), placement->ranks,
      (unsigned long long)forecast->cycles, (unsigned long long)trial->stats.cycles, 100 * off,
      (unsigned long long)(RUNS * trial->work.output_bytes), trial->is_exact ? "yes" : "**no**");
  return fabs(off) <= most_off && trial->is_exact;
}

bool sizing_measure(FILE *out, const struct sizing_results *results, const char *folder,
                    struct trine_error *error) {
  bool good = true;
  struct trial *trial = malloc(sizeof *trial);
  if (trial == NULL) {
    trine_error_set(error, "There is no memory for a trial.");
    return false;
  }
  (void)fprintf(out,
                "| network | cores | placement | predicted cycles | measured | off "
                "| values compared | exact |\n|---|---|---|---:|---:|---:|---:|---|\n");
  for (uint32_t n = 0; n < POINTS && good; n++) {
    *trial = (struct trial){.point = &points[n]};
    good = run_trial(trial, folder, error);
    if (good && !print_trial(out, trial, results)) {
      trine_error_set(error, "%s on %s is not as forecast.", trial->work.what->name,
                      points[n].config);
      good = false;
    }
    free(trial->output);
    bench_device_close(&trial->device);
    bench_work_free(&trial->work);
  }
  free(trial);
  return good;
}
