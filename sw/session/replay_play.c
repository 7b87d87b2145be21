/* SPDX-License-Identifier: Apache-2.0 */
/* replay_play: the records of a dump, done to a simulated chip in their order; see replay_parts.h.
 *
 * A dump of a simulated chip is done again to the cycle, whatever runs side by side. Of a device
 * behind a wire the accesses come at other times: so where the record saw a slot at rest, the
 * simulated one gets the time to come to rest too. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "session/replay_parts.h"
#include "trine_regs.h"

/* How far behind the dump's own cycle it may go, and in all where it was stopped from outside. */
enum { MORE_CYCLES = 1000000, STOPPED_CYCLES = 200000000, LOOK_CYCLES = 64 };

struct player {
  const struct trine_dump *dump;
  const struct replay_how *how;
  struct replay_end *end;
  const struct trine_sim_ops *ops;
  struct trine_sim *sim;
  struct trine_bus bus;
  uint64_t budget;      /* the cycle of the chip at which the last start has had its time */
  uint32_t starts;      /* so far */
  uint64_t window_base; /* of a slot that is being set up, as the device had it */
  bool is_put_back;
};

/* --- Time --- */

static uint64_t now(const struct player *player) {
  return player->ops->cycles(player->sim);
}

static void put_back(struct player *player) {
  const struct replay_how *how = player->how;
  const struct trine_sim_fault fault = {.base = how->fault_base,
                                        .len_bytes = how->fault_bytes,
                                        .kind = TRINE_SIM_FAULT_SLVERR,
                                        .on_read = true,
                                        .on_write = true};
  (void)player->ops->add_fault(player->sim, &fault);
  player->is_put_back = true;
}

/* Until the interrupt, at most so many cycles. */
static enum trine_status wait_cycles(struct player *player, uint64_t cycles) {
  const struct replay_how *how = player->how;
  const bool is_last = player->starts == player->dump->head.starts;
  if (is_last && how->puts_back && !player->is_put_back) {
    const uint64_t due = player->end->start_cycle + how->fault_after;
    const uint64_t before = due > now(player) ? due - now(player) : 0;
    if (before > cycles) {
      return player->ops->wait(player->sim, cycles);
    }
    if (before > 0) {
      const enum trine_status status = player->ops->wait(player->sim, before);
      if (status != TRINE_ERR_TIMEOUT) {
        return status;
      }
    }
    put_back(player);
    cycles -= before;
  }
  return player->ops->wait(player->sim, cycles);
}

static uint64_t left(const struct player *player) {
  return player->budget > now(player) ? player->budget - now(player) : 0;
}

/* Gives a slot the time to come to rest. *status is its STATUS. */
static enum trine_status settle(struct player *player, uint32_t addr, uint32_t *value) {
  enum trine_status status = player->bus.read32(player->bus.ctx, addr, value);
  while (status == TRINE_OK && trine_dump_is_at_work(*value) && left(player) > 0) {
    status = player->ops->step(player->sim, LOOK_CYCLES);
    if (status == TRINE_OK) {
      status = player->bus.read32(player->bus.ctx, addr, value);
    }
  }
  return status;
}

/* --- Records --- */

static void leave(struct player *player, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void leave(struct player *player, const char *format, ...) {
  va_list args;
  va_start(args, format);
  (void)vsnprintf(player->end->why, sizeof player->end->why, format, args);
  va_end(args);
  player->end->is_off = true;
}

/* A register as the simulated chip has to have it: its memory begins at 0. */
static enum trine_status write_register(struct player *player,
                                        const struct trine_dump_record *record) {
  const uint64_t base = player->dump->head.memory_base;
  const uint32_t addr = (uint32_t)record->addr;
  const bool is_low = trine_dump_slot_of(addr, TRINE_DOMAIN_WINDOW_BASE_LO) >= 0;
  const bool is_high = trine_dump_slot_of(addr, TRINE_DOMAIN_WINDOW_BASE_HI) >= 0;
  if (base == 0 || (!is_low && !is_high)) {
    return player->bus.write32(player->bus.ctx, addr, record->value);
  }
  player->window_base =
      is_low ? record->value : (player->window_base & UINT32_MAX) | (uint64_t)record->value << 32;
  if (is_low) { /* the high word follows */
    return TRINE_OK;
  }
  const uint64_t moved = player->window_base - base;
  const enum trine_status status = player->bus.write32(player->bus.ctx, addr - 4, (uint32_t)moved);
  return status == TRINE_OK ? player->bus.write32(player->bus.ctx, addr, (uint32_t)(moved >> 32))
                            : status;
}

static enum trine_status play_write(struct player *player, const struct trine_dump_record *record) {
  const struct trine_dump_head *head = &player->dump->head;
  const int slot = trine_dump_slot_of(record->addr, TRINE_DOMAIN_CONTROL);
  const bool is_start = slot >= 0 && (record->value & TRINE_DUMP_STARTS) != 0;
  if (is_start) {
    player->starts++;
    player->budget = UINT64_MAX;
  }
  if (is_start && player->starts == head->starts && player->how->puts_back &&
      player->how->fault_after == 0) {
    put_back(player);
  }
  const enum trine_status status = write_register(player, record);
  if (is_start && (uint32_t)slot == head->slot) {
    player->end->start_cycle = now(player);
  }
  if (is_start && player->starts == head->starts) {
    const uint64_t cycles = head->has_state ? head->state.cycles : 0;
    const uint64_t most = head->failure == TRINE_DUMP_STOPPED && cycles > STOPPED_CYCLES
                              ? STOPPED_CYCLES
                              : cycles + cycles / 8 + MORE_CYCLES;
    player->budget = most < UINT64_MAX - now(player) ? now(player) + most : UINT64_MAX;
  }
  return status;
}

static enum trine_status play_read(struct player *player, const struct trine_dump_record *record) {
  enum trine_status status = TRINE_OK;
  uint32_t value = 0;
  for (uint32_t n = 0; n < record->value && status == TRINE_OK && left(player) > 0; n++) {
    status = player->bus.read32(player->bus.ctx, (uint32_t)record->addr, &value);
  }
  return status;
}

/* A slot that was at rest there is so here, and has ended in the same way: but for the last, which
 * is what is looked at. */
static enum trine_status play_rest(struct player *player, const struct trine_dump_record *record,
                                   bool is_last) {
  uint32_t value = 0;
  const enum trine_status status = settle(player, (uint32_t)record->addr, &value);
  const uint32_t slot = (uint32_t)trine_dump_slot_of(record->addr, TRINE_DOMAIN_STATUS);
  const uint32_t mask = TRINE_DOMAIN_STATUS_STATE_MASK;
  if (status == TRINE_OK && !is_last && (value & mask) != (record->value & mask)) {
    leave(player,
          "start %" PRIu32 " of %" PRIu32 " ends in state %" PRIu32 " of slot %" PRIu32
          ", and in state %" PRIu32 " on the device",
          player->starts, player->dump->head.starts, value & mask, slot, record->value & mask);
  }
  return status;
}

static enum trine_status play(struct player *player, const struct trine_dump_record *record,
                              bool is_last) {
  const uint64_t base = player->dump->head.memory_base;
  switch (record->kind) {
    case TRINE_DUMP_WRITE:
      return play_write(player, record);
    case TRINE_DUMP_READ:
      return play_read(player, record);
    case TRINE_DUMP_REST:
      return play_rest(player, record, is_last);
    case TRINE_DUMP_WAIT: {
      const uint64_t cycles = (uint64_t)record->value * TRINE_SIM_CYCLES_PER_MS;
      const enum trine_status status =
          wait_cycles(player, cycles < left(player) ? cycles : left(player));
      return status == TRINE_ERR_TIMEOUT ? TRINE_OK : status;
    }
    case TRINE_DUMP_MEMORY:
    default:
      return player->bus.mem_write(player->bus.ctx, record->addr - base, record->data,
                                   record->value);
  }
}

/* All records; an access that fails here is one that failed there only when it is the last. */
static void play_all(struct player *player) {
  const struct trine_dump *dump = player->dump;
  struct trine_dump_record record;
  uint64_t at = 0;
  while (!player->end->is_off &&
         trine_dump_next(dump->records, dump->head.record_bytes, &at, &record)) {
    const bool is_last = at == dump->head.record_bytes;
    if (play(player, &record, is_last) != TRINE_OK) {
      player->end->has_failed_access = true;
      if (!is_last || dump->head.failure != TRINE_DUMP_ACCESS) {
        leave(player, "an access at 0x%" PRIx64 " fails in simulation (%.200s)", record.addr,
              player->ops->error(player->sim));
      }
    }
  }
}

/* The state at the end; a slot that was stopped from outside gets as many cycles as it had. */
static void look(struct player *player) {
  const struct trine_dump_head *head = &player->dump->head;
  struct replay_end *end = player->end;
  uint32_t value = 0;
  const uint32_t status_addr = TRINE_DOMAIN_PAGE * (1 + head->slot) + TRINE_DOMAIN_STATUS;
  if (head->failure == TRINE_DUMP_STOPPED && head->has_state) {
    const uint64_t cycles =
        head->state.cycles < STOPPED_CYCLES ? head->state.cycles : STOPPED_CYCLES;
    const uint64_t spent = now(player) - end->start_cycle;
    if (spent < cycles && !end->is_off) {
      (void)wait_cycles(player, cycles - spent);
    }
  }
  if (head->failure == TRINE_DUMP_ERROR && !end->is_off) {
    (void)settle(player, status_addr, &value);
  }
  end->end_cycle = now(player);
  end->has_state = trine_dump_look(&player->bus, head->slot, &end->state) == TRINE_OK;
  if (end->has_state && head->failure == TRINE_DUMP_ERROR) {
    end->end_cycle = end->start_cycle + end->state.cycles;
  }
}

enum trine_status replay_play(const struct trine_dump *dump, const char *config,
                              const struct replay_how *how, struct replay_end *end,
                              struct trine_error *error) {
  struct trine_sim_options memory = trine_sim_defaults();
  struct trine_sim_backend *backend = NULL;
  *end = (struct replay_end){.start_cycle = 0};
  memory.memory_bytes = dump->head.memory_bytes > 4096 ? dump->head.memory_bytes : 4096;
  enum trine_status status = trine_sim_backend_open(config, &memory, &backend, error);
  if (status != TRINE_OK) {
    return status;
  }
  struct player player = {.dump = dump,
                          .how = how,
                          .end = end,
                          .ops = trine_sim_backend_ops(backend),
                          .sim = trine_sim_backend_sim(backend),
                          .bus = trine_sim_backend_bus(backend),
                          .budget = UINT64_MAX};
  if (how->wave != NULL) {
    status = player.ops->trace(player.sim, how->wave, how->wave_start, how->wave_cycles);
    trine_error_set(status == TRINE_OK ? NULL : error, "%s", player.ops->error(player.sim));
  }
  if (status == TRINE_OK) {
    play_all(&player);
    look(&player);
    if (how->wave != NULL) {
      (void)player.ops->step(player.sim, TRINE_REPLAY_WAVE_AFTER);
    }
  }
  trine_sim_backend_close(backend);
  return status;
}
