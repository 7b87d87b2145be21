/* SPDX-License-Identifier: Apache-2.0 */
/* bound: how much faster than one core two cores can be when layers stay whole. */
#ifndef TRINE_DEMO_BOUND_H
#define TRINE_DEMO_BOUND_H

#include <stdint.h>

#include "trine_network.h"

/* Speed-up over one core of the best cut of whole consecutive layers on two cores, from products
 * alone: no padding, no latency. Layers of chains that can run together are cut in one go; what
 * needs their whole output comes after them. `steps`: time steps of all sequences; where a cut
 * goes through a chain, the second core starts, or the first ends, one step of the other apart. */
double demo_bound(const struct trine_network *network, uint64_t steps);

#endif
