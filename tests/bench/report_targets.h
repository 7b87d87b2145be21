/* SPDX-License-Identifier: Apache-2.0 */
/* report_targets: the table of targets: what was wanted, what was measured, and by which cause the
 * rest was lost. */
#ifndef TRINE_REPORT_TARGETS_H
#define TRINE_REPORT_TARGETS_H

#include <stdio.h>

#include "results.h"

/* Writes the table and the list of rows that miss; returns how many targets are not met, those
 * without a row included. */
unsigned report_targets(FILE *out, const struct bench_results *results);

#endif
