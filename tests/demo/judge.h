/* SPDX-License-Identifier: Apache-2.0 */
/* judge: figures of a row from all results, and whether they are what they must be. */
#ifndef TRINE_DEMO_JUDGE_H
#define TRINE_DEMO_JUDGE_H

#include "measure.h"

enum { DEMO_MAX_MISSES = 4 };

struct demo_verdict {
  double utilisation; /* limit_cycles / cycles */
  double speed_up;    /* over the same work on one core, one job after the other; 0: not known */
  double bound;       /* of speed_up */
  uint32_t miss_count;
  char misses[DEMO_MAX_MISSES][300]; /* a sentence each */
};

/* Judges row `index`. ready[n]: results[n] is there; the rows it is compared with must be. */
struct demo_verdict demo_judge(uint32_t index, const struct demo_result *results,
                               const bool *ready);

#endif
