/* SPDX-License-Identifier: Apache-2.0 */
/* float_work: loads a float network and its data, see float_work.h. */
#include "float_work.h"

#include <stdlib.h>

#include "io/npy.h"
#include "quantize/metric.h"

/* The data as [B][T][width], whatever the layout of the graph. */
static bool take_input(struct cli_float_work *work, const char *path, struct trine_error *error) {
  const struct trine_float_value *end = &work->network->values[work->network->input];
  const struct trine_array *data = &work->data;
  const bool symbols = end->width == 1 && data->dtype != TRINE_DTYPE_FLOAT32;
  const uint32_t axes = (end->has_time ? 2U : 1U) + (symbols ? 0U : 1U);
  const uint32_t lead = data->rank + 1 == axes ? 0 : 1; /* without a batch: one sequence */
  char shape[96];
  trine_array_shape_text(data, shape, sizeof shape);
  if ((data->rank != axes && data->rank + 1 != axes) || data->rank == 0 || data->count == 0 ||
      (!symbols &&
       (data->dtype != TRINE_DTYPE_FLOAT32 || data->shape[data->rank - 1] != end->width))) {
    trine_error_set(error, "%.100s holds %s %s; the input %.60s takes float32 [%s%u]%s.", path,
                    trine_dtype_name(data->dtype), shape, end->name,
                    end->has_time ? (work->network->time_major ? "T,B," : "B,T,") : "B,",
                    end->width, end->width == 1 ? ", or whole numbers without the last axis" : "");
    return false;
  }
  const bool turned = work->network->time_major && lead == 1 && end->has_time;
  const uint64_t first = lead == 1 ? data->shape[0] : 1;
  const uint64_t second = end->has_time ? data->shape[lead] : 1;
  if (first > UINT32_MAX || second > UINT32_MAX) {
    trine_error_set(error, "%.100s holds %s; at most %u sequences or steps are read.", path, shape,
                    UINT32_MAX);
    return false;
  }
  work->batch.sequences = (uint32_t)(turned ? second : first);
  work->batch.steps = (uint32_t)(turned ? first : second);
  work->input = calloc((size_t)data->count, sizeof *work->input);
  if (work->input == NULL) {
    trine_error_set(error, "There is no memory for %s values.", shape);
    return false;
  }
  for (uint64_t n = 0; n < data->count; n++) {
    const uint64_t row = n / end->width, column = n % end->width;
    const uint64_t to = turned ? row % second * first + row / second : row;
    work->input[to * end->width + column] = data->dtype == TRINE_DTYPE_FLOAT32
                                                ? ((const float *)data->data)[n]
                                                : (float)trine_label(data, n);
  }
  work->batch.input = work->input;
  return true;
}

static bool take_lengths(struct cli_float_work *work, const char *path, struct trine_error *error) {
  if (path == NULL) {
    return true;
  }
  if (trine_npy_read(path, &work->lengths, error) != TRINE_IO_OK) {
    return false;
  }
  const struct trine_array *lengths = &work->lengths;
  if (lengths->dtype != TRINE_DTYPE_INT32 || lengths->rank != 1 ||
      lengths->count != work->batch.sequences) {
    char shape[96];
    trine_array_shape_text(lengths, shape, sizeof shape);
    trine_error_set(error, "%.100s holds %s %s; the lengths have to be int32 [%u].", path,
                    trine_dtype_name(lengths->dtype), shape, work->batch.sequences);
    return false;
  }
  for (uint32_t n = 0; n < work->batch.sequences; n++) {
    const int32_t length = ((const int32_t *)lengths->data)[n];
    if (length < 1 || (uint32_t)length > work->batch.steps) {
      trine_error_set(error, "%.100s: sequence %u has length %d, outside 1 to %u.", path, n, length,
                      work->batch.steps);
      return false;
    }
  }
  work->batch.lengths = lengths->data; /* positive: the same as unsigned */
  return true;
}

/* A graph may name a number of steps or sequences where its input leaves it open. */
static bool is_graphs_size(const struct cli_float_work *work, struct trine_error *error) {
  const bool turned = work->network->time_major;
  const bool has_time = work->network->values[work->network->input].has_time;
  const uint64_t sequences = work->batch.sequences, steps = has_time ? work->batch.steps : 0;
  return trine_onnx_fits(work->onnx, turned ? steps : sequences, turned ? sequences : steps, error);
}

bool cli_float_work_load(const struct cli_options *options, struct cli_float_work *work,
                         struct trine_error *error) {
  const struct cli_job_files *files = &options->jobs[0];
  const struct trine_onnx_cut cut = {options->inputs, options->outputs};
  *work = (struct cli_float_work){.onnx = NULL};
  if (trine_onnx_load(files->model, &cut, &work->onnx, error) != TRINE_ONNX_OK) {
    return false;
  }
  work->network = trine_onnx_network(work->onnx);
  return trine_npy_read(files->input, &work->data, error) == TRINE_IO_OK &&
         take_input(work, files->input, error) && is_graphs_size(work, error) &&
         take_lengths(work, options->lengths, error);
}

void cli_float_work_free(struct cli_float_work *work) {
  trine_onnx_free(work->onnx);
  trine_array_free(&work->data);
  trine_array_free(&work->lengths);
  free(work->input);
  *work = (struct cli_float_work){.onnx = NULL};
}
