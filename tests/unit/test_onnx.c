/* SPDX-License-Identifier: Apache-2.0 */
/* test_onnx: graphs as exporters write them give what onnxruntime gave for them (tests/onnx/set),
 * what cannot be done is refused by the node's name, and damaged files never crash. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "float/float_run.h"
#include "io/file.h"
#include "io/npy.h"
#include "onnx/onnx.h"
#include "support/seed.h"

#define SET "tests/onnx/set/"
enum { MAX_FILE = 1 << 16 };

/* As float: what the file has, whatever its type. */
static float *as_floats(const struct trine_array *array) {
  float *values = calloc((size_t)array->count + 1, sizeof *values);
  ck_assert_ptr_nonnull(values);
  for (uint64_t n = 0; n < array->count; n++) {
    values[n] = array->dtype == TRINE_DTYPE_FLOAT32 ? ((float *)array->data)[n]
                                                    : (float)((int64_t *)array->data)[n];
  }
  return values;
}

static void read_npy(const char *name, const char *which, struct trine_array *array) {
  char path[128];
  struct trine_error error = {""};
  snprintf(path, sizeof path, SET "%s_%s.npy", name, which);
  ck_assert_msg(trine_npy_read(path, array, &error) == TRINE_OK, "%s", error.text);
}

static struct trine_onnx *load(const char *name, const struct trine_onnx_cut *cut) {
  char path[128];
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  snprintf(path, sizeof path, SET "%s.onnx", name);
  ck_assert_msg(trine_onnx_load(path, cut, &model, &error) == TRINE_OK, "%s", error.text);
  return model;
}

/* [T,B,..] to [B,T,..] or back. */
static void swap_axes(float *values, size_t first, size_t second, size_t width) {
  float *copy = malloc(first * second * width * sizeof *copy);
  ck_assert_ptr_nonnull(copy);
  memcpy(copy, values, first * second * width * sizeof *copy);
  for (size_t a = 0; a < first; a++) {
    for (size_t b = 0; b < second; b++) {
      memcpy(values + (b * first + a) * width, copy + (a * second + b) * width,
             width * sizeof *copy);
    }
  }
  free(copy);
}

static void run_and_compare(const char *name) {
  struct trine_onnx *model = load(name, NULL);
  const struct trine_float_network *network = trine_onnx_network(model);
  struct trine_array x, want;
  struct trine_error error = {""};
  read_npy(name, "x", &x);
  read_npy(name, "y", &want);
  float *input = as_floats(&x), *expected = as_floats(&want);
  struct trine_array lengths = {0};
  if (strncmp(name, "lengths", 7) == 0) {
    read_npy(name, "len", &lengths);
  }
  ck_assert(strncmp(name, "node_", 5) == 0 /* laid out anew there */ ||
            trine_onnx_output_layout(model, 0).rank == want.rank);
  const bool turned = network->time_major;
  const size_t first = (size_t)x.shape[0], second = (size_t)x.shape[1];
  const struct trine_float_value *out = &network->values[network->outputs[0]];
  const struct trine_float_batch batch = {.sequences = (uint32_t)(turned ? second : first),
                                          .steps = (uint32_t)(turned ? first : second),
                                          .lengths = lengths.data, /* positive */
                                          .input = input};
  float **values = calloc(network->value_count, sizeof *values);
  ck_assert_ptr_nonnull(values);
  if (turned) {
    swap_axes(input, first, second, network->values[network->inputs[0]].width);
  }
  ck_assert_msg(trine_float_run(network, &batch, values, &error) == TRINE_OK, "%s: %s", name,
                error.text);
  float *got = values[network->outputs[0]];
  ck_assert_msg(trine_float_count(out, batch.sequences, batch.steps) == want.count,
                "%s: %zu values, want %zu", name,
                trine_float_count(out, batch.sequences, batch.steps), (size_t)want.count);
  if (turned && out->has_time) {
    swap_axes(got, second, trine_float_rows(out, batch.steps), out->width);
  }
  for (uint64_t n = 0; n < want.count; n++) {
    ck_assert_msg(fabsf(got[n] - expected[n]) < 1e-5F * (1 + fabsf(expected[n])),
                  "%s, value %zu: got %g, onnxruntime has %g", name, (size_t)n, (double)got[n],
                  (double)expected[n]);
  }
  trine_float_values_free(network, values);
  free(values);
  free(input);
  free(expected);
  trine_array_free(&x), trine_array_free(&want), trine_array_free(&lengths);
  trine_onnx_free(model);
}

static const char *const graphs[] = {"keras_classifier",
                                     "keras_fixed",
                                     "keras_sequence",
                                     "keras_both",
                                     "keras_backwards",
                                     "keras_dropout",
                                     "keras_no_bias",
                                     "keras_embedding",
                                     "keras_states",
                                     "keras_turned",
                                     "time_first",
                                     "layout_1",
                                     "reverse",
                                     "both_states",
                                     "stack_states",
                                     "folded",
                                     "zeros_by_shape",
                                     "constant_states",
                                     "symbols",
                                     "merged",
                                     "argmax",
                                     "outside",
                                     "torch_stack_old",
                                     "torch_both_old",
                                     "torch_stack_new",
                                     "torch_both_new",
                                     "lengths",
                                     "lengths_last",
                                     "whole_lengths",
                                     "learned_states",
                                     "fork",
                                     "node_lstm_defaults",
                                     "node_lstm_with_initial_bias",
                                     "node_lstm_reverse",
                                     "node_lstm_bidirectional",
                                     "node_lstm_batchwise",
                                     "batch_1_view",
                                     "squeeze_width",
                                     "old_slice",
                                     "small_letters",
                                     "last_number",
                                     "turned_slice",
                                     "shape_part",
                                     "two_outputs",
                                     "argmax_flat",
                                     "fixed_by_view",
                                     "stacked_rows",
                                     "state_outputs",
                                     "many_heads",
                                     "decoder_of_7",
                                     "middle_steps"};
enum { GRAPHS = sizeof graphs / sizeof graphs[0] };

START_TEST(test_graphs_give_what_onnxruntime_gives) {
  run_and_compare(graphs[_i]);
}
END_TEST

/* One LSTM out of a graph with things that are not done, as --inputs and --outputs cut it. */
START_TEST(test_a_part_is_cut_out) {
  const struct trine_onnx_cut cut = {"t", "y4"}, back = {"x", "nothing"};
  struct trine_onnx *model = load("both_states", &cut);
  const struct trine_float_network *network = trine_onnx_network(model);
  ck_assert_str_eq(network->values[network->inputs[0]].name, "t");
  ck_assert_uint_eq(network->values[network->inputs[0]].width, 3);
  ck_assert_uint_eq(network->node_count, 3); /* two directions, put side by side */
  ck_assert(network->time_major);
  trine_onnx_free(model);
  struct trine_error error = {""};
  ck_assert_int_eq(trine_onnx_load(SET "both_states.onnx", &back, &model, &error),
                   TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "nothing") != NULL, "%s", error.text);
}
END_TEST

/* What is said of a graph besides its network. */
START_TEST(test_what_differs_from_the_graph_is_said) {
  static const struct {
    const char *name, *note;
  } notes[] = {{"two_outputs", NULL},
               {"state_outputs", "output hn is a final hidden state, which comes with --state-out"},
               {"state_outputs", "output cn is a final cell state, which comes with --state-out"},
               {"node_lstm_bidirectional", "output Y_c is a final cell state"},
               {"lengths", NULL},
               {"time_first", NULL}};
  for (size_t n = 0; n < sizeof notes / sizeof notes[0]; n++) {
    struct trine_onnx *model = load(notes[n].name, NULL);
    const char *said = trine_onnx_note(model, 0);
    for (uint32_t k = 1; notes[n].note != NULL && said != NULL && !strstr(said, notes[n].note);
         k++) {
      said = trine_onnx_note(model, k);
    }
    ck_assert_msg((notes[n].note == NULL) == (said == NULL), "%s: %s", notes[n].name,
                  said == NULL ? "nothing is said" : said);
    trine_onnx_free(model);
  }
}
END_TEST

/* The names of a network's outputs, with commas between them. */
static void check_outputs(const char *name, const char *chosen, const char *wanted) {
  const struct trine_onnx_cut cut = {NULL, chosen};
  struct trine_onnx *model = load(name, &cut);
  const struct trine_float_network *network = trine_onnx_network(model);
  char names[128] = "";
  for (uint32_t n = 0; n < network->output_count; n++) {
    snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", n == 0 ? "" : ",",
             network->values[network->outputs[n]].name);
  }
  ck_assert_str_eq(names, wanted);
  trine_onnx_free(model);
}

/* Every output comes, in the order that is wanted; states do where they are asked for by name. */
START_TEST(test_outputs_come_all_or_as_chosen) {
  check_outputs("many_heads", NULL, "y,z,p,again,y4,own");
  check_outputs("many_heads", "p,y", "p,y");
  check_outputs("many_heads", "p,p,l", "p,l");
  check_outputs("state_outputs", NULL, "y");
  check_outputs("state_outputs", "y,hn", "y,hn");
  check_outputs("two_outputs", "h", "h");
  struct trine_onnx *model = NULL;
  struct trine_error error = {""};
  const struct trine_onnx_cut cell = {NULL, "y,cn"}, none = {NULL, "y,,p"};
  ck_assert_int_ne(trine_onnx_load(SET "state_outputs.onnx", &cell, &model, &error), TRINE_OK);
  ck_assert_msg(strstr(error.text, "cn is a final cell state") != NULL, "%s", error.text);
  ck_assert_int_ne(trine_onnx_load(SET "many_heads.onnx", &none, &model, &error), TRINE_OK);
  ck_assert_msg(strstr(error.text, "is not computed from the input x") != NULL, "%s", error.text);
}
END_TEST

/* A Reshape that names a number of steps is right for that many. */
START_TEST(test_a_size_that_a_node_fixes_holds_for_the_data) {
  struct trine_error error = {""};
  struct trine_onnx *model = load("fixed_by_view", NULL);
  ck_assert_int_eq(trine_onnx_fits(model, 5, 2, &error), TRINE_OK);
  ck_assert_int_eq(trine_onnx_fits(model, 5, 9, &error), TRINE_OK);
  ck_assert_int_eq(trine_onnx_fits(model, 6, 2, &error), TRINE_ERR_ARG);
  const char *why = "Node n_y (Reshape) is made for an input whose axis 0 has size 5; the data";
  ck_assert_msg(strstr(error.text, why) != NULL, "%s", error.text);
  trine_onnx_free(model);
  model = load("time_first", NULL);
  ck_assert_int_eq(trine_onnx_fits(model, 7, 3, &error), TRINE_OK);
  trine_onnx_free(model);
}
END_TEST

/* Names are those of the file, or kept with the model: not what a stack held. */
START_TEST(test_the_output_has_a_name) {
  struct trine_onnx *model = load("node_lstm_bidirectional", NULL);
  const struct trine_float_network *network = trine_onnx_network(model);
  ck_assert_str_eq(network->values[network->outputs[0]].name, "Y_h");
  trine_onnx_free(model);
}
END_TEST

/* A whole file; the caller's to free. */
static uint8_t *read_file(const char *path, size_t *size) {
  struct trine_error error = {""};
  uint8_t *bytes = NULL;
  ck_assert_msg(trine_file_read(path, MAX_FILE, &bytes, size, &error) == TRINE_OK, "%s",
                error.text);
  return bytes;
}

#define SIDE_FOLDER "build/test_onnx_side"

/* The weights of outside.onnx in a folder of their own. */
static void put_side_file(void) {
  (void)mkdir(SIDE_FOLDER, 0755);
  (void)mkdir(SIDE_FOLDER "/weights", 0755);
  size_t size = 0;
  uint8_t *bytes = read_file(SET "outside.onnx.data", &size);
  const struct trine_file_buffer buffer = {bytes, size};
  ck_assert_int_eq(trine_file_replace(SIDE_FOLDER "/weights/side.data", &buffer, 1, NULL),
                   TRINE_OK);
  free(bytes);
}

/* Every `from` becomes `to`, which is as long. */
static void replace(uint8_t *bytes, size_t size, const char *from, const char *to) {
  const size_t length = strlen(from);
  ck_assert_uint_eq(strlen(to), length);
  for (size_t n = 0; n + length <= size; n++) {
    if (memcmp(bytes + n, from, length) == 0) {
      memcpy(bytes + n, to, length);
    }
  }
}

START_TEST(test_side_files_stay_in_the_folder) {
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  size_t size = 0;
  uint8_t *bytes = read_file(SET "outside.onnx", &size);
  ck_assert_int_eq(trine_onnx_parse(bytes, size, "build", NULL, &model, &error),
                   TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "side file") != NULL, "%s", error.text);
  ck_assert_int_eq(trine_onnx_parse(bytes, size, NULL, NULL, &model, &error),
                   TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "from memory or standard input has none") != NULL, "%s",
                error.text);
  /* Below the folder, and above it, by paths of the same length. */
  static const char *const places[] = {"weights/side.data", "weights/../a.data",
                                       "../set/other.data", "/etc/passwd/a/b/c",
                                       "weights/..a/bdata", "weights/side.dat/"};
  static const bool below[] = {true, false, false, false, true, true};
  const char *before = "outside.onnx.data";
  put_side_file();
  for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
    replace(bytes, size, before, places[k]);
    before = places[k];
    const bool good = trine_onnx_parse(bytes, size, SIDE_FOLDER, NULL, &model, &error) == TRINE_OK;
    ck_assert_msg(good == (k == 0), "%s: %s", places[k], error.text);
    ck_assert_msg(
        good || below[k] == (strstr(error.text, "not a file beside the model or below") == NULL),
        "%s: %s", places[k], error.text);
    if (good) {
      trine_onnx_free(model);
    }
  }
  free(bytes);
}
END_TEST

/* Cut at every place, and corrupted: refused with a sentence, or read. */
START_TEST(test_damaged_files_never_crash) {
  struct seed_stream stream = seed_start("onnx");
  for (int k = 0; k < GRAPHS; k++) {
    char path[128];
    snprintf(path, sizeof path, SET "%s.onnx", graphs[k]);
    size_t size = 0;
    uint8_t *bytes = read_file(path, &size);
    for (int round = 0; round < 400; round++) {
      const bool cuts = round % 4 == 0;
      const size_t length = cuts ? (size_t)seed_uniform(&stream, 0, (int64_t)size - 1) : size;
      uint8_t *copy = malloc(length + (length == 0));
      struct trine_onnx *model = NULL;
      struct trine_error error = {""};
      ck_assert_ptr_nonnull(copy);
      memcpy(copy, bytes, length);
      for (int n = cuts ? 0 : 1 + round % 3; n > 0; n--) {
        copy[seed_uniform(&stream, 0, (int64_t)length - 1)] =
            (uint8_t)seed_uniform(&stream, 0, 255);
      }
      if (trine_onnx_parse(copy, length, SET, NULL, &model, &error) != TRINE_OK) {
        ck_assert(model == NULL && strlen(error.text) > 10);
      }
      trine_onnx_free(model);
      free(copy);
    }
    free(bytes);
  }
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("onnx");
  TCase *tests = tcase_create("graphs");
  tcase_add_loop_test(tests, test_graphs_give_what_onnxruntime_gives, 0, GRAPHS);
  tcase_add_test(tests, test_a_part_is_cut_out);
  tcase_add_test(tests, test_what_differs_from_the_graph_is_said);
  tcase_add_test(tests, test_outputs_come_all_or_as_chosen);
  tcase_add_test(tests, test_a_size_that_a_node_fixes_holds_for_the_data);
  tcase_add_test(tests, test_the_output_has_a_name);
  tcase_add_test(tests, test_side_files_stay_in_the_folder);
  tcase_add_test(tests, test_damaged_files_never_crash);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
