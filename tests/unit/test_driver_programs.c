/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_programs: what the driver writes: programs operation by operation, register accesses
 * one by one, and the sentences of what it refuses. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend_record.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "support/checked/driver_case.h"
#include "support/fake_program.h"
#include "support/random_network.h"
#include "trine_internal.h"
#include "trine_regs.h"

enum { MEMORY = 1 << 18 };

/* An LSTM of 3 inputs and 6 units and a dense layer of 10 rows. */
static void small_network(struct driver_case *made, struct seed_stream *stream) {
  memset(made, 0, sizeof *made);
  made->layers[0] = random_lstm(stream, 3, 6, false);
  made->layers[0].zero_point = -3;
  made->layers[0].cell_exponent = -11;
  made->layers[0].cell_clip = 77;
  made->layers[0].out = (struct trine_requant){0, 0x40000001, -9};
  made->layers[1] = random_dense(stream, 6, 10, false);
  made->layers[1].zero_point = 5;
  made->layers[1].out_min = -100;
  made->layers[1].out_max = 99;
  made->tensors[0] = (struct trine_tensor){1, {3}};
  made->tensors[1] = (struct trine_tensor){1, {10}};
  made->chains[0] = (struct trine_chain){.target = 1, .layer_count = 2};
  made->network = (struct trine_network){2, made->tensors, 2, made->layers, 1, made->chains};
}

/* Where in the window the n-th LOAD of a rank reads from. */
static uint32_t load_source(const struct trine_job *job, uint32_t rank, uint32_t n) {
  const struct trine_image_rank *blocks = trine_image_rank(job->image, rank);
  return trine_image_words(job->image, blocks->loads)[TRINE_WORDS_LOAD * n + TRINE_WORDS_LOAD - 1];
}

static const uint32_t *program_of(const struct trine_job *job, const struct fake_device *fake) {
  return (const uint32_t *)(const void *)(fake->memory + job->run.options.window_base);
}

/* The operations of a rank, or of all, are these. */
static void check_list(const struct trine_job *job, const struct fake_device *fake, uint32_t rank,
                       const char *const *expected, uint32_t count) {
  uint32_t list[512];
  const uint32_t words =
      trine_program_list(program_of(job, fake), job->image->program_bytes, rank, list, 512);
  ck_assert_uint_gt(words, 0);
  uint32_t at = 0;
  for (uint32_t n = 0; n < count; n++) {
    char text[400];
    uint32_t used = trine_disassemble(list + at, words - at, text, sizeof text);
    ck_assert_str_eq(text, expected[n]);
    at += used;
  }
  ck_assert_uint_eq(at, words);
}

#define SMALL_LSTM(ranks, slice)                                                                  \
  "CONTEXT ranks " ranks                                                                          \
  " context 0 dense 0 kept 0 h_first 1 input 2 output 0 listeners 2 x_chunks 1 h_chunks 1 " slice \
  " pre 0 state 0 state_stride 0 h_ring 0 h_stride 0 zero_point -3 exponent 4 cell_clip 77 "      \
  "out_min -128 out_max 127 multiplier 1073741825 shift -9"
#define SMALL_DENSE(ranks, slice)                                                               \
  "CONTEXT ranks " ranks                                                                        \
  " context 1 dense 1 kept 0 h_first 0 input 0 output 1 listeners 1 x_chunks 1 groups 1 " slice \
  " zero_point 5 out_min -100 out_max 99"

/* Lines of a rank's two LOADs. */
static void write_loads(const struct trine_job *job, uint32_t rank, uint32_t weights,
                        uint32_t params, char line[2][160]) {
  (void)snprintf(line[0], sizeof line[0], "LOAD ranks 0x%x buffer 0 local 0 count %u source %u",
                 1u << rank, weights, load_source(job, rank, 0));
  (void)snprintf(line[1], sizeof line[1], "LOAD ranks 0x%x buffer 1 local 0 count %u source %u",
                 1u << rank, params, load_source(job, rank, 1));
}

/* 6 units are 3 groups of 2: one on rank 0, two on rank 1. 10 rows are 2 groups of 8. Rows of 8
 * and 16 bytes; the bus word of units 0..5 is sent by both ranks. */
static void check_helper(const struct trine_job *job, const struct fake_device *fake) {
  char line[6][160];
  write_loads(job, 0, 3, 24, line);
  write_loads(job, 1, 5, 40, line + 2);
  (void)snprintf(line[4], sizeof line[4],
                 "WRITE ranks 0x1 writer 0 channel 1 last_only 0 base %u stride 16 bytes 10 first "
                 "0 sequences 2 ram 0 ram_stride 2",
                 trine_rows_offset(&job->run.cut, 1));
  (void)snprintf(line[5], sizeof line[5],
                 "READ ranks 0x1 reader 0 channel 2 listeners 2 base %u stride 8 words 1 beats 1 "
                 "first 2 sequences 2",
                 trine_rows_offset(&job->run.cut, 0));
  const char *const expected[] = {
      line[0],
      line[1],
      line[2],
      line[3],
      "CHANNEL ranks 0x3 channel 0 users 2 ring 0 stride 1 words 2",
      "CHANNEL ranks 0x1 channel 1 users 1 ring 4 stride 2 words 2",
      "CHANNEL ranks 0x1 channel 2 users 1 ring 12 stride 1 words 1",
      SMALL_LSTM("0x1", "groups 1 units 2 first_unit 0 x_weight 0 h_weight 1 x_param 0 h_param 2"),
      SMALL_DENSE("0x1", "units 8 first_unit 0 x_weight 2 x_param 4"),
      "CHANNEL ranks 0x2 channel 2 users 1 ring 4 stride 1 words 1",
      SMALL_LSTM("0x2", "groups 2 units 4 first_unit 2 x_weight 0 h_weight 2 x_param 0 h_param 4"),
      SMALL_DENSE("0x2", "units 2 first_unit 8 x_weight 4 x_param 8"),
      "TABLE ranks 0x1 first 0 offset 0 length 5 continued 0 offset 80 length 3 continued 0",
      line[4],
      "TABLE ranks 0x1 first 2 offset 0 length 5 continued 0 offset 40 length 3 continued 0",
      line[5],
      "RUN ranks 0x3 contexts 3 more 0 begin 2 steps 8",
      "END"};
  check_list(job, fake, TRINE_ALL_RANKS, expected, sizeof expected / sizeof expected[0]);
  const char *const second[] = {line[2],      line[3],      expected[4],  expected[9],
                                expected[10], expected[11], expected[16], "END"};
  check_list(job, fake, 1, second, sizeof second / sizeof second[0]);
}

START_TEST(test_helper_program_is_as_the_guide_says) {
  struct seed_stream stream = seed_start("program");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  small_network(&made, &stream);
  struct trine_job_options options = {.mode = TRINE_MODE_HELPER};
  struct driver_job job;
  job_create(&job, device, &made.network, &options);
  struct driver_batch batch;
  batch_create(&batch, &stream, &made.network, 2, 5, false, false);
  batch.lengths[0] = 5;
  batch.lengths[1] = 3;
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_OK);
  check_helper(job.job, &fake);
  batch_free(&batch);
  job_free(&job);
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

/* What follows the TABLEs is one block, so that it can be repeated: RUN of both ranks, streams of
 * each, SAVEs of one rank after the other. */
START_TEST(test_a_resident_helper_has_one_last_block) {
  struct seed_stream stream = seed_start("last block");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  small_network(&made, &stream);
  struct trine_job_options options = {.mode = TRINE_MODE_HELPER};
  struct driver_job job;
  job_create(&job, device, &made.network, &options);
  struct driver_batch batch;
  batch_create(&batch, &stream, &made.network, 1, 4, false, true);
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_OK);
  batch.state_in[0].c[0]++; /* not the states that it has: neither goes on nor repeats */
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_OK);
  const char *const names[] = {"LOAD ranks 0x1", "LOAD ranks 0x1",  "LOAD ranks 0x2",
                               "LOAD ranks 0x2", "TABLE ranks 0x1", "TABLE ranks 0x1",
                               "RUN ranks 0x3",  "READ ranks 0x1",  "WRITE ranks 0x1",
                               "SAVE ranks 0x1", "SAVE ranks 0x2",  "END"};
  const uint32_t count = sizeof names / sizeof names[0];
  uint32_t list[128], at = 0;
  const uint32_t *program = program_of(job.job, &fake);
  const uint32_t words =
      trine_program_list(program, job.job->image->program_bytes, TRINE_ALL_RANKS, list, 128);
  for (uint32_t n = 0; n < count; n++) {
    char text[400];
    at += trine_disassemble(list + at, words - at, text, sizeof text);
    ck_assert_msg(strncmp(text, names[n], strlen(names[n])) == 0, "%s: %s", names[n], text);
  }
  ck_assert_uint_eq(at, words);
  ck_assert_uint_eq(program[6], words + 6 * TRINE_WORDS_BLOCK); /* a block each LOAD, and two */
  ck_assert(fake.slot[0].unit.is_repeatable);
  batch_free(&batch);
  job_free(&job);
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

START_TEST(test_a_resident_job_pays_a_short_program) {
  struct seed_stream stream = seed_start("resident");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  small_network(&made, &stream);
  struct driver_job job;
  job_create(&job, device, &made.network, NULL);
  struct driver_batch batch;
  batch_create(&batch, &stream, &made.network, 1, 4, false, false);
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_OK);
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_OK);
  const uint32_t *program = program_of(job.job, &fake);
  ck_assert_uint_eq(program[5], 1);
  /* WRITE and READ with a table of one each, RUN, END: channels are known, nothing to wait for. */
  ck_assert_uint_eq(program[6], 4 + 8 + 4 + 7 + 3 + 1 + 2 * TRINE_WORDS_BLOCK);
  batch_free(&batch);
  job_free(&job);
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

static enum trine_status try_stack(struct trine *device, uint32_t inputs, uint32_t units,
                                   const struct trine_job_options *options, size_t memory_bytes) {
  struct seed_stream stream = seed_start("refused");
  struct driver_case made;
  memset(&made, 0, sizeof made);
  made.layers[0] = random_lstm(&stream, inputs, units, false);
  made.layers[0].name = "lstm0";
  made.tensors[0] = (struct trine_tensor){1, {inputs}};
  made.tensors[1] = (struct trine_tensor){1, {units}};
  made.chains[0] = (struct trine_chain){.target = 1, .layer_count = 1};
  made.network = (struct trine_network){2, made.tensors, 1, made.layers, 1, made.chains};
  size_t bytes = trine_job_sizeof(device, &made.network);
  void *memory = malloc(bytes);
  ck_assert_ptr_nonnull(memory);
  struct trine_job *job = NULL;
  enum trine_status status = trine_job_create(device, &made.network, options, memory,
                                              memory_bytes < bytes ? memory_bytes : bytes, &job);
  trine_job_destroy(job);
  free(memory);
  case_free(&made);
  return status;
}

static void expect_refusal(struct trine *device, uint32_t inputs, uint32_t units,
                           const struct trine_job_options *options, enum trine_status want,
                           const char *first, const char *second) {
  enum trine_status status = try_stack(device, inputs, units, options, SIZE_MAX);
  const char *text = trine_last_error(device);
  ck_assert_int_eq(status, want);
  ck_assert_msg(strstr(text, first) != NULL && strstr(text, second) != NULL,
                "'%s' lacks '%s' or '%s'", text, first, second);
}

START_TEST(test_refusals_name_limit_and_value) {
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  const struct trine_job_options single = {.mode = TRINE_MODE_SINGLE};
  const struct trine_job_options many = {.mode = TRINE_MODE_HELPER, .cores = 3};
  const struct trine_job_options lonely = {.mode = TRINE_MODE_HELPER, .cores = 1};
  const struct trine_job_options pipeline = {.mode = TRINE_MODE_MULTITHREADING, .cores = 2};
  const struct trine_job_options masked = {.mode = TRINE_MODE_SINGLE, .core_mask = 4};
  const struct trine_job_options window = {.mode = TRINE_MODE_SINGLE, .window_bytes = 1 << 20};
  expect_refusal(device, 128, 128, &single, TRINE_ERR_LIMIT, "131072", "65536");
  expect_refusal(device, 1025, 4, &single, TRINE_ERR_LIMIT, "1025", "1024");
  expect_refusal(device, 4, 1025, &single, TRINE_ERR_LIMIT, "1025", "1024");
  expect_refusal(device, 1, 129, &single, TRINE_ERR_LIMIT, "lstm0", "configuration fake");
  expect_refusal(device, 4, 4, &many, TRINE_ERR_LIMIT, "3 cores", "has 2");
  expect_refusal(device, 4, 4, &lonely, TRINE_ERR_LIMIT, "helper", "1");
  expect_refusal(device, 4, 4, &pipeline, TRINE_ERR_LIMIT, "two layers", "1 layers");
  expect_refusal(device, 4, 4, &masked, TRINE_ERR_LIMIT, "0x4", "2");
  expect_refusal(device, 4, 4, &window, TRINE_ERR_MEMORY, "1048576", "258048");
  ck_assert_int_eq(try_stack(device, 4, 4, &single, 100), TRINE_ERR_MEMORY);
  ck_assert_uint_eq(fake.starts, 0);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

START_TEST(test_device_errors_and_timeouts_leave_the_next_job_exact) {
  struct seed_stream stream = seed_start("errors");
  struct fake_params params = case_params("duo");
  struct fake_device fake;
  fake_device_create(&fake, &params, MEMORY);
  struct trine *device = case_open(&fake);
  struct driver_case made;
  small_network(&made, &stream);
  const struct trine_job_options options = {.mode = TRINE_MODE_HELPER, .timeout_ms = 7};
  struct driver_job job;
  job_create(&job, device, &made.network, &options);
  struct driver_batch batch;
  batch_create(&batch, &stream, &made.network, 2, 4, false, true);
  batch_expect(&batch, &made.network);
  fake.troubles.fail_code = TRINE_ERROR_BUS_READ;
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_ERR_DEVICE);
  ck_assert_ptr_nonnull(strstr(trine_last_error(device), "BUS_READ on core 0 at operation LOAD"));
  fake.troubles.hang = true;
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_ERR_TIMEOUT);
  ck_assert_ptr_nonnull(strstr(trine_last_error(device), "not done within 7 ms"));
  ck_assert_uint_eq(fake.slot[0].reg[TRINE_DOMAIN_STATUS / 4], TRINE_DOMAIN_STATUS_STATE_ERROR);
  fake.troubles.hang = false;
  ck_assert_int_eq(trine_job_run(job.job, &batch.batch), TRINE_OK);
  batch_compare(&batch, &made.network, "after errors");
  batch_free(&batch);
  job_free(&job);
  case_free(&made);
  free(device);
  fake_device_destroy(&fake);
}
END_TEST

START_TEST(test_open_reads_exactly_these_registers) {
  struct fake_params params = case_params("nano");
  const uint32_t *values = (const uint32_t *)(const void *)&params;
  struct trine_access list[24] = {
      {TRINE_ACCESS_READ, TRINE_GLOBAL_ID, TRINE_GLOBAL_ID_RESET, 0},
      {TRINE_ACCESS_READ, TRINE_GLOBAL_VERSION, TRINE_GLOBAL_VERSION_RESET + 0x203, 0},
      {TRINE_ACCESS_READ, TRINE_GLOBAL_CONFIG_HASH, trine_crc32(0, values, sizeof params), 0},
      {TRINE_ACCESS_READ, TRINE_GLOBAL_FEATURES, 1, 0}};
  for (uint32_t n = 0; n < 18; n++) {
    list[4 + n] =
        (struct trine_access){TRINE_ACCESS_READ, TRINE_GLOBAL_PARAMS + 4 * n, values[n], 0};
  }
  list[22] = (struct trine_access){TRINE_ACCESS_READ, TRINE_GLOBAL_CORES_BUSY, 0, 0};
  list[23] = (struct trine_access){TRINE_ACCESS_READ, TRINE_GLOBAL_QUARANTINE, 0, 0};
  struct trine *device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(device);
  struct trine_record record = {.expected = list, .expected_count = 24};
  struct trine_bus bus = trine_record_bus(&record);
  ck_assert_int_eq(trine_open(device, &bus, 0, 4096, NULL), TRINE_OK);
  ck_assert_msg(trine_record_complete(&record), "%s", record.error);
  ck_assert_uint_eq(trine_get_info(device)->mem_bytes, 4);

  list[1].value = 5u << 16; /* another major version */
  record = (struct trine_record){.expected = list, .expected_count = 2};
  ck_assert_int_eq(trine_open(device, &bus, 0, 4096, NULL), TRINE_ERR_VERSION);
  ck_assert_ptr_nonnull(strstr(trine_last_error(device), "major version 5"));
  ck_assert_msg(trine_record_complete(&record), "%s", record.error);

  list[0].value = 0xffffffff; /* not a Trine: nothing but the ID is read */
  record = (struct trine_record){.expected = list, .expected_count = 1};
  ck_assert_int_eq(trine_open(device, &bus, 0, 4096, NULL), TRINE_ERR_VERSION);
  ck_assert_msg(trine_record_complete(&record), "%s", record.error);
  free(device);
}
END_TEST

START_TEST(test_crc_is_that_of_zlib) {
  ck_assert_uint_eq(trine_crc32(0, "123456789", 9), 0xcbf43926);
  ck_assert_uint_eq(fake_crc("123456789", 9), 0xcbf43926);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_programs");
  TCase *tests = tcase_create("programs");
  tcase_add_test(tests, test_helper_program_is_as_the_guide_says);
  tcase_add_test(tests, test_a_resident_helper_has_one_last_block);
  tcase_add_test(tests, test_a_resident_job_pays_a_short_program);
  tcase_add_test(tests, test_refusals_name_limit_and_value);
  tcase_add_test(tests, test_device_errors_and_timeouts_leave_the_next_job_exact);
  tcase_add_test(tests, test_open_reads_exactly_these_registers);
  tcase_add_test(tests, test_crc_is_that_of_zlib);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
