/* SPDX-License-Identifier: Apache-2.0 */
/* points: forecasts that are checked by simulation, each on a configuration of its own. */
#ifndef TRINE_SIZING_POINTS_H
#define TRINE_SIZING_POINTS_H

#include <stdio.h>

#include "io/error.h"
#include "results.h"

/* One line a point: the name of its configuration, then Field=value for each field in which it
 * differs from `duo`. */
bool sizing_list_points(FILE *out, struct trine_error *error) __attribute__((warn_unused_result));

/* Runs every point on its simulated accelerator, cold and then resident, and writes a table of
 * predicted and measured cycles of the second run. False when an output differs from the golden
 * model's in either run, or a forecast is off by more than 2 %. folder: of the models. */
bool sizing_measure(FILE *out, const struct sizing_results *results, const char *folder,
                    struct trine_error *error) __attribute__((warn_unused_result));

#endif
