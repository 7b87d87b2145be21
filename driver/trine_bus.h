/* SPDX-License-Identifier: Apache-2.0 */
/* trine_bus: the one seam under the driver: how registers and shared memory are reached.
 *
 * A backend fills the functions and its context. All return 0 when done, or a negative value of
 * enum trine_status: TRINE_ERR_BUS when an access was refused or nobody answered,
 * TRINE_ERR_TIMEOUT when a wait ended without an interrupt.
 *
 * What a backend promises:
 *
 * - Order. What mem_write has written is in memory before a write32 that follows it reaches the
 *   device (START finds its program), and a mem_read after a read32 sees all that the device had
 *   written when it gave that answer (STATUS done: the rows are there). Registers are reached in
 *   the order of the calls, each access once, whole and not merged.
 * - Caches. mem_read and mem_write see memory as the device does: a backend over cached memory
 *   cleans what it has written and invalidates what it is about to read. Where memory is mapped
 *   (map), rows may be given and taken in place; `clean` and `invalidate` are then called for
 *   them before START and after the end.
 * - The interrupt. Its line is a level: high while IRQ_RAW and IRQ_ENABLE have a bit in common.
 *   `wait` looks and neither masks nor clears. The driver clears a slot's bit of IRQ_RAW when it
 *   has seen the run's end, and writes IRQ_ENABLE; a handler of yours calls trine_interrupt
 *   (trine_runtime.h), which masks the slots that have ended, so that the line falls.
 * - Reentrancy. One call at a time for a context, but for trine_interrupt, which may interrupt any
 *   of them and calls read32 and write32 of registers that nobody else touches meanwhile.
 * - A failed access has done nothing, or all of it, or (a register write over a line that breaks)
 *   nobody knows: the driver then stops the run and looks whether it did. On a core whose faults
 *   are imprecise an access may return 0 and the fault come later: such a backend either makes the
 *   fault precise (a read back from the same device behind each write) or says nothing of it, and
 *   the run ends by its time limit. */
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
   * limits of the driver are read here. NULL: trine_open takes the calendar clock of the C library
   * (and does not count when it is set back); the runtime alone refuses such a bus. */
  uint64_t (*now_us)(void *ctx);

  /* Optional, for memory that the processor reaches itself; NULL: all is copied.
   * map: where [addr, addr + len) lies, or NULL. clean: what was written there is in memory, for
   * the device to read; invalidate: what the device has written is read from there next. */
  void *(*map)(void *ctx, uint64_t addr, size_t len_bytes);
  void (*clean)(void *ctx, const void *data, size_t len_bytes);
  void (*invalidate)(void *ctx, void *data, size_t len_bytes);
};

#endif
