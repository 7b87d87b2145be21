/* SPDX-License-Identifier: Apache-2.0 */
/* test_diff: the comparison of float with int8 shows little where there is little, and names layer,
 * gate and unit of a weight that was changed. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/npy.h"
#include "onnx/onnx.h"
#include "quantize/diff.h"
#include "quantize/quantize.h"
#include "support/seed.h"

enum { CHANGED_UNIT = 2, LIMIT = 8 };

struct diff_fixture {
  struct trine_onnx *onnx;
  const struct trine_float_network *network;
  struct trine_array x;
  struct trine_float_batch batch;
  struct trine_quantized made;
};

static void open_fixture(struct diff_fixture *f) {
  struct trine_error error = {""};
  ck_assert_msg(
      trine_onnx_load("tests/onnx/set/torch_both_old.onnx", NULL, &f->onnx, &error) == TRINE_OK,
      "%s", error.text);
  f->network = trine_onnx_network(f->onnx);
  ck_assert_int_eq(trine_npy_read("tests/onnx/set/torch_both_old_x.npy", &f->x, &error), TRINE_OK);
  f->batch = (struct trine_float_batch){
      .sequences = (uint32_t)f->x.shape[0], .steps = (uint32_t)f->x.shape[1], .input = f->x.data};
  ck_assert_msg(trine_quantize(f->network, &f->batch, NULL, &f->made, &error) == TRINE_OK, "%s",
                error.text);
}

static void close_fixture(struct diff_fixture *f) {
  trine_quantized_free(&f->made);
  trine_onnx_free(f->onnx);
  trine_array_free(&f->x);
}

static void compare(const struct diff_fixture *f, const struct trine_float_network *network,
                    struct trine_diff *diff) {
  struct trine_error error = {""};
  ck_assert_msg(trine_diff_run(network, f->made.model, &f->batch, LIMIT, diff, &error) == TRINE_OK,
                "%s", error.text);
}

START_TEST(test_what_was_quantised_differs_little) {
  struct diff_fixture f;
  struct trine_diff diff;
  open_fixture(&f);
  compare(&f, f.network, &diff);
  ck_assert_uint_eq(diff.layer_count, 5); /* two directions twice, and a dense layer */
  for (uint32_t n = 0; n < diff.layer_count; n++) {
    ck_assert_msg(diff.layers[n].rms_lsb[TRINE_DIFF_OUTPUT] > 0 &&
                      diff.layers[n].rms_lsb[TRINE_DIFF_OUTPUT] < 2,
                  "layer %u: %g LSB", n, diff.layers[n].rms_lsb[TRINE_DIFF_OUTPUT]);
    ck_assert(diff.layers[n].first.lsb == 0.0F);
  }
  close_fixture(&f);
}
END_TEST

/* The bias of one unit's forget gate, in the second layer's forward direction. */
START_TEST(test_a_changed_weight_is_named) {
  struct diff_fixture f;
  struct trine_diff diff;
  open_fixture(&f);
  struct trine_float_network changed = *f.network;
  struct trine_float_node *nodes = malloc(changed.node_count * sizeof *nodes);
  float bias[64];
  uint32_t seen = 0;
  ck_assert_ptr_nonnull(nodes);
  memcpy(nodes, changed.nodes, changed.node_count * sizeof *nodes);
  changed.nodes = nodes;
  for (uint32_t n = 0; n < changed.node_count; n++) {
    if (nodes[n].op == TRINE_FLOAT_LSTM && ++seen == 3) {
      const uint32_t units = nodes[n].cell.units;
      memcpy(bias, nodes[n].cell.bias, TRINE_GATES * units * sizeof *bias);
      bias[TRINE_GATE_F * units + CHANGED_UNIT] += 1.0F;
      nodes[n].cell.bias = bias;
    }
  }
  ck_assert_uint_eq(seen, 4);
  compare(&f, &changed, &diff);
  ck_assert(diff.layers[0].first.lsb == 0.0F && diff.layers[1].first.lsb == 0.0F);
  const struct trine_diff_place *worst = &diff.layers[2].worst[TRINE_DIFF_PRE];
  ck_assert_uint_eq(worst->unit, CHANGED_UNIT);
  ck_assert_int_eq(worst->gate, TRINE_GATE_F);
  ck_assert(fabsf(worst->lsb + 4096.0F) < 800.0F); /* one is 4096 LSB of Q3.12 */
  ck_assert(diff.layers[2].first.lsb != 0.0F);
  ck_assert_uint_eq(diff.layers[2].first.unit, CHANGED_UNIT);
  free(nodes);
  close_fixture(&f);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("diff");
  TCase *tests = tcase_create("diff");
  tcase_add_test(tests, test_what_was_quantised_differs_little);
  tcase_add_test(tests, test_a_changed_weight_is_named);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
