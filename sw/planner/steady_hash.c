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
  hash_mix(hash, (uint64_t)publisher->valid << 1 | publisher->credit);
  hash_mix(hash, publisher->valid ? publisher->entry : 0);
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
    const uint32_t channel = core->streams[MODEL_READERS + n].channel;
    const bool takes = core->streams[MODEL_READERS + n].active;
    hash_mix(hash, takes ? (uint8_t)(flow->filled[channel] - flow->taken[channel]) : 0);
  }
  hash_mix(hash, (uint64_t)flow->uses << 8 | (flow->uses ? flow->use : 0));
  hash_mix(hash, flow->release_count);
  for (uint32_t n = 0; n < flow->release_count; n++) {
    hash_mix(hash, flow->releases[(flow->release_first + n) % MODEL_ENTRIES]);
  }
}

/* How a piece of memory is cut by the end of a page; 0: not at all. */
static uint64_t cut_of(uint32_t offset, uint32_t beats, uint32_t mem_bytes) {
  const uint32_t page = (MODEL_PAGE - offset % MODEL_PAGE) / mem_bytes;
  return beats > page ? page : 0;
}

static void mix_streams(struct state_hash *hash, const struct core *core, uint32_t mem_bytes) {
  for (uint32_t n = 0; n < MODEL_STREAMS; n++) {
    const struct row_stream *stream = &core->streams[n];
    hash_mix(hash, (uint64_t)stream->run << 5 | (uint64_t)stream->mid << 4 |
                       (uint64_t)stream->fly << 3 | (uint64_t)stream->active << 2 |
                       (uint64_t)core->starting[n] << 1 | (uint64_t)stream->rows.row);
    if (stream->active) {
      hash_mix(hash, (uint64_t)stream->slot << 32 | stream->left);
      hash_mix(hash, stream->left != 0 ? cut_of(stream->at, stream->left, mem_bytes) : 0);
      hash_mix(hash, stream->words_left);
    }
  }
  for (uint32_t n = 0; n < MODEL_READERS; n++) {
    const bool reads = core->streams[n].active, writes = core->streams[MODEL_READERS + n].active;
    hash_mix(hash, (uint64_t)core->claims[n] << 1 | (uint64_t)(reads && core->room[n]));
    hash_mix(hash, (uint64_t)core->uses[n] << 1 | (uint64_t)(writes && core->complete[n]));
  }
  hash_mix(hash, (uint64_t)core->set_up.valid << 16 | (uint64_t)core->set_up.start << 8 |
                     (core->set_up.start ? core->set_up.stream : 0));
}

static void mix_burst(struct state_hash *hash, const struct burst *burst) {
  hash_mix(hash, (uint64_t)burst->write << 56 | (uint64_t)burst->client << 55 |
                     (uint64_t)burst->skip << 54 | (uint64_t)burst->starts_row << 53 |
                     (uint64_t)burst->ends_row << 52 | (uint64_t)burst->ends << 51 |
                     (uint64_t)burst->begins << 50 | (uint64_t)burst->core << 40 |
                     (uint64_t)burst->unit << 36 | (uint64_t)burst->entry << 20 |
                     (uint64_t)burst->beats << 1 | 1);
}

static void mix_line(struct state_hash *hash, const struct burst_line *line) {
  hash_mix(hash, line->count);
  for (uint32_t n = 0; n < line->count; n++) {
    mix_burst(hash, &line->bursts[(line->first + n) % MODEL_FRONT_QUEUE]);
  }
}

static void mix_row_beat(struct state_hash *hash, const struct row_beat *beat) {
  hash_mix(hash, (uint64_t)beat->starts_row << 34 | (uint64_t)beat->ends << 33 |
                     (uint64_t)beat->closes << 32 | (uint64_t)beat->core << 24 |
                     (uint64_t)beat->unit << 16 | beat->entry);
}

static void mix_write_beat(struct state_hash *hash, const struct write_beat *beat) {
  hash_mix(hash, !beat->valid ? 0
                              : (uint64_t)beat->last << 2 | (uint64_t)beat->client << 1 | 1 |
                                    (uint64_t)beat->core << 8);
}

static void mix_share(struct state_hash *hash, const struct beat_share *share) {
  hash_mix(hash, (uint64_t)share->count << 16 | (uint64_t)share->refund << 8 |
                     (uint64_t)share->beat << 1 | (uint64_t)share->full);
}

static void mix_front_core(struct state_hash *hash, const struct front *front, uint32_t c) {
  mix_share(hash, &front->read_shares[c]);
  mix_share(hash, &front->write_shares[c]);
  hash_mix(hash, (uint64_t)front->turn_after[c] << 32 | (uint64_t)front->read_count[c] << 8 |
                     front->write_count[c]);
  mix_line(hash, &front->read_open[c]);
  mix_line(hash, &front->write_open[c]);
  hash_mix(hash, (uint64_t)front->got_first[c] << 5 | (uint64_t)front->save_full[c] << 4 |
                     (uint64_t)front->done[c] << 3 | (uint64_t)front->changed[c] << 2 |
                     (uint64_t)front->use[c][0] << 1 | (uint64_t)front->use[c][1]);
}

static void mix_front(struct state_hash *hash, const struct machine *machine) {
  const struct front *front = &machine->front;
  for (uint32_t n = 0; n < MODEL_WALK; n++) {
    hash_mix(hash, 0);
    if (front->walk[n].valid) {
      mix_burst(hash, &front->walk[n]);
    }
  }
  hash_mix(hash, front->client.valid);
  if (front->client.valid) {
    mix_burst(hash, &front->client);
  }
  mix_line(hash, &front->reads);
  mix_line(hash, &front->writes);
  hash_mix(hash, (uint64_t)front->core_after << 32 | front->set_after);
  hash_mix(hash, front->client_after);
  hash_mix(hash, !front->set ? 0
                             : 1 + 2 * (uint64_t)front->set_start + 4 * (uint64_t)front->set_core +
                                   64 * (uint64_t)front->set_stream);
  hash_mix(hash, (uint64_t)front->got << 16 | (uint64_t)front->got_last << 15 |
                     (uint64_t)front->ready << 14 | (front->got ? front->got_core : 0));
  hash_mix(hash, front->beat_count);
  for (uint32_t n = 0; n < front->beat_count; n++) {
    mix_row_beat(hash, &front->beats[(front->beat_first + n) % MODEL_FRONT_BEATS]);
  }
  hash_mix(hash, front->hand ? 1 + (uint64_t)front->part : 0);
  if (front->hand) {
    mix_row_beat(hash, &front->held);
  }
  hash_mix(hash, (uint64_t)front->word << 33 | (uint64_t)front->word_ends << 32);
  if (front->word || front->word_ends) {
    hash_mix(hash, (uint64_t)front->word_core << 32 | (uint64_t)front->word_unit << 16 |
                       front->word_entry);
  }
  hash_mix(hash, front->busy ? 1 + (uint64_t)front->write_left : 0);
  if (front->busy) {
    mix_burst(hash, &front->writing);
  }
  mix_write_beat(hash, &front->ram[0]);
  mix_write_beat(hash, &front->ram[1]);
  hash_mix(hash, front->write_filled);
  for (uint32_t n = 0; n < front->write_filled; n++) {
    mix_write_beat(hash, &front->write_beats[(front->write_first + n) % MODEL_WRITE_BEATS]);
  }
  hash_mix(hash, (uint64_t)front->answered << 8 | (front->answered ? front->answered_core : 0));
  hash_mix(hash, machine->front_waits);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    mix_front_core(hash, front, c);
  }
}

static void mix_burst_queue(struct state_hash *hash, const struct burst_queue *queue,
                            uint64_t now) {
  hash_mix(hash, queue->count);
  for (uint32_t n = 0; n < queue->count; n++) {
    const struct memory_burst *burst = &queue->bursts[(queue->first + n) % MODEL_MEMORY_QUEUE];
    hash_mix(hash, burst->ready_at > now ? burst->ready_at - now : 0);
    hash_mix(hash, (uint64_t)burst->core << 32 | burst->beats);
  }
}

static void mix_answer(struct state_hash *hash, const struct answer *answer) {
  hash_mix(hash, answer->valid ? 2 + 4 * (uint64_t)answer->core + answer->last +
                                     ((uint64_t)answer->beats << 32)
                               : 0);
}

static void mix_memory(struct state_hash *hash, const struct memory *memory, uint64_t now) {
  hash_mix(hash, (uint64_t)memory->reads_ready << 3 | (uint64_t)memory->writes_ready << 2 |
                     (uint64_t)memory->write_ready << 1 | (uint64_t)memory->read_served_last);
  mix_answer(hash, &memory->address_read);
  mix_answer(hash, &memory->address_write);
  mix_answer(hash, &memory->beat_write);
  mix_answer(hash, &memory->read);
  mix_answer(hash, &memory->response);
  mix_burst_queue(hash, &memory->reads, now);
  mix_burst_queue(hash, &memory->writes, now);
  mix_burst_queue(hash, &memory->responses, now);
}

static void mix_save(struct state_hash *hash, const struct save *save) {
  hash_mix(hash, (uint64_t)save->state << 48 | (uint64_t)save->open << 40 |
                     (uint64_t)save->fill << 32 | save->left);
}

/* A thread, and what it has of its list; places only by how far they are from each other. */
static void mix_thread(struct state_hash *hash, const struct thread *thread,
                       const struct list_ring *ring, uint64_t now) {
  hash_mix(hash, (uint64_t)thread->stage << 8 | (uint64_t)thread->young << 3 |
                     (uint64_t)thread->taken << 2 | (uint64_t)thread->ready << 1 |
                     (uint64_t)thread->quiet);
  hash_mix(hash, thread->start > now ? thread->start - now : 0);
  hash_mix(hash, thread->clear_end > now ? thread->clear_end - now : 0);
  hash_mix(hash, (uint64_t)thread->next << 32 | thread->read);
  hash_mix(hash, (uint64_t)thread->load_left << 32 | thread->place);
  hash_mix(hash, (uint64_t)ring->left << 32 | ring->offset);
  hash_mix(hash, (uint64_t)ring->asks << 32 | (uint64_t)ring->any << 6 | (uint64_t)ring->cut << 5 |
                     (uint64_t)ring->room << 4 | (uint64_t)ring->head << 3 |
                     (uint64_t)ring->list << 2 | (uint64_t)ring->piece << 1 | (uint64_t)ring->all);
  hash_mix(hash, (uint64_t)(ring->claimed - ring->free) << 32 | (ring->come - ring->free));
}

/* The unit at its thread, and the turns of the others. */
static void mix_unit(struct state_hash *hash, const struct unit *unit) {
  const struct load *load = &unit->load;
  hash_mix(hash, (uint64_t)unit->turn_after << 32 | unit->ask_after);
  hash_mix(hash, (uint64_t)unit->quiet << 32 | unit->wait);
  hash_mix(hash, (uint64_t)(unit->ordered != NULL) << 24 | (uint64_t)unit->state << 16 |
                     (uint64_t)unit->step << 8 | unit->thread);
  if (unit->state != UNIT_TURN) {
    /* A long turn ends when others come. */
    const uint64_t spent = unit->spent < TURN_CYCLES ? unit->spent : TURN_CYCLES;
    hash_mix(hash, spent << 16 | (uint64_t)unit->next << 8 | (uint64_t)unit->waits << 1 |
                       (uint64_t)unit->checks);
    hash_mix(hash, (uint64_t)unit->cycles << 40 | (uint64_t)unit->op << 8 | unit->left);
  }
  hash_mix(hash, !load->run ? 0
                            : (uint64_t)load->left << 32 | (uint64_t)load->ask << 24 |
                                  (uint64_t)load->hand << 16 | (uint64_t)load->queued << 12 |
                                  (uint64_t)load->queue << 8 | (uint64_t)load->come[0] << 2 |
                                  (uint64_t)load->come[1] << 1 | 1);
}

static void mix_core(struct state_hash *hash, const struct core *core, uint64_t now,
                     uint32_t mem_bytes) {
  mix_schedule(hash, core, now);
  mix_tail(hash, core, now);
  mix_flow(hash, core);
  mix_streams(hash, core, mem_bytes);
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
  mix_unit(&hash, &machine->unit);
  mix_memory(&hash, &machine->memory, machine->now);
  mix_front(&hash, machine);
  return hash;
}

struct state_hash machine_rest_hash(const struct machine *machine) {
  struct state_hash hash = hash_shared(machine);
  for (uint32_t c = 0; c < machine->core_count; c++) {
    const struct core *core = &machine->cores[c];
    mix_core(&hash, core, machine->now, machine->info.mem_bytes);
    for (uint32_t n = 0; n < MODEL_CHANNELS; n++) {
      hash_mix(&hash, (uint64_t)(core->flow.claimed[n] & machine->slot_mask) << 8 |
                          (core->flow.taken[n] & machine->slot_mask));
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
      mix_save(&hash, &core->save);
    }
  }
  for (uint32_t d = 0; d < TRINE_MAX_CORES; d++) {
    const struct domain *domain = &machine->domains[d];
    const bool runs = domain->cores != 0 && domain->finished == 0;
    hash_mix(&hash, runs);
    if (runs) {
      mix_thread(&hash, &machine->unit.threads[domain->leader],
                 &machine->unit.rings[domain->leader], machine->now);
    }
  }
  return hash;
}
