/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * config: the configurations of rtl/configs.txt by their names, and fields of them changed.
 *
 * The table is part of the library: no file is read. Threads: any number.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_SESSION_CONFIG_H
#define TRINE_SESSION_CONFIG_H

#include <stdint.h>

#include "io/error.h"
#include "trine_compiler.h"
#include "trine_config_row.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The configuration where none is named. */
#define TRINE_CONFIG_DEFAULT "duo"

/** Bytes of the name of a configuration with changed fields. */
enum {
  TRINE_CONFIG_MADE_NAME = 200 /**< its 0 included */
};

/** The configuration of that name, which lives as long as the program; NULL with the error, which
 * lists all there are.
 * @param name of a configuration
 * @param error the sentence, or NULL
 * @return a row of the table */
const struct trine_config_row *trine_config_find(const char *name, struct trine_error *error)
    __attribute__((warn_unused_result));

/** The configuration whose chips say that CONFIG_HASH of themselves; NULL: none of the table.
 * @param config_hash of a device
 * @return a row of the table, which lives as long as the program; or NULL */
const struct trine_config_row *trine_config_of(uint32_t config_hash);

/** Sets *made to `base` with other values in some fields, as "Cores=4,Lanes=16" says, and its name
 * to "BASE with TEXT", which is kept in `name`. It follows the rules of rtl/config_rules.txt, and
 * is within what the planner predicts. Errors: ARG.
 * @param base a row
 * @param text fields and their values
 * @param name written; made->name points to it
 * @param made set
 * @param error the sentence, or NULL
 * @return OK or ARG */
enum trine_status trine_config_change(const struct trine_config_row *base, const char *text,
                                      char name[TRINE_CONFIG_MADE_NAME],
                                      struct trine_config_row *made,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

/** What compiler and planner have to know of a chip of that configuration, with the shared memory
 * of the simulated one: what is planned for it runs there. Errors: VERSION.
 * @param config a row, of the table or changed
 * @param target set
 * @param error the sentence, or NULL
 * @return OK or VERSION */
enum trine_status trine_config_target(const struct trine_config_row *config,
                                      struct trine_target *target,
                                      struct trine_error *error) TRINE_CHECK_RESULT;

#ifdef __cplusplus
}
#endif

#endif
