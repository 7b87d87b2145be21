/* SPDX-License-Identifier: Apache-2.0 */
/* run: fork, two pipes and an alarm in the child, see run.h. */
#include "run.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(char *const *words, unsigned limit_s, const int out[2], const int err[2]) {
  const int nothing = open("/dev/null", O_RDONLY);
  if (dup2(nothing, 0) < 0 || dup2(out[1], 1) < 0 || dup2(err[1], 2) < 0) {
    _exit(127);
  }
  (void)close(out[0]);
  (void)close(err[0]);
  (void)alarm(limit_s);
  (void)execv(words[0], words);
  _exit(127);
}

/* Takes what is there; false at the end. */
static bool take(int from, char *text, size_t room, size_t *have) {
  char piece[4096];
  const ssize_t got = read(from, piece, sizeof piece);
  if (got <= 0) {
    return false;
  }
  const size_t fits = *have < room ? room - *have : 0;
  memcpy(text + (fits > 0 ? *have : 0), piece, (size_t)got < fits ? (size_t)got : fits);
  *have += (size_t)got;
  return true;
}

void run_command(char *const *words, unsigned limit_s, struct run_result *result) {
  int out[2], err[2], status = 0;
  char ignored[1];
  size_t err_bytes = 0;
  *result = (struct run_result){.status = -1};
  if (pipe(out) != 0 || pipe(err) != 0) {
    perror("run");
    exit(2);
  }
  const pid_t child = fork();
  if (child == 0) {
    become(words, limit_s, out, err);
  }
  (void)close(out[1]);
  (void)close(err[1]);
  struct pollfd from[2] = {{.fd = out[0], .events = POLLIN}, {.fd = err[0], .events = POLLIN}};
  while (from[0].fd >= 0 || from[1].fd >= 0) {
    if (poll(from, 2, -1) <= 0) {
      continue;
    }
    if (from[0].revents != 0 && !take(out[0], ignored, 0, &result->out_bytes)) {
      from[0].fd = -1;
    }
    if (from[1].revents != 0 && !take(err[0], result->err, RUN_ERR_BYTES - 1, &err_bytes)) {
      from[1].fd = -1;
    }
  }
  (void)close(out[0]);
  (void)close(err[0]);
  if (child < 0 || waitpid(child, &status, 0) != child) {
    perror("run");
    exit(2);
  }
  result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
