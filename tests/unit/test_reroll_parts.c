/* SPDX-License-Identifier: Apache-2.0 */
/* test_reroll_parts: a part of a .tflite of floats between tensors that are named: it is read and
 * gives what the file's own operators give; what names no part is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "graph/reroll.h"
#include "support/seed.h"

#define SET "tests/reroll/set/"

static enum trine_status load(const char *name, const char *inputs, const char *outputs,
                              struct trine_reroll **model, struct trine_error *error) {
  const struct trine_onnx_cut cut = {inputs, outputs};
  return trine_reroll_load(name, &cut, model, error);
}

START_TEST(test_a_part_gives_what_the_files_operators_give) {
  enum { SEQUENCES = 3, STEPS = 7, WIDTH = 6 };
  struct seed_stream stream = seed_start("a part");
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  struct trine_reroll_agreement agreement;
  static float x[SEQUENCES * STEPS * WIDTH];
  /* Tensor 22 is what stands between the file's two layers. */
  ck_assert_msg(load(SET "while_batchnorm.tflite", "22", NULL, &model, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_ptr_nonnull(strstr(trine_reroll_note(model, 0), "7 steps of one LSTM 6-5"));
  ck_assert_ptr_null(trine_reroll_note(model, 1));
  ck_assert_uint_eq(trine_reroll_input(model, 0).features, WIDTH);
  for (size_t n = 0; n < sizeof x / sizeof x[0]; n++) {
    x[n] = (float)seed_real(&stream, -2, 2);
  }
  const struct trine_float_batch batch = {.sequences = SEQUENCES, .steps = STEPS, .input = x};
  ck_assert_msg(trine_reroll_check(model, &batch, &agreement, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert(agreement.worst < 1e-5 && agreement.largest > 1e-3);
  trine_reroll_free(model);
}
END_TEST

/* A file that is streamed keeps its states though one output is named. */
START_TEST(test_states_go_on_where_an_output_is_named) {
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  ck_assert_msg(
      load(SET "step_states.tflite", NULL, "StatefulPartitionedCall:0", &model, &error) == TRINE_OK,
      "%s", error.text);
  ck_assert_uint_eq(trine_reroll_network(model)->output_count, 1);
  trine_reroll_free(model);
}
END_TEST

static const struct {
  const char *inputs, *outputs, *words;
} refused[] = {
    {"nosuch", NULL, "there is no tensor 'nosuch'; give the name of one of its 32"},
    {"32", NULL, "there is no tensor '32'"},
    {"20", NULL, "not computed from the inputs that are named; name more of the 1"},
    {NULL, "24", "does not depend on the data; leave it out"},
    {"30", NULL, "there is no LSTM in it"},
};

START_TEST(test_what_names_no_part_is_refused) {
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  ck_assert_int_ne(
      load(SET "while_batchnorm.tflite", refused[_i].inputs, refused[_i].outputs, &model, &error),
      TRINE_OK);
  ck_assert_ptr_null(model);
  ck_assert_msg(strstr(error.text, refused[_i].words) != NULL, "no '%s' in: %s", refused[_i].words,
                error.text);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("reroll_parts");
  TCase *parts = tcase_create("parts");
  const int refused_count = (int)(sizeof refused / sizeof refused[0]);
  seed_print();
  tcase_set_timeout(parts, 60);
  tcase_add_test(parts, test_a_part_gives_what_the_files_operators_give);
  tcase_add_test(parts, test_states_go_on_where_an_output_is_named);
  tcase_add_loop_test(parts, test_what_names_no_part_is_refused, 0, refused_count);
  suite_add_tcase(suite, parts);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
