/* SPDX-License-Identifier: Apache-2.0 */
/* quantize: calibrate, write, read again, with the ranges that come out best; see quantize.h. */
#include "quantize/quantize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/size.h"
#include "quantize/compare.h"
#include "quantize/notes.h"
#include "quantize/tables.h"
#include "quantize/write.h"

void trine_quantized_free(struct trine_quantized *made) {
  quantize_forget(made);
  *made = (struct trine_quantized){.bytes = NULL};
}

/* Rows of each sequence, one behind the other, to where an input has them that has places before
 * its batch: the values of a sequence keep their order. */
static bool scatter(const struct trine_model *model, uint32_t input, uint32_t sequences,
                    int8_t *bytes, size_t count, struct trine_error *error) {
  int8_t *rows = malloc(count + 1);
  size_t *next = calloc(sequences, sizeof *next);
  const bool good = rows != NULL && next != NULL;
  for (size_t n = 0; n < count && good; n++) {
    uint32_t b = 0, t = 0;
    trine_model_place(model, -1 - (int32_t)input, sequences, 1, n, &b, &t);
    rows[n] = bytes[b * (count / sequences) + next[b]++];
  }
  if (good) {
    memcpy(bytes, rows, count);
  } else {
    trine_error_set(error, "There is no memory for %zu values of %u sequences.", count, sequences);
  }
  free(rows);
  free(next);
  return good;
}

enum trine_status trine_quantized_rows(const struct trine_quantized *made,
                                       const struct trine_float_batch *batch, int8_t **rows,
                                       struct trine_error *error) {
  return trine_quantized_rows_of(made, 0, batch, rows, error);
}

enum trine_status trine_quantized_rows_of(const struct trine_quantized *made, uint32_t input,
                                          const struct trine_float_batch *batch, int8_t **rows,
                                          struct trine_error *error) {
  *rows = NULL;
  const bool whole = made != NULL && made->model != NULL && batch != NULL &&
                     input < trine_model_info(made->model)->input_count;
  const float *values = whole ? trine_float_input(batch, input) : NULL;
  if (values == NULL || batch->sequences < 1 || batch->steps < 1) {
    trine_error_set(error,
                    "Rows of %u sequences of %u steps; they need a model, values, 1 of each.",
                    batch == NULL ? 0 : batch->sequences, batch == NULL ? 0 : batch->steps);
    return TRINE_ERR_ARG;
  }
  const struct trine_model_end *end = &trine_model_info(made->model)->inputs[input];
  const size_t sequences = batch->sequences, steps = end->has_time ? batch->steps : 1;
  const size_t width = end->width, from_width = tables_has(made, input) ? 1 : width;
  size_t count = 0;
  const bool fits = trine_size_mul(sequences, steps, &count) &&
                    trine_size_mul(count, width, &count) && count < SIZE_MAX;
  int8_t *bytes = fits ? calloc(count + 1, 1) : NULL;
  if (bytes == NULL) {
    trine_error_set(error, "There is no memory for %zu sequences of %zu rows.", sequences, steps);
    return TRINE_ERR_MEMORY;
  }
  bool good = true;
  for (size_t n = 0; n < sequences * steps && good; n++) {
    const size_t b = n / steps, t = n % steps;
    const size_t to = end->has_time && end->time_major ? t * sequences + b : n;
    const bool counts = !end->has_time || batch->lengths == NULL || t < batch->lengths[b];
    good = !counts || tables_row(made, input, values + n * from_width, bytes + to * width, error);
  }
  if (good && !end->is_rows && !end->has_time) {
    good = scatter(made->model, input, batch->sequences, bytes, count, error);
  }
  if (!good) {
    free(bytes);
    return TRINE_ERR_ARG;
  }
  *rows = bytes;
  return TRINE_OK;
}

enum trine_status trine_quantized_input(const struct trine_quantized *made, const float *input,
                                        uint32_t sequences, uint32_t steps, int8_t **rows,
                                        struct trine_error *error) {
  const struct trine_float_batch batch = {.sequences = sequences, .steps = steps, .input = input};
  return trine_quantized_rows(made, &batch, rows, error);
}

/* --- Which ranges --- */

enum { SEARCH_MACS = 1 << 27 }; /* products of all attempts of a search together, about */

enum { PARTS = 6 }; /* of a range that are tried, each so much of the one before */
static const float smaller = 0.7F;

/* What a gain has to be, in decibels, for ranges other than those of all that was seen. */
static const double worth = 1.0;

struct quantizing {
  const struct trine_float_network *network;
  const struct trine_float_batch *batch;
  const struct trine_quantize_options *options;
  struct ranges ranges;
  struct calibration calibration;
  uint32_t steps; /* that the file names */
  struct trine_quantized *made;
  struct trine_error *error;
};

/* The node that ties a model to the T of its file (docs/numerics.md), or NULL. */
static const struct trine_float_node *tied_by(const struct trine_float_network *network) {
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    const struct trine_float_value *in = &network->values[node->inputs[0]];
    const bool ties = node->op == TRINE_FLOAT_STEP || node->op == TRINE_FLOAT_RANGE ||
                      node->op == TRINE_FLOAT_FLATTEN || node->op == TRINE_FLOAT_MEAN ||
                      node->op == TRINE_FLOAT_SUM;
    if (ties && in->has_time && in->steps == 0) {
      return node;
    }
  }
  return NULL;
}

/* The T that the file names: no number of steps that values have as their own, which could not be
 * told from it; any other is as good where the model runs at any. False with the error set. */
static bool choose_steps(struct quantizing *job) {
  const struct trine_float_node *tied = tied_by(job->network);
  job->steps = job->options->steps > 0 ? job->options->steps : job->batch->steps;
  for (uint32_t n = 0; n < job->network->value_count; n++) {
    const struct trine_float_value *value = &job->network->values[n];
    if (!value->has_time || value->steps != job->steps) {
      continue;
    }
    if (tied != NULL) {
      trine_error_set(job->error,
                      "Layer %.60s cannot be written: it is made for one number of steps, and "
                      "%.60s has %u of its own, as many as the calibration data; give sequences of "
                      "another length.",
                      tied->name, value->name, value->steps);
      return false;
    }
    job->steps++;
    n = UINT32_MAX; /* all again */
  }
  return true;
}

/* Makes the model with the calibration at hand, and compares it on a batch. */
static enum trine_status attempt(struct quantizing *job, const struct trine_float_batch *batch,
                                 bool details) {
  struct trine_quantized *made = job->made;
  quantize_forget(made);
  made->clamps_weights = job->calibration.clamps_weights;
  if (!ranges_choose(job->network, job->batch, &job->calibration, &job->ranges, job->error) ||
      !tables_copy(job->network, &job->ranges, made, job->error)) {
    return TRINE_ERR_MEMORY;
  }
  enum trine_status status =
      quantize_write(job->network, &job->ranges, job->steps, job->options->per_row,
                     job->calibration.clamps_weights, made, job->error);
  if (status == TRINE_OK) {
    status = trine_model_parse(made->bytes, made->len_bytes, &made->model, job->error);
  }
  if (status == TRINE_OK) {
    status = quantize_compare(job->network, batch, &job->ranges, details, made, job->error);
  }
  return status;
}

/* How good the last attempt was: its output, or the last layer where the output are indices. */
static double score_of(const struct trine_quantized *made) {
  const bool known = !isnan(made->snr_db);
  if (known) {
    return made->snr_db;
  }
  return made->layers[made->layer_count > 0 ? made->layer_count - 1 : 0].snr_db;
}

static void set_all(struct quantizing *job, enum trine_calibrate_by by) {
  for (uint32_t n = 0; n < job->network->value_count; n++) {
    job->calibration.by[n] = by;
  }
  job->calibration.clamps_weights = by == TRINE_CALIBRATE_ERROR;
}

/* So many sequences that all attempts stay within what a search may take; 0: none. */
static uint32_t sequences_to_search(const struct quantizing *job, uint32_t attempts) {
  uint64_t macs = 1;
  for (uint32_t n = 0; n < trine_model_info(job->made->model)->layer_count; n++) {
    macs += trine_model_layer(job->made->model, n)->macs_per_step * job->batch->steps;
  }
  const uint64_t count = SEARCH_MACS / macs / attempts;
  return count < job->batch->sequences ? (uint32_t)count : job->batch->sequences;
}

/* One more way for a value; kept when it gains. */
static enum trine_status try_value(struct quantizing *job, const struct trine_float_batch *batch,
                                   uint32_t n, enum trine_calibrate_by by, float shrink,
                                   double *best) {
  const enum trine_calibrate_by kept = job->calibration.by[n];
  const float kept_shrink = job->calibration.shrink[n];
  job->calibration.by[n] = by;
  job->calibration.shrink[n] = shrink;
  const enum trine_status status = attempt(job, batch, false);
  if (status != TRINE_OK) {
    return status;
  }
  if (score_of(job->made) > *best + worth) {
    *best = score_of(job->made);
  } else {
    job->calibration.by[n] = kept;
    job->calibration.shrink[n] = kept_shrink;
  }
  return TRINE_OK;
}

/* Tries the other ways for one value. */
static enum trine_status search_value(struct quantizing *job, const struct trine_float_batch *batch,
                                      uint32_t n, double *best) {
  float shrink = 1.0F;
  enum trine_status status = try_value(job, batch, n, TRINE_CALIBRATE_PERCENTILE, shrink, best);
  if (status == TRINE_OK) {
    status = try_value(job, batch, n, TRINE_CALIBRATE_ERROR, shrink, best);
  }
  for (int part = 0; part < PARTS && status == TRINE_OK; part++) {
    shrink *= smaller;
    status = try_value(job, batch, n, TRINE_CALIBRATE_SHRUNK, shrink, best);
  }
  return status;
}

/* Value by value, then the weights; from all that was seen. */
static enum trine_status search(struct quantizing *job) {
  struct trine_float_batch batch = *job->batch;
  uint32_t choices = 0;
  set_all(job, TRINE_CALIBRATE_RANGE);
  batch.sequences = 1;
  enum trine_status status = attempt(job, &batch, false);
  if (status != TRINE_OK) {
    return status;
  }
  for (uint32_t n = 0; n < job->network->value_count; n++) {
    choices += ranges_can_choose(&job->ranges, n);
  }
  batch.sequences = sequences_to_search(job, (2 + PARTS) * choices + 2);
  if (batch.sequences == 0) {
    return TRINE_OK;
  }
  status = attempt(job, &batch, false);
  double best = status == TRINE_OK ? score_of(job->made) : 0;
  for (uint32_t n = 0; n < job->network->value_count && status == TRINE_OK; n++) {
    if (ranges_can_choose(&job->ranges, n)) {
      status = search_value(job, &batch, n, &best);
    }
  }
  if (status != TRINE_OK) {
    return status;
  }
  job->calibration.clamps_weights = true;
  status = attempt(job, &batch, false);
  job->calibration.clamps_weights = status == TRINE_OK && score_of(job->made) > best + worth;
  return status;
}

/* The ranges that the options ask for. */
static enum trine_status calibrate(struct quantizing *job) {
  job->calibration.by = calloc((size_t)job->network->value_count + 1, sizeof *job->calibration.by);
  job->calibration.shrink =
      calloc((size_t)job->network->value_count + 1, sizeof *job->calibration.shrink);
  if (job->calibration.by == NULL || job->calibration.shrink == NULL) {
    trine_error_set(job->error, "There is no memory for the ranges of %u values.",
                    job->network->value_count);
    return TRINE_ERR_MEMORY;
  }
  if (job->options->by == TRINE_CALIBRATE_BEST) {
    return search(job);
  }
  set_all(job, job->options->by);
  return TRINE_OK;
}

/* The layouts that the file can have; numbers of ARG_MAX stay where they are. */
static void take_layouts(struct quantizing *job) {
  const struct trine_float_network *network = job->network;
  for (uint32_t n = 0; n < network->output_count && job->options->layouts != NULL; n++) {
    const struct trine_onnx_layout *layout = &job->options->layouts[n];
    bool fits = trine_onnx_layout_is_whole(layout, &network->values[network->outputs[n]]);
    for (uint32_t k = 0; k < network->node_count; k++) {
      fits = fits && !(network->nodes[k].output == network->outputs[n] &&
                       network->nodes[k].op == TRINE_FLOAT_ARGMAX);
    }
    if (fits) {
      job->made->layouts[n] = *layout;
    }
  }
}

enum trine_status trine_quantize(const struct trine_float_network *network,
                                 const struct trine_float_batch *batch,
                                 const struct trine_quantize_options *options,
                                 struct trine_quantized *made, struct trine_error *error) {
  static const struct trine_quantize_options none = {.per_row = false};
  struct quantizing job = {.network = network,
                           .batch = batch,
                           .options = options != NULL ? options : &none,
                           .made = made,
                           .error = error};
  *made = (struct trine_quantized){.bytes = NULL};
  enum trine_status status = trine_float_check(network, batch, error);
  if (status == TRINE_OK) {
    take_layouts(&job);
  }
  if (status != TRINE_OK) {
    return status;
  }
  if (!choose_steps(&job)) {
    return TRINE_ERR_ARG;
  }
  status = ranges_find(network, batch, &job.ranges, error);
  if (status == TRINE_OK) {
    status = calibrate(&job);
  }
  if (status == TRINE_OK) {
    status = attempt(&job, batch, job.options->with_details);
  }
  if (status == TRINE_OK) {
    quantize_notes(network, batch, &job.ranges, made);
  }
  free(job.calibration.by);
  free(job.calibration.shrink);
  ranges_free(network, &job.ranges);
  return status;
}
