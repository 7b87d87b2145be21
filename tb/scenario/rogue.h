/* SPDX-License-Identifier: Apache-2.0 */
/* rogue: two tenants that take turns on the same cores of duo. The rogue's programs are those of a
 * driver's job with operations cut, copied or changed, started by registers alone in a slot of its
 * own; the honest tenant's are the driver's, and each of its runs must be exact. */
#ifndef TRINE_ROGUE_H
#define TRINE_ROGUE_H

#include "bench.h"
#include "support/checked/driver_case.h"

enum { ROGUE_WORDS = 2048, ROGUE_TENANTS = 2, ROGUE_PROGRAM_WORDS = 4096 };

/* To look whether a program has really ended: longer than the memory takes. */
enum { ROGUE_LOOK = 64 };

/* A list of operations; the rogue's, to be edited. */
struct rogue_list {
  uint32_t words[ROGUE_WORDS];
  uint32_t count;
};

struct rogue {
  struct bench bench;
  uint32_t core_mask;
  struct driver_case networks[ROGUE_TENANTS]; /* 0 is the honest one */
  struct driver_batch batches[ROGUE_TENANTS];
  struct driver_job honest;
  uint32_t slot;               /* the rogue's */
  uint64_t window_base;        /* of its job */
  uint32_t program, mode;      /* offset of its programs in the window */
  uint32_t header[8];          /* of its job's program */
  struct rogue_list good;      /* its job's list, from scratch, without its blocks */
  uint32_t place[ROGUE_WORDS]; /* of the words of what was joined last, in its list */
  uint32_t placed;
};

enum rogue_end { ROGUE_DONE, ROGUE_ERROR };

/* What became of a run of the rogue's. */
struct rogue_result {
  enum rogue_end end;
  uint32_t code, core, op; /* op: a word of what was joined last */
  uint32_t place;          /* the same in the list */
  uint64_t address;
};

/* Tenants with small random networks on core 0, or on both cores. */
void rogue_open(struct rogue *rogue, struct seed_stream *stream, bool both_cores);
/* The same on another configuration. */
void rogue_open_on(struct rogue *rogue, struct seed_stream *stream, bool both_cores,
                   const char *config);
/* On core 0 of it, and without the honest tenant. */
void rogue_open_alone(struct rogue *rogue, struct seed_stream *stream, const char *config);
void rogue_close(struct rogue *rogue);

uint32_t rogue_ranks(const struct rogue *rogue);

/* Index of the nth operation of a kind; UINT32_MAX when there is none. */
uint32_t rogue_find(const struct rogue_list *list, uint32_t op, uint32_t nth);
/* The same of those that a rank does. */
uint32_t rogue_find_of(const struct rogue_list *list, uint32_t rank, uint32_t op, uint32_t nth);
/* Index of the first operation behind the set-up: of READ, WRITE, RUN and BARRIER. */
uint32_t rogue_find_use(const struct rogue_list *list);
void rogue_cut(struct rogue_list *list, uint32_t at);
/* A copy of the operation at `from` before the one at `to`. */
void rogue_copy(struct rogue_list *list, uint32_t from, uint32_t to);

/* An operation before the one at `to`. */
void rogue_put(struct rogue_list *list, uint32_t to, const uint32_t *words, uint32_t count);
/* One behind all others, and one of a word that all ranks do. */
void rogue_add(struct rogue_list *list, const uint32_t *words, uint32_t count);
void rogue_add_bare(struct rogue_list *list, uint32_t op);

/* Header and list as one program, sealed; returns its words. */
uint32_t rogue_join(struct rogue *rogue, const struct rogue_list *list,
                    uint32_t words[ROGUE_PROGRAM_WORDS]);
/* Starts a program. */
void rogue_start_words(struct rogue *rogue, const uint32_t *words, uint32_t count);
/* The same in a window that ends elsewhere. */
void rogue_start_in(struct rogue *rogue, const uint32_t *words, uint32_t count,
                    uint32_t window_bytes);
/* Joins and starts. */
void rogue_start(struct rogue *rogue, const struct rogue_list *list);
/* The rogue's window. */
uint32_t rogue_peek(struct rogue *rogue, uint32_t offset);
void rogue_poke(struct rogue *rogue, uint32_t offset, uint32_t word);
/* Moves its window with all that its job left there: a job made now may get the place. */
void rogue_move(struct rogue *rogue, uint64_t window_base);
/* Aborts what runs. */
void rogue_abort(struct rogue *rogue);
/* Waits; the test fails unless it ends, and unless nothing moves on the memory port in so many
 * cycles afterwards. */
struct rogue_result rogue_wait(struct rogue *rogue, uint64_t after_cycles);
/* Waits while others run. */
struct rogue_result rogue_wait_beside(struct rogue *rogue);

/* The honest tenant runs at once on the same cores, and is exact; from scratch: nothing of it is
 * resident. */
void rogue_honest_is_exact(struct rogue *rogue, const char *what);

#endif
