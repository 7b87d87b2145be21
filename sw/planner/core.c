/* SPDX-License-Identifier: Apache-2.0 */
/* core: one cycle of one core: its units in an order in which each still sees what the others'
 * registers held at the cycle's start; and the channel table, where they meet. */
#include "machine_internal.h"

bool core_word_waits(const struct core *core) {
  return core->publisher.valid;
}

bool core_event_waits(const struct core *core) {
  return core->flow.release_count > 0;
}

/* A local user was done with a slot in the cycle before; the last one releases it. */
static void count_use(struct core *core, uint32_t slots) {
  struct flow *flow = &core->flow;
  const uint8_t entry = flow->use;
  if (!flow->uses) {
    return;
  }
  flow->uses = false;
  if (++flow->used[entry] == flow->users[entry / slots]) {
    flow->used[entry] = 0;
    flow->releases[(flow->release_first + flow->release_count) % MODEL_ENTRIES] = entry;
    flow->release_count++;
  }
  core->changed = true;
}

static void wake(struct core *core, uint64_t now) {
  if (core->wake > now + 1) {
    core->wake = now + 1;
  }
}

void core_word(struct core *core, uint64_t now, uint8_t entry, uint32_t slot_bits) {
  struct flow *flow = &core->flow;
  const uint32_t channel = entry / slot_bits;
  if (!flow->listens[channel]) {
    return;
  }
  if (++flow->arrived[entry] == flow->words[channel]) {
    flow->arrived[entry] = 0;
    flow->filled[channel]++;
    if (flow->x_user[channel] != 0) {
      core->contexts[flow->x_user[channel] - 1].x++;
    }
    if (flow->h_user[channel] != 0) {
      core->contexts[flow->h_user[channel] - 1].h++;
    }
    wake(core, now);
  }
}

void core_event(struct core *core, uint64_t now, uint8_t entry, uint32_t slot_bits) {
  struct flow *flow = &core->flow;
  const uint32_t channel = entry / slot_bits;
  if (!flow->published[channel]) {
    return;
  }
  if (++flow->released[entry] == flow->listeners[channel]) {
    flow->released[entry] = 0;
    flow->freed[channel]++;
    if (flow->owner[channel] != 0) {
      core->contexts[flow->owner[channel] - 1].room++;
    }
    wake(core, now);
  }
}

/* A word on its way into this core's rings. */
bool core_ring_is_busy(const struct machine *machine, const struct core *core) {
  const struct word *word = &machine->words[LATENCY_WORD];
  return word->valid && word->domain == core->domain &&
         core->flow.listens[word->entry / (machine->slot_mask + 1)];
}

/* What was on its way and is there from this cycle on. */
static void arrive(struct core *core, uint64_t now) {
  while (times_front(&core->sequencer.pops) <= now) {
    times_pop(&core->sequencer.pops);
    core->sequencer.credits++;
  }
  while (times_front(&core->tail.retires) <= now) {
    times_pop(&core->tail.retires);
    core->tail.held--;
  }
}

bool core_is_through(const struct machine *machine, struct core *core) {
  const struct front_out *out = &machine->front.out[core - machine->cores];
  arrive(core, machine->now);
  const bool queued = times_front(&core->publisher.queue) <= machine->now;
  return !schedule_is_active(core) && core->tail.held == 0 && !core->publisher.valid && !queued &&
         core->flow.release_count == 0 && !core->flow.uses && !core_ring_is_busy(machine, core) &&
         rows_are_idle(core, out);
}

static uint64_t earlier(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* When a core that changed nothing will next do something by itself. */
static uint64_t next_wake(const struct core *core, uint64_t now) {
  const struct sequencer *sequencer = &core->sequencer;
  uint64_t next = MODEL_NEVER;
  if (sequencer->run && sequencer->in_group) {
    next = now + sequencer->left;
  }
  const uint64_t fronts[] = {times_front(&sequencer->pops), times_front(&core->tail.groups),
                             times_front(&core->tail.retires), times_front(&core->publisher.queue)};
  for (uint32_t n = 0; n < 4; n++) {
    if (fronts[n] > now) {
      next = earlier(next, fronts[n]);
    }
  }
  return next > now ? next : now + 1;
}

void core_tick(struct machine *machine, struct core *core, struct grants grants) {
  const uint32_t slots = machine->slot_mask + 1;
  const struct front_out *out = &machine->front.out[core - machine->cores];
  struct flow *flow = &core->flow;
  arrive(core, machine->now);
  core->changed = grants.word || grants.event || out->reached;
  if (grants.event) {
    flow->release_first = (flow->release_first + 1) % MODEL_ENTRIES;
    flow->release_count--;
  }
  remains_tick(core, core_ring_is_busy(machine, core));
  tail_tick(machine, core);
  const struct schedule_out schedule = schedule_tick(machine, core);
  publisher_tick(machine, core, grants.word);
  const struct rows_out rows = rows_tick(machine, core, out, !schedule.claims, !schedule.uses);
  save_tick(machine, core, out);
  count_use(core, slots);
  if (schedule.claims || rows.claims) {
    flow->claimed[schedule.claims ? schedule.claim / slots : rows.claimed]++;
  }
  if (rows.takes) {
    flow->taken[rows.taken]++;
  }
  if (schedule.uses || rows.uses) {
    flow->uses = true;
    flow->use = schedule.uses ? schedule.use : rows.used;
    core->changed = true;
  }
  core->ticked = machine->now;
  core->wake = core->changed ? machine->now + 1 : next_wake(core, machine->now);
}
