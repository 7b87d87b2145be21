/* SPDX-License-Identifier: Apache-2.0 */
/* report_rows: see report_rows.h. */
#include "report_rows.h"

#include <stdio.h>
#include <string.h>

struct report_row report_read(const cJSON *json) {
  struct report_row row = {.json = json,
                           .network = bench_text(json, "network"),
                           .mode = bench_text(json, "mode"),
                           .set = bench_text(json, "set"),
                           .config = bench_text(json, "config"),
                           .steps = (int)bench_number(json, "steps"),
                           .batch = (int)bench_number(json, "batch"),
                           .asked_cores = (int)bench_number(json, "asked_cores"),
                           .cores = (int)bench_number(json, "cores"),
                           .macs_per_core = (int)bench_number(json, "macs_per_core"),
                           .cycles = bench_number(json, "warm.cycles"),
                           .limit_cycles = bench_number(json, "warm.limit_cycles"),
                           .utilisation = bench_number(json, "warm.utilisation"),
                           .speed_up = bench_number(json, "warm.speed_up"),
                           .load_cycles = bench_number(json, "cold.load_cycles"),
                           .predicted_cycles = bench_number(json, "warm.predicted_cycles"),
                           .shape_cycles = bench_number(json, "shape_cycles")};
  const cJSON *layer = NULL;
  cJSON_ArrayForEach(layer, cJSON_GetObjectItem(json, "layers")) {
    const int units = (int)bench_number(layer, "units");
    if (strcmp(bench_text(layer, "kind"), "lstm") == 0) {
      row.narrowest = row.lstms == 0 || units < row.narrowest ? units : row.narrowest;
      row.widest = units > row.widest ? units : row.widest;
      row.inputs = row.lstms == 0 ? (int)bench_number(layer, "inputs") : row.inputs;
      row.lstms++;
    }
  }
  row.is_stack = (int)bench_number(json, "chains") == 1;
  const double cut = bench_number(json, "cut_cycles");
  row.cut_bound = cut > 0 ? bench_number(json, "whole_cycles") / cut : 0;
  row.is_run = row.cycles > 0;
  return row;
}

void report_title(const struct report_row *row, char *text, size_t bytes) {
  char batch[16] = "";
  if (row->batch > 1) {
    (void)snprintf(batch, sizeof batch, ", B %d", row->batch);
  }
  (void)snprintf(text, bytes, "%s, T %d%s", row->network, row->steps, batch);
}

const char *report_count(double value, char text[32]) {
  char plain[24];
  size_t at = 0;
  const int digits = snprintf(plain, sizeof plain, "%.0f", value);
  for (int n = 0; n < digits && at + 2 < 32; n++) {
    if (n > 0 && (digits - n) % 3 == 0) {
      text[at++] = ',';
    }
    text[at++] = plain[n];
  }
  text[at] = '\0';
  return text;
}

/* What each cause is called on the page, in the words of docs/performance.md. */
struct cause {
  const char *field, *name;
  double cycles;
};

static void sort_causes(struct cause *causes, size_t count) {
  for (size_t n = 1; n < count; n++) {
    for (size_t i = n; i > 0 && causes[i].cycles > causes[i - 1].cycles; i--) {
      const struct cause held = causes[i];
      causes[i] = causes[i - 1];
      causes[i - 1] = held;
    }
  }
}

void report_causes(const struct report_row *row, char *text, size_t bytes) {
  struct cause causes[] = {
      {"padding", "padding", 0},      {"input", "input", 0},        {"h", "h", 0},
      {"room", "downstream room", 0}, {"bus", "downstream bus", 0}, {"tail", "tail", 0},
      {"memory", "memory", 0},        {"switch", "switch", 0},      {"idle", "idle", 0}};
  const size_t count = sizeof causes / sizeof causes[0];
  double total = 0;
  const cJSON *core = NULL;
  cJSON_ArrayForEach(core, cJSON_GetObjectItem(cJSON_GetObjectItem(row->json, "warm"), "lost")) {
    total += bench_number(core, "cycles");
    for (size_t n = 1; n < count; n++) {
      causes[n].cycles += bench_number(core, causes[n].field);
    }
  }
  causes[0].cycles = bench_number(row->json, "warm.padding_slots") / row->macs_per_core;
  const double macs = bench_number(row->json, "warm.macs") / row->macs_per_core;
  total = total > 0 ? total : 1;
  sort_causes(causes, count);
  int at = snprintf(text, bytes, "%.1f %% products; lost:", 100 * macs / total);
  for (size_t n = 0; n < count && at > 0 && (size_t)at < bytes; n++) {
    const double share = 100 * causes[n].cycles / total;
    if (share >= 0.1) {
      at += snprintf(text + at, bytes - (size_t)at, "%s %s %.1f %%", n > 0 ? "," : "",
                     causes[n].name, share);
    }
  }
}
