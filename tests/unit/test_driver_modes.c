/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_modes: whole jobs of the driver on a fake device, in every mode, against the golden
 * model. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "support/checked/driver_case.h"

enum { ROUNDS = 40, MEMORY = 1 << 20, MAX_UNITS = 40, MAX_STEPS = 9, MAX_BATCH = 5 };

static const char *const configs[] = {"nano", "duo", "odd", "octo"};

static void random_case(struct driver_case *made, struct seed_stream *stream, bool small) {
  uint32_t units = small ? 12 : MAX_UNITS;
  bool dense = seed_uniform(stream, 0, 1) != 0, last_only = seed_uniform(stream, 0, 2) == 0;
  if (seed_uniform(stream, 0, 2) == 0) {
    uint32_t levels = small ? 1 : (uint32_t)seed_uniform(stream, 1, 2);
    case_bidirectional(made, stream, levels, dense, last_only, units);
  } else {
    uint32_t lstms = (uint32_t)seed_uniform(stream, 0, 3);
    case_stack(made, stream, lstms, dense || lstms == 0, last_only, units);
  }
}

/* One job, two batches: the second finds the weights loaded. */
static void run_twice(struct fake_device *fake, struct trine *device,
                      const struct driver_case *made, struct seed_stream *stream,
                      const struct trine_job_options *options, const char *what) {
  struct driver_job job;
  job_create(&job, device, &made->network, options);
  uint64_t loaded = 0;
  for (uint32_t n = 0; n < 3; n++) {
    struct driver_batch batch;
    batch_create(&batch, stream, &made->network, (uint32_t)seed_uniform(stream, 1, MAX_BATCH),
                 MAX_STEPS, seed_uniform(stream, 0, 1) != 0, seed_uniform(stream, 0, 1) != 0);
    batch_expect(&batch, &made->network);
    enum trine_status status = trine_job_run(job.job, &batch.batch);
    ck_assert_msg(status == TRINE_OK, "%s: %s", what, trine_last_error(device));
    batch_compare(&batch, &made->network, what);
    ck_assert_msg(n == 0 || loaded == fake->load_words, "%s: weights were loaded again", what);
    loaded = fake->load_words;
    batch_free(&batch);
  }
  job_free(&job);
}

static void run_modes(const char *config, enum trine_mode mode, const char *name) {
  struct seed_stream stream = seed_start(name);
  struct fake_params params = case_params(config);
  uint32_t tried = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    struct fake_device fake;
    fake_device_create(&fake, &params, MEMORY);
    struct trine *device = case_open(&fake);
    struct driver_case made;
    random_case(&made, &stream, strcmp(config, "nano") == 0);
    uint32_t least = mode == TRINE_MODE_HYBRID ? 1 : 2;
    uint32_t cores = (uint32_t)seed_uniform(&stream, least, params.cores);
    /* The copies that the contexts of one core serve. */
    uint32_t most = params.contexts / made.network.layer_count;
    most = most > 0 ? most : 1;
    struct trine_shape shape = {
        .mode = mode,
        .cores = mode == TRINE_MODE_SINGLE ? 1 : cores,
        .groups = mode == TRINE_MODE_HYBRID ? (uint32_t)seed_uniform(&stream, 1, cores) : 1,
        .copies = (uint32_t)seed_uniform(&stream, 1, most < 3 ? most : 3)};
    struct trine_placement placement;
    const struct trine_job_options options = {.placement = &placement};
    enum trine_status status = trine_place_shape(device, &made.network, &shape, &placement);
    ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_LIMIT, "%s", trine_last_error(device));
    if (status == TRINE_OK) {
      char what[64];
      (void)snprintf(what, sizeof what, "%s %s round %u", config, name, round);
      run_twice(&fake, device, &made, &stream, &options, what);
      tried++;
    }
    case_free(&made);
    free(device);
    fake_device_destroy(&fake);
  }
  /* A driver that refuses what it can do is no better than one that does it wrong. */
  const bool always_fits = mode == TRINE_MODE_SINGLE || mode == TRINE_MODE_HELPER;
  ck_assert_uint_gt(tried, always_fits ? ROUNDS * 3 / 4 : ROUNDS / 3);
}

START_TEST(test_single_matches_golden) {
  run_modes(configs[_i], TRINE_MODE_SINGLE, "single");
}
END_TEST

START_TEST(test_multithreading_matches_golden) {
  run_modes(configs[_i], TRINE_MODE_MULTITHREADING, "multithreading");
}
END_TEST

START_TEST(test_helper_matches_golden) {
  run_modes(configs[_i], TRINE_MODE_HELPER, "helper");
}
END_TEST

START_TEST(test_hybrid_matches_golden) {
  run_modes(configs[_i], TRINE_MODE_HYBRID, "hybrid");
}
END_TEST

START_TEST(test_batches_that_do_not_fit_are_run_in_chunks) {
  struct seed_stream stream = seed_start("pieces");
  struct fake_params params = case_params(configs[_i]);
  for (uint32_t round = 0; round < ROUNDS; round++) {
    struct fake_device fake;
    fake_device_create(&fake, &params, MEMORY);
    struct trine *device = case_open(&fake);
    struct driver_case made;
    case_stack(&made, &stream, (uint32_t)seed_uniform(&stream, 1, 2), round % 2 == 0,
               round % 3 == 0, 12);
    const bool helper = round % 4 < 2;
    const uint32_t most = params.contexts / made.network.layer_count;
    const struct trine_shape shape = {.mode = helper ? TRINE_MODE_HELPER : TRINE_MODE_SINGLE,
                                      .cores = helper ? params.cores : 1,
                                      .copies = most < 3 ? most : round % 3 + 1};
    struct trine_placement placement;
    ck_assert_int_eq(trine_place_shape(device, &made.network, &shape, &placement), TRINE_OK);
    const struct trine_job_options options = {.placement = &placement,
                                              .max_rows = (uint32_t)seed_uniform(&stream, 1, 6)};
    struct driver_job job;
    job_create(&job, device, &made.network, &options);
    struct driver_batch batch;
    batch_create(&batch, &stream, &made.network, 40, 2 * MAX_STEPS, false, round % 5 < 2);
    batch_expect(&batch, &made.network);
    ck_assert_msg(trine_job_run(job.job, &batch.batch) == TRINE_OK, "%s", trine_last_error(device));
    batch_compare(&batch, &made.network, "chunks");
    ck_assert_uint_gt(trine_job_stats(job.job)->runs, 3);
    batch_free(&batch);
    job_free(&job);
    case_free(&made);
    free(device);
    fake_device_destroy(&fake);
  }
}
END_TEST

/* Three long sequences are assigned unevenly, so short ones fill the copy with one of them: it
 * takes no more than it has room for, though it has no more to do than the other. */
START_TEST(test_a_copy_that_is_full_takes_no_more) {
  struct seed_stream stream = seed_start("full copy");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  params.table_entries = 32; /* 8 sequences for each of two copies */
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  case_stack(&made, &stream, 1, false, false, 12);
  const struct trine_shape shape = {.mode = TRINE_MODE_SINGLE, .cores = 1, .copies = 2};
  struct trine_placement placement;
  ck_assert_int_eq(trine_place_shape(device, &made.network, &shape, &placement), TRINE_OK);
  const struct trine_job_options options = {.placement = &placement};
  struct driver_job job;
  job_create(&job, device, &made.network, &options);
  struct driver_batch batch;
  batch_create(&batch, &stream, &made.network, 16, 10, false, true);
  for (uint32_t n = 0; n < 16; n++) {
    batch.lengths[n] = n < 3 ? 10 - n : 1;
  }
  batch_expect(&batch, &made.network);
  ck_assert_msg(trine_job_run(job.job, &batch.batch) == TRINE_OK, "%s", trine_last_error(device));
  batch_compare(&batch, &made.network, "full copy");
  ck_assert_uint_eq(trine_job_stats(job.job)->runs, 1);
  batch_free(&batch);
  job_free(&job);
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

START_TEST(test_jobs_side_by_side_and_in_turns_stay_apart) {
  struct seed_stream stream = seed_start("side by side");
  struct fake_params params = case_params("octo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made[3];
  struct driver_job jobs[3];
  const struct trine_job_options options[3] = {{.mode = TRINE_MODE_HELPER, .cores = 4},
                                               {.mode = TRINE_MODE_SINGLE, .cores = 1},
                                               {.mode = TRINE_MODE_HELPER, .core_mask = 0x0c}};
  for (uint32_t n = 0; n < 3; n++) {
    case_stack(&made[n], &stream, 2, true, false, MAX_UNITS);
    job_create(&jobs[n], device, &made[n].network, &options[n]);
  }
  ck_assert_uint_eq(trine_job_core_mask(jobs[0].job) & trine_job_core_mask(jobs[1].job), 0);
  for (uint32_t round = 0; round < 4; round++) {
    struct driver_batch batch[3];
    for (uint32_t n = 0; n < 3; n++) {
      batch_create(&batch[n], &stream, &made[n].network, 2, MAX_STEPS, false, n == 1);
      batch_expect(&batch[n], &made[n].network);
    }
    struct trine_job *const pair[] = {jobs[0].job, jobs[1].job};
    const struct trine_batch *const batches[] = {&batch[0].batch, &batch[1].batch};
    ck_assert_int_eq(trine_jobs_start(pair, batches, 2), TRINE_OK);
    /* Job 2 shares cores with job 0. */
    ck_assert_int_eq(trine_job_start(jobs[2].job, &batch[2].batch), TRINE_ERR_BUSY);
    ck_assert_ptr_nonnull(strstr(trine_last_error(device), "taken"));
    ck_assert_int_eq(trine_job_wait(jobs[1].job), TRINE_OK);
    ck_assert_int_eq(trine_job_wait(jobs[0].job), TRINE_OK);
    ck_assert_int_eq(trine_job_run(jobs[2].job, &batch[2].batch), TRINE_OK);
    for (uint32_t n = 0; n < 3; n++) {
      batch_compare(&batch[n], &made[n].network, "side by side");
      batch_free(&batch[n]);
    }
  }
  for (uint32_t n = 0; n < 3; n++) {
    job_free(&jobs[n]);
    case_free(&made[n]);
  }
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

/* One case a mode, so that CK_RUN_CASE picks what is fast. */
static void add_case(Suite *suite, const char *name, const TTest *test, int loops) {
  TCase *tests = tcase_create(name);
  tcase_add_loop_test(tests, test, 0, loops);
  tcase_set_timeout(tests, 300);
  suite_add_tcase(suite, tests);
}

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_modes");
  add_case(suite, "single", test_single_matches_golden, 4);
  add_case(suite, "multithreading", test_multithreading_matches_golden, 4);
  add_case(suite, "helper", test_helper_matches_golden, 4);
  add_case(suite, "hybrid", test_hybrid_matches_golden, 4);
  add_case(suite, "chunks", test_batches_that_do_not_fit_are_run_in_chunks, 2);
  add_case(suite, "full", test_a_copy_that_is_full_takes_no_more, 1);
  add_case(suite, "together", test_jobs_side_by_side_and_in_turns_stay_apart, 1);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
