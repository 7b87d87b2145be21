/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_quantize: `trine quantize`: a float model and calibration data become an int8 .tflite. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "float_work.h"
#include "io/file.h"
#include "io/npy.h"
#include "io/text.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"
#include "quantize/start.h"
#include "quantize_page.h"
#include "targets.h"
#include "work.h"

enum { PATH_BYTES = 4096 };

struct quantize_command {
  struct cli_float_work work;
  struct trine_array labels;
  struct trine_quantized made;
};

static bool take_labels(struct quantize_command *job, const char *path, struct trine_error *error) {
  if (path == NULL) {
    return true;
  }
  if (trine_npy_read(path, &job->labels, error) != TRINE_OK) {
    return false;
  }
  const uint64_t count = job->labels.count, sequences = job->work.batch.sequences;
  if (job->labels.dtype == TRINE_DTYPE_FLOAT32 ||
      (count != sequences && count != sequences * job->work.batch.steps)) {
    char shape[96];
    trine_array_shape_text(&job->labels, shape, sizeof shape);
    trine_error_set(error, "%.100s holds %s %s; labels have to be whole numbers, [%u] or [%u,%u].",
                    path, trine_dtype_name(job->labels.dtype), shape, job->work.batch.sequences,
                    job->work.batch.sequences, job->work.batch.steps);
    return false;
  }
  return true;
}

static void report(const struct quantize_command *job) {
  printf("%-28s %-6s %10s %5s %6s %8s %8s %8s  %s\n", "layer", "kind", "scale", "zero", "cell",
         "SNR dB", "gates %", "cells %", "range by");
  for (uint32_t n = 0; n < job->made.layer_count; n++) {
    const struct trine_quantized_layer *layer = &job->made.layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    char name[TRINE_TEXT_ROOM];
    printf("%-28s %-6s %10.7f %5d ", trine_text_of(name, 28, layer->name), lstm ? "LSTM" : "dense",
           (double)layer->scale, layer->zero_point);
    if (lstm) {
      printf("  2^%-3d%8.1f %8.3f %8.3f  %s\n", layer->cell_exponent, layer->snr_db,
             100 * layer->gates_saturated, 100 * layer->cells_saturated,
             cli_calibrate_name(layer->by));
    } else {
      printf("%6s %8.1f %8s %8s  %s\n", "", layer->snr_db, "", "", cli_calibrate_name(layer->by));
    }
  }
  const struct trine_model_info *info = trine_model_info(job->made.model);
  for (uint32_t n = 0; n < info->output_count && info->output_count > 1; n++) {
    char name[TRINE_TEXT_ROOM];
    if (!isnan(job->made.output_snr_db[n])) {
      printf("%-28s %-6s %*.1f\n", trine_text_of(name, 28, info->outputs[n].name), "output", 32,
             job->made.output_snr_db[n]);
    }
  }
  if (!isnan(job->made.snr_db)) {
    printf("end to end: SNR %.1f dB%s\n", job->made.snr_db,
           job->made.clamps_weights ? ", weights clamped for the least error" : "");
  }
}

static void report_notes(const struct quantize_command *job) {
  for (uint32_t n = 0; cli_float_model_note(&job->work.model, n) != NULL; n++) {
    printf("note: %s\n", cli_float_model_note(&job->work.model, n));
  }
  for (uint32_t n = 0; n < job->made.note_count; n++) {
    printf("note: %s\n", job->made.notes[n]);
  }
}

static bool report_metric(const struct quantize_command *job, struct trine_error *error) {
  struct trine_metric metric;
  if (trine_quantized_metric(job->work.network, &job->work.batch, &job->made, &job->labels, &metric,
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

/* The path of a file beside the model. */
static bool beside(const char *model, const char *ending, char path[PATH_BYTES],
                   struct trine_error *error) {
  const size_t length = strlen(model);
  const int stem =
      (int)(length > 7 && strcmp(model + length - 7, ".tflite") == 0 ? length - 7 : length);
  if (snprintf(path, PATH_BYTES, "%.*s%s", stem, model, ending) >= PATH_BYTES) {
    trine_error_set(error,
                    "The path of the model's %s has %zu characters; at most %d are possible.",
                    ending, (size_t)stem + strlen(ending), PATH_BYTES - 1);
    return false;
  }
  return true;
}

/* Initial states that were learned, of one sequence: `trine run --state-in` starts all from it. */
static bool save_start(const struct quantize_command *job, const char *model,
                       struct trine_error *error) {
  char path[PATH_BYTES];
  struct trine_states start;
  bool good = trine_quantized_start(job->work.network, job->made.model, 1, &start, error) == 0;
  if (good && start.lstm != NULL) {
    good = beside(model, "_state.npz", path, error) &&
           trine_states_save(path, &start, error) == TRINE_OK;
    if (good) {
      printf("its sequences start from learned states: --state-in %s\n", path);
    }
  }
  trine_states_free(&start);
  return good;
}

static bool save_table(const struct quantize_command *job, const char *model,
                       struct trine_error *error) {
  char path[PATH_BYTES];
  const struct trine_array table = {.dtype = TRINE_DTYPE_INT8,
                                    .rank = 2,
                                    .shape = {job->made.table_rows, job->made.table_width},
                                    .count = (uint64_t)job->made.table_rows * job->made.table_width,
                                    .data = job->made.table};
  return beside(model, "_embedding.npy", path, error) &&
         trine_npy_write(path, &table, error) == TRINE_OK;
}

static bool save(const struct quantize_command *job, const char *path, struct trine_error *error) {
  const struct trine_file_buffer piece = {job->made.bytes, job->made.len_bytes};
  char table[PATH_BYTES], start[PATH_BYTES];
  /* What goes beside the model is looked at before the model is written. */
  if (!beside(path, "_embedding.npy", table, error) || !beside(path, "_state.npz", start, error) ||
      !cli_check_target(table, error) || !cli_check_target(start, error)) {
    return false;
  }
  return trine_file_replace(path, &piece, 1, error) == TRINE_OK &&
         (job->made.table == NULL || save_table(job, path, error)) && save_start(job, path, error);
}

/* What is wrong then lies in the network and its data together. */
static bool quantize_loaded(const struct cli_options *options,
                            const struct trine_quantize_options *how, struct quantize_command *job,
                            struct trine_error *error) {
  char files[240];
  const bool good =
      trine_quantize(job->work.network, &job->work.batch, how, &job->made, error) == 0;
  if (!good) {
    (void)snprintf(files, sizeof files, "%.100s with %.100s", options->jobs[0].model,
                   options->jobs[0].input);
    trine_error_prefix(error, files);
  }
  return good;
}

static bool quantize(const struct cli_options *options, struct quantize_command *job,
                     struct trine_error *error) {
  const struct trine_quantize_options how = {.per_row = options->per_row,
                                             .by = options->calibrate_by,
                                             .with_details = options->report != NULL,
                                             .steps = options->steps};
  const struct cli_target targets[] = {{"-o", options->jobs[0].output},
                                       {"--report", options->report}};
  const char *read[] = {options->jobs[0].model, options->jobs[0].input, options->lengths,
                        options->labels};
  if (!cli_check_targets(targets, 2, read, sizeof read / sizeof read[0], error) ||
      !cli_float_work_load(options, &job->work, error) ||
      !take_labels(job, options->labels, error) || !quantize_loaded(options, &how, job, error)) {
    return false;
  }
  if (!save(job, options->jobs[0].output, error)) {
    return false;
  }
  if (options->report != NULL &&
      !cli_quantize_page(options->report, options, &job->made, &job->work.batch, error)) {
    return false;
  }
  report(job);
  report_notes(job);
  return options->labels == NULL || report_metric(job, error);
}

enum cli_exit cli_quantize(const struct cli_options *options, struct trine_error *error) {
  struct quantize_command job = {.labels = {.data = NULL}};
  const bool good = quantize(options, &job, error);
  trine_quantized_free(&job.made);
  cli_float_work_free(&job.work);
  trine_array_free(&job.labels);
  return good ? CLI_DONE : CLI_FAILED;
}
