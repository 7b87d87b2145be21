/* SPDX-License-Identifier: Apache-2.0 */
/* network: whether the description of a network is consistent; see trine_network.h.
 *
 * The one check of a network: the driver and the golden model call it, so what one of them refuses
 * the other refuses too, with the same sentence. Nothing is allocated; the work grows with the
 * rows of the layers and, for chains, at most with the cube of their number. */
#include "trine_network.h"

#include <stdarg.h>
#include <stdio.h>

enum { MAX_DIMENSION = 1 << 24 }; /* keeps every product of two dimensions far inside 64 bits */

/* A network being checked, and where the sentence goes. */
struct check {
  const struct trine_network *network;
  char *text;
  size_t text_bytes;
};

static bool refuse(const struct check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Always false, so that a check ends with it. */
static bool refuse(const struct check *check, const char *format, ...) {
  va_list args;
  va_start(args, format);
  (void)vsnprintf(check->text, check->text_bytes, format, args);
  va_end(args);
  return false;
}

bool trine_network_complete(const struct trine_network *network, char *text, size_t text_bytes) {
  const struct check check = {network, text, text_bytes};
  if (network == NULL || network->tensors == NULL || network->layers == NULL ||
      network->chains == NULL || network->tensor_count < 2 || network->layer_count < 1 ||
      network->chain_count < 1) {
    return refuse(&check, "a network needs at least two tensors, a layer and a chain");
  }
  return true;
}

static bool check_tensors(const struct check *check) {
  for (uint32_t n = 0; n < check->network->tensor_count; n++) {
    const struct trine_tensor *tensor = &check->network->tensors[n];
    if (tensor->part_count < 1 || tensor->part_count > TRINE_MAX_PARTS) {
      return refuse(check, "tensor %u has %u parts; it must have 1..%d", n, tensor->part_count,
                    (int)TRINE_MAX_PARTS);
    }
    for (uint32_t p = 0; p < tensor->part_count; p++) {
      if (tensor->part_width[p] < 1 || tensor->part_width[p] > MAX_DIMENSION) {
        return refuse(check, "tensor %u, part %u is %u wide; it must be 1..%d", n, p,
                      tensor->part_width[p], (int)MAX_DIMENSION);
      }
    }
  }
  return true;
}

/* Name, kind and sizes of a layer, without its rows. */
static bool check_layer(const struct check *check, uint32_t index) {
  const struct trine_layer *layer = &check->network->layers[index];
  if (layer->name == NULL) {
    return refuse(check, "layer %u has no name; give it one, if an empty one", index);
  }
  if (layer->inputs < 1 || layer->inputs > MAX_DIMENSION || layer->units < 1 ||
      layer->units > MAX_DIMENSION) {
    return refuse(check, "layer '%s' has %u inputs and %u units; both must be in 1..%d",
                  layer->name, layer->inputs, layer->units, (int)MAX_DIMENSION);
  }
  if (layer->kind != TRINE_LAYER_LSTM && layer->kind != TRINE_LAYER_DENSE) {
    return refuse(check, "layer '%s' has kind %d; only 0 and 1 exist", layer->name,
                  (int)layer->kind);
  }
  if (layer->kind == TRINE_LAYER_LSTM && (layer->cell_exponent < TRINE_LEAST_CELL_EXPONENT ||
                                          layer->cell_exponent > TRINE_MOST_CELL_EXPONENT)) {
    return refuse(check, "layer '%s' has the cell scale 2^%d; it must be 2^%d to 2^%d", layer->name,
                  layer->cell_exponent, (int)TRINE_LEAST_CELL_EXPONENT,
                  (int)TRINE_MOST_CELL_EXPONENT);
  }
  if (layer->kind == TRINE_LAYER_LSTM && layer->cell_clip < 0) {
    return refuse(check, "layer '%s' has cell clip %d; it must not be negative", layer->name,
                  layer->cell_clip);
  }
  if (layer->kind == TRINE_LAYER_DENSE && layer->out_min > layer->out_max) {
    return refuse(check, "layer '%s' is clamped to %d..%d; the first must not be above the second",
                  layer->name, layer->out_min, layer->out_max);
  }
  return true;
}

static bool requant_ok(const struct trine_requant *q) {
  return (q->multiplier == 0 || q->multiplier >= 1 << 30) && q->shift >= -31 && q->shift <= 30;
}

static bool check_matrix(const struct check *check, const struct trine_layer *layer,
                         const char *which, const struct trine_requant *rows,
                         const int8_t *weights) {
  if (rows == NULL || weights == NULL) {
    return refuse(check, "layer '%s' has no %s weights or no parameters for them", layer->name,
                  which);
  }
  for (uint32_t u = 0; u < layer->units; u++) {
    if (!requant_ok(&rows[u])) {
      return refuse(check,
                    "layer '%s', %s row %u: multiplier %d must be 0 or at least 2^30 and shift %d "
                    "in -31..30",
                    layer->name, which, u, rows[u].multiplier, rows[u].shift);
    }
  }
  return true;
}

/* Weights and the constants of every row. */
static bool check_rows(const struct check *check, const struct trine_layer *layer) {
  const bool is_lstm = layer->kind == TRINE_LAYER_LSTM;
  for (int g = 0; g < (is_lstm ? TRINE_GATES : 1); g++) {
    if (!check_matrix(check, layer, "input", layer->x_rows[g], layer->w[g]) ||
        (is_lstm && !check_matrix(check, layer, "recurrent", layer->h_rows[g], layer->r[g]))) {
      return false;
    }
  }
  if (is_lstm && !requant_ok(&layer->out)) {
    return refuse(check, "layer '%s' has output multiplier %d and shift %d, out of range",
                  layer->name, layer->out.multiplier, layer->out.shift);
  }
  return true;
}

static bool has_layer(const struct trine_chain *chain, uint32_t layer) {
  return layer >= chain->first_layer && layer - chain->first_layer < chain->layer_count;
}

/* Ends and shapes of one chain, and that no chain before it has one of its layers. */
static bool check_chain(const struct check *check, uint32_t index) {
  const struct trine_network *network = check->network;
  const struct trine_chain *chain = &network->chains[index];
  if (chain->source >= network->tensor_count || chain->target >= network->tensor_count ||
      chain->target == 0 || chain->source == chain->target ||
      chain->target_part >= network->tensors[chain->target].part_count) {
    return refuse(check, "chain %u goes from tensor %u to part %u of tensor %u, which cannot be",
                  index, chain->source, chain->target_part, chain->target);
  }
  if (chain->layer_count < 1 || chain->first_layer >= network->layer_count ||
      chain->layer_count > network->layer_count - chain->first_layer) {
    return refuse(check, "chain %u has %u layers from layer %u on, but the network has %u", index,
                  chain->layer_count, chain->first_layer, network->layer_count);
  }
  const struct trine_tensor *source = &network->tensors[chain->source];
  uint32_t width = 0;
  for (uint32_t p = 0; p < source->part_count; p++) {
    width += source->part_width[p];
  }
  for (uint32_t n = chain->first_layer; n < chain->first_layer + chain->layer_count; n++) {
    const struct trine_layer *layer = &network->layers[n];
    for (uint32_t k = 0; k < index; k++) {
      if (has_layer(&network->chains[k], n)) {
        return refuse(check, "layer '%s' is in two chains", layer->name);
      }
    }
    if (layer->inputs != width) {
      return refuse(check, "layer '%s' takes %u inputs but is given %u", layer->name, layer->inputs,
                    width);
    }
    width = layer->units;
  }
  const uint32_t wanted = network->tensors[chain->target].part_width[chain->target_part];
  if (width != wanted) {
    return refuse(check, "chain %u gives %u values to a part %u wide", index, width, wanted);
  }
  return true;
}

/* Every layer is in a chain; every part of every tensor but the input is written once. */
static bool check_coverage(const struct check *check) {
  const struct trine_network *network = check->network;
  for (uint32_t n = 0; n < network->layer_count; n++) {
    bool is_used = false;
    for (uint32_t k = 0; k < network->chain_count; k++) {
      is_used = is_used || has_layer(&network->chains[k], n);
    }
    if (!is_used) {
      return refuse(check, "layer '%s' is in no chain", network->layers[n].name);
    }
  }
  for (uint32_t n = 1; n < network->tensor_count; n++) {
    uint32_t writers[TRINE_MAX_PARTS] = {0};
    for (uint32_t k = 0; k < network->chain_count; k++) {
      if (network->chains[k].target == n) {
        writers[network->chains[k].target_part]++;
      }
    }
    for (uint32_t p = 0; p < network->tensors[n].part_count; p++) {
      if (writers[p] != 1) {
        return refuse(check, "part %u of tensor %u is written by %u chains, not by one", p, n,
                      writers[p]);
      }
    }
  }
  return true;
}

/* While chains are put in order, turn[k] is 0 until chain k has its place, then its place + 1 and,
 * in this bit, whether it gives one row a sequence: itself, or because its source has only one. */
static const uint32_t one_row = UINT32_C(1) << 31;

/* The place of chain k, or 0 while a writer of its source has none. */
static uint32_t place_of(const struct trine_network *network, const uint32_t *turn, uint32_t k,
                         uint32_t count) {
  uint32_t place = (count + 1) | (network->chains[k].last_only ? one_row : 0);
  for (uint32_t n = 0; n < network->chain_count; n++) {
    if (network->chains[n].target == network->chains[k].source) {
      if (turn[n] == 0) {
        return 0;
      }
      place |= turn[n] & one_row;
    }
  }
  return place;
}

/* An order in which each chain follows all writers of its source, and the same number of rows in
 * all parts of a tensor. */
static bool order_chains(const struct check *check, uint32_t *turn) {
  const struct trine_network *network = check->network;
  uint32_t count = 0;
  for (uint32_t k = 0; k < network->chain_count; k++) {
    turn[k] = 0;
  }
  for (bool moved = true; moved && count < network->chain_count;) {
    moved = false;
    for (uint32_t k = 0; k < network->chain_count; k++) {
      if (turn[k] == 0) {
        turn[k] = place_of(network, turn, k, count);
      }
      if ((turn[k] & ~one_row) == count + 1) {
        count++;
        moved = true;
      }
    }
  }
  if (count < network->chain_count) {
    return refuse(check, "%u of %u chains wait for each other in a circle",
                  network->chain_count - count, network->chain_count);
  }
  for (uint32_t k = 0; k < network->chain_count; k++) {
    for (uint32_t n = 0; n < k; n++) {
      if (network->chains[n].target == network->chains[k].target &&
          ((turn[n] ^ turn[k]) & one_row) != 0) {
        return refuse(check, "the parts of tensor %u differ in their number of rows",
                      network->chains[k].target);
      }
    }
  }
  for (uint32_t k = 0; k < network->chain_count; k++) {
    turn[k] = (turn[k] & ~one_row) - 1;
  }
  return true;
}

bool trine_network_shapes_fit(const struct trine_network *network, uint32_t *turn, char *text,
                              size_t text_bytes) {
  const struct check check = {network, text, text_bytes};
  bool fits = trine_network_complete(network, text, text_bytes) && check_tensors(&check);
  for (uint32_t n = 0; fits && n < network->layer_count; n++) {
    fits = check_layer(&check, n);
  }
  for (uint32_t k = 0; fits && k < network->chain_count; k++) {
    fits = check_chain(&check, k);
  }
  return fits && check_coverage(&check) && order_chains(&check, turn);
}

bool trine_network_consistent(const struct trine_network *network, uint32_t *turn, char *text,
                              size_t text_bytes) {
  const struct check check = {network, text, text_bytes};
  bool fits = trine_network_shapes_fit(network, turn, text, text_bytes);
  for (uint32_t n = 0; fits && n < network->layer_count; n++) {
    fits = check_rows(&check, &network->layers[n]);
  }
  return fits;
}
