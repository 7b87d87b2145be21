/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_inputs: models of several inputs: what they are, what a run needs of them, which files
 * are theirs. That their values are the reference's is tested by tests/conformance/operators. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/named.h"
#include "model/model.h"
#include "session/session.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"

enum { STEPS = 4, WIDTH = 3, FEATURES = 2, UNITS = 5 };

/* A sequence whose last row stands beside features; the features are the first input. */
struct two_inputs {
  struct tflite_writer *file;
  int32_t features, x, joined, y;
};

static void make_two(struct two_inputs *made) {
  struct seed_stream stream = seed_start("inputs");
  const int32_t shape[3] = {1, STEPS, WIDTH};
  const struct lstm_spec lstm = {.units = UNITS, .cell_exponent = -12, .gain = 1.0F};
  made->file = tflite_writer_new();
  made->x = make_input(made->file, &stream, 3, shape);
  const int32_t last = make_take(made->file, make_lstm(made->file, &stream, made->x, &lstm), 1, -1);
  const struct tflite_new_tensor like = *tflite_writer_tensor_at(made->file, last);
  const struct tflite_new_tensor features = {.name = "features",
                                             .type = TFLITE_INT8,
                                             .rank = 2,
                                             .shape = {1, FEATURES},
                                             .scale = like.scale,
                                             .zero_point = like.zero_point};
  made->features = tflite_writer_tensor(made->file, &features);
  made->joined = make_concat(made->file, last, made->features, 1);
  made->y = make_dense(made->file, &stream, made->joined, 2, TFLITE_ACT_NONE);
}

static enum trine_status read_two(const struct two_inputs *made, const int32_t *inputs,
                                  uint32_t count, struct trine_model **model,
                                  struct trine_error *error) {
  const struct tflite_new_ends ends = {count, 1, inputs, &made->y};
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes_between(made->file, &ends, &len_bytes);
  return trine_model_parse(bytes, len_bytes, model, error);
}

static struct trine_model *load_two(void) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  struct two_inputs made;
  make_two(&made);
  const int32_t inputs[2] = {made.features, made.x};
  ck_assert_msg(read_two(&made, inputs, 2, &model, &error) == TRINE_OK, "%s", error.text);
  tflite_writer_free(made.file);
  return model;
}

START_TEST(test_inputs_are_described_in_the_order_of_the_file) {
  struct trine_model *model = load_two();
  const struct trine_model_info *info = trine_model_info(model);
  ck_assert_uint_eq(info->input_count, 2);
  ck_assert_str_eq(info->inputs[0].name, "features");
  ck_assert(!info->inputs[0].has_time && info->inputs[0].width == FEATURES);
  ck_assert_str_eq(info->inputs[1].name, "x");
  ck_assert(info->inputs[1].has_time && info->inputs[1].width == WIDTH);
  ck_assert_uint_eq(info->default_steps, STEPS);
  ck_assert_uint_eq(info->fixed_steps, 0);
  trine_model_free(model);
}
END_TEST

START_TEST(test_a_run_needs_all_inputs_and_one_size) {
  struct trine_model *model = load_two();
  struct trine_error error = {""};
  int8_t rows[2 * 6 * WIDTH] = {1, 2, 3}, features[2 * FEATURES] = {4}, y[4];
  const void *const more[1] = {rows};
  struct trine_model_batch batch = {.sequences = 2, .steps = 6, .input = features, .output = y};
  ck_assert_int_eq(trine_model_check_batch(model, &batch, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "the model has 2 inputs; 'x' is missing"));
  batch.more_inputs = more;
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_OK);

  struct trine_array arrays[2] = {{.rank = 2, .shape = {2, FEATURES}},
                                  {.rank = 3, .shape = {2, 6, WIDTH}}};
  uint32_t sequences = 0, steps = 0;
  ck_assert_int_eq(trine_model_all_sizes(model, arrays, &sequences, &steps, &error), TRINE_OK);
  ck_assert(sequences == 2 && steps == 6);
  arrays[0].shape[0] = 3;
  ck_assert_int_eq(trine_model_all_sizes(model, arrays, &sequences, &steps, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "'x' has 2 sequences, and one before it 3"));
  arrays[0].shape[1] = FEATURES + 1;
  ck_assert_int_eq(trine_model_all_sizes(model, arrays, &sequences, &steps, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "the input 'features' has shape [3, 3]"));
  trine_model_free(model);
}
END_TEST

START_TEST(test_what_nothing_reads_is_no_input_and_no_tensor_is_two) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  struct two_inputs made;
  make_two(&made);
  struct seed_stream stream = seed_start("unread");
  const int32_t shape[2] = {1, 9}, unread = make_input(made.file, &stream, 2, shape);
  const int32_t with[3] = {unread, made.x, made.features}, twice[2] = {made.x, made.x};
  ck_assert_msg(read_two(&made, with, 3, &model, &error) == TRINE_OK, "%s", error.text);
  ck_assert_uint_eq(trine_model_info(model)->input_count, 2);
  ck_assert_str_eq(trine_model_info(model)->inputs[0].name, "x");
  trine_model_free(model);
  ck_assert_int_eq(read_two(&made, twice, 2, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(error.text, "'features' has to be computed"));
  tflite_writer_free(made.file);
}
END_TEST

/* Rows of a table of floats; like: of its bytes behind QUANTIZE, or NULL: they go on as floats. */
static enum trine_status read_floats(const float *table, const struct tflite_new_tensor *like,
                                     struct trine_model **model, struct trine_error *error) {
  struct seed_stream stream = seed_start("floats");
  const int32_t shape[2] = {1, 1};
  struct tflite_writer *file = tflite_writer_new();
  const int32_t input = make_input(file, &stream, 2, shape);
  tflite_writer_tensor_at(file, input)->type = TFLITE_INT32;
  tflite_writer_tensor_at(file, input)->scale = 0;
  const struct tflite_new_tensor floats = {.name = "floats",
                                           .type = TFLITE_FLOAT32,
                                           .rank = 2,
                                           .shape = {2, WIDTH},
                                           .data = table,
                                           .len_bytes = 2 * WIDTH * sizeof *table};
  struct op_spec spec = {
      .inputs = {tflite_writer_tensor(file, &floats), input},
      .like = {.name = "rows", .type = TFLITE_FLOAT32, .rank = 3, .shape = {1, 1, WIDTH}}};
  int32_t y = make_operator(file, TFLITE_GATHER, &spec);
  if (like != NULL) {
    y = make_quantize(file, y, TFLITE_QUANTIZE, like->scale, like->zero_point);
    tflite_writer_tensor_at(file, y)->type = TFLITE_INT8;
  }
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(file, input, y, &len_bytes);
  const enum trine_status status = trine_model_parse(bytes, len_bytes, model, error);
  tflite_writer_free(file);
  return status;
}

START_TEST(test_rows_of_floats_are_the_bytes_they_are_quantised_to) {
  const struct tflite_new_tensor like = {.scale = 0.5F, .zero_point = 3};
  float table[2 * WIDTH] = {9.0F, 9.0F, 9.0F, 1.0F, -0.75F, 1000.0F};
  const int8_t want[WIDTH] = {5, 1, 127};
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  ck_assert_msg(read_floats(table, &like, &model, &error) == TRINE_OK, "%s", error.text);
  const int32_t symbol = 1;
  int8_t out[WIDTH] = {0};
  struct trine_model_batch batch = {.sequences = 1, .steps = 1, .input = &symbol, .output = out};
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_OK);
  ck_assert_mem_eq(out, want, sizeof want);
  trine_model_free(model);
  ck_assert_int_eq(read_floats(table, NULL, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "is FLOAT32 and is quantised nowhere") != NULL, "%s",
                error.text);
  table[4] = NAN;
  ck_assert_int_eq(read_floats(table, &like, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(
      strstr(error.text, "row 1 of its table 'floats' holds a number that is not") != NULL, "%s",
      error.text);
}
END_TEST

/* Numbers that an operator computes may be larger than the table that they would pick from. */
START_TEST(test_numbers_of_arg_max_pick_no_rows) {
  struct seed_stream stream = seed_start("numbers");
  struct tflite_writer *file = tflite_writer_new();
  const int32_t shape[3] = {1, STEPS, 9}, table[2] = {2, 5}, rows[2] = {STEPS, 5};
  const int32_t x = make_input(file, &stream, 3, shape);
  const int32_t largest = make_arg_max(file, x, TFLITE_INT32);
  const int32_t constant = make_constant(file, &stream, 2, table, 0.01F, 3);
  struct op_spec spec = {.inputs = {constant, largest},
                         .like = *tflite_writer_tensor_at(file, constant)};
  spec.like.data = NULL;
  spec.like.rank = 3;
  spec.like.shape[0] = 1;
  memcpy(spec.like.shape + 1, rows, sizeof rows);
  const int32_t y = make_operator(file, TFLITE_GATHER, &spec);
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(file, x, y, &len_bytes);
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  ck_assert_int_eq(trine_model_parse(bytes, len_bytes, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "only an input of the model") != NULL, "%s", error.text);
  tflite_writer_free(file);
}
END_TEST

static enum trine_status name_files(uint32_t count, const char *const *given, const char **files,
                                    struct trine_error *error) {
  static const char *const names[] = {"x", "s"};
  return trine_named_files("--input", given, count, names, 2, files, error);
}

START_TEST(test_files_are_taken_by_name_then_in_order) {
  const char *files[2];
  struct trine_error error = {""};
  const char *const in_order[] = {"a.npy", "b.npy"}, *const mixed[] = {"a.npy", "x=b.npy"};
  ck_assert_int_eq(name_files(2, in_order, files, &error), TRINE_OK);
  ck_assert_str_eq(files[0], "a.npy");
  ck_assert_str_eq(files[1], "b.npy");
  ck_assert_int_eq(name_files(2, mixed, files, &error), TRINE_OK);
  ck_assert_str_eq(files[0], "b.npy");
  ck_assert_str_eq(files[1], "a.npy");
  const char *const none[] = {"y=a.npy", "b"}, *const twice[] = {"x=a", "x=b"};
  ck_assert_int_eq(name_files(2, none, files, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(
      strstr(error.text, "names no input and no file; the model's inputs are 'x', 's'"));
  ck_assert_int_eq(name_files(2, twice, files, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "names an input twice"));
  ck_assert_int_eq(name_files(1, in_order, files, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "2 inputs, 'x', 's', and 's' has no file"));
  const char *const many[] = {"a", "b", "c"};
  ck_assert_int_eq(name_files(3, many, files, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "3 files; the model has 2 inputs"));
  ck_assert_str_eq(trine_named_file("x=a.npy"), "a.npy");
  ck_assert_str_eq(trine_named_file("a.npy"), "a.npy");
}
END_TEST

START_TEST(test_a_session_runs_arrays_and_says_what_takes_one) {
  struct trine_model *model = load_two();
  struct trine_session *session = NULL;
  struct trine_error error = {""};
  ck_assert_int_eq(trine_session_open(model, NULL, NULL, &session, &error), TRINE_OK);
  struct trine_array inputs[2], output;
  const uint64_t of_features[2] = {2, FEATURES}, of_rows[3] = {2, 6, WIDTH};
  ck_assert_int_eq(trine_array_make(&inputs[0], TRINE_DTYPE_INT8, 2, of_features, &error),
                   TRINE_OK);
  ck_assert_int_eq(trine_array_make(&inputs[1], TRINE_DTYPE_FLOAT32, 3, of_rows, &error), TRINE_OK);
  ck_assert_msg(trine_session_run_arrays(session, inputs, &output, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_int_eq(output.dtype, TRINE_DTYPE_FLOAT32); /* as one of the inputs is */
  ck_assert(output.rank == 2 && output.shape[0] == 2 && output.shape[1] == 2);
  trine_array_free(&output);
  ck_assert_int_eq(trine_session_run_array(session, &inputs[1], &output, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "trine_session_run_arrays takes all"));
  struct trine_states states;
  ck_assert_int_eq(trine_states_make(model, 1, &states, &error), TRINE_OK);
  int8_t y[2];
  ck_assert_int_eq(trine_session_step(session, &states, 1, inputs[0].data, y, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "A step has one input, the model has 2"));
  trine_states_free(&states);
  trine_array_free(&inputs[0]);
  trine_array_free(&inputs[1]);
  trine_session_close(session);
  trine_model_free(model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model_inputs");
  TCase *tests = tcase_create("inputs");
  tcase_add_test(tests, test_inputs_are_described_in_the_order_of_the_file);
  tcase_add_test(tests, test_a_run_needs_all_inputs_and_one_size);
  tcase_add_test(tests, test_what_nothing_reads_is_no_input_and_no_tensor_is_two);
  tcase_add_test(tests, test_rows_of_floats_are_the_bytes_they_are_quantised_to);
  tcase_add_test(tests, test_numbers_of_arg_max_pick_no_rows);
  tcase_add_test(tests, test_files_are_taken_by_name_then_in_order);
  tcase_add_test(tests, test_a_session_runs_arrays_and_says_what_takes_one);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
