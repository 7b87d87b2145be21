/* SPDX-License-Identifier: Apache-2.0 */
/* check: whether the description of a network is consistent, and the order of its chains; see
 * golden/golden.h. */
#include <stdlib.h>

#include "golden/golden.h"

enum { MAX_DIMENSION = 1 << 24 }; /* keeps every product of two dimensions far inside 64 bits */

#define REFUSE(error, ...) (trine_error_set((error), __VA_ARGS__), TRINE_GOLDEN_ERR_NETWORK)

uint32_t trine_tensor_width(const struct trine_tensor *tensor) {
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width += tensor->part_width[p];
  }
  return width;
}

static bool requant_ok(const struct trine_requant *q) {
  return (q->multiplier == 0 || q->multiplier >= 1 << 30) && q->shift >= -31 && q->shift <= 30;
}

static enum trine_golden_status check_rows(const struct trine_layer *layer, const char *which,
                                           const struct trine_requant *rows, const int8_t *weights,
                                           struct trine_error *error) {
  if (rows == NULL || weights == NULL) {
    return REFUSE(error, "layer '%s' has no %s weights or no parameters for them", layer->name,
                  which);
  }
  for (uint32_t u = 0; u < layer->units; u++) {
    if (!requant_ok(&rows[u])) {
      return REFUSE(error,
                    "layer '%s', %s row %u: multiplier %d must be 0 or at least 2^30 and shift %d "
                    "in -31..30",
                    layer->name, which, u, rows[u].multiplier, rows[u].shift);
    }
  }
  return TRINE_GOLDEN_OK;
}

static enum trine_golden_status check_layer(const struct trine_layer *layer,
                                            struct trine_error *error) {
  if (layer->inputs < 1 || layer->inputs > MAX_DIMENSION || layer->units < 1 ||
      layer->units > MAX_DIMENSION) {
    return REFUSE(error, "layer '%s' has %u inputs and %u units; both must be in 1..%d",
                  layer->name, layer->inputs, layer->units, (int)MAX_DIMENSION);
  }
  if (layer->kind != TRINE_LAYER_LSTM && layer->kind != TRINE_LAYER_DENSE) {
    return REFUSE(error, "layer '%s' has kind %d; only 0 and 1 exist", layer->name,
                  (int)layer->kind);
  }
  enum trine_golden_status status = TRINE_GOLDEN_OK;
  bool lstm = layer->kind == TRINE_LAYER_LSTM;
  for (int g = 0; g < (lstm ? TRINE_GATES : 1) && status == TRINE_GOLDEN_OK; g++) {
    status = check_rows(layer, "input", layer->x_rows[g], layer->w[g], error);
    if (lstm && status == TRINE_GOLDEN_OK) {
      status = check_rows(layer, "recurrent", layer->h_rows[g], layer->r[g], error);
    }
  }
  if (status != TRINE_GOLDEN_OK || !lstm) {
    return status;
  }
  if (layer->cell_exponent < -15 || layer->cell_exponent > -9) {
    return REFUSE(error, "layer '%s' has the cell scale 2^%d; it must be 2^-15 to 2^-9",
                  layer->name, layer->cell_exponent);
  }
  if (layer->cell_clip < 0) {
    return REFUSE(error, "layer '%s' has cell clip %d; it must not be negative", layer->name,
                  layer->cell_clip);
  }
  if (!requant_ok(&layer->out)) {
    return REFUSE(error, "layer '%s' has output multiplier %d and shift %d, out of range",
                  layer->name, layer->out.multiplier, layer->out.shift);
  }
  return TRINE_GOLDEN_OK;
}

static enum trine_golden_status check_tensors(const struct trine_network *network,
                                              struct trine_error *error) {
  for (uint32_t n = 0; n < network->tensor_count; n++) {
    const struct trine_tensor *tensor = &network->tensors[n];
    if (tensor->part_count < 1 || tensor->part_count > TRINE_MAX_PARTS) {
      return REFUSE(error, "tensor %u has %u parts; it must have 1..%d", n, tensor->part_count,
                    (int)TRINE_MAX_PARTS);
    }
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      if (tensor->part_width[p] < 1 || tensor->part_width[p] > MAX_DIMENSION) {
        return REFUSE(error, "tensor %u, part %u is %u wide; it must be 1..%d", n, p,
                      tensor->part_width[p], (int)MAX_DIMENSION);
      }
    }
  }
  return TRINE_GOLDEN_OK;
}

/* Shapes along one chain; marks its layers in used. */
static enum trine_golden_status check_chain(const struct trine_network *network, uint32_t index,
                                            uint8_t *used, struct trine_error *error) {
  const struct trine_chain *chain = &network->chains[index];
  if (chain->source >= network->tensor_count || chain->target >= network->tensor_count ||
      chain->target == 0 || chain->source == chain->target ||
      chain->target_part >= network->tensors[chain->target].part_count) {
    return REFUSE(error, "chain %u goes from tensor %u to part %u of tensor %u, which cannot be",
                  index, chain->source, chain->target_part, chain->target);
  }
  if (chain->layer_count < 1 || chain->first_layer >= network->layer_count ||
      chain->layer_count > network->layer_count - chain->first_layer) {
    return REFUSE(error, "chain %u has %u layers from layer %u on, but the network has %u", index,
                  chain->layer_count, chain->first_layer, network->layer_count);
  }
  uint32_t width = trine_tensor_width(&network->tensors[chain->source]);
  for (uint32_t n = 0; n < chain->layer_count; n++) {
    const struct trine_layer *layer = &network->layers[chain->first_layer + n];
    if (used[chain->first_layer + n]++ != 0) {
      return REFUSE(error, "layer '%s' is in two chains", layer->name);
    }
    if (layer->inputs != width) {
      return REFUSE(error, "layer '%s' takes %u inputs but is given %u", layer->name, layer->inputs,
                    width);
    }
    width = layer->units;
  }
  uint32_t wanted = network->tensors[chain->target].part_width[chain->target_part];
  if (width != wanted) {
    return REFUSE(error, "chain %u gives %u values to a part %u wide", index, width, wanted);
  }
  return TRINE_GOLDEN_OK;
}

/* Every part of tensor n is written once. */
static enum trine_golden_status check_writers(const struct trine_network *network, uint32_t n,
                                              struct trine_error *error) {
  uint32_t writers[TRINE_MAX_PARTS] = {0};
  for (uint32_t k = 0; k < network->chain_count; k++) {
    if (network->chains[k].target == n) {
      writers[network->chains[k].target_part]++;
    }
  }
  for (uint32_t p = 0; p < network->tensors[n].part_count; p++) {
    if (writers[p] != 1) {
      return REFUSE(error, "part %u of tensor %u is written by %u chains, not by one", p, n,
                    writers[p]);
    }
  }
  return TRINE_GOLDEN_OK;
}

/* Chains in an order in which each follows all writers of its source. */
static enum trine_golden_status order_chains(const struct trine_network *network, uint8_t *done,
                                             uint32_t *order, struct trine_error *error) {
  uint32_t count = 0;
  for (bool progress = true; progress && count < network->chain_count;) {
    progress = false;
    for (uint32_t k = 0; k < network->chain_count; k++) {
      bool ready = !done[k];
      for (uint32_t n = 0; n < network->chain_count; n++) {
        ready = ready && (done[n] || network->chains[n].target != network->chains[k].source);
      }
      if (ready) {
        done[k] = 1;
        progress = true;
        if (order != NULL) {
          order[count] = k;
        }
        count++;
      }
    }
  }
  if (count < network->chain_count) {
    return REFUSE(error, "%u of %u chains wait for each other in a circle",
                  network->chain_count - count, network->chain_count);
  }
  return TRINE_GOLDEN_OK;
}

/* Whether a chain gives one row a sequence: itself, or because its source has only one. Only for
 * networks without circles. */
static bool gives_one_row(const struct trine_network *network, const struct trine_chain *chain) {
  bool one = chain->last_only;
  for (uint32_t k = 0; k < network->chain_count && !one; k++) {
    if (network->chains[k].target == chain->source) {
      one = gives_one_row(network, &network->chains[k]);
    }
  }
  return one;
}

/* All parts of a tensor have the same number of rows. */
static enum trine_golden_status check_row_counts(const struct trine_network *network,
                                                 struct trine_error *error) {
  for (uint32_t k = 0; k < network->chain_count; k++) {
    for (uint32_t n = 0; n < k; n++) {
      const struct trine_chain *a = &network->chains[k];
      const struct trine_chain *b = &network->chains[n];
      if (a->target == b->target && gives_one_row(network, a) != gives_one_row(network, b)) {
        return REFUSE(error, "the parts of tensor %u differ in their number of rows", a->target);
      }
    }
  }
  return TRINE_GOLDEN_OK;
}

enum trine_golden_status trine_network_check(const struct trine_network *network, uint32_t *order,
                                             struct trine_error *error) {
  if (network == NULL || network->tensors == NULL || network->layers == NULL ||
      network->chains == NULL || network->tensor_count < 2 || network->layer_count < 1 ||
      network->chain_count < 1) {
    trine_error_set(error, "a network needs at least two tensors, a layer and a chain");
    return TRINE_GOLDEN_ERR_ARG;
  }
  enum trine_golden_status status = check_tensors(network, error);
  for (uint32_t n = 0; n < network->layer_count && status == TRINE_GOLDEN_OK; n++) {
    status = check_layer(&network->layers[n], error);
  }
  uint8_t *marks = calloc((size_t)network->layer_count + network->chain_count, 1);
  if (marks == NULL) {
    trine_error_set(error, "no memory to check a network of %u layers", network->layer_count);
    return TRINE_GOLDEN_ERR_MEMORY;
  }
  for (uint32_t k = 0; k < network->chain_count && status == TRINE_GOLDEN_OK; k++) {
    status = check_chain(network, k, marks, error);
  }
  for (uint32_t n = 0; n < network->layer_count && status == TRINE_GOLDEN_OK; n++) {
    if (marks[n] == 0) {
      status = REFUSE(error, "layer '%s' is in no chain", network->layers[n].name);
    }
  }
  for (uint32_t n = 1; n < network->tensor_count && status == TRINE_GOLDEN_OK; n++) {
    status = check_writers(network, n, error);
  }
  if (status == TRINE_GOLDEN_OK) {
    status = order_chains(network, marks + network->layer_count, order, error);
  }
  if (status == TRINE_GOLDEN_OK) {
    status = check_row_counts(network, error);
  }
  free(marks);
  return status;
}
