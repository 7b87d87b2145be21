/* SPDX-License-Identifier: Apache-2.0 */
/* commands_watch: what comes out of the unit, against what the programs say. */
#include "commands_world.h"
#include "ports.h"

namespace commands {

/* Cycles of stop in which something of before may still come. */
constexpr long AFTER_STOP = 1;

static bool bare(uint32_t op) {
  return op == TRINE_OP_END || op == TRINE_OP_BARRIER;
}

static bool streams(uint32_t op) {
  return op == TRINE_OP_READ || op == TRINE_OP_WRITE || op == TRINE_OP_TABLE;
}

/* The program on a core was begun, and neither is over nor was stopped. */
bool world::acts(unsigned c) const {
  return cores[c].slot >= 0 && !slots[cores[c].slot].done && !slots[cores[c].slot].failed &&
         slots[cores[c].slot].stopped < 0;
}

uint32_t world::cores_of(const slot &s, uint32_t ranks) const {
  uint32_t mask = 0;
  for (unsigned r = 0; r < s.cores.size(); r++) {
    if (ranks == 0 || (ranks >> r & 1) != 0) {
      mask |= 1u << s.cores[r];
    }
  }
  return mask;
}

/* Whose program selects these cores; none in the first cycles of its stop. */
slot *world::slot_at(uint32_t select) {
  if (select == 0) {
    fail("cores are named", 0, 1);
    return nullptr;
  }
  unsigned c = static_cast<unsigned>(__builtin_ctz(select));
  if (!acts(c)) {
    long stopped = cores[c].slot < 0 ? -1 : slots[cores[c].slot].stopped;
    if (stopped < 0 || cycle > stopped + AFTER_STOP) {
      fail("nothing comes of a program that is over", c, UINT64_MAX);
    }
    return nullptr;
  }
  slot *s = &slots[cores[c].slot];
  expect("cores of its own slot are named", select & ~s->mask, 0);
  return s;
}

void world::see_fetches() {
  for (unsigned c = 0; c < CORES; c++) {
    if (bits_of(top.fetch_valid_o, c, 1) == 0 || bits_of(top.fetch_ready_i, c, 1) == 0) {
      continue;
    }
    auto offset = static_cast<uint32_t>(bits_of(top.fetch_offset_o, c * 32, 32));
    auto beats = static_cast<unsigned>(bits_of(top.fetch_beats_o, c * 5, 5));
    core &k = cores[c];
    if (!acts(c)) {
      long stopped = k.slot < 0 ? -1 : slots[k.slot].stopped;
      bool failed = k.slot >= 0 && slots[k.slot].failed; /* it asks on until its stop */
      if (!failed && (stopped < 0 || cycle > stopped + AFTER_STOP)) {
        fail("nothing is asked for a program that is over", c, UINT64_MAX);
      }
      if (!failed) {
        continue;
      }
    }
    const slot &s = slots[k.slot];
    expect("the core of rank 0 asks", c, s.cores[0]);
    expect("a burst has 1 to 16 beats", beats >= 1 && beats <= 16, 1);
    expect("a burst begins with a beat", offset % MEM, 0);
    expect("a burst ends with its page", offset % 4096 + beats * MEM <= 4096, 1);
    expect("a burst stays in the window",
           offset / 4 + uint64_t(beats) * MEM / 4 <= s.p.window.size(), 1);
    k.bursts.push_back({offset, beats, cycle + 1 + up_to(&k, k.how.latency)});
  }
}

void world::see_words() {
  if (top.context_we_o == 0 && top.stream_we_o == 0) {
    return;
  }
  expect("a word is of one kind", top.context_we_o != 0 && top.stream_we_o != 0, 0);
  slot *s = slot_at(top.select_o);
  unsigned index = top.context_we_o != 0 ? top.context_word_o + 1u : top.stream_word_o;
  if (index == 1) {
    heard_.clear();
  }
  expect("words come in order", heard_.size() + 1, index);
  /* One that a core has no place for comes again, for all. */
  unsigned full = top.stream_we_o != 0 ? top.stream_wait_i & top.select_o : 0;
  if (full == 0) {
    heard_.push_back(top.word_o);
  }
  if (top.op_o == TRINE_OP_TABLE && index >= 2) {
    expect("entry of a table", top.table_index_o, heard_[0] + (index - 2) / 2);
  }
  if (s == nullptr || s->next == s->p.steps.size()) {
    return; /* of what will be refused */
  }
  const step &op = s->p.steps[s->next];
  expect("place of what has words", top.place_o, op.place);
  expect("a word of an operation", top.word_o, index < op.words.size() ? op.words[index] : 0);
  unsigned before = 0; /* a front end takes a core's word at a time */
  for (unsigned c = 0; c < CORES; c++) {
    if (top.stream_we_o != 0 && bits_of(top.select_o & ~full, c, 1) != 0) {
      cores[c].stream_until = cycle + 1 + before++ + up_to(&cores[c], cores[c].how.stream);
    }
  }
}

void world::check_order(const slot &s, const step &op) {
  bool clearing = false, busy = false, saving = false;
  for (unsigned c : s.cores) {
    clearing = clearing || cycle < cores[c].clearing_until;
    busy = busy || (cycle >= cores[c].busy_from && cycle < cores[c].busy_until);
    saving = saving || cycle < cores[c].saving_until;
  }
  expect("a list from scratch begins with a sweep", s.cleared >= 0, !s.p.resident && !s.repeated);
  expect("nothing is done while counts are swept", clearing, 0);
  if (s.next == 0 || (s.repeated && s.next == s.p.last_block)) {
    return;
  }
  const step &before = s.p.steps[s.next - 1];
  if (before.op == TRINE_OP_LOAD) {
    expect("a LOAD is through before what is behind it", s.loaded, before.data.size());
  } else if (before.op == TRINE_OP_BARRIER ||
             (before.op == TRINE_OP_RUN && (before.words[1] & 0x10000) == 0)) {
    expect("RUN and BARRIER wait for all cores", busy, 0);
    expect("RUN and BARRIER wait for all SAVEs", saving, 0);
  }
  expect("nothing comes behind END", before.op == TRINE_OP_END, 0);
  (void)op;
}

void world::see_exec() {
  if (top.exec_o == 0) {
    return;
  }
  slot *s = slot_at(top.select_o);
  if (s == nullptr) {
    return;
  }
  if (s->next == s->p.steps.size()) {
    fail("nothing comes behind the last operation", top.place_o, s->p.steps.size());
    return;
  }
  const step &op = s->p.steps[s->next];
  expect("the operation", top.op_o, op.op);
  expect("its place", top.place_o, op.place);
  expect("its cores", top.select_o, cores_of(*s, op.ranks));
  const uint32_t args[] = {top.arg1_o, top.arg2_o, top.arg3_o, top.arg4_o, top.arg5_o, top.arg6_o};
  size_t known = op.op == TRINE_OP_TABLE ? 2 : std::min<size_t>(op.words.size(), 7);
  for (size_t n = 1; n < known; n++) {
    expect("an argument", args[n - 1], op.words[n]);
  }
  if (op.op == TRINE_OP_CONTEXT || streams(op.op)) {
    expect("all words came before", heard_.size(), op.words.size() - 1);
  }
  heard_.clear();
  if (!bare(op.op)) {
    expect("none of its cores waits", top.wait_i & top.select_o, 0);
    for (unsigned c = 0; c < CORES; c++) {
      expect("none of its cores refuses", bits_of(top.select_o, c, 1) != 0 && cores[c].refusal != 0,
             0);
    }
  }
  check_order(*s, op);
  carry_out(s, op);
}

void world::carry_out(slot *s, const step &op) {
  for (unsigned r = 0; r < s->cores.size(); r++) {
    if ((op.ranks >> r & 1) == 0) {
      continue;
    }
    core &k = cores[s->cores[r]];
    if (op.op == TRINE_OP_RUN || op.op == TRINE_OP_READ || op.op == TRINE_OP_WRITE) {
      if (cycle >= k.busy_until) {
        k.busy_from = cycle + 1;
      }
      k.busy_until = std::max(k.busy_until, cycle + 2 + up_to(&k, k.how.busy));
    } else if (op.op == TRINE_OP_SAVE) {
      k.saving_until = cycle + 2 + up_to(&k, k.how.busy);
    }
  }
  s->loaded = 0;
  s->next++;
  operations++;
}

void world::see_loaded(unsigned buffer, uint32_t address, const std::vector<uint32_t> &got) {
  slot *s = slot_at(top.load_select_o);
  if (s == nullptr) {
    return;
  }
  bool loads = s->next > 0 && s->p.steps[s->next - 1].op == TRINE_OP_LOAD;
  expect("a LOAD is under way", loads, 1);
  if (!loads) {
    return;
  }
  const step &op = s->p.steps[s->next - 1];
  const uint32_t each[] = {WORD / 4, 4, 1, 1};
  auto loaded = static_cast<uint32_t>(s->loaded);
  expect("the core of a LOAD", top.load_select_o, cores_of(*s, op.ranks));
  expect("its buffer", buffer, op.words[1]);
  expect("its place in it", address, op.words[2] + loaded / each[buffer] * (buffer == 2 ? 4 : 1));
  if (buffer == 0) {
    expect("the beat of a weight word", top.weight_bank_o, loaded % (WORD / 4) / (MEM / 4));
  }
  for (uint32_t word : got) {
    uint32_t want = s->loaded < op.data.size() ? op.data[s->loaded] : 0;
    if (buffer == 1 && s->loaded % 4 == 2) {
      want &= 0x3f;
    } else if (buffer == 3) {
      want &= 0xffff;
    }
    expect("no more than it says", s->loaded < op.data.size(), 1);
    expect("what is loaded", word, want);
    s->loaded++;
    words++;
  }
}

void world::see_load() {
  if (top.weight_we_o != 0) {
    std::vector<uint32_t> beat;
    for (unsigned w = 0; w < MEM / 4; w++) {
      beat.push_back(static_cast<uint32_t>(bits_of(top.beat_o, w * 32, 32)));
    }
    see_loaded(0, top.weight_waddr_o, beat);
  }
  if (top.param_we_o != 0) {
    see_loaded(1, top.param_row_o,
               {static_cast<uint32_t>(bits_of(top.param_data_o, 0, 32)),
                static_cast<uint32_t>(bits_of(top.param_data_o, 32, 31)),
                static_cast<uint32_t>(bits_of(top.param_data_o, 63, 6)), 0});
  }
  if (top.ring_valid_o != 0 && (top.ring_ready_i & top.load_select_o) != 0) {
    see_loaded(2, top.ring_addr_o, {top.ring_data_o});
  }
  if (top.state_we_o != 0) {
    see_loaded(3, top.state_waddr_o, {top.state_wdata_o});
  }
}

void world::see_clear() {
  if (top.clear_o == 0) {
    return;
  }
  slot *s = slot_at(top.clear_o);
  if (s == nullptr) {
    return;
  }
  expect("all cores of a slot are swept", top.clear_o, s->mask);
  expect("once, before all else", s->cleared >= 0 || s->next != 0, 0);
  expect("of a list from scratch", s->p.resident || s->repeated, 0);
  s->cleared = cycle;
  for (unsigned c : s->cores) {
    cores[c].clearing_until = cycle + 1 + up_to(&cores[c], cores[c].how.clearing);
  }
}

void world::see_errors() {
  if (top.error_valid_o == 0) {
    return;
  }
  expect("one core tells an error", __builtin_popcount(top.error_valid_o), 1);
  slot *s = slot_at(top.error_valid_o);
  if (s == nullptr) {
    return;
  }
  const program &p = s->p;
  expect("an error is expected", p.kind != fault::NONE, 1);
  expect("its core", top.error_valid_o, 1u << s->cores[p.error_rank]);
  expect("its code", top.error_code_o, p.error_code);
  expect("its operation", top.error_op_o, p.error_place);
  if (p.kind != fault::CRC) {
    expect("its value", top.error_value_o, p.error_value);
  }
  expect("all before it was done", s->next, p.steps.size());
  if (p.kind == fault::ROW) {
    expect("rows before the wrong one", s->loaded, p.rows * 4);
  }
  s->failed = true;
  s->end = cycle;
}

void world::see_levels(int number) {
  slot &s = slots[number];
  for (unsigned c : s.cores) {
    if (cores[c].slot != number) {
      return; /* one has gone to another slot */
    }
  }
  auto all = [&](uint64_t port) { return port & s.mask; };
  if (s.stopped >= 0) {
    expect("a stop ends all", cycle > s.stopped && all(top.running_o | top.done_o) != 0, 0);
    return;
  }
  if (cycle > s.start && s.end < 0) {
    expect("it runs, or is done", all(top.running_o | top.done_o), s.mask);
  }
  if (s.failed) {
    expect("what failed is over", cycle > s.end + 2 && all(top.running_o | top.done_o) != 0, 0);
    return;
  }
  expect("only what runs waits or loads", all((top.waiting_o | top.loading_o) & ~top.running_o), 0);
  if (cycle == s.start || s.done || all(top.done_o) == 0) {
    expect("done is done", s.done && all(top.done_o) != s.mask, 0);
    return;
  }
  expect("all cores are done", all(top.done_o), s.mask);
  expect("done with all operations", s.next, s.p.steps.size());
  expect("done without an error", s.p.kind == fault::NONE, 1);
  expect("whether it can be repeated", all(top.repeats_o), s.p.repeats ? s.mask : 0);
  for (unsigned c : s.cores) {
    expect("nothing is left", cycle < cores[c].busy_until || cycle < cores[c].saving_until, 0);
  }
  s.done = true;
  s.end = cycle;
}

void world::see() {
  see_fetches();
  see_words();
  see_load(); /* of operations of cycles before */
  see_exec();
  see_clear();
  see_errors();
  for (unsigned c = 0; c < CORES; c++) {
    if (cores[c].slot >= 0 && slots[cores[c].slot].cores[0] == c) {
      see_levels(cores[c].slot);
    }
    expect("a core runs no longer than its program",
           bits_of(top.running_o, c, 1) != 0 && (cores[c].slot < 0 || slots[cores[c].slot].done),
           0);
  }
  for (unsigned c = 0; c < CORES; c++) {
    answer(c);
  }
}

}  // namespace commands
