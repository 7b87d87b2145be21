/* SPDX-License-Identifier: Apache-2.0 */
/* options: parser of the command line, see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend_uart.h"
#include "options_check.h"
#include "options_table.h"

static const char *const mode_names[] = {"single", "multithreading", "helper", "hybrid", "auto"};
static const char *const calibrate_names[] = {"best", "range", "percentile", "error", "shrunk"};
static const char *const command_names[] = {
    [CLI_RUN] = "run",         [CLI_PLAN] = "plan",         [CLI_COMPILE] = "compile",
    [CLI_INSPECT] = "inspect", [CLI_INFO] = "info",         [CLI_SELFTEST] = "selftest",
    [CLI_STATE] = "state",     [CLI_QUANTIZE] = "quantize", [CLI_DIFF] = "diff",
    [CLI_MAKE] = "make",       [CLI_REPLAY] = "replay"};

const char *cli_command_name(enum cli_command command) {
  return command_names[command];
}

const char *cli_calibrate_name(enum trine_calibrate_by by) {
  return calibrate_names[by];
}

struct trine_float_source cli_float_source(const struct cli_options *options) {
  return (struct trine_float_source){options->jobs[0].model, options->inputs, options->outputs};
}

const char *cli_mode_name(enum cli_mode mode) {
  return mode_names[mode];
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

/* The end of the part that *at begins: a colon, or the end of the text. A colon behind a backslash
 * is one of the path, from which the backslash goes. */
static char *take_part(char **at) {
  char *part = *at, *to = *at;
  for (; **at != '\0' && **at != ':'; (*at)++) {
    if ((*at)[0] == '\\' && (*at)[1] == ':') {
      (*at)++;
    }
    *to++ = **at;
  }
  *at = **at == ':' ? *at + 1 : NULL;
  *to = '\0';
  return part;
}

/* MODEL:INPUT or MODEL:INPUT:OUTPUT. */
static bool add_job(struct cli_options *options, char *text, struct trine_error *error) {
  char given[101];
  (void)snprintf(given, sizeof given, "%s", text);
  if (options->job_count == CLI_MAX_JOBS) {
    trine_error_set(error, "--job %.100s is one too many; at most %d run side by side.", text,
                    CLI_MAX_JOBS);
    return false;
  }
  char *at = text;
  char *model = take_part(&at);
  char *input = at != NULL ? take_part(&at) : NULL;
  char *output = at != NULL ? take_part(&at) : NULL;
  if (model[0] == '\0' || input == NULL || input[0] == '\0' || at != NULL) {
    trine_error_set(
        error,
        "--job takes MODEL.tflite:INPUT.npy:OUTPUT.npy, not '%.100s'; a colon of a path "
        "is \\:.",
        given);
    return false;
  }
  struct cli_job_files *job = &options->jobs[options->job_count++];
  *job = (struct cli_job_files){.model = model,
                                .inputs = {input},
                                .output = output != NULL && *output != '\0' ? output : NULL,
                                .input_count = 1};
  options->side_by_side = true;
  return true;
}

static bool add_input(struct cli_job_files *files, const char *option, char *text,
                      struct trine_error *error) {
  if (files->input_count == TRINE_MODEL_MAX_ENDS) {
    trine_error_set(error, "--%s %.100s is one too many; a model has at most %d inputs.", option,
                    text, TRINE_MODEL_MAX_ENDS);
    return false;
  }
  files->inputs[files->input_count++] = text;
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

/* Options that are more than a text, a number or a flag. */
static bool set_other(struct cli_options *options, struct cli_job_files *plain, const char *name,
                      char *value, struct trine_error *error) {
  bool good = true;
  if (strcmp(name, "input") == 0 || strcmp(name, "calibrate") == 0) {
    good = add_input(plain, name, value, error);
  } else if (strcmp(name, "output") == 0) {
    plain->output = value;
  } else if (strcmp(name, "layers") == 0) {
    options->layers = value;
    good = trine_shapes_read(value, &options->shapes, error) == TRINE_OK;
  } else if (strcmp(name, "config") == 0) {
    options->config = trine_config_find(value, error);
    good = options->config != NULL;
  } else if (strcmp(name, "mode") == 0) {
    good = set_mode(options, value, error);
  } else if (strcmp(name, "device") == 0) {
    good = trine_device_name_parse(value, &options->device, error) == TRINE_OK;
  } else if (strcmp(name, "baud") == 0) {
    good = set_baud(options, value, error);
  } else if (strcmp(name, "against") == 0) {
    options->has_other = true;
    good = trine_device_name_parse(value, &options->other, error) == TRINE_OK;
  } else if (strcmp(name, "calibrate-by") == 0) {
    good = set_calibrate_by(options, value, error);
  } else if (strcmp(name, "from") == 0) {
    good = add_from(options, value, error);
  } else if (strcmp(name, "job") == 0) {
    good = add_job(options, value, error);
  } else { /* --trace */
    trine_error_set(error, "--trace is not available in this version; --wave F.fst is.");
    good = false;
  }
  return good;
}

static bool set_row(struct cli_options *options, struct cli_job_files *plain,
                    const struct option_row *row, char *value, struct trine_error *error) {
  void *field = (char *)options + row->offset;
  char name[32];
  uint64_t number = 0;
  (void)snprintf(name, sizeof name, "--%s", row->name);
  if (row->kind == OPTION_FLAG) {
    *(bool *)field = true;
  } else if (row->kind == OPTION_TEXT) {
    *(const char **)field = value;
  } else if (row->kind == OPTION_OTHER) {
    return set_other(options, plain, row->name, value, error);
  } else if (!parse_number(name, value, row->low, row->high, &number, error)) {
    return false;
  } else if (row->kind == OPTION_NUMBER) {
    *(uint32_t *)field = (uint32_t)number;
  } else {
    *(uint64_t *)field = number;
  }
  return true;
}

/* What getopt_long reads a command line by. */
struct option_reader {
  enum cli_command command;
  int argc;
  char **argv;
  struct option longs[OPTION_ROWS + 1];
  char letters[2 * OPTION_ROWS + 3];
};

/* What getopt_long returns of the long option of row n. */
enum { FIRST_ROW = 256 };

static void reader_make(struct option_reader *reader, enum cli_command command, int argc,
                        char **argv) {
  size_t longs = 0, letters = 0;
  *reader = (struct option_reader){.command = command, .argc = argc, .argv = argv};
  reader->letters[letters++] = '+'; /* words that are no options are seen in their places */
  reader->letters[letters++] = ':'; /* a value that is missing is told from a strange option */
  for (int n = 0; n < OPTION_ROWS && option_rows[n].name != NULL; n++) {
    const struct option_row *row = &option_rows[n];
    if ((row->commands >> command & 1) == 0) {
      continue;
    }
    const int has_value = row->kind == OPTION_FLAG ? no_argument : required_argument;
    reader->longs[longs++] = (struct option){row->name, has_value, NULL, FIRST_ROW + n};
    if (row->letter != '\0') {
      reader->letters[letters++] = row->letter;
      reader->letters[letters++] = ':'; /* each letter has a value */
    }
  }
  opterr = 0;
  optind = 0; /* begins anew */
}

/* An option that the command has not, or not so: with the nearest that it has. */
static bool refuse_option(const struct option_reader *reader, const char *word,
                          struct trine_error *error) {
  const char *command = command_names[reader->command];
  char name[64];
  (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
  const char *near = strncmp(word, "--", 2) == 0 ? option_nearest(reader->command, name) : NULL;
  if (near != NULL && strcmp(near, name) == 0) {
    trine_error_set(error, "--%s takes no value; '%.100s' gives one.", near, word);
  } else if (near != NULL) {
    trine_error_set(error, "There is no option '%.100s' of trine %s; the nearest is --%s.", word,
                    command, near);
  } else {
    trine_error_set(error, "There is no option '%.100s' of trine %s; trine %s --help lists them.",
                    word, command, command);
  }
  return false;
}

/* Whether an option's value is one; in a word of its own it is no option. */
static bool has_value(const struct option_reader *reader, const char *option, const char *value,
                      bool is_own, struct trine_error *error) {
  if (value[0] == '\0') {
    trine_error_set(error, "%s needs a value, and there is none; trine %s --help says which.",
                    option, command_names[reader->command]);
  } else if (is_own && strncmp(value, "--", 2) == 0) {
    trine_error_set(error,
                    "%s needs a value, not the option '%.60s'; a file of that name is ./%.60s.",
                    option, value, value);
  }
  return value[0] != '\0' && !(is_own && strncmp(value, "--", 2) == 0);
}

/* The row of what getopt_long returned; -1: none. Abbreviations are none: a script that uses one
 * would stop when an option is added. */
static int row_of(const struct option_reader *reader, int got, const char *word) {
  if (got >= FIRST_ROW) {
    const char *name = option_rows[got - FIRST_ROW].name;
    return strcspn(word + 2, "=") == strlen(name) ? got - FIRST_ROW : -1;
  }
  for (int n = 0; n < OPTION_ROWS && got != '?' && got != ':'; n++) {
    if (option_rows[n].letter == got && (option_rows[n].commands >> reader->command & 1) != 0) {
      return n;
    }
  }
  return -1;
}

/* The option that getopt_long just read, out of the word that stands there. */
static bool take_option(struct option_reader *reader, int got, int at, struct cli_options *options,
                        struct cli_job_files *plain, struct trine_error *error) {
  const char *word = reader->argv[at];
  char option[32];
  const int row = row_of(reader, got == ':' ? optopt : got, word);
  if (row < 0) {
    return refuse_option(reader, word, error);
  }
  (void)snprintf(option, sizeof option, "%.*s", word[1] == '-' ? (int)strcspn(word, "=") : 2, word);
  if (got == ':') {
    return has_value(reader, option, "", true, error);
  }
  if (option_rows[row].kind != OPTION_FLAG) {
    const bool is_own = optarg == reader->argv[optind - 1];
    if (!has_value(reader, option, optarg, is_own, error)) {
      return false;
    }
  }
  return set_row(options, plain, &option_rows[row], optarg, error);
}

/* A word that is no option: the model, or of `diff` the one beside it. */
static bool take_word(const struct option_reader *reader, int at, struct cli_options *options,
                      struct cli_job_files *plain, struct trine_error *error) {
  char *word = reader->argv[at];
  if (word[0] == '\0') {
    trine_error_set(error, "Word %d behind trine %s is empty; a model needs a name.", at,
                    command_names[reader->command]);
    return false;
  }
  if (plain->model == NULL) {
    plain->model = word;
  } else if (reader->command == CLI_DIFF && options->against == NULL) {
    options->against = word;
  } else {
    trine_error_set(
        error, "One model at a time, not '%.80s' after '%.80s'; trine run --job takes several.",
        word, plain->model);
    return false;
  }
  return true;
}

bool cli_options_parse(enum cli_command command, int argc, char **argv, struct cli_options *options,
                       struct trine_error *error) {
  struct cli_job_files plain = {.model = NULL};
  struct option_reader reader;
  bool good = true, is_over = false; /* whether -- was there */
  *options = (struct cli_options){.mode = CLI_MODE_AUTO, .shapes = {.seed = 1}};
  reader_make(&reader, command, argc, argv);
  int at = 1;
  while (good && at < argc) {
    const int got = is_over ? -1 : getopt_long(argc, argv, reader.letters, reader.longs, NULL);
    if (got != -1) {
      good = take_option(&reader, got, at, options, &plain, error);
      at = optind;
    } else if (!is_over && optind > at) {
      is_over = true;
      at = optind;
    } else {
      good = take_word(&reader, at, options, &plain, error);
      optind = ++at;
    }
  }
  return good && cli_options_check(command, options, &plain, error);
}
