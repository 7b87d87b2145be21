/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_quantize: `trine quantize`: an .onnx and calibration data become an int8 .tflite. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "io/file.h"
#include "io/npy.h"
#include "onnx/onnx.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"

enum { PATH_BYTES = 4096 };

struct quantizing {
  struct trine_onnx *onnx;
  const struct trine_float_network *network;
  struct trine_array data, lengths, labels; /* as in the files */
  float *input;                             /* batch first */
  struct trine_float_batch batch;
  struct trine_quantized made;
};

static void free_all(struct quantizing *work) {
  trine_quantized_free(&work->made);
  trine_onnx_free(work->onnx);
  trine_array_free(&work->data);
  trine_array_free(&work->lengths);
  trine_array_free(&work->labels);
  free(work->input);
}

/* The data as [B][T][width], whatever the layout of the graph. */
static bool take_input(struct quantizing *work, const char *path, struct trine_error *error) {
  const struct trine_float_value *end = &work->network->values[work->network->input];
  const struct trine_array *data = &work->data;
  const bool symbols = end->width == 1 && data->dtype != TRINE_DTYPE_FLOAT32;
  const uint32_t axes = (end->has_time ? 2U : 1U) + (symbols ? 0U : 1U);
  const uint32_t lead = data->rank + 1 == axes ? 0 : 1; /* without a batch: one sequence */
  char shape[96];
  trine_array_shape_text(data, shape, sizeof shape);
  if ((data->rank != axes && data->rank + 1 != axes) || data->rank == 0 || data->count == 0 ||
      (!symbols &&
       (data->dtype != TRINE_DTYPE_FLOAT32 || data->shape[data->rank - 1] != end->width))) {
    trine_error_set(error, "%.100s holds %s %s; the input %.60s takes float32 [%s%u]%s.", path,
                    trine_dtype_name(data->dtype), shape, end->name,
                    end->has_time ? (work->network->time_major ? "T,B," : "B,T,") : "B,",
                    end->width, end->width == 1 ? ", or whole numbers without the last axis" : "");
    return false;
  }
  const bool turned = work->network->time_major && lead == 1 && end->has_time;
  const uint64_t first = lead == 1 ? data->shape[0] : 1;
  const uint64_t second = end->has_time ? data->shape[lead] : 1;
  if (first > UINT32_MAX || second > UINT32_MAX) {
    trine_error_set(error, "%.100s holds %s; at most %u sequences or steps are read.", path, shape,
                    UINT32_MAX);
    return false;
  }
  work->batch.sequences = (uint32_t)(turned ? second : first);
  work->batch.steps = (uint32_t)(turned ? first : second);
  work->input = malloc((size_t)data->count * sizeof *work->input);
  if (work->input == NULL) {
    trine_error_set(error, "There is no memory for %s values.", shape);
    return false;
  }
  for (uint64_t n = 0; n < data->count; n++) {
    const uint64_t row = n / end->width, column = n % end->width;
    const uint64_t to = turned ? row % second * first + row / second : row;
    work->input[to * end->width + column] = data->dtype == TRINE_DTYPE_FLOAT32
                                                ? ((const float *)data->data)[n]
                                                : (float)trine_label(data, n);
  }
  work->batch.input = work->input;
  return true;
}

static bool take_lengths(struct quantizing *work, const char *path, struct trine_error *error) {
  if (path == NULL) {
    return true;
  }
  if (trine_npy_read(path, &work->lengths, error) != TRINE_IO_OK) {
    return false;
  }
  const struct trine_array *lengths = &work->lengths;
  if (lengths->dtype != TRINE_DTYPE_INT32 || lengths->count != work->batch.sequences) {
    trine_error_set(error, "%.100s has to hold int32 [%u], a length for each sequence.", path,
                    work->batch.sequences);
    return false;
  }
  for (uint32_t n = 0; n < work->batch.sequences; n++) {
    const int32_t length = ((const int32_t *)lengths->data)[n];
    if (length < 1 || (uint32_t)length > work->batch.steps) {
      trine_error_set(error, "%.100s: sequence %u has length %d, outside 1 to %u.", path, n, length,
                      work->batch.steps);
      return false;
    }
  }
  work->batch.lengths = lengths->data; /* positive: the same as unsigned */
  return true;
}

static bool take_labels(struct quantizing *work, const char *path, struct trine_error *error) {
  if (path == NULL) {
    return true;
  }
  if (trine_npy_read(path, &work->labels, error) != TRINE_IO_OK) {
    return false;
  }
  const uint64_t count = work->labels.count, sequences = work->batch.sequences;
  if (work->labels.dtype == TRINE_DTYPE_FLOAT32 ||
      (count != sequences && count != sequences * work->batch.steps)) {
    trine_error_set(error, "%.100s has to hold whole numbers, [%u] or [%u,%u].", path,
                    work->batch.sequences, work->batch.sequences, work->batch.steps);
    return false;
  }
  return true;
}

static void report(const struct quantizing *work) {
  printf("%-28s %-6s %10s %5s %6s %8s %8s %8s\n", "layer", "kind", "scale", "zero", "cell",
         "SNR dB", "gates %", "cells %");
  for (uint32_t n = 0; n < work->made.layer_count; n++) {
    const struct trine_quantized_layer *layer = &work->made.layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    printf("%-28.28s %-6s %10.7f %5d ", layer->name, lstm ? "LSTM" : "dense", (double)layer->scale,
           layer->zero_point);
    if (lstm) {
      printf("  2^%-3d%8.1f %8.3f %8.3f\n", layer->cell_exponent, layer->snr_db,
             100 * layer->gates_saturated, 100 * layer->cells_saturated);
    } else {
      printf("%6s %8.1f %8s %8s\n", "", layer->snr_db, "", "");
    }
  }
}

static bool report_metric(const struct quantizing *work, struct trine_error *error) {
  struct trine_metric metric;
  if (trine_quantized_metric(work->network, &work->batch, &work->made, &work->labels, &metric,
                             error) != 0) {
    return false;
  }
  if (metric.each_step) {
    printf("bits a symbol: float %.4f, int8 %.4f", metric.real.bits, metric.int8.bits);
  } else {
    printf("accuracy: float %.2f %%, int8 %.2f %%", 100 * metric.real.accuracy,
           100 * metric.int8.accuracy);
  }
  printf("; the same answer in %llu of %llu\n", (unsigned long long)metric.same,
         (unsigned long long)metric.rows);
  return true;
}

static bool save_table(const struct quantizing *work, const char *model,
                       struct trine_error *error) {
  char path[PATH_BYTES];
  const size_t length = strlen(model);
  const int stem =
      (int)(length > 7 && strcmp(model + length - 7, ".tflite") == 0 ? length - 7 : length);
  const struct trine_array table = {
      .dtype = TRINE_DTYPE_INT8,
      .rank = 2,
      .shape = {work->made.table_rows, work->made.table_width},
      .count = (uint64_t)work->made.table_rows * work->made.table_width,
      .data = work->made.table};
  if (snprintf(path, sizeof path, "%.*s_embedding.npy", stem, model) >= PATH_BYTES) {
    trine_error_set(error, "The path of the model has %zu characters; at most %d are possible.",
                    length, PATH_BYTES - 1);
    return false;
  }
  printf("the rows of the input's symbols are in %s\n", path);
  return trine_npy_write(path, &table, error) == TRINE_IO_OK;
}

static bool save(const struct quantizing *work, const char *path, struct trine_error *error) {
  const struct trine_file_piece piece = {work->made.bytes, work->made.len_bytes};
  return trine_file_replace(path, &piece, 1, error) == TRINE_IO_OK &&
         (work->made.table == NULL || save_table(work, path, error));
}

static bool quantize(const struct cli_options *options, struct quantizing *work,
                     struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  const struct trine_onnx_cut cut = {options->inputs, options->outputs};
  const struct trine_quantize_options how = {.per_row = options->per_row, .steps = options->steps};
  if (trine_onnx_load(files->model, &cut, &work->onnx, error) != TRINE_ONNX_OK) {
    return false;
  }
  work->network = trine_onnx_network(work->onnx);
  if (trine_npy_read(files->input, &work->data, error) != TRINE_IO_OK ||
      !take_input(work, files->input, error) || !take_lengths(work, options->lengths, error) ||
      !take_labels(work, options->labels, error) ||
      trine_quantize(work->network, &work->batch, &how, &work->made, error) != 0) {
    return false;
  }
  report(work);
  if (options->labels != NULL && !report_metric(work, error)) {
    return false;
  }
  return save(work, files->output, error);
}

enum cli_exit cli_quantize(const struct cli_options *options, struct trine_error *error) {
  struct quantizing work = {.onnx = NULL};
  const bool good = quantize(options, &work, error);
  free_all(&work);
  return good ? CLI_DONE : CLI_FAILED;
}
