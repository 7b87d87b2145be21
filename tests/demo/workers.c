/* SPDX-License-Identifier: Apache-2.0 */
/* workers: a process a row, a pipe a process, see workers.h. */
#include "workers.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PROCESSES = 16, POLL_MS = 200 };

/* What a process says; small enough to be written to a pipe in one piece. */
struct message {
  bool is_result;
  uint64_t done, steps;
  struct demo_result result;
};
_Static_assert(sizeof(struct message) <= 4096, "a message has to go through a pipe in one piece");

struct worker {
  bool is_busy;
  pid_t pid;
  int fd;
  uint32_t row;
};

struct pool {
  struct demo_board *board;
  const char *folder;
  uint32_t count;
  struct worker workers[MAX_PROCESSES];
  demo_watcher watcher;
  void *context;
};

/* --- In the process of a row --- */

struct reporter {
  int fd;
  struct timespec last;
};

static void send_message(int fd, const struct message *message) {
  if (write(fd, message, sizeof *message) != (ssize_t)sizeof *message) {
    _exit(1); /* nobody listens any more */
  }
}

static void send_progress(void *context, uint64_t done, uint64_t steps) {
  struct reporter *reporter = context;
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  const long long ms = (now.tv_sec - reporter->last.tv_sec) * 1000LL +
                       (now.tv_nsec - reporter->last.tv_nsec) / 1000000;
  if (ms >= POLL_MS) {
    const struct message message = {.done = done, .steps = steps};
    send_message(reporter->fd, &message);
    reporter->last = now;
  }
}

static void work_on_row(const struct demo_row *row, const char *folder, int fd) {
  struct reporter reporter = {.fd = fd, .last = {.tv_sec = 0}};
  struct message message = {.is_result = true};
  demo_measure(row, folder, send_progress, &reporter, &message.result);
  send_message(fd, &message);
  _exit(0);
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

static void start_row(struct pool *pool, struct worker *worker, uint32_t row) {
  int ends[2];
  pool->board->state[row] = DEMO_RUNNING;
  if (pipe(ends) != 0) {
    fail_row(pool, row, "No pipe could be made for the row.");
    return;
  }
  (void)fflush(NULL); /* or both processes would write what is buffered */
  const pid_t pid = fork();
  if (pid == 0) {
    (void)close(ends[0]);
    work_on_row(&demo_rows[row], pool->folder, ends[1]);
  }
  (void)close(ends[1]);
  if (pid < 0) {
    (void)close(ends[0]);
    fail_row(pool, row, "No process could be made for the row.");
    return;
  }
  *worker = (struct worker){.is_busy = true, .pid = pid, .fd = ends[0], .row = row};
  pool->watcher(pool->context, pool->board, (int)row);
}

static void end_worker(struct pool *pool, struct worker *worker) {
  int status = 0;
  (void)close(worker->fd);
  (void)waitpid(worker->pid, &status, 0);
  worker->is_busy = false;
  if (pool->board->state[worker->row] != DEMO_DONE) {
    char why[100];
    (void)snprintf(why, sizeof why, "The process of the row ended early (%s %d).",
                   WIFSIGNALED(status) ? "signal" : "exit",
                   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    fail_row(pool, worker->row, why);
  }
}

static void hear(struct pool *pool, struct worker *worker) {
  struct message message;
  const ssize_t got = read(worker->fd, &message, sizeof message);
  if (got != (ssize_t)sizeof message) {
    end_worker(pool, worker);
  } else if (message.is_result) {
    finish_row(pool, worker->row, &message.result);
  } else {
    pool->board->done[worker->row] = message.done;
    pool->board->steps[worker->row] = message.steps;
  }
}

/* Hears whoever has something to say; false when nobody works. */
static bool listen_to_all(struct pool *pool) {
  struct pollfd fds[MAX_PROCESSES];
  struct worker *who[MAX_PROCESSES];
  nfds_t count = 0;
  for (uint32_t n = 0; n < pool->count; n++) {
    if (pool->workers[n].is_busy) {
      fds[count] = (struct pollfd){.fd = pool->workers[n].fd, .events = POLLIN};
      who[count] = &pool->workers[n];
      count++;
    }
  }
  if (count == 0) {
    return false;
  }
  if (poll(fds, count, POLL_MS) > 0) {
    for (nfds_t n = 0; n < count; n++) {
      if (fds[n].revents != 0) {
        hear(pool, who[n]);
      }
    }
  }
  pool->watcher(pool->context, pool->board, DEMO_NO_ROW);
  return true;
}

void demo_workers_run(struct demo_board *board, const char *folder, uint32_t processes,
                      demo_watcher watcher, void *context) {
  struct pool pool = {.board = board, .folder = folder, .watcher = watcher, .context = context};
  pool.count = processes < 1 ? 1 : processes > MAX_PROCESSES ? MAX_PROCESSES : processes;
  do {
    for (uint32_t n = 0; n < pool.count; n++) {
      const int row = longest_waiting(board);
      if (row != DEMO_NO_ROW && !pool.workers[n].is_busy) {
        start_row(&pool, &pool.workers[n], (uint32_t)row);
      }
    }
  } while (listen_to_all(&pool) || longest_waiting(board) != DEMO_NO_ROW);
}
