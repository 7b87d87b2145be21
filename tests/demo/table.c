/* SPDX-License-Identifier: Apache-2.0 */
/* table: columns, numbers and colours, see table.h. */
#include "table.h"

#include <stdio.h>
#include <string.h>

#define RED "\033[31m"
#define GREEN "\033[32m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"

const char *table_number(uint64_t value, char text[32]) {
  char digits[24];
  const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  int at = 0;
  for (int n = 0; n < length; n++) {
    if (n > 0 && (length - n) % 3 == 0) {
      text[at++] = ',';
    }
    text[at++] = digits[n];
  }
  text[at] = '\0';
  return text;
}

void table_head(char head[TABLE_LINE], char rule[TABLE_LINE]) {
  const int length =
      snprintf(head, TABLE_LINE, "%-16s  %-17s %5s %11s  %6s %8s %6s  %9s  %-5s  %s", "model",
               "mode", "cores", "cycles", "MACs", "speed-up", "bound", "values", "exact", "task");
  const int width = length + 20;
  memset(rule, '-', (size_t)width);
  rule[width] = '\0';
}

bool table_verdict(const struct demo_board *board, uint32_t index, struct demo_verdict *verdict) {
  bool ready[DEMO_MAX_ROWS] = {false};
  for (uint32_t n = 0; n < demo_row_count; n++) {
    ready[n] = board->state[n] == DEMO_DONE;
  }
  bool settled = ready[index];
  for (uint32_t n = 0; n < demo_rows[index].job_count; n++) {
    const int row = demo_row_alone(demo_rows[index].jobs[n]);
    settled = settled && (row == DEMO_NO_ROW || ready[row]);
  }
  if (settled) {
    *verdict = demo_judge(index, board->results, ready);
  }
  return settled;
}

static void finished_line(const struct demo_board *board, uint32_t index, bool colours,
                          char line[TABLE_LINE]) {
  const struct demo_row *row = &demo_rows[index];
  const struct demo_result *result = &board->results[index];
  struct demo_verdict verdict = {.miss_count = 0};
  char cycles[32], values[32], speed_up[32] = "...", bound[32] = "...", utilisation[32] = "";
  const bool settled = table_verdict(board, index, &verdict);
  const bool missed = verdict.miss_count > 0;
  if (result->cycles > 0) {
    (void)snprintf(utilisation, sizeof utilisation, "%.4f",
                   (double)result->limit_cycles / (double)result->cycles);
  }
  if (settled) {
    (void)snprintf(speed_up, sizeof speed_up, "%.3f", verdict.speed_up);
    (void)snprintf(bound, sizeof bound, "%.3f", verdict.bound);
  }
  (void)snprintf(line, TABLE_LINE, "%s%-16s  %-17s %5u %11s  %6s %8s %6s  %9s  %s%-5s%s  %s%s",
                 colours && missed ? RED : "", row->name, demo_row_mode(row), result->cores,
                 table_number(result->cycles, cycles), utilisation, speed_up, bound,
                 table_number(result->values, values), colours && !missed ? GREEN : "",
                 result->exact ? "exact" : "WRONG", colours && !missed ? PLAIN : "", result->metric,
                 colours && missed ? PLAIN : "");
}

void table_line(const struct demo_board *board, uint32_t index, bool colours,
                char line[TABLE_LINE]) {
  const struct demo_row *row = &demo_rows[index];
  char done[32], steps[32], state[80] = "waiting";
  if (board->state[index] == DEMO_DONE && board->results[index].error[0] == '\0') {
    finished_line(board, index, colours, line);
    return;
  }
  const bool failed = board->state[index] == DEMO_DONE;
  if (board->state[index] == DEMO_RUNNING && board->steps[index] == 0) {
    (void)snprintf(state, sizeof state, "starting");
  } else if (board->state[index] == DEMO_RUNNING) {
    (void)snprintf(state, sizeof state, "%s of %s steps", table_number(board->done[index], done),
                   table_number(board->steps[index], steps));
  }
  const char *colour = failed ? RED : DIM;
  (void)snprintf(line, TABLE_LINE, "%s%-16s  %-17s %s%s", colours ? colour : "", row->name,
                 demo_row_mode(row), failed ? "failed" : state, colours ? PLAIN : "");
}

const char *table_note(uint32_t index) {
  static const char *const notes[] = {
      "cycles: from START to the done interrupt, without loading weights; of two jobs the longer.",
      "MACs: share of all cycles' products that are the network's, without padding.",
      "speed-up: over the same work on one core, one job after the other.",
      "bound of the speed-up: cores; multithreading: the best cut of whole layers, by the "
      "cycles the MAC arrays need, padding included; two jobs a and b: (a + b) / max(a, b).",
      "exact: outputs, and final h and c of streams, equal to the golden model's and to the stored "
      "ones of TensorFlow Lite Micro.",
      "held, or the row is red: exact; single MACs >= 0.97 and helper >= 1.95 where every LSTM has "
      "128 units or more; two equal jobs >= 1.95; multithreading: "
      "the bound's cycles are >= 0.97 of those taken."};
  return index < sizeof notes / sizeof notes[0] ? notes[index] : NULL;
}
