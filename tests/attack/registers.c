/* SPDX-License-Identifier: Apache-2.0 */
/* registers: see registers.h. */
#include "registers.h"

#include <check.h>

#include "compose.h"
#include "trine_regs.h"

enum { ALL_BYTES = 15, ADDRESS_BITS = 17, WINDOW_PAGE = 4096, STAY = 120 };
enum access { ACCESS_NONE, ACCESS_READ, ACCESS_WRITE, ACCESS_COMMAND, ACCESS_CLEAR };

/* What a register lets be done. The two low bits of an address are ignored. */
static enum access access_of(const struct world *world, uint32_t address) {
  uint32_t page = address >> 12, offset = address & 0xffc;
  if (page > world->info->cores) {
    return ACCESS_NONE;
  }
  if (page == 0) {
    bool is_parameter = offset >= TRINE_GLOBAL_PARAMS && offset <= TRINE_PARAM_MEM_BYTES;
    switch (offset) {
      case TRINE_GLOBAL_SCRATCH:
      case TRINE_GLOBAL_IRQ_ENABLE:
      case TRINE_GLOBAL_WATCHDOG:
      case TRINE_GLOBAL_AXI_ATTR:
        return ACCESS_WRITE;
      case TRINE_GLOBAL_CYCLE_SNAPSHOT:
        return ACCESS_COMMAND;
      case TRINE_GLOBAL_IRQ_RAW:
        return ACCESS_CLEAR;
      default:
        return is_parameter || offset < TRINE_GLOBAL_AXI_ATTR ? ACCESS_READ : ACCESS_NONE;
    }
  }
  if (offset <= TRINE_DOMAIN_PROGRAM || offset == TRINE_DOMAIN_COUNTER_SELECT ||
      offset == TRINE_DOMAIN_REPEAT_READ || offset == TRINE_DOMAIN_REPEAT_WRITE) {
    return ACCESS_WRITE;
  }
  if (offset == TRINE_DOMAIN_CONTROL) {
    return ACCESS_COMMAND;
  }
  if (offset <= TRINE_DOMAIN_COUNTER_HI) {
    return ACCESS_READ;
  }
  return ACCESS_NONE;
}

/* Whether a register answers without an error. */
static bool do_read(struct world *world, uint32_t address, uint32_t *value) {
  struct bench *bench = &world->bench;
  int status = bench->ops->read32(bench->sim, address, value);
  world->totals->register_accesses++;
  ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_BUS, "read of 0x%x: %s", address,
                bench->ops->error(bench->sim));
  return status == TRINE_OK;
}

static bool do_write(struct world *world, uint32_t address, uint32_t value, uint32_t strobes) {
  struct bench *bench = &world->bench;
  int status = bench->ops->write32(bench->sim, address, value, strobes);
  world->totals->register_accesses++;
  ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_BUS, "write of 0x%x to 0x%x: %s", value,
                address, bench->ops->error(bench->sim));
  return status == TRINE_OK;
}

static uint32_t merged(uint32_t old, uint32_t value, uint32_t strobes) {
  uint32_t mask = 0;
  for (uint32_t n = 0; n < 4; n++) {
    mask |= (strobes >> n & 1) != 0 ? 0xffu << 8 * n : 0;
  }
  return (old & ~mask) | (value & mask);
}

/* Anything anywhere: reads of all, writes of what may be written at no harm, or not at all. */
static void poke_anywhere(struct world *world, struct seed_stream *stream) {
  uint32_t address = compose_below(stream, 1u << ADDRESS_BITS);
  if (compose_below(stream, 4) > 0) {
    uint32_t page = compose_below(stream, world->info->cores + 2);
    address = page << 12 | compose_below(stream, compose_below(stream, 4) == 0 ? 0x1000 : 0x150);
  }
  address &= compose_below(stream, 8) == 0 ? ~0u : ~3u;
  enum access access = access_of(world, address);
  bool is_scratch = (address & ~3u) == TRINE_GLOBAL_SCRATCH;
  uint32_t before = 0, after = 0;
  bool is_read = do_read(world, address, &before);
  ck_assert_msg(is_read == (access != ACCESS_NONE), "read of 0x%x: %s", address,
                is_read ? "answered, and nothing is there" : "SLVERR");
  if (access != ACCESS_NONE && access != ACCESS_READ && !is_scratch) {
    return;
  }
  uint32_t value = (uint32_t)seed_next(stream), strobes = compose_below(stream, 16);
  bool is_written = do_write(world, address, value, strobes);
  ck_assert_msg(is_written == is_scratch, "write of 0x%x: %s", address,
                is_written ? "taken" : "SLVERR");
  if (is_scratch) {
    ck_assert(do_read(world, address, &after));
    ck_assert_msg(after == merged(before, value, strobes),
                  "SCRATCH 0x%x, 0x%x written with strobes 0x%x, is 0x%x", before, value, strobes,
                  after);
  }
}

/* A value for a register of the domain, of its zone and cores, or one that START must refuse. */
static uint32_t draw_value(struct world *world, struct seed_stream *stream,
                           const struct world_domain *domain, uint32_t offset, uint32_t program) {
  uint32_t kind = compose_below(stream, 4), victims = 0;
  for (uint32_t n = 0; n < world->victim_count; n++) {
    victims |= world->victims[n].mask;
  }
  switch (offset) {
    case TRINE_DOMAIN_CORE_MASK:
      if (kind == 0) {
        return domain->mask | victims;
      }
      if (kind == 1) {
        return domain->mask | ((uint32_t)seed_next(stream) << world->info->cores);
      }
      return domain->mask & (kind == 2 ? (uint32_t)seed_next(stream) : ~0u);
    case TRINE_DOMAIN_WINDOW_BASE_LO:
      return (uint32_t)(domain->base & ~(uint64_t)(WORLD_ZONE_BYTES - 1)) +
             (kind == 0 ? compose_below(stream, WINDOW_PAGE)
                        : WINDOW_PAGE * compose_below(stream, 8));
    case TRINE_DOMAIN_WINDOW_BASE_HI:
      return 0;
    case TRINE_DOMAIN_WINDOW_SIZE:
      return kind == 0 ? compose_below(stream, 128) : domain->size;
    case TRINE_DOMAIN_PROGRAM:
      return kind == 0 ? compose_edge(stream) : program;
    default:
      return kind == 0 ? compose_edge(stream) : kind;
  }
}

/* A write to a register of the slot's configuration: taken and merged, or refused while it runs. */
static void poke_setting(struct world *world, struct seed_stream *stream,
                         const struct world_domain *domain, uint32_t program) {
  uint32_t offset = 4 * compose_below(stream, TRINE_DOMAIN_CONTROL / 4);
  uint32_t address = bench_domain(domain->slot, offset);
  bool is_place = offset == TRINE_DOMAIN_WINDOW_BASE_LO || offset == TRINE_DOMAIN_WINDOW_SIZE ||
                  offset == TRINE_DOMAIN_WINDOW_BASE_HI || offset == TRINE_DOMAIN_CORE_MASK;
  uint32_t strobes = is_place ? ALL_BYTES : compose_below(stream, 16);
  uint32_t value = draw_value(world, stream, domain, offset, program), before = 0, after = 0;
  bool ran = world_runs(world_state(world, domain->slot));
  ck_assert(do_read(world, address, &before));
  bool is_taken = do_write(world, address, value, strobes);
  ck_assert(do_read(world, address, &after));
  bool runs = world_runs(world_state(world, domain->slot));
  if (ran == runs) {
    ck_assert_msg(is_taken != runs, "write of slot register 0x%x while the slot %s: %s", offset,
                  runs ? "runs" : "does not run", is_taken ? "taken" : "SLVERR");
  }
  uint32_t want = is_taken ? merged(before, value, strobes) : before;
  ck_assert_msg(
      after == want,
      "slot register 0x%x is 0x%x, not 0x%x (before 0x%x, written 0x%x with strobes 0x%x)", offset,
      after, want, before, value, strobes);
}

/* START, REPEAT, ABORT or several; a START of foreign cores only while their victims certainly run.
 * A REPEAT is of the slot's own cores, whatever its mask says by then. */
static void poke_control(struct world *world, struct seed_stream *stream,
                         const struct world_domain *domain) {
  uint32_t mask_at = bench_domain(domain->slot, TRINE_DOMAIN_CORE_MASK), mask = 0;
  uint32_t status_at = bench_domain(domain->slot, TRINE_DOMAIN_STATUS), status = 0;
  uint32_t value = 1 + compose_below(stream, 15);
  uint32_t strobes =
      compose_below(stream, 8) == 0 ? compose_below(stream, 16) : (uint32_t)ALL_BYTES;
  bool is_start = (value & strobes & TRINE_DOMAIN_CONTROL_START_MASK) != 0;
  bool is_repeat = (value & TRINE_DOMAIN_CONTROL_REPEAT_MASK) != 0 && (strobes & 1) != 0;
  bool stays = world_victims_stay(world, STAY);
  ck_assert(do_read(world, mask_at, &mask));
  if (is_start && !stays && (mask & ~domain->mask & ((1u << world->info->cores) - 1)) != 0) {
    (void)do_write(world, mask_at, domain->mask, ALL_BYTES);
    ck_assert(do_read(world, mask_at, &mask));
    if (mask != domain->mask) {
      return; /* it runs, and is on no foreign core; its mask cannot be changed now */
    }
  }
  if (is_repeat) {
    (void)do_write(world, bench_domain(domain->slot, TRINE_DOMAIN_REPEAT_READ),
                   compose_edge(stream), ALL_BYTES);
    (void)do_write(world, bench_domain(domain->slot, TRINE_DOMAIN_REPEAT_WRITE),
                   compose_edge(stream), ALL_BYTES);
  }
  bool ran = world_runs(world_state(world, domain->slot));
  bool is_taken = do_write(world, bench_domain(domain->slot, TRINE_DOMAIN_CONTROL), value, strobes);
  bool runs = world_runs(world_state(world, domain->slot));
  if ((is_start || is_repeat) && ran && runs && !is_taken) {
    ck_assert(do_read(world, status_at, &status));
    ck_assert_msg((status & TRINE_DOMAIN_STATUS_REFUSED_MASK) != 0,
                  "START or REPEAT of a running slot: STATUS is 0x%x, without REFUSED", status);
  }
  ck_assert_msg(is_taken || ((is_start || is_repeat) && ran),
                "0x%x written to CONTROL with strobes 0x%x: SLVERR", value, strobes);
}

/* A slot with a victim: its settings and its START are refused, and nothing changes. */
static void poke_victim(struct world *world, struct seed_stream *stream) {
  if (world->victim_count == 0 || !world_victims_stay(world, STAY)) {
    return;
  }
  uint32_t slot = compose_below(stream, world->victim_count);
  uint32_t offset = 4 * compose_below(stream, TRINE_DOMAIN_CONTROL / 4 + 1);
  bool is_control = offset == TRINE_DOMAIN_CONTROL;
  uint32_t address = bench_domain(slot, offset), before = 0, after = 0;
  uint32_t value = is_control ? TRINE_DOMAIN_CONTROL_START_MASK : (uint32_t)seed_next(stream);
  ck_assert(do_read(world, address, &before));
  bool is_taken = do_write(world, address, value, ALL_BYTES);
  ck_assert_msg(!is_taken, "a running victim's register 0x%x was written", offset);
  ck_assert(do_read(world, address, &after));
  ck_assert_msg(before == after, "a running victim's register 0x%x was 0x%x and is 0x%x", offset,
                before, after);
}

static void poke_watchdog(struct world *world) {
  uint32_t value = 0;
  ck_assert_msg(!do_write(world, TRINE_GLOBAL_WATCHDOG, 0, ALL_BYTES), "WATCHDOG 0 was taken");
  ck_assert(do_read(world, TRINE_GLOBAL_WATCHDOG, &value));
  ck_assert_uint_eq(value, world->watchdog);
}

void registers_poke(struct world *world, struct seed_stream *stream,
                    const struct world_domain *domain, uint32_t program) {
  switch (compose_below(stream, 10)) {
    case 0:
    case 1:
      poke_anywhere(world, stream);
      break;
    case 2:
    case 3:
    case 4:
      poke_setting(world, stream, domain, program);
      break;
    case 5:
      poke_victim(world, stream);
      break;
    case 6:
      poke_watchdog(world);
      break;
    case 7: /* all good, and START */
      if (!world_runs(world_state(world, domain->slot))) {
        world_set(world, domain);
        (void)do_write(world, bench_domain(domain->slot, TRINE_DOMAIN_CONTROL), 1, ALL_BYTES);
      }
      break;
    default:
      poke_control(world, stream, domain);
  }
}
