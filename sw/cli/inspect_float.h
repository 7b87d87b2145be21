/* SPDX-License-Identifier: Apache-2.0 */
/* inspect_float: `trine inspect` of a trained float network, before it is quantised. */
#ifndef TRINE_CLI_INSPECT_FLOAT_H
#define TRINE_CLI_INSPECT_FLOAT_H

#include "options.h"

enum cli_exit cli_inspect_float(const struct cli_options *options, struct trine_error *error);

/* The same for a .tflite that the int8 reader refuses with *error, unless it is no file of floats:
 * then *error stays. */
enum cli_exit cli_inspect_float_tflite(const struct cli_options *options,
                                       struct trine_error *error);

#endif
