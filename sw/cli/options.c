/* SPDX-License-Identifier: Apache-2.0 */
/* options: parser of the command line, see options.h. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "backend_uart.h"
#include "options_check.h"

static const char *const mode_names[] = {"single", "multithreading", "helper", "hybrid", "auto"};
static const char *const calibrate_names[] = {"best", "range", "percentile", "error", "shrunk"};
static const char *const command_names[] = {
    [CLI_RUN] = "run",         [CLI_PLAN] = "plan",         [CLI_COMPILE] = "compile",
    [CLI_INSPECT] = "inspect", [CLI_INFO] = "info",         [CLI_SELFTEST] = "selftest",
    [CLI_STATE] = "state",     [CLI_QUANTIZE] = "quantize", [CLI_DIFF] = "diff",
    [CLI_MAKE] = "make"};

const char *cli_command_name(enum cli_command command) {
  return command_names[command];
}

const char *cli_calibrate_name(enum trine_calibrate_by by) {
  return calibrate_names[by];
}

const char *cli_mode_name(enum cli_mode mode) {
  return mode_names[mode];
}

static bool set_config(struct cli_options *options, const char *name, struct trine_error *error) {
  options->config = trine_config_find(name, error);
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

static bool set_calibrate_by(struct cli_options *options, const char *name,
                             struct trine_error *error) {
  for (int by = 0; by <= TRINE_CALIBRATE_ERROR; by++) {
    if (strcmp(calibrate_names[by], name) == 0) {
      options->calibrate_by = (enum trine_calibrate_by)by;
      return true;
    }
  }
  trine_error_set(error, "--calibrate-by takes best, range, percentile or error, not '%.60s'.",
                  name);
  return false;
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

static bool set_baud(struct cli_options *options, const char *text, struct trine_error *error) {
  uint64_t baud = 0;
  struct trine_error number = {""};
  if (!parse_number("--baud", text, 1, UINT32_MAX, &baud, &number) ||
      !trine_uart_has_speed((uint32_t)baud)) {
    trine_error_set(error, "--baud takes " TRINE_UART_SPEEDS ", not '%.40s'.", text);
    return false;
  }
  options->baud = (uint32_t)baud;
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

/* Options whose value is kept as it is; false for any other. */
static bool set_text(struct cli_options *options, const char *name, const char *value) {
  const struct {
    const char *name, **text;
  } texts[] = {{"--lengths", &options->lengths},
               {"--state-in", &options->state_in},
               {"--state-out", &options->state_out},
               {"--inputs", &options->inputs},
               {"--outputs", &options->outputs},
               {"--labels", &options->labels},
               {"--wave", &options->wave},
               {"--place", &options->place},
               {"--set", &options->set},
               {"--report", &options->report}};
  for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++) {
    if (strcmp(texts[n].name, name) == 0) {
      *texts[n].text = value;
      return true;
    }
  }
  return false;
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
  } else if (set_text(options, name, value)) {
    good = true;
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
  } else if (strcmp(name, "--dense") == 0) {
    good = parse_number(name, value, 1, TRINE_SHAPED_MAX_WIDTH, &number, error);
    options->shapes.dense = (uint32_t)number;
  } else if (strcmp(name, "--seed") == 0) {
    good = parse_number(name, value, 0, INT64_MAX, &options->shapes.seed, error);
  } else if (strcmp(name, "--layers") == 0) {
    options->layers = value;
    good = trine_shapes_read(value, &options->shapes, error) == 0;
  } else if (strcmp(name, "--batch") == 0) {
    good = parse_number(name, value, 1, CLI_MAX_BATCH, &number, error);
    options->batch = (uint32_t)number;
  } else if (strcmp(name, "--config") == 0) {
    good = set_config(options, value, error);
  } else if (strcmp(name, "--mode") == 0) {
    good = set_mode(options, value, error);
  } else if (strcmp(name, "--device") == 0) {
    good = trine_device_name_parse(value, &options->device, error) == TRINE_OK;
  } else if (strcmp(name, "--baud") == 0) {
    good = set_baud(options, value, error);
  } else if (strcmp(name, "--against") == 0) {
    options->has_other = true;
    good = trine_device_name_parse(value, &options->other, error) == TRINE_OK;
  } else if (strcmp(name, "--calibrate-by") == 0) {
    good = set_calibrate_by(options, value, error);
  } else if (strcmp(name, "--from") == 0) {
    good = add_from(options, value, error);
  } else { /* --job */
    good = add_job(options, value, error);
  }
  return good;
}

/* The options of each command, and no others. */
static bool allowed(enum cli_command command, const char *name) {
  static const char *const options[][21] = {
      [CLI_RUN] = {"--input", "--output",     "--lengths",     "--state-in", "--state-out",
                   "--wave",  "--wave-start", "--wave-cycles", "--cores",    "--config",
                   "--mode",  "--device",     "--job",         "--check",    "--json",
                   "--trace", "--place",      "--stop-strays", "--inputs",   "--outputs",
                   "--baud"},
      [CLI_PLAN] = {"--config", "--json", "--cores", "--steps", "--batch", "--lengths", "--place",
                    "--inputs", "--outputs", "--set", "--layers", "--dense", "--bidirectional"},
      [CLI_MAKE] = {"--layers", "--dense", "--bidirectional", "--steps", "--seed", "--output",
                    "-o"},
      [CLI_COMPILE] = {"--config", "--output", "-o", "--cores", "--mode", "--place", "--steps",
                       "--batch"},
      [CLI_INSPECT] = {"--config", "--json", "--inputs", "--outputs"},
      [CLI_INFO] = {"--config", "--json", "--device", "--baud"},
      [CLI_SELFTEST] = {"--config", "--device", "--json", "--stop-strays", "--baud"},
      [CLI_STATE] = {"--from", "--output", "--inputs", "--outputs"},
      [CLI_QUANTIZE] = {"--calibrate", "--output", "-o", "--lengths", "--labels", "--inputs",
                        "--outputs", "--per-row", "--steps", "--calibrate-by", "--report"},
      [CLI_DIFF] = {"--input", "--lengths", "--inputs", "--outputs", "--device", "--against",
                    "--config", "--mode", "--cores", "--baud"}};
  for (size_t n = 0; n < sizeof options[0] / sizeof options[0][0]; n++) {
    if (options[command][n] != NULL && strcmp(options[command][n], name) == 0) {
      return true;
    }
  }
  return false;
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
  *options = (struct cli_options){.mode = CLI_MODE_AUTO, .shapes = {.seed = 1}};
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
    } else if (strcmp(word, "--bidirectional") == 0) {
      options->shapes.bidirectional = true;
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
  return cli_options_check(command, options, &plain, error);
}
