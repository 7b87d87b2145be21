/* SPDX-License-Identifier: Apache-2.0 */
/* quantize: calibrate, write, read again, and say how each layer came out; see quantize.h. */
#include "quantize/quantize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "io/size.h"
#include "quantize/notes.h"
#include "quantize/start.h"
#include "quantize/write.h"

void trine_quantized_free(struct trine_quantized *made) {
  trine_model_free(made->model);
  free(made->bytes);
  free(made->table);
  *made = (struct trine_quantized){.bytes = NULL};
}

static bool copy_table(const struct trine_float_network *network, const struct ranges *ranges,
                       struct trine_quantized *made, struct trine_error *error) {
  const struct trine_float_matrix *table = NULL;
  const uint32_t first = quantize_first_value(network, &table);
  if (table == NULL) {
    return true;
  }
  const size_t count = (size_t)table->units * table->inputs;
  made->table = malloc(count + 1);
  if (made->table == NULL) {
    trine_error_set(error, "There is no memory for a table of %u rows.", table->units);
    return false;
  }
  made->table_rows = table->units;
  made->table_width = table->inputs;
  for (size_t n = 0; n < count; n++) {
    made->table[n] = quant_byte(&ranges->values[first], table->w[n]);
  }
  return true;
}

/* One row of bytes; false at a symbol that is no row of the table. */
static bool make_row(const struct trine_quantized *made, const struct trine_model_end *end,
                     const float *input, int8_t *row, struct trine_error *error) {
  if (made->table == NULL) {
    trine_model_quantize(end, input, end->width, row);
    return true;
  }
  if (!(*input >= 0.0F && *input < (float)made->table_rows) || *input != truncf(*input)) {
    trine_error_set(error,
                    "The symbol %g is no row of the table: it takes whole numbers from 0 to %u.",
                    (double)*input, made->table_rows - 1);
    return false;
  }
  memcpy(row, made->table + (size_t)*input * end->width, end->width);
  return true;
}

int8_t *trine_quantized_rows(const struct trine_quantized *made,
                             const struct trine_float_batch *batch, struct trine_error *error) {
  if (made == NULL || made->model == NULL || batch == NULL || batch->input == NULL ||
      batch->sequences < 1 || batch->steps < 1) {
    trine_error_set(error,
                    "Rows of %u sequences of %u steps; they need a model, values, 1 of each.",
                    batch == NULL ? 0 : batch->sequences, batch == NULL ? 0 : batch->steps);
    return NULL;
  }
  const struct trine_model_end *end = &trine_model_info(made->model)->input;
  const size_t sequences = batch->sequences, steps = end->has_time ? batch->steps : 1;
  const size_t width = end->width, from_width = made->table == NULL ? width : 1;
  size_t count = 0;
  const bool fits = trine_size_mul(sequences, steps, &count) &&
                    trine_size_mul(count, width, &count) && count < SIZE_MAX;
  int8_t *bytes = fits ? calloc(count + 1, 1) : NULL;
  bool good = bytes != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for %zu sequences of %zu rows.", sequences, steps);
  }
  for (size_t n = 0; n < sequences * steps && good; n++) {
    const size_t b = n / steps, t = n % steps;
    const size_t to = end->has_time && end->time_major ? t * sequences + b : n;
    const bool counts = !end->has_time || batch->lengths == NULL || t < batch->lengths[b];
    good = !counts || make_row(made, end, batch->input + n * from_width, bytes + to * width, error);
  }
  if (!good) {
    free(bytes);
    bytes = NULL;
  }
  return bytes;
}

int8_t *trine_quantized_input(const struct trine_quantized *made, const float *input,
                              uint32_t sequences, uint32_t steps, struct trine_error *error) {
  const struct trine_float_batch batch = {.sequences = sequences, .steps = steps, .input = input};
  return trine_quantized_rows(made, &batch, error);
}

/* --- How it came out: the int8 model on the calibration data, beside the float network --- */

struct comparison {
  const struct trine_float_network *network;
  const struct trine_float_batch *batch;
  const struct ranges *ranges;
  struct trine_quantized *made;
  uint32_t segment;
  uint32_t nodes[TRINE_QUANTIZE_MAX_LAYERS]; /* float node of each layer of the file */
  double signal[TRINE_QUANTIZE_MAX_LAYERS], noise[TRINE_QUANTIZE_MAX_LAYERS];
  uint64_t gates[TRINE_QUANTIZE_MAX_LAYERS], gates_full[TRINE_QUANTIZE_MAX_LAYERS];
  uint64_t cells_full[TRINE_QUANTIZE_MAX_LAYERS];
};

static void see_point(void *context, const struct trine_golden_point *point) {
  struct comparison *comparison = context;
  const struct trine_model *model = comparison->made->model;
  for (uint32_t n = 0; n < comparison->made->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    if (layer->segment != comparison->segment || layer->network_layer != point->layer) {
      continue;
    }
    const uint32_t value = comparison->network->nodes[comparison->nodes[n]].output;
    const struct quant_value *quant = &comparison->ranges->values[value];
    const struct trine_float_value *what = &comparison->network->values[value];
    const size_t steps = what->has_time ? comparison->batch->steps : 1;
    /* A layer behind REVERSE_V2 counts its rows from the end of the whole batch. */
    const size_t length = comparison->batch->lengths != NULL
                              ? comparison->batch->lengths[point->sequence]
                              : comparison->batch->steps;
    const bool turned = comparison->network->nodes[comparison->nodes[n]].cell.reversed;
    const size_t row = !what->has_time ? 0 : turned ? length - 1 - point->step : point->step;
    const float wanted =
        comparison->ranges
            ->floats[value][(point->sequence * steps + row) * what->width + point->unit];
    const double error = (double)((float)(point->h - quant->zero_point) * quant->scale - wanted);
    comparison->signal[n] += (double)wanted * (double)wanted;
    comparison->noise[n] += error * error;
    for (int g = 0; g < TRINE_GATES && layer->kind == TRINE_LAYER_LSTM; g++) {
      comparison->gates[n]++;
      comparison->gates_full[n] += point->pre[g] == INT16_MAX || point->pre[g] == INT16_MIN;
    }
    comparison->cells_full[n] += point->c == INT16_MAX || point->c == INT16_MIN;
  }
}

static int run_watched(void *context, uint32_t segment, const struct trine_network *network,
                       const struct trine_batch *batch, struct trine_error *error) {
  struct comparison *comparison = context;
  comparison->segment = segment;
  const struct trine_golden_options options = {
      .tap = see_point, .tap_context = comparison, .error = error};
  return trine_golden_run(network, batch, &options);
}

/* Layers of the file in its order are the layers of the network in its order. */
static void pair_layers(struct comparison *comparison) {
  struct trine_quantized *made = comparison->made;
  uint32_t count = 0;
  for (uint32_t n = 0; n < comparison->network->node_count; n++) {
    const struct trine_float_node *node = &comparison->network->nodes[n];
    const bool is_layer = node->op == TRINE_FLOAT_LSTM || node->op == TRINE_FLOAT_DENSE;
    if (!is_layer || count >= made->layer_count) {
      continue;
    }
    const struct quant_value *quant = &comparison->ranges->values[node->output];
    const bool lstm = node->op == TRINE_FLOAT_LSTM;
    const float largest = comparison->ranges->largest_cell[n];
    comparison->nodes[count] = n;
    made->layers[count] =
        (struct trine_quantized_layer){.name = node->name,
                                       .kind = lstm ? TRINE_LAYER_LSTM : TRINE_LAYER_DENSE,
                                       .low = quant->low,
                                       .high = quant->high,
                                       .scale = quant->scale,
                                       .zero_point = quant->zero_point,
                                       .cell_exponent = lstm ? quant_cell_exponent(largest) : 0,
                                       .largest_cell = largest};
    count++;
  }
  made->layer_count = count;
}

static bool compare(struct comparison *comparison, struct trine_error *error) {
  struct trine_quantized *made = comparison->made;
  const struct trine_float_batch *batch = comparison->batch;
  const struct trine_model_info *info = trine_model_info(made->model);
  size_t count = 0;
  const bool fits = trine_model_output_count(made->model, batch->sequences, batch->steps, &count) &&
                    count < SIZE_MAX;
  made->layer_count =
      info->layer_count < TRINE_QUANTIZE_MAX_LAYERS ? info->layer_count : TRINE_QUANTIZE_MAX_LAYERS;
  pair_layers(comparison);
  int8_t *input = trine_quantized_rows(made, batch, error);
  int32_t *output = fits ? calloc(count + 1, sizeof *output) : NULL; /* room for ARG_MAX too */
  struct trine_states start;
  const bool begun =
      trine_quantized_start(comparison->network, made->model, batch->sequences, &start, error) == 0;
  const struct trine_model_batch int8_batch = {.sequences = batch->sequences,
                                               .steps = batch->steps,
                                               .lengths = batch->lengths,
                                               .input = input,
                                               .output = (void *)output,
                                               .state_in = start.lstm};
  bool good = begun && input != NULL && output != NULL;
  if (begun && input != NULL && output == NULL) {
    trine_error_set(error, "There is no memory for an output of %u sequences of %u steps.",
                    batch->sequences, batch->steps);
  }
  good = good && trine_model_run(made->model, &int8_batch, run_watched, comparison, error) ==
                     TRINE_MODEL_OK;
  for (uint32_t n = 0; n < made->layer_count && good; n++) {
    struct trine_quantized_layer *layer = &made->layers[n];
    const double gates = (double)(comparison->gates[n] > 0 ? comparison->gates[n] : 1);
    layer->snr_db = comparison->noise[n] > 0
                        ? 10 * log10(comparison->signal[n] / comparison->noise[n])
                        : INFINITY;
    layer->gates_saturated = (double)comparison->gates_full[n] / gates;
    layer->cells_saturated = (double)comparison->cells_full[n] * TRINE_GATES / gates;
  }
  trine_states_free(&start);
  free(input);
  free(output);
  return good;
}

int trine_quantize(const struct trine_float_network *network, const struct trine_float_batch *batch,
                   const struct trine_quantize_options *options, struct trine_quantized *made,
                   struct trine_error *error) {
  static const struct trine_quantize_options none = {.per_row = false};
  const struct trine_quantize_options *wanted = options != NULL ? options : &none;
  struct ranges ranges = {.floats = NULL};
  *made = (struct trine_quantized){.bytes = NULL};
  if (!trine_float_check(network, batch, error)) {
    return -1;
  }
  struct comparison *comparison = calloc(1, sizeof *comparison);
  bool good = comparison != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory to compare.");
  }
  good = good && ranges_find(network, batch, &ranges, error) &&
         copy_table(network, &ranges, made, error) &&
         quantize_write(network, &ranges, wanted->steps > 0 ? wanted->steps : batch->steps,
                        wanted->per_row, made, error) &&
         trine_model_parse(made->bytes, made->len_bytes, &made->model, error) == TRINE_MODEL_OK;
  if (good) {
    *comparison =
        (struct comparison){.network = network, .batch = batch, .ranges = &ranges, .made = made};
    good = compare(comparison, error);
  }
  if (good) {
    quantize_notes(network, batch, &ranges, made);
  }
  free(comparison);
  ranges_free(network, &ranges);
  return good ? 0 : -1;
}
