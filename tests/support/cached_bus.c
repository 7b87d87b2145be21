/* SPDX-License-Identifier: Apache-2.0 */
/* cached_bus: see cached_bus.h. */
#include "support/cached_bus.h"

#include <stdlib.h>
#include <string.h>

#include "trine_regs.h"

/* One in so many of the lines that were written, around an access: often while the device runs. */
enum { SELDOM = 64, OFTEN = 2 };

static bool is_dirty(const struct cached_bus *cached, uint32_t at) {
  return memcmp(cached->cpu + at, cached->known + at, cached->line) != 0;
}

static void write_back(struct cached_bus *cached, uint32_t at) {
  if (is_dirty(cached, at)) {
    (void)cached->below.mem_write(cached->below.ctx, at, cached->cpu + at, cached->line);
    memcpy(cached->known + at, cached->cpu + at, cached->line);
  }
}

static void fill(struct cached_bus *cached, uint32_t at) {
  (void)cached->below.mem_read(cached->below.ctx, at, cached->cpu + at, cached->line);
  memcpy(cached->known + at, cached->cpu + at, cached->line);
}

/* Lines that are written back because others need their place. */
static void evict(struct cached_bus *cached, uint32_t one_in) {
  for (uint32_t at = 0; at < cached->bytes; at += cached->line) {
    if (is_dirty(cached, at) && seed_uniform(&cached->random, 1, one_in) == 1) {
      write_back(cached, at);
    }
  }
}

static void cache_clean(void *ctx, const void *data, size_t len) {
  struct cached_bus *cached = ctx;
  const uint32_t first = (uint32_t)((const uint8_t *)data - cached->cpu);
  for (uint32_t at = first & ~(cached->line - 1); at < first + len; at += cached->line) {
    write_back(cached, at);
  }
}

/* A line that is only partly meant is kept; one that is wholly is lost, or not. */
static void cache_invalidate(void *ctx, void *data, size_t len) {
  struct cached_bus *cached = ctx;
  const uint32_t first = (uint32_t)((uint8_t *)data - cached->cpu);
  for (uint32_t at = first & ~(cached->line - 1); at < first + len; at += cached->line) {
    const bool is_shared = at < first || at + cached->line > first + len;
    if (is_shared || seed_uniform(&cached->random, 0, 1) == 1) {
      write_back(cached, at);
    }
    fill(cached, at);
  }
}

static int cached_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct cached_bus *cached = ctx;
  const int result = cached->below.read32(cached->below.ctx, addr, value);
  evict(cached, SELDOM);
  return result;
}

static int cached_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct cached_bus *cached = ctx;
  evict(cached, SELDOM);
  const int result = cached->below.write32(cached->below.ctx, addr, value);
  evict(cached, addr >= 4096 && addr % 4096 == TRINE_DOMAIN_CONTROL ? OFTEN : SELDOM);
  return result;
}

static int cached_wait(void *ctx, uint32_t timeout_ms) {
  struct cached_bus *cached = ctx;
  const int result = cached->below.wait(cached->below.ctx, timeout_ms);
  evict(cached, OFTEN);
  return result;
}

static void count(struct cached_bus *cached, uint64_t addr, size_t len) {
  if (addr < cached->uncounted || addr + len > cached->uncounted + cached->uncounted_len) {
    cached->copied_bytes += len;
  }
}

static int cached_mem_read(void *ctx, uint64_t addr, void *data, size_t len) {
  struct cached_bus *cached = ctx;
  count(cached, addr, len);
  return cached->memory.mem_read(cached->memory.ctx, addr, data, len);
}

static int cached_mem_write(void *ctx, uint64_t addr, const void *data, size_t len) {
  struct cached_bus *cached = ctx;
  count(cached, addr, len);
  return cached->memory.mem_write(cached->memory.ctx, addr, data, len);
}

static uint64_t cached_now_us(void *ctx) {
  struct cached_bus *cached = ctx;
  return cached->below.now_us(cached->below.ctx);
}

static void *cached_map(void *ctx, uint64_t addr, size_t len) {
  struct cached_bus *cached = ctx;
  return cached->memory.map(cached->memory.ctx, addr, len);
}

static void cached_clean(void *ctx, const void *data, size_t len) {
  struct cached_bus *cached = ctx;
  cached->memory.clean(cached->memory.ctx, data, len);
}

static void cached_invalidate(void *ctx, void *data, size_t len) {
  struct cached_bus *cached = ctx;
  cached->memory.invalidate(cached->memory.ctx, data, len);
}

bool cached_bus_create(struct cached_bus *cached, const struct trine_bus *below, uint32_t bytes,
                       uint32_t line, struct seed_stream *stream) {
  memset(cached, 0, sizeof *cached);
  cached->below = *below;
  cached->bytes = bytes;
  cached->line = line;
  cached->random.state = seed_next(stream);
  cached->cpu = aligned_alloc(4096, bytes);
  cached->known = malloc(bytes);
  if (cached->cpu == NULL || cached->known == NULL) {
    cached_bus_destroy(cached);
    return false;
  }
  for (uint32_t at = 0; at < bytes; at += line) {
    fill(cached, at);
  }
  cached->direct = (struct trine_direct){.memory = cached->cpu,
                                         .memory_bytes = bytes,
                                         .is_plain = true,
                                         .ctx = cached,
                                         .clean = cache_clean,
                                         .invalidate = cache_invalidate};
  cached->memory = trine_direct_bus(&cached->direct);
  return true;
}

void cached_bus_destroy(struct cached_bus *cached) {
  free(cached->cpu);
  free(cached->known);
}

struct trine_bus cached_bus(struct cached_bus *cached) {
  return (struct trine_bus){.ctx = cached,
                            .read32 = cached_read32,
                            .write32 = cached_write32,
                            .mem_read = cached_mem_read,
                            .mem_write = cached_mem_write,
                            .wait = cached_wait,
                            .now_us = cached_now_us,
                            .map = cached_map,
                            .clean = cached_clean,
                            .invalidate = cached_invalidate};
}
