/* SPDX-License-Identifier: Apache-2.0 */
/* results: see results.h. */
#include "results.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIELDS = 12 };

static bool parse(const char *line, struct sizing_result *result) {
  struct sizing_shape *shape = &result->shape;
  int end = 0;
  const int fields =
      sscanf(line, "%u %u %u %u %u %u %u %u %u %u %" SCNu64 " %" SCNu64 " .%n", &result->network,
             &shape->cores, &shape->lanes, &shape->macs_per_lane, &shape->tail_rows,
             &shape->bus_bytes, &shape->mem_bytes, &result->mode, &result->ranks, &result->copies,
             &result->cycles, &result->products, &end);
  return fields == FIELDS && end > 0 && result->network < SIZING_NETWORKS;
}

void sizing_read(struct sizing_results *results, const char *path) {
  char line[256];
  results->path = path;
  results->count = 0;
  FILE *file = fopen(path, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    struct sizing_result result = {.network = 0};
    if (parse(line, &result) && results->count < SIZING_MOST_RESULTS) {
      results->list[results->count] = result;
      results->count++;
    }
  }
  if (file != NULL) {
    (void)fclose(file);
  }
}

const struct sizing_result *sizing_find(const struct sizing_results *results, uint32_t network,
                                        const struct sizing_shape *shape) {
  for (uint32_t n = 0; n < results->count; n++) {
    if (results->list[n].network == network && sizing_is_same(&results->list[n].shape, shape)) {
      return &results->list[n];
    }
  }
  return NULL;
}

bool sizing_add(struct sizing_results *results, const struct sizing_result *result,
                struct trine_error *error) {
  const struct sizing_shape *shape = &result->shape;
  FILE *file = results->count < SIZING_MOST_RESULTS ? fopen(results->path, "a") : NULL;
  bool good = file != NULL;
  if (good) {
    good = fprintf(file, "\n%u %u %u %u %u %u %u %u %u %u %" PRIu64 " %" PRIu64 " .",
                   result->network, shape->cores, shape->lanes, shape->macs_per_lane,
                   shape->tail_rows, shape->bus_bytes, shape->mem_bytes, result->mode,
                   result->ranks, result->copies, result->cycles, result->products) > 0;
    good = fclose(file) == 0 && good;
    results->list[results->count] = *result;
    results->count++;
  }
  if (!good) {
    trine_error_set(error, "%s cannot be written.", results->path);
  }
  return good;
}

double sizing_utilisation(const struct sizing_result *result) {
  const double macs = (double)result->shape.cores * sizing_macs(&result->shape);
  return (double)result->products / (macs * (double)result->cycles);
}
