/* SPDX-License-Identifier: Apache-2.0 */
/* fake_starts: what START and REPEAT of the fake device (fake_device.h) look at, and what a REPEAT
 * does. */
#ifndef TRINE_FAKE_STARTS_H
#define TRINE_FAKE_STARTS_H

#include "support/fake_device.h"

bool fake_is_at_work(const struct fake_slot *slot);
uint32_t fake_busy_cores(const struct fake_device *device);
/* What START looks at before it reads the program; 0 or an error code. */
uint32_t fake_check_start(const struct fake_device *device, const struct fake_slot *slot,
                          uint32_t ranks);

/* Whether the slot's last START ended in done, its cores are still its own, and its list's last
 * block can be executed again. */
bool fake_can_repeat(const struct fake_slot *slot);

/* Brings the slot's list to its last block, and its cores into the domain; indices: of the ranks.
 */
void fake_begin_repeat(struct fake_device *device, struct fake_slot *slot, bool goes_on,
                       struct fake_domain *domain, uint32_t *indices);

#endif
