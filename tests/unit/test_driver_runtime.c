/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_runtime: the runtime as a program without an operating system has it: poll alone, the
 * interrupt and its handler, and abort. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/checked/watched_bus.h"
#include "trine_regs.h"

enum { SEQUENCES = 3, STEPS = 9 };

/* --- poll --- */

START_TEST(test_poll_alone_brings_a_batch_of_chunks_home) {
  struct seed_stream stream = seed_start("poll");
  for (uint32_t looks = 0; looks < 4; looks++) {
    struct runtime_case made;
    struct driver_batch batch;
    watched_create(&made, &stream, _i == 0 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER, false);
    watched_room(&made, 2);
    runtime_open(&made);
    batch_create(&batch, &stream, &made.made.network, SEQUENCES, STEPS, false, true);
    batch.lengths[1] = STEPS;
    batch_expect(&batch, &made.made.network);
    watched.busy_looks = looks;
    ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_OK);
    uint32_t polls = 1;
    for (; !trine_poll(&made.run); polls++) {
      ck_assert_uint_lt(polls, 1000);
      ck_assert_uint_le(made.fake.starts, polls + 1); /* one thing at a time */
    }
    runtime_says(&made, TRINE_OK, "");
    ck_assert_uint_ge(made.fake.starts, (STEPS + 1) / 2 + 2);
    ck_assert_uint_ge(polls, made.fake.starts);
    ck_assert_uint_eq(watched_all(WAIT), 0);
    batch_compare(&batch, &made.made.network, "polled");
    ck_assert(trine_poll(&made.run)); /* at rest it stays */
    batch_free(&batch);
    runtime_free(&made);
  }
}
END_TEST

START_TEST(test_poll_ends_what_is_out_of_time) {
  struct seed_stream stream = seed_start("poll");
  struct runtime_case made;
  struct driver_batch batch;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, false);
  made.options.timeout_ms = 1;
  runtime_open(&made);
  batch_create(&batch, &stream, &made.made.network, 1, 1, false, true);
  made.fake.troubles.hang = true;
  ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_OK);
  const uint64_t begin = made.fake.clock_us;
  while (!trine_poll(&made.run)) {
    watched.count = 0;
    ck_assert_uint_lt(made.fake.clock_us - begin, 2000);
  }
  ck_assert_uint_ge(made.fake.clock_us - begin, 990);
  runtime_says(&made, TRINE_ERR_TIMEOUT, "was not done within 1 ms");
  ck_assert_uint_eq(made.fake.aborts, 1);
  batch_free(&batch);
  runtime_free(&made);
}
END_TEST

START_TEST(test_a_job_is_polled_too) {
  struct seed_stream stream = seed_start("job poll");
  struct runtime_case made;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, false);
  struct trine *device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(device);
  ck_assert_int_eq(trine_open(device, &made.bus, 0, RUNTIME_MEMORY, "fake"), TRINE_OK);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .max_rows = 2};
  struct driver_job job;
  struct driver_batch batch;
  job_create(&job, device, &made.made.network, &options);
  batch_create(&batch, &stream, &made.made.network, SEQUENCES, STEPS, false, true);
  batch_expect(&batch, &made.made.network);
  ck_assert_int_eq(trine_job_start(job.job, &batch.batch), TRINE_OK);
  bool has_ended = false;
  while (!has_ended) {
    watched.count = 0;
    ck_assert_int_eq(trine_job_poll(job.job, &has_ended), TRINE_OK);
    ck_assert_uint_eq(watched_all(WAIT), 0);
  }
  batch_compare(&batch, &made.made.network, "a job polled");
  made.fake.troubles.fail_code = TRINE_ERROR_WATCHDOG;
  ck_assert_int_eq(trine_job_start(job.job, &batch.batch), TRINE_OK);
  enum trine_status status = TRINE_OK;
  for (has_ended = false; !has_ended;) {
    ck_assert_int_eq(status, TRINE_OK);
    status = trine_job_poll(job.job, &has_ended);
  }
  ck_assert_int_eq(status, TRINE_ERR_DEVICE);
  ck_assert_ptr_nonnull(strstr(trine_last_error(device), "WATCHDOG"));
  batch_free(&batch);
  job_free(&job);
  free(device);
  runtime_free(&made);
}
END_TEST

/* --- The interrupt --- */

static bool line_is_high(const struct runtime_case *made) {
  const uint32_t *global = made->fake.global;
  return (global[TRINE_GLOBAL_IRQ_RAW / 4] & global[TRINE_GLOBAL_IRQ_ENABLE / 4]) != 0;
}

START_TEST(test_a_handler_says_what_has_ended_and_masks_it) {
  struct seed_stream stream = seed_start("interrupt");
  struct runtime_case made;
  struct driver_batch batch;
  struct trine_run second;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, false);
  runtime_open(&made);
  struct trine_run_options options = made.options;
  options.core_mask = 2;
  options.window_base = RUNTIME_MEMORY / 2;
  ck_assert_int_eq(trine_run_open(&second, &made.device, made.image, &options), TRINE_OK);
  batch_create(&batch, &stream, &made.made.network, 1, 1, false, false);
  batch_expect(&batch, &made.made.network);
  ck_assert_int_eq(trine_watch(&made.device, 3), TRINE_OK);
  watched.count = 0;
  ck_assert_uint_eq(trine_interrupt(&made.device), 0); /* nothing has, and nothing is touched */
  ck_assert_uint_eq(watched_all(REG_WRITE), 0);
  ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_OK);
  ck_assert_int_eq(trine_run_start(&second, &batch.batch), TRINE_OK);
  ck_assert_uint_ne(made.run.slot, second.slot);
  const uint32_t watched_slots = _i == 0 ? 3 : 1u << second.slot;
  ck_assert_int_eq(trine_watch(&made.device, watched_slots), TRINE_OK);
  watched.enable_fails = _i == 2;
  ck_assert(line_is_high(&made));
  watched.count = 0;
  ck_assert_uint_eq(trine_interrupt(&made.device), watched_slots);
  for (uint32_t n = 0; n < watched.count; n++) { /* nothing but what the header says */
    ck_assert(
        watched.event[n].at == TRINE_GLOBAL_IRQ_ENABLE ||
        (watched.event[n].at == TRINE_GLOBAL_IRQ_STATUS && watched.event[n].what == REG_READ));
  }
  ck_assert(!line_is_high(&made));
  ck_assert_uint_eq(made.fake.global[TRINE_GLOBAL_IRQ_RAW / 4], 3); /* poll has yet to see it */
  ck_assert_uint_eq(trine_interrupt(&made.device), 0);
  watched.enable_fails = false;
  ck_assert(trine_poll(&made.run) && trine_poll(&second));
  ck_assert_int_eq(trine_run_fault(&second)->status, TRINE_OK);
  batch_compare(&batch, &made.made.network, "both");
  made.fake.troubles.bus_dead = true;
  ck_assert_uint_eq(trine_interrupt(&made.device), 0);
  ck_assert_int_eq(trine_watch(&made.device, 1), TRINE_ERR_BUS);
  batch_free(&batch);
  runtime_free(&made);
}
END_TEST

/* A bus whose wait is interrupted as soon as it begins. */
static struct {
  struct trine_device *device;
  enum trine_status (*wait)(void *ctx, uint32_t timeout_ms);
} handled;

static enum trine_status wait_behind_handler(void *ctx, uint32_t timeout_ms) {
  (void)trine_interrupt(handled.device);
  return handled.wait(ctx, timeout_ms);
}

START_TEST(test_who_waits_beside_a_handler_sees_the_end) {
  struct seed_stream stream = seed_start("wait beside a handler");
  struct runtime_case made;
  struct driver_batch batch;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, false);
  watched_room(&made, 2);
  made.options.timeout_ms = 5000;
  handled.wait = made.bus.wait;
  handled.device = &made.device;
  made.bus.wait = wait_behind_handler;
  runtime_open(&made);
  batch_create(&batch, &stream, &made.made.network, SEQUENCES, STEPS, false, true);
  batch_expect(&batch, &made.made.network);
  watched.busy_looks = 2;
  const uint64_t begin = made.fake.clock_us;
  ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_OK);
  ck_assert_int_eq(trine_run_wait(&made.run), TRINE_OK);
  ck_assert_uint_lt(made.fake.clock_us - begin, 2000000);
  batch_compare(&batch, &made.made.network, "beside a handler");
  batch_free(&batch);
  runtime_free(&made);
}
END_TEST

/* --- abort --- */

START_TEST(test_abort_stops_a_run_and_says_so) {
  struct seed_stream stream = seed_start("abort");
  struct runtime_case made;
  struct driver_batch batch;
  watched_create(&made, &stream, TRINE_MODE_SINGLE, false);
  runtime_open(&made);
  batch_create(&batch, &stream, &made.made.network, 2, 3, false, false);
  batch_expect(&batch, &made.made.network);
  trine_run_abort(&made.run); /* at rest: nothing to do */
  runtime_says(&made, TRINE_OK, "");
  ck_assert(!trine_run_is_at_work(&made.run));
  made.fake.troubles = (struct fake_troubles){.hang = true, .deaf = _i == 1};
  ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_OK);
  ck_assert(!trine_poll(&made.run));
  ck_assert(trine_run_is_at_work(&made.run));
  const uint64_t begin = made.fake.clock_us;
  trine_run_abort(&made.run);
  trine_run_abort(&made.run); /* once is enough */
  ck_assert_uint_eq(made.fake.aborts, 1);
  while (!trine_poll(&made.run)) {
    watched.count = 0;
    made.fake.clock_us += 10000;
    ck_assert_uint_lt(made.fake.clock_us - begin, 1100000);
  }
  runtime_says(&made, TRINE_ERR_DEVICE, "the run in domain slot 0 was aborted");
  ck_assert_int_eq(made.run.fault.is_stuck, _i == 1);
  if (_i == 1) {
    runtime_says(&made, TRINE_ERR_DEVICE, "it was not seen to stop, so domain slot 0");
    ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_ERR_BUSY);
  } else {
    made.fake.troubles.hang = false;
    ck_assert_int_eq(trine_run_start(&made.run, &batch.batch), TRINE_OK);
    ck_assert_int_eq(trine_run_wait(&made.run), TRINE_OK);
    batch_compare(&batch, &made.made.network, "after an abort");
  }
  batch_free(&batch);
  runtime_free(&made);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_runtime");
  TCase *tests = tcase_create("runtime");
  tcase_add_loop_test(tests, test_poll_alone_brings_a_batch_of_chunks_home, 0, 2);
  tcase_add_test(tests, test_poll_ends_what_is_out_of_time);
  tcase_add_test(tests, test_a_job_is_polled_too);
  tcase_add_loop_test(tests, test_a_handler_says_what_has_ended_and_masks_it, 0, 3);
  tcase_add_test(tests, test_who_waits_beside_a_handler_sees_the_end);
  tcase_add_loop_test(tests, test_abort_stops_a_run_and_says_so, 0, 2);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
