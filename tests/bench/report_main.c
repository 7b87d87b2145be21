/* SPDX-License-Identifier: Apache-2.0 */
/* report_main: the page of the benchmark and its plots out of bench.json.
 *
 * bench_report --json FILE [--targets FILE] [--page FILE] [--plots DIR] [--rows N]
 * --targets: the table of targets alone. --rows: how many the whole benchmark has. Exit 0 when all
 * files were written, 1 else, 2 for wrong usage; a target that is missed is no failure of the
 * report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "report_page.h"
#include "report_plots.h"
#include "report_targets.h"
#include "support/arguments.h"

enum { PATH_BYTES = 512 };

struct report_options {
  const char *json, *targets, *page, *plots;
  long rows;
};

static bool parse(int argc, char **argv, struct report_options *options) {
  const struct argument known[] = {{"--json", .value = &options->json},
                                   {"--targets", .value = &options->targets},
                                   {"--page", .value = &options->page},
                                   {"--plots", .value = &options->plots},
                                   {"--rows", .number = &options->rows}};
  return arguments_read("bench_report", argc, argv, known, sizeof known / sizeof known[0]);
}

typedef void (*writer)(FILE *out, const struct bench_results *results);

static bool write_file(const char *path, writer write, const struct bench_results *results,
                       struct trine_error *error) {
  char *text = NULL;
  size_t size = 0;
  if (path == NULL) {
    return true;
  }
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) {
    trine_error_set(error, "There is no memory for %.200s.", path);
    return false;
  }
  write(out, results);
  (void)fclose(out);
  const struct trine_file_buffer buffer = {text, size};
  const bool good = trine_file_replace(path, &buffer, 1, error) == TRINE_OK;
  free(text);
  return good;
}

static void write_targets(FILE *out, const struct bench_results *results) {
  (void)report_targets(out, results);
}

static bool write_plots(const char *folder, const struct bench_results *results,
                        struct trine_error *error) {
  static const struct {
    const char *name;
    writer write;
  } plots[] = {{"speed_up", report_plot_speed_up}, {"utilisation", report_plot_utilisation}};
  bool good = true;
  for (size_t n = 0; folder != NULL && good && n < sizeof plots / sizeof plots[0]; n++) {
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s.svg", folder, plots[n].name);
    good = write_file(path, plots[n].write, results, error);
  }
  return good;
}

int main(int argc, char **argv) {
  struct report_options options = {.json = "build/bench.json"};
  struct bench_results results = {.rows = NULL};
  struct trine_error error = {""};
  if (!parse(argc, argv, &options)) {
    return 2;
  }
  const bool is_loaded = bench_results_load(options.json, &results, &error);
  results.wanted = options.rows;
  const bool good = is_loaded && write_file(options.targets, write_targets, &results, &error) &&
                    write_file(options.page, report_page, &results, &error) &&
                    write_plots(options.plots, &results, &error);
  if (!good) {
    (void)fprintf(stderr, "bench_report: %s\n", error.text);
  }
  bench_results_free(&results);
  return good ? 0 : 1;
}
