/* SPDX-License-Identifier: Apache-2.0 */
/* stray: runs on the device that nobody here waits for. */
#include "runtime/internal.h"
#include "trine_regs.h"

uint32_t trine_stray_cores(const struct trine_device *device) {
  uint32_t mask = 0;
  for (uint32_t s = 0; s < device->cores; s++) {
    mask |= device->slot[s].stray.is_there ? device->slot[s].stray.core_mask : 0;
  }
  return mask;
}

uint32_t trine_stray_slots(const struct trine_device *device) {
  uint32_t slots = 0;
  for (uint32_t s = 0; s < device->cores; s++) {
    slots |= device->slot[s].stray.is_there ? UINT32_C(1) << s : 0;
  }
  return slots;
}

void trine_add_stray(struct trine_device *device, uint32_t slot, const struct trine_stray *stray) {
  device->slot[slot].stray = *stray;
  device->slot[slot].stray.is_there = true;
}

/* A running slot's cores and window: they cannot change while it runs. */
static enum trine_status read_stray(struct trine_device *device, uint32_t slot,
                                    struct trine_fault *fault) {
  uint32_t size = 0;
  struct trine_stray found = {.is_there = true};
  enum trine_status status =
      trine_reg_read(device, trine_slot_reg(slot, TRINE_DOMAIN_CORE_MASK), &found.core_mask, fault);
  if (status == TRINE_OK) {
    status = trine_reg_read64(device, trine_slot_reg(slot, TRINE_DOMAIN_WINDOW_BASE_LO),
                              &found.window_base, fault);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read(device, trine_slot_reg(slot, TRINE_DOMAIN_WINDOW_SIZE), &size, fault);
  }
  found.core_mask &= (UINT32_C(1) << device->cores) - 1;
  found.window_bytes = size;
  if (status == TRINE_OK) {
    trine_add_stray(device, slot, &found);
  }
  return status;
}

enum trine_status trine_find_strays(struct trine_device *device, struct trine_fault *fault) {
  uint32_t busy = 0, quarantine = 0;
  enum trine_status status = trine_read_cores(device, &busy, &quarantine, fault);
  for (uint32_t s = 0; s < device->cores && busy != 0 && status == TRINE_OK; s++) {
    uint32_t value = 0;
    status = trine_reg_read(device, trine_slot_reg(s, TRINE_DOMAIN_STATUS), &value, fault);
    if (status == TRINE_OK && trine_is_at_work(value)) {
      status = read_stray(device, s, fault);
    }
  }
  return status;
}

enum trine_status trine_update_strays(struct trine_device *device, struct trine_fault *fault) {
  enum trine_status status = TRINE_OK;
  for (uint32_t s = 0; s < device->cores && status == TRINE_OK; s++) {
    uint32_t value = 0;
    if (device->slot[s].stray.is_there) {
      status = trine_reg_read(device, trine_slot_reg(s, TRINE_DOMAIN_STATUS), &value, fault);
      device->slot[s].stray.is_there = status != TRINE_OK || trine_is_at_work(value);
    }
  }
  return status;
}

bool trine_stop_slot(struct trine_device *device, uint32_t slot, uint32_t limit_ms) {
  struct trine_fault unused;
  struct trine_timeout timeout;
  uint32_t left_ms = 0, value = 0;
  trine_timeout_start(&timeout, device, limit_ms);
  if (trine_reg_write(device, trine_slot_reg(slot, TRINE_DOMAIN_CONTROL),
                      TRINE_DOMAIN_CONTROL_ABORT_MASK, &unused) != TRINE_OK) {
    return false;
  }
  for (;;) { /* bound: limit_ms */
    if (trine_reg_read(device, trine_slot_reg(slot, TRINE_DOMAIN_STATUS), &value, &unused) !=
        TRINE_OK) {
      return false;
    }
    if (!trine_is_at_work(value)) {
      return true;
    }
    if (!trine_timeout_left(&timeout, device, &left_ms)) {
      return false;
    }
    (void)device->bus.wait(device->bus.ctx, 1);
  }
}
