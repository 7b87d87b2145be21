/* SPDX-License-Identifier: Apache-2.0 */
/* trine_bus: the one seam under the driver: how registers and shared memory are reached.
 *
 * A backend fills the functions and its context. All return 0 when done, or a negative value of
 * enum trine_status (trine.h): TRINE_ERR_BUS when an access was refused or nobody answered,
 * TRINE_ERR_TIMEOUT when a wait ended without an interrupt. */
#ifndef TRINE_BUS_H
#define TRINE_BUS_H

#include <stddef.h>
#include <stdint.h>

struct trine_bus {
  void *ctx;
  /* One 32-bit register; addr is a byte offset into the register space, a multiple of 4. */
  int (*read32)(void *ctx, uint32_t addr, uint32_t *value);
  int (*write32)(void *ctx, uint32_t addr, uint32_t value);
  /* Shared memory: addr as the accelerator's memory port sees it. addr and len_bytes are
   * multiples of 4; bytes as they lie in memory (little-endian). */
  int (*mem_read)(void *ctx, uint64_t addr, void *data, size_t len_bytes);
  int (*mem_write)(void *ctx, uint64_t addr, const void *data, size_t len_bytes);
  /* Returns 0 as soon as the interrupt is high, TRINE_ERR_TIMEOUT if it was not within
   * timeout_ms (host milliseconds; a simulation may count its own cycles instead). It does not
   * clear IRQ_RAW: the driver reads there whether a run has ended. */
  int (*wait)(void *ctx, uint32_t timeout_ms);
  /* Microseconds since some moment, never fewer than before, by the clock of `wait`: all time
   * limits of the driver are read here. NULL: the driver takes the calendar clock of the C library
   * (and does not count when it is set back). */
  uint64_t (*now_us)(void *ctx);
};

#endif
