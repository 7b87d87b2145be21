/* SPDX-License-Identifier: Apache-2.0 */
/* deal: see deal.h. */
#include "deal.h"

/* Deals sequence after sequence; steps: [copies], sums so far. */
static uint32_t next_copy(const uint64_t *steps, uint32_t copies) {
  uint32_t best = 0;
  for (uint32_t copy = 1; copy < copies; copy++) {
    best = steps[copy] < steps[best] ? copy : best;
  }
  return best;
}

void deal_batch(const struct trine_batch *batch, uint32_t copies, uint8_t *copy_of) {
  uint64_t steps[TRINE_MAX_COPIES] = {0};
  for (uint32_t b = 0; b < batch->sequences; b++) {
    uint32_t copy = next_copy(steps, copies);
    copy_of[b] = (uint8_t)copy;
    steps[copy] += batch->lengths[b];
  }
}

void deal_share(const struct trine_batch *batch, uint32_t copies, uint32_t copy,
                uint32_t *sequences, uint64_t *steps) {
  uint64_t sums[TRINE_MAX_COPIES] = {0};
  *sequences = 0;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    uint32_t got = next_copy(sums, copies);
    sums[got] += batch->lengths[b];
    *sequences += got == copy;
  }
  *steps = sums[copy];
}
