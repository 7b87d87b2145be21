/* SPDX-License-Identifier: Apache-2.0 */
/* trine_check: a network against itself and against the sizes of the device. */
#include <string.h>

#include "trine_internal.h"

void trine_tensor_parts(const struct trine_tensor *tensor, uint32_t mem_bytes,
                        struct tensor_layout *layout) {
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
  struct tensor_layout parts = {0};
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

static enum trine_status check_counts(struct trine *device, const struct trine_network *network) {
  if (network->layer_count < 1 || network->chain_count < 1 || network->tensor_count < 2 ||
      network->layers == NULL || network->chains == NULL || network->tensors == NULL) {
    return trine_fail(device, TRINE_ERR_NETWORK,
                      "the network has %u layers, %u chains and %u tensors; at least 1, 1 and 2 "
                      "are needed",
                      network->layer_count, network->chain_count, network->tensor_count);
  }
  if (network->layer_count > TRINE_MAX_LAYERS || network->chain_count > TRINE_MAX_CHAINS ||
      network->layer_count + network->chain_count > TRINE_CHANNELS) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "the network needs %u channels (%u layers and %u chains); a domain has %d",
                      network->layer_count + network->chain_count, network->layer_count,
                      network->chain_count, (int)TRINE_CHANNELS);
  }
  if (network->tensor_count > TRINE_MAX_TENSORS) {
    return trine_fail(device, TRINE_ERR_LIMIT, "the network has %u tensors; the driver serves %d",
                      network->tensor_count, (int)TRINE_MAX_TENSORS);
  }
  for (uint32_t t = 0; t < network->tensor_count; t++) {
    const struct trine_tensor *tensor = &network->tensors[t];
    if (tensor->part_count < 1 || tensor->part_count > TRINE_MAX_PARTS) {
      return trine_fail(device, TRINE_ERR_NETWORK, "tensor %u has %u parts; 1 to %d are allowed", t,
                        tensor->part_count, (int)TRINE_MAX_PARTS);
    }
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      if (tensor->part_width[p] < 1 || tensor->part_width[p] > 65535) {
        return trine_fail(device, TRINE_ERR_NETWORK, "part %u of tensor %u is %u wide", p, t,
                          tensor->part_width[p]);
      }
    }
  }
  return TRINE_OK;
}

static enum trine_status check_chain(struct trine *device, const struct trine_network *network,
                                     uint32_t index) {
  const struct trine_chain *chain = &network->chains[index];
  if (chain->layer_count < 1 || chain->first_layer >= network->layer_count ||
      chain->layer_count > network->layer_count - chain->first_layer ||
      chain->source >= network->tensor_count || chain->target >= network->tensor_count ||
      chain->target == 0 || chain->target_part >= network->tensors[chain->target].part_count) {
    return trine_fail(device, TRINE_ERR_NETWORK,
                      "chain %u names layers or tensors that do not exist", index);
  }
  uint32_t width = 0;
  for (uint32_t p = 0; p < network->tensors[chain->source].part_count; p++) {
    width += network->tensors[chain->source].part_width[p];
  }
  for (uint32_t n = 0; n < chain->layer_count; n++) {
    const struct trine_layer *layer = &network->layers[chain->first_layer + n];
    if (layer->inputs != width) {
      return trine_fail(device, TRINE_ERR_NETWORK, "layer %s reads %u values but is given %u",
                        layer->name, layer->inputs, width);
    }
    width = layer->units;
  }
  if (width != network->tensors[chain->target].part_width[chain->target_part]) {
    return trine_fail(device, TRINE_ERR_NETWORK, "chain %u writes %u values into a part of %u",
                      index, width, network->tensors[chain->target].part_width[chain->target_part]);
  }
  return TRINE_OK;
}

static enum trine_status check_layer(struct trine *device, const struct trine_network *network,
                                     uint32_t index) {
  const struct trine_layer *layer = &network->layers[index];
  const struct trine_info *info = &device->info;
  if (trine_layer_chain(network, index) == NULL) {
    return trine_fail(device, TRINE_ERR_NETWORK, "layer %s belongs to no chain", layer->name);
  }
  uint32_t gates = layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES : 1;
  for (uint32_t g = 0; g < gates; g++) {
    bool has_x = layer->w[g] != NULL && layer->x_rows[g] != NULL;
    bool has_h = layer->r[g] != NULL && layer->h_rows[g] != NULL;
    if (!has_x || (gates > 1 && !has_h)) {
      return trine_fail(device, TRINE_ERR_NETWORK, "layer %s has no weights for gate %u",
                        layer->name, g);
    }
  }
  uint32_t width = trine_layer_width(network, index, info->mem_bytes);
  if (width > info->max_inputs) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "layer %s reads vectors of %u bytes; configuration %s has at most %u",
                      layer->name, width, device->config, info->max_inputs);
  }
  if (layer->units > info->max_units) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "layer %s has %u units; configuration %s has at most %u", layer->name,
                      layer->units, device->config, info->max_units);
  }
  return TRINE_OK;
}

uint32_t trine_most_copies(const struct trine_network *network) {
  uint32_t channels = network->layer_count + network->chain_count;
  uint32_t most = channels > 0 ? TRINE_CHANNELS / channels : 0;
  return most < TRINE_MAX_COPIES ? most : TRINE_MAX_COPIES;
}

enum trine_status trine_check_network(struct trine *device, const struct trine_network *network) {
  enum trine_status status = check_counts(device, network);
  for (uint32_t k = 0; k < network->chain_count && status == TRINE_OK; k++) {
    status = check_chain(device, network, k);
  }
  uint32_t level[TRINE_MAX_CHAINS], levels;
  if (status == TRINE_OK && !trine_chain_levels(network, level, &levels)) {
    status = trine_fail(device, TRINE_ERR_NETWORK, "the network's chains wait for each other");
  }
  for (uint32_t n = 0; n < network->layer_count && status == TRINE_OK; n++) {
    status = check_layer(device, network, n);
  }
  if (status == TRINE_OK && tensor_writer(network, network->tensor_count - 1) == NULL) {
    status = trine_fail(device, TRINE_ERR_NETWORK, "no chain writes the network's output");
  }
  return status;
}
