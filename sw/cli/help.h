/* SPDX-License-Identifier: Apache-2.0 */
/* help: what `trine --help` and `trine COMMAND --help` print. */
#ifndef TRINE_CLI_HELP_H
#define TRINE_CLI_HELP_H

/* The commands with their options; never NULL, ends with a newline. */
const char *cli_help_all(void);

/* One command with what each option means, or NULL when there is no such command. */
const char *cli_help_of(const char *command);

#endif
