/* SPDX-License-Identifier: Apache-2.0 */
/* results: see results.h. */
#include "results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"

enum { MAX_FILE_BYTES = 64 << 20, NAME_BYTES = 64 };

bool bench_results_load(const char *path, struct bench_results *results,
                        struct trine_error *error) {
  *results = (struct bench_results){.path = path};
  uint8_t *text = NULL;
  size_t size = 0;
  const enum trine_status status = trine_file_read(path, MAX_FILE_BYTES, &text, &size, NULL);
  if (status == TRINE_ERR_NOT_FOUND) {
    results->rows = cJSON_CreateArray();
    return results->rows != NULL;
  }
  cJSON *object = text == NULL ? NULL : cJSON_ParseWithLength((const char *)text, size);
  results->rows = cJSON_DetachItemFromObject(object, "rows");
  cJSON_Delete(object);
  free(text);
  if (!cJSON_IsArray(results->rows)) {
    trine_error_set(error, "%.200s is not a file of results; move it away to begin anew.", path);
    return false;
  }
  return true;
}

void bench_results_free(struct bench_results *results) {
  cJSON_Delete(results->rows);
  *results = (struct bench_results){.rows = NULL};
}

static const cJSON *field(const cJSON *row, const char *name) {
  char part[NAME_BYTES];
  const char *dot = strchr(name, '.');
  if (row == NULL || dot == NULL) {
    return cJSON_GetObjectItem(row, name);
  }
  (void)snprintf(part, sizeof part, "%.*s", (int)(dot - name), name);
  return field(cJSON_GetObjectItem(row, part), dot + 1);
}

double bench_number(const cJSON *row, const char *name) {
  const cJSON *item = field(row, name);
  if (cJSON_IsNumber(item)) {
    return item->valuedouble;
  }
  if (cJSON_IsTrue(item)) {
    return 1;
  }
  return 0;
}

const char *bench_text(const cJSON *row, const char *name) {
  const cJSON *item = field(row, name);
  return cJSON_IsString(item) ? item->valuestring : "";
}

const cJSON *bench_results_find(const struct bench_results *results, const char *key) {
  const cJSON *row = NULL;
  cJSON_ArrayForEach(row, results->rows) {
    if (strcmp(bench_text(row, "key"), key) == 0) {
      return row;
    }
  }
  return NULL;
}

static bool is_of_network(const cJSON *one, const cJSON *row) {
  return strcmp(bench_text(one, "network"), bench_text(row, "network")) == 0;
}

static bool is_single_of(const cJSON *one, const cJSON *row) {
  return is_of_network(one, row) && strcmp(bench_text(one, "mode"), "single") == 0 &&
         bench_number(one, "warm.cycles") > 0 &&
         strcmp(bench_text(one, "set"), bench_text(row, "set")) == 0 &&
         (int)bench_number(one, "steps") == (int)bench_number(row, "steps") &&
         (int)bench_number(one, "batch") == (int)bench_number(row, "batch") &&
         (int)bench_number(one, "macs_per_core") == (int)bench_number(row, "macs_per_core");
}

const cJSON *bench_results_single(const struct bench_results *results, const cJSON *row) {
  const cJSON *one = NULL;
  cJSON_ArrayForEach(one, results->rows) {
    if (is_single_of(one, row)) {
      return one;
    }
  }
  return NULL;
}

static bool has_placement(const cJSON *one, const cJSON *row) {
  return cJSON_Compare(field(one, "placement"), field(row, "placement"), true);
}

const cJSON *bench_results_twin(const struct bench_results *results, const cJSON *row,
                                const char *inputs) {
  const cJSON *one = NULL;
  cJSON_ArrayForEach(one, results->rows) {
    if (is_of_network(one, row) && strcmp(bench_text(one, "inputs"), inputs) == 0 &&
        strcmp(bench_text(one, "set"), bench_text(row, "set")) == 0 &&
        strcmp(bench_text(one, "config"), bench_text(row, "config")) == 0 &&
        strcmp(bench_text(one, "mode"), "multi-programming") != 0 &&
        (int)bench_number(one, "steps") == (int)bench_number(row, "steps") &&
        (int)bench_number(one, "batch") == (int)bench_number(row, "batch") &&
        bench_number(one, "exact") != 0 && has_placement(one, row)) {
      return one;
    }
  }
  return NULL;
}

/* Work done a cycle over that of one core: with n equal jobs side by side it is n times the work.
 */
static void add_speed_up(const struct bench_results *results, cJSON *row, const char *run) {
  const cJSON *single = bench_results_single(results, row);
  char name[NAME_BYTES];
  (void)snprintf(name, sizeof name, "%s.cycles", run);
  cJSON *into = cJSON_GetObjectItem(row, run);
  cJSON_DeleteItemFromObject(into, "speed_up");
  const double cycles = bench_number(row, name);
  if (single != NULL && cycles > 0) {
    const bool is_jobs = strcmp(bench_text(row, "mode"), "multi-programming") == 0;
    const double work = is_jobs ? bench_number(row, "cores") : 1;
    cJSON_AddNumberToObject(into, "speed_up", work * bench_number(single, name) / cycles);
  }
}

static bool write_file(const struct bench_results *results, struct trine_error *error) {
  cJSON *object = cJSON_CreateObject();
  (void)cJSON_AddItemReferenceToObject(object, "rows", results->rows);
  char *text = cJSON_Print(object);
  bool good = text != NULL;
  if (good) {
    const struct trine_file_buffer buffer = {text, strlen(text)};
    good = trine_file_replace(results->path, &buffer, 1, error) == TRINE_OK;
  } else {
    trine_error_set(error, "There is no memory for %.200s.", results->path);
  }
  cJSON_free(text);
  cJSON_Delete(object);
  return good;
}

bool bench_results_add(struct bench_results *results, cJSON *row, struct trine_error *error) {
  int place = 0;
  const cJSON *one = NULL;
  cJSON_ArrayForEach(one, results->rows) {
    if (strcmp(bench_text(one, "key"), bench_text(row, "key")) == 0) {
      break;
    }
    place++;
  }
  if (one != NULL) {
    cJSON_DeleteItemFromArray(results->rows, place);
  }
  cJSON_AddItemToArray(results->rows, row);
  cJSON *each = NULL;
  cJSON_ArrayForEach(each, results->rows) {
    if (is_of_network(each, row)) {
      add_speed_up(results, each, "cold");
      add_speed_up(results, each, "warm");
    }
  }
  return write_file(results, error);
}
