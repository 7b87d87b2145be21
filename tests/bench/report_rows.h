/* SPDX-License-Identifier: Apache-2.0 */
/* report_rows: what the page of the benchmark reads out of its rows. */
#ifndef TRINE_REPORT_ROWS_H
#define TRINE_REPORT_ROWS_H

#include "results.h"

/* Warm figures of a row that was run; all 0 for one that was not. */
struct report_row {
  const cJSON *json;
  const char *network, *mode, *set, *config;
  int steps, batch, asked_cores, cores, macs_per_core;
  int lstms, narrowest, widest, inputs; /* of its LSTM layers; inputs of the first */
  double cycles, limit_cycles, utilisation, speed_up, load_cycles;
  double predicted_cycles; /* by the planner; 0: it has none */
  double shape_cycles;     /* whole row groups and chunks, no wait */
  double cut_bound;        /* of the speed-up, best cut of whole layers */
  bool is_stack;           /* the layers follow each other, in one chain */
  bool is_run;
};

/* Of one row object. */
struct report_row report_read(const cJSON *json);

/* "name, T n" and ", B n" where there is more than one sequence. */
void report_title(const struct report_row *row, char *text, size_t bytes);

/* Where the MAC slots of all its cores went in the warm run, in percent, largest first:
 * "97.1 % products; lost: padding 1.2 %, input 0.9 %". Causes below a tenth are left out. */
void report_causes(const struct report_row *row, char *text, size_t bytes);

/* A number with commas between its thousands; returns text. */
const char *report_count(double value, char text[32]);

#endif
