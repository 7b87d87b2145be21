/* SPDX-License-Identifier: Apache-2.0 */
/* demo: real networks on the simulated accelerator in all modes, whole data sets, bit for bit.
 *
 * demo [--models DIR] [--only TEXT] [--processes N] [--json FILE] [--markdown FILE]
 *      [--commit TEXT] [--tools TEXT]
 * --only takes the rows whose model begins with TEXT, and those they are compared with. Exit 0 when
 * every row holds, 1 when one misses, 2 for wrong usage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "screen.h"
#include "support/arguments.h"

struct demo_options {
  const char *models, *only, *json, *markdown, *commit, *tools;
  long processes;
};

static bool parse(int argc, char **argv, struct demo_options *options) {
  const struct argument known[] = {
      {"--models", .value = &options->models},       {"--only", .value = &options->only},
      {"--json", .value = &options->json},           {"--markdown", .value = &options->markdown},
      {"--commit", .value = &options->commit},       {"--tools", .value = &options->tools},
      {"--processes", .number = &options->processes}};
  return arguments_read("demo", argc, argv, known, sizeof known / sizeof known[0]);
}

static void select_rows(const char *only, struct demo_board *board) {
  for (uint32_t n = 0; n < demo_row_count; n++) {
    if (only == NULL || strncmp(demo_rows[n].name, only, strlen(only)) == 0) {
      board->state[n] = DEMO_WAITING;
      for (uint32_t i = 0; i < demo_rows[n].job_count; i++) {
        const int row = demo_row_alone(demo_rows[n].jobs[i]);
        if (row != DEMO_NO_ROW) {
          board->state[row] = DEMO_WAITING;
        }
      }
    }
  }
}

static bool write_files(const struct demo_options *options, const struct demo_board *board,
                        const struct demo_origin *origin) {
  struct trine_error error = {""};
  const bool good =
      (options->json == NULL || files_write_json(options->json, board, origin, &error)) &&
      (options->markdown == NULL || files_write_markdown(options->markdown, board, origin, &error));
  if (!good) {
    (void)fprintf(stderr, "demo: %s\n", error.text);
  }
  return good;
}

int main(int argc, char **argv) {
  struct demo_options options = {.models = "tests/models",
                                 .commit = "unknown",
                                 .tools = "tools unknown",
                                 .processes = sysconf(_SC_NPROCESSORS_ONLN)};
  if (!parse(argc, argv, &options)) {
    return 2;
  }
  struct demo_board *board = calloc(1, sizeof *board);
  if (board == NULL) {
    (void)fprintf(stderr, "demo: there is no memory for the results.\n");
    return 1;
  }
  select_rows(options.only, board);
  struct screen screen = screen_make();
  struct timespec start, end;
  (void)clock_gettime(CLOCK_MONOTONIC, &start);
  const uint32_t processes = options.processes < 1 ? 1 : (uint32_t)options.processes;
  demo_workers_run(board, options.models, processes, screen_watch, &screen);
  (void)clock_gettime(CLOCK_MONOTONIC, &end);
  const struct demo_origin origin = {options.commit, options.tools,
                                     (double)(end.tv_sec - start.tv_sec), processes};
  uint32_t rows = 0;
  for (uint32_t n = 0; n < demo_row_count; n++) {
    rows += board->state[n] == DEMO_DONE;
  }
  const uint32_t missed = screen_end(&screen, board);
  const bool written = write_files(&options, board, &origin);
  if (rows == 0) {
    (void)printf("No row has a model that begins with '%s'.\n", options.only);
  } else {
    (void)printf("%u of %u rows hold, in %.0f s.\n", rows - missed, rows, origin.seconds);
  }
  free(board);
  return missed == 0 && rows > 0 && written ? 0 : 1;
}
