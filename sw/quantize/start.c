/* SPDX-License-Identifier: Apache-2.0 */
/* start: initial states that were learned, see start.h. */
#include "quantize/start.h"

#include <math.h>

#include "model/rounding.h"
#include "quantize/ranges.h"

static bool starts_elsewhere(const struct trine_float_node *node) {
  return node->op == TRINE_FLOAT_LSTM && (node->cell.h0 != NULL || node->cell.c0 != NULL);
}

static void set_state(const struct trine_model_layer *layer, const struct trine_float_cell *cell,
                      uint32_t sequences, struct trine_lstm_state *state) {
  const struct quant_value output = {.scale = layer->output_scale,
                                     .zero_point = layer->output_zero_point};
  const struct trine_rounding cell16 = {ldexpf(1.0F, layer->layer->cell_exponent), 0, INT16_MIN,
                                        INT16_MAX};
  for (size_t n = 0; n < (size_t)sequences * layer->units; n++) {
    const size_t u = n % layer->units;
    if (cell->h0 != NULL) {
      state->h[n] = quant_byte(&output, cell->h0[u]);
    }
    if (cell->c0 != NULL) {
      state->c[n] = (int16_t)trine_round(cell->c0[u], &cell16);
    }
  }
}

/* The float network's LSTM number `lstm`. */
static const struct trine_float_node *lstm_node(const struct trine_float_network *network,
                                                uint32_t lstm) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    if (network->nodes[n].op == TRINE_FLOAT_LSTM && lstm-- == 0) {
      return &network->nodes[n];
    }
  }
  return NULL;
}

enum trine_status trine_quantized_start(const struct trine_float_network *network,
                                        const struct trine_model *model, uint32_t sequences,
                                        struct trine_states *states, struct trine_error *error) {
  bool needed = false;
  *states = (struct trine_states){.sequences = 0};
  for (uint32_t n = 0; n < network->node_count; n++) {
    needed = needed || starts_elsewhere(&network->nodes[n]);
  }
  if (!needed) {
    return TRINE_OK;
  }
  const enum trine_status status = trine_states_make(model, sequences, states, error);
  if (status != TRINE_OK) {
    return status;
  }
  for (uint32_t n = 0; n < trine_model_info(model)->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    const struct trine_float_node *node =
        layer->lstm >= 0 ? lstm_node(network, (uint32_t)layer->lstm) : NULL;
    if (node != NULL) {
      set_state(layer, &node->cell, sequences, &states->lstm[layer->lstm]);
    }
  }
  return TRINE_OK;
}
