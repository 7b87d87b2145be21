/* SPDX-License-Identifier: Apache-2.0 */
/* test_control_starts: what a START checks, in which order, and what an accepted one does. */
#include "control_model.h"

namespace control {

static void expect_error(bench &b, unsigned slot, unsigned code, unsigned core_index,
                         uint64_t addr) {
  EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_ERROR);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CODE)), code);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CORE)), core_index);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_OP)), 0);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_ADDR_LO)), addr & UINT32_MAX);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_ADDR_HI)), addr >> 32);
}

static void expect_levels(bench &b, unsigned slot, uint32_t mask, uint32_t mode) {
  unsigned rank = 0;
  uint64_t when = 0;
  for (unsigned c = 0; c < CORES; c++) {
    bool in = (mask >> c & 1) != 0;
    EXPECT_EQ(b.cores[c].starts, in ? 1 : 0);
    if (!in) {
      continue;
    }
    EXPECT_EQ(b.cores[c].started_at, rank == 0 ? b.cores[c].started_at : when);
    when = b.cores[c].started_at;
    EXPECT_EQ(bits_of(b.top.domain_o, c * 4, 4), slot);
    EXPECT_EQ(bits_of(b.top.rank_o, c * 4, 4), rank);
    EXPECT_EQ(bits_of(b.top.ranks_o, c * 5, 5), __builtin_popcount(mask));
    EXPECT_EQ(bits_of(b.top.mode_o, c * 2, 2), mode);
    EXPECT_EQ(bits_of(b.top.window_base_o, c * 64, 64),
              static_cast<uint64_t>(slot) << 32 | 0x10000000u * (slot + 1));
    EXPECT_EQ(bits_of(b.top.window_size_o, c * 32, 32), 0x10000);
    EXPECT_EQ(bits_of(b.top.program_o, c * 32, 32), 0x40 * (slot + 1));
    EXPECT_EQ(bits_of(b.top.fresh_o, c, 1), 1);
    rank++;
  }
}

/* Every mask (of 16 cores: random ones) in every mode: legal ones start all their cores at once. */
static void test_modes_and_masks(bench &b) {
  seed_stream rng = seed_start("masks");
  for (unsigned n = 0; n < 64; n++) {
    uint32_t mask = CORES <= 4 ? n % (ALL + 1) : static_cast<uint32_t>(seed_next(&rng)) & ALL;
    auto mode = static_cast<uint32_t>(seed_uniform(&rng, 0, 3));
    auto slot = static_cast<unsigned>(seed_uniform(&rng, 0, CORES - 1));
    unsigned cores = static_cast<unsigned>(__builtin_popcount(mask));
    bool legal = mode == 3 || (mode == 0 ? cores == 1 : cores >= 2);
    b.reset();
    b.configure(slot, mask, mode);
    EXPECT_EQ(b.start(slot), OKAY);
    b.ticks(3);
    if (mask == 0) {
      expect_error(b, slot, TRINE_ERROR_MASK_EMPTY, 0, 0);
    } else if (!legal) {
      expect_error(b, slot, TRINE_ERROR_MODE_CORES, 0, cores);
      EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 0);
    } else {
      EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_RUNNING);
      EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), mask);
      expect_levels(b, slot, mask, mode);
      finish(b, slot, mask);
      EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 0);
      EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CODE)), 0);
    }
  }
}

/* A START with several faults reports the first; each repair shows the next. */
static void test_checks_are_made_in_order(bench &b) {
  b.reset();
  b.configure(0, 0, 9);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_BASE_LO), 0x800);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_SIZE), 0);
  b.set(bench::at(0, TRINE_DOMAIN_PROGRAM), 0x20);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_MASK_EMPTY, 0, 0);
  b.set(bench::at(0, TRINE_DOMAIN_CORE_MASK), (3u << CORES) | 1);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_CORE_MISSING, CORES, 3u << CORES);
  b.set(bench::at(0, TRINE_DOMAIN_CORE_MASK), 1u << 31 | 1);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_CORE_MISSING, 31, 1u << 31);
  b.set(bench::at(0, TRINE_DOMAIN_CORE_MASK), 1);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_MODE, 0, 9);
  b.set(bench::at(0, TRINE_DOMAIN_MODE), 2);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_MODE_CORES, 0, 1);
  b.set(bench::at(0, TRINE_DOMAIN_MODE), 0);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_WINDOW_ALIGN, 0, 0x800);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_BASE_LO), 0xfffff000);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_BASE_HI), 0xffffffff);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_WINDOW_SIZE, 0, 0);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_SIZE), 0x1001);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_WINDOW_SIZE, 0, 0x1001);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_SIZE), 0x1000);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_PROGRAM_ADDRESS, 0, 0x20);
  b.set(bench::at(0, TRINE_DOMAIN_PROGRAM), 0x1000);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_PROGRAM_ADDRESS, 0, 0x1000);
  b.set(bench::at(0, TRINE_DOMAIN_PROGRAM), 0xffffffc0);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_PROGRAM_ADDRESS, 0, 0xffffffc0);
  for (const core &k : b.cores) {
    EXPECT_EQ(k.starts, 0);
  }
  b.set(bench::at(0, TRINE_DOMAIN_PROGRAM), 0xfc0);
  b.start(0);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_ERROR_CODE)), 0);
  EXPECT_EQ(b.get(bench::at(0, TRINE_DOMAIN_ERROR_ADDR_LO)), 0);
  finish(b, 0, 1);
}

/* The table of a program has an entry a rank: its end must lie in the window. */
static void test_program_table_must_fit(bench &b) {
  b.reset();
  b.configure(0, ALL, CORES == 1 ? 0 : 1);
  b.set(bench::at(0, TRINE_DOMAIN_PROGRAM), 0x40);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_SIZE), 0x40 + 32 + 8 * CORES - 1);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_PROGRAM_ADDRESS, 0, 0x40);
  b.set(bench::at(0, TRINE_DOMAIN_WINDOW_SIZE), 0x40 + 32 + 8 * CORES);
  b.start(0);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  finish(b, 0, ALL);
}

static void test_owned_cores_are_refused(bench &b) {
  if (CORES < 4) {
    return;
  }
  b.reset();
  b.configure(0, 6, 2);
  b.start(0);
  b.configure(1, 4 | 8, 2);
  b.start(1);
  expect_error(b, 1, TRINE_ERROR_CORE_BUSY, 2, 4);
  b.set(bench::at(1, TRINE_DOMAIN_CORE_MASK), 1 | 8);
  b.start(1);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 15);
  finish(b, 0, 6);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 9);
  finish(b, 1, 9);
}

/* A core that nobody owns, but that has not let go of everything, is refused like one in use. */
static void test_cores_that_are_not_empty_are_refused(bench &b) {
  unsigned c = CORES - 1;
  b.reset();
  b.cores[c].quiet = false;
  b.configure(0, ALL, CORES == 1 ? 0 : 1);
  b.start(0);
  expect_error(b, 0, TRINE_ERROR_CORE_BUSY, c, UINT64_C(1) << c);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY), 0);
  for (const core &k : b.cores) {
    EXPECT_EQ(k.starts, 0);
  }
  b.cores[c].quiet = true;
  b.start(0);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  finish(b, 0, ALL);
}

/* While a slot runs its configuration is fixed, and a START is refused without any effect. */
static void test_start_and_configuration_while_running(bench &b) {
  uint32_t control = bench::at(0, TRINE_DOMAIN_CONTROL);
  uint32_t status = bench::at(0, TRINE_DOMAIN_STATUS);
  b.reset();
  b.configure(0, 1, 0);
  EXPECT_EQ(b.write(control, TRINE_DOMAIN_CONTROL_START_MASK, 14), OKAY);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_IDLE);
  b.start(0);
  EXPECT_EQ(b.start(0), SLVERR);
  EXPECT_EQ(b.write(control, 3), SLVERR);
  EXPECT_EQ(b.get(status), TRINE_DOMAIN_STATUS_STATE_RUNNING | TRINE_DOMAIN_STATUS_REFUSED_MASK);
  for (uint32_t o = 0; o <= TRINE_DOMAIN_PROGRAM; o += 4) {
    uint32_t before = b.get(bench::at(0, o));
    EXPECT_EQ(b.write(bench::at(0, o), ~before), SLVERR);
    EXPECT_EQ(b.get(bench::at(0, o)), before);
  }
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_COUNTER_SELECT), 3), OKAY);
  EXPECT_EQ(b.cores[0].starts, 1);
  finish(b, 0, 1);
  EXPECT_EQ(b.get(status), TRINE_DOMAIN_STATUS_STATE_DONE | TRINE_DOMAIN_STATUS_REFUSED_MASK |
                               TRINE_DOMAIN_STATUS_RESIDENT_MASK);
  b.set(bench::at(0, TRINE_DOMAIN_MODE), 7);
  b.start(0);
  EXPECT_EQ(b.get(status) & TRINE_DOMAIN_STATUS_REFUSED_MASK, TRINE_DOMAIN_STATUS_REFUSED_MASK);
  b.set(bench::at(0, TRINE_DOMAIN_MODE), 0);
  b.start(0);
  EXPECT_EQ(b.get(status), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  finish(b, 0, 1);
}

/* fresh is 0 only after a run that ended in done, on the same cores, in the same window, with no
 * other slot between. A core hears its domain until its slot is started without it. */
static void test_fresh_and_resident(bench &b) {
  if (CORES < 4) {
    return;
  }
  uint32_t status = bench::at(0, TRINE_DOMAIN_STATUS);
  uint32_t members = 0, of_slot[2] = {0, 0};
  uint32_t base = 0x1000, size = 0x10000;
  auto run = [&](unsigned slot, uint32_t mask, unsigned fresh) {
    b.configure(slot, mask, 3);
    b.set(bench::at(slot, TRINE_DOMAIN_WINDOW_BASE_HI), base >> 12);
    b.set(bench::at(slot, TRINE_DOMAIN_WINDOW_SIZE), size);
    b.start(slot);
    b.ticks(2);
    for (unsigned c = 0; c < CORES; c++) {
      if ((mask >> c & 1) != 0) {
        EXPECT_EQ(bits_of(b.top.fresh_o, c, 1), fresh);
      }
    }
    members = (members & ~of_slot[slot]) | mask;
    of_slot[0] &= ~mask;
    of_slot[1] &= ~mask;
    of_slot[slot] = mask;
    for (unsigned c = 0; c < CORES; c++) {
      EXPECT_EQ(bits_of(b.top.member_o, c, 1), members >> c & 1);
    }
    finish(b, slot, mask);
  };
  b.reset();
  run(0, 3, 1);
  EXPECT_EQ(b.get(status) & TRINE_DOMAIN_STATUS_RESIDENT_MASK, TRINE_DOMAIN_STATUS_RESIDENT_MASK);
  run(0, 3, 0);
  run(1, 12, 1);
  run(0, 3, 0);
  b.set(bench::at(0, TRINE_DOMAIN_CORE_MASK), 1);
  EXPECT_EQ(b.get(status) & TRINE_DOMAIN_STATUS_RESIDENT_MASK, 0);
  b.set(bench::at(0, TRINE_DOMAIN_MODE), 8); /* a refused START is not a run */
  b.start(0);
  run(0, 3, 0);
  run(1, 2, 1);
  b.set(bench::at(0, TRINE_DOMAIN_CORE_MASK), 3);
  EXPECT_EQ(b.get(status) & TRINE_DOMAIN_STATUS_RESIDENT_MASK, 0);
  run(0, 3, 1);
  run(0, 1, 1);
  run(0, 3, 1);
  base += 0x1000;
  run(0, 3, 1);
  run(0, 3, 0);
  size -= 0x1000;
  run(0, 3, 1);
  run(0, 3, 0);
  b.start(0);
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_ABORT_MASK), OKAY);
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_ERROR), true);
  run(0, 3, 1);
}

void test_starts(bench &b) {
  test_modes_and_masks(b);
  test_checks_are_made_in_order(b);
  test_program_table_must_fit(b);
  test_owned_cores_are_refused(b);
  test_cores_that_are_not_empty_are_refused(b);
  test_start_and_configuration_while_running(b);
  test_fresh_and_resident(b);
}

}  // namespace control
