/* SPDX-License-Identifier: Apache-2.0 */
/* steady: see steady.h. A snapshot is taken whenever the first core that is at work has begun as
 * many steps as its rings have slots. Two with the same hash are one period apart: what happened
 * between them happens again, until something is near its end. */
#include "steady.h"

#include <stdlib.h>
#include <string.h>

struct hash {
  uint64_t a, b;
};

static void mix(struct hash *hash, uint64_t value) {
  hash->a = (hash->a ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  hash->a ^= hash->a >> 29;
  hash->b = (hash->b + value) * UINT64_C(0xc2b2ae3d27d4eb4f);
  hash->b ^= hash->b >> 31;
}

static void mix_times(struct hash *hash, const struct times *times, uint64_t now) {
  mix(hash, times->count);
  for (uint32_t n = 0; n < times->count; n++) {
    const uint64_t at = times->at[(times->first + n) % MODEL_QUEUE];
    mix(hash, at > now ? at - now : 0);
  }
}

static void mix_phase(struct hash *hash, const struct phase *phase) {
  mix(hash, (uint64_t)phase->context << 16 | (uint64_t)phase->entry << 8 |
                (uint64_t)phase->h_part << 1 | (uint64_t)phase->dense);
}

static void mix_schedule(struct hash *hash, const struct core *core, uint64_t now) {
  const struct sequencer *sequencer = &core->sequencer;
  for (uint32_t n = 0; n < core->context_count; n++) {
    const struct context *context = &core->contexts[n];
    mix(hash, (uint64_t)context->slot << 3 | (uint64_t)(context->steps != 0) << 2 |
                  (uint64_t)context->x_issued << 1 | (uint64_t)context->started);
  }
  mix(hash, (uint64_t)core->pick);
  if (core->pick != PICK_SEARCH) {
    mix_phase(hash, &core->picked);
    mix(hash, (uint64_t)core->picked_frees << 8 | (uint64_t)core->picked_entry);
  }
  mix(hash, (uint64_t)sequencer->run << 1 | (uint64_t)sequencer->in_group);
  if (sequencer->run) {
    /* A core that sleeps has issued since. */
    const uint64_t slept = sequencer->in_group ? now - core->ticked : 0;
    mix(hash, (uint64_t)sequencer->groups << 32 | (sequencer->left - slept));
    mix(hash,
        (uint64_t)sequencer->frees << 40 | (uint64_t)sequencer->entry << 32 | sequencer->chunks);
  }
  mix(hash, sequencer->credits);
  mix_times(hash, &sequencer->pops, now);
}

static void mix_tail(struct hash *hash, const struct core *core, uint64_t now) {
  const struct tail *tail = &core->tail;
  const struct publisher *publisher = &core->publisher;
  mix(hash, (uint64_t)tail->waiting << 32 | tail->held);
  for (uint32_t n = 0; n < tail->waiting; n++) {
    mix_phase(hash, &tail->phases[(tail->first + n) % MODEL_TAIL_PHASES]);
  }
  mix_times(hash, &tail->groups, now);
  mix_times(hash, &tail->retires, now);
  mix(hash, (uint64_t)tail->run << 32 | tail->credits);
  if (tail->run) {
    mix_phase(hash, &tail->now);
    mix(hash, (uint64_t)tail->groups_left << 32 | tail->beat);
  }
  mix_times(hash, &publisher->queue, now);
  for (uint32_t n = 0; n < publisher->queue.count; n++) {
    mix(hash, publisher->entries[(publisher->queue.first + n) % MODEL_QUEUE]);
  }
  mix(hash, (uint64_t)publisher->valid << 2 | (uint64_t)publisher->tail_turn);
  mix(hash, publisher->valid ? publisher->entry : 0);
  mix(hash, publisher->readers_after);
}

static void mix_flow(struct hash *hash, const struct core *core) {
  const struct flow *flow = &core->flow;
  for (uint32_t n = 0; n < MODEL_ENTRIES; n++) {
    const uint64_t value = (uint64_t)flow->arrived[n] << 32 | (uint64_t)flow->used[n] << 16 |
                           (uint64_t)flow->released[n] << 8 | (uint64_t)flow->claimed[n] << 1 |
                           (uint64_t)flow->complete[n];
    if (value != 0) {
      mix(hash, value << 10 ^ n);
    }
  }
  mix(hash, flow->release_count);
  for (uint32_t n = 0; n < flow->release_count; n++) {
    mix(hash, flow->releases[(flow->release_first + n) % MODEL_ENTRIES]);
  }
}

static void mix_walker(struct hash *hash, const struct walker *rows) {
  mix(hash, (uint64_t)(rows->fetch_left != 0) << 3 | (uint64_t)rows->next << 2 |
                (uint64_t)rows->row << 1 | (uint64_t)(rows->left == 1));
}

static void mix_reader(struct hash *hash, const struct reader *reader) {
  mix_walker(hash, &reader->rows);
  mix(hash, (uint64_t)reader->slots[reader->channel] << 40 | (uint64_t)reader->ask_left << 20 |
                reader->places);
  mix(hash, (uint64_t)reader->filled << 48 | (uint64_t)reader->place << 32 |
                (uint64_t)reader->beat << 16 | (uint64_t)reader->part << 1 |
                (uint64_t)reader->drop);
  mix(hash, reader->head_count);
  for (uint32_t n = 0; n < reader->head_count; n++) {
    mix(hash, reader->heads[(reader->head_first + n) % MODEL_READER_ROWS]);
  }
}

static void mix_writer(struct hash *hash, const struct writer *writer) {
  mix_walker(hash, &writer->rows);
  mix(hash, (uint64_t)writer->slots[writer->channel] << 40 | (uint64_t)writer->state << 32 |
                (uint64_t)writer->read_q << 1 | (uint64_t)writer->read_q2);
  mix(hash, (uint64_t)writer->left << 40 | (uint64_t)writer->burst << 20 | writer->places);
  mix(hash, (uint64_t)writer->filled << 40 | (uint64_t)writer->take_left << 20 | writer->pending);
  mix(hash, writer->burst_count);
}

static void mix_path(struct hash *hash, const struct request_path *path) {
  mix(hash, (uint64_t)path->asked << 2 | (uint64_t)path->burst << 1 | (uint64_t)path->address);
  mix(hash, (uint64_t)path->open_count << 32 | path->after);
}

static void mix_burst_queue(struct hash *hash, const struct burst_queue *queue, uint64_t now) {
  mix(hash, queue->count);
  for (uint32_t n = 0; n < queue->count; n++) {
    const struct burst *burst = &queue->bursts[(queue->first + n) % MODEL_MEMORY_QUEUE];
    mix(hash, burst->ready_at > now ? burst->ready_at - now : 0);
    mix(hash, (uint64_t)burst->core << 32 | burst->beats);
  }
}

static void mix_answer(struct hash *hash, const struct answer *answer) {
  mix(hash, answer->valid ? 2 + 4 * (uint64_t)answer->core + answer->last : 0);
}

static void mix_memory(struct hash *hash, const struct memory *memory, uint64_t now) {
  mix(hash, (uint64_t)memory->read_after << 32 | memory->write_after);
  mix(hash, (uint64_t)memory->owner << 2 | (uint64_t)memory->write_ready << 1 |
                (uint64_t)memory->read_served_last);
  mix_answer(hash, &memory->address_read);
  mix_answer(hash, &memory->address_write);
  mix_answer(hash, &memory->beat_write);
  mix_answer(hash, &memory->read);
  mix_answer(hash, &memory->response);
  mix_answer(hash, &memory->read_core);
  mix_answer(hash, &memory->response_core);
  mix_burst_queue(hash, &memory->reads, now);
  mix_burst_queue(hash, &memory->writes, now);
  mix_burst_queue(hash, &memory->responses, now);
}

static void mix_core(struct hash *hash, const struct core *core, uint64_t now) {
  mix_schedule(hash, core, now);
  mix_tail(hash, core, now);
  mix_flow(hash, core);
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    mix_reader(hash, &core->readers[n]);
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    mix_writer(hash, &core->writers[n]);
  }
  mix(hash, (uint64_t)core->ram_after << 32 | core->table.state);
  mix_path(hash, &core->port.read);
  mix_path(hash, &core->port.write);
  mix(hash, (uint64_t)core->port.beats_left << 1 | (uint64_t)core->port.beat);
  mix(hash, (uint64_t)core->program.state << 32 | core->program.at);
}

static void count(const struct core *core, uint64_t done[STEADY_COUNTERS]) {
  for (uint32_t n = 0; n < MODEL_CONTEXTS; n++) {
    done[n] = core->contexts[n].done;
  }
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    done[MODEL_CONTEXTS + n] = core->readers[n].rows.done;
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    done[MODEL_CONTEXTS + MODEL_READERS + n] = core->writers[n].rows.done;
  }
  done[STEADY_COUNTERS - 2] = core->macs;
  done[STEADY_COUNTERS - 1] = core->steps;
}

static void make_snapshot(const struct machine *machine, struct snapshot *snapshot) {
  struct hash hash = {1, 1};
  for (uint32_t n = 0; n <= LATENCY_WORD; n++) {
    mix(&hash, machine->words[n].valid ? 1 + 2 * (uint64_t)machine->words[n].entry : 0);
  }
  for (uint32_t n = 0; n <= LATENCY_EVENT; n++) {
    mix(&hash, machine->events[n].valid ? 1 + 2 * (uint64_t)machine->events[n].entry : 0);
  }
  mix(&hash, (uint64_t)machine->word_after << 32 | machine->event_after);
  mix_memory(&hash, &machine->memory, machine->now);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    if (machine->cores[c].is_used) {
      mix_core(&hash, &machine->cores[c], machine->now);
      count(&machine->cores[c], snapshot->done[c]);
    }
  }
  snapshot->hash[0] = hash.a;
  snapshot->hash[1] = hash.b;
  snapshot->now = machine->now;
}

/* What is left of a counter; MODEL_NEVER where it has no end. */
static uint64_t left_of(const struct core *core, uint32_t counter) {
  if (counter < MODEL_CONTEXTS) {
    return core->contexts[counter].steps;
  }
  if (counter < MODEL_CONTEXTS + MODEL_READERS) {
    const struct walker *rows = &core->readers[counter - MODEL_CONTEXTS].rows;
    return rows->total - rows->done;
  }
  if (counter < MODEL_CONTEXTS + MODEL_STREAMS) {
    const struct walker *rows = &core->writers[counter - MODEL_CONTEXTS - MODEL_READERS].rows;
    return rows->total - rows->done;
  }
  return MODEL_NEVER;
}

/* Periods that can be left out without coming near any end. */
static uint64_t periods(const struct machine *machine, const struct snapshot *before,
                        const struct snapshot *now) {
  uint64_t most = MODEL_NEVER;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    for (uint32_t n = 0; n < STEADY_COUNTERS && machine->cores[c].is_used; n++) {
      const uint64_t step = now->done[c][n] - before->done[c][n];
      const uint64_t left = left_of(&machine->cores[c], n);
      const uint64_t margin = 2 * step + 4;
      if (step > 0 && left != MODEL_NEVER) {
        const uint64_t fit = left > margin ? (left - margin) / step : 0;
        most = fit < most ? fit : most;
      }
    }
  }
  return most == MODEL_NEVER ? 0 : most;
}

static void skip(struct machine *machine, const struct snapshot *before, const struct snapshot *now,
                 uint64_t times) {
  for (uint32_t c = 0; c < machine->core_count; c++) {
    struct core *core = &machine->cores[c];
    uint64_t rows[STEADY_COUNTERS] = {0};
    for (uint32_t n = 0; n < STEADY_COUNTERS && core->is_used; n++) {
      rows[n] = times * (now->done[c][n] - before->done[c][n]);
    }
    for (uint32_t n = 0; n < MODEL_CONTEXTS; n++) {
      core->contexts[n].steps -= (uint32_t)rows[n];
      core->contexts[n].done += rows[n];
    }
    for (uint32_t n = 0; n < MODEL_READERS; n++) {
      streams_skip(&core->readers[n].rows, core->table_lengths, rows[MODEL_CONTEXTS + n]);
    }
    for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
      streams_skip(&core->writers[n].rows, core->table_lengths,
                   rows[MODEL_CONTEXTS + MODEL_READERS + n]);
    }
    core->macs += rows[STEADY_COUNTERS - 2];
    core->steps += rows[STEADY_COUNTERS - 1];
  }
  machine->skipped += times * (now->now - before->now);
}

void steady_start(struct steady *steady) {
  *steady = (struct steady){.snapshots = calloc(STEADY_SNAPSHOTS, sizeof *steady->snapshots)};
}

void steady_end(struct steady *steady) {
  free(steady->snapshots);
}

/* The core whose steps say when to look. */
static const struct core *leader(const struct machine *machine) {
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    for (uint32_t n = 0; n < core->context_count && core->is_used; n++) {
      if (core->contexts[n].steps != 0) {
        return core;
      }
    }
  }
  return NULL;
}

void steady_look(struct steady *steady, struct machine *machine) {
  const struct core *core = leader(machine);
  if (steady->snapshots == NULL || core == NULL || core->steps == steady->steps) {
    return;
  }
  steady->steps = core->steps;
  if (core->steps % (machine->slot_mask + 1) != 0) {
    return;
  }
  struct snapshot *now = &steady->snapshots[steady->next];
  make_snapshot(machine, now);
  const uint32_t kept = steady->count < STEADY_SNAPSHOTS - 1 ? steady->count : STEADY_SNAPSHOTS - 1;
  for (uint32_t back = 1; back <= kept; back++) {
    const struct snapshot *before =
        &steady->snapshots[(steady->next + STEADY_SNAPSHOTS - back) % STEADY_SNAPSHOTS];
    if (memcmp(before->hash, now->hash, sizeof now->hash) == 0) {
      const uint64_t times = periods(machine, before, now);
      if (times > 0) {
        skip(machine, before, now, times);
        steady->count = 0;
      }
      break;
    }
  }
  steady->count++;
  steady->next = (steady->next + 1) % STEADY_SNAPSHOTS;
}
