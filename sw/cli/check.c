/* SPDX-License-Identifier: Apache-2.0 */
/* check: golden output and states against the device's, see check.h. */
#include "check.h"

#include <stdio.h>
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
static void name_output(const struct cli_work *work, uint32_t output, const void *want,
                        uint64_t index, struct trine_error *difference) {
  const struct trine_model_end *end = &work->info->outputs[output];
  const void *got = work->outputs[output].data;
  char number[16] = "";
  if (work->info->output_count > 1) {
    (void)snprintf(number, sizeof number, " %u", output);
  }
  const uint64_t row = index / end->width;
  uint64_t sequence = row, step = 0;
  if (end->has_time) {
    sequence = end->time_major ? row % work->batch : row / work->steps;
    step = end->time_major ? row / work->batch : row % work->steps;
  }
  trine_error_set(difference,
                  "Output%s, sequence %llu, step %llu, value %llu: got %lld, want %lld.", number,
                  (unsigned long long)sequence, (unsigned long long)step,
                  (unsigned long long)(index % end->width), value_at(end->type, got, index),
                  value_at(end->type, want, index));
}

static bool same_outputs(const struct cli_work *work, const struct cli_places *wanted,
                         struct trine_error *difference) {
  for (uint32_t k = 0; k < work->info->output_count; k++) {
    const void *got = work->outputs[k].data, *want = wanted->data[k];
    const enum trine_dtype type = work->outputs[k].dtype;
    for (uint64_t n = 0; n < work->outputs[k].count; n++) {
      if (value_at(type, got, n) != value_at(type, want, n)) {
        name_output(work, k, want, n, difference);
        return false;
      }
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
  struct cli_places wanted;
  struct trine_states states = {.sequences = 0};
  *check = (struct cli_check){.values = 0};
  for (uint32_t n = 0; n < work->info->output_count; n++) {
    check->values += work->outputs[n].count;
  }
  const bool good = cli_places_make(work, false, &wanted, error) &&
                    cli_work_states(work, &states, error) &&
                    cli_execute_golden(work, &wanted, states.lstm, error);
  if (good) {
    check->exact =
        same_outputs(work, &wanted, difference) && same_states(work, &states, check, difference);
    if (!check->exact) {
      cli_explain(device, work, difference);
    }
  }
  trine_states_free(&states);
  cli_places_free(&wanted);
  return good;
}
