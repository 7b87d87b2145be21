/* SPDX-License-Identifier: Apache-2.0 */
/* options: parser of the command line, see options.h. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inspect_float.h"
#include "trine_configs.h"

#define DEFAULT_CONFIG "duo"
static const char *const mode_names[] = {"single", "multithreading", "helper", "hybrid", "auto"};
static const char *const command_names[] = {
    [CLI_RUN] = "run",           [CLI_PLAN] = "plan",         [CLI_INSPECT] = "inspect",
    [CLI_INFO] = "info",         [CLI_SELFTEST] = "selftest", [CLI_STATE] = "state",
    [CLI_QUANTIZE] = "quantize", [CLI_DIFF] = "diff"};

const char *cli_mode_name(enum cli_mode mode) {
  return mode_names[mode];
}

const char *cli_device_name(enum cli_device_kind device) {
  static const char *const names[] = {"sim", "golden", "uart", "mmio"};
  return names[device];
}

static const struct trine_config_row *find_config(const char *name) {
  for (int row = 0; row < TRINE_CONFIG_ROWS; row++) {
    if (strcmp(trine_config_rows[row].name, name) == 0) {
      return &trine_config_rows[row];
    }
  }
  return NULL;
}

static bool set_config(struct cli_options *options, const char *name, struct trine_error *error) {
  options->config = find_config(name);
  if (options->config == NULL) {
    char names[160] = "";
    for (int row = 0; row < TRINE_CONFIG_ROWS; row++) {
      strncat(names, row == 0 ? "" : ", ", sizeof names - strlen(names) - 1);
      strncat(names, trine_config_rows[row].name, sizeof names - strlen(names) - 1);
    }
    trine_error_set(error, "There is no configuration '%.60s'; there are %s.", name, names);
  }
  return options->config != NULL;
}

static bool set_mode(struct cli_options *options, const char *name, struct trine_error *error) {
  for (int mode = 0; mode <= CLI_MODE_AUTO; mode++) {
    if (strcmp(mode_names[mode], name) == 0) {
      options->mode = (enum cli_mode)mode;
      return true;
    }
  }
  trine_error_set(error,
                  "There is no mode '%.60s'; there are auto, single, multithreading, helper and "
                  "hybrid.",
                  name);
  return false;
}

static bool set_device(const char *name, enum cli_device_kind *device, const char **path,
                       struct trine_error *error) {
  *path = NULL;
  if (strcmp(name, "sim") == 0) {
    *device = CLI_DEVICE_SIM;
  } else if (strcmp(name, "golden") == 0) {
    *device = CLI_DEVICE_GOLDEN;
  } else if (strncmp(name, "uart:", 5) == 0 && name[5] != '\0') {
    *device = CLI_DEVICE_UART;
    *path = name + 5;
  } else if (strncmp(name, "mmio:", 5) == 0 && name[5] != '\0') {
    *device = CLI_DEVICE_MMIO;
    *path = name + 5;
  } else {
    trine_error_set(
        error, "There is no device '%.60s'; there are sim, golden, uart:PATH and mmio:PATH.", name);
    return false;
  }
  return true;
}

static bool parse_number(const char *option, const char *text, uint64_t low, uint64_t high,
                         uint64_t *value, struct trine_error *error) {
  char *end = NULL;
  errno = 0;
  /* 010 is ten: only 0x says that it is something else. */
  const bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  unsigned long long number = strtoull(text, &end, is_hex ? 16 : 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number < low ||
      number > high) {
    trine_error_set(error, "%s takes a number from %llu to %llu, not '%.60s'.", option,
                    (unsigned long long)low, (unsigned long long)high, text);
    return false;
  }
  *value = number;
  return true;
}

/* MODEL:INPUT or MODEL:INPUT:OUTPUT. */
static bool add_job(struct cli_options *options, char *text, struct trine_error *error) {
  if (options->job_count == CLI_MAX_JOBS) {
    trine_error_set(error, "--job %.100s is one too many; at most %d run side by side.", text,
                    CLI_MAX_JOBS);
    return false;
  }
  char *input = strchr(text, ':');
  char *output = input == NULL ? NULL : strchr(input + 1, ':');
  if (input == NULL || input == text || input[1] == '\0' || input[1] == ':' ||
      (output != NULL && strchr(output + 1, ':') != NULL)) {
    trine_error_set(error, "--job takes MODEL.tflite:INPUT.npy:OUTPUT.npy, not '%.100s'.", text);
    return false;
  }
  *input++ = '\0';
  if (output != NULL) {
    *output++ = '\0';
  }
  struct cli_job_files *job = &options->jobs[options->job_count++];
  job->model = text;
  job->input = input;
  job->output = output != NULL && *output != '\0' ? output : NULL;
  options->side_by_side = true;
  return true;
}

static bool add_from(struct cli_options *options, char *text, struct trine_error *error) {
  if (options->from_count == CLI_MAX_FROM) {
    trine_error_set(error, "--from %.100s is one too many; at most %d are taken.", text,
                    CLI_MAX_FROM);
    return false;
  }
  options->from[options->from_count++] = text;
  return true;
}

/* Options that take a value; `allowed` has seen their names. */
static bool set_value(struct cli_options *options, struct cli_job_files *plain, const char *name,
                      char *value, struct trine_error *error) {
  uint64_t number = 0;
  bool good = true;
  if (strcmp(name, "--input") == 0 || strcmp(name, "--calibrate") == 0) {
    plain->input = value;
  } else if (strcmp(name, "--output") == 0 || strcmp(name, "-o") == 0) {
    plain->output = value;
  } else if (strcmp(name, "--lengths") == 0) {
    options->lengths = value;
  } else if (strcmp(name, "--state-in") == 0) {
    options->state_in = value;
  } else if (strcmp(name, "--state-out") == 0) {
    options->state_out = value;
  } else if (strcmp(name, "--inputs") == 0) {
    options->inputs = value;
  } else if (strcmp(name, "--outputs") == 0) {
    options->outputs = value;
  } else if (strcmp(name, "--labels") == 0) {
    options->labels = value;
  } else if (strcmp(name, "--wave") == 0) {
    options->wave = value;
  } else if (strcmp(name, "--wave-start") == 0) {
    good = parse_number(name, value, 0, UINT64_MAX / 2, &options->wave_start, error);
  } else if (strcmp(name, "--wave-cycles") == 0) {
    good = parse_number(name, value, 1, UINT64_MAX / 2, &options->wave_cycles, error);
  } else if (strcmp(name, "--cores") == 0) {
    good = parse_number(name, value, 1, 16, &number, error);
    options->cores = (uint32_t)number;
  } else if (strcmp(name, "--steps") == 0) {
    good = parse_number(name, value, 1, INT32_MAX, &number, error);
    options->steps = (uint32_t)number;
  } else if (strcmp(name, "--batch") == 0) {
    good = parse_number(name, value, 1, CLI_MAX_BATCH, &number, error);
    options->batch = (uint32_t)number;
  } else if (strcmp(name, "--config") == 0) {
    good = set_config(options, value, error);
  } else if (strcmp(name, "--mode") == 0) {
    good = set_mode(options, value, error);
  } else if (strcmp(name, "--place") == 0) {
    options->place = value;
  } else if (strcmp(name, "--device") == 0) {
    good = set_device(value, &options->device, &options->device_path, error);
  } else if (strcmp(name, "--against") == 0) {
    options->has_other = true;
    good = set_device(value, &options->other_device, &options->other_path, error);
  } else if (strcmp(name, "--from") == 0) {
    good = add_from(options, value, error);
  } else { /* --job */
    good = add_job(options, value, error);
  }
  return good;
}

/* The options of each command, and no others. */
static bool allowed(enum cli_command command, const char *name) {
  static const char *const options[][20] = {
      [CLI_RUN] = {"--input", "--output",     "--lengths",     "--state-in", "--state-out",
                   "--wave",  "--wave-start", "--wave-cycles", "--cores",    "--config",
                   "--mode",  "--device",     "--job",         "--check",    "--json",
                   "--trace", "--place",      "--stop-strays", "--inputs",   "--outputs"},
      [CLI_PLAN] = {"--config", "--json", "--cores", "--steps", "--batch", "--lengths", "--place",
                    "--inputs", "--outputs"},
      [CLI_INSPECT] = {"--config", "--json", "--inputs", "--outputs"},
      [CLI_INFO] = {"--config", "--json", "--device"},
      [CLI_SELFTEST] = {"--config", "--device", "--json", "--stop-strays"},
      [CLI_STATE] = {"--from", "--output", "--inputs", "--outputs"},
      [CLI_QUANTIZE] = {"--calibrate", "--output", "-o", "--lengths", "--labels", "--inputs",
                        "--outputs", "--per-row", "--steps"},
      [CLI_DIFF] = {"--input", "--lengths", "--inputs", "--outputs", "--device", "--against",
                    "--config", "--mode", "--cores"}};
  for (size_t n = 0; n < sizeof options[0] / sizeof options[0][0]; n++) {
    if (options[command][n] != NULL && strcmp(options[command][n], name) == 0) {
      return true;
    }
  }
  return false;
}

/* What cannot go with --job, as it was given, or NULL. */
static const char *beside_job(const struct cli_options *options,
                              const struct cli_job_files *plain) {
  return plain->model != NULL         ? plain->model
         : plain->input != NULL       ? "--input"
         : plain->output != NULL      ? "--output"
         : options->lengths != NULL   ? "--lengths"
         : options->state_in != NULL  ? "--state-in"
         : options->state_out != NULL ? "--state-out"
         : options->inputs != NULL    ? "--inputs"
         : options->outputs != NULL   ? "--outputs"
                                      : NULL;
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
  } else if (plain->model == NULL || plain->input == NULL) {
    trine_error_set(error, "run needs a model and its input: trine run MODEL.tflite --input X.npy");
    return false;
  } else {
    options->jobs[0] = *plain;
    options->job_count = 1;
  }
  if (options->wave != NULL && options->device != CLI_DEVICE_SIM) {
    trine_error_set(error, "--wave needs the simulated device, not '%s'.",
                    cli_device_name(options->device));
    return false;
  }
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
  if (options->stop_strays && options->device != CLI_DEVICE_UART &&
      options->device != CLI_DEVICE_MMIO) {
    trine_error_set(error,
                    "--stop-strays needs a device that others use too, uart:PATH or mmio:PATH; "
                    "nothing runs yet on '%s'.",
                    cli_device_name(options->device));
    return false;
  }
  return true;
}

static bool check_rest(enum cli_command command, struct cli_options *options,
                       const struct cli_job_files *plain, struct trine_error *error) {
  const bool simulated = options->device == CLI_DEVICE_SIM;
  if (simulated && options->cores > options->config->cores) {
    trine_error_set(error, "%u cores were asked for; configuration %s has %u.", options->cores,
                    options->config->name, options->config->cores);
    return false;
  }
  if (options->mode == CLI_MODE_SINGLE && options->cores > 1) {
    trine_error_set(error, "Mode single runs on one core, not on %u.", options->cores);
    return false;
  }
  if (!check_strays(options, error) || !check_place(options, error)) {
    return false;
  }
  if (command == CLI_RUN) {
    return check_run(options, plain, error);
  }
  if (command == CLI_INSPECT && plain->model == NULL) {
    trine_error_set(error, "inspect needs a model: trine inspect MODEL.tflite, or MODEL.onnx");
    return false;
  }
  if (command == CLI_PLAN && plain->model == NULL) {
    trine_error_set(error, "plan needs a model: trine plan MODEL.tflite");
    return false;
  }
  if (command == CLI_QUANTIZE &&
      (plain->model == NULL || plain->input == NULL || plain->output == NULL)) {
    trine_error_set(error,
                    "quantize needs a model, calibration data and a file to write: trine quantize "
                    "MODEL.onnx --calibrate X.npy -o MODEL.tflite");
    return false;
  }
  if (command == CLI_DIFF && (plain->model == NULL || plain->input == NULL ||
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
  if ((command == CLI_INFO || command == CLI_SELFTEST) && plain->model != NULL) {
    trine_error_set(error, "'%.100s' is one word too many: trine %s takes only options.",
                    plain->model, command_names[command]);
    return false;
  }
  options->jobs[0] = *plain;
  options->job_count = plain->model != NULL ? 1 : 0;
  return true;
}

/* Whether the option at argv[0] is followed by something that can be its value. */
static bool has_value(enum cli_command command, const char *option, int argc, char **argv,
                      struct trine_error *error) {
  const char *value = argc > 1 ? argv[1] : "";
  if (value[0] == '\0') {
    trine_error_set(error, "%s needs a value, and there is none; trine %s --help says which.",
                    option, command_names[command]);
  } else if (strncmp(value, "--", 2) == 0) {
    trine_error_set(error,
                    "%s needs a value, not the option '%.60s'; a file of that name is ./%.60s.",
                    option, value, value);
  }
  return value[0] != '\0' && strncmp(value, "--", 2) != 0;
}

bool cli_options_parse(enum cli_command command, int argc, char **argv, struct cli_options *options,
                       struct trine_error *error) {
  struct cli_job_files plain = {NULL, NULL, NULL};
  *options = (struct cli_options){.mode = CLI_MODE_AUTO, .config = find_config(DEFAULT_CONFIG)};
  for (int i = 0; i < argc; i++) {
    char *word = argv[i];
    if (word[0] == '\0') {
      trine_error_set(error, "Word %d behind trine %s is empty; a model needs a name.", i + 1,
                      command_names[command]);
      return false;
    }
    if (word[0] != '-') {
      if (command == CLI_DIFF && plain.model != NULL && options->against == NULL) {
        options->against = word;
        continue;
      }
      if (plain.model != NULL) {
        trine_error_set(
            error, "One model at a time, not '%.80s' after '%.80s'; trine run --job takes several.",
            word, plain.model);
        return false;
      }
      plain.model = word;
    } else if (!allowed(command, word)) {
      trine_error_set(error, "There is no option '%.100s' of trine %s; trine %s --help lists them.",
                      word, command_names[command], command_names[command]);
      return false;
    } else if (strcmp(word, "--check") == 0) {
      options->check = true;
    } else if (strcmp(word, "--json") == 0) {
      options->json = true;
    } else if (strcmp(word, "--per-row") == 0) {
      options->per_row = true;
    } else if (strcmp(word, "--stop-strays") == 0) {
      options->stop_strays = true;
    } else if (strcmp(word, "--trace") == 0) {
      trine_error_set(error, "--trace is not available in this version; --wave F.fst is.");
      return false;
    } else if (!has_value(command, word, argc - i, argv + i, error) ||
               !set_value(options, &plain, word, argv[++i], error)) {
      return false;
    }
  }
  return check_rest(command, options, &plain, error);
}
