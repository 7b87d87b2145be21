/* SPDX-License-Identifier: Apache-2.0 */
/* options_check: what a command needs besides each option by itself, and what goes together.
 * Private to the parser of the command line (options.c). */
#ifndef TRINE_CLI_OPTIONS_CHECK_H
#define TRINE_CLI_OPTIONS_CHECK_H

#include "options.h"

/* Looks at all options of a command together and makes its jobs of `plain`. */
bool cli_options_check(enum cli_command command, struct cli_options *options,
                       const struct cli_job_files *plain, struct trine_error *error);

const char *cli_command_name(enum cli_command command);

#endif
