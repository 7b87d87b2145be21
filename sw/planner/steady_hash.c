/* SPDX-License-Identifier: Apache-2.0 */
/* steady_hash: all of the machine's state that decides what happens next, in two words. What is
 * left out would let two states pass for one; a field that is added to the machine belongs here. */
#include "machine_internal.h"
#include "steady.h"

void hash_mix(struct state_hash *hash, uint64_t value) {
  hash->a = (hash->a ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  hash->a ^= hash->a >> 29;
  hash->b = (hash->b + value) * UINT64_C(0xc2b2ae3d27d4eb4f);
  hash->b ^= hash->b >> 31;
}

static void mix_times(struct state_hash *hash, const struct times *times, uint64_t now) {
  hash_mix(hash, times->count);
  for (uint32_t n = 0; n < times->count; n++) {
    const uint64_t at = times->at[(times->first + n) % MODEL_QUEUE];
    hash_mix(hash, at > now ? at - now : 0);
  }
}

static void mix_phase(struct state_hash *hash, const struct phase *phase) {
  hash_mix(hash, (uint64_t)phase->context << 16 | (uint64_t)phase->entry << 8 |
                     (uint64_t)phase->second << 1 | (uint64_t)phase->dense);
}

static void mix_schedule(struct state_hash *hash, const struct core *core, uint64_t now) {
  const struct sequencer *sequencer = &core->sequencer;
  for (uint32_t n = 0; n < core->context_count; n++) {
    const struct context *context = &core->contexts[n];
    hash_mix(hash, (uint64_t)context->slot << 3 | (uint64_t)(context->steps != 0) << 2 |
                       (uint64_t)context->half << 1 | (uint64_t)context->started);
    hash_mix(hash, (uint64_t)context->half_h << 1 | (uint64_t)context->known);
    hash_mix(hash, (uint64_t)context->x << 16 | (uint64_t)context->h << 8 | context->room);
  }
  hash_mix(hash, (uint64_t)core->pick << 8 | core->picked.context);
  if (core->pick != PICK_SEARCH) {
    mix_phase(hash, &core->picked);
    hash_mix(hash, (uint64_t)core->picked_frees << 8 | (uint64_t)core->picked_entry);
  }
  hash_mix(hash, (uint64_t)sequencer->run << 1 | (uint64_t)sequencer->in_group);
  if (sequencer->run) {
    /* A core that sleeps has issued since. */
    const uint64_t slept = sequencer->in_group ? now - core->ticked : 0;
    hash_mix(hash, (uint64_t)sequencer->groups << 32 | (sequencer->left - slept));
    hash_mix(hash, (uint64_t)sequencer->frees << 40 | (uint64_t)sequencer->entry << 32 |
                       sequencer->chunks);
  }
  hash_mix(hash, sequencer->credits);
  mix_times(hash, &sequencer->pops, now);
}

/* Beats of first halves so near that a second may have to wait for them. */
static void mix_recent(struct state_hash *hash, const struct tail *tail, uint64_t now) {
  for (uint32_t age = 0; age < LATENCY_PRE; age++) {
    const uint32_t n = (uint32_t)((now - age) % LATENCY_PRE);
    const bool is_near = tail->recent_time[n] == now - age;
    hash_mix(hash, is_near ? 1 + (uint64_t)tail->recent_place[n] : 0);
  }
}

static void mix_tail(struct state_hash *hash, const struct core *core, uint64_t now) {
  const struct tail *tail = &core->tail;
  const struct publisher *publisher = &core->publisher;
  hash_mix(hash, (uint64_t)tail->waiting << 32 | tail->held);
  for (uint32_t n = 0; n < tail->waiting; n++) {
    mix_phase(hash, &tail->phases[(tail->first + n) % MODEL_TAIL_PHASES]);
  }
  mix_times(hash, &tail->groups, now);
  mix_times(hash, &tail->retires, now);
  hash_mix(hash, (uint64_t)tail->run << 32 | tail->credits);
  if (tail->run) {
    mix_phase(hash, &tail->now);
    hash_mix(hash, (uint64_t)tail->groups_left << 32 | tail->beat);
  }
  mix_recent(hash, tail, now);
  mix_times(hash, &publisher->queue, now);
  for (uint32_t n = 0; n < publisher->queue.count; n++) {
    hash_mix(hash, publisher->entries[(publisher->queue.first + n) % MODEL_QUEUE]);
  }
  hash_mix(hash, (uint64_t)publisher->valid << 2 | (uint64_t)publisher->tail_turn);
  hash_mix(hash, publisher->valid ? publisher->entry : 0);
  hash_mix(hash, publisher->readers_after);
}

static void mix_flow(struct state_hash *hash, const struct core *core) {
  const struct flow *flow = &core->flow;
  for (uint32_t n = 0; n < MODEL_ENTRIES; n++) {
    const uint64_t value = (uint64_t)flow->arrived[n] << 32 | (uint64_t)flow->used[n] << 16 |
                           (uint64_t)flow->released[n] << 8;
    if (value != 0) {
      hash_mix(hash, value << 10 ^ n);
    }
  }
  for (uint32_t n = 0; n < MODEL_CHANNELS; n++) {
    const uint8_t held = (uint8_t)(flow->claimed[n] - flow->freed[n]);
    if (held != 0) {
      hash_mix(hash, (uint64_t)held << 10 ^ n);
    }
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    const uint32_t channel = core->writers[n].channel;
    const bool takes = writer_is_active(&core->writers[n]);
    hash_mix(hash, takes ? (uint8_t)(flow->filled[channel] - flow->taken[channel]) : 0);
  }
  hash_mix(hash, (uint64_t)flow->uses << 8 | (flow->uses ? flow->use : 0));
  hash_mix(hash, flow->release_count);
  for (uint32_t n = 0; n < flow->release_count; n++) {
    hash_mix(hash, flow->releases[(flow->release_first + n) % MODEL_ENTRIES]);
  }
}

/* Whether a row is at hand and whether the table is asked; the rest is for steady_rows.c. */
static void mix_walker(struct state_hash *hash, const struct walker *rows) {
  hash_mix(hash, (uint64_t)(rows->fetch_left != 0 && !rows->next) << 1 | (uint64_t)rows->row);
}

/* How a piece of memory is cut by the end of a page; 0: not at all. */
static uint64_t cut_of(uint32_t offset, uint32_t beats, uint32_t mem_bytes) {
  const uint32_t page = (MODEL_PAGE - offset % MODEL_PAGE) / mem_bytes;
  return beats > page ? page : 0;
}

static void mix_reader(struct state_hash *hash, const struct reader *reader, uint32_t mem_bytes) {
  mix_walker(hash, &reader->rows);
  hash_mix(hash, (uint64_t)reader->slots[reader->channel] << 40 | (uint64_t)reader->ask_left << 20 |
                     reader->places);
  hash_mix(hash, (uint64_t)reader->filled << 48 | (uint64_t)reader->place << 32 |
                     (uint64_t)reader->beat << 16 | (uint64_t)reader->part << 1 |
                     (uint64_t)reader->drop);
  hash_mix(hash, (uint64_t)cut_of(reader->ask_offset, reader->ask_left, mem_bytes) << 32 |
                     reader->head_count);
  for (uint32_t n = 0; n < reader->head_count; n++) {
    hash_mix(hash, reader->heads[(reader->head_first + n) % MODEL_READER_ROWS]);
  }
}

static void mix_writer(struct state_hash *hash, const struct writer *writer, uint32_t mem_bytes) {
  mix_walker(hash, &writer->rows);
  hash_mix(hash, (uint64_t)writer->slots[writer->channel] << 40 | (uint64_t)writer->state << 32 |
                     (uint64_t)writer->read_q << 1 | (uint64_t)writer->read_q2);
  hash_mix(hash, (uint64_t)writer->left << 40 | (uint64_t)writer->burst << 20 | writer->places);
  hash_mix(hash,
           (uint64_t)writer->filled << 40 | (uint64_t)writer->take_left << 20 | writer->pending);
  const bool reads = writer->state == WRITER_READ;
  hash_mix(hash, reads ? cut_of(writer->offset, writer->burst + writer->left, mem_bytes) : 0);
  hash_mix(hash, writer->burst_count);
  for (uint32_t n = 0; n < writer->burst_count; n++) {
    const struct request *burst = &writer->bursts[(writer->burst_first + n) % MODEL_WRITER_BURSTS];
    hash_mix(hash, cut_of(burst->offset, burst->beats, mem_bytes) << 32 | burst->beats);
  }
}

static void mix_path(struct state_hash *hash, const struct request_path *path, uint32_t mem_bytes) {
  hash_mix(hash, (uint64_t)path->asked << 2 | (uint64_t)path->burst << 1 | (uint64_t)path->address);
  if (path->asked) {
    hash_mix(hash, (uint64_t)path->asked_client << 48 |
                       cut_of(path->what.offset, path->what.beats, mem_bytes) << 16 |
                       path->what.beats);
  }
  if (path->burst) {
    hash_mix(hash, (uint64_t)path->burst_client << 48 | (uint64_t)path->burst_rest << 16 |
                       path->burst_beats);
  }
  hash_mix(hash, path->address ? path->address_beats : 0);
  hash_mix(hash, (uint64_t)path->open_count << 32 | path->after);
  for (uint32_t n = 0; n < path->open_count; n++) {
    const uint32_t place = (path->open_first + n) % MODEL_PORT_BURSTS;
    hash_mix(hash, (uint64_t)path->open[place] << 1 | path->final[place]);
  }
}

static void mix_port(struct state_hash *hash, const struct port *port, uint32_t mem_bytes) {
  mix_path(hash, &port->read, mem_bytes);
  mix_path(hash, &port->write, mem_bytes);
  hash_mix(hash, (uint64_t)port->data_client << 32 | port->done_client);
  hash_mix(hash, (uint64_t)port->beats_left << 32 |
                     (port->beats_left != 0 ? port->beats_client << 2 : 0) |
                     (uint64_t)port->beat << 1 | (port->beat && port->beat_last));
}

static void mix_burst_queue(struct state_hash *hash, const struct burst_queue *queue,
                            uint64_t now) {
  hash_mix(hash, queue->count);
  for (uint32_t n = 0; n < queue->count; n++) {
    const struct burst *burst = &queue->bursts[(queue->first + n) % MODEL_MEMORY_QUEUE];
    hash_mix(hash, burst->ready_at > now ? burst->ready_at - now : 0);
    hash_mix(hash, (uint64_t)burst->core << 32 | burst->beats);
  }
}

static void mix_answer(struct state_hash *hash, const struct answer *answer, uint32_t beats) {
  hash_mix(hash, answer->valid
                     ? 2 + 4 * (uint64_t)answer->core + answer->last + ((uint64_t)beats << 32)
                     : 0);
}

static void mix_memory(struct state_hash *hash, const struct memory *memory, uint64_t now) {
  hash_mix(hash, (uint64_t)memory->read_after << 32 | memory->write_after);
  hash_mix(hash, (uint64_t)memory->owner << 2 | (uint64_t)memory->write_ready << 1 |
                     (uint64_t)memory->read_served_last);
  mix_answer(hash, &memory->address_read, memory->address_read_beats);
  mix_answer(hash, &memory->address_write, memory->address_write_beats);
  mix_answer(hash, &memory->beat_write, 0);
  mix_answer(hash, &memory->read, 0);
  mix_answer(hash, &memory->response, 0);
  mix_answer(hash, &memory->read_core, 0);
  mix_answer(hash, &memory->response_core, 0);
  mix_burst_queue(hash, &memory->reads, now);
  mix_burst_queue(hash, &memory->writes, now);
  mix_burst_queue(hash, &memory->responses, now);
}

static void mix_program(struct state_hash *hash, const struct core *core, uint64_t now) {
  const struct program *program = &core->program;
  const struct fetch *fetch = &core->fetch;
  hash_mix(hash, (uint64_t)program->state << 34 | (uint64_t)program->go << 33 |
                     (uint64_t)program->just_executed << 32 | program->at);
  hash_mix(hash, (uint64_t)program->transfer << 40 | (uint64_t)program->transfer_fill << 32 |
                     program->transfer_left);
  hash_mix(hash, program->clear_end > now ? program->clear_end - now : 0);
  hash_mix(hash, (uint64_t)program->wait << 40 | program->saves);
  hash_mix(hash, (uint64_t)program->read << 32 | program->left);
  hash_mix(hash, (uint64_t)fetch->to_ask << 32 | fetch->left);
  hash_mix(hash, (uint64_t)fetch->flying << 32 | fetch->filled);
  hash_mix(hash, (uint64_t)fetch->reserved << 32 | fetch->index << 1 | (uint32_t)fetch->drain);
}

static void mix_core(struct state_hash *hash, const struct core *core, uint64_t now,
                     uint32_t mem_bytes) {
  mix_schedule(hash, core, now);
  mix_tail(hash, core, now);
  mix_flow(hash, core);
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    mix_reader(hash, &core->readers[n], mem_bytes);
  }
  for (uint32_t n = 0; n < MODEL_WRITERS; n++) {
    mix_writer(hash, &core->writers[n], mem_bytes);
  }
  hash_mix(hash, (uint64_t)core->ram_after << 32 | core->table.state);
  mix_port(hash, &core->port, mem_bytes);
}

static void mix_word(struct state_hash *hash, const struct word *word) {
  hash_mix(hash, word->valid ? 1 + 2 * (uint64_t)word->entry + 512 * (uint64_t)word->domain : 0);
}

static struct state_hash hash_shared(const struct machine *machine) {
  struct state_hash hash = {1, 1};
  for (uint32_t n = 0; n <= LATENCY_WORD; n++) {
    mix_word(&hash, &machine->words[n]);
  }
  for (uint32_t n = 0; n <= LATENCY_EVENT; n++) {
    mix_word(&hash, &machine->events[n]);
  }
  hash_mix(&hash, (uint64_t)machine->word_after << 32 | machine->event_after);
  mix_memory(&hash, &machine->memory, machine->now);
  return hash;
}

struct state_hash machine_rest_hash(const struct machine *machine) {
  struct state_hash hash = hash_shared(machine);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    mix_core(&hash, core, machine->now, machine->info.mem_bytes);
    hash_mix(&hash, core->table.after);
    for (uint32_t n = 0; n < MODEL_CHANNELS; n++) {
      for (uint32_t m = 0; m < MODEL_READERS; m++) {
        hash_mix(&hash, (uint64_t)core->readers[m].slots[n] << 8 | core->writers[m].slots[n]);
      }
    }
  }
  return hash;
}

struct state_hash machine_hash(const struct machine *machine) {
  struct state_hash hash = hash_shared(machine);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    if (core->is_used) {
      mix_core(&hash, core, machine->now, machine->info.mem_bytes);
      mix_program(&hash, core, machine->now);
    }
  }
  for (uint32_t d = 0; d < TRINE_MAX_CORES; d++) {
    const struct domain *domain = &machine->domains[d];
    const bool runs = domain->cores != 0 && domain->finished == 0;
    hash_mix(&hash, runs);
    hash_mix(&hash,
             runs && domain->barrier_go != MODEL_NEVER ? domain->barrier_go - machine->now : 0);
  }
  return hash;
}
