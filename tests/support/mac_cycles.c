/* SPDX-License-Identifier: Apache-2.0 */
/* mac_cycles: see mac_cycles.h. */
#include "mac_cycles.h"

static uint32_t divide_up(uint32_t a, uint32_t b) {
  return (a + b - 1) / b;
}

const struct trine_chain *mac_chain(const struct trine_network *network, uint32_t layer) {
  const struct trine_chain *chain = network->chains;
  while (layer < chain->first_layer || layer - chain->first_layer >= chain->layer_count) {
    chain++;
  }
  return chain;
}

/* Bytes of the rows a layer reads: a tensor's parts lie at multiples of the memory's width. */
static uint32_t read_width(const struct trine_network *network, uint32_t layer, uint32_t align) {
  const struct trine_chain *chain = mac_chain(network, layer);
  if (chain->first_layer != layer) {
    return network->layers[layer].inputs;
  }
  const struct trine_tensor *tensor = &network->tensors[chain->source];
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width = divide_up(width, align) * align + tensor->part_width[p];
  }
  return width;
}

uint64_t mac_cycles(const struct trine_info *info, const struct trine_network *network,
                    uint32_t layer, uint32_t units) {
  const struct trine_layer *what = &network->layers[layer];
  bool is_lstm = what->kind == TRINE_LAYER_LSTM;
  uint32_t groups = divide_up(units, is_lstm ? info->lanes / TRINE_GATES : info->lanes);
  uint32_t chunks = divide_up(read_width(network, layer, info->mem_bytes), info->macs_per_lane) +
                    (is_lstm ? divide_up(what->units, info->macs_per_lane) : 0);
  return (uint64_t)groups * chunks;
}
