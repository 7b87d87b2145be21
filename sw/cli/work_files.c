/* SPDX-License-Identifier: Apache-2.0 */
/* work_files: reads states, checks targets, writes output and states; see work.h. */
#include "work_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/npy.h"
#include "io/npz.h"

enum { NAME_BYTES = 16, PATH_BYTES = 4096 };

/* One array of a state file into `target`. */
static bool read_state(struct trine_npz *npz, const char *path, char kind, uint32_t lstm,
                       const uint64_t shape[2], void *target, struct trine_error *error) {
  const enum trine_dtype dtype = kind == 'h' ? TRINE_DTYPE_INT8 : TRINE_DTYPE_INT16;
  char name[NAME_BYTES];
  struct trine_array array = {.data = NULL};
  (void)snprintf(name, sizeof name, "%c%u", kind, lstm);
  if (!trine_npz_has(npz, name)) {
    trine_error_set(error, "%.100s has no array %s; it needs one h and one c for each LSTM.", path,
                    name);
    return false;
  }
  bool good = trine_npz_get(npz, name, &array, error) == TRINE_IO_OK;
  if (good && (array.dtype != dtype || array.rank != 2 || array.shape[0] != shape[0] ||
               array.shape[1] != shape[1])) {
    char text[96];
    trine_array_shape_text(&array, text, sizeof text);
    trine_error_set(error, "%.100s: %s is %s %s; it has to be %s [%llu,%llu].", path, name,
                    trine_dtype_name(array.dtype), text, trine_dtype_name(dtype),
                    (unsigned long long)shape[0], (unsigned long long)shape[1]);
    good = false;
  }
  if (good) {
    memcpy(target, array.data, (size_t)trine_array_bytes(&array));
  }
  trine_array_free(&array);
  return good;
}

struct trine_lstm_state *cli_states_load(const char *path, const struct cli_work *work,
                                         struct trine_error *error) {
  struct trine_lstm_state *states = cli_states_make(work->model, work->batch);
  struct trine_npz *npz = NULL;
  if (states == NULL) {
    trine_error_set(error, "There is no memory for the states of %u sequences.", work->batch);
    return NULL;
  }
  bool good = trine_npz_open(path, &npz, error) == TRINE_IO_OK;
  for (uint32_t n = 0; n < work->info->lstm_count && good; n++) {
    const uint64_t shape[2] = {work->batch, cli_lstm_units(work->model, n)};
    good = read_state(npz, path, 'h', n, shape, states[n].h, error) &&
           read_state(npz, path, 'c', n, shape, states[n].c, error);
  }
  trine_npz_close(npz);
  if (!good) {
    cli_states_free(states, work->info->lstm_count);
    states = NULL;
  }
  return states;
}

/* A file can be replaced when its folder is there and can be written. */
static bool check_target(const char *path, struct trine_error *error) {
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
  return (work->files->output == NULL || check_target(work->files->output, error)) &&
         (options->state_out == NULL || check_target(options->state_out, error));
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
  if (work->input.dtype == TRINE_DTYPE_INT8) {
    return trine_npy_write(work->files->output, &work->output, error) == TRINE_IO_OK;
  }
  struct trine_array values = {.data = NULL};
  bool good = dequantized(work, &values, error) &&
              trine_npy_write(work->files->output, &values, error) == TRINE_IO_OK;
  trine_array_free(&values);
  return good;
}

static bool save_states(const char *path, const struct cli_work *work, struct trine_error *error) {
  const uint32_t count = 2 * work->info->lstm_count;
  struct trine_array *arrays = calloc((size_t)count + 1, sizeof *arrays);
  char(*texts)[NAME_BYTES] = calloc((size_t)count + 1, sizeof *texts);
  const char **names = calloc((size_t)count + 1, sizeof *names);
  bool good = arrays != NULL && texts != NULL && names != NULL;
  if (!good) {
    trine_error_set(error, "There is no memory to write %u states.", count);
  }
  for (uint32_t n = 0; n < count && good; n++) {
    const bool h = n % 2 == 0;
    const uint32_t units = cli_lstm_units(work->model, n / 2);
    (void)snprintf(texts[n], NAME_BYTES, "%c%u", h ? 'h' : 'c', n / 2);
    names[n] = texts[n];
    arrays[n] = (struct trine_array){.dtype = h ? TRINE_DTYPE_INT8 : TRINE_DTYPE_INT16,
                                     .rank = 2,
                                     .shape = {work->batch, units},
                                     .count = (uint64_t)work->batch * units};
    arrays[n].data = h ? (void *)work->state_out[n / 2].h : (void *)work->state_out[n / 2].c;
  }
  good = good && trine_npz_write(path, names, arrays, count, error) == TRINE_IO_OK;
  free(arrays);
  free(texts);
  free(names);
  return good;
}

bool cli_work_save(const struct cli_options *options, const struct cli_work *work,
                   struct trine_error *error) {
  return (work->files->output == NULL || save_output(work, error)) &&
         (options->state_out == NULL || save_states(options->state_out, work, error));
}
