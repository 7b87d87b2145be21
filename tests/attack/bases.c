/* SPDX-License-Identifier: Apache-2.0 */
/* bases: the tenants of a round's domains, see round.h. */
#include <string.h>

#include "round.h"

enum { SINGLE_BASES = 3, WIDE_BASES = 4, CUT_BASE = 2 };

static void open_domain(struct round *round, uint32_t domain, struct seed_stream *stream) {
  static const struct tenant_size sizes[] = {{1, 5, 1, 3, true, false},
                                             {1, 8, 2, 4, false, true},
                                             {2, 10, 2, 5, true, false},
                                             {2, 12, 2, 4, true, true}};
  struct world *world = &round->world;
  uint32_t mask = world->domain_mask[domain];
  bool is_single = (mask & (mask - 1)) == 0;
  round->base_count = is_single ? SINGLE_BASES : WIDE_BASES;
  for (uint32_t n = 0; n < round->base_count; n++) {
    enum trine_mode wide;
    if (n == CUT_BASE && world->info->cores == 2) {
      wide = TRINE_MODE_MULTITHREADING;
    } else if (n % 2 == 0) {
      wide = TRINE_MODE_HELPER;
    } else {
      wide = TRINE_MODE_HYBRID;
    }
    tenant_open(&round->bases[domain][n], &world->bench, stream, &sizes[n],
                is_single ? TRINE_MODE_SINGLE : wide, mask);
  }
}

void round_open(struct round *round, const char *config, struct seed_stream *stream,
                struct totals *totals) {
  memset(round, 0, sizeof *round);
  world_open(&round->world, config, stream, totals);
  for (uint32_t d = 0; d < round->world.domain_count; d++) {
    open_domain(round, d, stream);
  }
  world_guard(&round->world, (1u << round->world.info->cores) - 1, 0, 0);
  world_begin(&round->world);
}

void round_close(struct round *round) {
  for (uint32_t d = 0; d < round->world.domain_count; d++) {
    for (uint32_t n = 0; n < round->base_count; n++) {
      tenant_close(&round->bases[d][n]);
    }
  }
  world_close(&round->world);
}
