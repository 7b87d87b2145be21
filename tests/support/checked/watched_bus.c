/* SPDX-License-Identifier: Apache-2.0 */
/* watched_bus: see watched_bus.h. */
#include "support/checked/watched_bus.h"

#include <check.h>
#include <string.h>

#include "trine_regs.h"

struct watched watched;

static void note(enum watched_what what, uint64_t at, uint64_t len) {
  ck_assert_uint_lt(watched.count, WATCHED_EVENTS);
  watched.event[watched.count++] = (struct watched_event){what, at, len};
}
uint32_t watched_count(enum watched_what what, uint64_t at, uint64_t len, uint32_t *last) {
  uint32_t found = 0;
  for (uint32_t n = 0; n < watched.count; n++) {
    if (watched.event[n].what == what && watched.event[n].at < at + len &&
        (what <= REG_WRITE ? watched.event[n].at >= at
                           : watched.event[n].at + watched.event[n].len > at)) {
      found++;
      *last = n;
    }
  }
  return found;
}
uint32_t watched_all(enum watched_what what) {
  uint32_t last = 0;
  return watched_count(what, 0, UINT32_MAX, &last);
}

static enum trine_status watch_read32(void *ctx, uint32_t addr, uint32_t *value) {
  note(REG_READ, addr, 4);
  if (watched.enable_fails && addr == TRINE_GLOBAL_IRQ_ENABLE) {
    return TRINE_ERR_BUS;
  }
  const int result = watched.below.read32(ctx, addr, value);
  if (addr >= 4096 && addr % 4096 == TRINE_DOMAIN_STATUS && watched.busy_left > 0) {
    watched.busy_left--;
    *value = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  }
  return result;
}
static enum trine_status watch_write32(void *ctx, uint32_t addr, uint32_t value) {
  note(REG_WRITE, addr, value);
  if (addr >= 4096 && addr % 4096 == TRINE_DOMAIN_CONTROL) {
    watched.busy_left = watched.busy_looks;
  }
  return watched.below.write32(ctx, addr, value);
}
static enum trine_status watch_mem_read(void *ctx, uint64_t addr, void *data, size_t len) {
  note(MEM_READ, addr, len);
  return watched.below.mem_read(ctx, addr, data, len);
}
static enum trine_status watch_mem_write(void *ctx, uint64_t addr, const void *data, size_t len) {
  note(MEM_WRITE, addr, len);
  return watched.below.mem_write(ctx, addr, data, len);
}
static enum trine_status watch_wait(void *ctx, uint32_t timeout_ms) {
  note(WAIT, 0, 1);
  return watched.below.wait(ctx, timeout_ms);
}
static void *watch_map(void *ctx, uint64_t addr, size_t len) {
  struct fake_device *fake = ctx;
  return addr + len <= fake->memory_bytes ? fake->memory + addr : NULL;
}
static void watch_clean(void *ctx, const void *data, size_t len) {
  const struct fake_device *fake = ctx;
  note(CLEAN, (uint64_t)((const uint8_t *)data - fake->memory), len);
}
static void watch_invalidate(void *ctx, void *data, size_t len) {
  const struct fake_device *fake = ctx;
  note(INVALIDATE, (uint64_t)((uint8_t *)data - fake->memory), len);
}

void watched_create(struct runtime_case *made, struct seed_stream *stream, enum trine_mode mode,
                    bool mapped) {
  memset(&watched, 0, sizeof watched);
  runtime_create(made, stream, mode);
  watched.below = made->bus;
  made->bus.read32 = watch_read32;
  made->bus.write32 = watch_write32;
  made->bus.mem_read = watch_mem_read;
  made->bus.mem_write = watch_mem_write;
  made->bus.wait = watch_wait;
  if (mapped) {
    made->bus.map = watch_map;
    made->bus.clean = watch_clean;
    made->bus.invalidate = watch_invalidate;
  }
  made->options.window_base = WATCHED_BASE;
}

void watched_room(struct runtime_case *made, uint32_t rows) {
  const uint64_t row = trine_image_least_window(made->image) - made->image->rows_offset;
  made->options.window_bytes = (uint32_t)(made->image->rows_offset + rows * row);
}
