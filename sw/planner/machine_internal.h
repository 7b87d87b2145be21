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
/* What the buses decided in this cycle. */
struct grants {
  bool word, event;
};
void core_tick(struct machine *machine, struct core *core, struct grants grants);
bool core_word_waits(const struct core *core);
bool core_event_waits(const struct core *core);
/* Nothing of a core is on its way; a word goes into its rings in this cycle. */
bool core_is_through(const struct machine *machine, struct core *core);
bool core_ring_is_busy(const struct machine *machine, const struct core *core);
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
void publisher_tick(struct machine *machine, struct core *core, bool granted);

/* --- rows.c: a core's side of its memory streams, and the rows of their sequences --- */
struct rows_out {
  bool claims, uses, takes;
  uint8_t claimed, used, taken; /* channel, entry, channel */
};
struct rows_out rows_tick(const struct machine *machine, struct core *core,
                          const struct front_out *out, bool claim_ready, bool use_ready);
bool rows_are_idle(const struct core *core, const struct front_out *out);
bool row_is_cut(uint32_t offset, uint32_t bytes);
/* The row at hand is through: on to the next, if there is one. */
void rows_take(struct walker *rows, const struct sequence *sequences);
void rows_read(const struct machine *machine, struct core *core, const uint32_t *args);
void rows_write(const struct machine *machine, struct core *core, const uint32_t *args);

/* --- front.c: the front end --- */
/* granted: its word has the activation bus. What it does to the cores is in machine->front.out. */
void front_tick(struct machine *machine, bool granted);
bool front_is_quiet(const struct machine *machine);

/* --- front_shares.c: the part that each domain has of memory's beats --- */
/* Domains that have a burst on their way, a bit each. */
struct shares_open {
  uint32_t reads, writes;
};
/* Picks, and the burst that leaves the walk. */
struct shares_in {
  const struct burst *stream, *client, *leaves;
};
struct shares_open shares_open(const struct machine *machine);
/* A cycle of one direction; beat: one is at memory, of beat_core. */
void shares_tick(struct machine *machine, const struct shares_in *in, bool write, uint32_t open,
                 bool beat, uint32_t beat_core);
bool shares_are_quiet(const struct front *front);

/* --- front_writes.c: its write bursts --- */
/* leaves: the walk in this cycle. */
void front_writes(struct machine *machine, const struct burst *leaves);
/* The answer that came in the cycle before. */
void front_answer(struct machine *machine);
void front_end_stream(struct machine *machine, uint32_t c, uint32_t n);
void burst_push(struct burst_line *line, struct burst burst);
struct burst burst_pop(struct burst_line *line);

/* --- memory.c: the bench memory --- */
void memory_tick(struct machine *machine);
bool memory_is_quiet(const struct memory *memory);

/* --- lists.c: what the threads ask for, and their rings of beats --- */
/* What the thread at hand has done with its ring. */
struct list_order {
  bool begins, more, ends, frees; /* of its list or LOAD, a piece behind it, no more; a place */
  uint32_t offset, count;         /* of a piece: where in the window, beats */
  uint32_t free_place;            /* what is before it is not needed any more */
};
/* True when something changed. */
bool lists_tick(struct machine *machine, const struct list_order *order);

/* --- threads.c: whose turn it is --- */
/* Threads that are ready, a bit each; whether one is but that at hand. */
uint32_t threads_ready(const struct machine *machine);
bool threads_others(const struct machine *machine);
/* put: NULL, or what the thread at hand waits for; true when something changed. */
bool threads_tick(struct machine *machine, bool take, const enum stage *put);
/* The next cycle in which one begins, or may go on by itself. */
uint64_t threads_wake(const struct machine *machine);
/* Cores of which nothing is on its way, of those of threads that wait for that. */
uint32_t threads_quiet(struct machine *machine);

/* --- program.c: the program unit --- */
/* What it sees of the cores, taken before they have their cycle; it comes behind them. */
struct looks {
  uint32_t quiet, wait, busy_rings; /* a bit a core */
};
struct looks unit_look(struct machine *machine);
void unit_tick(struct machine *machine, const struct looks *looks);

/* --- execute.c: operations --- */
struct execution {
  bool over, ends_list; /* the turn; no more of the list is to be asked for */
  enum stage stage;     /* that the thread is in then */
};
struct execution execute_tick(struct machine *machine, struct thread *thread);
/* Its cores carry out the operation that was ordered in the cycle before. */
void execute_ordered(struct machine *machine);
/* Cores at which the operation at hand has to wait. */
uint32_t execute_waits(struct machine *machine);
/* The cores that an operation of the thread at hand names. */
uint32_t operation_cores(const struct machine *machine, const uint32_t *op);

/* --- load.c: LOAD --- */
/* What a LOAD takes in: beats of weights, parameter rows or what a beat has of one, else words. */
uint32_t load_items(const struct machine *machine, const uint32_t *op);
/* Its beats of memory. */
uint32_t load_beats(const struct machine *machine, const uint32_t *op);
/* A turn of it, of `there` beats of the ring from `word` on. */
void load_start(struct load *load, uint32_t target, uint32_t left, uint32_t word, uint32_t there,
                uint32_t words_a_beat);
/* A word stands at the rings of its core. */
bool load_has_ring(const struct load *load);
void load_tick(struct load *load, bool ring_is_busy);

/* --- save.c: SAVE --- */
void save_begin(struct core *core, uint32_t entries);
bool save_is_done(const struct save *save);
void save_tick(const struct machine *machine, struct core *core, const struct front_out *out);

/* --- remains.c: what the last owner left --- */
/* Whether it is gone from the rings or slots of the core that the operation names. */
bool remains_are_gone(const struct machine *machine, const struct core *core, const uint32_t *op);
/* Called in every cycle in which something else may enter the rings. */
void remains_tick(struct core *core, bool ring_is_busy);

#endif
