/* SPDX-License-Identifier: Apache-2.0 */
/* streams: the memory readers and writers of a core and the table of sequences they share. */
#include "machine_internal.h"
#include "steady.h"

enum { TABLE_IDLE, TABLE_READ, TABLE_OUTPUT, TABLE_ANSWER };

static bool walker_asks(const struct walker *rows) {
  return rows->fetch_left != 0 && !rows->next;
}

static bool walker_is_active(const struct walker *rows) {
  return rows->row || rows->next || rows->fetch_left != 0;
}

/* Sequences [entry, entry + count) of the table, from the next cycle on; args: those of READ and
 * WRITE behind the first. */
static void walker_start(struct walker *rows, const uint32_t *args, uint32_t stride,
                         uint32_t bytes) {
  rows->base = args[0];
  rows->stride = stride;
  rows->bytes = bytes;
  rows->entry = args[3] & 0xffff;
  rows->fetch_left = args[3] >> 16;
  rows->done = rows->cuts = 0;
}

bool row_is_cut(uint32_t offset, uint32_t bytes) {
  return offset % MODEL_PAGE + bytes > MODEL_PAGE;
}

/* taken: the row offered was taken; entry: NULL or the entry asked for. True when it moved. */
static bool walk(struct walker *rows, bool taken, const struct sequence *entry) {
  const bool load = rows->next && (!rows->row || (taken && rows->left == 1));
  rows->done += taken;
  rows->cuts += taken && row_is_cut(rows->offset, rows->bytes);
  if (load) {
    rows->row = rows->next_sequence.length != 0;
    rows->left = rows->next_sequence.length;
    rows->offset = rows->base + rows->next_sequence.offset;
    rows->next = false;
  } else if (taken) {
    rows->row = rows->left != 1;
    rows->left--;
    rows->offset += rows->stride;
  }
  if (entry != NULL) {
    rows->next = true;
    rows->next_sequence = *entry;
    rows->fetch_left--;
    rows->entry++;
  }
  return load || taken || entry != NULL;
}

static struct walker *walker_of(struct core *core, uint32_t client) {
  return client < MODEL_READERS ? &core->readers[client].rows
                                : &core->writers[client - MODEL_READERS].rows;
}

/* Which client gets its entry in this cycle; MODEL_STREAMS: none. */
static uint32_t table_tick(struct core *core) {
  struct table *table = &core->table;
  uint32_t requests = 0;
  for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
    requests |= walker_asks(walker_of(core, n)) ? 1u << n : 0;
  }
  core->changed = core->changed || table->state != TABLE_IDLE || requests != 0;
  if (table->state == TABLE_ANSWER) {
    table->state = TABLE_IDLE;
    return table->client;
  }
  if (table->state != TABLE_IDLE) {
    table->state++;
  } else if (requests != 0) {
    table->client = machine_turn(requests, &table->after);
    table->state = TABLE_READ;
  }
  return MODEL_STREAMS;
}

struct request reader_asks(const struct reader *reader) {
  const uint32_t ask = reader->ask_left > MODEL_BURST ? MODEL_BURST : reader->ask_left;
  return (struct request){reader->places >= ask ? ask : 0, reader->ask_offset};
}

bool reader_word_waits(const struct reader *reader) {
  return reader->filled > 0 && !reader->drop;
}

bool reader_is_active(const struct reader *reader) {
  return walker_is_active(&reader->rows) || reader->ask_left != 0 || reader->head_count != 0;
}

/* Words out of the reader's beats; the rest of a row is dropped. */
static void send_words(const struct machine *machine, struct core *core, struct reader *reader,
                       bool sent) {
  const uint32_t parts = machine->info.mem_bytes / machine->info.bus_bytes;
  const bool word_ends = reader->place + 1 == reader->words;
  const bool part_ends = reader->part + 1 == parts;
  const bool pop = (sent && (part_ends || word_ends)) || (reader->drop && reader->filled > 0);
  if (sent) {
    reader->place++;
    reader->part = part_ends || word_ends ? 0 : reader->part + 1;
    reader->drop = word_ends;
  }
  if (pop) {
    reader->filled--;
    reader->places++;
    reader->beat++;
  }
  if (pop && reader->beat == reader->beats) {
    reader->place = reader->beat = reader->part = 0;
    reader->drop = false;
    reader->head_first = (reader->head_first + 1) % MODEL_READER_ROWS;
    reader->head_count--;
  }
  core->changed = core->changed || sent || pop;
}

struct reader_in {
  bool sent, taken, data, claim_ready;
  const struct sequence *entry;
};

static bool has_room(const struct machine *machine, const struct core *core,
                     const struct reader *reader) {
  const struct flow *flow = &core->flow;
  const uint8_t held = (uint8_t)(flow->claimed[reader->channel] - flow->freed[reader->channel]);
  return held <= machine->slot_mask;
}

/* True when the row at hand claims its slot in this cycle. */
static bool reader_tick(const struct machine *machine, struct core *core, struct reader *reader,
                        struct reader_in in, uint8_t *entry) {
  const uint32_t asks = reader_asks(reader).beats;
  const uint32_t slot = reader->slots[reader->channel];
  *entry = (uint8_t)(reader->channel * (machine->slot_mask + 1) + slot);
  const bool claims = in.claim_ready && reader->rows.row && has_room(machine, core, reader) &&
                      reader->head_count < MODEL_READER_ROWS && reader->ask_left == 0;
  const uint32_t head = (reader->head_first + reader->head_count) % MODEL_READER_ROWS;
  send_words(machine, core, reader, in.sent);
  if (in.taken) {
    reader->places -= asks;
    reader->ask_left -= asks;
    reader->ask_offset += asks * machine->info.mem_bytes;
  }
  if (claims) {
    reader->ask_left = reader->beats;
    reader->ask_offset = reader->rows.offset;
    reader->heads[head] = (uint8_t)slot;
    reader->head_count++;
    reader->slots[reader->channel] = (uint8_t)((slot + 1) & machine->slot_mask);
  }
  reader->filled += in.data;
  const bool moved = walk(&reader->rows, claims, in.entry);
  core->changed = core->changed || moved || in.taken || in.data;
  return claims;
}

struct request writer_asks(const struct writer *writer) {
  const struct request *first = &writer->bursts[writer->burst_first];
  const bool asks =
      writer->burst_count > 0 && writer->take_left == 0 && writer->filled >= first->beats;
  return (struct request){asks ? first->beats : 0, first->offset};
}

bool writer_is_active(const struct writer *writer) {
  return walker_is_active(&writer->rows) || writer->read_q || writer->read_q2 ||
         writer->burst_count != 0 || writer->take_left != 0 || writer->pending != 0;
}

static bool writer_reads(const struct writer *writer) {
  return writer->state == WRITER_READ && writer->places != 0 &&
         writer->burst_count < MODEL_WRITER_BURSTS;
}

/* A beat out of the RAM; the burst it ends is asked for later. */
static void read_beat(struct writer *writer, uint32_t mem_bytes) {
  const bool row_ends = writer->left == 1;
  writer->burst++;
  if (writer->burst == MODEL_BURST || row_ends) {
    writer->bursts[(writer->burst_first + writer->burst_count) % MODEL_WRITER_BURSTS] =
        (struct request){writer->burst, writer->offset};
    writer->burst_count++;
    writer->offset += MODEL_BURST * mem_bytes;
    writer->burst = 0;
  }
  writer->left--;
  writer->places--;
  writer->state = row_ends ? WRITER_FREE : WRITER_READ;
}

/* Beats to memory and responses from it. */
static void write_beats(struct core *core, struct writer *writer, bool taken, bool beat,
                        bool done) {
  const uint32_t asks = writer_asks(writer).beats;
  writer->filled += writer->read_q2;
  writer->filled -= beat;
  writer->places += beat;
  if (taken) {
    writer->take_left = asks;
    writer->burst_first = (writer->burst_first + 1) % MODEL_WRITER_BURSTS;
    writer->burst_count--;
  } else if (beat) {
    writer->take_left--;
  }
  writer->pending += (uint32_t)taken - (uint32_t)done;
  core->changed = core->changed || writer->read_q || writer->read_q2 || taken || beat || done;
}

struct writer_in {
  bool reads, freed, taken, beat, done;
  const struct sequence *entry;
};

static void writer_tick(const struct machine *machine, struct core *core, struct writer *writer,
                        struct writer_in in) {
  const uint32_t slot = writer->slots[writer->channel];
  const enum writer_state state = writer->state;
  const bool skips = (writer->last_only && writer->rows.left != 1) || writer->beats == 0;
  write_beats(core, writer, in.taken, in.beat, in.done);
  writer->read_q2 = writer->read_q;
  writer->read_q = in.reads;
  if (state == WRITER_WAIT) {
    writer->left = writer->beats;
    writer->offset = writer->rows.offset;
    writer->burst = 0;
    if (writer->rows.row &&
        core->flow.filled[writer->channel] != core->flow.taken[writer->channel]) {
      writer->state = skips ? WRITER_FREE : WRITER_READ;
    }
  } else if (in.reads) {
    read_beat(writer, machine->info.mem_bytes);
  } else if (in.freed) {
    writer->state = WRITER_WAIT;
    writer->slots[writer->channel] = (uint8_t)((slot + 1) & machine->slot_mask);
  }
  const bool moved = walk(&writer->rows, in.freed, in.entry);
  core->changed = core->changed || moved || in.reads || state != writer->state;
}

/* The writer whose RAM read goes on in this cycle; MODEL_WRITERS: none. */
static uint32_t ram_turn(struct core *core) {
  uint32_t requests = 0;
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    requests |= writer_reads(&core->writers[n]) ? 1u << n : 0;
  }
  return requests != 0 ? machine_turn(requests, &core->ram_after) : MODEL_WRITERS;
}

static bool streams_are_at_rest(const struct core *core) {
  bool active = core->table.state != TABLE_IDLE;
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    active = active || reader_is_active(&core->readers[n]);
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    active = active || writer_is_active(&core->writers[n]);
  }
  return !active;
}

struct stream_out streams_tick(struct machine *machine, struct core *core, uint32_t sent,
                               bool claim_ready, bool use_ready, struct port_out port) {
  struct stream_out out = {.claims = false};
  if (streams_are_at_rest(core)) {
    return out;
  }
  const uint32_t answered = table_tick(core);
  const uint32_t ram = ram_turn(core);
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    struct reader *reader = &core->readers[n];
    const struct reader_in in = {
        .sent = sent == n,
        .taken = port.read_taken == 1 + n,
        .data = port.data_client == 1 + n,
        .claim_ready = claim_ready && !out.claims,
        .entry = answered == n ? &core->sequences[reader->rows.entry] : NULL};
    uint8_t entry = 0;
    if (reader_tick(machine, core, reader, in, &entry)) {
      out.claims = true;
      out.claim = entry;
    }
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    struct writer *writer = &core->writers[n];
    const bool freed = writer->state == WRITER_FREE && use_ready && !out.uses;
    const struct writer_in in = {
        .reads = ram == n,
        .freed = freed,
        .taken = port.write_taken == 1 + n,
        .beat = port.beat_taken == 1 + n,
        .done = port.done_client == 1 + n,
        .entry = answered == MODEL_READERS + n ? &core->sequences[writer->rows.entry] : NULL};
    if (freed) {
      out.uses = true;
      out.use =
          (uint8_t)(writer->channel * (machine->slot_mask + 1) + writer->slots[writer->channel]);
    }
    writer_tick(machine, core, writer, in);
  }
  return out;
}

void streams_read(const struct machine *machine, struct core *core, const uint32_t *args) {
  struct reader *reader = &core->readers[args[0] & 1];
  reader->channel = (uint8_t)(args[0] >> 4 & 15);
  reader->words = args[3] & 0xffff;
  reader->beats = args[3] >> 16;
  walker_start(&reader->rows, args + 1, args[2], reader->beats * machine->info.mem_bytes);
  core->flow.published[reader->channel] = true;
  core->flow.listeners[reader->channel] = args[0] >> 8 & 31;
}

void streams_write(struct machine *machine, struct core *core, const uint32_t *args) {
  struct writer *writer = &core->writers[args[0] & 1];
  const uint32_t bytes = args[3] & 0xffff, mem = machine->info.mem_bytes;
  writer->channel = (uint8_t)(args[0] >> 4 & 15);
  writer->last_only = (args[0] >> 8 & 1) != 0;
  writer->beats = (bytes + mem - 1) / mem;
  /* A row of the last step stands for its sequence and does not move with the steps. */
  walker_start(&writer->rows, args + 1, writer->last_only ? 0 : args[2], writer->beats * mem);
}
