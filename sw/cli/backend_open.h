/* SPDX-License-Identifier: Apache-2.0 */
/* backend_open: the buses of real devices: a serial line, or a mapped file. */
#ifndef TRINE_CLI_BACKEND_OPEN_H
#define TRINE_CLI_BACKEND_OPEN_H

#include "io/error.h"
#include "options.h"
#include "trine_bus.h"

/* Shared memory as the accelerator sees it. */
struct cli_memory {
  uint64_t base, bytes;
};

/* Opens uart or mmio; baud is of uart, 0: 1,000,000. Returns the backend, to be given to
 * *close_backend, or NULL with the error set; *memory is the shared memory that is behind it.
 */
void *cli_backend_open(enum cli_device_kind kind, const char *path, uint32_t baud,
                       struct trine_bus *bus, struct cli_memory *memory,
                       void (**close_backend)(void *backend), struct trine_error *error)
    __attribute__((warn_unused_result));

#endif
