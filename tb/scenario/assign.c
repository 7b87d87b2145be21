/* SPDX-License-Identifier: Apache-2.0 */
/* assign: see assign.h. */
#include "assign.h"

#include "watch.h"

/* The longest sequence that is not assigned yet (copy_of: UINT8_MAX), the first of equal ones. */
static uint32_t next_sequence(const struct trine_batch *batch, const uint8_t *copy_of) {
  uint32_t best = batch->sequences;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const bool better = best == batch->sequences || batch->lengths[b] > batch->lengths[best];
    best = copy_of[b] == UINT8_MAX && better ? b : best;
  }
  return best;
}

void assign_batch(const struct trine_batch *batch, uint32_t copies, uint8_t *copy_of) {
  uint64_t steps[TRINE_MAX_COPIES] = {0};
  for (uint32_t b = 0; b < batch->sequences; b++) {
    copy_of[b] = UINT8_MAX;
  }
  for (uint32_t n = 0; n < batch->sequences; n++) {
    const uint32_t b = next_sequence(batch, copy_of);
    uint32_t best = 0;
    for (uint32_t copy = 1; copy < copies; copy++) {
      best = steps[copy] < steps[best] ? copy : best;
    }
    copy_of[b] = (uint8_t)best;
    steps[best] += batch->lengths[b];
  }
}

void assigned_share(const struct trine_batch *batch, uint32_t copies, uint32_t copy,
                    uint32_t *sequences, uint64_t *steps) {
  uint8_t copy_of[WATCH_SEQUENCES];
  assign_batch(batch, copies, copy_of);
  *sequences = 0;
  *steps = 0;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    *sequences += copy_of[b] == copy;
    *steps += copy_of[b] == copy ? batch->lengths[b] : 0;
  }
}
