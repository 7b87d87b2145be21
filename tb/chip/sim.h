/* SPDX-License-Identifier: Apache-2.0 */
/* sim: one simulated chip with its memory, clock, waveform and probe; trine_sim.cpp gives it its
 * C interface. Methods return an enum trine_status and leave a sentence in `error`. */
#ifndef TRINE_SIM_CHIP_H
#define TRINE_SIM_CHIP_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "Vtrine_top.h"
#include "chip/axi_memory.h"
#include "sim/trine_sim.h"
#include "verilated.h"
#include "verilated_fst_c.h"

struct trine_sim {
 public:
  explicit trine_sim(const trine_sim_options &options);
  ~trine_sim();
  trine_sim(const trine_sim &) = delete;
  trine_sim &operator=(const trine_sim &) = delete;

  trine_status read32(uint32_t address, uint32_t *value);
  trine_status write32(uint32_t address, uint32_t value, uint32_t strobe);
  trine_status step(uint64_t cycles);
  trine_status wait(uint64_t max_cycles);
  trine_status trace(const char *path, uint64_t start, uint64_t count);
  trine_status probe(size_t capacity);
  size_t take_points(trine_sim_point *points, size_t max, uint64_t *lost);
  trine_status fail(trine_status status, const std::string &sentence);

  /* Called back from inside the model while it runs. */
  void on_text(const std::string &text);
  void on_stop(const char *file, int line);
  void on_point(const trine_sim_point &point);

  uint64_t cycle = 0; /* since the end of reset */
  AxiMemory memory;
  std::string error;

 private:
  template <typename Done>
  trine_status run(uint64_t max_cycles, const char *what, Done done);
  void tick();
  void tick_traced();
  void dump();
  trine_status settle_failure();
  trine_status check_response(const char *what, uint32_t address, uint32_t response);

  VerilatedContext context_;
  std::unique_ptr<Vtrine_top> top_;
  bool is_dead_ = false; /* every later call returns DEVICE */
  std::string text_;     /* what the model printed and did not end the line of */
  std::string fault_;    /* of the first assertion */

  std::unique_ptr<VerilatedFstC> wave_;
  std::string wave_path_;
  bool wave_wanted_ = false;
  uint64_t wave_start_ = 0, wave_end_ = 0;
  uint64_t half_cycles_ = 0; /* time of the waveform, from the start of reset */

  std::vector<trine_sim_point> points_; /* a ring */
  size_t points_first_ = 0, points_count_ = 0;
  uint64_t points_lost_ = 0;
};

#endif
