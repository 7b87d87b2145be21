/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_starts: domains the controller must refuse, and aborts. */
#include <check.h>
#include <inttypes.h>

#include "errors.h"
#include "pair.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, FREE_SLOT = 1, ABORTS = 16 };

/* A domain that must be refused while the bystander runs on core 1. */
struct refusal {
  const char *name;
  uint32_t mask, mode, base_low, base_high, size, program;
  uint32_t code;
  uint64_t address;
};
static const struct refusal refusals[] = {
    {"empty mask", 0, 0, 0, 0, 0x10000, 0, TRINE_ERROR_MASK_EMPTY, 0},
    {"core that does not exist", 0x5, 1, 0, 0, 0x10000, 0, TRINE_ERROR_CORE_MISSING, 0x4},
    {"bit 31 of the mask", 0x80000001, 1, 0, 0, 0x10000, 0, TRINE_ERROR_CORE_MISSING, 0x80000000},
    {"core of a running domain", 0x3, 2, 0, 0, 0x10000, 0, TRINE_ERROR_CORE_BUSY, 0x2},
    {"mode 4", 0x1, 4, 0, 0, 0x10000, 0, TRINE_ERROR_MODE, 4},
    {"a mode of many bits", 0x1, 0x100, 0, 0, 0x10000, 0, TRINE_ERROR_MODE, 0x100},
    {"multithreading on one core", 0x1, 1, 0, 0, 0x10000, 0, TRINE_ERROR_MODE_CORES, 1},
    {"helper on one core", 0x1, 2, 0, 0, 0x10000, 0, TRINE_ERROR_MODE_CORES, 1},
    {"window not aligned", 0x1, 0, 0x800, 0, 0x10000, 0, TRINE_ERROR_WINDOW_ALIGN, 0x800},
    {"empty window", 0x1, 0, 0x1000, 0, 0, 0, TRINE_ERROR_WINDOW_SIZE, 0},
    {"window past the end of addresses", 0x1, 0, 0xfffff000, 0xffffffff, 0x2000, 0,
     TRINE_ERROR_WINDOW_SIZE, 0x2000},
    {"program not aligned", 0x1, 0, 0, 0, 0x10000, 0x20, TRINE_ERROR_PROGRAM_ADDRESS, 0x20},
    {"program outside the window", 0x1, 0, 0, 0, 0x10000, 0x10000, TRINE_ERROR_PROGRAM_ADDRESS,
     0x10000}};

static void try_start(struct bench *bench, const struct refusal *what) {
  const uint32_t registers[][2] = {
      {TRINE_DOMAIN_CORE_MASK, what->mask},          {TRINE_DOMAIN_MODE, what->mode},
      {TRINE_DOMAIN_WINDOW_BASE_LO, what->base_low}, {TRINE_DOMAIN_WINDOW_BASE_HI, what->base_high},
      {TRINE_DOMAIN_WINDOW_SIZE, what->size},        {TRINE_DOMAIN_PROGRAM, what->program}};
  for (uint32_t n = 0; n < sizeof registers / sizeof registers[0]; n++) {
    bench_write(bench, bench_domain(FREE_SLOT, registers[n][0]), registers[n][1]);
  }
  bench_write(bench, bench_domain(FREE_SLOT, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_START_MASK);
}

static void start_bystander(struct pair *pair) {
  enum trine_status status =
      trine_job_start(pair->jobs[PAIR_BYSTANDER].job, &pair->batches[PAIR_BYSTANDER].batch);
  ck_assert_msg(status == TRINE_OK, "%s", trine_last_error(pair->bench.device));
}

START_TEST(test_illegal_domain_is_refused_with_its_code) {
  const struct refusal *what = &refusals[_i];
  struct pair pair;
  pair_open(&pair, PAIR_DUO, what->name);
  start_bystander(&pair);
  ck_assert_uint_ne(trine_job_slot(pair.jobs[PAIR_BYSTANDER].job), FREE_SLOT);
  try_start(&pair.bench, what);
  struct pair_error error = pair_read_error(&pair, FREE_SLOT);
  ck_assert_msg(error.state == TRINE_DOMAIN_STATUS_STATE_ERROR && error.code == what->code &&
                    error.address == what->address,
                "%s: state %u, code %u, address 0x%" PRIx64 "; not error, %u, 0x%" PRIx64,
                what->name, error.state, error.code, error.address, what->code, what->address);
  ck_assert_uint_eq(bench_read(&pair.bench, TRINE_GLOBAL_IRQ_RAW) >> FREE_SLOT & 1, 1);
  ck_assert_uint_eq(bench_read(&pair.bench, TRINE_GLOBAL_CORES_BUSY), 2);
  pair_bystander_is_exact(&pair);
  pair_recovers(&pair);
  pair_close(&pair);
}
END_TEST

START_TEST(test_start_and_setting_of_a_running_domain_are_refused) {
  struct pair pair;
  pair_open(&pair, PAIR_DUO, "running");
  start_bystander(&pair);
  struct bench *bench = &pair.bench;
  uint32_t slot = trine_job_slot(pair.jobs[PAIR_BYSTANDER].job);
  uint32_t status = bench_domain(slot, TRINE_DOMAIN_STATUS);
  ck_assert(!bench_try_write(bench, bench_domain(slot, TRINE_DOMAIN_CONTROL),
                             TRINE_DOMAIN_CONTROL_START_MASK));
  ck_assert_uint_eq(bench_read(bench, status),
                    TRINE_DOMAIN_STATUS_STATE_RUNNING | TRINE_DOMAIN_STATUS_REFUSED_MASK);
  for (uint32_t at = TRINE_DOMAIN_CORE_MASK; at <= TRINE_DOMAIN_PROGRAM; at += 4) {
    uint32_t before = bench_read(bench, bench_domain(slot, at));
    ck_assert(!bench_try_write(bench, bench_domain(slot, at), ~before));
    ck_assert_uint_eq(bench_read(bench, bench_domain(slot, at)), before);
  }
  pair_bystander_is_exact(&pair);
  pair_recovers(&pair);
  pair_close(&pair);
}
END_TEST

START_TEST(test_watchdog_of_no_cycles_is_refused) {
  struct pair pair;
  pair_open(&pair, PAIR_DUO, "watchdog 0");
  ck_assert(!bench_try_write(&pair.bench, TRINE_GLOBAL_WATCHDOG, 0));
  ck_assert_uint_eq(bench_read(&pair.bench, TRINE_GLOBAL_WATCHDOG), PAIR_WATCHDOG);
  pair_close(&pair);
}
END_TEST

/* Whether the victim's domain is done, not running, stopping or in error. */
static bool pair_victim_ended(struct pair *pair) {
  uint32_t slot = trine_job_slot(pair->jobs[PAIR_VICTIM].job);
  return pair_read_error(pair, slot).state == TRINE_DOMAIN_STATUS_STATE_DONE;
}

/* In every part of a job: header, loads, set-up, steps. */
START_TEST(test_abort_at_any_time_frees_the_cores_for_an_exact_job) {
  struct seed_stream stream = seed_start("abort times");
  struct pair pair;
  uint32_t aborted = 0;
  pair_open(&pair, _i == 0 ? PAIR_DUO : PAIR_OCTO, "abort");
  for (uint32_t n = 0; n < ABORTS; n++) {
    pair_start(&pair);
    struct trine_job *victim = pair.jobs[PAIR_VICTIM].job;
    bench_step(&pair.bench, (uint64_t)seed_log_uniform(&stream, 1, 5000));
    if (!trine_job_done(victim)) {
      bench_write(&pair.bench, bench_domain(trine_job_slot(victim), TRINE_DOMAIN_CONTROL),
                  TRINE_DOMAIN_CONTROL_ABORT_MASK);
    }
    /* A job may end in the cycles between the look and the abort; then it must be done and exact.
     */
    if (pair_victim_ended(&pair)) {
      ck_assert_int_eq(trine_job_wait(victim), TRINE_OK);
      batch_compare(&pair.batches[PAIR_VICTIM], &pair.networks[PAIR_VICTIM].network, "victim");
    } else {
      struct pair_error error = pair_fail(&pair);
      ck_assert_uint_eq(error.code, TRINE_ERROR_ABORTED);
      aborted++;
    }
    pair_bystander_is_exact(&pair);
    pair_recovers(&pair);
  }
  ck_assert_uint_gt(aborted, ABORTS / 4);
  pair_close(&pair);
}
END_TEST

START_TEST(test_job_destroyed_while_it_runs_frees_its_cores) {
  struct pair pair;
  pair_open(&pair, PAIR_DUO, "destroy");
  pair_start(&pair);
  uint32_t slot = trine_job_slot(pair.jobs[PAIR_VICTIM].job);
  bench_step(&pair.bench, 300);
  job_free(&pair.jobs[PAIR_VICTIM]);
  ck_assert_uint_eq(pair_read_error(&pair, slot).code, TRINE_ERROR_ABORTED);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .core_mask = 1};
  job_create(&pair.jobs[PAIR_VICTIM], pair.bench.device, &pair.networks[PAIR_VICTIM].network,
             &options);
  pair_bystander_is_exact(&pair);
  pair_recovers(&pair);
  pair_close(&pair);
}
END_TEST

void errors_add_starts(Suite *suite) {
  TCase *tests = tcase_create("starts");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_loop_test(tests, test_illegal_domain_is_refused_with_its_code, 0,
                      (int)(sizeof refusals / sizeof refusals[0]));
  tcase_add_test(tests, test_start_and_setting_of_a_running_domain_are_refused);
  tcase_add_test(tests, test_watchdog_of_no_cycles_is_refused);
  tcase_add_loop_test(tests, test_abort_at_any_time_frees_the_cores_for_an_exact_job, 0,
                      PAIR_PLACES);
  tcase_add_test(tests, test_job_destroyed_while_it_runs_frees_its_cores);
  suite_add_tcase(suite, tests);
}
