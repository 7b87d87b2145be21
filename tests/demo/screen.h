/* SPDX-License-Identifier: Apache-2.0 */
/* screen: shows the board while it fills: on a terminal the table itself, redrawn in place; in a
 * file a line when a row starts or ends, and now and then one for each under way. */
#ifndef TRINE_DEMO_SCREEN_H
#define TRINE_DEMO_SCREEN_H

#include "workers.h"

struct screen {
  bool live, colours;
  uint32_t drawn; /* lines of the table on the terminal */
  double last;    /* seconds, of the last drawing or the last lines of progress */
};

/* Finds out what standard output is. */
struct screen screen_make(void);

/* A demo_watcher; context is the screen. */
void screen_watch(void *context, const struct demo_board *board, int row);

/* The table at the end, its misses and its notes. Returns the number of rows that miss. */
uint32_t screen_end(struct screen *screen, const struct demo_board *board);

#endif
