/* SPDX-License-Identifier: Apache-2.0 */
/* look: the state of a slot, read from a device; see dump.h. */
#include "dump/dump.h"
#include "trine_regs.h"

int trine_dump_slot_of(uint64_t addr, uint32_t in_page) {
  const uint64_t page = addr / TRINE_DOMAIN_PAGE;
  return page >= 1 && page <= TRINE_MAX_CORES && addr % TRINE_DOMAIN_PAGE == in_page ? (int)page - 1
                                                                                     : -1;
}

bool trine_dump_is_at_work(uint32_t status) {
  const uint32_t state = status & TRINE_DOMAIN_STATUS_STATE_MASK;
  return state == TRINE_DOMAIN_STATUS_STATE_RUNNING || state == TRINE_DOMAIN_STATUS_STATE_STOPPING;
}

static enum trine_status read32(const struct trine_bus *bus, uint32_t addr, uint32_t *value) {
  return bus->read32(bus->ctx, addr, value);
}

static enum trine_status read64(const struct trine_bus *bus, uint32_t addr, uint64_t *value) {
  uint32_t low = 0, high = 0;
  enum trine_status status = read32(bus, addr, &low);
  if (status == TRINE_OK) {
    status = read32(bus, addr + 4, &high);
  }
  *value = low | (uint64_t)high << 32;
  return status;
}

static enum trine_status look_at_counters(const struct trine_bus *bus, uint32_t page,
                                          struct trine_dump_state *state) {
  uint32_t rank = 0;
  enum trine_status status = TRINE_OK;
  for (uint32_t mask = state->core_mask; mask != 0 && rank < TRINE_MAX_CORES; mask &= mask - 1) {
    for (uint32_t n = 0; n < TRINE_COUNTERS && status == TRINE_OK; n++) {
      const uint32_t select = n | rank << TRINE_DOMAIN_COUNTER_SELECT_RANK_SHIFT;
      status = bus->write32(bus->ctx, page + TRINE_DOMAIN_COUNTER_SELECT, select);
      if (status == TRINE_OK) {
        status = read64(bus, page + TRINE_DOMAIN_COUNTER_LO, &state->counters[rank][n]);
      }
    }
    rank++;
  }
  return status;
}

enum trine_status trine_dump_look(const struct trine_bus *bus, uint32_t slot,
                                  struct trine_dump_state *state) {
  const uint32_t page = TRINE_DOMAIN_PAGE * (1 + slot);
  *state = (struct trine_dump_state){0};
  const struct {
    uint32_t addr;
    uint32_t *value;
  } words[] = {{page + TRINE_DOMAIN_STATUS, &state->status},
               {page + TRINE_DOMAIN_CORE_MASK, &state->core_mask},
               {page + TRINE_DOMAIN_MODE, &state->mode},
               {page + TRINE_DOMAIN_WINDOW_SIZE, &state->window_bytes},
               {page + TRINE_DOMAIN_PROGRAM, &state->program},
               {page + TRINE_DOMAIN_ERROR_CODE, &state->error_code},
               {page + TRINE_DOMAIN_ERROR_CORE, &state->error_core},
               {page + TRINE_DOMAIN_ERROR_OP, &state->error_op},
               {TRINE_GLOBAL_CORES_BUSY, &state->cores_busy},
               {TRINE_GLOBAL_QUARANTINE, &state->quarantine}};
  const struct {
    uint32_t addr;
    uint64_t *value;
  } pairs[] = {{page + TRINE_DOMAIN_CYCLES_LO, &state->cycles},
               {page + TRINE_DOMAIN_LOAD_CYCLES_LO, &state->load_cycles},
               {page + TRINE_DOMAIN_WINDOW_BASE_LO, &state->window_base},
               {page + TRINE_DOMAIN_ERROR_ADDR_LO, &state->error_address},
               {TRINE_GLOBAL_CYCLE_LO, &state->device_cycle}};
  enum trine_status status = bus->write32(bus->ctx, TRINE_GLOBAL_CYCLE_SNAPSHOT, 0);
  for (uint32_t n = 0; n < sizeof pairs / sizeof pairs[0] && status == TRINE_OK; n++) {
    status = read64(bus, pairs[n].addr, pairs[n].value);
  }
  for (uint32_t n = 0; n < sizeof words / sizeof words[0] && status == TRINE_OK; n++) {
    status = read32(bus, words[n].addr, words[n].value);
  }
  return status == TRINE_OK ? look_at_counters(bus, page, state) : status;
}
