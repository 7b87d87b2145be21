/* SPDX-License-Identifier: Apache-2.0 */
/* measure: runs one row of the benchmark twice, cold and warm, and compares both with the golden
 * model. */
#ifndef TRINE_BENCH_MEASURE_H
#define TRINE_BENCH_MEASURE_H

#include <cjson/cJSON.h>

#include "cases.h"
#include "results.h"

/* A waveform of the warm run. */
struct bench_wave {
  const char *path; /* .fst */
  bool from_start;  /* else from its middle on */
  uint64_t cycles;
};

/* What there is to measure with: the folder of models, and rows that were run before. */
struct bench_known {
  const char *models;
  const struct bench_results *results; /* NULL: none, so the row is simulated whatever was */
  const char *inputs;                  /* of what rows count */
};

/* The row as a JSON object, the caller's to delete; NULL without memory. What docs/performance.md
 * says of the fields holds; where the row could not be run it has "error" with the sentence instead
 * of results. One that is placed as a row that is known takes its results, says "same_as" and is
 * not simulated. wave: NULL for none. */
cJSON *bench_measure(const struct bench_catalogue *catalogue, const struct bench_row *row,
                     const struct bench_known *known, const struct bench_wave *wave);

/* About the cycles to be simulated, for the time that is left. */
double bench_expected_cycles(const struct bench_catalogue *catalogue, const struct bench_row *row);

/* The configuration that is tried first. */
const char *bench_first_config(const struct bench_row *row);

#endif
