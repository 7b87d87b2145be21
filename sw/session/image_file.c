/* SPDX-License-Identifier: Apache-2.0 */
/* image_file: reads an image, and says what it takes; see image_file.h. */
#include "session/image_file.h"

#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "session/image_parts.h"

enum { MOST_IMAGE_BYTES = 1 << 30 };

uint32_t image_width(const struct trine_image_tensor *tensor) {
  uint32_t width = 0;
  for (uint32_t p = 0; p < tensor->part_count; p++) {
    width += tensor->part_width[p];
  }
  return width;
}

float image_scale(const struct trine_image_end *end) {
  float scale = 0;
  memcpy(&scale, &end->scale_bits, sizeof scale);
  return scale;
}

enum trine_status trine_image_load(const char *path, struct trine_image **image,
                                   struct trine_error *error) {
  uint8_t *bytes = NULL;
  size_t len = 0;
  *image = NULL;
  const enum trine_status status = trine_file_read(path, MOST_IMAGE_BYTES, &bytes, &len, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (!trine_image_is_valid(bytes, len)) {
    trine_error_set(
        error, "%.120s (%zu bytes) is no whole image of version %u; a model compiled anew is one.",
        path, len, TRINE_IMAGE_VERSION);
    free(bytes);
    return TRINE_ERR_FORMAT;
  }
  *image = (struct trine_image *)(void *)bytes;
  return TRINE_OK;
}

enum trine_status trine_image_input_sizes(const struct trine_image *image,
                                          const struct trine_array *input, uint32_t *sequences,
                                          uint32_t *steps, struct trine_error *error) {
  const bool is_typed = input->dtype == TRINE_DTYPE_INT8 || input->dtype == TRINE_DTYPE_FLOAT32;
  const uint32_t rank = input->rank, width = image_width(trine_image_tensor(image, 0));
  if (!is_typed || rank < 2 || rank > 3 || input->shape[rank - 1] != width || input->count == 0 ||
      input->shape[0] > INT32_MAX || input->shape[1] > INT32_MAX) {
    char shape[96];
    trine_array_shape_text(input, shape, sizeof shape);
    trine_error_set(error,
                    "The input is %s %s; the image takes int8 or float32 [B, T, %u] or [T, %u].",
                    trine_dtype_name(input->dtype), shape, width, width);
    return TRINE_ERR_ARG;
  }
  const bool time_major = image->input.time_major != 0;
  if (rank == 2) {
    *sequences = 1;
  } else {
    *sequences = (uint32_t)input->shape[time_major ? 1 : 0];
  }
  *steps = (uint32_t)input->shape[rank == 2 || time_major ? 0 : 1];
  return TRINE_OK;
}
