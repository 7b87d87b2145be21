/* SPDX-License-Identifier: Apache-2.0 */
/* report_tables: the tables of docs/performance.md. */
#ifndef TRINE_REPORT_TABLES_H
#define TRINE_REPORT_TABLES_H

#include <stdio.h>

#include "results.h"

/* One line a network with its steps and sequences, of one set ("models", ...): cycles and
 * utilisation of one core, and the speed-up (or, where no single core of this size holds the
 * network, the utilisation) of every mode on 2, 4 and 8 cores of 64 MACs. */
void report_modes(FILE *out, const struct bench_results *results, const char *set);

/* The rows on cores of 512 MACs. */
void report_big(FILE *out, const struct bench_results *results);

/* Jobs side by side. */
void report_jobs(FILE *out, const struct bench_results *results);

/* Loading the weights beside one run, for one core and for the most cores. */
void report_cold(FILE *out, const struct bench_results *results);

/* What was not run on the configuration tried first, and what nowhere, with the sentence. */
void report_too_big(FILE *out, const struct bench_results *results);

/* Cycles by cause, of the rows whose network begins with the text and that run so many steps. */
void report_lost(FILE *out, const struct bench_results *results, const char *network, int steps);

/* How far the planner is off, cold and warm: how many rows are within 2 %, and the worst. */
void report_predicted(FILE *out, const struct bench_results *results);

#endif
