/* SPDX-License-Identifier: Apache-2.0 */
/* rows: the table of the demo, see rows.h. */
#include "rows.h"

#include <stddef.h>

static const struct demo_job vowels = {.model = "vowels",
                                       .input = "vowels_xq",
                                       .expected = "vowels_tflm",
                                       .task = DEMO_TASK_SPEAKER_LAST,
                                       .count = 370};
static const struct demo_job vowels_first = {.model = "vowels",
                                             .input = "vowels_xq",
                                             .expected = "vowels_tflm",
                                             .task = DEMO_TASK_SPEAKER_LAST,
                                             .count = 185};
static const struct demo_job vowels_second = {.model = "vowels",
                                              .input = "vowels_xq",
                                              .expected = "vowels_tflm",
                                              .task = DEMO_TASK_SPEAKER_LAST,
                                              .first = 185,
                                              .count = 185};
static const struct demo_job bidi = {.model = "bidi",
                                     .input = "vowels_xq",
                                     .expected = "bidi_tflm",
                                     .task = DEMO_TASK_SPEAKER_SUM,
                                     .count = 370};
static const struct demo_job bidi_own = {.model = "bidi",
                                         .input = "vowels_xq",
                                         .expected = "bidi_own_length_tflm",
                                         .task = DEMO_TASK_SPEAKER_SUM,
                                         .own_length = true,
                                         .count = 370};
static const struct demo_job chars = {.model = "chars",
                                      .input = "chars_xq",
                                      .expected = "chars_tflm",
                                      .task = DEMO_TASK_CHARS,
                                      .streams = 1};
static const struct demo_job stack4 = {.model = "stack4",
                                       .input = "stack4_xq",
                                       .expected = "stack4_tflm",
                                       .task = DEMO_TASK_CHARS,
                                       .streams = 1};
static const struct demo_job vad = {.model = "vad",
                                    .input = "vad_xq",
                                    .expected = "vad_tflm",
                                    .task = DEMO_TASK_SPEECH,
                                    .streams = 1};
static const struct demo_job vad_repeated = {.model = "vad",
                                             .input = "vad_xq",
                                             .expected = "vad_tflm",
                                             .task = DEMO_TASK_SPEECH,
                                             .streams = 6};

const struct demo_row demo_rows[] = {
    {"vowels", TRINE_MODE_SINGLE, 1, {&vowels}, 91},
    {"vowels", TRINE_MODE_MULTITHREADING, 1, {&vowels}, 57},
    {"vowels", TRINE_MODE_HELPER, 1, {&vowels}, 46},
    {"bidi", TRINE_MODE_SINGLE, 1, {&bidi}, 23},
    {"bidi", TRINE_MODE_MULTITHREADING, 1, {&bidi}, 15},
    {"bidi", TRINE_MODE_HELPER, 1, {&bidi}, 12},
    {"bidi, own length", TRINE_MODE_SINGLE, 1, {&bidi_own}, 12},
    {"bidi, own length", TRINE_MODE_MULTITHREADING, 1, {&bidi_own}, 8},
    {"bidi, own length", TRINE_MODE_HELPER, 1, {&bidi_own}, 7},
    {"chars", TRINE_MODE_SINGLE, 1, {&chars}, 150},
    {"chars", TRINE_MODE_HELPER, 1, {&chars}, 75},
    {"stack4", TRINE_MODE_SINGLE, 1, {&stack4}, 232},
    {"stack4", TRINE_MODE_MULTITHREADING, 1, {&stack4}, 130},
    {"stack4", TRINE_MODE_HELPER, 1, {&stack4}, 116},
    {"vad", TRINE_MODE_SINGLE, 1, {&vad}, 8},
    {"vad", TRINE_MODE_HELPER, 1, {&vad}, 4},
    {"vowels, 2 halves", TRINE_MODE_SINGLE, 2, {&vowels_first, &vowels_second}, 137},
    {"vowels + 6 x vad", TRINE_MODE_SINGLE, 2, {&vowels, &vad_repeated}, 138},
};
const uint32_t demo_row_count = sizeof demo_rows / sizeof demo_rows[0];
_Static_assert(sizeof demo_rows / sizeof demo_rows[0] <= DEMO_MAX_ROWS, "too many rows");

const char *demo_row_mode(const struct demo_row *row) {
  static const char *const names[] = {[TRINE_MODE_SINGLE] = "single",
                                      [TRINE_MODE_MULTITHREADING] = "multithreading",
                                      [TRINE_MODE_HELPER] = "helper",
                                      [TRINE_MODE_HYBRID] = "hybrid"};
  return row->job_count > 1 ? "multi-programming" : names[row->mode];
}

int demo_row_alone(const struct demo_job *job) {
  for (uint32_t n = 0; n < demo_row_count; n++) {
    const struct demo_row *row = &demo_rows[n];
    if (row->mode == TRINE_MODE_SINGLE && row->job_count == 1 && row->jobs[0] == job) {
      return (int)n;
    }
  }
  return DEMO_NO_ROW;
}
