/* SPDX-License-Identifier: Apache-2.0 */
/* image_run: runs an image on an array, with lengths and states; see image_file.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/rounding.h"
#include "session/image_file.h"
#include "session/image_parts.h"

/* What goes through an image and what comes out. */
struct image_rows {
  const struct trine_image *image;
  const struct trine_array *input;
  int8_t *rows_in, *rows_out;
  uint32_t sequences, steps, in_width, out_width, out_steps;
  uint32_t *lengths;
  /* Of all sequences; what the run leaves is the caller's when all is done. */
  struct trine_states begin, end;
  /* The same a layer, NULL: none. */
  struct trine_lstm_state *state_in, *state_out;
};

/* Rows as bytes, as the reader of models makes them. */
static enum trine_status take_rows(struct image_rows *work, struct trine_error *error) {
  const struct trine_image_end *end = &work->image->input;
  const struct trine_rounding byte = {image_scale(end), end->zero_point, INT8_MIN, INT8_MAX};
  const uint32_t width = work->in_width;
  const bool is_major = end->time_major != 0;
  uint64_t clamped = 0;
  if (work->input->dtype == TRINE_DTYPE_INT8) {
    memcpy(work->rows_in, work->input->data, (size_t)work->input->count);
    return TRINE_OK;
  }
  if (!isfinite(byte.scale) || byte.scale <= 0) {
    trine_error_set(error, "The image says no scale of its input, which has to be int8 then.");
    return TRINE_ERR_ARG;
  }
  for (uint64_t n = 0; n < (uint64_t)work->sequences * work->steps; n++) {
    const uint32_t along = is_major ? work->sequences : work->steps;
    const uint32_t outer = (uint32_t)(n / along), inner = (uint32_t)(n % along);
    const struct trine_row_place place = {is_major ? inner : outer, is_major ? outer : inner};
    const float *values = (const float *)work->input->data + n * width;
    if (place.step >= work->lengths[place.sequence]) {
      memset(work->rows_in + n * width, end->zero_point, width);
    } else if (!trine_round_row(values, width, &byte, work->rows_in + n * width, &clamped, place,
                                error)) {
      return TRINE_ERR_ARG;
    }
  }
  return TRINE_OK;
}

/* Whether the lengths are some of the rows'. */
static enum trine_status take_lengths(struct image_rows *work, const uint32_t *lengths,
                                      struct trine_error *error) {
  for (uint32_t n = 0; n < work->sequences; n++) {
    work->lengths[n] = lengths != NULL ? lengths[n] : work->steps;
    if (work->lengths[n] < 1 || work->lengths[n] > work->steps) {
      trine_error_set(error, "Sequence %u has length %u, outside 1 to %u.", n, work->lengths[n],
                      work->steps);
      return TRINE_ERR_ARG;
    }
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
  return TRINE_OK;
}

/* Entries of a batch, one a layer, for states of which there is one an LSTM. */
static struct trine_lstm_state *by_layer(const struct trine_image *image,
                                         const struct trine_states *states) {
  struct trine_lstm_state *list = calloc(image->layer_count, sizeof *list);
  for (uint32_t n = 0, lstm = 0; n < image->layer_count && list != NULL; n++) {
    if (trine_image_layer(image, n)->is_lstm != 0) {
      list[n] = states->lstm[lstm++];
    }
  }
  return list;
}

/* States of as many sequences as the rows have: fresh, or copies of those that are given. */
static enum trine_status copy_states(const struct image_rows *work, const struct trine_states *from,
                                     struct trine_states *to, struct trine_error *error) {
  if (from != NULL && from->sequences != 1 && from->sequences != work->sequences) {
    trine_error_set(error, "The states are of %u sequences; the input has %u.", from->sequences,
                    work->sequences);
    return TRINE_ERR_ARG;
  }
  enum trine_status status = trine_states_make_image(work->image, work->sequences, to, error);
  for (uint32_t n = 0; n < work->sequences && from != NULL && status == TRINE_OK; n++) {
    status = trine_states_copy(to, n, from, from->sequences == 1 ? 0 : n, error);
  }
  return status;
}

/* States as the batch has them. */
static enum trine_status take_states(struct image_rows *work, const struct trine_image_batch *with,
                                     struct trine_error *error) {
  enum trine_status status = TRINE_OK;
  if (with->state_out != NULL && with->state_out->sequences != work->sequences) {
    trine_error_set(error, "There is room for the states of %u sequences; the input has %u.",
                    with->state_out->sequences, work->sequences);
    return TRINE_ERR_ARG;
  }
  if (with->state_in != NULL) {
    status = copy_states(work, with->state_in, &work->begin, error);
    work->state_in = status == TRINE_OK ? by_layer(work->image, &work->begin) : NULL;
  }
  if (with->state_out != NULL && status == TRINE_OK) {
    status = copy_states(work, with->state_out, &work->end, error);
    work->state_out = status == TRINE_OK ? by_layer(work->image, &work->end) : NULL;
  }
  if (status == TRINE_OK && ((with->state_in != NULL && work->state_in == NULL) ||
                             (with->state_out != NULL && work->state_out == NULL))) {
    trine_error_set(error, "There is no memory for the states of %u layers.",
                    work->image->layer_count);
    return TRINE_ERR_MEMORY;
  }
  return status;
}

/* All of it is done: what the run has left of the sequences. */
static enum trine_status give_states(const struct image_rows *work, struct trine_states *states,
                                     struct trine_error *error) {
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; states != NULL && n < work->sequences && status == TRINE_OK; n++) {
    status = trine_states_copy(states, n, &work->end, n, error);
  }
  return status;
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
      .output_step_stride = out_major ? out_row * work->sequences : out_row,
      .state_in = work->state_in,
      .state_out = work->state_out};
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
    const uint64_t row = n / work->out_width;
    const uint64_t b = time_major ? row % work->sequences : row / work->out_steps;
    const uint64_t t = time_major ? row / work->sequences : row % work->out_steps;
    const bool is_behind = t >= work->lengths[b]; /* 0.0, not the value of byte 0 */
    if (output->dtype == TRINE_DTYPE_FLOAT32) {
      const float value = (float)(work->rows_out[n] - end->zero_point) * scale;
      ((float *)output->data)[n] = is_behind ? 0.0F : value;
    } else {
      ((int8_t *)output->data)[n] = is_behind ? 0 : work->rows_out[n];
    }
  }
  return status;
}

/* Everything that the batch is made of. */
static enum trine_status take_batch(struct image_rows *work, const struct trine_image_batch *with,
                                    struct trine_error *error) {
  enum trine_status status =
      trine_image_input_sizes(work->image, work->input, &work->sequences, &work->steps, error);
  if (status == TRINE_OK) {
    status = make_rows(work, error);
  }
  if (status == TRINE_OK) {
    status = take_lengths(work, with->lengths, error);
  }
  if (status == TRINE_OK) {
    status = take_rows(work, error);
  }
  return status == TRINE_OK ? take_states(work, with, error) : status;
}

enum trine_status trine_image_run_array(struct trine_connection *connection,
                                        const struct trine_image *image,
                                        const struct trine_array *input,
                                        const struct trine_image_batch *with,
                                        struct trine_array *output, struct trine_stats *stats,
                                        struct trine_error *error) {
  static const struct trine_image_batch plain;
  struct image_rows work = {.image = image, .input = input};
  const struct trine_image_batch *batch = with != NULL ? with : &plain;
  *output = (struct trine_array){.data = NULL};
  if (trine_connection_device(connection) == NULL) {
    trine_error_set(error, "An image needs a device, a simulated one or another.");
    return TRINE_ERR_ARG;
  }
  enum trine_status status = take_batch(&work, batch, error);
  if (status == TRINE_OK) {
    status = run_job(connection, &work, stats, error);
  }
  if (status == TRINE_OK) {
    status = give_output(&work, output, error);
  }
  if (status == TRINE_OK) {
    status = give_states(&work, batch->state_out, error);
  }
  free(work.rows_in);
  free(work.rows_out);
  free(work.lengths);
  free(work.state_in);
  free(work.state_out);
  trine_states_free(&work.begin);
  trine_states_free(&work.end);
  return status;
}
