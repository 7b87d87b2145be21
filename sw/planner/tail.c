/* SPDX-License-Identifier: Apache-2.0 */
/* tail: beats of row groups, the pipe behind them, and the queue of words for the bus. */
#include "machine_internal.h"

static void take_phase(struct tail *tail) {
  tail->run = true;
  tail->now = tail->phases[tail->first];
  tail->first = (tail->first + 1) % MODEL_TAIL_PHASES;
  tail->waiting--;
  tail->groups_left = tail->now.groups;
  tail->units_left = tail->now.units;
  tail->place = tail->now.first_unit;
  tail->pre = tail->now.pre_base;
  tail->beat = 0;
}

/* A second half's beat too soon after the first half's beat of the same rows. */
static bool is_early(const struct tail *tail, uint32_t where, uint64_t now) {
  bool early = false;
  for (uint32_t n = 0; n < LATENCY_PRE && tail->now.second; n++) {
    early = early || (tail->recent_place[n] == where && tail->recent_time[n] != MODEL_NEVER &&
                      now - tail->recent_time[n] < LATENCY_PRE);
  }
  return early;
}

static void move_on(const struct machine *machine, struct tail *tail, bool unit_end) {
  const uint32_t stride = tail->now.dense ? machine->info.tail_rows : 1;
  tail->beat = tail->beat + 1 == machine->group_beats ? 0 : tail->beat + 1;
  if (unit_end) {
    tail->units_left = tail->units_left <= stride ? 0 : tail->units_left - stride;
    tail->place += stride;
    tail->pre++;
  }
}

/* One beat, if it may run; true when it was the last of its phase. */
static bool fire(struct machine *machine, struct core *core) {
  struct tail *tail = &core->tail;
  const uint64_t now = machine->now;
  const uint32_t bus = machine->info.bus_bytes;
  const uint32_t sub_beats = 4 / machine->info.tail_rows;
  const uint32_t stride = tail->now.dense ? machine->info.tail_rows : 1;
  const uint32_t sub = tail->beat % sub_beats;
  const bool group_end = tail->beat + 1 == machine->group_beats;
  const bool phase_end = group_end && tail->groups_left == 1;
  const bool unit_end = tail->now.dense || sub == sub_beats - 1;
  const bool last_place = tail->units_left <= stride || tail->place % bus + stride == bus;
  const bool complete =
      tail->units_left != 0 && unit_end && (tail->now.dense || tail->now.second) && last_place;
  if (is_early(tail, tail->pre * sub_beats + sub, now)) {
    core->changed = true; /* looks again in the next cycle */
    return false;
  }
  if (complete && tail->credits == 0) {
    return false;
  }
  core->changed = true;
  if (complete) {
    struct publisher *publisher = &core->publisher;
    publisher->entries[(publisher->queue.first + publisher->queue.count) % MODEL_QUEUE] =
        tail->now.entry;
    times_push(&publisher->queue, now + LATENCY_TAIL + LATENCY_FIFO);
    tail->credits--;
  }
  if (!tail->now.dense && !tail->now.second) {
    const uint32_t n = (uint32_t)(now % LATENCY_PRE);
    tail->recent_time[n] = now;
    tail->recent_place[n] = tail->pre * sub_beats + sub;
  }
  if (group_end) {
    times_pop(&tail->groups);
    times_push(&core->sequencer.pops, now + LATENCY_CREDIT);
    tail->groups_left--;
  }
  if (phase_end) {
    times_push(&tail->retires, now + LATENCY_TAIL + LATENCY_FIFO);
  }
  move_on(machine, tail, unit_end);
  return phase_end;
}

void tail_tick(struct machine *machine, struct core *core) {
  struct tail *tail = &core->tail;
  bool ended = false;
  if (tail->run && times_front(&tail->groups) <= machine->now) {
    ended = fire(machine, core);
  }
  if (tail->waiting > 0 && (!tail->run || ended)) {
    take_phase(tail);
    core->changed = true;
  } else if (ended) {
    tail->run = false;
  }
}

void publisher_tick(struct machine *machine, struct core *core, bool granted) {
  struct publisher *publisher = &core->publisher;
  const bool queued = times_front(&publisher->queue) <= machine->now;
  if (publisher->credit) { /* of the word that left the queue a cycle ago */
    core->tail.credits++;
    core->changed = true;
    publisher->credit = false;
  }
  if (publisher->valid && !granted) {
    return;
  }
  core->changed = core->changed || publisher->valid || queued;
  publisher->valid = queued;
  if (queued) {
    publisher->entry = publisher->entries[publisher->queue.first];
    times_pop(&publisher->queue);
    publisher->credit = true;
  }
}
