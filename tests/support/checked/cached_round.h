/* SPDX-License-Identifier: Apache-2.0 */
/* cached_round: a random network run behind a cache that is not coherent, with image and rows in
 * place or copied, each as drawn, and compared with the golden model. */
#ifndef TRINE_CACHED_ROUND_H
#define TRINE_CACHED_ROUND_H

#include "support/checked/driver_case.h"

/* How often there was something in place, over the rounds of a program. */
struct cached_totals {
  uint32_t rounds, images, inputs, outputs, batches;
  uint32_t uncopied;     /* batches of which no byte was copied, image and rows */
  uint64_t copied_bytes; /* of the others */
};

/* One round on what is behind `below`, a device of this target with `memory_bytes` of memory from 0
 * on. Fails the test at the first difference, and when a byte was copied that is in place. */
void cached_round(const struct trine_bus *below, const struct trine_target *target,
                  uint32_t memory_bytes, struct seed_stream *stream, struct cached_totals *totals);

#endif
