/* SPDX-License-Identifier: Apache-2.0 */
/* set_config: a configuration that nobody has built: a named one with other values in some fields.
 */
#ifndef TRINE_CLI_SET_CONFIG_H
#define TRINE_CLI_SET_CONFIG_H

#include "options.h"

/* Makes the row of options->made_config, of options->config with what options->set says
 * (Cores=4,Lanes=16), and lets options->config point to it. False with the error set: a field that
 * there is none of, a value that is no number, the first rule of rtl/config_rules.txt that the row
 * breaks with field and value. */
bool cli_set_config(struct cli_options *options, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
