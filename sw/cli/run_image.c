/* SPDX-License-Identifier: Apache-2.0 */
/* run_image: see run_image.h. */
#include "run_image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "io/array.h"
#include "io/file.h"
#include "io/npy.h"
#include "model/rounding.h"
#include "print.h"
#include "targets.h"

enum { MOST_IMAGE_BYTES = 1 << 30 };

/* An image, what goes in and what comes out. */
struct image_work {
  const struct trine_image *image; /* in `bytes` */
  uint8_t *bytes;
  struct trine_array input, output;
  int8_t *rows_in, *rows_out;
  uint32_t sequences, steps, in_width, out_width, out_steps;
  uint32_t *lengths;
  struct trine_stats stats;
};

bool cli_is_image(const char *path) {
  const size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".trn") == 0;
}

/* What only a model can be asked for. */
static bool check_options(const struct cli_options *options, struct trine_error *error) {
  const char *extra;
  if (options->check) {
    extra = "--check";
  } else if (options->lengths != NULL) {
    extra = "--lengths";
  } else if (options->state_in != NULL) {
    extra = "--state-in";
  } else if (options->state_out != NULL) {
    extra = "--state-out";
  } else if (options->place != NULL) {
    extra = "--place";
  } else if (options->cores != 0) {
    extra = "--cores";
  } else if (options->mode != CLI_MODE_AUTO) {
    extra = "--mode";
  } else if (options->device.kind == TRINE_DEVICE_GOLDEN) {
    extra = "--device golden";
  } else {
    extra = NULL;
  }
  if (extra != NULL) {
    trine_error_set(error,
                    "%.100s is an image, placed and packed already; %s goes with a model: trine "
                    "run MODEL.tflite",
                    options->jobs[0].model, extra);
  }
  return extra == NULL;
}

static bool load_image(const char *path, struct image_work *work, struct trine_error *error) {
  size_t len = 0;
  if (trine_file_read(path, MOST_IMAGE_BYTES, &work->bytes, &len, error) != TRINE_OK) {
    return false;
  }
  if (!trine_image_is_valid(work->bytes, len)) {
    trine_error_set(error,
                    "%.120s (%zu bytes) is no whole image of version %u; trine compile makes one.",
                    path, len, TRINE_IMAGE_VERSION);
    return false;
  }
  work->image = (const struct trine_image *)(const void *)work->bytes;
  return true;
}

static uint32_t width_of(const struct trine_image_tensor *tensor) {
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width += tensor->part_width[p];
  }
  return width;
}

/* [B,T,I], [T,B,I] or [T,I], int8 or float32. */
static bool check_input(const char *path, struct image_work *work, struct trine_error *error) {
  const struct trine_array *input = &work->input;
  const bool is_typed = input->dtype == TRINE_DTYPE_INT8 || input->dtype == TRINE_DTYPE_FLOAT32;
  const uint32_t rank = input->rank;
  if (!is_typed || rank < 2 || rank > 3 || input->shape[rank - 1] != work->in_width ||
      input->count == 0 || input->shape[0] > INT32_MAX || input->shape[1] > INT32_MAX) {
    char shape[96];
    trine_array_shape_text(input, shape, sizeof shape);
    trine_error_set(error,
                    "%.100s holds %s %s; the image takes int8 or float32 [B, T, %u] or [T, %u].",
                    path, trine_dtype_name(input->dtype), shape, work->in_width, work->in_width);
    return false;
  }
  const bool time_major = work->image->input.time_major != 0;
  if (rank == 2) {
    work->sequences = 1;
  } else {
    work->sequences = (uint32_t)input->shape[time_major ? 1 : 0];
  }
  work->steps = (uint32_t)input->shape[rank == 2 || time_major ? 0 : 1];
  return true;
}

static float scale_of(const struct trine_image_end *end) {
  float scale = 0;
  memcpy(&scale, &end->scale_bits, sizeof scale);
  return scale;
}

/* Rows as bytes, as the reader of models makes them. */
static bool quantize_rows(const char *path, struct image_work *work, struct trine_error *error) {
  const struct trine_rounding byte = {scale_of(&work->image->input), work->image->input.zero_point,
                                      INT8_MIN, INT8_MAX};
  const float *values = work->input.data;
  if (!isfinite(byte.scale) || byte.scale <= 0) {
    trine_error_set(error, "The image says no scale of its input; give it %.100s as int8.", path);
    return false;
  }
  for (uint64_t n = 0; n < work->input.count; n++) {
    if (!isfinite(values[n])) {
      trine_error_set(error,
                      "Value %llu of %.100s is %s; only finite numbers have a byte: correct it.",
                      (unsigned long long)n, path, isnan(values[n]) ? "NaN" : "infinite");
      return false;
    }
    work->rows_in[n] = (int8_t)trine_round(values[n], &byte);
  }
  return true;
}

static bool make_buffers(const char *path, struct image_work *work, struct trine_error *error) {
  const struct trine_image *image = work->image;
  const struct trine_image_tensor *out = trine_image_tensor(image, image->tensor_count - 1);
  work->in_width = width_of(trine_image_tensor(image, 0));
  work->out_width = width_of(out);
  if (trine_npy_read(path, &work->input, error) != TRINE_OK || !check_input(path, work, error)) {
    return false;
  }
  work->out_steps = out->per_sequence != 0 ? 1 : work->steps;
  const bool is_float = work->input.dtype == TRINE_DTYPE_FLOAT32;
  const bool time_major = image->output.time_major != 0;
  const uint64_t outer = time_major ? work->out_steps : work->sequences;
  const uint64_t inner = time_major ? work->sequences : work->out_steps;
  const uint64_t shape[] = {outer, inner, work->out_width};
  /* Like the input it comes without a batch axis when that came without one. */
  const uint64_t one[] = {work->out_steps, work->out_width};
  const bool is_one = work->input.rank == 2;
  work->rows_in = malloc((size_t)work->input.count + 1);
  work->rows_out = calloc((size_t)(outer * inner), work->out_width);
  work->lengths = malloc(work->sequences * sizeof *work->lengths);
  if (work->rows_in == NULL || work->rows_out == NULL || work->lengths == NULL) {
    trine_error_set(error, "There is no memory for %u sequences of %u steps.", work->sequences,
                    work->steps);
    return false;
  }
  for (uint32_t n = 0; n < work->sequences; n++) {
    work->lengths[n] = work->steps;
  }
  if (!is_float) {
    memcpy(work->rows_in, work->input.data, (size_t)work->input.count);
  } else if (!quantize_rows(path, work, error)) {
    return false;
  }
  return trine_array_make(&work->output, is_float ? TRINE_DTYPE_FLOAT32 : TRINE_DTYPE_INT8,
                          is_one ? 2 : 3, is_one ? one : shape, error) == TRINE_OK;
}

static struct trine_batch batch_of(const struct image_work *work) {
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
static bool run_job(struct cli_device *device, struct image_work *work, struct trine_error *error) {
  const size_t bytes = trine_image_job_sizeof(device->trine, work->image);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE};
  const struct trine_batch batch = batch_of(work);
  struct trine_job *job = NULL;
  void *memory = malloc(bytes);
  if (memory == NULL) {
    trine_error_set(error, "There is no memory for a job of %zu bytes.", bytes);
    return false;
  }
  enum trine_status status =
      trine_image_job_create(device->trine, work->image, &options, memory, bytes, &job);
  if (status == TRINE_OK) {
    status = trine_job_run(job, &batch);
  }
  if (status != TRINE_OK) {
    trine_connection_explain(device->connection, status, error);
  } else {
    work->stats = *trine_job_stats(job);
  }
  trine_job_destroy(job);
  free(memory);
  return status == TRINE_OK;
}

static bool save(const struct cli_options *options, struct image_work *work,
                 struct trine_error *error) {
  const struct trine_image_end *end = &work->image->output;
  const float scale = scale_of(end);
  for (uint64_t n = 0; n < work->output.count; n++) {
    if (work->output.dtype == TRINE_DTYPE_FLOAT32) {
      ((float *)work->output.data)[n] = (float)(work->rows_out[n] - end->zero_point) * scale;
    } else {
      ((int8_t *)work->output.data)[n] = work->rows_out[n];
    }
  }
  return options->jobs[0].output == NULL ||
         trine_npy_write(options->jobs[0].output, &work->output, error) == TRINE_OK;
}

/* The keys of a model's run, as far as an image has them. */
static bool print_json(const struct cli_options *options, const struct cli_device *device,
                       const struct image_work *work, struct trine_error *error) {
  const struct trine_stats *stats = &work->stats;
  const struct trine_info *info = trine_get_info(device->trine);
  cJSON *object = cJSON_CreateObject();
  cJSON_AddStringToObject(object, "model", options->jobs[0].model);
  cJSON_AddStringToObject(object, "device", trine_device_kind_name(device->kind));
  cJSON_AddStringToObject(object, "config", device->config);
  cJSON_AddNumberToObject(object, "cores", stats->cores);
  cJSON_AddNumberToObject(object, "macs_per_core", info->lanes * info->macs_per_lane);
  cJSON_AddNumberToObject(object, "steps", work->steps);
  cJSON_AddNumberToObject(object, "batch", work->sequences);
  cJSON_AddNumberToObject(object, "cycles", (double)stats->cycles);
  cJSON_AddNumberToObject(object, "load_cycles", (double)stats->load_cycles);
  cJSON_AddNumberToObject(object, "macs", (double)stats->macs);
  cJSON_AddNumberToObject(object, "limit_cycles", (double)stats->limit_cycles);
  cli_json_known(object, "utilisation", (double)stats->limit_cycles / (double)stats->cycles,
                 stats->cycles > 0);
  return cli_print_json(object, error);
}

static bool report(const struct cli_options *options, const struct cli_device *device,
                   const struct image_work *work, struct trine_error *error) {
  if (options->json) {
    return print_json(options, device, work, error);
  }
  cli_print("%s: %u x %u steps on %u cores, %llu cycles, %llu of them loading\n",
            options->jobs[0].model, work->sequences, work->steps, work->stats.cores,
            (unsigned long long)(work->stats.cycles + work->stats.load_cycles),
            (unsigned long long)work->stats.load_cycles);
  return true;
}

enum cli_exit cli_run_image(const struct cli_options *options, struct trine_error *error) {
  const char *path = options->jobs[0].model;
  struct image_work work = {.image = NULL};
  struct cli_device device = {.kind = options->device.kind};
  bool good = check_options(options, error) && cli_run_check_targets(options, error) &&
              load_image(path, &work, error) &&
              make_buffers(options->jobs[0].input, &work, error) &&
              cli_device_open(options, &device, error) && run_job(&device, &work, error) &&
              save(options, &work, error);
  good = good && report(options, &device, &work, error);
  cli_device_close(&device);
  trine_array_free(&work.input);
  trine_array_free(&work.output);
  free(work.rows_in);
  free(work.rows_out);
  free(work.lengths);
  free(work.bytes);
  return good ? CLI_DONE : CLI_FAILED;
}
