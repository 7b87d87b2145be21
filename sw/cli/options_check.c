/* SPDX-License-Identifier: Apache-2.0 */
/* options_check: which options go together, see options_check.h. */
#include "options_check.h"

#include <string.h>

#include "io/file.h"
#include "io/named.h"

enum {
  DEFAULT_STEPS = 16, /* that a network which is made up names */
  FIRST = 3,          /* files that are read once, before those of jobs */
  MOST_READ = FIRST + CLI_MAX_JOBS * (1 + TRINE_MODEL_MAX_ENDS)
};

/* What cannot go with --job, as it was given, or NULL. */
static const char *beside_job(const struct cli_options *options,
                              const struct cli_job_files *plain) {
  const struct {
    const char *given, *name;
  } alone[] = {{plain->model, plain->model},      {plain->inputs[0], "--input"},
               {plain->output, "--output"},       {options->lengths, "--lengths"},
               {options->state_in, "--state-in"}, {options->state_out, "--state-out"},
               {options->inputs, "--inputs"},     {options->outputs, "--outputs"}};
  for (size_t n = 0; n < sizeof alone / sizeof alone[0]; n++) {
    if (alone[n].given != NULL) {
      return alone[n].name;
    }
  }
  return NULL;
}

static bool check_run(struct cli_options *options, const struct cli_job_files *plain,
                      struct trine_error *error) {
  if (options->side_by_side) {
    const char *extra = beside_job(options, plain);
    if (extra != NULL) {
      trine_error_set(error,
                      "With --job there is no room for %.60s: model, input and output go into "
                      "--job M:X:Y, and only a single model takes --lengths and states.",
                      extra);
      return false;
    }
  } else if (plain->model == NULL || plain->input_count == 0) {
    trine_error_set(error, "run needs a model and its input: trine run MODEL.tflite --input X.npy");
    return false;
  } else {
    options->jobs[0] = *plain;
    options->job_count = 1;
  }
  if (options->wave != NULL && options->device.kind != TRINE_DEVICE_SIM) {
    trine_error_set(error, "--wave needs the simulated device, not '%s'.",
                    trine_device_kind_name(options->device.kind));
    return false;
  }
  if (options->dump != NULL && options->device.kind == TRINE_DEVICE_GOLDEN) {
    trine_error_set(error,
                    "--dump needs a device that can fail: sim, uart:PATH or mmio:PATH; "
                    "golden has none to dump.");
    return false;
  }
  if (trine_file_is_standard(options->dump)) {
    trine_error_set(error, "--dump takes the name of a file, not '-'.");
    return false;
  }
  return true;
}

static bool check_wave(const struct cli_options *options, struct trine_error *error) {
  if (options->wave == NULL && (options->wave_start != 0 || options->wave_cycles != 0)) {
    trine_error_set(error, "--wave-start and --wave-cycles need --wave FILE.fst.");
    return false;
  }
  return true;
}

static bool check_place(const struct cli_options *options, struct trine_error *error) {
  if (options->place != NULL &&
      (options->side_by_side || options->cores != 0 || options->mode != CLI_MODE_AUTO)) {
    trine_error_set(
        error, "--place says which cores a model has; it goes without --job, --cores and --mode.");
    return false;
  }
  return true;
}

static bool check_strays(const struct cli_options *options, struct trine_error *error) {
  if (options->stop_strays && options->device.kind != TRINE_DEVICE_UART &&
      options->device.kind != TRINE_DEVICE_MMIO) {
    trine_error_set(error,
                    "--stop-strays needs a device that others use too, uart:PATH or mmio:PATH; "
                    "nothing runs yet on '%s'.",
                    trine_device_kind_name(options->device.kind));
    return false;
  }
  return true;
}

static bool check_baud(const struct cli_options *options, struct trine_error *error) {
  if (options->baud != 0 && options->device.kind != TRINE_DEVICE_UART &&
      !(options->has_other && options->other.kind == TRINE_DEVICE_UART)) {
    trine_error_set(error, "--baud %u needs a serial line, --device uart:PATH; '%s' has no speed.",
                    options->baud, trine_device_kind_name(options->device.kind));
    return false;
  }
  return true;
}

/* What a command cannot do without. */
static bool check_needs(enum cli_command command, const struct cli_options *options,
                        const struct cli_job_files *plain, struct trine_error *error) {
  const char *needs = NULL;
  if (command == CLI_INSPECT && plain->model == NULL) {
    needs = "inspect needs a model: trine inspect MODEL.tflite, or MODEL.onnx";
  } else if (command == CLI_REPLAY && plain->model == NULL) {
    needs = "replay needs a dump: trine replay FILE, as trine run --dump FILE writes it";
  } else if (command == CLI_COMPILE && (plain->model == NULL || plain->output == NULL)) {
    needs =
        "compile needs a model and a file to write: trine compile MODEL.tflite -o MODEL.trn, or "
        "MODEL.c";
  } else if (command == CLI_PLAN && plain->model == NULL && options->layers == NULL) {
    needs = "plan needs a model: trine plan MODEL.tflite, or --layers 40-96-96";
  } else if (command == CLI_MAKE && (options->layers == NULL || plain->output == NULL)) {
    needs = "make needs layers and a file to write: trine make --layers 40-96-96 -o MODEL.tflite";
  }
  if (needs != NULL) {
    trine_error_set(error, "%s", needs);
  }
  return needs == NULL;
}

/* A network that is made up stands in the place of a model. */
static bool check_layers(struct cli_options *options, const struct cli_job_files *plain,
                         struct trine_error *error) {
  struct trine_shapes *shapes = &options->shapes;
  if (options->layers != NULL && plain->model != NULL) {
    trine_error_set(error, "--layers %.60s is a network of its own; leave %.100s out.",
                    options->layers, plain->model);
    return false;
  }
  if (options->layers != NULL && (options->inputs != NULL || options->outputs != NULL)) {
    trine_error_set(error, "%s takes a part of a model, not of --layers %.60s.",
                    options->inputs != NULL ? "--inputs" : "--outputs", options->layers);
    return false;
  }
  if (options->layers == NULL && (shapes->dense > 0 || shapes->bidirectional)) {
    trine_error_set(error, "%s needs a network of given layers, as --layers 40-96-96 is.",
                    shapes->dense > 0 ? "--dense" : "--bidirectional");
    return false;
  }
  shapes->steps = options->steps > 0 ? options->steps : DEFAULT_STEPS;
  return true;
}

/* The configuration, by --config or by --device sim:NAME, with the fields that --set changes. */
static bool find_config(struct cli_options *options, struct trine_error *error) {
  const char *named = options->device.config;
  if (named != NULL && options->config != NULL && strcmp(named, options->config->name) != 0) {
    trine_error_set(error,
                    "--config %.60s and --device sim:%.60s are two configurations; leave one out.",
                    options->config->name, named);
    return false;
  }
  if (options->config == NULL) {
    options->config = trine_config_find(named != NULL ? named : TRINE_CONFIG_DEFAULT, error);
  }
  if (options->config == NULL || options->set == NULL) {
    return options->config != NULL;
  }
  const bool good = trine_config_change(options->config, options->set, options->made_name,
                                        &options->made_config, error) == TRINE_OK;
  if (!good) {
    trine_error_prefix(error, "--set");
  }
  options->config = &options->made_config;
  return good;
}

static bool ends_in(const char *text, const char *end) {
  const size_t length = strlen(text), less = strlen(end);
  return length >= less && strcmp(text + length - less, end) == 0;
}

/* --inputs and --outputs name tensors; whoever gives them a file means the options without s. */
static bool check_tensors(enum cli_command command, const struct cli_options *options,
                          struct trine_error *error) {
  const bool calibrates = command == CLI_QUANTIZE;
  const struct {
    const char *option, *meant, *value;
  } named[] = {{"--inputs", calibrates ? "--calibrate" : "--input", options->inputs},
               {"--outputs", calibrates ? "-o" : "--output", options->outputs}};
  for (size_t n = 0; n < sizeof named / sizeof named[0]; n++) {
    const char *value = named[n].value;
    if (value != NULL &&
        (ends_in(value, ".npy") || ends_in(value, ".npz") || ends_in(value, ".tflite"))) {
      trine_error_set(error,
                      "%s names tensors of a model, and '%.100s' is a file; %s takes a file.",
                      named[n].option, value, named[n].meant);
      return false;
    }
  }
  return true;
}

static bool check_command(enum cli_command command, struct cli_options *options,
                          const struct cli_job_files *plain, struct trine_error *error) {
  const bool simulated = options->device.kind == TRINE_DEVICE_SIM;
  if (!check_tensors(command, options, error) || !find_config(options, error)) {
    return false;
  }
  if (simulated && options->cores > options->config->cores) {
    trine_error_set(error, "%u cores were asked for; configuration %s has %u.", options->cores,
                    options->config->name, options->config->cores);
    return false;
  }
  if (options->mode == CLI_MODE_SINGLE && options->cores > 1) {
    trine_error_set(error, "Mode single runs on one core, not on %u.", options->cores);
    return false;
  }
  if (!check_strays(options, error) || !check_baud(options, error) || !check_wave(options, error) ||
      !check_place(options, error) || !check_layers(options, plain, error)) {
    return false;
  }
  if (command == CLI_RUN) {
    return check_run(options, plain, error);
  }
  if (!check_needs(command, options, plain, error)) {
    return false;
  }
  if (command == CLI_QUANTIZE &&
      (plain->model == NULL || plain->input_count == 0 || plain->output == NULL)) {
    trine_error_set(error,
                    "quantize needs a model, calibration data and a file to write: trine quantize "
                    "MODEL.onnx --calibrate X.npy -o MODEL.tflite");
    return false;
  }
  if (command == CLI_DIFF && (plain->model == NULL || plain->input_count == 0 ||
                              (options->against == NULL) != options->has_other)) {
    trine_error_set(error,
                    "diff needs an input and a second side, --against D or the int8 model of an "
                    ".onnx: trine diff MODEL.onnx MODEL.tflite --input X.npy");
    return false;
  }
  if (command == CLI_STATE && (plain->model == NULL || options->from_count == 0)) {
    trine_error_set(error,
                    "state needs a model and its streams: trine state MODEL.tflite --from S.npz");
    return false;
  }
  if ((command == CLI_INFO || command == CLI_SELFTEST || command == CLI_MAKE) &&
      plain->model != NULL) {
    trine_error_set(error, "'%.100s' is one word too many: trine %s takes only options.",
                    plain->model, cli_command_name(command));
    return false;
  }
  options->jobs[0] = *plain;
  options->job_count = plain->model != NULL ? 1 : 0;
  return true;
}

/* Standard input is read once, and standard output written by one of reports and outputs; *writes
 * says whether an output does. */
static bool check_standard(struct cli_options *options, bool *writes, struct trine_error *error) {
  const char *read[MOST_READ] = {options->lengths, options->labels, options->against};
  const char *written[CLI_MAX_JOBS + 2] = {options->state_out, options->report};
  uint32_t reads = 0, count = FIRST;
  for (uint32_t n = 0; n < options->job_count; n++) {
    const struct cli_job_files *job = &options->jobs[n];
    for (uint32_t k = 0; k < job->input_count; k++) {
      read[count++] = trine_named_file(job->inputs[k]);
    }
    read[count++] = job->model;
    written[2 + n] = job->output;
  }
  *writes = options->job_count == 0 && trine_file_is_standard(options->jobs[0].output);
  for (uint32_t n = 0; n < options->job_count + 2; n++) {
    *writes = *writes || trine_file_is_standard(written[n]);
  }
  for (uint32_t n = 0; n < count; n++) {
    reads += trine_file_is_standard(read[n]);
  }
  if (reads > 1) {
    trine_error_set(error, "%u files are to come from standard input, '-'; one can.", reads);
    return false;
  }
  options->reads_model = trine_file_is_standard(options->against);
  for (uint32_t n = 0; n < options->job_count; n++) {
    options->reads_model = options->reads_model || trine_file_is_standard(options->jobs[n].model);
  }
  if (trine_file_is_standard(options->state_in)) {
    trine_error_set(error,
                    "--state-in takes the name of a file, not '-': an .npz is read in parts.");
    return false;
  }
  if (*writes && options->json) {
    trine_error_set(error,
                    "--json goes to standard output, and so does the output '-'; name a file for "
                    "it.");
    return false;
  }
  return true;
}

bool cli_options_check(enum cli_command command, struct cli_options *options,
                       const struct cli_job_files *plain, struct trine_error *error) {
  return check_command(command, options, plain, error) &&
         check_standard(options, &options->writes_standard, error);
}
