/* SPDX-License-Identifier: Apache-2.0 */
/* schedule_bench: see schedule_bench.h. */
#include "schedule_bench.h"

#include <cstdio>

namespace schedule {

void bench::fail(const char *what, long got, long want) {
  if (failures_++ < 10) {
    std::printf("cycle %ld: %s: got %ld, want %ld\n", cycles_, what, got, want);
  }
}

uint32_t bench::field(int at, int width) const {
  const auto *words = reinterpret_cast<const uint32_t *>(&top_.phase_o);
  uint32_t value = 0;
  for (int i = 0; i < width; i++) {
    value |= (words[(at + i) / 32] >> ((at + i) % 32) & 1) << i;
  }
  return value;
}

void bench::tick() {
  top_.clk_i = 1;
  top_.eval();
  top_.clk_i = 0;
  top_.eval();
  cycles_++;
}

/* What comes from the buses now left them a while ago. */
void bench::drive_buses() {
  world_word word = {-1, 0, 0, false, false};
  world_event event = {-1, 0, 0};
  if (chance(gap_) && !world_.next_word(&word)) {
    word.channel = -1;
  }
  words_.push_back(word);
  top_.release_ready_i = chance(gap_);
  if (top_.release_valid_o == 0 || top_.release_ready_i == 0) {
    top_.release_ready_i = 0;
    if (chance(gap_) && !world_.next_event(&event)) {
      event.channel = -1;
    }
  } else {
    see_release();
    event = {top_.release_channel_o, top_.release_slot_o, 0};
  }
  events_.push_back(event);
  word = words_.front();
  words_.pop_front();
  top_.word_valid_i = word.channel >= 0;
  top_.word_channel_i = static_cast<uint8_t>(word.channel) & 15;
  top_.word_slot_i = static_cast<uint8_t>(word.slot);
  top_.word_place_i = static_cast<uint16_t>(word.place);
  top_.word_first_i = word.first;
  top_.word_last_i = word.last;
  event = events_.front();
  events_.pop_front();
  top_.event_valid_i = event.channel >= 0;
  top_.event_channel_i = static_cast<uint8_t>(event.channel) & 15;
  top_.event_slot_i = static_cast<uint8_t>(event.slot);
  see_ring();
  ring_ = word;
  if (word.channel >= 0) {
    world_.channels[word.channel].arrived++;
  }
  if (event.channel >= 0) {
    world_.channels[event.channel].seen[event.listener]++;
  }
  if (word.channel >= 0 || event.channel >= 0) {
    progress_ = cycles_;
  }
}

/* A cycle's inputs; what it shows of phases, before the words and events of the cycle count. */
void bench::drive() {
  top_.phase_ready_i = tail_.size() < 6 && chance(gap_);
  top_.acc_pop_i = sums_ > 0 && chance(gap_);
  top_.claim_valid_i = top_.use_valid_i = top_.take_i = 0;
  top_.eval();
  if (world_.has_reader && top_.claim_ready_o != 0 && chance(gap_)) {
    const long claimed = world_.channels[0].claimed_here();
    if (world_.may_claim((top_.room_o & 1) != 0)) {
      if (claimed - world_.least_seen(world_.channels[0]) >= SLOTS) {
        fail("room for a row", 1, 0);
      }
      top_.claim_valid_i = 1;
      top_.claim_entry_i = static_cast<uint8_t>(claimed % SLOTS);
    }
  }
  world_channel &last = world_.channels.back();
  if (last.writer && top_.use_ready_o != 0 && (top_.complete_o & 1) != 0 && chance(gap_)) {
    if (last.written >= last.complete()) {
      fail("a complete vector to be written", 1, 0);
    }
    top_.use_valid_i = top_.take_i = 1;
    top_.use_entry_i = static_cast<uint8_t>((world_.channels.size() - 1) * SLOTS +
                                            static_cast<size_t>(last.written++ % SLOTS));
    progress_ = cycles_;
  }
  top_.eval();
  see();
  drive_buses();
  top_.eval();
}

void bench::see_ring() {
  const bool heard = ring_.channel >= 0 && world_.channels[ring_.channel].reads_here;
  if ((top_.ring_we_o != 0) != heard) {
    fail("a word into the ring", top_.ring_we_o, heard);
  }
  if (heard) {
    const world_channel &channel = world_.channels[ring_.channel];
    const long want = (channel.base + ring_.slot * channel.stride + ring_.place) * BYTES;
    if (static_cast<long>(top_.ring_addr_o) != want) {
      fail("address of a word", static_cast<long>(top_.ring_addr_o), want);
    }
    seen_words_++;
  }
}

void bench::see_release() {
  const int n = top_.release_channel_o;
  if (n >= static_cast<int>(world_.channels.size()) || !world_.channels[n].reads_here) {
    fail("channel of a release", n, -1);
    return;
  }
  world_channel &channel = world_.channels[n];
  const long step = channel.emptied++;
  if (top_.release_slot_o != step % SLOTS) {
    fail("slot of a release", top_.release_slot_o, step % SLOTS);
  }
  if ((channel.x_context >= 0 && channel.x_done <= step) ||
      (channel.h_context >= 0 && channel.h_done <= step) ||
      (channel.writer && channel.written <= step)) {
    fail("a release while a user needs the slot", step, -1);
  }
  channel.on_bus[0]++;
  releases_++;
}

void bench::see_phase() {
  const int n = static_cast<int>(field(115, 4));
  const bool h_part = field(120, 1) != 0;
  const char *why = world_.why_not(n, h_part);
  if (why != nullptr) {
    fail(why, n, h_part);
    return;
  }
  const world_context &context = world_.contexts[n];
  const long step = h_part ? context.h_steps : context.x_steps;
  const world_channel &x = world_.channels[context.x_channel];
  if (field(8, 4) != static_cast<uint32_t>(step % SLOTS)) {
    fail("slot of a phase", field(8, 4), step % SLOTS);
  }
  if (field(12, 4) != static_cast<uint32_t>(context.y_channel)) {
    fail("channel of a phase", field(12, 4), context.y_channel);
  }
  /* Nothing is published with the marks of an h part that goes first, and x(t) may not be there. */
  const bool second = context.is_second(h_part), first = x.first[static_cast<size_t>(step)];
  if ((field(17, 1) != 0) != first ||
      ((!h_part || second) && (field(16, 1) != 0) != x.last[static_cast<size_t>(step)])) {
    fail("marks of a phase", field(16, 2), step);
  }
  if ((field(119, 1) != 0) != second) {
    fail("the second half of a step", field(119, 1), second);
  }
  if (second && (field(18, 1) != 0) != (!first && step > 0)) {
    fail("use of the state", field(18, 1), step);
  }
  h_first_ += h_part && !second;
  at_.push_back({n, context.groups, h_part ? world_.channels[context.y_channel].words : x.words,
                 h_part, second || context.dense, h_part && (first || step == 0), step});
  tail_.push_back(at_.back());
  world_.taken(n, h_part);
  progress_ = cycles_;
  phases_++;
}

void bench::see_issue() {
  const phase &now = at_.front();
  const world_context &context = world_.contexts[now.context];
  const world_channel &channel =
      world_.channels[now.h_part ? context.y_channel : context.x_channel];
  const long slot = (now.step + (now.h_part ? SLOTS - 1 : 0)) % SLOTS;
  const long vec = (channel.base + slot * channel.stride + issued_ % now.chunks) * BYTES;
  const long weight = (now.h_part ? context.h_weights : context.x_weights) + issued_;
  if ((top_.fill_o != 0) != now.fills) {
    fail("h(t-1) is the zero point", top_.fill_o, now.fills);
  }
  if (!now.fills && static_cast<long>(top_.vec_addr_o) != vec) {
    fail("address of a chunk", static_cast<long>(top_.vec_addr_o), vec);
  }
  if (static_cast<long>(top_.weight_addr_o) != weight) {
    fail("address of weights", static_cast<long>(top_.weight_addr_o), weight);
  }
  if (++issued_ == now.chunks * now.groups) {
    issued_ = 0;
    world_.used(now.context, now.h_part, now.step);
    at_.pop_front();
  }
}

void bench::see() {
  if (top_.word_overrun_o != 0 || top_.local_overrun_o != 0) {
    fail("OVERRUN", 1, 0);
  }
  if (top_.issue_o != 0 && at_.empty()) {
    fail("a chunk without a phase", 1, 0);
  } else if (top_.issue_o != 0) {
    see_issue();
  }
  if (top_.phase_valid_o != 0 && top_.phase_ready_i != 0) {
    see_phase();
  }
  if (top_.mac_valid_o != 0 && top_.mac_last_o != 0) {
    sums_++;
  }
  if (top_.acc_pop_i != 0) {
    sums_--;
    if (++done_groups_ == tail_.front().groups) {
      if (tail_.front().publishes) {
        world_.publish(tail_.front().context);
      }
      tail_.pop_front();
      done_groups_ = 0;
    }
  }
}

}  // namespace schedule
