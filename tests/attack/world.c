/* SPDX-License-Identifier: Apache-2.0 */
/* world: see world.h. */
#include "world.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "trine_regs.h"

enum { MEMORY_BYTES = 8 << 20, SLICE = 500, ALL_SLOTS = 0xffff, WIDE = 4 };

uint64_t world_now(const struct world *world) {
  return world->bench.ops->cycles(world->bench.sim);
}

uint64_t world_zone(const struct world *world, uint32_t zone) {
  return world->memory.memory_bytes - (zone + 1) * (uint64_t)WORLD_ZONE_BYTES;
}

void world_guard(struct world *world, uint32_t mask, uint64_t base, uint64_t len_bytes) {
  const struct trine_sim_window window = {base, len_bytes};
  for (uint32_t core = 0; core < world->info->cores; core++) {
    if ((mask >> core & 1) != 0) {
      ck_assert_int_eq(world->bench.ops->guard(world->bench.sim, core, &window), TRINE_OK);
    }
  }
}

uint32_t world_state(struct world *world, uint32_t slot) {
  uint32_t status = bench_read(&world->bench, bench_domain(slot, TRINE_DOMAIN_STATUS));
  uint32_t state = status & TRINE_DOMAIN_STATUS_STATE_MASK;
  ck_assert_msg(state <= TRINE_DOMAIN_STATUS_STATE_ERROR, "slot %u: STATUS is 0x%x", slot, status);
  return state;
}

bool world_runs(uint32_t state) {
  return state == TRINE_DOMAIN_STATUS_STATE_RUNNING || state == TRINE_DOMAIN_STATUS_STATE_STOPPING;
}

void world_set(struct world *world, const struct world_domain *domain) {
  const uint32_t registers[][2] = {{TRINE_DOMAIN_CORE_MASK, domain->mask},
                                   {TRINE_DOMAIN_MODE, domain->mode},
                                   {TRINE_DOMAIN_WINDOW_BASE_LO, (uint32_t)domain->base},
                                   {TRINE_DOMAIN_WINDOW_BASE_HI, (uint32_t)(domain->base >> 32)},
                                   {TRINE_DOMAIN_WINDOW_SIZE, domain->size},
                                   {TRINE_DOMAIN_PROGRAM, domain->program}};
  for (uint32_t n = 0; n < sizeof registers / sizeof registers[0]; n++) {
    bench_write(&world->bench, bench_domain(domain->slot, registers[n][0]), registers[n][1]);
  }
}

void world_start(struct world *world, const struct world_domain *domain) {
  world_set(world, domain);
  world_guard(world, domain->mask, domain->base, domain->size);
  bench_write(&world->bench, bench_domain(domain->slot, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_START_MASK);
}

static uint64_t bound(const struct tenant *tenant) {
  return WORLD_TIMES * tenant->runs[TENANT_FRESH].cycles + WORLD_GRACE;
}

static uint64_t victim_base(const struct world *world, uint32_t n) {
  return world_zone(world, 2 * WORLD_DOMAINS + n);
}

/* A tenant whose slot has ended: DONE, exact and in time, and none of its cores may go on. Its
 * cycles. */
static uint64_t look_at(struct world *world, const struct tenant *tenant, enum tenant_way way,
                        uint32_t slot, uint64_t base, const char *who) {
  struct bench *bench = &world->bench;
  uint32_t state = world_state(world, slot);
  uint32_t code = bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CODE));
  ck_assert_msg(state == TRINE_DOMAIN_STATUS_STATE_DONE && code == 0,
                "%s (slot %u, mask 0x%x, %s): state %u, code %u %s, core %u, operation %u", who,
                slot, tenant->mask, way == TENANT_FRESH ? "from scratch" : "resident", state, code,
                totals_code(code), bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CORE)),
                bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_OP)));
  world_guard(world, tenant->mask, 0, 0);
  tenant_check(tenant, bench, way, base, who);
  uint64_t cycles = bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_CYCLES_LO));
  ck_assert_msg(cycles <= bound(tenant), "%s took %llu cycles, alone %llu", who,
                (unsigned long long)cycles, (unsigned long long)tenant->runs[way].cycles);
  return cycles;
}

static void start_victim(struct world *world, uint32_t n, enum tenant_way way) {
  const struct tenant *victim = &world->victims[n];
  const struct world_domain domain = {
      n, victim->mask, victim->mode, victim_base(world, n), victim->bytes, 0};
  tenant_put(victim, &world->bench, way, domain.base);
  if (world->started[n] == 0) {
    world_set(world, &domain);
  }
  world_guard(world, domain.mask, domain.base, domain.size);
  bench_write(&world->bench, bench_domain(n, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_START_MASK);
  world->started[n] = world_now(world);
  world->ways[n] = way;
}

void world_begin(struct world *world) {
  for (uint32_t n = 0; n < world->victim_count; n++) {
    start_victim(world, n, TENANT_FRESH);
  }
}

void world_tend(struct world *world) {
  for (uint32_t n = 0; n < world->victim_count; n++) {
    const struct tenant *victim = &world->victims[n];
    enum tenant_way way = world->ways[n];
    if (!world_runs(world_state(world, n))) {
      uint64_t cycles = look_at(world, victim, way, n, victim_base(world, n), "a victim");
      totals_victim(world->totals, cycles, victim->runs[way].cycles);
      bool is_fresh = seed_uniform(world->stream, 0, 3) == 0;
      start_victim(world, n, is_fresh ? TENANT_FRESH : TENANT_RESIDENT);
    }
    ck_assert_msg(world_now(world) - world->started[n] <= bound(victim),
                  "victim %u is not done after %u times its %llu cycles alone", n, WORLD_TIMES,
                  (unsigned long long)victim->runs[TENANT_FRESH].cycles);
  }
}

bool world_victims_stay(struct world *world, uint64_t cycles) {
  bool stays = true;
  world_tend(world);
  for (uint32_t n = 0; n < world->victim_count; n++) {
    uint64_t least = world->victims[n].runs[TENANT_RESIDENT].cycles;
    stays = stays && world_now(world) - world->started[n] + cycles < least;
  }
  return stays;
}

uint32_t world_wait(struct world *world, uint32_t slot, uint64_t cycles) {
  struct bench *bench = &world->bench;
  uint64_t end = world_now(world) + cycles;
  for (;;) {
    bench_write(bench, TRINE_GLOBAL_IRQ_ENABLE, ALL_SLOTS);
    bench_write(bench, TRINE_GLOBAL_IRQ_RAW, ALL_SLOTS);
    uint32_t state = world_state(world, slot);
    uint64_t now = world_now(world);
    if (!world_runs(state) || now >= end) {
      return state;
    }
    world_tend(world);
    int status = bench->ops->wait(bench->sim, end - now < SLICE ? end - now : SLICE);
    ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_TIMEOUT, "%s",
                  bench->ops->error(bench->sim));
  }
}

void world_pass(struct world *world, uint64_t cycles) {
  bench_step(&world->bench, cycles);
  world_tend(world);
}

void world_serve(struct world *world, const struct tenant *tenant, uint32_t slot, uint32_t domain) {
  const struct world_domain place = {slot,          tenant->mask,
                                     tenant->mode,  world_zone(world, WORLD_DOMAINS + domain),
                                     tenant->bytes, 0};
  tenant_put(tenant, &world->bench, TENANT_FRESH, place.base);
  world_start(world, &place);
  uint32_t state = world_wait(world, slot, bound(tenant));
  ck_assert_msg(!world_runs(state), "the next tenant is not done after %llu cycles (alone %llu)",
                (unsigned long long)bound(tenant),
                (unsigned long long)tenant->runs[TENANT_FRESH].cycles);
  (void)look_at(world, tenant, TENANT_FRESH, slot, place.base, "the next tenant");
  world->totals->tenants++;
}

/* Latency, bandwidth and pauses; half of the time those of all published figures. */
static void draw_memory(struct world *world, struct seed_stream *stream) {
  world->memory = trine_sim_defaults();
  world->memory.memory_bytes = MEMORY_BYTES;
  world->memory.seed = seed_next(stream);
  world->memory.random_reset = seed_uniform(stream, 0, 1) == 1;
  if (seed_uniform(stream, 0, 1) == 1) {
    world->memory.latency_cycles = (uint32_t)seed_log_uniform(stream, 1, 60);
    world->memory.beats_den = (uint32_t)seed_log_uniform(stream, 1, 3);
    world->memory.stall_permille =
        seed_uniform(stream, 0, 1) == 1 ? (uint32_t)seed_uniform(stream, 20, 500) : 0;
  }
}

/* Cycles in which memory answers all that the cores may have asked of it, and a quarter more for
 * pauses that come one behind the other. A core whose memory takes longer than the watchdog is
 * patient is taken for stuck, and rightly. */
static uint32_t answer_cycles(const struct world *world) {
  const struct trine_sim_options *memory = &world->memory;
  uint32_t beats = world->info->cores * WORLD_BURSTS * WORLD_BURST_BEATS;
  uint32_t flowing = beats * memory->beats_den / memory->beats_num;
  return memory->latency_cycles + flowing * 1250 / (1000 - memory->stall_permille);
}

/* Who has which cores: victims first, in an order of cores that is drawn. */
static void divide(struct world *world, struct seed_stream *stream) {
  uint32_t order[TRINE_MAX_CORES] = {0}, cores = world->info->cores;
  for (uint32_t n = 0; n < cores; n++) {
    uint32_t at = (uint32_t)seed_uniform(stream, 0, n);
    order[n] = order[at];
    order[at] = n;
  }
  bool has_victim = cores >= WIDE || seed_uniform(stream, 0, 3) > 0;
  if (cores >= WIDE) {
    world->victim_count = WORLD_VICTIMS;
  } else if (has_victim) {
    world->victim_count = 1;
  } else {
    world->victim_count = 0;
  }
  uint32_t rest = cores - world->victim_count;
  bool is_apart = world->victim_count > 0 && (rest == 1 || seed_uniform(stream, 0, 1) == 1);
  world->domain_count = is_apart && rest > 1 ? WORLD_DOMAINS : 1;
  for (uint32_t n = 0; n < rest; n++) {
    world->domain_mask[n % world->domain_count] |= 1u << order[world->victim_count + n];
  }
  for (uint32_t n = 0; n < world->victim_count; n++) {
    const struct tenant_size size = {.lstms = 1,
                                     .max_units = 14,
                                     .sequences = 2,
                                     .max_steps = 60,
                                     .has_dense = n == 0,
                                     .has_state = seed_uniform(stream, 0, 2) == 0};
    tenant_open(&world->victims[n], &world->bench, stream, &size, TRINE_MODE_SINGLE,
                1u << order[n]);
  }
}

void world_open(struct world *world, const char *config, struct seed_stream *stream,
                struct totals *totals) {
  memset(world, 0, sizeof *world);
  world->totals = totals;
  world->stream = stream;
  draw_memory(world, stream);
  bench_open(&world->bench, config, &world->memory);
  world->info = trine_get_info(world->bench.device);
  world->watchdog = (uint32_t)seed_uniform(stream, 600, 1000);
  uint32_t least = answer_cycles(world);
  world->watchdog = world->watchdog > least ? world->watchdog : least;
  bench_write(&world->bench, TRINE_GLOBAL_WATCHDOG, world->watchdog);
  divide(world, stream);
}

void world_close(struct world *world) {
  world->totals->cycles += world_now(world);
  for (uint32_t n = 0; n < world->victim_count; n++) {
    tenant_close(&world->victims[n]);
  }
  bench_close(&world->bench);
}
