/* SPDX-License-Identifier: Apache-2.0 */
/* schedule_bench: trine_schedule between the buses, streams and tail of a schedule_world: a cycle's
 * inputs, and what its outputs must be. */
#ifndef TRINE_SCHEDULE_BENCH_H
#define TRINE_SCHEDULE_BENCH_H

#include "Vtrine_schedule.h"
#include "schedule_world.h"

namespace schedule {

constexpr int CONTEXTS = SCHEDULE_CONTEXTS, SLOTS = SCHEDULE_SLOTS;
constexpr int NETS = 120, STALL = 400, ACC_SLOTS = 8;
constexpr int BYTES = 4; /* of a bus word, of a chunk and of a ring word */

struct phase {
  int context, groups, chunks;
  bool h_part, publishes, fills; /* fills: h(t-1) is the zero point */
  long step;
};

class bench {
 public:
  bench() : rng_(seed_start("schedule")), world_(CONTEXTS, SLOTS, &rng_) {}
  int run();

 private:
  void tick();
  void clear();
  void set_up();
  void set_up_context(int n);
  void run_op(long steps);
  void drive();
  void drive_buses();
  void see();
  void see_phase();
  void see_issue();
  void see_release();
  void see_ring();
  void play(long steps);
  void rogue(int kind);
  void rogue_mark(uint32_t begin, bool first);
  uint32_t field(int at, int width) const;
  void fail(const char *what, long got, long want);
  bool chance(int one_in) {
    return seed_uniform(&rng_, 1, one_in) == 1;
  }

  Vtrine_schedule top_;
  seed_stream rng_;
  schedule_world world_;
  std::deque<world_word> words_; /* on their way here; channel -1: none in that cycle */
  std::deque<world_event> events_;
  std::deque<phase> at_, tail_; /* to be read; whose sums the tail has not taken */
  world_word ring_ = {-1, 0, 0, false, false};
  int sums_ = 0, done_groups_ = 0, gap_ = 1, failures_ = 0, issued_ = 0;
  long cycles_ = 0, progress_ = 0, phases_ = 0, releases_ = 0, seen_words_ = 0, h_first_ = 0;
};

}  // namespace schedule

#endif
