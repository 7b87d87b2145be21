/* SPDX-License-Identifier: Apache-2.0 */
/* bound: the best cut of whole layers, from the size of layers and MAC array, see bound.h. */
#include "bound.h"

#include "support/best_cut.h"
#include "support/mac_cycles.h"

struct demo_bound demo_bound(const struct trine_info *info, const struct trine_network *network,
                             uint64_t steps) {
  double cost[TRINE_MAX_LAYERS] = {0};
  for (uint32_t n = 0; n < network->layer_count; n++) {
    cost[n] = (double)mac_cycles(info, network, n, network->layers[n].units);
  }
  const double one = best_cut(network, cost, (double)steps, 1);
  const double two = best_cut(network, cost, (double)steps, 2);
  return (struct demo_bound){.speed_up = one / two, .cycles = two};
}
