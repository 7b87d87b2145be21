/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_refusals: what is not computed exactly is refused, in a sentence that names it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "model/prepare.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"
#include "support/seed.h"

/* [1,4,5] -> LSTM of 6 units -> dense of 3, to be broken. */
struct broken {
  struct tflite_writer *model;
  int32_t x, h, y;
};

static struct broken make_good(bool dense) {
  struct seed_stream stream = seed_start("good");
  const int32_t shape[3] = {1, 4, 5};
  struct broken b = {.model = tflite_writer_new()};
  b.x = make_input(b.model, &stream, 3, shape);
  const struct lstm_spec spec = {.units = 6, .cell_exponent = -11, .gain = 1.0f};
  b.h = b.y = make_lstm(b.model, &stream, b.x, &spec);
  if (dense) {
    b.y = make_dense(b.model, &stream, b.h, 3, TFLITE_ACT_NONE);
  }
  return b;
}

static struct tflite_operator *lstm_of(struct broken *b) {
  return tflite_writer_operator_at(b->model, 0);
}

static struct tflite_new_tensor *tensor_of(struct broken *b, int32_t index) {
  return tflite_writer_tensor_at(b->model, index);
}

/* Frees the model; it must be refused with all of the words in its sentence. */
static void expect_refusal(struct broken b, const char *first, const char *second) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(b.model, b.x, b.y, &len_bytes);
  const enum trine_status status = trine_model_parse(bytes, len_bytes, &model, &error);
  ck_assert_msg(status == TRINE_ERR_UNSUPPORTED, "accepted, though %s %s", first, second);
  ck_assert_msg(strstr(error.text, first) != NULL && strstr(error.text, second) != NULL,
                "no '%s', '%s' in: %s", first, second, error.text);
  ck_assert_ptr_null(strchr(error.text, '\n'));
  tflite_writer_free(b.model);
}

START_TEST(test_kinds_of_lstm_other_than_basic_are_refused_by_name) {
  struct broken b = make_good(false);
  lstm_of(&b)->inputs[9] = lstm_of(&b)->inputs[12];
  expect_refusal(b, "UNIDIRECTIONAL_SEQUENCE_LSTM", "peephole");
  b = make_good(false);
  lstm_of(&b)->inputs[16] = lstm_of(&b)->inputs[5];
  expect_refusal(b, "operator 0", "projection");
  b = make_good(false);
  lstm_of(&b)->inputs[21] = lstm_of(&b)->inputs[12];
  expect_refusal(b, "operator 0", "layer normalisation");
  b = make_good(false);
  lstm_of(&b)->inputs[1] = lstm_of(&b)->inputs[5] = lstm_of(&b)->inputs[12] = -1;
  expect_refusal(b, "CIFG", "input and forget");
  b = make_good(false);
  lstm_of(&b)->activation = TFLITE_ACT_RELU;
  expect_refusal(b, "activation number 1", "TANH");
  b = make_good(false);
  lstm_of(&b)->diagonal = true;
  expect_refusal(b, "diagonal", "not supported");
}
END_TEST

START_TEST(test_quantisations_that_disagree_are_refused_by_name) {
  struct broken b = make_good(false);
  tensor_of(&b, b.h)->zero_point += 1;
  expect_refusal(b, "quantisations disagree", "output 'lstm'");
  b = make_good(false);
  tensor_of(&b, lstm_of(&b)->inputs[19])->scale *= 1.01f;
  expect_refusal(b, "cell scale of 'c'", "-29..-9");
  b = make_good(false);
  tensor_of(&b, lstm_of(&b)->inputs[19])->scale = 1.0f / 256.0f;
  expect_refusal(b, "0.00390625", "-29..-9");
  b = make_good(false);
  tensor_of(&b, lstm_of(&b)->inputs[3])->zero_point = 2;
  expect_refusal(b, "weights 'W'", "zero point 2");
  b = make_good(false);
  tensor_of(&b, b.x)->zero_point = 200;
  expect_refusal(b, "'x'", "-128..127");
}
END_TEST

START_TEST(test_sums_that_can_overflow_are_refused_with_value_and_limit) {
  struct broken b = make_good(true);
  tensor_of(&b, tflite_writer_operator_at(b.model, 1)->inputs[1])->scale = 3.0e6f;
  expect_refusal(b, "can reach the sum", "the limit is");
  b = make_good(false);
  tensor_of(&b, lstm_of(&b)->inputs[2])->scale = 3.0e9f;
  expect_refusal(b, "row 0 of 'W'", "multiplier");
  b = make_good(false);
  lstm_of(&b)->cell_clip = -1.0f;
  expect_refusal(b, "cell clip is -1", "0 or more");
}
END_TEST

START_TEST(test_other_operators_types_and_activations_are_refused_by_name) {
  struct broken b = make_good(true);
  tflite_writer_operator_at(b.model, 1)->code = 3;
  expect_refusal(b, "CONV_2D", "not supported");
  b = make_good(true);
  tflite_writer_operator_at(b.model, 1)->code = 999;
  expect_refusal(b, "unknown operator", "999");
  b = make_good(true);
  tflite_writer_operator_at(b.model, 1)->activation = TFLITE_ACT_TANH;
  expect_refusal(b, "FULLY_CONNECTED", "activation number 4");
  b = make_good(false);
  tensor_of(&b, b.x)->type = TFLITE_FLOAT32;
  tensor_of(&b, b.x)->scale = 0.0f;
  expect_refusal(b, "it has weights of INT8 but its input 'x' is FLOAT32", "calibration data");
  b = make_good(false);
  tensor_of(&b, lstm_of(&b)->inputs[19])->type = TFLITE_INT8;
  expect_refusal(b, "'c' is INT8", "INT16");
}
END_TEST

START_TEST(test_shapes_and_indices_that_do_not_fit_are_refused) {
  struct broken b = make_good(true);
  lstm_of(&b)->inputs[1] = 1000;
  expect_refusal(b, "names tensor 1000", "inputs");
  b = make_good(true);
  lstm_of(&b)->inputs[0] = b.y;
  expect_refusal(b, "'dense'", "computed by no operator before it");
  b = make_good(true);
  tensor_of(&b, lstm_of(&b)->inputs[6])->shape[1] = 7;
  expect_refusal(b, "tensor 'R'", "its shape asks for 42");
  b = make_good(true);
  lstm_of(&b)->inputs[13] = tflite_writer_operator_at(b.model, 1)->inputs[2];
  expect_refusal(b, "bias of the forget gate", "it should be 6 by 1");
  b = make_good(true);
  tensor_of(&b, b.y)->shape[1] = 3;
  expect_refusal(b, "FULLY_CONNECTED 'dense'", "shape");
  b = make_good(true);
  tensor_of(&b, b.x)->shape[0] = 1 << 29;
  expect_refusal(b, "'x' has size 536870912", "range");
}
END_TEST

START_TEST(test_moves_that_mix_steps_or_sequences_are_refused) {
  const int32_t mixed[3] = {1, 3, 8}, swap[3] = {0, 1, 1};
  struct broken b = make_good(false);
  b.y = make_reshape(b.model, b.h, 3, mixed);
  expect_refusal(b, "RESHAPE", "mixes batch or time");
  b = make_good(false);
  b.y = make_take(b.model, b.h, 1, 4);
  expect_refusal(b, "STRIDED_SLICE", "takes nothing of an axis");
  b = make_good(false);
  b.y = make_reverse(b.model, b.h, 0);
  expect_refusal(b, "REVERSE_V2", "axis 0");
  b = make_good(false);
  b.y = make_transpose(b.model, b.h, swap);
  expect_refusal(b, "TRANSPOSE", "permutation");
  b = make_good(false);
  b.y = make_concat(b.model, b.h, b.h, 0);
  expect_refusal(b, "CONCATENATION", "axis 0");
  b = make_good(false);
  b.y = make_concat(b.model, b.h, b.h, 2);
  tensor_of(&b, b.y)->zero_point += 1;
  expect_refusal(b, "CONCATENATION", "quantisations disagree");
}
END_TEST

/* As many columns as steps: a vector of all steps along them has its steps on another axis. */
START_TEST(test_steps_on_two_axes_are_refused) {
  struct seed_stream stream = seed_start("steps");
  struct broken b = make_good(false);
  const int32_t rows = make_dense(b.model, &stream, b.h, 4, TFLITE_ACT_NONE);
  const int32_t last = make_take(b.model, rows, 2, -1);
  const struct tflite_operator options = {.activation = TFLITE_ACT_NONE};
  const struct op_spec spec = {
      .options = &options, .inputs = {rows, last}, .like = *tensor_of(&b, rows)};
  b.y = make_operator(b.model, TFLITE_ADD, &spec);
  expect_refusal(b, "ADD", "steps are on axes 1 and 2 of what it computes");
}
END_TEST

START_TEST(test_multipliers_round_half_up_and_carry) {
  int32_t multiplier = 0;
  int8_t shift = 0;
  ck_assert(prepare_multiplier(1.0, &multiplier, &shift));
  ck_assert(multiplier == 1 << 30 && shift == 1);
  ck_assert(prepare_multiplier(0x1.fffffffffffffp-1, &multiplier, &shift));
  ck_assert(multiplier == 1 << 30 && shift == 1); /* rounds up to 2^31 */
  ck_assert(prepare_multiplier(0.5 + 0x1p-32, &multiplier, &shift));
  ck_assert(multiplier == (1 << 30) + 1 && shift == 0); /* a tie goes up */
  ck_assert(prepare_multiplier(0x1p-33, &multiplier, &shift));
  ck_assert(multiplier == 0 && shift == 0);
  ck_assert(prepare_multiplier(0x1p-32, &multiplier, &shift));
  ck_assert(multiplier == 1 << 30 && shift == -31);
  ck_assert(!prepare_multiplier(0x1p30, &multiplier, &shift));
  ck_assert(!prepare_multiplier(0.0, &multiplier, &shift));
  ck_assert(!prepare_multiplier(-1.0, &multiplier, &shift));
}
END_TEST

START_TEST(test_batches_that_do_not_fit_are_refused) {
  struct broken b = make_good(true);
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(b.model, b.x, b.y, &len_bytes);
  ck_assert_int_eq(trine_model_parse(bytes, len_bytes, &model, &error), TRINE_OK);
  int8_t x[20] = {0}, y[12];
  const uint32_t lengths[1] = {5};
  struct trine_model_batch batch = {.sequences = 1, .steps = 4, .input = x, .output = y};
  batch.lengths = lengths;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "length 5"));
  batch.lengths = NULL;
  batch.steps = 0;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  batch.steps = batch.sequences = UINT32_MAX;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_ERR_ARG);
  trine_model_free(model);
  tflite_writer_free(b.model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_refusals");
  TCase *tests = tcase_create("refusals");
  tcase_add_test(tests, test_kinds_of_lstm_other_than_basic_are_refused_by_name);
  tcase_add_test(tests, test_quantisations_that_disagree_are_refused_by_name);
  tcase_add_test(tests, test_sums_that_can_overflow_are_refused_with_value_and_limit);
  tcase_add_test(tests, test_other_operators_types_and_activations_are_refused_by_name);
  tcase_add_test(tests, test_shapes_and_indices_that_do_not_fit_are_refused);
  tcase_add_test(tests, test_moves_that_mix_steps_or_sequences_are_refused);
  tcase_add_test(tests, test_steps_on_two_axes_are_refused);
  tcase_add_test(tests, test_multipliers_round_half_up_and_carry);
  tcase_add_test(tests, test_batches_that_do_not_fit_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
