/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_inspect: `trine inspect`: a model's layers, sizes and scales, and whether a configuration
 * runs it, in which modes. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "commands.h"
#include "inspect_float.h"
#include "print.h"
#include "quantize/float_file.h"
#include "work.h"

struct inspect_verdict {
  enum cli_mode mode;
  uint32_t cores;
  bool runs;
  uint64_t step_cycles;
  struct trine_error why_not;
};

enum { VERDICTS = 3, LAYOUT_BYTES = 80 };

/* Would the model run in this mode? It is compiled, for a device that is only described. */
static void judge(const struct trine_target *target, const struct trine_model *model,
                  struct inspect_verdict *verdict) {
  const struct trine_model_plan_options wanted = {
      .has_mode = true, .mode = (enum trine_mode)verdict->mode, .cores = verdict->cores};
  struct trine_model_plan plan;
  verdict->runs =
      trine_model_plan_make(target, model, &wanted, NULL, &plan, &verdict->why_not) == TRINE_OK &&
      trine_model_plan_fits(target, &plan, &verdict->why_not) == TRINE_OK;
  verdict->step_cycles = verdict->runs ? trine_model_plan_cycles(&plan) : 0;
  verdict->cores = verdict->runs ? plan.cores : verdict->cores;
  trine_model_plan_free(&plan);
}

/* Output n, or input -1 - n; make_end alike. */
static void print_end(const struct cli_work *work, int32_t n) {
  const struct trine_model_end *end = n < 0 ? &work->info->inputs[-1 - n] : &work->info->outputs[n];
  const char *what = n < 0 ? "input" : "output";
  char layout[LAYOUT_BYTES];
  trine_model_layout(work->model, n, layout, sizeof layout);
  cli_print("  %-7s %-24.40s %s, width %u, ", what, end->name, trine_dtype_name(end->type),
            end->width);
  if (end->type == TRINE_DTYPE_INT8) {
    cli_print("scale %g, zero point %d, ", (double)end->scale, end->zero_point);
  }
  cli_print("%s%s\n", layout, end->has_time ? "" : ", no time");
}

static void print_text(const struct cli_options *options, const struct cli_work *work,
                       const struct inspect_verdict *verdicts) {
  uint64_t bytes = 0, macs = 0;
  cli_print("%s: default batch %u, %u steps\n", options->jobs[0].model, work->info->default_batch,
            work->info->default_steps);
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    print_end(work, -1 - (int32_t)n);
  }
  for (uint32_t n = 0; n < work->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(work->model, n);
    cli_print(
        "  %-7s %-24.40s %u-%u%s, %llu bytes, %llu MACs a step, output scale %g, zero point %d",
        layer->kind == TRINE_LAYER_LSTM ? "LSTM" : "dense", layer->name, layer->inputs,
        layer->units, layer->reversed ? " backward" : "", (unsigned long long)layer->weight_bytes,
        (unsigned long long)layer->macs_per_step, (double)layer->output_scale,
        layer->output_zero_point);
    if (layer->kind == TRINE_LAYER_LSTM) {
      cli_print(", cell 2^%d, clip %d", layer->layer->cell_exponent, layer->layer->cell_clip);
    }
    cli_print("\n");
    bytes += layer->weight_bytes;
    macs += layer->macs_per_step;
  }
  for (uint32_t n = 0; n < work->info->segment_count; n++) {
    if (trine_model_network(work->model, n) == NULL) {
      cli_print("  host    %s\n", trine_model_segment_name(work->model, n));
    }
  }
  for (uint32_t n = 0; n < work->info->output_count; n++) {
    print_end(work, (int32_t)n);
  }
  cli_print("  together %llu bytes of weights, %llu MACs a step\n", (unsigned long long)bytes,
            (unsigned long long)macs);
  for (uint32_t n = 0; n < VERDICTS; n++) {
    const struct inspect_verdict *verdict = &verdicts[n];
    if (verdict->runs) {
      cli_print("  %s, %s on %u cores: runs, %llu cycles a step\n", options->config->name,
                cli_mode_name(verdict->mode), verdict->cores,
                (unsigned long long)verdict->step_cycles);
    } else {
      cli_print("  %s, %s: does not run: %s\n", options->config->name, cli_mode_name(verdict->mode),
                verdict->why_not.text);
    }
  }
}

static cJSON *make_end(const struct cli_work *work, int32_t n) {
  const struct trine_model_end *end = n < 0 ? &work->info->inputs[-1 - n] : &work->info->outputs[n];
  char layout[LAYOUT_BYTES];
  cJSON *entry = cJSON_CreateObject();
  cJSON_AddStringToObject(entry, "name", end->name);
  cJSON_AddStringToObject(entry, "type", trine_dtype_name(end->type));
  cJSON_AddNumberToObject(entry, "width", end->width);
  cJSON_AddNumberToObject(entry, "scale", (double)end->scale);
  cJSON_AddNumberToObject(entry, "zero_point", end->zero_point);
  cJSON_AddBoolToObject(entry, "time_major", end->time_major);
  trine_model_layout(work->model, n, layout, sizeof layout);
  cJSON_AddStringToObject(entry, "layout", layout);
  return entry;
}

static void add_layers(cJSON *object, const struct cli_work *work) {
  cJSON *layers = cJSON_AddArrayToObject(object, "layers");
  for (uint32_t n = 0; n < work->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(work->model, n);
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, entry);
    cJSON_AddStringToObject(entry, "name", layer->name);
    cJSON_AddStringToObject(entry, "kind", layer->kind == TRINE_LAYER_LSTM ? "lstm" : "dense");
    cJSON_AddBoolToObject(entry, "reversed", layer->reversed);
    cJSON_AddNumberToObject(entry, "inputs", layer->inputs);
    cJSON_AddNumberToObject(entry, "units", layer->units);
    cJSON_AddNumberToObject(entry, "weight_bytes", (double)layer->weight_bytes);
    cJSON_AddNumberToObject(entry, "macs_per_step", (double)layer->macs_per_step);
    cJSON_AddNumberToObject(entry, "input_scale", (double)layer->input_scale);
    cJSON_AddNumberToObject(entry, "output_scale", (double)layer->output_scale);
    cJSON_AddNumberToObject(entry, "output_zero_point", layer->output_zero_point);
    if (layer->kind == TRINE_LAYER_LSTM) {
      cJSON_AddNumberToObject(entry, "cell_exponent", layer->layer->cell_exponent);
      cJSON_AddNumberToObject(entry, "cell_clip", layer->layer->cell_clip);
    }
  }
}

static bool print_json(const struct cli_options *options, const struct cli_work *work,
                       const struct inspect_verdict *verdicts, struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", options->jobs[0].model);
  cJSON_AddStringToObject(object, "config", options->config->name);
  cJSON_AddNumberToObject(object, "default_batch", work->info->default_batch);
  cJSON_AddNumberToObject(object, "default_steps", work->info->default_steps);
  cJSON_AddItemToObject(object, "input", make_end(work, -1));
  cJSON_AddItemToObject(object, "output", make_end(work, 0));
  cJSON *inputs = cJSON_AddArrayToObject(object, "inputs");
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    cJSON_AddItemToArray(inputs, make_end(work, -1 - (int32_t)n));
  }
  cJSON *outputs = cJSON_AddArrayToObject(object, "outputs");
  for (uint32_t n = 0; n < work->info->output_count; n++) {
    cJSON_AddItemToArray(outputs, make_end(work, (int32_t)n));
  }
  add_layers(object, work);
  cJSON *modes = cJSON_AddArrayToObject(object, "modes");
  for (uint32_t n = 0; n < VERDICTS; n++) {
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(modes, entry);
    cJSON_AddStringToObject(entry, "mode", cli_mode_name(verdicts[n].mode));
    cJSON_AddBoolToObject(entry, "runs", verdicts[n].runs);
    if (verdicts[n].runs) {
      cJSON_AddNumberToObject(entry, "cores", verdicts[n].cores);
      cJSON_AddNumberToObject(entry, "step_cycles", (double)verdicts[n].step_cycles);
    } else {
      cJSON_AddStringToObject(entry, "why_not", verdicts[n].why_not.text);
    }
  }
  return cli_print_json(object, error);
}

enum cli_exit cli_inspect(const struct cli_options *options, struct trine_error *error) {
  if (trine_float_is_onnx(options->jobs[0].model)) {
    return cli_inspect_float(options, error);
  }
  struct cli_work work = {.files = &options->jobs[0]};
  struct trine_target target;
  if (!cli_work_load_model(options, options->jobs[0].model, &work, error)) {
    cli_work_free(&work);
    return cli_inspect_float_tflite(options, error);
  }
  bool good = trine_config_target(options->config, &target, error) == TRINE_OK;
  if (good) {
    const uint32_t cores = options->config->cores;
    struct inspect_verdict verdicts[VERDICTS] = {{.mode = CLI_MODE_SINGLE, .cores = 1},
                                                 {.mode = CLI_MODE_MULTITHREADING, .cores = cores},
                                                 {.mode = CLI_MODE_HELPER, .cores = cores}};
    for (uint32_t n = 0; n < VERDICTS; n++) {
      judge(&target, work.model, &verdicts[n]);
    }
    if (options->json) {
      good = print_json(options, &work, verdicts, error);
    } else {
      print_text(options, &work, verdicts);
    }
  }
  cli_work_free(&work);
  return good ? CLI_DONE : CLI_FAILED;
}
