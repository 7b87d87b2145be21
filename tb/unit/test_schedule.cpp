/* SPDX-License-Identifier: Apache-2.0 */
/* test_schedule: trine_schedule in nets drawn at random, where every word, event, row, sum and
 * phase is late by a time of its own: what runs may run by the counts of schedule_world, in its
 * slot, with its marks and addresses; nothing is left; and what breaks a rule is OVERRUN. */
#include <cstdio>

#include "schedule_bench.h"
#include "verilated.h"

namespace schedule {

void bench::clear() {
  top_.clear_i = 1;
  tick();
  top_.clear_i = 0;
  tick();
  while (top_.clearing_o != 0) {
    tick();
  }
}

void bench::set_up_context(int n) {
  const world_context &context = world_.contexts[n];
  const world_channel &y = world_.channels[context.y_channel];
  const uint32_t listeners = static_cast<uint32_t>(y.on_bus.size()) - (y.reads_here ? 0 : 1);
  const int x_chunks = world_.channels[context.x_channel].words;
  const uint32_t fields[] = {static_cast<uint32_t>(n | context.dense << 4 | context.x_channel << 8 |
                                                   context.y_channel << 12 | context.h_first << 6) |
                                 listeners << 16,
                             static_cast<uint32_t>(x_chunks | (context.dense ? 0 : y.words) << 16),
                             static_cast<uint32_t>(context.groups | 1 << 16),
                             0,
                             static_cast<uint32_t>(context.x_weights),
                             static_cast<uint32_t>(context.h_weights)};
  top_.arg1_i = fields[0];
  top_.context_number_i = fields[0] & 15;
  for (uint8_t w = 0; w < 13; w++) {
    top_.context_we_i = 1;
    top_.context_word_i = w;
    top_.context_data_i = w < 6 ? fields[w] : 0;
    tick();
  }
  top_.context_we_i = 0;
  if (top_.channel_refused_o != 0) {
    fail("CONTEXT refused", 1, 0);
  }
  top_.context_i = 1;
  tick();
  top_.context_i = 0;
  if (top_.channel_refused_o == 0) {
    fail("CONTEXT a second time refused", 0, 1);
  }
}

void bench::set_up() {
  for (uint32_t n = 0; n < world_.channels.size(); n++) {
    const world_channel &channel = world_.channels[n];
    top_.arg1_i = n | static_cast<uint32_t>(channel.users()) << 8;
    top_.arg2_i = static_cast<uint32_t>(channel.base | channel.stride << 16);
    top_.arg3_i = static_cast<uint32_t>(channel.words);
    top_.channel_i = 1;
    tick();
    top_.channel_i = 0;
    if (n == 0 && world_.has_reader) {
      top_.arg1_i = n << 4 | static_cast<uint32_t>(channel.on_bus.size()) << 8;
      top_.read_op_i = top_.read_i = 1;
      tick();
      top_.read_op_i = top_.read_i = 0;
    }
    if (channel.writer) {
      top_.arg1_i = n << 4;
      top_.want_channel_i = static_cast<uint8_t>(n);
      top_.write_op_i = top_.write_i = 1;
      tick();
      top_.write_op_i = top_.write_i = 0;
    }
  }
  for (int n = 0; n < static_cast<int>(world_.contexts.size()); n++) {
    set_up_context(n);
  }
}

/* All contexts by one RUN, or by one each. */
void bench::run_op(long steps) {
  const uint32_t all = (1u << world_.contexts.size()) - 1;
  const bool each = chance(2);
  const uint32_t begin = static_cast<uint32_t>(world_.run(steps));
  for (int64_t early = seed_uniform(&rng_, 0, 40); early > 0; early--) {
    drive();
    tick();
  }
  for (uint32_t n = 0; each ? n < world_.contexts.size() : n < 1; n++) {
    while (top_.run_ready_o == 0) {
      drive();
      tick();
    }
    drive();
    top_.arg1_i = (each ? 1u << n : all) | begin << 17;
    top_.arg2_i = static_cast<uint32_t>(steps);
    top_.run_i = 1;
    tick();
    top_.run_i = 0;
  }
}

void bench::play(long steps) {
  run_op(steps);
  progress_ = cycles_;
  while (failures_ == 0 && !(world_.is_done() && top_.active_o == 0 && top_.quiet_o != 0)) {
    drive();
    tick();
    if (cycles_ > progress_ + STALL) {
      fail("cycles in which nothing happens", cycles_ - progress_, STALL);
    }
  }
  top_.acc_pop_i = top_.claim_valid_i = top_.use_valid_i = top_.take_i = top_.word_valid_i = 0;
  top_.event_valid_i = top_.release_ready_i = top_.phase_ready_i = 0;
}

/* What no right program does, on one channel of two words with one user and a second listener. */
void bench::rogue(int kind) {
  const char *names[] = {"a word for a complete vector",  "a place behind the vector",
                         "a place behind the slot",       "vectors out of order",
                         "an event for a slot with room", "a wrong count of users",
                         "a writer before its vector"};
  clear();
  top_.arg1_i = (kind == 5 ? 2u : 1u) << 8;
  top_.arg2_i = (kind == 2 ? 1u : 2u) << 16;
  top_.arg3_i = 2;
  top_.channel_i = 1;
  tick();
  top_.channel_i = 0;
  top_.arg1_i = 0;
  top_.write_op_i = top_.write_i = 1;
  tick();
  top_.write_op_i = top_.write_i = 0;
  top_.arg1_i = 1 << 8;
  top_.read_op_i = top_.read_i = 1;
  tick();
  top_.read_op_i = top_.read_i = 0;
  const int counts[] = {3, 2, 2, 2, 0, 2, 0};
  const int last_place = kind == 1 ? 2 : 1, count = counts[kind];
  bool overrun = false;
  for (int n = 0; n < 12; n++) {
    top_.word_valid_i = n < count;
    top_.word_channel_i = 0;
    top_.word_slot_i = kind == 3;
    top_.word_place_i = static_cast<uint16_t>(n == 0 ? 0 : last_place);
    top_.event_valid_i = kind == 4 && n == 0;
    top_.event_channel_i = top_.event_slot_i = 0;
    top_.use_valid_i = (kind == 5 && n == 5) || (kind == 6 && n == 0);
    top_.use_entry_i = 0;
    top_.eval();
    overrun = overrun || top_.word_overrun_o != 0;
    tick();
  }
  if (!overrun) {
    fail(names[kind], 0, 1);
  }
}

/* A context whose h part may go first; what RUN says of its first step, and what x says. */
void bench::rogue_mark(uint32_t begin, bool first) {
  clear();
  for (uint32_t n = 0; n < 2; n++) {
    top_.arg1_i = n | 1u << 8;
    top_.arg2_i = n * 16 | 2u << 16;
    top_.arg3_i = 1;
    top_.channel_i = 1;
    tick();
  }
  top_.channel_i = 0;
  const uint32_t fields[] = {1u << 6 | 1u << 12 | 1u << 16, 1u | 1u << 16, 1u | 1u << 16};
  top_.arg1_i = fields[0];
  top_.context_number_i = fields[0] & 15;
  for (uint8_t w = 0; w < 13; w++) {
    top_.context_we_i = 1;
    top_.context_word_i = w;
    top_.context_data_i = w < 3 ? fields[w] : 0;
    tick();
  }
  top_.context_we_i = 0;
  top_.context_i = 1;
  tick();
  top_.context_i = 0;
  top_.arg1_i = 1u | begin << 17;
  top_.arg2_i = 1;
  top_.phase_ready_i = 1;
  bool overrun = false;
  for (int n = 0; n < 40; n++) {
    top_.run_i = n == 0;
    top_.word_valid_i = n == 20;
    top_.word_channel_i = 0;
    top_.word_slot_i = 0;
    top_.word_place_i = 0;
    top_.word_first_i = first;
    top_.eval();
    overrun = overrun || top_.word_overrun_o != 0;
    tick();
  }
  top_.phase_ready_i = 0;
  const bool wrong = begin != 0 && (begin == 2) != first;
  if (overrun != wrong) {
    fail("OVERRUN of a mark that is not what RUN says", overrun, wrong);
  }
}

int bench::run() {
  top_.rst_ni = 0;
  tick();
  tick();
  top_.rst_ni = 1;
  for (int net = 0; net < NETS && failures_ == 0; net++) {
    clear();
    world_.draw();
    gap_ = chance(2) ? 1 : 3;
    ring_.channel = -1;
    words_.assign(static_cast<size_t>(seed_uniform(&rng_, 0, 8)), {-1, 0, 0, false, false});
    events_.assign(static_cast<size_t>(seed_uniform(&rng_, 0, 8)), {-1, 0, 0});
    set_up();
    play(seed_uniform(&rng_, 1, 12));
    if (failures_ == 0) {
      play(seed_uniform(&rng_, 1, 12));
    }
  }
  for (int kind = 0; kind < 7 && failures_ == 0; kind++) {
    rogue(kind);
  }
  for (uint32_t kind = 0; kind < 6 && failures_ == 0; kind++) {
    rogue_mark(kind / 2, kind % 2 != 0);
  }
  std::printf(
      "schedule: contexts %d, slots %d: %ld cycles, %ld phases, %ld words, %ld releases, "
      "%ld h parts first, %d failures\n",
      CONTEXTS, SLOTS, cycles_, phases_, seen_words_, releases_, h_first_, failures_);
  return failures_ != 0 || phases_ == 0 || releases_ == 0 || h_first_ == 0;
}

}  // namespace schedule

int main(int argc, char **argv) {
  Verilated::commandArgs(argc, argv);
  seed_print();
  schedule::bench test;
  return test.run();
}
