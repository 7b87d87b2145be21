/* SPDX-License-Identifier: Apache-2.0 */
/* check: compares what a device computed with the golden model. */
#ifndef TRINE_CLI_CHECK_H
#define TRINE_CLI_CHECK_H

#include "device.h"
#include "work.h"

struct cli_check {
  bool exact;
  uint64_t values; /* compared: output bytes, and h and c if states were kept */
};

/* Compares output and states of a work that ran. On a difference check->exact is false and
 * `difference` says where it is first: layer, step, gate and unit with got and want where the
 * device can be watched (simulation), else the first output or state. False only when the
 * comparison itself failed, with the error set. */
bool cli_check(struct cli_device *device, struct cli_work *work, struct cli_check *check,
               struct trine_error *difference, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
