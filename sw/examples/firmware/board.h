/* SPDX-License-Identifier: Apache-2.0 */
/* board: what firmware.c runs on. */
#ifndef TRINE_EXAMPLE_BOARD_H
#define TRINE_EXAMPLE_BOARD_H

#include <stdbool.h>

#include "trine_bus.h"

enum { BOARD_MEMORY_BYTES = 4 << 20 };

/* The bus to the accelerator; false when there is none. */
bool board_bus(struct trine_bus *bus);
/* While a run goes on. */
void board_idle(void);

#endif
