/* SPDX-License-Identifier: Apache-2.0 */
/* golden: runs the chains of a network over a batch; see golden.h. */
#include "golden/golden.h"

#include <stdlib.h>
#include <string.h>

#include "golden/layer.h"

/* Steps a layer does before the next layer of its chain goes on: enough that the weights of a
 * layer are loaded into the cache once for many steps, few enough that the rows stay there. */
enum { BLOCK_STEPS = 64 };

struct trine_golden {
  const struct trine_network *network;
  struct golden_layer *layers; /* [layer_count] */
  uint32_t *order;             /* [chain_count] */
  int8_t *block[2];            /* rows between two layers: [BLOCK_STEPS][max_width] */
  size_t max_width;
  int8_t **rows; /* [tensor_count]: rows of one sequence, NULL for input and output */
};

/* Where the rows of a tensor are for the sequence at hand. */
struct row_view {
  int8_t *base;
  uint64_t stride;
  uint32_t count;
};

static enum trine_status fail_memory(struct trine_error *error) {
  trine_error_set(error, "no memory for the golden model's copy of weights or rows");
  return TRINE_ERR_MEMORY;
}

static bool allocate(struct trine_golden *golden) {
  const struct trine_network *network = golden->network;
  golden->layers = calloc(network->layer_count, sizeof *golden->layers);
  golden->rows = calloc(network->tensor_count, sizeof *golden->rows);
  if (golden->layers == NULL || golden->rows == NULL) {
    return false;
  }
  for (uint32_t n = 0; n < network->layer_count; n++) {
    if (!golden_layer_prepare(&golden->layers[n], &network->layers[n])) {
      return false;
    }
    if (network->layers[n].units > golden->max_width) {
      golden->max_width = network->layers[n].units;
    }
  }
  golden->block[0] = malloc(BLOCK_STEPS * golden->max_width);
  golden->block[1] = malloc(BLOCK_STEPS * golden->max_width);
  return golden->block[0] != NULL && golden->block[1] != NULL;
}

enum trine_status trine_golden_create(const struct trine_network *network,
                                      struct trine_golden **golden, struct trine_error *error) {
  if (golden == NULL || network == NULL) {
    trine_error_set(error, "the golden model needs a network and a place for its handle");
    return TRINE_ERR_ARG;
  }
  *golden = NULL;
  enum trine_status status = trine_network_check(network, NULL, error);
  if (status != TRINE_OK) {
    return status;
  }
  struct trine_golden *made = calloc(1, sizeof *made);
  if (made == NULL) {
    return fail_memory(error);
  }
  made->network = network;
  made->order = calloc(network->chain_count, sizeof *made->order);
  if (made->order == NULL || !allocate(made)) {
    trine_golden_destroy(made);
    return fail_memory(error);
  }
  status = trine_network_check(network, made->order, error);
  if (status != TRINE_OK) {
    trine_golden_destroy(made);
    return status;
  }
  *golden = made;
  return TRINE_OK;
}

static void free_rows(struct trine_golden *golden) {
  for (uint32_t n = 0; n < golden->network->tensor_count; n++) {
    free(golden->rows[n]);
    golden->rows[n] = NULL;
  }
}

void trine_golden_destroy(struct trine_golden *golden) {
  if (golden == NULL) {
    return;
  }
  for (uint32_t n = 0; golden->layers != NULL && n < golden->network->layer_count; n++) {
    golden_layer_free(&golden->layers[n]);
  }
  if (golden->rows != NULL) {
    free_rows(golden);
  }
  free(golden->layers);
  free(golden->rows);
  free(golden->order);
  free(golden->block[0]);
  free(golden->block[1]);
  free(golden);
}

static bool allocate_rows(struct trine_golden *golden, uint32_t steps) {
  const struct trine_network *network = golden->network;
  for (uint32_t n = 1; n + 1 < network->tensor_count; n++) {
    size_t width = trine_tensor_width(&network->tensors[n]);
    if (steps > SIZE_MAX / width) {
      return false;
    }
    golden->rows[n] = malloc(steps * width);
    if (golden->rows[n] == NULL) {
      return false;
    }
  }
  return true;
}

static enum trine_status check_batch(const struct trine_golden *golden,
                                     const struct trine_batch *batch, uint32_t *max_steps,
                                     struct trine_error *error) {
  if (golden == NULL || batch == NULL || batch->lengths == NULL || batch->input == NULL ||
      batch->output == NULL || batch->sequences < 1) {
    trine_error_set(error, "a batch needs at least one sequence, its lengths, input and output");
    return TRINE_ERR_ARG;
  }
  *max_steps = 0;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    if (batch->lengths[b] < 1) {
      trine_error_set(error, "sequence %u has length 0; every sequence needs a step", b);
      return TRINE_ERR_ARG;
    }
    *max_steps = batch->lengths[b] > *max_steps ? batch->lengths[b] : *max_steps;
  }
  const struct trine_lstm_state *states[2] = {batch->state_in, batch->state_out};
  for (uint32_t n = 0; n < golden->network->layer_count; n++) {
    for (int k = 0; k < 2; k++) {
      if (states[k] != NULL && golden->network->layers[n].kind == TRINE_LAYER_LSTM &&
          states[k][n].h != NULL && states[k][n].c == NULL) {
        trine_error_set(error, "layer '%s' has a state buffer for h but none for c; it needs both",
                        golden->network->layers[n].name);
        return TRINE_ERR_ARG;
      }
    }
  }
  return TRINE_OK;
}

/* The view of a tensor; counts[n] is its number of rows. */
static struct row_view view_tensor(const struct trine_golden *golden,
                                   const struct trine_batch *batch, uint32_t sequence,
                                   uint32_t tensor, uint32_t count) {
  struct row_view view = {.count = count};
  if (tensor == 0) {
    /* Views are also used to write, but never that of the input: trine_network_check. */
    view.base = (int8_t *)(uintptr_t)batch->input + sequence * batch->input_batch_stride;
    view.stride = batch->input_step_stride;
  } else if (tensor + 1 == golden->network->tensor_count) {
    view.base = batch->output + sequence * batch->output_batch_stride;
    view.stride = batch->output_step_stride;
  } else {
    view.base = golden->rows[tensor];
    view.stride = trine_tensor_width(&golden->network->tensors[tensor]);
  }
  return view;
}

/* Steps [begin, end) of a chain, layer after layer. */
static void run_block(struct trine_golden *golden, const struct trine_chain *chain,
                      const struct row_view *source, const struct row_view *target, uint32_t begin,
                      uint32_t end, const struct trine_golden_options *options,
                      struct trine_golden_point *point) {
  for (uint32_t n = 0; n < chain->layer_count; n++) {
    bool is_last = n + 1 == chain->layer_count;
    struct golden_layer *ready = &golden->layers[chain->first_layer + n];
    point->layer = chain->first_layer + n;
    for (uint32_t step = begin; step < end; step++) {
      uint32_t row = chain->reversed ? source->count - 1 - step : step;
      size_t place = (step - begin) * golden->max_width;
      const int8_t *x =
          n == 0 ? source->base + row * source->stride : golden->block[(n + 1) % 2] + place;
      int8_t *y = golden->block[n % 2] + place;
      if (is_last && !chain->last_only) {
        y = target->base + row * target->stride;
      } else if (is_last && step + 1 == source->count) {
        y = target->base;
      }
      point->step = step;
      point->row = row;
      golden_layer_step(ready, x, y, options, point);
    }
  }
}

static void load_states(struct trine_golden *golden, const struct trine_chain *chain,
                        const struct trine_batch *batch, uint32_t sequence) {
  for (uint32_t n = chain->first_layer; n < chain->first_layer + chain->layer_count; n++) {
    const struct trine_lstm_state *state = batch->state_in != NULL ? &batch->state_in[n] : NULL;
    size_t at = (size_t)sequence * golden->network->layers[n].units;
    if (golden->network->layers[n].kind == TRINE_LAYER_LSTM) {
      bool given = state != NULL && state->h != NULL;
      golden_layer_load(&golden->layers[n], given ? state->h + at : NULL,
                        given ? state->c + at : NULL);
    }
  }
}

static void store_states(const struct trine_golden *golden, const struct trine_chain *chain,
                         const struct trine_batch *batch, uint32_t sequence) {
  if (batch->state_out == NULL) {
    return;
  }
  for (uint32_t n = chain->first_layer; n < chain->first_layer + chain->layer_count; n++) {
    const struct trine_lstm_state *state = &batch->state_out[n];
    size_t units = golden->network->layers[n].units;
    if (golden->network->layers[n].kind == TRINE_LAYER_LSTM && state->h != NULL) {
      memcpy(state->h + sequence * units, golden->layers[n].h, units);
      memcpy(state->c + sequence * units, golden->layers[n].c, units * sizeof *state->c);
    }
  }
}

/* Rows a tensor has in a sequence: one after a last_only chain. */
static uint32_t row_count(const struct trine_network *network, uint32_t tensor, uint32_t length) {
  for (uint32_t k = 0; k < network->chain_count; k++) {
    if (network->chains[k].target == tensor) {
      return network->chains[k].last_only ? 1
                                          : row_count(network, network->chains[k].source, length);
    }
  }
  return length;
}

static void run_chain(struct trine_golden *golden, const struct trine_chain *chain,
                      const struct trine_batch *batch, uint32_t sequence,
                      const struct trine_golden_options *options) {
  const struct trine_network *network = golden->network;
  uint32_t count = row_count(network, chain->source, batch->lengths[sequence]);
  struct row_view source = view_tensor(golden, batch, sequence, chain->source, count);
  struct row_view target = view_tensor(golden, batch, sequence, chain->target, count);
  for (uint32_t p = 0; p < chain->target_part; p++) {
    target.base += network->tensors[chain->target].part_width[p];
  }
  struct trine_golden_point point = {.sequence = sequence};
  load_states(golden, chain, batch, sequence);
  for (uint32_t begin = 0; begin < count;) {
    uint32_t end = count - begin > BLOCK_STEPS ? begin + BLOCK_STEPS : count;
    run_block(golden, chain, &source, &target, begin, end, options, &point);
    begin = end;
  }
  store_states(golden, chain, batch, sequence);
}

enum trine_status trine_golden_execute(struct trine_golden *golden, const struct trine_batch *batch,
                                       const struct trine_golden_options *options) {
  static const struct trine_golden_options defaults = {0};
  if (options == NULL) {
    options = &defaults;
  }
  uint32_t max_steps = 0;
  enum trine_status status = check_batch(golden, batch, &max_steps, options->error);
  if (status != TRINE_OK) {
    return status;
  }
  if (!allocate_rows(golden, max_steps)) {
    free_rows(golden);
    return fail_memory(options->error);
  }
  for (uint32_t b = 0; b < batch->sequences; b++) {
    for (uint32_t k = 0; k < golden->network->chain_count; k++) {
      run_chain(golden, &golden->network->chains[golden->order[k]], batch, b, options);
    }
  }
  free_rows(golden);
  return TRINE_OK;
}

enum trine_status trine_golden_run(const struct trine_network *network,
                                   const struct trine_batch *batch,
                                   const struct trine_golden_options *options) {
  struct trine_golden *golden = NULL;
  enum trine_status status =
      trine_golden_create(network, &golden, options != NULL ? options->error : NULL);
  if (status != TRINE_OK) {
    return status;
  }
  status = trine_golden_execute(golden, batch, options);
  trine_golden_destroy(golden);
  return status;
}
