/* SPDX-License-Identifier: Apache-2.0 */
/* watch: a bus that remembers, see watch.h. */
#include "watch.h"

#include "dump/dump.h"
#include "trine_regs.h"

static enum trine_status watch_read32(void *ctx, uint32_t addr, uint32_t *value) {
  const struct bus_watch *watch = ctx;
  return watch->chip.read32(watch->chip.ctx, addr, value);
}

static enum trine_status watch_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct bus_watch *watch = ctx;
  const bool starts =
      trine_dump_slot_of(addr, TRINE_DOMAIN_CONTROL) >= 0 && (value & TRINE_DUMP_STARTS) != 0;
  watch->started_with = starts ? value : watch->started_with;
  return watch->chip.write32(watch->chip.ctx, addr, value);
}

static enum trine_status watch_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const struct bus_watch *watch = ctx;
  return watch->chip.mem_read(watch->chip.ctx, addr, data, len_bytes);
}

static enum trine_status watch_mem_write(void *ctx, uint64_t addr, const void *data,
                                         size_t len_bytes) {
  struct bus_watch *watch = ctx;
  watch->at = addr;
  watch->bytes = len_bytes;
  return watch->chip.mem_write(watch->chip.ctx, addr, data, len_bytes);
}

static enum trine_status watch_wait(void *ctx, uint32_t timeout_ms) {
  const struct bus_watch *watch = ctx;
  return watch->chip.wait(watch->chip.ctx, timeout_ms);
}

static uint64_t watch_now_us(void *ctx) {
  const struct bus_watch *watch = ctx;
  return watch->chip.now_us(watch->chip.ctx);
}

struct trine_bus watch_bus(struct bus_watch *watch) {
  return (struct trine_bus){.ctx = watch,
                            .read32 = watch_read32,
                            .write32 = watch_write32,
                            .mem_read = watch_mem_read,
                            .mem_write = watch_mem_write,
                            .wait = watch_wait,
                            .now_us = watch_now_us};
}
