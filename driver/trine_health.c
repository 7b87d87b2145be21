/* SPDX-License-Identifier: Apache-2.0 */
/* trine_health: what the device says of itself beside a job's own slot: cores that are taken or in
 * quarantine, runs that nobody here waits for (strays), and the time that waiting takes. */
#include <string.h>
#include <time.h>

#include "trine_internal.h"
#include "trine_regs.h"

enum {
  STILL_LIMIT = 1000000
}; /* looks at a clock that does not move, before it counts as broken */

/* --- Time --- */

uint64_t trine_now_us(struct trine *device) {
  if (device->bus.now_us != NULL) {
    return device->bus.now_us(device->bus.ctx);
  }
  /* The calendar clock may be set back: only what it moves forward is counted. */
  struct timespec now = {0, 0};
  (void)timespec_get(&now, TIME_UTC);
  const uint64_t read = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
  if (device->calendar_us != 0 && read > device->calendar_us) {
    device->clock_us += read - device->calendar_us;
  }
  device->calendar_us = read;
  return device->clock_us;
}

void trine_patience_start(struct patience *patience, struct trine *device, uint32_t limit_ms) {
  patience->start_us = patience->last_us = trine_now_us(device);
  patience->limit_us = (uint64_t)limit_ms * 1000;
  patience->still = 0;
}

bool trine_patience_left(struct patience *patience, struct trine *device, uint32_t *left_ms) {
  const uint64_t now = trine_now_us(device);
  patience->still = now == patience->last_us ? patience->still + 1 : 0;
  patience->last_us = now;
  const uint64_t spent = now - patience->start_us;
  if (spent >= patience->limit_us || patience->still >= STILL_LIMIT) {
    return false;
  }
  *left_ms = (uint32_t)trine_divide_up64(patience->limit_us - spent, 1000);
  return true;
}

uint64_t trine_patience_spent_ms(const struct patience *patience) {
  return (patience->last_us - patience->start_us) / 1000;
}

/* --- Slots and cores --- */

uint32_t trine_slot_reg(uint32_t slot, uint32_t offset) {
  return TRINE_DOMAIN_PAGE + TRINE_PAGE_BYTES * slot + offset;
}

bool trine_is_at_work(uint32_t status_register) {
  const uint32_t state = status_register & TRINE_DOMAIN_STATUS_STATE_MASK;
  return state == TRINE_DOMAIN_STATUS_STATE_RUNNING || state == TRINE_DOMAIN_STATUS_STATE_STOPPING;
}

uint32_t trine_all_cores(const struct trine *device) {
  return (UINT32_C(1) << device->info.cores) - 1;
}

enum trine_status trine_read_cores(struct trine *device, uint32_t *busy, uint32_t *quarantine) {
  enum trine_status status = trine_reg_read(device, TRINE_GLOBAL_CORES_BUSY, busy);
  if (status == TRINE_OK) {
    status = trine_reg_read(device, TRINE_GLOBAL_QUARANTINE, quarantine);
  }
  *busy &= trine_all_cores(device);
  *quarantine &= trine_all_cores(device);
  return status;
}

bool trine_stop_slot(struct trine *device, uint32_t slot, uint32_t limit_ms) {
  struct patience patience;
  uint32_t left_ms = 0;
  trine_patience_start(&patience, device, limit_ms);
  if (trine_reg_write(device, trine_slot_reg(slot, TRINE_DOMAIN_CONTROL),
                      TRINE_DOMAIN_CONTROL_ABORT_MASK) != TRINE_OK) {
    return false;
  }
  for (;;) {
    uint32_t value = 0;
    if (trine_reg_read(device, trine_slot_reg(slot, TRINE_DOMAIN_STATUS), &value) != TRINE_OK) {
      return false;
    }
    if (!trine_is_at_work(value)) {
      return true;
    }
    if (!trine_patience_left(&patience, device, &left_ms)) {
      return false;
    }
    (void)device->bus.wait(device->bus.ctx, 1);
  }
}

/* --- Strays --- */

uint32_t trine_stray_cores(const struct trine *device) {
  uint32_t mask = 0;
  for (uint32_t s = 0; s < device->info.cores; s++) {
    mask |= device->stray[s].is_there ? device->stray[s].core_mask : 0;
  }
  return mask;
}

static uint32_t stray_slots(const struct trine *device) {
  uint32_t slots = 0;
  for (uint32_t s = 0; s < device->info.cores; s++) {
    slots |= device->stray[s].is_there ? UINT32_C(1) << s : 0;
  }
  return slots;
}

void trine_add_stray(struct trine *device, uint32_t slot, const struct stray *stray) {
  device->stray[slot] = *stray;
  device->stray[slot].is_there = true;
  if (UINT64_MAX - stray->window_base < stray->window_bytes) {
    device->stray[slot].window_bytes = UINT64_MAX - stray->window_base;
  }
}

/* A running slot's cores and window: they cannot change while it runs. */
static enum trine_status read_stray(struct trine *device, uint32_t slot) {
  uint32_t size = 0;
  struct stray found = {.is_there = true};
  enum trine_status status =
      trine_reg_read(device, trine_slot_reg(slot, TRINE_DOMAIN_CORE_MASK), &found.core_mask);
  if (status == TRINE_OK) {
    status = trine_reg_read64(device, trine_slot_reg(slot, TRINE_DOMAIN_WINDOW_BASE_LO),
                              &found.window_base);
  }
  if (status == TRINE_OK) {
    status = trine_reg_read(device, trine_slot_reg(slot, TRINE_DOMAIN_WINDOW_SIZE), &size);
  }
  found.core_mask &= trine_all_cores(device);
  found.window_bytes = size;
  if (status == TRINE_OK) {
    trine_add_stray(device, slot, &found);
  }
  return status;
}

enum trine_status trine_find_strays(struct trine *device) {
  uint32_t busy = 0, quarantine = 0;
  enum trine_status status = trine_read_cores(device, &busy, &quarantine);
  for (uint32_t s = 0; s < device->info.cores && busy != 0 && status == TRINE_OK; s++) {
    uint32_t value = 0;
    status = trine_reg_read(device, trine_slot_reg(s, TRINE_DOMAIN_STATUS), &value);
    if (status == TRINE_OK && trine_is_at_work(value)) {
      status = read_stray(device, s);
    }
  }
  if (status == TRINE_OK && stray_slots(device) != 0) {
    (void)trine_fail(
        device, TRINE_OK,
        "cores 0x%x run programs that were not started here (domain slots 0x%x); they "
        "stay taken until those end or trine_stop_strays (trine run --stop-strays) stops them",
        trine_stray_cores(device), stray_slots(device));
  }
  return status;
}

enum trine_status trine_update_strays(struct trine *device) {
  enum trine_status status = TRINE_OK;
  for (uint32_t s = 0; s < device->info.cores && status == TRINE_OK; s++) {
    uint32_t value = 0;
    if (device->stray[s].is_there) {
      status = trine_reg_read(device, trine_slot_reg(s, TRINE_DOMAIN_STATUS), &value);
      device->stray[s].is_there = status != TRINE_OK || trine_is_at_work(value);
    }
  }
  return status;
}

enum trine_status trine_strays(struct trine *device, uint32_t *slots) {
  if (device == NULL || slots == NULL) {
    return TRINE_ERR_ARG;
  }
  *slots = 0;
  enum trine_status status = trine_check_open(device);
  if (status == TRINE_OK) {
    status = trine_update_strays(device);
    *slots = stray_slots(device);
  }
  return status;
}

enum trine_status trine_stop_strays(struct trine *device, uint32_t timeout_ms) {
  uint32_t slots = 0;
  enum trine_status status = trine_strays(device, &slots);
  for (uint32_t s = 0; s < TRINE_MAX_CORES && status == TRINE_OK; s++) {
    if ((slots >> s & 1) == 0) {
      continue;
    }
    if (!trine_stop_slot(device, s, timeout_ms)) {
      return trine_fail(device, TRINE_ERR_TIMEOUT,
                        "domain slot %u with cores 0x%x was not seen to stop within %u ms; they "
                        "stay taken until the device is reset",
                        s, device->stray[s].core_mask, timeout_ms);
    }
    device->stray[s].is_there = false;
    status = trine_reg_write(device, TRINE_GLOBAL_IRQ_RAW, UINT32_C(1) << s);
  }
  return status;
}
