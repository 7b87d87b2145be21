/* SPDX-License-Identifier: Apache-2.0 */
/* replica_plan: a batch on several equal jobs side by side, each with cores of its own.
 *
 * What groups of cores are to one job, without the limit on copies that the channels of a job set:
 * small networks then use as many cores as there are sequences. */
#ifndef TRINE_PLANNER_REPLICA_PLAN_H
#define TRINE_PLANNER_REPLICA_PLAN_H

#include "planner/planner.h"

struct trine_replica_plan {
  uint32_t jobs;          /* 1..cores */
  struct trine_plan plan; /* of each job; its forecast is of all: cycles until the last has ended */
};

/* The best of trine_plan_best and of 2, 3, ... jobs on equal shares of the cores. A batch of
 * several jobs has to fit one device run of each. Errors: ARG, LIMIT, NETWORK, MEMORY. */
enum trine_status trine_plan_replicas(const struct trine_target *target,
                                      const struct trine_network *network, uint32_t cores,
                                      const struct trine_plan_batch *batch,
                                      struct trine_replica_plan *plan,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

/* Sets the forecast of a plan's jobs and placement for a batch, resident or not. Errors: those of
 * trine_forecast_together. */
enum trine_status trine_replicas_forecast(const struct trine_target *target,
                                          const struct trine_network *network,
                                          const struct trine_plan_batch *batch,
                                          struct trine_replica_plan *plan,
                                          struct trine_error *error) TRINE_CHECK_RESULT;

/* Cuts a batch into `jobs` (1..sequences) runs of consecutive sequences, so that the one with the
 * most steps has as few as can be: job n gets sequences first[n] to first[n + 1] - 1, one or more.
 * With any other number of jobs the first gets all. */
void trine_cut_batch(const uint32_t *lengths, uint32_t sequences, uint32_t jobs,
                     uint32_t first[TRINE_MAX_CORES + 1]);

/* The same as batches of their own, whose lengths stay the batch's; returns which has the most
 * steps. jobs: 1..sequences, at most TRINE_MAX_CORES. */
uint32_t trine_cut_parts(const struct trine_plan_batch *batch, uint32_t jobs,
                         struct trine_plan_batch parts[TRINE_MAX_CORES]);

#endif
