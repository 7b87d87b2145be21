/* SPDX-License-Identifier: Apache-2.0 */
/* work_files: checks targets, writes output and states; see work.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/npy.h"
#include "work.h"

enum { PATH_BYTES = 4096 };

bool cli_check_target(const char *path, struct trine_error *error) {
  char folder[PATH_BYTES] = ".";
  struct stat found;
  const char *slash = strrchr(path, '/');
  if (strlen(path) >= sizeof folder) {
    trine_error_set(error, "The path of an output has %zu characters; at most %d are possible.",
                    strlen(path), PATH_BYTES - 1);
    return false;
  }
  if (slash != NULL) {
    const size_t length = slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, path, length);
    folder[length] = '\0';
  }
  if (stat(folder, &found) != 0 || !S_ISDIR(found.st_mode) || access(folder, W_OK) != 0) {
    trine_error_set(error, "%.100s cannot be written: there is no writable folder %.100s.", path,
                    folder);
    return false;
  }
  if (stat(path, &found) == 0 && S_ISDIR(found.st_mode)) {
    trine_error_set(error, "%.200s cannot be written: it is a folder.", path);
    return false;
  }
  return true;
}

bool cli_work_check_targets(const struct cli_options *options, const struct cli_work *work,
                            struct trine_error *error) {
  return (work->files->output == NULL || cli_check_target(work->files->output, error)) &&
         (options->state_out == NULL || cli_check_target(options->state_out, error));
}

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
