/* SPDX-License-Identifier: Apache-2.0 */
/* machine: the planner's model of the accelerator: it executes the programs the driver makes, with
 * the rules and latencies of the hardware and without its data. docs/planner.md describes it.
 *
 * A cycle of the model is a cycle of the chip: every unit decides with what its registers held at
 * the cycle's start. A unit that changes something says so (`changed` of its core); a core in which
 * nothing changed sleeps until its next time or until something reaches it from outside. */
#ifndef TRINE_PLANNER_MACHINE_H
#define TRINE_PLANNER_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "front.h"
#include "trine.h"
#include "unit.h"

enum {
  MODEL_CHANNELS = 16,
  MODEL_SLOTS = 16, /* most slots of a ring */
  MODEL_ENTRIES = MODEL_CHANNELS * MODEL_SLOTS,
  MODEL_CONTEXTS = 16,
  MODEL_ACC_SLOTS = 8,      /* groups between MACs and tail */
  MODEL_TAIL_PHASES = 16,   /* that wait there: twice the groups */
  MODEL_QUEUE = 64,         /* most words of a core's queue */
  MODEL_BURST = 16,         /* beats of a memory request */
  MODEL_MEMORY_BURSTS = 64, /* the shared memory takes, each way */
  MODEL_MEMORY_QUEUE = 128, /* bursts the shared memory holds, each way */
  MODEL_PAGE = 4096         /* bytes; a burst ends there */
};

/* Cycles that are simulated at most, by one forecast and by a search for the best placement in all;
 * whole periods that are left out do not count. A cycle takes a third of a microsecond on two cores
 * and two on sixteen: a forecast is given up after seconds, a search after tens of them. What
 * repeats takes some ten thousand cycles, a few thousand steps that never do less than a million.
 */
#define MODEL_RUN_CYCLES (UINT64_C(1) << 22)
#define MODEL_SEARCH_CYCLES (UINT64_C(1) << 24)

/* Latencies in cycles, from the modules' own tables of cycles. */
enum {
  LATENCY_MAC_READ = 2, /* chunk issued to MAC array: weight buffer and rings */
  LATENCY_MAC = 3,      /* of the MAC array, and a cycle for each stage of its adder tree */
  LATENCY_FIFO = 1,     /* pushed to visible */
  LATENCY_TAIL = 39,    /* beat fired to word */
  LATENCY_CREDIT = 2,   /* last beat of a group fired to credit back at the sequencer */
  LATENCY_WORD = 2,     /* word granted to its vector complete, at the end of that cycle */
  LATENCY_EVENT = 2,    /* event granted to room, at the end of that cycle */
  LATENCY_PRE = 4,      /* beat of a first half to that of the second that reads what it left */
  LATENCY_MEMORY = 10,  /* of the bench memory: address to first beat, last beat to response */
  LATENCY_WRITE = 8,    /* of a register by the bench, to its next access */
  LATENCY_START = 29,   /* of CONTROL with START, and a cycle for each core of the chip */
  LATENCY_REPEAT = 21,  /* of CONTROL with REPEAT */
  LATENCY_DONE = 1      /* state done to the last cycle counted */
};

#define MODEL_NEVER UINT64_MAX

/* Times of things on their way, oldest first. */
struct times {
  uint64_t at[MODEL_QUEUE];
  uint32_t first, count;
};

struct context {
  bool dense, started;
  bool half, half_h; /* the first half of the step was picked; it is the h part */
  bool h_first;      /* that may be, where it is known how the step begins */
  bool known;        /* it is: RUN has said so, or a step went before */
  uint8_t x_channel, y_channel, slot;
  uint8_t x, h, room; /* credits: vectors complete and not picked, slots with room */
  uint32_t x_chunks, h_chunks, groups, units, first_unit, pre_base;
  uint32_t steps; /* left */
  uint64_t done;
};

enum pick_state { PICK_SEARCH, PICK_READ, PICK_HOLD };

/* One phase on its way to and through the tail. */
struct phase {
  uint8_t context, entry;
  bool second, dense; /* second: the other half of its step went before */
  uint32_t groups, units, first_unit, pre_base;
};

struct sequencer {
  bool run, in_group, frees;
  uint32_t groups, chunks, left, credits;
  uint8_t entry;     /* released at the end */
  struct times pops; /* credits on their way back */
};

struct tail {
  struct phase phases[MODEL_TAIL_PHASES];
  uint32_t first, waiting, held; /* waiting: not yet taken; held: not yet retired */
  struct times groups, retires;
  bool run;
  struct phase now;
  uint32_t groups_left, units_left, place, pre, beat, credits;
  uint64_t recent_time[LATENCY_PRE]; /* of the last beats of first halves, and where they wrote */
  uint32_t recent_place[LATENCY_PRE];
};

struct publisher {
  struct times queue; /* when each word of the tail is there */
  uint8_t entries[MODEL_QUEUE];
  bool valid, credit; /* credit: a word left the queue in the last cycle */
  uint8_t entry;
};

struct flow {
  bool listens[MODEL_CHANNELS];
  uint32_t words[MODEL_CHANNELS], users[MODEL_CHANNELS], listeners[MODEL_CHANNELS];
  bool published[MODEL_CHANNELS];
  /* Contexts that get a credit for a vector of x, of h, for a slot with room; and one more. */
  uint8_t x_user[MODEL_CHANNELS], h_user[MODEL_CHANNELS], owner[MODEL_CHANNELS];
  /* Vectors complete, and those that a writer took; slots claimed and given back: modulo 256. */
  uint8_t filled[MODEL_CHANNELS], taken[MODEL_CHANNELS];
  uint8_t claimed[MODEL_CHANNELS], freed[MODEL_CHANNELS];
  uint16_t arrived[MODEL_ENTRIES];
  uint8_t used[MODEL_ENTRIES], released[MODEL_ENTRIES];
  uint8_t releases[MODEL_ENTRIES]; /* waiting for the bus, oldest first */
  uint32_t release_first, release_count;
  bool uses; /* a slot was released in the cycle before */
  uint8_t use;
};

struct core {
  uint32_t domain;
  bool is_used, changed;
  uint64_t wake, ticked;
  struct save save;
  uint64_t wiped_from; /* a fresh owner: cycle before the first word of the rings is wiped; or 0 */
  struct context contexts[MODEL_CONTEXTS];
  uint32_t context_count;
  enum pick_state pick;
  bool picked_frees;
  uint32_t picked_chunks;
  uint8_t picked_entry; /* read, and released at the end */
  struct phase picked;
  uint64_t steps_written; /* cycle in which the last step count of a RUN is */
  struct sequencer sequencer;
  struct tail tail;
  struct publisher publisher;
  struct flow flow;
  struct row_stream streams[MODEL_STREAMS];
  bool starting[MODEL_STREAMS]; /* until the front end has it */
  bool claims[MODEL_READERS];   /* wait for a turn at the channel table */
  uint8_t uses[MODEL_WRITERS];
  uint8_t use_slot[MODEL_WRITERS];
  bool room[MODEL_READERS], complete[MODEL_WRITERS]; /* as the front end sees it */
  struct set_up {
    bool valid, start;
    uint8_t stream;
  } set_up;                   /* a word on its way to the front end */
  struct sequence *sequences; /* [table_entries] */
  uint64_t macs;              /* cycles with a chunk issued */
  uint64_t steps;             /* phases that ended a step */
};

/* A burst in the shared memory. */
struct memory_burst {
  uint64_t ready_at;
  uint32_t core, beats;
};

struct burst_queue {
  struct memory_burst bursts[MODEL_MEMORY_QUEUE];
  uint32_t first, count;
};

/* A beat, an address or an answer at the chip's port. */
struct answer {
  bool valid, last;
  uint32_t core, beats;
};

struct memory {
  struct answer address_read, address_write, beat_write; /* the chip's registers */
  struct burst_queue reads, writes, responses;
  struct answer next_read, next_write, next_beat; /* of the next cycle */
  bool reads_ready, writes_ready, write_ready, read_served_last;
  struct answer read, response; /* shown by the memory in this cycle */
  bool read_taken;
};

/* A word or event of a bus. */
struct word {
  bool valid;
  uint8_t entry;
  uint32_t domain;
};

struct domain {
  uint32_t cores;    /* mask; 0: unused */
  uint32_t leader;   /* of rank 0 */
  uint64_t start;    /* the cycle before its first */
  uint64_t finished; /* cycles, as the chip counts them; 0: not yet */
  uint64_t loads;
};

struct machine {
  struct trine_info info;
  uint32_t slot_mask, mac_latency, group_beats, group_units;
  uint64_t now;         /* cycles simulated */
  uint64_t start;       /* of the run at hand */
  uint64_t skipped;     /* cycles of whole periods that were not */
  uint64_t cycles_left; /* cycles that may still be simulated */
  bool is_walked;       /* no period is left out */
  uint32_t core_count;
  struct domain domains[TRINE_MAX_CORES];
  struct unit unit;
  bool is_shared;                                                 /* more than one of them runs */
  struct word words[LATENCY_WORD + 1], events[LATENCY_EVENT + 1]; /* [cycles since the grant] */
  uint32_t word_after, event_after;
  uint32_t front_waits; /* grants of others while its word waits */
  struct front front;
  struct memory memory;
  struct core cores[TRINE_MAX_CORES];
};

/* --- repeat.c --- */
/* Whether a list can be done again from its last block. */
bool list_can_repeat(const uint32_t *list, uint32_t words);
/* Brings a thread that is about to start to the last block of its list, as REPEAT does. */
void thread_repeat(struct thread *thread);

/* --- threads.c --- */
/* The program of the slot whose rank 0 is on core `leader`. */
void thread_start(struct machine *machine, uint32_t leader, struct thread thread);

/* --- machine.c --- */
enum machine_end {
  MACHINE_DONE,
  MACHINE_STANDS_STILL, /* nothing can move any more: a program that would hang */
  MACHINE_TOO_LONG      /* machine->cycles_left is used up */
};

/* A chip as reset leaves it; NULL: there is no memory. */
struct machine *machine_make(const struct trine_info *info);
/* NULL is allowed. */
void machine_free(struct machine *machine);
/* Runs the domains that have cores from their START, in the cycle before `now`, until all are
 * done. Bound: machine->cycles_left turns, one a cycle that is simulated. */
enum machine_end machine_run(struct machine *machine);
/* Round-robin: the lowest of `requests` after the one served last, else the lowest. */
uint32_t machine_turn(uint32_t requests, uint32_t *after);

static inline void times_push(struct times *times, uint64_t at) {
  times->at[(times->first + times->count) % MODEL_QUEUE] = at;
  times->count++;
}
static inline uint64_t times_front(const struct times *times) {
  return times->count > 0 ? times->at[times->first] : MODEL_NEVER;
}
static inline void times_pop(struct times *times) {
  times->first = (times->first + 1) % MODEL_QUEUE;
  times->count--;
}
#endif
