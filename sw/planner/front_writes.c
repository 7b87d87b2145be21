/* SPDX-License-Identifier: Apache-2.0 */
/* front_writes: write bursts of the front end, from the queue behind the walk to their answers; and
 * what both directions share. */
#include <string.h>

#include "machine_internal.h"

void burst_push(struct burst_line *line, struct burst burst) {
  line->bursts[(line->first + line->count) % MODEL_FRONT_QUEUE] = burst;
  line->count++;
}

struct burst burst_pop(struct burst_line *line) {
  const struct burst burst = line->bursts[line->first];
  line->first = (line->first + 1) % MODEL_FRONT_QUEUE;
  line->count--;
  return burst;
}

void front_end_stream(struct machine *machine, uint32_t c, uint32_t n) {
  machine->cores[c].streams[n].active = false;
  machine->front.changed[c] = true;
}

void front_answer(struct machine *machine) {
  struct front *front = &machine->front;
  const uint32_t c = front->answered_core;
  for (uint32_t n = 0; n < TRINE_MAX_CORES; n++) {
    front->done[n] = false;
  }
  if (!front->answered) {
    return;
  }
  const struct burst burst = burst_pop(&front->write_open[c]);
  front->write_count[c]--;
  front->done[c] = burst.client;
  if (burst.ends && !burst.client) {
    front_end_stream(machine, c, MODEL_READERS + burst.unit);
  }
}

/* Beats out of the RAM into the buffer, out of the buffer to memory. */
static void beats_tick(struct machine *machine, bool reads) {
  struct front *front = &machine->front;
  struct memory *memory = &machine->memory;
  const bool free = !memory->beat_write.valid || memory->write_ready;
  const bool pops = front->write_filled > 0 && free;
  memory->next_beat = memory->beat_write;
  memory->next_beat.valid = memory->beat_write.valid && !memory->write_ready;
  if (pops) {
    const struct write_beat *beat = &front->write_beats[front->write_first];
    memory->next_beat = (struct answer){.valid = true, .last = beat->last, .core = beat->core};
    front->write_first = (front->write_first + 1) % MODEL_WRITE_BEATS;
    front->write_filled--;
  }
  if (front->ram[1].valid) {
    front->save_full[front->ram[1].core] =
        front->save_full[front->ram[1].core] && !front->ram[1].client;
    front->write_beats[(front->write_first + front->write_filled) % MODEL_WRITE_BEATS] =
        front->ram[1];
    front->write_filled++;
  }
  front->ram[1] = front->ram[0];
  front->ram[0] = (struct write_beat){.valid = reads,
                                      .last = front->write_left == 1,
                                      .client = front->writing.client,
                                      .core = front->writing.core};
}

void front_writes(struct machine *machine, const struct burst *leaves) {
  struct front *front = &machine->front;
  struct memory *memory = &machine->memory;
  if (leaves->valid && leaves->write) {
    burst_push(&front->writes, *leaves); /* it passes an empty queue by */
  }
  const bool waits = front->writes.count > 0 && !front->busy;
  const bool free = !memory->address_write.valid || memory->writes_ready;
  const bool skips = waits && front->writes.bursts[front->writes.first].skip;
  const bool sends = waits && !skips && free;
  memset(front->use, 0, sizeof front->use);
  memory->next_write = memory->address_write;
  memory->next_write.valid = memory->address_write.valid && !memory->writes_ready;
  if (skips || sends) {
    const struct burst burst = burst_pop(&front->writes);
    front->writes_queued--;
    if (skips) {
      front->write_count[burst.core]--;
      front->use[burst.core][burst.unit] = true;
    } else {
      burst_push(&front->write_open[burst.core], burst);
      memory->next_write = (struct answer){.valid = true, .core = burst.core, .beats = burst.beats};
      front->writing = burst;
      front->write_left = burst.beats;
      front->busy = true;
    }
  }
  /* The first beat is read while the burst is sent. */
  const bool reads = front->busy && front->write_filled <= MODEL_WRITE_BEATS - MODEL_WRITE_SPARE;
  const bool ends = reads && front->write_left == 1;
  beats_tick(machine, reads);
  if (ends && front->writing.ends_row && !front->writing.client) {
    front->use[front->writing.core][front->writing.unit] = true;
  }
  front->write_left -= reads;
  front->busy = front->busy && !ends;
}
