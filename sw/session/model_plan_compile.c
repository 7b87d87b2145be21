/* SPDX-License-Identifier: Apache-2.0 */
/* model_plan_compile: the image of a planned model, see model_plan.h. */
#include <stdlib.h>
#include <string.h>

#include "session/model_plan_parts.h"

static struct trine_image_end end_of(const struct trine_model_end *end) {
  struct trine_image_end made = {.zero_point = end->zero_point, .time_major = end->time_major};
  memcpy(&made.scale_bits, &end->scale, sizeof made.scale_bits);
  return made;
}

bool trine_model_is_image(const struct trine_model *model, struct trine_error *error) {
  const uint32_t networks = trine_model_network_count(model);
  const uint32_t segments = trine_model_info(model)->segment_count;
  if (networks != 1 || segments != 1) {
    trine_error_set(error,
                    "The model is %u networks and %u operators of the host; an image is one "
                    "network and nothing else.",
                    networks, segments - networks);
  }
  return networks == 1 && segments == 1;
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
