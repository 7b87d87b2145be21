/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_converted: what is said of models as TensorFlow's converter writes them
 * (tests/models/converted): the kind of file, the operator and its tensor, a way out; and the one
 * that only seems wrong gives the reference's bytes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "model/model.h"
#include "support/golden_runner.h"

#define FOLDER "tests/models/converted/"
enum { MAX_WORDS = 4 };

static const struct {
  const char *name;
  const char *words[MAX_WORDS]; /* all in its sentence */
} cases[] = {
    {"while_loop", {"WHILE 'model/rnn/while'", "converted to a loop", "fixed batch and", "ONNX"}},
    {"unrolled", {"UNPACK 'model/lstm/unstack", "was an LSTM unrolled?", "unroll=False", "ONNX"}},
    {"zero_calibration",
     {"'serving_default_a_0:0'", "of normal numbers", "all zero in calibration"}},
    {"float_lstm", {"FLOAT32: the file is not quantised", "representative data set", "ONNX"}},
    /* of dynamic range quantisation, but too small for its weights to have been quantised */
    {"hybrid_lstm", {"FLOAT32: the file is not quantised", "representative data set", "ONNX"}},
    {"cell_scale_2_to_minus_16", {"2^-16", "-15..-9", "stayed below 0.5 in calibration"}},
    {"flat_input", {"[batch, time, features]", "which has shape [1,6]"}},
    {"flatten_all_steps",
     {"FULLY_CONNECTED 'StatefulPartitionedCall:0'", "take 12 values", "input has 4", "last one"}},
    {"last_two_steps", {"STRIDED_SLICE", "it takes 2 of 3 steps from step 1 on", "the last"}},
    {"uint8_input_output", {"is UINT8", "inference_input_type and inference_output_type tf.int8"}},
    {"tanh_head", {"TANH 'StatefulPartitionedCall:0' is not supported", "docs/formats.md", "28)"}},
    {"mean_over_time", {"MEAN '", "is not supported", "code 40)"}},
    {"residual_add", {"ADD 'model/add/add' is not supported", "(operator 1, code 0)"}},
    {"batchnorm_between", {"MUL '", "is not supported", "code 18)"}},
    {"conv_front", {"CONV_2D '", "is not supported", "code 3)"}}};

START_TEST(test_converted_models_are_refused_with_what_they_are) {
  char path[128];
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  (void)snprintf(path, sizeof path, FOLDER "%s.tflite", cases[_i].name);
  ck_assert_msg(trine_model_load(path, &model, &error) == TRINE_MODEL_ERR_UNSUPPORTED, "%s: %s",
                path, error.text);
  for (int n = 0; n < MAX_WORDS && cases[_i].words[n] != NULL; n++) {
    ck_assert_msg(strstr(error.text, cases[_i].words[n]) != NULL, "no '%s' in: %s",
                  cases[_i].words[n], error.text);
  }
}
END_TEST

START_TEST(test_an_intermediate_that_alone_disagrees_is_not_looked_at) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  struct trine_array x, y;
  uint32_t sequences = 0, steps = 0;
  ck_assert_msg(trine_model_load(FOLDER "only_intermediate_4_disagrees.tflite", &model, &error) ==
                    TRINE_MODEL_OK,
                "%s", error.text);
  ck_assert_int_eq(trine_npy_read(FOLDER "only_intermediate_4_disagrees_x.npy", &x, &error),
                   TRINE_IO_OK);
  ck_assert_int_eq(trine_npy_read(FOLDER "only_intermediate_4_disagrees_y.npy", &y, &error),
                   TRINE_IO_OK);
  ck_assert_int_eq(trine_model_input_sizes(model, x.rank, x.shape, &sequences, &steps, &error),
                   TRINE_MODEL_OK);
  size_t count = 0;
  ck_assert(trine_model_output_count(model, sequences, steps, &count));
  ck_assert_uint_eq(count, y.count);
  int8_t *got = malloc(count);
  ck_assert_ptr_nonnull(got);
  const struct trine_model_batch batch = {
      .sequences = sequences, .steps = steps, .input = x.data, .output = got};
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_MODEL_OK);
  ck_assert_mem_eq(got, y.data, count);
  free(got);
  trine_array_free(&x);
  trine_array_free(&y);
  trine_model_free(model);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("model_converted");
  TCase *tests = tcase_create("converted");
  tcase_add_loop_test(tests, test_converted_models_are_refused_with_what_they_are, 0,
                      (int)(sizeof cases / sizeof *cases));
  tcase_add_test(tests, test_an_intermediate_that_alone_disagrees_is_not_looked_at);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
