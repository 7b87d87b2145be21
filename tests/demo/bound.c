/* SPDX-License-Identifier: Apache-2.0 */
/* bound: the best cut of whole layers, from products alone, see bound.h. */
#include "bound.h"

#include "trine.h"

static double layer_macs(const struct trine_layer *layer) {
  const double units = layer->units;
  return layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES * units * (layer->inputs + units)
                                         : units * layer->inputs;
}

/* Chains that must be done before this one can start: the longest row of them. */
static uint32_t level_of(const struct trine_network *network, uint32_t chain, uint32_t depth) {
  uint32_t level = 0;
  for (uint32_t n = 0; n < network->chain_count && depth < network->chain_count; n++) {
    if (network->chains[n].target == network->chains[chain].source) {
      const uint32_t before = level_of(network, n, depth + 1) + 1;
      level = before > level ? before : level;
    }
  }
  return level;
}

/* The layers of one level in order, and whether each begins a chain. */
struct level {
  uint32_t count;
  double macs[TRINE_MAX_LAYERS];
  bool begins[TRINE_MAX_LAYERS];
};

static struct level level_layers(const struct trine_network *network, uint32_t wanted) {
  struct level level = {.count = 0};
  for (uint32_t k = 0; k < network->chain_count; k++) {
    const struct trine_chain *chain = &network->chains[k];
    for (uint32_t n = 0; level_of(network, k, 0) == wanted && n < chain->layer_count; n++) {
      level.macs[level.count] = layer_macs(&network->layers[chain->first_layer + n]);
      level.begins[level.count] = n == 0;
      level.count++;
    }
  }
  return level;
}

static double best_cut(const struct level *level, double steps, double all) {
  double best = all * steps;
  double before = 0;
  for (uint32_t cut = 1; cut < level->count; cut++) {
    before += level->macs[cut - 1];
    const double after = all - before;
    const double busier = before > after ? before : after;
    const double fill = level->begins[cut] ? 0 : all - busier;
    const double cost = busier * steps + fill;
    best = cost < best ? cost : best;
  }
  return best;
}

double demo_bound(const struct trine_network *network, uint64_t steps) {
  double one = 0, two = 0;
  for (uint32_t n = 0; n < network->chain_count; n++) {
    const struct level level = level_layers(network, n);
    double all = 0;
    for (uint32_t i = 0; i < level.count; i++) {
      all += level.macs[i];
    }
    one += all * (double)steps;
    two += best_cut(&level, (double)steps, all);
  }
  return one / two;
}
