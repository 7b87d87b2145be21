/* SPDX-License-Identifier: Apache-2.0 */
/* measure: runs one row of the benchmark twice, cold and warm, and compares both with the golden
 * model. */
#ifndef TRINE_BENCH_MEASURE_H
#define TRINE_BENCH_MEASURE_H

#include <cjson/cJSON.h>

#include "cases.h"

/* The row as a JSON object, the caller's to delete; NULL without memory. What docs/performance.md
 * says of the fields holds; where the row could not be run it has "error" with the sentence instead
 * of results. folder: of the models. */
cJSON *bench_measure(const struct bench_catalogue *catalogue, const struct bench_row *row,
                     const char *folder);

/* About the cycles to be simulated, for the time that is left. */
double bench_expected_cycles(const struct bench_catalogue *catalogue, const struct bench_row *row);

/* The configuration that is tried first. */
const char *bench_first_config(const struct bench_row *row);

#endif
