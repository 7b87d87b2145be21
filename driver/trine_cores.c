/* SPDX-License-Identifier: Apache-2.0 */
/* trine_cores: which cores of a device a job gets. */
#include "trine_internal.h"

static uint32_t count_ones(uint32_t mask) {
  uint32_t ones = 0;
  for (; mask != 0; mask &= mask - 1) {
    ones++;
  }
  return ones;
}

enum trine_status trine_usable_cores(struct trine *device, uint32_t core_mask, uint32_t *usable) {
  uint32_t busy = 0, quarantine = 0;
  struct trine_fault fault;
  enum trine_status status = trine_update_strays(&device->device, &fault);
  if (status == TRINE_OK) {
    status = trine_read_cores(&device->device, &busy, &quarantine, &fault);
  }
  if (status != TRINE_OK) {
    return trine_fail_with(device, &fault, NULL);
  }
  const uint32_t all = (UINT32_C(1) << device->device.cores) - 1;
  if ((core_mask & ~all) != 0) {
    return trine_fail(device, TRINE_ERR_LIMIT,
                      "the core mask 0x%x names cores that configuration %s, with %u, has not",
                      core_mask, device->target.config, device->device.cores);
  }
  if ((core_mask & quarantine) != 0) {
    return trine_fail(
        device, TRINE_ERR_BUSY,
        "cores 0x%x of the core mask 0x%x are in quarantine until the device is reset",
        core_mask & quarantine, core_mask);
  }
  *usable = core_mask != 0 ? core_mask : all & ~quarantine & ~trine_stray_cores(&device->device);
  return TRINE_OK;
}

/* The placement needs more cores than can be used. */
static enum trine_status tell_missing(struct trine *device, uint32_t ranks, uint32_t usable) {
  uint32_t busy = 0, quarantine = 0;
  struct trine_fault fault;
  if (trine_read_cores(&device->device, &busy, &quarantine, &fault) != TRINE_OK) {
    return trine_fail_with(device, &fault, NULL);
  }
  return trine_fail(device, TRINE_ERR_BUSY,
                    "the placement needs %u cores; of the device's %u, %u can be used (0x%x are in "
                    "quarantine until reset, 0x%x run programs that were not started here: trine "
                    "run --stop-strays stops those)",
                    ranks, device->device.cores, count_ones(usable), quarantine,
                    trine_stray_cores(&device->device));
}

enum trine_status trine_choose_cores(struct trine *device, uint32_t ranks, uint32_t core_mask,
                                     uint32_t usable, uint32_t *chosen) {
  if (core_mask != 0 && count_ones(core_mask) < ranks) {
    return trine_fail(device, TRINE_ERR_ARG,
                      "the core mask 0x%x has %u cores; the placement needs %u", core_mask,
                      count_ones(core_mask), ranks);
  }
  uint32_t load[TRINE_MAX_CORES] = {0};
  for (const struct trine_job *other = device->jobs; other != NULL; other = other->next) {
    for (uint32_t c = 0; c < device->device.cores; c++) {
      load[c] += other->run.options.core_mask >> c & 1;
    }
  }
  *chosen = 0;
  for (uint32_t taken = 0; taken < ranks; taken++) {
    uint32_t best = UINT32_MAX;
    for (uint32_t c = 0; c < device->device.cores; c++) {
      const bool is_allowed = (usable >> c & 1) != 0;
      const bool is_better = best == UINT32_MAX || (core_mask == 0 && load[c] < load[best]);
      if (is_allowed && (*chosen >> c & 1) == 0 && is_better) {
        best = c;
      }
    }
    if (best == UINT32_MAX) {
      return tell_missing(device, ranks, usable);
    }
    *chosen |= 1u << best;
  }
  return TRINE_OK;
}
