/* SPDX-License-Identifier: Apache-2.0 */
/* work: loads models and draws weights, see work.h. */
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

#include "golden/golden.h"
#include "io/npy.h"
#include "support/random_network.h"

enum { PATH_BYTES = 512 };

static bool no_memory(struct trine_error *error) {
  trine_error_set(error, "There is no memory for the data of a case.");
  return false;
}

static bool load_model(struct bench_work *work, const char *folder, struct trine_error *error) {
  char path[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s.tflite", folder, work->what->model);
  if (trine_model_load(path, &work->model, error) != TRINE_OK) {
    return false;
  }
  work->network = trine_model_network(work->model, 0);
  const struct trine_model_info *info = trine_model_info(work->model);
  (void)snprintf(path, sizeof path, "%s/%s.npy", folder, work->what->input);
  if (trine_npy_read(path, &work->data, error) != TRINE_OK) {
    return false;
  }
  /* The first utterance, or the first steps of a stream: both are at the front of the file. */
  const uint64_t bytes = (uint64_t)work->what->steps * info->input.width;
  const uint64_t steps = work->data.rank < 2 ? 0 : work->data.shape[work->data.rank - 2];
  if (info->segment_count != 1 || work->network == NULL || info->input.time_major ||
      work->data.dtype != TRINE_DTYPE_INT8 || work->data.count < bytes ||
      steps < work->what->steps || work->what->sequences != 1) {
    trine_error_set(error, "%s and %s do not fit the case.", work->what->model, work->what->input);
    return false;
  }
  work->batch.input = work->data.data;
  work->batch.input_step_stride = info->input.width;
  return true;
}

static bool draw_network(struct bench_work *work, struct trine_error *error) {
  const struct bench_case *what = work->what;
  struct seed_stream stream = seed_start(what->name);
  uint32_t inputs = what->inputs;
  for (uint32_t n = 0; n < what->lstm_count; n++) {
    work->layers[n] = random_lstm(&stream, inputs, what->units[n], true);
    inputs = what->units[n];
  }
  work->tensors[0] = (struct trine_tensor){1, {what->inputs}};
  work->tensors[1] = (struct trine_tensor){1, {inputs}};
  work->chain = (struct trine_chain){.target = 1, .layer_count = what->lstm_count};
  work->own_network =
      (struct trine_network){2, work->tensors, what->lstm_count, work->layers, 1, &work->chain};
  work->network = &work->own_network;
  const size_t row_bytes = (size_t)what->steps * what->inputs;
  work->random_input = calloc(what->sequences, row_bytes);
  if (work->random_input == NULL) {
    return no_memory(error);
  }
  seed_int8(&stream, work->random_input, what->sequences * row_bytes, INT8_MIN, INT8_MAX);
  work->batch.input = work->random_input;
  work->batch.input_step_stride = what->inputs;
  work->batch.input_batch_stride = row_bytes;
  return true;
}

static bool run_golden(struct bench_work *work, struct trine_error *error) {
  const struct trine_network *network = work->network;
  const struct bench_case *what = work->what;
  const uint32_t width = trine_tensor_width(&network->tensors[network->tensor_count - 1]);
  work->batch.output_step_stride = width;
  work->batch.output_batch_stride = (uint64_t)what->steps * width;
  work->output_bytes = what->sequences * work->batch.output_batch_stride;
  work->golden = calloc(1, work->output_bytes);
  work->lengths = calloc(what->sequences, sizeof *work->lengths);
  if (work->golden == NULL || work->lengths == NULL) {
    return no_memory(error);
  }
  for (uint32_t n = 0; n < what->sequences; n++) {
    work->lengths[n] = what->steps;
  }
  work->batch.lengths = work->lengths;
  work->batch.sequences = what->sequences;
  struct trine_batch batch = work->batch;
  batch.output = work->golden;
  struct trine_golden_counters counters = {0};
  const struct trine_golden_options options = {.counters = &counters, .error = error};
  const bool good = trine_golden_run(network, &batch, &options) == TRINE_OK;
  work->macs = counters.macs;
  return good;
}

bool bench_work_load(const struct bench_case *what, const char *folder, struct bench_work *work,
                     struct trine_error *error) {
  *work = (struct bench_work){.what = what};
  return (what->model != NULL ? load_model(work, folder, error) : draw_network(work, error)) &&
         run_golden(work, error);
}

void bench_work_free(struct bench_work *work) {
  for (uint32_t n = 0; work->model == NULL && n < BENCH_MAX_LSTM; n++) {
    random_layer_free(&work->layers[n]);
  }
  free(work->random_input);
  free(work->lengths);
  free(work->golden);
  trine_array_free(&work->data);
  trine_model_free(work->model);
  *work = (struct bench_work){.what = NULL};
}
