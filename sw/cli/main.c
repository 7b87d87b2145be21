/* SPDX-License-Identifier: Apache-2.0 */
/* main: the command `trine`: picks the command, prints what went wrong. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "options.h"

static const char usage[] =
    "trine run MODEL.tflite --input X.npy [--output Y.npy] [--lengths L.npy] [--check] [--json]\n"
    "          [--device sim|golden|uart:PATH|mmio:PATH] [--config NAME] [--cores N]\n"
    "          [--mode auto|single|multithreading|helper|hybrid]\n"
    "          [--state-in S.npz] [--state-out S.npz]\n"
    "          [--wave F.fst [--wave-start CYCLE] [--wave-cycles N]]\n"
    "trine run --job A.tflite:XA.npy:YA.npy --job B.tflite:XB.npy:YB.npy [...]   side by side\n"
    "trine inspect MODEL.tflite [--config NAME] [--json]   layers, sizes; whether it runs there\n"
    "trine info [--config NAME] [--device D] [--json]      a configuration, or what a device says\n"
    "trine selftest [--device D] [--config NAME]           a small network in every mode\n";

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    enum cli_command command;
    enum cli_exit (*run)(const struct cli_options *options, struct trine_error *error);
  } commands[] = {{"run", CLI_RUN, cli_run},
                  {"inspect", CLI_INSPECT, cli_inspect},
                  {"info", CLI_INFO, cli_info},
                  {"selftest", CLI_SELFTEST, cli_selftest}};
  if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
    (void)fputs(usage, stdout);
    return CLI_DONE;
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
    (void)fputs(usage, stderr);
  }
  return CLI_USAGE;
}
