/* SPDX-License-Identifier: Apache-2.0 */
/* commands_world: what goes into the unit, and the course of time; commands_watch.cpp has what
 * comes out of it. */
#include "commands_world.h"

#include "ports.h"

namespace commands {

world::world(const char *name) : rng_(seed_start(name)) {
  static const char *const names[] = {
      "core 0", "core 1", "core 2",  "core 3",  "core 4",  "core 5",  "core 6",  "core 7",
      "core 8", "core 9", "core 10", "core 11", "core 12", "core 13", "core 14", "core 15"};
  for (unsigned c = 0; c < CORES; c++) {
    cores[c].rng = seed_start(names[c]);
    cores[c].params = static_cast<unsigned>(draw(64, 200));
  }
  top.config_hash_i = CONFIG_HASH;
  top.rst_ni = 0;
  for (unsigned n = 0; n < 3; n++) {
    drive();
    top.clk_i = 0;
    top.eval();
    top.clk_i = 1;
    top.eval();
  }
  top.rst_ni = 1;
}

program world::draw_program(const std::vector<unsigned> &on, fault kind, unsigned blocks) {
  wish w = {static_cast<unsigned>(on.size()), {}, blocks, kind};
  for (unsigned c : on) {
    w.params.push_back(cores[c].params);
  }
  return drawer(&rng_, w).draw();
}

int world::start(const std::vector<unsigned> &on, const program &p, bool repeat) {
  slot s;
  s.p = p;
  s.cores = on;
  s.next = repeat ? p.last_block : 0;
  s.repeated = repeat;
  s.start = cycle;
  for (unsigned rank = 0; rank < on.size(); rank++) {
    unsigned c = on[rank];
    s.mask |= 1u << c;
    cores[c].slot = static_cast<int>(slots.size());
    set_bits(top.rank_i, c * 4, 4, rank);
    set_bits(top.ranks_i, c * 5, 5, p.ranks);
    set_bits(top.mode_i, c * 2, 2, p.mode);
    set_bits(top.program_i, c * 32, 32, p.offset);
    set_bits(top.fresh_i, c, 1, p.fresh && !repeat);
    set_bits(top.repeat_i, c, 1, repeat);
  }
  start_ = s.mask;
  slots.push_back(s);
  tick();
  return static_cast<int>(slots.size()) - 1;
}

void world::stop(int number, unsigned span) {
  slots[number].stopped = cycle;
  if (slots[number].end < 0) {
    slots[number].end = cycle;
  }
  for (unsigned c : slots[number].cores) {
    stop_from_[c] = cycle;
    stop_until_[c] = cycle + span;
  }
}

bool world::finish(long limit, const std::vector<int> &which) {
  for (long end = cycle + limit; cycle < end;) {
    bool all = true;
    for (int number : which) {
      all = all && over(number);
    }
    if (all) {
      return true;
    }
    tick();
  }
  fail("a program comes to its end", 0, 1);
  return false;
}

/* One core's request is taken and one beat comes, at most. */
void world::drive_memory() {
  top.fetch_ready_i = 0;
  top.fetch_valid_i = 0;
  turn_ = (turn_ + 1) % CORES;
  for (unsigned n = 0; n < CORES; n++) {
    unsigned c = (turn_ + n) % CORES;
    core &k = cores[c];
    if (top.fetch_ready_i == 0 && bits_of(top.fetch_valid_o, c, 1) != 0 && !k.how.deaf) {
      set_bits(top.fetch_ready_i, c, 1, 1);
    }
    bool silent = k.how.silent_after >= 0 && k.beats >= k.how.silent_after;
    if (top.fetch_valid_i == 0 && !k.bursts.empty() && k.bursts.front().due <= cycle &&
        k.next_beat <= cycle && !silent) {
      set_bits(top.fetch_valid_i, c, 1, 1);
      const std::vector<uint32_t> &window = slots[k.slot].p.window;
      for (unsigned w = 0; w < MEM / 4; w++) {
        size_t at = k.bursts.front().offset / 4 + w;
        set_bits(top.fetch_data_i, w * 32, 32, at < window.size() ? window[at] : 0);
      }
      k.beats++;
      k.next_beat = cycle + k.how.gap;
      k.bursts.front().offset += MEM;
      if (--k.bursts.front().beats == 0) {
        k.bursts.pop_front();
      }
    }
  }
}

void world::drive() {
  set_bits(top.start_i, 0, CORES, start_);
  start_ = 0;
  for (unsigned c = 0; c < CORES; c++) {
    core &k = cores[c];
    bool stopped = cycle >= stop_from_[c] && cycle < stop_until_[c];
    if (stopped && cycle >= stop_from_[c] + 2) {
      k.bursts.clear();
    }
    if (stopped) {
      k.busy_until = k.saving_until = k.clearing_until = k.stream_until = 0;
    }
    set_bits(top.stop_i, c, 1, stopped);
    set_bits(top.clearing_i, c, 1, cycle < k.clearing_until);
    set_bits(top.stream_wait_i, c, 1, cycle < k.stream_until);
    set_bits(top.wait_i, c, 1, k.waits);
    set_bits(top.error_i, c * 8, 8, k.refusal);
    set_bits(top.quiet_i, c, 1, k.quiet);
    set_bits(top.param_beats_i, c * 17, 17, k.params);
    set_bits(top.ring_ready_i, c, 1, k.ring_ready);
  }
  drive_memory();
}

void world::tick() {
  drive();
  top.clk_i = 0;
  top.eval();
  see();
  top.clk_i = 1;
  top.eval();
  cycle++;
}

/* What a core says in the next cycle of what it sees in this one; of what is not for it, anything.
 */
void world::answer(unsigned c) {
  core &k = cores[c];
  bool saves = cycle < k.saving_until;
  bool busy = cycle >= k.busy_from && cycle < k.busy_until;
  bool mine = top.checks_o != 0 && bits_of(top.select_o, c, 1) != 0;
  k.quiet = !saves && !busy;
  k.ring_ready = !chance(&k, k.how.ring);
  if (!mine || k.slot < 0) {
    k.waits = saves || draw(0, 1) != 0;
    k.refusal = static_cast<uint32_t>(draw(0, 1) * draw(27, 31));
    return;
  }
  const slot &s = slots[k.slot];
  k.waits = saves || (busy && top.op_o == TRINE_OP_SAVE) || chance(&k, k.how.waits);
  k.refusal = 0;
  if (s.p.kind == fault::REFUSED && top.place_o == s.p.error_place) {
    unsigned first = s.cores[s.p.error_rank];
    if (c == first) {
      k.refusal = s.p.error_code;
    } else if (c > first) {
      k.refusal = s.p.error_code ^ 1;
    }
  }
}

void world::fail(const char *what, uint64_t got, uint64_t want) {
  if (++failures <= 20) {
    std::fprintf(stderr, "cycle %ld: %s: got 0x%llx, want 0x%llx\n", cycle, what,
                 static_cast<unsigned long long>(got), static_cast<unsigned long long>(want));
  }
}

}  // namespace commands
