/* SPDX-License-Identifier: Apache-2.0 */
/* front_model: the bench around the front end: cores that set up streams, tell of room and complete
 * vectors, fetch and save; the activation bus; memory. One call of tick() is one cycle. What a core
 * tells changes two cycles after row_o, the latest it may. */
#ifndef TRINE_FRONT_MODEL_H
#define TRINE_FRONT_MODEL_H

#include <algorithm>

#include "front_types.h"

namespace front {

class Bench {
 public:
  Bench() : memory(model, MEM, check), rng(seed_start("front")) {
    model.rst_ni = 0;
    for (unsigned c = 0; c < CORES; c++) {
      set_bits(model.window_base_i, c * 64, 64, window_of(c));
      set_bits(model.window_size_i, c * 32, 32, WINDOW);
      set_bits(model.domain_i, c * 4, 4, c);
      set_bits(model.member_i, c, 1, 1);
    }
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
  Reader readers[CORES][UNITS];
  Writer writers[CORES][UNITS];
  Fetch fetches[CORES];
  Save saves[CORES];
  std::deque<uint64_t> setups[CORES];
  std::map<uint64_t, int> expect;
  unsigned stall = 0, room_delay = 0, programs = 0;
  unsigned stopped[CORES] = {}; /* cycles since its stop */
  bool failed[CORES] = {};
  unsigned heard[CORES] = {}; /* channels that it had writers for since its stop */
  uint64_t row_before = 0;

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
    if (model.rst_ni) {
      see();
    }
    const size_t bursts = memory.bursts.size();
    memory.edge();
    for (size_t n = bursts; n < memory.bursts.size(); n++) {
      see_burst(memory.bursts[n]);
    }
    const uint64_t row = get_bits(model.row_o, 0, 4 * CORES);
    model.clk_i = 1;
    model.eval();
    count_rows(row_before);
    row_before = row;
    for (unsigned c = 0; c < CORES; c++) {
      stopped[c] += get_bits(model.stop_i, c, 1) != 0;
    }
  }

  bool stops(unsigned c) {
    return get_bits(model.stop_i, c, 1) != 0;
  }

  /* --- what goes in --- */
  void drive() {
    if (seed_uniform(&rng, 0, 511) == 0) { /* others run, or none do */
      set_bits(model.busy_i, 0, CORES, static_cast<uint64_t>(seed_uniform(&rng, 0, 255)));
    }
    for (unsigned c = 0; c < CORES; c++) {
      drive_core(c);
      for (unsigned u = 0; u < UNITS; u++) {
        count_down(readers[c][u].later, readers[c][u].room);
        count_down(writers[c][u].later, writers[c][u].complete);
        set_bits(model.room_i, 2 * c + u, 1, readers[c][u].room > 0);
        set_bits(model.complete_i, 2 * c + u, 1, writers[c][u].complete > 0);
      }
    }
    model.word_ready_i = stall == 0 || !chance(stall);
    publish();
  }

  static void count_down(std::deque<unsigned> &later, unsigned &count) {
    for (unsigned &n : later) {
      n -= n > 0;
    }
    while (!later.empty() && later.front() == 0) {
      later.pop_front();
      count++;
    }
  }

  void drive_core(unsigned c) {
    Fetch &fetch = fetches[c];
    Save &save = saves[c];
    const bool runs = !stops(c) && !failed[c] && model.rst_ni;
    set_bits(model.cfg_valid_i, c, 1, !setups[c].empty() && !stops(c));
    if (!setups[c].empty()) {
      set_bits(model.cfg_i, c * 64, 64, setups[c].front());
    }
    if (runs && !fetch.asks && chance(programs)) {
      fetch.asks = true;
      fetch.beats = static_cast<unsigned>(draw(1, 16));
      fetch.offset = static_cast<uint32_t>(draw(0, WINDOW / MEM - 1)) * MEM;
      fetch.beats = std::min(fetch.beats, (4096 - fetch.offset % 4096) / MEM);
    }
    if (runs && !save.asks && chance(programs)) {
      save.asks = true;
      save.offset = WINDOW - 4096 + static_cast<uint32_t>(draw(0, 4096 / MEM - 1)) * MEM;
      save.bytes.resize(MEM);
      for (unsigned b = 0; b < MEM; b++) {
        save.bytes[b] = static_cast<uint8_t>(draw(0, 255));
        set_bits(model.save_data_i, (c * MEM + b) * 8, 8, save.bytes[b]);
        set_bits(model.save_strb_i, c * MEM + b, 1, 1);
      }
    }
    set_bits(model.fetch_valid_i, c, 1, fetch.asks);
    set_bits(model.fetch_offset_i, c * 32, 32, fetch.offset);
    set_bits(model.fetch_beats_i, c * 5, 5, fetch.beats);
    set_bits(model.save_valid_i, c, 1, save.asks);
    set_bits(model.save_offset_i, c * 32, 32, save.offset);
  }

  /* One bus word: of one of the writers' channels, or of a channel nobody listens to. */
  void publish() {
    model.bus_valid_i = 0;
    if (stall != 0 && chance(stall)) {
      return;
    }
    const unsigned c = static_cast<unsigned>(draw(0, CORES - 1));
    const unsigned u = static_cast<unsigned>(draw(0, UNITS - 1));
    Writer &w = writers[c][u];
    for (unsigned b = 0; b < BUS; b++) {
      set_bits(model.bus_data_i, b * 8, 8, static_cast<uint64_t>(draw(0, 255)));
    }
    model.bus_valid_i = 1;
    model.bus_domain_i = static_cast<uint8_t>(c);
    const unsigned other = static_cast<unsigned>(draw(0, 15));
    model.bus_channel_i = static_cast<uint8_t>((heard[c] >> other & 1) != 0 ? 15 : other);
    set_bits(model.bus_be_i, 0, BUS, ~0ull);
    model.bus_slot_i = static_cast<uint8_t>(draw(0, SLOTS - 1));
    model.bus_place_i = static_cast<uint16_t>(draw(0, 3000));
    if (w.published == w.total || w.full[w.publish_slot[w.channel]]) {
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
    w.full[slot] = true;
    w.later.push_back(3);
    slot = (slot + 1) % SLOTS;
    w.published++;
  }

  /* --- what comes out --- */
  void see() {
    if (model.word_valid_o && model.word_ready_i) {
      see_word();
    }
    for (unsigned c = 0; c < CORES; c++) {
      if (get_bits(model.cfg_valid_i, c, 1) && get_bits(model.cfg_ready_o, c, 1)) {
        setups[c].pop_front();
      }
      if (stops(c)) {
        check.expect(stopped[c] < 3 || (!get_bits(model.fetch_valid_o, c, 1) &&
                                        !get_bits(model.save_done_o, c, 1) &&
                                        !get_bits(model.error_valid_o, c, 1)),
                     "nothing comes to a core that has stopped");
        continue;
      }
      see_programs(c);
      for (unsigned u = 0; u < UNITS; u++) {
        if (get_bits(model.use_o, 2 * c + u, 1)) {
          see_use(c, u);
        }
      }
      if (get_bits(model.error_valid_o, c, 1)) {
        check.expect(!failed[c], "one error of a core");
        failed[c] = true;
      }
      check.expect(!get_bits(model.overrun_o, c, 1), "no overrun");
    }
  }

  void see_word() {
    const unsigned c = model.word_domain_o;
    if (!check.expect(c < CORES && stopped[c] < 2, "no word of a core that has stopped") ||
        stops(c)) {
      return;
    }
    for (unsigned u = 0; u < UNITS; u++) {
      Reader &r = readers[c][u];
      if (r.expected.empty() || r.expected.front().channel != model.word_channel_o) {
        continue;
      }
      Word word = r.expected.front();
      r.expected.pop_front();
      bool same = model.word_slot_o == word.slot && model.word_place_o == word.place &&
                  model.word_first_o == word.first && model.word_last_o == word.last &&
                  get_bits(model.word_be_o, 0, BUS) == (BUS == 64 ? ~0ull : (1ull << BUS) - 1);
      for (unsigned b = 0; b < BUS; b++) {
        same &= get_bits(model.word_data_o, b * 8, 8) == memory.byte(word.addr + b);
      }
      check.expect(same, "word of core " + std::to_string(c) + ", reader " + std::to_string(u));
      check.expect(r.sent < r.claimed, "words of claimed rows only");
      if (word.row_end) {
        r.sent++;
        r.later.push_back(1 + static_cast<unsigned>(draw(0, room_delay)));
        std::sort(r.later.begin(), r.later.end());
      }
      return;
    }
    check.expect(failed[c], "a word only for a row: core " + std::to_string(c) + ", channel " +
                                std::to_string(model.word_channel_o));
  }

  void see_use(unsigned c, unsigned u) {
    Writer &w = writers[c][u];
    unsigned &slot = w.use_slot[w.channel];
    check.expect(w.full[slot], "slots are given back in order");
    w.full[slot] = false;
    slot = (slot + 1) % SLOTS;
    w.released++;
  }

  /* Rows that began in the cycle before the last. */
  void count_rows(uint64_t rows) {
    for (unsigned c = 0; c < CORES; c++) {
      for (unsigned u = 0; u < UNITS && !stops(c); u++) {
        if ((rows >> (4 * c + u) & 1) != 0) {
          check.expect(readers[c][u].room > 0, "a row begins with room");
          readers[c][u].room--;
          readers[c][u].claimed++;
        }
        if ((rows >> (4 * c + 2 + u) & 1) != 0) {
          check.expect(writers[c][u].complete > 0, "a vector is taken when it is complete");
          writers[c][u].complete--;
        }
      }
    }
  }

  void see_programs(unsigned c) {
    Fetch &fetch = fetches[c];
    Save &save = saves[c];
    if (get_bits(model.fetch_valid_o, c, 1)) {
      if (check.expect(!fetch.expected.empty(), "a beat only for a fetch")) {
        bool same = true;
        for (unsigned b = 0; b < MEM; b++) {
          same &= get_bits(model.fetch_data_o, b * 8, 8) == memory.byte(fetch.expected.front() + b);
        }
        check.expect(same, "beats of a fetch in order");
        fetch.expected.pop_front();
      }
    }
    if (get_bits(model.fetch_ready_o, c, 1)) {
      check.expect(fetch.asks, "what is taken was asked for");
      for (unsigned n = 0; n < fetch.beats; n++) {
        fetch.expected.push_back(window_of(c) + fetch.offset + n * MEM);
      }
      fetch.asks = false;
    }
    if (get_bits(model.save_done_o, c, 1)) {
      check.expect(save.open > 0, "an answer only for a SAVE");
      save.open--;
    }
    if (get_bits(model.save_ready_o, c, 1)) {
      check.expect(save.asks, "a beat of SAVE is taken with its request");
      for (unsigned b = 0; b < MEM; b++) {
        expect[window_of(c) + save.offset + b] = save.bytes[b];
      }
      save.asks = false;
      save.open++;
    }
  }

  void see_burst(const AxiMemory<Model>::Burst &burst) {
    const unsigned c = burst.id;
    check.expect(c < CORES && burst.addr >= window_of(c) &&
                     burst.addr + burst.beats * MEM <= window_of(c) + WINDOW,
                 "bursts inside the window of their core");
  }

  bool busy() {
    bool any = get_bits(model.active_o, 0, 4 * CORES) != 0;
    for (unsigned c = 0; c < CORES; c++) {
      any |= !setups[c].empty() || fetches[c].asks || !fetches[c].expected.empty() ||
             saves[c].asks || saves[c].open > 0;
    }
    return any;
  }
};

}  // namespace front

#endif
