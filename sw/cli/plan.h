/* SPDX-License-Identifier: Apache-2.0 */
/* plan: where the layers of a model go on a device, and the jobs that come of it. */
#ifndef TRINE_CLI_PLAN_H
#define TRINE_CLI_PLAN_H

#include "device.h"
#include "planner/planner.h"
#include "work.h"

/* Places every network of the work's model in `mode` on `cores` cores (single takes one), with as
 * many copies of its contexts as the planner finds best for the batch; auto: the best of all
 * modes. Sets mode, cores, placements and predictions. Without lengths: one copy, and the cycles
 * of a step as prediction. */
bool cli_plan(struct cli_device *device, enum cli_mode mode, uint32_t cores, struct cli_work *work,
              struct trine_error *error) __attribute__((warn_unused_result));

/* The same for a placement that is given (place.h), with one copy. */
bool cli_plan_placed(struct cli_device *device, const char *text, struct cli_work *work,
                     struct trine_error *error) __attribute__((warn_unused_result));

/* Makes the jobs of a planned work, on the cores from first_core on. */
bool cli_plan_jobs(struct cli_device *device, uint32_t first_core, struct cli_work *work,
                   struct trine_error *error) __attribute__((warn_unused_result));

/* Whether the device can hold a planned work; nothing is made there. */
bool cli_plan_fits(struct cli_device *device, const struct cli_work *work,
                   struct trine_error *error) __attribute__((warn_unused_result));

/* Makes the golden models that stand in for the jobs. */
bool cli_plan_golden(struct cli_work *work, struct trine_error *error)
    __attribute__((warn_unused_result));

/* The sequences of a segment's network; *ones, to be freed, holds their lengths where the network
 * reads one row a sequence, else it is NULL. */
bool cli_plan_batch(const struct cli_work *work, uint32_t segment, struct trine_plan_batch *batch,
                    uint32_t **ones, struct trine_error *error) __attribute__((warn_unused_result));

/* The forecasts of works that are planned and run side by side, sharing buses and memory, where one
 * can be made: of models of one network, each of whose jobs has its batch in one piece. */
bool cli_plan_together(struct cli_device *device, struct cli_work *works, uint32_t count,
                       struct trine_error *error) __attribute__((warn_unused_result));

/* Sums over the segments of a work; TRINE_NO_FORECAST where one of them has none. */
uint64_t cli_predicted_cycles(const struct cli_work *work);

#endif
