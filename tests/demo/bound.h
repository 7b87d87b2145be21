/* SPDX-License-Identifier: Apache-2.0 */
/* bound: how much faster than one core two cores can be when layers stay whole. */
#ifndef TRINE_DEMO_BOUND_H
#define TRINE_DEMO_BOUND_H

#include <stdint.h>

#include "trine.h"

/* The best cut of whole consecutive layers on two cores, from the cycles their MAC arrays need
 * (whole words of weights, padding included, on one core and on two) and nothing else. Layers of
 * chains that can run together are cut in one go; what needs their whole output comes after them.
 * `steps`: time steps of all sequences; where a cut goes through a chain, the second core starts,
 * or the first ends, one step of the other apart. */
struct demo_bound {
  double speed_up; /* over one core */
  double cycles;   /* of the busier core, filling the pipeline included */
};
struct demo_bound demo_bound(const struct trine_info *info, const struct trine_network *network,
                             uint64_t steps);

#endif
