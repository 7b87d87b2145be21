/* SPDX-License-Identifier: Apache-2.0 */
/* device: a simulated accelerator that runs cases in one way after another. */
#ifndef TRINE_CONFORMANCE_DEVICE_H
#define TRINE_CONFORMANCE_DEVICE_H

#include <stdbool.h>

#include "case.h"
#include "totals.h"

struct conformance_device;

/* Opens build/libtrine_sim_CONFIG.so with two cores or more; the caller's, to be closed. wave: a
 * file for the waveform of all runs, or NULL. NULL with the error set. */
struct conformance_device *device_open(const char *config, const char *wave,
                                       struct trine_error *error);
void device_close(struct conformance_device *device); /* NULL is allowed */

/* Runs a case on all but `single` with `cores` cores and compares. What happened is added to the
 * totals (but not `failed`). False with the error set when something differs or fails. */
bool device_run(struct conformance_device *device, const struct conformance_case *what,
                enum way way, struct conformance_totals *totals, struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
