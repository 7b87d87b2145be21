/* SPDX-License-Identifier: Apache-2.0 */
/* memory_core_model: the bench around memory_core_bench: flow table and bus of a core, and what
 * readers must publish and writers must write. One call of tick() is one cycle. Room and words come
 * with random delays; a slot is complete two cycles after its last word. */
#ifndef TRINE_MEMORY_CORE_MODEL_H
#define TRINE_MEMORY_CORE_MODEL_H

#include <algorithm>
#include "memory_core_types.h"

namespace memory_core {

class Bench {
 public:
  Bench() : memory(model, MEM, check), rng(seed_start("core")) {
    model.rst_ni = 0;
    set_bits(model.window_base_i, 0, 64, BASE);
    model.window_size_i = WINDOW;
    for (int n = 0; n < 4; n++) {
      tick();
    }
    model.rst_ni = 1;
    tick();
  }

  Model model;
  Checker check;
  AxiMemory<Model> memory;
  seed_stream rng;
  Reader readers[UNITS];
  Writer writers[UNITS];
  std::map<uint64_t, int> expect;
  unsigned stall = 0, room_delay = 0;
  bool stray = false, stray_before = false; /* a word beyond its slot is on the bus, was */

  int64_t draw(int64_t low, int64_t high) {
    return seed_uniform(&rng, low, high);
  }
  bool chance(unsigned permille) {
    return draw(0, 999) < permille;
  }

  void tick() {
    model.clk_i = 0;
    drive();
    memory.drive();
    model.eval();
    drive_room();
    model.eval();
    check.expect(model.overrun_o == stray_before, "a word beyond its slot is told");
    if (!model.flush_i) {
      see_readers();
      see_writers();
    }
    memory.edge();
    model.clk_i = 1;
    model.eval();
    stray_before = stray && !model.flush_i;
    model.cfg_read_i = 0;
    model.cfg_write_i = 0;
    model.table_we_i = 0;
  }

  void drive() {
    const uint8_t word_ready = static_cast<uint8_t>(draw(0, 3));
    model.word_ready_i = stall == 0 ? 3 : word_ready;
    model.claim_ready_i = stall == 0 ? 3 : static_cast<uint8_t>(draw(0, 3));
    model.release_ready_i = stall == 0 ? 3 : static_cast<uint8_t>(draw(0, 3));
    for (Reader &r : readers) {
      for (int &n : r.room_in) {
        n -= n > 0;
      }
    }
    for (Writer &w : writers) {
      for (int &n : w.complete_in) {
        n -= n > 1;
      }
    }
    publish();
  }

  /* Room and complete are looked up in the same cycle. */
  void drive_room() {
    for (unsigned u = 0; u < UNITS; u++) {
      uint64_t slot = get_bits(model.room_slot_o, u * 4, 4);
      set_bits(model.room_i, u, 1, slot < SLOTS && readers[u].room_in[slot] == 0);
      slot = get_bits(model.want_slot_o, u * 4, 4);
      set_bits(model.complete_i, u, 1, slot < SLOTS && writers[u].complete_in[slot] == 1);
    }
  }

  void see_readers() {
    for (unsigned u = 0; u < UNITS; u++) {
      Reader &r = readers[u];
      if (get_bits(model.claim_o, u, 1) && get_bits(model.claim_ready_i, u, 1)) {
        unsigned slot = static_cast<unsigned>(get_bits(model.room_slot_o, u * 4, 4));
        unsigned &next = r.slot[get_bits(model.room_channel_o, u * 4, 4)];
        check.expect(slot == next && r.room_in[slot] == 0, "claims follow the slots, with room");
        r.room_in[slot] = -1;
        next = (next + 1) % SLOTS;
      }
      if (!get_bits(model.word_valid_o, u, 1) || !get_bits(model.word_ready_i, u, 1)) {
        continue;
      }
      if (!check.expect(!r.expected.empty(), "a word only for a row")) {
        continue;
      }
      Word word = r.expected.front();
      r.expected.pop_front();
      bool same =
          get_bits(model.word_slot_o, u * 4, 4) == word.slot &&
          get_bits(model.word_place_o, u * 16, 16) == word.place &&
          get_bits(model.word_first_o, u, 1) == word.first &&
          get_bits(model.word_last_o, u, 1) == word.last &&
          get_bits(model.word_be_o, u * BUS, BUS) == (BUS == 64 ? ~0ull : (1ull << BUS) - 1);
      for (unsigned b = 0; b < BUS; b++) {
        same &= get_bits(model.word_data_o, (u * BUS + b) * 8, 8) == memory.byte(word.addr + b);
      }
      check.expect(same,
                   "word of reader " + std::to_string(u) + ", place " + std::to_string(word.place));
      check.expect(r.room_in[word.slot] == -1, "words go into claimed slots only");
      if (r.expected.empty() || r.expected.front().place == 0) {  // its listeners release it
        r.room_in[word.slot] = 1 + static_cast<int>(draw(0, room_delay));
      }
    }
  }

  /* One bus word of one of the writers' channels, or of a channel nobody listens to. */
  void publish() {
    model.bus_valid_i = 0;
    stray = false;
    if (stall != 0 && chance(stall)) {
      return;
    }
    unsigned u = static_cast<unsigned>(draw(0, UNITS - 1));
    if (stall == 0 && writers[u].published == writers[u].total) {
      u = 1 - u;
    }
    Writer &w = writers[u];
    for (unsigned b = 0; b < BUS; b++) {
      set_bits(model.bus_data_i, b * 8, 8, static_cast<uint64_t>(draw(0, 255)));
    }
    model.bus_valid_i = 1;
    model.bus_channel_i = 15;
    set_bits(model.bus_be_i, 0, BUS, ~0ull);
    model.bus_slot_i = static_cast<uint8_t>(draw(0, SLOTS - 1));
    model.bus_place_i = static_cast<uint16_t>(draw(0, 3));
    if (stall != 0 && chance(100) && stray_word(u)) {
      return;
    }
    if (w.published == w.total || w.complete_in[w.publish_slot[w.channel]] != 0) {
      return;
    }
    if (w.parts.empty()) {
      cut_vector(w);
    }
    auto [from, end] = w.parts.back();
    w.parts.pop_back();
    model.bus_channel_i = static_cast<uint8_t>(w.channel);
    model.bus_slot_i = static_cast<uint8_t>(w.publish_slot[w.channel]);
    model.bus_place_i = static_cast<uint16_t>(from / BUS);
    for (unsigned b = 0; b < BUS; b++) {
      unsigned place = from / BUS * BUS + b;
      set_bits(model.bus_be_i, b, 1, place >= from && place < end);
      if (place >= from && place < end) {
        set_bits(model.bus_data_i, b * 8, 8, w.vector[place]);
      }
    }
    if (w.parts.empty()) {
      end_vector(w);
    }
  }

  /* Makes the word one beyond the slots of a writer, or, when none listens, any one of a channel
   * that one had; it must harm nothing. */
  bool stray_word(unsigned u) {
    const bool listens = get_bits(model.listens_o, u, 1) != 0;
    const bool left = model.listens_o == 0;
    stray = listens && model.cfg_write_i == 0;
    if (stray || left) {
      model.bus_channel_i = static_cast<uint8_t>(get_bits(model.want_channel_o, u * 4, 4));
      model.bus_place_i = static_cast<uint16_t>(left ? draw(0, 0xffff)
                                                     : writers[u].ram_stride * MEM / BUS +
                                                           static_cast<unsigned>(draw(0, 3)));
    }
    return stray || left;
  }

  /* Slices come in any order, and where one ends inside a word the word comes in two parts. */
  void cut_vector(Writer &w) {
    w.vector.resize(w.row_bytes);
    for (uint8_t &byte : w.vector) {
      byte = static_cast<uint8_t>(draw(0, 255));
    }
    for (unsigned from = 0; from < w.row_bytes;) {
      unsigned end = std::min((from / BUS + 1) * BUS, w.row_bytes);
      if (end - from > 1 && chance(200)) {
        end = from + static_cast<unsigned>(draw(1, end - from - 1));
      }
      w.parts.emplace_back(from, end);
      std::swap(w.parts.back(), w.parts[static_cast<size_t>(draw(0, w.parts.size() - 1))]);
      from = end;
    }
  }

  void end_vector(Writer &w) {
    Row row = w.rows.front();
    w.rows.pop_front();
    for (unsigned n = 0; row.kept && n < w.row_bytes; n++) {
      expect[row.addr + n] = w.vector[n];
    }
    for (unsigned n = w.row_bytes; row.kept && n % MEM != 0; n++) {
      if (!expect.count(row.addr + n)) {
        expect[row.addr + n] = memory.byte(row.addr + n);
      }
    }
    unsigned &slot = w.publish_slot[w.channel];
    w.complete_in[slot] = 3;
    slot = (slot + 1) % SLOTS;
    w.published++;
  }

  void see_writers() {
    for (unsigned u = 0; u < UNITS; u++) {
      Writer &w = writers[u];
      if (!get_bits(model.release_valid_o, u, 1) || !get_bits(model.release_ready_i, u, 1)) {
        continue;
      }
      unsigned slot = static_cast<unsigned>(get_bits(model.want_slot_o, u * 4, 4));
      unsigned &next = w.release_slot[w.channel];
      check.expect(slot == next && w.complete_in[slot] == 1 &&
                       get_bits(model.want_channel_o, u * 4, 4) == w.channel,
                   "releases follow the slots");
      w.complete_in[slot] = 0;
      next = (next + 1) % SLOTS;
      w.released++;
    }
  }

  /* --- set-up --- */
  unsigned next_entry = 0;

  void write_table(const Setup &s) {
    for (const Sequence &q : s.sequences) {
      model.table_we_i = 1;
      model.table_windex_i = static_cast<uint16_t>(next_entry++ % 64);
      model.table_woffset_i = q.offset;
      model.table_wlength_i = q.length | (q.go_on ? 0x80000000u : 0);
      tick();
    }
  }

  void configure(const Setup &s) {
    model.cfg_channel_i = static_cast<uint8_t>(s.channel);
    model.cfg_listeners_i = 3;
    model.cfg_last_only_i = s.last_only;
    model.cfg_base_i = s.base;
    model.cfg_stride_i = s.stride;
    model.cfg_words_i = static_cast<uint16_t>(s.words);
    model.cfg_beats_i = static_cast<uint16_t>(s.beats);
    model.cfg_row_bytes_i = static_cast<uint16_t>(s.row_bytes);
    model.cfg_entry_i = static_cast<uint16_t>(next_entry % 64);
    model.cfg_sequences_i = static_cast<uint16_t>(s.sequences.size());
    model.cfg_ram_base_i = static_cast<uint16_t>(s.ram_base);
    model.cfg_ram_stride_i = static_cast<uint16_t>(s.ram_stride);
  }

  void start_reader(unsigned u, const Setup &s) {
    next_entry = u * 16;
    configure(s);
    write_table(s);
    Reader &r = readers[u];
    unsigned slot = r.slot[s.channel];
    for (const Sequence &q : s.sequences) {
      for (uint32_t t = 0; t < q.length; t++, slot = (slot + 1) % SLOTS) {
        for (unsigned p = 0; p < s.words; p++) {
          uint32_t at = s.base + q.offset + t * s.stride;
          r.expected.push_back(
              {slot, p, BASE + at + p * BUS, t == 0 && !q.go_on, t + 1 == q.length});
        }
      }
    }
    model.cfg_entry_i = static_cast<uint16_t>(u * 16);
    set_bits(model.cfg_read_i, u, 1, 1);
    tick();
  }

  /* The rows may be published at once; the writer is told to start `later` cycles after that. */
  void start_writer(unsigned u, const Setup &s, unsigned later) {
    Writer &w = writers[u];
    next_entry = 32 + u * 16;
    w.channel = s.channel;
    w.row_bytes = s.row_bytes;
    write_table(s);
    for (const Sequence &q : s.sequences) {
      for (uint32_t t = 0; t < q.length; t++) {
        uint32_t at = s.base + q.offset + (s.last_only ? 0 : t * s.stride);
        w.rows.push_back({BASE + at, !s.last_only || t + 1 == q.length});
        if (later > 0) {
          w.total++;
        }
      }
    }
    for (unsigned n = 0; n < later; n++) {
      tick();
    }
    configure(s);
    model.cfg_entry_i = static_cast<uint16_t>(32 + u * 16);
    set_bits(model.cfg_write_i, u, 1, 1);
    tick();
    w.ram_stride = s.ram_stride;
    w.total = w.published + static_cast<unsigned>(w.rows.size());
  }

  bool active() {
    return model.read_active_o || model.write_active_o;
  }

  unsigned finish(const char *what, unsigned limit = 200000) {
    unsigned n = 0;
    for (tick(); active() && n < limit; n++) {
      tick();
    }
    if (!check.expect(n < limit, std::string("ends: ") + what)) {
      return n;
    }
    check.expect(memory.idle() && model.idle_o, "all answered when it is no longer active");
    for (unsigned u = 0; u < UNITS; u++) {
      check.expect(readers[u].expected.empty(), "all words published");
      check.expect(writers[u].rows.empty() && writers[u].released == writers[u].published,
                   "all slots released");
    }
    for (const auto &byte : expect) {
      if (!check.expect(memory.byte(byte.first) == byte.second, "memory holds the rows")) {
        break;
      }
    }
    check.expect(!model.error_valid_o, "no error");
    return n;
  }

  std::vector<Sequence> sequences(uint32_t step, uint32_t at) {
    std::vector<Sequence> list;
    int64_t count = draw(1, 4);
    for (int64_t n = 0; n < count; n++) {
      uint32_t length = static_cast<uint32_t>(draw(1, draw(0, 1) ? 3 : 20));
      list.push_back({at, length, draw(0, 2) == 0});
      at += length * step;
    }
    return list;
  }

  /* One of the three channels a unit serves in turn. */
  unsigned any_channel() {
    return static_cast<unsigned>(draw(0, 2));
  }

  /* Rows in an area of their own for each unit; a negative stride walks it from its end. */
  Setup random_setup(unsigned u, bool writer, unsigned channel) {
    Setup s;
    s.channel = channel;
    s.row_bytes = static_cast<unsigned>(seed_log_uniform(&rng, 1, 500));
    s.words = (s.row_bytes + BUS - 1) / BUS;
    s.beats = (s.row_bytes + MEM - 1) / MEM + (writer ? 0 : static_cast<unsigned>(draw(0, 2)));
    s.ram_stride = (s.row_bytes + MEM - 1) / MEM;
    s.ram_base = u * 8192 / MEM / UNITS + static_cast<unsigned>(draw(0, 3));
    uint32_t step = (s.beats + static_cast<unsigned>(draw(0, 2))) * MEM;
    s.base = (writer ? WINDOW / 2 : 0) + u * (WINDOW / 4);
    s.stride = step;
    s.sequences = sequences(step, 0);
    s.last_only = writer && draw(0, 3) == 0;
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

  void timing(unsigned round) {
    auto &set = memory.settings;
    set = {};
    set.latency_min = round % 2 ? 1 : 10;
    set.latency_max = round % 3 == 0 ? 50 : set.latency_min;
    set.stall_permille = round % 4 == 3 ? 400 : 0;
    stall = round % 4 == 2 ? 0 : 300;
    room_delay = round % 5 == 0 ? 100 : 4;
  }
};

}  // namespace memory_core

#endif
