/* SPDX-License-Identifier: Apache-2.0 */
/* float_data: loads a float network and its data, see float_data.h. */
#include "quantize/float_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/lengths.h"
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

/* The shape of the data in the graph's layout: the row's axis may be left out of numbers, and the
 * batch where there is one sequence. False when they are none such. */
static bool find_shape(const struct trine_float_data *made, const struct trine_onnx_layout *layout,
                       uint64_t size[2]) {
  const struct trine_array *data = &made->rows;
  const uint32_t width = made->network->values[made->network->input].width;
  uint64_t shape[TRINE_ARRAY_MAX_RANK + 2];
  uint32_t rank = data->rank;
  const uint32_t row = axis_at(layout, TRINE_ONNX_WIDTH);
  const uint32_t batch =
      axis_at(layout, made->network->time_major ? TRINE_ONNX_SECOND : TRINE_ONNX_FIRST);
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
static void layout_text(const struct trine_float_data *made, const struct trine_onnx_layout *layout,
                        char *text, size_t size) {
  const bool turned = made->network->time_major;
  size_t length = 0;
  text[0] = '\0';
  for (uint32_t n = 0; n < layout->rank && length < size; n++) {
    const enum trine_onnx_axis axis = layout->axis[n];
    const bool first = axis == TRINE_ONNX_FIRST;
    const char *comma = n == 0 ? "" : ",";
    int more;
    if (first || axis == TRINE_ONNX_SECOND) {
      more = snprintf(text + length, size - length, "%s%s", comma, first == turned ? "T" : "B");
    } else {
      more = snprintf(
          text + length, size - length, "%s%u", comma,
          axis == TRINE_ONNX_WIDTH ? made->network->values[made->network->input].width : 1);
    }
    length += (size_t)more;
  }
}

/* The data as [B][T][width], whatever the layout of the graph. */
static enum trine_status take_input(struct trine_float_data *made, const char *path,
                                    struct trine_error *error) {
  const struct trine_float_value *end = &made->network->values[made->network->input];
  const struct trine_onnx_layout layout = trine_float_file_layout(&made->file);
  const struct trine_array *data = &made->rows;
  const bool turned = made->network->time_major && end->has_time;
  uint64_t size[2];
  char shape[96], wanted[64];
  trine_array_shape_text(data, shape, sizeof shape);
  if (!find_shape(made, &layout, size)) {
    layout_text(made, &layout, wanted, sizeof wanted);
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
  made->batch.sequences = (uint32_t)size[turned ? 1 : 0];
  made->batch.steps = (uint32_t)size[turned ? 0 : 1];
  made->input = calloc((size_t)data->count, sizeof *made->input);
  if (made->input == NULL) {
    trine_error_set(error, "There is no memory for %s values.", shape);
    return TRINE_ERR_MEMORY;
  }
  for (uint64_t n = 0; n < data->count; n++) {
    const uint64_t outer = n / end->width / made->batch.steps;
    const uint64_t inner = n / end->width % made->batch.steps;
    const uint64_t row[2] = {turned ? inner : outer, turned ? outer : inner};
    const uint64_t from =
        trine_onnx_layout_place(&layout, end->width, size, row, (uint32_t)(n % end->width));
    made->input[n] = data->dtype == TRINE_DTYPE_FLOAT32 ? ((const float *)data->data)[from]
                                                        : (float)trine_label(data, from);
  }
  made->batch.input = made->input;
  return TRINE_OK;
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

enum trine_status trine_float_data_load(const struct trine_float_source *source, const char *input,
                                        const char *lengths, struct trine_float_data *data,
                                        struct trine_error *error) {
  *data = (struct trine_float_data){.input = NULL};
  enum trine_status status = trine_float_file_load(source, &data->file, error);
  data->network = data->file.network;
  if (status == TRINE_OK) {
    status = trine_npy_read(input, &data->rows, error);
  }
  if (status == TRINE_OK) {
    status = take_input(data, input, error);
  }
  if (status == TRINE_OK && lengths != NULL) {
    status = take_lengths(data, lengths, error);
  }
  return status == TRINE_OK ? trine_float_file_agrees(&data->file, &data->batch, error) : status;
}

void trine_float_data_free(struct trine_float_data *data) {
  trine_float_file_free(&data->file);
  trine_array_free(&data->rows);
  free(data->lengths);
  free(data->input);
  *data = (struct trine_float_data){.input = NULL};
}
