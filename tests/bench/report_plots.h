/* SPDX-License-Identifier: Apache-2.0 */
/* report_plots: the plots of docs/performance.md as SVG. */
#ifndef TRINE_REPORT_PLOTS_H
#define TRINE_REPORT_PLOTS_H

#include <stdio.h>

#include "results.h"

/* Speed-up over one core against cores, a panel a mode, some networks each. */
void report_plot_speed_up(FILE *out, const struct bench_results *results);

/* Utilisation against the size of one layer of I = H, on 1 to 8 cores, and what whole row groups,
 * whole chunks and the tail would allow if nothing ever waited. */
void report_plot_utilisation(FILE *out, const struct bench_results *results);

#endif
