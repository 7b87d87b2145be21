/* SPDX-License-Identifier: Apache-2.0 */
/* steady: see steady.h. A snapshot is taken whenever the first core that is at work has begun as
 * many steps as its rings have slots. Two with the same hash are one period apart: what happened
 * between them happens again, until a context, a sequence or a page is near its end. */
#include "steady.h"

#include <stdlib.h>
#include <string.h>

enum { STOP_TRIES = 64 };

static const struct walker *walker_at(const struct core *core, uint32_t stream) {
  return &core->streams[stream].rows;
}

static struct walker *walker_of(struct core *core, uint32_t stream) {
  return &core->streams[stream].rows;
}

static bool is_last_only(const struct core *core, uint32_t stream) {
  return core->streams[stream].last_only;
}

static void count(const struct core *core, uint64_t done[STEADY_COUNTERS]) {
  for (uint32_t n = 0; n < MODEL_CONTEXTS; n++) {
    done[n] = core->contexts[n].done;
  }
  for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
    done[MODEL_CONTEXTS + n] = walker_at(core, n)->done;
  }
  done[STEADY_COUNTERS - 2] = core->macs;
  done[STEADY_COUNTERS - 1] = core->steps;
}

static void make_snapshot(const struct machine *machine, struct snapshot *snapshot) {
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    if (core->is_used) {
      count(core, snapshot->done[c]);
      for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
        snapshot->walkers[c][n] = *walker_at(core, n);
      }
    }
  }
  snapshot->now = machine->now + machine->skipped;
}

static struct period period_between(const struct machine *machine, const struct snapshot *before,
                                    const struct snapshot *now) {
  struct period period = {.cycles = now->now - before->now};
  for (uint32_t c = 0; c < machine->core_count; c++) {
    for (uint32_t n = 0; n < STEADY_COUNTERS && machine->cores[c].is_used; n++) {
      period.done[c][n] = now->done[c][n] - before->done[c][n];
    }
  }
  return period;
}

/* Periods until a context is near its last step. */
static uint64_t context_periods(const struct core *core, const uint64_t done[STEADY_COUNTERS]) {
  uint64_t most = MODEL_NEVER;
  for (uint32_t n = 0; n < MODEL_CONTEXTS; n++) {
    const uint64_t left = core->contexts[n].steps, margin = done[n] + 4;
    if (done[n] > 0) {
      const uint64_t fit = left > margin ? (left - margin) / done[n] : 0;
      most = fit < most ? fit : most;
    }
  }
  return most;
}

static uint64_t lesser(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* Whether `times` periods end where all walkers may stop. */
static bool may_stop(const struct machine *machine, const struct period *period, uint64_t times) {
  const uint32_t slots = machine->slot_mask + 1;
  bool may = true;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    for (uint32_t n = 0; n < MODEL_STREAMS && core->is_used && may; n++) {
      const uint64_t step = period->done[c][MODEL_CONTEXTS + n];
      const uint32_t least = step > 0 ? rows_long(slots, period->cycles, step) : 0;
      may = step == 0 || rows_may_stop(walker_at(core, n), core->sequences, least, times * step);
    }
  }
  return may;
}

/* How often a period may follow the state at hand without anything new. Bound of the search for a
 * place to stop: STOP_TRIES, more than the rows behind a sequence's beginning that are no place. */
static uint64_t times_of(const struct machine *machine, const struct period *period) {
  const uint32_t slots = machine->slot_mask + 1;
  uint64_t times = MODEL_NEVER;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    times = core->is_used ? lesser(times, context_periods(core, period->done[c])) : times;
    for (uint32_t n = 0; n < MODEL_STREAMS && core->is_used; n++) {
      const uint64_t step = period->done[c][MODEL_CONTEXTS + n];
      if (step > 0) {
        const uint32_t least = rows_long(slots, period->cycles, step);
        times = lesser(times, rows_periods(walker_at(core, n), core->sequences, least,
                                           is_last_only(core, n), step));
      }
    }
  }
  if (times == MODEL_NEVER) {
    times = 0;
  }
  for (uint32_t tries = 0; times > 0 && !may_stop(machine, period, times); tries++) {
    times = tries < STOP_TRIES ? times - 1 : 0;
  }
  return times;
}

/* Whether the period between two snapshots has nothing in it that depends on where rows are. */
static bool is_plain(const struct machine *machine, const struct snapshot *before,
                     const struct snapshot *now) {
  bool plain = true;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    for (uint32_t n = 0; n < MODEL_STREAMS && core->is_used && plain; n++) {
      const struct walker *a = &before->walkers[c][n], *b = &now->walkers[c][n];
      /* Without a sequence fetched between, none has ended either. */
      plain = a->cuts == b->cuts && a->entry == b->entry && a->next == b->next;
    }
  }
  return plain;
}

/* Periods after which all rows are at the same places of their pages again, in the sequences they
 * are in: where pages end then repeats too. 0: they are not. */
static uint64_t pages_repeat(const struct machine *machine, const struct snapshot *before,
                             const struct snapshot *now, const struct period *period) {
  uint64_t times = MODEL_NEVER;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    times = core->is_used ? lesser(times, context_periods(core, period->done[c])) : times;
    for (uint32_t n = 0; n < MODEL_STREAMS && core->is_used && times > 0; n++) {
      const struct walker *a = &before->walkers[c][n], *b = &now->walkers[c][n];
      const uint64_t step = period->done[c][MODEL_CONTEXTS + n];
      const bool is_same = a->entry == b->entry && a->next == b->next &&
                           (b->offset - a->offset) % MODEL_PAGE == 0 &&
                           (b->fetch_left == 0 || b->next);
      if (step > 0) {
        times = is_same && b->left > 2 ? lesser(times, (b->left - 2) / step) : 0;
      }
    }
  }
  return times == MODEL_NEVER ? 0 : times;
}

/* Periods for which all sequences are those of the period before again; 0: they are not. */
static uint64_t repeats(const struct machine *machine, const struct snapshot *before,
                        const struct snapshot *now, const struct period *period) {
  uint64_t times = MODEL_NEVER;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    if (!core->is_used) {
      continue;
    }
    times = lesser(times, context_periods(core, period->done[c]));
    for (uint32_t n = 0; n < MODEL_STREAMS && times > 0; n++) {
      const struct walker *a = &before->walkers[c][n], *b = &now->walkers[c][n];
      const uint64_t rows = period->done[c][MODEL_CONTEXTS + n];
      if (rows > 0) {
        times = a->cuts == b->cuts ? lesser(times, rows_repeats(a, b, core->sequences)) : 0;
      } else if (a->entry != b->entry) {
        times = 0;
      }
    }
  }
  return times == MODEL_NEVER ? 0 : times;
}

/* before: NULL, or the snapshot a period ago when the sequences repeat. */
static void skip(struct machine *machine, const struct period *period,
                 const struct snapshot *before, uint64_t times) {
  for (uint32_t c = 0; c < machine->core_count; c++) {
    struct core *core = &machine->cores[c];
    for (uint32_t n = 0; n < MODEL_CONTEXTS && core->is_used; n++) {
      core->contexts[n].steps -= (uint32_t)(times * period->done[c][n]);
      core->contexts[n].done += times * period->done[c][n];
    }
    for (uint32_t n = 0; n < MODEL_STREAMS && core->is_used; n++) {
      struct walker *rows = walker_of(core, n);
      const uint64_t skipped = times * period->done[c][MODEL_CONTEXTS + n];
      if (skipped > 0 && before != NULL) {
        const uint32_t entries = rows->entry - before->walkers[c][n].entry;
        rows_skip_repeated(rows, core->sequences, skipped, (uint32_t)times * entries);
      } else if (skipped > 0) {
        rows_skip(rows, core->sequences, skipped);
      }
    }
    core->macs += core->is_used ? times * period->done[c][STEADY_COUNTERS - 2] : 0;
    core->steps += core->is_used ? times * period->done[c][STEADY_COUNTERS - 1] : 0;
  }
  machine->skipped += times * period->cycles;
}

void steady_start(struct steady *steady) {
  *steady = (struct steady){.snapshots = calloc(STEADY_SNAPSHOTS, sizeof *steady->snapshots),
                            .hashes = calloc(STEADY_SNAPSHOTS, sizeof *steady->hashes),
                            .periods = calloc(STEADY_PERIODS, sizeof *steady->periods)};
  if (steady->periods == NULL || steady->hashes == NULL) {
    free(steady->snapshots);
    steady->snapshots = NULL;
  }
}

void steady_end(struct steady *steady) {
  free(steady->snapshots);
  free(steady->hashes);
  free(steady->periods);
}

/* The core whose steps say when to look. */
static const struct core *leader(const struct machine *machine) {
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    for (uint32_t n = 0; n < core->context_count && core->is_used; n++) {
      if (core->contexts[n].steps != 0) {
        return core;
      }
    }
  }
  return NULL;
}

/* The period that is known from a state; NULL: none. */
static const struct period *find_period(const struct steady *steady,
                                        const struct state_hash *hash) {
  for (uint32_t n = 0; n < STEADY_PERIODS && n < steady->period_count; n++) {
    if (hash_is(&steady->periods[n].hash, hash)) {
      return &steady->periods[n];
    }
  }
  return NULL;
}

/* Leaves out what repeats since a snapshot with the hash of this one; true when that is something.
 * A period without ends in it is kept, for every time the state comes again. */
static bool skip_since(struct steady *steady, struct machine *machine,
                       const struct snapshot *before, const struct snapshot *now,
                       const struct state_hash *hash) {
  struct period period = period_between(machine, before, now);
  if (is_plain(machine, before, now) && find_period(steady, hash) == NULL) {
    period.hash = *hash;
    steady->periods[steady->period_count++ % STEADY_PERIODS] = period;
  }
  uint64_t times = pages_repeat(machine, before, now, &period);
  if (times > 0) {
    skip(machine, &period, NULL, times);
    steady->count = 0; /* rows that cross a page were left out uncounted */
    return true;
  }
  times = repeats(machine, before, now, &period);
  if (times > 0) {
    skip(machine, &period, before, times);
  }
  return times > 0;
}

/* Leaves out periods that begin at the snapshot just made, if there are any. */
static bool skip_from(struct steady *steady, struct machine *machine, const struct snapshot *now,
                      const struct state_hash *hash) {
  const uint32_t kept = steady->count < STEADY_SNAPSHOTS - 1 ? steady->count : STEADY_SNAPSHOTS - 1;
  bool skipped = false;
  for (uint32_t back = 1; back <= kept && !skipped; back++) {
    const uint32_t at = (steady->next + STEADY_SNAPSHOTS - back) % STEADY_SNAPSHOTS;
    skipped = hash_is(&steady->hashes[at], hash) &&
              skip_since(steady, machine, &steady->snapshots[at], now, hash);
  }
  const struct period *known = skipped ? NULL : find_period(steady, hash);
  const uint64_t times = known != NULL ? times_of(machine, known) : 0;
  if (times > 0) {
    skip(machine, known, NULL, times);
  }
  return skipped || times > 0;
}

void steady_look(struct steady *steady, struct machine *machine) {
  const struct core *core = leader(machine);
  if (steady->snapshots == NULL || core == NULL || core->steps == steady->steps) {
    return;
  }
  steady->steps = core->steps;
  if (core->steps % (machine->slot_mask + 1) != 0) {
    return;
  }
  struct snapshot *now = &steady->snapshots[steady->next];
  const struct state_hash hash = machine_hash(machine);
  make_snapshot(machine, now);
  if (skip_from(steady, machine, now, &hash)) {
    make_snapshot(machine, now); /* the same state, further on */
    steady->steps = core->steps;
  }
  steady->hashes[steady->next] = hash;
  steady->count++;
  steady->next = (steady->next + 1) % STEADY_SNAPSHOTS;
}
