/* SPDX-License-Identifier: Apache-2.0 */
/* backend_open: opens the buses of real devices, see backend_open.h. */
#include "backend_open.h"

#include <stdlib.h>

#include "backend_mmio.h"
#include "backend_uart.h"
#include "trine.h"

enum { DEFAULT_BAUD = 1000000 };

static void close_uart(void *backend) {
  trine_uart_close(backend);
  free(backend);
}

static void close_mmio(void *backend) {
  trine_mmio_close(backend);
  free(backend);
}

static void *open_uart(const char *path, uint32_t baud, struct trine_bus *bus,
                       struct cli_memory *memory, struct trine_error *error) {
  struct trine_uart *uart = malloc(sizeof *uart);
  if (uart == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return NULL;
  }
  uint32_t bytes = 0;
  int status = trine_uart_open(uart, path, baud != 0 ? baud : DEFAULT_BAUD);
  if (status == TRINE_OK) {
    status = trine_uart_memory_bytes(uart, &bytes);
  }
  if (status != TRINE_OK) {
    trine_error_set(error, "The device uart:%.80s does not answer: %.230s.", path, uart->error);
    close_uart(uart);
    return NULL;
  }
  *bus = trine_uart_bus(uart);
  *memory = (struct cli_memory){0, bytes};
  return uart;
}

static void *open_mmio(const char *path, struct trine_bus *bus, struct cli_memory *memory,
                       struct trine_error *error) {
  struct trine_mmio *mmio = malloc(sizeof *mmio);
  if (mmio == NULL) {
    trine_error_set(error, "There is no memory for the device.");
    return NULL;
  }
  if (trine_mmio_open(mmio, path, 0) != TRINE_OK) {
    trine_error_set(error, "The device mmio:%.80s cannot be used: %.230s.", path, mmio->error);
    close_mmio(mmio);
    return NULL;
  }
  *bus = trine_mmio_bus(mmio);
  *memory = (struct cli_memory){mmio->memory_base, mmio->memory_bytes};
  return mmio;
}

void *cli_backend_open(enum cli_device_kind kind, const char *path, uint32_t baud,
                       struct trine_bus *bus, struct cli_memory *memory,
                       void (**close_backend)(void *backend), struct trine_error *error) {
  if (kind == CLI_DEVICE_UART) {
    *close_backend = close_uart;
    return open_uart(path, baud, bus, memory, error);
  }
  *close_backend = close_mmio;
  return open_mmio(path, bus, memory, error);
}
