/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_health: a device that does not do what it is told: what the driver then says is true,
 * comes within the time given, and leaves states as they were. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "support/checked/driver_case.h"
#include "support/random_network.h"
#include "trine_regs.h"

enum { MEMORY = 1 << 19, LIMIT_MS = 50, SLACK_MS = 1010 };

/* A device with a network of two LSTMs and a batch of two sequences with states in place. */
struct health_bench {
  struct fake_device fake;
  struct trine *device;
  struct driver_case made;
  struct driver_batch batch;
  struct trine_lstm_state before[8];
};

static void bench_open(struct health_bench *bench, const char *config) {
  struct seed_stream stream = seed_start("health");
  const struct fake_params params = case_params(config);
  memset(bench, 0, sizeof *bench);
  fake_device_create(&bench->fake, &params, MEMORY);
  bench->device = case_open(&bench->fake);
  case_stack(&bench->made, &stream, 2, false, false, 12);
  batch_create(&bench->batch, &stream, &bench->made.network, 2, 4, false, true);
  batch_expect(&bench->batch, &bench->made.network);
  for (uint32_t n = 0; n < bench->made.network.layer_count; n++) {
    const size_t count = (size_t)2 * bench->made.layers[n].units;
    bench->before[n].h = malloc(count);
    bench->before[n].c = malloc(2 * count);
    ck_assert_ptr_nonnull(bench->before[n].h);
    ck_assert_ptr_nonnull(bench->before[n].c);
    memcpy(bench->before[n].h, bench->batch.state_out[n].h, count);
    memcpy(bench->before[n].c, bench->batch.state_out[n].c, 2 * count);
  }
}

static void bench_close(struct health_bench *bench) {
  for (uint32_t n = 0; n < bench->made.network.layer_count; n++) {
    free(bench->before[n].h);
    free(bench->before[n].c);
  }
  batch_free(&bench->batch);
  case_free(&bench->made);
  free(bench->device);
  fake_device_destroy(&bench->fake);
}

static void states_are_untouched(const struct health_bench *bench) {
  for (uint32_t n = 0; n < bench->made.network.layer_count; n++) {
    const size_t count = (size_t)2 * bench->made.layers[n].units;
    ck_assert_mem_eq(bench->before[n].h, bench->batch.state_out[n].h, count);
    ck_assert_mem_eq(bench->before[n].c, bench->batch.state_out[n].c, 2 * count);
  }
}

/* Runs the batch, which fails so; the sentence has all three parts, and states are as before. */
static void fails(struct health_bench *bench, struct trine_job *job, enum trine_status want,
                  const char *first, const char *second) {
  const uint64_t begin = bench->fake.clock_us;
  const enum trine_status status = trine_job_run(job, &bench->batch.batch);
  const char *text = trine_last_error(bench->device);
  ck_assert_msg(status == want, "%d instead of %d: %s", status, want, text);
  ck_assert_msg(strstr(text, first) != NULL && strstr(text, second) != NULL,
                "'%s' lacks '%s' or '%s'", text, first, second);
  ck_assert_uint_le(bench->fake.clock_us - begin, (LIMIT_MS + SLACK_MS) * UINT64_C(1000));
  states_are_untouched(bench);
}

static void works(struct health_bench *bench, struct trine_job *job) {
  ck_assert_msg(trine_job_run(job, &bench->batch.batch) == TRINE_OK, "%s",
                trine_last_error(bench->device));
  batch_compare(&bench->batch, &bench->made.network, "after all");
}

static const struct trine_job_options with_timeout = {.mode = TRINE_MODE_SINGLE,
                                                      .timeout_ms = LIMIT_MS};

START_TEST(test_a_stuck_interrupt_costs_the_time_given_and_no_more) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  bench.fake.troubles = (struct fake_troubles){.hang = true, .irq_stuck = true};
  const uint64_t begin = bench.fake.clock_us;
  fails(&bench, job.job, TRINE_ERR_TIMEOUT, "not done within 50 ms", "(it had 50)");
  ck_assert_uint_ge(bench.fake.clock_us - begin, LIMIT_MS * UINT64_C(1000));
  ck_assert_uint_eq(bench.fake.aborts, 1);
  bench.fake.troubles = (struct fake_troubles){.irq_lost = true};
  works(&bench, job.job); /* STATUS decides: a lost interrupt costs time, not the result */
  job_free(&job);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_bus_without_a_clock_or_with_a_dead_one_does_not_hang) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  bench.fake.troubles.no_clock = true;
  struct trine_bus bus = fake_device_bus(&bench.fake);
  ck_assert_int_eq(trine_open(bench.device, &bus, 0, MEMORY, NULL), TRINE_OK);
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  bench.fake.troubles = (struct fake_troubles){.hang = true, .irq_stuck = true};
  ck_assert_int_eq(trine_job_run(job.job, &bench.batch.batch), TRINE_ERR_TIMEOUT);
  const char *had = strstr(trine_last_error(bench.device), "(it had ");
  ck_assert_ptr_nonnull(had);
  ck_assert_int_ge(strtol(had + 8, NULL, 10), LIMIT_MS);
  bench.fake.troubles = (struct fake_troubles){.hang = false};
  works(&bench, job.job);
  job_free(&job);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_run_that_does_not_stop_keeps_its_cores_and_window) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct driver_job job, other;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  const uint32_t mask = trine_job_core_mask(job.job), slot = trine_job_slot(job.job);
  bench.fake.troubles = (struct fake_troubles){.hang = true, .deaf = true};
  fails(&bench, job.job, TRINE_ERR_TIMEOUT, "not done within 50 ms", "not seen to stop");
  uint32_t slots = 0;
  ck_assert_int_eq(trine_strays(bench.device, &slots), TRINE_OK);
  ck_assert_uint_eq(slots, 1u << slot);
  const uint32_t *reg = bench.fake.slot[slot].reg;
  const uint64_t begin = reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  const uint64_t end = begin + reg[TRINE_DOMAIN_WINDOW_SIZE / 4];
  bench.fake.troubles = (struct fake_troubles){.deaf = true};
  fails(&bench, job.job, TRINE_ERR_BUSY, "cores 0x1 of the job", "trine_stop_strays");
  /* The memory it may still write to is given to nobody. */
  trine_job_destroy(job.job);
  free(job.memory);
  job_create(&other, bench.device, &bench.made.network, &with_timeout);
  ck_assert_uint_eq(trine_job_core_mask(other.job) & mask, 0);
  works(&bench, other.job);
  const uint32_t used = trine_job_slot(other.job);
  ck_assert_uint_ne(used, slot);
  const uint64_t base = bench.fake.slot[used].reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  ck_assert(base >= end || base + bench.fake.slot[used].reg[TRINE_DOMAIN_WINDOW_SIZE / 4] <= begin);
  ck_assert_int_eq(trine_stop_strays(bench.device, 5), TRINE_ERR_TIMEOUT);
  ck_assert_ptr_nonnull(strstr(trine_last_error(bench.device), "within 5 ms"));
  bench.fake.troubles.deaf = false;
  ck_assert_int_eq(trine_stop_strays(bench.device, 5), TRINE_OK);
  ck_assert_int_eq(trine_strays(bench.device, &slots), TRINE_OK);
  ck_assert_uint_eq(slots, 0);
  job_free(&other);
  bench_close(&bench);
}
END_TEST

START_TEST(test_open_finds_what_a_crashed_process_left_running) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct trine_bus bus = fake_device_bus(&bench.fake);
  /* In the middle of the memory, on core 0, in the slot that would be the first choice. */
  fake_device_run_stray(&bench.fake, 0, 1, 0x20000, 0x40000);
  ck_assert_int_eq(trine_open(bench.device, &bus, 0, MEMORY, NULL), TRINE_OK);
  ck_assert_ptr_nonnull(strstr(trine_last_error(bench.device), "cores 0x1 run programs"));
  ck_assert_uint_eq(bench.fake.aborts, 0);
  struct driver_job job, low;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  job_create(&low, bench.device, &bench.made.network, &with_timeout);
  ck_assert_uint_eq(trine_job_core_mask(job.job), 2);
  works(&bench, job.job);
  const uint32_t *reg = bench.fake.slot[1].reg;
  const uint32_t base = reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4];
  ck_assert(base >= 0x60000 || base + reg[TRINE_DOMAIN_WINDOW_SIZE / 4] <= 0x20000);
  struct trine_job *none = NULL;
  const struct trine_job_options both = {.mode = TRINE_MODE_HELPER, .cores = 2};
  const size_t bytes = trine_job_sizeof(bench.device, &bench.made.network);
  void *memory = malloc(bytes);
  ck_assert_int_eq(trine_job_create(bench.device, &bench.made.network, &both, memory, bytes, &none),
                   TRINE_ERR_BUSY);
  ck_assert_ptr_nonnull(strstr(trine_last_error(bench.device), "0x1 run programs"));
  ck_assert_int_eq(trine_stop_strays(bench.device, 10), TRINE_OK);
  ck_assert_uint_eq(bench.fake.aborts, 1);
  ck_assert_int_eq(trine_job_create(bench.device, &bench.made.network, &both, memory, bytes, &none),
                   TRINE_OK);
  works(&bench, none);
  trine_job_destroy(none);
  free(memory);
  job_free(&low);
  job_free(&job);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_window_that_reaches_into_the_memory_is_kept_clear) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct trine_bus bus = fake_device_bus(&bench.fake);
  uint32_t slots = 0;
  fake_device_run_stray(&bench.fake, 1, 1, 0x8000, 0x18000 - 64);
  ck_assert_int_eq(trine_open(bench.device, &bus, 0x10000, MEMORY - 0x10000, NULL), TRINE_OK);
  ck_assert_int_eq(trine_strays(bench.device, &slots), TRINE_OK);
  ck_assert_uint_eq(slots, 2); /* slots, not cores */
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  works(&bench, job.job);
  ck_assert_uint_ge(bench.fake.slot[0].reg[TRINE_DOMAIN_WINDOW_BASE_LO / 4], 0x20000);
  job_free(&job);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_start_that_did_not_happen_is_no_success) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  works(&bench, job.job);
  /* STATUS says done from the run before; a write of START is lost on the way. */
  for (uint32_t n = 0; n < bench.made.network.layer_count; n++) {
    const size_t count = (size_t)2 * bench.made.layers[n].units;
    memcpy(bench.before[n].h, bench.batch.state_out[n].h, count);
    memcpy(bench.before[n].c, bench.batch.state_out[n].c, 2 * count);
  }
  bench.fake.troubles.start_lost = true;
  fails(&bench, job.job, TRINE_ERR_DEVICE, "not with this run", "START was not carried out");
  bench.fake.troubles.start_lost = false;
  ck_assert_int_eq(trine_job_run(job.job, &bench.batch.batch), TRINE_OK);
  batch_compare(&bench.batch, &bench.made.network, "after a start that was lost");
  job_free(&job);
  bench_close(&bench);
}
END_TEST

/* A bus under which another process starts its program just before START. */
static struct health_bench *raced;
static struct trine_bus raced_bus;
static enum trine_status race_write32(void *ctx, uint32_t addr, uint32_t value) {
  if (addr % 4096 == TRINE_DOMAIN_CONTROL && value == TRINE_DOMAIN_CONTROL_START_MASK) {
    fake_device_run_stray(&raced->fake, addr / 4096 - 1, 2, 0, 4096);
  }
  return raced_bus.write32(ctx, addr, value);
}

START_TEST(test_a_refused_start_is_said_and_stops_nobody) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  raced = &bench;
  raced_bus = fake_device_bus(&bench.fake);
  struct trine_bus bus = raced_bus;
  bus.write32 = race_write32;
  bench.fake.troubles.refusal_unseen = _i == 1;
  ck_assert_int_eq(trine_open(bench.device, &bus, 0, MEMORY, NULL), TRINE_OK);
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  fails(&bench, job.job, TRINE_ERR_BUSY, "START was refused: domain slot 0", "not started here");
  ck_assert_uint_eq(bench.fake.aborts, 0);
  ck_assert_uint_eq(bench.fake.starts, 0);
  job_free(&job);
  ck_assert_uint_eq(bench.fake.aborts, 0);
  bench_close(&bench);
}
END_TEST

START_TEST(test_cores_in_quarantine_are_left_out_and_named) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct driver_job early, job;
  job_create(&early, bench.device, &bench.made.network, &with_timeout);
  ck_assert_uint_eq(trine_job_core_mask(early.job), 1);
  bench.fake.troubles.quarantined = 1;
  fails(&bench, early.job, TRINE_ERR_BUSY, "cores 0x1 of the job", "in quarantine");
  for (uint32_t n = 0; n < 3; n++) {
    job_create(&job, bench.device, &bench.made.network, &with_timeout);
    ck_assert_uint_eq(trine_job_core_mask(job.job), 2);
    works(&bench, job.job);
    job_free(&job);
  }
  const struct trine_job_options all = {.mode = TRINE_MODE_HYBRID}; /* all there are: one */
  job_create(&job, bench.device, &bench.made.network, &all);
  ck_assert_uint_eq(trine_job_core_mask(job.job), 2);
  job_free(&job);
  const struct trine_job_options named = {.mode = TRINE_MODE_SINGLE, .core_mask = 1};
  const struct trine_job_options options[] = {named, with_timeout};
  const uint32_t quarantined[] = {1, 3};
  const char *const texts[] = {"cores 0x1 of the core mask 0x1 are in quarantine", "0x3 are in"};
  const size_t bytes = trine_job_sizeof(bench.device, &bench.made.network);
  void *memory = malloc(bytes);
  for (uint32_t n = 0; n < 2; n++) {
    struct trine_job *none = NULL;
    bench.fake.troubles.quarantined = quarantined[n];
    ck_assert_int_eq(
        trine_job_create(bench.device, &bench.made.network, &options[n], memory, bytes, &none),
        TRINE_ERR_BUSY);
    ck_assert_msg(strstr(trine_last_error(bench.device), texts[n]) != NULL, "%s",
                  trine_last_error(bench.device));
  }
  free(memory);
  job_free(&early);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_core_that_an_error_left_in_quarantine_is_named) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  ck_assert_int_eq(trine_job_start(job.job, &bench.batch.batch), TRINE_OK);
  bench.fake.slot[0].reg[TRINE_DOMAIN_STATUS / 4] = TRINE_DOMAIN_STATUS_STATE_ERROR;
  bench.fake.slot[0].reg[TRINE_DOMAIN_ERROR_CODE / 4] = TRINE_ERROR_WATCHDOG;
  bench.fake.troubles.quarantined = 1;
  ck_assert_int_eq(trine_job_wait(job.job), TRINE_ERR_DEVICE);
  const char *text = trine_last_error(bench.device);
  ck_assert_msg(
      strstr(text, "WATCHDOG") != NULL && strstr(text, "cores 0x1 are in quarantine until") != NULL,
      "%s", text);
  job_free(&job);
  bench_close(&bench);
}
END_TEST

/* Every memory read of a step fails once: the states of both layers stay, or both are new. */
START_TEST(test_a_failed_step_leaves_states_as_they_were) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  const struct trine_job_options helper = {.mode = TRINE_MODE_HELPER, .timeout_ms = LIMIT_MS};
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &helper);
  uint32_t reads = 1;
  for (;; reads++) {
    bench.fake.troubles.mem_reads = reads;
    if (trine_job_run(job.job, &bench.batch.batch) == TRINE_OK) {
      break;
    }
    ck_assert_ptr_nonnull(strstr(trine_last_error(bench.device), "shared memory"));
    states_are_untouched(&bench);
  }
  ck_assert_uint_ge(reads, 4); /* the output, and two slices of each layer */
  batch_compare(&bench.batch, &bench.made.network, "at last");
  job_free(&job);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_dead_bus_ends_at_once_and_is_named) {
  struct health_bench bench;
  bench_open(&bench, "duo");
  struct driver_job job;
  job_create(&job, bench.device, &bench.made.network, &with_timeout);
  ck_assert_int_eq(trine_job_start(job.job, &bench.batch.batch), TRINE_OK);
  bench.fake.troubles.bus_dead = true;
  const uint64_t before = bench.fake.accesses;
  ck_assert_int_eq(trine_job_wait(job.job), TRINE_ERR_BUS);
  ck_assert_ptr_nonnull(strstr(trine_last_error(bench.device), "not seen to stop"));
  ck_assert_uint_le(bench.fake.accesses - before, 8);
  states_are_untouched(&bench);
  job_free(&job);
  bench_close(&bench);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_health");
  TCase *tests = tcase_create("health");
  tcase_add_test(tests, test_a_stuck_interrupt_costs_the_time_given_and_no_more);
  tcase_add_test(tests, test_a_bus_without_a_clock_or_with_a_dead_one_does_not_hang);
  tcase_add_test(tests, test_a_run_that_does_not_stop_keeps_its_cores_and_window);
  tcase_add_test(tests, test_open_finds_what_a_crashed_process_left_running);
  tcase_add_test(tests, test_a_window_that_reaches_into_the_memory_is_kept_clear);
  tcase_add_test(tests, test_a_start_that_did_not_happen_is_no_success);
  tcase_add_loop_test(tests, test_a_refused_start_is_said_and_stops_nobody, 0, 2);
  tcase_add_test(tests, test_cores_in_quarantine_are_left_out_and_named);
  tcase_add_test(tests, test_a_core_that_an_error_left_in_quarantine_is_named);
  tcase_add_test(tests, test_a_failed_step_leaves_states_as_they_were);
  tcase_add_test(tests, test_a_dead_bus_ends_at_once_and_is_named);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
