/* SPDX-License-Identifier: Apache-2.0 */
/* screen: progress and the table on standard output, see screen.h. */
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "table.h"

/* Between two drawings; between two reports of rows under way. */
static const double redraw_seconds = 0.2;
static const double report_seconds = 15;

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

struct screen screen_make(void) {
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
  const bool dumb = term == NULL || strcmp(term, "dumb") == 0;
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  const bool refused = no_color != NULL && no_color[0] != '\0';
  return (struct screen){
      .live = terminal && !dumb, .colours = terminal && !dumb && !refused, .last = now()};
}

/* Lines are not wrapped while the table is redrawn: it has to have as many as were counted. */
static void draw(struct screen *screen, const struct demo_board *board) {
  char head[TABLE_LINE], line[TABLE_LINE];
  if (screen->drawn > 0) {
    (void)printf("\033[%uA\r", screen->drawn);
  }
  table_head(head, line);
  (void)printf("\033[?7l%s\033[K\n%s\033[K\n", head, line);
  screen->drawn = 2;
  for (uint32_t n = 0; n < demo_row_count; n++) {
    if (board->state[n] != DEMO_SKIPPED) {
      table_line(board, n, screen->colours, line);
      (void)printf("%s\033[K\n", line);
      screen->drawn++;
    }
  }
  (void)printf("\033[?7h");
  (void)fflush(stdout);
}

static void tell(const struct demo_board *board, uint32_t row) {
  const struct demo_result *result = &board->results[row];
  char a[32], b[32];
  (void)printf("%s, %s: ", demo_rows[row].name, demo_row_mode(&demo_rows[row]));
  if (board->state[row] == DEMO_DONE && result->error[0] != '\0') {
    (void)printf("failed: %s\n", result->error);
  } else if (board->state[row] == DEMO_DONE) {
    (void)printf("%s cycles in %.1f s, %s\n", table_number(result->cycles, a), result->seconds,
                 result->exact ? "exact" : "WRONG");
  } else if (board->steps[row] == 0) {
    (void)printf("started\n");
  } else {
    (void)printf("%s of %s steps\n", table_number(board->done[row], a),
                 table_number(board->steps[row], b));
  }
  (void)fflush(stdout);
}

void screen_watch(void *context, const struct demo_board *board, int row) {
  struct screen *screen = context;
  const double time = now();
  if (screen->live) {
    if (row != DEMO_NO_ROW || time - screen->last >= redraw_seconds) {
      draw(screen, board);
      screen->last = time;
    }
    return;
  }
  if (row != DEMO_NO_ROW) {
    tell(board, (uint32_t)row);
  } else if (time - screen->last >= report_seconds) {
    for (uint32_t n = 0; n < demo_row_count; n++) {
      if (board->state[n] == DEMO_RUNNING) {
        tell(board, n);
      }
    }
    screen->last = time;
  }
}

uint32_t screen_end(struct screen *screen, const struct demo_board *board) {
  char head[TABLE_LINE], line[TABLE_LINE];
  uint32_t missed = 0;
  if (screen->drawn > 0) {
    (void)printf("\033[%uA\r\033[J", screen->drawn);
    screen->drawn = 0;
  }
  table_head(head, line);
  (void)printf("%s%s\n%s\n", screen->live ? "" : "\n", head, line);
  for (uint32_t n = 0; n < demo_row_count; n++) {
    if (board->state[n] != DEMO_SKIPPED) {
      table_line(board, n, screen->colours, line);
      (void)printf("%s\n", line);
    }
  }
  (void)printf("\n");
  for (uint32_t n = 0; table_note(n) != NULL; n++) {
    (void)printf("%s\n", table_note(n));
  }
  for (uint32_t n = 0; n < demo_row_count; n++) {
    struct demo_verdict verdict = {.miss_count = 0};
    if (board->state[n] != DEMO_SKIPPED && table_verdict(board, n, &verdict)) {
      missed += verdict.miss_count > 0;
      for (uint32_t i = 0; i < verdict.miss_count; i++) {
        (void)printf("%sMISS %s, %s: %s%s\n", screen->colours ? "\033[31m" : "", demo_rows[n].name,
                     demo_row_mode(&demo_rows[n]), verdict.misses[i],
                     screen->colours ? "\033[0m" : "");
      }
    }
  }
  return missed;
}
