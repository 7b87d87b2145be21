/* SPDX-License-Identifier: Apache-2.0 */
/* print: reports, as text or as one JSON object: on standard output, or on standard error when an
 * output of the command goes to standard output. */
#ifndef TRINE_CLI_PRINT_H
#define TRINE_CLI_PRINT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "io/error.h"

/* From now on reports go to standard error: what is written to `-` has standard output. */
void cli_print_beside(void);

void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints an object and frees it. False with the error set when there is no memory for it. Bytes
 * that are no UTF-8, as a path may have, become question marks. */
bool cli_print_json(cJSON *object, struct trine_error *error) __attribute__((warn_unused_result));

/* A number, or null where it is not known. */
void cli_json_known(cJSON *object, const char *name, double value, bool known);

#endif
