/* SPDX-License-Identifier: Apache-2.0 */
/* board: a bus that moves addresses and takes its time, see board.h. */
#include "board.h"

#include "trine_regs.h"

enum { MOST_PAUSE = 40 };

static bool is_of_slot(uint32_t addr, uint32_t offset) {
  return addr >= TRINE_DOMAIN_PAGE && addr % TRINE_DOMAIN_PAGE == offset;
}

static void pause(struct board *board) {
  const uint64_t cycles = (uint64_t)seed_uniform(&board->stream, 0, MOST_PAUSE);
  (void)trine_sim_backend_ops(board->sim)->step(trine_sim_backend_sim(board->sim), cycles);
}

static bool is_broken(struct board *board) {
  return board->breaks_in > 0 && --board->breaks_in == 0;
}

/* An address of memory in a register is the board's. */
static enum trine_status board_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct board *board = ctx;
  pause(board);
  const enum trine_status status =
      is_broken(board) ? TRINE_ERR_BUS : board->chip.read32(board->chip.ctx, addr, value);
  uint32_t code = 0;
  if (status == TRINE_OK && is_of_slot(addr, TRINE_DOMAIN_WINDOW_BASE_LO)) {
    *value += (uint32_t)BOARD_BASE;
  } else if (status == TRINE_OK && is_of_slot(addr, TRINE_DOMAIN_ERROR_ADDR_LO)) {
    (void)board->chip.read32(board->chip.ctx,
                             addr - TRINE_DOMAIN_ERROR_ADDR_LO + TRINE_DOMAIN_ERROR_CODE, &code);
    if (code == TRINE_ERROR_BUS_READ || code == TRINE_ERROR_BUS_WRITE) {
      *value += (uint32_t)BOARD_BASE;
    }
  }
  return status;
}

static enum trine_status board_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct board *board = ctx;
  pause(board);
  if (is_broken(board)) {
    return TRINE_ERR_BUS;
  }
  const bool is_base = is_of_slot(addr, TRINE_DOMAIN_WINDOW_BASE_LO);
  return board->chip.write32(board->chip.ctx, addr, is_base ? value - (uint32_t)BOARD_BASE : value);
}

static enum trine_status board_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const struct board *board = ctx;
  return board->chip.mem_read(board->chip.ctx, addr - BOARD_BASE, data, len_bytes);
}

static enum trine_status board_mem_write(void *ctx, uint64_t addr, const void *data,
                                         size_t len_bytes) {
  struct board *board = ctx;
  pause(board);
  return board->chip.mem_write(board->chip.ctx, addr - BOARD_BASE, data, len_bytes);
}

/* Returns early now and then. */
static enum trine_status board_wait(void *ctx, uint32_t timeout_ms) {
  struct board *board = ctx;
  if (seed_uniform(&board->stream, 0, 1) == 0) {
    pause(board);
    return TRINE_OK;
  }
  return board->chip.wait(board->chip.ctx, timeout_ms);
}

static uint64_t board_now_us(void *ctx) {
  const struct board *board = ctx;
  return board->chip.now_us(board->chip.ctx);
}

void board_make(struct board *board, struct trine_sim_backend *sim) {
  *board =
      (struct board){.sim = sim, .chip = trine_sim_backend_bus(sim), .stream = seed_start("board")};
}

struct trine_bus board_bus(struct board *board) {
  return (struct trine_bus){.ctx = board,
                            .read32 = board_read32,
                            .write32 = board_write32,
                            .mem_read = board_mem_read,
                            .mem_write = board_mem_write,
                            .wait = board_wait,
                            .now_us = board_now_us};
}
