/* SPDX-License-Identifier: Apache-2.0 */
/* metric: rows with labels, float beside int8; see metric.h. */
#include "quantize/metric.h"

#include <math.h>
#include <stdlib.h>

#include "float/float_rows.h"
#include "quantize/places.h"
#include "quantize/write.h"
#include "session/session.h"

/* Rows of an output, batch first. */
struct metric_rows {
  const float *values;
  uint32_t width;
  uint64_t count; /* of rows that were compared */
  uint64_t right, same;
  double bits;
};

int64_t trine_label(const struct trine_array *labels, uint64_t n) {
  switch (labels->dtype) {
    case TRINE_DTYPE_INT64:
      return ((const int64_t *)labels->data)[n];
    case TRINE_DTYPE_INT32:
      return ((const int32_t *)labels->data)[n];
    case TRINE_DTYPE_INT16:
      return ((const int16_t *)labels->data)[n];
    case TRINE_DTYPE_UINT8:
      return ((const uint8_t *)labels->data)[n];
    default:
      return ((const int8_t *)labels->data)[n];
  }
}

static uint32_t largest(const float *row, uint32_t width) {
  return (uint32_t)float_argmax(row, width);
}

static double bits_of(const float *row, uint32_t width, uint32_t label) {
  double sum = 0;
  const double top = (double)row[largest(row, width)];
  for (uint32_t n = 0; n < width; n++) {
    sum += exp((double)row[n] - top);
  }
  return (log(fmax(sum, 1)) + top - (double)row[label]) / log(2);
}

static bool see_row(struct metric_rows *rows, const float *row, int64_t label,
                    struct trine_error *error) {
  if (label < 0 || label >= rows->width) {
    trine_error_set(error, "The label %lld is outside the %u values of a row.", (long long)label,
                    rows->width);
    return false;
  }
  rows->count++;
  rows->right += largest(row, rows->width) == (uint32_t)label;
  rows->bits += bits_of(row, rows->width, (uint32_t)label);
  return true;
}

/* Goes through the rows that have a label, of both outputs. */
static bool see_all(const struct trine_float_batch *batch, const struct trine_float_value *end,
                    const struct trine_array *labels, struct metric_rows *real,
                    struct metric_rows *bytes, struct trine_error *error) {
  const uint32_t steps = trine_float_rows(end, batch->steps);
  const bool each_step = end->has_time && labels->count > batch->sequences;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    const uint32_t length =
        trine_float_rows(end, batch->lengths != NULL ? batch->lengths[b] : batch->steps);
    for (uint32_t t = each_step ? 0 : length - 1; t < length; t++) {
      const size_t at = ((size_t)b * steps + t) * real->width;
      const int64_t label = trine_label(labels, each_step ? (uint64_t)b * steps + t : (uint64_t)b);
      if (!see_row(real, real->values + at, label, error) ||
          !see_row(bytes, bytes->values + at, label, error)) {
        return false;
      }
      real->same +=
          largest(real->values + at, real->width) == largest(bytes->values + at, bytes->width);
    }
  }
  return true;
}

/* One value of an output as a number. */
static float number_at(const struct trine_model_end *end, const void *output, size_t at) {
  float value = 0;
  if (end->type == TRINE_DTYPE_INT32) {
    return (float)((const int32_t *)output)[at];
  }
  if (end->type == TRINE_DTYPE_INT64) {
    return (float)((const int64_t *)output)[at];
  }
  trine_model_dequantize(end, (const int8_t *)output + at, 1, &value);
  return value;
}

/* What the file leaves out. */
static void log_softmax(float *values, size_t count, uint32_t width) {
  for (size_t n = 0; n < count; n += width) {
    const float most = values[n + largest(values + n, width)];
    double sum = 0;
    for (uint32_t k = 0; k < width; k++) {
      sum += exp((double)(values[n + k] - most));
    }
    for (uint32_t k = 0; k < width; k++) {
      values[n + k] -= most + (float)log(sum);
    }
  }
}

/* The numbers of an output of a run that is done, batch first. */
static void take_output(const struct trine_float_network *network,
                        const struct trine_float_batch *batch, const struct trine_quantized *made,
                        const void *from, uint32_t output, float *values) {
  const struct trine_model_end *end = &trine_model_info(made->model)->outputs[output];
  const uint32_t at = network->outputs[output];
  const size_t count = trine_float_count(&network->values[at], batch->sequences, batch->steps);
  for (size_t n = 0; n < count; n++) {
    values[n] = number_at(end, from, quantize_place(network, made, output, at, batch, n));
  }
  if (quantize_is_log_end(network, at)) {
    log_softmax(values, count, network->values[at].width);
  }
}

/* Runs the int8 model in a session of its own. */
static enum trine_status run_session(const struct trine_model *model,
                                     const struct trine_model_batch *batch,
                                     struct trine_error *error) {
  struct trine_session *session = NULL;
  enum trine_status status = trine_session_open(model, NULL, NULL, &session, error);
  if (status == TRINE_OK) {
    status = trine_session_run(session, batch, error);
  }
  trine_session_close(session);
  return status;
}

enum trine_status trine_quantized_output(const struct trine_float_network *network,
                                         const struct trine_float_batch *batch,
                                         const struct trine_quantized *made, uint32_t output,
                                         float **values, struct trine_error *error) {
  *values = NULL;
  if (made == NULL || made->model == NULL) {
    trine_error_set(error, "%s needs a quantised model, and none is given.", "An output");
    return TRINE_ERR_ARG;
  }
  enum trine_status status = trine_float_check(network, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (output >= network->output_count) {
    trine_error_set(error, "Output %u is asked for, and the network has %u.", output,
                    network->output_count);
    return TRINE_ERR_ARG;
  }
  const size_t count =
      trine_float_count(&network->values[network->outputs[output]], batch->sequences, batch->steps);
  float *numbers = calloc(count + 1, sizeof *numbers);
  if (numbers == NULL) {
    trine_error_set(error, "There is no memory for %zu values of the output.", count);
    return TRINE_ERR_MEMORY;
  }
  struct quantize_run run = {.inputs = {NULL}};
  status = quantize_run_rows(made, batch, &run, error);
  if (status == TRINE_OK) {
    status = quantize_run_begin(network, made->model, batch, &run, error);
  }
  if (status == TRINE_OK) {
    status = run_session(made->model, &run.batch, error);
  }
  if (status == TRINE_OK) {
    take_output(network, batch, made, run.outputs[output], output, numbers);
    *values = numbers;
  } else {
    free(numbers);
  }
  quantize_run_end(&run);
  return status;
}

static struct trine_score score_of(const struct metric_rows *rows) {
  const double all = (double)(rows->count > 0 ? rows->count : 1);
  return (struct trine_score){.accuracy = (double)rows->right / all, .bits = rows->bits / all};
}

/* Whole numbers, one a sequence or one a step. */
static bool check_labels(const struct trine_array *labels, const struct trine_float_value *end,
                         const struct trine_float_batch *batch, struct trine_error *error) {
  const bool whole = trine_array_is_valid(labels) && labels->dtype != TRINE_DTYPE_FLOAT32;
  const uint64_t sequences = batch->sequences, steps = trine_float_rows(end, batch->steps);
  if (!whole || (labels->count != sequences && labels->count != sequences * steps)) {
    trine_error_set(error, "The labels have to be %llu or %llu whole numbers.",
                    (unsigned long long)sequences, (unsigned long long)(sequences * steps));
    return false;
  }
  return true;
}

enum trine_status trine_quantized_metric(const struct trine_float_network *network,
                                         const struct trine_float_batch *batch,
                                         const struct trine_quantized *made,
                                         const struct trine_array *labels,
                                         struct trine_metric *metric, struct trine_error *error) {
  enum trine_status status = trine_float_check(network, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  const struct trine_float_value *end = &network->values[network->outputs[0]];
  if (!check_labels(labels, end, batch, error)) {
    return TRINE_ERR_ARG;
  }
  float *bytes = NULL;
  float **values = calloc(network->value_count, sizeof *values);
  if (values == NULL) {
    trine_error_set(error, "There is no memory for %u values.", network->value_count);
    return TRINE_ERR_MEMORY;
  }
  status = trine_quantized_output(network, batch, made, 0, &bytes, error);
  if (status == TRINE_OK) {
    status = trine_float_run(network, batch, values, error);
  }
  if (status == TRINE_OK) {
    struct metric_rows real = {.values = values[network->outputs[0]], .width = end->width};
    struct metric_rows eight = {.values = bytes, .width = end->width};
    if (!see_all(batch, end, labels, &real, &eight, error)) {
      status = TRINE_ERR_ARG;
    }
    *metric = (struct trine_metric){.each_step = labels->count > batch->sequences,
                                    .rows = real.count,
                                    .same = real.same,
                                    .real = score_of(&real),
                                    .int8 = score_of(&eight)};
  }
  trine_float_values_free(network, values);
  free(values);
  free(bytes);
  return status;
}
