/* SPDX-License-Identifier: Apache-2.0 */
/* complain: the one line on standard error that says why the command did not do its work. */
#ifndef TRINE_CLI_COMPLAIN_H
#define TRINE_CLI_COMPLAIN_H

/* Prints "trine: " and the sentence, with a full stop unless it ends in a command to
 * type. A failure that nobody explained is said to be one. */
void cli_complain(const char *sentence);

#endif
