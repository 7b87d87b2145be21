/* SPDX-License-Identifier: Apache-2.0 */
/* test_onnx_hostile: .onnx files made to cost more than they are worth, or to mean two things, are
 * refused with a sentence before the cost. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "onnx/onnx.h"
#include "support/make_message.h"
#include "support/seed.h"

enum { ROOM = 16 << 20, SECONDS = 4 };
enum { MODEL_GRAPH = 7, GRAPH_NODE = 1, GRAPH_TENSOR = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_IN = 1, NODE_OUT = 2, NODE_OP = 4, NODE_ATTRIBUTE = 5, TENSOR_NAME = 8 };
enum { FLOAT = 1, INT64 = 7 };

static struct message out;
static size_t graph;

static void start(void) {
  free(out.bytes);
  out = (struct message){.bytes = malloc(ROOM), .room = ROOM};
  ck_assert_ptr_nonnull(out.bytes);
  graph = message_begin(&out, MODEL_GRAPH);
}

static void put_end(uint32_t field, const char *name) {
  const size_t info = message_begin(&out, field);
  message_text(&out, 1, name);
  message_end(&out, info);
}

/* The input x, float [batch,time,width]. */
static void put_input(int64_t width) {
  const size_t info = message_begin(&out, GRAPH_INPUT);
  message_text(&out, 1, "x");
  const size_t whole = message_begin(&out, 2), tensor = message_begin(&out, 1);
  message_number(&out, 1, FLOAT);
  const size_t shape = message_begin(&out, 2);
  for (int n = 0; n < 3; n++) {
    const size_t dimension = message_begin(&out, 1);
    if (n == 2)
      message_number(&out, 1, width);
    message_end(&out, dimension);
  }
  message_end(&out, shape);
  message_end(&out, tensor);
  message_end(&out, whole);
  message_end(&out, info);
}

static void put_node(const char *op, uint32_t inputs, const char *const *names, const char *output,
                     int64_t axis) {
  const size_t node = message_begin(&out, GRAPH_NODE);
  for (uint32_t n = 0; n < inputs; n++)
    message_text(&out, NODE_IN, names[n]);
  message_text(&out, NODE_OUT, output);
  message_text(&out, NODE_OP, op);
  const size_t attribute = message_begin(&out, NODE_ATTRIBUTE);
  message_text(&out, 1, "axis");
  message_number(&out, 3, axis);
  message_end(&out, attribute);
  message_end(&out, node);
}

/* A constant; bytes NULL: all zeros. */
static void put_tensor(const char *name, int64_t type, uint32_t rank, const int64_t *dims,
                       const void *bytes, size_t size) {
  const size_t tensor = message_begin(&out, GRAPH_TENSOR);
  void *zeros = calloc(1, size + 1);
  ck_assert_ptr_nonnull(zeros);
  for (uint32_t n = 0; n < rank; n++)
    message_number(&out, 1, dims[n]);
  message_number(&out, 2, type);
  message_text(&out, TENSOR_NAME, name);
  message_bytes(&out, 9, bytes != NULL ? bytes : zeros, size);
  message_end(&out, tensor);
  free(zeros);
}

/* The file refused with these words, or (NULL) read; in little time either way. */
static void finish(const char *output, const char *words) {
  struct trine_onnx *model = NULL;
  struct trine_error error = {""};
  put_end(GRAPH_OUTPUT, output);
  message_end(&out, graph);
  ck_assert_uint_lt(out.length + 64, out.room);
  const clock_t begun = clock();
  const enum trine_onnx_status status =
      trine_onnx_parse(out.bytes, out.length, NULL, NULL, &model, &error);
  const double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
  ck_assert_msg(seconds < SECONDS, "%zu bytes took %g s", out.length, seconds);
  ck_assert_msg((status == TRINE_ONNX_OK) == (words == NULL), "%s", error.text);
  ck_assert_msg(words == NULL || strstr(error.text, words) != NULL, "%s", error.text);
  trine_onnx_free(model);
}

START_TEST(test_graphs_within_graphs_are_skipped_at_any_depth) {
  enum { DEPTH = 100000 };
  size_t *starts = malloc(3 * DEPTH * sizeof *starts), count = 0;
  ck_assert_ptr_nonnull(starts);
  start();
  put_input(2);
  const size_t node = message_begin(&out, GRAPH_NODE);
  message_text(&out, NODE_IN, "x");
  message_text(&out, NODE_OUT, "y");
  message_text(&out, NODE_OP, "If");
  for (int n = 0; n < DEPTH; n++) { /* an attribute's graph, its node, that one's attribute */
    starts[count++] = message_begin(&out, NODE_ATTRIBUTE);
    starts[count++] = message_begin(&out, 6);
    starts[count++] = message_begin(&out, GRAPH_NODE);
  }
  while (count > 0)
    message_end(&out, starts[--count]);
  message_end(&out, node);
  free(starts);
  finish("y", "(If): control flow is not done");
}
END_TEST

START_TEST(test_a_part_that_is_there_twice_is_damage) {
  start();
  put_input(2);
  put_node("Relu", 1, (const char *const[]){"x"}, "y", 0);
  message_end(&out, graph);
  graph = message_begin(&out, MODEL_GRAPH);
  finish("y", "damaged");
}
END_TEST

START_TEST(test_a_name_with_a_zero_byte_is_refused) {
  start();
  put_input(2);
  const size_t node = message_begin(&out, GRAPH_NODE);
  message_bytes(&out, NODE_IN, "x\0y", 3);
  message_end(&out, node);
  finish("y", "zero byte");
}
END_TEST

START_TEST(test_more_messages_than_a_network_has_are_not_unpacked) {
  start();
  put_input(2);
  for (int n = 0; n <= TRINE_ONNX_MAX_MESSAGES; n++)
    message_bytes(&out, GRAPH_NODE, "", 0);
  finish("y", "more than");
}
END_TEST

START_TEST(test_many_names_cost_no_more_each) {
  enum { NAMES = 60000 };
  char name[16];
  start();
  for (int n = 0; n < NAMES; n++) { /* older files list constants among the inputs */
    const size_t tensor = message_begin(&out, GRAPH_TENSOR);
    snprintf(name, sizeof name, "a%d", n);
    message_text(&out, TENSOR_NAME, name);
    message_end(&out, tensor);
    put_end(GRAPH_INPUT, name);
  }
  put_input(2);
  put_node("Relu", 1, (const char *const[]){"x"}, "y", 0);
  finish("y", NULL);
}
END_TEST

/* Each node looks for what made its input, and for who else reads that. */
START_TEST(test_a_long_chain_costs_no_more_a_node) {
  enum { NODES = 30000 };
  static const int64_t shape[] = {2, 2};
  char from[16] = "z", to[16];
  start();
  put_input(2);
  put_tensor("w", FLOAT, 2, shape, NULL, 16);
  put_node("MatMul", 2, (const char *const[]){"x", "w"}, from, 0);
  for (int n = 0; n < NODES; n++) {
    snprintf(to, sizeof to, "v%d", n);
    put_node("Relu", 1, (const char *const[]){from}, to, 0);
    memcpy(from, to, sizeof from);
  }
  finish(from, NULL);
}
END_TEST

START_TEST(test_constants_that_grow_have_one_limit) {
  static const int64_t shape[] = {1000};
  char from[16] = "c", to[16];
  start();
  put_input(2);
  put_tensor("c", FLOAT, 1, shape, NULL, 4000);
  for (int n = 0; n < 24; n++) {
    snprintf(to, sizeof to, "c%d", n);
    put_node("Concat", 2, (const char *const[]){from, from}, to, 0);
    memcpy(from, to, sizeof from);
  }
  put_node("MatMul", 2, (const char *const[]){"x", from}, "y", 0);
  finish("y", "more than its file can need");
}
END_TEST

/* Values that are only looked at count too: whether all are the same, again and again. */
START_TEST(test_looking_at_constants_has_the_same_limit) {
  enum { TIMES = 3000 };
  static const int64_t shape[] = {20000}, one[] = {1}, w[] = {1, 4, 2}, r[] = {1, 4, 1};
  char name[16], from[16] = "e0", to[16];
  start();
  put_input(2);
  put_tensor("c", FLOAT, 1, shape, NULL, 80000);
  put_tensor("s", INT64, 1, one, NULL, 8);
  put_tensor("w", FLOAT, 3, w, NULL, 32);
  put_tensor("r", FLOAT, 3, r, NULL, 16);
  for (int n = 0; n < TIMES; n++) {
    snprintf(name, sizeof name, "e%d", n);
    snprintf(to, sizeof to, "p%d", n);
    put_node("Expand", 2, (const char *const[]){"c", "s"}, name, 0);
    put_node("Concat", 2, (const char *const[]){from, name}, to, 0);
    memcpy(from, to, sizeof from);
  }
  put_node("LSTM", 6, (const char *const[]){"x", "w", "r", "", "", from}, "y", 0);
  finish("y", "more than its file can need");
}
END_TEST

/* The same weights, unpacked by each of many layers. */
START_TEST(test_weights_that_many_layers_share_have_one_limit) {
  enum { UNITS = 32, LAYERS = 2000 };
  static const int64_t w[] = {1, 4 * UNITS, UNITS}, one[] = {1};
  static const int64_t axis = 1;
  char from[16] = "x", y[16], to[16];
  start();
  put_input(UNITS);
  put_tensor("w", FLOAT, 3, w, NULL, 4 * 4 * UNITS * UNITS);
  put_tensor("one", INT64, 1, one, &axis, 8);
  for (int n = 0; n < LAYERS; n++) {
    snprintf(y, sizeof y, "y%d", n);
    snprintf(to, sizeof to, "s%d", n);
    put_node("LSTM", 3, (const char *const[]){from, "w", "w"}, y, 0);
    put_node("Squeeze", 2, (const char *const[]){y, "one"}, to, 0);
    memcpy(from, to, sizeof from);
  }
  finish(from, "more than its file can need");
}
END_TEST

/* 4^16 values wrap to 0 in 32 bits, and then to what fits again. */
START_TEST(test_rows_side_by_side_do_not_wrap) {
  char from[16] = "x", to[16];
  start();
  put_input(1);
  for (int n = 0; n < 16; n++) {
    snprintf(to, sizeof to, "c%d", n);
    put_node("Concat", 4, (const char *const[]){from, from, from, from}, to, 2);
    memcpy(from, to, sizeof from);
  }
  put_node("Sigmoid", 1, (const char *const[]){from}, "y", 0);
  finish("y", "more than 65535 values");
}
END_TEST

START_TEST(test_the_rows_of_all_values_have_a_limit) {
  char from[16] = "x", to[16];
  start();
  put_input(TRINE_ONNX_MAX_UNITS);
  for (int n = 0; n < 300; n++) {
    snprintf(to, sizeof to, "r%d", n);
    put_node("Sigmoid", 1, (const char *const[]){from}, to, 0);
    memcpy(from, to, sizeof from);
  }
  finish(from, "rows of more than");
}
END_TEST

/* No product of some sizes may wrap although all of them together are 0. */
START_TEST(test_an_empty_constant_has_no_large_sides) {
  static const int64_t shape[] = {0, 1 << 28, 1 << 28, 1 << 28};
  start();
  put_input(2);
  put_tensor("c", FLOAT, 4, shape, NULL, 0);
  put_node("Concat", 2, (const char *const[]){"c", "c"}, "d", 0);
  put_node("Mul", 2, (const char *const[]){"x", "d"}, "y", 0);
  finish("y", "more than 268435456 values");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("onnx hostile");
  TCase *tests = tcase_create("files");
  tcase_add_test(tests, test_graphs_within_graphs_are_skipped_at_any_depth);
  tcase_add_test(tests, test_a_part_that_is_there_twice_is_damage);
  tcase_add_test(tests, test_a_name_with_a_zero_byte_is_refused);
  tcase_add_test(tests, test_more_messages_than_a_network_has_are_not_unpacked);
  tcase_add_test(tests, test_many_names_cost_no_more_each);
  tcase_add_test(tests, test_a_long_chain_costs_no_more_a_node);
  tcase_add_test(tests, test_constants_that_grow_have_one_limit);
  tcase_add_test(tests, test_looking_at_constants_has_the_same_limit);
  tcase_add_test(tests, test_weights_that_many_layers_share_have_one_limit);
  tcase_add_test(tests, test_rows_side_by_side_do_not_wrap);
  tcase_add_test(tests, test_the_rows_of_all_values_have_a_limit);
  tcase_add_test(tests, test_an_empty_constant_has_no_large_sides);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  free(out.bytes);
  return failed == 0 ? 0 : 1;
}
