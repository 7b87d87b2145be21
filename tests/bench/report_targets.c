/* SPDX-License-Identifier: Apache-2.0 */
/* report_targets: see report_targets.h. */
#include "report_targets.h"

#include <string.h>

#include "report_rows.h"

enum measure_kind { UTILISATION, SPEED_UP, OF_CUT, OVERHEAD };
enum { ANY = 0, TEXT_BYTES = 320, SMALL_MACS = 64, BIG_MACS = 512 };

/* Which rows a target is about: 0 or NULL is any. */
struct target {
  const char *text, *mode, *sets, *network; /* sets: names in one text; network: how it begins */
  enum measure_kind kind;
  double need;
  int cores, macs;
  int min_units, max_units; /* of every LSTM layer */
  int min_lstms, max_lstms, min_steps, max_steps;
};

static const struct target targets[] = {
    {"single core, I = H >= 128", "single", "equal", NULL, UTILISATION, 0.98, 1, SMALL_MACS, 128,
     ANY, 1, 1, 64, ANY},
    {"single core, I = H = 64", "single", "equal", NULL, UTILISATION, 0.95, 1, SMALL_MACS, 64, 64,
     1, 1, 64, ANY},
    {"single core, I = H = 32", "single", "equal", NULL, UTILISATION, 0.85, 1, SMALL_MACS, 32, 32,
     1, 1, 64, ANY},
    {"multi-programming, 2 equal jobs", "multi-programming", NULL, NULL, SPEED_UP, 1.99, 2,
     SMALL_MACS, ANY, ANY, ANY, ANY, ANY, ANY},
    {"multi-programming, 4 equal jobs", "multi-programming", NULL, NULL, SPEED_UP, 3.97, 4,
     SMALL_MACS, ANY, ANY, ANY, ANY, ANY, ANY},
    {"multi-programming, 8 equal jobs", "multi-programming", NULL, NULL, SPEED_UP, 7.9, 8,
     SMALL_MACS, ANY, ANY, ANY, ANY, ANY, ANY},
    {"helper, H >= 128, T >= 32, 2 cores", "helper", NULL, NULL, SPEED_UP, 1.98, 2, SMALL_MACS, 128,
     ANY, ANY, ANY, 32, ANY},
    {"helper, H >= 128, T >= 32, 4 cores", "helper", NULL, NULL, SPEED_UP, 3.9, 4, SMALL_MACS, 128,
     ANY, ANY, ANY, 32, ANY},
    {"helper, H >= 128, T >= 32, 8 cores", "helper", NULL, NULL, SPEED_UP, 7.6, 8, SMALL_MACS, 128,
     ANY, ANY, ANY, 32, ANY},
    {"multithreading, balanced, 2 layers, T = 128, 2 cores", "multithreading", "equal", NULL,
     SPEED_UP, 1.97, 2, SMALL_MACS, ANY, ANY, 2, 2, 128, 128},
    {"multithreading, balanced, 4 layers, T = 128, 4 cores", "multithreading", "equal", NULL,
     SPEED_UP, 3.88, 4, SMALL_MACS, ANY, ANY, 4, 4, 128, 128},
    {"multithreading, any stack: share of the bound of its best cut", "multithreading",
     "models equal unbalanced", NULL, OF_CUT, 0.98, ANY, SMALL_MACS, ANY, ANY, 2, ANY, 29, ANY},
    {"auto, real or unbalanced stack, H >= 64, 2 cores", "auto", "models unbalanced published",
     NULL, SPEED_UP, 1.95, 2, SMALL_MACS, 64, ANY, 2, ANY, 29, ANY},
    {"auto, real or unbalanced stack, H >= 64, 4 cores", "auto", "models unbalanced published",
     NULL, SPEED_UP, 3.8, 4, SMALL_MACS, 64, ANY, 2, ANY, 29, ANY},
    {"auto, real or unbalanced stack, H >= 64, 8 cores", "auto", "models unbalanced published",
     NULL, SPEED_UP, 7.2, 8, SMALL_MACS, 64, ANY, 2, ANY, 30, ANY},
    {"auto, vowels, T 29, 8 cores", "auto", "models", "vowels", SPEED_UP, 6.8, 8, SMALL_MACS, ANY,
     ANY, ANY, ANY, 29, 29},
    {"16 cores of 512 MACs, LSTM-512, T 25", "helper", "published", "DeepBench", UTILISATION, 0.85,
     16, BIG_MACS, 512, 512, 1, 1, 25, 25},
    {"16 cores of 512 MACs, LSTM-1024, T 25", "helper", "published", "DeepBench", UTILISATION, 0.95,
     16, BIG_MACS, 1024, 1024, 1, 1, 25, 25},
    {"one step of 128-128, resident, 2 cores: cycles over the limit", "helper", "equal", "128-128",
     OVERHEAD, 150, 2, SMALL_MACS, 128, 128, 1, 1, 1, 1}};
enum { TARGETS = sizeof targets / sizeof targets[0] };

static bool within(int value, int low, int high) {
  return (low == ANY || value >= low) && (high == ANY || value <= high);
}

static bool is_about(const struct target *target, const struct report_row *row) {
  return row->is_run && strcmp(target->mode, row->mode) == 0 &&
         (target->kind != OF_CUT || row->is_stack) &&
         (target->sets == NULL || strstr(target->sets, row->set) != NULL) &&
         (target->network == NULL ||
          strncmp(row->network, target->network, strlen(target->network)) == 0) &&
         (target->cores == ANY || target->cores == row->asked_cores) &&
         target->macs == row->macs_per_core && row->batch == 1 &&
         within(row->narrowest, target->min_units, ANY) &&
         within(row->widest, ANY, target->max_units) &&
         within(row->lstms, target->min_lstms, target->max_lstms) &&
         within(row->steps, target->min_steps, target->max_steps);
}

static double measured(const struct target *target, const struct report_row *row) {
  switch (target->kind) {
    case UTILISATION:
      return row->utilisation;
    case SPEED_UP:
      return row->speed_up;
    case OF_CUT:
      return row->cut_bound > 0 ? row->speed_up / row->cut_bound : 0;
    default:
      return row->cycles - row->limit_cycles;
  }
}

static bool is_met(const struct target *target, double value) {
  return target->kind == OVERHEAD ? value <= target->need : value >= target->need;
}

/* The next row of a target from *json on, which is moved behind it. */
static bool next_row(const struct target *target, const cJSON **json, struct report_row *row) {
  for (; *json != NULL; *json = (*json)->next) {
    *row = report_read(*json);
    if (is_about(target, row) &&
        (target->kind == OVERHEAD || target->kind == UTILISATION || row->speed_up > 0)) {
      *json = (*json)->next;
      return true;
    }
  }
  return false;
}

struct verdict {
  unsigned rows, met;
  struct report_row worst;
  double value;
};

static struct verdict judge(const struct bench_results *results, const struct target *target) {
  struct verdict verdict = {.rows = 0};
  const cJSON *json = results->rows->child;
  struct report_row row;
  while (next_row(target, &json, &row)) {
    const double value = measured(target, &row);
    const bool is_worse = target->kind == OVERHEAD ? value > verdict.value : value < verdict.value;
    if (verdict.rows == 0 || is_worse) {
      verdict.worst = row;
      verdict.value = value;
    }
    verdict.rows++;
    verdict.met += is_met(target, value);
  }
  return verdict;
}

static void write_misses(FILE *out, const struct bench_results *results,
                         const struct target *target) {
  const cJSON *json = results->rows->child;
  struct report_row row;
  bool is_first = true;
  while (next_row(target, &json, &row)) {
    const double value = measured(target, &row);
    char title[TEXT_BYTES], causes[TEXT_BYTES], cycles[32];
    if (is_met(target, value)) {
      continue;
    }
    if (is_first) {
      (void)fprintf(out, "\n**%s**, wanted %s%g:\n\n", target->text,
                    target->kind == OVERHEAD ? "<= " : ">= ", target->need);
      is_first = false;
    }
    report_title(&row, title, sizeof title);
    report_causes(&row, causes, sizeof causes);
    (void)fprintf(out, "- %s, %s on %d: **%.*f**, %s cycles, utilisation %.3f; %s\n", title,
                  row.mode, row.cores, target->kind == OVERHEAD ? 0 : 3, value,
                  report_count(row.cycles, cycles), row.utilisation, causes);
  }
}

unsigned report_targets(FILE *out, const struct bench_results *results) {
  unsigned missed = 0;
  (void)fprintf(out,
                "| case | target | worst row | measured | utilisation | rows that meet it "
                "|\n|---|---:|---|---:|---:|---|\n");
  for (size_t n = 0; n < TARGETS; n++) {
    const struct target *target = &targets[n];
    const struct verdict verdict = judge(results, target);
    char title[TEXT_BYTES] = "-";
    missed += verdict.rows == 0 || verdict.met < verdict.rows;
    (void)fprintf(out, "| %s | %s%g ", target->text,
                  target->kind == OVERHEAD ? "<= " : ">= ", target->need);
    if (verdict.rows == 0) {
      (void)fprintf(out, "| - | - | - | not run |\n");
      continue;
    }
    report_title(&verdict.worst, title, sizeof title);
    (void)fprintf(out, "| %s, %s on %d | %.*f | %.3f | %s%u of %u%s |\n", title, verdict.worst.mode,
                  verdict.worst.cores, target->kind == OVERHEAD ? 0 : 3, verdict.value,
                  verdict.worst.utilisation, verdict.met < verdict.rows ? "**" : "", verdict.met,
                  verdict.rows, verdict.met < verdict.rows ? "**" : "");
  }
  for (size_t n = 0; n < TARGETS; n++) {
    write_misses(out, results, &targets[n]);
  }
  return missed;
}
