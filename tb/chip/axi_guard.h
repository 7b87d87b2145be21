/* SPDX-License-Identifier: Apache-2.0 */
/* axi_guard: windows that the accesses of each core must keep to, and mischief done to its answers.
 *
 * A core's index is the ID of its accesses. Without windows and mischief nothing is checked,
 * nothing is drawn and answers keep the order of requests over all IDs; with mischief they keep it
 * within each ID only, as AXI4 allows, so that what is late for one core does not hold up another.
 */
#ifndef TRINE_AXI_GUARD_H
#define TRINE_AXI_GUARD_H

#include <cstdint>
#include <cstdio>
#include <string>

#include "sim/trine_sim.h"
extern "C" {
#include "support/seed.h"
}

class AxiGuard {
 public:
  static constexpr uint32_t kIds = 16;

  explicit AxiGuard(uint64_t seed) : random_{~seed} {}

  /* Null: anywhere. */
  void set_window(uint32_t core, const trine_sim_window *window) {
    is_kept_[core] = window != nullptr;
    windows_[core] = window != nullptr ? *window : trine_sim_window{};
  }

  void set_mischief(const trine_sim_mischief &mischief) {
    mischief_ = mischief;
    is_at_work_ = mischief.cores != 0;
  }

  /* Whether answers of different IDs may overtake each other; stays once there was mischief. */
  bool reorders() const {
    return is_at_work_ || mischief_.reorder;
  }

  /* What is wrong with an access; empty when nothing is. */
  std::string look(const char *what, uint32_t id, uint64_t address, uint64_t bytes) const {
    const trine_sim_window &window = windows_[id % kIds];
    const bool is_inside = address >= window.base && bytes <= window.len_bytes &&
                           address - window.base <= window.len_bytes - bytes;
    if (!is_kept_[id % kIds] || is_inside) {
      return "";
    }
    char text[192];
    std::snprintf(text, sizeof text,
                  "A %s of core %u at 0x%llx, %llu bytes, leaves its window of 0x%llx bytes at "
                  "0x%llx (no bytes: nothing of this core may run)",
                  what, id, static_cast<unsigned long long>(address),
                  static_cast<unsigned long long>(bytes),
                  static_cast<unsigned long long>(window.len_bytes),
                  static_cast<unsigned long long>(window.base));
    return text;
  }

  /* Cycles an answer is late. */
  uint64_t late(uint32_t id) {
    const uint64_t range = mischief_.late_max - mischief_.late_min + 1;
    return happens(id, mischief_.late_permille) ? mischief_.late_min + seed_next(&random_) % range
                                                : 0;
  }
  /* The answer never comes. */
  bool is_lost(uint32_t id) {
    return happens(id, mischief_.lost_permille);
  }
  /* The answer is an error: SLVERR (2) or DECERR (3); 0: none. */
  uint8_t spoil(uint32_t id, bool write) {
    const bool hit =
        happens(id, write ? mischief_.write_error_permille : mischief_.read_error_permille);
    return hit ? static_cast<uint8_t>(2 + seed_next(&random_) % 2) : 0;
  }

 private:
  bool happens(uint32_t id, uint32_t permille) {
    return is_at_work_ && permille != 0 && (mischief_.cores >> id & 1) != 0 &&
           seed_next(&random_) % 1000 < permille;
  }

  trine_sim_window windows_[kIds] = {};
  bool is_kept_[kIds] = {};
  trine_sim_mischief mischief_ = {};
  bool is_at_work_ = false;
  seed_stream random_;
};

#endif
