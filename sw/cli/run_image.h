/* SPDX-License-Identifier: Apache-2.0 */
/* run_image: `trine run MODEL.trn`: an image on a device, by the runtime alone. */
#ifndef TRINE_CLI_RUN_IMAGE_H
#define TRINE_CLI_RUN_IMAGE_H

#include "options.h"

/* By how the file begins, or by the end of its name. */
bool cli_is_image(const char *path);

/* Runs the image on the input; what it cannot do is refused: --check, a placement. */
enum cli_exit cli_run_image(const struct cli_options *options, struct trine_error *error);

#endif
