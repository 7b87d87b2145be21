/* SPDX-License-Identifier: Apache-2.0 */
/* hostile: readers under bytes that may be anything, see hostile.h. */
#define _GNU_SOURCE /* memfd_create */
#include "support/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "float/float_run.h"
#include "io/npy.h"
#include "io/npz.h"
#include "model/model.h"
#include "onnx/onnx.h"
#include "support/golden_runner.h"

enum { MAX_RUN_BYTES = 1 << 20, MAX_MACS = 1 << 20, SENTENCE_BYTES = 10 };

void hostile_demand(bool holds, const char *contract, const char *got) {
  if (!holds) {
    fprintf(stderr, "%s: '%s'\n", contract, got);
    abort();
  }
}

static void *needed(void *memory) {
  if (memory == NULL) {
    hostile_demand(false, "there is no memory for the test", "");
    abort();
  }
  return memory;
}

static uint8_t *exact_copy(const uint8_t *bytes, size_t len_bytes) {
  uint8_t *copy = needed(malloc(len_bytes + (len_bytes == 0)));
  if (len_bytes > 0) {
    memcpy(copy, bytes, len_bytes);
  }
  return copy;
}

void hostile_demand_sentence(const struct trine_error *error) {
  hostile_demand(strlen(error->text) > SENTENCE_BYTES, "a refusal does not say why", error->text);
}

static size_t end_bytes(const struct trine_model_end *end, uint32_t steps) {
  return (size_t)end->width * trine_dtype_size(end->type) * steps;
}

/* Runs what was accepted, if it is small. */
static void run_small(const struct trine_model *model) {
  const struct trine_model_info *info = trine_model_info(model);
  uint64_t macs = 0;
  for (uint32_t i = 0; i < info->layer_count; i++) {
    macs += trine_model_layer(model, i)->macs_per_step;
  }
  bool has_time = false;
  for (uint32_t i = 0; i < info->input_count; i++) {
    has_time = has_time || info->inputs[i].has_time;
  }
  uint32_t steps;
  if (info->fixed_steps != 0) {
    steps = info->fixed_steps;
  } else if (has_time) {
    steps = 2;
  } else {
    steps = 1;
  }
  bool small = macs * steps <= MAX_MACS;
  for (uint32_t i = 0; i < info->input_count; i++) {
    small = small && end_bytes(&info->inputs[i], steps) <= MAX_RUN_BYTES;
  }
  for (uint32_t i = 0; i < info->output_count; i++) {
    small = small && end_bytes(&info->outputs[i], steps) <= MAX_RUN_BYTES;
  }
  if (!small) {
    return;
  }
  void **x = needed(calloc(info->input_count, sizeof *x));
  for (uint32_t i = 0; i < info->input_count; i++) {
    x[i] = needed(calloc(1, end_bytes(&info->inputs[i], steps) + 1));
  }
  void **y = needed(calloc(info->output_count, sizeof *y));
  for (uint32_t i = 0; i < info->output_count; i++) {
    y[i] = needed(calloc(1, end_bytes(&info->outputs[i], steps) + 1));
  }
  const struct trine_model_batch batch = {.sequences = 1,
                                          .steps = steps,
                                          .input = x[0],
                                          .more_inputs = (const void *const *)x + 1,
                                          .output = y[0],
                                          .more_outputs = y + 1};
  struct trine_error error = {""};
  hostile_demand(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK,
                 "an accepted model does not run", error.text);
  for (uint32_t i = 0; i < info->output_count; i++) {
    free(y[i]);
  }
  for (uint32_t i = 0; i < info->input_count; i++) {
    free(x[i]);
  }
  free(x);
  free(y);
}

bool hostile_model(const uint8_t *bytes, size_t len_bytes, bool run) {
  uint8_t *copy = exact_copy(bytes, len_bytes);
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  const enum trine_status status = trine_model_parse(copy, len_bytes, &model, &error);
  free(copy); /* a model has copied what it needs */
  if (status != TRINE_OK) {
    hostile_demand(model == NULL, "a refused model is left behind", error.text);
    hostile_demand_sentence(&error);
    return false;
  }
  if (run) {
    run_small(model);
  }
  trine_model_free(model);
  return true;
}

/* Whether an array read back from what it is written as is the same. */
static void demand_same_again(const struct trine_array *array) {
  char header[TRINE_NPY_HEADER_ROOM];
  size_t length = 0;
  struct trine_error error = {""};
  hostile_demand(trine_npy_header(array, header, &length, &error) == TRINE_OK,
                 "an array that was read cannot be written", error.text);
  const size_t data_bytes = (size_t)trine_array_bytes(array);
  uint8_t *file = needed(malloc(length + data_bytes));
  memcpy(file, header, length);
  if (data_bytes > 0) {
    memcpy(file + length, array->data, data_bytes);
  }
  struct trine_array again = {0};
  hostile_demand(trine_npy_parse(file, length + data_bytes, &again, &error) == TRINE_OK,
                 "an array that was written cannot be read", error.text);
  hostile_demand(again.dtype == array->dtype && again.rank == array->rank &&
                     again.count == array->count &&
                     memcmp(again.shape, array->shape, array->rank * sizeof array->shape[0]) == 0 &&
                     (data_bytes == 0 || memcmp(again.data, array->data, data_bytes) == 0),
                 "an array changes when it is written and read", "");
  trine_array_free(&again);
  free(file);
}

bool hostile_npy(const uint8_t *bytes, size_t len_bytes) {
  uint8_t *copy = exact_copy(bytes, len_bytes);
  struct trine_array array = {0};
  struct trine_error error = {""};
  const bool good = trine_npy_parse(copy, len_bytes, &array, &error) == TRINE_OK;
  free(copy);
  if (good) {
    demand_same_again(&array);
  } else {
    hostile_demand(array.data == NULL, "a refused array is left behind", error.text);
    hostile_demand_sentence(&error);
  }
  trine_array_free(&array);
  return good;
}

/* The arrays that a state of two LSTMs has; whether one of them was read. */
static bool read_states(struct trine_npz *npz) {
  static const char *const names[] = {"h0", "c0", "h1", "c1"};
  bool found = false;
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    struct trine_array array = {0};
    struct trine_error error = {""};
    const bool good = trine_npz_get(npz, names[n], &array, &error) == TRINE_OK;
    hostile_demand(!good || trine_npz_has(npz, names[n]), "an array is there that is not",
                   names[n]);
    if (!good) {
      hostile_demand(array.data == NULL, "a refused array is left behind", error.text);
      hostile_demand_sentence(&error);
    }
    trine_array_free(&array);
    found = found || good;
  }
  return found;
}

bool hostile_npz(const uint8_t *bytes, size_t len_bytes) {
  char path[32];
  const int file = memfd_create("hostile", 0);
  hostile_demand(file >= 0 && write(file, bytes, len_bytes) == (ssize_t)len_bytes,
                 "there is no file for the test", "");
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  struct trine_npz *npz = NULL;
  struct trine_error error = {""};
  bool good = trine_npz_open(path, &npz, &error) == TRINE_OK;
  if (good) {
    good = trine_npz_count(npz) > 0 && read_states(npz);
    trine_npz_close(npz);
  } else {
    hostile_demand(npz == NULL, "a refused file is left open", error.text);
    hostile_demand_sentence(&error);
  }
  (void)close(file);
  return good;
}

/* Runs what was accepted, if it is small, on zeros: symbols and rows alike. */
static void run_float(const struct trine_float_network *network) {
  enum { STEPS = 2 };
  uint64_t work = 0;
  for (uint32_t n = 0; n < network->value_count; n++) {
    work += network->values[n].width;
  }
  for (uint32_t n = 0; n < network->node_count; n++) {
    const struct trine_float_node *node = &network->nodes[n];
    work += (uint64_t)node->cell.units * (node->cell.inputs + node->cell.units) +
            (uint64_t)node->matrix.units * node->matrix.inputs;
  }
  if (work > MAX_MACS) {
    return;
  }
  float *x[TRINE_FLOAT_MAX_GIVEN] = {NULL};
  const float *more[TRINE_FLOAT_MAX_GIVEN] = {NULL};
  for (uint32_t n = 0; n < network->input_count; n++) {
    const struct trine_float_value *input = &network->values[network->inputs[n]];
    x[n] = needed(calloc(trine_float_count(input, 1, STEPS) + 1, sizeof(float)));
    more[n > 0 ? n - 1 : 0] = x[n];
  }
  float **values = needed(calloc((size_t)network->value_count + 1, sizeof *values));
  const struct trine_float_batch batch = {
      .sequences = 1, .steps = STEPS, .input = x[0], .more_inputs = more};
  struct trine_error error = {""};
  if (trine_float_run(network, &batch, values, &error) != TRINE_OK) {
    hostile_demand_sentence(&error);
  }
  trine_float_values_free(network, values);
  free(values);
  for (uint32_t n = 0; n < network->input_count; n++) {
    free(x[n]);
  }
}

bool hostile_onnx(const uint8_t *bytes, size_t len_bytes) {
  uint8_t *copy = exact_copy(bytes, len_bytes);
  struct trine_onnx *model = NULL;
  struct trine_error error = {""};
  const bool good = trine_onnx_parse(copy, len_bytes, NULL, NULL, &model, &error) == TRINE_OK;
  free(copy); /* a model has copied what it needs */
  if (good) {
    run_float(trine_onnx_network(model));
  } else {
    hostile_demand(model == NULL, "a refused model is left behind", error.text);
    hostile_demand_sentence(&error);
  }
  trine_onnx_free(model);
  return good;
}
