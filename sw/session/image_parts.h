/* SPDX-License-Identifier: Apache-2.0 */
/* image_parts: what the files of session/image_file.h share. */
#ifndef TRINE_SESSION_IMAGE_PARTS_H
#define TRINE_SESSION_IMAGE_PARTS_H

#include "session/image_file.h"

/* Values of a row, without the padding of its parts. */
uint32_t image_width(const struct trine_image_tensor *tensor);

/* The scale of an end; 0 when the image says none. */
float image_scale(const struct trine_image_end *end);

#endif
