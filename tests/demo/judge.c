/* SPDX-License-Identifier: Apache-2.0 */
/* judge: speed-ups, bounds and the figures that must be met, see judge.h. */
#include "judge.h"

#include <stdarg.h>
#include <stdio.h>

/* The figures: utilisation of one core and speed-up of helper cores on models whose LSTMs have
 * WIDE_UNITS or more; speed-up of two equal jobs; share of the bound in multithreading. */
enum { WIDE_UNITS = 128 };
static const double least_utilisation = 0.97;
static const double least_helper = 1.95;
static const double least_pair = 1.95;
static const double least_share = 0.97;

static void add_miss(struct demo_verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add_miss(struct demo_verdict *verdict, const char *format, ...) {
  if (verdict->miss_count < DEMO_MAX_MISSES) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(verdict->misses[verdict->miss_count], sizeof verdict->misses[0], format,
                    arguments);
    va_end(arguments);
    verdict->miss_count++;
  }
}

/* Cycles of job n of a row alone on one core; 0: not known. */
static uint64_t alone(uint32_t index, uint32_t n, const struct demo_result *results,
                      const bool *ready) {
  const int row = demo_row_alone(demo_rows[index].jobs[n]);
  if (row == DEMO_NO_ROW) {
    return results[index].alone_cycles[n];
  }
  return ready[row] && results[row].error[0] == '\0' ? results[row].cycles : 0;
}

static bool is_equal_pair(const struct demo_row *row) {
  const struct demo_job *a = row->jobs[0], *b = row->jobs[1];
  return row->job_count == 2 && a->model == b->model && a->count == b->count &&
         a->streams == b->streams;
}

static void find_bound(const struct demo_row *row, const struct demo_result *result,
                       uint64_t longest, uint64_t sum, struct demo_verdict *verdict) {
  if (row->job_count > 1) {
    verdict->bound = longest > 0 ? (double)sum / (double)longest : 0;
  } else if (row->mode == TRINE_MODE_MULTITHREADING) {
    verdict->bound = result->cut.speed_up;
  } else {
    verdict->bound = result->cores;
  }
}

/* Against the bound's own cycles: what one core loses must not make a row look better. */
static void check_share(const struct demo_result *result, struct demo_verdict *verdict) {
  const double bound_cycles = result->cut.cycles;
  if (bound_cycles < least_share * (double)result->cycles) {
    add_miss(verdict,
             "%llu cycles, the best cut of whole layers allows %.0f: a share of %.3f, at "
             "least %.2f",
             (unsigned long long)result->cycles, bound_cycles,
             bound_cycles / (double)result->cycles, least_share);
  }
}

static void check_figures(const struct demo_row *row, const struct demo_result *result,
                          struct demo_verdict *verdict) {
  const bool wide = result->narrowest >= WIDE_UNITS;
  if (row->job_count > 1) {
    if (is_equal_pair(row) && verdict->speed_up < least_pair) {
      add_miss(verdict, "speed-up %.3f of two equal jobs, at least %.2f", verdict->speed_up,
               least_pair);
    }
  } else if (row->mode == TRINE_MODE_SINGLE) {
    if (wide && verdict->utilisation < least_utilisation) {
      add_miss(verdict, "MAC utilisation %.4f, at least %.2f", verdict->utilisation,
               least_utilisation);
    }
  } else if (row->mode == TRINE_MODE_HELPER) {
    if (wide && verdict->speed_up < least_helper) {
      add_miss(verdict, "speed-up %.3f, at least %.2f", verdict->speed_up, least_helper);
    }
  } else {
    check_share(result, verdict);
  }
}

struct demo_verdict demo_judge(uint32_t index, const struct demo_result *results,
                               const bool *ready) {
  const struct demo_row *row = &demo_rows[index];
  const struct demo_result *result = &results[index];
  struct demo_verdict verdict = {.miss_count = 0};
  if (result->error[0] != '\0') {
    add_miss(&verdict, "%s", result->error);
    return verdict;
  }
  uint64_t sum = 0, longest = 0;
  bool known = true;
  for (uint32_t n = 0; n < row->job_count; n++) {
    const uint64_t cycles = alone(index, n, results, ready);
    known = known && cycles > 0;
    sum += cycles;
    longest = cycles > longest ? cycles : longest;
  }
  if (result->cycles > 0) {
    verdict.utilisation = (double)result->limit_cycles / (double)result->cycles;
    verdict.speed_up = known ? (double)sum / (double)result->cycles : 0;
  }
  find_bound(row, result, longest, sum, &verdict);
  if (!result->exact) {
    add_miss(&verdict, "not exact: %s", result->difference);
  }
  if (!known) {
    add_miss(&verdict, "nothing to compare the cycles with: the row on one core failed");
  } else {
    check_figures(row, result, &verdict);
  }
  return verdict;
}
