/* SPDX-License-Identifier: Apache-2.0 */
/* bare: cycles a second of one way to write the bare arrays; BARE is the Verilated class.
 *
 *   bare_NAME [CYCLES]     prints cycles a second */
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include BARE_HEADER

int main(int count, char **arguments) {
  const uint64_t cycles = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 2000000;
  auto top = std::make_unique<BARE>();
  uint32_t state = 1, sum = 0;
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t n = 0; n < cycles; n++) {
    state = state * 1664525 + 1013904223;
    top->seed_i = state;
    top->clk_i = 0;
    top->eval();
    top->clk_i = 1;
    top->eval();
    sum ^= top->sum_o;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%.0f %08x\n", static_cast<double>(cycles) / seconds.count(), sum);
  return 0;
}
