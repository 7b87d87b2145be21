/* SPDX-License-Identifier: Apache-2.0 */
/* threads: what each program under way waits for, and whose turn the program unit has. */
#include "machine_internal.h"

static bool is_ready(const struct thread *thread, const struct list_ring *ring, uint64_t now) {
  switch (thread->stage) {
    case STAGE_START:
    case STAGE_AGAIN:
      return now >= thread->start;
    case STAGE_GO:
      return true;
    case STAGE_HEAD:
      return ring->head;
    case STAGE_BLOCK:
    case STAGE_WAIT:
      return ring->list && thread->young != 2;
    case STAGE_HOLD:
      return thread->quiet;
    case STAGE_STOP:
      return ring->all;
    case STAGE_LOAD:
      return ring->piece && thread->young != 2;
    default:
      return false;
  }
}

static bool thread_tick(struct thread *thread, bool ready, bool quiet, bool takes,
                        const enum stage *put) {
  const struct thread before = *thread;
  thread->ready = ready && !thread->taken && !takes && put == NULL;
  thread->quiet = quiet;
  if (put != NULL) {
    thread->stage = *put;
    thread->taken = false;
    thread->young = 2;
  } else {
    const bool ends = thread->stage == STAGE_END && quiet && before.quiet && thread->young == 0;
    thread->stage = ends ? STAGE_DONE : thread->stage;
    thread->taken = thread->taken || takes;
    thread->young -= thread->young != 0;
  }
  return put != NULL || takes || before.ready != thread->ready || before.quiet != thread->quiet ||
         before.young != thread->young || before.stage != thread->stage;
}

/* In its first cycle, with its stage. */
static bool begins(const struct thread *thread, uint64_t now) {
  return (thread->stage == STAGE_START || thread->stage == STAGE_AGAIN) && !thread->taken &&
         now == thread->start;
}

uint32_t threads_ready(const struct machine *machine) {
  uint32_t ready = 0;
  for (uint32_t t = 0; t < machine->core_count; t++) {
    const struct thread *thread = &machine->unit.threads[t];
    ready |= thread->ready || begins(thread, machine->now) ? 1u << t : 0;
  }
  return ready;
}

bool threads_others(const struct machine *machine) {
  return (threads_ready(machine) & ~(1u << machine->unit.thread)) != 0;
}

static uint32_t cores_of(const struct machine *machine, uint32_t t) {
  return machine->domains[machine->cores[t].domain].cores;
}

static bool waits_for_quiet(const struct thread *thread) {
  return thread->stage == STAGE_WAIT || thread->stage == STAGE_HOLD || thread->stage == STAGE_END;
}

uint32_t threads_quiet(struct machine *machine) {
  uint32_t quiet = 0;
  for (uint32_t t = 0; t < machine->core_count; t++) {
    const bool looks = waits_for_quiet(&machine->unit.threads[t]);
    for (uint32_t c = 0; c < machine->core_count && looks; c++) {
      struct core *core = &machine->cores[c];
      if ((cores_of(machine, t) >> c & 1) != 0 && core_is_through(machine, core) &&
          save_is_done(&core->save)) {
        quiet |= 1u << c;
      }
    }
  }
  return quiet;
}

/* A slot waits for no steps any more, but for something behind them. */
static bool is_draining(const struct machine *machine, uint32_t t) {
  bool drains = waits_for_quiet(&machine->unit.threads[t]);
  for (uint32_t c = 0; c < machine->core_count && drains; c++) {
    drains = (cores_of(machine, t) >> c & 1) == 0 || !schedule_is_active(&machine->cores[c]);
  }
  return drains;
}

uint64_t threads_wake(const struct machine *machine) {
  uint64_t wake = MODEL_NEVER;
  for (uint32_t t = 0; t < machine->core_count; t++) {
    const uint64_t start = machine->unit.threads[t].start;
    wake = start > machine->now && start < wake ? start : wake;
    wake = is_draining(machine, t) ? machine->now + 1 : wake;
  }
  return wake;
}

bool threads_tick(struct machine *machine, bool take, const enum stage *put) {
  struct unit *unit = &machine->unit;
  const uint32_t taken =
      take ? machine_turn(threads_ready(machine), &unit->turn_after) : TRINE_MAX_CORES;
  bool changed = false;
  for (uint32_t t = 0; t < machine->core_count; t++) {
    struct thread *thread = &unit->threads[t];
    const bool ready = is_ready(thread, &unit->rings[t], machine->now);
    const bool quiet = waits_for_quiet(thread) && (cores_of(machine, t) & ~unit->quiet) == 0;
    changed =
        thread_tick(thread, ready, quiet, t == taken, t == unit->thread ? put : NULL) || changed;
  }
  unit->thread = take ? taken : unit->thread;
  return changed;
}

void thread_start(struct machine *machine, uint32_t leader, struct thread thread) {
  machine->unit.threads[leader] = thread;
  if (thread.stage == STAGE_AGAIN) {
    thread_repeat(&machine->unit.threads[leader]);
  }
  machine->unit.wake = 0;
}
