/* SPDX-License-Identifier: Apache-2.0 */
/* test_planner_accepts: what the planner lists is what the driver takes, and nothing is left out;
 * what it refuses the driver refuses, with the same sentence; the best comes first. Random networks
 * on devices of random memory, whose limits many of them break. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/replica_plan.h"
#include "session/replicas.h"
#include "support/checked/driver_case.h"
#include "trine_internal.h"

enum { MOST_COPIES = 4, SENTENCE = 320, SHORT_STEPS = 2, LONG_STEPS = 2500, LONG_WIDEST = 24 };

/* A device, what is to run on it, and what the planner lists for that. */
struct plan_walk {
  struct fake_device fake;
  struct trine *device;
  struct driver_case made;
  struct driver_batch batch;
  struct trine_plan_batch plan_batch;
  struct trine_plan plans[TRINE_MOST_PLANS];
  uint32_t count;
  enum trine_status status;
  char sentence[SENTENCE];
  uint32_t taken, refused; /* shapes, by the driver */
};

/* Totals of a configuration: a walk that never sees a limit, or nothing else, shows nothing. */
struct plan_totals {
  uint32_t taken, refused, empty, jobs;
};

/* More cores have more placements: fewer rounds. */
static const struct {
  const char *name;
  uint32_t rounds, widest;
} configs[] = {{"nano", 16, 80}, {"duo", 10, 150}, {"odd", 8, 150}, {"octo", 4, 150}};

static void draw_network(struct plan_walk *walk, struct seed_stream *stream, uint32_t widest,
                         bool both_ways) {
  if (both_ways || seed_uniform(stream, 0, 3) == 0) {
    case_bidirectional(&walk->made, stream, (uint32_t)seed_uniform(stream, 1, 2),
                       seed_uniform(stream, 0, 1) == 1, seed_uniform(stream, 0, 1) == 1, widest);
  } else {
    case_stack(&walk->made, stream, (uint32_t)seed_uniform(stream, 1, 3),
               seed_uniform(stream, 0, 1) == 1, seed_uniform(stream, 0, 1) == 1, widest);
  }
}

/* Widths around what a core holds; memory for a window or not. Now and then a small network that no
 * sequence may be cut for, and one for which its window is too small. */
static void walk_open(struct plan_walk *walk, struct seed_stream *stream, const char *config,
                      uint32_t widest) {
  const struct fake_params params = case_params(config);
  const bool is_long = seed_uniform(stream, 0, 3) == 0;
  memset(walk, 0, sizeof *walk);
  fake_device_create(&walk->fake, &params, 4096U << seed_uniform(stream, 2, is_long ? 4 : 9));
  walk->device = case_open(&walk->fake);
  draw_network(walk, stream, is_long ? LONG_WIDEST : widest, is_long);
  batch_create(&walk->batch, stream, &walk->made.network, (uint32_t)seed_uniform(stream, 1, 4),
               is_long ? LONG_STEPS : SHORT_STEPS, false, seed_uniform(stream, 0, 3) == 0);
  walk->plan_batch = (struct trine_plan_batch){.sequences = walk->batch.batch.sequences,
                                               .lengths = walk->batch.lengths,
                                               .is_kept = walk->batch.batch.state_in != NULL};
}

static void walk_close(struct plan_walk *walk) {
  batch_free(&walk->batch);
  case_free(&walk->made);
  free(walk->device);
  fake_device_destroy(&walk->fake);
}

/* What `run` asks of the driver before anything is started. */
static enum trine_status ask_driver(struct plan_walk *walk,
                                    const struct trine_placement *placement) {
  const struct trine_job_options options = {
      .mode = placement->mode, .cores = placement->ranks, .placement = placement};
  const size_t bytes = trine_job_sizeof(walk->device, &walk->made.network);
  void *memory = malloc(bytes);
  struct trine_job *job = NULL;
  ck_assert_ptr_nonnull(memory);
  enum trine_status status =
      trine_job_create(walk->device, &walk->made.network, &options, memory, bytes, &job);
  if (status == TRINE_OK) {
    struct trine_fault fault;
    status =
        trine_batch_check(job->image, job->run.options.window_bytes, &walk->batch.batch, &fault)
            ? TRINE_OK
            : trine_fail_with(walk->device, &fault, job->image);
    trine_job_destroy(job);
  }
  free(memory);
  return status;
}

static bool is_listed(const struct plan_walk *walk, const struct trine_placement *placement) {
  bool found = false;
  for (uint32_t n = 0; n < walk->count && !found; n++) {
    const struct trine_placement *listed = &walk->plans[n].placement;
    found = listed->ranks == placement->ranks && listed->copies == placement->copies &&
            memcmp(listed->slice, placement->slice, sizeof listed->slice) == 0;
  }
  return found;
}

/* What the planner says of one placement, for the batch at hand. */
static enum trine_status ask_planner(struct plan_walk *walk,
                                     const struct trine_placement *placement) {
  struct trine_forecast forecast;
  return trine_forecast(trine_get_target(walk->device), &walk->made.network, placement,
                        &walk->plan_batch, &forecast, trine_error_of(walk->device));
}

/* One shape: listed when the driver takes it, else refused by both in the same words. */
static void check_shape(struct plan_walk *walk, const struct trine_shape *shape) {
  struct trine_placement placement;
  char sentence[SENTENCE];
  enum trine_status status =
      trine_place_shape(walk->device, &walk->made.network, shape, &placement);
  const bool is_placed = status == TRINE_OK;
  status = is_placed ? ask_driver(walk, &placement) : status;
  if (status == TRINE_OK) {
    walk->taken++;
    ck_assert_msg(is_listed(walk, &placement), "mode %d, %u cores, %u groups, %u copies: left out",
                  (int)shape->mode, shape->cores, shape->groups, shape->copies);
    return;
  }
  walk->refused++;
  (void)snprintf(sentence, sizeof sentence, "%s", trine_last_error(walk->device));
  ck_assert_str_ne(sentence, "");
  if (is_placed) {
    ck_assert_int_eq(ask_planner(walk, &placement), status);
    ck_assert_str_eq(trine_last_error(walk->device), sentence);
    ck_assert(!is_listed(walk, &placement));
  }
  if (walk->taken == 0 && walk->refused == 1 && walk->count == 0) {
    /* Of a list without a plan the sentence is that of the first shape. */
    ck_assert_int_eq(walk->status, status);
    ck_assert_str_eq(walk->sentence, sentence);
  }
}

/* The shapes of a mode; more copies than sequences, and groups that are not equal, are not tried.
 */
static void check_mode(struct plan_walk *walk, enum trine_mode mode, uint32_t cores) {
  const uint32_t sequences = walk->batch.batch.sequences;
  for (uint32_t groups = 1; groups <= cores && groups <= sequences; groups++) {
    if (cores % groups != 0 || (groups > 1 && mode != TRINE_MODE_HYBRID)) {
      continue;
    }
    const uint32_t before = walk->refused;
    for (uint32_t copies = 1; copies <= MOST_COPIES && walk->refused == before; copies *= 2) {
      if (copies == 1 || groups * copies <= sequences) {
        check_shape(walk, &(const struct trine_shape){mode, cores, groups, copies});
      }
    }
  }
}

/* All that is listed: in order, and taken by the driver. */
static void check_list(struct plan_walk *walk) {
  for (uint32_t n = 0; n < walk->count; n++) {
    ck_assert_msg(ask_driver(walk, &walk->plans[n].placement) == TRINE_OK, "plan %u: %s", n,
                  trine_last_error(walk->device));
    ck_assert_msg(n == 0 || walk->plans[n].forecast.cycles >= walk->plans[n - 1].forecast.cycles,
                  "plan %u takes %llu cycles, the one before it %llu", n,
                  (unsigned long long)walk->plans[n].forecast.cycles,
                  (unsigned long long)walk->plans[n - (n > 0)].forecast.cycles);
  }
}

/* Jobs side by side: made, started with their parts of the batch, and done. */
static void check_jobs(struct plan_walk *walk, struct plan_totals *totals) {
  struct trine_replica_plan found;
  struct trine_replicas *replicas = NULL;
  const uint32_t cores = walk->fake.params.cores;
  ck_assert_int_eq(trine_plan_replicas(trine_get_target(walk->device), &walk->made.network, cores,
                                       &walk->plan_batch, &found, trine_error_of(walk->device)),
                   TRINE_OK);
  ck_assert_uint_le(found.plan.forecast.cycles, walk->plans[0].forecast.cycles);
  const struct trine_job_options options = {.mode = found.plan.placement.mode,
                                            .cores = found.plan.placement.ranks,
                                            .core_mask = (1U << found.plan.placement.ranks) - 1,
                                            .placement = &found.plan.placement};
  ck_assert_msg(trine_replicas_create(walk->device, &walk->made.network, &options, found.jobs,
                                      &replicas) == TRINE_OK,
                "%u jobs: %s", found.jobs, trine_last_error(walk->device));
  ck_assert_msg(trine_replicas_run(replicas, &walk->batch.batch) == TRINE_OK, "%u jobs: %s",
                found.jobs, trine_last_error(walk->device));
  trine_replicas_destroy(replicas);
  totals->jobs += found.jobs > 1;
}

static void check_walk(struct plan_walk *walk, struct plan_totals *totals) {
  const uint32_t cores = walk->fake.params.cores;
  walk->status =
      trine_plan_all(trine_get_target(walk->device), &walk->made.network, cores, &walk->plan_batch,
                     walk->plans, TRINE_MOST_PLANS, &walk->count, trine_error_of(walk->device));
  (void)snprintf(walk->sentence, sizeof walk->sentence, "%s", trine_last_error(walk->device));
  ck_assert(walk->count < TRINE_MOST_PLANS);
  ck_assert((walk->status == TRINE_OK) == (walk->count > 0));
  check_mode(walk, TRINE_MODE_SINGLE, 1);
  for (uint32_t n = cores; n >= 2; n--) {
    check_mode(walk, TRINE_MODE_HELPER, n);
    check_mode(walk, TRINE_MODE_MULTITHREADING, n);
    check_mode(walk, TRINE_MODE_HYBRID, n);
  }
  check_list(walk);
  if (walk->count > 0) {
    check_jobs(walk, totals);
  }
  totals->taken += walk->taken;
  totals->refused += walk->refused;
  totals->empty += walk->count == 0;
}

START_TEST(test_the_list_is_what_the_driver_takes) {
  const uint32_t rounds = configs[_i].rounds;
  struct seed_stream stream = seed_start(configs[_i].name);
  struct plan_totals totals = {0};
  struct plan_walk *walk = malloc(sizeof *walk);
  ck_assert_ptr_nonnull(walk);
  for (uint32_t round = 0; round < rounds; round++) {
    walk_open(walk, &stream, configs[_i].name, configs[_i].widest);
    check_walk(walk, &totals);
    walk_close(walk);
  }
  printf("%s: %u shapes taken, %u refused, %u networks without a plan, %u on several jobs\n",
         configs[_i].name, totals.taken, totals.refused, totals.empty, totals.jobs);
  ck_assert_uint_ge(totals.taken, 1);
  ck_assert_uint_ge(totals.refused, 1);
  free(walk);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("planner accepts");
  TCase *tests = tcase_create("accepts");
  tcase_add_loop_test(tests, test_the_list_is_what_the_driver_takes, 0, 4);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
