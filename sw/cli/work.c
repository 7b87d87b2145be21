/* SPDX-License-Identifier: Apache-2.0 */
/* work: loads a model and its data and frees them, see work.h; work_files.c has results. */
#include "work.h"

#include <stdlib.h>
#include <string.h>

#include "io/lengths.h"
#include "io/named.h"
#include "io/npy.h"
#include "quantize/float_file.h"
#include "run_image.h"
#include "session/rows.h"

bool cli_work_load_model(const struct cli_options *options, const char *path, struct cli_work *work,
                         struct trine_error *error) {
  if (cli_is_image(path)) {
    trine_error_set(error,
                    "%.150s is an image, which runs alone: trine run %.150s; this takes the model "
                    "it was made of.",
                    path, path);
    return false;
  }
  if (trine_float_is_onnx(path)) {
    trine_error_set(error,
                    "%.150s is read as an .onnx, of floats; this takes the int8 model that trine "
                    "quantize %.150s --calibrate X.npy -o MODEL.tflite makes of it.",
                    path, path);
    return false;
  }
  enum trine_status status =
      trine_model_load_part(path, options->inputs, options->outputs, &work->model, error);
  if (status == TRINE_OK) {
    cli_work_take_model(work->model, work);
  }
  return status == TRINE_OK;
}

void cli_work_take_model(struct trine_model *model, struct cli_work *work) {
  work->model = model;
  work->info = trine_model_info(work->model);
}

/* Which file each input has. */
static bool find_paths(struct cli_work *work, struct trine_error *error) {
  const char *names[TRINE_MODEL_MAX_ENDS];
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    names[n] = work->info->inputs[n].name;
  }
  return trine_named_files("--input", (const char *const *)work->files->inputs,
                           work->files->input_count, names, work->info->input_count, work->paths,
                           error) == TRINE_OK;
}

static bool load_inputs(struct cli_work *work, struct trine_error *error) {
  if (!find_paths(work, error)) {
    return false;
  }
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    if (trine_npy_read(work->paths[n], &work->inputs[n], error) != TRINE_OK) {
      return false;
    }
  }
  if (trine_model_all_sizes(work->model, work->inputs, &work->batch, &work->steps, error) !=
      TRINE_OK) {
    if (work->info->input_count == 1) {
      trine_error_prefix(error, work->paths[0]);
    }
    return false;
  }
  return true;
}

/* The inputs as the model reads them, once the lengths are known: what is behind them does not
 * count. */
static bool take_rows(struct cli_work *work, struct trine_error *error) {
  const struct trine_model_batch sizes = {
      .sequences = work->batch, .steps = work->steps, .lengths = work->lengths};
  for (uint32_t n = 0; n < work->info->input_count; n++) {
    if (trine_rows_take_of(work->model, n, &work->inputs[n], &sizes, &work->rows[n],
                           &work->clamped[n], error) != TRINE_OK) {
      trine_error_prefix(error, work->paths[n]);
      return false;
    }
  }
  return true;
}

bool cli_work_lengths(const char *path, struct cli_work *work, struct trine_error *error) {
  bool good = true;
  if (path != NULL) {
    struct trine_array array = {.data = NULL};
    good = trine_npy_read(path, &array, error) == TRINE_OK &&
           trine_lengths_of(path, &array, &work->batch, &work->steps, &work->lengths, error) ==
               TRINE_OK;
    trine_array_free(&array);
    work->has_lengths = true;
  } else {
    work->lengths = calloc((size_t)work->batch + 1, sizeof *work->lengths);
    if (work->lengths == NULL) {
      trine_error_set(error, "There is no memory for the lengths of %u sequences.", work->batch);
      return false;
    }
    for (uint32_t n = 0; n < work->batch; n++) {
      work->lengths[n] = work->steps;
    }
  }
  for (uint32_t n = 0; n < work->batch && good; n++) {
    work->total_steps += work->lengths[n];
  }
  return good;
}

/* An output's shape; like the input it comes without a batch axis when that came without one. */
static uint32_t output_shape(const struct cli_work *work, uint32_t index,
                             uint64_t shape[TRINE_MODEL_MAX_RANK]) {
  const struct trine_model_end *end = &work->info->outputs[index];
  const uint32_t axis = end->has_time && end->time_major ? 1 : 0;
  const uint32_t whole = trine_model_input_shape(work->model, work->batch, work->steps, shape);
  uint32_t rank = trine_model_output_shape_of(work->model, index, work->batch, work->steps, shape);
  if (work->inputs[0].rank < whole && axis < rank && shape[axis] == 1) {
    for (uint32_t n = axis; n + 1 < rank; n++) {
      shape[n] = shape[n + 1];
    }
    rank--;
  }
  return rank;
}

static bool make_outputs(const char *path, struct cli_work *work, struct trine_error *error) {
  const struct trine_model_info *info = work->info;
  const size_t length = path == NULL ? 0 : strlen(path);
  if (info->output_count > 1 && path != NULL &&
      (length < 4 || strcmp(path + length - 4, ".npz") != 0)) {
    trine_error_set(error,
                    "The model has %u outputs ('%.40s', '%.40s'%s), which go into one file, "
                    "--output Y.npz; or take one with --outputs NAME.",
                    info->output_count, info->outputs[0].name, info->outputs[1].name,
                    info->output_count > 2 ? ", ..." : "");
    return false;
  }
  work->outputs = calloc(info->output_count, sizeof *work->outputs);
  work->places = calloc(info->output_count, sizeof *work->places);
  if (work->outputs == NULL || work->places == NULL) {
    trine_error_set(error, "There is no memory for %u outputs.", info->output_count);
    return false;
  }
  for (uint32_t n = 0; n < info->output_count; n++) {
    uint64_t shape[TRINE_MODEL_MAX_RANK];
    const uint32_t rank = output_shape(work, n, shape);
    if (trine_array_make(&work->outputs[n], info->outputs[n].type, rank, shape, error) !=
        TRINE_OK) {
      return false;
    }
    work->places[n] = work->outputs[n].data;
  }
  return true;
}

/* The states of the batch; of one sequence, all start from it. */
static bool load_states(const char *path, struct cli_work *work, struct trine_error *error) {
  struct trine_states read;
  bool good = trine_states_read(path, work->model, &read, error) == TRINE_OK &&
              trine_states_make(work->model, work->batch, &work->state_in, error) == TRINE_OK;
  if (good && read.sequences != 1 && read.sequences != work->batch) {
    trine_error_set(error, "%.100s has the states of %u sequences; the input has %u.", path,
                    read.sequences, work->batch);
    good = false;
  }
  for (uint32_t n = 0; n < work->batch && good; n++) {
    good = trine_states_copy(&work->state_in, n, &read, read.sequences == 1 ? 0 : n, error) ==
           TRINE_OK;
  }
  trine_states_free(&read);
  return good;
}

bool cli_work_load(const struct cli_options *options, const struct cli_job_files *files,
                   struct cli_work *work, struct trine_error *error) {
  *work = (struct cli_work){.files = files};
  if (!cli_work_load_model(options, files->model, work, error) || !load_inputs(work, error) ||
      !cli_work_lengths(options->lengths, work, error) || !take_rows(work, error)) {
    return false;
  }
  if (!make_outputs(files->output, work, error)) {
    return false;
  }
  if (options->state_in != NULL && !load_states(options->state_in, work, error)) {
    return false;
  }
  return options->state_out == NULL ||
         trine_states_make(work->model, work->batch, &work->state_out, error) == TRINE_OK;
}

void cli_work_free(struct cli_work *work) {
  trine_session_close(work->session);
  trine_model_plan_free(&work->plan);
  trine_states_free(&work->state_in);
  trine_states_free(&work->state_out);
  free(work->lengths);
  for (uint32_t n = 0; n < TRINE_MODEL_MAX_ENDS; n++) {
    free(work->rows[n]);
    trine_array_free(&work->inputs[n]);
  }
  for (uint32_t n = 0; work->outputs != NULL && n < work->info->output_count; n++) {
    trine_array_free(&work->outputs[n]);
  }
  free(work->outputs);
  free(work->places);
  trine_model_free(work->model);
  *work = (struct cli_work){.files = NULL};
}

struct trine_plan_batch cli_work_plan_batch(const struct cli_work *work) {
  return (struct trine_plan_batch){
      .sequences = work->batch,
      .lengths = work->lengths,
      .is_kept = work->state_in.lstm != NULL || work->state_out.lstm != NULL};
}

bool cli_work_plan(const struct cli_options *options, const struct trine_target *target,
                   uint32_t cores, struct cli_work *work, struct trine_error *error) {
  const bool has_mode = options->mode != CLI_MODE_AUTO;
  const struct trine_model_plan_options wanted = {
      .has_mode = has_mode,
      .mode = has_mode ? (enum trine_mode)options->mode : TRINE_MODE_SINGLE,
      .cores = cores,
      .place = options->place};
  const struct trine_plan_batch batch = cli_work_plan_batch(work);
  return trine_model_plan_make(target, work->model, &wanted, &batch, &work->plan, error) ==
         TRINE_OK;
}

struct trine_model_batch cli_work_batch(const struct cli_work *work) {
  return (struct trine_model_batch){.sequences = work->batch,
                                    .steps = work->steps,
                                    .lengths = work->lengths,
                                    .input = work->rows[0],
                                    .more_inputs = (const void *const *)work->rows + 1,
                                    .output = work->places[0],
                                    .more_outputs = work->places + 1,
                                    .state_in = work->state_in.lstm,
                                    .state_out = work->state_out.lstm};
}
