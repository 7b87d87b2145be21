/* SPDX-License-Identifier: Apache-2.0 */
/* describe: what came of a run as JSON: placement, cycles, and where they went. */
#ifndef TRINE_BENCH_DESCRIBE_H
#define TRINE_BENCH_DESCRIBE_H

#include <cjson/cJSON.h>

#include "trine.h"

/* "layers": [{inputs, units, kind}], and "chains": their number; one is a plain stack. */
void describe_layers(cJSON *object, const struct trine_network *network);

/* "placement": one text a layer, as "rank 0: 0..63, rank 1: 64..127", for each copy. */
void describe_placement(cJSON *object, const struct trine_network *network,
                        const struct trine_placement *placement);

/* Of one run, of several jobs that ran side by side: cycles (of the longest), load_cycles
 * (likewise), macs, limit_cycles, utilisation, and "lost": an object a core with cycles, products
 * (macs), MAC slots spent on padding, MAC cycles (mac), and the cycles lost by cause. They add up:
 * mac + all causes = cycles on every core, which is the time from start to done of its job, loads
 * included; mac x MACs a core = macs + padding_slots. */
void describe_run(cJSON *object, const struct trine_info *info, const struct trine_stats *stats,
                  uint32_t jobs);

#endif
