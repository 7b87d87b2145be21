/* SPDX-License-Identifier: Apache-2.0 */
/* test_quantize_notes: calibration data that leave something in doubt are said to, in a line each;
 * rows behind a sequence's length change no range. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantize/diff.h"
#include "quantize/metric.h"
#include "quantize/quantize.h"
#include "support/small_float.h"

enum { SEQUENCES = 3, STEPS = 6, COUNT = SEQUENCES * STEPS * SMALL_INPUTS };

static struct small_float small;
static float input[COUNT];
static struct trine_float_batch batch;
static struct trine_quantized made;

static void setup(void) {
  struct seed_stream stream = seed_start("notes");
  small_float_make(&small, &stream, false);
  for (int n = 0; n < COUNT; n++) {
    input[n] = (float)seed_real(&stream, -1.0, 1.0);
  }
  batch = (struct trine_float_batch){.sequences = SEQUENCES, .steps = STEPS, .input = input};
}

static float *row(int sequence, int step) {
  return input + (sequence * STEPS + step) * SMALL_INPUTS;
}

static void quantise(void) {
  struct trine_error error = {""};
  ck_assert_msg(trine_quantize(&small.network, &batch, NULL, &made, &error) == TRINE_OK, "%s",
                error.text);
}

/* Exactly one note, with these words; NULL: none. */
static void expect_note(const char *words) {
  quantise();
  ck_assert_msg(made.note_count == (words != NULL), "%u notes: %s", made.note_count, made.notes[0]);
  ck_assert_msg(words == NULL || strstr(made.notes[0], words) != NULL, "no '%s' in: %s", words,
                made.notes[0]);
  trine_quantized_free(&made);
}

START_TEST(test_usual_data_have_no_note) {
  expect_note(NULL);
}
END_TEST

START_TEST(test_constant_one_sided_and_zero_data_are_said) {
  for (int n = 0; n < COUNT; n++) {
    input[n] = fabsf(input[n]) + 0.125F;
  }
  expect_note("one-sided");
  expect_note("values below 0 become 0");
  for (int n = 0; n < COUNT; n++) {
    input[n] = -input[n];
  }
  expect_note("values above 0 become 0");
  for (int n = 0; n < COUNT; n++) {
    input[n] = 0.75F;
  }
  batch.steps = 1; /* or they are taken for padding too: see below */
  expect_note("constant (0.75)");
  memset(input, 0, sizeof input);
  expect_note("all zero");
  for (int n = 0; n < COUNT; n++) {
    input[n] = n % 2 == 0 ? 1e-42F : -1e-42F; /* too small for a scale */
  }
  expect_note("all zero");
}
END_TEST

START_TEST(test_rows_that_look_like_padding_are_said_unless_there_are_lengths) {
  const uint32_t lengths[SEQUENCES] = {6, 4, 6};
  memset(row(1, 4), 0, 2 * SMALL_INPUTS * sizeof(float));
  expect_note("1 of 3 sequences end in rows that are all alike (sequence 1: the last 2)");
  batch.lengths = lengths;
  expect_note(NULL);
  batch.lengths = NULL;
  row(1, 4)[0] = 0.5F; /* one row alone is none */
  expect_note(NULL);
}
END_TEST

START_TEST(test_rows_behind_a_length_change_no_range) {
  const uint32_t lengths[SEQUENCES] = {6, 4, 1};
  batch.lengths = lengths;
  quantise();
  const size_t len_bytes = made.len_bytes;
  uint8_t *bytes = malloc(len_bytes);
  ck_assert_ptr_nonnull(bytes);
  memcpy(bytes, made.bytes, len_bytes);
  trine_quantized_free(&made);
  for (int t = 4; t < STEPS; t++) {
    row(1, t)[t % SMALL_INPUTS] = t == 4 ? 1e6F : NAN;
    row(2, t)[0] = -INFINITY;
  }
  quantise();
  ck_assert_uint_eq(made.len_bytes, len_bytes);
  ck_assert_mem_eq(made.bytes, bytes, len_bytes);
  trine_quantized_free(&made);
  free(bytes);
}
END_TEST

START_TEST(test_padded_symbols_behind_a_length_need_not_be_rows_of_the_table) {
  const uint32_t lengths[SEQUENCES] = {6, 4, 6};
  struct seed_stream stream = seed_start("symbols");
  struct trine_error error = {""};
  small_float_make(&small, &stream, true);
  for (int n = 0; n < SEQUENCES * STEPS; n++) {
    input[n] = (float)(n % SMALL_ROWS);
  }
  input[STEPS + 4] = input[STEPS + 5] = -1.0F;
  ck_assert_int_eq(trine_quantize(&small.network, &batch, NULL, &made, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "The symbol -1 is no row of the table"));
  trine_quantized_free(&made);
  batch.lengths = lengths;
  expect_note(NULL);
}
END_TEST

START_TEST(test_layers_that_stay_at_zero_and_clamped_tables_are_said) {
  memset(small.dense, 0, sizeof small.dense);
  memset(small.dense_bias, 0, sizeof small.dense_bias);
  expect_note("output of layer dense is all zero");
  struct seed_stream stream = seed_start("table");
  small_float_make(&small, &stream, true);
  for (int n = 0; n < SEQUENCES * STEPS; n++) {
    input[n] = (float)(n % 3);
  }
  small.table[SMALL_ROWS * SMALL_INPUTS - 1] = 100.0F;
  small.table[SMALL_ROWS * SMALL_INPUTS - 2] = -100.0F;
  for (int n = 3 * SMALL_INPUTS; n < SMALL_ROWS * SMALL_INPUTS - 2; n++) {
    small.table[n] = 0.0F;
  }
  expect_note("2 of 24 numbers of the table (8.33 %) are beyond the range");
}
END_TEST

START_TEST(test_ranges_that_single_precision_cannot_hold_are_refused) {
  struct trine_error error = {""};
  input[0] = 3e38F;
  input[1] = -3e38F;
  small.w[0] = 0.0F;
  ck_assert_int_eq(trine_quantize(&small.network, &batch, NULL, &made, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "wider than single precision"));
  trine_quantized_free(&made);
  setup();
  for (int n = 0; n < SMALL_UNITS * SMALL_UNITS; n++) {
    small.dense[n] = 3e38F;
  }
  for (int n = 0; n < SMALL_UNITS; n++) {
    small.dense_bias[n] = 3e38F;
  }
  small.r[0] = 0.0F;
  const enum trine_status status = trine_quantize(&small.network, &batch, NULL, &made, &error);
  ck_assert_msg(status == TRINE_ERR_ARG && strstr(error.text, "sums are too large") != NULL, "%s",
                error.text);
  trine_quantized_free(&made);
}
END_TEST

START_TEST(test_missing_models_and_labels_that_are_none_are_refused) {
  struct trine_error error = {""};
  struct trine_metric metric;
  struct trine_diff diff;
  int8_t ones[COUNT] = {0}, *rows = ones;
  float *values = input;
  struct trine_array labels = {
      .dtype = TRINE_DTYPE_INT8, .rank = 1, .shape = {2}, .count = 2, .data = ones};
  quantise();
  ck_assert_int_eq(trine_quantized_metric(&small.network, &batch, &made, &labels, &metric, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "The labels have to be 3 or 18 whole numbers"));
  labels.shape[0] = 3; /* not what its count says */
  ck_assert_int_eq(trine_quantized_metric(&small.network, &batch, &made, &labels, &metric, &error),
                   TRINE_ERR_ARG);
  ck_assert_int_eq(trine_diff_run(&small.network, NULL, &batch, 1.0F, &diff, &error),
                   TRINE_ERR_ARG);
  ck_assert_int_eq(trine_diff_run(&small.network, made.model, &batch, NAN, &diff, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "0 or more LSB"));
  ck_assert_int_eq(trine_diff_run(NULL, made.model, &batch, 1.0F, &diff, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_quantized_input(&made, input, 0, 1, &rows, &error), TRINE_ERR_ARG);
  ck_assert_ptr_null(rows);
  ck_assert_str_eq(error.text,
                   "Rows of 0 sequences of 1 steps; they need a model, values, 1 of each.");
  ck_assert_int_eq(trine_quantized_input(NULL, input, 1, 1, &rows, &error), TRINE_ERR_ARG);
  ck_assert_ptr_null(rows);
  ck_assert_int_eq(trine_quantized_input(&made, NULL, 1, 1, &rows, &error), TRINE_ERR_ARG);
  ck_assert_ptr_null(rows);
  trine_quantized_free(&made);
  ck_assert_int_eq(trine_quantized_output(&small.network, &batch, &made, 0, &values, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_null(values);
  ck_assert_str_eq(error.text, "An output needs a quantised model, and none is given.");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("quantize_notes");
  TCase *tests = tcase_create("notes");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, test_usual_data_have_no_note);
  tcase_add_test(tests, test_constant_one_sided_and_zero_data_are_said);
  tcase_add_test(tests, test_rows_that_look_like_padding_are_said_unless_there_are_lengths);
  tcase_add_test(tests, test_rows_behind_a_length_change_no_range);
  tcase_add_test(tests, test_padded_symbols_behind_a_length_need_not_be_rows_of_the_table);
  tcase_add_test(tests, test_layers_that_stay_at_zero_and_clamped_tables_are_said);
  tcase_add_test(tests, test_ranges_that_single_precision_cannot_hold_are_refused);
  tcase_add_test(tests, test_missing_models_and_labels_that_are_none_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
