/* SPDX-License-Identifier: Apache-2.0 */
/* trine_place: which units of which layer go on which core, mode by mode. */
#include <string.h>

#include "trine_internal.h"

/* Layers that may run at the same time, in order. */
struct level_layers {
  uint32_t count;
  uint32_t layer[TRINE_MAX_LAYERS];
};

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

static uint32_t layer_weight_bytes(const struct trine_info *info,
                                   const struct trine_network *network, uint32_t layer,
                                   uint32_t units) {
  const struct trine_layer *what = &network->layers[layer];
  uint32_t groups = trine_divide_up(units, trine_granule(info, what));
  uint32_t chunks =
      trine_divide_up(trine_layer_width(network, layer, info->mem_bytes), info->macs_per_lane);
  if (what->kind == TRINE_LAYER_LSTM) {
    chunks += trine_divide_up(what->units, info->macs_per_lane);
  }
  return groups * chunks * info->lanes * info->macs_per_lane;
}

static struct level_layers layers_of_level(const struct trine_network *network,
                                           const uint32_t *levels, uint32_t level) {
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

/* Units of a layer on part `index` of `parts`, in whole row groups as equal as can be. */
static struct trine_slice part_of_layer(const struct trine_info *info,
                                        const struct trine_layer *layer, uint32_t index,
                                        uint32_t parts) {
  uint32_t granule = trine_granule(info, layer);
  uint32_t groups = trine_divide_up(layer->units, granule);
  uint32_t begin = groups * index / parts * granule;
  uint32_t end = groups * (index + 1) / parts * granule;
  end = end > layer->units ? layer->units : end;
  struct trine_slice slice = {(uint16_t)begin, (uint16_t)(end - begin)};
  return slice;
}

static void slice_over(const struct trine_info *info, const struct trine_network *network,
                       struct trine_placement *placement, uint32_t layer, uint32_t first_rank,
                       uint32_t ranks) {
  for (uint32_t r = 0; r < ranks; r++) {
    placement->slice[layer][first_rank + r] =
        part_of_layer(info, &network->layers[layer], r, ranks);
  }
}

/* Largest slice of a layer when `ranks` cores share it. */
static uint32_t largest_slice(const struct trine_info *info, const struct trine_layer *layer,
                              uint32_t ranks) {
  uint32_t granule = trine_granule(info, layer);
  return trine_divide_up(trine_divide_up(layer->units, granule), ranks) * granule;
}

/* Cuts the layers in `parts` runs of consecutive ones, the most expensive as cheap as can be and
 * each within one weight buffer if there is such a cut; part_of[n] is the run of layer n. */
static void best_cut(const struct trine_info *info, const struct trine_network *network,
                     const struct level_layers *layers, uint32_t parts, uint32_t ranks_a_part,
                     uint32_t part_of[TRINE_MAX_LAYERS]) {
  uint64_t best[TRINE_MAX_CORES + 1][TRINE_MAX_LAYERS + 1];
  uint32_t from[TRINE_MAX_CORES + 1][TRINE_MAX_LAYERS + 1];
  const uint64_t too_big = UINT64_C(1) << 48; /* dearer than any cycles: memory that is not there */
  memset(from, 0, sizeof from);
  for (uint32_t k = 0; k <= parts; k++) {
    for (uint32_t end = 0; end <= layers->count; end++) {
      best[k][end] = k == 0 && end == 0 ? 0 : UINT64_MAX;
      uint64_t cycles = 0, bytes = 0;
      for (uint32_t begin = end; k > 0 && begin-- > 0;) {
        uint32_t layer = layers->layer[begin];
        uint32_t units = largest_slice(info, &network->layers[layer], ranks_a_part);
        cycles += trine_slice_cycles(info, network, layer, units);
        bytes += layer_weight_bytes(info, network, layer, units);
        uint64_t cost = bytes > info->weight_bytes ? too_big + cycles : cycles;
        cost = cost > best[k - 1][begin] ? cost : best[k - 1][begin];
        if (cost < best[k][end]) {
          best[k][end] = cost;
          from[k][end] = begin;
        }
      }
    }
  }
  uint32_t end = layers->count;
  for (uint32_t k = parts; k > 0; k--) {
    for (uint32_t n = from[k][end]; n < end; n++) {
      part_of[n] = k - 1;
    }
    end = from[k][end];
  }
}

static enum trine_status place_multithreading(struct trine *device,
                                              const struct trine_network *network, uint32_t cores,
                                              const uint32_t *level, uint32_t levels,
                                              struct trine_placement *placement) {
  placement->ranks = 1;
  for (uint32_t s = 0; s < levels; s++) {
    struct level_layers layers = layers_of_level(network, level, s);
    uint32_t parts = layers.count < cores ? layers.count : cores;
    uint32_t part_of[TRINE_MAX_LAYERS] = {0};
    best_cut(&device->info, network, &layers, parts, 1, part_of);
    for (uint32_t n = 0; n < layers.count; n++) {
      slice_over(&device->info, network, placement, layers.layer[n], part_of[n], 1);
    }
    placement->ranks = parts > placement->ranks ? parts : placement->ranks;
  }
  if (placement->ranks < 2) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "multithreading needs two layers or more that can run at the same time and "
                      "two cores or more; the network has %u layers, the job %u cores",
                      network->layer_count, cores);
  }
  return TRINE_OK;
}

static void place_hybrid_level(const struct trine_info *info, const struct trine_network *network,
                               uint32_t cores, const uint32_t *level, uint32_t s,
                               struct trine_placement *placement) {
  struct level_layers layers = layers_of_level(network, level, s);
  uint32_t chains = 0;
  for (uint32_t k = 0; k < network->chain_count; k++) {
    chains += level[k] == s;
  }
  uint32_t part_of[TRINE_MAX_LAYERS] = {0};
  uint32_t parts = 1;
  if (chains > 1 && chains <= cores) {
    parts = chains;
    uint32_t at = 0, chain = 0;
    for (uint32_t k = 0; k < network->chain_count; k++) {
      for (uint32_t n = 0; level[k] == s && n < network->chains[k].layer_count; n++) {
        part_of[at++] = chain;
      }
      chain += level[k] == s;
    }
  } else if (layers.count > 1 && cores > 1) {
    parts = 2;
    best_cut(info, network, &layers, parts, cores / 2, part_of);
  }
  for (uint32_t n = 0; n < layers.count; n++) {
    uint32_t begin = part_of[n] * cores / parts;
    uint32_t end = (part_of[n] + 1) * cores / parts;
    slice_over(info, network, placement, layers.layer[n], begin, end - begin);
  }
}

enum trine_status trine_place(struct trine *device, const struct trine_network *network,
                              enum trine_mode mode, uint32_t cores,
                              struct trine_placement *placement) {
  if (device == NULL) {
    return TRINE_ERR_ARG;
  }
  if (network == NULL || placement == NULL) {
    return trine_fail(device, TRINE_ERR_ARG, "no network or no place for the placement was given");
  }
  enum trine_status status = trine_check_network(device, network);
  if (status != TRINE_OK) {
    return status;
  }
  if (cores < 1 || cores > device->info.cores) {
    return trine_fail(device, TRINE_ERR_LIMIT, "%u cores were asked for; configuration %s has %u",
                      cores, device->config, device->info.cores);
  }
  memset(placement, 0, sizeof *placement);
  placement->mode = mode;
  placement->ranks = mode == TRINE_MODE_SINGLE ? 1 : cores;
  placement->layer_count = network->layer_count;
  uint32_t level[TRINE_MAX_CHAINS], levels = 0;
  (void)trine_chain_levels(network, level, &levels);
  switch (mode) {
    case TRINE_MODE_SINGLE:
    case TRINE_MODE_HELPER:
      for (uint32_t n = 0; n < network->layer_count; n++) {
        slice_over(&device->info, network, placement, n, 0, placement->ranks);
      }
      break;
    case TRINE_MODE_MULTITHREADING:
      status = place_multithreading(device, network, cores, level, levels, placement);
      break;
    case TRINE_MODE_HYBRID:
      for (uint32_t s = 0; s < levels; s++) {
        place_hybrid_level(&device->info, network, cores, level, s, placement);
      }
      break;
    default:
      return trine_fail(device, TRINE_ERR_ARG, "there is no mode %d; modes are 0 to 3", (int)mode);
  }
  return status == TRINE_OK ? trine_check_placement(device, network, placement) : status;
}

static enum trine_status check_mode(struct trine *device, const struct trine_placement *placement) {
  bool is_single = placement->mode == TRINE_MODE_SINGLE;
  if (is_single && placement->ranks != 1) {
    return trine_fail(device, TRINE_ERR_LIMIT, "mode single takes exactly one core, not %u",
                      placement->ranks);
  }
  if (!is_single && placement->mode != TRINE_MODE_HYBRID && placement->ranks < 2) {
    return trine_fail(device, TRINE_ERR_LIMIT, "mode %s needs two cores or more; the job has %u",
                      placement->mode == TRINE_MODE_HELPER ? "helper" : "multithreading",
                      placement->ranks);
  }
  return TRINE_OK;
}

enum trine_status trine_check_placement(struct trine *device, const struct trine_network *network,
                                        const struct trine_placement *placement) {
  if (placement->ranks < 1 || placement->ranks > device->info.cores ||
      placement->layer_count != network->layer_count) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the placement has %u ranks and %u layers; the device has %u cores and the "
                      "network %u layers",
                      placement->ranks, placement->layer_count, device->info.cores,
                      network->layer_count);
  }
  for (uint32_t n = 0; n < network->layer_count; n++) {
    const struct trine_layer *layer = &network->layers[n];
    uint32_t granule = trine_granule(&device->info, layer);
    uint32_t next = 0;
    for (uint32_t r = 0; r < placement->ranks; r++) {
      struct trine_slice slice = placement->slice[n][r];
      if (slice.count > 0 && (slice.first != next || slice.first % granule != 0)) {
        return trine_fail(device, TRINE_ERR_ARG,
                          "layer %s, rank %u: the slice starts at unit %u; it must be %u and a "
                          "multiple of %u",
                          layer->name, r, slice.first, next, granule);
      }
      next += slice.count;
    }
    if (next != layer->units) {
      return trine_fail(device, TRINE_ERR_ARG, "layer %s: the slices have %u units, the layer %u",
                        layer->name, next, layer->units);
    }
  }
  return check_mode(device, placement);
}

uint64_t trine_step_cycles(const struct trine *device, const struct trine_network *network,
                           const struct trine_placement *placement) {
  uint32_t level[TRINE_MAX_CHAINS], levels = 0;
  (void)trine_chain_levels(network, level, &levels);
  uint64_t total = 0;
  for (uint32_t s = 0; s < levels; s++) {
    struct level_layers layers = layers_of_level(network, level, s);
    uint64_t busiest = 0;
    for (uint32_t r = 0; r < placement->ranks; r++) {
      uint64_t cycles = 0;
      for (uint32_t n = 0; n < layers.count; n++) {
        uint32_t units = placement->slice[layers.layer[n]][r].count;
        cycles += trine_slice_cycles(&device->info, network, layers.layer[n], units);
      }
      busiest = cycles > busiest ? cycles : busiest;
    }
    total += busiest;
  }
  return total;
}
