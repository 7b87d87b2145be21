/* SPDX-License-Identifier: Apache-2.0 */
/* test_tflite_limits: what a .tflite makes all together is limited by its size, whatever of it is
 * used many times over; names that a terminal would obey do not come out of it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "model/tflite_writer.h"
#include "support/odd_tflite.h"
#include "support/seed.h"

static struct trine_error said;

/* Empties `said` when the model is accepted. */
static void parse(const uint8_t *bytes, size_t len_bytes) {
  struct trine_model *model = NULL;
  said.text[0] = '\0';
  const enum trine_status status = trine_model_parse(bytes, len_bytes, &model, &said);
  ck_assert_int_eq(status == TRINE_OK, said.text[0] == '\0');
  trine_model_free(model);
}

static void expect(const char *words) {
  ck_assert_msg(words[0] == '\0' ? said.text[0] == '\0' : strstr(said.text, words) != NULL,
                "no '%s' in: %s", words, said.text);
}

static void parse_odd(size_t scales, size_t tensors, size_t subgraphs) {
  size_t len_bytes = 0;
  uint8_t *bytes = odd_tflite(scales, tensors, subgraphs, &len_bytes);
  parse(bytes, len_bytes);
  free(bytes);
}

static struct tflite_operator new_operator(int code, uint32_t input_count) {
  struct tflite_operator op = {.code = code, .input_count = input_count, .keep_num_dims = true};
  for (int n = 0; n < TFLITE_MAX_INPUTS; n++) {
    op.inputs[n] = -1;
  }
  for (int n = 0; n < TFLITE_INTERMEDIATES; n++) {
    op.intermediates[n] = -1;
  }
  return op;
}

static void parse_written(struct tflite_writer *file, int32_t input, int32_t output) {
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(file, input, output, &len_bytes);
  ck_assert_ptr_nonnull(bytes);
  parse(bytes, len_bytes);
}

/* `count` dense layers that read the same matrix of [units][width], each the rows before it. */
static void parse_shared_weights(int32_t units, int count) {
  struct tflite_writer *file = tflite_writer_new();
  const size_t size = (size_t)units * (size_t)units;
  int8_t *data = calloc(size, 1);
  struct tflite_new_tensor x = {
      .name = "x", .type = TFLITE_INT8, .rank = 2, .shape = {1, units}, .scale = 0.03125F};
  struct tflite_new_tensor w = x;
  w.name = "W";
  w.shape[0] = units;
  w.data = data;
  w.len_bytes = size;
  const int32_t input = tflite_writer_tensor(file, &x), matrix = tflite_writer_tensor(file, &w);
  int32_t output = input;
  for (int n = 0; n < count; n++) {
    struct tflite_operator op = new_operator(TFLITE_FULLY_CONNECTED, 2);
    op.inputs[0] = output;
    op.inputs[1] = matrix;
    output = op.output = tflite_writer_tensor(file, &x);
    tflite_writer_operator(file, &op);
  }
  parse_written(file, input, output);
  tflite_writer_free(file);
  free(data);
}

/* Each CONCATENATION puts the rows before it `wide` times side by side. */
static void parse_growing_rows(int32_t width, int count, uint32_t wide) {
  struct tflite_writer *file = tflite_writer_new();
  struct tflite_new_tensor x = {
      .name = "x", .type = TFLITE_INT8, .rank = 3, .shape = {1, 1, width}, .scale = 0.03125F};
  const int32_t input = tflite_writer_tensor(file, &x);
  int32_t last = input;
  for (int n = 0; n < count; n++) {
    struct tflite_operator op = new_operator(TFLITE_CONCATENATION, wide);
    for (uint32_t i = 0; i < wide; i++) {
      op.inputs[i] = last;
    }
    op.axis = 2;
    x.shape[2] *= (int32_t)wide;
    last = op.output = tflite_writer_tensor(file, &x);
    tflite_writer_operator(file, &op);
  }
  parse_written(file, input, last);
  tflite_writer_free(file);
}

START_TEST(test_scales_of_all_tensors_together_are_limited) {
  parse_odd(1000, 4, 1);
  expect("the model's input 't' needs one scale"); /* read; what follows is another matter */
  parse_odd(1000, 1000, 1);                        /* 16 KB that would make 12 MB */
  expect("with the 1000 of tensor 't' the file has more than");
  expect("the limit of all tensors together");
}
END_TEST

START_TEST(test_weights_of_all_operators_together_are_limited) {
  parse_shared_weights(512, 30);
  expect("");
  parse_shared_weights(512, 64); /* 4 Mi and 16 times the file's 256 KiB: 32 matrices */
  expect("with the 262144 of 'W' the operators read more than");
}
END_TEST

START_TEST(test_rows_of_all_operators_together_are_limited) {
  parse_growing_rows(8, 22, 2); /* 8 * (2^23 - 1) bytes: just below 2^26 */
  expect("");
  parse_growing_rows(9, 22, 2);
  expect("the limit of all together is 67108864");
}
END_TEST

START_TEST(test_names_have_no_controls) {
  static const char name[] =
      "a\x1b[2J\x07\n\x7f\xc2\x9b"
      "b";
  struct tflite_writer *file = tflite_writer_new();
  const struct tflite_new_tensor x = {
      .name = name, .type = TFLITE_INT8, .rank = 2, .shape = {1, 4}, .scale = 0.5F};
  struct tflite_operator op = new_operator(TFLITE_RELU, 1);
  op.inputs[0] = tflite_writer_tensor(file, &x);
  op.output = tflite_writer_tensor(file, &x);
  tflite_writer_operator(file, &op);
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(file, op.inputs[0], op.output, &len_bytes);
  struct trine_model *model = NULL;
  ck_assert_int_eq(trine_model_parse(bytes, len_bytes, &model, NULL), TRINE_OK);
  ck_assert_str_eq(trine_model_info(model)->input.name, "a?[2J????b");
  trine_model_free(model);
  tflite_writer_operator_at(file, 0)->code = 3;
  parse_written(file, op.inputs[0], op.output);
  expect("CONV_2D 'a?[2J????b' is not supported");
  tflite_writer_free(file);
}
END_TEST

START_TEST(test_a_loop_is_told_before_an_unrolled_cell_and_that_before_the_rest) {
  struct tflite_writer *file = tflite_writer_new();
  const struct tflite_new_tensor x = {
      .name = "x", .type = TFLITE_INT8, .rank = 2, .shape = {1, 4}, .scale = 0.5F};
  const int codes[] = {3, TFLITE_SPLIT, 3, TFLITE_WHILE};
  int32_t last = tflite_writer_tensor(file, &x);
  for (int n = 0; n < 4; n++) {
    struct tflite_operator op = new_operator(codes[n], 1);
    op.inputs[0] = last;
    last = op.output = tflite_writer_tensor(file, &x);
    tflite_writer_operator(file, &op);
  }
  parse_written(file, 0, last);
  expect("WHILE 'x' is not supported; an LSTM was converted to a loop");
  expect("(operator 3, code 119)");
  tflite_writer_operator_at(file, 3)->code = TFLITE_RELU;
  parse_written(file, 0, last);
  expect("SPLIT 'x' is not supported; was an LSTM unrolled?");
  tflite_writer_operator_at(file, 1)->code = TFLITE_RELU;
  parse_written(file, 0, last);
  expect("CONV_2D 'x' is not supported; docs/formats.md lists what is");
  expect("(operator 0, code 3)");
  tflite_writer_free(file);
}
END_TEST

START_TEST(test_more_subgraphs_and_none_are_refused) {
  parse_odd(1, 1, 0);
  expect("the file has 0 subgraphs, it needs 1");
  parse_odd(1, 1, 2);
  expect("the file has 2 subgraphs, the limit is 1: convert one signature");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("tflite_limits");
  TCase *tests = tcase_create("limits");
  tcase_add_test(tests, test_scales_of_all_tensors_together_are_limited);
  tcase_add_test(tests, test_weights_of_all_operators_together_are_limited);
  tcase_add_test(tests, test_rows_of_all_operators_together_are_limited);
  tcase_add_test(tests, test_names_have_no_controls);
  tcase_add_test(tests, test_a_loop_is_told_before_an_unrolled_cell_and_that_before_the_rest);
  tcase_add_test(tests, test_more_subgraphs_and_none_are_refused);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
