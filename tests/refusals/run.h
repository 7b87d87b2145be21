/* SPDX-License-Identifier: Apache-2.0 */
/* run: one command in a process of its own, with what it says. */
#ifndef TRINE_REFUSALS_RUN_H
#define TRINE_REFUSALS_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

enum { RUN_ERR_BYTES = 16384 };

struct run_result {
  int status; /* exit status, -1 after a signal */
  int signal; /* 0, or what ended it; SIGALRM: it did not end in time */
  size_t out_bytes;
  char err[RUN_ERR_BYTES]; /* terminated, cut */
};

/* Runs words[0] with its arguments, standard input empty, for at most limit_s seconds. */
void run_command(char *const *words, unsigned limit_s, struct run_result *result);

#endif
