/* SPDX-License-Identifier: Apache-2.0 */
/* pool: a process a row, its result as text through a pipe, see pool.h. */
#include "pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "results.h"
#include "support/processes.h"

enum { MAX_RESULT_BYTES = 1 << 16, MACHINES = 4 };

/* What a process works on, and has said of it so far. */
struct worker {
  uint32_t row; /* of the catalogue */
  char *text;
  size_t size;
};

/* Simulated cycles a second of the configurations: first a guess, then what was seen. */
struct rate {
  const char *config;
  double guess, cycles, seconds;
};

struct progress {
  const struct bench_pool *pool;
  uint32_t count, next, done; /* count: of processes */
  struct process processes[PROCESSES_MAX];
  struct worker workers[PROCESSES_MAX];
  struct rate rates[MACHINES];
};

static double rate_of(const struct progress *progress, const char *config) {
  for (int n = 0; n < MACHINES; n++) {
    const struct rate *rate = &progress->rates[n];
    if (strcmp(rate->config, config) == 0) {
      /* The guess counts like some seconds of experience. */
      return (rate->guess * 10 + rate->cycles) / (10 + rate->seconds);
    }
  }
  return 1e5;
}

static double seconds_left(const struct progress *progress) {
  double seconds = 0;
  for (uint32_t n = 0; n < progress->pool->count; n++) {
    const struct bench_row *row = &progress->pool->catalogue->rows[progress->pool->wanted[n]];
    bool is_open = n >= progress->next;
    for (uint32_t w = 0; w < progress->count; w++) {
      is_open = is_open || (progress->processes[w].is_busy &&
                            progress->workers[w].row == progress->pool->wanted[n]);
    }
    if (is_open) {
      seconds += bench_expected_cycles(progress->pool->catalogue, row) /
                 rate_of(progress, bench_first_config(row));
    }
  }
  return seconds / progress->count;
}

static void learn(struct progress *progress, const cJSON *row) {
  for (int n = 0; n < MACHINES; n++) {
    if (strcmp(progress->rates[n].config, bench_text(row, "config")) == 0) {
      progress->rates[n].cycles += bench_number(row, "simulated_cycles");
      progress->rates[n].seconds += bench_number(row, "seconds");
    }
  }
}

/* --- In the process of a row --- */

static void work_on_row(void *context, int fd) {
  const struct progress *progress = context;
  const struct bench_pool *pool = progress->pool;
  const uint32_t index = pool->wanted[progress->next];
  cJSON *row = bench_measure(pool->catalogue, &pool->catalogue->rows[index], &pool->known, NULL);
  char *text = row == NULL ? NULL : cJSON_PrintUnformatted(row);
  if (text != NULL) {
    process_send(fd, text, strlen(text));
  }
}

/* --- In the first process --- */

static void print_row(struct progress *progress, const cJSON *row) {
  const bool failed = cJSON_GetObjectItem(row, "error") != NULL;
  const double left = seconds_left(progress);
  (void)printf("%3u/%u  %-62s ", progress->done, progress->pool->count, bench_text(row, "key"));
  if (failed) {
    (void)printf("not run: %s", bench_text(row, "error"));
  } else {
    (void)printf("%9.0f cycles, %.4f used, %s, %s in %.1f s", bench_number(row, "warm.cycles"),
                 bench_number(row, "warm.utilisation"), bench_text(row, "config"),
                 bench_number(row, "exact") != 0 ? "exact" : "NOT EXACT",
                 bench_number(row, "seconds"));
    if (bench_text(row, "same_as")[0] != '\0') {
      (void)printf(", placed as %s", bench_text(row, "same_as"));
    }
  }
  (void)printf("; about %.0f min left\n", left / 60);
  (void)fflush(stdout);
}

static void end_worker(struct progress *progress, uint32_t index) {
  struct worker *worker = &progress->workers[index];
  (void)process_end(&progress->processes[index]);
  progress->done++;
  worker->text[worker->size] = '\0';
  cJSON *row = cJSON_Parse(worker->text);
  if (row == NULL) {
    char key[BENCH_KEY_BYTES];
    bench_row_key(progress->pool->catalogue, &progress->pool->catalogue->rows[worker->row], key);
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "key", key);
    cJSON_AddStringToObject(row, "error", "The process of the row ended early.");
  }
  free(worker->text);
  worker->text = NULL;
  learn(progress, row);
  print_row(progress, row);
  progress->pool->finish(progress->pool->context, row);
}

static bool start_worker(struct progress *progress, uint32_t index) {
  char *text = malloc(MAX_RESULT_BYTES + 1);
  if (text == NULL || process_start(&progress->processes[index], work_on_row, progress) != NULL) {
    free(text);
    return false;
  }
  progress->workers[index] =
      (struct worker){.row = progress->pool->wanted[progress->next], .text = text};
  progress->next++;
  return true;
}

static void hear(void *context, uint32_t index) {
  struct progress *progress = context;
  struct worker *worker = &progress->workers[index];
  const ssize_t got = read(progress->processes[index].fd, worker->text + worker->size,
                           MAX_RESULT_BYTES - worker->size);
  if (got > 0) {
    worker->size += (size_t)got;
  } else {
    end_worker(progress, index);
  }
}

void bench_pool_run(const struct bench_pool *pool, uint32_t processes) {
  struct progress progress = {
      .pool = pool,
      .rates = {
          {"duo", 4.2e5, 0, 0}, {"quad", 2e5, 0, 0}, {"octo", 1e5, 0, 0}, {"big", 2e4, 0, 0}}};
  if (processes < 1) {
    progress.count = 1;
  } else if (processes > PROCESSES_MAX) {
    progress.count = PROCESSES_MAX;
  } else {
    progress.count = processes;
  }
  (void)printf("About %.0f minutes with %u processes.\n", seconds_left(&progress) / 60,
               progress.count);
  bool works = true;
  while (works) {
    bool could_start = true;
    for (uint32_t n = 0; n < progress.count; n++) {
      if (!progress.processes[n].is_busy && progress.next < pool->count) {
        could_start = start_worker(&progress, n) && could_start;
      }
    }
    works = processes_hear(progress.processes, progress.count, -1, hear, &progress) ||
            (could_start && progress.next < pool->count);
  }
  if (progress.next < pool->count) {
    (void)printf("%u rows could not be started.\n", pool->count - progress.next);
  }
}
