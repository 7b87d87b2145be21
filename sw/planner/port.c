/* SPDX-License-Identifier: Apache-2.0 */
/* port: the memory ports of the cores, the arbiter between them and the bench memory behind it: a
 * beat a cycle in all, each answer LATENCY_MEMORY cycles after its request. */
#include "machine_internal.h"

/* One cycle of a request path; returns the client taken, MODEL_CLIENTS: none. */
static uint32_t take_request(struct request_path *path, uint32_t mem_bytes,
                             const struct request asks[MODEL_CLIENTS], bool sent) {
  const bool is_free = !path->burst || (sent && path->burst_rest == 0);
  const bool moves = path->asked && is_free;
  uint32_t waiting = 0, taken = MODEL_CLIENTS;
  for (uint32_t n = 0; n < MODEL_CLIENTS; n++) {
    waiting |= asks[n].beats != 0 ? 1u << n : 0;
  }
  if (moves) {
    const uint32_t page = (MODEL_PAGE - path->what.offset % MODEL_PAGE) / mem_bytes;
    path->burst_client = path->asked_client;
    path->burst_beats = path->what.beats < page ? path->what.beats : page;
    path->burst_rest = path->what.beats - path->burst_beats;
  } else if (sent) {
    path->burst_beats = path->burst_rest;
    path->burst_rest = 0;
  }
  path->burst = is_free ? path->asked : path->burst;
  if (waiting != 0 && (!path->asked || moves)) {
    taken = machine_turn(waiting, &path->after);
    path->asked_client = taken;
    path->what = asks[taken];
    path->asked = true;
  } else if (moves) {
    path->asked = false;
  }
  return taken;
}

/* The burst leaves for the arbiter. */
static void send_burst(struct request_path *path) {
  path->address = true;
  path->address_beats = path->burst_beats;
  const uint32_t place = (path->open_first + path->open_count) % MODEL_PORT_BURSTS;
  path->open[place] = (uint8_t)path->burst_client;
  path->final[place] = path->burst_rest == 0;
  path->open_count++;
}

/* Whose the answer is; MODEL_CLIENTS: nobody waits for it, more of the request comes. */
static uint32_t answer_open(struct request_path *path, bool last, bool is_write) {
  const bool counts = !is_write || path->final[path->open_first];
  const uint32_t client = counts ? path->open[path->open_first] : MODEL_CLIENTS;
  if (last) {
    path->open_first = (path->open_first + 1) % MODEL_PORT_BURSTS;
    path->open_count--;
  }
  return client;
}

static bool may_send(const struct request_path *path, bool granted) {
  return path->burst && path->open_count < MODEL_PORT_BURSTS && (!path->address || granted);
}

struct port_out port_tick(struct machine *machine, struct core *core, struct grants grants,
                          const struct request reads[MODEL_CLIENTS],
                          const struct request writes[MODEL_CLIENTS]) {
  struct port *port = &core->port;
  const uint32_t self = (uint32_t)(core - machine->cores);
  const struct answer *read = &machine->memory.read_core;
  const struct answer *response = &machine->memory.response_core;
  struct port_out out = {.data_client = port->data_client,
                         .done_client = port->done_client,
                         .beat_taken = MODEL_CLIENTS};
  const bool read_sent = may_send(&port->read, grants.read);
  const bool write_sent = may_send(&port->write, grants.write) && port->beats_left == 0;
  const bool loads = port->beats_left != 0 && (!port->beat || grants.beat);
  port->data_client = MODEL_CLIENTS;
  port->done_client = MODEL_CLIENTS;
  if (read->valid && read->core == self) {
    port->data_client = answer_open(&port->read, read->last, false);
  }
  if (response->valid && response->core == self) {
    port->done_client = answer_open(&port->write, true, true);
  }
  if (loads) {
    out.beat_taken = port->beats_client;
    port->beat_last = port->beats_left == 1;
    port->beats_left--;
  }
  port->beat = loads || (port->beat && !grants.beat);
  port->read.address = port->read.address && !grants.read;
  port->write.address = port->write.address && !grants.write;
  if (read_sent) {
    send_burst(&port->read);
  }
  if (write_sent) {
    send_burst(&port->write);
    port->beats_left = port->write.burst_beats;
    port->beats_client = port->write.burst_client;
  }
  const uint32_t mem_bytes = machine->info.mem_bytes;
  out.read_taken = take_request(&port->read, mem_bytes, reads, read_sent);
  out.write_taken = take_request(&port->write, mem_bytes, writes, write_sent);
  core->changed = core->changed || port->read.asked || port->read.burst || port->write.asked ||
                  port->write.burst || write_sent || loads || port->data_client != MODEL_CLIENTS ||
                  port->done_client != MODEL_CLIENTS || out.data_client != MODEL_CLIENTS ||
                  out.done_client != MODEL_CLIENTS;
  return out;
}

void memory_grants(struct machine *machine, struct grants *grants) {
  struct memory *memory = &machine->memory;
  uint32_t reads = 0, writes = 0;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    reads |= machine->cores[c].port.read.address ? 1u << c : 0;
    writes |= machine->cores[c].port.write.address ? 1u << c : 0;
  }
  /* Beats first: the owner of this cycle is the one chosen before. */
  const uint32_t owner = memory->owner;
  const bool passes = !memory->beat_write.valid || memory->write_ready;
  const bool beat = owner != TRINE_MAX_CORES && machine->cores[owner].port.beat && passes;
  memory->next_read.valid = reads != 0;
  memory->next_write.valid = writes != 0 && owner == TRINE_MAX_CORES;
  memory->next_beat.valid = beat;
  if (reads != 0) {
    const uint32_t c = machine_turn(reads, &memory->read_after);
    memory->next_read = (struct answer){true, false, c};
    memory->next_read_beats = machine->cores[c].port.read.address_beats;
    grants[c].read = true;
  }
  if (memory->next_write.valid) {
    const uint32_t c = machine_turn(writes, &memory->write_after);
    memory->next_write = (struct answer){true, false, c};
    memory->next_write_beats = machine->cores[c].port.write.address_beats;
    memory->owner = c;
    grants[c].write = true;
  }
  if (beat) {
    memory->next_beat.last = machine->cores[owner].port.beat_last;
    memory->owner = memory->next_beat.last ? TRINE_MAX_CORES : owner;
    grants[owner].beat = true;
  }
}

static void push_burst(struct burst_queue *queue, struct burst burst) {
  queue->bursts[(queue->first + queue->count) % MODEL_MEMORY_QUEUE] = burst;
  queue->count++;
}

static struct burst *front_burst(struct burst_queue *queue) {
  return &queue->bursts[queue->first];
}

static void pop_burst(struct burst_queue *queue) {
  queue->first = (queue->first + 1) % MODEL_MEMORY_QUEUE;
  queue->count--;
}

/* Takes what stands at the memory in this cycle. */
static void sample(struct memory *memory, uint64_t now) {
  if (memory->address_read.valid) {
    push_burst(&memory->reads, (struct burst){now + LATENCY_MEMORY, memory->address_read.core,
                                              memory->address_read_beats});
  }
  if (memory->write_ready && memory->beat_write.valid) {
    struct burst *burst = front_burst(&memory->writes);
    burst->beats--;
    if (burst->beats == 0) {
      push_burst(&memory->responses, (struct burst){now + LATENCY_MEMORY, burst->core, 0});
      pop_burst(&memory->writes);
    }
  }
  if (memory->address_write.valid) {
    push_burst(&memory->writes,
               (struct burst){0, memory->address_write.core, memory->address_write_beats});
  }
}

/* What the memory shows in the next cycle: one beat of either direction; they take turns. */
static void decide(struct memory *memory, uint64_t next) {
  const bool read = memory->reads.count > 0 && front_burst(&memory->reads)->ready_at <= next;
  const bool write = memory->writes.count > 0;
  const bool write_waits = write && !memory->write_ready && memory->beat_write.valid;
  memory->read.valid = false;
  memory->write_ready = false;
  if (read && !(write_waits && memory->read_served_last)) {
    struct burst *burst = front_burst(&memory->reads);
    burst->beats--;
    memory->read = (struct answer){true, burst->beats == 0, burst->core};
    memory->read_served_last = true;
    if (burst->beats == 0) {
      pop_burst(&memory->reads);
    }
  } else if (write) {
    memory->write_ready = true;
    memory->read_served_last = false;
  }
  memory->response.valid = false;
  if (memory->responses.count > 0 && front_burst(&memory->responses)->ready_at <= next) {
    memory->response = (struct answer){true, true, front_burst(&memory->responses)->core};
    pop_burst(&memory->responses);
  }
}

void memory_tick(struct machine *machine) {
  struct memory *memory = &machine->memory;
  memory->read_core = memory->read;
  memory->response_core = memory->response;
  const bool was_ready = memory->write_ready;
  sample(memory, machine->now);
  decide(memory, machine->now + 1);
  memory->address_read = memory->next_read;
  memory->address_read_beats = memory->next_read_beats;
  memory->address_write = memory->next_write;
  memory->address_write_beats = memory->next_write_beats;
  if (memory->next_beat.valid) {
    memory->beat_write = memory->next_beat;
  } else if (was_ready) {
    memory->beat_write.valid = false;
  }
  if (memory->read_core.valid) {
    machine->cores[memory->read_core.core].wake = machine->now + 1;
  }
  if (memory->response_core.valid) {
    machine->cores[memory->response_core.core].wake = machine->now + 1;
  }
}

bool memory_is_quiet(const struct memory *memory) {
  return !memory->address_read.valid && !memory->address_write.valid && !memory->beat_write.valid &&
         memory->owner == TRINE_MAX_CORES && memory->reads.count == 0 &&
         memory->writes.count == 0 && memory->responses.count == 0 && !memory->read.valid &&
         !memory->response.valid && !memory->read_core.valid && !memory->response_core.valid;
}
