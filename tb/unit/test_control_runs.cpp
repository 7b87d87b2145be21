/* SPDX-License-Identifier: Apache-2.0 */
/* test_control_runs: a domain from start to done or error: interrupts, counters, errors of
 * cores, watchdog, abort, quarantine; and many domains at once. */
#include "control_model.h"

namespace control {

constexpr uint32_t WATCHDOG = 300;

static uint32_t legal_mode(uint32_t mask) {
  return __builtin_popcount(mask) == 1 ? 0 : 2;
}

static void begin(bench &b, unsigned slot, uint32_t mask) {
  b.configure(slot, mask, legal_mode(mask));
  EXPECT_EQ(b.start(slot), OKAY);
  EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  b.ticks(10);
}

static void abort_slot(bench &b, unsigned slot) {
  b.set(bench::at(slot, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_ABORT_MASK);
}

static void expect_record(bench &b, unsigned slot, unsigned code, unsigned core_index, uint32_t op,
                          uint64_t addr) {
  EXPECT_EQ(b.wait_state(slot, TRINE_DOMAIN_STATUS_STATE_ERROR), true);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CODE)), code);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CORE)), core_index);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_OP)), op);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_ADDR_LO)), addr & UINT32_MAX);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_ADDR_HI)), addr >> 32);
}

static void fail_core(bench &b, unsigned c, uint8_t code) {
  b.cores[c].error = true;
  b.cores[c].error_code = code;
  b.cores[c].error_op = 100 + c;
  b.cores[c].error_addr = UINT64_C(0x1234500000000) + c;
}

static void test_done_needs_all_cores_and_freezes_counters(bench &b) {
  b.reset();
  begin(b, 0, ALL);
  for (core &k : b.cores) {
    k.loading = true;
  }
  b.ticks(25);
  for (core &k : b.cores) {
    k.loading = false;
  }
  b.ticks(50);
  for (unsigned c = 0; c + 1 < CORES; c++) {
    b.cores[c].done = true;
  }
  b.ticks(20);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  uint64_t begun = b.cores[0].started_at;
  b.cores[CORES - 1].done = true;
  uint64_t want = b.cycle - begun;
  b.ticks(5);
  uint32_t cycles = b.get(bench::at(0, TRINE_DOMAIN_CYCLES_LO));
  EXPECT_EQ(cycles >= want && cycles <= want + 2, true);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_LOAD_CYCLES_LO)), 25);
  b.ticks(50);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_CYCLES_LO)), cycles);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_CYCLES_HI)), 0);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_LOAD_CYCLES_HI)), 0);
}

static void test_interrupt_is_sticky_and_cleared_by_ones(bench &b) {
  uint32_t bit = 1u << (CORES - 1);
  b.reset();
  begin(b, CORES - 1, 1);
  b.cores[0].done = true;
  EXPECT_EQ(b.wait_state(CORES - 1, TRINE_DOMAIN_STATUS_STATE_DONE), true);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_RAW), bit);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_STATUS), 0);
  EXPECT_EQ(b.top.irq_o, 0);
  b.set(TRINE_GLOBAL_IRQ_ENABLE, ALL);
  b.ticks(2);
  EXPECT_EQ(b.top.irq_o, 1);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_STATUS), bit);
  b.set(TRINE_GLOBAL_IRQ_RAW, ~bit);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_RAW), bit);
  EXPECT_EQ(b.write(TRINE_GLOBAL_IRQ_RAW, bit, bit < 256 ? 14 : 13), OKAY);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_RAW), bit);
  b.set(TRINE_GLOBAL_IRQ_RAW, bit);
  b.ticks(2);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_RAW), 0);
  EXPECT_EQ(b.top.irq_o, 0);
  b.configure(0, 0, 0);
  b.start(0);
  b.ticks(2);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_RAW), 1);
  EXPECT_EQ(b.top.irq_o, 1);
}

/* Two cores of one domain and one of another fail at once: each slot has its own lowest. */
static void test_errors_stop_their_domain_only(bench &b) {
  if (CORES < 4) {
    return;
  }
  b.reset();
  begin(b, 0, 6);
  begin(b, 1, 8);
  begin(b, 2, 1);
  b.cores[3].settle = 400;
  fail_core(b, 2, TRINE_ERROR_BUS_READ);
  fail_core(b, 1, TRINE_ERROR_WINDOW);
  fail_core(b, 3, TRINE_ERROR_OP);
  b.ticks(30);
  EXPECT_EQ(b.cores[0].stopped, false);
  EXPECT_EQ(b.cores[3].stopped, true);
  EXPECT_EQ(b.state(1), TRINE_DOMAIN_STATUS_STATE_STOPPING);
  EXPECT_EQ(b.start(1), SLVERR);
  EXPECT_EQ(b.write(bench::at(1, TRINE_DOMAIN_MODE), 0), SLVERR);
  expect_record(b, 0, TRINE_ERROR_WINDOW, 1, 101, UINT64_C(0x1234500000001));
  expect_record(b, 1, TRINE_ERROR_OP, 3, 103, UINT64_C(0x1234500000003));
  EXPECT_EQ(b.state(2), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 1);
  EXPECT_EQ(b.get(TRINE_GLOBAL_QUARANTINE), 0);
  EXPECT_EQ(b.get(TRINE_GLOBAL_IRQ_RAW), 3);
  b.ticks(4);
  for (const core &k : b.cores) {
    EXPECT_EQ(k.stopped, false);
  }
  b.cores[0].done = true;
  EXPECT_EQ(b.wait_state(2, TRINE_DOMAIN_STATUS_STATE_DONE), true);
  begin(b, 0, 14);
  for (unsigned c = 1; c < 4; c++) {
    b.cores[c].done = true;
  }
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_DONE), true);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_ERROR_CODE)), 0);
}

/* Progress of any core holds the watchdog off; without it the domain stops in time. */
static void test_watchdog(bench &b) {
  b.reset();
  b.set(TRINE_GLOBAL_WATCHDOG, WATCHDOG);
  begin(b, 0, ALL);
  for (int i = 0; i < 10; i++) {
    b.ticks(WATCHDOG / 2);
    b.cores[CORES - 1].progress = true;
    b.tick();
    b.cores[CORES - 1].progress = false;
  }
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  b.cores[0].done = CORES > 1;
  b.cores[CORES - 1].error_op = 55;
  b.cores[CORES > 1 ? 1 : 0].error_op = 55;
  b.cores[CORES - 1].progress = true;
  b.tick();
  b.cores[CORES - 1].progress = false;
  uint64_t since = b.cycle;
  while (!b.cores[0].stopped && b.cycle < since + 2 * WATCHDOG) {
    b.tick();
  }
  EXPECT_EQ(b.cycle - since >= WATCHDOG && b.cycle - since <= WATCHDOG + 8, true);
  expect_record(b, 0, TRINE_ERROR_WATCHDOG, CORES > 1 ? 1 : 0, 55, 0);
}

static void test_abort(bench &b) {
  b.reset();
  abort_slot(b, 0);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_IDLE);
  begin(b, 0, ALL);
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_ABORT_MASK, 14), OKAY);
  b.ticks(20);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  abort_slot(b, CORES > 1 ? 1 : 0);
  if (CORES > 1) {
    b.ticks(20);
    EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
    abort_slot(b, 0);
  }
  expect_record(b, 0, TRINE_ERROR_ABORTED, 0, 0, 0);
  abort_slot(b, 0);
  expect_record(b, 0, TRINE_ERROR_ABORTED, 0, 0, 0);
  begin(b, 0, ALL);
  abort_slot(b, 0);
  fail_core(b, 0, TRINE_ERROR_FIELD);
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_ERROR), true);
  begin(b, 0, ALL);
  for (core &k : b.cores) {
    k.done = true;
  }
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_DONE), true);
  abort_slot(b, 0);
  b.ticks(20);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_DONE);
}

/* Not the first core of the domain, which has not ended either. */
static void test_the_core_that_failed_is_named(bench &b) {
  unsigned last = CORES - 1;
  b.reset();
  begin(b, 0, ALL);
  fail_core(b, last, TRINE_ERROR_FIELD);
  expect_record(b, 0, TRINE_ERROR_FIELD, last, 100 + last, UINT64_C(0x1234500000000) + last);
}

/* A core that stays busy is put aside; the others of its domain are free again. */
static void test_quarantine(bench &b) {
  b.reset();
  b.set(TRINE_GLOBAL_WATCHDOG, WATCHDOG);
  begin(b, 0, ALL);
  b.cores[0].settle = 1000000;
  b.cores[0].progress = true; /* which does not buy it time */
  uint64_t since = b.cycle;
  abort_slot(b, 0);
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_STOPPING), true);
  expect_record(b, 0, TRINE_ERROR_ABORTED, 0, 0, 0);
  EXPECT_EQ(b.cycle - since >= WATCHDOG, true);
  EXPECT_EQ(b.get(TRINE_GLOBAL_QUARANTINE), 1);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 0);
  b.cores[0].settle = 0;
  b.ticks(WATCHDOG);
  for (unsigned c = 0; c < CORES; c++) {
    EXPECT_EQ(b.cores[c].stopped, c == 0);
  }
  b.configure(0, ALL, 3);
  b.start(0);
  expect_record(b, 0, TRINE_ERROR_CORE_QUARANTINED, 0, 0, 1);
  if (CORES > 1) {
    begin(b, 0, ALL & ~1u);
    b.configure(1, 3, 3);
    b.start(1); /* quarantine is named before ownership */
    expect_record(b, 1, TRINE_ERROR_CORE_QUARANTINED, 0, 0, 1);
  }
  b.reset();
  EXPECT_EQ(b.get(TRINE_GLOBAL_QUARANTINE), 0);
  begin(b, 0, ALL);
}

static uint64_t counter(bench &b, unsigned slot, unsigned rank, unsigned index) {
  b.set(bench::at(slot, TRINE_DOMAIN_COUNTER_SELECT), rank << 8 | index);
  uint64_t low = b.get(bench::at(slot, TRINE_DOMAIN_COUNTER_LO));
  return static_cast<uint64_t>(b.get(bench::at(slot, TRINE_DOMAIN_COUNTER_HI))) << 32 | low;
}

static void test_counters_by_rank(bench &b) {
  uint32_t mask = CORES < 4 ? ALL : 10;
  b.reset();
  EXPECT_EQ(counter(b, 0, 0, 1), 0);
  begin(b, 0, mask);
  /* While it runs a counter is not whole: it reads 0. */
  EXPECT_EQ(counter(b, 0, 0, 1), 0);
  for (core &k : b.cores) {
    k.done = true;
  }
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_DONE), true);
  unsigned rank = 0;
  for (unsigned c = 0; c < CORES; c++) {
    if ((mask >> c & 1) == 0) {
      continue;
    }
    for (unsigned i = 0; i < 16; i++) {
      EXPECT_EQ(counter(b, 0, rank, i), i < 10 ? counter_of(c, i) : 0);
    }
    rank++;
  }
  EXPECT_EQ(counter(b, 0, rank, 1), 0);
  EXPECT_EQ(counter(b, 0, 31, 1), 0);
  if (CORES < 2) {
    return;
  }
  for (core &k : b.cores) {
    k.done = false;
  }
  begin(b, 1, mask & -mask);
  EXPECT_EQ(counter(b, 0, 0, 1), 0);
  for (core &k : b.cores) {
    k.done = true;
  }
  EXPECT_EQ(b.wait_state(1, TRINE_DOMAIN_STATUS_STATE_DONE), true);
  EXPECT_EQ(counter(b, 1, 0, 1) != 0, true);
}

/* Random domains side by side; each ends as its cores decide, whatever the others do. */
static void test_many_domains_at_once(bench &b) {
  seed_stream rng = seed_start("domains");
  std::array<uint32_t, CORES> mask = {};
  uint32_t owned = 0;
  b.reset();
  for (int n = 0; n < 400; n++) {
    auto slot = static_cast<unsigned>(seed_uniform(&rng, 0, CORES - 1));
    if (mask[slot] == 0) {
      uint32_t wanted = static_cast<uint32_t>(seed_next(&rng) & seed_next(&rng)) & ALL;
      if (wanted == 0) {
        continue;
      }
      b.configure(slot, wanted, legal_mode(wanted));
      EXPECT_EQ(b.start(slot), OKAY);
      bool free = (wanted & owned) == 0;
      EXPECT_EQ(b.state(slot),
                free ? TRINE_DOMAIN_STATUS_STATE_RUNNING : TRINE_DOMAIN_STATUS_STATE_ERROR);
      if (!free) {
        continue;
      }
      mask[slot] = wanted;
      owned |= wanted;
      continue;
    }
    b.ticks(10);
    auto lowest = static_cast<unsigned>(__builtin_ctz(mask[slot]));
    unsigned want = TRINE_DOMAIN_STATUS_STATE_ERROR;
    switch (seed_uniform(&rng, 0, 2)) {
      case 0:
        abort_slot(b, slot);
        break;
      case 1:
        fail_core(b, lowest, TRINE_ERROR_FIELD);
        break;
      default:
        want = TRINE_DOMAIN_STATUS_STATE_DONE;
        for (unsigned c = 0; c < CORES; c++) {
          b.cores[c].done |= (mask[slot] >> c & 1) != 0;
        }
    }
    EXPECT_EQ(b.wait_state(slot, want), true);
    owned &= ~mask[slot];
    mask[slot] = 0;
    EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), owned);
  }
}

void test_runs(bench &b) {
  test_done_needs_all_cores_and_freezes_counters(b);
  test_interrupt_is_sticky_and_cleared_by_ones(b);
  test_errors_stop_their_domain_only(b);
  test_watchdog(b);
  test_abort(b);
  test_the_core_that_failed_is_named(b);
  test_quarantine(b);
  test_counters_by_rank(b);
  test_many_domains_at_once(b);
}

}  // namespace control
