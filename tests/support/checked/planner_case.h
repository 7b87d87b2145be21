/* SPDX-License-Identifier: Apache-2.0 */
/* planner_case: a device of a named configuration that is only described, a stack of LSTMs, and
 * what the planner says of them. Failures end the test. */
#ifndef TRINE_TEST_PLANNER_CASE_H
#define TRINE_TEST_PLANNER_CASE_H

#include "planner/planner.h"
#include "support/checked/driver_case.h"

enum { PLANNER_CASE_LENGTHS = 64 };

struct planner_case {
  struct fake_device fake;
  struct trine *device;
  struct driver_case made;
  uint32_t lengths[PLANNER_CASE_LENGTHS];
};

/* The configuration is as large as in rtl/configs.txt. */
void planner_case_open(struct planner_case *bench, const char *config);
void planner_case_close(struct planner_case *bench);

/* One chain of LSTMs of these widths, the first the input's. */
void planner_case_stack(struct planner_case *bench, const uint32_t *widths, uint32_t lstms);

/* Sequences of equal length, at most PLANNER_CASE_LENGTHS; all is resident. */
struct trine_plan_batch planner_case_batch(struct planner_case *bench, uint32_t sequences,
                                           uint32_t steps);

/* Predicted cycles of a batch in a shape; the second without groups. */
uint64_t planner_case_shape_cycles(struct planner_case *bench, const struct trine_shape *shape,
                                   const struct trine_plan_batch *batch);
uint64_t planner_case_cycles(struct planner_case *bench, enum trine_mode mode, uint32_t cores,
                             uint32_t copies, const struct trine_plan_batch *batch);

#endif
