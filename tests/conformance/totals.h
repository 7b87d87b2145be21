/* SPDX-License-Identifier: Apache-2.0 */
/* totals: what a check has seen, added up over its processes. */
#ifndef TRINE_CONFORMANCE_TOTALS_H
#define TRINE_CONFORMANCE_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

/* Cases that have to be among those seen, because errors hide there. */
enum corner {
  CORNER_RAGGED_UNITS,   /* H not a multiple of Lanes / 4 */
  CORNER_SHORT_INPUT,    /* I < MacsPerLane */
  CORNER_ONE_STEP,       /* T = 1 */
  CORNER_CELL_CLIP,      /* cell clip on */
  CORNER_POSITIVE_SHIFT, /* of a gate row or a dense row */
  CORNER_GATE_SATURATED,
  CORNER_CELL_SATURATED,
  CORNER_EMPTY_SLICE, /* a core of a helper group without a unit of some layer; RTL only */
  CORNER_COUNT
};

/* Ways to run a case on the simulated accelerator: the four modes, and two jobs side by side. */
enum way { WAY_SINGLE, WAY_MULTITHREADING, WAY_HELPER, WAY_HYBRID, WAY_PAIR, WAY_COUNT };

struct conformance_totals {
  uint32_t cases, failed;
  uint32_t golden;                         /* cases that went through the golden model */
  uint32_t rtl;                            /* that went through the RTL */
  uint32_t same[WAY_COUNT], no[WAY_COUNT]; /* by way: exact, and those that it cannot take */
  uint64_t values, rtl_values;             /* compared */
  uint64_t rtl_cycles;
  uint32_t corner[CORNER_COUNT]; /* cases with it */
};

const char *way_name(enum way way);

/* sum += part. */
void totals_add(struct conformance_totals *sum, const struct conformance_totals *part);

/* Prints all; with_rtl: rows about the RTL too. False, after saying why, when anything differed or
 * a corner or a way was never seen. */
bool totals_report(const struct conformance_totals *totals, const char *config, double seconds);

#endif
