/* SPDX-License-Identifier: Apache-2.0 */
/* front_setup: how the bench of the front end sets up streams, stops cores, and looks that all is
 * over. */
#ifndef TRINE_FRONT_SETUP_H
#define TRINE_FRONT_SETUP_H

#include "front_model.h"

namespace front {

class Runs : public Bench {
 public:
  void set_up(unsigned c, SetUp what, bool write, unsigned u, unsigned index, uint32_t data) {
    setups[c].push_back((uint64_t(what) << 50) | (uint64_t(write) << 49) | (uint64_t(u) << 48) |
                        (uint64_t(index) << 32) | data);
  }

  void configure(unsigned c, bool write, unsigned u, const Setup &s, unsigned slot) {
    const unsigned first = 16 * (2 * write + u);
    unsigned entry = first;
    for (const Sequence &q : s.sequences) {
      set_up(c, TABLE_OFFSET, false, 0, entry, q.offset);
      set_up(c, TABLE_LENGTH, false, 0, entry++, q.length | (q.go_on ? 0x80000000u : 0));
    }
    set_up(c, CHANNEL, write, u, 0, s.channel << 4 | (write && s.last_only ? 1u << 8 : 0));
    set_up(c, ROW_BASE, write, u, 0, s.base);
    set_up(c, STRIDE, write, u, 0, s.stride);
    set_up(c, SHAPE, write, u, 0, write ? s.row_bytes : s.beats << 16 | s.words);
    if (write) {
      set_up(c, PLACE, write, u, 0, s.ram_stride << 16 | s.ram_base);
    }
    set_up(c, START, write, u, slot, static_cast<uint32_t>(s.sequences.size()) << 16 | first);
  }

  void start_reader(unsigned c, unsigned u, const Setup &s) {
    Reader &r = readers[c][u];
    configure(c, false, u, s, r.slot[s.channel]);
    unsigned &slot = r.slot[s.channel];
    for (const Sequence &q : s.sequences) {
      for (uint32_t t = 0; t < q.length; t++, slot = (slot + 1) % SLOTS) {
        for (unsigned p = 0; p < s.words; p++) {
          uint32_t at = s.base + q.offset + t * s.stride;
          r.expected.push_back({s.channel, slot, p, window_of(c) + at + p * BUS, t == 0 && !q.go_on,
                                t + 1 == q.length, p + 1 == s.words});
        }
      }
    }
  }

  /* Its vectors come when the set-up is through. */
  void start_writer(unsigned c, unsigned u, const Setup &s) {
    Writer &w = writers[c][u];
    configure(c, true, u, s, w.use_slot[s.channel]);
    w.channel = s.channel;
    heard[c] |= 1u << s.channel;
    w.row_bytes = s.row_bytes;
    w.ram_stride = s.ram_stride;
    for (const Sequence &q : s.sequences) {
      for (uint32_t t = 0; t < q.length; t++) {
        uint32_t at = s.base + q.offset + (s.last_only ? 0 : t * s.stride);
        w.rows.push_back({window_of(c) + at, !s.last_only || t + 1 == q.length});
      }
    }
  }

  /* The set-ups are through: vectors may come. */
  void settle() {
    bool any = true;
    for (unsigned n = 0; any && n < 10000; n++) {
      any = false;
      for (unsigned c = 0; c < CORES; c++) {
        any |= !setups[c].empty();
      }
      tick();
    }
    for (unsigned n = 0; n < 4; n++) {
      tick();
    }
    for (auto &core : writers) {
      for (Writer &w : core) {
        w.total = w.published + static_cast<unsigned>(w.rows.size());
      }
    }
  }

  unsigned finish(const char *what, unsigned limit = 200000) {
    unsigned n = 0;
    settle();
    programs = 0;
    for (tick(); busy() && n < limit; n++) {
      tick();
    }
    if (!check.expect(n < limit, std::string("ends: ") + what)) {
      return n;
    }
    check.expect(memory.idle() && get_bits(model.idle_o, 0, CORES) == (1u << CORES) - 1,
                 "all answered when nothing is active");
    for (unsigned c = 0; c < CORES; c++) {
      for (unsigned u = 0; u < UNITS; u++) {
        check.expect(readers[c][u].expected.empty(), "all words published");
        check.expect(
            writers[c][u].rows.empty() && writers[c][u].released == writers[c][u].published,
            "all slots given back");
      }
    }
    for (const auto &byte : expect) {
      if (!check.expect(memory.byte(byte.first) == byte.second, "memory holds the rows")) {
        break;
      }
    }
    return n;
  }

  /* Stops a core, and takes it on again when it is quiet, as another tenant would find it. */
  void stop(unsigned c) {
    set_bits(model.stop_i, c, 1, 1);
    setups[c].clear();
    fetches[c] = Fetch();
    saves[c] = Save();
    for (unsigned u = 0; u < UNITS; u++) {
      readers[c][u] = Reader();
      writers[c][u] = Writer();
    }
    for (auto at = expect.begin(); at != expect.end();) {
      const bool own = at->first >= window_of(c) && at->first < window_of(c) + WINDOW;
      at = own ? expect.erase(at) : std::next(at);
    }
    unsigned n = 0;
    for (; n < 8 || (n < 5000 && !get_bits(model.idle_o, c, 1)); n++) {
      tick();
    }
    check.expect(n < 5000 && get_bits(model.active_o, 4 * c, 4) == 0, "quiet after a stop");
    set_bits(model.stop_i, c, 1, 0);
    stopped[c] = 0;
    failed[c] = false;
    heard[c] = 0;
    tick();
  }

  std::vector<Sequence> sequences(uint32_t step, uint32_t at) {
    std::vector<Sequence> list;
    const int64_t count = draw(1, 4);
    for (int64_t n = 0; n < count; n++) {
      uint32_t length = static_cast<uint32_t>(draw(1, draw(0, 1) ? 3 : 20));
      list.push_back({at, length, draw(0, 2) == 0});
      at += length * step;
    }
    return list;
  }

  /* One of the three channels a unit serves in turn; of a core all are different. */
  unsigned any_channel(bool write, unsigned u) {
    return 3 * (2 * write + u) + static_cast<unsigned>(draw(0, 2));
  }

  /* Rows in an area of their own for each unit; a negative stride walks it from its end. */
  Setup random_setup(unsigned u, bool write) {
    Setup s;
    s.channel = any_channel(write, u);
    s.row_bytes = static_cast<unsigned>(seed_log_uniform(&rng, 1, 500));
    s.words = (s.row_bytes + BUS - 1) / BUS;
    s.beats = (s.row_bytes + MEM - 1) / MEM + (write ? 0 : static_cast<unsigned>(draw(0, 2)));
    s.ram_stride = (s.row_bytes + MEM - 1) / MEM;
    s.ram_base = u * 8192 / MEM / UNITS + static_cast<unsigned>(draw(0, 3));
    uint32_t step = (s.beats + static_cast<unsigned>(draw(0, 2))) * MEM;
    s.base = (write ? WINDOW / 2 : 0) + u * (WINDOW / 4) + static_cast<unsigned>(draw(0, 64)) * MEM;
    s.stride = step;
    s.sequences = sequences(step, 0);
    s.last_only = write && draw(0, 3) == 0;
    if (draw(0, 2) == 0) {
      for (Sequence &q : s.sequences) {
        q.offset += (q.length - 1) * step;
      }
      s.stride = 0u - step;
      if (s.last_only) {
        for (Sequence &q : s.sequences) {
          q.offset -= (q.length - 1) * step;
        }
      }
    }
    return s;
  }

  void start_some(unsigned c) {
    for (unsigned u = 0; u < UNITS; u++) {
      if (draw(0, 3)) {
        start_reader(c, u, random_setup(u, false));
      }
      if (draw(0, 3)) {
        start_writer(c, u, random_setup(u, true));
      }
    }
  }

  void timing(unsigned round) {
    auto &set = memory.settings;
    set = {};
    set.latency_min = round % 2 ? 1 : 10;
    set.latency_max = round % 3 == 0 ? 50 : set.latency_min;
    set.stall_permille = round % 4 == 3 ? 400 : 0;
    set.mix_ids = round % 5 < 2;
    stall = round % 4 == 2 ? 0 : 300;
    room_delay = round % 5 == 0 ? 100 : 4;
    programs = round % 7 == 0 ? 500 : 20;
    programs = round % 3 == 1 ? 0 : programs;
  }
};

}  // namespace front

#endif
