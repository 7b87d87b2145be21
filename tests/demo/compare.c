/* SPDX-License-Identifier: Apache-2.0 */
/* compare: outputs and final states against the golden model and the stored ones, see work.h. */
#include <stdio.h>
#include <stdlib.h>

#include "golden/golden.h"
#include "work.h"

/* What the golden model made of the same batch. */
struct reference {
  int8_t *output;
  struct trine_lstm_state state[TRINE_MAX_LAYERS];
};

static void reference_free(struct reference *reference) {
  free(reference->output);
  for (uint32_t n = 0; n < TRINE_MAX_LAYERS; n++) {
    free(reference->state[n].h);
    free(reference->state[n].c);
  }
}

static bool reference_make(const struct demo_work *work, struct reference *reference,
                           struct trine_error *error) {
  struct trine_batch batch = work->batch;
  const struct trine_golden_options options = {.error = error};
  reference->output = calloc(batch.sequences, batch.output_batch_stride);
  bool good = reference->output != NULL;
  for (uint32_t n = 0; n < work->network->layer_count && good; n++) {
    if (work->state[n].h != NULL) {
      const size_t units = (size_t)work->network->layers[n].units * batch.sequences;
      reference->state[n].h = calloc(units, sizeof *reference->state[n].h);
      reference->state[n].c = calloc(units, sizeof *reference->state[n].c);
      good = reference->state[n].h != NULL && reference->state[n].c != NULL;
    }
  }
  if (!good) {
    trine_error_set(error, "There is no memory for the expected outputs.");
    return false;
  }
  batch.output = reference->output;
  batch.state_out = batch.state_out == NULL ? NULL : reference->state;
  return trine_golden_run(work->network, &batch, &options) == TRINE_OK;
}

static bool same_outputs(const struct demo_work *work, const struct reference *reference,
                         uint64_t *values, struct trine_error *difference) {
  const uint64_t width = work->info->output.width;
  const uint64_t bytes = width * work->steps;
  bool same = true;
  for (uint64_t n = 0; n < bytes * work->batch.sequences; n++) {
    const uint64_t sequence = work->job->streams > 0 ? 0 : work->job->first + n / bytes;
    const int8_t stored = ((const int8_t *)work->expected.data)[sequence * bytes + n % bytes];
    if (same && (work->output[n] != reference->output[n] || work->output[n] != stored)) {
      same = false;
      trine_error_set(difference,
                      "%s, sequence %llu, step %llu, value %llu: got %d, the golden model has %d, "
                      "%s.npy %d",
                      work->job->model, (unsigned long long)(work->job->first + n / bytes),
                      (unsigned long long)(n % bytes / width), (unsigned long long)(n % width),
                      work->output[n], reference->output[n], work->job->expected, stored);
    }
  }
  *values += bytes * work->batch.sequences;
  return same;
}

/* Value i of h or c; every repetition of a stream ends in the same stored state. */
static bool same_state(const struct demo_work *work, const struct trine_lstm_state *want,
                       uint32_t layer, uint32_t lstm, const struct trine_array stored[2],
                       struct trine_error *difference) {
  const struct trine_lstm_state *got = &work->state[layer];
  const uint32_t units = work->network->layers[layer].units;
  for (uint64_t i = 0; i < (uint64_t)units * work->batch.sequences; i++) {
    const int h = ((const int8_t *)stored[0].data)[i % units];
    const int c = ((const int16_t *)stored[1].data)[i % units];
    const bool h_differs = got->h[i] != want->h[i] || got->h[i] != h;
    if (h_differs || got->c[i] != want->c[i] || got->c[i] != c) {
      trine_error_set(difference,
                      "%s, final %c of LSTM %u, unit %llu: got %d, the golden model has %d, the "
                      "file %d",
                      work->job->model, h_differs ? 'h' : 'c', lstm,
                      (unsigned long long)(i % units), h_differs ? got->h[i] : got->c[i],
                      h_differs ? want->h[i] : want->c[i], h_differs ? h : c);
      return false;
    }
  }
  return true;
}

static bool read_state(const struct demo_work *work, uint32_t layer, uint32_t lstm,
                       struct trine_array stored[2], struct trine_error *error) {
  static const enum trine_dtype dtypes[2] = {TRINE_DTYPE_INT8, TRINE_DTYPE_INT16};
  for (int n = 0; n < 2; n++) {
    char name[64];
    (void)snprintf(name, sizeof name, "%s_%c%u_tflm", work->job->model, "hc"[n], lstm);
    if (!demo_read(work->folder, name, dtypes[n], &stored[n], error)) {
      return false;
    }
    if (stored[n].count != work->network->layers[layer].units) {
      trine_error_set(error, "%s.npy has another number of units than the model.", name);
      return false;
    }
  }
  return true;
}

static bool compare_states(const struct demo_work *work, const struct reference *reference,
                           bool *exact, uint64_t *values, struct trine_error *difference,
                           struct trine_error *error) {
  uint32_t lstm = 0;
  bool good = true;
  for (uint32_t n = 0; n < work->network->layer_count && good; n++) {
    if (work->state[n].h == NULL) {
      continue;
    }
    struct trine_array stored[2] = {{.data = NULL}, {.data = NULL}};
    good = read_state(work, n, lstm, stored, error);
    if (good && *exact) {
      *exact = same_state(work, &reference->state[n], n, lstm, stored, difference);
    }
    *values += UINT64_C(2) * work->network->layers[n].units * work->batch.sequences;
    trine_array_free(&stored[0]);
    trine_array_free(&stored[1]);
    lstm++;
  }
  return good;
}

bool demo_work_compare(const struct demo_work *work, bool *exact, uint64_t *values,
                       struct trine_error *difference, struct trine_error *error) {
  struct reference reference = {.output = NULL};
  bool good = reference_make(work, &reference, error);
  if (good) {
    *exact = same_outputs(work, &reference, values, difference);
    good = compare_states(work, &reference, exact, values, difference, error);
  }
  reference_free(&reference);
  return good;
}
