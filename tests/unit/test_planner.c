/* SPDX-License-Identifier: Apache-2.0 */
/* test_planner: what the planner predicts, against formulas by hand and laws that any run obeys.
 * That it is what the hardware takes is held by tests/planner/accuracy.c. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/replica_plan.h"
#include "session/replicas.h"
#include "support/checked/planner_case.h"
#include "support/random_network.h"

enum { ROUNDS = 5 };

static uint64_t single_cycles(struct planner_case *bench, uint32_t steps) {
  const struct trine_plan_batch batch = planner_case_batch(bench, 1, steps);
  return planner_case_cycles(bench, TRINE_MODE_SINGLE, 1, 1, &batch);
}

/* Cycles of one more step, far from both ends. */
static uint64_t step_of(struct planner_case *bench) {
  /* A row that crosses a page may cost a cycle more: rounded. */
  return (single_cycles(bench, 80) - single_cycles(bench, 40) + 20) / 40;
}

/* Lanes 8, 8 bytes a chunk, tail of 4 rows: a group of 2 units takes its chunks, or 2 beats. */
START_TEST(test_one_layer_takes_what_the_formula_says) {
  static const struct {
    uint32_t inputs, units, step;
  } cases[] = {
      {128, 128, 64 * (16 + 16)}, /* the MACs are always busy */
      {64, 64, 32 * (8 + 8)},     {40, 256, 128 * (5 + 32)},
      {32, 32, 16 * (4 + 4)},     {16, 16, 8 * 2 + 55}, /* h part, then h's way back */
      {8, 8, 8 + 4 * 2 - 1 + 47}, /* the tail takes two beats where the MACs take a chunk */
      {64, 16, 8 * 2 + 8 * 8},    /* the x part is longer than the way */
  };
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    struct planner_case bench;
    planner_case_open(&bench, "duo");
    planner_case_stack(&bench, (const uint32_t[]){cases[n].inputs, cases[n].units}, 1);
    ck_assert_msg(step_of(&bench) == cases[n].step, "%u-%u takes %llu cycles a step, not %u",
                  cases[n].inputs, cases[n].units, (unsigned long long)step_of(&bench),
                  cases[n].step);
    planner_case_close(&bench);
  }
}
END_TEST

/* The steady state is left out, and that must not be seen: steps cost the same near and far. */
START_TEST(test_long_runs_are_linear) {
  static const uint32_t widths[] = {12, 64, 64, 20};
  struct planner_case bench;
  planner_case_open(&bench, "duo");
  planner_case_stack(&bench, widths, 3);
  for (uint32_t mode = TRINE_MODE_SINGLE; mode <= TRINE_MODE_HELPER; mode++) {
    uint64_t cycles[3];
    static const uint32_t steps[3] = {64, 96, 1000000};
    for (uint32_t n = 0; n < 3; n++) {
      const struct trine_plan_batch batch = planner_case_batch(&bench, 1, steps[n]);
      cycles[n] = planner_case_cycles(&bench, (enum trine_mode)mode,
                                      mode == TRINE_MODE_SINGLE ? 1 : 2, 1, &batch);
    }
    const double step = (double)(cycles[1] - cycles[0]) / 32;
    const double far = (double)(cycles[2] - cycles[1]) / (1000000 - 96);
    ck_assert_msg(far > step * 0.999 && far < step * 1.001, "mode %u: %f cycles a step, then %f",
                  mode, step, far);
  }
  planner_case_close(&bench);
}
END_TEST

/* One sequence of many steps, or as many steps in sequences of different lengths. */
START_TEST(test_lengths_add_up) {
  struct planner_case bench;
  planner_case_open(&bench, "duo");
  planner_case_stack(&bench, (const uint32_t[]){32, 64}, 1);
  struct trine_plan_batch batch = planner_case_batch(&bench, 1, 600);
  const uint64_t whole = planner_case_cycles(&bench, TRINE_MODE_HELPER, 2, 1, &batch);
  static const uint32_t parts[] = {1, 200, 3, 96, 17, 283};
  batch = planner_case_batch(&bench, 6, 1);
  memcpy(bench.lengths, parts, sizeof parts);
  const uint64_t cut = planner_case_cycles(&bench, TRINE_MODE_HELPER, 2, 1, &batch);
  /* Each sequence more is two words more in the tables of reader and writer, fetched twice. */
  ck_assert_msg(cut >= whole && cut <= whole + 5 * 20, "%llu in one, %llu in parts",
                (unsigned long long)whole, (unsigned long long)cut);
  planner_case_close(&bench);
}
END_TEST

static void check_laws(struct planner_case *bench, const struct trine_plan *plan,
                       const char *what) {
  struct trine_plan_batch cold = {.sequences = 1, .lengths = bench->lengths};
  struct trine_plan_batch warm = cold;
  struct trine_forecast first, second, longer;
  warm.is_resident = true;
  const struct trine_network *network = &bench->made.network;
  bench->lengths[0] = 9;
  ck_assert(trine_forecast(trine_get_target(bench->device), network, &plan->placement, &cold,
                           &first, trine_error_of(bench->device)) == TRINE_OK);
  ck_assert(trine_forecast(trine_get_target(bench->device), network, &plan->placement, &warm,
                           &second, trine_error_of(bench->device)) == TRINE_OK);
  bench->lengths[0] = 10;
  ck_assert(trine_forecast(trine_get_target(bench->device), network, &plan->placement, &warm,
                           &longer, trine_error_of(bench->device)) == TRINE_OK);
  ck_assert_msg(first.load_cycles > 0 && second.load_cycles == 0, "%s: loads", what);
  ck_assert_msg(second.cycles < first.cycles, "%s: set-up costs nothing", what);
  ck_assert_msg(longer.cycles > second.cycles || longer.macs == second.macs,
                "%s: a step costs nothing", what);
  ck_assert_msg(second.cycles >= second.limit_cycles, "%s: below the limit", what);
  ck_assert_msg(second.runs == 1, "%s: %u runs", what, second.runs);
}

START_TEST(test_laws_hold_for_any_network) {
  static const char *const configs[] = {"nano", "duo", "odd", "octo"};
  struct seed_stream stream = seed_start("planner laws");
  struct trine_plan *plans = malloc(TRINE_MOST_PLANS * sizeof *plans);
  ck_assert(plans != NULL);
  for (uint32_t round = 0; round < ROUNDS; round++) {
    struct planner_case bench;
    planner_case_open(&bench, configs[_i]);
    if (round % 3 == 0) {
      case_bidirectional(&bench.made, &stream, 1 + round % 2, true, round % 4 == 0, 40);
    } else {
      case_stack(&bench.made, &stream, 1 + round % 4, round % 2 == 0, round % 5 == 0, 40);
    }
    const struct trine_plan_batch batch = planner_case_batch(&bench, 1 + round % 5, 1 + round);
    uint32_t count = 0;
    enum trine_status status = trine_plan_all(
        trine_get_target(bench.device), &bench.made.network, trine_get_info(bench.device)->cores,
        &batch, plans, TRINE_MOST_PLANS, &count, trine_error_of(bench.device));
    if (status == TRINE_ERR_LIMIT) { /* too large for the smallest configuration */
      planner_case_close(&bench);
      continue;
    }
    ck_assert_msg(status == TRINE_OK, "%s", trine_last_error(bench.device));
    ck_assert_uint_ge(count, 1);
    for (uint32_t n = 0; n < count; n++) {
      ck_assert(n == 0 || plans[n].forecast.cycles >= plans[n - 1].forecast.cycles);
      check_laws(&bench, &plans[n], configs[_i]);
    }
    struct trine_plan best;
    const struct trine_plan_batch again = planner_case_batch(&bench, 1 + round % 5, 1 + round);
    ck_assert(trine_plan_best(trine_get_target(bench.device), &bench.made.network,
                              trine_get_info(bench.device)->cores, &again, &best,
                              trine_error_of(bench.device)) == TRINE_OK);
    ck_assert(best.forecast.cycles == plans[0].forecast.cycles);
    ck_assert(best.placement.ranks == plans[0].placement.ranks);
    planner_case_close(&bench);
  }
  free(plans);
}
END_TEST

/* Copies pay where a small layer waits for its own h, and cost set-up where nothing waits. */
START_TEST(test_copies_where_they_pay) {
  struct planner_case bench;
  planner_case_open(&bench, "duo");
  planner_case_stack(&bench, (const uint32_t[]){16, 16}, 1);
  struct trine_plan plan;
  struct trine_plan_batch batch = planner_case_batch(&bench, 4, 30);
  ck_assert(trine_plan_mode(trine_get_target(bench.device), &bench.made.network, TRINE_MODE_SINGLE,
                            1, &batch, &plan, trine_error_of(bench.device)) == TRINE_OK);
  ck_assert_uint_ge(plan.placement.copies, 2);
  batch = planner_case_batch(&bench, 1, 30);
  ck_assert(trine_plan_mode(trine_get_target(bench.device), &bench.made.network, TRINE_MODE_SINGLE,
                            1, &batch, &plan, trine_error_of(bench.device)) == TRINE_OK);
  ck_assert_uint_eq(plan.placement.copies, 1);
  case_free(&bench.made);
  planner_case_stack(&bench, (const uint32_t[]){128, 128}, 1);
  batch = planner_case_batch(&bench, 4, 30);
  ck_assert(trine_plan_mode(trine_get_target(bench.device), &bench.made.network, TRINE_MODE_SINGLE,
                            1, &batch, &plan, trine_error_of(bench.device)) == TRINE_OK);
  ck_assert_uint_eq(plan.placement.copies, 1);
  planner_case_close(&bench);
}
END_TEST

/* A batch whose rows do not fit the window at once is several runs of the device. */
START_TEST(test_chunks) {
  struct planner_case bench;
  planner_case_open(&bench, "duo");
  planner_case_stack(&bench, (const uint32_t[]){512, 64}, 1);
  const struct trine_plan_batch batch = planner_case_batch(&bench, 20, 1000);
  const struct trine_shape shape = {TRINE_MODE_SINGLE, 1, 1, 1};
  struct trine_placement placement;
  struct trine_forecast forecast;
  ck_assert(trine_place_shape(bench.device, &bench.made.network, &shape, &placement) == TRINE_OK);
  ck_assert(trine_forecast(trine_get_target(bench.device), &bench.made.network, &placement, &batch,
                           &forecast, trine_error_of(bench.device)) == TRINE_OK);
  ck_assert_uint_ge(forecast.runs, 3);
  ck_assert_uint_eq(forecast.steps, 20 * 1000);
  ck_assert(forecast.cycles >= forecast.limit_cycles);
  planner_case_close(&bench);
}
END_TEST

START_TEST(test_jobs_side_by_side_share_the_memory) {
  struct planner_case bench;
  planner_case_open(&bench, "octo");
  planner_case_stack(&bench, (const uint32_t[]){64, 64}, 1);
  const struct trine_plan_batch batch = planner_case_batch(&bench, 1, 30);
  const struct trine_shape shape = {TRINE_MODE_SINGLE, 1, 1, 1};
  struct trine_placement placement;
  struct trine_forecast alone, together[8];
  ck_assert(trine_place_shape(bench.device, &bench.made.network, &shape, &placement) == TRINE_OK);
  ck_assert(trine_forecast(trine_get_target(bench.device), &bench.made.network, &placement, &batch,
                           &alone, trine_error_of(bench.device)) == TRINE_OK);
  struct trine_forecast_job jobs[9];
  for (uint32_t n = 0; n < 9; n++) {
    jobs[n] = (struct trine_forecast_job){&bench.made.network, &placement, &batch};
  }
  ck_assert(trine_forecast_together(trine_get_target(bench.device), jobs, 8, together,
                                    trine_error_of(bench.device)) == TRINE_OK);
  for (uint32_t n = 0; n < 8; n++) {
    ck_assert(together[n].cycles >= alone.cycles);
    ck_assert(together[n].cycles < alone.cycles + alone.cycles / 20);
  }
  ck_assert(trine_forecast_together(trine_get_target(bench.device), jobs, 9, together,
                                    trine_error_of(bench.device)) == TRINE_ERR_LIMIT);
  ck_assert(strstr(trine_last_error(bench.device), "more than the 8 cores") != NULL);
  planner_case_close(&bench);
}
END_TEST

START_TEST(test_refusals) {
  struct planner_case bench;
  planner_case_open(&bench, "nano");
  planner_case_stack(&bench, (const uint32_t[]){64, 120}, 1);
  const struct trine_plan_batch batch = planner_case_batch(&bench, 1, 30);
  struct trine_plan plan;
  uint32_t count = 0;
  ck_assert(trine_plan_mode(trine_get_target(bench.device), &bench.made.network,
                            TRINE_MODE_MULTITHREADING, 2, &batch, &plan,
                            trine_error_of(bench.device)) == TRINE_ERR_LIMIT);
  ck_assert(strstr(trine_last_error(bench.device), "two layers or more") != NULL);
  ck_assert(trine_plan_mode(trine_get_target(bench.device), &bench.made.network, TRINE_MODE_HELPER,
                            7, &batch, &plan, trine_error_of(bench.device)) == TRINE_ERR_LIMIT);
  ck_assert(trine_plan_all(trine_get_target(bench.device), &bench.made.network, 0, &batch, &plan, 1,
                           &count, trine_error_of(bench.device)) == TRINE_ERR_LIMIT);
  ck_assert(strstr(trine_last_error(bench.device), "0 cores were asked for") != NULL);
  planner_case_close(&bench);
}
END_TEST

/* The refusal of one call, and words of its sentence, which none before it left. */
static void refuses(struct trine *device, enum trine_status got, const char *words) {
  ck_assert_int_eq(got, TRINE_ERR_ARG);
  ck_assert_msg(strstr(trine_last_error(device), words) != NULL, "'%s' is not in '%s'", words,
                trine_last_error(device));
  ck_assert_int_eq(trine_place_shape(device, NULL, NULL, NULL), TRINE_ERR_ARG);
}

START_TEST(test_what_is_missing_is_said) {
  struct planner_case bench;
  planner_case_open(&bench, "nano");
  planner_case_stack(&bench, (const uint32_t[]){8, 8}, 1);
  struct trine *device = bench.device;
  const struct trine_target *target = trine_get_target(device);
  struct trine_error *error = trine_error_of(device);
  const struct trine_network *network = &bench.made.network;
  const struct trine_plan_batch batch = planner_case_batch(&bench, 1, 3);
  const struct trine_plan_batch empty = {.sequences = 0, .lengths = bench.lengths};
  struct trine_plan plan;
  struct trine_replica_plan replicas = {.jobs = 3};
  struct trine_forecast forecast;
  uint32_t count = 0;
  refuses(device, trine_plan_mode(target, network, TRINE_MODE_HELPER, 2, NULL, &plan, error),
          "at least one sequence");
  refuses(device, trine_plan_best(target, network, 2, &empty, &plan, error), "has 0 sequences");
  refuses(device, trine_plan_all(target, network, 2, &batch, &plan, 1, NULL, error), "room for 0");
  refuses(device, trine_plan_all(target, network, 2, &batch, &plan, 0, &count, error),
          "room for 0");
  refuses(device, trine_plan_replicas(target, network, 2, &batch, NULL, error), "room for 0");
  refuses(device, trine_plan_replicas(target, network, 2, NULL, &replicas, error),
          "at least one sequence");
  refuses(device, trine_replicas_forecast(target, network, &batch, NULL, error), "needs the plan");
  replicas.jobs = 3;
  refuses(device, trine_replicas_forecast(target, network, &batch, &replicas, error),
          "cut for 3 jobs");
  refuses(device, trine_forecast_together(target, NULL, 1, &forecast, error), "1 to 16");
  refuses(device, trine_forecast(target, network, NULL, &batch, &forecast, error), "job 0 of");
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE};
  struct trine_replicas *jobs = NULL;
  refuses(device, trine_replicas_create(device, network, &options, 17, &jobs),
          "1 to 16 jobs run side by side, not 17");
  ck_assert(trine_plan_best(NULL, network, 2, &batch, &plan, NULL) == TRINE_ERR_ARG);
  ck_assert(trine_forecast(NULL, network, &plan.placement, &batch, &forecast, NULL) ==
            TRINE_ERR_ARG);
  planner_case_close(&bench);
}
END_TEST

/* A device that was never opened has no parameters to plan with. */
START_TEST(test_a_closed_device_is_refused) {
  struct planner_case bench;
  planner_case_open(&bench, "nano");
  planner_case_stack(&bench, (const uint32_t[]){8, 8}, 1);
  const struct trine_plan_batch batch = planner_case_batch(&bench, 1, 3);
  const struct trine_shape shape = {TRINE_MODE_SINGLE, 1, 1, 1};
  struct trine_plan plan;
  struct trine_forecast forecast;
  struct trine *closed = calloc(1, trine_sizeof());
  ck_assert(closed != NULL);
  ck_assert(trine_place_shape(bench.device, &bench.made.network, &shape, &plan.placement) ==
            TRINE_OK);
  ck_assert(trine_plan_best(trine_get_target(closed), &bench.made.network, 1, &batch, &plan,
                            trine_error_of(closed)) == TRINE_ERR_ARG);
  ck_assert(strstr(trine_last_error(closed), "not open") != NULL);
  ck_assert(trine_forecast(trine_get_target(closed), &bench.made.network, &plan.placement, &batch,
                           &forecast, trine_error_of(closed)) == TRINE_ERR_ARG);
  ck_assert(strstr(trine_last_error(closed), "not open") != NULL);
  free(closed);
  planner_case_close(&bench);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("planner");
  TCase *tests = tcase_create("planner");
  tcase_add_test(tests, test_one_layer_takes_what_the_formula_says);
  tcase_add_test(tests, test_long_runs_are_linear);
  tcase_add_test(tests, test_lengths_add_up);
  tcase_add_loop_test(tests, test_laws_hold_for_any_network, 0, 4);
  tcase_add_test(tests, test_copies_where_they_pay);
  tcase_add_test(tests, test_chunks);
  tcase_add_test(tests, test_jobs_side_by_side_share_the_memory);
  tcase_add_test(tests, test_refusals);
  tcase_add_test(tests, test_what_is_missing_is_said);
  tcase_add_test(tests, test_a_closed_device_is_refused);
  tcase_set_timeout(tests, 300);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
