/* SPDX-License-Identifier: Apache-2.0 */
/* test_math: requantiser (to 16 and 17 bits), activations and cell update against their twins in
 * sw/golden, one random vector a cycle, with every input of both activations among them. */
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "Vmath_bench.h"
#include "verilated.h"

extern "C" {
#include "golden/fixed.h"
#include "support/seed.h"
}

namespace {

constexpr int VECTORS = 1000000;
constexpr unsigned HISTORY = 8;

struct vector {
  int32_t requant;
  int32_t gate;
  int32_t squash;
  int16_t cell;
};

int32_t random_acc(seed_stream *rng) {
  switch (seed_uniform(rng, 0, 3)) {
    case 0:
      return static_cast<int32_t>(seed_next(rng));
    case 1:
      return static_cast<int32_t>(seed_uniform(rng, -70000, 70000));
    case 2:
      return seed_uniform(rng, 0, 1) != 0 ? INT32_MIN : INT32_MAX;
    default:
      return static_cast<int32_t>(INT32_C(1) << seed_uniform(rng, 0, 30)) *
             (seed_uniform(rng, 0, 1) != 0 ? 1 : -1);
  }
}

int32_t random_multiplier(seed_stream *rng) {
  switch (seed_uniform(rng, 0, 4)) {
    case 0:
      return 0;
    case 1:
      return 1 << 30;
    case 2:
      return INT32_MAX;
    default:
      return static_cast<int32_t>(seed_uniform(rng, 1 << 30, INT32_MAX));
  }
}

vector drive(Vmath_bench &top, seed_stream *rng, int n) {
  vector want;
  int32_t acc = random_acc(rng);
  int32_t multiplier = random_multiplier(rng);
  int shift = static_cast<int>(seed_uniform(rng, -31, 31));
  auto value = static_cast<int16_t>(n);
  int exponent = static_cast<int>(seed_uniform(rng, 0, 6));
  int squash = (n >> 16) & 1;
  int32_t gate[4];
  for (int i = 0; i < 4; i++) {
    gate[i] = i == 2 ? trine_tanh_q15(static_cast<int16_t>(seed_next(rng)), 0)
                     : trine_sigmoid_q15(static_cast<int16_t>(seed_next(rng)));
  }
  trine_cell cell = {};
  unsigned events = 0;
  cell.exponent = static_cast<int8_t>(exponent - 15);
  cell.clip = static_cast<int16_t>(seed_uniform(rng, 0, 1) != 0 ? seed_uniform(rng, 1, 32767) : 0);
  want.requant = trine_requantise(acc, multiplier, shift);
  want.gate = squash != 0 ? trine_tanh_q15(value, 0) : trine_sigmoid_q15(value);
  want.squash = trine_tanh_q15(value, exponent - 3);
  want.cell = trine_cell_update(&cell, gate, value, &events);
  top.acc_i = static_cast<uint32_t>(acc);
  top.multiplier_i = static_cast<uint32_t>(multiplier);
  top.shift_i = static_cast<uint8_t>(shift & 63);
  top.tanh_i = static_cast<uint8_t>(squash);
  top.value_i = static_cast<uint16_t>(value);
  top.exponent_i = static_cast<uint8_t>(exponent);
  top.gate_i_i = static_cast<uint16_t>(gate[0]);
  top.gate_f_i = static_cast<uint16_t>(gate[1]);
  top.gate_g_i = static_cast<uint16_t>(gate[2]);
  top.clip_i = static_cast<uint16_t>(cell.clip);
  return want;
}

int check(const char *name, int n, int32_t got, int32_t want) {
  if (got == want) {
    return 0;
  }
  std::printf("%s, vector %d: got %d, want %d\n", name, n, got, want);
  return 1;
}

}  // namespace

int main() {
  static Vmath_bench top;
  seed_print();
  seed_stream rng = seed_start("math");
  std::array<vector, HISTORY> history = {};
  int failures = 0;
  top.rst_ni = 0;
  for (int n = -2; n < VECTORS && failures < 10; n++) {
    top.clk_i = 0;
    top.eval();
    // Before the edge that ends cycle n the results of vector n - latency stand at the outputs.
    auto past = [&](int latency) { return history[static_cast<unsigned>(n - latency) % HISTORY]; };
    if (n >= 8) {
      const int32_t requant = past(7).requant;
      failures += check("requantiser", n - 7, static_cast<int16_t>(top.requant_o),
                        std::clamp(requant, -32768, 32767));
      failures +=
          check("requantiser, 17 bits", n - 7, static_cast<int32_t>(top.requant17_o << 15) >> 15,
                std::clamp(requant, -65536, 65535));
      failures += check("activation", n - 5, static_cast<int16_t>(top.gate_o), past(5).gate);
      failures += check("cell tanh", n - 6, static_cast<int16_t>(top.squash_o), past(6).squash);
      failures += check("cell update", n - 6, static_cast<int16_t>(top.cell_o), past(6).cell);
    }
    top.rst_ni = n >= -1;
    top.valid_i = n >= 0;
    if (n >= 0) {
      history[static_cast<unsigned>(n) % HISTORY] = drive(top, &rng, n);
    }
    top.clk_i = 1;
    top.eval();
  }
  std::printf("math: %d vectors a block, %d failures\n", VECTORS, failures);
  return failures != 0;
}
