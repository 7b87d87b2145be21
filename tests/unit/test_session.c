/* SPDX-License-Identifier: Apache-2.0 */
/* test_session: streams that take turns on one resident model give the same bits however they are
 * cut, forked, moved and stored; weights are loaded once. On the fake device and the golden model.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/npy.h"
#include "session/replicas.h"
#include "session/session.h"
#include "support/checked/driver_case.h"
#include "support/hostile.h"

enum { STEPS = 29, WIDTH = 12, OUT = 9, STREAMS = 64, MEMORY_BYTES = 1 << 22 };

struct session_fixture {
  struct trine_model *model;
  struct trine_array input, expected; /* vowels: int8 [370,29,12] and [370,29,9] */
  struct fake_device fake;
  struct trine *device;
  struct trine_session *session;
};

static const int8_t *stream_input(const struct session_fixture *f, uint32_t stream, uint32_t step) {
  return (const int8_t *)f->input.data + ((size_t)stream * STEPS + step) * WIDTH;
}

static const int8_t *stream_expected(const struct session_fixture *f, uint32_t stream,
                                     uint32_t step) {
  return (const int8_t *)f->expected.data + ((size_t)stream * STEPS + step) * OUT;
}

/* mode: enum trine_mode, or -1 for the golden model. */
static void open_fixture(struct session_fixture *f, int mode) {
  struct trine_error error = {""};
  const struct fake_params params = case_params("duo");
  *f = (struct session_fixture){.model = NULL};
  ck_assert_msg(trine_model_load("tests/models/vowels.tflite", &f->model, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_int_eq(trine_npy_read("tests/models/vowels_xq.npy", &f->input, &error), TRINE_OK);
  ck_assert_int_eq(trine_npy_read("tests/models/vowels_tflm.npy", &f->expected, &error), TRINE_OK);
  if (mode >= 0) {
    fake_device_create(&f->fake, &params, MEMORY_BYTES);
    f->device = case_open(&f->fake);
  }
  const struct trine_session_options options = {.mode = mode < 0 ? TRINE_MODE_SINGLE
                                                                 : (enum trine_mode)mode};
  ck_assert_msg(trine_session_open(f->model, f->device, &options, &f->session, &error) == TRINE_OK,
                "%s", error.text);
}

static void close_fixture(struct session_fixture *f) {
  trine_session_close(f->session);
  if (f->device != NULL) {
    free(f->device);
    fake_device_destroy(&f->fake);
  }
  trine_array_free(&f->input);
  trine_array_free(&f->expected);
  trine_model_free(f->model);
}

static void make_states(const struct session_fixture *f, uint32_t sequences,
                        struct trine_states *states) {
  struct trine_error error = {""};
  ck_assert_msg(trine_states_make(f->model, sequences, states, &error) == TRINE_OK, "%s",
                error.text);
}

/* Steps [first, first + count) of a stream, compared with the reference's. */
static void step_and_compare(struct session_fixture *f, struct trine_states *state, uint32_t stream,
                             uint32_t first, uint32_t count) {
  int8_t output[STEPS * OUT];
  struct trine_error error = {""};
  ck_assert_msg(trine_session_step(f->session, state, count, stream_input(f, stream, first), output,
                                   &error) == TRINE_OK,
                "%s", error.text);
  for (uint32_t n = 0; n < count * OUT; n++) {
    ck_assert_msg(output[n] == stream_expected(f, stream, first)[n],
                  "stream %u, step %u, value %u: got %d, want %d", stream, first + n / OUT, n % OUT,
                  output[n], stream_expected(f, stream, first)[n]);
  }
}

static const int modes[] = {-1, TRINE_MODE_SINGLE, TRINE_MODE_MULTITHREADING, TRINE_MODE_HELPER};

START_TEST(test_chunks_give_the_same_bits) {
  static const uint32_t chunks[] = {1, 7, STEPS};
  struct session_fixture f;
  open_fixture(&f, modes[_i]);
  struct trine_states state;
  make_states(&f, 1, &state);
  for (size_t p = 0; p < sizeof chunks / sizeof chunks[0]; p++) {
    ck_assert_int_eq(trine_states_reset(&state, 0, NULL), TRINE_OK);
    for (uint32_t step = 0; step < STEPS; step += chunks[p]) {
      step_and_compare(&f, &state, 3, step, step + chunks[p] < STEPS ? chunks[p] : STEPS - step);
    }
  }
  trine_states_free(&state);
  close_fixture(&f);
}
END_TEST

START_TEST(test_64_streams_take_turns) {
  struct session_fixture f;
  open_fixture(&f, modes[_i]);
  struct trine_states states[STREAMS];
  uint64_t words = 0;
  for (uint32_t n = 0; n < STREAMS; n++) {
    make_states(&f, 1, &states[n]);
  }
  for (uint32_t step = 0; step + 4 <= STEPS; step += 4) {
    for (uint32_t n = 0; n < STREAMS; n++) {
      step_and_compare(&f, &states[n], n, step, 4);
      if (words == 0) {
        words = f.fake.load_words;
      }
      ck_assert_uint_eq(f.fake.load_words, words); /* weights came with the first run only */
    }
  }
  ck_assert(f.device == NULL || words > 0);
  for (uint32_t n = 0; n < STREAMS; n++) {
    trine_states_free(&states[n]);
  }
  close_fixture(&f);
}
END_TEST

/* A stream goes on from a copy, in another place, from a file, and on another device. */
START_TEST(test_a_stream_is_forked_moved_and_stored) {
  const char *path = "build/test_session_state.npz";
  struct session_fixture here, there;
  struct trine_states one, two, many;
  struct trine_error error = {""};
  open_fixture(&here, TRINE_MODE_HELPER);
  open_fixture(&there, TRINE_MODE_MULTITHREADING);
  make_states(&here, 1, &one);
  make_states(&here, 1, &two);
  make_states(&here, 5, &many);
  step_and_compare(&here, &one, 8, 0, 10);
  ck_assert_int_eq(trine_states_copy(&many, 3, &one, 0, NULL), TRINE_OK);
  ck_assert_int_eq(trine_states_save(path, &one, &error), TRINE_OK);
  step_and_compare(&here, &one, 8, 10, 9);
  ck_assert_msg(trine_states_load(path, &two, &error) == TRINE_OK, "%s", error.text);
  step_and_compare(&there, &two, 8, 10, 19);
  ck_assert_int_eq(trine_states_copy(&two, 0, &many, 3, NULL), TRINE_OK);
  step_and_compare(&there, &two, 8, 10, 5);
  step_and_compare(&here, &one, 8, 19, 10);
  ck_assert_int_eq(trine_states_copy(&two, 0, &many, 1, NULL),
                   TRINE_OK); /* an untouched place of the batch has not begun */
  step_and_compare(&there, &two, 11, 0, 6);
  trine_states_free(&one);
  trine_states_free(&two);
  trine_states_free(&many);
  close_fixture(&here);
  close_fixture(&there);
  remove(path);
}
END_TEST

START_TEST(test_states_that_do_not_fit_are_refused) {
  const char *path = "build/test_session_refused.npz";
  struct session_fixture f;
  struct trine_states one, three;
  struct trine_error error = {""};
  int8_t output[OUT];
  open_fixture(&f, -1);
  make_states(&f, 1, &one);
  make_states(&f, 3, &three);
  ck_assert_int_eq(trine_states_save(path, &three, &error), TRINE_OK);
  memset(one.lstm[0].h, 5, one.units[0]);
  ck_assert_int_eq(trine_states_load(path, &one, &error), TRINE_ERR_FORMAT);
  ck_assert_msg(strstr(error.text, "h0 is int8 [3,64]; it has to be int8 [1,64]") != NULL, "%s",
                error.text);
  ck_assert_int_eq(one.lstm[0].h[0], 5); /* as it was */
  one.units[1]--;
  ck_assert_int_eq(trine_states_save(path, &one, &error), TRINE_OK);
  one.units[1]++;
  ck_assert_int_eq(trine_states_load(path, &one, &error), TRINE_ERR_FORMAT);
  ck_assert_msg(strstr(error.text, "h1 is int8 [1,63]; it has to be int8 [1,64]") != NULL, "%s",
                error.text);
  ck_assert_int_eq(trine_states_load("build/absent.npz", &one, &error), TRINE_ERR_NOT_FOUND);
  ck_assert_int_eq(trine_session_step(f.session, &three, 1, stream_input(&f, 0, 0), output, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "this one has 3"));
  struct trine_states none;
  ck_assert_int_eq(trine_states_make(f.model, 0, &none, &error), TRINE_ERR_ARG);
  trine_states_free(&none);
  trine_states_free(&one);
  trine_states_free(&three);
  close_fixture(&f);
  remove(path);
}
END_TEST

/* A batch that the device takes in several runs, whose memory fails at one read after the other:
 * the states in place are as before, or all of them new. */
START_TEST(test_a_batch_that_fails_changes_no_state) {
  enum { SEQUENCES = 100, TAKEN = 2 };
  struct session_fixture f;
  struct trine_error error = {""};
  open_fixture(&f, TRINE_MODE_SINGLE);
  struct trine_states states;
  make_states(&f, SEQUENCES, &states);
  int8_t *output = malloc((size_t)SEQUENCES * TAKEN * OUT);
  ck_assert_ptr_nonnull(output);
  const struct trine_model_batch batch = {.sequences = SEQUENCES,
                                          .steps = TAKEN,
                                          .input = f.input.data,
                                          .output = output,
                                          .state_in = states.lstm,
                                          .state_out = states.lstm};
  uint32_t failed = 0;
  for (uint32_t reads = 1;; reads++) {
    f.fake.troubles.mem_reads = reads;
    if (trine_session_run(f.session, &batch, &error) == TRINE_OK) {
      break;
    }
    failed++;
    for (uint32_t n = 0; n < SEQUENCES; n++) {
      ck_assert_msg(trine_states_fresh(&states, n), "sequence %u after read %u", n, reads);
    }
  }
  ck_assert_uint_gt(failed, 3);
  ck_assert_uint_gt(trine_session_stats(f.session)->runs, 1);
  uint32_t changed = 0;
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    changed += !trine_states_fresh(&states, n);
  }
  ck_assert_uint_eq(changed, SEQUENCES);
  free(output);
  trine_states_free(&states);
  close_fixture(&f);
}
END_TEST

/* The seeds of the fuzzer's target for state files, and which of them are states. */
START_TEST(test_arrays_of_a_state_file) {
  static const struct {
    const char *name;
    bool good;
  } files[] = {{"one", true},      {"three", true},   {"types", false}, {"unsigned", false},
               {"missing", false}, {"widths", false}, {"rank", false},  {"many", false}};
  struct trine_model *model = NULL;
  struct trine_error error = {""};
  ck_assert_msg(
      trine_model_load("tests/fuzz/corpus/tflite/two-lstms.tflite", &model, &error) == TRINE_OK,
      "%s", error.text);
  for (size_t n = 0; n < sizeof files / sizeof files[0]; n++) {
    char path[64];
    size_t len_bytes = 0;
    uint8_t *bytes = NULL;
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/states/%s", files[n].name);
    ck_assert_msg(trine_file_read(path, 1024, &bytes, &len_bytes, &error) == TRINE_OK, "%s",
                  error.text);
    ck_assert_msg(hostile_states(model, bytes, len_bytes) == files[n].good, "%s", path);
    free(bytes);
  }
  trine_model_free(model);
}
END_TEST

/* A batch of different lengths on two jobs: rows and states of each sequence are the reference's,
 * and no row behind a length is touched. */
START_TEST(test_a_batch_is_cut_for_two_jobs) {
  enum { SEQUENCES = 9, TOTAL = 124 };
  static const uint32_t lengths[SEQUENCES] = {29, 3, 17, 8, 29, 1, 12, 20, 5};
  static int8_t y[SEQUENCES * STEPS * OUT];
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .core_mask = 1};
  struct session_fixture f, golden;
  struct trine_states states, one;
  struct trine_replicas *replicas = NULL;
  struct trine_lstm_state state[TRINE_MAX_LAYERS] = {{NULL, NULL}};
  open_fixture(&f, TRINE_MODE_SINGLE);
  open_fixture(&golden, -1);
  trine_session_close(f.session); /* its core is for the jobs here */
  f.session = NULL;
  make_states(&f, SEQUENCES, &states);
  make_states(&f, 1, &one);
  memcpy(state, states.lstm, states.lstm_count * sizeof *state); /* the network's first layers */
  const struct trine_batch batch = {.sequences = SEQUENCES,
                                    .lengths = lengths,
                                    .input = f.input.data,
                                    .input_batch_stride = (uint64_t)STEPS * WIDTH,
                                    .input_step_stride = WIDTH,
                                    .output = y,
                                    .output_batch_stride = (uint64_t)STEPS * OUT,
                                    .output_step_stride = OUT,
                                    .state_out = state};
  memset(y, 0x55, sizeof y);
  ck_assert_int_eq(
      trine_replicas_create(f.device, trine_model_network(f.model, 0), &options, 2, &replicas),
      TRINE_OK);
  ck_assert_uint_eq(trine_replicas_core_mask(replicas), 3);
  ck_assert_msg(trine_replicas_run(replicas, &batch) == TRINE_OK, "%s", trine_last_error(f.device));
  for (uint32_t i = 0; i < SEQUENCES * STEPS * OUT; i++) {
    const uint32_t n = i / OUT / STEPS, step = i / OUT % STEPS;
    const int8_t want = step < lengths[n] ? stream_expected(&f, n, step)[i % OUT] : 0x55;
    ck_assert_msg(y[i] == want, "sequence %u, step %u: got %d, want %d", n, step, y[i], want);
  }
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    ck_assert_int_eq(trine_states_copy(&one, 0, &states, n, NULL), TRINE_OK);
    if (lengths[n] < STEPS) {
      step_and_compare(&golden, &one, n, lengths[n], STEPS - lengths[n]);
    }
  }
  const struct trine_stats *stats = trine_replicas_stats(replicas);
  ck_assert(stats->cores == 2 && stats->runs == 2 && stats->steps == TOTAL);
  trine_replicas_destroy(replicas);
  trine_states_free(&states);
  trine_states_free(&one);
  close_fixture(&golden);
  close_fixture(&f);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("session");
  TCase *tests = tcase_create("streams");
  tcase_add_loop_test(tests, test_chunks_give_the_same_bits, 0, 4);
  tcase_add_loop_test(tests, test_64_streams_take_turns, 0, 4);
  tcase_add_test(tests, test_a_stream_is_forked_moved_and_stored);
  tcase_add_test(tests, test_states_that_do_not_fit_are_refused);
  tcase_add_test(tests, test_a_batch_that_fails_changes_no_state);
  tcase_add_test(tests, test_arrays_of_a_state_file);
  tcase_add_test(tests, test_a_batch_is_cut_for_two_jobs);
  tcase_set_timeout(tests, 240);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
