/* SPDX-License-Identifier: Apache-2.0 */
/* timeout: limits in time, by the clock of the bus. */
#include "runtime/internal.h"

enum {
  STILL_LIMIT = 1000000
}; /* looks at a clock that does not move, before it counts as broken */

void trine_timeout_start(struct trine_timeout *timeout, struct trine_device *device,
                         uint32_t limit_ms) {
  timeout->start_us = timeout->last_us = device->now_us(device->clock);
  timeout->limit_us = (uint64_t)limit_ms * 1000;
  timeout->still = 0;
}

bool trine_timeout_left(struct trine_timeout *timeout, struct trine_device *device,
                        uint32_t *left_ms) {
  const uint64_t now = device->now_us(device->clock);
  timeout->still = now == timeout->last_us ? timeout->still + 1 : 0;
  timeout->last_us = now;
  const uint64_t spent = now - timeout->start_us;
  if (spent >= timeout->limit_us || timeout->still >= STILL_LIMIT) {
    return false;
  }
  *left_ms = (uint32_t)((timeout->limit_us - spent + 999) / 1000);
  return true;
}

uint64_t trine_timeout_spent_ms(const struct trine_timeout *timeout) {
  return (timeout->last_us - timeout->start_us) / 1000;
}
