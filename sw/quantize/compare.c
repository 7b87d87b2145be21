/* SPDX-License-Identifier: Apache-2.0 */
/* compare: the int8 model on the calibration data, beside the float network; see compare.h. */
#include "quantize/compare.h"

#include <math.h>
#include <stdlib.h>

#include "golden/golden.h"
#include "quantize/places.h"
#include "quantize/tables.h"
#include "quantize/write.h"

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

static void free_details(struct trine_quantized *made) {
  for (uint32_t n = 0; made->details != NULL && n < made->layer_count; n++) {
    free(made->details[n].step_signal);
    free(made->details[n].step_noise);
    free(made->details[n].unit_signal);
    free(made->details[n].unit_noise);
  }
  free(made->details);
  free(made->real);
  free(made->int8);
  made->details = NULL;
  made->real = made->int8 = NULL;
}

void quantize_forget(struct trine_quantized *made) {
  free_details(made);
  trine_model_free(made->model);
  free(made->bytes);
  tables_free(made);
  made->model = NULL;
  made->bytes = NULL;
}

static double decibels(double signal, double noise) {
  return noise > 0 ? 10 * log10(signal / noise) : INFINITY;
}

/* The value that layer n of the file makes. */
static const struct trine_float_value *layer_value(const struct comparison *comparison,
                                                   uint32_t n) {
  const struct trine_float_network *network = comparison->network;
  return &network->values[network->nodes[comparison->nodes[n]].output];
}

/* Room for what a report shows. */
static bool make_details(const struct comparison *comparison) {
  struct trine_quantized *made = comparison->made;
  made->details = calloc((size_t)made->layer_count + 1, sizeof *made->details);
  bool good = made->details != NULL;
  for (uint32_t n = 0; n < made->layer_count && good; n++) {
    struct trine_quantized_detail *detail = &made->details[n];
    detail->units = trine_model_layer(made->model, n)->units;
    detail->steps = trine_float_rows(layer_value(comparison, n), comparison->batch->steps);
    detail->step_signal = calloc(detail->steps, sizeof(double));
    detail->step_noise = calloc(detail->steps, sizeof(double));
    detail->unit_signal = calloc(detail->units, sizeof(double));
    detail->unit_noise = calloc(detail->units, sizeof(double));
    good = detail->step_signal != NULL && detail->step_noise != NULL &&
           detail->unit_signal != NULL && detail->unit_noise != NULL;
  }
  return good;
}

/* The bin of a value between low and high; those beyond are in the outer ones. */
static uint32_t bin_of(const struct trine_quantized_layer *layer, double value) {
  const double width = (double)layer->seen_high - (double)layer->seen_low;
  const double at = width > 0 ? (value - (double)layer->seen_low) / width * TRINE_QUANTIZE_BINS : 0;
  if (at < 0) {
    return 0;
  }
  if (at >= TRINE_QUANTIZE_BINS) {
    return TRINE_QUANTIZE_BINS - 1;
  }
  return (uint32_t)at;
}

static void see_detail(struct trine_quantized *made, uint32_t n, uint32_t step, uint32_t unit,
                       double wanted, double error) {
  if (made->details == NULL) {
    return;
  }
  struct trine_quantized_detail *detail = &made->details[n];
  detail->step_signal[step] += wanted * wanted;
  detail->step_noise[step] += error * error;
  detail->unit_signal[unit] += wanted * wanted;
  detail->unit_noise[unit] += error * error;
  detail->real_bins[bin_of(&made->layers[n], wanted)]++;
  detail->int8_bins[bin_of(&made->layers[n], wanted + error)]++;
}

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
    const size_t steps = trine_float_rows(what, comparison->batch->steps);
    /* A layer behind REVERSE_V2 counts its rows from the end of the whole batch. */
    const size_t length = trine_float_rows(what, comparison->batch->lengths != NULL
                                                     ? comparison->batch->lengths[point->sequence]
                                                     : comparison->batch->steps);
    const bool turned = comparison->network->nodes[comparison->nodes[n]].cell.reversed;
    size_t row;
    if (!what->has_time) {
      row = 0;
    } else if (turned) {
      row = length - 1 - point->step;
    } else {
      row = point->step;
    }
    const float wanted =
        comparison->ranges
            ->floats[value][(point->sequence * steps + row) * what->width + point->unit];
    const double error = (double)((float)(point->h - quant->zero_point) * quant->scale - wanted);
    comparison->signal[n] += (double)wanted * (double)wanted;
    comparison->noise[n] += error * error;
    see_detail(comparison->made, n, point->step, point->unit, (double)wanted, error);
    for (int g = 0; g < TRINE_GATES && layer->kind == TRINE_LAYER_LSTM; g++) {
      comparison->gates[n]++;
      comparison->gates_full[n] += point->pre[g] == INT16_MAX || point->pre[g] == INT16_MIN;
    }
    comparison->cells_full[n] += point->c == INT16_MAX || point->c == INT16_MIN;
  }
}

static enum trine_status run_watched(void *context, uint32_t segment,
                                     const struct trine_network *network,
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
                                       .seen_low = quant->seen_low,
                                       .seen_high = quant->seen_high,
                                       .by = quant->by,
                                       .scale = quant->scale,
                                       .zero_point = quant->zero_point,
                                       .cell_exponent = lstm ? quant_cell_exponent(largest) : 0,
                                       .largest_cell = largest};
    count++;
  }
  made->layer_count = count;
}

/* The value that an output of the model is: before a LogSoftmax that the file leaves out. */
static uint32_t end_of(const struct trine_float_network *network, uint32_t output) {
  const uint32_t value = network->outputs[output];
  for (uint32_t n = 0; n < network->node_count && quantize_is_log_end(network, value); n++) {
    if (network->nodes[n].output == value) {
      return network->nodes[n].inputs[0];
    }
  }
  return value;
}

/* Room for both of the first output. */
static bool keep_output(struct trine_quantized *made, size_t count, struct trine_error *error) {
  made->output_count = count;
  if (made->details == NULL) {
    return true;
  }
  made->real = calloc(count + 1, sizeof *made->real);
  made->int8 = calloc(count + 1, sizeof *made->int8);
  if (made->real == NULL || made->int8 == NULL) {
    trine_error_set(error, "There is no memory for %zu values of the output.", count);
    return false;
  }
  return true;
}

/* How many values an output of the model has: all steps of a sequence as one row are rows to it. */
static uint64_t values_of(const struct trine_model *model, uint32_t output,
                          const struct trine_float_batch *batch) {
  uint64_t shape[TRINE_MODEL_MAX_RANK], values = 1;
  const uint32_t rank =
      trine_model_output_shape_of(model, output, batch->sequences, batch->steps, shape);
  for (uint32_t n = 0; n < rank; n++) {
    values *= shape[n];
  }
  return values;
}

/* An output of the model beside the float network's: its ratio, and of the first both with details.
 */
static bool compare_end(const struct comparison *comparison, uint32_t output, const int8_t *bytes,
                        struct trine_error *error) {
  struct trine_quantized *made = comparison->made;
  const struct trine_model_end *end = &trine_model_info(made->model)->outputs[output];
  const uint32_t last = end_of(comparison->network, output);
  const struct trine_float_value *value = &comparison->network->values[last];
  const struct trine_float_batch *batch = comparison->batch;
  const size_t steps = trine_float_rows(value, batch->steps), width = value->width;
  const float *real = comparison->ranges->floats[last];
  const size_t count = (size_t)batch->sequences * steps * width;
  double signal = 0, noise = 0;
  made->output_snr_db[output] = (double)NAN;
  if (end->type != TRINE_DTYPE_INT8 || values_of(made->model, output, batch) != count) {
    return true;
  }
  if (output == 0 && !keep_output(made, count, error)) {
    return false;
  }
  for (size_t n = 0; n < count; n++) {
    const size_t b = n / width / steps, t = n / width % steps;
    const size_t at = quantize_place(comparison->network, made, output, last, batch, n);
    float number = 0;
    if (batch->lengths != NULL && t >= trine_float_rows(value, batch->lengths[b])) {
      continue;
    }
    trine_model_dequantize(end, bytes + at, 1, &number);
    signal += (double)real[n] * (double)real[n];
    noise += ((double)number - (double)real[n]) * ((double)number - (double)real[n]);
    if (output == 0 && made->details != NULL) {
      made->real[n] = real[n];
      made->int8[n] = number;
    }
  }
  made->output_snr_db[output] = decibels(signal, noise);
  return true;
}

/* All outputs; what is told of all of them is the worst. False when there is no memory. */
static bool compare_ends(const struct comparison *comparison, void *const *outputs,
                         struct trine_error *error) {
  struct trine_quantized *made = comparison->made;
  made->snr_db = (double)NAN;
  for (uint32_t k = 0; k < comparison->network->output_count; k++) {
    if (!compare_end(comparison, k, outputs[k], error)) {
      return false;
    }
    made->snr_db = fmin(made->snr_db, made->output_snr_db[k]); /* NaN counts as none */
  }
  return true;
}

static void sum_up(const struct comparison *comparison) {
  for (uint32_t n = 0; n < comparison->made->layer_count; n++) {
    struct trine_quantized_layer *layer = &comparison->made->layers[n];
    const double gates = (double)(comparison->gates[n] > 0 ? comparison->gates[n] : 1);
    layer->snr_db = decibels(comparison->signal[n], comparison->noise[n]);
    layer->gates_saturated = (double)comparison->gates_full[n] / gates;
    layer->cells_saturated = (double)comparison->cells_full[n] * TRINE_GATES / gates;
  }
}

/* Runs the model with the layers watched. */
static enum trine_status run_model(struct comparison *comparison, struct trine_error *error) {
  struct trine_quantized *made = comparison->made;
  const struct trine_float_batch *batch = comparison->batch;
  struct quantize_run run = {.inputs = {NULL}};
  enum trine_status status = quantize_run_rows(made, batch, &run, error);
  if (status == TRINE_OK) {
    status = quantize_run_begin(comparison->network, made->model, batch, &run, error);
  }
  if (status == TRINE_OK) {
    status = trine_model_run(made->model, &run.batch, run_watched, comparison, error);
  }
  if (status == TRINE_OK && !compare_ends(comparison, run.outputs, error)) {
    status = TRINE_ERR_MEMORY;
  }
  quantize_run_end(&run);
  return status;
}

enum trine_status quantize_compare(const struct trine_float_network *network,
                                   const struct trine_float_batch *batch,
                                   const struct ranges *ranges, bool with_details,
                                   struct trine_quantized *made, struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(made->model);
  struct comparison *comparison = calloc(1, sizeof *comparison);
  if (comparison == NULL) {
    trine_error_set(error, "There is no memory to compare.");
    return TRINE_ERR_MEMORY;
  }
  *comparison =
      (struct comparison){.network = network, .batch = batch, .ranges = ranges, .made = made};
  made->layer_count =
      info->layer_count < TRINE_QUANTIZE_MAX_LAYERS ? info->layer_count : TRINE_QUANTIZE_MAX_LAYERS;
  pair_layers(comparison);
  enum trine_status status = TRINE_ERR_MEMORY;
  if (with_details && !make_details(comparison)) {
    trine_error_set(error, "There is no memory for the details of %u layers.", made->layer_count);
  } else {
    status = run_model(comparison, error);
  }
  if (status == TRINE_OK) {
    sum_up(comparison);
  }
  free(comparison);
  return status;
}
