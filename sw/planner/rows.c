/* SPDX-License-Identifier: Apache-2.0 */
/* rows: the rows of a stream's sequences, and a core's side of its streams: claims, uses and what
 * it tells the front end of room and complete vectors. */
#include "machine_internal.h"

bool row_is_cut(uint32_t offset, uint32_t bytes) {
  return offset % MODEL_PAGE + bytes > MODEL_PAGE;
}

static void look_ahead(struct walker *rows, const struct sequence *sequences) {
  if (rows->fetch_left != 0) {
    rows->next_sequence = sequences[rows->entry++];
    rows->fetch_left--;
    rows->next = true;
  }
}

static void load(struct walker *rows, const struct sequence *sequences) {
  rows->row = rows->next;
  if (rows->next) {
    rows->left = rows->next_sequence.length;
    rows->offset = rows->base + rows->next_sequence.offset;
    rows->next = false;
    look_ahead(rows, sequences);
  }
}

void rows_take(struct walker *rows, const struct sequence *sequences) {
  rows->done++;
  rows->cuts += row_is_cut(rows->offset, rows->bytes);
  if (rows->left == 1) {
    load(rows, sequences);
  } else {
    rows->left--;
    rows->offset += rows->stride;
  }
}

/* Sequences [entry, entry + count) of the table; args: those of READ and WRITE behind the first. */
static void start(struct core *core, uint32_t n, const uint32_t *args, uint32_t stride,
                  uint32_t bytes) {
  struct walker *rows = &core->streams[n].rows;
  *rows = (struct walker){.base = args[0],
                          .stride = stride,
                          .bytes = bytes,
                          .entry = args[3] & 0xffff,
                          .fetch_left = args[3] >> 16};
  look_ahead(rows, core->sequences);
  load(rows, core->sequences);
  core->streams[n].left = 0;
  core->starting[n] = true;
  core->set_up = (struct set_up){.valid = true, .start = true, .stream = (uint8_t)n};
}

void rows_read(const struct machine *machine, struct core *core, const uint32_t *args) {
  const uint32_t n = args[0] & 1;
  struct row_stream *stream = &core->streams[n];
  stream->channel = (uint8_t)(args[0] >> 4 & 15);
  stream->words = args[3] & 0xffff;
  stream->beats = args[3] >> 16;
  stream->slot = (uint8_t)(core->flow.claimed[stream->channel] & machine->slot_mask);
  core->flow.published[stream->channel] = true;
  core->flow.listeners[stream->channel] = args[0] >> 8 & 31;
  start(core, n, args + 1, args[2], stream->beats * machine->info.mem_bytes);
}

void rows_write(const struct machine *machine, struct core *core, const uint32_t *args) {
  const uint32_t n = args[0] & 1, bytes = args[3] & 0xffff, mem = machine->info.mem_bytes;
  struct row_stream *stream = &core->streams[MODEL_READERS + n];
  stream->channel = (uint8_t)(args[0] >> 4 & 15);
  stream->last_only = (args[0] >> 8 & 1) != 0;
  stream->beats = (bytes + mem - 1) / mem;
  stream->slot = (uint8_t)(core->flow.taken[stream->channel] & machine->slot_mask);
  core->use_slot[n] = stream->slot;
  /* A row of the last step stands for its sequence and does not move with the steps. */
  start(core, MODEL_READERS + n, args + 1, stream->last_only ? 0 : args[2], stream->beats * mem);
}

bool rows_are_idle(const struct core *core, const struct front_out *out) {
  bool active = false;
  for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
    active = active || out->active[n] || core->starting[n];
  }
  return !active;
}

/* The release event that arrives in this cycle gives a slot of the channel back: there is room from
 * the next one on. */
static bool room_comes(const struct machine *machine, const struct core *core, uint32_t channel) {
  const struct word *event = &machine->events[LATENCY_EVENT];
  const struct flow *flow = &core->flow;
  return event->valid && event->domain == core->domain &&
         event->entry / (machine->slot_mask + 1) == channel && flow->published[channel] &&
         flow->released[event->entry] + 1u == flow->listeners[channel];
}

/* The word that arrives in this cycle is the last of a vector of the channel. */
static bool vector_comes(const struct machine *machine, const struct core *core, uint32_t channel) {
  const struct word *word = &machine->words[LATENCY_WORD];
  const struct flow *flow = &core->flow;
  return word->valid && word->domain == core->domain &&
         word->entry / (machine->slot_mask + 1) == channel && flow->listens[channel] &&
         flow->arrived[word->entry] + 1u == flow->words[channel];
}

/* Readers' claims: one a cycle in which no context claims; lower numbers go first. */
static void claim(const struct machine *machine, struct core *core, const struct front_out *out,
                  bool ready, struct rows_out *did) {
  const uint8_t slots = (uint8_t)(machine->slot_mask + 1);
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    const uint32_t channel = core->streams[n].channel;
    const bool wants = core->claims[n] || out->row[n];
    const bool goes = wants && ready && !did->claims;
    const uint8_t held = (uint8_t)(core->flow.claimed[channel] - core->flow.freed[channel]);
    core->room[n] = (held != slots || room_comes(machine, core, channel)) && !wants;
    core->claims[n] = wants && !goes;
    core->changed = core->changed || wants;
    if (goes) {
      did->claims = true;
      did->claimed = (uint8_t)channel;
    }
  }
}

static void use(const struct machine *machine, struct core *core, const struct front_out *out,
                bool ready, struct rows_out *did) {
  const uint32_t slots = machine->slot_mask + 1;
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    const uint32_t channel = core->streams[MODEL_READERS + n].channel;
    const bool taken = out->row[MODEL_READERS + n];
    const bool wants = core->uses[n] != 0 || out->use[n];
    const bool goes = wants && ready && !did->uses;
    core->complete[n] = (core->flow.filled[channel] != core->flow.taken[channel] ||
                         vector_comes(machine, core, channel)) &&
                        !taken;
    core->uses[n] = (uint8_t)(core->uses[n] + out->use[n] - goes);
    core->changed = core->changed || wants || taken;
    if (taken) {
      did->takes = true;
      did->taken = (uint8_t)channel;
    }
    if (goes) {
      did->uses = true;
      did->used = (uint8_t)(channel * slots + core->use_slot[n]);
      core->use_slot[n] = (uint8_t)((core->use_slot[n] + 1) & machine->slot_mask);
    }
  }
}

struct rows_out rows_tick(const struct machine *machine, struct core *core,
                          const struct front_out *out, bool claim_ready, bool use_ready) {
  struct rows_out did = {.claims = false};
  claim(machine, core, out, claim_ready, &did);
  use(machine, core, out, use_ready, &did);
  for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
    core->starting[n] = core->starting[n] && !out->active[n];
  }
  if (core->set_up.valid) {
    core->changed = true;
    core->set_up.valid = !out->set_taken;
  }
  return did;
}
