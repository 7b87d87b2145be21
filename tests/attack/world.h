/* SPDX-License-Identifier: Apache-2.0 */
/* world: a simulated chip with victims that run again and again, and windows that no core leaves.
 *
 * Victims are in slots 0 to victim_count - 1; the other slots are the attackers' and, after them,
 * the next tenants'. While any world_ function lets time pass, a victim that has ended is looked at
 * (DONE, exact, in time) and started again. Every core's accesses are held to the window of the
 * domain it belongs to; a core of no domain may not access memory at all. */
#ifndef TRINE_ATTACK_WORLD_H
#define TRINE_ATTACK_WORLD_H

#include "bench.h"
#include "tenant.h"
#include "totals.h"

enum {
  WORLD_VICTIMS = 2,
  WORLD_DOMAINS = 2,          /* attacked at a time */
  WORLD_ZONE_BYTES = 1 << 18, /* a domain's part of the memory */
  WORLD_TIMES = 8,            /* a tenant is done in so many times its cycles alone, */
  WORLD_GRACE = 2048,         /* and so many more */
  WORLD_BURSTS = 8,           /* of a core on their way, each way */
  WORLD_BURST_BEATS = 16
};

struct world {
  struct bench bench;
  const struct trine_info *info;
  struct trine_sim_options memory;
  struct totals *totals;
  struct seed_stream *stream;
  uint32_t watchdog;
  uint32_t victim_count;
  struct tenant victims[WORLD_VICTIMS];
  enum tenant_way ways[WORLD_VICTIMS]; /* of the run under way */
  uint64_t started[WORLD_VICTIMS];     /* its cycle */
  uint32_t domain_count;               /* to attack */
  uint32_t domain_mask[WORLD_DOMAINS];
};

/* Registers of a domain. */
struct world_domain {
  uint32_t slot, mask, mode;
  uint64_t base;
  uint32_t size, program;
};

/* Opens a chip with memory and division of the cores drawn, and makes the victims. */
void world_open(struct world *world, const char *config, struct seed_stream *stream,
                struct totals *totals);
void world_close(struct world *world);

/* Starts the victims. */
void world_begin(struct world *world);

uint64_t world_now(const struct world *world);
/* First byte of a zone: domains under attack first, then as many for the tenants after them. */
uint64_t world_zone(const struct world *world, uint32_t zone);

/* Lets cores reach these bytes only; 0 bytes: nothing. */
void world_guard(struct world *world, uint32_t mask, uint64_t base, uint64_t len_bytes);

void world_set(struct world *world, const struct world_domain *domain);
/* Sets a domain, guards its cores and starts it. */
void world_start(struct world *world, const struct world_domain *domain);
uint32_t world_state(struct world *world, uint32_t slot);
bool world_runs(uint32_t state);

/* Looks after the victims. */
void world_tend(struct world *world);
/* Whether all victims run, and go on for so many cycles. */
bool world_victims_stay(struct world *world, uint64_t cycles);
/* Lets time pass until a slot neither runs nor stops, at most so many cycles; its state. */
uint32_t world_wait(struct world *world, uint32_t slot, uint64_t cycles);
/* Lets so many cycles pass. */
void world_pass(struct world *world, uint64_t cycles);

/* A tenant from scratch in a slot, in the zone of tenants of a domain: DONE, exact, in time. */
void world_serve(struct world *world, const struct tenant *tenant, uint32_t slot, uint32_t domain);

#endif
