/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_arguments: every function of trine.h with each argument that it must refuse. Run
 * under the sanitizers: what is refused is not touched. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/checked/driver_case.h"
#include "support/checked/header_functions.h"
#include "support/random_network.h"

enum { MEMORY = 1 << 19 };

/* The functions that the tests below call; one that trine.h has beside them fails the first test.
 */
static const char *const called[] = {
    "trine_sizeof",           "trine_open",          "trine_strays",     "trine_stop_strays",
    "trine_get_info",         "trine_last_error",    "trine_place",      "trine_place_shape",
    "trine_step_cycles",      "trine_job_sizeof",    "trine_job_create", "trine_job_destroy",
    "trine_job_run",          "trine_job_start",     "trine_jobs_start", "trine_job_wait",
    "trine_job_done",         "trine_job_forget",    "trine_job_slot",   "trine_job_placement",
    "trine_job_stats",        "trine_job_core_mask", "trine_job_poll",   "trine_image_job_sizeof",
    "trine_image_job_create", "trine_get_target",    "trine_error_of"};

struct argument_bench {
  struct fake_device fake;
  struct trine *device;
  struct driver_case made;
  struct driver_job job;
  struct driver_batch batch;
};

static void bench_open(struct argument_bench *bench) {
  struct seed_stream stream = seed_start("arguments");
  const struct fake_params params = case_params("duo");
  fake_device_create(&bench->fake, &params, MEMORY);
  bench->device = case_open(&bench->fake);
  case_stack(&bench->made, &stream, 2, true, false, 12);
  job_create(&bench->job, bench->device, &bench->made.network, NULL);
  batch_create(&bench->batch, &stream, &bench->made.network, 2, 4, false, true);
}

static void bench_close(struct argument_bench *bench) {
  ck_assert_uint_eq(bench->fake.starts, 0); /* nothing that was refused reached the device */
  batch_free(&bench->batch);
  job_free(&bench->job);
  case_free(&bench->made);
  free(bench->device);
  fake_device_destroy(&bench->fake);
}

static void said(const struct trine *device, const char *part) {
  const char *text = trine_last_error(device);
  ck_assert_msg(strstr(text, part) != NULL, "'%s' lacks '%s'", text, part);
}

START_TEST(test_every_function_of_the_header_is_called_here) {
  header_functions_are("driver/trine.h", called, sizeof called / sizeof called[0]);
}
END_TEST

START_TEST(test_open_refuses) {
  struct argument_bench bench;
  bench_open(&bench);
  struct trine *device = bench.device;
  struct trine_bus bus = fake_device_bus(&bench.fake);
  ck_assert_int_eq(trine_open(NULL, &bus, 0, 4096, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_open(device, NULL, 0, 4096, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_open(device, &bus, 4, 4096, NULL), TRINE_ERR_ARG);
  said(device, "multiple of 4096");
  ck_assert_int_eq(trine_open(device, &bus, UINT64_MAX - 4095, 8192, NULL), TRINE_ERR_ARG);
  said(device, "below 2^64");
  for (uint32_t n = 0; n < 5; n++) {
    struct trine_bus holed = bus;
    holed.read32 = n == 0 ? NULL : bus.read32;
    holed.write32 = n == 1 ? NULL : bus.write32;
    holed.mem_read = n == 2 ? NULL : bus.mem_read;
    holed.mem_write = n == 3 ? NULL : bus.mem_write;
    holed.wait = n == 4 ? NULL : bus.wait;
    ck_assert_int_eq(trine_open(device, &holed, 0, 4096, NULL), TRINE_ERR_ARG);
    said(device, "misses a function");
  }
  /* A device that did not open serves nobody. */
  struct trine_placement placement;
  struct trine_job *job = NULL;
  uint32_t slots = 0;
  const struct trine_network *network = &bench.made.network;
  ck_assert_int_eq(trine_place(device, network, TRINE_MODE_SINGLE, 1, &placement), TRINE_ERR_ARG);
  said(device, "not open");
  ck_assert_uint_eq(trine_job_sizeof(device, network), 0);
  ck_assert_uint_eq(trine_step_cycles(device, network, &placement), 0);
  ck_assert_int_eq(trine_job_create(device, network, NULL, &placement, SIZE_MAX, &job),
                   TRINE_ERR_ARG);
  said(device, "not open");
  ck_assert_int_eq(trine_strays(device, &slots), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_stop_strays(device, 1), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_open(device, &bus, 4096, MEMORY - 4096, NULL), TRINE_OK);
  ck_assert_str_eq(trine_last_error(device), "");
  bench.job.job = NULL; /* its device was opened anew */
  bench_close(&bench);
}
END_TEST

START_TEST(test_what_needs_a_device_or_a_job_takes_none) {
  struct argument_bench bench;
  bench_open(&bench);
  uint32_t slots = 0;
  struct trine_placement placement;
  const struct trine_shape shape = {.mode = TRINE_MODE_SINGLE, .cores = 1};
  struct trine_job *job = NULL;
  const struct trine_network *network = &bench.made.network;
  ck_assert_str_ne(trine_last_error(NULL), "");
  ck_assert_ptr_null(trine_get_info(NULL));
  ck_assert_ptr_null(trine_get_target(NULL));
  ck_assert_uint_eq(trine_image_job_sizeof(bench.device, NULL), 0);
  ck_assert_int_eq(trine_image_job_create(NULL, NULL, NULL, &placement, 1, &job), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_image_job_create(bench.device, NULL, NULL, &placement, 1, &job),
                   TRINE_ERR_ARG);
  said(bench.device, "a job needs an image, memory and a handle");
  ck_assert_ptr_null(trine_error_of(NULL));
  ck_assert_int_eq(trine_strays(NULL, &slots), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_strays(bench.device, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_stop_strays(NULL, 1), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_place(NULL, network, TRINE_MODE_SINGLE, 1, &placement), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_place_shape(NULL, network, &shape, &placement), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_create(NULL, network, NULL, &placement, 1, &job), TRINE_ERR_ARG);
  ck_assert_uint_eq(trine_job_sizeof(NULL, network), 0);
  ck_assert_uint_eq(trine_job_sizeof(bench.device, NULL), 0);
  ck_assert_uint_eq(trine_step_cycles(NULL, network, &placement), 0);
  trine_job_destroy(NULL);
  ck_assert_int_eq(trine_job_run(NULL, &bench.batch.batch), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_start(NULL, &bench.batch.batch), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_wait(NULL), TRINE_ERR_ARG);
  bool has_ended = false;
  ck_assert_int_eq(trine_job_poll(NULL, &has_ended), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_poll(bench.job.job, NULL), TRINE_ERR_ARG);
  ck_assert(trine_job_done(NULL));
  ck_assert_int_eq(trine_job_forget(NULL), TRINE_ERR_ARG);
  ck_assert_uint_eq(trine_job_slot(NULL), 0);
  ck_assert_ptr_null(trine_job_placement(NULL));
  ck_assert_uint_eq(trine_job_core_mask(NULL), 0);
  ck_assert_ptr_null(trine_job_stats(NULL));
  ck_assert_uint_ge(trine_sizeof(), sizeof(void *));
  for (int status = -20; status < 20; status++) {
    ck_assert_str_ne(trine_status_text((enum trine_status)status), "");
  }
  bench_close(&bench);
}
END_TEST

START_TEST(test_place_refuses) {
  struct argument_bench bench;
  bench_open(&bench);
  struct trine *device = bench.device;
  const struct trine_network *network = &bench.made.network;
  struct trine_placement placement;
  ck_assert_int_eq(trine_place(device, NULL, TRINE_MODE_SINGLE, 1, &placement), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_place(device, network, TRINE_MODE_SINGLE, 1, NULL), TRINE_ERR_ARG);
  said(device, "a placement needs a network and a place for it");
  ck_assert_int_eq(trine_place_shape(device, network, NULL, &placement), TRINE_ERR_ARG);
  static const struct {
    struct trine_shape shape;
    enum trine_status status;
    const char *part;
  } wrong[] = {
      {{.mode = TRINE_MODE_SINGLE, .cores = 0}, TRINE_ERR_LIMIT, "0 cores"},
      {{.mode = TRINE_MODE_HELPER, .cores = 17}, TRINE_ERR_LIMIT, "17 cores"},
      {{.mode = TRINE_MODE_HELPER, .cores = UINT32_MAX}, TRINE_ERR_LIMIT, "4294967295"},
      {{.mode = (enum trine_mode)9, .cores = 1},
       TRINE_ERR_ARG,
       "there is no mode 9; modes are 0 to 3"},
      {{.mode = (enum trine_mode) - 1, .cores = 1},
       TRINE_ERR_ARG,
       "there is no mode -1; modes are 0 to 3"},
      {{TRINE_MODE_HYBRID, 2, 3, 1}, TRINE_ERR_ARG, "3 groups need as many cores; the job has 2"},
      {{TRINE_MODE_HELPER, 2, 2, 1}, TRINE_ERR_ARG, "only mode hybrid"},
      {{TRINE_MODE_SINGLE, 1, 1, 9},
       TRINE_ERR_LIMIT,
       "9 copies were asked for; at most 8 are possible"},
      {{TRINE_MODE_SINGLE, 1, 1, 5}, TRINE_ERR_LIMIT, "5 copies"},
      {{TRINE_MODE_HYBRID, 2, 2, UINT32_C(0x80000001)}, TRINE_ERR_LIMIT, "2147483649"}};
  for (uint32_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    ck_assert_int_eq(trine_place_shape(device, network, &wrong[n].shape, &placement),
                     wrong[n].status);
    said(device, wrong[n].part);
  }
  ck_assert_int_eq(trine_place(device, network, TRINE_MODE_SINGLE, 1, &placement), TRINE_OK);
  ck_assert_uint_gt(trine_step_cycles(device, network, &placement), 0);
  struct trine_placement bad[5] = {placement, placement, placement, placement, placement};
  bad[0].copies = 0;
  bad[1].copies = 9;
  bad[2].ranks = 17;
  bad[3].layer_count = 1;
  memset(&bad[4], 0, sizeof bad[4]);
  for (uint32_t n = 0; n < 5; n++) {
    ck_assert_uint_eq(trine_step_cycles(device, network, &bad[n]), 0);
  }
  ck_assert_uint_eq(trine_step_cycles(device, network, NULL), 0);
  ck_assert_uint_eq(trine_step_cycles(device, NULL, &placement), 0);
  struct trine_network huge = *network;
  huge.chain_count = UINT32_MAX;
  ck_assert_uint_eq(trine_step_cycles(device, &huge, &placement), 0);
  ck_assert_int_eq(trine_place(device, &huge, TRINE_MODE_SINGLE, 1, &placement), TRINE_ERR_LIMIT);
  said(device, "the network needs 4294967298 channels");
  ck_assert_uint_gt(trine_job_sizeof(device, &huge), 0);
  bench_close(&bench);
}
END_TEST

/* A job with these options; it must be refused so. */
static void job_refused(struct argument_bench *bench, const struct trine_job_options *options,
                        enum trine_status want, const char *part) {
  const size_t bytes = trine_job_sizeof(bench->device, &bench->made.network);
  void *memory = malloc(bytes);
  ck_assert_ptr_nonnull(memory);
  struct trine_job *job = NULL;
  ck_assert_int_eq(
      trine_job_create(bench->device, &bench->made.network, options, memory, bytes, &job), want);
  ck_assert_ptr_null(job);
  said(bench->device, part);
  free(memory);
}

START_TEST(test_job_create_refuses) {
  struct argument_bench bench;
  bench_open(&bench);
  struct trine *device = bench.device;
  const struct trine_network *network = &bench.made.network;
  const size_t bytes = trine_job_sizeof(device, network);
  char *memory = malloc(bytes + 1);
  struct trine_job *job = NULL;
  ck_assert_int_eq(trine_job_create(device, NULL, NULL, memory, bytes, &job), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_create(device, network, NULL, NULL, bytes, &job), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_create(device, network, NULL, memory, bytes, NULL), TRINE_ERR_ARG);
  said(device, "a job needs a network, memory and a handle");
  ck_assert_int_eq(trine_job_create(device, network, NULL, memory, bytes - 1, &job),
                   TRINE_ERR_MEMORY);
  ck_assert_int_eq(trine_job_create(device, network, NULL, memory + 1, bytes, &job),
                   TRINE_ERR_MEMORY);
  ck_assert_int_eq(trine_job_create(device, network, NULL, memory, 0, &job), TRINE_ERR_MEMORY);
  said(device, " bytes of aligned memory; it was given 0");
  free(memory);
  struct trine_placement whole, cut;
  ck_assert_int_eq(trine_place(device, network, TRINE_MODE_HELPER, 2, &whole), TRINE_OK);
  struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .core_mask = 1u << 31};
  job_refused(&bench, &options, TRINE_ERR_LIMIT, "0x80000000");
  options = (struct trine_job_options){.mode = (enum trine_mode)4};
  job_refused(&bench, &options, TRINE_ERR_ARG, "there is no mode 4; modes are 0 to 3");
  options = (struct trine_job_options){.window_bytes = 4};
  job_refused(&bench, &options, TRINE_ERR_MEMORY, "window");
  options = (struct trine_job_options){.placement = &cut};
  cut = whole;
  cut.ranks = 0;
  job_refused(&bench, &options, TRINE_ERR_ARG,
              "the placement has 0 ranks and 3 layers; the device has 2 cores");
  cut = whole;
  cut.mode = (enum trine_mode)7;
  job_refused(&bench, &options, TRINE_ERR_ARG, "there is no mode 7; modes are 0 to 3");
  cut = whole;
  cut.mode = TRINE_MODE_SINGLE;
  job_refused(&bench, &options, TRINE_ERR_LIMIT, "exactly one core");
  cut = whole;
  cut.slice[0][0].count = UINT16_MAX;
  job_refused(&bench, &options, TRINE_ERR_ARG, "slice");
  cut = whole;
  cut.slice[0][1].count = 0;
  job_refused(&bench, &options, TRINE_ERR_ARG, "layer random lstm: the slices have ");
  cut = whole;
  cut.slice[0][1] = cut.slice[0][0];
  job_refused(&bench, &options, TRINE_ERR_ARG, "the slice starts at unit 0; it must be");
  ck_assert_int_eq(trine_place(device, network, TRINE_MODE_SINGLE, 1, &cut), TRINE_OK);
  cut.mode = TRINE_MODE_HELPER;
  job_refused(&bench, &options, TRINE_ERR_LIMIT,
              "mode helper needs two cores or more; the job has 1");
  cut = whole;
  cut.copies = 9;
  job_refused(&bench, &options, TRINE_ERR_LIMIT,
              "the placement has 9 copies of its contexts; with 3 layers");
  cut = whole;
  options.core_mask = 2;
  job_refused(&bench, &options, TRINE_ERR_ARG, "the placement needs 2");
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_batch_is_refused) {
  struct argument_bench bench;
  bench_open(&bench);
  struct trine_job *job = bench.job.job;
  struct trine_batch bad[12];
  const uint32_t zero[2] = {0, 1}, many[2] = {1, UINT32_MAX};
  struct trine_lstm_state headless[8], bare[8];
  memcpy(headless, bench.batch.state_in, sizeof headless);
  memcpy(bare, bench.batch.state_in, sizeof bare);
  headless[1].c = NULL;
  bare[0].h = NULL; /* skipped: not looked at */
  for (uint32_t n = 0; n < 12; n++) {
    bad[n] = bench.batch.batch;
  }
  bad[0].sequences = 0;
  bad[1].lengths = NULL;
  bad[2].input = NULL;
  bad[3].output = NULL;
  bad[4].lengths = zero;
  bad[5].lengths = many;
  bad[6].state_in = headless;
  bad[7].state_out = headless;
  bad[8].input_batch_stride = UINT64_MAX;
  bad[9].output_batch_stride = (uint64_t)PTRDIFF_MAX;
  bad[10].input_step_stride = UINT64_C(1) << 63;
  bad[11].output_step_stride = UINT64_MAX / 2;
  bench.batch.lengths[0] = bench.batch.lengths[1] = 3; /* twice 2^63 wraps to 0 */
  for (uint32_t n = 0; n < 12; n++) {
    ck_assert_msg(trine_job_run(job, &bad[n]) == TRINE_ERR_ARG, "batch %u", n);
    if (n < 4) {
      said(bench.device, "a batch needs at least one sequence, its lengths, input and output");
    } else {
      said(bench.device, n == 4 ? "sequence 0 has 0 steps; 1 to " : "");
    }
    ck_assert_str_ne(trine_last_error(bench.device), "");
  }
  said(bench.device, "9223372036854775807");
  ck_assert_int_eq(trine_job_run(job, &bad[7]), TRINE_ERR_ARG);
  said(bench.device, "has an h but no c");
  ck_assert_int_eq(trine_job_start(job, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_job_wait(job), TRINE_ERR_ARG);
  said(bench.device, "not started");
  struct trine_job *const jobs[] = {job, NULL}, *const twice[] = {job, job};
  const struct trine_batch *const batches[] = {&bench.batch.batch, &bench.batch.batch};
  const struct trine_batch *const holed[] = {NULL, NULL};
  ck_assert_int_eq(trine_jobs_start(NULL, batches, 1), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_jobs_start(jobs, NULL, 1), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_jobs_start(jobs, batches, 0), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_jobs_start(jobs, batches, 2), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_jobs_start(jobs, holed, 1), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_jobs_start(twice, batches, 2), TRINE_ERR_BUSY);
  ck_assert(trine_job_done(job));
  struct trine_batch good = bench.batch.batch;
  good.state_in = bare;
  ck_assert_int_eq(trine_job_run(job, &good), TRINE_OK);
  bench.fake.starts = 0;
  bench_close(&bench);
}
END_TEST

START_TEST(test_more_jobs_than_there_are_slots_are_refused) {
  struct argument_bench bench;
  bench_open(&bench);
  struct trine_job *crowd[TRINE_MAX_CORES + 1];
  const struct trine_batch *batches[TRINE_MAX_CORES + 1];
  for (uint32_t n = 0; n <= TRINE_MAX_CORES; n++) {
    crowd[n] = bench.job.job;
    batches[n] = &bench.batch.batch;
  }
  ck_assert_int_eq(trine_jobs_start(crowd, batches, TRINE_MAX_CORES + 1), TRINE_ERR_BUSY);
  said(bench.device, "17 jobs were to start together; a device has at most 16 domain slots");
  bench_close(&bench);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_arguments");
  TCase *tests = tcase_create("arguments");
  tcase_add_test(tests, test_every_function_of_the_header_is_called_here);
  tcase_add_test(tests, test_open_refuses);
  tcase_add_test(tests, test_what_needs_a_device_or_a_job_takes_none);
  tcase_add_test(tests, test_place_refuses);
  tcase_add_test(tests, test_job_create_refuses);
  tcase_add_test(tests, test_a_batch_is_refused);
  tcase_add_test(tests, test_more_jobs_than_there_are_slots_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
