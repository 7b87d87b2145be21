/* SPDX-License-Identifier: Apache-2.0 */
/* processes: see processes.h. */
#include "processes.h"

#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

const char *process_start(struct process *process, void (*work)(void *context, int fd),
                          void *context) {
  int ends[2];
  if (pipe(ends) != 0) {
    return "No pipe could be made for the row.";
  }
  (void)fflush(NULL); /* or both processes would write what is buffered */
  const pid_t pid = fork();
  if (pid == 0) {
    (void)close(ends[0]);
    work(context, ends[1]);
    _exit(0);
  }
  (void)close(ends[1]);
  if (pid < 0) {
    (void)close(ends[0]);
    return "No process could be made for the row.";
  }
  *process = (struct process){.is_busy = true, .pid = pid, .fd = ends[0]};
  return NULL;
}

void process_send(int fd, const void *data, size_t size) {
  const char *at = data;
  while (size > 0) {
    const ssize_t sent = write(fd, at, size);
    if (sent <= 0) {
      _exit(1);
    }
    at += sent;
    size -= (size_t)sent;
  }
}

int process_end(struct process *process) {
  int status = 0;
  (void)close(process->fd);
  (void)waitpid(process->pid, &status, 0);
  process->is_busy = false;
  return status;
}

bool processes_hear(const struct process *list, uint32_t count, int timeout_ms,
                    void (*hear)(void *context, uint32_t index), void *context) {
  struct pollfd fds[PROCESSES_MAX];
  uint32_t who[PROCESSES_MAX];
  nfds_t busy = 0;
  for (uint32_t n = 0; n < count; n++) {
    if (list[n].is_busy) {
      fds[busy] = (struct pollfd){.fd = list[n].fd, .events = POLLIN};
      who[busy] = n;
      busy++;
    }
  }
  if (busy > 0 && poll(fds, busy, timeout_ms) > 0) {
    for (nfds_t n = 0; n < busy; n++) {
      if (fds[n].revents != 0) {
        hear(context, who[n]);
      }
    }
  }
  return busy > 0;
}
