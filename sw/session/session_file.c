/* SPDX-License-Identifier: Apache-2.0 */
/* session_file: a session that has opened its model and its device itself, and runs whole arrays;
 * see session.h. */
#include <stdlib.h>

#include "session/connect.h"
#include "session/rows.h"
#include "session/session_parts.h"

enum trine_status trine_session_open_file(const char *path, const char *device,
                                          const struct trine_session_options *options,
                                          struct trine_session **session,
                                          struct trine_error *error) {
  struct trine_session_options with = {.mode = TRINE_MODE_SINGLE};
  struct trine_device_name name;
  struct trine_model *model = NULL;
  struct trine_connection *connection = NULL;
  if (session == NULL) {
    trine_error_set(error, "A session needs a place for its handle; there is none.");
    return TRINE_ERR_ARG;
  }
  *session = NULL;
  enum trine_status status = trine_device_name_parse(device, &name, error);
  if (status == TRINE_OK) {
    status = trine_model_load(path, &model, error);
  }
  if (status == TRINE_OK) {
    status = trine_connect(&name, NULL, &connection, error);
  }
  if (status == TRINE_OK) {
    if (options != NULL) {
      with = *options;
    }
    with.connection = connection;
    status = trine_session_open(model, trine_connection_device(connection), &with, session, error);
  }
  if (status == TRINE_OK) {
    (*session)->own_model = model;
    (*session)->own_connection = connection;
  } else {
    trine_model_free(model);
    trine_disconnect(connection);
  }
  return status;
}

const struct trine_model *trine_session_model(const struct trine_session *session) {
  return session != NULL ? session->model : NULL;
}

/* Makes all outputs as the model has them. */
static enum trine_status make_outputs(const struct trine_session *session, uint32_t sequences,
                                      uint32_t steps, struct trine_array *outputs,
                                      struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(session->model);
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < info->output_count && status == TRINE_OK; n++) {
    uint64_t shape[TRINE_MODEL_MAX_RANK];
    const uint32_t rank = trine_model_output_shape_of(session->model, n, sequences, steps, shape);
    status = trine_array_make(&outputs[n], info->outputs[n].type, rank, shape, error);
  }
  return status;
}

/* What a run of arrays makes on its way. */
struct array_run {
  struct trine_session *session;
  const struct trine_model_info *info;
  void **rows;              /* [input_count] */
  struct trine_array *made; /* [output_count], as the model has them */
  void **places;            /* [output_count]: their data */
  const struct trine_array *inputs;
  struct trine_array *outputs; /* [count], the caller's */
  uint32_t count;
};

static enum trine_status run_arrays(const struct array_run *run, struct trine_error *error) {
  const struct trine_model *model = run->session->model;
  const struct trine_model_info *info = run->info;
  struct trine_model_batch batch = {.sequences = 0};
  bool is_real = false;
  enum trine_status status =
      trine_model_all_sizes(model, run->inputs, &batch.sequences, &batch.steps, error);
  for (uint32_t n = 0; n < info->input_count && status == TRINE_OK; n++) {
    is_real = is_real || run->inputs[n].dtype == TRINE_DTYPE_FLOAT32;
    status = trine_rows_take_of(model, n, &run->inputs[n], &batch, &run->rows[n], NULL, error);
  }
  if (status == TRINE_OK) {
    status = make_outputs(run->session, batch.sequences, batch.steps, run->made, error);
  }
  if (status == TRINE_OK) {
    for (uint32_t n = 0; n < info->output_count; n++) {
      run->places[n] = run->made[n].data;
    }
    batch.input = run->rows[0];
    batch.more_inputs = (const void *const *)run->rows + 1;
    batch.output = run->places[0];
    batch.more_outputs = run->places + 1;
    status = trine_session_run(run->session, &batch, error);
  }
  for (uint32_t n = 0; n < run->count && status == TRINE_OK; n++) {
    status = trine_rows_give(model, n, &run->made[n], is_real, &batch, &run->outputs[n], error);
  }
  return status;
}

/* All inputs, and the first `count` outputs. */
static enum trine_status run_made(struct trine_session *session, const struct trine_array *inputs,
                                  struct trine_array *outputs, uint32_t count,
                                  struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(session->model);
  struct array_run run = {.session = session,
                          .info = info,
                          .rows = calloc(info->input_count, sizeof *run.rows),
                          .made = calloc(info->output_count, sizeof *run.made),
                          .places = calloc(info->output_count, sizeof *run.places),
                          .inputs = inputs,
                          .outputs = outputs,
                          .count = count};
  enum trine_status status = TRINE_ERR_MEMORY;
  if (run.rows == NULL || run.made == NULL || run.places == NULL) {
    trine_error_set(error, "There is no memory for %u inputs and %u outputs.", info->input_count,
                    info->output_count);
  } else {
    status = run_arrays(&run, error);
  }
  for (uint32_t n = 0; n < info->input_count && run.rows != NULL; n++) {
    free(run.rows[n]);
  }
  for (uint32_t n = 0; n < info->output_count && run.made != NULL; n++) {
    trine_array_free(&run.made[n]);
  }
  for (uint32_t n = 0; n < count && status != TRINE_OK; n++) {
    trine_array_free(&outputs[n]);
  }
  free(run.rows);
  free(run.made);
  free(run.places);
  return status;
}

enum trine_status trine_session_run_array(struct trine_session *session,
                                          const struct trine_array *input,
                                          struct trine_array *output, struct trine_error *error) {
  if (session == NULL || output == NULL || !trine_array_is_valid(input)) {
    const char *missing = output == NULL ? "place" : "whole input";
    trine_error_set(error,
                    "A run needs a session, an input and a place for the output; there is no %s.",
                    session == NULL ? "session" : missing);
    return TRINE_ERR_ARG;
  }
  *output = (struct trine_array){.data = NULL};
  const struct trine_model_info *info = trine_model_info(session->model);
  if (info->input_count != 1) {
    trine_error_set(error,
                    "The model has %u inputs, and one array is given; trine_session_run_arrays "
                    "takes all.",
                    info->input_count);
    return TRINE_ERR_ARG;
  }
  return run_made(session, input, output, 1, error);
}

enum trine_status trine_session_run_arrays(struct trine_session *session,
                                           const struct trine_array *inputs,
                                           struct trine_array *outputs, struct trine_error *error) {
  if (session == NULL || outputs == NULL || inputs == NULL) {
    trine_error_set(error,
                    "A run needs a session, inputs and places for the outputs; one is not "
                    "there.");
    return TRINE_ERR_ARG;
  }
  const struct trine_model_info *info = trine_model_info(session->model);
  for (uint32_t n = 0; n < info->output_count; n++) {
    outputs[n] = (struct trine_array){.data = NULL};
  }
  for (uint32_t n = 0; n < info->input_count; n++) {
    if (!trine_array_is_valid(&inputs[n])) {
      trine_error_set(error, "Input %u of %u is no whole array; each needs its data and shape.", n,
                      info->input_count);
      return TRINE_ERR_ARG;
    }
  }
  return run_made(session, inputs, outputs, info->output_count, error);
}
