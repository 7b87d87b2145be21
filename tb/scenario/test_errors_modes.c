/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_modes: the hardware knows contexts and channels; MODE is checked and reported only.
 *
 * A placement of the driver is run with MODE register and program header saying each mode that is
 * legal for its number of cores: cycles, counters and bytes are the same to the last. */
#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "errors.h"
#include "pair.h"
#include "scenario.h"

enum { TIMEOUT_SECONDS = 600, MODES = 4 };

struct outcome {
  struct trine_stats stats;
  int8_t output[1 << 14];
};

static void run_as(int32_t mode, enum trine_mode placed, uint32_t cores, struct outcome *outcome) {
  struct seed_stream stream = seed_start("modes");
  struct bench bench;
  struct driver_case network;
  struct driver_batch batch;
  struct driver_job job;
  scenario_stack(&network, &stream, 3, true, 64);
  batch_create(&batch, &stream, &network.network, 2, 24, false, false);
  ck_assert_uint_le(batch.output_bytes, sizeof outcome->output);
  batch_expect(&batch, &network.network);
  struct trine_job_options options = {.mode = placed, .cores = cores};
  bench_open(&bench, cores <= 2 ? "duo" : "octo", NULL);
  bench.mode = mode;
  job_create(&job, bench.device, &network.network, &options);
  ck_assert_msg(trine_job_run(job.job, &batch.batch) == TRINE_OK, "%s",
                trine_last_error(bench.device));
  batch_compare(&batch, &network.network, "mode");
  memset(outcome, 0, sizeof *outcome);
  outcome->stats = *trine_job_stats(job.job);
  memcpy(outcome->output, batch.output, batch.output_bytes);
  job_free(&job);
  batch_free(&batch);
  case_free(&network);
  bench_close(&bench);
}

static void compare_modes(enum trine_mode placed, uint32_t cores) {
  struct outcome want, got;
  run_as(-1, placed, cores, &want);
  for (int32_t mode = 0; mode < MODES; mode++) {
    bool is_legal = mode == TRINE_MODE_HYBRID || (mode == TRINE_MODE_SINGLE) == (cores == 1);
    if (!is_legal) {
      continue;
    }
    run_as(mode, placed, cores, &got);
    ck_assert_msg(memcmp(&got.stats, &want.stats, sizeof got.stats) == 0,
                  "placed as %d on %u cores, called %d: %" PRIu64 " cycles instead of %" PRIu64
                  ", or other counters",
                  (int)placed, cores, (int)mode, got.stats.cycles, want.stats.cycles);
    ck_assert_int_eq(memcmp(got.output, want.output, sizeof got.output), 0);
  }
}

START_TEST(test_mode_register_never_changes_what_the_cores_do) {
  static const struct {
    enum trine_mode placed;
    uint32_t cores;
  } cases[] = {{TRINE_MODE_SINGLE, 1}, {TRINE_MODE_MULTITHREADING, 2}, {TRINE_MODE_HELPER, 2},
               {TRINE_MODE_HYBRID, 2}, {TRINE_MODE_MULTITHREADING, 3}, {TRINE_MODE_HELPER, 5}};
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    compare_modes(cases[n].placed, cases[n].cores);
  }
}
END_TEST

void errors_add_modes(Suite *suite) {
  TCase *tests = tcase_create("modes");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_mode_register_never_changes_what_the_cores_do);
  suite_add_tcase(suite, tests);
}
