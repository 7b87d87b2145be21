/* SPDX-License-Identifier: Apache-2.0 */
/* best_cut: what the best cut of whole consecutive layers allows, from a cost a layer and nothing
 * else: no latency, but the fill of the pipeline. */
#ifndef TRINE_TEST_BEST_CUT_H
#define TRINE_TEST_BEST_CUT_H

#include "trine_network.h"

/* Cost of `steps` time steps on the busiest of at most `cores` cores; cost[n]: of one step of layer
 * n, in any unit. What can run at the same time is cut in one go; what needs its whole output comes
 * after it. The rest of a chain that is cut adds one step before or after its largest part. */
double best_cut(const struct trine_network *network, const double *cost, double steps,
                uint32_t cores);

#endif
