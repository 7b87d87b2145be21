/* SPDX-License-Identifier: Apache-2.0 */
/* config: the configurations of rtl/configs.txt by their names, and fields of them changed.
 *
 * The table is part of the library: no file is read. Threads: any number. */
#ifndef TRINE_SESSION_CONFIG_H
#define TRINE_SESSION_CONFIG_H

#include <stdint.h>

#include "io/error.h"
#include "trine_compiler.h"
#include "trine_config_row.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The configuration where none is named. */
#define TRINE_CONFIG_DEFAULT "duo"

/* Bytes of the name of a configuration with changed fields. */
enum { TRINE_CONFIG_MADE_NAME = 200 };

/* The configuration of that name, which lives as long as the program; NULL with the error, which
 * lists all there are. */
const struct trine_config_row *trine_config_find(const char *name, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Sets *made to `base` with other values in some fields, as "Cores=4,Lanes=16" says, and its name
 * to "BASE with TEXT", which is kept in `name`. It follows the rules of rtl/config_rules.txt, and
 * is within what the planner predicts. Errors: ARG. */
enum trine_status trine_config_change(const struct trine_config_row *base, const char *text,
                                      char name[TRINE_CONFIG_MADE_NAME],
                                      struct trine_config_row *made,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

/* What compiler and planner have to know of a chip of that configuration, with the shared memory
 * of the simulated one: what is planned for it runs there. Errors: VERSION. */
enum trine_status trine_config_target(const struct trine_config_row *config,
                                      struct trine_target *target,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
