/* SPDX-License-Identifier: Apache-2.0 */
/* trine_memory: windows of shared memory: gaps between those of jobs and of strays. */
#include "trine_internal.h"

static uint64_t window_base(const struct trine_job *job) {
  return job->run.options.window_base;
}

static uint64_t window_bytes(const struct trine_job *job) {
  return job->run.options.window_bytes;
}

/* Where the free memory after `start` ends; false when `start` is not free. */
static bool gap_end(const struct trine *device, uint64_t start, uint64_t *stop) {
  *stop = device->memory_base + device->target.memory_bytes;
  bool is_free = start < *stop;
  for (const struct trine_job *job = device->jobs; job != NULL; job = job->next) {
    const uint64_t base = window_base(job);
    is_free = is_free && (start < base || start - base >= window_bytes(job));
    *stop = base >= start && base < *stop ? base : *stop;
  }
  for (uint32_t s = 0; s < TRINE_MAX_CORES; s++) {
    const struct trine_stray *stray = &device->device.slot[s].stray;
    if (stray->is_there) {
      is_free = is_free &&
                (start < stray->window_base || start - stray->window_base >= stray->window_bytes);
      *stop =
          stray->window_base >= start && stray->window_base < *stop ? stray->window_base : *stop;
    }
  }
  return is_free;
}

static uint64_t page_up(uint64_t addr) {
  return addr > UINT64_MAX - TRINE_WINDOW_ALIGN
             ? UINT64_MAX
             : (addr + TRINE_WINDOW_ALIGN - 1) / TRINE_WINDOW_ALIGN * TRINE_WINDOW_ALIGN;
}

/* The gap from `start`, if it is the largest so far. */
static void try_gap(const struct trine *device, uint64_t start, uint64_t *best,
                    uint64_t *gap_bytes) {
  uint64_t stop = 0;
  if (start >= device->memory_base && gap_end(device, start, &stop) && stop - start > *gap_bytes) {
    *best = start;
    *gap_bytes = stop - start;
  }
}

uint64_t trine_find_gap(const struct trine *device, uint64_t want, uint64_t *gap_bytes) {
  uint64_t best = device->memory_base;
  *gap_bytes = 0;
  try_gap(device, device->memory_base, &best, gap_bytes);
  for (const struct trine_job *job = device->jobs; job != NULL && *gap_bytes < want;
       job = job->next) {
    try_gap(device, page_up(window_base(job) + window_bytes(job)), &best, gap_bytes);
  }
  for (uint32_t s = 0; s < TRINE_MAX_CORES && *gap_bytes < want; s++) {
    const struct trine_stray *stray = &device->device.slot[s].stray;
    if (stray->is_there) {
      try_gap(device, page_up(stray->window_base + stray->window_bytes), &best, gap_bytes);
    }
  }
  return best;
}
