/* SPDX-License-Identifier: Apache-2.0 */
/* board_sim: the simulated chip of the configuration that TRINE_CONFIG names, or duo. */
#include <stdlib.h>

#include "board.h"
#include "sim/sim_backend.h"

static struct trine_bus chip_bus;

bool board_bus(struct trine_bus *bus) {
  static struct trine_sim_backend *chip; /* to the end of the program */
  const char *config = getenv("TRINE_CONFIG");
  struct trine_error error;
  if (trine_sim_backend_open(config != NULL ? config : "duo", NULL, &chip, &error) != TRINE_OK) {
    return false;
  }
  chip_bus = trine_sim_backend_bus(chip);
  *bus = chip_bus;
  return true;
}

void board_idle(void) {
  (void)chip_bus.wait(chip_bus.ctx, 1); /* only this lets the simulation run */
}
