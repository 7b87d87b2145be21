/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff: `trine diff`: where an int8 model parts from the float network it was made of, or two
 * devices from each other. */
#include <math.h>

#include "commands.h"
#include "diff_devices.h"
#include "io/text.h"
#include "print.h"
#include "quantize/diff.h"
#include "quantize/float_data.h"

/* More than this many units of the last place are called a difference. */
static const float usual_limit = 8;

static void print_place(const char *name, const char *what, double rms,
                        const struct trine_diff_place *place) {
  static const char *const gates[] = {"i", "f", "g", "o"};
  char room[TRINE_TEXT_ROOM];
  cli_print("%-24s %-7s %8.2f %9.1f  sequence %u step %u %s%s unit %u: float %.6g, int8 %.6g\n",
            trine_text_of(room, 24, name), what, rms, (double)place->lsb, place->sequence,
            place->step, place->gate >= 0 ? "gate " : "",
            place->gate >= 0 ? gates[place->gate] : "-", place->unit, (double)place->real,
            (double)place->int8);
}

static void report(const struct trine_diff *diff, float limit) {
  static const char *const names[] = {"pre", "cell", "output"};
  cli_print("%-24s %-7s %8s %9s  where the largest is\n", "layer", "of", "rms LSB", "worst LSB");
  for (uint32_t n = 0; n < diff->layer_count; n++) {
    const struct trine_diff_layer *layer = &diff->layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    for (int what = lstm ? TRINE_DIFF_PRE : TRINE_DIFF_OUTPUT; what < TRINE_DIFF_COUNT; what++) {
      print_place(layer->name, names[what], layer->rms_lsb[what], &layer->worst[what]);
    }
    if (layer->first.lsb != 0.0F) {
      cli_print(
          "  more than %g LSB first in sequence %u, step %u, unit %u: float %.6g, int8 %.6g\n",
          (double)limit, layer->first.sequence, layer->first.step, layer->first.unit,
          (double)layer->first.real, (double)layer->first.int8);
    } else {
      cli_print("  no output is more than %g LSB off\n", (double)limit);
    }
  }
}

static void add_place(cJSON *object, const char *name, const struct trine_diff_place *place) {
  static const char *const gates[] = {"i", "f", "g", "o"};
  cJSON *entry = cJSON_AddObjectToObject(object, name);
  cJSON_AddNumberToObject(entry, "lsb", (double)place->lsb);
  cJSON_AddNumberToObject(entry, "sequence", place->sequence);
  cJSON_AddNumberToObject(entry, "step", place->step);
  if (place->gate >= 0) {
    cJSON_AddStringToObject(entry, "gate", gates[place->gate]);
  }
  cJSON_AddNumberToObject(entry, "unit", place->unit);
  cJSON_AddNumberToObject(entry, "float", (double)place->real);
  cJSON_AddNumberToObject(entry, "int8", (double)place->int8);
}

static bool report_json(const struct cli_options *options, const struct trine_diff *diff,
                        float limit, struct trine_error *error) {
  static const char *const names[] = {"pre", "cell", "output"};
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", options->jobs[0].model);
  cJSON_AddStringToObject(object, "int8_model", options->against);
  cJSON_AddNumberToObject(object, "limit_lsb", (double)limit);
  cJSON *layers = cJSON_AddArrayToObject(object, "layers");
  for (uint32_t n = 0; n < diff->layer_count; n++) {
    const struct trine_diff_layer *layer = &diff->layers[n];
    const bool lstm = layer->kind == TRINE_LAYER_LSTM;
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, entry);
    cJSON_AddStringToObject(entry, "layer", layer->name);
    cJSON_AddStringToObject(entry, "kind", lstm ? "lstm" : "dense");
    for (int what = lstm ? TRINE_DIFF_PRE : TRINE_DIFF_OUTPUT; what < TRINE_DIFF_COUNT; what++) {
      cJSON *part = cJSON_AddObjectToObject(entry, names[what]);
      cJSON_AddNumberToObject(part, "rms_lsb", layer->rms_lsb[what]);
      add_place(part, "worst", &layer->worst[what]);
    }
    if (layer->first.lsb != 0.0F) {
      add_place(entry, "first_over_limit", &layer->first);
    } else {
      cJSON_AddNullToObject(entry, "first_over_limit");
    }
  }
  return cli_print_json(object, error);
}

static bool diff_networks(const struct cli_options *options, struct trine_error *error) {
  struct trine_float_data work;
  struct trine_model *model = NULL;
  struct trine_diff diff;
  const struct trine_float_source source = cli_float_source(options);
  bool good =
      trine_float_data_load(&source, "--input", (const char *const *)options->jobs[0].inputs,
                            options->lengths, &work, error) == TRINE_OK;
  if (good) {
    good = trine_model_load(options->against, &model, error) == TRINE_OK;
    const bool is_compared = good && trine_diff_run(work.network, model, &work.batch, usual_limit,
                                                    &diff, error) == TRINE_OK;
    if (good && !is_compared) {
      trine_error_prefix(error, options->against); /* the sentence is about what is in the file */
    }
    good = is_compared;
  }
  if (good && options->json) {
    good = report_json(options, &diff, usual_limit, error);
  } else if (good) {
    report(&diff, usual_limit);
  }
  trine_model_free(model);
  trine_float_data_free(&work);
  return good;
}

enum cli_exit cli_diff(const struct cli_options *options, struct trine_error *error) {
  const bool good =
      options->has_other ? cli_diff_devices(options, error) : diff_networks(options, error);
  return good ? CLI_DONE : CLI_FAILED;
}
