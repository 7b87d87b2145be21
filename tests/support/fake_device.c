/* SPDX-License-Identifier: Apache-2.0 */
/* fake_device: registers, domains and memory; see fake_device.h. */
#include "support/fake_device.h"

#include <stdlib.h>
#include <string.h>

#include "trine.h"
#include "trine_disassemble.h"
#include "trine_internal.h"
#include "trine_program.h"
#include "trine_regs.h"

enum { PAGE = 4096 };

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
  seed_int8(&device->random, (int8_t *)device->memory, memory_bytes, -128, 127);
  for (uint32_t c = 0; c < params->cores; c++) {
    fake_core_create(&device->core[c], &device->params, &device->random);
  }
  device->id = TRINE_GLOBAL_ID_RESET;
  device->version = TRINE_GLOBAL_VERSION_RESET;
}

void fake_device_destroy(struct fake_device *device) {
  for (uint32_t c = 0; c < device->params.cores; c++) {
    fake_core_destroy(&device->core[c]);
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

/* Checks header and lists; 0 or an error code. */
static uint32_t check_program(struct fake_device *device, const struct fake_slot *slot,
                              const struct fake_domain *domain, const uint32_t *program) {
  if (program[0] != TRINE_PROGRAM_MAGIC) {
    return TRINE_ERROR_MAGIC;
  }
  if (program[7] != trine_crc32(program, 28)) {
    return TRINE_ERROR_HEADER_CRC;
  }
  if ((program[3] & 3) != slot->reg[TRINE_DOMAIN_MODE / 4]) {
    return TRINE_ERROR_PROGRAM_MODE;
  }
  if (program[3] >> 8 != domain->ranks) {
    return TRINE_ERROR_RANKS;
  }
  if (program[4] != trine_crc32(&device->params, sizeof device->params)) {
    return TRINE_ERROR_CONFIG_HASH;
  }
  if (program[5] == 1 && slot->resident_mask != slot->reg[TRINE_DOMAIN_CORE_MASK / 4]) {
    return TRINE_ERROR_NOT_RESIDENT;
  }
  for (uint32_t r = 0; r < domain->ranks; r++) {
    struct fake_core *core = domain->core[r];
    core->list = trine_program_list(program, program[2], r, &core->words);
    if (core->list == NULL || program[8 + 4 * r] % device->params.mem_bytes != 0) {
      return TRINE_ERROR_LIST;
    }
    if (trine_crc32(core->list, core->words * (size_t)4) != program[8 + 4 * r + 2]) {
      return TRINE_ERROR_LIST_CRC;
    }
    core->position = 0;
    core->state = FAKE_EXEC;
    core->error = 0;
    if (program[5] == 0) {
      fake_core_clear(core);
    }
  }
  return 0;
}

/* One pass over all that could happen, in random order; false when nothing did. */
static bool take_turns(struct fake_device *device, struct fake_domain *domain) {
  bool moved = false;
  uint32_t waiting = 0;
  for (uint32_t r = 0; r < domain->ranks; r++) {
    struct fake_core *core = domain->core[r];
    const uint32_t *w = core->list + core->position;
    bool is_load = core->state == FAKE_EXEC && (w[0] & 0xff) == TRINE_OP_LOAD && w[1] == 0;
    device->load_words += is_load ? w[3] : 0;
    moved = fake_core_execute(core) || moved;
    waiting += core->state == FAKE_BARRIER;
  }
  for (uint32_t r = 0; waiting == domain->ranks && r < domain->ranks; r++) {
    domain->core[r]->state = FAKE_EXEC;
    moved = true;
  }
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
  uint32_t done = 0;
  while (done < domain->ranks) {
    bool moved = take_turns(device, domain);
    done = 0;
    for (uint32_t r = 0; r < domain->ranks; r++) {
      const struct fake_core *core = domain->core[r];
      done += core->state == FAKE_DONE;
      if (core->state == FAKE_ERROR || (!moved && core->state != FAKE_DONE)) {
        uint32_t code = core->state == FAKE_ERROR ? core->error : TRINE_ERROR_WATCHDOG;
        set_error(device, s, code, indices[r], core->position, core->error_value);
        return;
      }
    }
  }
  slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_DONE;
  slot->resident_mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4];
  device->global[TRINE_GLOBAL_IRQ_RAW / 4] |= 1u << s;
}

static void start(struct fake_device *device, uint32_t s) {
  struct fake_slot *slot = &device->slot[s];
  uint32_t mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4];
  uint32_t base = slot->reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  struct fake_domain domain = {.memory = device->memory + base,
                               .window_bytes = slot->reg[TRINE_DOMAIN_WINDOW_SIZE / 4]};
  uint32_t indices[16];
  memset(&slot->reg[TRINE_DOMAIN_ERROR_CODE / 4], 0, 20);
  for (uint32_t c = 0; c < device->params.cores; c++) {
    if ((mask >> c & 1) != 0) {
      indices[domain.ranks] = c;
      domain.core[domain.ranks++] = &device->core[c];
      device->core[c].domain = &domain;
    }
  }
  if (base % PAGE != 0 || (uint64_t)base + domain.window_bytes > device->memory_bytes) {
    set_error(device, s, TRINE_ERROR_WINDOW_ALIGN, 0, 0, base);
    return;
  }
  if (device->fail_code != 0) {
    set_error(device, s, device->fail_code, indices[0], 0, 0);
    device->fail_code = 0;
    return;
  }
  const uint32_t *program =
      (const uint32_t *)(const void *)(domain.memory + slot->reg[TRINE_DOMAIN_PROGRAM / 4]);
  uint32_t code = check_program(device, slot, &domain, program);
  if (code != 0) {
    set_error(device, s, code, indices[0], 0, 0);
    return;
  }
  device->starts++;
  for (uint32_t other = 0; other < device->params.cores; other++) {
    if (other != s && (device->slot[other].resident_mask & mask) != 0) {
      device->slot[other].resident_mask = 0;
    }
  }
  slot->reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  if (device->hang == 0) {
    run_domain(device, s, &domain, indices);
  }
}

static int fake_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct fake_device *device = ctx;
  const uint32_t *params = (const uint32_t *)(const void *)&device->params;
  if (addr >= TRINE_GLOBAL_PARAMS && addr < TRINE_GLOBAL_PARAMS + sizeof device->params) {
    *value = params[(addr - TRINE_GLOBAL_PARAMS) / 4];
  } else if (addr < 256) {
    *value = addr == TRINE_GLOBAL_ID ? device->id : device->global[addr / 4];
    *value = addr == TRINE_GLOBAL_VERSION ? device->version : *value;
    if (addr == TRINE_GLOBAL_CONFIG_HASH) {
      *value = trine_crc32(params, sizeof device->params);
    }
  } else if (addr >= PAGE && addr < PAGE * (1 + device->params.cores) && addr % PAGE < 128) {
    const struct fake_slot *slot = &device->slot[addr / PAGE - 1];
    uint32_t mask = slot->reg[TRINE_DOMAIN_CORE_MASK / 4];
    *value = slot->reg[addr % PAGE / 4];
    if (addr % PAGE == TRINE_DOMAIN_STATUS && mask != 0 && slot->resident_mask == mask) {
      *value |= TRINE_DOMAIN_STATUS_RESIDENT_MASK;
    }
  } else {
    return TRINE_ERR_BUS;
  }
  return 0;
}

static int fake_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct fake_device *device = ctx;
  if (addr == TRINE_GLOBAL_IRQ_RAW) {
    device->global[addr / 4] &= ~value;
  } else if (addr < 256) {
    device->global[addr / 4] = value;
  } else if (addr >= PAGE && addr < PAGE * (1 + device->params.cores) && addr % PAGE < 128) {
    uint32_t s = addr / PAGE - 1;
    if (addr % PAGE != TRINE_DOMAIN_CONTROL) {
      device->slot[s].reg[addr % PAGE / 4] = value;
    } else if ((value & TRINE_DOMAIN_CONTROL_START_MASK) != 0) {
      start(device, s);
    } else if ((value & TRINE_DOMAIN_CONTROL_ABORT_MASK) != 0 &&
               device->slot[s].reg[TRINE_DOMAIN_STATUS / 4] == TRINE_DOMAIN_STATUS_STATE_RUNNING) {
      set_error(device, s, TRINE_ERROR_ABORTED, 0, 0, 0);
    }
  } else {
    return TRINE_ERR_BUS;
  }
  return 0;
}

static int fake_mem_read(void *ctx, uint64_t addr, void *data, size_t len) {
  struct fake_device *device = ctx;
  if (addr % 4 != 0 || len % 4 != 0 || addr + len > device->memory_bytes) {
    return TRINE_ERR_BUS;
  }
  memcpy(data, device->memory + addr, len);
  return 0;
}

static int fake_mem_write(void *ctx, uint64_t addr, const void *data, size_t len) {
  struct fake_device *device = ctx;
  if (addr % 4 != 0 || len % 4 != 0 || addr + len > device->memory_bytes) {
    return TRINE_ERR_BUS;
  }
  memcpy(device->memory + addr, data, len);
  return 0;
}

static int fake_wait(void *ctx, uint32_t timeout_ms) {
  const struct fake_device *device = ctx;
  (void)timeout_ms;
  bool is_high =
      (device->global[TRINE_GLOBAL_IRQ_RAW / 4] & device->global[TRINE_GLOBAL_IRQ_ENABLE / 4]) != 0;
  return is_high ? 0 : TRINE_ERR_TIMEOUT;
}

struct trine_bus fake_device_bus(struct fake_device *device) {
  struct trine_bus bus = {.ctx = device,
                          .read32 = fake_read32,
                          .write32 = fake_write32,
                          .mem_read = fake_mem_read,
                          .mem_write = fake_mem_write,
                          .wait = fake_wait};
  return bus;
}
