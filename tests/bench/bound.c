/* SPDX-License-Identifier: Apache-2.0 */
/* bound: the best cut of whole layers, from products alone, see work.h. */
#include "work.h"

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

/* What can run at the same time: layers in order, and whether each begins a chain. */
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

/* Products on the way of one cut: bit n of `cuts` is set when layer n + 1 is on the next core. The
 * busiest core works through all steps; the rest of a chain that is cut adds one step before or
 * after its largest part. */
static double cut_macs(const struct level *level, uint32_t cuts, double steps) {
  double busiest = 0, fill = 0;  /* so far */
  double core = 0;               /* on this core */
  double chain = 0;              /* of this chain, on all cores */
  double piece = 0, largest = 0; /* of this chain, on this core; on any core */
  for (uint32_t n = 0; n < level->count; n++) {
    const bool is_new_core = n > 0 && (cuts >> (n - 1) & 1) != 0;
    core = (is_new_core ? 0 : core) + level->macs[n];
    chain = (level->begins[n] ? 0 : chain) + level->macs[n];
    piece = (level->begins[n] || is_new_core ? 0 : piece) + level->macs[n];
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

static double level_cycles(const struct level *level, double steps, uint32_t cores) {
  double best = -1;
  for (uint32_t cuts = 0; level->count > 0 && cuts < UINT32_C(1) << (level->count - 1); cuts++) {
    if (ones(cuts) < cores) {
      const double macs = cut_macs(level, cuts, steps);
      best = best < 0 || macs < best ? macs : best;
    }
  }
  return best < 0 ? 0 : best;
}

double bench_cut_cycles(const struct bench_work *work, uint32_t macs, uint32_t cores) {
  const double steps = (double)work->what->steps * work->what->sequences;
  double cycles = 0;
  for (uint32_t n = 0; n < work->network->chain_count; n++) {
    const struct level level = level_layers(work->network, n);
    cycles += level_cycles(&level, steps, cores);
  }
  return cycles / macs;
}

double bench_whole_cycles(const struct bench_work *work, uint32_t macs) {
  return bench_cut_cycles(work, macs, 1);
}
