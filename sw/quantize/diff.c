/* SPDX-License-Identifier: Apache-2.0 */
/* diff: float points are kept, golden points compared with them as they come; see diff.h. */
#include "quantize/diff.h"

#include <math.h>
#include <stdlib.h>

#include "golden/golden.h"
#include "quantize/places.h"
#include "quantize/write.h"

/* What is kept of a float point, and Q3.12's limits. */
enum { KEPT = TRINE_GATES + 1 };
#define PRE_LIMIT 8.0F
#define PRE_LSB (1.0F / 4096.0F)
#define MAX_KEPT_BYTES (UINT64_C(4) << 30)

struct compared_layer {
  uint32_t node;
  float *kept; /* [sequence][step][unit][KEPT] of an LSTM: pre-activations and cell */
  double sum[TRINE_DIFF_COUNT];
  uint64_t count[TRINE_DIFF_COUNT];
};

struct comparing {
  const struct trine_float_network *network;
  const struct trine_model *model;
  const struct trine_float_batch *batch;
  float **values;
  float limit;
  uint32_t segment;
  struct compared_layer layers[TRINE_DIFF_MAX_LAYERS];
  struct trine_diff *diff;
};

static size_t point_at(const struct comparing *comparing, uint32_t units, uint32_t sequence,
                       uint32_t step, uint32_t unit) {
  return (((size_t)sequence * comparing->batch->steps + step) * units + unit) * KEPT;
}

static void keep_point(void *context, const struct trine_float_point *point) {
  struct comparing *comparing = context;
  for (uint32_t n = 0; n < comparing->diff->layer_count; n++) {
    if (comparing->layers[n].node == point->node) {
      const uint32_t units = comparing->network->nodes[point->node].cell.units;
      float *kept = comparing->layers[n].kept +
                    point_at(comparing, units, point->sequence, point->step, point->unit);
      for (int g = 0; g < TRINE_GATES; g++) {
        kept[g] = fmaxf(-PRE_LIMIT, fminf(PRE_LIMIT, point->pre[g]));
      }
      kept[TRINE_GATES] = point->c;
    }
  }
}

static void see(struct comparing *comparing, uint32_t n, enum trine_diff_what what,
                struct trine_diff_place place, float scale) {
  struct trine_diff_layer *layer = &comparing->diff->layers[n];
  place.lsb = (place.int8 - place.real) / scale;
  comparing->layers[n].sum[what] += (double)place.lsb * (double)place.lsb;
  comparing->layers[n].count[what]++;
  if (fabsf(place.lsb) > fabsf(layer->worst[what].lsb)) {
    layer->worst[what] = place;
  }
  const bool earlier = layer->first.lsb == 0.0F || place.step < layer->first.step;
  if (what == TRINE_DIFF_OUTPUT && fabsf(place.lsb) > comparing->limit && earlier) {
    layer->first = place;
  }
}

/* The float output of a layer at a step of its own. */
static float output_at(const struct comparing *comparing, const struct trine_float_node *node,
                       const struct trine_golden_point *point) {
  const struct trine_float_batch *batch = comparing->batch;
  const struct trine_float_value *value = &comparing->network->values[node->output];
  const uint32_t length = trine_float_rows(
      value, batch->lengths != NULL ? batch->lengths[point->sequence] : batch->steps);
  const size_t steps = trine_float_rows(value, batch->steps);
  size_t row;
  if (!value->has_time) {
    row = 0;
  } else if (node->op == TRINE_FLOAT_LSTM && node->cell.reversed) {
    row = length - 1 - point->step;
  } else {
    row = point->step;
  }
  return comparing
      ->values[node->output][(point->sequence * steps + row) * value->width + point->unit];
}

static void compare_point(struct comparing *comparing, uint32_t n,
                          const struct trine_golden_point *point) {
  const struct trine_model_layer *layer = trine_model_layer(comparing->model, n);
  const struct trine_float_node *node = &comparing->network->nodes[comparing->layers[n].node];
  struct trine_diff_place place = {
      .sequence = point->sequence, .step = point->step, .unit = point->unit, .gate = -1};
  place.real = output_at(comparing, node, point);
  place.int8 = (float)(point->h - layer->output_zero_point) * layer->output_scale;
  see(comparing, n, TRINE_DIFF_OUTPUT, place, layer->output_scale);
  if (layer->kind != TRINE_LAYER_LSTM) {
    return;
  }
  const float *kept = comparing->layers[n].kept +
                      point_at(comparing, layer->units, point->sequence, point->step, point->unit);
  const float cell_scale = ldexpf(1.0F, layer->layer->cell_exponent);
  place.real = kept[TRINE_GATES];
  place.int8 = (float)point->c * cell_scale;
  see(comparing, n, TRINE_DIFF_CELL, place, cell_scale);
  for (place.gate = 0; place.gate < TRINE_GATES; place.gate++) {
    place.real = kept[place.gate];
    place.int8 = (float)point->pre[place.gate] * PRE_LSB;
    see(comparing, n, TRINE_DIFF_PRE, place, PRE_LSB);
  }
}

static void see_point(void *context, const struct trine_golden_point *point) {
  struct comparing *comparing = context;
  for (uint32_t n = 0; n < comparing->diff->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(comparing->model, n);
    if (layer->segment == comparing->segment && layer->network_layer == point->layer) {
      compare_point(comparing, n, point);
    }
  }
}

static enum trine_status run_watched(void *context, uint32_t segment,
                                     const struct trine_network *network,
                                     const struct trine_batch *batch, struct trine_error *error) {
  struct comparing *comparing = context;
  comparing->segment = segment;
  const struct trine_golden_options options = {
      .tap = see_point, .tap_context = comparing, .error = error};
  return trine_golden_run(network, batch, &options);
}

static const char *kind_name(bool is_lstm) {
  return is_lstm ? "an LSTM" : "dense";
}

/* Layers in order have to be the same in both; memory for the points of each LSTM. */
static enum trine_status pair_layers(struct comparing *comparing, struct trine_error *error) {
  const uint32_t count = trine_model_info(comparing->model)->layer_count;
  uint32_t n = 0;
  uint64_t bytes = 0;
  for (uint32_t k = 0; k < comparing->network->node_count; k++) {
    const struct trine_float_node *node = &comparing->network->nodes[k];
    const bool lstm = node->op == TRINE_FLOAT_LSTM;
    if (!lstm && node->op != TRINE_FLOAT_DENSE) {
      continue;
    }
    const uint32_t units = lstm ? node->cell.units : node->matrix.units;
    const struct trine_model_layer *layer =
        n < count ? trine_model_layer(comparing->model, n) : NULL;
    if (layer == NULL || n >= TRINE_DIFF_MAX_LAYERS || layer->units != units ||
        (layer->kind == TRINE_LAYER_LSTM) != lstm) {
      trine_error_set(
          error,
          "Layer %u is %s with %u units, the float network's %.60s %s with %u; give the "
          "model that was made of it.",
          n, layer == NULL ? "none" : kind_name(layer->kind == TRINE_LAYER_LSTM),
          layer == NULL ? 0 : layer->units, node->name, kind_name(lstm), units);
      return TRINE_ERR_ARG;
    }
    const uint64_t points =
        lstm ? (uint64_t)comparing->batch->sequences * comparing->batch->steps * units : 0;
    bytes += points * KEPT * sizeof(float);
    if (bytes > MAX_KEPT_BYTES || bytes > SIZE_MAX / 2) {
      trine_error_set(error, "The states to compare need %llu bytes; give fewer sequences.",
                      (unsigned long long)bytes);
      return TRINE_ERR_LIMIT;
    }
    comparing->diff->layers[n] = (struct trine_diff_layer){
        .name = node->name, .kind = lstm ? TRINE_LAYER_LSTM : TRINE_LAYER_DENSE};
    comparing->layers[n].node = k;
    comparing->layers[n].kept = calloc((size_t)points * KEPT + 1, sizeof(float));
    n++;
    comparing->diff->layer_count = n;
    if (comparing->layers[n - 1].kept == NULL) {
      trine_error_set(error, "There is no memory for the states of %.80s.", node->name);
      return TRINE_ERR_MEMORY;
    }
  }
  if (n != count) {
    trine_error_set(error, "There are %u layers in float and %u in int8.", n, count);
    return TRINE_ERR_ARG;
  }
  return TRINE_OK;
}

/* An input of the int8 model: the bytes of what the float network's first layers read. */
static enum trine_status make_rows(const struct comparing *comparing, uint32_t input, int8_t **made,
                                   struct trine_error *error) {
  const struct trine_float_batch *batch = comparing->batch;
  const struct trine_model_end *end = &trine_model_info(comparing->model)->inputs[input];
  const struct trine_float_matrix *table = NULL;
  const uint32_t entry = quantize_entry(comparing->network, input, &table);
  const struct trine_float_value *value = &comparing->network->values[entry];
  const size_t rows = (size_t)batch->sequences * trine_float_rows(value, batch->steps);
  if (end->width != value->width || end->has_time != value->has_time) {
    trine_error_set(error, "The int8 model reads rows of %u values, the float network of %u.",
                    end->width, value->width);
    return TRINE_ERR_ARG;
  }
  *made = malloc(rows * end->width + 1);
  if (*made == NULL) {
    trine_error_set(error, "There is no memory for %zu rows.", rows);
    return TRINE_ERR_MEMORY;
  }
  for (size_t n = 0; n < rows; n++) {
    const size_t to = end->has_time && end->time_major
                          ? n % batch->steps * batch->sequences + n / batch->steps
                          : n;
    trine_model_quantize(end, comparing->values[entry] + n * end->width, end->width,
                         *made + to * end->width);
  }
  return TRINE_OK;
}

static enum trine_status run_int8(struct comparing *comparing, struct trine_error *error) {
  struct quantize_run run = {.inputs = {NULL}};
  const uint32_t count = trine_model_info(comparing->model)->input_count;
  enum trine_status status = TRINE_OK;
  if (count != comparing->network->input_count) {
    trine_error_set(error, "The int8 model has %u inputs, the float network %u; give those of one.",
                    count, comparing->network->input_count);
    status = TRINE_ERR_ARG;
  }
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    status = make_rows(comparing, n, &run.inputs[n], error);
  }
  if (status == TRINE_OK) {
    status =
        quantize_run_begin(comparing->network, comparing->model, comparing->batch, &run, error);
  }
  if (status == TRINE_OK) {
    status = trine_model_run(comparing->model, &run.batch, run_watched, comparing, error);
  }
  quantize_run_end(&run);
  return status;
}

enum trine_status trine_diff_run(const struct trine_float_network *network,
                                 const struct trine_model *model,
                                 const struct trine_float_batch *batch, float limit,
                                 struct trine_diff *diff, struct trine_error *error) {
  if (model == NULL || diff == NULL || !(limit >= 0.0F)) {
    trine_error_set(error, "A comparison needs a model, and a limit of 0 or more LSB, not %g.",
                    (double)limit);
    return TRINE_ERR_ARG;
  }
  *diff = (struct trine_diff){.layer_count = 0};
  enum trine_status status = trine_float_check(network, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  struct comparing comparing = {.network = network,
                                .model = model,
                                .batch = batch,
                                .limit = limit,
                                .values = calloc((size_t)network->value_count + 1, sizeof(float *)),
                                .diff = diff};
  struct trine_float_batch watched = *batch;
  watched.tap = keep_point;
  watched.tap_context = &comparing;
  if (comparing.values == NULL) {
    trine_error_set(error, "There is no memory for %u values.", network->value_count);
    return TRINE_ERR_MEMORY;
  }
  status = pair_layers(&comparing, error);
  if (status == TRINE_OK) {
    status = trine_float_run(network, &watched, comparing.values, error);
  }
  if (status == TRINE_OK) {
    status = run_int8(&comparing, error);
  }
  for (uint32_t n = 0; n < diff->layer_count; n++) {
    for (int what = 0; what < TRINE_DIFF_COUNT && status == TRINE_OK; what++) {
      const double count = (double)comparing.layers[n].count[what];
      diff->layers[n].rms_lsb[what] = count > 0 ? sqrt(comparing.layers[n].sum[what] / count) : 0;
    }
  }
  for (uint32_t n = 0; n < TRINE_DIFF_MAX_LAYERS; n++) {
    free(comparing.layers[n].kept);
  }
  trine_float_values_free(network, comparing.values);
  free(comparing.values);
  return status;
}
