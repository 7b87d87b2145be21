/* SPDX-License-Identifier: Apache-2.0 */
/* axi_memory: the shared memory at the chip's AXI4 port: latency, bandwidth, pauses, faults, and
 * the windows and mischief of axi_guard.h.
 *
 * A cycle is: drive (this cycle's inputs of the chip), the chip settles, sample (handshakes; the
 * next cycle's inputs are decided). Answers keep the order of requests over all IDs, which keeps
 * it for each. The rules of AXI4 that the chip must keep are checked; the first one broken stays
 * in `violation`. */
#ifndef TRINE_AXI_MEMORY_H
#define TRINE_AXI_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "Vtrine_top.h"
#include "chip/axi_guard.h"
#include "sim/trine_sim.h"
extern "C" {
#include "support/seed.h"
}

class AxiMemory {
 public:
  static constexpr size_t kBeatBytes = sizeof(Vtrine_top::m_axi_rdata_i);
  static constexpr size_t kMaxFaults = 8;

  explicit AxiMemory(const trine_sim_options &options);

  bool valid() const {
    return bytes_ != nullptr;
  }
  void drive(Vtrine_top &top) const;
  void sample(const Vtrine_top &top, uint64_t cycle);

  /* Null when the range does not lie inside. */
  uint8_t *at(uint64_t address, size_t len_bytes);

  std::vector<trine_sim_fault> faults;
  std::string violation;
  trine_sim_stats stats = {};
  AxiGuard guard;

 private:
  struct Burst {
    uint64_t address; /* of the next beat */
    uint32_t beats;   /* still to come */
    uint8_t id;
    uint8_t response; /* of a write: the worst so far */
    bool silent;
    uint64_t ready_at; /* first cycle of the answer */
  };
  struct FreeDeleter {
    void operator()(uint8_t *bytes) const;
  };

  bool pause();
  void sample_reads(const Vtrine_top &top, uint64_t cycle);
  void sample_writes(const Vtrine_top &top, uint64_t cycle);
  void write_beat(const Vtrine_top &top, uint64_t cycle);
  void decide(const Vtrine_top &top, uint64_t next);
  void present_read_beat(size_t which);
  size_t pick(const std::deque<Burst> &queue, uint64_t next);
  void check_burst(const char *what, uint32_t id, uint64_t address, uint32_t len, uint32_t size,
                   uint32_t burst);
  const trine_sim_fault *fault_at(uint64_t address, bool write) const;
  bool silent_burst(uint64_t address, uint32_t beats, bool write) const;

  const trine_sim_options options_;
  std::unique_ptr<uint8_t, FreeDeleter> bytes_;
  seed_stream random_;

  std::deque<Burst> reads_, writes_, responses_;
  uint32_t tokens_; /* 1/beats_den of a beat each */
  bool read_served_last_ = false;
  bool ar_ready_ = false, aw_ready_ = false, w_ready_ = false;
  bool r_valid_ = false, r_last_ = false, b_valid_ = false;
  uint8_t r_id_ = 0, r_response_ = 0, b_id_ = 0, b_response_ = 0;
  uint8_t r_data_[kBeatBytes] = {};
};

#endif
