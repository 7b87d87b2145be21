/* SPDX-License-Identifier: Apache-2.0 */
/* test_session_arguments: every function of sw/session with each argument that it must refuse, and
 * the sentence. Run under the sanitizers: what is refused is not touched. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "session/replicas.h"
#include "session/session.h"
#include "support/checked/driver_case.h"
#include "support/checked/header_functions.h"

enum { STEPS = 2, WIDTH = 12, OUT = 9, MEMORY_BYTES = 1 << 22 };

static const char *const of_session[] = {
    "trine_session_open", "trine_session_close", "trine_session_run", "trine_session_step",
    "trine_session_stats", "trine_stats_add", "trine_sessions_run", "trine_session_core_mask",
    /* test_session_file.c gives these theirs */
    "trine_session_open_file", "trine_session_model", "trine_session_run_array",
    "trine_session_run_arrays"};
static const char *const of_replicas[] = {"trine_replicas_create",    "trine_replicas_destroy",
                                          "trine_replicas_run",       "trine_replicas_cut",
                                          "trine_replicas_wait",      "trine_replicas_stats",
                                          "trine_replicas_core_mask", "trine_replicas_placement"};
static const char *const of_states[] = {
    "trine_states_make", "trine_states_free", "trine_states_reset", "trine_states_copy",
    "trine_states_fresh", "trine_states_load", "trine_states_read", "trine_states_save",
    /* test_model_plan.c gives these theirs */
    "trine_states_make_image", "trine_states_read_image"};

struct session_bench {
  struct trine_model *vowels, *two; /* two LSTMs of 64 units; two of other widths */
  struct trine_states one, wide, other;
  struct fake_device fake;
  struct trine *device;
  struct trine_session *session; /* of vowels, on the device */
  int8_t input[2 * STEPS * WIDTH], output[2 * STEPS * OUT];
  struct trine_error error;
};

static void said(struct session_bench *bench, const char *part) {
  ck_assert_msg(strstr(bench->error.text, part) != NULL, "'%s' lacks '%s'", bench->error.text,
                part);
  bench->error.text[0] = '\0';
}

static void bench_open(struct session_bench *bench) {
  const struct fake_params params = case_params("duo");
  memset(bench, 0, sizeof *bench);
  ck_assert_int_eq(trine_model_load("tests/models/vowels.tflite", &bench->vowels, NULL), TRINE_OK);
  ck_assert_int_eq(trine_model_load("tests/fuzz/corpus/tflite/two-lstms.tflite", &bench->two, NULL),
                   TRINE_OK);
  ck_assert_int_eq(trine_states_make(bench->vowels, 1, &bench->one, NULL), TRINE_OK);
  ck_assert_int_eq(trine_states_make(bench->vowels, 2, &bench->wide, NULL), TRINE_OK);
  ck_assert_int_eq(trine_states_make(bench->two, 1, &bench->other, NULL), TRINE_OK);
  fake_device_create(&bench->fake, &params, MEMORY_BYTES);
  bench->device = case_open(&bench->fake);
  ck_assert_int_eq(trine_session_open(bench->vowels, bench->device, NULL, &bench->session, NULL),
                   TRINE_OK);
}

static void bench_close(struct session_bench *bench) {
  ck_assert_uint_eq(bench->fake.starts, 0); /* nothing that was refused reached the device */
  trine_session_close(bench->session);
  trine_states_free(&bench->one);
  trine_states_free(&bench->wide);
  trine_states_free(&bench->other);
  trine_model_free(bench->vowels);
  trine_model_free(bench->two);
  free(bench->device);
  fake_device_destroy(&bench->fake);
}

START_TEST(test_every_function_of_the_headers_is_called_here) {
  header_functions_are("sw/session/session.h", of_session, sizeof of_session / sizeof(char *));
  header_functions_are("sw/session/replicas.h", of_replicas, sizeof of_replicas / sizeof(char *));
  header_functions_are("sw/session/states.h", of_states, sizeof of_states / sizeof(char *));
}
END_TEST

START_TEST(test_a_session_is_not_opened) {
  struct session_bench bench;
  bench_open(&bench);
  const uint32_t lengths[2] = {STEPS, STEPS}, long_ones[1] = {0};
  const struct trine_plan_batch none = {.sequences = 0, .lengths = lengths},
                                bare = {.sequences = 2},
                                empty = {.sequences = 1, .lengths = long_ones};
  const struct trine_model_plan other = {.model = bench.two, .count = 1};
  const struct {
    struct trine_session_options options;
    const char *part;
  } wrong[] = {{{.mode = (enum trine_mode)4}, "modes 0 to 3, not 4"},
               {{.mode = (enum trine_mode) - 1}, "not -1"},
               {{.cores = TRINE_MAX_CORES + 1}, "0 to 16 cores, not 17"},
               {{.plan_for = &none}, "has 0 and its lengths"},
               {{.plan_for = &bare}, "has 2 and no lengths"},
               {{.mode = TRINE_MODE_HELPER, .cores = 5}, "5 cores"},
               {{.core_mask = 1u << 31}, "0x80000000"},
               {{.plan_for = &empty}, ""},
               {{.plan = &other}, "own model of"}};
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    struct trine_session *session = bench.session;
    ck_assert_int_ne(
        trine_session_open(bench.vowels, bench.device, &wrong[n].options, &session, &bench.error),
        TRINE_OK);
    ck_assert_ptr_null(session);
    ck_assert_str_ne(bench.error.text, "");
    said(&bench, wrong[n].part);
  }
  struct trine_session *session = bench.session;
  ck_assert_int_eq(trine_session_open(NULL, bench.device, NULL, &session, &bench.error),
                   TRINE_ERR_ARG);
  said(&bench, "no model");
  ck_assert_ptr_null(session);
  ck_assert_int_eq(trine_session_open(bench.vowels, NULL, NULL, NULL, &bench.error), TRINE_ERR_ARG);
  said(&bench, "no place");
  ck_assert_int_eq(trine_session_open(NULL, NULL, NULL, NULL, NULL), TRINE_ERR_ARG);
  struct trine *closed = calloc(1, trine_sizeof());
  ck_assert_int_eq(trine_session_open(bench.vowels, closed, NULL, &session, &bench.error),
                   TRINE_ERR_ARG);
  said(&bench, "not open");
  const struct trine_plan_batch two = {.sequences = 2, .lengths = lengths};
  const struct trine_session_options planned = {.plan_for = &two};
  ck_assert_int_eq(trine_session_open(bench.vowels, closed, &planned, &session, &bench.error),
                   TRINE_ERR_ARG);
  said(&bench, "not open");
  free(closed);
  trine_session_close(NULL);
  ck_assert_ptr_null(trine_session_stats(NULL));
  ck_assert_uint_eq(trine_session_core_mask(NULL, 0), 0);
  ck_assert_uint_eq(trine_session_core_mask(bench.session, 99), 0);
  struct trine_stats sum = {.cycles = 1};
  trine_stats_add(NULL, &sum);
  trine_stats_add(&sum, NULL);
  ck_assert_uint_eq(sum.cycles, 1);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_batch_is_refused_before_anything_is_made_for_it) {
  struct session_bench bench;
  bench_open(&bench);
  const uint32_t zero[2] = {1, 0}, many[2] = {1, STEPS + 1};
  struct trine_lstm_state bare[2], headless[2];
  memcpy(bare, bench.wide.lstm, sizeof bare);
  memcpy(headless, bench.wide.lstm, sizeof headless);
  bare[0].c = NULL;
  headless[1].h = NULL;
  const struct trine_model_batch good = {.sequences = 2,
                                         .steps = STEPS,
                                         .input = bench.input,
                                         .output = bench.output,
                                         .state_in = bench.wide.lstm,
                                         .state_out = bench.wide.lstm};
  struct trine_model_batch bad[11];
  for (size_t n = 0; n < 11; n++) {
    bad[n] = good;
  }
  bad[0].sequences = 0;
  bad[1].steps = 0;
  bad[2].input = NULL;
  bad[3].output = NULL;
  bad[4].lengths = zero;
  bad[5].lengths = many;
  bad[6].state_in = bare;
  bad[7].state_out = bare; /* h is there: c was once written through NULL */
  bad[8].state_out = headless;
  bad[9].sequences = UINT32_MAX; /* states for so many were once made first */
  bad[10].steps = UINT32_MAX;
  for (size_t n = 0; n < 11; n++) {
    ck_assert_msg(trine_session_run(bench.session, &bad[n], &bench.error) == TRINE_ERR_ARG,
                  "batch %zu: %s", n, bench.error.text);
    ck_assert_str_ne(bench.error.text, "");
    bench.error.text[0] = '\0';
  }
  ck_assert_int_eq(trine_session_run(NULL, &good, &bench.error), TRINE_ERR_ARG);
  said(&bench, "no session");
  ck_assert_int_eq(trine_session_run(bench.session, NULL, &bench.error), TRINE_ERR_ARG);
  said(&bench, "0 sequences");
  ck_assert_uint_eq(trine_session_stats(bench.session)->runs, 0);
  bench_close(&bench);
}
END_TEST

START_TEST(test_sessions_side_by_side_are_refused) {
  struct session_bench bench;
  bench_open(&bench);
  struct trine_session *golden = NULL;
  ck_assert_int_eq(trine_session_open(bench.vowels, NULL, NULL, &golden, NULL), TRINE_OK);
  struct trine_session *both[] = {bench.session, golden}, *lost[] = {bench.session, NULL};
  const struct trine_model_batch batches[2] = {{.sequences = 1}, {.sequences = 1}};
  ck_assert_int_lt(trine_sessions_run(NULL, batches, 1, &bench.error), 0);
  said(&bench, "not 0");
  ck_assert_int_lt(trine_sessions_run(both, NULL, 1, &bench.error), 0);
  said(&bench, "not 0");
  ck_assert_int_lt(trine_sessions_run(both, batches, 0, &bench.error), 0);
  said(&bench, "1 to 16 sessions");
  ck_assert_int_lt(trine_sessions_run(both, batches, 17, &bench.error), 0);
  said(&bench, "not 17");
  ck_assert_int_lt(trine_sessions_run(both, batches, 2, &bench.error), 0);
  said(&bench, "Session 1 is not open on the device");
  ck_assert_int_lt(trine_sessions_run(lost, batches, 2, &bench.error), 0);
  said(&bench, "Session 1 is not open on the device");
  ck_assert_int_lt(trine_sessions_run(both, batches, 1, &bench.error), 0);
  ck_assert_str_ne(bench.error.text, ""); /* a batch without data */
  trine_session_close(golden);
  bench_close(&bench);
}
END_TEST

START_TEST(test_a_step_is_refused) {
  struct session_bench bench;
  bench_open(&bench);
  struct trine_states none = {.sequences = 1}, holed = bench.one;
  struct trine_lstm_state bare[2] = {{NULL, NULL}, {NULL, NULL}};
  holed.lstm = bare;
  const struct {
    struct trine_session *session;
    struct trine_states *stream;
    uint32_t steps;
    const int8_t *input;
    const char *part;
  } wrong[] = {{NULL, &bench.one, 1, bench.input, "no session"},
               {bench.session, NULL, 1, bench.input, "no state"},
               {bench.session, &bench.wide, 1, bench.input, "this one has 2"},
               {bench.session, &bench.other, 1, bench.input, "this one has 2 LSTMs"},
               {bench.session, &none, 1, bench.input, "this one has 0 LSTMs"},
               {bench.session, &holed, 1, bench.input, "no h or no c"},
               {bench.session, &bench.one, 0, bench.input, "of 0 steps"},
               {bench.session, &bench.one, 1, NULL, "needs model, input"}};
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    ck_assert_int_eq(trine_session_step(wrong[n].session, wrong[n].stream, wrong[n].steps,
                                        wrong[n].input, bench.output, &bench.error),
                     TRINE_ERR_ARG);
    said(&bench, wrong[n].part);
  }
  ck_assert_int_eq(
      trine_session_step(bench.session, &bench.one, 1, bench.input, NULL, &bench.error),
      TRINE_ERR_ARG);
  ck_assert(trine_states_fresh(&bench.one, 0));
  bench_close(&bench);
}
END_TEST

START_TEST(test_states_are_refused) {
  struct session_bench bench;
  bench_open(&bench);
  struct trine_error *error = &bench.error;
  struct trine_states none = {.sequences = 0}, made = bench.one;
  struct trine_states fewer = bench.one;
  fewer.lstm_count = 1;
  ck_assert_int_eq(trine_states_make(NULL, 1, &made, error), TRINE_ERR_ARG);
  said(&bench, "no model");
  ck_assert_ptr_null(made.lstm);
  ck_assert_int_eq(trine_states_make(bench.vowels, 1, NULL, error), TRINE_ERR_ARG);
  said(&bench, "no place");
  ck_assert_int_eq(trine_states_make(bench.vowels, 0, &made, error), TRINE_ERR_ARG);
  said(&bench, "0 sequences");
  trine_states_free(&made);
  trine_states_free(NULL);
  const struct {
    struct trine_states *to;
    uint32_t to_at;
    const struct trine_states *from;
    uint32_t from_at;
    const char *part;
  } wrong[] = {{NULL, 0, &bench.one, 0, "made or read first"},
               {&bench.one, 0, NULL, 0, "made or read first"},
               {&none, 0, &bench.one, 0, "made or read first"},
               {&bench.one, 0, &none, 0, "made or read first"},
               {&bench.one, 1, &bench.wide, 0, "no sequence 1"},
               {&bench.wide, 0, &bench.wide, UINT32_MAX, "no sequence 4294967295"},
               {&bench.one, 0, &bench.other, 0, "units do not become those of one with 64"},
               {&bench.one, 0, &fewer, 0, "1 LSTMs do not become those of 2"},
               {&bench.other, 0, &bench.one, 0, "LSTM 0 with 64 units do not become"}};
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    ck_assert_int_eq(
        trine_states_copy(wrong[n].to, wrong[n].to_at, wrong[n].from, wrong[n].from_at, error),
        TRINE_ERR_ARG);
    said(&bench, wrong[n].part);
  }
  ck_assert_int_eq(trine_states_reset(NULL, 0, error), TRINE_ERR_ARG);
  said(&bench, "made or read first");
  ck_assert_int_eq(trine_states_reset(&bench.wide, 2, error), TRINE_ERR_ARG);
  said(&bench, "the sequences 0 to 1");
  ck_assert(!trine_states_fresh(NULL, 0) && !trine_states_fresh(&none, 0));
  ck_assert(trine_states_fresh(&bench.wide, 1) && !trine_states_fresh(&bench.wide, 2));
  bench_close(&bench);
}
END_TEST

START_TEST(test_files_of_states_are_refused) {
  const char *path = "build/test_session_arguments.npz";
  struct session_bench bench;
  bench_open(&bench);
  struct trine_error *error = &bench.error;
  struct trine_states none = {.sequences = 0}, stateless = {.sequences = 1}, read = bench.one;
  ck_assert_int_eq(trine_states_load(NULL, &bench.one, error), TRINE_ERR_ARG);
  said(&bench, "needs a name");
  ck_assert_int_eq(trine_states_load(path, NULL, error), TRINE_ERR_ARG);
  said(&bench, "made or read");
  ck_assert_int_eq(trine_states_load(path, &none, error), TRINE_ERR_ARG);
  said(&bench, "made or read");
  ck_assert_int_eq(trine_states_save(NULL, &bench.one, error), TRINE_ERR_ARG);
  said(&bench, "needs a name");
  ck_assert_int_eq(trine_states_save(path, NULL, error), TRINE_ERR_ARG);
  said(&bench, "made or read");
  ck_assert_int_eq(trine_states_save(path, &none, error), TRINE_ERR_ARG);
  said(&bench, "made or read");
  ck_assert_int_eq(trine_states_save(path, &stateless, error), TRINE_ERR_ARG);
  said(&bench, "without an LSTM");
  ck_assert_int_eq(trine_states_read(NULL, bench.vowels, &read, error), TRINE_ERR_ARG);
  said(&bench, "no file");
  ck_assert_int_eq(trine_states_read(path, NULL, &read, error), TRINE_ERR_ARG);
  said(&bench, "no model");
  ck_assert_int_eq(trine_states_read(path, bench.vowels, NULL, error), TRINE_ERR_ARG);
  said(&bench, "no place");
  ck_assert_ptr_null(read.lstm);
  ck_assert_int_eq(trine_states_read(path, bench.vowels, &read, error), TRINE_ERR_NOT_FOUND);
  ck_assert_ptr_null(read.lstm);
  bench_close(&bench);
}
END_TEST

/* What a function said, which is in the device. */
static void device_said(const struct session_bench *bench, const char *part) {
  const char *text = trine_last_error(bench->device);
  ck_assert_msg(strstr(text, part) != NULL, "'%s' lacks '%s'", text, part);
}

START_TEST(test_replicas_are_refused) {
  struct session_bench bench;
  bench_open(&bench);
  const struct trine_network *network = trine_model_network(bench.vowels, 0);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .cores = 1};
  struct trine_replicas *replicas = NULL;
  struct trine *device = bench.device;
  ck_assert_int_eq(trine_replicas_create(NULL, network, &options, 1, &replicas), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_replicas_create(device, NULL, &options, 1, &replicas), TRINE_ERR_ARG);
  device_said(&bench, "need a network");
  ck_assert_int_eq(trine_replicas_create(device, network, NULL, 1, &replicas), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_replicas_create(device, network, &options, 1, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_replicas_create(device, network, &options, 0, &replicas), TRINE_ERR_ARG);
  device_said(&bench, "1 to 16 jobs run side by side, not 0");
  ck_assert_int_eq(trine_replicas_create(device, network, &options, 17, &replicas), TRINE_ERR_ARG);
  device_said(&bench, "not 17");
  struct trine *closed = calloc(1, trine_sizeof());
  ck_assert_int_eq(trine_replicas_create(closed, network, &options, 1, &replicas), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(trine_last_error(closed), "not open"));
  ck_assert_ptr_null(replicas);
  free(closed);
  ck_assert_int_eq(trine_replicas_create(device, network, &options, 2, &replicas), TRINE_OK);
  const struct trine_batch batch = {.sequences = 0};
  struct trine_job *jobs[TRINE_MAX_CORES];
  const struct trine_batch *batches[TRINE_MAX_CORES];
  ck_assert_int_eq(trine_replicas_run(NULL, &batch), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_replicas_run(replicas, NULL), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_replicas_run(replicas, &batch), TRINE_ERR_ARG);
  ck_assert_str_ne(trine_last_error(device), "");
  ck_assert_uint_eq(trine_replicas_cut(NULL, &batch, jobs, batches), 0);
  ck_assert_uint_eq(trine_replicas_cut(replicas, &batch, NULL, batches), 0);
  ck_assert_uint_eq(trine_replicas_cut(replicas, &batch, jobs, NULL), 0);
  ck_assert_int_eq(trine_replicas_wait(NULL, 1), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_replicas_wait(replicas, 0), TRINE_ERR_ARG);
  device_said(&bench, "1 to 2 jobs to wait for, not 0");
  ck_assert_int_eq(trine_replicas_wait(replicas, 3), TRINE_ERR_ARG);
  device_said(&bench, "not 3");
  ck_assert_int_eq(trine_replicas_wait(replicas, 1), TRINE_ERR_ARG);
  device_said(&bench, "not started");
  ck_assert_ptr_null(trine_replicas_stats(NULL));
  ck_assert_uint_eq(trine_replicas_core_mask(NULL), 0);
  ck_assert_ptr_null(trine_replicas_placement(NULL));
  ck_assert_uint_eq(trine_replicas_placement(replicas)->ranks, 1);
  trine_replicas_destroy(NULL);
  trine_replicas_destroy(replicas);
  bench_close(&bench);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("session_arguments");
  TCase *tests = tcase_create("arguments");
  tcase_add_test(tests, test_every_function_of_the_headers_is_called_here);
  tcase_add_test(tests, test_a_session_is_not_opened);
  tcase_add_test(tests, test_a_batch_is_refused_before_anything_is_made_for_it);
  tcase_add_test(tests, test_sessions_side_by_side_are_refused);
  tcase_add_test(tests, test_a_step_is_refused);
  tcase_add_test(tests, test_states_are_refused);
  tcase_add_test(tests, test_files_of_states_are_refused);
  tcase_add_test(tests, test_replicas_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
