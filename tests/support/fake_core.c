/* SPDX-License-Identifier: Apache-2.0 */
/* fake_core: the operations of one core; see fake_core.h. Its readers, contexts and writers are in
 * fake_streams.c. */
#include "support/fake_core.h"

#include <stdlib.h>
#include <string.h>

#include "support/fake_program.h"
#include "trine_regs.h"

/* Targets of LOAD. */
enum { LOAD_WEIGHTS = 0, LOAD_PARAMS = 1, LOAD_RINGS = 2, LOAD_STATE = 3 };

static void *make(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) {
    abort();
  }
  return memory;
}

void fake_core_create(struct fake_core *core, const struct fake_params *params,
                      struct seed_stream *random) {
  memset(core, 0, sizeof *core);
  core->params = params;
  core->weights = make(params->weight_bytes, 1);
  core->rings = make(params->ring_bytes, 1);
  core->writer_ram = make(params->writer_bytes, 1);
  core->rows = make(params->param_rows, 16);
  core->cell = make(params->state_units, 2);
  core->hidden = make(params->state_units, 1);
  core->pre = make(params->pre_units, 8);
  core->table = make(params->table_entries, 8);
  seed_int8(random, (int8_t *)core->weights, params->weight_bytes, -128, 127);
  seed_int8(random, (int8_t *)core->rings, params->ring_bytes, -128, 127);
  seed_int8(random, (int8_t *)core->writer_ram, params->writer_bytes, -128, 127);
  seed_int8(random, (int8_t *)core->cell, params->state_units * (size_t)2, -128, 127);
  seed_int8(random, (int8_t *)core->pre, params->pre_units * (size_t)8, -128, 127);
}

void fake_core_destroy(struct fake_core *core) {
  free(core->weights);
  free(core->rings);
  free(core->writer_ram);
  free(core->rows);
  free(core->cell);
  free(core->hidden);
  free(core->pre);
  free(core->table);
}

void fake_core_clear(struct fake_core *core) {
  memset(core->channel, 0, sizeof core->channel);
  memset(core->context, 0, sizeof core->context);
  memset(core->reader, 0, sizeof core->reader);
  memset(core->writer, 0, sizeof core->writer);
  for (uint32_t c = 0; c < FAKE_CHANNELS; c++) {
    for (uint32_t s = 0; s < FAKE_SLOTS; s++) {
      core->channel[c].room[s] = true;
    }
  }
}

static void fail(struct fake_core *core, uint32_t code, uint32_t value) {
  core->error = code;
  core->error_value = value;
}

/* The window's bytes [offset, offset + bytes), or NULL and an error. */
static uint8_t *window(struct fake_core *core, uint32_t offset, uint64_t bytes) {
  uint64_t padded =
      (bytes + core->params->mem_bytes - 1) / core->params->mem_bytes * core->params->mem_bytes;
  if (offset + padded > core->domain->window_bytes) {
    fail(core, TRINE_ERROR_WINDOW, offset);
    return NULL;
  }
  return core->domain->memory + offset;
}

static void do_load(struct fake_core *core, const uint32_t *w) {
  const struct fake_params *p = core->params;
  uint32_t word_bytes = p->lanes * p->macs_per_lane;
  const uint32_t limits[] = {p->weight_bytes / word_bytes, p->param_rows, p->ring_bytes,
                             p->state_units};
  const uint32_t sizes[] = {word_bytes, 16, 1, 4};
  if (w[1] > 3 || w[3] == 0 || w[4] % p->mem_bytes != 0 || (w[1] == 2 && (w[2] | w[3]) % 4 != 0)) {
    fail(core, TRINE_ERROR_FIELD, w[1]);
    return;
  }
  if ((uint64_t)w[2] + w[3] > limits[w[1]]) {
    fail(core, TRINE_ERROR_LOCAL_ADDRESS, w[1]);
    return;
  }
  const uint8_t *from = window(core, w[4], (uint64_t)w[3] * sizes[w[1]]);
  if (from == NULL) {
    return;
  }
  if (w[1] == LOAD_WEIGHTS) {
    memcpy(core->weights + (size_t)w[2] * word_bytes, from, (size_t)w[3] * word_bytes);
  } else if (w[1] == LOAD_PARAMS) {
    memcpy(core->rows + 4 * (size_t)w[2], from, (size_t)w[3] * 16);
  } else if (w[1] == LOAD_RINGS) {
    memcpy(core->rings + w[2], from, w[3]);
  }
  for (uint32_t n = 0; w[1] == LOAD_STATE && n < w[3]; n++) {
    memcpy(&core->cell[w[2] + n], from + 4 * (size_t)n, 2);
  }
}

static void do_save(struct fake_core *core, const uint32_t *w) {
  if (w[2] == 0 || w[3] % core->params->mem_bytes != 0) {
    fail(core, TRINE_ERROR_FIELD, w[1]);
    return;
  }
  if ((uint64_t)w[1] + w[2] > core->params->state_units) {
    fail(core, TRINE_ERROR_LOCAL_ADDRESS, w[1]);
    return;
  }
  uint8_t *to = window(core, w[3], (uint64_t)w[2] * 4);
  for (uint32_t n = 0; to != NULL && n < w[2]; n++) {
    memcpy(to + 4 * (size_t)n, &core->cell[w[1] + n], 2);
    to[4 * (size_t)n + 2] = (uint8_t)core->hidden[w[1] + n];
    to[4 * (size_t)n + 3] = 0;
  }
}

static bool publish_on(struct fake_core *core, uint32_t channel, uint32_t owner,
                       uint32_t listeners) {
  struct fake_channel *table = &core->channel[channel];
  if (listeners < 1 || listeners > 16) {
    fail(core, TRINE_ERROR_FIELD, channel);
    return false;
  }
  if (table->published && table->owner != owner) {
    fail(core, TRINE_ERROR_PUBLISHER, channel);
    return false;
  }
  table->published = true;
  table->owner = owner;
  table->listeners = listeners;
  return true;
}

/* One user of a channel on a core does not publish it. */
static bool use(struct fake_core *core, uint32_t channel, uint32_t user) {
  struct fake_channel *table = &core->channel[channel];
  if (table->is_used && table->user != user) {
    fail(core, TRINE_ERROR_PUBLISHER, channel);
    return false;
  }
  table->is_used = true;
  table->user = user;
  return true;
}

static void do_channel(struct fake_core *core, const uint32_t *w) {
  const struct fake_params *p = core->params;
  uint32_t vec = p->bus_bytes > p->macs_per_lane ? p->bus_bytes : p->macs_per_lane;
  struct fake_channel *channel = &core->channel[w[1] & 15];
  channel->users = w[1] >> 8 & 15;
  channel->base = (w[2] & 0xffff) * vec;
  channel->stride = (w[2] >> 16) * vec;
  channel->words = w[3] & 0xffff;
  if ((w[1] & 0xfffff0f0) != 0 || w[3] >> 16 != 0) {
    fail(core, TRINE_ERROR_RESERVED, w[1]);
  } else if (channel->users > 0 && channel->words == 0) {
    fail(core, TRINE_ERROR_FIELD, w[1]);
  } else if (channel->base + p->x_slots * channel->stride > p->ring_bytes) {
    fail(core, TRINE_ERROR_LOCAL_ADDRESS, w[1]);
  }
}

/* What a context names of the local buffers lies inside them. */
static bool context_fits(const struct fake_params *p, const uint32_t *w, uint32_t groups,
                         bool is_dense) {
  const uint64_t weights = p->weight_bytes / (p->lanes * p->macs_per_lane);
  const uint64_t beats = p->param_rows / p->tail_rows, units = groups * (p->lanes / 4);
  const uint64_t taken = (uint64_t)groups * p->lanes / p->tail_rows;
  const uint64_t x_end = w[5] + (uint64_t)groups * (w[2] & 0xffff);
  const uint64_t h_end = w[6] + (uint64_t)groups * (w[2] >> 16);
  return x_end <= weights && h_end <= weights && (w[7] & 0xffff) + taken <= beats &&
         (is_dense || ((w[7] >> 16) + taken <= beats && (w[8] & 0xffff) + units <= p->pre_units &&
                       (w[8] >> 16) + units <= p->state_units));
}

static void do_context(struct fake_core *core, const uint32_t *w) {
  const struct fake_params *p = core->params;
  struct fake_context *context = &core->context[w[1] & 15];
  bool is_dense = (w[1] & 16) != 0;
  uint32_t group = is_dense ? p->lanes : p->lanes / 4;
  uint32_t groups = w[3] & 0xffff, units = w[3] >> 16;
  if ((w[1] & 0xffe00080) != 0 || (is_dense && (w[1] & 0x60) != 0) || w[13] >> 6 != 0 ||
      w[12] >> 31 != 0 || w[4] >> 16 != 0 || w[10] >> 27 != 0 || (w[11] & 0x8000) != 0) {
    fail(core, TRINE_ERROR_RESERVED, w[1]);
  } else if ((w[1] & 15) >= p->contexts || (w[2] & 0xffff) == 0 || groups == 0 || units == 0 ||
             units > groups * group || (w[2] >> 16 == 0) != is_dense || w[4] % group != 0) {
    fail(core, TRINE_ERROR_FIELD, w[1]);
  } else if (!context_fits(p, w, groups, is_dense)) {
    fail(core, TRINE_ERROR_LOCAL_ADDRESS, w[1]);
  } else if (publish_on(core, w[1] >> 12 & 15, w[1] & 15, w[1] >> 16 & 31) &&
             ((w[1] >> 8 & 15) == (w[1] >> 12 & 15) || use(core, w[1] >> 8 & 15, w[1] & 15))) {
    core->channel[w[1] >> 12 & 15].is_read_by_owner = !is_dense;
    memset(context, 0, sizeof *context);
    context->valid = true;
    memcpy(context->w, w + 1, sizeof context->w);
  }
}

static void do_read(struct fake_core *core, const uint32_t *w, const struct fake_again *again) {
  const struct fake_params *p = core->params;
  struct fake_stream *reader = &core->reader[w[1] & 1];
  uint32_t words = w[4] & 0xffff, beats = w[4] >> 16;
  if ((w[1] & 0xffffe000) != 0 || w[6] != 0) {
    fail(core, TRINE_ERROR_RESERVED, w[1]);
  } else if ((w[1] & 15) >= FAKE_STREAMS || reader->active || w[2] % p->mem_bytes != 0 ||
             w[3] % p->mem_bytes != 0 || words == 0 || w[5] >> 16 == 0 ||
             words * p->bus_bytes > beats * p->mem_bytes) {
    fail(core, TRINE_ERROR_FIELD, w[1]);
  } else if ((w[5] & 0xffff) + (w[5] >> 16) > p->table_entries) {
    fail(core, TRINE_ERROR_LOCAL_ADDRESS, w[1]);
  } else if (publish_on(core, w[1] >> 4 & 15, FAKE_CONTEXTS + (w[1] & 15), w[1] >> 8 & 31)) {
    reader->active = true;
    reader->channel = w[1] >> 4 & 15;
    reader->base = w[2] + (again->is_repeated ? again->read_moved : 0);
    reader->goes_on = again->is_repeated && again->goes_on;
    reader->stride = w[3];
    reader->words = words;
    reader->bytes = beats * p->mem_bytes;
    reader->table = w[5] & 0xffff;
    reader->sequences = w[5] >> 16;
    reader->sequence = 0;
    reader->step = 0;
  }
}

static void do_write(struct fake_core *core, const uint32_t *w, const struct fake_again *again) {
  const struct fake_params *p = core->params;
  struct fake_stream *writer = &core->writer[w[1] & 1];
  uint32_t ram = w[6] & 0xffff, ram_stride = w[6] >> 16;
  if ((w[1] & 0xfffffe00) != 0 || w[7] != 0) {
    fail(core, TRINE_ERROR_RESERVED, w[1]);
  } else if ((w[1] & 15) >= FAKE_STREAMS || writer->active || w[2] % p->mem_bytes != 0 ||
             w[3] % p->mem_bytes != 0 || w[4] == 0 || w[5] >> 16 == 0 ||
             w[4] > ram_stride * p->mem_bytes) {
    fail(core, TRINE_ERROR_FIELD, w[1]);
  } else if ((w[5] & 0xffff) + (w[5] >> 16) > p->table_entries ||
             (ram + ram_stride * p->x_slots) * p->mem_bytes > p->writer_bytes) {
    fail(core, TRINE_ERROR_LOCAL_ADDRESS, w[1]);
  } else if (use(core, w[1] >> 4 & 15, FAKE_CONTEXTS + (w[1] & 15))) {
    writer->active = true;
    writer->listens = true;
    writer->channel = w[1] >> 4 & 15;
    writer->last_only = (w[1] & 256) != 0;
    writer->base = w[2] + (again->is_repeated ? again->write_moved : 0);
    writer->stride = w[3];
    writer->bytes = w[4];
    writer->table = w[5] & 0xffff;
    writer->sequences = w[5] >> 16;
    writer->ram = ram * p->mem_bytes;
    writer->ram_stride = ram_stride * p->mem_bytes;
    writer->sequence = 0;
    writer->step = 0;
  }
}

static void do_table(struct fake_core *core, const uint32_t *w, uint32_t words) {
  if (w[1] >> 16 != 0) {
    fail(core, TRINE_ERROR_RESERVED, w[1]);
    return;
  }
  for (uint32_t n = 2; n < words; n += 2) {
    uint32_t entry = w[1] + (n - 2) / 2;
    if ((w[n + 1] & 0x7fffffff) == 0) {
      fail(core, TRINE_ERROR_FIELD, entry);
    } else if (entry >= core->params->table_entries) {
      fail(core, TRINE_ERROR_LOCAL_ADDRESS, entry);
    } else {
      core->table[2 * (size_t)entry] = w[n];
      core->table[2 * (size_t)entry + 1] = w[n + 1];
    }
  }
}

static void do_run(struct fake_core *core, const uint32_t *w, const struct fake_again *again) {
  for (uint32_t c = 0; c < FAKE_CONTEXTS; c++) {
    bool is_run = (w[1] >> c & 1) != 0;
    if (w[1] >> 19 != 0 || w[1] >> 17 == 3 || w[2] == 0 ||
        (is_run && (!core->context[c].valid || core->context[c].steps > 0))) {
      fail(core, TRINE_ERROR_FIELD, w[1]);
      return;
    }
    core->context[c].seq_start = core->context[c].seq_start || is_run;
    const uint32_t begins = again->is_repeated && again->goes_on ? 1 : w[1] >> 17;
    core->context[c].begins = is_run ? begins : core->context[c].begins;
    core->context[c].steps = is_run ? w[2] : core->context[c].steps;
  }
}

bool fake_core_runs(const struct fake_core *core) {
  bool runs = false;
  for (uint32_t c = 0; c < FAKE_CONTEXTS; c++) {
    runs = runs || core->context[c].steps > 0;
  }
  return runs;
}

bool fake_core_rests(const struct fake_core *core) {
  bool busy = fake_core_runs(core);
  for (uint32_t n = 0; n < FAKE_STREAMS; n++) {
    busy = busy || core->reader[n].active || core->writer[n].active;
  }
  return !busy;
}

void fake_core_do(struct fake_core *core, const uint32_t *w, uint32_t words,
                  const struct fake_again *again) {
  switch (w[0] & 0xff) {
    case FAKE_OP_LOAD:
      do_load(core, w);
      break;
    case FAKE_OP_SAVE:
      do_save(core, w);
      break;
    case FAKE_OP_CHANNEL:
      do_channel(core, w);
      break;
    case FAKE_OP_CONTEXT:
      do_context(core, w);
      break;
    case FAKE_OP_READ:
      do_read(core, w, again);
      break;
    case FAKE_OP_WRITE:
      do_write(core, w, again);
      break;
    case FAKE_OP_TABLE:
      do_table(core, w, words);
      break;
    case FAKE_OP_RUN:
      do_run(core, w, again);
      break;
    default:
      break;
  }
}
