/* SPDX-License-Identifier: Apache-2.0 */
/* test_reroll: LSTMs as TensorFlow's converter takes them apart (tests/reroll/set) are found with
 * their steps and sizes and give what TensorFlow Lite gave; what is no such LSTM is refused by its
 * name; a network that differs from the file's own operators is not believed; damaged files and
 * endless loops are refused. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "graph/reroll.h"
#include "io/file.h"
#include "io/npy.h"
#include "support/hostile.h"
#include "support/seed.h"

#define SET "tests/reroll/set/"
enum { PATH = 160, MAX_FILE = 1 << 20, DAMAGES = 60 };

/* What each file holds: its layers as the notes tell them, in order; NULL: in one piece. */
static const struct {
  const char *name, *note, *other;
  uint32_t layers;
} files[] = {
    {"fused_last", NULL, NULL, 1},
    {"fused_all", NULL, NULL, 1},
    {"flex_last", "11 steps of one LSTM 4-8 put together again (a loop", NULL, 1},
    {"flex_batchnorm_half", "9 steps of one LSTM 4-8 put", "9 steps of one LSTM 8-6 put", 2},
    {"while_last", "11 steps of one LSTM 4-8 put together again (a loop", NULL, 1},
    {"while_open", "any number of steps of one LSTM 4-8 put", NULL, 1},
    {"while_batchnorm", "7 steps of one LSTM 4-8 put", "7 steps of one LSTM 6-5 put", 2},
    {"both_last", "8 steps of one LSTM 4-6, backward,", "8 steps of one LSTM 4-6 put", 2},
    {"while_autoencoder", "6 steps of one LSTM 4-5 put", "6 steps of one LSTM 5-5 put", 2},
    {"pooled_mean", NULL, NULL, 1},
    {"both_autoencoder", "7 steps of one LSTM 4-5, backward,", "7 steps of one LSTM 4-5 put", 4},
    {"both_last_row", "7 steps of one LSTM 4-5, backward,", "7 steps of one LSTM 4-5 put", 2},
    {"turned_all", "7 steps of one LSTM 4-5, backward,", NULL, 1},
    {"gated", "7 steps of one LSTM 4-5 put", "7 steps of one LSTM 4-3 put", 2},
    {"softmax_of_steps", "7 steps of one LSTM 4-5 put", NULL, 1},
    {"branch_by_size", "any number of steps of one LSTM 4-5 put", NULL, 1},
    {"encoder_decoder", "7 steps of one LSTM 4-5 put", NULL, 2},
    {"encoder_decoder_both", "7 steps of one LSTM 4-5, backward,", "7 steps of one LSTM 4-5 put",
     4},
    {"pooled_largest", "9 steps of one LSTM 4-6 put", NULL, 1},
};

static const struct {
  const char *name, *words[2];
} refused[] = {
    {"refused_gru", {"GRU of 6 units", "train the model with LSTM"}},
    {"refused_relu", {"relu in its cell", "activation='tanh'"}},
    {"refused_hard", {"whose gates are no sigmoid", "recurrent_activation='sigmoid'"}},
    {"refused_mask_zero", {"mask_zero does", "give --lengths"}},
    {"refused_branch_by_data", {"IF '", "export the model without the branch"}},
    {"refused_masking", {"a Masking layer or mask_zero does", "give --lengths"}},
    {"refused_decoder_of_four", {"has to run as many steps, not 7 and 4", "with --outputs '"}},
    {"refused_feedback", {"from step 7 on an LSTM reads no row", "with its states in and out"}},
    {"part_behind_simple",
     {"step 5 of an LSTM", "; the rest of it runs with --inputs 'sequential_68/rnn_62/while2'"}},
    {"part_behind_gru",
     {"GRU of 5 units", "; the rest of it runs with --inputs 'sequential_69/rnn_64/while2'"}},
    {"part_conv", {"CONV_2D '", "; the rest of it runs with --inputs 'sequential_43/max_pool"}},
    {"part_norm",
     {"LOG 'model_4/tf.math.log", "; the rest of it runs with --inputs 'model_4/layer"}},
};

static struct trine_reroll *load(const char *name) {
  char path[PATH];
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  snprintf(path, sizeof path, SET "%s.tflite", name);
  ck_assert_msg(trine_reroll_load(path, NULL, &model, &error) == TRINE_OK, "%s", error.text);
  return model;
}

static float *read_floats(const char *name, const char *which, uint32_t *sequences, size_t *count) {
  char path[PATH];
  struct trine_error error = {""};
  struct trine_array array;
  snprintf(path, sizeof path, SET "%s_%s.npy", name, which);
  ck_assert_msg(trine_npy_read(path, &array, &error) == TRINE_OK, "%s", error.text);
  float *values = calloc((size_t)array.count + 1, sizeof *values);
  ck_assert_ptr_nonnull(values);
  for (uint64_t n = 0; n < array.count; n++) {
    values[n] = array.dtype == TRINE_DTYPE_FLOAT32 ? ((float *)array.data)[n]
                                                   : (float)((int32_t *)array.data)[n];
  }
  *sequences = (uint32_t)array.shape[0];
  *count = (size_t)array.count;
  trine_array_free(&array);
  return values;
}

static uint32_t layers_of(const struct trine_float_network *network) {
  uint32_t layers = 0;
  for (uint32_t n = 0; n < network->node_count; n++) {
    layers += network->nodes[n].op == TRINE_FLOAT_LSTM;
  }
  return layers;
}

START_TEST(test_a_file_gives_what_tensorflow_lite_gave) {
  const char *name = files[_i].name;
  uint32_t sequences = 0, rows = 0;
  size_t count = 0, wanted_count = 0;
  struct trine_error error = {""};
  struct trine_reroll *model = load(name);
  const struct trine_float_network *network = trine_reroll_network(model);
  float *x = read_floats(name, "x", &sequences, &count);
  float *wanted = read_floats(name, "y", &rows, &wanted_count);
  const uint32_t steps = (uint32_t)(count / sequences / network->values[network->inputs[0]].width);
  const struct trine_float_batch batch = {.sequences = sequences, .steps = steps, .input = x};
  float **values = calloc(network->value_count, sizeof *values);
  ck_assert_ptr_nonnull(values);
  ck_assert_msg(trine_float_run(network, &batch, values, &error) == TRINE_OK, "%s: %s", name,
                error.text);
  ck_assert_uint_eq(trine_float_count(&network->values[network->outputs[0]], sequences, steps),
                    wanted_count);
  for (size_t n = 0; n < wanted_count; n++) {
    ck_assert_msg(fabsf(values[network->outputs[0]][n] - wanted[n]) < 2e-5F,
                  "%s: %zu is %g, not %g", name, n, (double)values[network->outputs[0]][n],
                  (double)wanted[n]);
  }
  struct trine_reroll_agreement agreement;
  ck_assert_msg(trine_reroll_check(model, &batch, &agreement, &error) == TRINE_OK, "%s: %s", name,
                error.text);
  ck_assert_uint_eq(agreement.sequences, sequences);
  ck_assert(agreement.worst < 1e-5 && agreement.largest > 1e-3);
  trine_float_values_free(network, values);
  free(values);
  free(x);
  free(wanted);
  trine_reroll_free(model);
}
END_TEST

/* A decoder that goes both ways too: not one row of all steps' values. */
START_TEST(test_a_row_a_step_of_the_file_is_one_of_the_network) {
  const char *name = files[_i].name;
  char path[PATH];
  struct trine_error error = {""};
  struct trine_array y;
  struct trine_reroll *model = load(name);
  const struct trine_float_network *network = trine_reroll_network(model);
  snprintf(path, sizeof path, SET "%s_y.npy", name);
  ck_assert_msg(trine_npy_read(path, &y, &error) == TRINE_OK, "%s", error.text);
  ck_assert_msg(network->values[network->outputs[0]].has_time == (y.rank == 3),
                "%s: %u axes in the file", name, y.rank);
  trine_array_free(&y);
  trine_reroll_free(model);
}
END_TEST

START_TEST(test_what_was_put_together_is_told) {
  struct trine_reroll *model = load(files[_i].name);
  const char *wanted[] = {files[_i].note, files[_i].other};
  ck_assert_uint_eq(layers_of(trine_reroll_network(model)), files[_i].layers);
  for (uint32_t n = 0; n < 2 && wanted[n] != NULL; n++) {
    const char *note = trine_reroll_note(model, n);
    ck_assert_msg(note != NULL && strstr(note, wanted[n]) != NULL, "%s: no '%s' in '%s'",
                  files[_i].name, wanted[n], note == NULL ? "" : note);
  }
  trine_reroll_free(model);
}
END_TEST

START_TEST(test_other_cells_are_refused_by_name) {
  char path[PATH];
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  snprintf(path, sizeof path, SET "%s.tflite", refused[_i].name);
  ck_assert_int_eq(trine_reroll_load(path, NULL, &model, &error), TRINE_ERR_UNSUPPORTED);
  for (int n = 0; n < 2 && refused[_i].words[n] != NULL; n++) {
    ck_assert_msg(strstr(error.text, refused[_i].words[n]) != NULL, "no '%s' in: %s",
                  refused[_i].words[n], error.text);
  }
}
END_TEST

static uint8_t *read_file(const char *name, size_t *len_bytes) {
  char path[PATH];
  struct trine_error error = {""};
  uint8_t *bytes = NULL;
  snprintf(path, sizeof path, SET "%s.tflite", name);
  ck_assert_msg(trine_file_read(path, MAX_FILE, &bytes, len_bytes, &error) == TRINE_OK, "%s",
                error.text);
  return bytes;
}

/* Replaces the one place of four bytes that hold a number. */
static void replace(uint8_t *bytes, size_t len_bytes, const void *from, const void *to) {
  uint32_t found = 0;
  for (size_t n = 0; n + 4 <= len_bytes; n += 4) {
    if (memcmp(bytes + n, from, 4) == 0) {
      memcpy(bytes + n, to, 4);
      found++;
    }
  }
  ck_assert_uint_ge(found, 1);
}

/* The converter limits cells to 10; a file that limits them to 0.05 computes something else than an
 * LSTM, which only its own operators show. */
START_TEST(test_a_network_that_differs_from_the_files_own_operators_is_not_believed) {
  const float from = 10.0F, to = 0.05F;
  uint32_t sequences = 0;
  size_t count = 0, len_bytes = 0;
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  struct trine_reroll_agreement agreement;
  uint8_t *bytes = read_file("fused_last", &len_bytes);
  float *x = read_floats("fused_last", "x", &sequences, &count);
  replace(bytes, len_bytes, &from, &to);
  ck_assert_int_eq(trine_reroll_parse(bytes, len_bytes, NULL, &model, &error), TRINE_OK);
  const struct trine_float_batch batch = {.sequences = sequences, .steps = 7, .input = x};
  ck_assert_int_eq(trine_reroll_check(model, &batch, &agreement, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "it is not believed") != NULL, "%s", error.text);
  trine_reroll_free(model);
  free(bytes);
  free(x);
}
END_TEST

START_TEST(test_a_loop_that_never_ends_is_refused) {
  const int32_t from = 11, to = INT32_MAX;
  size_t len_bytes = 0;
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  uint8_t *bytes = read_file("flex_last", &len_bytes);
  replace(bytes, len_bytes, &from, &to);
  ck_assert_int_ne(trine_reroll_parse(bytes, len_bytes, NULL, &model, &error), TRINE_OK);
  ck_assert_ptr_null(model);
  ck_assert_uint_gt(strlen(error.text), 10);
  free(bytes);
}
END_TEST

START_TEST(test_damaged_files_are_refused_or_can_be_used) {
  size_t len_bytes = 0;
  uint8_t *bytes = read_file(files[_i].name, &len_bytes);
  uint8_t *damaged = malloc(len_bytes);
  struct seed_stream stream = seed_start(files[_i].name);
  const int64_t last = (int64_t)len_bytes - 1;
  ck_assert_ptr_nonnull(damaged);
  for (int n = 0; n < DAMAGES; n++) {
    memcpy(damaged, bytes, len_bytes);
    for (int64_t k = seed_uniform(&stream, 1, 4); k > 0; k--) {
      damaged[seed_uniform(&stream, 0, last)] = (uint8_t)seed_uniform(&stream, 0, 255);
    }
    (void)hostile_reroll(damaged, n % 8 == 0 ? (size_t)seed_uniform(&stream, 0, last) : len_bytes);
  }
  free(damaged);
  free(bytes);
}
END_TEST

/* A fuzzer's: a run of 32,768 lanes beside single ones took its square, 5 s of a processor. */
START_TEST(test_a_long_run_beside_single_lanes_is_looked_at_once) {
  struct trine_error error = {""};
  struct trine_reroll *model = NULL;
  const clock_t begun = clock();
  ck_assert_int_eq(
      trine_reroll_load("tests/fuzz/corpus/reroll/found-long-run", NULL, &model, &error),
      TRINE_ERR_UNSUPPORTED);
  ck_assert_ptr_nonnull(strstr(error.text, "a shape has to keep their number"));
  ck_assert_int_lt((clock() - begun) / CLOCKS_PER_SEC, 2);
}
END_TEST

int main(void) {
  seed_print();
  const int count = (int)(sizeof files / sizeof files[0]);
  Suite *suite = suite_create("reroll");
  TCase *tests = tcase_create("reroll");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, test_a_file_gives_what_tensorflow_lite_gave, 0, count);
  tcase_add_loop_test(tests, test_what_was_put_together_is_told, 0, count);
  tcase_add_loop_test(tests, test_a_row_a_step_of_the_file_is_one_of_the_network, 0, count);
  tcase_add_loop_test(tests, test_other_cells_are_refused_by_name, 0,
                      (int)(sizeof refused / sizeof refused[0]));
  tcase_add_test(tests, test_a_network_that_differs_from_the_files_own_operators_is_not_believed);
  tcase_add_test(tests, test_a_loop_that_never_ends_is_refused);
  tcase_add_test(tests, test_a_long_run_beside_single_lanes_is_looked_at_once);
  tcase_add_loop_test(tests, test_damaged_files_are_refused_or_can_be_used, 0, count);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
