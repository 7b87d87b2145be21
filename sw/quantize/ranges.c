/* SPDX-License-Identifier: Apache-2.0 */
/* ranges: the calibration run and the scales that follow, see ranges.h. */
#include "quantize/ranges.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/rounding.h"
#include "quantize/calibrate.h"

enum { LEAST_K = -15, MOST_K = -9, LEVELS = 255 };

static void see_cell(void *context, const struct trine_float_point *point) {
  float *largest = context;
  largest[point->node] = fmaxf(largest[point->node], fabsf(point->c));
}

/* False at the first number that is not finite: fminf and fmaxf would step over a NaN. */
static bool see_range(struct quant_value *value, const float *data, size_t count) {
  bool finite = true;
  for (size_t n = 0; n < count; n++) {
    finite = finite && isfinite(data[n]);
    value->seen_low = fminf(value->seen_low, data[n]);
    value->seen_high = fmaxf(value->seen_high, data[n]);
  }
  return finite;
}

/* Only rows within the lengths count. *sequence: the first that has a number that is not finite. */
static bool see_value(const struct trine_float_network *network,
                      const struct trine_float_batch *batch, uint32_t n, struct ranges *ranges,
                      uint32_t *sequence) {
  const struct trine_float_value *value = &network->values[n];
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const size_t steps = trine_float_rows(value, batch->steps);
    const size_t length =
        trine_float_rows(value, batch->lengths != NULL ? batch->lengths[b] : batch->steps);
    *sequence = b;
    if (!see_range(&ranges->values[n], ranges->floats[n] + b * steps * value->width,
                   length * value->width)) {
      return false;
    }
  }
  return true;
}

/* States that were learned come before any row. */
static void see_start(const struct trine_float_network *network, struct ranges *ranges) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    const bool lstm = node->op == TRINE_FLOAT_LSTM;
    if (lstm && node->cell.h0 != NULL) {
      (void)see_range(&ranges->values[node->output], node->cell.h0, node->cell.units);
    }
    for (uint32_t u = 0; lstm && node->cell.c0 != NULL && u < node->cell.units; u++) {
      ranges->largest_cell[n] = fmaxf(ranges->largest_cell[n], fabsf(node->cell.c0[u]));
    }
  }
}

static uint32_t first_of(const struct quant_value *values, uint32_t n) {
  while (values[n].group != n) {
    n = values[n].group;
  }
  return n;
}

static void share(struct ranges *ranges, uint32_t a, uint32_t b) {
  struct quant_value *values = ranges->values;
  a = first_of(values, a);
  b = first_of(values, b);
  values[b].group = a;
  values[a].seen_low = fminf(values[a].seen_low, values[b].seen_low);
  values[a].seen_high = fmaxf(values[a].seen_high, values[b].seen_high);
}

/* The scale and zero point that the reference's kernel of an operator makes, and the range that
 * they are for; NULL where any will do. */
static const struct fixed {
  enum trine_float_op op;
  float scale;
  int32_t zero_point;
  float low, high;
} fixed_scales[] = {{TRINE_FLOAT_SOFTMAX, 1.0F / 256.0F, -128, 0.0F, 1.0F},
                    {TRINE_FLOAT_LOGISTIC, 1.0F / 256.0F, -128, 0.0F, 1.0F},
                    {TRINE_FLOAT_TANH, 1.0F / 128.0F, 0, -1.0F, 1.0F}};

static const struct fixed *fixed_of(enum trine_float_op op) {
  for (size_t n = 0; n < sizeof fixed_scales / sizeof fixed_scales[0]; n++) {
    if (fixed_scales[n].op == op) {
      return &fixed_scales[n];
    }
  }
  return NULL;
}

static void set_fixed(struct quant_value *value, const struct fixed *fixed) {
  value->scale = fixed->scale;
  value->zero_point = fixed->zero_point;
}

void quant_set_scale(struct quant_value *value) {
  const struct fixed *fixed = fixed_of(value->fixed_by);
  if (fixed != NULL && value->low >= fixed->low && value->high <= fixed->high) {
    set_fixed(value, fixed);
    return;
  }
  const float scale = (value->high - value->low) / 255.0F;
  value->scale = scale >= FLT_MIN ? scale : 1.0F / 128.0F; /* a scale is a normal number */
  const float zero = roundf(-128.0F - value->low / value->scale);
  value->zero_point = (int32_t)fmaxf(-128.0F, fminf(127.0F, zero));
}

/* Operators whose result has the bytes of their inputs. */
static bool moves(enum trine_float_op op) {
  return op == TRINE_FLOAT_CONCAT || op == TRINE_FLOAT_LAST || op == TRINE_FLOAT_FIRST ||
         op == TRINE_FLOAT_STEP || op == TRINE_FLOAT_COLUMNS || op == TRINE_FLOAT_MAX ||
         op == TRINE_FLOAT_REPEAT || op == TRINE_FLOAT_FLATTEN || op == TRINE_FLOAT_RANGE ||
         op == TRINE_FLOAT_TURN;
}

static void share_all(const struct trine_float_network *network, struct ranges *ranges) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    for (uint32_t k = 0; moves(node->op) && k < node->input_count; k++) {
      share(ranges, node->inputs[k], node->output);
    }
    if (node->op == TRINE_FLOAT_LSTM && node->cell.follows > 0) { /* one state for both */
      const uint32_t before = node->cell.follows - 1;
      share(ranges, network->nodes[before].output, node->output);
      ranges->largest_cell[n] = fmaxf(ranges->largest_cell[n], ranges->largest_cell[before]);
    }
  }
  for (uint32_t n = network->node_count; n-- > 0;) {
    const struct trine_float_node *node = &network->nodes[n];
    if (node->op == TRINE_FLOAT_LSTM && node->cell.follows > 0) {
      float *before = &ranges->largest_cell[node->cell.follows - 1];
      *before = fmaxf(*before, ranges->largest_cell[n]);
    }
  }
}

/* Groups, and those whose scale a kernel makes. */
static void group_values(const struct trine_float_network *network, struct ranges *ranges) {
  struct quant_value *values = ranges->values;
  share_all(network, ranges);
  for (uint32_t n = 0; n < network->node_count; n++) {
    if (fixed_of(network->nodes[n].op) != NULL) {
      values[first_of(values, network->nodes[n].output)].fixed_by = network->nodes[n].op;
    }
  }
  for (uint32_t n = 0; n < network->value_count; n++) {
    values[n].low = values[n].seen_low;
    values[n].high = values[n].seen_high;
  }
}

static void set_scales(const struct trine_float_network *network, struct ranges *ranges) {
  struct quant_value *values = ranges->values;
  for (uint32_t n = 0; n < network->value_count; n++) {
    const uint32_t first = first_of(values, n), group = values[n].group;
    quant_set_scale(&values[first]);
    values[n] = values[first];
    values[n].group = group;
  }
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct fixed *fixed = fixed_of(network->nodes[n].op);
    if (fixed != NULL) {
      set_fixed(&values[network->nodes[n].output], fixed);
    }
  }
}

enum trine_status ranges_find(const struct trine_float_network *network,
                              const struct trine_float_batch *batch, struct ranges *ranges,
                              struct trine_error *error) {
  *ranges = (struct ranges){
      .floats = calloc(network->value_count, sizeof *ranges->floats),
      .values = calloc(network->value_count, sizeof *ranges->values),
      .largest_cell = calloc((size_t)network->node_count + 1, sizeof *ranges->largest_cell)};
  if (ranges->floats == NULL || ranges->values == NULL || ranges->largest_cell == NULL) {
    trine_error_set(error, "There is no memory for the ranges of %u values.", network->value_count);
    return TRINE_ERR_MEMORY;
  }
  struct trine_float_batch watched = *batch;
  watched.tap = see_cell;
  watched.tap_context = ranges->largest_cell;
  const enum trine_status status = trine_float_run(network, &watched, ranges->floats, error);
  if (status != TRINE_OK) {
    return status;
  }
  see_start(network, ranges);
  for (uint32_t n = 0; n < network->value_count; n++) {
    uint32_t sequence = 0;
    ranges->values[n].group = n;
    ranges->values[n].fixed_by = TRINE_FLOAT_LSTM;
    if (!see_value(network, batch, n, ranges, &sequence)) {
      trine_error_set(error,
                      "The value %.80s is not finite on sequence %u of the calibration data: "
                      "its sums are too large for single precision.",
                      network->values[n].name, sequence);
      return TRINE_ERR_ARG;
    }
    if (!isfinite(ranges->values[n].seen_high - ranges->values[n].seen_low)) {
      trine_error_set(error, "The value %.80s goes from %g to %g, wider than single precision is.",
                      network->values[n].name, (double)ranges->values[n].seen_low,
                      (double)ranges->values[n].seen_high);
      return TRINE_ERR_ARG;
    }
  }
  group_values(network, ranges);
  set_scales(network, ranges);
  return TRINE_OK;
}

bool ranges_can_choose(const struct ranges *ranges, uint32_t value) {
  const struct quant_value *what = &ranges->values[value];
  return what->group == value && fixed_of(what->fixed_by) == NULL &&
         what->seen_high > what->seen_low;
}

/* All numbers of a group that count. */
static void count_group(const struct trine_float_network *network,
                        const struct trine_float_batch *batch, const struct ranges *ranges,
                        uint32_t first, struct calibrate_bins *bins) {
  memset(bins, 0, sizeof *bins);
  bins->low = ranges->values[first].seen_low;
  bins->high = ranges->values[first].seen_high;
  for (uint32_t n = 0; n < network->value_count; n++) {
    const struct trine_float_value *value = &network->values[n];
    const size_t steps = trine_float_rows(value, batch->steps);
    for (uint32_t b = 0; first_of(ranges->values, n) == first && b < batch->sequences; b++) {
      const size_t rows =
          trine_float_rows(value, batch->lengths != NULL ? batch->lengths[b] : batch->steps);
      calibrate_count(bins, ranges->floats[n] + b * steps * value->width, rows * value->width);
    }
  }
}

bool ranges_choose(const struct trine_float_network *network, const struct trine_float_batch *batch,
                   const struct calibration *calibration, struct ranges *ranges,
                   struct trine_error *error) {
  struct calibrate_bins *bins = malloc(sizeof *bins);
  if (bins == NULL) {
    trine_error_set(error, "There is no memory for the %d bins of a range.", CALIBRATE_BINS);
    return false;
  }
  for (uint32_t n = 0; n < network->value_count; n++) {
    struct quant_value *value = &ranges->values[n];
    if (value->group != n) {
      continue;
    }
    value->by = TRINE_CALIBRATE_RANGE;
    value->low = value->seen_low;
    value->high = value->seen_high;
    if (!ranges_can_choose(ranges, n) || calibration->by[n] == TRINE_CALIBRATE_RANGE) {
      continue;
    }
    value->by = calibration->by[n];
    if (calibration->by[n] == TRINE_CALIBRATE_SHRUNK) {
      value->low *= calibration->shrink[n];
      value->high *= calibration->shrink[n];
      continue;
    }
    count_group(network, batch, ranges, n, bins);
    if (calibration->by[n] == TRINE_CALIBRATE_PERCENTILE) {
      calibrate_percentile(bins, &value->low, &value->high);
    } else {
      calibrate_error(bins, LEVELS, &value->low, &value->high);
    }
  }
  free(bins);
  set_scales(network, ranges);
  return true;
}

void ranges_free(const struct trine_float_network *network, struct ranges *ranges) {
  if (ranges->floats != NULL) {
    trine_float_values_free(network, ranges->floats);
  }
  free(ranges->floats);
  free(ranges->values);
  free(ranges->largest_cell);
  *ranges = (struct ranges){.floats = NULL};
}

int8_t quant_byte(const struct quant_value *quant, float value) {
  const struct trine_rounding byte = {quant->scale, quant->zero_point, INT8_MIN, INT8_MAX};
  return (int8_t)trine_round(value, &byte);
}

int32_t quant_cell_exponent(float largest_cell) {
  const int32_t wanted = largest_cell > 0.0F ? (int32_t)ceilf(log2f(largest_cell)) - 15 : LEAST_K;
  if (wanted < LEAST_K) {
    return LEAST_K;
  }
  if (wanted > MOST_K) {
    return MOST_K;
  }
  return wanted;
}
