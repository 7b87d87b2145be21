/* SPDX-License-Identifier: Apache-2.0 */
/* bare: cycles a second of one way to write the bare arrays; BARE is the Verilated class.
 *
 *   bare_NAME [CYCLES]     prints cycles a second of processor time */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include BARE_HEADER

int main(int count, char **arguments) {
  const uint64_t cycles = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 2000000;
  auto top = std::make_unique<BARE>();
  uint32_t state = 1, sum = 0;
  const std::clock_t start = std::clock();
  for (uint64_t n = 0; n < cycles; n++) {
    state = state * 1664525 + 1013904223;
    top->seed_i = state;
    top->clk_i = 0;
    top->eval();
    top->clk_i = 1;
    top->eval();
    sum ^= top->sum_o;
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("%.0f %08x\n", static_cast<double>(cycles) / seconds, sum);
  return 0;
}
