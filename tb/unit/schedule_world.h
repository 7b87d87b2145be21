/* SPDX-License-Identifier: Apache-2.0 */
/* schedule_world: what is around trine_schedule in its bench, and what it must do there: channels
 * with publishers and listeners on this core and on others, counted in whole steps.
 *
 * The counts follow docs/flow_control.md and know nothing of credits. Steps never wrap. */
#ifndef TRINE_SCHEDULE_WORLD_H
#define TRINE_SCHEDULE_WORLD_H

#include <cstdint>
#include <deque>
#include <vector>

extern "C" {
#include "support/seed.h"
}

struct world_word {
  int channel, slot, place;
  bool first, last;
};

struct world_event {
  int channel, slot, listener; /* listener 0: this core */
};

/* Who publishes a piece of a channel's vectors. */
struct world_publisher {
  enum { CONTEXT, READER, FOREIGN } kind;
  int first_place, words;
  long may_send; /* steps whose words may leave */
  long claimed, sent;
  int sent_words;
};

struct world_channel {
  int words, base, stride;
  int x_context, h_context; /* users here, -1: none */
  bool writer, reads_here;
  std::vector<world_publisher> publishers;
  std::vector<long> on_bus; /* of each listener: events the others have seen */
  std::vector<long> seen;   /* those that have reached this core */
  long arrived;             /* words that have reached this core */
  long x_done, h_done, written;
  long emptied; /* events that have left this core */
  std::vector<bool> first, last;

  int users() const {
    return (x_context >= 0) + (h_context >= 0) + writer;
  }
  long complete() const {
    return arrived / words;
  }
  long sent() const;         /* whole vectors on the bus */
  long claimed_here() const; /* rows of this core's reader */
};

struct world_context {
  bool dense;
  int x_channel, y_channel, groups, x_weights, h_weights;
  bool h_first; /* the h part may go first */
  long x_steps, h_steps;

  /* A part that is picked now is its step's second. */
  bool is_second(bool h_part) const {
    return !dense && (h_part ? x_steps > h_steps : h_steps > x_steps);
  }
};

class schedule_world {
 public:
  schedule_world(int contexts, int slots, seed_stream *rng);

  /* A new net; all steps are 0. */
  void draw();
  /* `steps` more of everything; what RUN says of how they begin: 0 to 2. */
  int run(long steps);
  /* One word, one event for the bus, if there is one now. */
  bool next_word(world_word *word);
  bool next_event(world_event *event);
  /* A row of this core's reader may be claimed; its words follow. */
  bool may_claim(bool room);
  /* Whether a phase may run now: NULL, or what forbids it. */
  const char *why_not(int context, bool h_part) const;
  void taken(int context, bool h_part);
  /* Its step's words may leave. */
  void publish(int context);
  /* The phase has read its vector. */
  void used(int context, bool h_part, long step);
  long least_seen(const world_channel &channel) const;
  bool is_done() const;

  std::vector<world_channel> channels;
  std::vector<world_context> contexts;
  bool has_reader;
  long target;

 private:
  int draw_int(int low, int high) {
    return static_cast<int>(seed_uniform(rng_, low, high));
  }
  void draw_channel(int n, int h_context);
  void add_slices(world_channel *channel, int own);

  int most_contexts_, slots_;
  bool sequences_;  /* marks are those of sequences: a step after a last one is a first one */
  long known_from_; /* the first step of which is known whether it is one */
  seed_stream *rng_;
};

#endif
