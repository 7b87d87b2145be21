/* SPDX-License-Identifier: Apache-2.0 */
/* totals: see totals.h. */
#include "totals.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "round.h"
#include "support/seed.h"
#include "trine_regs.h"

void totals_victim(struct totals *totals, uint64_t cycles, uint64_t alone) {
  uint64_t permille = alone > 0 ? cycles * 1000 / alone : 0;
  totals->victims++;
  if (permille > totals->slowest_permille) {
    totals->slowest_permille = permille;
  }
}

const char *totals_code(uint32_t code) {
  static const struct {
    uint32_t code;
    const char *name;
  } names[] = {
#define NAME(name, number, sentence) {number, #name},
      TRINE_ERROR_LIST(NAME)
#undef NAME
  };
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    if (names[n].code == code) {
      return names[n].name;
    }
  }
  return NULL;
}

void totals_print(const struct totals *totals, const char *config, double seconds) {
  printf("%s: %" PRIu64 " programs in %" PRIu64 " draws, %" PRIu64
         " cycles, %.0f s (%.0f a second)\n",
         config, totals->programs, totals->draws, totals->cycles, seconds,
         seconds > 0 ? (double)totals->programs / seconds : 0.0);
  printf("  kinds:");
  for (uint32_t n = 0; n < ROUND_KINDS; n++) {
    printf(" %s %" PRIu64, round_kind_name(n), totals->kinds[n]);
  }
  printf("\n  ends: DONE %" PRIu64, totals->done);
  for (uint32_t n = 0; n < TOTALS_CODES; n++) {
    if (totals->errors[n] > 0) {
      printf(" %s %" PRIu64, totals_code(n), totals->errors[n]);
    }
  }
  printf("\n  beside: %" PRIu64
         " runs of victims, the slowest %.1f times its cycles alone; %" PRIu64
         " next tenants; %" PRIu64 " register accesses; %" PRIu64
         " aborted after their time; %" PRIu64 " quarantined\n",
         totals->victims, (double)totals->slowest_permille / 1000, totals->tenants,
         totals->register_accesses, totals->aborted_by_time, totals->quarantined);
  printf("attack\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
         "\t%" PRIu64 "\t%.1f\tDONE=%" PRIu64,
         config, seed_value(), totals->programs, totals->cycles, totals->victims, totals->tenants,
         totals->register_accesses, totals->quarantined, (double)totals->slowest_permille / 1000,
         totals->done);
  for (uint32_t n = 0; n < TOTALS_CODES; n++) {
    if (totals->errors[n] > 0) {
      printf(" %s=%" PRIu64, totals_code(n), totals->errors[n]);
    }
  }
  printf("\n");
}
