/* SPDX-License-Identifier: Apache-2.0 */
/* work_files: states in and out, and the output, as files. */
#ifndef TRINE_CLI_WORK_FILES_H
#define TRINE_CLI_WORK_FILES_H

#include "work.h"

/* Reads h0, c0, h1, c1, ... for the work's model and batch; NULL with the error set. */
struct trine_lstm_state *cli_states_load(const char *path, const struct cli_work *work,
                                         struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
