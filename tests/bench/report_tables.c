/* SPDX-License-Identifier: Apache-2.0 */
/* report_tables: see report_tables.h. */
#include "report_tables.h"

#include <string.h>

#include "report_rows.h"

enum { TITLE_BYTES = 96, SMALL_MACS = 64, BIG_MACS = 512, COLUMNS = 12 };

static const struct {
  const char *mode;
  int cores;
} columns[COLUMNS] = {{"multithreading", 2}, {"multithreading", 4}, {"multithreading", 8},
                      {"helper", 2},         {"helper", 4},         {"helper", 8},
                      {"hybrid", 2},         {"hybrid", 4},         {"hybrid", 8},
                      {"auto", 2},           {"auto", 4},           {"auto", 8}};

static bool is_same_work(const struct report_row *a, const struct report_row *b) {
  return strcmp(a->set, b->set) == 0 && strcmp(a->network, b->network) == 0 &&
         a->steps == b->steps && a->batch == b->batch;
}

/* The row of the same work in this mode on so many cores asked for. */
static struct report_row find(const struct bench_results *results, const struct report_row *work,
                              const char *mode, int cores) {
  const cJSON *json = NULL;
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row row = report_read(json);
    if (row.is_run && is_same_work(&row, work) && strcmp(row.mode, mode) == 0 &&
        row.asked_cores == cores && row.macs_per_core == SMALL_MACS) {
      return row;
    }
  }
  const struct report_row none = {.json = NULL};
  return none;
}

/* Whether no row before this one is about the same work. */
static bool is_first_of_work(const struct bench_results *results, const struct report_row *row) {
  const cJSON *json = NULL;
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row one = report_read(json);
    if (is_same_work(&one, row)) {
      return json == row->json;
    }
  }
  return true;
}

static void write_cells(FILE *out, const struct bench_results *results,
                        const struct report_row *work) {
  for (int n = 0; n < COLUMNS; n++) {
    const struct report_row row = find(results, work, columns[n].mode, columns[n].cores);
    if (row.json == NULL) {
      (void)fprintf(out, " |");
    } else if (row.speed_up > 0) {
      (void)fprintf(out, " %.2f%s |", row.speed_up,
                    strncmp(row.config, "octo-xl", 7) == 0 ? "x" : "");
    } else {
      (void)fprintf(out, " (%.2f) |", row.utilisation);
    }
  }
  (void)fprintf(out, "\n");
}

void report_modes(FILE *out, const struct bench_results *results, const char *set) {
  const cJSON *json = NULL;
  (void)fprintf(out,
                "| network | single: cycles | used | mt 2 | mt 4 | mt 8 | helper 2 | helper 4 | "
                "helper 8 | hybrid 2 | hybrid 4 | hybrid 8 | auto 2 | auto 4 | auto 8 |\n"
                "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row work = report_read(json);
    char title[TITLE_BYTES], cycles[32];
    if (strcmp(work.set, set) != 0 || !is_first_of_work(results, &work)) {
      continue;
    }
    const struct report_row single = find(results, &work, "single", 1);
    report_title(&work, title, sizeof title);
    if (single.json != NULL) {
      (void)fprintf(out, "| %s | %s%s | %.3f |", title, report_count(single.cycles, cycles),
                    strncmp(single.config, "octo-xl", 7) == 0 ? "x" : "", single.utilisation);
    } else {
      (void)fprintf(out, "| %s | does not fit | |", title);
    }
    write_cells(out, results, &work);
  }
}

void report_big(FILE *out, const struct bench_results *results) {
  const cJSON *json = NULL;
  (void)fprintf(out,
                "| network | mode | cores | cycles | limit | used | speed-up | loads |\n"
                "|---|---|---:|---:|---:|---:|---:|---:|\n");
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row row = report_read(json);
    char title[TITLE_BYTES], cycles[32], limit[32], loads[32], speed_up[16] = "";
    if (!row.is_run || row.macs_per_core != BIG_MACS) {
      continue;
    }
    report_title(&row, title, sizeof title);
    if (row.speed_up > 0) {
      (void)snprintf(speed_up, sizeof speed_up, "%.2f", row.speed_up);
    }
    (void)fprintf(out, "| %s | %s | %d | %s | %s | %.3f | %s | %s |\n", title, row.mode, row.cores,
                  report_count(row.cycles, cycles), report_count(row.limit_cycles, limit),
                  row.utilisation, speed_up, report_count(row.load_cycles, loads));
  }
}

void report_jobs(FILE *out, const struct bench_results *results) {
  const cJSON *json = NULL;
  (void)fprintf(out, "| jobs | cores | cycles | used | speed-up |\n|---|---:|---:|---:|---:|\n");
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row row = report_read(json);
    char title[TITLE_BYTES], cycles[32];
    if (row.is_run && strcmp(row.mode, "multi-programming") == 0) {
      report_title(&row, title, sizeof title);
      (void)fprintf(out, "| %d x (%s) | %d | %s | %.3f | %.3f |\n", row.cores, title, row.cores,
                    report_count(row.cycles, cycles), row.utilisation, row.speed_up);
    }
  }
}

static void write_cold(FILE *out, const struct report_row *row) {
  char title[TITLE_BYTES], warm[32], cold[32], loads[32];
  report_title(row, title, sizeof title);
  const double first = bench_number(row->json, "cold.cycles") + row->load_cycles;
  (void)fprintf(out, "| %s | %s on %d | %s | %s | %s | %.3f |\n", title, row->mode, row->cores,
                report_count(row->cycles, warm), report_count(row->load_cycles, loads),
                report_count(first, cold), row->limit_cycles / first);
}

void report_cold(FILE *out, const struct bench_results *results) {
  const cJSON *json = NULL;
  (void)fprintf(out,
                "| network | mode | warm: cycles | loads | cold: all cycles | used cold |\n"
                "|---|---|---:|---:|---:|---:|\n");
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row row = report_read(json);
    const bool is_shown = row.is_run && row.macs_per_core == SMALL_MACS && row.batch == 1 &&
                          (strcmp(row.set, "equal") != 0 || (row.lstms == 1 && row.steps == 128)) &&
                          (strcmp(row.set, "unbalanced") != 0 || row.steps == 128);
    if (is_shown && (strcmp(row.mode, "single") == 0 ||
                     (strcmp(row.mode, "helper") == 0 && row.asked_cores == 8))) {
      write_cold(out, &row);
    }
  }
}

void report_too_big(FILE *out, const struct bench_results *results) {
  const cJSON *json = NULL;
  unsigned moved = 0;
  cJSON_ArrayForEach(json, results->rows) {
    moved += cJSON_GetObjectItem(json, "too_big_for") != NULL &&
             cJSON_GetObjectItem(json, "error") == NULL;
  }
  (void)fprintf(out,
                "%u rows do not fit the weight buffers of `duo`, `quad` or `octo` and ran on "
                "`octo-xl`; the tables mark them with an x. Not run at all:\n\n",
                moved);
  (void)fprintf(out, "| row | why |\n|---|---|\n");
  cJSON_ArrayForEach(json, results->rows) {
    if (cJSON_GetObjectItem(json, "error") != NULL) {
      (void)fprintf(out, "| %s | %s |\n", bench_text(json, "key"), bench_text(json, "error"));
    }
  }
}

void report_lost(FILE *out, const struct bench_results *results, const char *network, int steps) {
  static const char *const fields[] = {"mac",  "input",  "h",      "room", "bus",
                                       "tail", "memory", "switch", "idle", "cycles"};
  const cJSON *json = NULL;
  (void)fprintf(out,
                "| mode, core | MAC | input | h | downstream room | downstream bus | tail | "
                "memory | switch | idle | all |\n"
                "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  cJSON_ArrayForEach(json, results->rows) {
    const struct report_row row = report_read(json);
    const cJSON *core = NULL;
    if (!row.is_run || row.steps != steps || strcmp(row.network, network) != 0) {
      continue;
    }
    cJSON_ArrayForEach(core, cJSON_GetObjectItem(cJSON_GetObjectItem(json, "warm"), "lost")) {
      (void)fprintf(out, "| %s on %d, core %.0f |", row.mode, row.cores,
                    bench_number(core, "core"));
      for (size_t n = 0; n < sizeof fields / sizeof fields[0]; n++) {
        char text[32];
        (void)fprintf(out, " %s |", report_count(bench_number(core, fields[n]), text));
      }
      (void)fprintf(out, "\n");
    }
  }
}

/* --- Predicted and measured --- */

enum { WORST = 10 };

struct misses {
  unsigned rows, close, without;      /* without a forecast */
  double total;                       /* of the absolute errors */
  const cJSON *worst[WORST];          /* largest error first */
  double error[WORST], cycles[WORST]; /* error: (predicted - measured) / measured */
};

static double size_of(double error) {
  return error < 0 ? -error : error;
}

static void note(struct misses *misses, const cJSON *json, double predicted, double cycles) {
  const double error = (predicted - cycles) / cycles;
  misses->rows++;
  misses->close += size_of(error) <= 0.005;
  misses->total += size_of(error);
  int place = WORST;
  while (place > 0 &&
         (misses->worst[place - 1] == NULL || size_of(error) > size_of(misses->error[place - 1]))) {
    place--;
  }
  for (int n = WORST - 1; n > place; n--) {
    misses->worst[n] = misses->worst[n - 1];
    misses->error[n] = misses->error[n - 1];
    misses->cycles[n] = misses->cycles[n - 1];
  }
  if (place < WORST) {
    misses->worst[place] = json;
    misses->error[place] = error;
    misses->cycles[place] = cycles;
  }
}

static void write_misses(FILE *out, const struct bench_results *results, const char *run,
                         bool with_loads) {
  struct misses misses = {.rows = 0};
  const cJSON *json = NULL;
  cJSON_ArrayForEach(json, results->rows) {
    const cJSON *part = cJSON_GetObjectItem(json, run);
    const double predicted = bench_number(part, "predicted_cycles") +
                             (with_loads ? bench_number(part, "predicted_load_cycles") : 0);
    const double cycles =
        bench_number(part, "cycles") + (with_loads ? bench_number(part, "load_cycles") : 0);
    if (cycles > 0 && predicted > 0) {
      note(&misses, json, predicted, cycles);
    } else {
      misses.without += cycles > 0;
    }
  }
  if (misses.rows == 0) {
    return;
  }
  (void)fprintf(out,
                "%s: %u of %u rows are within 0.5 %%; the mean error is %.2f %%. %u rows have no "
                "forecast: it is given up after so many cycles ([planner.md](planner.md)). The "
                "worst:\n\n"
                "| row | measured | error |\n|---|---:|---:|\n",
                with_loads ? "Cold, loads included" : "Warm", misses.close, misses.rows,
                100 * misses.total / misses.rows, misses.without);
  for (int n = 0; n < WORST && misses.worst[n] != NULL; n++) {
    char cycles[32];
    (void)fprintf(out, "| %s | %s | %+.2f %% |\n", bench_text(misses.worst[n], "key"),
                  report_count(misses.cycles[n], cycles), 100 * misses.error[n]);
  }
  (void)fprintf(out, "\n");
}

void report_predicted(FILE *out, const struct bench_results *results) {
  write_misses(out, results, "warm", false);
  write_misses(out, results, "cold", true);
}
