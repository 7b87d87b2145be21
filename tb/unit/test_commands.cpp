/* SPDX-License-Identifier: Apache-2.0 */
/* test_commands: the program unit of all slots: programs are drawn, run on drawn cores side by
 * side, are wrong, are stopped at any time and repeated; each must do what it says and no more
 * (commands_watch.cpp). And what one slot's memory or cores do costs the others next to nothing. */
#include <climits>

#include "commands_world.h"
#include "verilated.h"

using namespace commands;

namespace {

constexpr int STARTS = 1000;
constexpr long LIMIT = 100000;

temper some_temper(world *w) {
  temper t;
  t.waits = w->draw(0, 2) != 0 ? 0 : static_cast<unsigned>(w->draw(2, 5));
  t.busy = w->draw(0, 1) != 0 ? 3 : static_cast<unsigned>(w->draw(1, 300));
  t.clearing = static_cast<unsigned>(w->draw(0, 80));
  t.stream = static_cast<unsigned>(w->draw(0, 4));
  t.latency = w->draw(0, 1) != 0 ? 2 : static_cast<unsigned>(w->draw(2, 120));
  t.gap = w->draw(0, 1) != 0 ? 1 : static_cast<unsigned>(w->draw(2, 40));
  t.ring = w->draw(0, 1) != 0 ? 0 : static_cast<unsigned>(w->draw(2, 6));
  return t;
}

/* Slots that come and go. */
class traffic {
 public:
  explicit traffic(world *w) : w_(w) {}

  void run() {
    while (started_ < STARTS || !running_.empty()) {
      if (started_ < STARTS && w_->draw(0, 30) == 0) {
        start_one();
      }
      w_->tick();
      for (size_t n = 0; n < running_.size();) {
        if (ended(running_[n])) {
          running_.erase(running_.begin() + static_cast<long>(n));
        } else {
          n++;
        }
      }
      if (w_->failures > 20) {
        return;
      }
    }
  }

  unsigned repeats = 0, stops = 0, errors = 0;

 private:
  struct job {
    int slot;
    long stop_at;
  };

  void start_one() {
    std::vector<unsigned> on;
    for (unsigned c = 0; c < CORES; c++) {
      if (free_[c] <= w_->cycle) {
        on.insert(on.begin() + w_->draw(0, static_cast<int64_t>(on.size())), c);
      }
    }
    if (on.size() < wants_) {
      return;
    }
    on.resize(wants_);
    wants_ = static_cast<size_t>(w_->draw(1, CORES));
    for (unsigned c : on) {
      w_->cores[c].how = some_temper(w_);
      w_->cores[c].bursts.clear();
      w_->cores[c].next_beat = 0;
      free_[c] = LONG_MAX;
    }
    auto kind = fault::NONE;
    if (w_->draw(0, 1) == 0) {
      kind = static_cast<fault>(w_->draw(1, static_cast<int>(fault::COUNT) - 1));
    }
    auto blocks = static_cast<unsigned>(w_->draw(1, 8));
    int slot = w_->start(on, w_->draw_program(on, kind, blocks));
    long stop = w_->draw(0, 3) != 0 ? LONG_MAX : w_->cycle + w_->draw(0, 1500);
    running_.push_back({slot, stop});
    started_++;
  }

  void free_cores(const job &j, long from) {
    for (unsigned c : w_->slots[j.slot].cores) {
      free_[c] = from;
    }
  }

  void stop(const job &j) {
    auto span = static_cast<unsigned>(w_->draw(4, 20));
    w_->stop(j.slot, span);
    free_cores(j, w_->cycle + span + w_->draw(2, 5));
    stops++;
  }

  bool ended(job &j) {
    const slot &s = w_->slots[j.slot];
    if (w_->cycle >= j.stop_at) {
      stop(j);
      return true;
    }
    if (s.failed) {
      errors++;
      stop(j);
      return true;
    }
    if (s.done && s.p.repeats && w_->draw(0, 2) != 0) {
      const slot last = s;
      j.slot = w_->start(last.cores, last.p, true);
      repeats++;
      return false;
    }
    if (s.done) {
      free_cores(j, w_->cycle + w_->draw(0, 9));
      return true;
    }
    if (w_->cycle > s.start + LIMIT) {
      w_->fail("a program comes to its end", s.next, s.p.steps.size());
      stop(j);
      return true;
    }
    return false;
  }

  world *w_;
  std::array<long, CORES> free_ = {};
  std::vector<job> running_;
  size_t wants_ = 1; /* cores of the next slot */
  int started_ = 0;
};

unsigned test_traffic() {
  std::printf("slots that come and go: operations, LOADs, errors, stops, repeats\n");
  world w("traffic");
  traffic t(&w);
  t.run();
  std::printf("  %ld cycles: %llu operations, %llu words loaded, %u errors, %u stops, %u repeats\n",
              w.cycle, static_cast<unsigned long long>(w.operations),
              static_cast<unsigned long long>(w.words), t.errors, t.stops, t.repeats);
  w.expect("there were errors, stops and repeats", t.errors != 0 && t.stops != 0 && t.repeats != 0,
           1);
  return w.failures;
}

/* How long programs of all cores but the first take, or but the first `firsts`, beside one on each
 * of those or alone. */
std::vector<long> beside(const std::string &name, const temper &first, unsigned firsts, bool starts,
                         unsigned *failures) {
  world w(name.c_str());
  std::vector<std::vector<unsigned>> others;
  for (unsigned c = firsts; c < CORES; c++) {
    if (others.empty() || w.draw(0, 1) != 0) {
      others.push_back({});
    }
    others.back().push_back(c);
    temper &t = w.cores[c].how;
    t.waits = t.ring = 0;
    t.latency = static_cast<unsigned>(w.draw(2, 60));
    t.busy = static_cast<unsigned>(w.draw(2, 60));
  }
  for (unsigned c = 0; c < firsts; c++) {
    w.cores[c].how = first;
    program p = w.draw_program({c}, fault::NONE, 3);
    if (starts) {
      w.start({c}, p);
    } else {
      w.tick();
    }
  }
  w.ticks(w.draw(0, 300));
  std::vector<int> slots;
  for (const std::vector<unsigned> &on : others) {
    slots.push_back(w.start(on, w.draw_program(on, fault::NONE, 6)));
  }
  w.finish(LIMIT, slots);
  std::vector<long> spans;
  for (int n : slots) {
    spans.push_back(w.slots[n].end - w.slots[n].start);
  }
  *failures += w.failures;
  return spans;
}

/* The programs of the first cores are never through; others may take `times` as long, and `more`
 * cycles. */
unsigned test_beside(const char *what, const temper &first, unsigned firsts, long times,
                     long more) {
  unsigned failures = 0;
  long worst = 0;
  for (unsigned round = 0; round < 12; round++) {
    std::string name = std::string(what) + std::to_string(round);
    std::vector<long> alone = beside(name, first, firsts, false, &failures);
    std::vector<long> with = beside(name, first, firsts, true, &failures);
    for (size_t n = 0; n < alone.size(); n++) {
      worst = std::max(worst, with[n] - alone[n]);
      if (with[n] > alone[n] * times + more) {
        std::fprintf(stderr, "%s, round %u: %ld cycles alone, %ld beside it\n", what, round,
                     alone[n], with[n]);
        failures++;
      }
    }
  }
  std::printf("beside %s: at most %ld cycles more\n", what, worst);
  return failures;
}

}  // namespace

int main(int argc, char **argv) {
  Verilated::commandArgs(argc, argv);
  seed_print();
  unsigned failures = test_traffic();
  if (CORES > 1) {
    temper t;
    t.deaf = true;
    failures += test_beside("a memory that takes no request", t, 1, 1, 8);
    t.deaf = false;
    t.silent_after = 0;
    failures += test_beside("a memory that is silent", t, 1, 1, 8);
    t.silent_after = std::max(1u, 72 / MEM);
    failures += test_beside("a memory that falls silent", t, 1, 1, 150);
    t.silent_after = -1;
    t.waits = 1;
    failures += test_beside("a core that waits forever", t, 1, 8, 500);
    if (CORES > 2) {
      failures += test_beside("two cores that wait forever", t, 2, 12, 1000);
    }
    t.waits = 0;
    t.clearing = 1u << 30;
    failures += test_beside("a sweep without end", t, 1, 8, 500);
  }
  std::printf("program unit of %u cores, %u-byte memory: %u failures\n", CORES, MEM, failures);
  return failures != 0;
}
