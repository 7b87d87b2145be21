/* SPDX-License-Identifier: Apache-2.0 */
/* jobs: see jobs.h. */
#include "jobs.h"

#include <stdlib.h>

#include "bench/work.h"
#include "networks.h"
#include "planner/planner.h"
#include "session/config.h"

enum { JOBS = 8, CORE_MACS = 64 };

/* Cycles of the slowest of `count` equal jobs. */
static enum trine_status run_together(const struct trine_target *target,
                                      const struct bench_work *work, uint32_t count,
                                      uint64_t *cycles, struct trine_error *error) {
  const struct trine_plan_batch batch = {
      .sequences = work->what->sequences, .lengths = work->lengths, .is_resident = true};
  struct trine_placement placement;
  struct trine_forecast_job jobs[JOBS];
  struct trine_forecast forecasts[JOBS];
  const struct trine_shape single = {.mode = TRINE_MODE_SINGLE, .cores = 1};
  enum trine_status status = trine_compile_place(target, work->network, &single, &placement, error);
  if (status == TRINE_OK) {
    for (uint32_t n = 0; n < count; n++) {
      jobs[n] = (struct trine_forecast_job){work->network, &placement, &batch};
    }
    status = trine_forecast_together(target, jobs, count, forecasts, error);
  }
  *cycles = 0;
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    *cycles = forecasts[n].cycles > *cycles ? forecasts[n].cycles : *cycles;
  }
  return status;
}

static bool print_jobs(FILE *out, const struct bench_work *work, uint32_t bus_bytes, uint32_t count,
                       struct trine_error *error) {
  struct sizing_shape shape = sizing_present(JOBS * CORE_MACS, SIZING_MEM_BYTES);
  struct trine_config_row config;
  struct trine_target target;
  uint64_t cycles = 0;
  shape.bus_bytes = bus_bytes;
  if (!sizing_config(&shape, "octo-xl", "sizing", &config)) {
    trine_error_set(error, "There is no configuration octo-xl.");
    return false;
  }
  const bool good = trine_config_target(&config, &target, error) == TRINE_OK &&
                    run_together(&target, work, count, &cycles, error) == TRINE_OK;
  (void)fprintf(out, " %llu |", (unsigned long long)cycles);
  return good;
}

bool sizing_table_jobs(FILE *out, const char *folder, struct trine_error *error) {
  struct bench_work *work = malloc(sizeof *work);
  bool good = work != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for a network.");
  }
  (void)fprintf(out,
                "| network | one job, bus 8 | eight, bus 4 | eight, bus 8 | eight, bus 16 |\n"
                "|---|---:|---:|---:|---:|\n");
  for (uint32_t n = 0; n < SIZING_NETWORKS && good; n++) {
    good = bench_work_load(&sizing_networks[n], folder, work, error);
    (void)fprintf(out, "| %s |", sizing_networks[n].name);
    good = good && print_jobs(out, work, 8, 1, error);
    for (uint32_t bus = 4; bus <= 16 && good; bus *= 2) {
      good = print_jobs(out, work, bus, JOBS, error);
    }
    (void)fprintf(out, "\n");
    bench_work_free(work);
  }
  free(work);
  return good;
}
