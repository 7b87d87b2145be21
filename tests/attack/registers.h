/* SPDX-License-Identifier: Apache-2.0 */
/* registers: random accesses to every page while domains run, each held to what registers.md says:
 * who answers SLVERR, what a write changes and what it leaves, START of a running or foreign
 * domain. Nothing here is allowed to reach beyond the domain's own cores and zone. */
#ifndef TRINE_ATTACK_REGISTERS_H
#define TRINE_ATTACK_REGISTERS_H

#include "world.h"

/* One access, or START or ABORT, to do with the domain; program: an offset for its PROGRAM. The
 * domain's cores must be guarded with the whole zone. Fails the test when the contract is broken.
 */
void registers_poke(struct world *world, struct seed_stream *stream,
                    const struct world_domain *domain, uint32_t program);

#endif
