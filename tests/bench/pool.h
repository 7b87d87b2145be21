/* SPDX-License-Identifier: Apache-2.0 */
/* pool: runs rows in processes of their own, several at a time, and says how far it is. */
#ifndef TRINE_BENCH_POOL_H
#define TRINE_BENCH_POOL_H

#include <cjson/cJSON.h>

#include "cases.h"
#include "measure.h"

struct bench_pool {
  const struct bench_catalogue *catalogue;
  struct bench_known known;
  const uint32_t *wanted; /* rows to run, in this order */
  uint32_t count;
  void (*finish)(void *context, cJSON *row); /* the row is the callee's then */
  void *context;
};

/* Runs all; prints a line a row with the time that is left. A process that dies leaves a row with
 * an error. */
void bench_pool_run(const struct bench_pool *pool, uint32_t processes);

#endif
