/* SPDX-License-Identifier: Apache-2.0 */
/* test_reroll_onnx: LSTM cells that an .onnx holds unrolled (tests/reroll/onnx) are found with
 * their steps and sizes; what is no such LSTM is refused in words, and told apart from a graph
 * without a cell; damaged files are refused or can be used. What the networks give is held against
 * onnxruntime by `make reroll-set`. */
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/reroll.h"
#include "io/file.h"
#include "support/hostile.h"
#include "support/seed.h"

#define SET "tests/reroll/onnx/"
enum { PATH = 160, MAX_FILE = 1 << 20, DAMAGES = 200 };

static const struct {
  const char *name, *notes[3];
} files[] = {
    {"concat_last", {"7 steps of one LSTM 3-6 put together again (unrolled", NULL}},
    {"two_all", {"6 steps of one LSTM 4-5 put", "6 steps of one LSTM 5-6 put"}},
    {"both_last", {"5 steps of one LSTM 3-4 put", "5 steps of one LSTM 3-4, backward,"}},
    {"batch_first_turned", {"6 steps of one LSTM 3-5 put", NULL}},
    {"time_major", {"6 steps of one LSTM 3-5 put", NULL}},
    {"../drawn/[0-9]*_scan", {"put together again (a loop in"}},
    {"../drawn/[0-9]*_loop", {"put together again (a loop in"}},
    {"branch_by_size", {"6 steps of one LSTM 3-4 put together again (unrolled in"}},
    {"sequence_unbound", {"5 steps of one LSTM 3-4 put together again (unrolled in"}},
    {"sequence_loop", {"any number of steps of one LSTM 3-4 put together again (a loop in"}},
    {"autoencoder", {"one LSTM 3-4 put", "one LSTM 3-2, backward", "one LSTM 6-4 put"}},
    {"several_inputs", {"5 steps of one LSTM 5-4 put"}},
    {"pooled_mean", {"30 steps of one LSTM 3-4 put"}},
    {"pooled_max", {"6 steps of one LSTM 3-4 put"}},
    {"one_step",
     {"add_13_0 is a final cell state", "mul_15_0 is a final hidden state",
      "1 steps of one LSTM 3-5 put"}},
};

static const struct {
  const char *name;
  enum trine_status status;
  const char *words[2];
} refused[] = {
    {"gru", TRINE_ERR_UNSUPPORTED, {"GRU of 4 units", "train the model with LSTM"}},
    {"relu", TRINE_ERR_UNSUPPORTED, {"relu in its cell", "activation='tanh'"}},
    {"other_weights",
     TRINE_ERR_UNSUPPORTED,
     {"step 3 of an LSTM", "has other recurrent weights than those before it"}},
    {"step_left_out", TRINE_ERR_UNSUPPORTED, {"4 steps", "no row for each step"}},
    {"gemm_scaled", TRINE_ERR_UNSUPPORTED, {"Gemm 'gemm_75_0'", "cut the model"}},
    {"branch_by_data",
     TRINE_ERR_UNSUPPORTED,
     {"export the model without the branch", "; the rest of it runs with --outputs '"}},
    {"two_sequences", TRINE_ERR_NOT_FOUND, {"operand 1 has another shape", "alike"}},
    {"no_cell", TRINE_ERR_NOT_FOUND, {"there is no LSTM in it", "models with LSTMs"}},
};

/* Files with a foreign part: the cut that the refusal names, and what is read of it; a value whose
 * axes the file does not tell cannot begin one. */
static const struct {
  const char *name, *words, *inputs, *outputs, *note;
} parts[] = {
    {"part_conv", "Conv 'conv_1_0'", "conv_1_0", NULL, "5 steps of one LSTM 4-5"},
    {"part_sin", "Sin 'sin_91_0'", NULL, "matmul_90_0", "6 steps of one LSTM 3-4"},
};

/* The first file of a name, or pattern where the set is a drawn one. */
static void find_file(const char *name, char path[PATH]) {
  char pattern[PATH];
  glob_t found;
  snprintf(pattern, sizeof pattern, SET "%s.onnx", name);
  ck_assert_msg(glob(pattern, 0, NULL, &found) == 0, "there is no %s", pattern);
  snprintf(path, PATH, "%s", found.gl_pathv[0]);
  globfree(&found);
}

START_TEST(test_unrolled_cells_are_put_together_again) {
  char path[PATH];
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  find_file(files[_i].name, path);
  ck_assert_msg(trine_reroll_load_onnx(path, NULL, &model, &error) == TRINE_OK, "%s", error.text);
  for (uint32_t n = 0; n < 3 && files[_i].notes[n] != NULL; n++) {
    const char *note = trine_reroll_note(model, n);
    ck_assert_msg(note != NULL && strstr(note, files[_i].notes[n]) != NULL, "%s: no '%s' in '%s'",
                  files[_i].name, files[_i].notes[n], note == NULL ? "" : note);
  }
  trine_reroll_free(model);
}
END_TEST

START_TEST(test_what_is_no_such_lstm_is_refused_in_words) {
  char path[PATH];
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  snprintf(path, sizeof path, SET "refused_%s.onnx", refused[_i].name);
  ck_assert_int_eq(trine_reroll_load_onnx(path, NULL, &model, &error), refused[_i].status);
  ck_assert_ptr_null(model);
  for (int n = 0; n < 2; n++) {
    ck_assert_msg(strstr(error.text, refused[_i].words[n]) != NULL, "no '%s' in: %s",
                  refused[_i].words[n], error.text);
  }
}
END_TEST

START_TEST(test_a_foreign_part_is_refused_with_the_cut_that_is_read) {
  char path[PATH], cut_text[PATH];
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  const struct trine_onnx_cut cut = {parts[_i].inputs, parts[_i].outputs};
  snprintf(path, sizeof path, SET "%s.onnx", parts[_i].name);
  snprintf(cut_text, sizeof cut_text, "; the rest of it runs with %s '%s'",
           cut.inputs != NULL ? "--inputs" : "--outputs",
           cut.inputs != NULL ? cut.inputs : cut.outputs);
  ck_assert_int_eq(trine_reroll_load_onnx(path, NULL, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, parts[_i].words) != NULL && strstr(error.text, cut_text) != NULL,
                "%s", error.text);
  ck_assert_msg(trine_reroll_load_onnx_part(path, &cut, &model, &error) == TRINE_OK, "%s",
                error.text);
  ck_assert_msg(strstr(trine_reroll_note(model, 0), parts[_i].note) != NULL, "%s",
                trine_reroll_note(model, 0));
  trine_reroll_free(model);
}
END_TEST

START_TEST(test_a_part_begins_with_what_the_file_tells_the_axes_of) {
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  const struct trine_onnx_cut cut = {"concat_7_0", NULL};
  ck_assert_int_ne(trine_reroll_load_onnx_part(SET "concat_last.onnx", &cut, &model, &error),
                   TRINE_OK);
  ck_assert_ptr_null(model);
  ck_assert_msg(strstr(error.text, "the file tells no axes of '") != NULL, "%s", error.text);
}
END_TEST

START_TEST(test_damaged_files_are_refused_or_can_be_used) {
  char path[PATH];
  size_t len_bytes = 0;
  uint8_t *bytes = NULL;
  struct trine_error error = {""};
  find_file(files[_i].name, path);
  ck_assert_msg(trine_file_read(path, MAX_FILE, &bytes, &len_bytes, &error) == TRINE_OK, "%s",
                error.text);
  uint8_t *damaged = malloc(len_bytes);
  struct seed_stream stream = seed_start(files[_i].name);
  const int64_t last = (int64_t)len_bytes - 1;
  ck_assert_ptr_nonnull(damaged);
  for (int n = 0; n < DAMAGES; n++) {
    memcpy(damaged, bytes, len_bytes);
    for (int64_t k = seed_uniform(&stream, 1, 4); k > 0; k--) {
      damaged[seed_uniform(&stream, 0, last)] = (uint8_t)seed_uniform(&stream, 0, 255);
    }
    (void)hostile_reroll_onnx(damaged,
                              n % 8 == 0 ? (size_t)seed_uniform(&stream, 0, last) : len_bytes);
  }
  free(damaged);
  free(bytes);
}
END_TEST

int main(void) {
  seed_print();
  const int count = (int)(sizeof files / sizeof files[0]);
  Suite *suite = suite_create("reroll_onnx");
  TCase *tests = tcase_create("reroll_onnx");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, test_unrolled_cells_are_put_together_again, 0, count);
  tcase_add_loop_test(tests, test_what_is_no_such_lstm_is_refused_in_words, 0,
                      (int)(sizeof refused / sizeof refused[0]));
  tcase_add_loop_test(tests, test_a_foreign_part_is_refused_with_the_cut_that_is_read, 0,
                      (int)(sizeof parts / sizeof parts[0]));
  tcase_add_test(tests, test_a_part_begins_with_what_the_file_tells_the_axes_of);
  tcase_add_loop_test(tests, test_damaged_files_are_refused_or_can_be_used, 0, count);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
