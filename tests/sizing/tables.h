/* SPDX-License-Identifier: Apache-2.0 */
/* tables: the tables and the plot of docs/sizing.md, from the forecasts. */
#ifndef TRINE_SIZING_TABLES_H
#define TRINE_SIZING_TABLES_H

#include <stdio.h>

#include "area.h"
#include "results.h"

/* For each network and budget: the fastest shape, the one with the fewest multipliers that takes
 * at most 2 % longer, and what the present shape loses; with thousands of cells by the model. */
void sizing_table_budgets(FILE *out, const struct sizing_results *results,
                          const struct sizing_area_model *model);

/* Shapes of a core with the present tail and bus, over all networks, budget by budget. */
void sizing_table_shapes(FILE *out, const struct sizing_results *results);

/* All shapes of a core of 64 MACs, over 1, 2, 4 and 8 of them, network by network. */
void sizing_table_cores(FILE *out, const struct sizing_results *results,
                        const struct sizing_area_model *model);

/* Cycles against multipliers of all shapes, a panel a network (SVG). */
void sizing_plot(FILE *out, const struct sizing_results *results);

/* The fewest cycles of a network within a budget of MACs; of those that take at most `slack` times
 * as long, the one with the fewest multipliers. NULL when nothing fits. */
const struct sizing_result *sizing_best(const struct sizing_results *results, uint32_t network,
                                        uint32_t macs, double slack);

#endif
