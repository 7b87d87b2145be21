/* SPDX-License-Identifier: Apache-2.0 */
/* networks: what the shapes are compared with: the models of the demo with the steps the benchmark
 * gives them, and three networks with random weights; one sequence, weights resident. */
#ifndef TRINE_SIZING_NETWORKS_H
#define TRINE_SIZING_NETWORKS_H

#include "bench/cases.h"
#include "results.h"

extern const struct bench_case sizing_networks[SIZING_NETWORKS];

/* Forecasts what is not among the results yet, with the best placement of each; says on stderr how
 * far it is. folder: of the models. */
bool sizing_forecast(struct sizing_results *results, const char *folder, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
