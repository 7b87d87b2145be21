/* SPDX-License-Identifier: Apache-2.0 */
/* work: loads models and data, see work.h. */
#include "work.h"

#include <stdio.h>
#include <stdlib.h>

#include "io/npy.h"

enum { PATH_BYTES = 512 };

static bool no_memory(struct trine_error *error) {
  trine_error_set(error, "There is no memory for the data of a job.");
  return false;
}

bool demo_read(const char *folder, const char *name, enum trine_dtype dtype,
               struct trine_array *array, struct trine_error *error) {
  char path[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  if (trine_npy_read(path, array, error) != TRINE_OK) {
    return false;
  }
  if (array->dtype != dtype) {
    trine_error_set(error, "%.120s has %s values, not %s.", path, trine_dtype_name(array->dtype),
                    trine_dtype_name(dtype));
    return false;
  }
  return true;
}

static bool load_model(struct demo_work *work, struct trine_error *error) {
  char path[PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/%s.tflite", work->folder, work->job->model);
  if (trine_model_load(path, &work->model, error) != TRINE_OK) {
    return false;
  }
  work->info = trine_model_info(work->model);
  work->network = trine_model_network(work->model, 0);
  if (work->info->segment_count != 1 || work->network == NULL || work->info->input.time_major) {
    trine_error_set(error, "%.120s is not one network with the batch first.", path);
    return false;
  }
  return true;
}

/* Shapes of input and expected outputs: utterances [n,T,width], streams [T,width]. */
static bool check_shapes(struct demo_work *work, struct trine_error *error) {
  const struct demo_job *job = work->job;
  const struct trine_array *arrays[2] = {&work->input, &work->expected};
  const uint64_t widths[2] = {work->info->input.width, work->info->output.width};
  const uint32_t rank = job->streams > 0 ? 2 : 3;
  for (int n = 0; n < 2; n++) {
    const uint64_t *shape = arrays[n]->shape;
    bool good = arrays[n]->rank == rank && shape[rank - 1] == widths[n] && shape[rank - 2] >= 1 &&
                shape[rank - 2] == work->input.shape[rank - 2];
    good = good && (job->streams > 0 || shape[0] >= (uint64_t)job->first + job->count);
    if (!good) {
      trine_error_set(error, "%s has another shape than the model %s takes.",
                      n == 0 ? job->input : job->expected, job->model);
      return false;
    }
  }
  work->steps = (uint32_t)work->input.shape[rank - 2];
  return true;
}

static bool load_lengths(struct demo_work *work, struct trine_error *error) {
  const struct demo_job *job = work->job;
  const uint32_t sequences = job->streams > 0 ? job->streams : job->count;
  work->batch.sequences = sequences;
  work->lengths = calloc(sequences, sizeof *work->lengths);
  if (work->lengths == NULL) {
    return no_memory(error);
  }
  if (job->streams == 0 &&
      !demo_read(work->folder, "vowels_len", TRINE_DTYPE_INT32, &work->valid, error)) {
    return false;
  }
  for (uint32_t n = 0; n < sequences; n++) {
    work->lengths[n] = work->steps;
    if (job->streams == 0) {
      const int32_t *valid = work->valid.data;
      const bool good = work->valid.count >= (uint64_t)job->first + job->count &&
                        valid[job->first + n] >= 1 && valid[job->first + n] <= (int32_t)work->steps;
      if (!good) {
        trine_error_set(error, "vowels_len has no usable length of utterance %u.", job->first + n);
        return false;
      }
      work->lengths[n] = job->own_length ? (uint32_t)valid[job->first + n] : work->steps;
    }
    work->total_steps += work->lengths[n];
  }
  return true;
}

static bool make_states(struct demo_work *work, struct trine_error *error) {
  for (uint32_t n = 0; n < work->network->layer_count && work->job->streams > 0; n++) {
    const struct trine_layer *layer = &work->network->layers[n];
    if (layer->kind != TRINE_LAYER_LSTM) {
      continue;
    }
    const size_t units = (size_t)layer->units * work->batch.sequences;
    work->state[n].h = calloc(units, sizeof *work->state[n].h);
    work->state[n].c = calloc(units, sizeof *work->state[n].c);
    if (work->state[n].h == NULL || work->state[n].c == NULL) {
      return no_memory(error);
    }
  }
  return true;
}

/* A stream is read again for each of its repetitions: its sequences have the same place. */
static bool make_batch(struct demo_work *work, struct trine_error *error) {
  const struct demo_job *job = work->job;
  struct trine_batch *batch = &work->batch;
  const uint64_t in_bytes = (uint64_t)work->steps * work->info->input.width;
  const uint64_t out_bytes = (uint64_t)work->steps * work->info->output.width;
  work->output = calloc(batch->sequences, out_bytes);
  if (work->output == NULL) {
    return no_memory(error);
  }
  batch->lengths = work->lengths;
  batch->input = (const int8_t *)work->input.data + job->first * in_bytes;
  batch->input_batch_stride = job->streams > 0 ? 0 : in_bytes;
  batch->input_step_stride = work->info->input.width;
  batch->output = work->output;
  batch->output_batch_stride = out_bytes;
  batch->output_step_stride = work->info->output.width;
  batch->state_out = job->streams > 0 ? work->state : NULL;
  return true;
}

bool demo_work_load(const struct demo_job *job, const char *folder, struct demo_work *work,
                    struct trine_error *error) {
  *work = (struct demo_work){.job = job, .folder = folder};
  return load_model(work, error) &&
         demo_read(folder, job->input, TRINE_DTYPE_INT8, &work->input, error) &&
         demo_read(folder, job->expected, TRINE_DTYPE_INT8, &work->expected, error) &&
         check_shapes(work, error) && load_lengths(work, error) && make_states(work, error) &&
         make_batch(work, error);
}

void demo_work_free(struct demo_work *work) {
  for (uint32_t n = 0; n < TRINE_MAX_LAYERS; n++) {
    free(work->state[n].h);
    free(work->state[n].c);
  }
  free(work->output);
  free(work->lengths);
  trine_array_free(&work->valid);
  trine_array_free(&work->expected);
  trine_array_free(&work->input);
  trine_model_free(work->model);
  *work = (struct demo_work){.job = NULL};
}
