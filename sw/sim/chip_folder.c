/* SPDX-License-Identifier: Apache-2.0 */
/* chip_folder: where the simulated chips are installed; a file of its own, because it is compiled
 * anew for each place (sw/library/library.mk). */
#include "sim/find_chip.h"

#ifndef TRINE_CHIP_FOLDER
#define TRINE_CHIP_FOLDER "/usr/local/lib/trine"
#endif

const char *const sim_chip_folder = TRINE_CHIP_FOLDER;
