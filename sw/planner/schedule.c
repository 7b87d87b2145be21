/* SPDX-License-Identifier: Apache-2.0 */
/* schedule: which phase a core runs next, and the walk through its row groups. */
#include "machine_internal.h"

bool schedule_is_active(const struct core *core) {
  bool active = core->pick != PICK_SEARCH || core->sequencer.run;
  for (uint32_t n = 0; n < core->context_count && !active; n++) {
    active = core->contexts[n].steps != 0;
  }
  return active;
}

void schedule_context(const struct machine *machine, struct core *core, const uint32_t *words) {
  const uint32_t n = words[0] & 15;
  struct flow *flow = &core->flow;
  core->contexts[n] = (struct context){.dense = (words[0] >> 4 & 1) != 0,
                                       .x_channel = (uint8_t)(words[0] >> 8 & 15),
                                       .y_channel = (uint8_t)(words[0] >> 12 & 15),
                                       .h_first = (words[0] >> 6 & 1) != 0,
                                       .room = (uint8_t)(machine->slot_mask + 1),
                                       .x_chunks = words[1] & 0xffff,
                                       .h_chunks = words[1] >> 16,
                                       .groups = words[2] & 0xffff,
                                       .units = words[2] >> 16,
                                       .first_unit = words[3] & 0xffff,
                                       .pre_base = words[7] & 0xffff};
  const struct context *context = &core->contexts[n];
  const uint8_t id = (uint8_t)(n + 1);
  flow->published[context->y_channel] = true;
  flow->listeners[context->y_channel] = words[0] >> 16 & 31;
  flow->owner[context->y_channel] = id;
  flow->h_user[context->y_channel] = context->dense ? 0 : id;
  if (context->x_channel != context->y_channel) {
    flow->x_user[context->x_channel] = id;
  }
  core->context_count = n >= core->context_count ? n + 1 : core->context_count;
}

/* known: RUN says how the first steps begin. Step counts are written one a cycle; the next RUN
 * waits for the last. */
void schedule_run(const struct machine *machine, struct core *core, uint32_t mask, uint32_t steps,
                  bool known) {
  core->steps_written = machine->now;
  for (uint32_t n = 0; n < core->context_count; n++) {
    if ((mask >> n & 1) != 0) {
      core->contexts[n].steps = steps;
      core->contexts[n].known = known;
      core->steps_written++;
    }
  }
}

static uint8_t entry_of(const struct machine *machine, uint32_t channel, uint32_t slot) {
  return (uint8_t)(channel * (machine->slot_mask + 1) + (slot & machine->slot_mask));
}

static bool h_there(const struct context *context) {
  return !context->started || context->h > 0;
}

static bool second_ready(const struct context *context) {
  return context->half && context->room > 0 &&
         (context->half_h ? context->x > 0 : h_there(context));
}

/* An x part that goes first, or a dense step. */
static bool x_ready(const struct context *context) {
  return context->steps != 0 && !context->half && context->x > 0 &&
         (!context->dense || context->room > 0);
}

static bool h_ready(const struct context *context) {
  return context->steps != 0 && !context->half && context->h_first && context->known &&
         h_there(context);
}

static void take(const struct machine *machine, struct core *core, uint32_t n, bool h_part) {
  struct context *context = &core->contexts[n];
  const uint8_t written = entry_of(machine, context->y_channel, context->slot);
  const bool ends = context->half || context->dense;
  core->picked = (struct phase){.context = (uint8_t)n,
                                .entry = written,
                                .second = context->half,
                                .dense = context->dense,
                                .groups = context->groups,
                                .units = context->units,
                                .first_unit = context->first_unit,
                                .pre_base = context->pre_base};
  core->picked_chunks = h_part ? context->h_chunks : context->x_chunks;
  core->picked_frees = !h_part || context->started;
  core->picked_entry =
      h_part ? entry_of(machine, context->y_channel, context->slot + machine->slot_mask)
             : entry_of(machine, context->x_channel, context->slot);
  context->x = (uint8_t)(context->x - (h_part ? 0 : 1));
  context->h = (uint8_t)(context->h - (h_part && context->started ? 1 : 0));
  context->room = (uint8_t)(context->room - (ends ? 1 : 0));
  if (ends) {
    context->steps--;
    context->done++;
    context->slot = (uint8_t)((context->slot + 1u) & machine->slot_mask);
    context->started = context->known = true;
    core->steps++;
  }
  context->half = !ends;
  context->half_h = h_part;
  core->pick = PICK_READ;
  core->changed = true;
}

/* The context after the one picked last, of those that are ready; contexts: none. */
static uint32_t next_ready(const struct core *core, bool (*ready)(const struct context *)) {
  for (uint32_t turn = 1; turn <= core->context_count; turn++) {
    const uint32_t n = (core->picked.context + turn) % core->context_count;
    if (ready(&core->contexts[n])) {
      return n;
    }
  }
  return core->context_count;
}

/* Second halves go before first ones: of these the lowest context's. Of the others x parts and
 * dense steps before h parts, of each the one that follows the context picked last. */
static void pick(const struct machine *machine, struct core *core) {
  for (uint32_t n = 0; n < core->context_count; n++) {
    if (second_ready(&core->contexts[n])) {
      take(machine, core, n, !core->contexts[n].half_h);
      return;
    }
  }
  uint32_t n = next_ready(core, x_ready);
  if (n < core->context_count) {
    take(machine, core, n, false);
    return;
  }
  n = next_ready(core, h_ready);
  if (n < core->context_count) {
    take(machine, core, n, true);
  }
}

static void start_phase(struct core *core) {
  struct sequencer *sequencer = &core->sequencer;
  struct tail *tail = &core->tail;
  sequencer->run = true;
  sequencer->groups = core->picked.groups;
  sequencer->chunks = core->picked_chunks;
  sequencer->left = core->picked_chunks;
  sequencer->frees = core->picked_frees;
  sequencer->entry = core->picked_entry;
  tail->phases[(tail->first + tail->waiting) % MODEL_TAIL_PHASES] = core->picked;
  tail->waiting++;
  tail->held++;
  core->pick = PICK_SEARCH;
  core->changed = true;
}

struct schedule_out schedule_tick(struct machine *machine, struct core *core) {
  struct sequencer *sequencer = &core->sequencer;
  struct schedule_out out = {.claims = false};
  const uint64_t now = machine->now;
  if (sequencer->run && sequencer->in_group) {
    const uint32_t slept = (uint32_t)(now - core->ticked - 1); /* a chunk in each of these cycles */
    sequencer->left -= slept;
    core->macs += slept;
  }
  const bool issue = sequencer->run && (sequencer->in_group || sequencer->credits > 0);
  const bool group_start = issue && !sequencer->in_group;
  const bool group_end = issue && sequencer->left == 1;
  const bool phase_end = group_end && sequencer->groups == 1;
  const bool window = !sequencer->run || sequencer->groups <= 2;
  const bool next = core->pick == PICK_HOLD && core->tail.waiting < MODEL_TAIL_PHASES &&
                    (!sequencer->run || phase_end);
  out.uses = phase_end && sequencer->frees;
  out.use = sequencer->entry;
  core->macs += issue;
  if (core->pick == PICK_SEARCH && window) {
    pick(machine, core);
  } else if (core->pick == PICK_READ) {
    out.claims = core->picked.second || core->picked.dense;
    out.claim = core->picked.entry;
    core->pick = PICK_HOLD;
    core->changed = true;
  }
  if (issue) {
    sequencer->in_group = !group_end;
    sequencer->left = group_end ? sequencer->chunks : sequencer->left - 1;
    sequencer->groups -= group_end;
  }
  if (group_end) {
    times_push(&core->tail.groups, now + LATENCY_MAC_READ + machine->mac_latency + LATENCY_FIFO);
  }
  if (phase_end) {
    sequencer->run = false;
  }
  if (next) {
    start_phase(core);
  }
  sequencer->credits -= group_start;
  core->changed = core->changed || group_start || group_end;
  return out;
}
