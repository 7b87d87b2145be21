/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_turns: jobs on different cores that use the same domain slot one after the other. A
 * core that is no member any more hears nothing of the slot that was its own. */
#include <check.h>

#include "errors.h"
#include "pair.h"
#include "scenario.h"

enum { TIMEOUT_SECONDS = 300, TURNS = 4 };

START_TEST(test_a_core_hears_nothing_of_the_slot_it_left) {
  struct seed_stream stream = seed_start("turns");
  struct bench bench;
  struct driver_case network;
  struct driver_batch batch;
  scenario_stack(&network, &stream, 2, true, 48);
  batch_create(&batch, &stream, &network.network, 2, 11, false, true);
  batch_expect(&batch, &network.network);
  bench_open(&bench, "duo", NULL);
  for (uint32_t turn = 0; turn < TURNS; turn++) {
    const struct trine_job_options options = {
        .mode = TRINE_MODE_SINGLE, .cores = 1, .core_mask = 1U << turn % 2};
    struct driver_job job;
    job_create(&job, bench.device, &network.network, &options);
    for (int run = 0; run < 2; run++) {
      ck_assert_msg(trine_job_run(job.job, &batch.batch) == TRINE_OK, "turn %u: %s", turn,
                    trine_last_error(bench.device));
      ck_assert_uint_eq(trine_job_slot(job.job), 0);
      batch_compare(&batch, &network.network, "turns");
    }
    job_free(&job);
  }
  batch_free(&batch);
  case_free(&network);
  bench_close(&bench);
}
END_TEST

void errors_add_turns(Suite *suite) {
  TCase *tests = tcase_create("turns");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_a_core_hears_nothing_of_the_slot_it_left);
  suite_add_tcase(suite, tests);
}
