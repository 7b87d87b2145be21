/* SPDX-License-Identifier: Apache-2.0 */
/* test_control_repeats: what a REPEAT needs, what it refuses, and what its cores are told. */
#include "control_model.h"

namespace control {

static constexpr unsigned REPEAT_BITS = 66;

static uint32_t status_of(bench &b, unsigned slot) {
  return b.get(bench::at(slot, TRINE_DOMAIN_STATUS));
}

/* A run of the slot that ends in done; afterwards its cores can repeat it, or not. */
static void run(bench &b, unsigned slot, uint32_t mask, bool repeats = true) {
  b.configure(slot, mask, 3);
  EXPECT_EQ(b.start(slot), OKAY);
  for (unsigned c = 0; c < CORES; c++) {
    if ((mask >> c & 1) != 0) {
      EXPECT_EQ(bits_of(b.top.repeat_o, c * REPEAT_BITS, 64), 0);
      EXPECT_EQ(bits_of(b.top.repeat_o, c * REPEAT_BITS + 64, 2), 0);
      b.cores[c].repeats = repeats;
    }
  }
  finish(b, slot, mask);
}

static unsigned repeat(bench &b, unsigned slot, bool goes_on) {
  return b.write(
      bench::at(slot, TRINE_DOMAIN_CONTROL),
      TRINE_DOMAIN_CONTROL_REPEAT_MASK | (goes_on ? TRINE_DOMAIN_CONTROL_GOES_ON_MASK : 0));
}

static void expect_refused(bench &b, unsigned slot, unsigned code, uint32_t cores) {
  unsigned before = 0, after = 0;
  for (const core &k : b.cores) {
    before += k.starts;
  }
  EXPECT_EQ(repeat(b, slot, false), OKAY);
  b.ticks(5);
  EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_ERROR);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CODE)), code);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_ADDR_LO)), cores);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CORE)),
            cores == 0 ? 0 : static_cast<unsigned>(__builtin_ctz(cores)));
  for (const core &k : b.cores) {
    after += k.starts;
  }
  EXPECT_EQ(after, before);
}

/* The cores of the last run start, all at once, with their levels as they were, whatever the
 * configuration says by now. */
static void expect_repeated(bench &b, unsigned slot, uint32_t mask, bool goes_on) {
  std::array<unsigned, CORES> starts{};
  for (unsigned c = 0; c < CORES; c++) {
    starts[c] = b.cores[c].starts;
  }
  EXPECT_EQ(repeat(b, slot, goes_on), OKAY);
  b.ticks(2);
  EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  EXPECT_EQ(b.get(TRINE_GLOBAL_CORES_BUSY) & mask, mask);
  unsigned rank = 0;
  uint64_t when = 0;
  for (unsigned c = 0; c < CORES; c++) {
    bool in = (mask >> c & 1) != 0;
    EXPECT_EQ(b.cores[c].starts, starts[c] + (in ? 1 : 0));
    if (!in) {
      continue;
    }
    EXPECT_EQ(b.cores[c].started_at, rank == 0 ? b.cores[c].started_at : when);
    when = b.cores[c].started_at;
    EXPECT_EQ(bits_of(b.top.rank_o, c * 4, 4), rank++);
    EXPECT_EQ(bits_of(b.top.domain_o, c * 4, 4), slot);
    EXPECT_EQ(bits_of(b.top.fresh_o, c, 1), 0);
    EXPECT_EQ(bits_of(b.top.window_size_o, c * 32, 32), 0x10000);
    EXPECT_EQ(bits_of(b.top.program_o, c * 32, 32), 0x40 * (slot + 1));
    EXPECT_EQ(bits_of(b.top.repeat_o, c * REPEAT_BITS, 32),
              b.get(bench::at(slot, TRINE_DOMAIN_REPEAT_WRITE)));
    EXPECT_EQ(bits_of(b.top.repeat_o, c * REPEAT_BITS + 32, 32),
              b.get(bench::at(slot, TRINE_DOMAIN_REPEAT_READ)));
    EXPECT_EQ(bits_of(b.top.repeat_o, c * REPEAT_BITS + 64, 2), goes_on ? 3 : 2);
  }
}

static void test_repeats(bench &b) {
  const unsigned slot = CORES - 1;
  b.reset();
  expect_refused(b, slot, TRINE_ERROR_NOT_KEPT, 0); /* never started */
  run(b, slot, ALL);
  EXPECT_EQ(status_of(b, slot) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK,
            TRINE_DOMAIN_STATUS_REPEATABLE_MASK);
  for (unsigned n = 0; n < 4; n++) {
    b.set(bench::at(slot, TRINE_DOMAIN_CORE_MASK), n);
    b.set(bench::at(slot, TRINE_DOMAIN_PROGRAM), 0x1001 * n);
    b.set(bench::at(slot, TRINE_DOMAIN_REPEAT_READ), 0x80000000u + n);
    b.set(bench::at(slot, TRINE_DOMAIN_REPEAT_WRITE), 0x1234567u * n);
    expect_repeated(b, slot, ALL, (n & 1) != 0);
    EXPECT_EQ(status_of(b, slot) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK, 0);
    /* The next bases may come while it runs; another REPEAT may not. */
    b.set(bench::at(slot, TRINE_DOMAIN_REPEAT_READ), n);
    EXPECT_EQ(repeat(b, slot, true), SLVERR);
    EXPECT_EQ(status_of(b, slot) & TRINE_DOMAIN_STATUS_REFUSED_MASK,
              TRINE_DOMAIN_STATUS_REFUSED_MASK);
    finish(b, slot, ALL);
  }
  run(b, slot, ALL); /* a START adds nothing */
}

/* START goes before REPEAT, and both before ABORT. */
static void test_several_bits(bench &b) {
  b.reset();
  run(b, 0, 1);
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), 15), OKAY);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  EXPECT_EQ(bits_of(b.top.repeat_o, 64, 2), 0);
  finish(b, 0, 1);
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), 6), OKAY);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_RUNNING);
  EXPECT_EQ(bits_of(b.top.repeat_o, 64, 2), 2);
  finish(b, 0, 1);
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), 4, 14), OKAY);
  EXPECT_EQ(b.state(0), TRINE_DOMAIN_STATUS_STATE_DONE);
}

static void test_refusals(bench &b) {
  const unsigned last = CORES - 1;
  b.reset();
  run(b, 0, ALL);
  b.cores[last].repeats = false;
  EXPECT_EQ(status_of(b, 0) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK, 0);
  expect_refused(b, 0, TRINE_ERROR_NOT_REPEATABLE, 1u << last);
  b.cores[last].repeats = true;
  b.cores[last].quiet = false;
  b.cores[last].done = false;
  expect_refused(b, 0, TRINE_ERROR_CORE_BUSY, 1u << last);
  b.cores[last].quiet = true;
  expect_repeated(b, 0, ALL, true); /* nothing was lost */
  b.cores[0].error_code = TRINE_ERROR_WINDOW;
  b.cores[0].error = true;
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_ERROR), true);
  expect_refused(b, 0, TRINE_ERROR_NOT_KEPT, 0); /* the last run did not end in done */
  run(b, 0, ALL);
  expect_repeated(b, 0, ALL, false);
  EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_ABORT_MASK), OKAY);
  EXPECT_EQ(b.wait_state(0, TRINE_DOMAIN_STATUS_STATE_ERROR), true);
  expect_refused(b, 0, TRINE_ERROR_NOT_KEPT, 0);
}

/* Another slot on one of the cores: what they hold is not the slot's any more. */
static void test_other_slots(bench &b) {
  if (CORES < 4) {
    return;
  }
  b.reset();
  run(b, 0, 3);
  run(b, 1, 12);
  expect_repeated(b, 0, 3, true);
  expect_repeated(b, 1, 12, false); /* side by side */
  finish(b, 1, 12);
  finish(b, 0, 3);
  run(b, 2, 2);
  expect_refused(b, 0, TRINE_ERROR_NOT_KEPT, 0);
  expect_repeated(b, 2, 2, true);
  expect_refused(b, 0, TRINE_ERROR_NOT_KEPT, 0);
  finish(b, 2, 2);
  b.set(bench::at(1, TRINE_DOMAIN_MODE), 9); /* a refused START is not a run */
  EXPECT_EQ(b.start(1), OKAY);
  expect_repeated(b, 1, 12, true);
  finish(b, 1, 12);
}

/* What is forgotten is fresh, and not repeated; FORGET goes before START and REPEAT, and is of one
 * slot at rest. */
static void test_forget(bench &b) {
  const unsigned slot = CORES - 1;
  const uint32_t control = bench::at(slot, TRINE_DOMAIN_CONTROL);
  const uint32_t forget = TRINE_DOMAIN_CONTROL_FORGET_MASK;
  b.reset();
  EXPECT_EQ(b.write(control, forget), OKAY); /* nothing */
  for (unsigned n = 0; n < 3; n++) {
    run(b, slot, ALL);
    EXPECT_EQ(bits_of(b.top.fresh_o, 0, 1), n == 1 ? 0 : 1);
    if (n == 1) {
      EXPECT_EQ(b.write(control, forget), OKAY);
      EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_DONE);
      EXPECT_EQ(status_of(b, slot) &
                    (TRINE_DOMAIN_STATUS_RESIDENT_MASK | TRINE_DOMAIN_STATUS_REPEATABLE_MASK),
                0);
      expect_refused(b, slot, TRINE_ERROR_NOT_KEPT, 0);
    }
  }
  b.configure(slot, ALL, 3);
  EXPECT_EQ(b.write(control, forget | TRINE_DOMAIN_CONTROL_START_MASK), OKAY);
  EXPECT_EQ(bits_of(b.top.fresh_o, 0, 1), 1);
  EXPECT_EQ(b.write(control, forget), SLVERR);
  EXPECT_EQ(status_of(b, slot) & TRINE_DOMAIN_STATUS_REFUSED_MASK,
            TRINE_DOMAIN_STATUS_REFUSED_MASK);
  finish(b, slot, ALL);
  if (slot > 0) { /* another's */
    EXPECT_EQ(b.write(bench::at(0, TRINE_DOMAIN_CONTROL), forget), OKAY);
  }
  expect_repeated(b, slot, ALL, false);
  finish(b, slot, ALL);
  EXPECT_EQ(b.write(control, forget | TRINE_DOMAIN_CONTROL_REPEAT_MASK), OKAY);
  EXPECT_EQ(b.state(slot), TRINE_DOMAIN_STATUS_STATE_ERROR);
  EXPECT_EQ(b.get(bench::at(slot, TRINE_DOMAIN_ERROR_CODE)), TRINE_ERROR_NOT_KEPT);
}

void test_repeated(bench &b) {
  test_repeats(b);
  test_several_bits(b);
  test_refusals(b);
  test_other_slots(b);
  test_forget(b);
}

}  // namespace control
