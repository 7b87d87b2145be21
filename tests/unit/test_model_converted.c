/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_converted: models as TensorFlow's converter writes them (tests/models/converted):
 * those that run give the reference's bytes; of the others it is said what they are, and a way out.
 */
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
    {"while_loop", {"WHILE 'model/rnn/while'", "converted to a loop", "trine quantize"}},
    {"unrolled",
     {"UNPACK 'model/lstm/unstack", "was an LSTM unrolled?", "unroll=False", "trine quantize"}},
    {"zero_calibration",
     {"'serving_default_a_0:0'", "of normal numbers", "all zero in calibration"}},
    {"float_lstm", {"FLOAT32: the file is not quantised", "trine quantize", "calibration"}},
    /* of dynamic range quantisation, but too small for its weights to have been quantised */
    {"hybrid_lstm", {"FLOAT32: the file is not quantised", "trine quantize", "calibration"}},
    {"conv_front", {"CONV_2D '", "is not supported", "code 3)"}}};

START_TEST(test_converted_models_are_refused_with_what_they_are) {
  char path[128];
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  (void)snprintf(path, sizeof path, FOLDER "%s.tflite", cases[_i].name);
  ck_assert_msg(trine_model_load(path, &model, &error) == TRINE_ERR_UNSUPPORTED, "%s: %s", path,
                error.text);
  for (int n = 0; n < MAX_WORDS && cases[_i].words[n] != NULL; n++) {
    ck_assert_msg(strstr(error.text, cases[_i].words[n]) != NULL, "no '%s' in: %s",
                  cases[_i].words[n], error.text);
  }
}
END_TEST

/* Runs, and T other than the file's: refused with these words, or NULL: taken. */
static const struct {
  const char *name, *other_steps;
} runs[] = {{"only_intermediate_4_disagrees", NULL},
            {"batchnorm_between", NULL},
            {"cell_scale_2_to_minus_16", NULL},
            {"embedding_of_numbers", NULL},
            {"flat_input", NULL},
            {"flatten_all_steps", "the model takes 3, as its FULLY_CONNECTED is made for that"},
            {"last_two_steps", "the model takes 3, as its STRIDED_SLICE"},
            {"mean_over_time", "the model takes 3, as its MEAN"},
            {"residual_add", NULL},
            {"tanh_head", NULL},
            {"uint8_input_output", NULL}};

static void read_array(const char *name, const char *end, struct trine_array *array) {
  struct trine_error error = {""};
  char path[128];
  (void)snprintf(path, sizeof path, FOLDER "%s_%s.npy", name, end);
  ck_assert_msg(trine_npy_read(path, array, &error) == TRINE_OK, "%s", error.text);
}

/* A uint8 array as the model takes and gives its bytes. */
static void turn_bits(struct trine_array *array, bool is_unsigned) {
  ck_assert_int_eq(array->dtype, is_unsigned ? TRINE_DTYPE_UINT8 : TRINE_DTYPE_INT8);
  uint8_t *bytes = array->data;
  for (uint64_t n = 0; n < array->count && is_unsigned; n++) {
    bytes[n] ^= 0x80;
  }
}

START_TEST(test_converted_models_give_the_bytes_of_the_reference) {
  char path[128];
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  struct trine_array x, y;
  uint32_t sequences = 0, steps = 0;
  (void)snprintf(path, sizeof path, FOLDER "%s.tflite", runs[_i].name);
  ck_assert_msg(trine_model_load(path, &model, &error) == TRINE_OK, "%s: %s", path, error.text);
  read_array(runs[_i].name, "x", &x);
  read_array(runs[_i].name, "y", &y);
  turn_bits(&x, trine_model_info(model)->input.is_unsigned);
  turn_bits(&y, trine_model_info(model)->output.is_unsigned);
  ck_assert_int_eq(trine_model_input_sizes(model, x.rank, x.shape, &sequences, &steps, &error),
                   TRINE_OK);
  size_t count = 0;
  ck_assert(trine_model_output_count(model, sequences, steps, &count));
  ck_assert_uint_eq(count, y.count);
  int8_t *got = calloc(count, 2);
  ck_assert_ptr_nonnull(got);
  struct trine_model_batch batch = {
      .sequences = sequences, .steps = steps, .input = x.data, .output = got};
  ck_assert_int_eq(trine_model_run(model, &batch, golden_runner, NULL, &error), TRINE_OK);
  ck_assert_mem_eq(got, y.data, count);
  batch.steps = steps - 1;
  const bool taken = trine_model_check_batch(model, &batch, &error) == TRINE_OK;
  ck_assert_int_eq(taken, runs[_i].other_steps == NULL);
  ck_assert_msg(taken || strstr(error.text, runs[_i].other_steps) != NULL, "%s", error.text);
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
                      (int)(sizeof cases / sizeof cases[0]));
  tcase_add_loop_test(tests, test_converted_models_give_the_bytes_of_the_reference, 0,
                      (int)(sizeof runs / sizeof runs[0]));
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
