/* SPDX-License-Identifier: Apache-2.0 */
/* counters: that the counters of a finished job account for every cycle of every core. */
#ifndef TRINE_COUNTERS_H
#define TRINE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench.h"

/* True when on each core of the job's last batch MAC cycles and lost cycles by cause are all cycles
 * it counted, and with the time it waited for the others all of the domain's; when the core that
 * took longest counts the cycles of the domain; when the MAC cycles are exactly those of its
 * slices, padding included; and when the products of all ranks are `macs`, those the golden model
 * counts. Otherwise `text` says what is missing. For a batch that was one run of the device. */
bool counters_add_up(struct bench *bench, const struct trine_job *job,
                     const struct trine_network *network, const struct trine_batch *batch,
                     uint64_t macs, char *text, size_t text_bytes);

#endif
