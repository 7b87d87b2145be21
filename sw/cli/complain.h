/* SPDX-License-Identifier: Apache-2.0 */
/* complain: the one line on standard error that says why the command did not do its work. */
#ifndef TRINE_CLI_COMPLAIN_H
#define TRINE_CLI_COMPLAIN_H

#include <stdbool.h>
#include <stddef.h>

/* Replaces what a terminal would obey (control characters, those of UTF-8 too) by '?', because
 * names in a file are a stranger's. */
void cli_clean(char *text);

/* Prints "trine: " and the sentence, cleaned, with a full stop unless it ends in a command to
 * type. A failure that nobody explained is said to be one. */
void cli_complain(const char *sentence);

#endif
