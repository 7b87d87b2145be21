/* SPDX-License-Identifier: Apache-2.0 */
/* board_rv32: registers and memory at fixed addresses of a 32-bit RISC-V; a clock of 1 MHz. Its
 * memory is not cached, and `fence` keeps the order that trine_bus.h asks for. */
#include <string.h>

#include "board.h"

#define REGISTERS ((volatile uint32_t *)0x40000000u)
#define MEMORY ((uint8_t *)0x50000000u)

static void fence(void) {
  __asm__ volatile("fence" ::: "memory");
}

static int board_read32(void *ctx, uint32_t addr, uint32_t *value) {
  (void)ctx;
  *value = REGISTERS[addr / 4];
  fence();
  return 0;
}

static int board_write32(void *ctx, uint32_t addr, uint32_t value) {
  (void)ctx;
  fence();
  REGISTERS[addr / 4] = value;
  return 0;
}

static int board_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  (void)ctx;
  memcpy(data, MEMORY + addr, len_bytes);
  return 0;
}

static int board_mem_write(void *ctx, uint64_t addr, const void *data, size_t len_bytes) {
  (void)ctx;
  memcpy(MEMORY + addr, data, len_bytes);
  return 0;
}

static void *board_map(void *ctx, uint64_t addr, size_t len_bytes) {
  (void)ctx;
  (void)len_bytes;
  return MEMORY + addr;
}

static int board_wait(void *ctx, uint32_t timeout_ms) {
  (void)ctx;
  (void)timeout_ms;
  __asm__ volatile("wfi");
  return 0;
}

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

bool board_bus(struct trine_bus *bus) {
  *bus = (struct trine_bus){.read32 = board_read32,
                            .write32 = board_write32,
                            .mem_read = board_mem_read,
                            .mem_write = board_mem_write,
                            .wait = board_wait,
                            .now_us = board_now_us,
                            .map = board_map};
  return true;
}

void board_idle(void) {}
