/* SPDX-License-Identifier: Apache-2.0 */
/* commands_world: what stands around the program unit: cores that take operations, wait, refuse and
 * are busy, a memory that answers when it likes, and a controller that starts and stops slots. What
 * comes out is compared with what the programs say (commands_program.h).
 *
 * One call of tick() is one cycle: what is drawn for a core or a window depends on nothing of the
 * others, so that two worlds can be compared in which one slot runs or does not. */
#ifndef TRINE_COMMANDS_WORLD_H
#define TRINE_COMMANDS_WORLD_H

#include <array>
#include <deque>
#include <vector>

#include "Vtrine_commands.h"
#include "commands_program.h"

namespace commands {

/* How a core and the memory of its window behave. */
struct temper {
  unsigned waits = 4;     /* an operation waits once in so many checks; 1: forever, 0: never */
  unsigned busy = 200;    /* most cycles of contexts or streams, and of a SAVE */
  unsigned clearing = 60; /* most cycles of a sweep */
  unsigned stream = 3;    /* most cycles a word of a stream stands */
  unsigned latency = 30;  /* most cycles of a burst */
  unsigned gap = 1;       /* from a beat to the next, at least */
  unsigned ring = 3;      /* the rings refuse a word once in so many; 0: never */
  long silent_after = -1; /* beats behind which its memory says nothing; -1: never */
  bool deaf = false;      /* it does not even take requests */
};

struct core {
  temper how;
  seed_stream rng = {};
  unsigned params = 100; /* beats */
  int slot = -1;         /* that runs on it, or has */
  long busy_from = 0, busy_until = 0, saving_until = 0, clearing_until = 0, stream_until = 0;
  bool waits = false, quiet = true, ring_ready = true;
  uint32_t refusal = 0;
  struct burst {
    uint32_t offset;
    unsigned beats;
    long due;
  };
  std::deque<burst> bursts; /* of its window */
  long beats = 0, next_beat = 0;
};

struct slot {
  program p;
  std::vector<unsigned> cores; /* by rank */
  uint32_t mask = 0;
  size_t next = 0;   /* step that is carried out next */
  size_t loaded = 0; /* words that came of the LOAD before that */
  bool repeated = false, done = false, failed = false;
  long start = 0, end = -1, stopped = -1, cleared = -1;
};

class world {
 public:
  explicit world(const char *name);
  ~world() {
    top.final();
  }
  void tick();
  void ticks(long n) {
    while (n-- > 0) {
      tick();
    }
  }
  program draw_program(const std::vector<unsigned> &on, fault kind, unsigned blocks);
  /* Starts it on these cores, by rank; the number of its slot. */
  int start(const std::vector<unsigned> &on, const program &p, bool repeat = false);
  /* Stops all its cores for so many cycles from the next on. */
  void stop(int number, unsigned span);
  bool over(int number) const {
    return slots[number].end >= 0;
  }
  /* Until all of these are done or have failed. */
  bool finish(long limit, const std::vector<int> &which);
  void fail(const char *what, uint64_t got, uint64_t want);
  void expect(const char *what, uint64_t got, uint64_t want) {
    if (got != want) {
      fail(what, got, want);
    }
  }
  int64_t draw(int64_t low, int64_t high) {
    return seed_uniform(&rng_, low, high);
  }

  Vtrine_commands top;
  std::array<core, CORES> cores;
  std::vector<slot> slots;
  long cycle = 0;
  unsigned failures = 0;
  uint64_t operations = 0, words = 0;

 private:
  void drive();
  void drive_memory();
  void see();
  void see_fetches();
  void see_words();
  void see_exec();
  void see_load();
  void see_loaded(unsigned buffer, uint32_t address, const std::vector<uint32_t> &got);
  void see_clear();
  void see_errors();
  void see_levels(int number);
  void answer(unsigned c);
  void carry_out(slot *s, const step &op);
  void check_order(const slot &s, const step &op);
  void fetch_ends(unsigned c);
  slot *slot_at(uint32_t select);
  bool acts(unsigned c) const;
  uint32_t cores_of(const slot &s, uint32_t ranks) const;
  uint32_t up_to(core *k, unsigned most) {
    return most == 0 ? 0 : static_cast<uint32_t>(seed_uniform(&k->rng, 0, most));
  }
  bool chance(core *k, unsigned one_in) {
    return one_in != 0 && seed_uniform(&k->rng, 1, one_in) == 1;
  }

  seed_stream rng_;
  std::vector<uint32_t> heard_; /* words of the operation at the unit, but the first */
  std::array<long, CORES> stop_from_ = {}, stop_until_ = {};
  unsigned turn_ = 0; /* of memory */
  uint32_t start_ = 0;
};

}  // namespace commands

#endif
