/* SPDX-License-Identifier: Apache-2.0 */
/* compare: one batch on two sessions, see check.h. */
#include <stdlib.h>
#include <string.h>

#include "io/size.h"
#include "session/check_parts.h"

enum trine_status check_outputs_make(const struct trine_model *model, uint32_t sequences,
                                     uint32_t steps, struct check_outputs *outputs,
                                     struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(model);
  const uint32_t count = info->output_count;
  *outputs = (struct check_outputs){calloc(count, sizeof *outputs->data),
                                    calloc(count, sizeof *outputs->values), count};
  bool good = outputs->data != NULL && outputs->values != NULL;
  for (uint32_t n = 0; n < count && good; n++) {
    uint64_t shape[TRINE_MODEL_MAX_RANK];
    const uint32_t rank = trine_model_output_shape_of(model, n, sequences, steps, shape);
    size_t bytes = trine_dtype_size(info->outputs[n].type);
    for (uint32_t axis = 0; axis < rank && good; axis++) {
      good = shape[axis] < SIZE_MAX && trine_size_mul(bytes, (size_t)shape[axis], &bytes);
    }
    outputs->values[n] = bytes / trine_dtype_size(info->outputs[n].type);
    outputs->data[n] = good && bytes < SIZE_MAX ? malloc(bytes + 1) : NULL;
    good = outputs->data[n] != NULL;
  }
  if (!good) {
    trine_error_set(error, "There is no memory for %u outputs.", count);
  }
  return good ? TRINE_OK : TRINE_ERR_MEMORY;
}

void check_outputs_free(struct check_outputs *outputs) {
  for (uint32_t n = 0; n < outputs->count && outputs->data != NULL; n++) {
    free(outputs->data[n]);
  }
  free(outputs->data);
  free(outputs->values);
  *outputs = (struct check_outputs){.count = 0};
}

struct trine_model_batch check_outputs_batch(const struct trine_model_batch *batch,
                                             const struct check_outputs *outputs,
                                             const struct trine_lstm_state *state_out) {
  struct trine_model_batch made = *batch;
  made.output = outputs->data[0];
  made.more_outputs = outputs->data + 1;
  made.state_out = state_out;
  return made;
}

const void *check_output_of(const struct trine_model_batch *batch, uint32_t index) {
  return index == 0 ? batch->output : batch->more_outputs[index - 1];
}

/* Whether an output of both is the same; else the difference says how many values are not. */
static bool same_output(const struct trine_model_end *end, uint64_t values, const uint8_t *left,
                        const uint8_t *right, struct trine_error *difference) {
  const size_t size = trine_dtype_size(end->type);
  uint64_t count = 0, first = 0;
  for (uint64_t n = 0; n < values; n++) {
    if (memcmp(left + n * size, right + n * size, size) != 0) {
      first = count == 0 ? n : first;
      count++;
    }
  }
  if (count > 0) {
    trine_error_set(difference, "%llu of %llu values differ, first value %llu of row %llu.",
                    (unsigned long long)count, (unsigned long long)values,
                    (unsigned long long)(first % end->width),
                    (unsigned long long)(first / end->width));
  }
  return count == 0;
}

static bool same_outputs(const struct trine_model *model, const struct check_outputs outputs[2],
                         struct trine_comparison *comparison) {
  const struct trine_model_info *info = trine_model_info(model);
  bool same = true;
  for (uint32_t n = 0; n < info->output_count; n++) {
    comparison->values += outputs[0].values[n];
    same = same && same_output(&info->outputs[n], outputs[0].values[n], outputs[0].data[n],
                               outputs[1].data[n], &comparison->difference);
  }
  return same;
}

enum trine_status trine_sessions_compare(struct trine_session *a, struct trine_session *b,
                                         const struct trine_model_batch *batch,
                                         struct trine_comparison *comparison,
                                         struct trine_error *error) {
  struct trine_session *const sessions[2] = {a, b};
  struct check_outputs outputs[2] = {{.count = 0}, {.count = 0}};
  struct trine_model_batch runs[2];
  enum trine_status status = TRINE_OK;
  *comparison = (struct trine_comparison){.same = false};
  if (a == NULL || b == NULL || batch == NULL || a->model != b->model) {
    const char *missing = batch == NULL ? "batch" : "model that both have";
    trine_error_set(error, "Two sessions of one model are compared on a batch; there is no %s.",
                    a == NULL || b == NULL ? "second session" : missing);
    return TRINE_ERR_ARG;
  }
  for (int side = 0; side < 2 && status == TRINE_OK; side++) {
    status = check_outputs_make(a->model, batch->sequences, batch->steps, &outputs[side], error);
    if (status == TRINE_OK) {
      runs[side] = check_outputs_batch(batch, &outputs[side], NULL);
      status = trine_session_run(sessions[side], &runs[side], error);
    }
  }
  if (status == TRINE_OK) {
    comparison->same = same_outputs(a->model, outputs, comparison);
  }
  for (int side = 0; side < 2 && status == TRINE_OK && !comparison->same; side++) {
    status = trine_session_check(sessions[side], &runs[side], &comparison->checks[side], error);
  }
  check_outputs_free(&outputs[0]);
  check_outputs_free(&outputs[1]);
  return status;
}
