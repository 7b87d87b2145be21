/* SPDX-License-Identifier: Apache-2.0 */
/* case: reads a case and compares a run with it, see case.h. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npz.h"

/* States of the LSTMs and the output of one call. */
struct results {
  void *y[CASE_MAX_OUTPUTS];
  struct trine_lstm_state state[CASE_MAX_LSTMS];
};

uint32_t case_units(const struct conformance_case *loaded, uint32_t lstm) {
  for (uint32_t n = 0; n < loaded->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(loaded->model, n);
    if (layer->lstm == (int32_t)lstm) {
      return layer->units;
    }
  }
  return 0;
}

/* Bytes of an output of one call. */
static size_t output_bytes(const struct conformance_case *loaded, uint32_t output) {
  return (size_t)trine_array_bytes(&loaded->y[output]) / loaded->calls;
}

static bool get(struct trine_npz *npz, const char *name, enum trine_dtype dtype, uint64_t count,
                struct trine_array *array, struct trine_error *error) {
  if (trine_npz_get(npz, name, array, error) != TRINE_OK) {
    return false;
  }
  if (array->dtype != dtype || (count > 0 && array->count != count) || array->rank < 2) {
    char shape[96];
    trine_array_shape_text(array, shape, sizeof shape);
    trine_error_set(error, "%s is %s %s, which does not fit the model", name,
                    trine_dtype_name(array->dtype), shape);
    return false;
  }
  return true;
}

/* An end's array, with bytes as the model takes and gives them. */
static bool get_end(struct trine_npz *npz, const char *name, const struct trine_model_end *end,
                    uint64_t count, struct trine_array *array, struct trine_error *error) {
  if (!get(npz, name, end->is_unsigned ? TRINE_DTYPE_UINT8 : end->type, count, array, error)) {
    return false;
  }
  uint8_t *bytes = array->data;
  for (uint64_t n = 0; n < array->count && end->is_unsigned; n++) {
    bytes[n] ^= 0x80;
  }
  return true;
}

static bool get_outputs(struct trine_npz *npz, struct conformance_case *into,
                        struct trine_error *error) {
  for (uint32_t n = 0; n < into->info->output_count; n++) {
    char name[16] = "y";
    uint64_t shape[TRINE_MODEL_MAX_RANK], count = into->calls;
    const uint32_t rank =
        trine_model_output_shape_of(into->model, n, into->batch, into->steps, shape);
    for (uint32_t i = 0; i < rank; i++) {
      count *= shape[i];
    }
    if (n > 0) {
      (void)snprintf(name, sizeof name, "y%u", n);
    }
    if (!get_end(npz, name, &into->info->outputs[n], count, &into->y[n], error)) {
      return false;
    }
  }
  return true;
}

/* The inputs, and the sizes of a call. */
static bool get_inputs(struct trine_npz *npz, struct conformance_case *into,
                       struct trine_error *error) {
  struct trine_array call[CASE_MAX_INPUTS];
  for (uint32_t n = 0; n < into->info->input_count; n++) {
    char name[16] = "x";
    if (n > 0) {
      (void)snprintf(name, sizeof name, "x%u", n);
    }
    if (!get_end(npz, name, &into->info->inputs[n], 0, &into->x[n], error)) {
      return false;
    }
    call[n] = into->x[n];
    call[n].rank--;
    memmove(call[n].shape, call[n].shape + 1, call[n].rank * sizeof call[n].shape[0]);
  }
  return trine_model_all_sizes(into->model, call, &into->batch, &into->steps, error) == TRINE_OK;
}

static bool get_all(struct trine_npz *npz, struct conformance_case *into,
                    struct trine_error *error) {
  if (!get_inputs(npz, into, error)) {
    return false;
  }
  into->calls = (uint32_t)into->x[0].shape[0];
  if (!get_outputs(npz, into, error)) {
    return false;
  }
  for (uint32_t n = 0; n < into->info->lstm_count; n++) {
    char name[16];
    const uint64_t units = (uint64_t)into->calls * into->batch * case_units(into, n);
    (void)snprintf(name, sizeof name, "h%u", n);
    if (!get(npz, name, TRINE_DTYPE_INT8, units, &into->h[n], error)) {
      return false;
    }
    name[0] = 'c';
    if (!get(npz, name, TRINE_DTYPE_INT16, units, &into->c[n], error)) {
      return false;
    }
  }
  return true;
}

bool case_load(const char *folder, uint32_t index, struct conformance_case *loaded,
               struct trine_error *error) {
  memset(loaded, 0, sizeof *loaded);
  char values[CASE_PATH];
  (void)snprintf(loaded->path, sizeof loaded->path, "%.480s/%05u.tflite", folder, index);
  (void)snprintf(values, sizeof values, "%.480s/%05u.npz", folder, index);
  if (trine_model_load(loaded->path, &loaded->model, error) != TRINE_OK) {
    return false;
  }
  loaded->info = trine_model_info(loaded->model);
  if (loaded->info->input_count > CASE_MAX_INPUTS || loaded->info->lstm_count > CASE_MAX_LSTMS ||
      loaded->info->output_count > CASE_MAX_OUTPUTS) {
    trine_error_set(error, "%u inputs, %u LSTMs and %u outputs, more than %d, %d and %d",
                    loaded->info->input_count, loaded->info->lstm_count, loaded->info->output_count,
                    CASE_MAX_INPUTS, CASE_MAX_LSTMS, CASE_MAX_OUTPUTS);
    return false;
  }
  struct trine_npz *npz = NULL;
  if (trine_npz_open(values, &npz, error) != TRINE_OK) {
    return false;
  }
  const bool complete = get_all(npz, loaded, error);
  trine_npz_close(npz);
  return complete;
}

void case_free(struct conformance_case *loaded) {
  for (uint32_t n = 0; n < CASE_MAX_INPUTS; n++) {
    trine_array_free(&loaded->x[n]);
  }
  for (uint32_t n = 0; n < CASE_MAX_OUTPUTS; n++) {
    trine_array_free(&loaded->y[n]);
  }
  for (uint32_t n = 0; n < CASE_MAX_LSTMS; n++) {
    trine_array_free(&loaded->h[n]);
    trine_array_free(&loaded->c[n]);
  }
  trine_model_free(loaded->model);
  loaded->model = NULL;
}

static bool same_output(const struct conformance_case *c, uint32_t call, uint32_t output,
                        const uint8_t *got, struct trine_error *error) {
  const size_t bytes = output_bytes(c, output);
  const uint8_t *want = (const uint8_t *)c->y[output].data + call * bytes;
  if (memcmp(got, want, bytes) == 0) {
    return true;
  }
  size_t n = 0;
  while (got[n] == want[n]) {
    n++;
  }
  const struct trine_model_end *end = &c->info->outputs[output];
  n /= trine_dtype_size(end->type);
  const uint64_t row = n / end->width;
  uint64_t sequence = row / (end->has_time ? c->steps : 1), step = row % c->steps;
  if (end->time_major) {
    sequence = row % c->batch;
    step = row / c->batch;
  }
  trine_error_set(error, "call %u, y%u, sequence %u, step %u, unit %u: got %d, want %d", call,
                  output, (unsigned)sequence, (unsigned)step, (unsigned)(n % end->width),
                  (int8_t)got[n], (int8_t)want[n]);
  return false;
}

static bool same_state(const struct conformance_case *c, uint32_t call, uint32_t lstm,
                       const struct trine_lstm_state *got, struct trine_error *error) {
  const uint32_t units = case_units(c, lstm);
  const size_t count = (size_t)c->batch * units;
  const int8_t *h = (const int8_t *)c->h[lstm].data + call * count;
  const int16_t *cell = (const int16_t *)c->c[lstm].data + call * count;
  for (size_t n = 0; n < count; n++) {
    if (got->h[n] != h[n] || got->c[n] != cell[n]) {
      trine_error_set(error,
                      "call %u, final state of LSTM %u, sequence %u, unit %u: got h %d c %d, want "
                      "h %d c %d",
                      call, lstm, (unsigned)(n / units), (unsigned)(n % units), got->h[n],
                      got->c[n], h[n], cell[n]);
      return false;
    }
  }
  return true;
}

static bool run_call(const struct conformance_case *c, uint32_t call, struct results *results,
                     trine_network_runner runner, void *context, uint64_t *values,
                     struct trine_error *error) {
  const void *x[CASE_MAX_INPUTS] = {NULL};
  for (uint32_t n = 0; n < c->info->input_count; n++) {
    const size_t bytes = (size_t)trine_array_bytes(&c->x[n]) / c->calls;
    x[n] = (const int8_t *)c->x[n].data + call * bytes;
  }
  const struct trine_model_batch batch = {.sequences = c->batch,
                                          .steps = c->steps,
                                          .input = x[0],
                                          .more_inputs = x + 1,
                                          .output = results->y[0],
                                          .more_outputs = results->y + 1,
                                          .state_in = call > 0 ? results->state : NULL,
                                          .state_out = results->state};
  if (trine_model_run(c->model, &batch, runner, context, error) != TRINE_OK) {
    return false;
  }
  for (uint32_t n = 0; n < c->info->output_count; n++) {
    if (!same_output(c, call, n, results->y[n], error)) {
      return false;
    }
    *values += c->y[n].count / c->calls;
  }
  for (uint32_t n = 0; n < c->info->lstm_count; n++) {
    if (!same_state(c, call, n, &results->state[n], error)) {
      return false;
    }
    *values += 2 * (uint64_t)c->batch * case_units(c, n);
  }
  return true;
}

bool case_compare(const struct conformance_case *loaded, trine_network_runner runner, void *context,
                  uint64_t *values, struct trine_error *error) {
  struct results results = {{NULL}, {{NULL, NULL}}};
  bool good = true;
  for (uint32_t n = 0; n < loaded->info->output_count; n++) {
    results.y[n] = malloc(output_bytes(loaded, n) + 1);
    good = good && results.y[n] != NULL;
  }
  for (uint32_t n = 0; n < loaded->info->lstm_count; n++) {
    const size_t count = (size_t)loaded->batch * case_units(loaded, n);
    results.state[n].h = malloc(count);
    results.state[n].c = malloc(count * sizeof(int16_t));
    good = good && results.state[n].h != NULL && results.state[n].c != NULL;
  }
  if (!good) {
    trine_error_set(error, "there is no memory for the results");
  }
  for (uint32_t call = 0; good && call < loaded->calls; call++) {
    /* What is not written shows as a difference. */
    for (uint32_t n = 0; n < loaded->info->output_count; n++) {
      memset(results.y[n], 0x55, output_bytes(loaded, n));
    }
    good = run_call(loaded, call, &results, runner, context, values, error);
  }
  for (uint32_t n = 0; n < loaded->info->lstm_count; n++) {
    free(results.state[n].h);
    free(results.state[n].c);
  }
  for (uint32_t n = 0; n < CASE_MAX_OUTPUTS; n++) {
    free(results.y[n]);
  }
  return good;
}
