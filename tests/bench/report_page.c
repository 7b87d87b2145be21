/* SPDX-License-Identifier: Apache-2.0 */
/* report_page: the text of docs/performance.md around its tables, see report_page.h. */
#include "report_page.h"

#include <string.h>

#include "report_rows.h"
#include "report_tables.h"
#include "report_targets.h"

enum { MAX_TEXTS = 8 };

/* The different texts of a field over all rows, in one line. */
static void write_all_of(FILE *out, const struct bench_results *results, const char *name) {
  const char *seen[MAX_TEXTS];
  size_t count = 0;
  const cJSON *json = NULL;
  cJSON_ArrayForEach(json, results->rows) {
    const char *text = bench_text(json, name);
    bool is_new = text[0] != '\0' && count < MAX_TEXTS;
    for (size_t n = 0; n < count; n++) {
      is_new = is_new && strcmp(seen[n], text) != 0;
    }
    if (is_new) {
      (void)fprintf(out, "%s%s", count > 0 ? ", " : "", text);
      seen[count++] = text;
    }
  }
}

static void write_head(FILE *out, const struct bench_results *results) {
  unsigned rows = 0, exact = 0, twins = 0;
  double values = 0, seconds = 0, cycles = 0;
  const cJSON *json = NULL;
  cJSON_ArrayForEach(json, results->rows) {
    rows += bench_number(json, "warm.cycles") > 0;
    exact += bench_number(json, "exact") != 0;
    twins += bench_text(json, "same_as")[0] != '\0';
    values += bench_number(json, "values_compared");
    seconds += bench_number(json, "seconds");
    cycles += bench_number(json, "simulated_cycles");
  }
  char text[32], simulated[32];
  (void)fprintf(
      out,
      "# Performance\n\nWritten by `make docs-bench` from build/bench.json, which "
      "`make bench` fills. Of %u rows %u were run, each cold and warm, and every output of "
      "both runs was compared with the golden model (%s values); the planner places the "
      "other %u as one of these, with the same program, so theirs are its cycles. "
      "%u of %u rows are exact. %s cycles were simulated in %.0f minutes of processor "
      "time.\n\n",
      rows, rows - twins, report_count(values, text), twins, exact, rows,
      report_count(cycles, simulated), seconds / 60);
  if (results->wanted > cJSON_GetArraySize(results->rows)) {
    (void)fprintf(out, "**%ld of the %ld rows of the benchmark are still to be run.**\n\n",
                  results->wanted - cJSON_GetArraySize(results->rows), results->wanted);
  }
  (void)fprintf(out, "Commit ");
  write_all_of(out, results, "commit");
  (void)fprintf(out, "; ");
  write_all_of(out, results, "tools");
  (void)fprintf(out,
                "; memory of latency 10 cycles and a beat a cycle, as wide as the "
                "configuration says. Cores of 64 MACs are those of `duo` (1 and 2 cores), "
                "`quad` (4) and `octo` (8), which are the same core; where the weights do not "
                "fit, those of `octo-xl`, which differ only in their memories, on a chip of as "
                "many as are used (octo-xl-1, -2, -4: a core without work does not change the "
                "cycles of the others, only the time to simulate them). Cores of 512 MACs are "
                "those of `big`.\n\n");
}

static const char *const meaning =
    "## What the figures mean\n\n"
    "- **cycles**: from the start of the cores (7 + Cores cycles after the doorbell) to the done "
    "interrupt, program fetch and memory traffic included, loads of weights not. **Warm**: the "
    "second run of a job, weights and "
    "contexts resident. **Cold**: the first, with its LOADs. One sequence unless B is given.\n"
    "- **limit**: the larger of products / (cores x MACs a core) and bytes in and out / memory "
    "width. Nothing on these cores can be faster. **Used** (utilisation) is limit / cycles.\n"
    "- **speed-up**: cycles of one core of the same size, on the same work, over cycles. "
    "With jobs side by side: their number times that.\n"
    "- **lost cycles**: every cycle of every core is in one class: MAC (a chunk of products "
    "begins), waiting for input, waiting for h(t-1), downstream (room with the listeners, or the "
    "bus), the tail, memory (program fetch, loads, a reader of this core), switch (fetching the "
    "fields of the next phase) and idle (nothing left to do, or not begun). Padding is what MAC "
    "cycles spend on rows and columns that do not exist. They add up exactly, core by core: "
    "`make scenarios` and `make bench-selftest` fail when they do not.\n"
    "- **mt**, **helper**, **hybrid** 2, 4, 8: speed-up in that mode on so many cores. A figure in "
    "brackets is utilisation where no single core of this size holds the network. An x marks "
    "`octo-xl`. **auto**: the placement the planner expects to be the fastest. Multithreading on "
    "more cores than half of them could use is left out.\n\n";

static void write_modes(FILE *out, const struct bench_results *results) {
  static const struct {
    const char *set, *title;
  } sets[] = {{"models", "Trained networks"},
              {"unbalanced", "Unbalanced stacks"},
              {"equal", "Layers of I = H"},
              {"published", "Published shapes on cores of 64 MACs"}};
  for (size_t n = 0; n < sizeof sets / sizeof sets[0]; n++) {
    (void)fprintf(out, "### %s\n\n", sets[n].title);
    report_modes(out, results, sets[n].set);
    (void)fprintf(out, "\n");
  }
}

void report_page(FILE *out, const struct bench_results *results) {
  write_head(out, results);
  (void)fprintf(out,
                "%s## Targets\n\nThe worst row of each; below, the rows that miss, with the "
                "share of all MAC slots that went into products and where the rest went.\n\n",
                meaning);
  const unsigned missed = report_targets(out, results);
  (void)fprintf(out,
                "\n%u targets are not met by all their rows: "
                "[why, and what would be needed](performance_limits.md).\n\n",
                missed);
  (void)fprintf(out,
                "## Plots\n\n"
                "![Speed-up against cores](performance/speed_up.svg)\n\n"
                "![Utilisation against the size of a layer](performance/utilisation.svg)\n\n"
                "The dashed lines are the bound of the shape: whole row groups, whole chunks "
                "and the rows a tail takes a cycle, with no wait of any kind.\n\n"
                "![What each core does](performance/timeline.svg)\n\n"
                "## Where the cycles went: vowels, T 29\n\n");
  report_lost(out, results, "vowels", 29);
  (void)fprintf(out, "\n## All modes\n\n");
  write_modes(out, results);
  (void)fprintf(out, "## Jobs side by side\n\n");
  report_jobs(out, results);
  (void)fprintf(out,
                "\n## Cores of 512 MACs\n\nOn `big`. A row without speed-up has no single "
                "core that holds it.\n\n");
  report_big(out, results);
  (void)fprintf(out,
                "\n## Predicted and measured\n\nThe planner executes the program of the row "
                "without its data (`trine plan`).\n\n");
  report_predicted(out, results);
  (void)fprintf(out,
                "## Cold\n\nLoading is bound by the memory port, one beat a cycle for all "
                "cores together.\n\n");
  report_cold(out, results);
  (void)fprintf(out, "\n## What does not fit\n\n");
  report_too_big(out, results);
}
