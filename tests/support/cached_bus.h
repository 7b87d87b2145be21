/* SPDX-License-Identifier: Apache-2.0 */
/* cached_bus: a bus over another one, with a cache that is not coherent between the processor and
 * the memory of the device.
 *
 * The processor sees `cpu`, which is always all in the cache: a line stays as it is until it is
 * invalidated. A line that the processor has written reaches the device's memory when it is
 * cleaned, or at a moment of its own: around every access of a register lines are drawn that are
 * written back. So a clean or an invalidate that is missing makes wrong data. Memory is reached as
 * backend_direct does it, with these hooks. */
#ifndef TRINE_CACHED_BUS_H
#define TRINE_CACHED_BUS_H

#include "backend_direct.h"
#include "support/seed.h"

struct cached_bus {
  struct trine_bus below;     /* registers, and the device's memory */
  struct trine_direct direct; /* the processor's view of it, from address 0 on */
  struct trine_bus memory;
  uint8_t *cpu;
  uint8_t *known; /* each line as memory had it when it was last read or written back */
  uint32_t bytes, line;
  struct seed_stream random;
  /* What was written and read by mem_write and mem_read, but for [uncounted, uncounted + len). */
  uint64_t uncounted, uncounted_len, copied_bytes;
};

/* The bytes of the device's memory from 0 on, lines of `line` bytes, a power of 2; false without
 * memory. *cached must stay where it is. */
bool cached_bus_create(struct cached_bus *cached, const struct trine_bus *below, uint32_t bytes,
                       uint32_t line, struct seed_stream *stream);
void cached_bus_destroy(struct cached_bus *cached);
struct trine_bus cached_bus(struct cached_bus *cached);

#endif
