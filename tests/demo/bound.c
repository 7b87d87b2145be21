/* SPDX-License-Identifier: Apache-2.0 */
/* bound: the best cut of whole layers, from the size of layers and MAC array, see bound.h. */
#include "bound.h"

static uint32_t divide_up(uint32_t a, uint32_t b) {
  return a / b + (a % b != 0);
}

/* Bytes of the vectors a chain reads: each part of a row begins at a memory word. */
static uint32_t row_width(const struct trine_info *info, const struct trine_tensor *tensor) {
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width = divide_up(width, info->mem_bytes) * info->mem_bytes + tensor->part_width[p];
  }
  return width;
}

/* Cycles of the MAC array for one step of a layer that reads vectors of `width` bytes. */
static double layer_cycles(const struct trine_info *info, const struct trine_layer *layer,
                           uint32_t width) {
  const bool is_lstm = layer->kind == TRINE_LAYER_LSTM;
  const uint32_t groups =
      divide_up(layer->units, is_lstm ? info->lanes / TRINE_GATES : info->lanes);
  const uint32_t chunks = divide_up(width, info->macs_per_lane) +
                          (is_lstm ? divide_up(layer->units, info->macs_per_lane) : 0);
  return (double)groups * chunks;
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
  double cycles[TRINE_MAX_LAYERS];
  bool begins[TRINE_MAX_LAYERS];
};

static struct level level_layers(const struct trine_info *info, const struct trine_network *network,
                                 uint32_t wanted) {
  struct level level = {.count = 0};
  for (uint32_t k = 0; k < network->chain_count; k++) {
    const struct trine_chain *chain = &network->chains[k];
    for (uint32_t n = 0; level_of(network, k, 0) == wanted && n < chain->layer_count; n++) {
      const struct trine_layer *layer = &network->layers[chain->first_layer + n];
      const uint32_t width =
          n == 0 ? row_width(info, &network->tensors[chain->source]) : layer->inputs;
      level.cycles[level.count] = layer_cycles(info, layer, width);
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
    before += level->cycles[cut - 1];
    const double after = all - before;
    const double busier = before > after ? before : after;
    const double fill = level->begins[cut] ? 0 : all - busier;
    const double cost = busier * steps + fill;
    best = cost < best ? cost : best;
  }
  return best;
}

struct demo_bound demo_bound(const struct trine_info *info, const struct trine_network *network,
                             uint64_t steps) {
  double one = 0, two = 0;
  for (uint32_t n = 0; n < network->chain_count; n++) {
    const struct level level = level_layers(info, network, n);
    double all = 0;
    for (uint32_t i = 0; i < level.count; i++) {
      all += level.cycles[i];
    }
    one += all * (double)steps;
    two += best_cut(&level, (double)steps, all);
  }
  return (struct demo_bound){.speed_up = one / two, .cycles = two};
}
