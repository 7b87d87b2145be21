/* SPDX-License-Identifier: Apache-2.0 */
/* board_rv32: registers and memory at fixed addresses of a 32-bit RISC-V, its memory not cached; a
 * clock of 1 MHz. */
#include "backend_direct.h"
#include "board.h"

static uint64_t board_now_us(void *ctx) {
  uint32_t high = 0, low = 0, again = 0;
  (void)ctx;
  do {
    __asm__ volatile("rdtimeh %0" : "=r"(high));
    __asm__ volatile("rdtime %0" : "=r"(low));
    __asm__ volatile("rdtimeh %0" : "=r"(again));
  } while (high != again);
  return (uint64_t)high << 32 | low;
}

static struct trine_direct board = {.registers = (volatile uint32_t *)0x40000000u,
                                    .memory = (void *)0x50000000u,
                                    .memory_bytes = BOARD_MEMORY_BYTES,
                                    .is_plain = true,
                                    .now_us = board_now_us};

bool board_bus(struct trine_bus *bus) {
  *bus = trine_direct_bus(&board);
  return true;
}

void board_idle(void) {}
