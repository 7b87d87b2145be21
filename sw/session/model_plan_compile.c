/* SPDX-License-Identifier: Apache-2.0 */
/* model_plan_compile: the image of a planned model, see model_plan.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/model_plan_parts.h"

static struct trine_image_end end_of(const struct trine_model_end *end) {
  struct trine_image_end made = {.zero_point = end->zero_point, .time_major = end->time_major};
  memcpy(&made.scale_bits, &end->scale, sizeof made.scale_bits);
  return made;
}

/* The host's operators by name, in brackets, as many as fit; empty where there is none. */
static void name_operators(const struct trine_model *model, char *text, size_t size) {
  const uint32_t segments = trine_model_info(model)->segment_count;
  size_t used = 0;
  text[0] = '\0';
  for (uint32_t n = 0; n < segments && used + 1 < size; n++) {
    if (trine_model_network(model, n) == NULL) {
      const int more = snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : " (",
                                trine_model_segment_name(model, n));
      used += more > 0 ? (size_t)more : 0;
    }
  }
  if (used > 0) {
    used = used < size - 2 ? used : size - 2;
    (void)snprintf(text + used, size - used, ")");
  }
}

/* Whether rows of the input are steps of sequences, and states are in the order of the layers: what
 * an image says no more of is so. */
static bool is_plain(const struct trine_model *model) {
  const struct trine_model_info *info = trine_model_info(model);
  const uint32_t count = info->lstm_count;
  uint32_t place = 0;
  bool plain = info->fixed_steps == 0 && trine_model_network_rows(model, 0) == 1 &&
               trine_model_network_has_time(model, 0) == info->input.has_time &&
               info->input_count == 1 && info->output_count == 1 && info->input.is_rows &&
               info->output.is_rows && info->input.type == TRINE_DTYPE_INT8 &&
               info->output.type == TRINE_DTYPE_INT8;
  for (uint32_t n = 0; n < info->layer_count && plain; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    plain = layer->network_layer == n && (layer->lstm < 0 || (uint32_t)layer->lstm == place);
    place += layer->lstm >= 0;
  }
  return plain && place == count;
}

bool trine_model_is_image(const struct trine_model *model, struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(model);
  const uint32_t networks = trine_model_network_count(model), segments = info->segment_count;
  char names[80];
  if (networks != 1 || segments != 1) {
    name_operators(model, names, sizeof names);
    trine_error_set(error,
                    "The model is %u networks and %u operators of the host%s; an image is one "
                    "network: run the model itself, or compile a part of it and compute the rest "
                    "where it is used.",
                    networks, segments - networks, names);
    return false;
  }
  if (!is_plain(model)) {
    trine_error_set(
        error,
        "The model has %u inputs and %u outputs and runs at %u steps (0: any); an image "
        "has one int8 input and output, a row for each step, and any number of them: "
        "run the model itself.",
        info->input_count, info->output_count, info->fixed_steps);
    return false;
  }
  return true;
}

enum trine_status trine_model_plan_compile(const struct trine_target *target,
                                           const struct trine_model_plan *plan,
                                           enum trine_image_form form, struct trine_image **image,
                                           struct trine_error *error) {
  const struct trine_model_info *info = trine_model_info(plan->model);
  const struct trine_image_end input = end_of(&info->input), output = end_of(&info->output);
  const struct trine_image *made = NULL;
  struct trine_error said = {""};
  *image = NULL;
  if (!trine_model_is_image(plan->model, error)) {
    return TRINE_ERR_ARG;
  }
  const struct trine_network_plan *network = &plan->networks[0];
  const size_t bytes = trine_compile_bytes(target, network->network, form);
  *image = malloc(bytes);
  if (*image == NULL) {
    trine_error_set(error, "There is no memory for an image of %zu bytes.", bytes);
    return TRINE_ERR_MEMORY;
  }
  const enum trine_status status = trine_compile(target, network->network, &network->placement,
                                                 form, *image, bytes, &made, &said);
  if (status != TRINE_OK) {
    free(*image);
    *image = NULL;
    return model_plan_refused(status, &said, error);
  }
  trine_image_describe(*image, &input, &output);
  return TRINE_OK;
}
