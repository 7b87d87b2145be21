/* SPDX-License-Identifier: Apache-2.0 */
/* test_session_file: sessions that open their model and their device by name, and run arrays. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "session/rows.h"
#include "session/session.h"
#include "support/checked/find_model.h"

enum { SEQUENCES = 4 };
static const char vowels[] = "tests/models/vowels.tflite";

/* Some sequences of the set are enough. */
static void cut(struct trine_array *array) {
  array->count = array->count / array->shape[0] * SEQUENCES;
  array->shape[0] = SEQUENCES;
}

/* The results of the reference interpreter, bytes and as real numbers. */
START_TEST(test_an_array_is_run) {
  struct trine_session *session = NULL;
  struct trine_array input = {0}, want = {0}, got = {0}, real = {0}, from_real = {0};
  struct trine_error error = {""};
  ck_assert_msg(trine_session_open_file(vowels, "golden", NULL, &session, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_int_eq(trine_npy_read("tests/models/vowels_xq.npy", &input, &error), TRINE_OK);
  ck_assert_int_eq(trine_npy_read("tests/models/vowels_tflm.npy", &want, &error), TRINE_OK);
  cut(&input);
  cut(&want);
  ck_assert_msg(trine_session_run_array(session, &input, &got, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_int_eq(got.dtype, TRINE_DTYPE_INT8);
  ck_assert_uint_eq(got.rank, want.rank);
  ck_assert_mem_eq(got.shape, want.shape, got.rank * sizeof got.shape[0]);
  ck_assert_mem_eq(got.data, want.data, (size_t)got.count);

  const struct trine_model_info *info = trine_model_info(trine_session_model(session));
  ck_assert_int_eq(trine_array_make(&real, TRINE_DTYPE_FLOAT32, input.rank, input.shape, &error),
                   TRINE_OK);
  trine_model_dequantize(&info->input, input.data, (size_t)input.count, real.data);
  ck_assert_msg(trine_session_run_array(session, &real, &from_real, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_int_eq(from_real.dtype, TRINE_DTYPE_FLOAT32);
  for (uint64_t n = 0; n < got.count; n++) {
    const int8_t byte = ((const int8_t *)got.data)[n];
    float value = 0;
    trine_model_dequantize(&info->output, &byte, 1, &value);
    ck_assert_float_eq(((const float *)from_real.data)[n], value);
  }
  trine_array_free(&input);
  trine_array_free(&want);
  trine_array_free(&got);
  trine_array_free(&real);
  trine_array_free(&from_real);
  trine_session_close(session);
}
END_TEST

static void expect_closed(const char *path, const char *device, enum trine_status status,
                          const char *part) {
  struct trine_session *session = (void *)1;
  struct trine_error error = {""};
  ck_assert_int_eq(trine_session_open_file(path, device, NULL, &session, &error), status);
  ck_assert_ptr_null(session);
  ck_assert_msg(strstr(error.text, part) != NULL, "'%s' has no '%s'", error.text, part);
}

START_TEST(test_what_cannot_be_opened_is_refused) {
  const struct trine_session_options bad = {.cores = 99};
  struct trine_session *session = NULL;
  struct trine_error error = {""};
  expect_closed("none.tflite", "golden", TRINE_ERR_NOT_FOUND, "none.tflite");
  expect_closed(NULL, "golden", TRINE_ERR_ARG, "none is given");
  expect_closed(vowels, "abacus", TRINE_ERR_ARG, "no device 'abacus'");
  expect_closed(vowels, NULL, TRINE_ERR_ARG, "no device ''");
  expect_closed("Makefile", "golden", TRINE_ERR_FORMAT, "Makefile: ");
  expect_closed(vowels, "uart:/none", TRINE_ERR_BUS, "/none");
  ck_assert_int_eq(trine_session_open_file(vowels, "golden", NULL, NULL, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "A session needs a place for its handle"));
  ck_assert_int_eq(trine_session_open_file(vowels, "golden", &bad, &session, &error),
                   TRINE_ERR_ARG);
  ck_assert_ptr_null(session);
}
END_TEST

START_TEST(test_what_cannot_be_run_is_refused) {
  struct trine_session *session = NULL;
  struct trine_array array = {0}, output = {.data = (void *)1};
  struct trine_error error = {""};
  const uint64_t shape[3] = {1, 2, 99};
  ck_assert_int_eq(trine_session_open_file(vowels, "golden", NULL, &session, &error), TRINE_OK);
  ck_assert_ptr_null(trine_session_model(NULL));
  ck_assert_int_eq(trine_session_run_array(NULL, &array, &output, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_session_run_array(session, NULL, &output, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_session_run_array(session, &array, NULL, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_session_run_arrays(NULL, &array, &output, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_session_run_arrays(session, NULL, &output, &error), TRINE_ERR_ARG);
  ck_assert_int_eq(trine_session_run_arrays(session, &array, NULL, &error), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(error.text, "needs a session, inputs and places for the outputs"));
  ck_assert_int_eq(trine_session_run_arrays(session, &array, &output, &error), TRINE_ERR_ARG);
  ck_assert_msg(strstr(error.text, "Input 0 of 1 is no whole array; each needs") != NULL, "%s",
                error.text);
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT8, 3, shape, &error), TRINE_OK);
  ck_assert_int_eq(trine_session_run_array(session, &array, &output, &error), TRINE_ERR_ARG);
  ck_assert_ptr_null(output.data);
  trine_array_free(&array);
  const uint32_t width = trine_model_info(trine_session_model(session))->input.width;
  const uint64_t fitting[3] = {1, 2, width};
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT16, 3, fitting, &error), TRINE_OK);
  ck_assert_int_eq(trine_session_run_array(session, &array, &output, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "The input is int8 or float32, not int16.");
  trine_array_free(&array);
  trine_session_close(session);
}
END_TEST

static bool takes_numbers_of_steps(const struct trine_model *model) {
  const struct trine_model_info *info = trine_model_info(model);
  const struct trine_model_end *in = &info->input;
  return info->input_count == 1 && in->type == TRINE_DTYPE_INT32 && in->has_time && in->width == 1;
}

/* Numbers of a vocabulary come as int64, as numpy has them; as int32 they are read. */
START_TEST(test_numbers_are_narrowed_or_refused) {
  struct trine_model *model = find_model("tests/conformance/operators", takes_numbers_of_steps);
  struct trine_array array = {0};
  struct trine_error error = {""};
  const uint64_t shape[2] = {1, 2};
  const struct trine_model_batch batch = {.sequences = 1, .steps = 2};
  void *rows = NULL;
  ck_assert_int_eq(trine_array_make(&array, TRINE_DTYPE_INT64, 2, shape, &error), TRINE_OK);
  int64_t *values = array.data;
  values[0] = 3;
  values[1] = -7;
  ck_assert_int_eq(trine_rows_take(model, &array, &batch, &rows, NULL, &error), TRINE_OK);
  ck_assert(((int32_t *)rows)[0] == 3 && ((int32_t *)rows)[1] == -7);
  free(rows);
  values[1] = (int64_t)INT32_MAX + 1;
  ck_assert_int_eq(trine_rows_take(model, &array, &batch, &rows, NULL, &error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "Value 1 of the input is 2147483648; it takes int32.");
  ck_assert_ptr_null(rows);
  trine_array_free(&array);
  trine_model_free(model);
}
END_TEST

int main(void) {
  puts("seed none"); /* nothing here is drawn */
  Suite *suite = suite_create("session_file");
  TCase *tests = tcase_create("file");
  tcase_add_test(tests, test_an_array_is_run);
  tcase_add_test(tests, test_what_cannot_be_opened_is_refused);
  tcase_add_test(tests, test_what_cannot_be_run_is_refused);
  tcase_add_test(tests, test_numbers_are_narrowed_or_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
