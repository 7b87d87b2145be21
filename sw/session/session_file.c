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

static enum trine_status run_array(struct trine_session *session, const struct trine_array *input,
                                   struct trine_array *outputs, void **more,
                                   struct trine_array *output, struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(session->model);
  struct trine_model_batch batch = {.more_outputs = more};
  void *bytes = NULL;
  enum trine_status status = trine_model_input_sizes(session->model, input->rank, input->shape,
                                                     &batch.sequences, &batch.steps, error);
  if (status == TRINE_OK) {
    status = trine_rows_take(session->model, input, &batch, &bytes, NULL, error);
  }
  if (status == TRINE_OK) {
    status = make_outputs(session, batch.sequences, batch.steps, outputs, error);
  }
  if (status == TRINE_OK) {
    for (uint32_t n = 1; n < info->output_count; n++) {
      more[n - 1] = outputs[n].data;
    }
    batch.input = bytes;
    batch.output = outputs[0].data;
    status = trine_session_run(session, &batch, error);
  }
  if (status == TRINE_OK) {
    const bool is_real = input->dtype == TRINE_DTYPE_FLOAT32;
    status = trine_rows_give(session->model, 0, &outputs[0], is_real, &batch, output, error);
  }
  free(bytes);
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
  const uint32_t count = trine_model_info(session->model)->output_count;
  struct trine_array *outputs = calloc(count, sizeof *outputs);
  void **more = calloc(count, sizeof *more);
  enum trine_status status = TRINE_ERR_MEMORY;
  if (outputs == NULL || more == NULL) {
    trine_error_set(error, "There is no memory for %u outputs.", count);
  } else {
    status = run_array(session, input, outputs, more, output, error);
  }
  for (uint32_t n = 0; n < count && outputs != NULL; n++) {
    trine_array_free(&outputs[n]);
  }
  free(outputs);
  free(more);
  return status;
}
