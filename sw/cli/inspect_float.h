/* SPDX-License-Identifier: Apache-2.0 */
/* inspect_float: `trine inspect` of a trained float network, before it is quantised. */
#ifndef TRINE_CLI_INSPECT_FLOAT_H
#define TRINE_CLI_INSPECT_FLOAT_H

#include "options.h"

/* Whether a file is read as .onnx: by the end of its name. */
bool cli_is_onnx(const char *path);

enum cli_exit cli_inspect_float(const struct cli_options *options, struct trine_error *error);

#endif
