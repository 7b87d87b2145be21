/* SPDX-License-Identifier: Apache-2.0 */
/* axi_memory: the shared memory behind the chip's AXI4 port; see axi_memory.h. */
#include "chip/axi_memory.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr size_t kMaxOutstanding = 64; /* bursts a direction before an address has to wait */
constexpr uint32_t kMaxBeats = 16;     /* the chip's longest burst */
constexpr uint64_t kPage = 4096;
constexpr uint32_t kBurstIncr = 1;
constexpr uint8_t kSlverr = 2, kDecerr = 3;

constexpr uint32_t log2_of(size_t value) {
  return value <= 1 ? 0 : 1 + log2_of(value / 2);
}

}  // namespace

void AxiMemory::FreeDeleter::operator()(uint8_t *bytes) const {
  std::free(bytes);
}

/* calloc leaves the pages untouched, so a large memory costs nothing until it is used. */
AxiMemory::AxiMemory(const trine_sim_options &options)
    : guard(options.seed),
      options_(options),
      bytes_(static_cast<uint8_t *>(std::calloc(1, options.memory_bytes))),
      random_{options.seed},
      tokens_(options.beats_den) {}

uint8_t *AxiMemory::at(uint64_t address, size_t len_bytes) {
  if (address > options_.memory_bytes || len_bytes > options_.memory_bytes - address) {
    return nullptr;
  }
  return bytes_.get() + address;
}

bool AxiMemory::pause() {
  return options_.stall_permille != 0 && seed_next(&random_) % 1000 < options_.stall_permille;
}

const trine_sim_fault *AxiMemory::fault_at(uint64_t address, bool write) const {
  for (const trine_sim_fault &fault : faults) {
    bool applies = write ? fault.on_write : fault.on_read;
    if (applies && address + kBeatBytes > fault.base &&
        (address < fault.base || address - fault.base < fault.len_bytes)) {
      return &fault;
    }
  }
  return nullptr;
}

bool AxiMemory::silent_burst(uint64_t address, uint32_t beats, bool write) const {
  for (uint32_t beat = 0; beat < beats && !faults.empty(); beat++) {
    const trine_sim_fault *fault = fault_at(address + beat * kBeatBytes, write);
    if (fault != nullptr && fault->kind == TRINE_SIM_FAULT_SILENT) {
      return true;
    }
  }
  return false;
}

/* Which burst of a queue is answered next, the queue's size if none can be: the oldest, or the
 * oldest of any ID when they may overtake each other. */
size_t AxiMemory::pick(const std::deque<Burst> &queue, uint64_t next) {
  if (!guard.reorders()) {
    return !queue.empty() && queue.front().ready_at <= next ? 0 : queue.size();
  }
  uint32_t seen = 0;
  size_t found[AxiGuard::kIds], count = 0;
  for (size_t n = 0; n < queue.size(); n++) {
    const uint32_t id = queue[n].id % AxiGuard::kIds;
    if ((seen >> id & 1) == 0 && queue[n].ready_at <= next) {
      found[count++] = n;
    }
    seen |= 1u << id;
  }
  return count == 0 ? queue.size() : found[seed_next(&random_) % count];
}

void AxiMemory::check_burst(const char *what, uint32_t id, uint64_t address, uint32_t len,
                            uint32_t size, uint32_t burst) {
  const uint64_t bytes = (len + 1) * kBeatBytes;
  const char *rule = nullptr;
  if (burst != kBurstIncr) {
    rule = "is not of type INCR";
  } else if (size != log2_of(kBeatBytes)) {
    rule = "is not as wide as the port";
  } else if (address % kBeatBytes != 0) {
    rule = "does not start at a multiple of the port's width";
  } else if (len + 1 > kMaxBeats) {
    rule = "is longer than 16 beats";
  } else if (address / kPage != (address + bytes - 1) / kPage) {
    rule = "crosses 4 KiB";
  }
  if (rule != nullptr && violation.empty()) {
    char text[128];
    std::snprintf(text, sizeof text, "A %s burst of %u beats at 0x%llx %s", what, len + 1,
                  static_cast<unsigned long long>(address), rule);
    violation = text;
  }
  if (violation.empty()) {
    violation = guard.look(what, id, address, bytes);
  }
}

void AxiMemory::drive(Vtrine_top &top) const {
  top.m_axi_arready_i = ar_ready_;
  top.m_axi_awready_i = aw_ready_;
  top.m_axi_wready_i = w_ready_;
  top.m_axi_rvalid_i = r_valid_;
  if (r_valid_) {
    top.m_axi_rid_i = r_id_;
    top.m_axi_rresp_i = r_response_;
    top.m_axi_rlast_i = r_last_;
    std::memcpy(&top.m_axi_rdata_i, r_data_, kBeatBytes);
  }
  top.m_axi_bvalid_i = b_valid_;
  if (b_valid_) {
    top.m_axi_bid_i = b_id_;
    top.m_axi_bresp_i = b_response_;
  }
}

void AxiMemory::sample(const Vtrine_top &top, uint64_t cycle) {
  sample_reads(top, cycle);
  sample_writes(top, cycle);
  decide(top, cycle + 1);
}

void AxiMemory::sample_reads(const Vtrine_top &top, uint64_t cycle) {
  if (r_valid_ && top.m_axi_rready_o) {
    r_valid_ = false;
    stats.read_beats++;
  }
  if (ar_ready_ && top.m_axi_arvalid_o) {
    const uint32_t len = top.m_axi_arlen_o;
    const uint8_t id = static_cast<uint8_t>(top.m_axi_arid_o);
    check_burst("read", id, top.m_axi_araddr_o, len, top.m_axi_arsize_o, top.m_axi_arburst_o);
    stats.read_bursts++;
    if (!silent_burst(top.m_axi_araddr_o, len + 1, false) && !guard.is_lost(id)) {
      reads_.push_back({top.m_axi_araddr_o, len + 1, id, 0, false,
                        cycle + options_.latency_cycles + guard.late(id)});
    }
  }
}

void AxiMemory::sample_writes(const Vtrine_top &top, uint64_t cycle) {
  if (b_valid_ && top.m_axi_bready_o) {
    b_valid_ = false;
  }
  if (w_ready_) {
    if (top.m_axi_wvalid_o) {
      write_beat(top, cycle);
    } else {
      tokens_ += options_.beats_den; /* the beat that was kept free for it */
    }
  }
  if (aw_ready_ && top.m_axi_awvalid_o) {
    const uint32_t len = top.m_axi_awlen_o;
    check_burst("write", top.m_axi_awid_o, top.m_axi_awaddr_o, len, top.m_axi_awsize_o,
                top.m_axi_awburst_o);
    stats.write_bursts++;
    writes_.push_back({top.m_axi_awaddr_o, len + 1, static_cast<uint8_t>(top.m_axi_awid_o), 0,
                       silent_burst(top.m_axi_awaddr_o, len + 1, true), 0});
  }
}

/* Writes one beat of the oldest burst; its last beat queues the response. */
void AxiMemory::write_beat(const Vtrine_top &top, uint64_t cycle) {
  Burst &burst = writes_.front();
  stats.write_beats++;
  const trine_sim_fault *fault = faults.empty() ? nullptr : fault_at(burst.address, true);
  uint8_t *target = at(burst.address, kBeatBytes);
  if (target == nullptr) {
    burst.response = kDecerr;
  } else if (fault != nullptr) {
    burst.response = std::max(burst.response, kSlverr);
  } else {
    uint8_t data[kBeatBytes];
    uint64_t strobe = 0;
    std::memcpy(data, &top.m_axi_wdata_o, kBeatBytes);
    std::memcpy(&strobe, &top.m_axi_wstrb_o, sizeof top.m_axi_wstrb_o);
    for (size_t n = 0; n < kBeatBytes; n++) {
      if (strobe >> n & 1) {
        target[n] = data[n];
      }
    }
  }
  burst.address += kBeatBytes;
  burst.beats--;
  if ((burst.beats == 0) != (top.m_axi_wlast_o != 0) && violation.empty()) {
    violation = "WLAST is not on the last beat of a write burst";
  }
  if (burst.beats == 0) {
    if (!burst.silent && !guard.is_lost(burst.id)) {
      const uint8_t spoilt = guard.spoil(burst.id, true);
      stats.spoilt += spoilt != 0;
      burst.response = std::max(burst.response, spoilt);
      responses_.push_back(burst);
      responses_.back().ready_at = cycle + options_.latency_cycles + guard.late(burst.id);
    }
    writes_.pop_front();
  }
}

/* What the memory shows in cycle `next`. A beat costs beats_den tokens; when both directions want
 * the last beat they take turns. */
void AxiMemory::decide(const Vtrine_top &top, uint64_t next) {
  const uint32_t cost = options_.beats_den;
  tokens_ = std::min(tokens_ + options_.beats_num, std::max(cost, options_.beats_num));
  const size_t asked = r_valid_ ? reads_.size() : pick(reads_, next);
  bool read = asked < reads_.size() && !pause();
  bool write = !writes_.empty() && !pause();
  const bool write_waits = write && !w_ready_ && top.m_axi_wvalid_o;
  w_ready_ = false;
  for (int turn = 0; turn < 2 && tokens_ >= cost; turn++) {
    if (read && !(write_waits && read_served_last_ && !w_ready_)) {
      present_read_beat(asked);
      read = false;
      read_served_last_ = true;
      tokens_ -= cost;
    } else if (write && !w_ready_) {
      w_ready_ = true;
      read_served_last_ = false;
      tokens_ -= cost;
    }
  }
  ar_ready_ = reads_.size() < kMaxOutstanding && !pause();
  aw_ready_ = writes_.size() < kMaxOutstanding && responses_.size() < kMaxOutstanding && !pause();
  const size_t answer = b_valid_ ? responses_.size() : pick(responses_, next);
  if (answer < responses_.size() && !pause()) {
    b_valid_ = true;
    b_id_ = responses_[answer].id;
    b_response_ = responses_[answer].response;
    responses_.erase(responses_.begin() + static_cast<std::ptrdiff_t>(answer));
  }
}

void AxiMemory::present_read_beat(size_t which) {
  Burst &burst = reads_[which];
  const trine_sim_fault *fault = faults.empty() ? nullptr : fault_at(burst.address, false);
  const uint8_t *source = at(burst.address, kBeatBytes);
  r_valid_ = true;
  r_id_ = burst.id;
  const uint8_t spoilt = guard.spoil(burst.id, false);
  stats.spoilt += spoilt != 0;
  if (source == nullptr) {
    r_response_ = kDecerr;
  } else if (fault != nullptr) {
    r_response_ = kSlverr;
  } else {
    r_response_ = spoilt;
  }
  if (r_response_ == 0) {
    std::memcpy(r_data_, source, kBeatBytes);
  } else {
    std::memset(r_data_, 0, kBeatBytes);
  }
  burst.address += kBeatBytes;
  r_last_ = --burst.beats == 0;
  if (r_last_) {
    reads_.erase(reads_.begin() + static_cast<std::ptrdiff_t>(which));
  }
}
