/* SPDX-License-Identifier: Apache-2.0 */
/* results: forecasts of networks on shapes, kept in a text file, a line each, so that a run that
 * was broken off goes on where it was. */
#ifndef TRINE_SIZING_RESULTS_H
#define TRINE_SIZING_RESULTS_H

#include "io/error.h"
#include "shapes.h"

enum { SIZING_NETWORKS = 8, SIZING_MOST_RESULTS = SIZING_NETWORKS * SIZING_MOST_SHAPES };

struct sizing_result {
  uint32_t network; /* index, see networks.h */
  struct sizing_shape shape;
  uint32_t mode, ranks, copies; /* of the best placement */
  uint64_t cycles, products;    /* cycles 0: does not fit */
};

struct sizing_results {
  const char *path;
  uint32_t count;
  struct sizing_result list[SIZING_MOST_RESULTS];
};

/* Reads the file; one that is not there is empty. What is not a whole forecast, as the last line of
 * a run that was broken off, is left out. `path` must live as long as the results. */
void sizing_read(struct sizing_results *results, const char *path);

/* NULL when it is not there. */
const struct sizing_result *sizing_find(const struct sizing_results *results, uint32_t network,
                                        const struct sizing_shape *shape);

/* Adds one, here and at the end of the file. */
bool sizing_add(struct sizing_results *results, const struct sizing_result *result,
                struct trine_error *error) __attribute__((warn_unused_result));

/* Products over what all MACs of the shape could do in its cycles. */
double sizing_utilisation(const struct sizing_result *result);

#endif
