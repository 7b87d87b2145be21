/* SPDX-License-Identifier: Apache-2.0 */
/* execute: runs planned works on the device or the golden model. */
#ifndef TRINE_CLI_EXECUTE_H
#define TRINE_CLI_EXECUTE_H

#include "device.h"
#include "work.h"

/* Runs one work; its output, state_out and statistics are filled in. */
bool cli_execute(struct cli_device *device, struct cli_work *work, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Runs several works at the same time, each on cores of its own. Each has to be one network (host
 * operators before and after it are allowed). */
bool cli_execute_together(struct cli_device *device, struct cli_work *works, uint32_t count,
                          struct trine_error *error) __attribute__((warn_unused_result));

/* Runs a work on the golden model into the buffers given (state_out may be NULL). */
bool cli_execute_golden(const struct cli_work *work, const struct cli_places *places,
                        const struct trine_lstm_state *state_out, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
