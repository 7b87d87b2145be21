/* SPDX-License-Identifier: Apache-2.0 */
/* board: a simulated chip as a board has it: its shared memory begins at an address that is not 0,
 * accesses take time that nobody knows, a wait may return early, and a wire may break. */
#ifndef TRINE_TEST_BOARD_H
#define TRINE_TEST_BOARD_H

#include "sim/sim_backend.h"
#include "support/seed.h"

#define BOARD_BASE UINT64_C(0x80000000)
enum { BOARD_BYTES = 1 << 20 };

struct board {
  struct trine_sim_backend *sim;
  struct trine_bus chip;
  struct seed_stream stream;
  uint32_t breaks_in; /* accesses of registers until one fails; 0: none does */
};

/* The board on a chip that stays open as long. */
void board_make(struct board *board, struct trine_sim_backend *sim);
struct trine_bus board_bus(struct board *board);

#endif
