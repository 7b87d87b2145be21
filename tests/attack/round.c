/* SPDX-License-Identifier: Apache-2.0 */
/* round: see round.h. */
#include "round.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "compose.h"
#include "registers.h"
#include "trine_regs.h"

enum {
  RUN_CYCLES = 1500,  /* a program that runs on for so long is aborted */
  STOP_CYCLES = 1000, /* beside the watchdog's, for a domain to stop */
  MAX_POKES = 24,
  COUNTER_BITS = 8
};

static void put_memory(struct world *world, uint64_t at, const void *data, size_t bytes) {
  ck_assert_int_eq(world->bench.ops->mem_write(world->bench.sim, at, data, bytes), TRINE_OK);
}

static void set_mischief(struct world *world, const struct trine_sim_mischief *mischief) {
  ck_assert_int_eq(world->bench.ops->mischief(world->bench.sim, mischief), TRINE_OK);
}

/* Errors and late answers for the attackers' cores alone; with `is_lost`, such that cores may end
 * in quarantine. */
static void draw_mischief(struct round *round, struct seed_stream *stream, bool is_lost) {
  struct trine_sim_mischief mischief = {.reorder = true};
  for (uint32_t d = 0; d < round->world.domain_count; d++) {
    mischief.cores |= round->world.domain_mask[d];
  }
  switch (is_lost ? 3 + compose_below(stream, 2) : compose_below(stream, 3)) {
    case 0:
      mischief.read_error_permille = 1 + compose_below(stream, 20);
      break;
    case 1:
      mischief.write_error_permille = 1 + compose_below(stream, 300);
      break;
    case 2:
      mischief.late_permille = 5 + compose_below(stream, 200);
      mischief.late_min = 1 + compose_below(stream, 100);
      /* What is later than the watchdog is patient counts as lost. */
      mischief.late_max = mischief.late_min + compose_below(stream, round->world.watchdog / 2);
      break;
    case 3:
      mischief.lost_permille = 5 + compose_below(stream, 100);
      break;
    default:
      mischief.late_permille = 20 + compose_below(stream, 300);
      mischief.late_min = compose_below(stream, 2 * round->world.watchdog);
      mischief.late_max = mischief.late_min + 2 * (uint64_t)round->world.watchdog;
  }
  set_mischief(&round->world, &mischief);
}

static uint64_t spoilt(const struct world *world) {
  struct trine_sim_stats stats;
  world->bench.ops->stats(world->bench.sim, &stats);
  return stats.spoilt;
}

/* The window of the honest tenant and, for a resident program, a run of the one that it follows. */
static void set_scene(struct round *round, struct round_attack *attack) {
  struct world *world = &round->world;
  struct world_domain scene = attack->domain;
  enum tenant_way way = attack->kind == ROUND_RESIDENT ? TENANT_RESIDENT : TENANT_FRESH;
  if (way == TENANT_RESIDENT) {
    scene.size = attack->base->bytes;
    scene.program = 0;
    tenant_put(attack->base, &world->bench, TENANT_FRESH, scene.base);
    world_start(world, &scene);
    uint32_t state = world_wait(world, scene.slot, UINT64_C(100) * WORLD_GRACE);
    ck_assert_msg(state == TRINE_DOMAIN_STATUS_STATE_DONE, "the program before a resident one: %u",
                  state);
    tenant_check(attack->base, &world->bench, TENANT_FRESH, scene.base,
                 "the tenant before a resident program");
  }
  tenant_put(attack->base, &world->bench, way, scene.base);
}

static void rewrite(struct round *round, struct seed_stream *stream) {
  struct world *world = &round->world;
  for (uint32_t n = 1 + compose_below(stream, 6); n > 0; n--) {
    const struct round_attack *attack = &round->attacks[compose_below(stream, world->domain_count)];
    uint32_t words[COMPOSE_OPERATION_WORDS], count = 1;
    uint32_t at = 8 + compose_below(stream, (uint32_t)attack->count - 8);
    words[0] = compose_below(stream, 2) == 0 ? attack->words[at] ^ 1u << compose_below(stream, 32)
                                             : compose_edge(stream);
    if (compose_below(stream, 3) == 0) {
      const uint32_t ranks = (uint32_t)__builtin_popcount(attack->domain.mask);
      count = compose_operation(stream, world->info, ranks, attack->domain.size, words);
    }
    uint64_t to = attack->domain.base + attack->domain.program + 4 * (uint64_t)at;
    put_memory(world, to, words, 4 * (size_t)count);
    world_pass(world, compose_below(stream, 60));
  }
}

static void abort_domain(struct world *world, uint32_t slot) {
  bench_write(&world->bench, bench_domain(slot, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_ABORT_MASK);
}

static void abort_all(struct round *round, struct seed_stream *stream) {
  world_pass(&round->world, (uint64_t)seed_log_uniform(stream, 1, 1500));
  for (uint32_t d = 0; d < round->world.domain_count; d++) {
    abort_domain(&round->world, round->attacks[d].domain.slot);
  }
}

/* What is done to the domains while they run. */
static void disturb(struct round *round, struct seed_stream *stream) {
  struct world *world = &round->world;
  switch (round->event) {
    case ROUND_ABORT:
      abort_all(round, stream);
      break;
    case ROUND_MISCHIEF:
    case ROUND_LOST:
      if (compose_below(stream, 3) == 0) { /* answers are on their way then */
        abort_all(round, stream);
      }
      break;
    case ROUND_REGISTERS:
      for (uint32_t n = compose_below(stream, MAX_POKES); n > 0; n--) {
        const struct round_attack *attack =
            &round->attacks[compose_below(stream, world->domain_count)];
        registers_poke(world, stream, &attack->domain, attack->domain.program);
        world_pass(world, compose_below(stream, 60));
      }
      break;
    case ROUND_REWRITE:
      world_pass(world, (uint64_t)seed_log_uniform(stream, 1, 400));
      rewrite(round, stream);
      break;
    default:
      break;
  }
}

/* On DONE every cycle of a core is in exactly one of the other counters. */
static void check_counters(struct world *world, const struct world_domain *domain) {
  struct bench *bench = &world->bench;
  uint64_t cycles = bench_read64(bench, bench_domain(domain->slot, TRINE_DOMAIN_CYCLES_LO));
  uint32_t ranks = (uint32_t)__builtin_popcount(domain->mask);
  for (uint32_t rank = 0; rank < ranks; rank++) {
    uint64_t counts[TRINE_COUNTERS], sum = 0;
    for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
      bench_write(bench, bench_domain(domain->slot, TRINE_DOMAIN_COUNTER_SELECT),
                  rank << COUNTER_BITS | n);
      counts[n] = bench_read64(bench, bench_domain(domain->slot, TRINE_DOMAIN_COUNTER_LO));
      sum += n > 0 ? counts[n] : 0;
    }
    ck_assert_msg(sum == counts[0] && counts[0] <= cycles,
                  "rank %u: %llu cycles, the counters say %llu, the domain %llu", rank,
                  (unsigned long long)counts[0], (unsigned long long)sum,
                  (unsigned long long)cycles);
  }
}

/* State, code and core of a domain that has ended, and its cores free. */
static void check_end(struct round *round, struct seed_stream *stream, uint32_t d, uint32_t state) {
  struct world *world = &round->world;
  const struct world_domain *domain = &round->attacks[d].domain;
  struct bench *bench = &world->bench;
  uint32_t code = bench_read(bench, bench_domain(domain->slot, TRINE_DOMAIN_ERROR_CODE));
  uint32_t core = bench_read(bench, bench_domain(domain->slot, TRINE_DOMAIN_ERROR_CORE));
  bool is_done = state == TRINE_DOMAIN_STATUS_STATE_DONE;
  ck_assert_msg(code < TOTALS_CODES && totals_code(code) != NULL && is_done == (code == 0),
                "state %u with error code %u", state, code);
  bool is_of_core = code >= TRINE_ERROR_MAGIC && code != TRINE_ERROR_ABORTED;
  ck_assert_msg(!is_of_core || (domain->mask >> core & 1) != 0, "error %u of core %u of mask 0x%x",
                code, core, domain->mask);
  uint32_t busy = bench_read(bench, TRINE_GLOBAL_CORES_BUSY) & domain->mask;
  ck_assert_msg(busy == 0, "cores 0x%x are busy after the end", busy);
  if (is_done) {
    world->totals->done++;
  } else {
    world->totals->errors[code]++;
  }
  if (is_done && round->event != ROUND_REGISTERS && compose_below(stream, 4) == 0) {
    check_counters(world, domain);
  }
}

/* Waits for a domain, aborts what goes on, and closes its cores' window. */
static void end_domain(struct round *round, struct seed_stream *stream, uint32_t d) {
  struct world *world = &round->world;
  const struct world_domain *domain = &round->attacks[d].domain;
  uint64_t limit = RUN_CYCLES + (round->event == ROUND_LOST ? 2 * world->watchdog : 0);
  uint32_t state = world_wait(world, domain->slot, limit);
  if (world_runs(state)) {
    abort_domain(world, domain->slot);
    world->totals->aborted_by_time++;
    state = world_wait(world, domain->slot, world->watchdog + STOP_CYCLES);
    ck_assert_msg(!world_runs(state), "slot %u is in state %u, %u cycles after ABORT", domain->slot,
                  state, world->watchdog + STOP_CYCLES);
  }
  uint32_t isolated = bench_read(&world->bench, TRINE_GLOBAL_QUARANTINE);
  ck_assert_msg((isolated & ~domain->mask) == 0 || round->event == ROUND_LOST,
                "quarantine 0x%x, the domain's mask is 0x%x", isolated, domain->mask);
  ck_assert_msg(isolated == 0 || round->event == ROUND_LOST,
                "cores 0x%x are in quarantine and no answer was lost", isolated);
  world_guard(world, domain->mask & ~isolated, 0, 0);
  check_end(round, stream, d, state);
}

/* Cores in quarantine: START is refused, and the victims do not notice the answers that come now.
 */
static void check_quarantine(struct round *round, uint32_t isolated) {
  struct world *world = &round->world;
  uint64_t runs = world->totals->victims;
  world->totals->quarantined++;
  for (uint32_t d = 0; d < world->domain_count; d++) {
    const struct world_domain *domain = &round->attacks[d].domain;
    if ((domain->mask & isolated) == 0) {
      continue;
    }
    world_set(world, domain);
    bench_write(&world->bench, bench_domain(domain->slot, TRINE_DOMAIN_CONTROL),
                TRINE_DOMAIN_CONTROL_START_MASK);
    uint32_t state = world_wait(world, domain->slot, 100);
    uint32_t code = bench_read(&world->bench, bench_domain(domain->slot, TRINE_DOMAIN_ERROR_CODE));
    ck_assert_msg(state == TRINE_DOMAIN_STATUS_STATE_ERROR && code == TRINE_ERROR_CORE_QUARANTINED,
                  "START of a core in quarantine: state %u code %u", state, code);
  }
  for (uint32_t n = 0; n < 64 && world->totals->victims < runs + 4; n++) {
    world_pass(world, 200);
  }
}

static enum round_event draw_event(struct seed_stream *stream, bool may_lose) {
  static const uint32_t percent[] = {55, 12, 13, 8, 12};
  uint32_t at = compose_below(stream, 100);
  enum round_event event = ROUND_QUIET;
  if (may_lose) {
    return ROUND_LOST;
  }
  while (at >= percent[event]) {
    at -= percent[event++];
  }
  return event;
}

bool round_run(struct round *round, struct seed_stream *stream, bool may_lose) {
  struct world *world = &round->world;
  round->event = draw_event(stream, may_lose);
  for (uint32_t d = 0; d < world->domain_count; d++) {
    round_plan(round, stream, d);
    set_scene(round, &round->attacks[d]);
  }
  if (round->event >= ROUND_MISCHIEF) {
    draw_mischief(round, stream, may_lose);
  }
  uint64_t errors = spoilt(world), done = world->totals->done;
  for (uint32_t d = 0; d < world->domain_count; d++) {
    const struct round_attack *attack = &round->attacks[d];
    put_memory(world, attack->domain.base + attack->domain.program, attack->words,
               4 * attack->count);
    world_tend(world);
    world_start(world, &attack->domain);
    if (round->event == ROUND_REGISTERS) {
      world_guard(world, attack->domain.mask, world_zone(world, d), WORLD_ZONE_BYTES);
    }
    world->totals->programs++;
    world->totals->kinds[attack->kind]++;
  }
  disturb(round, stream);
  for (uint32_t d = 0; d < world->domain_count; d++) {
    end_domain(round, stream, d);
    if (d + 1 == world->domain_count && world->domain_count == 1) {
      ck_assert_msg(spoilt(world) == errors || world->totals->done == done,
                    "DONE, and the memory answered with an error");
    }
    uint32_t isolated = bench_read(&world->bench, TRINE_GLOBAL_QUARANTINE);
    if (isolated != 0) {
      set_mischief(world, &(struct trine_sim_mischief){.reorder = true});
      check_quarantine(round, isolated);
      return false;
    }
    if (compose_below(stream, 2) == 0) {
      world_pass(world, compose_below(stream, 80));
    }
    if (d + 1 == world->domain_count) {
      set_mischief(world, &(struct trine_sim_mischief){.reorder = true});
    }
    if (round->event < ROUND_MISCHIEF || d + 1 == world->domain_count) {
      /* Half of the time the smallest. */
      uint32_t next = compose_below(stream, 2 * round->base_count);
      world_serve(world, &round->bases[d][next < round->base_count ? next : 0],
                  round->attacks[d].domain.slot, d);
    }
  }
  round->number++;
  return true;
}
