/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_one_step: models whose file has one step, or one sequence of it: which axes of their
 * inputs are batch and time, and what a row of a sequence is beside rows of its step. */
#include <check.h>
#include <stdlib.h>

#include "model/model.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"

enum { WIDTH = 3, FEATURES = 2, UNITS = 5, SEQUENCES = 2, STEPS = 3, ROWS = SEQUENCES * STEPS };

static int32_t add_symbols(struct tflite_writer *file, struct seed_stream *stream, int32_t *input) {
  const int32_t shape[2] = {1, 1}, table[2] = {7, WIDTH};
  *input = make_input(file, stream, 2, shape);
  tflite_writer_tensor_at(file, *input)->type = TFLITE_INT32;
  tflite_writer_tensor_at(file, *input)->scale = 0;
  const int32_t constant = make_constant(file, stream, 2, table, 0.01F, 3);
  struct op_spec spec = {.inputs = {constant, *input},
                         .like = *tflite_writer_tensor_at(file, constant)};
  spec.like.data = NULL;
  spec.like.rank = 3;
  spec.like.shape[0] = 1;
  spec.like.shape[1] = 1;
  spec.like.shape[2] = WIDTH;
  return make_operator(file, TFLITE_GATHER, &spec);
}

static int32_t add_like(struct tflite_writer *file, struct seed_stream *stream, int32_t width,
                        int32_t like) {
  const int32_t shape[2] = {1, width}, input = make_input(file, stream, 2, shape);
  tflite_writer_tensor_at(file, input)->scale = tflite_writer_tensor_at(file, like)->scale;
  tflite_writer_tensor_at(file, input)->zero_point =
      tflite_writer_tensor_at(file, like)->zero_point;
  return input;
}

static struct trine_model *read_model(struct tflite_writer *file,
                                      const struct tflite_new_ends *ends) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes_between(file, ends, &len_bytes);
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  tflite_writer_free(file);
  return model;
}

/* One sequence of one step: every axis may be batch or time, and only some choices go together. The
 * reference runs such files; what it makes of them is in tests/conformance. */
START_TEST(test_three_inputs_of_one_step_find_their_axes) {
  struct seed_stream stream = seed_start("one step");
  const struct lstm_spec lstm = {.units = UNITS, .cell_exponent = -12, .gain = 1.0F};
  const int32_t single[3] = {1, 1, 1}, flat[2] = {1, UNITS};
  struct tflite_writer *file = tflite_writer_new();
  int32_t inputs[3];
  const int32_t rows = add_symbols(file, &stream, &inputs[0]);
  inputs[1] = add_like(file, &stream, 1, rows);
  const int32_t row = make_reshape(file, inputs[1], 3, single);
  struct op_spec spec = {.inputs = {row, -1},
                         .list = single,
                         .list_count = 3,
                         .like = *tflite_writer_tensor_at(file, row)};
  const int32_t repeated = make_operator(file, TFLITE_BROADCAST_TO, &spec);
  int32_t y = make_lstm(file, &stream, make_concat(file, rows, repeated, 2), &lstm);
  y = make_reshape(file, y, 2, flat);
  inputs[2] = add_like(file, &stream, FEATURES, y);
  y = make_concat(file, inputs[2], y, 1);
  const struct tflite_new_ends ends = {3, 1, inputs, &y};
  struct trine_error error = {""};
  struct trine_model *model = read_model(file, &ends);
  const int32_t symbol = 6;
  const int8_t given[1] = {5}, features[FEATURES] = {7, -8};
  const void *const more[2] = {given, features};
  int8_t out[FEATURES + UNITS] = {0};
  struct trine_model_batch batch = {
      .sequences = 1, .steps = 1, .input = &symbol, .more_inputs = more, .output = out};
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert(out[0] == 7 && out[1] == -8);
  trine_model_free(model);
}
END_TEST

/* Rows of which the second have to be read otherwise than they come first, and the last two would
 * have 169 ways to be read: only what an operator refused is tried another way. */
START_TEST(test_only_what_does_not_fit_is_read_another_way) {
  enum { GIVEN = 4 };
  struct seed_stream stream = seed_start("another way");
  const struct lstm_spec lstm = {.units = UNITS, .cell_exponent = -12, .gain = 1.0F};
  const int32_t single[3] = {1, 1, WIDTH}, turned[3] = {1, 0, 2};
  struct tflite_writer *file = tflite_writer_new();
  int32_t inputs[GIVEN];
  for (int n = 0; n < GIVEN; n++) {
    inputs[n] = make_input(file, &stream, 3, single);
  }
  const struct tflite_new_tensor like = *tflite_writer_tensor_at(file, inputs[0]);
  for (int n = 1; n < GIVEN; n++) {
    tflite_writer_tensor_at(file, inputs[n])->scale = like.scale;
    tflite_writer_tensor_at(file, inputs[n])->zero_point = like.zero_point;
  }
  struct op_spec spec = {.inputs = {inputs[1], -1}, .list = turned, .list_count = 3, .like = like};
  spec.like.name = "turned";
  const int32_t both =
      make_concat(file, inputs[0], make_operator(file, TFLITE_TRANSPOSE, &spec), 2);
  int32_t y = make_lstm(file, &stream, both, &lstm);
  y = make_quantize(file, y, TFLITE_QUANTIZE, like.scale, like.zero_point);
  y = make_concat(file, both, y, 2);
  for (int n = 2; n < GIVEN; n++) {
    y = make_concat(file, y, inputs[n], 2);
  }
  const struct tflite_new_ends ends = {GIVEN, 1, inputs, &y};
  struct trine_model *model = read_model(file, &ends);
  const struct trine_model_info *info = trine_model_info(model);
  ck_assert(info->inputs[0].has_time && !info->inputs[0].time_major);
  ck_assert(info->inputs[1].has_time && info->inputs[1].time_major);
  trine_model_free(model);
}
END_TEST

/* A file of two sequences of one step: the rows of an LSTM, flattened; beside and behind a row of
 * each sequence; and their sum. */
static struct trine_model *make_beside(struct seed_stream *stream, int8_t *zero_point) {
  const struct lstm_spec lstm = {.units = UNITS, .cell_exponent = -12, .gain = 1.0F};
  const int32_t single[3] = {SEQUENCES, 1, WIDTH}, flat[2] = {SEQUENCES, UNITS};
  struct tflite_writer *file = tflite_writer_new();
  int32_t inputs[2], outputs[4];
  inputs[0] = make_input(file, stream, 3, single);
  outputs[0] = make_reshape(file, make_lstm(file, stream, inputs[0], &lstm), 2, flat);
  struct tflite_new_tensor row = *tflite_writer_tensor_at(file, outputs[0]);
  *zero_point = (int8_t)row.zero_point;
  row.name = "row";
  inputs[1] = tflite_writer_tensor(file, &row);
  outputs[1] = make_concat(file, inputs[1], outputs[0], 1);
  outputs[2] = make_concat(file, outputs[0], inputs[1], 1);
  struct op_spec sum = {.inputs = {outputs[0], inputs[1]}, .like = row};
  sum.like.name = "sum";
  sum.like.scale *= 2.0F;
  outputs[3] = make_operator(file, TFLITE_ADD, &sum);
  const struct tflite_new_ends ends = {2, 4, inputs, outputs};
  return read_model(file, &ends);
}

static void draw_bytes(struct seed_stream *stream, int8_t *bytes, int count) {
  for (int i = 0; i < count; i++) {
    bytes[i] = (int8_t)seed_uniform(stream, -128, 127);
  }
}

/* At other steps than the file's one the row of the sequence stands at each of them. */
START_TEST(test_a_row_of_a_sequence_stands_beside_rows_of_its_only_step) {
  struct seed_stream stream = seed_start("row beside step");
  struct trine_error error = {""};
  int8_t zero_point;
  struct trine_model *model = make_beside(&stream, &zero_point);
  int8_t x[ROWS * WIDTH], rows[SEQUENCES][UNITS];
  int8_t h[ROWS][UNITS], behind[ROWS][2][UNITS], before[ROWS][2][UNITS], sum[ROWS][UNITS];
  draw_bytes(&stream, x, ROWS * WIDTH);
  draw_bytes(&stream, rows[0], SEQUENCES * UNITS);
  const void *const more_inputs[1] = {rows};
  void *const more_outputs[3] = {behind, before, sum};
  struct trine_model_batch batch = {.sequences = SEQUENCES,
                                    .steps = STEPS,
                                    .input = x,
                                    .more_inputs = more_inputs,
                                    .output = h,
                                    .more_outputs = more_outputs};
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
  for (int i = 0; i < ROWS; i++) {
    const int8_t *row = rows[i / STEPS];
    ck_assert_mem_eq(behind[i][0], row, UNITS);
    ck_assert_mem_eq(behind[i][1], h[i], UNITS);
    ck_assert_mem_eq(before[i][0], h[i], UNITS);
    ck_assert_mem_eq(before[i][1], row, UNITS);
    for (int k = 0; k < UNITS; k++) { /* at twice the scale, with the same zero point */
      const int twice = h[i][k] + row[k] - 2 * zero_point;
      ck_assert_int_le(abs(twice - 2 * (sum[i][k] - zero_point)), 2);
    }
  }
  trine_model_free(model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_one_step");
  TCase *tests = tcase_create("one step");
  tcase_add_test(tests, test_three_inputs_of_one_step_find_their_axes);
  tcase_add_test(tests, test_only_what_does_not_fit_is_read_another_way);
  tcase_add_test(tests, test_a_row_of_a_sequence_stands_beside_rows_of_its_only_step);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
