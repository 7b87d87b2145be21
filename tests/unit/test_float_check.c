/* SPDX-License-Identifier: Apache-2.0 */
/* test_float_check: what a float network does not run on is refused with its place, and rows behind
 * a sequence's length count nowhere. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "float/float_run.h"
#include "support/small_float.h"

enum { SEQUENCES = 2, STEPS = 4, COUNT = SEQUENCES * STEPS * SMALL_INPUTS };

static struct small_float small;
static float input[COUNT];
static struct trine_float_batch batch;

static void setup(void) {
  struct seed_stream stream = seed_start("float check");
  small_float_make(&small, &stream, false);
  for (int n = 0; n < COUNT; n++) {
    input[n] = (float)seed_real(&stream, -1.0, 1.0);
  }
  batch = (struct trine_float_batch){.sequences = SEQUENCES, .steps = STEPS, .input = input};
}

static void expect(enum trine_status status, const char *words) {
  struct trine_error error = {""};
  float *values[4] = {NULL};
  ck_assert_msg(trine_float_run(&small.network, &batch, values, &error) == status,
                "not status %d, though %s", (int)status, words);
  ck_assert_msg(strstr(error.text, words) != NULL, "no '%s' in: %s", words, error.text);
  trine_float_values_free(&small.network, values);
}

static void expect_runs(void) {
  struct trine_error error = {""};
  float *values[4] = {NULL};
  ck_assert_msg(trine_float_run(&small.network, &batch, values, &error) == TRINE_OK, "%s",
                error.text);
  trine_float_values_free(&small.network, values);
}

START_TEST(test_numbers_that_are_not_finite_are_refused_with_their_place) {
  expect_runs();
  input[(1 * STEPS + 2) * SMALL_INPUTS + 1] = NAN;
  expect(TRINE_ERR_ARG, "NaN in sequence 1, step 2, value 1");
  input[2] = INFINITY; /* the first is told */
  expect(TRINE_ERR_ARG, "infinite in sequence 0, step 0, value 2");
  input[2] = -INFINITY;
  expect(TRINE_ERR_ARG, "infinite in sequence 0, step 0, value 2");
}
END_TEST

START_TEST(test_rows_behind_a_length_count_nowhere) {
  const uint32_t lengths[SEQUENCES] = {4, 2};
  input[(1 * STEPS + 2) * SMALL_INPUTS] = NAN;
  expect(TRINE_ERR_ARG, "sequence 1, step 2, value 0");
  batch.lengths = lengths;
  expect_runs();
  input[(1 * STEPS + 1) * SMALL_INPUTS] = NAN;
  expect(TRINE_ERR_ARG, "sequence 1, step 1, value 0");
}
END_TEST

START_TEST(test_an_input_of_steps_of_its_own_ends_where_these_do) {
  enum { OWN = 2 };
  for (uint32_t n = 0; n < sizeof small.values / sizeof small.values[0]; n++) {
    small.values[n].steps = OWN;
  }
  input[(size_t)SEQUENCES * OWN * SMALL_INPUTS] = NAN; /* behind them */
  expect_runs();
  input[(1 * OWN + 1) * SMALL_INPUTS] = NAN;
  expect(TRINE_ERR_ARG, "NaN in sequence 1, step 1, value 0");
}
END_TEST

START_TEST(test_weights_that_are_not_finite_are_refused_by_layer_and_number) {
  float *const where[] = {&small.w[7], &small.r[7], &small.bias[7], &small.dense[3],
                          &small.dense_bias[1]};
  static const char *const words[] = {"Layer lstm cannot run: number 7 of its weights W is NaN",
                                      "number 7 of its weights R", "number 7 of its biases",
                                      "Layer dense cannot run: number 3 of its weights",
                                      "number 1 of its biases"};
  for (size_t n = 0; n < sizeof where / sizeof where[0]; n++) {
    const float old = *where[n];
    *where[n] = NAN;
    expect(TRINE_ERR_NETWORK, words[n]);
    *where[n] = old;
  }
  small.nodes[1].cell.h0 = small.h0;
  small.nodes[1].cell.c0 = small.c0;
  expect_runs();
  small.c0[1] = INFINITY;
  expect(TRINE_ERR_NETWORK, "number 1 of its initial c is infinite");
  small.h0[0] = NAN;
  expect(TRINE_ERR_NETWORK, "number 0 of its initial h is NaN");
}
END_TEST

START_TEST(test_batches_and_lengths_that_do_not_fit_are_refused) {
  const uint32_t zero[SEQUENCES] = {4, 0}, long_one[SEQUENCES] = {5, 1};
  batch.lengths = zero;
  expect(TRINE_ERR_ARG, "Sequence 1 has length 0, outside 1 to 4");
  batch.lengths = long_one;
  expect(TRINE_ERR_ARG, "Sequence 0 has length 5, outside 1 to 4");
  batch.lengths = NULL;
  batch.steps = 0;
  expect(TRINE_ERR_ARG, "it needs an input and 1 of each");
  batch.steps = STEPS;
  batch.sequences = 0;
  expect(TRINE_ERR_ARG, "it needs an input and 1 of each");
  batch.sequences = SEQUENCES;
  batch.input = NULL;
  expect(TRINE_ERR_ARG, "it needs an input and 1 of each");
}
END_TEST

START_TEST(test_values_beyond_the_limit_of_all_together_are_refused_before_they_are_made) {
  /* On a host of 32 bits the limit is half of what it can address. */
  const char *limit = SIZE_MAX > UINT32_MAX ? "need more than 17179869184 bytes"
                                            : "need more than 2147483647 bytes";
  batch.sequences = batch.steps = UINT32_MAX;
  expect(TRINE_ERR_LIMIT, limit);
  batch.sequences = 1 << 15; /* each value alone is within it: 2^32 and two halves of that */
  batch.steps = 1 << 14;
  expect(TRINE_ERR_LIMIT, limit);
}
END_TEST

START_TEST(test_networks_that_contradict_themselves_are_refused) {
  small.nodes[2].matrix.inputs = 3;
  expect(TRINE_ERR_NETWORK, "Layer dense cannot run: its weights are not of the widths");
  setup();
  small.nodes[1].cell.units = 3;
  expect(TRINE_ERR_NETWORK, "Layer lstm cannot run: its weights are not of the widths");
  setup();
  small.nodes[2].inputs[0] = 4;
  expect(TRINE_ERR_NETWORK, "an input is no value of the network");
  setup();
  small.nodes[2].output = 4;
  expect(TRINE_ERR_NETWORK, "needs inputs, no more than its kind has, and a value as output");
  setup();
  small.nodes[2].input_count = 0;
  expect(TRINE_ERR_NETWORK, "needs inputs, no more than its kind has, and a value as output");
  setup();
  small.values[3].has_time = false;
  expect(TRINE_ERR_NETWORK, "do not agree on having steps");
  setup();
  small.nodes[2].op = TRINE_FLOAT_CONCAT;
  expect_runs();
  small.values[3].width = 3;
  expect(TRINE_ERR_NETWORK, "not of the widths");
  setup();
  small.values[1].width = 0;
  expect(TRINE_ERR_NETWORK, "a width of 0");
  setup();
  small.network.outputs[0] = 4;
  expect(TRINE_ERR_NETWORK, "an input and an output among its values");
  ck_assert_int_eq(trine_float_run(NULL, &batch, NULL, NULL), TRINE_ERR_ARG);
  trine_float_values_free(NULL, NULL);
}
END_TEST

START_TEST(test_symbols_are_whole_numbers_of_the_table) {
  struct seed_stream stream = seed_start("symbols");
  small_float_make(&small, &stream, true);
  for (int n = 0; n < COUNT; n++) {
    input[n] = (float)(n % SMALL_ROWS);
  }
  expect_runs();
  input[3] = 2.5F;
  expect(TRINE_ERR_ARG,
         "The symbol 2.5 is no row of the table: it takes whole numbers from 0 to 7");
  input[3] = 8.0F;
  expect(TRINE_ERR_ARG, "The symbol 8 is no row");
  input[3] = -1.0F;
  expect(TRINE_ERR_ARG, "The symbol -1 is no row");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("float_check");
  TCase *tests = tcase_create("check");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, test_numbers_that_are_not_finite_are_refused_with_their_place);
  tcase_add_test(tests, test_rows_behind_a_length_count_nowhere);
  tcase_add_test(tests, test_an_input_of_steps_of_its_own_ends_where_these_do);
  tcase_add_test(tests, test_weights_that_are_not_finite_are_refused_by_layer_and_number);
  tcase_add_test(tests, test_batches_and_lengths_that_do_not_fit_are_refused);
  tcase_add_test(tests,
                 test_values_beyond_the_limit_of_all_together_are_refused_before_they_are_made);
  tcase_add_test(tests, test_networks_that_contradict_themselves_are_refused);
  tcase_add_test(tests, test_symbols_are_whole_numbers_of_the_table);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
