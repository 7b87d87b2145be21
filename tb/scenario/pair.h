/* SPDX-License-Identifier: Apache-2.0 */
/* pair: two jobs side by side, one to be harmed and one that must not notice.
 *
 * The victim is job 0, the bystander job 1, each with cores, memory and golden results of its own.
 * The victim keeps its states, so its program ends with SAVEs. The bystander runs much longer. */
#ifndef TRINE_PAIR_H
#define TRINE_PAIR_H

#include "bench.h"
#include "support/checked/driver_case.h"

enum pair_job { PAIR_VICTIM = 0, PAIR_BYSTANDER = 1, PAIR_JOBS = 2 };

/* Where the two are: on the two cores of duo; or on octo, each on two cores that are not the
 * first, the victim in helper mode and the bystander in multithreading. */
enum pair_place { PAIR_DUO = 0, PAIR_OCTO = 1, PAIR_PLACES = 2 };

/* Registers of a domain slot after a run. */
struct pair_error {
  uint32_t state, code, core, op;
  uint64_t address;
};

struct pair {
  struct bench bench;
  struct driver_case networks[PAIR_JOBS];
  struct driver_batch batches[PAIR_JOBS];
  struct driver_job jobs[PAIR_JOBS];
};

/* Cycles a domain may go without progress in these tests. */
enum { PAIR_WATCHDOG = 4000 };

void pair_open(struct pair *pair, enum pair_place place, const char *seed_name);
void pair_close(struct pair *pair);

/* Starts both jobs. */
void pair_start(struct pair *pair);
/* Waits for the victim, which must end in error; what the device says about it. */
struct pair_error pair_fail(struct pair *pair);
/* Waits for the bystander, which must be exact, with no error in its registers. */
void pair_bystander_is_exact(struct pair *pair);
/* All cores are free and none is in quarantine; the victim runs again and is exact. */
void pair_recovers(struct pair *pair);

struct pair_error pair_read_error(struct pair *pair, uint32_t slot);

#endif
