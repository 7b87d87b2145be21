/* SPDX-License-Identifier: Apache-2.0 */
/* victim: see victim.h. */
#include "victim.h"

#include <check.h>
#include <string.h>

#include "scenario.h"
#include "trine_regs.h"

enum { UNITS = 24, SEQUENCES = 2, STEPS = 8 };

void victim_open(struct victim *victim, struct bench *bench, struct seed_stream *stream,
                 uint32_t core_mask) {
  const uint32_t cores = (uint32_t)__builtin_popcount(core_mask);
  memset(victim, 0, sizeof *victim);
  victim->bench = bench;
  victim->options =
      (struct trine_job_options){.mode = cores == 1 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER,
                                 .cores = cores,
                                 .core_mask = core_mask};
  scenario_stack(&victim->network, stream, 2, true, UNITS);
  batch_create(&victim->batch, stream, &victim->network.network, SEQUENCES, STEPS, false, true);
  batch_expect(&victim->batch, &victim->network.network);
  job_create(&victim->job, bench->device, &victim->network.network, &victim->options);
}

void victim_close(struct victim *victim) {
  job_free(&victim->job);
  batch_free(&victim->batch);
  case_free(&victim->network);
}

void victim_forget(struct victim *victim) {
  job_free(&victim->job);
  job_create(&victim->job, victim->bench->device, &victim->network.network, &victim->options);
}

void victim_start(struct victim *victim, const char *what) {
  memset(victim->batch.output, 0x55, victim->batch.output_bytes);
  ck_assert_msg(trine_job_start(victim->job.job, &victim->batch.batch) == TRINE_OK, "beside %s: %s",
                what, trine_last_error(victim->bench->device));
}

uint64_t victim_wait(struct victim *victim, const char *what) {
  struct bench *bench = victim->bench;
  ck_assert_msg(trine_job_wait(victim->job.job) == TRINE_OK, "beside %s: %s", what,
                trine_last_error(bench->device));
  batch_compare(&victim->batch, &victim->network.network, what);
  const uint32_t slot = trine_job_slot(victim->job.job);
  return bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_CYCLES_LO));
}

uint64_t victim_run(struct victim *victim, const char *what) {
  victim_start(victim, what);
  return victim_wait(victim, what);
}
