/* SPDX-License-Identifier: Apache-2.0 */
/* main: the command `trine`: picks the command, prints what went wrong. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "help.h"
#include "options.h"

/* `help`, `--help` and `-h`, alone or with a command before or behind it: the text, or NULL. */
static const char *help_asked(int argc, char **argv) {
  const char *text = NULL;
  for (int n = 1; n < argc && n <= 2 && text == NULL; n++) {
    if (strcmp(argv[n], "--help") == 0 || strcmp(argv[n], "-h") == 0 ||
        (n == 1 && strcmp(argv[n], "help") == 0)) {
      const char *command = argc > 3 - n ? argv[3 - n] : "";
      text = cli_help_of(command);
      text = text == NULL && n == 1 ? cli_help_all() : text;
    }
  }
  return text;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    enum cli_command command;
    enum cli_exit (*run)(const struct cli_options *options, struct trine_error *error);
  } commands[] = {{"run", CLI_RUN, cli_run},
                  {"plan", CLI_PLAN, cli_plan_command},
                  {"inspect", CLI_INSPECT, cli_inspect},
                  {"info", CLI_INFO, cli_info},
                  {"selftest", CLI_SELFTEST, cli_selftest},
                  {"state", CLI_STATE, cli_state},
                  {"quantize", CLI_QUANTIZE, cli_quantize},
                  {"diff", CLI_DIFF, cli_diff}};
  const char *help = help_asked(argc, argv);
  if (help != NULL) {
    return fputs(help, stdout) < 0 || fflush(stdout) != 0 ? CLI_FAILED : CLI_DONE;
  }
  for (size_t n = 0; n < sizeof commands / sizeof commands[0] && argc >= 2; n++) {
    if (strcmp(argv[1], commands[n].name) == 0) {
      struct cli_options options;
      struct trine_error error = {""};
      if (!cli_options_parse(commands[n].command, argc - 2, argv + 2, &options, &error)) {
        (void)fprintf(stderr, "trine: %s\n", error.text);
        return CLI_USAGE;
      }
      enum cli_exit result = commands[n].run(&options, &error);
      if (result != CLI_DONE) {
        (void)fprintf(stderr, "trine: %s\n", error.text);
      }
      if (fflush(stdout) != 0) {
        (void)fprintf(stderr, "trine: Standard output cannot be written.\n");
        result = CLI_FAILED;
      }
      return (int)result;
    }
  }
  if (argc >= 2) {
    (void)fprintf(stderr, "trine: There is no command '%.60s'; trine --help lists them.\n",
                  argv[1]);
  } else {
    (void)fputs(cli_help_all(), stderr);
  }
  return CLI_USAGE;
}
