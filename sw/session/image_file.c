/* SPDX-License-Identifier: Apache-2.0 */
/* image_file: reads an image, and runs one on an array; see image_file.h. */
#include "session/image_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "model/rounding.h"
#include "session/image_parts.h"

enum { MOST_IMAGE_BYTES = 1 << 30 };

/* What goes through an image and what comes out. */
struct image_rows {
  const struct trine_image *image;
  const struct trine_array *input;
  int8_t *rows_in, *rows_out;
  uint32_t sequences, steps, in_width, out_width, out_steps;
  uint32_t *lengths;
};

uint32_t image_width(const struct trine_image_tensor *tensor) {
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width += tensor->part_width[p];
  }
  return width;
}

float image_scale(const struct trine_image_end *end) {
  float scale = 0;
  memcpy(&scale, &end->scale_bits, sizeof scale);
  return scale;
}

enum trine_status trine_image_load(const char *path, struct trine_image **image,
                                   struct trine_error *error) {
  uint8_t *bytes = NULL;
  size_t len = 0;
  *image = NULL;
  const enum trine_status status = trine_file_read(path, MOST_IMAGE_BYTES, &bytes, &len, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (!trine_image_is_valid(bytes, len)) {
    trine_error_set(
        error, "%.120s (%zu bytes) is no whole image of version %u; a model compiled anew is one.",
        path, len, TRINE_IMAGE_VERSION);
    free(bytes);
    return TRINE_ERR_FORMAT;
  }
  *image = (struct trine_image *)(void *)bytes;
  return TRINE_OK;
}

enum trine_status trine_image_input_sizes(const struct trine_image *image,
                                          const struct trine_array *input, uint32_t *sequences,
                                          uint32_t *steps, struct trine_error *error) {
  const bool is_typed = input->dtype == TRINE_DTYPE_INT8 || input->dtype == TRINE_DTYPE_FLOAT32;
  const uint32_t rank = input->rank, width = image_width(trine_image_tensor(image, 0));
  if (!is_typed || rank < 2 || rank > 3 || input->shape[rank - 1] != width || input->count == 0 ||
      input->shape[0] > INT32_MAX || input->shape[1] > INT32_MAX) {
    char shape[96];
    trine_array_shape_text(input, shape, sizeof shape);
    trine_error_set(error,
                    "The input is %s %s; the image takes int8 or float32 [B, T, %u] or [T, %u].",
                    trine_dtype_name(input->dtype), shape, width, width);
    return TRINE_ERR_ARG;
  }
  const bool time_major = image->input.time_major != 0;
  if (rank == 2) {
    *sequences = 1;
  } else {
    *sequences = (uint32_t)input->shape[time_major ? 1 : 0];
  }
  *steps = (uint32_t)input->shape[rank == 2 || time_major ? 0 : 1];
  return TRINE_OK;
}

/* Rows as bytes, as the reader of models makes them. */
static enum trine_status take_rows(struct image_rows *work, struct trine_error *error) {
  const struct trine_rounding byte = {image_scale(&work->image->input),
                                      work->image->input.zero_point, INT8_MIN, INT8_MAX};
  const float *values = work->input->data;
  if (work->input->dtype == TRINE_DTYPE_INT8) {
    memcpy(work->rows_in, work->input->data, (size_t)work->input->count);
    return TRINE_OK;
  }
  if (!isfinite(byte.scale) || byte.scale <= 0) {
    trine_error_set(error, "The image says no scale of its input, which has to be int8 then.");
    return TRINE_ERR_ARG;
  }
  for (uint64_t n = 0; n < work->input->count; n++) {
    if (!isfinite(values[n])) {
      trine_error_set(error,
                      "Value %llu of the input is %s; only finite numbers have a byte: correct it.",
                      (unsigned long long)n, isnan(values[n]) ? "NaN" : "infinite");
      return TRINE_ERR_ARG;
    }
    work->rows_in[n] = (int8_t)trine_round(values[n], &byte);
  }
  return TRINE_OK;
}

static enum trine_status make_rows(struct image_rows *work, struct trine_error *error) {
  const struct trine_image *image = work->image;
  const struct trine_image_tensor *out = trine_image_tensor(image, image->tensor_count - 1);
  work->in_width = image_width(trine_image_tensor(image, 0));
  work->out_width = image_width(out);
  work->out_steps = out->per_sequence != 0 ? 1 : work->steps;
  work->rows_in = malloc((size_t)work->input->count + 1);
  work->rows_out = calloc((size_t)work->sequences * work->out_steps, work->out_width);
  work->lengths = malloc(work->sequences * sizeof *work->lengths);
  if (work->rows_in == NULL || work->rows_out == NULL || work->lengths == NULL) {
    trine_error_set(error, "There is no memory for %u sequences of %u steps.", work->sequences,
                    work->steps);
    return TRINE_ERR_MEMORY;
  }
  for (uint32_t n = 0; n < work->sequences; n++) {
    work->lengths[n] = work->steps;
  }
  return take_rows(work, error);
}

static struct trine_batch batch_of(const struct image_rows *work) {
  const bool in_major = work->image->input.time_major != 0;
  const bool out_major = work->image->output.time_major != 0;
  const uint64_t in_row = work->in_width, out_row = work->out_width;
  return (struct trine_batch){
      .sequences = work->sequences,
      .lengths = work->lengths,
      .input = work->rows_in,
      .input_batch_stride = in_major ? in_row : in_row * work->steps,
      .input_step_stride = in_major ? in_row * work->sequences : in_row,
      .output = work->rows_out,
      .output_batch_stride = out_major ? out_row : out_row * work->out_steps,
      .output_step_stride = out_major ? out_row * work->sequences : out_row};
}

/* On the device, by a job of the image. */
static enum trine_status run_job(struct trine_connection *connection, const struct image_rows *work,
                                 struct trine_stats *stats, struct trine_error *error) {
  struct trine *device = trine_connection_device(connection);
  const size_t bytes = trine_image_job_sizeof(device, work->image);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE};
  const struct trine_batch batch = batch_of(work);
  struct trine_job *job = NULL;
  void *memory = malloc(bytes);
  if (memory == NULL) {
    trine_error_set(error, "There is no memory for a job of %zu bytes.", bytes);
    return TRINE_ERR_MEMORY;
  }
  enum trine_status status =
      trine_image_job_create(device, work->image, &options, memory, bytes, &job);
  if (status == TRINE_OK) {
    status = trine_job_run(job, &batch);
  }
  if (status != TRINE_OK) {
    trine_connection_explain(connection, status, error);
  } else if (stats != NULL) {
    *stats = *trine_job_stats(job);
  }
  trine_job_destroy(job);
  free(memory);
  return status;
}

/* What came out, in the type of what went in; without a batch axis when that came without one. */
static enum trine_status give_output(const struct image_rows *work, struct trine_array *output,
                                     struct trine_error *error) {
  const struct trine_image_end *end = &work->image->output;
  const bool time_major = end->time_major != 0, is_one = work->input->rank == 2;
  const uint64_t shape[] = {time_major ? work->out_steps : work->sequences,
                            time_major ? work->sequences : work->out_steps, work->out_width};
  const uint64_t one[] = {work->out_steps, work->out_width};
  const float scale = image_scale(end);
  const enum trine_status status =
      trine_array_make(output, work->input->dtype, is_one ? 2 : 3, is_one ? one : shape, error);
  for (uint64_t n = 0; status == TRINE_OK && n < output->count; n++) {
    if (output->dtype == TRINE_DTYPE_FLOAT32) {
      ((float *)output->data)[n] = (float)(work->rows_out[n] - end->zero_point) * scale;
    } else {
      ((int8_t *)output->data)[n] = work->rows_out[n];
    }
  }
  return status;
}

enum trine_status trine_image_run_array(struct trine_connection *connection,
                                        const struct trine_image *image,
                                        const struct trine_array *input, struct trine_array *output,
                                        struct trine_stats *stats, struct trine_error *error) {
  struct image_rows work = {.image = image, .input = input};
  *output = (struct trine_array){.data = NULL};
  if (trine_connection_device(connection) == NULL) {
    trine_error_set(error, "An image needs a device, a simulated one or another.");
    return TRINE_ERR_ARG;
  }
  enum trine_status status =
      trine_image_input_sizes(image, input, &work.sequences, &work.steps, error);
  if (status == TRINE_OK) {
    status = make_rows(&work, error);
  }
  if (status == TRINE_OK) {
    status = run_job(connection, &work, stats, error);
  }
  if (status == TRINE_OK) {
    status = give_output(&work, output, error);
  }
  free(work.rows_in);
  free(work.rows_out);
  free(work.lengths);
  return status;
}
