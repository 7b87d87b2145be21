/* SPDX-License-Identifier: Apache-2.0 */
/* test_onnx_hostile: .onnx files made to cost more than they are worth, or to mean two things, are
 * refused with a sentence before the cost. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "onnx/onnx.h"
#include "support/checked/make_onnx.h"
#include "support/seed.h"

enum { CUTS = 500 };

START_TEST(test_graphs_within_graphs_have_a_limit_of_depth) {
  enum { DEPTH = 100000 };
  size_t *starts = malloc(3 * DEPTH * sizeof *starts), count = 0;
  ck_assert_ptr_nonnull(starts);
  onnx_start();
  onnx_put_input(2);
  const size_t node = message_begin(&onnx_out, GRAPH_NODE);
  message_text(&onnx_out, NODE_IN, "x");
  message_text(&onnx_out, NODE_OUT, "y");
  message_text(&onnx_out, NODE_OP, "If");
  for (int n = 0; n < DEPTH; n++) { /* an attribute's graph, its node, that one's attribute */
    starts[count++] = message_begin(&onnx_out, NODE_ATTRIBUTE);
    starts[count++] = message_begin(&onnx_out, 6);
    starts[count++] = message_begin(&onnx_out, GRAPH_NODE);
  }
  while (count > 0) {
    message_end(&onnx_out, starts[--count]);
  }
  message_end(&onnx_out, node);
  free(starts);
  onnx_finish("y", "Graphs stand within each other 7 deep or more");
}
END_TEST

START_TEST(test_a_part_that_is_there_twice_is_damage) {
  onnx_start();
  onnx_put_input(2);
  onnx_put_node("Relu", 1, (const char *const[]){"x"}, "y", 0);
  message_end(&onnx_out, onnx_graph);
  onnx_graph = message_begin(&onnx_out, MODEL_GRAPH);
  onnx_finish("y", "damaged");
}
END_TEST

/* A graph ends behind half of its file: what was cut off there is no model of any kind. */
START_TEST(test_every_file_that_was_cut_off_is_damaged) {
  struct seed_stream stream = seed_start("cuts");
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  struct trine_error error = {""};
  ck_assert_int_eq(
      trine_file_read("tests/onnx/set/both_states.onnx", 1 << 20, &bytes, &len_bytes, &error),
      TRINE_OK);
  for (int round = 0; round < CUTS; round++) {
    struct trine_onnx *model = NULL;
    const size_t kept = (size_t)seed_uniform(&stream, 0, (int64_t)len_bytes / 2);
    error.text[0] = '\0';
    ck_assert_msg(trine_onnx_parse(bytes, kept, NULL, NULL, &model, &error) == TRINE_ERR_FORMAT,
                  "%zu of %zu bytes: %s", kept, len_bytes, error.text);
    ck_assert_str_ne(error.text, "");
  }
  free(bytes);
}
END_TEST

START_TEST(test_a_name_with_a_zero_byte_is_refused) {
  onnx_start();
  onnx_put_input(2);
  const size_t node = message_begin(&onnx_out, GRAPH_NODE);
  message_bytes(&onnx_out, NODE_IN, "x\0y", 3);
  message_end(&onnx_out, node);
  onnx_finish("y", "zero byte");
}
END_TEST

START_TEST(test_more_messages_than_a_network_has_are_not_unpacked) {
  onnx_start();
  onnx_put_input(2);
  for (int n = 0; n <= TRINE_ONNX_MAX_MESSAGES; n++) {
    message_bytes(&onnx_out, GRAPH_NODE, "", 0);
  }
  onnx_finish("y", "more than");
}
END_TEST

START_TEST(test_many_names_cost_no_more_each) {
  enum { NAMES = 60000 };
  char name[16];
  onnx_start();
  for (int n = 0; n < NAMES; n++) { /* older files list constants among the inputs */
    const size_t tensor = message_begin(&onnx_out, GRAPH_TENSOR);
    snprintf(name, sizeof name, "a%d", n);
    message_text(&onnx_out, TENSOR_NAME, name);
    message_end(&onnx_out, tensor);
    onnx_put_end(GRAPH_INPUT, name);
  }
  onnx_put_input(2);
  onnx_put_node("Relu", 1, (const char *const[]){"x"}, "y", 0);
  onnx_finish("y", NULL);
}
END_TEST

/* Each node looks for what made its input, and for who else reads that. */
START_TEST(test_a_long_chain_costs_no_more_a_node) {
  enum { NODES = 30000 };
  static const int64_t shape[] = {2, 2};
  char from[16] = "z", to[16];
  onnx_start();
  onnx_put_input(2);
  onnx_put_tensor("w", FLOAT, 2, shape, NULL, 16);
  onnx_put_node("MatMul", 2, (const char *const[]){"x", "w"}, from, 0);
  for (int n = 0; n < NODES; n++) {
    snprintf(to, sizeof to, "v%d", n);
    onnx_put_node("Relu", 1, (const char *const[]){from}, to, 0);
    memcpy(from, to, sizeof from);
  }
  onnx_finish(from, NULL);
}
END_TEST

START_TEST(test_constants_that_grow_have_one_limit) {
  static const int64_t shape[] = {1000};
  char from[16] = "c", to[16];
  onnx_start();
  onnx_put_input(2);
  onnx_put_tensor("c", FLOAT, 1, shape, NULL, 4000);
  for (int n = 0; n < 24; n++) {
    snprintf(to, sizeof to, "c%d", n);
    onnx_put_node("Concat", 2, (const char *const[]){from, from}, to, 0);
    memcpy(from, to, sizeof from);
  }
  onnx_put_node("MatMul", 2, (const char *const[]){"x", from}, "y", 0);
  onnx_finish("y", "more than its file can need");
}
END_TEST

/* Values that are only looked at count too: whether all are the same, again and again. */
START_TEST(test_looking_at_constants_has_the_same_limit) {
  enum { TIMES = 3000 };
  static const int64_t shape[] = {20000}, one[] = {1}, w[] = {1, 4, 2}, r[] = {1, 4, 1};
  char name[16], from[16] = "e0", to[16];
  onnx_start();
  onnx_put_input(2);
  onnx_put_tensor("c", FLOAT, 1, shape, NULL, 80000);
  onnx_put_tensor("s", INT64, 1, one, NULL, 8);
  onnx_put_tensor("w", FLOAT, 3, w, NULL, 32);
  onnx_put_tensor("r", FLOAT, 3, r, NULL, 16);
  for (int n = 0; n < TIMES; n++) {
    snprintf(name, sizeof name, "e%d", n);
    snprintf(to, sizeof to, "p%d", n);
    onnx_put_node("Expand", 2, (const char *const[]){"c", "s"}, name, 0);
    onnx_put_node("Concat", 2, (const char *const[]){from, name}, to, 0);
    memcpy(from, to, sizeof from);
  }
  onnx_put_node("LSTM", 6, (const char *const[]){"x", "w", "r", "", "", from}, "y", 0);
  onnx_finish("y", "more than its file can need");
}
END_TEST

/* The same weights, unpacked by each of many layers. */
START_TEST(test_weights_that_many_layers_share_have_one_limit) {
  enum { UNITS = 32, LAYERS = 2000 };
  static const int64_t w[] = {1, 4 * UNITS, UNITS}, one[] = {1}, axis[] = {1};
  char from[16] = "x", y[16], to[16];
  onnx_start();
  onnx_put_input(UNITS);
  onnx_put_tensor("w", FLOAT, 3, w, NULL, 4 * 4 * UNITS * UNITS);
  onnx_put_tensor("one", INT64, 1, one, axis, 8);
  for (int n = 0; n < LAYERS; n++) {
    snprintf(y, sizeof y, "y%d", n);
    snprintf(to, sizeof to, "s%d", n);
    onnx_put_node("LSTM", 3, (const char *const[]){from, "w", "w"}, y, 0);
    onnx_put_node("Squeeze", 2, (const char *const[]){y, "one"}, to, 0);
    memcpy(from, to, sizeof from);
  }
  onnx_finish(from, "more than its file can need");
}
END_TEST

/* 4^16 values wrap to 0 in 32 bits, and then to what fits again. */
START_TEST(test_rows_side_by_side_do_not_wrap) {
  char from[16] = "x", to[16];
  onnx_start();
  onnx_put_input(1);
  for (int n = 0; n < 16; n++) {
    snprintf(to, sizeof to, "c%d", n);
    onnx_put_node("Concat", 4, (const char *const[]){from, from, from, from}, to, 2);
    memcpy(from, to, sizeof from);
  }
  onnx_put_node("Sigmoid", 1, (const char *const[]){from}, "y", 0);
  onnx_finish("y", "more than 65535 values");
}
END_TEST

START_TEST(test_the_rows_of_all_values_have_a_limit) {
  char from[16] = "x", to[16];
  onnx_start();
  onnx_put_input(TRINE_ONNX_MAX_UNITS);
  for (int n = 0; n < 300; n++) {
    snprintf(to, sizeof to, "r%d", n);
    onnx_put_node("Sigmoid", 1, (const char *const[]){from}, to, 0);
    memcpy(from, to, sizeof from);
  }
  onnx_finish(from, "rows of more than");
}
END_TEST

/* No product of some sizes may wrap although all of them together are 0. */
START_TEST(test_an_empty_constant_has_no_large_sides) {
  static const int64_t shape[] = {0, 1 << 28, 1 << 28, 1 << 28};
  onnx_start();
  onnx_put_input(2);
  onnx_put_tensor("c", FLOAT, 4, shape, NULL, 0);
  onnx_put_node("Concat", 2, (const char *const[]){"c", "c"}, "d", 0);
  onnx_put_node("Mul", 2, (const char *const[]){"x", "d"}, "y", 0);
  onnx_finish("y", "more than 268435456 values");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("onnx hostile");
  TCase *tests = tcase_create("files");
  tcase_add_test(tests, test_graphs_within_graphs_have_a_limit_of_depth);
  tcase_add_test(tests, test_a_part_that_is_there_twice_is_damage);
  tcase_add_test(tests, test_every_file_that_was_cut_off_is_damaged);
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
  free(onnx_out.bytes);
  return failed == 0 ? 0 : 1;
}
