/* SPDX-License-Identifier: Apache-2.0 */
/* patience: limits in time, by the clock of the bus. */
#include "runtime/internal.h"

enum {
  STILL_LIMIT = 1000000
}; /* looks at a clock that does not move, before it counts as broken */

void trine_patience_start(struct trine_patience *patience, struct trine_device *device,
                          uint32_t limit_ms) {
  patience->start_us = patience->last_us = device->now_us(device->clock);
  patience->limit_us = (uint64_t)limit_ms * 1000;
  patience->still = 0;
}

bool trine_patience_left(struct trine_patience *patience, struct trine_device *device,
                         uint32_t *left_ms) {
  const uint64_t now = device->now_us(device->clock);
  patience->still = now == patience->last_us ? patience->still + 1 : 0;
  patience->last_us = now;
  const uint64_t spent = now - patience->start_us;
  if (spent >= patience->limit_us || patience->still >= STILL_LIMIT) {
    return false;
  }
  *left_ms = (uint32_t)((patience->limit_us - spent + 999) / 1000);
  return true;
}

uint64_t trine_patience_spent_ms(const struct trine_patience *patience) {
  return (patience->last_us - patience->start_us) / 1000;
}
