/* SPDX-License-Identifier: Apache-2.0 */
/* remains: the wipe of what the last owner of a core left, and the operations that wait for it. */
#include "machine_internal.h"
#include "program/format.h"

/* Cores that change hands at once wipe their writers' RAM in turns. */
static uint32_t wiping_cores(const struct machine *machine) {
  uint32_t count = 0;
  for (uint32_t c = 0; c < machine->core_count; c++) {
    count += machine->cores[c].is_used && machine->cores[c].wiped_from != 0;
  }
  return count;
}

bool remains_are_gone(const struct machine *machine, const struct core *core, const uint32_t *op) {
  const uint32_t bus_bytes = machine->info.bus_bytes, macs = machine->info.macs_per_lane;
  const uint32_t words = (bus_bytes > macs ? bus_bytes : macs) / 4, slots = machine->slot_mask + 1;
  const uint64_t through = machine->now > core->wiped_from ? machine->now - core->wiped_from : 0;
  if (core->wiped_from == 0) {
    return true;
  }
  switch (op[0] & 0xff) {
    case TRINE_OP_CHANNEL:
      return (op[1] >> 8 & 15) == 0 ||
             ((op[2] & 0xffff) + (op[2] >> 16) * slots) * words <= through / words * words;
    case TRINE_OP_LOAD:
      return op[1] != TRINE_LOAD_VECTOR || (op[2] + op[3]) / 4 <= through / words * words;
    case TRINE_OP_WRITE:
      return (op[6] & 0xffff) + (op[6] >> 16) * slots <= through / wiping_cores(machine);
    default:
      return true;
  }
}

void remains_tick(struct core *core, bool ring_is_busy) {
  if (core->wiped_from != 0 && ring_is_busy) {
    core->wiped_from++;
  }
}
