/* SPDX-License-Identifier: Apache-2.0 */
/* workers: runs rows in processes of their own, several at a time, each with its own device. */
#ifndef TRINE_DEMO_WORKERS_H
#define TRINE_DEMO_WORKERS_H

#include "measure.h"

enum demo_state { DEMO_SKIPPED = 0, DEMO_WAITING, DEMO_RUNNING, DEMO_DONE };

/* Where the rows are; one entry a row of demo_rows in each array. */
struct demo_board {
  enum demo_state state[DEMO_MAX_ROWS];
  uint64_t done[DEMO_MAX_ROWS], steps[DEMO_MAX_ROWS]; /* of a running row; steps 0: not known */
  struct demo_result results[DEMO_MAX_ROWS];
};

/* Called after every change and at least a few times a second. row: the one whose state changed,
 * or DEMO_NO_ROW. */
typedef void (*demo_watcher)(void *context, const struct demo_board *board, int row);

/* Runs the waiting rows of the board, the longest first, in at most `processes` processes. A
 * process that dies leaves an error in its row's result. */
void demo_workers_run(struct demo_board *board, const char *folder, uint32_t processes,
                      demo_watcher watcher, void *context);

#endif
