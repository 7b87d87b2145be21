/* SPDX-License-Identifier: Apache-2.0 */
/* control_model: the bench around control_bench: an AXI4-Lite master with random stalls, and cores
 * that do what a test tells them, with registered outputs as the real ones have.
 *
 * One call of tick() is one cycle. A core answers start_i and stop_i as docs/architecture.md says:
 * start and stop clear done and error; a stopped core is quiet after `settle` cycles. */
#ifndef CONTROL_MODEL_H
#define CONTROL_MODEL_H

#include <array>
#include <cstdint>
#include <cstdio>

#include "Vcontrol_bench.h"
#include "ports.h"

extern "C" {
#include "support/seed.h"
#include "trine_regs.h"
}

namespace control {

constexpr unsigned CORES = CONTROL_CORES;
constexpr uint32_t ALL = (1u << CORES) - 1;
constexpr unsigned OKAY = 0;
constexpr unsigned SLVERR = 2;

struct core {
  /* What the core shows. */
  bool done = false;
  bool loading = false;
  bool progress = false;
  bool quiet = true;
  bool repeats = false;
  bool error = false;
  uint8_t error_code = 0;
  uint32_t error_op = 0;
  uint64_t error_addr = 0;
  /* How it behaves. */
  unsigned settle = 2; /* cycles of stop until it is quiet */
  /* What happened to it. */
  unsigned starts = 0;
  uint64_t started_at = 0; /* cycle of the last start */
  bool stopped = false;    /* stop_i is high */
  unsigned stop_cycles = 0;
};

struct answer {
  uint32_t data;
  unsigned resp;
};

class bench {
 public:
  bench();
  void reset();
  void tick();
  void ticks(unsigned n);
  /* AXI accesses; channels stall at random when stalls(true). */
  unsigned write(uint32_t address, uint32_t data, uint32_t strobes = 15);
  answer read(uint32_t address);
  uint32_t get(uint32_t address);            /* expects OKAY */
  void set(uint32_t address, uint32_t data); /* expects OKAY */
  void stalls(bool on) {
    stall_ = on;
  }
  /* A domain slot's registers. */
  static uint32_t at(unsigned slot, uint32_t offset) {
    return TRINE_DOMAIN_PAGE + 0x1000 * slot + offset;
  }
  unsigned state(unsigned slot);
  void configure(unsigned slot, uint32_t mask, uint32_t mode);
  unsigned start(unsigned slot); /* resp of the doorbell */
  bool wait_state(unsigned slot, unsigned want, unsigned limit = 2000);
  Vcontrol_bench top;
  std::array<core, CORES> cores;
  uint64_t cycle = 0;

 private:
  void drive_cores();
  void watch_cores();
  bool stalled();
  seed_stream rng_;
  bool stall_ = false;
  std::array<uint8_t, CORES> select_ = {};
};

/* What counter `index` of core c shows in this bench. */
uint64_t counter_of(unsigned c, unsigned index);

/* The cores of the mask are done, and with them the slot. */
void finish(bench &b, unsigned slot, uint32_t mask);

/* Counts and prints a failed expectation. */
void expect_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want);
unsigned failures();

void test_registers(bench &b);
void test_starts(bench &b);
void test_runs(bench &b);
void test_repeated(bench &b);

}  // namespace control

#define EXPECT_EQ(got, want)                                                  \
  control::expect_equal(__FILE__, __LINE__, #got, static_cast<uint64_t>(got), \
                        static_cast<uint64_t>(want))

#endif
