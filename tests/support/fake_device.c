/* SPDX-License-Identifier: Apache-2.0 */
/* fake_device: registers, domains and memory; see fake_device.h. */
#include "support/fake_device.h"

#include <stdlib.h>
#include <string.h>

#include "support/fake_starts.h"
#include "trine.h"
#include "trine_regs.h"

enum { PAGE = 4096, GARBAGE_BYTES = 65521 }; /* prime: nothing aligned repeats with it */

/* Memory that was never written is garbage; one stretch of it after the other, since drawing each
 * byte of a large memory takes longer than most tests. */
static void fill_with_garbage(struct fake_device *device) {
  const uint32_t first =
      device->memory_bytes < GARBAGE_BYTES ? device->memory_bytes : GARBAGE_BYTES;
  seed_int8(&device->random, (int8_t *)device->memory, first, -128, 127);
  for (uint32_t at = first; at < device->memory_bytes; at += GARBAGE_BYTES) {
    const uint32_t left = device->memory_bytes - at;
    memcpy(device->memory + at, device->memory, left < GARBAGE_BYTES ? left : GARBAGE_BYTES);
  }
}

void fake_device_create(struct fake_device *device, const struct fake_params *params,
                        uint32_t memory_bytes) {
  memset(device, 0, sizeof *device);
  device->params = *params;
  device->memory_bytes = memory_bytes;
  device->memory = calloc(memory_bytes, 1);
  if (device->memory == NULL) {
    abort();
  }
  device->random = seed_start("fake device");
  fill_with_garbage(device);
  for (uint32_t c = 0; c < params->cores; c++) {
    fake_core_create(&device->core[c], &device->params, &device->random);
  }
  device->id = TRINE_GLOBAL_ID_RESET;
  device->version = TRINE_GLOBAL_VERSION_RESET;
}

void fake_device_destroy(struct fake_device *device) {
  for (uint32_t c = 0; c < device->params.cores; c++) {
    fake_core_destroy(&device->core[c]);
    fake_unit_free(&device->slot[c].unit);
  }
  free(device->memory);
}

static void set_error(struct fake_device *device, uint32_t s, uint32_t code, uint32_t core,
                      uint32_t op, uint32_t value) {
  struct fake_slot *slot = &device->slot[s];
  slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_ERROR;
  slot->reg[TRINE_DOMAIN_ERROR_CODE / 4] = code;
  slot->reg[TRINE_DOMAIN_ERROR_CORE / 4] = core;
  slot->reg[TRINE_DOMAIN_ERROR_OP / 4] = op;
  slot->reg[TRINE_DOMAIN_ERROR_ADDR_LO / 4] = value;
  slot->resident_mask = 0;
  device->global[TRINE_GLOBAL_IRQ_RAW / 4] |= 1u << s;
}

/* Reads header and list; 0 or an error code. */
static uint32_t load_program(struct fake_device *device, struct fake_slot *slot,
                             const struct fake_domain *domain) {
  const uint32_t at = slot->reg[TRINE_DOMAIN_PROGRAM / 4];
  if (at % 64 != 0 || at >= domain->window_bytes) {
    return TRINE_ERROR_PROGRAM_ADDRESS;
  }
  const struct fake_reader reader = {
      .window = domain->memory + at,
      .window_bytes = domain->window_bytes - at,
      .mode = slot->reg[TRINE_DOMAIN_MODE / 4],
      .ranks = domain->ranks,
      .config_hash = fake_crc(&device->params, sizeof device->params)};
  bool resident = false;
  uint32_t code = fake_read_header(&reader, &resident);
  if (code == 0 && resident && slot->resident_mask != slot->reg[TRINE_DOMAIN_CORE_MASK / 4]) {
    code = TRINE_ERROR_NOT_RESIDENT;
  }
  if (code == 0) {
    code = fake_unit_load(&slot->unit, &reader, resident);
  }
  for (uint32_t r = 0; r < domain->ranks && code == 0; r++) {
    domain->core[r]->error = domain->core[r]->op = 0;
    if (!resident) {
      fake_core_clear(domain->core[r]);
    }
  }
  return code;
}

/* Words of the weight buffers that the next operation loads. */
static uint32_t words_to_load(const struct fake_unit *unit) {
  const uint32_t *w = unit->list.words + unit->position;
  const bool is_there = unit->state == FAKE_EXEC && unit->position < unit->list.count;
  return is_there && (w[0] & 0xff) == FAKE_OP_LOAD && w[1] == 0 ? w[3] : 0;
}

/* One pass over all that could happen, in random order; false when nothing did. */
static bool take_turns(struct fake_device *device, struct fake_unit *unit,
                       struct fake_domain *domain) {
  device->load_words += words_to_load(unit);
  bool moved = fake_unit_execute(unit, domain);
  uint32_t count = domain->ranks * FAKE_PROCESSES;
  uint32_t start = (uint32_t)seed_uniform(&device->random, 0, count - 1);
  for (uint32_t n = 0; n < count; n++) {
    uint32_t which = (start + n) % count;
    moved =
        fake_core_process(domain->core[which / FAKE_PROCESSES], which % FAKE_PROCESSES) || moved;
  }
  return moved;
}

static void run_domain(struct fake_device *device, uint32_t s, struct fake_domain *domain,
                       const uint32_t *indices) {
  struct fake_slot *slot = &device->slot[s];
  struct fake_unit *unit = &slot->unit;
  while (unit->state != FAKE_DONE) {
    const bool moved = take_turns(device, unit, domain);
    fake_unit_blame(unit, domain);
    if (!moved && unit->state != FAKE_DONE && unit->state != FAKE_ERROR) {
      fake_unit_give_up(unit, domain);
    }
    if (unit->state == FAKE_ERROR) {
      set_error(device, s, unit->error, indices[unit->error_rank], unit->error_op,
                unit->error_value);
      return;
    }
  }
  slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_DONE;
  slot->resident_mask = slot->latched[TRINE_DOMAIN_CORE_MASK / 4];
  device->global[TRINE_GLOBAL_IRQ_RAW / 4] |= 1u << s;
}

/* The last run of a slot again, with the configuration of its START. */
static void repeat(struct fake_device *device, uint32_t s, bool goes_on) {
  struct fake_slot *slot = &device->slot[s];
  struct fake_domain domain = {.window_bytes = slot->latched[TRINE_DOMAIN_WINDOW_SIZE / 4]};
  const uint32_t mask = slot->resident_mask, fail_code = device->troubles.fail_code;
  uint32_t indices[16] = {0};
  memset(&slot->reg[TRINE_DOMAIN_ERROR_CODE / 4], 0, 20);
  if (!fake_can_repeat(slot) || device->troubles.repeat_refused) {
    set_error(device, s, mask == 0 ? TRINE_ERROR_NOT_KEPT : TRINE_ERROR_NOT_REPEATABLE, 0, 0, mask);
    slot->resident_mask = mask;
    return;
  }
  domain.memory = device->memory + slot->latched[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  fake_begin_repeat(device, slot, goes_on, &domain, indices);
  device->repeats++;
  device->troubles.fail_code = 0;
  if (fail_code != 0) {
    set_error(device, s, fail_code, indices[0], 1, 0);
    return;
  }
  slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  if (!device->troubles.hang) {
    run_domain(device, s, &domain, indices);
  }
}

static void start(struct fake_device *device, uint32_t s) {
  struct fake_slot *slot = &device->slot[s];
  uint32_t mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4], ranks = 0;
  struct fake_domain domain = {.window_bytes = slot->reg[TRINE_DOMAIN_WINDOW_SIZE / 4]};
  uint32_t indices[16] = {0};
  memset(&slot->reg[TRINE_DOMAIN_ERROR_CODE / 4], 0, 20);
  for (uint32_t c = 0; c < device->params.cores; c++) {
    ranks += mask >> c & 1;
  }
  uint32_t code = fake_check_start(device, slot, ranks);
  if (code != 0) {
    set_error(device, s, code, 0, 0, mask);
    return;
  }
  domain.memory = device->memory + slot->reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  for (uint32_t c = 0; c < device->params.cores; c++) {
    if ((mask >> c & 1) != 0) {
      indices[domain.ranks] = c;
      domain.core[domain.ranks++] = &device->core[c];
      device->core[c].domain = &domain;
    }
  }
  const bool is_trouble = device->troubles.fail_code != 0; /* at the first operation */
  code = is_trouble ? device->troubles.fail_code : load_program(device, slot, &domain);
  device->troubles.fail_code = 0;
  if (code != 0) {
    set_error(device, s, code, indices[0], is_trouble ? 1 : 0, 0);
    return;
  }
  device->starts++;
  memcpy(slot->latched, slot->reg, sizeof slot->latched);
  for (uint32_t other = 0; other < device->params.cores; other++) {
    if (other != s && (device->slot[other].resident_mask & mask) != 0) {
      device->slot[other].resident_mask = 0;
    }
  }
  slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  if (!device->troubles.hang) {
    run_domain(device, s, &domain, indices);
  }
}

void fake_device_run_stray(struct fake_device *device, uint32_t slot, uint32_t core_mask,
                           uint32_t window_base, uint32_t window_bytes) {
  uint32_t *reg = device->slot[slot].reg;
  reg[TRINE_DOMAIN_CORE_MASK / 4] = core_mask;
  reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4] = window_base;
  reg[TRINE_DOMAIN_WINDOW_SIZE / 4] = window_bytes;
  reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_RUNNING;
}

static enum trine_status fake_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct fake_device *device = ctx;
  const uint32_t *params = (const uint32_t *)(const void *)&device->params;
  device->clock_us++;
  device->accesses++;
  if (device->troubles.bus_dead) {
    return TRINE_ERR_BUS;
  }
  if (addr >= TRINE_GLOBAL_PARAMS && addr < TRINE_GLOBAL_PARAMS + sizeof device->params) {
    *value = params[(addr - TRINE_GLOBAL_PARAMS) / 4];
  } else if (addr < 256) {
    *value = addr == TRINE_GLOBAL_ID ? device->id : device->global[addr / 4];
    *value = addr == TRINE_GLOBAL_VERSION ? device->version : *value;
    *value = addr == TRINE_GLOBAL_IRQ_STATUS ? device->global[TRINE_GLOBAL_IRQ_RAW / 4] &
                                                   device->global[TRINE_GLOBAL_IRQ_ENABLE / 4]
                                             : *value;
    *value = addr == TRINE_GLOBAL_CORES_BUSY ? fake_busy_cores(device) : *value;
    *value = addr == TRINE_GLOBAL_QUARANTINE ? device->troubles.quarantined : *value;
    *value = addr == TRINE_GLOBAL_CONFIG_HASH ? fake_crc(params, sizeof device->params) : *value;
  } else if (addr >= PAGE && addr < PAGE * (1 + device->params.cores) && addr % PAGE < 128) {
    const struct fake_slot *slot = &device->slot[addr / PAGE - 1];
    uint32_t mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4];
    *value = slot->reg[addr % PAGE / 4];
    if (addr % PAGE == TRINE_DOMAIN_STATUS && mask != 0 && slot->resident_mask == mask) {
      *value |= TRINE_DOMAIN_STATUS_RESIDENT_MASK;
    }
    if (addr % PAGE == TRINE_DOMAIN_STATUS && fake_can_repeat(slot)) {
      *value |= TRINE_DOMAIN_STATUS_REPEATABLE_MASK;
    }
  } else {
    return TRINE_ERR_BUS;
  }
  return 0;
}

/* CONTROL of a slot. */
static int control(struct fake_device *device, uint32_t s, uint32_t value) {
  struct fake_slot *slot = &device->slot[s];
  const bool starts = (value & TRINE_DOMAIN_CONTROL_START_MASK) != 0;
  const bool repeats = !starts && (value & TRINE_DOMAIN_CONTROL_REPEAT_MASK) != 0;
  const bool forgets = (value & TRINE_DOMAIN_CONTROL_FORGET_MASK) != 0 &&
                       device->version >= TRINE_GLOBAL_VERSION_RESET;
  if ((starts || repeats || forgets) && fake_is_at_work(slot)) {
    slot->reg[TRINE_DOMAIN_STATUS / 4] |= TRINE_DOMAIN_STATUS_REFUSED_MASK;
    return device->troubles.refusal_unseen ? 0 : TRINE_ERR_BUS;
  }
  slot->resident_mask = forgets ? 0 : slot->resident_mask;
  if (starts || repeats) {
    if (!device->troubles.start_lost && starts) {
      start(device, s);
    } else if (!device->troubles.start_lost) {
      repeat(device, s, (value & TRINE_DOMAIN_CONTROL_GOES_ON_MASK) != 0);
    }
  } else if ((value & TRINE_DOMAIN_CONTROL_ABORT_MASK) != 0 && fake_is_at_work(slot)) {
    device->aborts++;
    if (!device->troubles.deaf) {
      set_error(device, s, TRINE_ERROR_ABORTED, 0, 0, 0);
    }
  }
  return 0;
}

static enum trine_status fake_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct fake_device *device = ctx;
  device->clock_us++;
  device->accesses++;
  if (device->troubles.bus_dead) {
    return TRINE_ERR_BUS;
  }
  if (addr == TRINE_GLOBAL_IRQ_RAW) {
    device->global[addr / 4] &= ~value;
  } else if (addr < 256) {
    device->global[addr / 4] = value;
  } else if (addr >= PAGE && addr < PAGE * (1 + device->params.cores) && addr % PAGE < 128) {
    uint32_t s = addr / PAGE - 1;
    if (addr % PAGE == TRINE_DOMAIN_CONTROL) {
      return control(device, s, value);
    }
    if (addr % PAGE < TRINE_DOMAIN_CONTROL && fake_is_at_work(&device->slot[s])) {
      return TRINE_ERR_BUS; /* the configuration of a domain that runs */
    }
    device->slot[s].reg[addr % PAGE / 4] = value;
  } else {
    return TRINE_ERR_BUS;
  }
  return 0;
}

static enum trine_status fake_mem_read(void *ctx, uint64_t addr, void *data, size_t len) {
  struct fake_device *device = ctx;
  uint32_t *left = &device->troubles.mem_reads;
  if (addr % 4 != 0 || len % 4 != 0 || len > device->memory_bytes ||
      addr > device->memory_bytes - len || *left == 1) {
    return TRINE_ERR_BUS;
  }
  *left -= *left > 0 ? 1 : 0;
  memcpy(data, device->memory + addr, len);
  return 0;
}

static enum trine_status fake_mem_write(void *ctx, uint64_t addr, const void *data, size_t len) {
  struct fake_device *device = ctx;
  if (addr % 4 != 0 || len % 4 != 0 || len > device->memory_bytes ||
      addr > device->memory_bytes - len) {
    return TRINE_ERR_BUS;
  }
  memcpy(device->memory + addr, data, len);
  return 0;
}

static enum trine_status fake_wait(void *ctx, uint32_t timeout_ms) {
  struct fake_device *device = ctx;
  device->accesses++;
  bool is_high =
      (device->global[TRINE_GLOBAL_IRQ_RAW / 4] & device->global[TRINE_GLOBAL_IRQ_ENABLE / 4]) != 0;
  if ((is_high || device->troubles.irq_stuck) && !device->troubles.irq_lost) {
    return 0;
  }
  device->clock_us += (uint64_t)timeout_ms * 1000;
  return TRINE_ERR_TIMEOUT;
}

static uint64_t fake_now_us(void *ctx) {
  const struct fake_device *device = ctx;
  return device->clock_us;
}

struct trine_bus fake_device_bus(struct fake_device *device) {
  struct trine_bus bus = {.ctx = device,
                          .read32 = fake_read32,
                          .write32 = fake_write32,
                          .mem_read = fake_mem_read,
                          .mem_write = fake_mem_write,
                          .wait = fake_wait,
                          .now_us = device->troubles.no_clock ? NULL : fake_now_us};
  return bus;
}
