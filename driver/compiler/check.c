/* SPDX-License-Identifier: Apache-2.0 */
/* check: a network against itself (the check is that of trine_network.h) and against the
 * sizes of the device. */
#include <string.h>

#include "compiler/internal.h"

struct geometry trine_geometry(const struct trine_info *info) {
  struct geometry geometry = {.group_units = info->lanes / TRINE_GATES,
                              .word_bytes = info->lanes * info->macs_per_lane,
                              .group_beats = info->lanes / info->tail_rows,
                              .param_beats = info->param_rows / info->tail_rows};
  geometry.vec_bytes =
      info->bus_bytes > info->macs_per_lane ? info->bus_bytes : info->macs_per_lane;
  geometry.weight_words = info->weight_bytes / geometry.word_bytes;
  geometry.ring_words = info->ring_bytes / geometry.vec_bytes;
  return geometry;
}

void trine_tensor_parts(const struct trine_tensor *tensor, uint32_t mem_bytes,
                        struct row_layout *layout) {
  layout->stride = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    layout->part_offset[p] = layout->stride;
    layout->width = layout->stride + tensor->part_width[p];
    layout->stride += trine_round_up(tensor->part_width[p], mem_bytes);
  }
}

static const struct trine_chain *tensor_writer(const struct trine_network *network,
                                               uint32_t tensor) {
  for (uint32_t k = 0; k < network->chain_count; k++) {
    if (network->chains[k].target == tensor) {
      return &network->chains[k];
    }
  }
  return NULL;
}

bool trine_tensor_per_sequence(const struct trine_network *network, uint32_t tensor) {
  /* At most chain_count hops: the order of chains was checked. */
  for (uint32_t hop = 0; hop <= network->chain_count; hop++) {
    const struct trine_chain *chain = tensor_writer(network, tensor);
    if (chain == NULL) {
      return false;
    }
    if (chain->last_only) {
      return true;
    }
    tensor = chain->source;
  }
  return false;
}

const struct trine_chain *trine_layer_chain(const struct trine_network *network, uint32_t layer) {
  for (uint32_t k = 0; k < network->chain_count; k++) {
    const struct trine_chain *chain = &network->chains[k];
    if (layer >= chain->first_layer && layer - chain->first_layer < chain->layer_count) {
      return chain;
    }
  }
  return NULL;
}

uint32_t trine_layer_width(const struct trine_network *network, uint32_t layer,
                           uint32_t mem_bytes) {
  const struct trine_chain *chain = trine_layer_chain(network, layer);
  if (chain == NULL || chain->first_layer != layer) {
    return network->layers[layer].inputs;
  }
  struct row_layout parts = {0};
  trine_tensor_parts(&network->tensors[chain->source], mem_bytes, &parts);
  return parts.width;
}

uint32_t trine_granule(const struct trine_info *info, const struct trine_layer *layer) {
  return layer->kind == TRINE_LAYER_LSTM ? info->lanes / TRINE_GATES : info->lanes;
}

bool trine_chain_levels(const struct trine_network *network, uint32_t level[TRINE_MAX_CHAINS],
                        uint32_t *levels) {
  memset(level, 0, TRINE_MAX_CHAINS * sizeof *level);
  bool is_stable = false;
  for (uint32_t pass = 0; pass <= network->chain_count && !is_stable; pass++) {
    is_stable = true;
    for (uint32_t k = 0; k < network->chain_count; k++) {
      for (uint32_t j = 0; j < network->chain_count; j++) {
        bool is_before = network->chains[j].target == network->chains[k].source;
        if (is_before && level[k] <= level[j]) {
          level[k] = level[j] + 1;
          is_stable = false;
        }
      }
    }
  }
  *levels = 0;
  for (uint32_t k = 0; k < network->chain_count; k++) {
    *levels = level[k] >= *levels ? level[k] + 1 : *levels;
  }
  return is_stable;
}

/* More of anything than the driver has room for. */
static enum trine_status check_counts(const struct trine_network *network,
                                      struct trine_error *error) {
  if (network->layer_count > TRINE_MAX_LAYERS || network->chain_count > TRINE_MAX_CHAINS ||
      network->layer_count + network->chain_count > TRINE_CHANNELS) {
    return trine_refuse(
        error, TRINE_ERR_LIMIT,
        "the network needs %llu channels (%u layers and %u chains); a domain has %d",
        (unsigned long long)network->layer_count + network->chain_count, network->layer_count,
        network->chain_count, (int)TRINE_CHANNELS);
  }
  if (network->tensor_count > TRINE_MAX_TENSORS) {
    return trine_refuse(error, TRINE_ERR_LIMIT, "the network has %u tensors; the driver serves %d",
                        network->tensor_count, (int)TRINE_MAX_TENSORS);
  }
  return TRINE_OK;
}

/* The sizes of a layer against those of the device. */
static enum trine_status check_layer(const struct trine_target *target,
                                     const struct trine_network *network, uint32_t index,
                                     struct trine_error *error) {
  const struct trine_layer *layer = &network->layers[index];
  const struct trine_info *info = &target->info;
  uint32_t width = trine_layer_width(network, index, info->mem_bytes);
  if (width > info->max_inputs) {
    return trine_refuse(error, TRINE_ERR_LIMIT,
                        "layer %s reads vectors of %u bytes; configuration %s has at most %u",
                        layer->name, width, target->config, info->max_inputs);
  }
  if (layer->kind == TRINE_LAYER_LSTM && layer->cell_exponent < TRINE_LEAST_DEVICE_CELL_EXPONENT) {
    return trine_refuse(error, TRINE_ERR_LIMIT,
                        "layer %s has the cell scale 2^%d; a device has 2^%d and more", layer->name,
                        layer->cell_exponent, (int)TRINE_LEAST_DEVICE_CELL_EXPONENT);
  }
  if (layer->units > info->max_units) {
    return trine_refuse(error, TRINE_ERR_LIMIT,
                        "layer %s has %u units; configuration %s has at most %u", layer->name,
                        layer->units, target->config, info->max_units);
  }
  return TRINE_OK;
}

uint32_t trine_most_copies(const struct trine_network *network) {
  uint64_t channels = (uint64_t)network->layer_count + network->chain_count;
  uint32_t most =
      channels > 0 && channels <= TRINE_CHANNELS ? TRINE_CHANNELS / (uint32_t)channels : 0;
  return most < TRINE_MAX_COPIES ? most : TRINE_MAX_COPIES;
}

bool trine_network_has_room(const struct trine_network *network) {
  return network->layer_count <= TRINE_MAX_LAYERS && network->chain_count <= TRINE_MAX_CHAINS &&
         network->tensor_count <= TRINE_MAX_TENSORS;
}

enum trine_status trine_compile_check(const struct trine_target *target,
                                      const struct trine_network *network,
                                      struct trine_error *error) {
  char text[sizeof error->text];
  uint32_t turn[TRINE_MAX_CHAINS];
  if (!trine_network_complete(network, text, sizeof text)) {
    return trine_refuse(error, TRINE_ERR_NETWORK, "%s", text);
  }
  enum trine_status status = check_counts(network, error);
  if (status == TRINE_OK && !trine_network_consistent(network, turn, text, sizeof text)) {
    return trine_refuse(error, TRINE_ERR_NETWORK, "%s", text);
  }
  for (uint32_t n = 0; status == TRINE_OK && n < network->layer_count; n++) {
    status = check_layer(target, network, n, error);
  }
  return status;
}
