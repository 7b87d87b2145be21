/* SPDX-License-Identifier: Apache-2.0 */
/* seen: what the scenarios have covered, counted while they run. */
#ifndef TRINE_SEEN_H
#define TRINE_SEEN_H

#include <stdint.h>

#include "golden/golden.h"
#include "trine.h"

enum seen_corner {
  SEEN_ODD_UNITS,      /* H not a multiple of Lanes/4 */
  SEEN_NARROW_INPUT,   /* I < MacsPerLane */
  SEEN_ONE_STEP,       /* a sequence of one step */
  SEEN_CELL_CLIP,      /* a layer with the cell clip on */
  SEEN_CELL_CLIPPED,   /* a cell that met it */
  SEEN_POSITIVE_SHIFT, /* a requantisation with a left shift */
  SEEN_GATE_SATURATED,
  SEEN_CELL_SATURATED,
  SEEN_EMPTY_SLICE, /* a core of a helper job without units of a layer */
  SEEN_BIDIRECTIONAL,
  SEEN_DENSE,
  SEEN_STATE_KEPT,
  SEEN_STALLS,
  SEEN_COPIES,       /* a job with two copies of its contexts or more */
  SEEN_SIDE_BY_SIDE, /* a job with another beside it */
  SEEN_CORNERS
};

enum { SEEN_BINS = 10 };

struct seen {
  uint64_t jobs, values; /* values: units and output bytes compared */
  uint64_t corner[SEEN_CORNERS];
  uint64_t mode[4], cores[TRINE_MAX_CORES + 1];
  uint64_t inputs[SEEN_BINS], units[SEEN_BINS], steps[SEEN_BINS]; /* bin n: 2^n .. 2^(n+1)-1 */
};

/* Counts what is in a job; counters are those of its golden run. */
void seen_job(struct seen *seen, const struct trine_info *info, const struct trine_network *network,
              const struct trine_batch *batch, const struct trine_placement *placement,
              const struct trine_golden_counters *counters);

/* Prints all of it. */
void seen_print(const struct seen *seen);

/* The name of the first corner that must be seen and was not; NULL: there is none. */
const char *seen_missing(const struct seen *seen);

#endif
