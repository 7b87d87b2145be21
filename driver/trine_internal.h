/* SPDX-License-Identifier: Apache-2.0 */
/* trine_internal: the records behind trine.h: a device and a job are those of the runtime, with
 * what the compiler has made for them. */
#ifndef TRINE_INTERNAL_H
#define TRINE_INTERNAL_H

#include "runtime/internal.h"
#include "trine.h"

struct trine {
  bool is_open;
  struct trine_device device;
  struct trine_target target;
  uint64_t memory_base;
  struct trine_error error;
  struct trine_job *jobs;         /* all that exist, linked by next */
  uint64_t calendar_us, clock_us; /* of a bus without a clock: last read, counted */
};

struct trine_job {
  struct trine *device;
  struct trine_job *next;
  struct trine_placement placement;
  const struct trine_image *image; /* behind the job in its memory, and scratch behind that */
  struct trine_run run;
  struct trine_stats stats;
};

/* --- trine_open.c --- */
enum trine_status trine_fail(struct trine *device, enum trine_status status, const char *format,
                             ...) __attribute__((format(printf, 3, 4)));
/* Makes the fault's sentence the device's; image may be NULL. Returns its status. */
enum trine_status trine_fail_with(struct trine *device, const struct trine_fault *fault,
                                  const struct trine_image *image);
/* ARG unless trine_open has succeeded. */
enum trine_status trine_check_open(struct trine *device);

/* --- trine_memory.c --- */
/* The first gap of at least `want` bytes between the windows of jobs and strays, else the largest
 * one: its start, and its bytes. */
uint64_t trine_find_gap(const struct trine *device, uint64_t want, uint64_t *gap_bytes);

/* --- trine_cores.c --- */
/* Cores a job may use: none in quarantine, and unless they were asked for by name, none that a
 * stray has. */
enum trine_status trine_usable_cores(struct trine *device, uint32_t core_mask, uint32_t *usable);
/* Those of them that serve the fewest jobs, lowest first; or of the mask asked for, without the
 * cores that the placement has no use for. */
enum trine_status trine_choose_cores(struct trine *device, uint32_t ranks, uint32_t core_mask,
                                     uint32_t usable, uint32_t *chosen);

#endif
