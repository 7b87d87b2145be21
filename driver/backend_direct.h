/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * backend_direct: a struct trine_bus over registers and memory that this processor reaches at
 * addresses of its own. No operating system, no allocation.
 *
 *     static struct trine_direct board = {.registers = (void *)0x40000000, ...};
 *     const struct trine_bus bus = trine_direct_bus(&board);
 *
 * It keeps what trine_bus.h promises: a barrier stands between memory and the register access that
 * follows it, and between a register's answer and memory; `clean` and `invalidate` are called for
 * the bytes that are written and read, no others. Threads: one at a time, and trine_interrupt.
 *
 * Pointers: never NULL, and not kept behind the call, unless it is said. */
#ifndef TRINE_BACKEND_DIRECT_H
#define TRINE_BACKEND_DIRECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trine_bus.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the register space. */
enum {
  TRINE_DIRECT_REGISTERS = 0x20000 /**< 128 KiB: the global page and a page a domain slot */
};

/** Where a device is, and what the processor has to do to see what it sees. */
struct trine_direct {
  volatile uint32_t *registers; /**< TRINE_DIRECT_REGISTERS bytes, mapped as device memory */
  volatile void *memory;        /**< shared memory, at a multiple of 4 */
  uint64_t memory_base;         /**< address of `memory` as the accelerator sees it */
  uint64_t memory_bytes;        /**< bytes of it */
  /** True: rows and images may be used in place (`map`). It must be plain memory: any program reads
   * and writes bytes of it, wherever they lie. Device memory, as UIO maps it, is not. */
  bool is_plain;
  void *ctx; /**< given to the functions below */
  /** What was written to [data, data + len_bytes) is in memory when it returns; the rest of the
   * lines at both ends is kept. NULL: memory is not cached, or the caches are coherent. */
  void (*clean)(void *ctx, const void *data, size_t len_bytes);
  /** [data, data + len_bytes) is read from memory next. The rest of the lines at both ends is kept:
   * they are cleaned first where they are shared. NULL as above. */
  void (*invalidate)(void *ctx, void *data, size_t len_bytes);
  /** Whether an access failed since it was asked last: for processors whose faults come late, from
   * a handler that notes them. Asked behind a barrier after every access. NULL: an access that
   * fails does not return, or nobody learns of it. */
  bool (*has_failed)(void *ctx);
  /** Called between two looks at the interrupt: sleep for a moment, which the interrupt may end. It
   * returns within about a millisecond whatever the interrupt does, or limits in time do not hold:
   * a device that is broken raises none. NULL: the looks follow each other. */
  void (*pause)(void *ctx);
  /** The clock of the bus, see struct trine_bus; never NULL. */
  uint64_t (*now_us)(void *ctx);
};

/** The bus of a device.
 * @param direct where it is; it must outlive the bus, and may be changed between two calls
 * @return the bus; with `map`, `clean` and `invalidate` when direct->is_plain */
struct trine_bus trine_direct_bus(struct trine_direct *direct);

/** Reads a register, and lets no access of memory pass it: what the device wrote before it gave
 * this answer is seen by what follows.
 * @param reg a register, mapped as device memory
 * @return its value */
uint32_t trine_direct_load(const volatile uint32_t *reg);

/** Writes a register behind all that was written to memory before.
 * @param reg a register, mapped as device memory
 * @param value what it is to have */
void trine_direct_store(volatile uint32_t *reg, uint32_t value);

#ifdef __cplusplus
}
#endif

#endif
