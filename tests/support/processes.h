/* SPDX-License-Identifier: Apache-2.0 */
/* processes: a process a piece of work, and a pipe from each to the one that started them. */
#ifndef TRINE_TEST_PROCESSES_H
#define TRINE_TEST_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PROCESSES_MAX = 16 };

struct process {
  bool is_busy;
  pid_t pid;
  int fd; /* what it says */
};

/* Starts `work` in a process of its own, which ends with exit code 0 when work returns; what work
 * gives to process_send comes out of process->fd. NULL, or the sentence that says why not. */
const char *process_start(struct process *process, void (*work)(void *context, int fd),
                          void *context);

/* In the started process: says all of data, or ends the process when nobody listens any more. */
void process_send(int fd, const void *data, size_t size);

/* Waits for the end of a process that has closed its pipe; its status as waitpid gives it. */
int process_end(struct process *process);

/* Waits up to timeout_ms (-1: as long as it takes) and calls hear for each of list[0..count-1] that
 * has something to say or has ended. False when none of them is busy. */
bool processes_hear(const struct process *list, uint32_t count, int timeout_ms,
                    void (*hear)(void *context, uint32_t index), void *context);

#endif
