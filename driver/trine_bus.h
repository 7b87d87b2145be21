/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * trine_bus: the one seam under the driver: how registers and shared memory are reached.
 *
 * A backend fills the functions and its context. All return 0 when done, or a negative status:
 * TRINE_ERR_BUS when an access was refused or nobody answered, TRINE_ERR_TIMEOUT when a wait ended
 * without an interrupt. backend_direct.h is one for registers and memory at addresses of the
 * processor, with everything below but the hooks of a cache, which it takes from the board.
 *
 * What a backend promises, and what the driver does with it:
 *
 * - Order. What mem_write has written, and what was written in place and cleaned, is in memory
 *   before a write32 that follows it reaches the device (START finds its program); a mem_read, and
 *   a look at rows in place, after a read32 or a wait sees all that the device had written when it
 *   gave that answer (STATUS done: the rows are there). Registers are reached in the order of the
 *   calls, each access once, whole and not merged.
 * - Caches. mem_read and mem_write see memory as the device does: a backend over cached memory
 *   cleans what it has written and invalidates what it is about to read. For what is used in place
 *   the driver calls `clean` and `invalidate` itself, with exactly these ranges: clean of an
 *   image's weights and parameters when the run is opened, clean of input rows before START, clean
 *   of output rows before START (a line that the caller has written must not reach memory after
 *   the device has), invalidate of output rows when the end was seen. Ranges are multiples of 4
 *   bytes, not of lines: the rest of a line at either end has to be kept. Two windows never share
 *   4096 bytes, so no line is used by two runs; while a run goes on nobody writes in its window.
 * - The interrupt. Its line is a level: high while IRQ_RAW and IRQ_ENABLE have a bit in common.
 *   `wait` looks and neither masks nor clears. The driver clears a slot's bit of IRQ_RAW before
 *   START and when it has seen the run's end; it writes IRQ_ENABLE in trine_run_wait and
 *   trine_watch. A handler calls trine_interrupt (trine_runtime.h), which masks in IRQ_ENABLE the
 *   slots that have ended, so that the line falls, and clears nothing; trine_poll clears. Masking
 *   at the processor or its interrupt controller, if it is wanted, is the handler's.
 * - Reentrancy. One call at a time for a context, but for trine_interrupt, which may interrupt any
 *   of them: it calls read32 of IRQ_STATUS and IRQ_ENABLE and write32 of IRQ_ENABLE. So read32 and
 *   write32 must not keep anything between calls that an interruption would spoil, or the backend
 *   must keep the handler out while it works (a serial line does: it has no handlers). The driver
 *   calls nothing of the bus from within a call of the bus.
 * - A failed access has done nothing, or all of it, or nobody knows (a register write over a line
 *   that breaks). The driver counts on none of these: it stops the run and looks at STATUS whether
 *   it did. On a core whose faults are imprecise an access may return 0 and its fault come later.
 *   Such a backend either makes the fault precise (a barrier behind each access and a look whether
 *   a handler has noted one, `has_failed` of struct trine_direct; for posted writes a read back
 * from the same device), or says nothing of it. Then: a lost write of memory or of a register is
 * seen by the device, which checks its program's CRC and refuses what is not whole, or the run ends
 * by its time limit; a read that failed has some value, and only a STATUS that says done, with its
 *   bit in IRQ_RAW, ends a run well. Lost rows of the input alone are seen by nobody.
 *
 * Threads: one at a time for a context, as under Reentrancy. Pointers: never NULL, and not kept
 * behind the call, unless it is said. */
#ifndef TRINE_BUS_H
#define TRINE_BUS_H

#include <stddef.h>
#include <stdint.h>

#include "trine_status.h"

/** A backend: functions and their context. Copied by those who are given it; what `ctx` leads to
 * has to outlive them. */
struct trine_bus {
  void *ctx; /**< given to every function */
  /** Reads one 32-bit register. `addr` is a byte offset into the register space, a multiple of 4.
   * 0 or TRINE_ERR_BUS; then *value is not looked at. */
  enum trine_status (*read32)(void *ctx, uint32_t addr, uint32_t *value);
  /** Writes one 32-bit register, see read32. */
  enum trine_status (*write32)(void *ctx, uint32_t addr, uint32_t value);
  /** Reads shared memory. `addr` is as the accelerator's memory port sees it; addr and len_bytes
   * are multiples of 4; bytes as they lie in memory (little-endian). `data` may lie anywhere. 0 or
   * TRINE_ERR_BUS, of ranges that are not all inside too. */
  enum trine_status (*mem_read)(void *ctx, uint64_t addr, void *data, size_t len_bytes);
  /** Writes shared memory, see mem_read. */
  enum trine_status (*mem_write)(void *ctx, uint64_t addr, const void *data, size_t len_bytes);
  /** Returns 0 as soon as the interrupt is high, TRINE_ERR_TIMEOUT if it was not within
   * timeout_ms (milliseconds of now_us; a simulation may count its own cycles instead). To return
   * 0 early is allowed: the driver reads STATUS. */
  enum trine_status (*wait)(void *ctx, uint32_t timeout_ms);
  /** Microseconds since some moment, never fewer than before: all time limits of the driver are
   * read here. NULL: trine_open takes the calendar clock of the C library (and does not count when
   * it is set back); the runtime alone refuses such a bus. */
  uint64_t (*now_us)(void *ctx);
  /** Where [addr, addr + len_bytes) of shared memory lies for this processor, or NULL when it does
   * not or is not all there. Optional; NULL: nothing is used in place, all is copied. */
  void *(*map)(void *ctx, uint64_t addr, size_t len_bytes);
  /** What was written to mapped bytes is in memory, for the device to read, when it returns.
   * Optional; NULL: no cache, or a coherent one. */
  void (*clean)(void *ctx, const void *data, size_t len_bytes);
  /** Mapped bytes are read from memory next, as the device has left them. Optional, as clean. */
  void (*invalidate)(void *ctx, void *data, size_t len_bytes);
};

#endif
