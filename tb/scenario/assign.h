/* SPDX-License-Identifier: Apache-2.0 */
/* assign: which copy of a placement's contexts gets which sequence, by the driver's rule: the
 * longest first, the first of equal ones, each to the copy with the fewest steps so far, the lowest
 * of equal ones. For batches of one chunk and at most WATCH_SEQUENCES sequences. */
#ifndef TRINE_SCENARIO_ASSIGN_H
#define TRINE_SCENARIO_ASSIGN_H

#include "trine.h"

/* copy_of: [batch->sequences] */
void assign_batch(const struct trine_batch *batch, uint32_t copies, uint8_t *copy_of);

/* Sequences of one copy, and their steps. */
void assigned_share(const struct trine_batch *batch, uint32_t copies, uint32_t copy,
                    uint32_t *sequences, uint64_t *steps);

#endif
