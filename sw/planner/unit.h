/* SPDX-License-Identifier: Apache-2.0 */
/* unit: the state of the program unit in the planner's model (machine.h), one a chip: a thread a
 * job, which is that of the core of rank 0; and of the SAVE that a core does by itself. */
#ifndef TRINE_PLANNER_UNIT_H
#define TRINE_PLANNER_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "trine.h"

/* After so many a turn is over behind the operation at hand, if others wait. */
enum { TURN_CYCLES = 64 };

/* What a thread waits for. */
enum stage {
  STAGE_NONE,
  STAGE_START, /* the unit */
  STAGE_HEAD,  /* words of its header */
  STAGE_BLOCK, /* words of its next block */
  STAGE_WAIT,  /* the same; it goes on when its slot is quiet: nothing of it is on its way */
  STAGE_GO,    /* the unit, for an operation of its block */
  STAGE_STOP,  /* the same, behind what was asked for of its list */
  STAGE_LOAD,  /* what is loaded */
  STAGE_AGAIN, /* the unit, to repeat its last block */
  STAGE_END,   /* that nothing of its slot is on its way */
  STAGE_DONE,
  STAGE_HOLD /* that its slot is quiet, with its next block checked */
};

struct thread {
  enum stage stage;
  bool taken, ready, quiet; /* quiet: of its slot, in the cycle before */
  uint32_t young;           /* cycles in which that is of before it was put back */
  uint64_t start;           /* its first cycle */
  const uint32_t *list;     /* of its program, the caller's */
  uint32_t words;
  bool resident;
  uint64_t clear_end;         /* of the sweep of its slot's tables */
  uint32_t next;              /* word of the list, behind the block */
  uint32_t head, block_words; /* of the block: where in the list, words of its operations */
  uint32_t read;              /* next word of them */
  uint32_t place;             /* in its ring, in words: of the block, or of what is loaded */
  uint32_t load_left;         /* items */
};

/* Beats of a thread, of its list or of a LOAD; as places from where they begin. */
struct list_ring {
  uint32_t left, offset; /* not asked for; where the next of them is in the window */
  bool any, cut, room;   /* there are such; of the burst that is cut in this cycle; for one */
  uint32_t asks;         /* beats of the burst that stands at the front end; 0: none */
  uint32_t claimed, come, free;
  bool head, list, piece, all; /* what there was of it in the cycle before */
  uint32_t there;              /* the same, in beats */
};

/* A turn of a LOAD: words of the ring that are to be read, on their way and in a queue. */
struct load {
  bool run, come[2];
  uint32_t target, left; /* items */
  uint32_t words;        /* of the ring, of an item */
  uint32_t word;         /* of the ring, the next one */
  uint32_t ask, hand;    /* of the turn: to be read, to be handed on */
  uint32_t queued, queue;
};

enum unit_state {
  UNIT_TURN,
  UNIT_TAKE,
  UNIT_BEGIN,
  UNIT_HEAD,
  UNIT_LENGTH,
  UNIT_MORE,
  UNIT_BLOCK,
  UNIT_SETTLE,
  UNIT_READY,
  UNIT_EXECUTE,
  UNIT_NEW,
  UNIT_START,
  UNIT_DRAIN,
  UNIT_LIST,
  UNIT_ASK,
  UNIT_PUT
};

/* How far the operation at hand is, in EXECUTE. */
enum step { STEP_LEAD, STEP_OP, STEP_ARGS, STEP_HOLD, STEP_AGAIN, STEP_CHECK, STEP_EXEC };

struct unit {
  struct thread threads[TRINE_MAX_CORES];
  struct list_ring rings[TRINE_MAX_CORES];
  uint32_t turn_after, ask_after;
  uint32_t thread; /* at hand */
  enum unit_state state;
  bool checks; /* the block at hand is new */
  bool waits;  /* it is behind a RUN or BARRIER */
  enum step step;
  enum stage next;   /* that is put */
  uint32_t cycles;   /* in HEAD or BLOCK */
  uint32_t spent;    /* in EXECUTE */
  uint32_t op, left; /* the operation: where it is in the list, words of it that are to come */
  uint32_t quiet;    /* cores of which nothing was on its way in the cycle before */
  uint32_t wait;     /* cores at which the operation had to wait in the cycle before */
  const uint32_t *ordered; /* the operation that its cores carry out in this cycle; or NULL */
  struct load load;
  uint64_t wake;
};

enum save_state { SAVE_IDLE, SAVE_READ, SAVE_WAIT, SAVE_TAKE, SAVE_ASK };

/* A SAVE of a core: a beat at a time; open: of those that memory has not answered. */
struct save {
  enum save_state state;
  uint32_t left, fill, open;
};

#endif
