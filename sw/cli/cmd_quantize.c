/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_quantize: `trine quantize`: a float model and calibration data become an int8 .tflite. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "float/float_run.h"
#include "io/file.h"
#include "io/named.h"
#include "io/npy.h"
#include "quantize/float_data.h"
#include "quantize/quantize.h"
#include "quantize/start.h"
#include "quantize_page.h"
#include "quantize_report.h"
#include "targets.h"
#include "work.h"

enum { PATH_BYTES = CLI_QUANTIZE_PATH };

static bool take_labels(struct cli_quantizing *job, const char *path, struct trine_error *error) {
  if (path == NULL) {
    return true;
  }
  if (trine_npy_read(path, &job->labels, error) != TRINE_OK) {
    return false;
  }
  const struct trine_float_network *network = job->work.network;
  const uint32_t sequences = job->work.batch.sequences;
  const uint32_t rows =
      trine_float_rows(&network->values[network->outputs[0]], job->work.batch.steps);
  const uint64_t count = job->labels.count;
  if (job->labels.dtype == TRINE_DTYPE_FLOAT32 ||
      (count != sequences && count != (uint64_t)sequences * rows)) {
    char shape[96];
    trine_array_shape_text(&job->labels, shape, sizeof shape);
    trine_error_set(error, "%.100s holds %s %s; labels have to be whole numbers, [%u] or [%u,%u].",
                    path, trine_dtype_name(job->labels.dtype), shape, sequences, sequences, rows);
    return false;
  }
  return true;
}

/* The path of a file beside the model. */
static bool beside(const char *model, const char *ending, char path[PATH_BYTES],
                   struct trine_error *error) {
  const size_t length = strlen(model);
  const int stem =
      (int)(length > 7 && strcmp(model + length - 7, ".tflite") == 0 ? length - 7 : length);
  if (trine_file_is_standard(model)) {
    trine_error_set(error,
                    "The model comes with a file *%s, beside it; -o takes the name of a file "
                    "then, not '-'.",
                    ending);
    return false;
  }
  if (snprintf(path, PATH_BYTES, "%.*s%s", stem, model, ending) >= PATH_BYTES) {
    trine_error_set(error,
                    "The path of the model's %s has %zu characters; at most %d are possible.",
                    ending, (size_t)stem + strlen(ending), PATH_BYTES - 1);
    return false;
  }
  return cli_check_target(path, error);
}

/* The paths of the tables: MODEL_embedding.npy, and of further ones MODEL_embedding2.npy, ... */
static bool name_tables(struct cli_quantizing *job, const char *path, struct trine_error *error) {
  uint32_t tables = 0;
  bool good = true;
  for (uint32_t n = 0; n < TRINE_FLOAT_MAX_GIVEN && good; n++) {
    char ending[32] = "_embedding.npy";
    if (job->made.tables[n].rows == NULL) {
      continue;
    }
    if (++tables > 1) {
      (void)snprintf(ending, sizeof ending, "_embedding%u.npy", tables);
    }
    good = beside(path, ending, job->table_paths[n], error);
  }
  return good;
}

static bool save_tables(const struct cli_quantizing *job, struct trine_error *error) {
  bool good = true;
  for (uint32_t n = 0; n < TRINE_FLOAT_MAX_GIVEN && good; n++) {
    const struct trine_quantized_table *from = &job->made.tables[n];
    const struct trine_array table = {.dtype = TRINE_DTYPE_INT8,
                                      .rank = 2,
                                      .shape = {from->symbols, from->width},
                                      .count = (uint64_t)from->symbols * from->width,
                                      .data = from->rows};
    good = from->rows == NULL || trine_npy_write(job->table_paths[n], &table, error) == TRINE_OK;
  }
  return good;
}

/* Writes the model, the rows of its embeddings and the initial states that were learned, of one
 * sequence: `trine run --state-in` starts all from it. */
static bool save(struct cli_quantizing *job, const char *path, struct trine_error *error) {
  const struct trine_file_buffer buffer = {job->made.bytes, job->made.len_bytes};
  struct trine_states start = {.sequences = 0};
  bool good =
      trine_quantized_start(job->work.network, job->made.model, 1, &start, error) == TRINE_OK;
  const bool has_start = good && start.lstm != NULL;
  /* What goes beside the model is looked at before the model is written. */
  good = good && name_tables(job, path, error) &&
         (!has_start || beside(path, "_state.npz", job->start_path, error)) &&
         trine_file_replace(path, &buffer, 1, error) == TRINE_OK && save_tables(job, error) &&
         (!has_start || trine_states_save(job->start_path, &start, error) == TRINE_OK);
  trine_states_free(&start);
  return good;
}

/* What is wrong then lies in the network and its data together. */
static bool quantize_loaded(const struct cli_options *options,
                            const struct trine_quantize_options *how, struct cli_quantizing *job,
                            struct trine_error *error) {
  char files[240];
  const bool good =
      trine_quantize(job->work.network, &job->work.batch, how, &job->made, error) == TRINE_OK;
  if (!good) {
    (void)snprintf(files, sizeof files, "%.100s with %.100s", options->jobs[0].model,
                   trine_named_file(options->jobs[0].inputs[0]));
    trine_error_prefix(error, files);
  }
  return good;
}

static bool quantize(const struct cli_options *options, struct cli_quantizing *job,
                     struct trine_error *error) {
  struct trine_onnx_layout layouts[TRINE_FLOAT_MAX_OUTPUTS];
  struct trine_quantize_options how = {.per_row = options->per_row,
                                       .by = options->calibrate_by,
                                       .with_details = options->report != NULL,
                                       .steps = options->steps};
  const struct cli_target targets[] = {{"-o", options->jobs[0].output},
                                       {"--report", options->report}};
  const struct trine_float_source source = cli_float_source(options);
  const char *read[3 + TRINE_MODEL_MAX_ENDS] = {options->jobs[0].model, options->lengths,
                                                options->labels};
  for (uint32_t n = 0; n < options->jobs[0].input_count; n++) {
    read[3 + n] = trine_named_file(options->jobs[0].inputs[n]);
  }
  if (!cli_check_targets(targets, 2, read, sizeof read / sizeof read[0], error) ||
      trine_float_data_load(&source, "--calibrate", (const char *const *)options->jobs[0].inputs,
                            options->lengths, &job->work, error) != TRINE_OK ||
      !take_labels(job, options->labels, error)) {
    return false;
  }
  how.layouts = trine_float_file_outputs(&job->work.file, layouts) ? layouts : NULL;
  if (!quantize_loaded(options, &how, job, error)) {
    return false;
  }
  if (!save(job, options->jobs[0].output, error)) {
    return false;
  }
  if (options->report != NULL &&
      !cli_quantize_page(options->report, options, &job->made, &job->work.batch, error)) {
    return false;
  }
  job->has_metric = options->labels != NULL;
  if (job->has_metric && trine_quantized_metric(job->work.network, &job->work.batch, &job->made,
                                                &job->labels, &job->metric, error) != TRINE_OK) {
    return false;
  }
  if (options->json) {
    return cli_quantize_json(options, job, error);
  }
  cli_quantize_text(job);
  return true;
}

enum cli_exit cli_quantize(const struct cli_options *options, struct trine_error *error) {
  struct cli_quantizing job = {.labels = {.data = NULL}};
  const bool good = quantize(options, &job, error);
  trine_quantized_free(&job.made);
  trine_float_data_free(&job.work);
  trine_array_free(&job.labels);
  return good ? CLI_DONE : CLI_FAILED;
}
