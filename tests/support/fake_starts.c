/* SPDX-License-Identifier: Apache-2.0 */
/* fake_starts: see fake_starts.h. */
#include "support/fake_starts.h"

#include "trine_regs.h"

bool fake_is_at_work(const struct fake_slot *slot) {
  const uint32_t state = slot->reg[TRINE_DOMAIN_STATUS / 4] & TRINE_DOMAIN_STATUS_STATE_MASK;
  return state == TRINE_DOMAIN_STATUS_STATE_RUNNING || state == TRINE_DOMAIN_STATUS_STATE_STOPPING;
}

uint32_t fake_busy_cores(const struct fake_device *device) {
  uint32_t mask = 0;
  for (uint32_t s = 0; s < device->params.cores; s++) {
    mask |= fake_is_at_work(&device->slot[s]) ? device->slot[s].reg[TRINE_DOMAIN_CORE_MASK / 4] : 0;
  }
  return mask;
}

uint32_t fake_check_start(const struct fake_device *device, const struct fake_slot *slot,
                          uint32_t ranks) {
  const uint32_t mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4];
  const uint32_t mode = slot->reg[TRINE_DOMAIN_MODE / 4];
  const uint32_t base = slot->reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  const uint32_t size = slot->reg[TRINE_DOMAIN_WINDOW_SIZE / 4];
  if (mask == 0) {
    return TRINE_ERROR_MASK_EMPTY;
  }
  if (mask >> device->params.cores != 0) {
    return TRINE_ERROR_CORE_MISSING;
  }
  if ((mask & fake_busy_cores(device)) != 0) {
    return TRINE_ERROR_CORE_BUSY;
  }
  if ((mask & device->troubles.quarantined) != 0) {
    return TRINE_ERROR_CORE_QUARANTINED;
  }
  if (mode > 3) {
    return TRINE_ERROR_MODE;
  }
  if ((mode == 0 && ranks != 1) || ((mode == 1 || mode == 2) && ranks < 2)) {
    return TRINE_ERROR_MODE_CORES;
  }
  if (base % 4096 != 0 || slot->reg[TRINE_DOMAIN_WINDOW_BASE_HI / 4] != 0) {
    return TRINE_ERROR_WINDOW_ALIGN;
  }
  return size == 0 || (uint64_t)base + size > device->memory_bytes ? TRINE_ERROR_WINDOW_SIZE : 0;
}

bool fake_can_repeat(const struct fake_slot *slot) {
  return slot->resident_mask != 0 && slot->unit.is_repeatable;
}

void fake_begin_repeat(struct fake_device *device, struct fake_slot *slot, bool goes_on,
                       struct fake_domain *domain, uint32_t *indices) {
  const struct fake_again again = {.is_repeated = true,
                                   .goes_on = goes_on,
                                   .read_moved = slot->reg[TRINE_DOMAIN_REPEAT_READ / 4],
                                   .write_moved = slot->reg[TRINE_DOMAIN_REPEAT_WRITE / 4]};
  for (uint32_t c = 0; c < device->params.cores; c++) {
    struct fake_core *core = &device->core[c];
    if ((slot->resident_mask >> c & 1) != 0) {
      indices[domain->ranks] = c;
      domain->core[domain->ranks++] = core;
      core->domain = domain;
      core->error = 0;
    }
  }
  fake_unit_repeat(&slot->unit, &again);
}
