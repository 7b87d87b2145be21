/* SPDX-License-Identifier: Apache-2.0 */
/* fake_unit: the list of a job and how far it is; carries its operations out, each on all cores
 * that it names. What one core does is fake_core.h's. */
#ifndef TRINE_FAKE_UNIT_H
#define TRINE_FAKE_UNIT_H

#include "support/fake_core.h"
#include "support/fake_program.h"

enum fake_unit_state { FAKE_IDLE, FAKE_EXEC, FAKE_WAITS, FAKE_DONE, FAKE_ERROR };

struct fake_unit {
  struct fake_list list;
  uint32_t position;
  enum fake_unit_state state;
  bool goes_on;        /* contexts run that a RUN with more has let go on */
  bool is_set_up;      /* no channel or context may follow */
  uint32_t last_block; /* where its operations begin */
  bool is_repeatable;  /* all that runs is in it, and nothing that sets up */
  struct fake_again again;
  uint32_t error, error_rank, error_op, error_value; /* op: its place in the list */
};

/* Frees its list. */
void fake_unit_free(struct fake_unit *unit);

/* Takes a program's list and brings it to its first operation; 0 or an error code. */
uint32_t fake_unit_load(struct fake_unit *unit, const struct fake_reader *reader, bool is_resident);

/* Brings it to its last block. */
void fake_unit_repeat(struct fake_unit *unit, const struct fake_again *again);

/* Executes an operation, unless it has to wait; false when nothing could be done. */
bool fake_unit_execute(struct fake_unit *unit, const struct fake_domain *domain);

/* Ends in the error of the lowest core that has one; without one nothing happens. */
void fake_unit_blame(struct fake_unit *unit, const struct fake_domain *domain);

/* Nothing moves any more: ends in WATCHDOG, of the lowest core that does not rest. */
void fake_unit_give_up(struct fake_unit *unit, const struct fake_domain *domain);

#endif
