/* SPDX-License-Identifier: Apache-2.0 */
/* test_tail: trine_tail with random phases of several contexts, random gaps, starved word credits
 * and flushes, against the golden functions: words, c and h bit for bit. Units are seen by the
 * probe of the simulated chips (tb/chip/trine_probe.sv), which is bound to this tail too. */
#include <cstdio>
#include <cstring>

#include "Vtrine_tail.h"
#include "tail_model.h"
#include "verilated.h"

namespace {

constexpr int SCENARIOS = 60;
constexpr int PHASES = 80, AGES = 600;
constexpr int LIMIT_CYCLES = 200000;
constexpr tail_shape SHAPE = {TAIL_LANES, TAIL_ROWS, TAIL_BUS_BYTES, TAIL_CMSIS};
constexpr int ACC_SLOTS = 4;
constexpr int WORD_CREDITS = 4;

template <typename T>
void set_bits(T *port, int *at, int width, int64_t value) {
  auto *words = reinterpret_cast<uint32_t *>(port);
  for (int i = 0; i < width; i++, ++*at) {
    uint32_t mask = 1u << (*at % 32);
    words[*at / 32] = (words[*at / 32] & ~mask) | ((value >> i & 1) != 0 ? mask : 0);
  }
}

/* What the probe says of a unit. */
struct probe_point {
  unsigned marks, place, value;
  uint64_t pre;
};

class bench {
 public:
  bench() : rng_(seed_start("tail")), model_(SHAPE, &rng_) {}
  int run();
  void see_unit(const probe_point &got);

 private:
  void tick();
  void pulse(uint8_t *port) {
    *port = 1;
    tick();
    *port = 0;
  }
  void load();
  void drive_phase();
  void drive_groups();
  void drive_credit();
  void set_phase(const tail_phase &phase);
  void set_context(const tail_phase &phase);
  void see_word();
  void flush();
  void check_state();
  void forgets();
  void overrun();
  void fail(const char *what, long got, long want);
  void expect(const char *what, long got, long want) {
    if (got != want) {
      fail(what, got, want);
    }
  }
  bool chance(int one_in) {
    return seed_uniform(&rng_, 1, one_in) == 1;
  }

  Vtrine_tail top_;
  seed_stream rng_;
  tail_model model_;
  std::deque<tail_phase> pending_;          /* drawn, not yet taken */
  std::deque<std::vector<int32_t>> groups_; /* of phases taken */
  int acc_credits_ = ACC_SLOTS, queue_ = 0, phases_ = 0, failures_ = 0, gap_ = 1, drain_ = 1;
  long cycles_ = 0, words_ = 0, units_ = 0, stalls_ = 0, overruns_ = 0;
};

void bench::fail(const char *what, long got, long want) {
  if (failures_++ < 10) {
    std::printf("cycle %ld: %s: got %ld, want %ld\n", cycles_, what, got, want);
  }
}

/* One cycle; outputs are looked at before its edge. */
void bench::tick() {
  bool taken = false;
  top_.clk_i = 0;
  top_.eval();
  if (top_.rst_ni != 0 && top_.flush_i == 0) {
    if (top_.word_valid_o != 0) {
      see_word();
    }
    acc_credits_ += top_.acc_pop_o;
    stalls_ += top_.stall_bus_o;
    overruns_ += top_.overrun_o;
    if (top_.phase_valid_i != 0 && top_.phase_ready_o != 0) {
      for (auto &group : pending_.front().acc) {
        groups_.push_back(group);
      }
      pending_.pop_front();
      taken = true;
    }
  }
  top_.clk_i = 1;
  top_.eval();
  if (taken) {
    top_.phase_valid_i = 0;
  }
  cycles_++;
}

void bench::see_word() {
  words_++;
  queue_++;
  if (queue_ > WORD_CREDITS) {
    fail("words in the queue", queue_, WORD_CREDITS);
  }
  if (model_.words.empty()) {
    fail("words too many", 1, 0);
    return;
  }
  tail_word want = model_.words.front();
  model_.words.pop_front();
  const auto *data = reinterpret_cast<const uint8_t *>(&top_.word_data_o);
  expect("channel", top_.word_channel_o, want.channel);
  expect("slot", top_.word_slot_o, want.slot);
  expect("place", top_.word_place_o, want.place);
  expect("byte enables", top_.word_be_o, want.be);
  expect("first", top_.word_first_o, want.first);
  expect("last", top_.word_last_o, want.last);
  for (int i = 0; i < SHAPE.bus_bytes; i++) {
    expect("byte of a word", data[i], want.data[i]);
  }
  if (want.ends_phase) {
    model_.step_seen(want.ctx);
  }
}

/* At the edge at which the unit ends. */
void bench::see_unit(const probe_point &got) {
  if (top_.rst_ni == 0 || top_.flush_i != 0) {
    return;
  }
  units_++;
  if (model_.units.empty()) {
    fail("units too many", 1, 0);
    return;
  }
  tail_unit want = model_.units.front();
  model_.units.pop_front();
  expect("context", got.place >> 16, want.ctx);
  expect("unit", got.place & 0xffff, want.unit);
  for (int g = 0; g < 4; g++) {
    expect("pre-activation", static_cast<int16_t>(got.pre >> (16 * g)), want.pre[g]);
  }
  expect("c", static_cast<int16_t>(got.value), want.c);
  expect("h", static_cast<int8_t>(got.value >> 16), want.h);
  expect("first", got.marks & 1, want.first);
  expect("last", got.marks >> 1, want.last);
}

void bench::load() {
  top_.param_we_i = 1;
  for (int i = 0; i < tail_model::PARAM_ROWS; i++) {
    const trine_requant &row = model_.params[i];
    int at = 0;
    top_.param_row_i = static_cast<uint16_t>(i);
    set_bits(&top_.param_data_i, &at, 32, row.bias);
    set_bits(&top_.param_data_i, &at, 31, row.multiplier);
    set_bits(&top_.param_data_i, &at, 6, row.shift);
    tick();
  }
  top_.param_we_i = 0;
  top_.state_we_i = 1;
  for (int i = 0; i < tail_model::ENTRIES; i++) {
    top_.state_waddr_i = static_cast<uint16_t>(i);
    top_.state_wdata_i = static_cast<uint16_t>(model_.c[i]);
    tick();
  }
  top_.state_we_i = 0;
  for (int i = 0; i < tail_model::CONTEXTS; i++) {
    set_context(model_.constants(i));
  }
}

/* The words of a CONTEXT that the tail keeps; those of others change nothing. */
void bench::set_context(const tail_phase &phase) {
  const auto byte = [](int value) { return static_cast<uint32_t>(static_cast<uint8_t>(value)); };
  const uint32_t words[] = {
      byte(phase.cell_exp) << 24 | byte(phase.zero_point) << 16,
      byte(phase.out_max) << 24 | byte(phase.out_min) << 16 |
          static_cast<uint32_t>(phase.cell_clip),
      static_cast<uint32_t>(phase.out_mult),
      static_cast<uint32_t>(phase.out_shift) & 0x3f,
  };
  top_.context_we_i = 1;
  top_.context_number_i = static_cast<uint8_t>(phase.ctx);
  for (unsigned n = 0; n < 13; n++) {
    top_.context_word_i = static_cast<uint8_t>(n);
    top_.context_data_i = n < 9 ? static_cast<uint32_t>(seed_next(&rng_)) : words[n - 9];
    tick();
  }
  top_.context_we_i = 0;
}

void bench::set_phase(const tail_phase &phase) {
  const struct {
    int width, value;
  } fields[] = {
      {8, phase.zero_point},  {4, phase.slot},        {4, phase.channel},     {1, phase.last},
      {1, phase.first},       {1, phase.use_cell},    {16, phase.state_addr}, {16, phase.pre_base},
      {16, phase.param_base}, {16, phase.first_unit}, {16, phase.units},      {16, phase.groups},
      {4, phase.ctx},         {1, phase.second},      {1, phase.h_part},      {1, phase.dense},
  };
  int at = 0;
  for (const auto &field : fields) {
    set_bits(&top_.phase_i, &at, field.width, field.value);
  }
}

void bench::drive_phase() {
  if (pending_.empty() && phases_ < PHASES) {
    tail_phase phase;
    if (model_.next(&phase)) {
      pending_.push_back(phase);
      phases_++;
    }
  }
  if (top_.phase_valid_i == 0 && !pending_.empty() && chance(gap_)) {
    set_phase(pending_.front());
    top_.phase_valid_i = 1;
  }
}

void bench::drive_groups() {
  top_.acc_valid_i = 0;
  if (groups_.empty() || acc_credits_ == 0 || !chance(gap_)) {
    return;
  }
  top_.acc_valid_i = 1;
  int at = 0;
  for (int32_t acc : groups_.front()) {
    set_bits(&top_.acc_i, &at, 32, acc);
  }
  groups_.pop_front();
  acc_credits_--;
}

void bench::drive_credit() {
  top_.word_credit_i = 0;
  if (queue_ == 0 || !chance(drain_)) {
    return;
  }
  top_.word_credit_i = 1;
  queue_--;
}

void bench::check_state() {
  for (int i = 0; i < tail_model::ENTRIES; i++) {
    top_.state_raddr_i = static_cast<uint16_t>(i);
    pulse(&top_.state_re_i);
    tick();
    auto c = static_cast<int16_t>(top_.state_rdata_o);
    auto h = static_cast<int8_t>(top_.state_rdata_o >> 16);
    expect("c in the state buffer", c, model_.c[i]);
    if (model_.h_known[i] && h != model_.h[i]) {
      fail("h in the state buffer", h, model_.h[i]);
    }
  }
}

/* What was written before is 0, however often the core changes hands: ages come back after 256. */
void bench::forgets() {
  std::memset(model_.c, 0, sizeof model_.c);
  std::memset(model_.h, 0, sizeof model_.h);
  for (int age = 0; age < AGES && failures_ == 0; age++) {
    pulse(&top_.forget_i);
    tick();
    check_state();
  }
}

void bench::flush() {
  top_.flush_i = 1;
  for (int i = 0; i < 12; i++) {
    tick();
  }
  top_.flush_i = top_.phase_valid_i = top_.acc_valid_i = top_.word_credit_i = 0;
  pending_.clear();
  groups_.clear();
  model_.words.clear();
  model_.units.clear();
  acc_credits_ = ACC_SLOTS;
  queue_ = 0;
  for (int i = 0; i < 60; i++) {
    tick();
    if (top_.busy_o != 0) {
      fail("busy after a flush", 1, 0);
    }
  }
}

/* Addresses outside the buffers are reported and write nothing. */
void bench::overrun() {
  tail_phase phase = {};
  phase.groups = 1;
  phase.units = 1;
  phase.pre_base = tail_model::ENTRIES;
  phase.state_addr = tail_model::ENTRIES;
  for (int part = 0; part < 2; part++) {
    long before = overruns_;
    phase.second = phase.h_part = part == 1;
    set_phase(phase);
    top_.phase_valid_i = 1;
    pending_.push_back(phase);
    tick();
    pulse(&top_.acc_valid_i);
    model_.units.clear();
    for (int i = 0; i < 30; i++) {
      tick();
    }
    if (overruns_ == before) {
      fail("overrun reports", 0, 1);
    }
    flush();
  }
  check_state();
}

int bench::run() {
  top_.rst_ni = 0;
  tick();
  top_.rst_ni = 1;
  for (int scenario = 0; scenario < SCENARIOS && failures_ == 0; scenario++) {
    long limit = cycles_ + LIMIT_CYCLES;
    long flush_at = chance(4) ? seed_uniform(&rng_, 1, 400) : LIMIT_CYCLES;
    bool flushed = false;
    model_.start();
    phases_ = 0;
    gap_ = chance(2) ? 1 : 4;
    drain_ = chance(2) ? 1 : 12;
    load();
    do {
      drive_phase();
      drive_groups();
      drive_credit();
      tick();
      if (--flush_at == 0) {
        flushed = true;
      }
    } while (!flushed && cycles_ < limit && failures_ == 0 &&
             (phases_ < PHASES || !pending_.empty() || !groups_.empty() || top_.busy_o != 0));
    if (flushed) {
      flush();
      continue;
    }
    top_.word_credit_i = 0;
    if (!model_.words.empty() || !model_.units.empty()) {
      fail("words or units missing", static_cast<long>(model_.words.size()), 0);
    }
    check_state();
    flush(); /* gives back the credits of the words in the queue */
  }
  if (failures_ == 0) {
    model_.start();
    load();
    overrun();
    forgets();
  }
  std::printf(
      "tail: lanes %d, rows %d, bus %d, cmsis %d: %ld cycles, %ld words, %ld units, "
      "%ld stalls for credits, %d failures\n",
      SHAPE.lanes, SHAPE.tail_rows, SHAPE.bus_bytes, SHAPE.cmsis, cycles_, words_, units_, stalls_,
      failures_);
  return failures_ != 0 || words_ == 0 || units_ == 0;
}

bench *tail;

}  // namespace

extern "C" unsigned trine_probe_core(const char *) {
  return 0;
}

extern "C" void trine_probe_point(unsigned, unsigned marks, unsigned place, unsigned long long pre,
                                  unsigned value) {
  tail->see_unit({marks, place, value, pre});
}

int main() {
  static bench only;
  tail = &only;
  seed_print();
  return tail->run();
}
