/* SPDX-License-Identifier: Apache-2.0 */
/* totals: adds up and prints, see totals.h. */
#include "totals.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const corner_names[CORNER_COUNT] = {"H not a multiple of Lanes/4",
                                                       "I < MacsPerLane",
                                                       "T = 1",
                                                       "cell clip on",
                                                       "positive shift",
                                                       "saturated gate",
                                                       "saturated cell",
                                                       "slice of zero units"};

const char *way_name(enum way way) {
  static const char *const names[WAY_COUNT] = {"single", "multithreading", "helper", "hybrid",
                                               "two jobs"};
  return names[way];
}

void totals_add(struct conformance_totals *sum, const struct conformance_totals *part) {
  sum->cases += part->cases;
  sum->failed += part->failed;
  sum->golden += part->golden;
  sum->rtl += part->rtl;
  sum->values += part->values;
  sum->rtl_values += part->rtl_values;
  sum->rtl_cycles += part->rtl_cycles;
  for (int n = 0; n < WAY_COUNT; n++) {
    sum->same[n] += part->same[n];
    sum->no[n] += part->no[n];
  }
  for (int n = 0; n < CORNER_COUNT; n++) {
    sum->corner[n] += part->corner[n];
  }
}

bool totals_report(const struct conformance_totals *totals, const char *config, double seconds) {
  bool complete = totals->cases > 0 && totals->failed == 0;
  printf("golden model: %u cases exact, %" PRIu64 " values compared\n", totals->golden,
         totals->values);
  if (config != NULL) {
    printf("RTL %s: %u cases, %" PRIu64 " values compared, %" PRIu64 " cycles\n", config,
           totals->rtl, totals->rtl_values, totals->rtl_cycles);
    for (int n = 0; n < WAY_COUNT; n++) {
      printf("  %-28s %6u exact, %u not possible\n", way_name((enum way)n), totals->same[n],
             totals->no[n]);
      complete = complete && totals->same[n] > 0;
    }
  }
  printf("corner cases seen:\n");
  for (int n = 0; n < CORNER_COUNT; n++) {
    if (n == CORNER_EMPTY_SLICE && config == NULL) {
      continue;
    }
    printf("  %-28s %6u of %u\n", corner_names[n], totals->corner[n],
           n == CORNER_EMPTY_SLICE ? totals->rtl : totals->golden);
    complete = complete && totals->corner[n] > 0;
  }
  if (totals->failed == 0 && !complete) {
    printf("Something was never seen: see the rows of 0.\n");
  }
  printf("%.0f s\n%u passed, %u failed\n", seconds, totals->cases - totals->failed, totals->failed);
  return complete;
}
