/* SPDX-License-Identifier: Apache-2.0 */
/* main: the command `trine`: picks the command, prints what went wrong. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "complain.h"
#include "help.h"
#include "io/file.h"
#include "options.h"
#include "options_table.h"
#include "print.h"
#include "trine_version.h"

/* `help`, `--help` and `-h`, alone or with a command before or behind it: the text, or NULL. */
static const char *help_asked(int argc, char **argv) {
  const char *text = NULL;
  for (int n = 1; n < argc && text == NULL; n++) {
    if (strcmp(argv[n], "--help") == 0 || strcmp(argv[n], "-h") == 0 ||
        (n == 1 && strcmp(argv[n], "help") == 0)) {
      const char *command;
      if (n > 1) {
        command = argv[1];
      } else if (argc > 2) {
        command = argv[2];
      } else {
        command = "";
      }
      text = cli_help_of(command);
      text = text == NULL && n == 1 ? cli_help_all() : text;
    }
  }
  return text;
}

/* One line says what went wrong: in the command, else in printing what it found. */
static enum cli_exit finish(enum cli_exit result, struct trine_error *error) {
  errno = 0;
  const bool printed = fflush(stdout) == 0 && ferror(stdout) == 0;
  if (result == CLI_DONE && !printed) {
    trine_error_set(error, "Standard output cannot be written: %s.",
                    errno != 0 ? strerror(errno) : "not all of it was taken");
    result = CLI_FAILED;
  }
  if (result != CLI_DONE) {
    cli_complain(error->text);
  }
  return result;
}

static const struct command {
  const char *name;
  enum cli_command command;
  enum cli_exit (*run)(const struct cli_options *options, struct trine_error *error);
} commands[] = {{"run", CLI_RUN, cli_run},
                {"plan", CLI_PLAN, cli_plan_command},
                {"compile", CLI_COMPILE, cli_compile},
                {"inspect", CLI_INSPECT, cli_inspect},
                {"info", CLI_INFO, cli_info},
                {"selftest", CLI_SELFTEST, cli_selftest},
                {"state", CLI_STATE, cli_state},
                {"quantize", CLI_QUANTIZE, cli_quantize},
                {"diff", CLI_DIFF, cli_diff},
                {"make", CLI_MAKE, cli_make},
                {"replay", CLI_REPLAY, cli_replay}};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static enum cli_exit refuse_command(const char *word) {
  const char *names[COMMANDS + 1] = {NULL};
  struct trine_error error = {""};
  for (int n = 0; n < COMMANDS; n++) {
    names[n] = commands[n].name;
  }
  const char *near = name_nearest(names, word);
  if (near != NULL) {
    trine_error_set(&error, "There is no command '%.60s'; the nearest is %s.", word, near);
  } else {
    trine_error_set(&error, "There is no command '%.60s'; trine --help lists them.", word);
  }
  cli_complain(error.text);
  return CLI_USAGE;
}

static enum cli_exit print_all(const char *text) {
  return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? CLI_FAILED : CLI_DONE;
}

static enum cli_exit print_version(void) {
  char text[64];
  (void)snprintf(text, sizeof text, "trine %s\n", trine_version());
  return print_all(text);
}

int main(int argc, char **argv) {
  const char *help = help_asked(argc, argv);
  if (help != NULL) {
    return (int)print_all(help);
  }
  if (argc < 2) {
    (void)fputs(cli_help_all(), stderr);
    return CLI_USAGE;
  }
  if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
    return (int)print_version();
  }
  for (int n = 0; n < COMMANDS; n++) {
    if (strcmp(argv[1], commands[n].name) == 0) {
      struct cli_options options;
      struct trine_error error = {""};
      if (!cli_options_parse(commands[n].command, argc - 1, argv + 1, &options, &error)) {
        cli_complain(error.text);
        return CLI_USAGE;
      }
      if (options.writes_standard) {
        cli_print_beside();
      }
      /* A model is read more than once: to tell its kind, and as one kind after the other. */
      const bool is_held = !options.reads_model || trine_file_hold_standard(&error) == TRINE_OK;
      const enum cli_exit result = is_held ? commands[n].run(&options, &error) : CLI_FAILED;
      return (int)finish(result, &error);
    }
  }
  return (int)refuse_command(argv[1]);
}
