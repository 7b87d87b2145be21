/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_real: the five real models on whole data sets give the stored reference bytes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "model/model.h"
#include "support/golden_runner.h"
#include "support/seed.h"

enum { MAX_LSTMS = 4, MAX_UNITS = 256 };

static void read_npy(const char *name, struct trine_array *array, enum trine_dtype dtype) {
  char path[80];
  struct trine_error error = {""};
  snprintf(path, sizeof path, "tests/models/%s.npy", name);
  ck_assert_msg(trine_npy_read(path, array, &error) == TRINE_OK, "%s", error.text);
  ck_assert_int_eq(array->dtype, dtype);
}

static struct trine_model *load(const char *name) {
  char path[80];
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  snprintf(path, sizeof path, "tests/models/%s.tflite", name);
  ck_assert_msg(trine_model_load(path, &model, &error) == TRINE_OK, "%s: %s", path, error.text);
  return model;
}

/* Steps [first, first + count) of a stream, state kept. */
static void run_chunk(const struct trine_model *model, const int8_t *in, int8_t *out,
                      uint32_t first, uint32_t count, const struct trine_lstm_state *state,
                      bool start) {
  const struct trine_model_info *info = trine_model_info(model);
  const struct trine_model_batch batch = {
      .sequences = 1,
      .steps = count,
      .input = in + (size_t)first * info->input.width,
      .output = out + (size_t)first * info->output.width,
      .state_in = start ? NULL : state,
      .state_out = state,
  };
  struct trine_error error = {""};
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
}

static void compare_bytes(const char *what, const void *got, const void *want, size_t count) {
  const int8_t *a = got, *b = want;
  for (size_t i = 0; i < count; i++) {
    ck_assert_msg(a[i] == b[i], "%s: byte %zu is %d, the reference has %d", what, i, a[i], b[i]);
  }
}

/* A stream in chunks of at most `chunk` steps, against outputs and final states. */
static void check_stream(const char *name, const char *input, uint32_t lstms, uint32_t chunk) {
  static int8_t h[MAX_LSTMS][MAX_UNITS];
  static int16_t c[MAX_LSTMS][MAX_UNITS];
  struct trine_lstm_state state[MAX_LSTMS];
  struct trine_array x, want, want_state;
  struct trine_model *model = load(name);
  char file[40];
  read_npy(input, &x, TRINE_DTYPE_INT8);
  snprintf(file, sizeof file, "%s_tflm", name);
  read_npy(file, &want, TRINE_DTYPE_INT8);
  ck_assert_uint_eq(trine_model_info(model)->lstm_count, lstms);
  for (uint32_t i = 0; i < MAX_LSTMS; i++) {
    state[i] = (struct trine_lstm_state){h[i], c[i]};
  }
  int8_t *out = malloc((size_t)want.count);
  ck_assert_ptr_nonnull(out);
  const uint32_t steps = (uint32_t)x.shape[0];
  for (uint32_t t = 0; t < steps; t += chunk) {
    const uint32_t count = steps - t < chunk ? steps - t : chunk;
    run_chunk(model, x.data, out, t, count, state, t == 0);
  }
  compare_bytes(name, out, want.data, (size_t)want.count);
  for (uint32_t i = 0; i < lstms; i++) {
    snprintf(file, sizeof file, "%s_h%u_tflm", name, i);
    read_npy(file, &want_state, TRINE_DTYPE_INT8);
    compare_bytes(file, h[i], want_state.data, (size_t)want_state.count);
    trine_array_free(&want_state);
    snprintf(file, sizeof file, "%s_c%u_tflm", name, i);
    read_npy(file, &want_state, TRINE_DTYPE_INT16);
    compare_bytes(file, c[i], want_state.data, (size_t)want_state.count * 2);
    trine_array_free(&want_state);
  }
  free(out);
  trine_array_free(&x);
  trine_array_free(&want);
  trine_model_free(model);
}

/* All utterances as one batch; with lengths, rows past them must be 0. */
static void check_utterances(const char *name, const char *expected, bool lengths, bool zeroed) {
  struct trine_array x, len, want;
  struct trine_model *model = load(name);
  struct trine_error error = {""};
  read_npy("vowels_xq", &x, TRINE_DTYPE_INT8);
  read_npy("vowels_len", &len, TRINE_DTYPE_INT32);
  read_npy(expected, &want, TRINE_DTYPE_INT8);
  int8_t *out = malloc((size_t)want.count);
  ck_assert_ptr_nonnull(out);
  struct trine_model_batch batch = {.input = x.data, .output = out};
  ck_assert_int_eq(
      trine_model_input_sizes(model, x.rank, x.shape, &batch.sequences, &batch.steps, &error),
      TRINE_OK);
  if (lengths) {
    batch.lengths = len.data;
  }
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
  const size_t width = trine_model_info(model)->output.width;
  const int32_t *len_steps = len.data;
  int8_t *reference = want.data;
  for (uint32_t b = 0; lengths && zeroed && b < batch.sequences; b++) {
    const size_t steps = (size_t)len_steps[b];
    memset(reference + (b * batch.steps + steps) * width, 0, (batch.steps - steps) * width);
  }
  compare_bytes(expected, out, reference, (size_t)want.count);
  free(out);
  trine_array_free(&x);
  trine_array_free(&len);
  trine_array_free(&want);
  trine_model_free(model);
}

START_TEST(test_vowels_match_reference_padded_and_at_own_length) {
  check_utterances("vowels", "vowels_tflm", false, false);
  check_utterances("vowels", "vowels_tflm", true, true);
}
END_TEST

START_TEST(test_bidi_matches_reference_padded_and_at_own_length) {
  check_utterances("bidi", "bidi_tflm", false, false);
  check_utterances("bidi", "bidi_own_length_tflm", true, false);
}
END_TEST

START_TEST(test_chars_stream_matches_reference_with_states) {
  check_stream("chars", "chars_xq", 1, 3072);
}
END_TEST

START_TEST(test_vad_stream_matches_reference_frame_by_frame) {
  check_stream("vad", "vad_xq", 1, 1);
}
END_TEST

START_TEST(test_stack4_stream_in_chunks_matches_reference_with_states) {
  check_stream("stack4", "stack4_xq", 4, 500);
}
END_TEST

START_TEST(test_real_models_become_one_network_each) {
  static const char *const names[] = {"vowels", "chars", "vad", "stack4", "bidi"};
  static const uint32_t chains[] = {1, 1, 1, 1, 3}, layers[] = {3, 2, 1, 5, 3};
  static const uint64_t known_macs[] = {52800, 311296, 131072, 483328, 11840};
  for (int i = 0; i < 5; i++) {
    struct trine_model *model = load(names[i]);
    const struct trine_model_info *info = trine_model_info(model);
    ck_assert_uint_eq(info->segment_count, 1);
    ck_assert_uint_eq(info->layer_count, layers[i]);
    ck_assert_uint_eq(trine_model_network(model, 0)->chain_count, chains[i]);
    uint64_t macs = 0;
    for (uint32_t n = 0; n < info->layer_count; n++) {
      macs += trine_model_layer(model, n)->macs_per_step;
    }
    ck_assert_uint_eq(macs, known_macs[i]);
    ck_assert(!info->input.time_major && info->input.has_time);
    trine_model_free(model);
  }
}
END_TEST

START_TEST(test_float_inputs_quantise_to_the_stored_bytes) {
  struct trine_array x, xq;
  struct trine_model *model = load("vowels");
  read_npy("vowels_x", &x, TRINE_DTYPE_FLOAT32);
  read_npy("vowels_xq", &xq, TRINE_DTYPE_INT8);
  int8_t *bytes = malloc((size_t)xq.count);
  ck_assert_ptr_nonnull(bytes);
  trine_model_quantize(&trine_model_info(model)->input, x.data, (size_t)x.count, bytes);
  compare_bytes("vowels_xq", bytes, xq.data, (size_t)xq.count);
  free(bytes);
  trine_array_free(&x);
  trine_array_free(&xq);
  trine_model_free(model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_real");
  TCase *tests = tcase_create("real models");
  tcase_add_test(tests, test_real_models_become_one_network_each);
  tcase_add_test(tests, test_float_inputs_quantise_to_the_stored_bytes);
  tcase_add_test(tests, test_vowels_match_reference_padded_and_at_own_length);
  tcase_add_test(tests, test_bidi_matches_reference_padded_and_at_own_length);
  tcase_add_test(tests, test_chars_stream_matches_reference_with_states);
  tcase_add_test(tests, test_vad_stream_matches_reference_frame_by_frame);
  tcase_add_test(tests, test_stack4_stream_in_chunks_matches_reference_with_states);
  tcase_set_timeout(tests, 240);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
