/* SPDX-License-Identifier: Apache-2.0 */
/* targets: the files a command will write, looked at before the time is spent. */
#ifndef TRINE_CLI_TARGETS_H
#define TRINE_CLI_TARGETS_H

#include <stdbool.h>
#include <stdint.h>

#include "io/error.h"
#include "options.h"

struct cli_target {
  const char *option, *path; /* path may be NULL: nothing is written */
};

/* Whether a file can be replaced: its folder is there and can be written. */
bool cli_check_target(const char *path, struct trine_error *error)
    __attribute__((warn_unused_result));

/* Whether all can be, none twice, and none is a file the command reads (those may be NULL). */
bool cli_check_targets(const struct cli_target *targets, uint32_t count, const char *const *read,
                       uint32_t read_count, struct trine_error *error)
    __attribute__((warn_unused_result));

/* The targets of `trine run`; --state-out may replace what --state-in has read. */
bool cli_run_check_targets(const struct cli_options *options, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
