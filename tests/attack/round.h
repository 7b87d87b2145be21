/* SPDX-License-Identifier: Apache-2.0 */
/* round: attackers' programs on their cores, what is done to them meanwhile, and an honest tenant
 * at once on the same cores. */
#ifndef TRINE_ATTACK_ROUND_H
#define TRINE_ATTACK_ROUND_H

#include "list.h"
#include "mutate.h"
#include "world.h"

/* Where a program comes from. */
enum round_kind {
  ROUND_MUTATED,  /* an honest program, changed */
  ROUND_RESIDENT, /* an honest program that goes on where the honest one before it stopped, changed
                   */
  ROUND_COMPOSED, /* made from nothing */
  ROUND_HONEST,   /* unchanged: what is done from outside is the attack */
  ROUND_GARBAGE,  /* no program, or one whose list is none */
  ROUND_KINDS
};
const char *round_kind_name(uint32_t kind);

/* What is done while it runs. */
enum round_event {
  ROUND_QUIET,
  ROUND_ABORT,     /* ABORT at some cycle */
  ROUND_REGISTERS, /* a storm of register accesses, of STARTs and ABORTs */
  ROUND_REWRITE,   /* the host writes over the list */
  ROUND_MISCHIEF,  /* errors and late answers of the memory */
  ROUND_LOST,      /* answers that come after the watchdog, or never */
  ROUND_EVENTS
};

enum { ROUND_BASES = 4 };

struct round_attack {
  struct world_domain domain;
  enum round_kind kind;
  const struct tenant *base; /* whose program and window it starts from */
  uint32_t words[LIST_PROGRAM_WORDS];
  size_t count;
  char how[MUTATE_TEXT];
};

/* Everything about a draw that a report needs. */
struct round {
  struct world world;
  uint32_t base_count;
  struct tenant bases[WORLD_DOMAINS][ROUND_BASES];
  struct round_attack attacks[WORLD_DOMAINS];
  uint32_t number;
  enum round_event event;
};

/* Opens a world and makes the tenants of its domains, whose programs are the honest ones. */
void round_open(struct round *round, const char *config, struct seed_stream *stream,
                struct totals *totals);
void round_close(struct round *round);

/* Draws kind, window and program of a domain for a round whose event is drawn. */
void round_plan(struct round *round, struct seed_stream *stream, uint32_t domain);

/* One round; false when a core is in quarantine after it, and the chip of no more use. */
bool round_run(struct round *round, struct seed_stream *stream, bool may_lose);

/* Prints what the last round did. */
void round_print(const struct round *round);

#endif
