/* SPDX-License-Identifier: Apache-2.0 */
/* files: the board as JSON and Markdown, see files.h. */
#include "files.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "table.h"

static bool replace(const char *path, const char *text, struct trine_error *error) {
  const struct trine_file_buffer buffer = {text, strlen(text)};
  return trine_file_replace(path, &buffer, 1, error) == TRINE_OK;
}

static void add_row(cJSON *rows, const struct demo_board *board, uint32_t index) {
  const struct demo_result *result = &board->results[index];
  struct demo_verdict verdict = {.miss_count = 0};
  cJSON *row = cJSON_CreateObject();
  cJSON_AddItemToArray(rows, row);
  const bool settled = table_verdict(board, index, &verdict);
  cJSON_AddStringToObject(row, "model", demo_rows[index].name);
  cJSON_AddStringToObject(row, "mode", demo_row_mode(&demo_rows[index]));
  cJSON_AddNumberToObject(row, "cores", result->cores);
  cJSON_AddNumberToObject(row, "cycles", (double)result->cycles);
  cJSON_AddNumberToObject(row, "limit_cycles", (double)result->limit_cycles);
  cJSON_AddNumberToObject(row, "utilisation", verdict.utilisation);
  cJSON_AddNumberToObject(row, "speed_up", verdict.speed_up);
  cJSON_AddNumberToObject(row, "bound", verdict.bound);
  cJSON_AddNumberToObject(row, "values_compared", (double)result->values);
  cJSON_AddBoolToObject(row, "exact", result->exact);
  cJSON_AddStringToObject(row, "task", result->metric);
  cJSON_AddNumberToObject(row, "seconds", result->seconds);
  cJSON_AddBoolToObject(row, "holds", settled && verdict.miss_count == 0);
  cJSON *misses = cJSON_AddArrayToObject(row, "misses");
  for (uint32_t n = 0; n < verdict.miss_count; n++) {
    cJSON_AddItemToArray(misses, cJSON_CreateString(verdict.misses[n]));
  }
}

bool files_write_json(const char *path, const struct demo_board *board,
                      const struct demo_origin *origin, struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "config", DEMO_CONFIG);
  cJSON_AddStringToObject(object, "commit", origin->commit);
  cJSON_AddStringToObject(object, "tools", origin->tools);
  cJSON_AddNumberToObject(object, "processes", origin->processes);
  cJSON_AddNumberToObject(object, "seconds", origin->seconds);
  cJSON *rows = cJSON_AddArrayToObject(object, "rows");
  for (uint32_t n = 0; n < demo_row_count; n++) {
    if (board->state[n] == DEMO_DONE) {
      add_row(rows, board, n);
    }
  }
  char *text = cJSON_Print(object);
  bool good = text != NULL;
  if (good) {
    good = replace(path, text, error);
  } else {
    trine_error_set(error, "There is no memory for %.200s.", path);
  }
  cJSON_free(text);
  cJSON_Delete(object);
  return good;
}

static void write_row(FILE *out, const struct demo_board *board, uint32_t index) {
  const struct demo_result *result = &board->results[index];
  struct demo_verdict verdict = {.miss_count = 0};
  char cycles[32], values[32];
  (void)table_verdict(board, index, &verdict);
  (void)fprintf(out, "| %s | %s | %u | %s | %.4f | %.3f | %.3f | %s | %s | %s |\n",
                demo_rows[index].name, demo_row_mode(&demo_rows[index]), result->cores,
                table_number(result->cycles, cycles), verdict.utilisation, verdict.speed_up,
                verdict.bound, table_number(result->values, values),
                result->exact ? "exact" : "**WRONG**", result->metric);
}

static void write_text(FILE *out, const struct demo_board *board,
                       const struct demo_origin *origin) {
  uint32_t macs = 0;
  for (uint32_t n = 0; n < demo_row_count; n++) {
    macs = board->results[n].macs_per_core > macs ? board->results[n].macs_per_core : macs;
  }
  (void)fprintf(out,
                "# Results\n\nWritten by `make docs-results`, which runs what `make demo` runs. "
                "Configuration `%s`: %d cores of %u MACs; memory of %s. Commit %s; %s. "
                "Simulated in %.0f seconds by %u processes.\n\n",
                DEMO_CONFIG, (int)DEMO_CORES, macs, "latency 10 cycles and a beat a cycle",
                origin->commit, origin->tools, origin->seconds, origin->processes);
  (void)fprintf(out,
                "| model | mode | cores | cycles | MACs | speed-up | bound | values | exact | task "
                "|\n|---|---|---:|---:|---:|---:|---:|---:|---|---|\n");
  for (uint32_t n = 0; n < demo_row_count; n++) {
    if (board->state[n] == DEMO_DONE) {
      write_row(out, board, n);
    }
  }
  (void)fprintf(out, "\n");
  for (uint32_t n = 0; table_note(n) != NULL; n++) {
    (void)fprintf(out, "- %s\n", table_note(n));
  }
  for (uint32_t n = 0; n < demo_row_count; n++) {
    struct demo_verdict verdict = {.miss_count = 0};
    (void)table_verdict(board, n, &verdict);
    for (uint32_t i = 0; i < verdict.miss_count; i++) {
      (void)fprintf(out, "- **Missed**: %s, %s: %s.\n", demo_rows[n].name,
                    demo_row_mode(&demo_rows[n]), verdict.misses[i]);
    }
  }
}

bool files_write_markdown(const char *path, const struct demo_board *board,
                          const struct demo_origin *origin, struct trine_error *error) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) {
    trine_error_set(error, "There is no memory for %.200s.", path);
    return false;
  }
  write_text(out, board, origin);
  bool good = fclose(out) == 0;
  if (good) {
    good = replace(path, text, error);
  } else {
    trine_error_set(error, "There is no memory for %.200s.", path);
  }
  free(text);
  return good;
}
