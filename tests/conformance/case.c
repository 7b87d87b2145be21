/* SPDX-License-Identifier: Apache-2.0 */
/* case: reads a case and compares a run with it, see case.h. */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npz.h"

/* States of the LSTMs and the output of one call. */
struct results {
  int8_t *y;
  struct trine_lstm_state state[CASE_MAX_LSTMS];
};

uint32_t case_units(const struct conformance_case *loaded, uint32_t lstm) {
  for (uint32_t n = 0; n < loaded->info->layer_count; n++) {
    const struct trine_model_layer *layer = trine_model_layer(loaded->model, n);
    if (layer->lstm == (int32_t)lstm)
      return layer->units;
  }
  return 0;
}

size_t case_output_bytes(const struct conformance_case *loaded) {
  return loaded->y.count / loaded->calls;
}

static bool get(struct trine_npz *npz, const char *name, enum trine_dtype dtype, uint64_t count,
                struct trine_array *array, struct trine_error *error) {
  if (trine_npz_get(npz, name, array, error) != TRINE_IO_OK)
    return false;
  if (array->dtype != dtype || (count > 0 && array->count != count) || array->rank < 3) {
    char shape[96];
    trine_array_shape_text(array, shape, sizeof shape);
    trine_error_set(error, "%s is %s %s, which does not fit the model", name,
                    trine_dtype_name(array->dtype), shape);
    return false;
  }
  return true;
}

static bool get_all(struct trine_npz *npz, struct conformance_case *into,
                    struct trine_error *error) {
  if (!get(npz, "x", TRINE_DTYPE_INT8, 0, &into->x, error) ||
      trine_model_input_sizes(into->model, into->x.rank - 1, into->x.shape + 1, &into->batch,
                              &into->steps, error) != TRINE_MODEL_OK)
    return false;
  into->calls = (uint32_t)into->x.shape[0];
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  uint64_t count = into->calls;
  const uint32_t rank = trine_model_output_shape(into->model, into->batch, into->steps, shape);
  for (uint32_t n = 0; n < rank; n++)
    count *= shape[n];
  if (!get(npz, "y", TRINE_DTYPE_INT8, count, &into->y, error))
    return false;
  for (uint32_t n = 0; n < into->info->lstm_count; n++) {
    char name[16];
    const uint64_t units = (uint64_t)into->calls * into->batch * case_units(into, n);
    (void)snprintf(name, sizeof name, "h%u", n);
    if (!get(npz, name, TRINE_DTYPE_INT8, units, &into->h[n], error))
      return false;
    name[0] = 'c';
    if (!get(npz, name, TRINE_DTYPE_INT16, units, &into->c[n], error))
      return false;
  }
  return true;
}

bool case_load(const char *folder, uint32_t index, struct conformance_case *loaded,
               struct trine_error *error) {
  memset(loaded, 0, sizeof *loaded);
  char values[CASE_PATH];
  (void)snprintf(loaded->path, sizeof loaded->path, "%.480s/%05u.tflite", folder, index);
  (void)snprintf(values, sizeof values, "%.480s/%05u.npz", folder, index);
  if (trine_model_load(loaded->path, &loaded->model, error) != TRINE_MODEL_OK)
    return false;
  loaded->info = trine_model_info(loaded->model);
  if (loaded->info->lstm_count > CASE_MAX_LSTMS) {
    trine_error_set(error, "%u LSTMs, more than %d", loaded->info->lstm_count, CASE_MAX_LSTMS);
    return false;
  }
  struct trine_npz *npz = NULL;
  if (trine_npz_open(values, &npz, error) != TRINE_IO_OK)
    return false;
  const bool complete = get_all(npz, loaded, error);
  trine_npz_close(npz);
  return complete;
}

void case_free(struct conformance_case *loaded) {
  trine_array_free(&loaded->x);
  trine_array_free(&loaded->y);
  for (uint32_t n = 0; n < CASE_MAX_LSTMS; n++) {
    trine_array_free(&loaded->h[n]);
    trine_array_free(&loaded->c[n]);
  }
  trine_model_free(loaded->model);
  loaded->model = NULL;
}

static bool same_output(const struct conformance_case *c, uint32_t call, const int8_t *got,
                        struct trine_error *error) {
  const size_t bytes = case_output_bytes(c);
  const int8_t *want = (const int8_t *)c->y.data + call * bytes;
  if (memcmp(got, want, bytes) == 0)
    return true;
  size_t n = 0;
  while (got[n] == want[n])
    n++;
  const uint64_t width = c->info->output.width;
  const uint64_t row = n / width;
  const bool time_major = c->info->output.time_major;
  trine_error_set(
      error, "call %u, y, sequence %u, step %u, unit %u: got %d, want %d", call,
      (unsigned)(time_major ? row % c->batch : row / (c->info->output.has_time ? c->steps : 1)),
      (unsigned)(time_major ? row / c->batch : row % c->steps), (unsigned)(n % width), got[n],
      want[n]);
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
  const size_t x_bytes = c->x.count / c->calls;
  const struct trine_model_batch batch = {.sequences = c->batch,
                                          .steps = c->steps,
                                          .input = (const int8_t *)c->x.data + call * x_bytes,
                                          .output = results->y,
                                          .state_in = call > 0 ? results->state : NULL,
                                          .state_out = results->state};
  if (trine_model_run(c->model, &batch, runner, context, error) != TRINE_MODEL_OK ||
      !same_output(c, call, results->y, error))
    return false;
  *values += case_output_bytes(c);
  for (uint32_t n = 0; n < c->info->lstm_count; n++) {
    if (!same_state(c, call, n, &results->state[n], error))
      return false;
    *values += 2 * (uint64_t)c->batch * case_units(c, n);
  }
  return true;
}

bool case_compare(const struct conformance_case *loaded, trine_network_runner runner, void *context,
                  uint64_t *values, struct trine_error *error) {
  struct results results = {malloc(case_output_bytes(loaded)), {{NULL, NULL}}};
  bool good = results.y != NULL;
  for (uint32_t n = 0; n < loaded->info->lstm_count; n++) {
    const size_t count = (size_t)loaded->batch * case_units(loaded, n);
    results.state[n].h = malloc(count);
    results.state[n].c = malloc(count * sizeof(int16_t));
    good = good && results.state[n].h != NULL && results.state[n].c != NULL;
  }
  if (!good)
    trine_error_set(error, "there is no memory for the results");
  for (uint32_t call = 0; good && call < loaded->calls; call++) {
    /* What is not written shows as a difference. */
    memset(results.y, 0x55, case_output_bytes(loaded));
    good = run_call(loaded, call, &results, runner, context, values, error);
  }
  for (uint32_t n = 0; n < loaded->info->lstm_count; n++) {
    free(results.state[n].h);
    free(results.state[n].c);
  }
  free(results.y);
  return good;
}
