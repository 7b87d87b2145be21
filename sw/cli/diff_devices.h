/* SPDX-License-Identifier: Apache-2.0 */
/* diff_devices: one int8 model on two devices. */
#ifndef TRINE_CLI_DIFF_DEVICES_H
#define TRINE_CLI_DIFF_DEVICES_H

#include "options.h"

/* Runs the model of the options on --device and on --against and compares every output value.
 * Where they differ, says where first, and of each device that is not the golden model where it
 * left that. True when they are the same; else, and when a run failed, with the error set. */
bool cli_diff_devices(const struct cli_options *options, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
