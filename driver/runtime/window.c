/* SPDX-License-Identifier: Apache-2.0 */
/* window: a run's part of shared memory, read at once and written in bursts. */
#include <string.h>

#include "runtime/internal.h"

static enum trine_status memory_status(struct trine_run *run, int result,
                                       enum trine_fault_kind kind, uint32_t offset) {
  if (result == 0) {
    return TRINE_OK;
  }
  return trine_fault_set(&run->fault,
                         result == TRINE_ERR_TIMEOUT ? TRINE_ERR_TIMEOUT : TRINE_ERR_BUS, kind,
                         run->options.window_base + offset, 0, 0);
}

enum trine_status trine_window_read(struct trine_run *run, uint32_t offset, void *data,
                                    uint32_t len) {
  const struct trine_bus *bus = &run->device->bus;
  return memory_status(run, bus->mem_read(bus->ctx, run->options.window_base + offset, data, len),
                       TRINE_FAULT_READ_MEMORY, offset);
}

static void write_burst(struct trine_run *run, const void *data, uint32_t len) {
  const struct trine_bus *bus = &run->device->bus;
  if (len > 0 && run->fault.status == TRINE_OK) {
    const int result =
        bus->mem_write(bus->ctx, run->options.window_base + run->buffered_at, data, len);
    (void)memory_status(run, result, TRINE_FAULT_WRITE_MEMORY, run->buffered_at);
  }
  run->buffered_at += len;
}

static void flush(struct trine_run *run) {
  write_burst(run, run->buffer, run->buffered);
  run->buffered = 0;
}

void trine_window_begin(struct trine_run *run, uint32_t offset) {
  run->buffered_at = offset;
  run->buffered = 0;
}

void trine_window_put(struct trine_run *run, const void *data, uint32_t len) {
  const uint8_t *from = data;
  if (from != NULL && run->buffered == 0 && len >= sizeof run->buffer) {
    write_burst(run, from, len / 4 * 4);
    from += len / 4 * 4;
    len %= 4;
  }
  while (len > 0) {
    uint32_t now = (uint32_t)sizeof run->buffer - run->buffered;
    now = now < len ? now : len;
    uint8_t *place = (uint8_t *)run->buffer + run->buffered;
    if (from != NULL) {
      memcpy(place, from, now);
      from += now;
    } else {
      memset(place, 0, now);
    }
    run->buffered += now;
    len -= now;
    if (run->buffered == sizeof run->buffer) {
      flush(run);
    }
  }
}

enum trine_status trine_window_finish(struct trine_run *run) {
  trine_window_put(run, NULL, (4 - run->buffered % 4) % 4);
  flush(run);
  return run->fault.status;
}

void trine_window_clean(const struct trine_run *run, const void *data, uint32_t len) {
  const struct trine_bus *bus = &run->device->bus;
  if (bus->clean != NULL) {
    bus->clean(bus->ctx, data, len);
  }
}

void *trine_window_map(const struct trine_run *run, uint32_t offset, uint32_t len) {
  const struct trine_bus *bus = &run->device->bus;
  return bus->map != NULL ? bus->map(bus->ctx, run->options.window_base + offset, len) : NULL;
}
