/* SPDX-License-Identifier: Apache-2.0 */
/* best_cut: tries every cut, see best_cut.h. */
#include "best_cut.h"

#include "trine.h"

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

/* What can run at the same time: layers in order, and whether each begins a chain. */
struct level {
  uint32_t count;
  double cost[TRINE_MAX_LAYERS];
  bool begins[TRINE_MAX_LAYERS];
};

static struct level level_layers(const struct trine_network *network, const double *cost,
                                 uint32_t wanted) {
  struct level level = {.count = 0};
  for (uint32_t k = 0; k < network->chain_count; k++) {
    const struct trine_chain *chain = &network->chains[k];
    for (uint32_t n = 0; level_of(network, k, 0) == wanted && n < chain->layer_count; n++) {
      level.cost[level.count] = cost[chain->first_layer + n];
      level.begins[level.count] = n == 0;
      level.count++;
    }
  }
  return level;
}

/* Cost of one cut: bit n of `cuts` is set when layer n + 1 is on the next core. The
 * busiest core works through all steps; the rest of a chain that is cut adds one step before or
 * after its largest part. */
static double cut_cost(const struct level *level, uint32_t cuts, double steps) {
  double busiest = 0, fill = 0;  /* so far */
  double core = 0;               /* on this core */
  double chain = 0;              /* of this chain, on all cores */
  double piece = 0, largest = 0; /* of this chain, on this core; on any core */
  for (uint32_t n = 0; n < level->count; n++) {
    const bool is_new_core = n > 0 && (cuts >> (n - 1) & 1) != 0;
    core = (is_new_core ? 0 : core) + level->cost[n];
    chain = (level->begins[n] ? 0 : chain) + level->cost[n];
    piece = (level->begins[n] || is_new_core ? 0 : piece) + level->cost[n];
    largest = level->begins[n] || piece > largest ? piece : largest;
    busiest = core > busiest ? core : busiest;
    const bool ends = n + 1 == level->count || level->begins[n + 1];
    fill = ends && chain - largest > fill ? chain - largest : fill;
  }
  return busiest * steps + fill;
}

static uint32_t ones(uint32_t bits) {
  uint32_t count = 0;
  for (; bits != 0; bits &= bits - 1) {
    count++;
  }
  return count;
}

static double level_cost(const struct level *level, double steps, uint32_t cores) {
  double best = -1;
  for (uint32_t cuts = 0; level->count > 0 && cuts < UINT32_C(1) << (level->count - 1); cuts++) {
    if (ones(cuts) < cores) {
      const double cost = cut_cost(level, cuts, steps);
      best = best < 0 || cost < best ? cost : best;
    }
  }
  return best < 0 ? 0 : best;
}

double best_cut(const struct trine_network *network, const double *cost, double steps,
                uint32_t cores) {
  double sum = 0;
  for (uint32_t n = 0; n < network->chain_count; n++) {
    const struct level level = level_layers(network, cost, n);
    sum += level_cost(&level, steps, cores);
  }
  return sum;
}
