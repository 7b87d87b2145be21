/* SPDX-License-Identifier: Apache-2.0 */
/* test_counters: the counters of a core against plain sums, over runs whose classes come alone, in
 * pairs, in long rows and in rows just as long as the block keeps, with pauses and clears, some of
 * them while a run is on its way to its counter. */
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "Vtrine_counters.h"

extern "C" {
#include "support/seed.h"
}

namespace {

constexpr unsigned COUNTERS = 10, QUIET = 3;

struct bench {
  Vtrine_counters top;
  uint64_t want[16] = {};

  void cycle() {
    top.clk_i = 0;
    top.eval();
    top.clk_i = 1;
    top.eval();
  }
  void count(unsigned cause) {
    top.count_i = 1;
    top.cause_i = static_cast<uint8_t>(cause);
    cycle();
    want[0]++;
    want[cause]++;
  }
  void pause(unsigned cycles) {
    top.count_i = 0;
    for (unsigned n = 0; n < cycles; n++) {
      cycle();
    }
  }
  void clear() {
    top.count_i = 0;
    top.clear_i = 1;
    cycle();
    top.clear_i = 0;
    for (uint64_t &value : want) {
      value = 0;
    }
  }
  unsigned check() {
    unsigned bad = 0;
    pause(QUIET);
    for (unsigned n = 0; n < 16; n++) {
      top.count_select_i = static_cast<uint8_t>(n);
      cycle();
      const uint64_t expected = n < COUNTERS ? want[n] : 0;
      if (top.count_value_o != expected) {
        std::printf("counter %u is %" PRIu64 ", should be %" PRIu64 "\n", n,
                    static_cast<uint64_t>(top.count_value_o), expected);
        bad++;
      }
    }
    return bad;
  }
};

unsigned below(seed_stream &rng, unsigned end) {
  return static_cast<unsigned>(seed_uniform(&rng, 0, end - 1));
}

/* A stretch of cycles of one kind of run. */
void stretch(bench &b, seed_stream &rng) {
  const unsigned first = 1 + below(rng, COUNTERS - 1);
  const unsigned second = 1 + below(rng, COUNTERS - 1);
  switch (below(rng, 5)) {
    case 0: /* a class each cycle */
      for (unsigned n = 0; n < 40; n++) {
        b.count(1 + below(rng, COUNTERS - 1));
      }
      break;
    case 1: /* two in turn */
      for (unsigned n = 0; n < 40; n++) {
        b.count(n % 2 == 0 ? first : second);
      }
      break;
    case 2: /* about as long as a run may be, then another */
      for (unsigned n = 250 + below(rng, 10); n > 0; n--) {
        b.count(first);
      }
      b.count(second);
      break;
    case 3:
      for (unsigned n = below(rng, 1200); n > 0; n--) {
        b.count(first);
      }
      break;
    default:
      b.pause(below(rng, 4));
      break;
  }
}

}  // namespace

int main() {
  bench b;
  seed_stream rng = seed_start("counters");
  uint64_t cycles = 0;
  unsigned bad = 0, runs = 0;
  b.top.clear_i = 0;
  b.top.count_i = 0;
  b.top.rst_ni = 0;
  b.cycle();
  b.top.rst_ni = 1;
  bad += b.check();
  for (; runs < 400 && bad == 0; runs++) {
    for (unsigned n = 1 + below(rng, 12); n > 0; n--) {
      stretch(b, rng);
      if (below(rng, 8) == 0) {
        b.pause(below(rng, QUIET)); /* a clear while a run is on its way to its counter */
        b.clear();
      }
    }
    bad += b.check();
    cycles += b.want[0];
    if (below(rng, 3) != 0) {
      b.clear();
    } else {
      cycles -= b.want[0];
    }
  }
  seed_print();
  std::printf("counters: %u runs, %" PRIu64 " cycles: %s\n", runs, cycles,
              bad == 0 ? "as counted one by one" : "WRONG");
  return bad != 0;
}
