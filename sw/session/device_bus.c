/* SPDX-License-Identifier: Apache-2.0 */
/* device_bus: opens the buses of real devices, see device_bus.h. */
#include "session/device_bus.h"

#include <stdlib.h>

#include "backend_mmio.h"
#include "backend_uart.h"

enum { DEFAULT_BAUD = 1000000 };

static void close_uart(void *backend) {
  trine_uart_close(backend);
  free(backend);
}

static void close_mmio(void *backend) {
  trine_mmio_close(backend);
  free(backend);
}

static enum trine_status open_uart(const char *path, uint32_t baud, struct device_bus *opened,
                                   struct trine_error *error) {
  struct trine_uart *uart = malloc(sizeof *uart);
  if (uart == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return TRINE_ERR_MEMORY;
  }
  uint32_t bytes = 0;
  enum trine_status status = trine_uart_open(uart, path, baud != 0 ? baud : DEFAULT_BAUD);
  if (status == TRINE_OK) {
    status = trine_uart_memory_bytes(uart, &bytes);
  }
  if (status != TRINE_OK) {
    trine_error_set(error, "The device uart:%.80s does not answer: %.230s.", path, uart->error);
    close_uart(uart);
    return status;
  }
  *opened = (struct device_bus){
      .backend = uart, .close = close_uart, .bus = trine_uart_bus(uart), .memory_bytes = bytes};
  return TRINE_OK;
}

static enum trine_status open_mmio(const char *path, struct device_bus *opened,
                                   struct trine_error *error) {
  struct trine_mmio *mmio = malloc(sizeof *mmio);
  if (mmio == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return TRINE_ERR_MEMORY;
  }
  const enum trine_status status = trine_mmio_open(mmio, path, 0);
  if (status != TRINE_OK) {
    trine_error_set(error, "The device mmio:%.80s cannot be used: %.230s.", path, mmio->error);
    close_mmio(mmio);
    return status;
  }
  *opened = (struct device_bus){.backend = mmio,
                                .close = close_mmio,
                                .bus = trine_mmio_bus(mmio),
                                .memory_base = mmio->direct.memory_base,
                                .memory_bytes = mmio->direct.memory_bytes};
  return TRINE_OK;
}

enum trine_status device_bus_open(const struct trine_device_name *name, uint32_t baud,
                                  struct device_bus *opened, struct trine_error *error) {
  *opened = (struct device_bus){.backend = NULL};
  return name->kind == TRINE_DEVICE_UART ? open_uart(name->path, baud, opened, error)
                                         : open_mmio(name->path, opened, error);
}

void device_bus_close(struct device_bus *opened) {
  if (opened->backend != NULL) {
    opened->close(opened->backend);
  }
  opened->backend = NULL;
}
