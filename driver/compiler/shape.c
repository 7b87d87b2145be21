/* SPDX-License-Identifier: Apache-2.0 */
/* shape: which units of which layer go on which core, for a mode and a number of cores. */
#include <string.h>

#include "compiler/internal.h"

/* One copy of a network's contexts being placed on ranks [first_rank, first_rank + cores). */
struct placer {
  const struct trine_info *info;
  const struct trine_network *network;
  struct trine_placement *placement;
  uint32_t copy, first_rank, cores;
  uint32_t most; /* cores a part of the cut may have */
};

/* Where each layer of a level goes: cores [begin, begin + count) of the copy's. */
struct cut {
  uint32_t begin[TRINE_MAX_LAYERS], count[TRINE_MAX_LAYERS];
};

static uint64_t layer_weight_bytes(const struct trine_info *info,
                                   const struct trine_network *network, uint32_t layer,
                                   uint32_t units) {
  const struct trine_layer *what = &network->layers[layer];
  uint32_t groups = trine_divide_up(units, trine_granule(info, what));
  uint32_t chunks =
      trine_divide_up(trine_layer_width(network, layer, info->mem_bytes), info->macs_per_lane);
  if (what->kind == TRINE_LAYER_LSTM) {
    chunks += trine_divide_up(what->units, info->macs_per_lane);
  }
  return (uint64_t)groups * chunks * info->lanes * info->macs_per_lane;
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

static void slice_over(const struct placer *placer, uint32_t layer, uint32_t begin,
                       uint32_t count) {
  uint32_t instance = placer->copy * placer->network->layer_count + layer;
  struct trine_placement *placement = placer->placement;
  uint32_t first = placer->first_rank + begin;
  for (uint32_t r = 0; r < count; r++) {
    placement->slice[instance][first + r] =
        part_of_layer(placer->info, &placer->network->layers[layer], r, count);
  }
  placement->ranks = first + count > placement->ranks ? first + count : placement->ranks;
}

/* Largest slice of a layer when `ranks` cores share it. */
static uint32_t largest_slice(const struct trine_info *info, const struct trine_layer *layer,
                              uint32_t ranks) {
  uint32_t granule = trine_granule(info, layer);
  return trine_divide_up(trine_divide_up(layer->units, granule), ranks) * granule;
}

/* Cycles a step of layers [begin, end) of a level on `cores` cores; dearer than any cycles when
 * their weights do not fit. */
static uint64_t run_cost(const struct placer *placer, const struct level_layers *layers,
                         uint32_t begin, uint32_t end, uint32_t cores) {
  uint64_t cycles = 0, bytes = 0;
  for (uint32_t n = begin; n < end; n++) {
    uint32_t layer = layers->layer[n];
    uint32_t units = largest_slice(placer->info, &placer->network->layers[layer], cores);
    cycles += trine_slice_cycles(placer->info, placer->network, layer, units);
    bytes += layer_weight_bytes(placer->info, placer->network, layer, units);
  }
  return bytes > placer->info->weight_bytes ? (UINT64_C(1) << 48) + cycles : cycles;
}

/* Cuts the layers of a level in runs of consecutive ones, each on up to placer->most cores of its
 * own, so that the busiest core is as little busy as can be (dynamic programming over the last
 * layer and the cores used). */
static struct cut best_cut(const struct placer *placer, const struct level_layers *layers) {
  uint64_t best[TRINE_MAX_CORES + 1][TRINE_MAX_LAYERS + 1];
  struct {
    uint8_t begin, cores;
  } from[TRINE_MAX_CORES + 1][TRINE_MAX_LAYERS + 1];
  memset(from, 0, sizeof from);
  for (uint32_t c = 0; c <= placer->cores; c++) {
    for (uint32_t end = 0; end <= layers->count; end++) {
      best[c][end] = end == 0 ? 0 : UINT64_MAX;
      for (uint32_t k = 1; k <= c && k <= placer->most; k++) {
        for (uint32_t begin = 0; begin < end; begin++) {
          uint64_t cost = run_cost(placer, layers, begin, end, k);
          cost = cost > best[c - k][begin] ? cost : best[c - k][begin];
          if (cost < best[c][end]) {
            best[c][end] = cost;
            from[c][end].begin = (uint8_t)begin;
            from[c][end].cores = (uint8_t)k;
          }
        }
      }
    }
  }
  struct cut cut = {{0}, {0}};
  uint32_t c = placer->cores;
  for (uint32_t end = layers->count; end > 0;) {
    while (c > 1 && best[c - 1][end] == best[c][end]) {
      c--; /* cores that bring nothing stay free */
    }
    uint32_t begin = from[c][end].begin, cores = from[c][end].cores;
    for (uint32_t n = begin; n < end; n++) {
      cut.begin[n] = c - cores;
      cut.count[n] = cores;
    }
    c -= cores;
    end = begin;
  }
  return cut;
}

/* Places one copy; `most` cores a part, or all of them when it is as many as there are. */
static void place_copy(struct placer *placer, const uint32_t *level, uint32_t levels) {
  for (uint32_t s = 0; s < levels; s++) {
    struct level_layers layers = trine_level_layers(placer->network, level, s);
    if (placer->most >= placer->cores || layers.count < 2) {
      uint32_t count = placer->most == 1 ? 1 : placer->cores;
      for (uint32_t n = 0; n < layers.count; n++) {
        slice_over(placer, layers.layer[n], 0, count);
      }
      continue;
    }
    struct cut cut = best_cut(placer, &layers);
    uint32_t spare = cut.begin[0]; /* cut from the end: begin with the first core all the same */
    for (uint32_t n = 0; n < layers.count; n++) {
      slice_over(placer, layers.layer[n], cut.begin[n] - spare, cut.count[n]);
    }
  }
}

static enum trine_status check_shape(const struct trine_shape *shape, uint32_t groups,
                                     struct trine_error *error) {
  if ((unsigned)shape->mode > TRINE_MODE_HYBRID) {
    return trine_refuse(error, TRINE_ERR_ARG, "there is no mode %d; modes are 0 to 3",
                        (int)shape->mode);
  }
  if (shape->mode != TRINE_MODE_HYBRID && groups != 1) {
    return trine_refuse(
        error, TRINE_ERR_ARG,
        "only mode hybrid has groups of cores for parts of a batch; %u were asked for", groups);
  }
  if (shape->copies > TRINE_MAX_COPIES) {
    return trine_refuse(error, TRINE_ERR_LIMIT, "%u copies were asked for; at most %d are possible",
                        shape->copies, (int)TRINE_MAX_COPIES);
  }
  if (groups > shape->cores) {
    return trine_refuse(error, TRINE_ERR_ARG, "%u groups need as many cores; the job has %u",
                        groups, shape->cores);
  }
  return TRINE_OK;
}

/* Cores a part of the cut may have, of `cores` of a group. */
static uint32_t most_of_mode(const struct trine_shape *shape, uint32_t groups, uint32_t cores) {
  if (shape->mode == TRINE_MODE_MULTITHREADING) {
    return 1;
  }
  /* A batch group keeps whole layers or slices over all of it; else hybrid is a cut in parts. */
  return shape->mode == TRINE_MODE_HYBRID && groups == 1 && cores > 1 ? cores - 1 : cores;
}

enum trine_status trine_compile_place(const struct trine_target *target,
                                      const struct trine_network *network,
                                      const struct trine_shape *shape,
                                      struct trine_placement *placement,
                                      struct trine_error *error) {
  if (target == NULL || network == NULL || shape == NULL || placement == NULL) {
    return trine_refuse(error, TRINE_ERR_ARG, "a placement needs a network and a place for it");
  }
  enum trine_status status = trine_compile_check(target, network, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (shape->cores < 1 || shape->cores > target->info.cores) {
    return trine_refuse(error, TRINE_ERR_LIMIT, "%u cores were asked for; configuration %s has %u",
                        shape->cores, target->config, target->info.cores);
  }
  uint32_t groups = shape->groups > 0 ? shape->groups : 1;
  uint32_t copies = shape->copies > 0 ? shape->copies : 1;
  uint32_t level[TRINE_MAX_CHAINS], levels = 0;
  (void)trine_chain_levels(network, level, &levels);
  memset(placement, 0, sizeof *placement);
  placement->mode = shape->mode;
  placement->layer_count = network->layer_count;
  placement->copies = groups * copies;
  placement->h_first = true;
  status = check_shape(shape, groups, error);
  if (status == TRINE_OK && placement->copies > trine_most_copies(network)) {
    return trine_compile_check_placement(target, network, placement, error); /* says so */
  }
  for (uint32_t copy = 0; status == TRINE_OK && copy < placement->copies; copy++) {
    uint32_t group = copy % groups;
    uint32_t begin = shape->cores * group / groups;
    uint32_t cores = shape->cores * (group + 1) / groups - begin;
    struct placer placer = {
        &target->info, network, placement, copy, begin, cores, most_of_mode(shape, groups, cores)};
    place_copy(&placer, level, levels);
  }
  if (status == TRINE_OK && shape->mode == TRINE_MODE_MULTITHREADING && placement->ranks < 2) {
    return trine_refuse(error, TRINE_ERR_LIMIT,
                        "multithreading needs two layers or more that can run at the same time and "
                        "two cores or more; the network has %u layers, the job %u cores",
                        network->layer_count, shape->cores);
  }
  if (status == TRINE_OK && shape->mode == TRINE_MODE_SINGLE) {
    placement->ranks = shape->cores; /* more than one is refused by name */
  }
  return status == TRINE_OK ? trine_compile_check_placement(target, network, placement, error)
                            : status;
}
