/* SPDX-License-Identifier: Apache-2.0 */
/* memory_axi: the AXI4 side of the memory unit tests: a memory with random latency, stalls, mixed
 * answers of different IDs and refused addresses, which checks the master's protocol on the way.
 *
 * MODEL is a Verilated bench whose AXI ports carry the plain AXI names (arvalid, ...). Call drive()
 * before the rising edge, when the model's outputs are settled, and then edge(). A violation of the
 * protocol is counted and printed (first few). */
#ifndef TRINE_MEMORY_AXI_H
#define TRINE_MEMORY_AXI_H

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <vector>

extern "C" {
#include "support/seed.h"
}

/* Bits [low, low+count) of a Verilated port of any width, count <= 64. */
template <typename T>
uint64_t get_bits(const T &port, unsigned low, unsigned count) {
  uint64_t value = 0;
  const unsigned char *bytes = reinterpret_cast<const unsigned char *>(&port);
  for (unsigned n = 0; n < count; n++) {
    value |= static_cast<uint64_t>((bytes[(low + n) / 8] >> ((low + n) % 8)) & 1) << n;
  }
  return value;
}

template <typename T>
void set_bits(T &port, unsigned low, unsigned count, uint64_t value) {
  unsigned char *bytes = reinterpret_cast<unsigned char *>(&port);
  for (unsigned n = 0; n < count; n++) {
    unsigned char bit = static_cast<unsigned char>(1u << ((low + n) % 8));
    unsigned char &byte = bytes[(low + n) / 8];
    byte = static_cast<unsigned char>(((value >> n) & 1) ? (byte | bit) : (byte & ~bit));
  }
}

/* Failures of a test program: printed, counted. */
struct Checker {
  unsigned failures = 0;
  bool expect(bool ok, const std::string &what) {
    if (!ok && failures++ < 20) {
      std::printf("  FAIL %s\n", what.c_str());
    }
    return ok;
  }
};

template <typename MODEL>
class AxiMemory {
 public:
  struct Settings {
    unsigned latency_min = 10, latency_max = 10;  // cycles from address to first data
    unsigned stall_permille = 0;                  // of each ready and of each answer
    bool mix_ids = false;                         // beats of different IDs interleave
    bool no_answers = false;                      // everything stays outstanding
    uint64_t bad_low = 1, bad_high = 0;           // refused (SLVERR): [low, high]
  };
  struct Burst {
    uint64_t addr;
    unsigned id, beats;
    bool write;
  };

  AxiMemory(MODEL &model, unsigned mem_bytes, Checker &checker)
      : model_(model), width_(mem_bytes), checker_(checker), random_(seed_start("memory")) {}

  Settings settings;
  std::vector<Burst> bursts;  // every address taken, in order
  uint64_t beats_read = 0;

  uint8_t byte(uint64_t addr) {
    auto it = written_.find(addr);
    return it != written_.end() ? it->second : initial(addr);
  }
  static uint8_t initial(uint64_t addr) {
    return static_cast<uint8_t>((addr * UINT64_C(0x9E3779B97F4A7C15)) >> 37);
  }
  bool idle() const {
    return reads_.empty() && writes_.empty() && responses_.empty();
  }

  /* Sets the answers of this cycle. */
  void drive() {
    model_.arready = !stall();
    model_.awready = !stall();
    model_.wready = !stall();
    if (!model_.rvalid || taken_r_) {
      choose_read();
    }
    if (!model_.bvalid || taken_b_) {
      choose_response();
    }
  }

  /* What the rising edge passes on; call after eval() of the low phase. */
  void edge() {
    taken_r_ = model_.rvalid && model_.rready;
    taken_b_ = model_.bvalid && model_.bready;
    if (taken_r_) {
      Read &read = reads_[current_read_];
      beats_read++;
      if (++read.done == read.beats) {
        reads_.erase(reads_.begin() + static_cast<long>(current_read_));
      }
    }
    if (taken_b_) {
      responses_.erase(responses_.begin() + static_cast<long>(current_response_));
    }
    address(false, model_.arvalid, model_.arready, model_.araddr, model_.arid, model_.arlen,
            model_.arsize, model_.arburst, held_ar_);
    address(true, model_.awvalid, model_.awready, model_.awaddr, model_.awid, model_.awlen,
            model_.awsize, model_.awburst, held_aw_);
    write_beat();
    cycle_++;
  }

 private:
  struct Read {
    uint64_t addr, due;
    unsigned id, beats, done;
  };
  struct Write {
    uint64_t addr;
    unsigned id, beats, done;
    bool bad;
  };
  struct Response {
    uint64_t due;
    unsigned id;
    bool bad;
  };
  struct Beat {
    bool last;
    std::vector<int> bytes;  // -1: no strobe
  };
  struct Held {
    bool valid = false;
    uint64_t addr = 0, rest = 0;
  };

  bool stall() {
    return seed_uniform(&random_, 0, 999) < settings.stall_permille;
  }
  uint64_t due() {
    return cycle_ + static_cast<uint64_t>(
                        seed_uniform(&random_, settings.latency_min, settings.latency_max));
  }
  bool bad(uint64_t addr) const {
    return addr >= settings.bad_low && addr <= settings.bad_high;
  }

  /* The answers of one ID keep their order; which ID comes next is free. */
  template <typename LIST>
  bool choose(const LIST &list, bool any, size_t &chosen) {
    std::vector<size_t> ready;
    std::map<unsigned, bool> seen;
    for (size_t n = 0; n < list.size(); n++) {
      if (seen[list[n].id]) {
        continue;
      }
      seen[list[n].id] = true;
      if (list[n].due <= cycle_) {
        ready.push_back(n);
      }
    }
    if (ready.empty() || stall() || settings.no_answers) {
      return false;
    }
    chosen = ready[any ? static_cast<size_t>(
                             seed_uniform(&random_, 0, static_cast<int64_t>(ready.size()) - 1))
                       : 0];
    return true;
  }

  void choose_read() {
    // Without mixing, a burst that was begun goes on.
    size_t begun = reads_.size();
    for (size_t n = 0; n < reads_.size(); n++) {
      if (reads_[n].done > 0 && begun == reads_.size()) {
        begun = n;
      }
    }
    bool go_on = !settings.mix_ids && begun < reads_.size();
    model_.rvalid = go_on ? !stall() : choose(reads_, settings.mix_ids, current_read_);
    if (!model_.rvalid) {
      return;
    }
    if (go_on) {
      current_read_ = begun;
    }
    const Read &read = reads_[current_read_];
    uint64_t addr = read.addr + static_cast<uint64_t>(read.done) * width_;
    for (unsigned n = 0; n < width_; n++) {
      set_bits(model_.rdata, n * 8, 8, byte(addr + n));
    }
    model_.rid = static_cast<uint8_t>(read.id);
    model_.rresp = bad(addr) ? 2 : 0;
    model_.rlast = read.done + 1 == read.beats;
  }

  void choose_response() {
    model_.bvalid = choose(responses_, settings.mix_ids, current_response_);
    if (!model_.bvalid) {
      return;
    }
    model_.bid = static_cast<uint8_t>(responses_[current_response_].id);
    model_.bresp = responses_[current_response_].bad ? 2 : 0;
  }

  void address(bool write, bool valid, bool ready, uint64_t addr, unsigned id, unsigned len,
               unsigned size, unsigned burst, Held &held) {
    uint64_t rest = id | (static_cast<uint64_t>(len) << 8);
    if (held.valid) {
      checker_.expect(valid && held.addr == addr && held.rest == rest, "address held and stable");
    }
    held.valid = valid && !ready;
    held.addr = addr;
    held.rest = rest;
    if (!valid) {
      return;
    }
    unsigned beats = len + 1;
    checker_.expect(beats <= 16, "at most 16 beats");
    checker_.expect((1u << size) == width_ && burst == 1 && addr % width_ == 0, "whole INCR beats");
    checker_.expect(addr / 4096 == (addr + beats * width_ - 1) / 4096, "burst inside 4 KiB");
    if (!ready) {
      return;
    }
    bursts.push_back({addr, id, beats, write});
    if (write) {
      writes_.push_back({addr, id, beats, 0, false});
    } else {
      reads_.push_back({addr, due(), id, beats, 0});
    }
  }

  void write_beat() {
    std::string now(reinterpret_cast<const char *>(&model_.wdata), width_);
    uint64_t rest = (get_bits(model_.wstrb, 0, width_) << 1) ^ model_.wlast;
    if (held_w_) {
      checker_.expect(model_.wvalid && now == held_w_data_ && rest == held_w_rest_,
                      "write beat held and stable");
    }
    held_w_ = model_.wvalid && !model_.wready;
    held_w_data_ = now;
    held_w_rest_ = rest;
    if (model_.wvalid && model_.wready) {
      Beat beat;
      beat.last = model_.wlast;
      for (unsigned n = 0; n < width_; n++) {
        bool strobe = get_bits(model_.wstrb, n, 1) != 0;
        beat.bytes.push_back(strobe ? static_cast<int>(get_bits(model_.wdata, n * 8, 8)) : -1);
      }
      beats_.push_back(beat);
    }
    // Beats may come before their address was taken.
    while (!beats_.empty() && !writes_.empty()) {
      store(beats_.front());
      beats_.pop_front();
    }
    checker_.expect(beats_.size() <= 16, "beats of one burst at most before its address");
  }

  void store(const Beat &beat) {
    Write &write = writes_.front();
    uint64_t addr = write.addr + static_cast<uint64_t>(write.done) * width_;
    write.bad = write.bad || bad(addr);
    for (unsigned n = 0; n < width_ && !bad(addr); n++) {
      if (beat.bytes[n] >= 0) {
        written_[addr + n] = static_cast<uint8_t>(beat.bytes[n]);
      }
    }
    write.done++;
    checker_.expect(beat.last == (write.done == write.beats), "wlast with the last beat only");
    if (write.done == write.beats) {
      responses_.push_back({due(), write.id, write.bad});
      writes_.pop_front();
    }
  }

  MODEL &model_;
  unsigned width_;
  Checker &checker_;
  seed_stream random_;
  uint64_t cycle_ = 0;
  std::map<uint64_t, uint8_t> written_;
  std::vector<Read> reads_;
  std::deque<Write> writes_;
  std::deque<Beat> beats_;
  std::vector<Response> responses_;
  size_t current_read_ = 0, current_response_ = 0;
  bool taken_r_ = false, taken_b_ = false, held_w_ = false;
  Held held_ar_, held_aw_;
  std::string held_w_data_;
  uint64_t held_w_rest_ = 0;
};

#endif
