/* SPDX-License-Identifier: Apache-2.0 */
/* place: what a placement costs a step, and whether it is one the device can run. */
#include <string.h>

#include "compiler/internal.h"

uint64_t trine_slice_cycles(const struct trine_info *info, const struct trine_network *network,
                            uint32_t layer, uint32_t units) {
  const struct trine_layer *what = &network->layers[layer];
  uint32_t beats = info->lanes / info->tail_rows;
  uint32_t groups = trine_divide_up(units, trine_granule(info, what));
  uint32_t width = trine_layer_width(network, layer, info->mem_bytes);
  uint32_t x_chunks = trine_divide_up(width, info->macs_per_lane);
  uint32_t h_chunks = trine_divide_up(what->units, info->macs_per_lane);
  /* A group occupies the MACs for its chunks, or the tail for its beats if those are more. */
  uint64_t cycles = x_chunks > beats ? x_chunks : beats;
  if (what->kind == TRINE_LAYER_LSTM) {
    cycles += h_chunks > beats ? h_chunks : beats;
  }
  return groups * cycles;
}

struct level_layers trine_level_layers(const struct trine_network *network, const uint32_t *levels,
                                       uint32_t level) {
  struct level_layers found = {0};
  for (uint32_t k = 0; k < network->chain_count; k++) {
    const struct trine_chain *chain = &network->chains[k];
    for (uint32_t n = 0; levels[k] == level && n < chain->layer_count; n++) {
      found.layer[found.count] = chain->first_layer + n;
      found.count++;
    }
  }
  return found;
}

static enum trine_status check_mode(const struct trine_placement *placement,
                                    struct trine_error *error) {
  if ((unsigned)placement->mode > TRINE_MODE_HYBRID) {
    return trine_refuse(error, TRINE_ERR_ARG, "there is no mode %d; modes are 0 to 3",
                        (int)placement->mode);
  }
  bool is_single = placement->mode == TRINE_MODE_SINGLE;
  if (is_single && placement->ranks != 1) {
    return trine_refuse(error, TRINE_ERR_LIMIT, "mode single takes exactly one core, not %u",
                        placement->ranks);
  }
  if (!is_single && placement->mode != TRINE_MODE_HYBRID && placement->ranks < 2) {
    return trine_refuse(error, TRINE_ERR_LIMIT, "mode %s needs two cores or more; the job has %u",
                        placement->mode == TRINE_MODE_HELPER ? "helper" : "multithreading",
                        placement->ranks);
  }
  return TRINE_OK;
}

enum trine_status trine_compile_check_placement(const struct trine_target *target,
                                                const struct trine_network *network,
                                                const struct trine_placement *placement,
                                                struct trine_error *error) {
  if (placement->copies < 1 || placement->copies > trine_most_copies(network)) {
    return trine_refuse(error, TRINE_ERR_LIMIT,
                        "the placement has %u copies of its contexts; with %u layers and %u chains "
                        "the %d channels of a domain serve 1 to %u",
                        placement->copies, network->layer_count, network->chain_count,
                        (int)TRINE_CHANNELS, trine_most_copies(network));
  }
  if (placement->ranks < 1 || placement->ranks > target->info.cores ||
      placement->layer_count != network->layer_count) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "the placement has %u ranks and %u layers; the device has %u cores and the "
                        "network %u layers",
                        placement->ranks, placement->layer_count, target->info.cores,
                        network->layer_count);
  }
  for (uint32_t n = 0; n < trine_layer_instances(network, placement); n++) {
    const struct trine_layer *layer = trine_instance_layer(network, n);
    uint32_t granule = trine_granule(&target->info, layer);
    uint32_t next = 0;
    for (uint32_t r = 0; r < placement->ranks; r++) {
      struct trine_slice slice = placement->slice[n][r];
      if (slice.count > 0 && (slice.first != next || slice.first % granule != 0)) {
        return trine_refuse(error, TRINE_ERR_ARG,
                            "layer %s, rank %u: the slice starts at unit %u; it must be %u and a "
                            "multiple of %u",
                            layer->name, r, slice.first, next, granule);
      }
      next += slice.count;
    }
    if (next != layer->units) {
      return trine_refuse(error, TRINE_ERR_ARG, "layer %s: the slices have %u units, the layer %u",
                          layer->name, next, layer->units);
    }
  }
  return check_mode(placement, error);
}

/* The network is one that trine_chain_levels and the tables of layers can be asked about. */
static bool shapes_fit(const struct trine_network *network) {
  char text[8];
  uint32_t turn[TRINE_MAX_CHAINS];
  return trine_network_complete(network, text, sizeof text) && trine_network_has_room(network) &&
         trine_network_shapes_fit(network, turn, text, sizeof text);
}

uint64_t trine_compile_step_cycles(const struct trine_target *target,
                                   const struct trine_network *network,
                                   const struct trine_placement *placement) {
  if (target == NULL || placement == NULL || !shapes_fit(network) || placement->copies < 1 ||
      placement->copies > trine_most_copies(network) || placement->ranks > TRINE_MAX_CORES ||
      placement->layer_count != network->layer_count) {
    return 0;
  }
  uint32_t level[TRINE_MAX_CHAINS], levels = 0;
  (void)trine_chain_levels(network, level, &levels);
  uint64_t total = 0;
  for (uint32_t s = 0; s < levels; s++) {
    struct level_layers layers = trine_level_layers(network, level, s);
    uint64_t busiest = 0;
    for (uint32_t r = 0; r < placement->ranks; r++) {
      uint64_t cycles = 0;
      for (uint32_t n = 0; n < layers.count * placement->copies; n++) {
        uint32_t layer = layers.layer[n % layers.count];
        uint32_t instance = n / layers.count * network->layer_count + layer;
        uint32_t units = placement->slice[instance][r].count;
        cycles += trine_slice_cycles(&target->info, network, layer, units);
      }
      busiest = cycles > busiest ? cycles : busiest;
    }
    total += busiest;
  }
  return trine_divide_up64(total, placement->copies);
}
