/* SPDX-License-Identifier: Apache-2.0 */
/* test_onnx_refused_set: graphs of tests/onnx/set that cannot be done, each refused by the name of
 * the node. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "onnx/onnx.h"
#include "support/seed.h"

#define SET "tests/onnx/set/"

static const struct {
  const char *name, *words;
} refusals[] = {
    {"peepholes", "Node n_y (LSTM): peepholes"},
    {"clip", "Node n_y (LSTM): clip"},
    {"input_forget", "Node n_y (LSTM): input_forget"},
    {"activations", "Node n_y (LSTM): only the activations"},
    {"one_of_two",
     "Node n_z (Erf): this operator is not done; the rest of it runs with --outputs 'y'"},
    {"many_outputs", "more than 8 outputs; choose those you need with --outputs, names"},
    {"gru", "Node n_y (GRU): only LSTM"},
    {"operator", "Node n_y (Erf): this operator is not done; --inputs"},
    {"weights", "Node n_y (LSTM): W, R or B"},
    {"node_peepholes", "Node Y_h (LSTM): peepholes"},
    {"rnn", "Node n_y (RNN): only LSTM"},
    {"loop", "Node n_y (Loop): control flow"},
    {"scan", "Node n_y (Scan): control flow"},
    {"cast", "Node n_y (Cast): a change to type 7 rounds"},
    {"softmax", "Node n_y (Softmax): only the last axis"},
    {"lengths", "Node n_y (LSTM): sequence_lens are not those of whole"},
    {"states", "Node n_y (LSTM): its initial state differs from sequence"},
    {"shape", "Node n_y (Reshape): it puts all steps side by side, which is done for a"},
    {"bias", "Node n_y (Add): its constant is not one number, or one for each of the 6"},
    {"keras_hard", "(LSTM): only the activations"},
    {"keras_gru", "(GRU): only LSTM"},
    {"keras_unrolled", "(Split): only rows and directions can be split, into known"},
    {"open_weights", "Node n_y (LSTM): its weights W are not a constant"},
    {"view_fixed", "Node n_y (Reshape): this change of shape is not understood: size 2"},
    {"view_open", "Node n_y (Reshape): this change of shape is not understood"},
    {"view_input", "Node n_t (Reshape): this change of shape is not understood: size 2"},
    {"squeeze_batch", "Node n_y (Squeeze): axis 1 has size"},
    {"flat_time", "Node n_y (Flatten): it puts all steps side by side, which is done"},
    {"lens_last", "Node n_y (Gather): behind sequence_lens (lens) the last row"},
    {"lens_first_only", "Node n_y (LSTM): it has no sequence_lens, and another LSTM"},
    {"lens_turned", "Node n_y (LSTM): its sequence_lens l are not, as they are"},
    {"state_plus", "Node n_h0 (Add): initial and final states, and lengths (hs)"},
    {"domain", "Node n_y (Sigmoid): an operator of com.example is not done"},
    {"twice", "Node n_y (Relu): its output y is there already"},
    {"repeats", "Node n_y (Mul): its constant is not one number, or one for each of the 4"},
    {"bias_elsewhere", "Node n_y (Add): its constant is not one number, or one for"},
    {"size_as_weight", "Node n_f (Cast) cannot be folded: a value does not fit"},
    {"open_bound", "Node n_F2 (Slice) cannot be folded: its bounds are sizes"},
    {"broadcast", "Node n_view (Add) cannot be folded: its inputs are not of one"},
    {"axis_twice", "Node n_F2 (Slice) cannot be folded: it names an axis twice"},
    {"spread_cut", "Node n_h0 (Slice) cannot be folded: how often its input repeats"},
    {"cell_computed", "Node n_y (Sigmoid): final cell states can only be handed on"},
    {"half_end", "Node n_y (LSTM): its initial h and c are not the final states of one"},
    {"every_second", "Node n_y (Slice): it takes no whole part of each row of 4 values"},
    {"elu", "Node n_y (Elu): alpha is 0.5; an Elu of 1 is done"},
    {"gather_backwards", "Node n_y (GatherElements): an LSTM that runs backwards begins in"},
    {"gather_others", "Node n_y (GatherElements): its lengths are lens, those of the LSTMs"},
    {"gather_and_last", "Node n_y4 (LSTM): another node takes the last step of each"},
    {"parts_view", "Node n_y (Reshape): this change of shape is not understood"}};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

START_TEST(test_what_cannot_be_done_is_refused_by_name) {
  char path[128];
  struct trine_error error = {""};
  struct trine_onnx *model = NULL;
  snprintf(path, sizeof path, SET "refused_%s.onnx", refusals[_i].name);
  ck_assert_int_eq(trine_onnx_load(path, NULL, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_ptr_null(model);
  ck_assert_msg(strstr(error.text, refusals[_i].words) != NULL, "%s", error.text);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("onnx refused set");
  TCase *tests = tcase_create("graphs");
  tcase_add_loop_test(tests, test_what_cannot_be_done_is_refused_by_name, 0, REFUSALS);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
