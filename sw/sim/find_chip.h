/* SPDX-License-Identifier: Apache-2.0 */
/* find_chip: where the library of a simulated chip is. */
#ifndef TRINE_SIM_FIND_CHIP_H
#define TRINE_SIM_FIND_CHIP_H

#include <stddef.h>

#include "io/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts the path of libtrine_sim_CONFIG.so into `path`: from the folder that TRINE_LIB_DIR in the
 * environment names, and if there is none, from the first that has it of the running program's
 * folder and the three above it, lib/trine beside the program's folder, the folder of the library
 * this code is in and trine in it, and sim_chip_folder. Errors: NOT_FOUND, with the folders. */
enum trine_status sim_find_chip(const char *config, char *path, size_t size,
                                struct trine_error *error) __attribute__((warn_unused_result));

/* Where `make install` puts the chips of this library (sw/library/library.mk). */
extern const char *const sim_chip_folder;

#ifdef __cplusplus
}
#endif

#endif
