/* SPDX-License-Identifier: Apache-2.0 */
/* world: see world.h. */
#include "world.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "trine_regs.h"

enum { MEMORY_BYTES = 8 << 20, SLICE = 400, ALL_SLOTS = 0xffff, WIDE = 4 };

uint64_t world_now(const struct world *world) {
  return world->bench.ops->cycles(world->bench.sim);
}

uint64_t world_zone(const struct world *world, uint32_t domain) {
  return world->memory.memory_bytes - (domain + 1) * (uint64_t)WORLD_ZONE_BYTES;
}

void world_guard(struct world *world, uint32_t mask, uint64_t base, uint64_t len_bytes) {
  const struct trine_sim_window window = {base, len_bytes};
  for (uint32_t core = 0; core < world->info->cores; core++) {
    if ((mask >> core & 1) != 0) {
      ck_assert_int_eq(world->bench.ops->guard(world->bench.sim, core, &window), TRINE_SIM_OK);
    }
  }
}

/* Before a START: the window in the slot's registers becomes that of its cores, but of none that
 * another domain has. */
static void arm(void *context, uint32_t slot) {
  struct world *world = context;
  struct bench *bench = &world->bench;
  uint32_t mask = bench_read(bench, bench_domain(slot, TRINE_DOMAIN_CORE_MASK)) &
                  ~bench_read(bench, TRINE_GLOBAL_CORES_BUSY);
  uint64_t base = bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_BASE_LO));
  world_guard(world, mask, base, bench_read(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_SIZE)));
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
  arm(world, domain->slot);
  bench_write(&world->bench, bench_domain(domain->slot, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_START_MASK);
}

static uint64_t bound(const struct tenant *tenant) {
  return WORLD_TIMES * tenant->alone + WORLD_GRACE;
}

/* Results of a tenant that has ended; none of its cores may go on. */
static void take(struct world *world, struct tenant *tenant, const char *who) {
  world_guard(world, trine_job_core_mask(tenant->job.job), 0, 0);
  tenant_take(tenant, &world->bench, who);
  const struct trine_stats *stats = trine_job_stats(tenant->job.job);
  uint64_t cycles = stats->cycles + stats->load_cycles;
  if (tenant->alone != 0) {
    ck_assert_msg(cycles <= bound(tenant), "%s took %llu cycles, alone %llu", who,
                  (unsigned long long)cycles, (unsigned long long)tenant->alone);
  }
}

static void start_victim(struct world *world, uint32_t n) {
  struct tenant *victim = &world->victims[n];
  if (!victim->has_job || seed_uniform(world->stream, 0, 7) == 0) {
    tenant_job(victim, world->bench.device); /* loads again; else it is resident */
  }
  tenant_start(victim, &world->bench);
  ck_assert_uint_eq(trine_job_slot(victim->job.job), n);
  world->started[n] = world_now(world);
}

void world_tend(struct world *world) {
  for (uint32_t n = 0; n < world->victim_count; n++) {
    struct tenant *victim = &world->victims[n];
    if (trine_job_done(victim->job.job)) {
      take(world, victim, "victim");
      const struct trine_stats *stats = trine_job_stats(victim->job.job);
      totals_victim(world->totals, stats->cycles + stats->load_cycles, victim->alone);
      start_victim(world, n);
    }
    ck_assert_msg(world_now(world) - world->started[n] <= bound(victim),
                  "victim %u is not done after %u times its %llu cycles alone", n, WORLD_TIMES,
                  (unsigned long long)victim->alone);
  }
}

bool world_victims_stay(struct world *world, uint64_t cycles) {
  bool stays = true;
  world_tend(world);
  for (uint32_t n = 0; n < world->victim_count; n++) {
    stays = stays && world_now(world) - world->started[n] + cycles < world->victims[n].least;
  }
  return stays;
}

uint32_t world_wait(struct world *world, uint32_t slot, uint64_t cycles) {
  struct bench *bench = &world->bench;
  uint64_t end = world_now(world) + cycles;
  for (;;) {
    bench_write(bench, TRINE_GLOBAL_IRQ_ENABLE, ALL_SLOTS);
    bench_write(bench, TRINE_GLOBAL_IRQ_RAW, ALL_SLOTS);
    world_tend(world);
    uint32_t state = world_state(world, slot);
    uint64_t now = world_now(world);
    if (!world_runs(state) || now >= end) {
      return state;
    }
    int status = bench->ops->wait(bench->sim, end - now < SLICE ? end - now : SLICE);
    ck_assert_msg(status == TRINE_SIM_OK || status == TRINE_SIM_ERR_TIMEOUT, "%s",
                  bench->ops->error(bench->sim));
  }
}

void world_pass(struct world *world, uint64_t cycles) {
  bench_step(&world->bench, cycles);
  world_tend(world);
}

void world_serve(struct world *world, struct tenant *tenant) {
  tenant_job(tenant, world->bench.device);
  world_tend(world);
  tenant_start(tenant, &world->bench);
  uint32_t slot = trine_job_slot(tenant->job.job);
  uint64_t limit = tenant->alone != 0 ? bound(tenant) : UINT64_C(100) * WORLD_GRACE;
  uint32_t state = world_wait(world, slot, limit);
  ck_assert_msg(!world_runs(state), "the next tenant is not done after %llu cycles (alone %llu)",
                (unsigned long long)limit, (unsigned long long)tenant->alone);
  take(world, tenant, "the next tenant");
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

/* Who has which cores: victims first, in an order of cores that is drawn. */
static void divide(struct world *world, struct seed_stream *stream) {
  uint32_t order[TRINE_MAX_CORES], cores = world->info->cores;
  for (uint32_t n = 0; n < cores; n++) {
    uint32_t at = (uint32_t)seed_uniform(stream, 0, n);
    order[n] = order[at];
    order[at] = n;
  }
  bool has_victim = cores >= WIDE || seed_uniform(stream, 0, 3) > 0;
  world->victim_count = cores >= WIDE ? WORLD_VICTIMS : has_victim ? 1 : 0;
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
                                     .max_steps = 24,
                                     .has_dense = n == 0,
                                     .has_state = seed_uniform(stream, 0, 2) == 0};
    tenant_make(&world->victims[n], stream, &size, TRINE_MODE_SINGLE, 1u << order[n]);
  }
}

static uint64_t run_alone(struct world *world, struct tenant *victim) {
  tenant_start(victim, &world->bench);
  tenant_take(victim, &world->bench, "victim alone");
  world_guard(world, victim->options.core_mask, 0, 0);
  const struct trine_stats *stats = trine_job_stats(victim->job.job);
  return stats->cycles + stats->load_cycles;
}

/* Nobody else runs. */
static void measure_victim(struct world *world, uint32_t n) {
  struct tenant *victim = &world->victims[n];
  tenant_job(victim, world->bench.device);
  victim->alone = run_alone(world, victim);
  victim->least = run_alone(world, victim);
}

void world_open(struct world *world, const char *config, struct seed_stream *stream,
                struct totals *totals) {
  memset(world, 0, sizeof *world);
  world->totals = totals;
  world->stream = stream;
  draw_memory(world, stream);
  bench_open(&world->bench, config, &world->memory);
  world->info = trine_get_info(world->bench.device);
  divide(world, stream);
  world->watchdog = (uint32_t)seed_uniform(stream, 1200, 2400);
  bench_write(&world->bench, TRINE_GLOBAL_WATCHDOG, world->watchdog);
  world_guard(world, ALL_SLOTS, 0, 0);
  world->bench.before_start = arm;
  world->bench.start_context = world;
  for (uint32_t n = 0; n < world->victim_count; n++) {
    measure_victim(world, n);
  }
  for (uint32_t n = 0; n < world->victim_count; n++) {
    start_victim(world, n);
  }
}

void world_close(struct world *world) {
  world->totals->cycles += world_now(world);
  for (uint32_t n = 0; n < world->victim_count; n++) {
    tenant_free(&world->victims[n]);
  }
  bench_close(&world->bench);
}
