/* SPDX-License-Identifier: Apache-2.0 */
/* image_c: an image as C: const arrays, and a header that says their sizes. */
#ifndef TRINE_CLI_IMAGE_C_H
#define TRINE_CLI_IMAGE_C_H

#include "trine_image.h"
#include "work.h"

/* Writes `path`, which ends in .c, and the header beside it: the image, shapes, scales, sizes of
 * window and scratch memory, and a sample of one sequence of work->steps steps at the most with
 * what the golden model makes of it. Names begin with that of the file. */
bool cli_image_c(const char *path, const struct cli_work *work, const struct trine_image *image,
                 struct trine_error *error) __attribute__((warn_unused_result));

#endif
