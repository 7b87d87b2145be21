/* SPDX-License-Identifier: Apache-2.0 */
/* session_file: a session that has opened its model and its device itself, and runs whole arrays;
 * see session.h. */
#include <stdlib.h>
#include <string.h>

#include "session/connect.h"
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
    with = options != NULL ? *options : with;
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

/* The top bit of bytes that are unsigned in the file and int8 here. */
static void turn_bits(void *bytes, uint64_t count) {
  uint8_t *byte = bytes;
  for (uint64_t n = 0; n < count; n++) {
    byte[n] ^= 0x80;
  }
}

/* What the model reads, made of an array in the file's type or of float32; to be freed. */
static enum trine_status take_input(const struct trine_session *session,
                                    const struct trine_array *input, uint32_t sequences,
                                    uint32_t steps, void **bytes, struct trine_error *error) {
  const struct trine_model_end *end = &trine_model_info(session->model)->input;
  const enum trine_dtype own = end->is_unsigned ? TRINE_DTYPE_UINT8 : end->type;
  const bool is_real = input->dtype == TRINE_DTYPE_FLOAT32 && end->type == TRINE_DTYPE_INT8;
  if (input->dtype != own && !is_real) {
    trine_error_set(error, "The input is %s%s, not %s.", trine_dtype_name(own),
                    end->type == TRINE_DTYPE_INT8 ? " or float32" : "",
                    trine_dtype_name(input->dtype));
    return TRINE_ERR_ARG;
  }
  *bytes = malloc((size_t)trine_array_bytes(input) + 1);
  if (*bytes == NULL) {
    trine_error_set(error, "There is no memory for %llu input values.",
                    (unsigned long long)input->count);
    return TRINE_ERR_MEMORY;
  }
  if (is_real) {
    struct trine_model_clamped clamped;
    return trine_model_quantize_input(session->model, input->data, sequences, steps, NULL, *bytes,
                                      &clamped, error);
  }
  memcpy(*bytes, input->data, (size_t)trine_array_bytes(input));
  if (end->is_unsigned) {
    turn_bits(*bytes, input->count);
  }
  return TRINE_OK;
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

/* The first output to the caller, in the file's type. */
static enum trine_status give_output(const struct trine_model_end *end, bool is_real,
                                     struct trine_array *made, struct trine_array *output,
                                     struct trine_error *error) {
  if (is_real && end->type == TRINE_DTYPE_INT8) {
    const enum trine_status status =
        trine_array_make(output, TRINE_DTYPE_FLOAT32, made->rank, made->shape, error);
    if (status == TRINE_OK) {
      trine_model_dequantize(end, made->data, (size_t)made->count, output->data);
    }
    return status;
  }
  *output = *made;
  made->data = NULL;
  if (end->is_unsigned) {
    turn_bits(output->data, output->count);
    output->dtype = TRINE_DTYPE_UINT8;
  }
  return TRINE_OK;
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
    status = take_input(session, input, batch.sequences, batch.steps, &bytes, error);
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
    status = give_output(&info->outputs[0], input->dtype == TRINE_DTYPE_FLOAT32, &outputs[0],
                         output, error);
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
