/* SPDX-License-Identifier: Apache-2.0 */
/* results: the rows of bench.json: kept over interruptions, replaced as they are run again. */
#ifndef TRINE_BENCH_RESULTS_H
#define TRINE_BENCH_RESULTS_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "io/error.h"

struct bench_results {
  const char *path;
  cJSON *rows; /* array of row objects, see measure.h */
  long wanted; /* rows of the whole benchmark, for the page; 0: not said */
};

/* Reads the file; one that is missing has no rows. False when it is there and is not what
 * bench_results_add writes. To be given to bench_results_free in any case. */
bool bench_results_load(const char *path, struct bench_results *results, struct trine_error *error)
    __attribute__((warn_unused_result));
void bench_results_free(struct bench_results *results);

/* The row with this key, or NULL. */
const cJSON *bench_results_find(const struct bench_results *results, const char *key);

/* An exact row of these inputs that did the same: of row's network, steps, batch and configuration,
 * placed alike, one job. The chip has no other input than these (MODE changes nothing of a run, as
 * `make errors` shows), so it has the same cycles. NULL: there is none. */
const cJSON *bench_results_twin(const struct bench_results *results, const cJSON *row,
                                const char *inputs);

/* Puts a row, which becomes theirs, in the place of the one with its key, works out the speed-ups
 * of its network's rows anew, and writes the file as a whole or not at all. */
bool bench_results_add(struct bench_results *results, cJSON *row, struct trine_error *error)
    __attribute__((warn_unused_result));

/* A field of a row as a number (0 when it is not there) or a text ("" likewise). A dot goes into an
 * object: "warm.cycles". */
double bench_number(const cJSON *row, const char *name);
const char *bench_text(const cJSON *row, const char *name);

/* The row in mode single on one core of the same size with the same network, steps and batch; NULL
 * when it was not run or did not fit. */
const cJSON *bench_results_single(const struct bench_results *results, const cJSON *row);

#endif
