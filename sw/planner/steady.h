/* SPDX-License-Identifier: Apache-2.0 */
/* steady: leaves out whole periods of a run once the state of all cores repeats. */
#ifndef TRINE_PLANNER_STEADY_H
#define TRINE_PLANNER_STEADY_H

#include "machine.h"

enum {
  /* The longest period found, in steps over the slots of a ring: rows of 4 bytes' multiples come to
   * the same place of a page after 1024 at most, two slots have the smallest rings. */
  STEADY_SNAPSHOTS = 530,
  STEADY_PERIODS = 16, /* periods known */
  /* Counters of a core: contexts, rows of readers and writers, cycles with a chunk, steps. */
  STEADY_COUNTERS = MODEL_CONTEXTS + MODEL_STREAMS + 2
};

/* Of all that decides what happens next, times relative to now; where the walkers are in their
 * sequences is not in it. */
struct state_hash {
  uint64_t a, b;
};
struct state_hash machine_hash(const struct machine *machine);
/* The same between two runs, with what a run leaves for the next. */
struct state_hash machine_rest_hash(const struct machine *machine);
void hash_mix(struct state_hash *hash, uint64_t value);

static inline bool hash_is(const struct state_hash *a, const struct state_hash *b) {
  return a->a == b->a && a->b == b->b;
}

struct snapshot {
  uint64_t now;                                    /* cycles, with those left out */
  uint64_t done[TRINE_MAX_CORES][STEADY_COUNTERS]; /* so far */
  struct walker walkers[TRINE_MAX_CORES][MODEL_STREAMS];
};

/* From a state back to it, no row at a page's end or, where that is seen, at a sequence's end. */
struct period {
  struct state_hash hash;
  uint64_t cycles;
  uint64_t done[TRINE_MAX_CORES][STEADY_COUNTERS];
};

struct steady {
  struct snapshot *snapshots; /* [STEADY_SNAPSHOTS], a ring; NULL: without memory, never skips */
  struct state_hash *hashes;  /* [STEADY_SNAPSHOTS] of them */
  struct period *periods;     /* [STEADY_PERIODS], a ring */
  uint32_t count, next, period_count;
  uint64_t steps; /* of the leading core, when it was last looked at */
};

void steady_start(struct steady *steady);
void steady_end(struct steady *steady);
/* To be called after every cycle simulated. */
void steady_look(struct steady *steady, struct machine *machine);

/* --- steady_rows.c: how far the rows of a stream may be skipped --- */
/* Rows of a sequence in which nobody waits for the table, when a period of `cycles` takes `step`
 * (>= 1) rows: while the table answers, a ring takes the rows it has room for, and those that are
 * freed meanwhile; never more than one a cycle. */
uint32_t rows_long(uint32_t slots, uint64_t cycles, uint64_t step);
/* Periods of `step` rows that can be skipped from `now` without anything that could be seen, over
 * the ends of sequences of `least` rows or more. */
uint64_t rows_periods(const struct walker *now, const struct sequence *sequences, uint32_t least,
                      bool last_only, uint64_t step);
/* Whether skipping n rows ends where the walker is as it is now: not at the sequence's end, and
 * not so soon behind one that the sequence after it would still be fetched. */
bool rows_may_stop(const struct walker *now, const struct sequence *sequences, uint32_t least,
                   uint64_t n);
/* Periods for which the sequences ahead are those between `before` and `now` again. */
uint64_t rows_repeats(const struct walker *before, const struct walker *now,
                      const struct sequence *sequences);
/* Skips n rows; repeated: in periods that end where they began in a sequence, `entries` further in
 * the table. */
void rows_skip(struct walker *rows, const struct sequence *sequences, uint64_t n);
void rows_skip_repeated(struct walker *rows, const struct sequence *sequences, uint64_t n,
                        uint32_t entries);

#endif
