/* SPDX-License-Identifier: Apache-2.0 */
/* test_planner_batch: how the sequences of a batch are shared out among copies, groups and jobs. */
#include <check.h>

#include "planner/replica_plan.h"
#include "support/checked/planner_case.h"

/* Two groups of cores get the same number of steps, wherever in the batch the long sequences are.
 */
START_TEST(test_long_sequences_are_assigned_first) {
  static const uint32_t orders[2][10] = {{3, 7, 1, 5, 2, 6, 4, 12, 40, 80},
                                         {80, 40, 12, 7, 6, 5, 4, 3, 2, 1}};
  const struct trine_shape groups = {TRINE_MODE_HYBRID, 2, 2, 1};
  for (int n = 0; n < 2; n++) {
    struct planner_case bench;
    planner_case_open(&bench, "duo");
    planner_case_stack(&bench, (const uint32_t[]){64, 64}, 1);
    const struct trine_plan_batch half = planner_case_batch(&bench, 1, 80);
    const uint64_t best = planner_case_cycles(&bench, TRINE_MODE_SINGLE, 1, 1, &half);
    const struct trine_plan_batch batch = {
        .sequences = 10, .lengths = orders[n], .is_resident = true};
    const uint64_t got = planner_case_shape_cycles(&bench, &groups, &batch);
    ck_assert_msg(got < best + best / 50, "order %d: %llu cycles, half of the steps take %llu", n,
                  (unsigned long long)got, (unsigned long long)best);
    planner_case_close(&bench);
  }
}
END_TEST

/* The most steps that a cut leaves to one job. */
static uint64_t longest_part(const uint32_t *lengths, const uint32_t *first, uint32_t jobs) {
  uint64_t longest = 0;
  for (uint32_t job = 0; job < jobs; job++) {
    uint64_t steps = 0;
    ck_assert_uint_lt(first[job], first[job + 1]);
    for (uint32_t n = first[job]; n < first[job + 1]; n++) {
      steps += lengths[n];
    }
    longest = steps > longest ? steps : longest;
  }
  return longest;
}

/* The least there is, by trying every place of the first cut. */
static uint64_t least_longest(const uint32_t *lengths, uint32_t count, uint32_t jobs) {
  uint64_t steps = 0, least = UINT64_MAX;
  for (uint32_t n = 0; n < count; n++) {
    steps += lengths[n];
    if (jobs > 1 && count - n - 1 >= jobs - 1) {
      const uint64_t rest = least_longest(lengths + n + 1, count - n - 1, jobs - 1);
      const uint64_t longest = rest > steps ? rest : steps;
      least = longest < least ? longest : least;
    }
  }
  return jobs == 1 ? steps : least;
}

START_TEST(test_a_batch_is_cut_as_evenly_as_can_be) {
  struct seed_stream stream = seed_start("cut");
  for (int round = 0; round < 200; round++) {
    uint32_t lengths[10], first[TRINE_MAX_CORES + 1];
    const uint32_t count = (uint32_t)seed_uniform(&stream, 1, 10);
    const uint32_t jobs = (uint32_t)seed_uniform(&stream, 1, count);
    for (uint32_t n = 0; n < count; n++) {
      lengths[n] = (uint32_t)seed_log_uniform(&stream, 1, 100);
    }
    trine_cut_batch(lengths, count, jobs, first);
    ck_assert(first[0] == 0 && first[jobs] == count);
    ck_assert_uint_eq(longest_part(lengths, first, jobs), least_longest(lengths, count, jobs));
  }
}
END_TEST

/* A small network: groups of one job stop at the channels it has, jobs do not. */
START_TEST(test_jobs_take_what_groups_cannot) {
  struct planner_case bench;
  planner_case_open(&bench, "octo");
  planner_case_stack(&bench, (const uint32_t[]){16, 16, 16}, 2);
  const struct trine_plan_batch batch = planner_case_batch(&bench, 32, 20);
  struct trine_plan one;
  struct trine_replica_plan replicas;
  ck_assert_int_eq(trine_plan_best(trine_get_target(bench.device), &bench.made.network, 8, &batch,
                                   &one, trine_error_of(bench.device)),
                   TRINE_OK);
  ck_assert_int_eq(trine_plan_replicas(trine_get_target(bench.device), &bench.made.network, 8,
                                       &batch, &replicas, trine_error_of(bench.device)),
                   TRINE_OK);
  /* What a plan says is of a batch that finds everything resident, whatever was asked with. */
  struct trine_plan_batch cold = batch;
  struct trine_plan same;
  cold.is_resident = false;
  ck_assert_int_eq(trine_plan_best(trine_get_target(bench.device), &bench.made.network, 8, &cold,
                                   &same, trine_error_of(bench.device)),
                   TRINE_OK);
  struct trine_forecast warm;
  ck_assert_int_eq(trine_forecast(trine_get_target(bench.device), &bench.made.network,
                                  &same.placement, &batch, &warm, trine_error_of(bench.device)),
                   TRINE_OK);
  ck_assert(same.forecast.cycles == warm.cycles && one.forecast.cycles == warm.cycles);
  ck_assert_uint_gt(replicas.jobs, 1);
  ck_assert_uint_le(replicas.jobs * replicas.plan.placement.ranks, 8);
  ck_assert_msg(replicas.plan.forecast.cycles * 4 < one.forecast.cycles * 3, "%llu against %llu",
                (unsigned long long)replicas.plan.forecast.cycles,
                (unsigned long long)one.forecast.cycles);
  ck_assert(replicas.plan.forecast.steps == 640 &&
            replicas.plan.forecast.macs == one.forecast.macs);
  const struct trine_plan_batch alone = planner_case_batch(&bench, 1, 20);
  ck_assert_int_eq(trine_plan_replicas(trine_get_target(bench.device), &bench.made.network, 8,
                                       &alone, &replicas, trine_error_of(bench.device)),
                   TRINE_OK);
  ck_assert_uint_eq(replicas.jobs, 1);
  planner_case_close(&bench);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("planner batch");
  TCase *tests = tcase_create("batch");
  tcase_add_test(tests, test_long_sequences_are_assigned_first);
  tcase_add_test(tests, test_a_batch_is_cut_as_evenly_as_can_be);
  tcase_add_test(tests, test_jobs_take_what_groups_cannot);
  tcase_set_timeout(tests, 240);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
