/* SPDX-License-Identifier: Apache-2.0 */
/* memory: the bench memory behind the chip: a beat a cycle in all, each answer LATENCY_MEMORY
 * cycles after its request. */
#include "machine_internal.h"

static void push_burst(struct burst_queue *queue, struct memory_burst burst) {
  queue->bursts[(queue->first + queue->count) % MODEL_MEMORY_QUEUE] = burst;
  queue->count++;
}

static struct memory_burst *front_burst(struct burst_queue *queue) {
  return &queue->bursts[queue->first];
}

static void pop_burst(struct burst_queue *queue) {
  queue->first = (queue->first + 1) % MODEL_MEMORY_QUEUE;
  queue->count--;
}

/* Takes what stands at the memory in this cycle. */
static void sample(struct memory *memory, uint64_t now) {
  if (memory->read_taken) {
    memory->read.valid = false;
  }
  if (memory->reads_ready && memory->address_read.valid) {
    push_burst(&memory->reads,
               (struct memory_burst){now + LATENCY_MEMORY, memory->address_read.core,
                                     memory->address_read.beats});
  }
  if (memory->write_ready && memory->beat_write.valid) {
    struct memory_burst *burst = front_burst(&memory->writes);
    burst->beats--;
    if (burst->beats == 0) {
      push_burst(&memory->responses, (struct memory_burst){now + LATENCY_MEMORY, burst->core, 0});
      pop_burst(&memory->writes);
    }
  }
  if (memory->writes_ready && memory->address_write.valid) {
    push_burst(&memory->writes,
               (struct memory_burst){0, memory->address_write.core, memory->address_write.beats});
  }
}

/* What the memory shows in the next cycle: one beat of either direction; they take turns. */
static void decide(struct memory *memory, uint64_t next) {
  const bool read = !memory->read.valid && memory->reads.count > 0 &&
                    front_burst(&memory->reads)->ready_at <= next;
  const bool write = memory->writes.count > 0;
  const bool write_waits = write && !memory->write_ready && memory->beat_write.valid;
  memory->write_ready = false;
  if (read && !(write_waits && memory->read_served_last)) {
    struct memory_burst *burst = front_burst(&memory->reads);
    burst->beats--;
    memory->read = (struct answer){.valid = true, .last = burst->beats == 0, .core = burst->core};
    memory->read_served_last = true;
    if (burst->beats == 0) {
      pop_burst(&memory->reads);
    }
  } else if (write) {
    memory->write_ready = true;
    memory->read_served_last = false;
  }
  memory->reads_ready = memory->reads.count < MODEL_MEMORY_BURSTS;
  memory->writes_ready =
      memory->writes.count < MODEL_MEMORY_BURSTS && memory->responses.count < MODEL_MEMORY_BURSTS;
  memory->response.valid = false;
  if (memory->responses.count > 0 && front_burst(&memory->responses)->ready_at <= next) {
    memory->response =
        (struct answer){.valid = true, .last = true, .core = front_burst(&memory->responses)->core};
    pop_burst(&memory->responses);
  }
}

void memory_tick(struct machine *machine) {
  struct memory *memory = &machine->memory;
  sample(memory, machine->now);
  decide(memory, machine->now + 1);
  memory->address_read = memory->next_read;
  memory->address_write = memory->next_write;
  memory->beat_write = memory->next_beat;
}

bool memory_is_quiet(const struct memory *memory) {
  return !memory->address_read.valid && !memory->address_write.valid && !memory->beat_write.valid &&
         memory->reads.count == 0 && memory->writes.count == 0 && memory->responses.count == 0 &&
         !memory->read.valid && !memory->response.valid;
}
