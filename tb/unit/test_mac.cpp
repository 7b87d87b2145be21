/* SPDX-License-Identifier: Apache-2.0 */
/* test_mac: random groups of chunks, with gaps, through weight buffer and MAC array, against sums
 * computed here; every group leaves MAC_LATENCY cycles after its last chunk. */
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <vector>

#include "Vmac_bench.h"
#include "verilated.h"

extern "C" {
#include "support/seed.h"
}

namespace {

constexpr int LANES = MAC_LANES;
constexpr int MACS = MAC_WIDTH;
constexpr int MEM_BYTES = MAC_MEM_BYTES;
constexpr int WORDS = 64;
constexpr int WORD_BYTES = LANES * MACS;
constexpr int CYCLES = 100000;
constexpr int LATENCY = 3 + (MACS > 1) + (MACS > 4) + (MACS > 16);

struct chunk {
  bool valid, first, last;
  int8_t vector[MACS];
};

struct group {
  long due;
  uint32_t acc[LANES];
};

class bench {
 public:
  bench() : rng_(seed_start("mac")) {}
  int run();

 private:
  void load();
  void next();
  void see(long cycle);

  Vmac_bench top_;
  seed_stream rng_;
  int8_t weights_[WORDS * WORD_BYTES] = {};
  std::deque<chunk> way_; /* chunks whose weights are being read */
  std::deque<group> groups_;
  group group_ = {};
  int left_ = 0, failures_ = 0;
  long cycle_ = 0, seen_ = 0;
};

void bench::load() {
  seed_int8(&rng_, weights_, sizeof weights_, -128, 127);
  top_.we_i = 1;
  for (int beat = 0; beat < WORDS * WORD_BYTES / MEM_BYTES; beat++) {
    top_.waddr_i = static_cast<uint32_t>(beat);
    std::memcpy(&top_.wdata_i, weights_ + beat * MEM_BYTES, MEM_BYTES);
    top_.clk_i = 0;
    top_.eval();
    top_.clk_i = 1;
    top_.eval();
  }
  top_.we_i = 0;
}

/* Draws what is read in this cycle. Extreme bytes are common, for the longest sums. */
void bench::next() {
  chunk now = {};
  now.valid = seed_uniform(&rng_, 0, 9) != 0;
  top_.re_i = now.valid;
  if (now.valid) {
    auto addr = static_cast<int>(seed_uniform(&rng_, 0, WORDS - 1));
    bool extreme = seed_uniform(&rng_, 0, 3) == 0;
    top_.addr_i = static_cast<uint32_t>(addr);
    seed_int8(&rng_, now.vector, MACS, extreme ? -128 : -100, extreme ? -127 : 127);
    now.first = left_ == 0;
    if (now.first) {
      left_ = static_cast<int>(seed_uniform(&rng_, 1, 20));
      group_ = {};
    }
    now.last = --left_ == 0;
    for (int lane = 0; lane < LANES; lane++) {
      for (int m = 0; m < MACS; m++) {
        group_.acc[lane] +=
            static_cast<uint32_t>(weights_[addr * WORD_BYTES + lane * MACS + m] * now.vector[m]);
      }
    }
    if (now.last) {
      group_.due = cycle_ + 2 + LATENCY;
      groups_.push_back(group_);
    }
  }
  way_.push_back(now);
}

void bench::see(long cycle) {
  bool due = !groups_.empty() && groups_.front().due == cycle;
  if ((top_.valid_o != 0) != due) {
    std::printf("cycle %ld: valid is %d, want %d\n", cycle, top_.valid_o, due);
    failures_++;
  }
  if (!due) {
    return;
  }
  for (int lane = 0; lane < LANES; lane++) {
    uint32_t got;
    std::memcpy(&got, reinterpret_cast<uint8_t *>(&top_.acc_o) + 4 * lane, 4);
    if (got != groups_.front().acc[lane] && failures_++ < 10) {
      std::printf("cycle %ld, lane %d: got %d, want %d\n", cycle, lane, static_cast<int>(got),
                  static_cast<int>(groups_.front().acc[lane]));
    }
  }
  groups_.pop_front();
  seen_++;
}

int bench::run() {
  top_.rst_ni = 0;
  load();
  top_.rst_ni = 1;
  for (; cycle_ < CYCLES && failures_ < 10; cycle_++) {
    next();
    chunk now = {};
    if (way_.size() > 2) {
      now = way_.front();
      way_.pop_front();
    }
    top_.valid_i = now.valid;
    top_.first_i = now.first;
    top_.last_i = now.last;
    std::memcpy(&top_.vector_i, now.vector, MACS);
    top_.clk_i = 0;
    top_.eval();
    see(cycle_);
    top_.clk_i = 1;
    top_.eval();
  }
  std::printf("mac: %d lanes x %d: %ld groups, %d failures\n", LANES, MACS, seen_, failures_);
  return failures_ != 0 || seen_ == 0;
}

}  // namespace

int main() {
  static bench mac;
  seed_print();
  return mac.run();
}
