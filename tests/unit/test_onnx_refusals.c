/* SPDX-License-Identifier: Apache-2.0 */
/* test_onnx_refusals: graphs that are whole and cannot be done, each refused with the sentence that
 * says why. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "onnx/onnx.h"
#include "support/checked/make_onnx.h"
#include "support/seed.h"

enum { MOST_INPUTS = 6, MOST_STEPS = 5 };

/* Constants that every graph has, and a second input, i; x is float [open,open,4]. */
static void put_constants(void) {
  static const int64_t numbers[3] = {0, 1, -1};
  static const float reals[3] = {0.5F, 1.5F, 2.5F};
  onnx_put_tensor("zero", INT64, 1, (const int64_t[]){1}, numbers, 8);
  onnx_put_tensor("one", INT64, 1, (const int64_t[]){1}, numbers + 1, 8);
  onnx_put_tensor("two", INT64, 1, (const int64_t[]){1}, (const int64_t[]){2}, 8);
  onnx_put_tensor("real", FLOAT, 1, (const int64_t[]){1}, reals, 4);
  onnx_put_tensor("f22", FLOAT, 2, (const int64_t[]){2, 2}, NULL, 16);
  onnx_put_tensor("f32", FLOAT, 2, (const int64_t[]){3, 2}, NULL, 24);
  onnx_put_tensor("f42", FLOAT, 2, (const int64_t[]){4, 2}, NULL, 32);
  onnx_put_tensor("f1112", FLOAT, 4, (const int64_t[]){1, 1, 1, 2}, NULL, 8);
  onnx_put_tensor("f4", FLOAT, 1, (const int64_t[]){4}, NULL, 16);
  onnx_put_tensor("i121", INT64, 1, (const int64_t[]){3}, (const int64_t[]){1, 2, 1}, 24);
  onnx_put_tensor("i0022", INT64, 1, (const int64_t[]){4}, (const int64_t[]){0, 0, 2, 2}, 32);
  onnx_put_tensor("i9", INT64, 1, (const int64_t[]){1}, (const int64_t[]){9}, 8);
  onnx_put_end(GRAPH_INPUT, "i");
  onnx_put_tensor("w", FLOAT, 3, (const int64_t[]){1, 8, 4}, NULL, 128);
  onnx_put_tensor("r", FLOAT, 3, (const int64_t[]){1, 8, 2}, NULL, 64);
}

struct refusal_step {
  const char *op, *inputs[MOST_INPUTS];
  const char *output;
  const char *attribute;
  int64_t value;
};

static const struct {
  struct refusal_step steps[MOST_STEPS]; /* the last makes y */
  const char *words;
} graphs[] = {
    {{{"Shape", {NULL}, "s", NULL, 0}, {"Reshape", {"x", "s"}, "y", NULL, 0}},
     "cannot be folded: it has no input; export it as a constant."},
    {{{"Shape", {"x"}, "s", NULL, 0},
      {"ConstantOfShape", {"s"}, "u", NULL, 0},
      {"Concat", {"u", "real"}, "y", NULL, 0}},
     "its inputs are of several values and unknown shape; export it"},
    {{{"Shape", {"x"}, "s", NULL, 0},
      {"ConstantOfShape", {"s"}, "u", NULL, 0},
      {"Add", {"u", "real"}, "y", NULL, 0}},
     "the shape of its input is not known; export it as a constant"},
    {{{"Concat", {"f22", "f32"}, "y", "axis", 1}}, "its inputs differ in shape; export it"},
    {{{"Unsqueeze", {"f22", "real"}, "y", NULL, 0}},
     "its axes are not known; export it as a constant"},
    {{{"Reshape", {"f22", "two"}, "y", NULL, 0}}, " makes 2 values of 4."},
    {{{"Range", {"real", "real", "real"}, "y", NULL, 0}},
     "its bounds are not known whole numbers; export"},
    {{{"MatMul", {"x", "f42"}, "z", NULL, 0}, {"Add", {"z", "f1112"}, "y", NULL, 0}},
     "its constant is not one number, or one for each of the 2 columns"},
    {{{"Gather", {"f42", "x"}, "y", NULL, 0}},
     "only rows of a constant table can be looked up, by an input of the graph"},
    {{{"Relu", {"real", "x"}, "y", NULL, 0}},
     "its first input has to be computed from the graph's input"},
    {{{"Transpose", {"real", "x"}, "y", NULL, 0}},
     "its first input has to be computed from the graph's input"},
    {{{"LSTM", {"x", "w", "r"}, "y", "layout", 2}}, "layout 2 is neither 0 nor 1"},
    {{{"LSTM", {"real", "w", "r", "", "x"}, "y", NULL, 0}},
     "its input X has to be computed from the graph's input"},
    {{{"Reshape", {"x", "real"}, "y", NULL, 0}}, "its shape is not a constant of at most "},
    {{{"Flatten", {"x"}, "y", "axis", 9}}, "axis 9 is none of its input's 3"},
    {{{"Concat", {"x", "real"}, "y", "axis", 2}},
     "input 1 has to be rows in the layout of the first"},
    {{{"LSTM", {"x", "w", "r"}, "h", NULL, 0},
      {"Slice", {"h", "zero", "one", "two"}, "y", NULL, 0}},
     "it takes a part of the batch, which is not done"},
    {{{"LSTM", {"x", "w", "r"}, "h", NULL, 0}, {"Slice", {"h", "one", "one", "one"}, "y", NULL, 0}},
     "it takes none of 1 directions or layers, or not in their order"},
    {{{"ReverseSequence", {"x", "one"}, "y", "time_axis", 1}},
     "only the steps of whole sequences can be turned round"},
    {{{"Dropout", {"x", "real", "one"}, "y", NULL, 0}},
     "its training_mode is given; export the model in eval mode"},
    {{{"LSTM", {"x", "w", "r"}, "h", NULL, 0},
      {"Concat", {"h", "h"}, "p", "axis", 1},
      {"Add", {"p", "real"}, "y", NULL, 0}},
     "it computes on 2 directions or layers apart; put them side by side first"},
    {{{"Add", {"x", "i"}, "y", NULL, 0}}, "its other input is neither rows nor a constant"},
    {{{"Add", {"f4", "f4", "x"}, "y", NULL, 0}},
     "one of its inputs has to be computed from the graph's input"},
    {{{"Div", {"real", "real", "x"}, "y", NULL, 0}},
     "one of its inputs has to be computed from the graph's input"},
    {{{"DynamicQuantizeLinear", {"f4", "x"}, "y", NULL, 0}},
     "its first input has to be computed from the graph's input"},
    {{{"Div", {"real", "x"}, "y", NULL, 0}}, "it divides by rows or by 0, or its constant is not"},
    {{{"Div", {"x", "x"}, "y", NULL, 0}}, "of two computed values only Add, Sub and Mul are done"},
    {{{"Reshape", {"x", "i0022"}, "r4", NULL, 0}, {"ReduceMax", {"r4", "two"}, "y", NULL, 0}},
     "it takes the largest of 2 directions or parts; their sum and mean are done"},
    {{{"MatMul", {"x", "f42"}, "z", NULL, 0}, {"Mul", {"x", "z"}, "y", NULL, 0}},
     "its two inputs are not rows of one width in one layout"},
    {{{"BatchNormalization", {"x", "real", "real", "real", "real"}, "y", NULL, 0}},
     "its scale, B, mean and var are not constants of the 4 columns"},
    {{{"BatchNormalization", {"x", "f4", "f4", "f4", "f4"}, "y", NULL, 0}},
     "its second axis is not the row, or it is in training_mode"},
    {{{"BatchNormalization", {"real", "x", "f4", "f4", "f4"}, "y", NULL, 0}},
     "its input X has to be computed from the graph's input"},
    {{{"PRelu", {"x", "f22"}, "y", NULL, 0}}, "its slope is not one number; train with LeakyRelu"},
    {{{"Clip", {"x", "f22"}, "y", NULL, 0}}, "its bounds are not constant numbers; export it with"},
    {{{"Clip", {"real", "x"}, "y", NULL, 0}},
     "its bounds are not constant numbers; export it with"},
    {{{"Clip", {"x", "real"}, "y", NULL, 0}},
     "bounds 0.5 and inf are done only behind a dense layer"},
    {{{"ReduceMean", {"x"}, "y", NULL, 0}},
     "its axes are not known constants; name the axis of time"},
    {{{"LSTM", {"x", "w", "r"}, "h", NULL, 0}, {"ReduceMax", {"h", "two"}, "y", NULL, 0}},
     "it goes over axis 2, which is not time; only steps are put together"},
    {{{"ReduceSum", {"x", "i9"}, "y", NULL, 0}}, "axis 9 is none of its input's 3"},
    {{{"Tile", {"x", "two"}, "y", NULL, 0}}, "its repeats are not constants of at most "},
    {{{"Tile", {"x", "i121"}, "y", NULL, 0}},
     "it repeats axis 1; only one row of a sequence can be repeated"},
    {{{"GatherElements", {"x", "i"}, "y", "axis", 1}},
     "its index has to be the last step of each sequence, an input of lengths"},
    {{{"DynamicQuantizeLSTM", {"x", "w", "r"}, "y", NULL, 0}},
     "its weights are not int8 constants with a scale for each direction"},
    {{{"MatMulInteger", {"x", "f42"}, "y", NULL, 0}},
     "its weights are not int8 constants of two axes with scales"},
    {{{"DequantizeLinear", {"one"}, "c", NULL, 0}, {"Add", {"x", "c"}, "y", NULL, 0}},
     "it has no scale for each index of its axis; export it"},
    {{{"Sqrt", {"one"}, "c", NULL, 0}, {"Add", {"x", "c"}, "y", NULL, 0}},
     "it is not one of floats; export it"},
    {{{"Split", {"x"}, "y", "axis", 0}}, "only rows and directions can be split, into known sizes"},
    {{{"If", {"i"}, "b", NULL, 0}, {"Add", {"x", "b"}, "y", NULL, 0}},
     "its condition is no constant; export the sequence model without control"},
    {{{"If", {"one"}, "b", NULL, 0}, {"Add", {"x", "b"}, "y", NULL, 0}},
     "it needs a branch of as many outputs as its own, 1"},
    {{{"LSTM", {"x", "w", "r"}, "h", NULL, 0}, {"Slice", {"h", "i9", "one"}, "y", NULL, 0}},
     "of the time steps only single ones, a known number of them, or all turned round can be "
     "taken"},
    {{{"MatMul", {"x", "f22"}, "y", NULL, 0}}, "weights of [2,2] do not fit rows of 4 values"},
    {{{"Shape", {"x"}, "s", NULL, 0},
      {"Gather", {"s", "zero"}, "b", NULL, 0},
      {"Concat", {"one", "b", "one"}, "n", "axis", 0},
      {"ReduceMax", {"x", "one"}, "m", NULL, 0},
      {"Expand", {"m", "n"}, "y", NULL, 0}},
     "it repeats a row as often as there are sequences; only so many times as there are steps"},
    {{{"Shape", {"real", "x"}, "y", NULL, 0}}, "its input is not known; the graph has to make it"}};
enum { GRAPHS = sizeof graphs / sizeof graphs[0] };

START_TEST(test_a_graph_is_refused) {
  onnx_start();
  onnx_put_input(4);
  put_constants();
  for (uint32_t k = 0; k < MOST_STEPS && graphs[_i].steps[k].op != NULL; k++) {
    const struct refusal_step *step = &graphs[_i].steps[k];
    uint32_t inputs = 0;
    while (inputs < MOST_INPUTS && step->inputs[inputs] != NULL) {
      inputs++;
    }
    const size_t node = onnx_begin_node(step->op, inputs, step->inputs, step->output);
    if (step->attribute != NULL) {
      onnx_put_int(step->attribute, step->value);
    }
    message_end(&onnx_out, node);
  }
  onnx_finish("y", graphs[_i].words);
}
END_TEST

START_TEST(test_inputs_and_versions_are_refused) {
  static const int64_t four[] = {0, 0, 2, 2}, whole[] = {5, 3, 4};
  onnx_start();
  onnx_put_shaped_input(4, four);
  onnx_put_node("Relu", 1, (const char *const[]){"x"}, "y", 0);
  onnx_finish("y", "The input x has 4 axes; sequences of rows have 3, of symbols 2.");
  onnx_start_of(5);
  onnx_put_input(4);
  onnx_put_node("Relu", 1, (const char *const[]){"x"}, "y", 0);
  onnx_finish("y", "The operator set is version 5; at least ");
  onnx_start(); /* the width is open */
  onnx_put_input(0);
  onnx_put_node("Concat", 2, (const char *const[]){"x", "x"}, "z", 2);
  onnx_put_node("Softmax", 1, (const char *const[]){"z"}, "y", -1);
  onnx_finish("y", "the width of one of its rows is open; fix it at the export");
  onnx_start();
  onnx_put_shaped_input(3, whole);
  put_constants();
  onnx_put_node("LSTM", 3, (const char *const[]){"x", "w", "r"}, "h", 0);
  onnx_put_node("Slice", 4, (const char *const[]){"h", "zero", "one", "two"}, "y", 0);
  onnx_finish("y", "it takes a part of a batch of 3, which is not done");
  struct trine_onnx *model = NULL;
  struct trine_error error = {""};
  ck_assert_int_eq(trine_onnx_parse("", TRINE_ONNX_MAX_FILE_BYTES + 1, NULL, NULL, &model, &error),
                   TRINE_ERR_FORMAT); /* which is not looked into */
  ck_assert_ptr_nonnull(strstr(error.text, " bytes; at most "));
}
END_TEST

/* A graph that puts x and another input of this shape side by side. */
static void start_beside(uint32_t x_rank, const int64_t *x_dims, uint32_t rank,
                         const int64_t *dims) {
  onnx_start();
  onnx_put_shaped_input(x_rank, x_dims);
  if (rank == 0) {
    onnx_put_end(GRAPH_INPUT, "e");
  } else {
    onnx_put_named_input("e", rank, dims);
  }
  onnx_put_node("Concat", 2, (const char *const[]){"x", "e"}, "y", -1);
}

START_TEST(test_inputs_beside_others_are_refused) {
  static const int64_t rows[] = {0, 0, 4}, odd[] = {5, 7, 3}, many[] = {0, 70000, 4},
                       alone[] = {9, 4};
  start_beside(3, rows, 3, many);
  onnx_finish("y", "The input e has 70000 steps of 4 values; at most 65535 of each are read.");
  start_beside(2, alone, 3, odd);
  onnx_finish("y",
              "The input x has 2 axes, which do not go with those of e; beside it can be rows "
              "[batch,time,values], or [batch,values].");
  onnx_start();
  onnx_put_shaped_input(2, alone);
  onnx_put_node("GlobalAveragePool", 1, (const char *const[]){"x"}, "y", 0);
  onnx_finish("y", "its input has 2 axes; it needs 3");
  onnx_start();
  onnx_put_input(4);
  put_constants();
  onnx_put_node("Gather", 2, (const char *const[]){"x", "i9"}, "z", 2);
  onnx_put_node("Softmax", 1, (const char *const[]){"z"}, "y", -1);
  onnx_finish("y", "its index 9 is outside of the 4 of its axis");
}
END_TEST

START_TEST(test_nodes_with_more_are_refused) {
  char name[16];
  onnx_start();
  onnx_put_input(4);
  for (uint32_t n = 0; n <= TRINE_ONNX_MAX_NODES; n++) {
    (void)snprintf(name, sizeof name, "n%u", n);
    message_end(&onnx_out, onnx_begin_node("Relu", 1, (const char *const[]){"x"}, name));
  }
  onnx_finish("n0", "The graph has 100001 nodes; at most 100000 are read.");
  const char *many[65];
  for (uint32_t n = 0; n < 65; n++) {
    many[n] = "real";
  }
  onnx_start();
  onnx_put_input(4);
  put_constants();
  onnx_put_node("Concat", 65, many, "y", 0);
  onnx_finish("y", "65 inputs, at most 64 are read");
  onnx_start();
  onnx_put_input(4);
  size_t node = onnx_begin_node("ArgMax", 1, (const char *const[]){"x"}, "y");
  onnx_put_int("axis", -1);
  onnx_put_int("keepdims", 0);
  onnx_put_int("select_last_index", 1);
  message_end(&onnx_out, node);
  onnx_finish("y", "select_last_index is not done; it has to be 0");
  onnx_start(); /* the third output of an LSTM */
  onnx_put_input(4);
  put_constants();
  node = onnx_begin_node("LSTM", 3, (const char *const[]){"x", "w", "r"}, "y");
  message_text(&onnx_out, NODE_OUT, "h");
  message_text(&onnx_out, NODE_OUT, "c");
  message_end(&onnx_out, node);
  onnx_finish("c", "The output c is a final cell state, which comes with --state-out; choose");
  onnx_start(); /* a constant of floats whose values are whole numbers */
  onnx_put_input(4);
  const size_t tensor = message_begin(&onnx_out, GRAPH_TENSOR);
  message_number(&onnx_out, 1, 1);
  message_number(&onnx_out, 2, FLOAT);
  message_number(&onnx_out, 7, 5);
  message_text(&onnx_out, TENSOR_NAME, "b");
  message_end(&onnx_out, tensor);
  onnx_put_node("MatMul", 2, (const char *const[]){"x", "b"}, "y", 0);
  onnx_finish("y", "The constant b has type 1 but values of another; export it again.");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("onnx refusals");
  TCase *tests = tcase_create("graphs");
  tcase_add_loop_test(tests, test_a_graph_is_refused, 0, GRAPHS);
  tcase_add_test(tests, test_inputs_and_versions_are_refused);
  tcase_add_test(tests, test_inputs_beside_others_are_refused);
  tcase_add_test(tests, test_nodes_with_more_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  free(onnx_out.bytes);
  return failed == 0 ? 0 : 1;
}
