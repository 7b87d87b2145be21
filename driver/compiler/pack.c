/* SPDX-License-Identifier: Apache-2.0 */
/* pack: weights and parameters as the device wants them. */
#include <string.h>

#include "compiler/internal.h"

/* Copies data, or zeros when it is NULL. */
static void put(struct trine_packing *packing, const uint8_t *data, uint32_t len) {
  if (data != NULL) {
    memcpy(packing->at, data, len);
  } else {
    memset(packing->at, 0, len);
  }
  packing->at += len;
}

static void put_word(struct trine_packing *packing, uint32_t word) {
  const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                            (uint8_t)(word >> 24)};
  put(packing, bytes, sizeof bytes);
}

/* Where the columns of a matrix lie in the padded vector it is multiplied with. */
struct columns {
  uint32_t parts;
  uint32_t offset[TRINE_MAX_PARTS], width[TRINE_MAX_PARTS];
};

static struct columns layer_columns(const struct trine_packing *packing, uint32_t n) {
  const struct trine_network *network = packing->network;
  const struct trine_chain *chain = trine_layer_chain(network, n);
  struct columns columns = {.parts = 1, .width = {network->layers[n].inputs}};
  if (chain->first_layer == n) {
    const struct trine_tensor *tensor = &network->tensors[chain->source];
    struct row_layout row;
    trine_tensor_parts(tensor, packing->info->mem_bytes, &row);
    columns.parts = tensor->part_count;
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      columns.offset[p] = row.part_offset[p];
      columns.width[p] = tensor->part_width[p];
    }
  }
  return columns;
}

/* Bytes [place, place + len) of the padded vector's columns of one row, zeros in between. */
static void put_chunk(struct trine_packing *packing, const struct columns *columns,
                      const int8_t *row, uint32_t place, uint32_t len) {
  uint8_t chunk[256] = {0};
  uint32_t column = 0;
  for (uint32_t p = 0; p < columns->parts; p++) {
    uint32_t begin = columns->offset[p] > place ? columns->offset[p] : place;
    uint32_t end = columns->offset[p] + columns->width[p];
    end = end < place + len ? end : place + len;
    if (begin < end) {
      memcpy(chunk + (begin - place), row + column + (begin - columns->offset[p]), end - begin);
    }
    column += columns->width[p];
  }
  put(packing, chunk, len);
}

/* A phase: groups x chunks words. matrices has one entry a gate (LSTM) or one (dense). */
static void put_phase(struct trine_packing *packing, const struct trine_layer *layer,
                      const struct slice_layout *slice, const int8_t *const *matrices,
                      const struct columns *columns, uint32_t row_width, uint32_t chunks) {
  const struct trine_info *info = packing->info;
  uint32_t gates = layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES : 1;
  uint32_t group_units = info->lanes / gates;
  for (uint32_t g = 0; g < slice->groups; g++) {
    for (uint32_t k = 0; k < chunks; k++) {
      for (uint32_t lane = 0; lane < info->lanes; lane++) {
        uint32_t unit = g * group_units + lane / gates;
        if (unit < slice->units) {
          const int8_t *row = matrices[lane % gates] + (size_t)(slice->first + unit) * row_width;
          put_chunk(packing, columns, row, k * info->macs_per_lane, info->macs_per_lane);
        } else {
          put(packing, NULL, info->macs_per_lane);
        }
      }
    }
  }
}

void trine_pack_weights(struct trine_packing *packing, uint32_t rank) {
  const struct trine_network *network = packing->network;
  for (uint32_t v = 0; v < trine_layer_instances(network, packing->placement); v++) {
    const uint32_t n = v % network->layer_count;
    const struct trine_layer *layer = &network->layers[n];
    const struct slice_layout *slice = &packing->layout->slice[v][rank];
    if (slice->units == 0 || slice->is_shared) {
      continue;
    }
    const struct columns columns = layer_columns(packing, n);
    put_phase(packing, layer, slice, layer->w, &columns, layer->inputs, slice->x_chunks);
    if (layer->kind == TRINE_LAYER_LSTM) {
      const struct columns recurrent = {.parts = 1, .width = {layer->units}};
      put_phase(packing, layer, slice, layer->r, &recurrent, layer->units, slice->h_chunks);
    }
  }
}

static void put_rows(struct trine_packing *packing, const struct trine_layer *layer,
                     const struct slice_layout *slice, const struct trine_requant *const *rows) {
  const struct trine_info *info = packing->info;
  uint32_t gates = layer->kind == TRINE_LAYER_LSTM ? TRINE_GATES : 1;
  for (uint32_t n = 0; n < slice->groups * info->lanes; n++) {
    uint32_t unit = n / gates;
    struct trine_requant row = {0};
    if (unit < slice->units) {
      row = rows[n % gates][slice->first + unit];
    }
    put_word(packing, (uint32_t)row.bias);
    put_word(packing, (uint32_t)row.multiplier);
    put_word(packing, (uint32_t)(int32_t)row.shift);
    put_word(packing, 0);
  }
}

void trine_pack_params(struct trine_packing *packing, uint32_t rank) {
  for (uint32_t v = 0; v < trine_layer_instances(packing->network, packing->placement); v++) {
    const struct trine_layer *layer = trine_instance_layer(packing->network, v);
    const struct slice_layout *slice = &packing->layout->slice[v][rank];
    if (slice->units == 0 || slice->is_shared) {
      continue;
    }
    put_rows(packing, layer, slice, layer->x_rows);
    if (layer->kind == TRINE_LAYER_LSTM) {
      put_rows(packing, layer, slice, layer->h_rows);
    }
  }
}
