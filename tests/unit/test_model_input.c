/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_input: a float input is refused where it is not finite, with its place, and what its
 * range clamps is counted; questions about what a model does not have get an answer. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"
#include "support/seed.h"

enum { BATCH = 2, STEPS = 3, WIDTH = 5, UNITS = 4, COUNT = BATCH * STEPS * WIDTH };

static struct trine_model *model;
static const struct trine_model_end *end;
static float values[COUNT];
static int8_t bytes[COUNT];
static struct trine_model_clamped clamped;
static struct trine_error error;

static void load(bool time_major) {
  struct seed_stream stream = seed_start("input");
  const int32_t shape[3] = {time_major ? STEPS : BATCH, time_major ? BATCH : STEPS, WIDTH};
  struct tflite_writer *file = tflite_writer_new();
  const int32_t x = make_input(file, &stream, 3, shape);
  const struct lstm_spec spec = {
      .units = UNITS, .cell_exponent = -11, .gain = 1.0F, .time_major = time_major};
  const int32_t y = make_lstm(file, &stream, x, &spec);
  size_t len_bytes = 0;
  const uint8_t *made = tflite_writer_bytes(file, x, y, &len_bytes);
  ck_assert_msg(trine_model_parse(made, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  tflite_writer_free(file);
  end = &trine_model_info(model)->input;
  for (int n = 0; n < COUNT; n++) {
    values[n] = end->scale * (float)((n * 7) % 100 - 128 - end->zero_point);
  }
}

static void setup(void) {
  load(false);
}

static void teardown(void) {
  trine_model_free(model);
}

static enum trine_status quantise(const uint32_t *lengths) {
  return trine_model_quantize_input(model, values, BATCH, STEPS, lengths, bytes, &clamped, &error);
}

START_TEST(test_values_become_bytes_and_those_beyond_the_range_are_counted) {
  int8_t wanted[COUNT];
  values[3] = end->scale * 300.0F;
  values[17] = end->scale * -300.0F;
  values[COUNT - 1] = 3e38F;
  trine_model_quantize(end, values, COUNT, wanted);
  ck_assert_int_eq(quantise(NULL), TRINE_OK);
  ck_assert_mem_eq(bytes, wanted, COUNT);
  ck_assert_uint_eq(clamped.values, COUNT);
  ck_assert_uint_eq(clamped.clamped, 3);
  ck_assert(clamped.low == end->scale * (float)(-128 - end->zero_point));
  ck_assert(clamped.high == end->scale * (float)(127 - end->zero_point));
}
END_TEST

START_TEST(test_numbers_that_are_not_finite_are_refused_with_their_place) {
  values[(1 * STEPS + 2) * WIDTH + 4] = NAN;
  ck_assert_int_eq(quantise(NULL), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "NaN in sequence 1, step 2, value 4"));
  values[7] = -INFINITY;
  ck_assert_int_eq(quantise(NULL), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "infinite in sequence 0, step 1, value 2"));
}
END_TEST

START_TEST(test_rows_behind_a_length_do_not_count) {
  const uint32_t lengths[BATCH] = {3, 2};
  values[(1 * STEPS + 2) * WIDTH + 1] = NAN;
  values[(1 * STEPS + 2) * WIDTH + 2] = 3e38F;
  ck_assert_int_eq(quantise(lengths), TRINE_OK);
  ck_assert_uint_eq(clamped.values, COUNT - WIDTH);
  ck_assert_uint_eq(clamped.clamped, 0);
  for (int n = 0; n < WIDTH; n++) {
    ck_assert_int_eq(bytes[(1 * STEPS + 2) * WIDTH + n], end->zero_point);
  }
}
END_TEST

START_TEST(test_places_are_told_the_same_where_time_comes_first) {
  const uint32_t lengths[BATCH] = {3, 1};
  trine_model_free(model);
  load(true);
  values[(1 * BATCH + 1) * WIDTH + 4] = NAN;
  ck_assert_int_eq(quantise(NULL), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "NaN in sequence 1, step 1, value 4"));
  ck_assert_int_eq(quantise(lengths), TRINE_OK);
}
END_TEST

START_TEST(test_inputs_without_values_or_steps_are_refused) {
  ck_assert_int_eq(
      trine_model_quantize_input(model, values, 0, STEPS, NULL, bytes, &clamped, &error),
      TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "an input of 0 sequences of 3 steps; it needs values and 1 of each");
  ck_assert_int_eq(
      trine_model_quantize_input(model, values, BATCH, 0, NULL, bytes, &clamped, &error),
      TRINE_ERR_ARG);
  ck_assert_int_eq(
      trine_model_quantize_input(model, NULL, BATCH, STEPS, NULL, bytes, &clamped, &error),
      TRINE_ERR_ARG);
}
END_TEST

START_TEST(test_what_a_model_does_not_have_gets_an_answer) {
  const uint32_t segments = trine_model_info(model)->segment_count;
  ck_assert_ptr_null(trine_model_layer(model, trine_model_info(model)->layer_count));
  ck_assert_ptr_null(trine_model_network(model, segments));
  ck_assert(!trine_model_network_has_time(model, segments));
  ck_assert(trine_model_network_has_time(model, 0));
  ck_assert_str_eq(trine_model_segment_name(model, segments), "none");
  ck_assert_str_eq(trine_model_segment_name(model, 0), "network");
  size_t count = 0;
  ck_assert(trine_model_output_count(model, BATCH, STEPS, &count));
  ck_assert_uint_eq(count, BATCH * STEPS * UNITS);
  struct trine_model *none = NULL;
  ck_assert_int_eq(trine_model_load(NULL, &none, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_model_parse(NULL, 100, &none, &error), TRINE_ERR_ARG);
}
END_TEST

START_TEST(test_runs_without_what_they_need_are_refused) {
  int8_t y[BATCH * STEPS * UNITS], h[BATCH * UNITS] = {0};
  int16_t c[BATCH * UNITS] = {0};
  struct trine_lstm_state state = {h, c};
  struct trine_model_batch batch = {
      .sequences = BATCH, .steps = STEPS, .input = bytes, .output = y, .state_in = &state};
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_OK);
  ck_assert_int_eq(trine_model_run(model, &batch, NULL, NULL, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "a model runs its networks on something; it needs a runner");
  ck_assert_int_eq(trine_model_run(NULL, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text,
                   "a run of 2 sequences of 3 steps; it needs model, input, "
                   "output, and 1 of each");
  state.c = NULL;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "a state has no h or no c"));
  state = (struct trine_lstm_state){NULL, c};
  batch.state_in = NULL;
  batch.state_out = &state;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  batch.state_out = NULL;
  batch.sequences = 1 << 20; /* x and y have 9 bytes a step: 9 * 2^33 together, each below 2^36 */
  batch.steps = 1 << 13;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "more than 68719476736 bytes"));
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_input");
  TCase *tests = tcase_create("input");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, test_values_become_bytes_and_those_beyond_the_range_are_counted);
  tcase_add_test(tests, test_numbers_that_are_not_finite_are_refused_with_their_place);
  tcase_add_test(tests, test_rows_behind_a_length_do_not_count);
  tcase_add_test(tests, test_places_are_told_the_same_where_time_comes_first);
  tcase_add_test(tests, test_inputs_without_values_or_steps_are_refused);
  tcase_add_test(tests, test_what_a_model_does_not_have_gets_an_answer);
  tcase_add_test(tests, test_runs_without_what_they_need_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
