/* SPDX-License-Identifier: Apache-2.0 */
/* machine_internal: what the parts of the planner's machine (machine.h) ask of each other in a
 * cycle.
 *
 * One file a part, under the names of the RTL's; each is called once a cycle by machine.c and sees
 * only what the others had at the end of the cycle before. */
#ifndef TRINE_PLANNER_MACHINE_INTERNAL_H
#define TRINE_PLANNER_MACHINE_INTERNAL_H

#include "machine.h"

/* --- core.c: one core, one cycle --- */
/* What the buses and the memory arbiter decided in this cycle. */
struct grants {
  bool word, event, read, write, beat;
};
void core_tick(struct machine *machine, struct core *core, struct grants grants);
bool core_word_waits(const struct core *core);
bool core_event_waits(const struct core *core);
/* A word, an event for a slot published here, as the bus brings them. */
void core_word(struct core *core, uint64_t now, uint8_t entry, uint32_t slot_bits);
void core_event(struct core *core, uint64_t now, uint8_t entry, uint32_t slot_bits);

/* --- schedule.c: contexts and sequencer --- */
struct schedule_out {
  bool claims, uses;
  uint8_t claim, use;
};
struct schedule_out schedule_tick(struct machine *machine, struct core *core);
bool schedule_is_active(const struct core *core);
void schedule_context(const struct machine *machine, struct core *core, const uint32_t *words);
void schedule_run(const struct machine *machine, struct core *core, uint32_t mask, uint32_t steps,
                  bool known);

/* --- tail.c: tail and publisher --- */
void tail_tick(struct machine *machine, struct core *core);
/* Returns which reader's word was taken; MODEL_READERS: none. */
uint32_t publisher_tick(struct machine *machine, struct core *core, bool granted);

/* --- streams.c: memory readers and writers --- */
struct stream_out {
  bool claims, uses;
  uint8_t claim, use;
};
/* Clients of the memory port that get on in this cycle: whose request or beat is taken, who gets
 * data or a response. MODEL_CLIENTS: none. */
struct port_out {
  uint32_t read_taken, write_taken, beat_taken, data_client, done_client;
};
struct stream_out streams_tick(struct machine *machine, struct core *core, uint32_t sent,
                               bool claim_ready, bool use_ready, struct port_out port);
bool reader_word_waits(const struct reader *reader);
bool reader_is_active(const struct reader *reader);
bool writer_is_active(const struct writer *writer);
/* What a client asks for in this cycle. */
struct request reader_asks(const struct reader *reader);
struct request writer_asks(const struct writer *writer);
bool row_is_cut(uint32_t offset, uint32_t bytes);
void streams_read(const struct machine *machine, struct core *core, const uint32_t *args);
void streams_write(struct machine *machine, struct core *core, const uint32_t *args);

/* --- port.c: memory port, arbiter and memory --- */
/* reads, writes: what each client asks for in this cycle. */
struct port_out port_tick(struct machine *machine, struct core *core, struct grants grants,
                          const struct request reads[MODEL_CLIENTS],
                          const struct request writes[MODEL_CLIENTS]);
void memory_grants(struct machine *machine, struct grants *grants);
void memory_tick(struct machine *machine);
bool memory_is_quiet(const struct memory *memory);

/* --- program.c: fetch unit, program, LOAD and SAVE --- */
struct request fetch_asks(const struct core *core);
struct request transfer_asks(const struct core *core);
/* What a program may wait for, as it was at the cycle's start. */
struct waits {
  bool run_done, writers_idle, saves_done, transfer_idle;
  bool ring_is_busy; /* a word arrives there in this cycle */
};
void program_tick(struct machine *machine, struct core *core, struct port_out port,
                  struct waits waits);

#endif
