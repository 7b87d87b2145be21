/* SPDX-License-Identifier: Apache-2.0 */
/* tenant: an honest user of some cores, as its memory window before and after its runs.
 *
 * A small random network is run by the driver on a chip that nobody else uses, and its results are
 * held against the golden model. What the window held at START and after the end is kept: from then
 * on the same bytes at any other place, started without the driver, must become the same bytes. */
#ifndef TRINE_ATTACK_TENANT_H
#define TRINE_ATTACK_TENANT_H

#include "bench.h"
#include "support/seed.h"

/* A program that loads and sets up all it needs, and one that goes on where the first stopped. */
enum tenant_way { TENANT_FRESH, TENANT_RESIDENT, TENANT_WAYS };

struct tenant_run {
  uint8_t *before, *after; /* [bytes] the program first */
  uint64_t cycles;
};

struct tenant {
  uint32_t mask, mode;
  uint32_t bytes; /* of the window */
  struct tenant_run runs[TENANT_WAYS];
};

/* What a tenant's network and batch are drawn from. */
struct tenant_size {
  uint32_t lstms, max_units, sequences, max_steps;
  bool has_dense, has_state;
};

/* Makes a tenant on these cores, or fewer if the network is small; fails the running Check test
 * unless both runs are exact. */
void tenant_open(struct tenant *tenant, struct bench *bench, struct seed_stream *stream,
                 const struct tenant_size *size, enum trine_mode mode, uint32_t core_mask);
void tenant_close(struct tenant *tenant);

/* The program of a run, and its words. */
const uint32_t *tenant_program(const struct tenant *tenant, enum tenant_way way, size_t *count);

/* Puts the window of a run at an address, ready for START (PROGRAM 0); afterwards, fails the test
 * unless it has become what it must. */
void tenant_put(const struct tenant *tenant, struct bench *bench, enum tenant_way way,
                uint64_t address);
void tenant_check(const struct tenant *tenant, struct bench *bench, enum tenant_way way,
                  uint64_t address, const char *who);

#endif
