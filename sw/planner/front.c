/* SPDX-License-Identifier: Apache-2.0 */
/* front: the front end of the chip: whose piece of a row is next, the walk that makes bursts, reads
 * and the words that come of them. */
#include <string.h>

#include "machine_internal.h"

enum { TURN_FETCH = MODEL_STREAMS, TURN_SAVE };

static bool is_write(uint32_t n) {
  return n >= MODEL_READERS;
}

/* --- Turns --- */
static bool is_taken(const struct front *front, uint32_t c, bool write) {
  const struct burst *taken = &front->client;
  return taken->valid && taken->write == write && taken->core == c;
}

/* Which streams of a core ask, a bit each; fetch and SAVE behind them. */
static uint32_t asks_of(const struct machine *machine, uint32_t c) {
  const struct front *front = &machine->front;
  const struct core *core = &machine->cores[c];
  const bool may_read = front->read_count[c] < MODEL_CORE_BURSTS &&
                        front->reads_queued < MODEL_FRONT_QUEUE &&
                        !front->read_shares[core->domain].full;
  const bool may_write = front->write_count[c] < MODEL_CORE_BURSTS &&
                         front->writes_queued < MODEL_FRONT_QUEUE &&
                         !front->write_shares[core->domain].full;
  uint32_t asks = 0;
  for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
    const struct row_stream *stream = &core->streams[n];
    const bool credit = is_write(n) ? core->complete[n - MODEL_READERS] : core->room[n];
    const bool asked = stream->run && !stream->fly && (stream->mid || credit) &&
                       (is_write(n) ? may_write : may_read);
    asks |= asked ? 1u << n : 0;
  }
  if (machine->unit.rings[c].asks != 0 && may_read && !is_taken(front, c, false)) {
    asks |= 1u << TURN_FETCH;
  }
  if (core->save.state == SAVE_ASK && may_write && !front->save_full[c]) {
    asks |= 1u << TURN_SAVE;
  }
  return asks;
}

/* The next piece of a stream's row. */
static struct burst row_burst(const struct machine *machine, struct core *core, uint32_t n) {
  struct row_stream *stream = &core->streams[n];
  struct walker *rows = &stream->rows;
  const uint32_t mem = machine->info.mem_bytes;
  const bool begins = stream->left == 0;
  struct burst burst = {.valid = true, .write = is_write(n), .begins = !stream->mid};
  if (begins) {
    stream->left = stream->beats;
    stream->at = rows->offset;
  }
  const uint32_t page = (MODEL_PAGE - stream->at % MODEL_PAGE) / mem;
  const uint32_t most = page < MODEL_BURST ? page : MODEL_BURST;
  burst.starts_row = stream->left == stream->beats;
  burst.skip = stream->last_only && rows->left != 1;
  burst.beats = stream->left < most ? stream->left : most;
  burst.ends_row = burst.skip || burst.beats == stream->left;
  burst.ends = burst.ends_row && rows->left == 1 && !rows->next;
  burst.unit = (uint8_t)(n % MODEL_READERS);
  burst.entry = (uint8_t)(stream->channel * (machine->slot_mask + 1) + stream->slot);
  stream->left -= burst.beats;
  stream->at += burst.beats * mem;
  if (burst.ends_row) {
    stream->left = 0;
    stream->slot = (uint8_t)((stream->slot + 1) & machine->slot_mask);
    rows_take(rows, core->sequences);
  }
  stream->fly = true;
  return burst;
}

static void count_pick(struct front *front, const struct burst *burst) {
  if (burst->write) {
    front->write_count[burst->core]++;
    front->writes_queued++;
  } else {
    front->read_count[burst->core]++;
    front->reads_queued++;
  }
}

/* Clients go before streams, and enter the walk where it has a free place in three cycles. */
static void pick(struct machine *machine, struct burst *stream, struct burst *client) {
  struct front *front = &machine->front;
  uint32_t asks[TRINE_MAX_CORES] = {0}, cores = 0, clients = 0;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    asks[c] = machine->cores[c].is_used ? asks_of(machine, c) : 0;
    clients |= asks[c] >> MODEL_STREAMS << (2 * c);
    asks[c] &= (1u << MODEL_STREAMS) - 1;
    cores |= asks[c] != 0 ? 1u << c : 0;
  }
  stream->valid = client->valid = false;
  if (clients != 0) {
    if (!front->walk[1].valid) {
      const uint32_t turn = machine_turn(clients, &front->client_after);
      const uint32_t c = turn / 2;
      const bool saves = turn % 2 != 0;
      *client = (struct burst){.valid = true,
                               .client = true,
                               .write = saves,
                               .core = (uint8_t)c,
                               .beats = saves ? 1 : machine->unit.rings[c].asks};
      count_pick(front, client);
      front->save_full[c] = front->save_full[c] || saves;
    }
  } else if (cores != 0) {
    const uint32_t c = machine_turn(cores, &front->core_after);
    struct core *core = &machine->cores[c];
    *stream = row_burst(machine, core, machine_turn(asks[c], &front->turn_after[c]));
    stream->core = (uint8_t)c;
    count_pick(front, stream);
  }
}

/* What has become of a stream's row is known in the walk's fifth cycle. */
static void step(struct machine *machine, const struct burst *leaves) {
  if (leaves->valid && !leaves->client) {
    struct row_stream *stream =
        &machine->cores[leaves->core].streams[leaves->unit + (leaves->write ? MODEL_READERS : 0)];
    stream->fly = false;
    stream->mid = !leaves->ends_row;
    stream->run = !leaves->ends;
  }
}

/* --- Words of rows --- */
static void take_beat(struct machine *machine) {
  struct front *front = &machine->front;
  front->held = front->beats[front->beat_first];
  front->beat_first = (front->beat_first + 1) % MODEL_FRONT_BEATS;
  front->beat_count--;
  front->part = 0;
  struct row_stream *stream = &machine->cores[front->held.core].streams[front->held.unit];
  if (front->held.starts_row) {
    stream->words_left = stream->words;
  }
}

static void words_tick(struct machine *machine, bool granted) {
  struct front *front = &machine->front;
  const uint32_t parts = machine->info.mem_bytes / machine->info.bus_bytes;
  struct row_stream *stream = &machine->cores[front->held.core].streams[front->held.unit];
  const bool free = !front->word || granted;
  const bool live = front->hand && stream->words_left != 0;
  const bool done =
      front->hand && free && (!live || front->part + 1 == parts || stream->words_left == 1);
  const bool pops = front->beat_count > 0 && (!front->hand || done);
  if (free && front->word_ends) {
    front_end_stream(machine, front->word_core, front->word_unit);
  }
  if (free) {
    front->word = live;
    front->word_ends = done && front->held.ends;
    front->word_core = front->held.core;
    front->word_unit = front->held.unit;
    front->word_entry = front->held.entry;
    front->part += live;
    stream->words_left -= live;
  }
  front->read_count[front->held.core] -= done && front->held.closes;
  front->ready = front->beat_count <= MODEL_FRONT_BEATS - MODEL_FRONT_SPARE;
  front->hand = pops || (front->hand && !done);
  if (pops) {
    take_beat(machine);
  }
}

/* --- Reads --- */
/* The beat that came in the cycle before. */
static void got_beat(struct front *front) {
  const uint32_t c = front->got_core;
  if (!front->got) {
    return;
  }
  struct burst_line *open = &front->read_open[c];
  const struct burst burst = open->bursts[open->first];
  if (burst.client) {
    front->read_count[c] -= front->got_last;
  } else {
    const uint32_t at = (front->beat_first + front->beat_count) % MODEL_FRONT_BEATS;
    front->beats[at] = (struct row_beat){.starts_row = burst.starts_row && !front->got_first[c],
                                         .ends = burst.ends && front->got_last,
                                         .closes = front->got_last,
                                         .core = (uint8_t)c,
                                         .unit = burst.unit,
                                         .entry = burst.entry};
    front->beat_count++;
  }
  front->got_first[c] = !front->got_last;
  if (front->got_last) {
    burst_pop(open);
  }
}

static void reads_tick(struct machine *machine, const struct burst *leaves) {
  struct front *front = &machine->front;
  struct memory *memory = &machine->memory;
  const bool free = !memory->address_read.valid || memory->reads_ready;
  if (leaves->valid && !leaves->write) {
    burst_push(&front->reads, *leaves); /* it passes an empty queue by */
  }
  const bool sends = front->reads.count > 0 && free;
  memory->next_read = memory->address_read;
  memory->next_read.valid = memory->address_read.valid && !memory->reads_ready;
  if (sends) {
    const struct burst burst = burst_pop(&front->reads);
    burst_push(&front->read_open[burst.core], burst);
    memory->next_read = (struct answer){.valid = true, .core = burst.core, .beats = burst.beats};
    front->reads_queued--;
  }
}

/* --- Set-up --- */
static void set_up_tick(struct machine *machine, const struct burst *leaves) {
  struct front *front = &machine->front;
  const bool ready = !front->set_start || !leaves->valid || leaves->client;
  uint32_t waiting = 0;
  if (front->set && !ready) {
    return;
  }
  if (front->set && front->set_start) {
    struct row_stream *stream = &machine->cores[front->set_core].streams[front->set_stream];
    stream->run = stream->active = true;
    stream->mid = false;
    front->changed[front->set_core] = true;
  }
  for (uint32_t c = 0; c < machine->core_count; c++) {
    waiting |= machine->cores[c].is_used && machine->cores[c].set_up.valid ? 1u << c : 0;
  }
  front->set = waiting != 0;
  front->set_start = false;
  if (front->set) {
    const uint32_t c = machine_turn(waiting, &front->set_after);
    front->set_core = (uint8_t)c;
    front->set_start = machine->cores[c].set_up.start;
    front->set_stream = machine->cores[c].set_up.stream;
    front->out[c].set_taken = true;
  }
}

/* A beat for the program of the core came in the cycle before. */
static bool brings(const struct front *front, uint32_t c) {
  const struct burst_line *open = &front->read_open[c];
  return front->got && front->got_core == c && open->bursts[open->first].client;
}

/* What the cores see of the front end in this cycle. */
static void show(struct machine *machine) {
  struct front *front = &machine->front;
  const struct burst *one = &front->walk[0], *two = &front->walk[1];
  for (uint32_t c = 0; c < machine->core_count; c++) {
    struct front_out *out = &front->out[c];
    *out = (struct front_out){.fetch_taken = is_taken(front, c, false),
                              .save_taken = is_taken(front, c, true),
                              .fetch_data = brings(front, c),
                              .save_done = front->done[c],
                              .reached = (one->valid && one->core == c) ||
                                         (two->valid && two->core == c) || front->changed[c]};
    front->changed[c] = false;
    for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
      out->active[n] = machine->cores[c].streams[n].active;
    }
    for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
      out->use[n] = front->use[c][n];
      out->reached = out->reached || out->use[n];
    }
    out->reached =
        out->reached || out->fetch_taken || out->save_taken || out->fetch_data || out->save_done;
  }
  if (two->valid && two->begins) {
    front->out[two->core].row[two->unit + (two->write ? MODEL_READERS : 0)] = true;
  }
}

bool front_is_quiet(const struct machine *machine) {
  const struct front *front = &machine->front;
  bool quiet = shares_are_quiet(front) && !front->word && !front->word_ends && !front->hand &&
               !front->set && front->beat_count == 0 && !front->got && !front->answered;
  for (uint32_t c = 0; c < machine->core_count && quiet; c++) {
    quiet = front->read_count[c] == 0 && front->write_count[c] == 0 && !front->done[c] &&
            !front->use[c][0] && !front->use[c][1] && !machine->cores[c].set_up.valid &&
            (!machine->cores[c].is_used || asks_of(machine, c) == 0);
  }
  return quiet;
}

void front_tick(struct machine *machine, bool granted) {
  struct front *front = &machine->front;
  struct memory *memory = &machine->memory;
  const struct burst leaves = front->walk[MODEL_WALK - 1];
  const bool ready = front->ready;
  show(machine);
  struct burst stream, client;
  const struct shares_open open = shares_open(machine);
  pick(machine, &stream, &client);
  if (machine->is_shared) {
    const struct shares_in in = {&stream, &client, &leaves};
    shares_tick(machine, &in, false, open.reads, memory->read.valid && ready, memory->read.core);
    shares_tick(machine, &in, true, open.writes, memory->beat_write.valid && memory->write_ready,
                memory->beat_write.core);
  }
  words_tick(machine, granted);
  got_beat(front);
  reads_tick(machine, &leaves);
  front_answer(machine);
  front_writes(machine, &leaves);
  step(machine, &leaves);
  set_up_tick(machine, &leaves);
  memmove(front->walk + 1, front->walk, (MODEL_WALK - 1) * sizeof *front->walk);
  if (front->client.valid) {
    front->walk[MODEL_CLIENT_STAGE] = front->client;
  }
  front->walk[0] = stream;
  front->client = client;
  memory->read_taken = memory->read.valid && ready;
  front->got = memory->read_taken;
  front->got_last = memory->read.last;
  front->got_core = (uint8_t)memory->read.core;
  front->answered = memory->response.valid;
  front->answered_core = (uint8_t)memory->response.core;
}
