/* SPDX-License-Identifier: Apache-2.0 */
/* report: names, and a round printed; see round.h. */
#include <stdio.h>

#include "round.h"

static const char *const event_names[ROUND_EVENTS] = {"nothing",
                                                      "ABORT",
                                                      "register accesses, STARTs and ABORTs",
                                                      "the host rewrites the list",
                                                      "memory: errors and late answers",
                                                      "memory: answers lost or after the watchdog"};

const char *round_kind_name(uint32_t kind) {
  static const char *const names[ROUND_KINDS] = {"mutated", "resident", "composed", "honest",
                                                 "garbage"};
  return names[kind];
}

void round_print(const struct round *round) {
  const struct world *world = &round->world;
  printf("  round %u, meanwhile: %s\n", round->number, event_names[round->event]);
  printf("  memory: latency %u, %u beats in %u cycles, pauses %u of 1000; watchdog %u\n",
         world->memory.latency_cycles, world->memory.beats_num, world->memory.beats_den,
         world->memory.stall_permille, world->watchdog);
  for (uint32_t n = 0; n < world->victim_count; n++) {
    printf("  victim: core mask 0x%x, %llu cycles alone\n", world->victims[n].mask,
           (unsigned long long)world->victims[n].runs[TENANT_FRESH].cycles);
  }
  for (uint32_t d = 0; d < world->domain_count; d++) {
    const struct round_attack *attack = &round->attacks[d];
    printf("  attacker: slot %u mask 0x%x mode %u window 0x%llx+0x%x program at 0x%x, %s: %s\n",
           attack->domain.slot, attack->domain.mask, attack->domain.mode,
           (unsigned long long)attack->domain.base, attack->domain.size, attack->domain.program,
           round_kind_name(attack->kind), attack->how);
    list_print(attack->words, attack->count);
  }
}
