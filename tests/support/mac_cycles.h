/* SPDX-License-Identifier: Apache-2.0 */
/* mac_cycles: how long a layer occupies a MAC array, from docs/architecture.md and not from the
 * driver, so that it can be held against what the driver places and the chip counts. */
#ifndef TRINE_TEST_MAC_CYCLES_H
#define TRINE_TEST_MAC_CYCLES_H

#include "trine.h"

/* The chain that a layer belongs to. */
const struct trine_chain *mac_chain(const struct trine_network *network, uint32_t layer);

/* Cycles of one step of `units` units of a layer on one core: whole row groups, whole words of
 * weights, the parts of a row from memory each beginning at a memory word. */
uint64_t mac_cycles(const struct trine_info *info, const struct trine_network *network,
                    uint32_t layer, uint32_t units);

#endif
