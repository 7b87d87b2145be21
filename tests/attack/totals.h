/* SPDX-License-Identifier: Apache-2.0 */
/* totals: what became of the attacks of a run, for its last lines. */
#ifndef TRINE_ATTACK_TOTALS_H
#define TRINE_ATTACK_TOTALS_H

#include <stdint.h>

enum { TOTALS_CODES = 64, TOTALS_KINDS = 16 };

struct totals {
  uint64_t draws, programs, cycles;
  uint64_t done, errors[TOTALS_CODES]; /* by code */
  uint64_t kinds[TOTALS_KINDS];        /* programs of each kind */
  uint64_t aborted_by_time;            /* of the ABORTED: those that ran on for too long */
  uint64_t victims, tenants, register_accesses, quarantined;
  uint64_t slowest_permille; /* of a victim's cycles alone */
};

/* A victim's run beside attackers. */
void totals_victim(struct totals *totals, uint64_t cycles, uint64_t alone);

/* The name of an error code; NULL if it is not documented. */
const char *totals_code(uint32_t code);

/* Programs, ends by kind, cycles; the last line for scripts: fields separated by tabs. */
void totals_print(const struct totals *totals, const char *config, double seconds);

#endif
