/* SPDX-License-Identifier: Apache-2.0 */
/* test_planner_long: what the planner leaves out because it repeats is what would have happened:
 * the same forecast as of every cycle walked, for random networks and batches of some thousand
 * steps; and batches of many more have one, with as many cycles a step. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "planner/machine.h"
#include "support/checked/planner_case.h"

enum { SEQUENCES = 3, MOST_STEPS = 4000, SHAPES = 8 };
/* Steps of a long run, at first; and a quarter of the cycles that the planner gives itself. */
enum { FAR = 1 << 14, FAR_CYCLES = MODEL_RUN_CYCLES / 4 };

/* Widths whose steps are so short that some thousand can be walked. */
static const struct {
  const char *name;
  uint32_t cores, widest, rounds;
} configs[] = {{"nano", 2, 8, 12}, {"duo", 2, 24, 10}, {"odd", 3, 24, 8}, {"octo", 8, 24, 5}};

static void draw_network(struct planner_case *bench, struct seed_stream *stream, uint32_t widest) {
  const bool dense = seed_uniform(stream, 0, 1) == 1, last_only = seed_uniform(stream, 0, 1) == 1;
  if (seed_uniform(stream, 0, 2) == 0) {
    case_bidirectional(&bench->made, stream, 1, dense, last_only, widest);
  } else {
    case_stack(&bench->made, stream, (uint32_t)seed_uniform(stream, 1, 3), dense, last_only,
               widest);
  }
}

/* One shape that the network can be placed in. */
static bool draw_placement(struct planner_case *bench, struct seed_stream *stream, uint32_t most,
                           struct trine_placement *placement) {
  enum trine_status status = TRINE_ERR_LIMIT;
  for (uint32_t n = 0; n < SHAPES && status != TRINE_OK; n++) {
    const enum trine_mode mode = (enum trine_mode)seed_uniform(stream, 0, 3);
    const uint32_t cores = mode == TRINE_MODE_SINGLE ? 1 : (uint32_t)seed_uniform(stream, 2, most);
    const struct trine_shape shape = {
        .mode = mode,
        .cores = cores,
        .groups = mode == TRINE_MODE_HYBRID ? (uint32_t)seed_uniform(stream, 1, cores) : 1,
        .copies = (uint32_t)seed_uniform(stream, 1, 2)};
    status = trine_place_shape(bench->device, &bench->made.network, &shape, placement);
  }
  return status == TRINE_OK;
}

static struct trine_plan_batch draw_batch(struct planner_case *bench, struct seed_stream *stream) {
  const uint32_t sequences = (uint32_t)seed_uniform(stream, 1, SEQUENCES);
  struct trine_plan_batch batch = planner_case_batch(bench, sequences, 1);
  for (uint32_t n = 0; n < sequences; n++) {
    bench->lengths[n] = (uint32_t)seed_uniform(stream, 1, MOST_STEPS / sequences);
  }
  bench->lengths[0] = MOST_STEPS / sequences;
  batch.is_resident = seed_uniform(stream, 0, 1) == 1;
  return batch;
}

/* LIMIT when the memory or the cores are too small for it. */
static enum trine_status forecast_of(struct planner_case *bench,
                                     const struct trine_placement *placement,
                                     const struct trine_plan_batch *batch, uint64_t cycles,
                                     bool is_walked, struct trine_forecast *forecast) {
  struct trine_forecast_effort effort = {.cycles_left = cycles, .is_walked = is_walked};
  const struct trine_forecast_job job = {&bench->made.network, placement, batch};
  const enum trine_status status = trine_forecast_within(
      trine_get_target(bench->device), &job, 1, &effort, forecast, trine_error_of(bench->device));
  ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_LIMIT, "%s",
                trine_last_error(bench->device));
  return status;
}

/* True when the batch could be walked within the planner's limit. */
static bool check_walked(struct planner_case *bench, const struct trine_placement *placement,
                         const struct trine_plan_batch *batch, const char *what) {
  struct trine_forecast walked, skipped;
  const enum trine_status status =
      forecast_of(bench, placement, batch, MODEL_RUN_CYCLES, true, &walked);
  ck_assert(forecast_of(bench, placement, batch, FAR_CYCLES, false, &skipped) == status);
  if (status != TRINE_OK || walked.cycles == TRINE_NO_FORECAST) {
    return false;
  }
  ck_assert_msg(skipped.cycles == walked.cycles && skipped.load_cycles == walked.load_cycles &&
                    skipped.macs == walked.macs && skipped.steps == walked.steps &&
                    skipped.runs == walked.runs,
                "%s: %llu cycles, %llu when all are walked", what,
                (unsigned long long)skipped.cycles, (unsigned long long)walked.cycles);
  return true;
}

/* One sequence of FAR steps, of twice, and of four times as many: equal steps. False when there is
 * no room for it. */
static bool check_far(struct planner_case *bench, const struct trine_placement *placement,
                      const char *what) {
  double cycles[3];
  for (uint32_t n = 0; n < 3; n++) {
    const struct trine_plan_batch batch = planner_case_batch(bench, 1, (uint32_t)FAR << n);
    struct trine_forecast forecast;
    if (forecast_of(bench, placement, &batch, FAR_CYCLES, false, &forecast) != TRINE_OK) {
      return false;
    }
    ck_assert_msg(forecast.cycles != TRINE_NO_FORECAST, "%s: %d steps: %s", what, FAR << n,
                  trine_last_error(bench->device));
    cycles[n] = (double)forecast.cycles;
  }
  const double near = (cycles[1] - cycles[0]) / FAR, far = (cycles[2] - cycles[1]) / (2 * FAR);
  ck_assert_msg(far > near * 0.999 && far < near * 1.001, "%s: %f cycles a step, then %f", what,
                near, far);
  return true;
}

START_TEST(test_what_repeats_is_what_would_happen) {
  struct seed_stream stream = seed_start(configs[_i].name);
  uint32_t walked = 0, far = 0;
  for (uint32_t round = 0; round < configs[_i].rounds; round++) {
    struct planner_case bench;
    struct trine_placement placement;
    planner_case_open(&bench, configs[_i].name);
    draw_network(&bench, &stream, configs[_i].widest);
    if (draw_placement(&bench, &stream, configs[_i].cores, &placement)) {
      char what[64];
      (void)snprintf(what, sizeof what, "%s, network %u, mode %d on %u cores", configs[_i].name,
                     round, (int)placement.mode, placement.ranks);
      const struct trine_plan_batch batch = draw_batch(&bench, &stream);
      walked += check_walked(&bench, &placement, &batch, what);
      far += check_far(&bench, &placement, what);
    }
    planner_case_close(&bench);
  }
  ck_assert_msg(2 * walked >= configs[_i].rounds && 2 * far >= configs[_i].rounds,
                "of %u networks %u were walked, %u far", configs[_i].rounds, walked, far);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("planner_long");
  TCase *tests = tcase_create("planner_long");
  tcase_add_loop_test(tests, test_what_repeats_is_what_would_happen, 0,
                      sizeof configs / sizeof configs[0]);
  tcase_set_timeout(tests, 300);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
