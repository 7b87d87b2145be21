/* SPDX-License-Identifier: Apache-2.0 */
/* backend_direct: see backend_direct.h. */
#include "backend_direct.h"

#include <string.h>

#include "trine_regs.h"
#include "trine_status.h"

/* Orders memory and registers, as trine_bus.h promises: what is before it, of either kind, has been
 * done when what is behind it begins. A fence between processors alone does not reach a device. */
static void barrier(void) {
#if defined __aarch64__ || (defined __ARM_ARCH && __ARM_ARCH >= 7)
  __asm__ volatile("dsb sy" ::: "memory");
#elif defined __riscv
  __asm__ volatile("fence iorw, iorw" ::: "memory");
#else
  __sync_synchronize();
#endif
}

uint32_t trine_direct_load(const volatile uint32_t *reg) {
  const uint32_t value = *reg;
  barrier(); /* the end of a run before its rows */
  return value;
}

void trine_direct_store(volatile uint32_t *reg, uint32_t value) {
  barrier(); /* the program before its START */
  *reg = value;
}

/* How the access just made went. */
static int result_of(const struct trine_direct *direct) {
  if (direct->has_failed == NULL) {
    return TRINE_OK;
  }
  barrier();
  return direct->has_failed(direct->ctx) ? TRINE_ERR_BUS : TRINE_OK;
}

static enum trine_status direct_read32(void *ctx, uint32_t addr, uint32_t *value) {
  const struct trine_direct *direct = ctx;
  if (addr % 4 != 0 || addr >= TRINE_DIRECT_REGISTERS) {
    return TRINE_ERR_BUS;
  }
  *value = trine_direct_load(&direct->registers[addr / 4]);
  return result_of(direct);
}

static enum trine_status direct_write32(void *ctx, uint32_t addr, uint32_t value) {
  const struct trine_direct *direct = ctx;
  if (addr % 4 != 0 || addr >= TRINE_DIRECT_REGISTERS) {
    return TRINE_ERR_BUS;
  }
  trine_direct_store(&direct->registers[addr / 4], value);
  return result_of(direct);
}

/* The first byte of a range, or NULL if it is not all inside. */
static volatile uint8_t *find(const struct trine_direct *direct, uint64_t addr, size_t len) {
  const uint64_t offset = addr - direct->memory_base;
  if (addr < direct->memory_base || offset % 4 != 0 || len % 4 != 0 || len > direct->memory_bytes ||
      offset > direct->memory_bytes - len) {
    return NULL;
  }
  return (volatile uint8_t *)direct->memory + offset;
}

/* Words, not bytes: device memory has no others. */
static enum trine_status direct_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const struct trine_direct *direct = ctx;
  const volatile uint32_t *from = (const volatile void *)find(direct, addr, len_bytes);
  if (from == NULL) {
    return TRINE_ERR_BUS;
  }
  if (direct->invalidate != NULL) {
    direct->invalidate(direct->ctx, (void *)(uintptr_t)from, len_bytes);
  }
  for (size_t n = 0; n < len_bytes / 4; n++) {
    const uint32_t word = from[n];
    memcpy((uint8_t *)data + 4 * n, &word, 4);
  }
  return result_of(direct);
}

static enum trine_status direct_mem_write(void *ctx, uint64_t addr, const void *data,
                                          size_t len_bytes) {
  const struct trine_direct *direct = ctx;
  volatile uint32_t *to = (volatile void *)find(direct, addr, len_bytes);
  if (to == NULL) {
    return TRINE_ERR_BUS;
  }
  for (size_t n = 0; n < len_bytes / 4; n++) {
    uint32_t word;
    memcpy(&word, (const uint8_t *)data + 4 * n, 4);
    to[n] = word;
  }
  if (direct->clean != NULL) {
    direct->clean(direct->ctx, (const void *)(uintptr_t)to, len_bytes);
  }
  return result_of(direct);
}

static uint64_t direct_now_us(void *ctx) {
  const struct trine_direct *direct = ctx;
  return direct->now_us(direct->ctx);
}

static enum trine_status direct_wait(void *ctx, uint32_t timeout_ms) {
  const struct trine_direct *direct = ctx;
  const uint64_t start = direct_now_us(ctx);
  for (;;) { /* bound: timeout_ms */
    uint32_t ended = 0;
    const int result = direct_read32(ctx, TRINE_GLOBAL_IRQ_STATUS, &ended);
    if (result != 0 || ended != 0) {
      return result;
    }
    if (direct_now_us(ctx) - start >= (uint64_t)timeout_ms * 1000) {
      return TRINE_ERR_TIMEOUT;
    }
    if (direct->pause != NULL) {
      direct->pause(direct->ctx);
    }
  }
}

static void *direct_map(void *ctx, uint64_t addr, size_t len_bytes) {
  return (void *)(uintptr_t)find(ctx, addr, len_bytes);
}

static void direct_clean(void *ctx, const void *data, size_t len_bytes) {
  const struct trine_direct *direct = ctx;
  if (direct->clean != NULL) {
    direct->clean(direct->ctx, data, len_bytes);
  }
}

static void direct_invalidate(void *ctx, void *data, size_t len_bytes) {
  const struct trine_direct *direct = ctx;
  if (direct->invalidate != NULL) {
    direct->invalidate(direct->ctx, data, len_bytes);
  }
}

struct trine_bus trine_direct_bus(struct trine_direct *direct) {
  struct trine_bus bus = {.ctx = direct,
                          .read32 = direct_read32,
                          .write32 = direct_write32,
                          .mem_read = direct_mem_read,
                          .mem_write = direct_mem_write,
                          .wait = direct_wait,
                          .now_us = direct_now_us};
  if (direct->is_plain) {
    bus.map = direct_map;
    bus.clean = direct_clean;
    bus.invalidate = direct_invalidate;
  }
  return bus;
}
