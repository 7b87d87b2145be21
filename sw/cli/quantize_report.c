/* SPDX-License-Identifier: Apache-2.0 */
/* quantize_report: see quantize_report.h. */
#include "quantize_report.h"

#include <math.h>

#include "io/text.h"
#include "print.h"

static void print_layers(const struct cli_quantizing *job) {
  cli_print("%-28s %-6s %10s %5s %6s %8s %8s %8s  %s\n", "layer", "kind", "scale", "zero", "cell",
            "SNR dB", "gates %", "cells %", "range by");
  for (uint32_t n = 0; n < job->made.layer_count; n++) {
    const struct trine_quantized_layer *layer = &job->made.layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    char name[TRINE_TEXT_ROOM];
    cli_print("%-28s %-6s %10.7f %5d ", trine_text_of(name, 28, layer->name),
              lstm ? "LSTM" : "dense", (double)layer->scale, layer->zero_point);
    if (lstm) {
      cli_print("  2^%-3d%8.1f %8.3f %8.3f  %s\n", layer->cell_exponent, layer->snr_db,
                100 * layer->gates_saturated, 100 * layer->cells_saturated,
                cli_calibrate_name(layer->by));
    } else {
      cli_print("%6s %8.1f %8s %8s  %s\n", "", layer->snr_db, "", "",
                cli_calibrate_name(layer->by));
    }
  }
  const struct trine_model_info *info = trine_model_info(job->made.model);
  for (uint32_t n = 0; n < info->output_count && info->output_count > 1; n++) {
    char name[TRINE_TEXT_ROOM];
    if (!isnan(job->made.output_snr_db[n])) {
      cli_print("%-28s %-6s %*.1f\n", trine_text_of(name, 28, info->outputs[n].name), "output", 32,
                job->made.output_snr_db[n]);
    }
  }
  if (!isnan(job->made.snr_db)) {
    cli_print("end to end: SNR %.1f dB%s\n", job->made.snr_db,
              job->made.clamps_weights ? ", weights clamped for the least error" : "");
  }
}

static void print_notes(const struct cli_quantizing *job) {
  for (uint32_t n = 0; trine_float_file_note(&job->work.file, n) != NULL; n++) {
    cli_print("note: %s\n", trine_float_file_note(&job->work.file, n));
  }
  for (uint32_t n = 0; n < job->made.note_count; n++) {
    cli_print("note: %s\n", job->made.notes[n]);
  }
}

static void print_metric(const struct trine_metric *metric) {
  if (metric->each_step) {
    cli_print("bits a symbol: float %.4f, int8 %.4f", metric->real.bits, metric->int8.bits);
  } else {
    cli_print("accuracy: float %.2f %%, int8 %.2f %%", 100 * metric->real.accuracy,
              100 * metric->int8.accuracy);
  }
  cli_print("; the same answer in %llu of %llu\n", (unsigned long long)metric->same,
            (unsigned long long)metric->rows);
}

/* An embedding stays outside of the model, whose input are its rows. */
static void print_tables(const struct cli_quantizing *job) {
  const struct trine_model_info *info = trine_model_info(job->made.model);
  for (uint32_t n = 0; n < info->input_count; n++) {
    if (job->table_paths[n][0] != '\0') {
      char name[TRINE_TEXT_ROOM];
      cli_print("the model's input '%s' is rows of %s, one for each symbol\n",
                trine_text_of(name, 40, info->inputs[n].name), job->table_paths[n]);
    }
  }
}

void cli_quantize_text(const struct cli_quantizing *job) {
  if (job->start_path[0] != '\0') {
    cli_print("its sequences start from learned states: --state-in %s\n", job->start_path);
  }
  print_tables(job);
  print_layers(job);
  print_notes(job);
  if (job->has_metric) {
    print_metric(&job->metric);
  }
}

/* A path, or null when nothing was written. */
static void add_path(cJSON *object, const char *name, const char *path) {
  if (path[0] != '\0') {
    cJSON_AddStringToObject(object, name, path);
  } else {
    cJSON_AddNullToObject(object, name);
  }
}

static void add_layer(cJSON *layers, const struct trine_quantized_layer *layer) {
  const bool lstm = layer->kind == TRINE_LAYER_LSTM;
  cJSON *entry = cJSON_CreateObject();
  cJSON_AddItemToArray(layers, entry);
  cJSON_AddStringToObject(entry, "layer", layer->name);
  cJSON_AddStringToObject(entry, "kind", lstm ? "lstm" : "dense");
  cJSON_AddNumberToObject(entry, "scale", (double)layer->scale);
  cJSON_AddNumberToObject(entry, "zero_point", layer->zero_point);
  cJSON_AddNumberToObject(entry, "snr_db", layer->snr_db);
  cJSON_AddStringToObject(entry, "range_by", cli_calibrate_name(layer->by));
  if (lstm) {
    cJSON_AddNumberToObject(entry, "cell_exponent", layer->cell_exponent);
    cJSON_AddNumberToObject(entry, "gates_saturated", layer->gates_saturated);
    cJSON_AddNumberToObject(entry, "cells_saturated", layer->cells_saturated);
  }
}

static void add_notes(cJSON *object, const struct cli_quantizing *job) {
  cJSON *notes = cJSON_AddArrayToObject(object, "notes");
  for (uint32_t n = 0; trine_float_file_note(&job->work.file, n) != NULL; n++) {
    cJSON_AddItemToArray(notes, cJSON_CreateString(trine_float_file_note(&job->work.file, n)));
  }
  for (uint32_t n = 0; n < job->made.note_count; n++) {
    cJSON_AddItemToArray(notes, cJSON_CreateString(job->made.notes[n]));
  }
}

static void add_metric(cJSON *object, const struct trine_metric *metric) {
  cJSON *entry = cJSON_AddObjectToObject(object, "metric");
  cJSON_AddStringToObject(entry, "of", metric->each_step ? "bits a symbol" : "accuracy");
  cJSON_AddNumberToObject(entry, "float",
                          metric->each_step ? metric->real.bits : metric->real.accuracy);
  cJSON_AddNumberToObject(entry, "int8",
                          metric->each_step ? metric->int8.bits : metric->int8.accuracy);
  cJSON_AddNumberToObject(entry, "same", (double)metric->same);
  cJSON_AddNumberToObject(entry, "rows", (double)metric->rows);
}

/* The first table, and all of them with the inputs that they are of. */
static void add_tables(cJSON *object, const struct cli_quantizing *job) {
  const struct trine_model_info *info = trine_model_info(job->made.model);
  const char *first = "";
  cJSON *tables = cJSON_CreateArray();
  for (uint32_t n = 0; n < info->input_count; n++) {
    const char *path = job->table_paths[n];
    if (path[0] != '\0') {
      cJSON *entry = cJSON_CreateObject();
      cJSON_AddItemToArray(tables, entry);
      cJSON_AddStringToObject(entry, "input", info->inputs[n].name);
      cJSON_AddStringToObject(entry, "file", path);
      first = first[0] == '\0' ? path : first;
    }
  }
  add_path(object, "embedding", first);
  cJSON_AddItemToObject(object, "embeddings", tables);
}

bool cli_quantize_json(const struct cli_options *options, const struct cli_quantizing *job,
                       struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(job->made.model);
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", options->jobs[0].model);
  cJSON_AddStringToObject(object, "output", options->jobs[0].output);
  add_tables(object, job);
  add_path(object, "state", job->start_path);
  cJSON *layers = cJSON_AddArrayToObject(object, "layers");
  for (uint32_t n = 0; n < job->made.layer_count; n++) {
    add_layer(layers, &job->made.layers[n]);
  }
  cJSON *outputs = cJSON_AddArrayToObject(object, "outputs");
  for (uint32_t n = 0; n < info->output_count; n++) {
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(outputs, entry);
    cJSON_AddStringToObject(entry, "name", info->outputs[n].name);
    cJSON_AddNumberToObject(entry, "snr_db", job->made.output_snr_db[n]); /* null of indices */
  }
  cJSON_AddNumberToObject(object, "snr_db", job->made.snr_db);
  cJSON_AddBoolToObject(object, "weights_clamped", job->made.clamps_weights);
  add_notes(object, job);
  if (job->has_metric) {
    add_metric(object, &job->metric);
  } else {
    cJSON_AddNullToObject(object, "metric");
  }
  return cli_print_json(object, error);
}
