/* SPDX-License-Identifier: Apache-2.0 */
/* check: golden output and states against the device's, see check.h. */
#include "check.h"

#include <stdlib.h>

#include "execute.h"
#include "explain.h"

static long long value_at(enum trine_dtype type, const void *data, uint64_t index) {
  switch (type) {
    case TRINE_DTYPE_INT32:
      return ((const int32_t *)data)[index];
    case TRINE_DTYPE_INT64:
      return ((const int64_t *)data)[index];
    default:
      return ((const int8_t *)data)[index];
  }
}

/* Which sequence, step and value the output value of that index is. */
static void name_output(const struct cli_work *work, const void *want, uint64_t index,
                        struct trine_error *difference) {
  const struct trine_model_end *end = &work->info->output;
  const void *got = work->output.data;
  const uint64_t row = index / end->width;
  uint64_t sequence = row, step = 0;
  if (end->has_time) {
    sequence = end->time_major ? row % work->batch : row / work->steps;
    step = end->time_major ? row / work->batch : row % work->steps;
  }
  trine_error_set(difference, "Output, sequence %llu, step %llu, value %llu: got %lld, want %lld.",
                  (unsigned long long)sequence, (unsigned long long)step,
                  (unsigned long long)(index % end->width), value_at(end->type, got, index),
                  value_at(end->type, want, index));
}

static bool same_output(const struct cli_work *work, const void *want,
                        struct trine_error *difference) {
  const void *got = work->output.data;
  const enum trine_dtype type = work->output.dtype;
  for (uint64_t n = 0; n < work->output.count; n++) {
    if (value_at(type, got, n) != value_at(type, want, n)) {
      name_output(work, want, n, difference);
      return false;
    }
  }
  return true;
}

static bool same_states(const struct cli_work *work, const struct trine_states *wanted,
                        struct cli_check *check, struct trine_error *difference) {
  for (uint32_t n = 0; n < wanted->lstm_count; n++) {
    const uint32_t units = wanted->units[n];
    const struct trine_lstm_state *got = &work->state_out.lstm[n], *want = &wanted->lstm[n];
    for (uint64_t i = 0; i < (uint64_t)units * work->batch; i++) {
      const bool h = got->h[i] != want->h[i];
      if (h || got->c[i] != want->c[i]) {
        trine_error_set(difference, "State %c%u, sequence %llu, unit %llu: got %d, want %d.",
                        h ? 'h' : 'c', n, (unsigned long long)(i / units),
                        (unsigned long long)(i % units), h ? got->h[i] : got->c[i],
                        h ? want->h[i] : want->c[i]);
        return false;
      }
    }
    check->values += 2 * (uint64_t)units * work->batch;
  }
  return true;
}

bool cli_check(struct cli_device *device, struct cli_work *work, struct cli_check *check,
               struct trine_error *difference, struct trine_error *error) {
  void *want = malloc(trine_array_bytes(&work->output) + 1);
  struct trine_states states;
  *check = (struct cli_check){.values = work->output.count};
  bool good = cli_work_states(work, &states, error);
  if (want == NULL) {
    trine_error_set(error, "There is no memory for the expected output.");
  }
  good = good && want != NULL && cli_execute_golden(work, want, states.lstm, error);
  if (good) {
    check->exact =
        same_output(work, want, difference) && same_states(work, &states, check, difference);
    if (!check->exact) {
      cli_explain(device, work, difference);
    }
  }
  trine_states_free(&states);
  free(want);
  return good;
}
