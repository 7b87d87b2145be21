/* SPDX-License-Identifier: Apache-2.0 */
/* workers: a process a row, a pipe a process, see workers.h. */
#include "workers.h"

#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/processes.h"

enum { POLL_MS = 200 };

/* What a process says; small enough to be written to a pipe in one piece. */
struct worker_message {
  bool is_result;
  uint64_t done, steps;
  struct demo_result result;
};
_Static_assert(sizeof(struct worker_message) <= 4096,
               "a message has to go through a pipe in one piece");

struct pool {
  struct demo_board *board;
  const char *folder;
  uint32_t count;
  struct process processes[PROCESSES_MAX];
  uint32_t rows[PROCESSES_MAX]; /* that they work on */
  uint32_t row;                 /* that is being started */
  demo_watcher watcher;
  void *context;
};

/* --- In the process of a row --- */

struct reporter {
  int fd;
  struct timespec last;
};

static void send_progress(void *context, uint64_t done, uint64_t steps) {
  struct reporter *reporter = context;
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  const long long ms = (now.tv_sec - reporter->last.tv_sec) * 1000LL +
                       (now.tv_nsec - reporter->last.tv_nsec) / 1000000;
  if (ms >= POLL_MS) {
    const struct worker_message message = {.done = done, .steps = steps};
    process_send(reporter->fd, &message, sizeof message);
    reporter->last = now;
  }
}

static void work_on_row(void *context, int fd) {
  const struct pool *pool = context;
  struct reporter reporter = {.fd = fd, .last = {.tv_sec = 0}};
  struct worker_message message = {.is_result = true};
  demo_measure(&demo_rows[pool->row], pool->folder, send_progress, &reporter, &message.result);
  process_send(fd, &message, sizeof message);
}

/* --- In the first process --- */

static void finish_row(struct pool *pool, uint32_t row, const struct demo_result *result) {
  pool->board->results[row] = *result;
  pool->board->state[row] = DEMO_DONE;
  pool->watcher(pool->context, pool->board, (int)row);
}

static void fail_row(struct pool *pool, uint32_t row, const char *why) {
  struct demo_result result = {.exact = false};
  (void)snprintf(result.error, sizeof result.error, "%s", why);
  finish_row(pool, row, &result);
}

static int longest_waiting(const struct demo_board *board) {
  int best = DEMO_NO_ROW;
  for (uint32_t n = 0; n < demo_row_count; n++) {
    if (board->state[n] == DEMO_WAITING &&
        (best == DEMO_NO_ROW || demo_rows[n].size > demo_rows[best].size)) {
      best = (int)n;
    }
  }
  return best;
}

static void start_row(struct pool *pool, uint32_t index, uint32_t row) {
  pool->board->state[row] = DEMO_RUNNING;
  pool->row = row;
  const char *why_not = process_start(&pool->processes[index], work_on_row, pool);
  if (why_not != NULL) {
    fail_row(pool, row, why_not);
    return;
  }
  pool->rows[index] = row;
  pool->watcher(pool->context, pool->board, (int)row);
}

static void end_worker(struct pool *pool, uint32_t index) {
  const int status = process_end(&pool->processes[index]);
  if (pool->board->state[pool->rows[index]] != DEMO_DONE) {
    char why[100];
    (void)snprintf(why, sizeof why, "The process of the row ended early (%s %d).",
                   WIFSIGNALED(status) ? "signal" : "exit",
                   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    fail_row(pool, pool->rows[index], why);
  }
}

static void hear(void *context, uint32_t index) {
  struct pool *pool = context;
  const uint32_t row = pool->rows[index];
  struct worker_message message;
  const ssize_t got = read(pool->processes[index].fd, &message, sizeof message);
  if (got != (ssize_t)sizeof message) {
    end_worker(pool, index);
  } else if (message.is_result) {
    finish_row(pool, row, &message.result);
  } else {
    pool->board->done[row] = message.done;
    pool->board->steps[row] = message.steps;
  }
}

/* Hears whoever has something to say; false when nobody works. */
static bool listen_to_all(struct pool *pool) {
  const bool works = processes_hear(pool->processes, pool->count, POLL_MS, hear, pool);
  if (works) {
    pool->watcher(pool->context, pool->board, DEMO_NO_ROW);
  }
  return works;
}

void demo_workers_run(struct demo_board *board, const char *folder, uint32_t processes,
                      demo_watcher watcher, void *context) {
  struct pool pool = {.board = board, .folder = folder, .watcher = watcher, .context = context};
  if (processes < 1) {
    pool.count = 1;
  } else if (processes > PROCESSES_MAX) {
    pool.count = PROCESSES_MAX;
  } else {
    pool.count = processes;
  }
  do {
    for (uint32_t n = 0; n < pool.count; n++) {
      const int row = longest_waiting(board);
      if (row != DEMO_NO_ROW && !pool.processes[n].is_busy) {
        start_row(&pool, n, (uint32_t)row);
      }
    }
  } while (listen_to_all(&pool) || longest_waiting(board) != DEMO_NO_ROW);
}
