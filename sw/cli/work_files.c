/* SPDX-License-Identifier: Apache-2.0 */
/* work_files: writes output and states; see work.h. */
#include "io/npy.h"
#include "work.h"

/* The output as float32; rows past a sequence's length are 0.0, not the value of byte 0. */
static bool dequantized(const struct cli_work *work, struct trine_array *values,
                        struct trine_error *error) {
  const struct trine_model_end *end = &work->info->output;
  if (trine_array_make(values, TRINE_DTYPE_FLOAT32, work->output.rank, work->output.shape, error) !=
      TRINE_IO_OK) {
    return false;
  }
  float *data = values->data;
  trine_model_dequantize(end, work->output.data, work->output.count, data);
  for (uint32_t b = 0; b < work->batch && end->has_time; b++) {
    for (uint32_t t = work->lengths[b]; t < work->steps; t++) {
      const size_t row =
          end->time_major ? (size_t)t * work->batch + b : (size_t)b * work->steps + t;
      for (uint32_t n = 0; n < end->width; n++) {
        data[row * end->width + n] = 0.0F;
      }
    }
  }
  return true;
}

static bool save_output(const struct cli_work *work, struct trine_error *error) {
  if (work->input.dtype == TRINE_DTYPE_INT8 || work->output.dtype != TRINE_DTYPE_INT8) {
    return trine_npy_write(work->files->output, &work->output, error) == TRINE_IO_OK;
  }
  struct trine_array values = {.data = NULL};
  bool good = dequantized(work, &values, error) &&
              trine_npy_write(work->files->output, &values, error) == TRINE_IO_OK;
  trine_array_free(&values);
  return good;
}

bool cli_work_save(const struct cli_options *options, const struct cli_work *work,
                   struct trine_error *error) {
  return (work->files->output == NULL || save_output(work, error)) &&
         (options->state_out == NULL ||
          trine_states_save(options->state_out, &work->state_out, error) == TRINE_IO_OK);
}
