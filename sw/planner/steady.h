/* SPDX-License-Identifier: Apache-2.0 */
/* steady: leaves out whole periods of a run once the state of all cores repeats. */
#ifndef TRINE_PLANNER_STEADY_H
#define TRINE_PLANNER_STEADY_H

#include "machine.h"

enum {
  STEADY_SNAPSHOTS = 64,
  /* Counters of a core: contexts, rows of readers and writers, cycles with a chunk, steps. */
  STEADY_COUNTERS = MODEL_CONTEXTS + MODEL_STREAMS + 2
};

struct snapshot {
  uint64_t hash[2]; /* of all that decides what happens next, times relative to now */
  uint64_t now;
  uint64_t done[TRINE_MAX_CORES][STEADY_COUNTERS]; /* so far */
};

struct steady {
  struct snapshot *snapshots; /* [STEADY_SNAPSHOTS], a ring; NULL: without memory, never skips */
  uint32_t count, next;
  uint64_t steps; /* of all cores, when it was last looked at */
};

void steady_start(struct steady *steady);
void steady_end(struct steady *steady);
/* To be called after every cycle simulated. */
void steady_look(struct steady *steady, struct machine *machine);

/* Rows taken by a walker are skipped: n of them, over sequences. */
void streams_skip(struct walker *rows, const uint32_t *table_lengths, uint64_t n);

#endif
