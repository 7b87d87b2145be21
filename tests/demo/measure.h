/* SPDX-License-Identifier: Apache-2.0 */
/* measure: runs one row of the demo: device, comparison, metric. */
#ifndef TRINE_DEMO_MEASURE_H
#define TRINE_DEMO_MEASURE_H

#include "bound.h"
#include "rows.h"

/* What came of a row; plain bytes, so that it can be sent through a pipe. */
struct demo_result {
  char error[512];      /* why there is nothing else; "" when the row was run and compared */
  char difference[256]; /* the first one, when not exact */
  char metric[64];
  bool exact;
  uint32_t cores, macs_per_core;
  uint32_t narrowest;                   /* units of the smallest LSTM */
  uint64_t cycles;                      /* START to done without LOAD; of two jobs the longer */
  uint64_t limit_cycles;                /* bound of all cores used */
  uint64_t alone_cycles[DEMO_MAX_JOBS]; /* of each job on one core, where measured here, else 0 */
  uint64_t values;                      /* compared */
  struct demo_bound cut;                /* what the best cut of whole layers allows */
  double seconds;
};

/* Called now and then with the time steps done (about: by cycles) and those of the whole row. */
typedef void (*demo_progress)(void *context, uint64_t done, uint64_t steps);

/* Runs the row with the models and data of `folder`. Failures are in the result. */
void demo_measure(const struct demo_row *row, const char *folder, demo_progress progress,
                  void *context, struct demo_result *result);

#endif
