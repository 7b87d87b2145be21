/* SPDX-License-Identifier: Apache-2.0 */
/* bench: the benchmark: every network in every mode on one to sixteen cores, cycle by cycle.
 *
 * bench [--quick] [--only TEXT] [--list] [--models DIR] [--json FILE] [--processes N]
 *       [--inputs TEXT] [--commit TEXT] [--tools TEXT] [--wave FILE.fst [--start]]
 * Rows that FILE holds already for the same --inputs (what can change a result) are not run again;
 * each is put there as it ends, so it may be stopped at any time. --quick: only the rows the table
 * of targets is made of. --only: rows whose key contains TEXT. --list: print keys, run nothing.
 * --wave: run the first row that --only takes, keep nothing of it but a waveform of WAVE_CYCLES
 * from the middle of its warm run, or with --start from its first. Exit 0 when every row is exact
 * or says why it was not run, 1 else, 2 for wrong usage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"
#include "pool.h"
#include "results.h"
#include "support/arguments.h"
#include "support/seed.h"

enum { WAVE_CYCLES = 2000, TURNS = 3 };

struct bench_options {
  const char *wave, *only, *models, *json, *inputs, *commit, *tools;
  long processes;
  bool quick, list, start;
};

static bool parse(int argc, char **argv, struct bench_options *options) {
  const struct argument known[] = {
      {"--only", .value = &options->only},     {"--models", .value = &options->models},
      {"--json", .value = &options->json},     {"--inputs", .value = &options->inputs},
      {"--commit", .value = &options->commit}, {"--tools", .value = &options->tools},
      {"--wave", .value = &options->wave},     {"--processes", .number = &options->processes},
      {"--quick", .flag = &options->quick},    {"--list", .flag = &options->list},
      {"--start", .flag = &options->start}};
  return arguments_read("bench", argc, argv, known, sizeof known / sizeof known[0]);
}

/* Whether a row has a result that holds: of these inputs, or that it fits nowhere. */
static bool is_settled(const cJSON *row, const char *inputs) {
  return row != NULL && strcmp(bench_text(row, "inputs"), inputs) == 0 &&
         (cJSON_GetObjectItem(row, "error") == NULL || bench_number(row, "does_not_fit") != 0);
}

/* Rows whose placement the planner is free to choose come last: many of them are placed as one of
 * the others, and are not simulated then. */
static int turn_of(const struct bench_row *row) {
  if (row->mode == BENCH_AUTO) {
    return 2;
  }
  return row->mode == BENCH_HYBRID ? 1 : 0;
}

struct bench_choice {
  const struct bench_catalogue *catalogue;
  const struct bench_options *options;
  const struct bench_results *results;
  uint32_t *wanted; /* rows to run, as indices into the catalogue's */
  uint32_t count, selected;
};

static void choose_row(struct bench_choice *choice, uint32_t n) {
  const struct bench_options *options = choice->options;
  const struct bench_row *row = &choice->catalogue->rows[n];
  char key[BENCH_KEY_BYTES];
  bench_row_key(choice->catalogue, row, key);
  if ((options->quick && !row->is_target) ||
      (options->only != NULL && strstr(key, options->only) == NULL)) {
    return;
  }
  choice->selected++;
  const cJSON *known = bench_results_find(choice->results, key);
  if (options->list) {
    (void)printf("%s%s\n", key, known == NULL ? "" : " (there)");
  } else if (!is_settled(known, options->inputs)) {
    choice->wanted[choice->count++] = n;
  }
}

static void choose_rows(struct bench_choice *choice) {
  for (int turn = 0; turn < TURNS; turn++) {
    for (uint32_t n = 0; n < choice->catalogue->row_count; n++) {
      if (turn_of(&choice->catalogue->rows[n]) == turn) {
        choose_row(choice, n);
      }
    }
  }
}

struct bench_watch {
  const struct bench_options *options;
  struct bench_results *results;
  uint32_t wrong;
  bool is_lost; /* the file could not be written */
};

/* Takes a finished row. */
static void finish(void *context, cJSON *row) {
  struct bench_watch *watch = context;
  struct trine_error error = {""};
  cJSON_AddStringToObject(row, "inputs", watch->options->inputs);
  cJSON_AddStringToObject(row, "commit", watch->options->commit);
  cJSON_AddStringToObject(row, "tools", watch->options->tools);
  cJSON_AddNumberToObject(row, "seed", (double)seed_value());
  const cJSON *failed = cJSON_GetObjectItem(row, "error");
  watch->wrong += failed == NULL && bench_number(row, "exact") == 0;
  if (!bench_results_add(watch->results, row, &error)) {
    (void)fprintf(stderr, "bench: %s\n", error.text);
    watch->is_lost = true;
  }
}

static bool run(const struct bench_catalogue *catalogue, const struct bench_options *options,
                struct bench_results *results) {
  struct bench_choice choice = {
      catalogue, options, results, calloc(catalogue->row_count, sizeof *choice.wanted), 0, 0};
  if (choice.wanted == NULL) {
    (void)fprintf(stderr, "bench: there is no memory for the rows.\n");
    return false;
  }
  choose_rows(&choice);
  struct bench_watch watch = {options, results, 0, false};
  if (!options->list) {
    (void)printf("%u of %u rows are to be run.\n", choice.count, choice.selected);
    const struct bench_pool pool = {.catalogue = catalogue,
                                    .known = {options->models, results, options->inputs},
                                    .wanted = choice.wanted,
                                    .count = choice.count,
                                    .finish = finish,
                                    .context = &watch};
    bench_pool_run(&pool, (uint32_t)options->processes);
    (void)printf("%u rows done, %u not exact; results in %s\n", choice.count, watch.wrong,
                 options->json);
  }
  free(choice.wanted);
  return watch.wrong == 0 && !watch.is_lost && choice.selected > 0;
}

/* The first row chosen, for its waveform. */
static bool trace(const struct bench_catalogue *catalogue, const struct bench_options *options) {
  const struct bench_wave wave = {options->wave, options->start, WAVE_CYCLES};
  for (uint32_t n = 0; n < catalogue->row_count; n++) {
    char key[BENCH_KEY_BYTES];
    bench_row_key(catalogue, &catalogue->rows[n], key);
    if (options->only == NULL || strstr(key, options->only) != NULL) {
      const struct bench_known known = {options->models, NULL, NULL};
      cJSON *row = bench_measure(catalogue, &catalogue->rows[n], &known, &wave);
      const bool good = bench_number(row, "exact") != 0;
      (void)printf("%s: %s\n", key, good ? options->wave : bench_text(row, "error"));
      cJSON_Delete(row);
      return good;
    }
  }
  return false;
}

int main(int argc, char **argv) {
  struct bench_options options = {.models = "tests/models",
                                  .json = "build/bench.json",
                                  .inputs = "unknown",
                                  .commit = "unknown",
                                  .tools = "unknown",
                                  .processes = sysconf(_SC_NPROCESSORS_ONLN)};
  if (!parse(argc, argv, &options)) {
    return 2;
  }
  (void)seed_print();
  struct bench_catalogue catalogue;
  struct bench_results results = {.rows = NULL};
  struct trine_error error = {""};
  bool good = bench_catalogue_make(&catalogue);
  if (!good) {
    trine_error_set(&error, "There is no memory for the rows.");
  }
  good = good && bench_results_load(options.json, &results, &error);
  if (error.text[0] != '\0') {
    (void)fprintf(stderr, "bench: %s\n", error.text);
  }
  good = good && options.wave != NULL ? trace(&catalogue, &options)
                                      : good && run(&catalogue, &options, &results);
  bench_results_free(&results);
  bench_catalogue_free(&catalogue);
  return good ? 0 : 1;
}
