/* SPDX-License-Identifier: Apache-2.0 */
/* device_bus: the buses of real devices: a serial line, or a mapped file; of session/connect.h. */
#ifndef TRINE_SESSION_DEVICE_BUS_H
#define TRINE_SESSION_DEVICE_BUS_H

#include "session/connect.h"
#include "trine_bus.h"

struct device_bus {
  void *backend; /* owned; NULL: none is open */
  void (*close)(void *backend);
  struct trine_bus bus;
  uint64_t memory_base, memory_bytes; /* shared memory as the accelerator sees it */
};

/* Opens uart or mmio; baud is of uart, 0: 1,000,000. Errors: those of trine_uart_open and
 * trine_mmio_open, MEMORY; nothing is open then. */
enum trine_status device_bus_open(const struct trine_device_name *name, uint32_t baud,
                                  struct device_bus *opened,
                                  struct trine_error *error) TRINE_CHECK_RESULT;
void device_bus_close(struct device_bus *opened);

#endif
