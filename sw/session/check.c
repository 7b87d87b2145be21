/* SPDX-License-Identifier: Apache-2.0 */
/* check: golden output and states against a session's, see check.h. */
#include "session/check.h"

#include <stdio.h>

#include "session/check_parts.h"

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

/* Which sequence, step and value of an output differs. */
static void name_value(const struct trine_session *session, const struct trine_model_batch *batch,
                       uint32_t output, const void *want, uint64_t index,
                       struct trine_error *difference) {
  const struct trine_model_info *info = trine_model_info(session->model);
  const struct trine_model_end *end = &info->outputs[output];
  char number[16] = "";
  if (info->output_count > 1) {
    (void)snprintf(number, sizeof number, " %u", output);
  }
  const uint64_t row = index / end->width;
  uint64_t sequence = row, step = 0;
  if (end->has_time) {
    sequence = end->time_major ? row % batch->sequences : row / batch->steps;
    step = end->time_major ? row / batch->sequences : row % batch->steps;
  }
  trine_error_set(
      difference, "Output%s, sequence %llu, step %llu, value %llu: got %lld, want %lld.", number,
      (unsigned long long)sequence, (unsigned long long)step,
      (unsigned long long)(index % end->width),
      value_at(end->type, check_output_of(batch, output), index), value_at(end->type, want, index));
}

static bool same_outputs(const struct trine_session *session, const struct trine_model_batch *batch,
                         const struct check_outputs *wanted, struct trine_check *check) {
  const struct trine_model_info *info = trine_model_info(session->model);
  for (uint32_t k = 0; k < wanted->count; k++) {
    check->values += wanted->values[k];
  }
  for (uint32_t k = 0; k < wanted->count; k++) {
    const void *got = check_output_of(batch, k), *want = wanted->data[k];
    const enum trine_dtype type = info->outputs[k].type;
    for (uint64_t n = 0; n < wanted->values[k]; n++) {
      if (value_at(type, got, n) != value_at(type, want, n)) {
        name_value(session, batch, k, want, n, &check->difference);
        return false;
      }
    }
  }
  return true;
}

static bool same_states(const struct trine_model_batch *batch, const struct trine_states *wanted,
                        struct trine_check *check) {
  for (uint32_t n = 0; n < wanted->lstm_count; n++) {
    const uint32_t units = wanted->units[n];
    const struct trine_lstm_state *got = &batch->state_out[n], *want = &wanted->lstm[n];
    for (uint64_t i = 0; i < (uint64_t)units * batch->sequences; i++) {
      const bool h = got->h[i] != want->h[i];
      if (h || got->c[i] != want->c[i]) {
        trine_error_set(&check->difference,
                        "State %c%u, sequence %llu, unit %llu: got %d, want %d.", h ? 'h' : 'c', n,
                        (unsigned long long)(i / units), (unsigned long long)(i % units),
                        h ? got->h[i] : got->c[i], h ? want->h[i] : want->c[i]);
        return false;
      }
    }
    check->values += 2 * (uint64_t)units * batch->sequences;
  }
  return true;
}

/* What the golden model makes of the batch. */
static enum trine_status run_golden(const struct trine_model *model,
                                    const struct trine_model_batch *batch,
                                    struct trine_error *error) {
  struct trine_session *golden = NULL;
  enum trine_status status = trine_session_open(model, NULL, NULL, &golden, error);
  if (status == TRINE_OK) {
    status = trine_session_run(golden, batch, error);
  }
  trine_session_close(golden);
  return status;
}

enum trine_status trine_session_check(struct trine_session *session,
                                      const struct trine_model_batch *batch,
                                      struct trine_check *check, struct trine_error *error) {
  struct check_outputs wanted = {.count = 0};
  struct trine_states states = {.sequences = 0};
  *check = (struct trine_check){.exact = false};
  if (session == NULL) {
    trine_error_set(error, "A check needs the session that ran the batch, and there is none.");
    return TRINE_ERR_ARG;
  }
  enum trine_status status = trine_model_check_batch(session->model, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  status = check_outputs_make(session->model, batch->sequences, batch->steps, &wanted, error);
  if (status == TRINE_OK && batch->state_out != NULL &&
      trine_states_make(session->model, batch->sequences, &states, error) != TRINE_OK) {
    status = TRINE_ERR_MEMORY;
  }
  if (status == TRINE_OK) {
    const struct trine_model_batch golden = check_outputs_batch(batch, &wanted, states.lstm);
    status = run_golden(session->model, &golden, error);
  }
  if (status == TRINE_OK) {
    check->exact =
        same_outputs(session, batch, &wanted, check) && same_states(batch, &states, check);
    if (!check->exact) {
      check_explain(session, batch, &check->difference);
    }
  }
  trine_states_free(&states);
  check_outputs_free(&wanted);
  return status;
}
