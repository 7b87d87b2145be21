/* SPDX-License-Identifier: Apache-2.0 */
/* fake_streams: readers, contexts and writers of a core, one step at a time; see fake_core.h. */
#include <string.h>

#include "golden/fixed.h"
#include "support/fake_core.h"
#include "trine_regs.h"

static void fail(struct fake_core *core, uint32_t code, uint32_t value) {
  core->error = code;
  core->error_value = value;
}

/* A vector step on its way: which channel and slot, and its marks. */
struct delivery {
  uint32_t channel, slot;
  bool first, last;
};

static void deliver_word(struct fake_core *core, const struct delivery *what, uint32_t place,
                         const uint8_t *bytes, uint32_t from, uint32_t to) {
  struct fake_channel *channel = &core->channel[what->channel];
  if (channel->users == 0) {
    return;
  }
  uint32_t at = channel->base + what->slot * channel->stride;
  if (channel->complete[what->slot] || to > channel->stride || place >= channel->words) {
    fail(core, TRINE_ERROR_OVERRUN, what->channel);
    return;
  }
  memcpy(core->rings + at + from, bytes, to - from);
  for (uint32_t n = 0; n < FAKE_STREAMS; n++) {
    const struct fake_stream *writer = &core->writer[n];
    if (writer->listens && writer->channel == what->channel && to <= writer->ram_stride) {
      memcpy(core->writer_ram + writer->ram + what->slot * writer->ram_stride + from, bytes,
             to - from);
    }
  }
  channel->first[what->slot] = what->first;
  channel->last[what->slot] = what->last;
  channel->arrived[what->slot]++;
  if (channel->arrived[what->slot] == channel->words) {
    channel->arrived[what->slot] = 0;
    channel->complete[what->slot] = true;
  }
}

/* Sends bytes [from, to) of a vector, a bus word at a time; bytes[0] is byte `from`. */
static void publish(struct fake_core *core, const struct delivery *what, const uint8_t *bytes,
                    uint32_t from, uint32_t to) {
  uint32_t bus = core->params->bus_bytes;
  for (uint32_t at = from; at < to;) {
    uint32_t end = (at / bus + 1) * bus;
    end = end < to ? end : to;
    for (uint32_t r = 0; r < core->domain->ranks; r++) {
      deliver_word(core->domain->core[r], what, at / bus, bytes + (at - from), at, end);
    }
    at = end;
  }
}

static void claim(struct fake_core *core, uint32_t channel, uint32_t slot) {
  core->channel[channel].room[slot] = false;
}

static void release(struct fake_core *core, uint32_t channel, uint32_t slot) {
  struct fake_channel *table = &core->channel[channel];
  uint32_t users = (table->is_read_by_owner ? 1u : 0u) + (table->is_used ? 1u : 0u);
  if (!table->complete[slot] || table->users != users) {
    fail(core, TRINE_ERROR_OVERRUN, channel);
    return;
  }
  table->used[slot]++;
  if (table->used[slot] < table->users) {
    return;
  }
  table->used[slot] = 0;
  table->complete[slot] = false;
  for (uint32_t r = 0; r < core->domain->ranks; r++) {
    struct fake_channel *other = &core->domain->core[r]->channel[channel];
    if (other->published && ++other->released[slot] == other->listeners) {
      other->released[slot] = 0;
      other->room[slot] = true;
    }
  }
}

static uint32_t next_slot(const struct fake_core *core, uint32_t slot) {
  return (slot + 1) % core->params->x_slots;
}

/* --- Readers and writers --- */

static void advance(struct fake_core *core, struct fake_stream *stream) {
  uint32_t length = core->table[2 * (size_t)(stream->table + stream->sequence) + 1] & 0x7fffffff;
  stream->slot[stream->channel] = next_slot(core, stream->slot[stream->channel]);
  stream->step++;
  if (stream->step == length) {
    stream->step = 0;
    stream->sequence++;
  }
  stream->active = stream->sequence < stream->sequences;
}

static bool read_row(struct fake_core *core, struct fake_stream *reader) {
  uint32_t slot = reader->slot[reader->channel];
  if (!reader->active || !core->channel[reader->channel].room[slot]) {
    return false;
  }
  const uint32_t *entry = core->table + 2 * (size_t)(reader->table + reader->sequence);
  uint32_t offset = reader->base + entry[0] + reader->step * reader->stride;
  if ((uint64_t)offset + reader->bytes > core->domain->window_bytes) {
    fail(core, TRINE_ERROR_WINDOW, offset);
    return true;
  }
  struct delivery what = {.channel = reader->channel,
                          .slot = slot,
                          .first = reader->step == 0 && entry[1] >> 31 == 0 &&
                                   !(reader->goes_on && reader->sequence == 0),
                          .last = reader->step + 1 == (entry[1] & 0x7fffffff)};
  claim(core, reader->channel, slot);
  advance(core, reader);
  publish(core, &what, core->domain->memory + offset, 0, reader->words * core->params->bus_bytes);
  return true;
}

static bool write_row(struct fake_core *core, struct fake_stream *writer) {
  const struct fake_channel *channel = &core->channel[writer->channel];
  uint32_t slot = writer->slot[writer->channel];
  if (!writer->active || !channel->complete[slot]) {
    return false;
  }
  const uint32_t *entry = core->table + 2 * (size_t)(writer->table + writer->sequence);
  uint32_t offset =
      writer->base + entry[0] + (writer->last_only ? 0 : writer->step * writer->stride);
  if ((uint64_t)offset + writer->bytes > core->domain->window_bytes) {
    fail(core, TRINE_ERROR_WINDOW, offset);
    return true;
  }
  if (!writer->last_only || channel->last[slot]) {
    memcpy(core->domain->memory + offset,
           core->writer_ram + writer->ram + slot * writer->ram_stride, writer->bytes);
  }
  advance(core, writer);
  release(core, writer->channel, slot);
  return true;
}

/* --- Contexts --- */

struct fake_phase {
  const uint8_t *vector;
  uint32_t chunks, weight, beat; /* beat: first parameter beat */
};

/* Sum, bias and requantisation of lane `lane` of group `group`. */
static int32_t row_value(const struct fake_core *core, const struct fake_phase *phase,
                         uint32_t group, uint32_t lane) {
  const struct fake_params *p = core->params;
  uint32_t sum = 0;
  for (uint32_t n = 0; n < phase->chunks * p->macs_per_lane; n++) {
    size_t word = phase->weight + group * phase->chunks + n / p->macs_per_lane;
    const uint8_t *weights = core->weights + word * p->lanes * p->macs_per_lane;
    int weight = (int8_t)weights[lane * p->macs_per_lane + n % p->macs_per_lane];
    sum += (uint32_t)(weight * (int8_t)phase->vector[n]);
  }
  const int32_t *row =
      core->rows + 4 * (size_t)(phase->beat * p->tail_rows + group * p->lanes + lane);
  return trine_requantise((int32_t)(sum + (uint32_t)row[0]), row[1], row[2]);
}

static const uint8_t *ring_slot(const struct fake_core *core, uint32_t channel, uint32_t slot) {
  return core->rings + core->channel[channel].base + slot * core->channel[channel].stride;
}

static bool x_step(struct fake_core *core, struct fake_context *context) {
  const uint32_t *w = context->w;
  uint32_t in = w[0] >> 8 & 15, out = w[0] >> 12 & 15, slot = context->slot;
  bool is_dense = (w[0] & 16) != 0;
  const struct fake_channel *input = &core->channel[in];
  if (!input->complete[slot] || (is_dense && !core->channel[out].room[slot])) {
    return false;
  }
  struct fake_phase phase = {ring_slot(core, in, slot), w[1] & 0xffff, w[4], w[6] & 0xffff};
  uint32_t units = w[2] >> 16, first = w[3] & 0xffff;
  struct delivery what = {out, slot, input->first[slot], input->last[slot]};
  uint8_t bytes[65536];
  for (uint32_t u = 0; u < units; u++) {
    if (is_dense) {
      int32_t value = row_value(core, &phase, u / core->params->lanes, u % core->params->lanes) +
                      (int8_t)(w[9] >> 16 & 255);
      int32_t low = (int8_t)(w[10] >> 16 & 255), high = (int8_t)(w[10] >> 24);
      if (value < low) {
        bytes[u] = (uint8_t)low;
      } else if (value > high) {
        bytes[u] = (uint8_t)high;
      } else {
        bytes[u] = (uint8_t)value;
      }
      continue;
    }
    for (uint32_t g = 0; g < 4; g++) {
      uint32_t row = 4 * u + g;
      core->pre[4 * (size_t)((w[7] & 0xffff) + u) + g] = trine_sat16(
          row_value(core, &phase, row / core->params->lanes, row % core->params->lanes));
    }
  }
  if (context->begins != 0 && (context->begins == 2) != what.first) {
    fail(core, TRINE_ERROR_OVERRUN, 0);
  }
  context->begins = 0;
  context->cur_first = what.first;
  context->cur_last = what.last;
  context->x_issued = !is_dense;
  release(core, in, slot);
  if (is_dense) {
    claim(core, out, slot);
    context->slot = next_slot(core, slot);
    context->steps--;
    publish(core, &what, bytes, first, first + units);
  }
  return true;
}

static uint8_t unit_step(struct fake_core *core, const struct fake_context *context,
                         const struct fake_phase *phase, uint32_t unit, bool use_cell) {
  const uint32_t *w = context->w;
  struct trine_cell cell = {.exponent = (int8_t)((int)(w[9] >> 24 & 7) - 15),
                            .clip = (int16_t)(w[10] & 0xffff),
                            .zero_point = (int8_t)(w[9] >> 16 & 255),
                            .out = {.multiplier = (int32_t)w[11],
                                    .shift = (int8_t)((int)(w[12] & 63) - (int)(w[12] & 32) * 2)}};
  int16_t pre[4];
  int32_t gate[4];
  unsigned events = 0;
  for (uint32_t g = 0; g < 4; g++) {
    uint32_t row = 4 * unit + g, lanes = core->params->lanes;
    pre[g] = trine_preactivation(core->pre[4 * (size_t)((w[7] & 0xffff) + unit) + g],
                                 row_value(core, phase, row / lanes, row % lanes), 0, &events);
  }
  trine_gates(pre, gate);
  size_t at = context->state_addr + unit;
  core->cell[at] = trine_cell_update(&cell, gate, use_cell ? core->cell[at] : 0, &events);
  core->hidden[at] = trine_hidden_output(&cell, gate[TRINE_GATE_O], core->cell[at]);
  return (uint8_t)core->hidden[at];
}

static bool h_step(struct fake_core *core, struct fake_context *context) {
  const uint32_t *w = context->w;
  uint32_t out = w[0] >> 12 & 15, slot = context->slot;
  uint32_t before = (slot + core->params->x_slots - 1) % core->params->x_slots;
  if ((context->started && !core->channel[out].complete[before]) ||
      !core->channel[out].room[slot]) {
    return false;
  }
  const struct fake_params *p = core->params;
  uint32_t vec = p->bus_bytes > p->macs_per_lane ? p->bus_bytes : p->macs_per_lane;
  bool is_kept = (w[0] & 32) != 0, is_init = context->cur_first || !context->started;
  uint8_t zero[65536], bytes[65536];
  memset(zero, (int)(w[9] >> 16 & 255), sizeof zero);
  if (context->seq_start) {
    context->state_addr = w[7] >> 16;
    context->init_addr = w[8] >> 16;
  }
  const uint8_t *start = is_kept ? core->rings + (size_t)context->init_addr * vec : zero;
  struct fake_phase phase = {is_init ? start : ring_slot(core, out, before), w[1] >> 16, w[5],
                             w[6] >> 16};
  uint32_t units = w[2] >> 16, first = w[3] & 0xffff;
  claim(core, out, slot);
  for (uint32_t u = 0; u < units; u++) {
    bytes[u] = unit_step(core, context, &phase, u, !is_init || is_kept);
  }
  if (context->started) {
    release(core, out, before);
  }
  struct delivery what = {out, slot, context->cur_first, context->cur_last};
  context->started = true;
  context->x_issued = false;
  context->seq_start = false;
  context->slot = next_slot(core, slot);
  context->steps--;
  if (context->cur_last) {
    context->state_addr += w[8] & 0xffff;
    context->init_addr += w[9] & 0xffff;
  }
  publish(core, &what, bytes, first, first + units);
  return true;
}

bool fake_core_process(struct fake_core *core, uint32_t which) {
  if (core->error != 0) {
    return false;
  }
  if (which < FAKE_CONTEXTS) {
    struct fake_context *context = &core->context[which];
    if (context->steps == 0) {
      return false;
    }
    return context->x_issued ? h_step(core, context) : x_step(core, context);
  }
  which -= FAKE_CONTEXTS;
  return which < FAKE_STREAMS ? read_row(core, &core->reader[which])
                              : write_row(core, &core->writer[which - FAKE_STREAMS]);
}
