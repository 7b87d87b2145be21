/* SPDX-License-Identifier: Apache-2.0 */
/* work_files: writes output and states; see work.h. */
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "io/npz.h"
#include "work.h"

/* An output as float32; rows past a sequence's length are 0.0, not the value of byte 0. */
static bool dequantized(const struct cli_work *work, uint32_t index, struct trine_array *values,
                        struct trine_error *error) {
  const struct trine_model_end *end = &work->info->outputs[index];
  const struct trine_array *output = &work->outputs[index];
  if (trine_array_make(values, TRINE_DTYPE_FLOAT32, output->rank, output->shape, error) !=
      TRINE_OK) {
    return false;
  }
  float *data = values->data;
  trine_model_dequantize(end, output->data, (size_t)output->count, data);
  for (uint64_t n = 0; n < output->count && end->has_time && work->has_lengths; n++) {
    uint32_t b = 0, t = 0;
    trine_model_place(work->model, (int32_t)index, work->batch, work->steps, n, &b, &t);
    if (t >= work->lengths[b]) {
      data[n] = 0.0F;
    }
  }
  return true;
}

/* An output as it is written: float32 when the input was, else in the file's own type. */
static bool written(const struct cli_work *work, uint32_t index, struct trine_array *values,
                    struct trine_error *error) {
  const struct trine_array *output = &work->outputs[index];
  if (work->input.dtype == TRINE_DTYPE_FLOAT32 && output->dtype == TRINE_DTYPE_INT8) {
    return dequantized(work, index, values, error);
  }
  const bool turned = work->info->outputs[index].is_unsigned;
  if (trine_array_make(values, turned ? TRINE_DTYPE_UINT8 : output->dtype, output->rank,
                       output->shape, error) != TRINE_OK) {
    return false;
  }
  memcpy(values->data, output->data, (size_t)trine_array_bytes(output));
  if (turned) {
    cli_turn_bits(values->data, values->count);
  }
  return true;
}

static bool save_output(const struct cli_work *work, struct trine_error *error) {
  const uint32_t count = work->info->output_count;
  struct trine_array *values = calloc(count, sizeof *values);
  const char **names = calloc(count, sizeof *names);
  bool good = values != NULL && names != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory for %u outputs.", count);
  }
  for (uint32_t n = 0; n < count && good; n++) {
    names[n] = work->info->outputs[n].name;
    good = written(work, n, &values[n], error);
  }
  good = good && (count == 1 ? trine_npy_write(work->files->output, &values[0], error)
                             : trine_npz_write(work->files->output, names, values, count, error)) ==
                     TRINE_OK;
  for (uint32_t n = 0; values != NULL && n < count; n++) {
    trine_array_free(&values[n]);
  }
  free(values);
  free(names);
  return good;
}

bool cli_work_save(const struct cli_options *options, const struct cli_work *work,
                   struct trine_error *error) {
  return (work->files->output == NULL || save_output(work, error)) &&
         (options->state_out == NULL ||
          trine_states_save(options->state_out, &work->state_out, error) == TRINE_OK);
}
