/* SPDX-License-Identifier: Apache-2.0 */
/* victim: a job of the driver's beside others, which is exact and whose cycles are looked at. */
#ifndef TRINE_VICTIM_H
#define TRINE_VICTIM_H

#include "bench.h"
#include "support/checked/driver_case.h"

struct victim {
  struct bench *bench;
  struct trine_job_options options;
  struct driver_case network;
  struct driver_batch batch;
  struct driver_job job;
};

/* A small random network of two LSTMs and a dense head whose states are kept, in single mode on a
 * core, in helper mode on several. */
void victim_open(struct victim *victim, struct bench *bench, struct seed_stream *stream,
                 uint32_t core_mask);
void victim_close(struct victim *victim);

/* The next run is from scratch. */
void victim_forget(struct victim *victim);

void victim_start(struct victim *victim, const char *what);
/* Waits; the test fails unless it is exact. Its cycles. */
uint64_t victim_wait(struct victim *victim, const char *what);
/* Both. */
uint64_t victim_run(struct victim *victim, const char *what);

#endif
