/* SPDX-License-Identifier: Apache-2.0 */
/* jobs: what the width of the bus does to several jobs that share it. */
#ifndef TRINE_SIZING_JOBS_H
#define TRINE_SIZING_JOBS_H

#include <stdbool.h>
#include <stdio.h>

#include "io/error.h"

/* A table of forecasts: eight equal jobs, each on one core of 8x8x4 with single placement, on buses
 * of 4, 8 and 16 bytes, and one such job alone. folder: of the models. */
bool sizing_table_jobs(FILE *out, const char *folder, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
