/* SPDX-License-Identifier: Apache-2.0 */
/* float_data: loads a float network and its data, see float_data.h. */
#include "quantize/float_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/lengths.h"
#include "io/named.h"
#include "io/npy.h"
#include "quantize/metric.h"

/* An axis of size 1 where the data have none. */
static void insert_one(uint64_t *shape, uint32_t *rank, uint32_t at) {
  for (uint32_t n = (*rank)++; n > at; n--) {
    shape[n] = shape[n - 1];
  }
  shape[at] = 1;
}

/* The place of an axis in a layout, or its rank. */
static uint32_t axis_at(const struct trine_onnx_layout *layout, enum trine_onnx_axis axis) {
  uint32_t at = 0;
  while (at < layout->rank && layout->axis[at] != axis) {
    at++;
  }
  return at;
}

static bool is_turned(const struct trine_float_data *made, uint32_t input,
                      const struct trine_onnx_layout *layout) {
  return trine_onnx_layout_is_turned(layout, made->network, made->network->inputs[input]);
}

/* The shape of the data in the graph's layout: the row's axis may be left out of numbers, and the
 * batch where there is one sequence. False when they are none such. */
static bool find_shape(const struct trine_float_data *made, uint32_t input,
                       const struct trine_onnx_layout *layout, uint64_t size[2]) {
  const struct trine_array *data = &made->rows[input];
  const uint32_t width = made->network->values[made->network->inputs[input]].width;
  uint64_t shape[TRINE_ARRAY_MAX_RANK + 2];
  uint32_t rank = data->rank;
  const uint32_t row = axis_at(layout, TRINE_ONNX_WIDTH);
  const uint32_t batch =
      axis_at(layout, is_turned(made, input, layout) ? TRINE_ONNX_SECOND : TRINE_ONNX_FIRST);
  const bool whole = data->dtype != TRINE_DTYPE_FLOAT32;
  memcpy(shape, data->shape, rank * sizeof *shape);
  if (row == layout->rank && rank > 1 && rank > layout->rank - 1 && shape[rank - 1] == 1) {
    rank--; /* a number as a row of one */
  }
  if (row < layout->rank && whole && width == 1 && rank + 1 >= row) {
    insert_one(shape, &rank, row > rank ? rank : row);
  }
  if (rank + 1 == layout->rank && batch < layout->rank) {
    insert_one(shape, &rank, batch);
  }
  return data->rank > 0 && data->count > 0 && (!whole || width == 1) &&
         trine_onnx_layout_fits(layout, rank, shape, width, size);
}

/* A layout as "B,T,3" for a message. */
static void layout_text(const struct trine_float_data *made, uint32_t input,
                        const struct trine_onnx_layout *layout, char *text, size_t size) {
  const struct trine_float_value *end = &made->network->values[made->network->inputs[input]];
  const bool turned = is_turned(made, input, layout);
  size_t length = 0;
  text[0] = '\0';
  for (uint32_t n = 0; n < layout->rank && length < size; n++) {
    const enum trine_onnx_axis axis = layout->axis[n];
    const bool first = axis == TRINE_ONNX_FIRST;
    const char *comma = n == 0 ? "" : ",";
    int more;
    if (first || axis == TRINE_ONNX_SECOND) {
      const bool time = first == turned;
      char own[16];
      (void)snprintf(own, sizeof own, "%u", end->steps);
      const char *steps = end->steps > 0 ? own : "T";
      more = snprintf(text + length, size - length, "%s%s", comma, time ? steps : "B");
    } else {
      more = snprintf(text + length, size - length, "%s%u", comma,
                      axis == TRINE_ONNX_WIDTH ? end->width : 1);
    }
    length += (size_t)more;
  }
}

/* The data of an input as [B][T][width], whatever the layout of the graph. */
static enum trine_status turn_input(struct trine_float_data *made, uint32_t input,
                                    const struct trine_onnx_layout *layout, const uint64_t size[2],
                                    struct trine_error *error) {
  const struct trine_float_value *end = &made->network->values[made->network->inputs[input]];
  const struct trine_array *data = &made->rows[input];
  const bool turned = is_turned(made, input, layout);
  const uint64_t steps = size[turned ? 0 : 1];
  float *rows = calloc((size_t)data->count, sizeof *rows);
  made->inputs[input] = rows;
  if (rows == NULL) {
    trine_error_set(error, "There is no memory for %llu values.", (unsigned long long)data->count);
    return TRINE_ERR_MEMORY;
  }
  for (uint64_t n = 0; n < data->count; n++) {
    const uint64_t outer = n / end->width / steps, inner = n / end->width % steps;
    const uint64_t row[2] = {turned ? inner : outer, turned ? outer : inner};
    const uint64_t from =
        trine_onnx_layout_place(layout, end->width, size, row, (uint32_t)(n % end->width));
    rows[n] = data->dtype == TRINE_DTYPE_FLOAT32 ? ((const float *)data->data)[from]
                                                 : (float)trine_label(data, from);
  }
  return TRINE_OK;
}

/* Sizes that an input has have to be those of the inputs before it; the first sets them. */
static bool agree(struct trine_float_data *made, uint32_t input, uint64_t sequences, uint64_t steps,
                  struct trine_error *error) {
  const struct trine_float_value *end = &made->network->values[made->network->inputs[input]];
  struct trine_float_batch *batch = &made->batch;
  const bool has_steps = end->has_time && end->steps == 0;
  const bool fits = (batch->sequences == 0 || batch->sequences == sequences) &&
                    (!has_steps || batch->steps == 0 || batch->steps == steps);
  if (!fits) {
    trine_error_set(error,
                    "%.100s has %llu sequences of %llu steps, and an input before it %u of %u; all "
                    "inputs need the same.",
                    made->paths[input], (unsigned long long)sequences, (unsigned long long)steps,
                    batch->sequences, batch->steps);
    return false;
  }
  batch->sequences = (uint32_t)sequences;
  batch->steps = has_steps ? (uint32_t)steps : batch->steps;
  return true;
}

static enum trine_status take_input(struct trine_float_data *made, uint32_t input,
                                    struct trine_error *error) {
  const struct trine_float_value *end = &made->network->values[made->network->inputs[input]];
  const struct trine_onnx_layout layout = trine_float_file_layout(&made->file, input);
  const struct trine_array *data = &made->rows[input];
  const bool turned = is_turned(made, input, &layout);
  const char *path = made->paths[input];
  uint64_t size[2];
  char shape[96], wanted[64];
  trine_array_shape_text(data, shape, sizeof shape);
  if (!find_shape(made, input, &layout, size) ||
      (end->steps > 0 && size[turned ? 0 : 1] != end->steps)) {
    layout_text(made, input, &layout, wanted, sizeof wanted);
    trine_error_set(error, "%.100s holds %s %s; the input %.60s takes float32 [%s]%s.", path,
                    trine_dtype_name(data->dtype), shape, end->name, wanted,
                    end->width == 1 ? ", or whole numbers without the last axis" : "");
    return TRINE_ERR_ARG;
  }
  if (size[0] > UINT32_MAX || size[1] > UINT32_MAX) {
    trine_error_set(error, "%.100s holds %s; at most %u sequences or steps are read.", path, shape,
                    UINT32_MAX);
    return TRINE_ERR_ARG;
  }
  if (!agree(made, input, size[turned ? 1 : 0], size[turned ? 0 : 1], error)) {
    return TRINE_ERR_ARG;
  }
  return turn_input(made, input, &layout, size, error);
}

/* All inputs, read and turned. */
static enum trine_status take_inputs(struct trine_float_data *made, const char *what,
                                     const char *const *inputs, struct trine_error *error) {
  const uint32_t count = made->network->input_count;
  const char *names[TRINE_FLOAT_MAX_GIVEN];
  uint32_t given = 0;
  while (inputs[given] != NULL) {
    given++;
  }
  for (uint32_t n = 0; n < count; n++) {
    names[n] = made->network->values[made->network->inputs[n]].name;
  }
  enum trine_status status =
      trine_named_files(what, inputs, given, names, count, made->paths, error);
  for (uint32_t n = 0; n < count && status == TRINE_OK; n++) {
    status = trine_npy_read(made->paths[n], &made->rows[n], error);
    if (status == TRINE_OK) {
      status = take_input(made, n, error);
    }
  }
  made->batch.steps = made->batch.steps == 0 ? 1 : made->batch.steps;
  made->batch.input = made->inputs[0];
  for (uint32_t n = 1; n < count; n++) {
    made->more[n - 1] = made->inputs[n];
  }
  made->batch.more_inputs = made->more;
  return status;
}

static enum trine_status take_lengths(struct trine_float_data *made, const char *path,
                                      struct trine_error *error) {
  struct trine_array array = {.data = NULL};
  uint32_t sequences = made->batch.sequences, steps = made->batch.steps;
  enum trine_status status = trine_npy_read(path, &array, error);
  if (status == TRINE_OK) {
    status = trine_lengths_of(path, &array, &sequences, &steps, &made->lengths, error);
  }
  trine_array_free(&array);
  made->batch.lengths = made->lengths;
  return status;
}

enum trine_status trine_float_data_load(const struct trine_float_source *source, const char *what,
                                        const char *const *inputs, const char *lengths,
                                        struct trine_float_data *data, struct trine_error *error) {
  *data = (struct trine_float_data){.lengths = NULL};
  enum trine_status status = trine_float_file_load(source, &data->file, error);
  data->network = data->file.network;
  if (status == TRINE_OK) {
    status = take_inputs(data, what, inputs, error);
  }
  if (status == TRINE_OK && lengths != NULL) {
    status = take_lengths(data, lengths, error);
  }
  if (status != TRINE_OK) {
    return status;
  }
  status = trine_float_file_agrees(&data->file, &data->batch, error);
  if (status != TRINE_OK) {
    trine_error_prefix(error, source->path);
  }
  return status;
}

void trine_float_data_free(struct trine_float_data *data) {
  trine_float_file_free(&data->file);
  for (uint32_t n = 0; n < TRINE_FLOAT_MAX_GIVEN; n++) {
    trine_array_free(&data->rows[n]);
    free(data->inputs[n]);
  }
  free(data->lengths);
  *data = (struct trine_float_data){.lengths = NULL};
}
