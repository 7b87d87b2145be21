/* SPDX-License-Identifier: Apache-2.0 */
/* backend_open: opens the buses of real devices, see backend_open.h. */
#include "backend_open.h"

void *cli_backend_open(enum cli_device_kind kind, const char *path, struct trine_bus *bus,
                       uint64_t *memory_bytes, void (**close_backend)(void *backend),
                       struct trine_error *error) {
  (void)bus;
  (void)memory_bytes;
  (void)close_backend;
  trine_error_set(error, "The device %s:%.200s cannot be opened: this build has no such backend.",
                  cli_device_name(kind), path);
  return NULL;
}
