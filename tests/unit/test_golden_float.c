/* SPDX-License-Identifier: Apache-2.0 */
/* test_golden_float: the float LSTM against a hand-worked unit, and the int8 model against it. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "float/float_run.h"
#include "golden/golden.h"
#include "support/random_network.h"
#include "support/seed.h"

enum { IN = 9, UNITS = 13, STEPS = 40 };

/* A network of one node, from value 0 to value 1. */
struct alone {
  struct trine_float_value values[2];
  struct trine_float_node node;
  struct trine_float_network network;
};

static void make_alone(struct alone *alone, enum trine_float_op op, uint32_t inputs,
                       uint32_t units) {
  *alone =
      (struct alone){.values = {{.name = "x", .has_time = true, .width = inputs},
                                {.name = "y", .has_time = true, .width = units}},
                     .node = {.op = op, .name = "n", .input_count = 1, .inputs = {0}, .output = 1}};
  alone->network = (struct trine_float_network){.name = "alone",
                                                .value_count = 2,
                                                .values = alone->values,
                                                .node_count = 1,
                                                .nodes = &alone->node,
                                                .input_count = 1,
                                                .output_count = 1,
                                                .outputs = {1}};
}

/* Runs one sequence; y receives the rows made. */
static void run_alone(const struct alone *alone, struct trine_float_batch batch, float *y) {
  float *values[2] = {NULL};
  struct trine_error error = {""};
  batch.sequences = 1;
  ck_assert_msg(trine_float_run(&alone->network, &batch, values, &error) == TRINE_OK, "%s",
                error.text);
  memcpy(y, values[1], trine_float_count(&alone->values[1], 1, batch.steps) * sizeof *y);
  trine_float_values_free(&alone->network, values);
}

static void keep_point(void *context, const struct trine_float_point *point) {
  *(struct trine_float_point *)context = *point;
}

START_TEST(test_float_unit_gives_hand_worked_values) {
  const float w[] = {0.5F, -1.0F, 2.0F, 0.25F}, r[] = {1.0F, 2.0F, -1.0F, 0.5F};
  const float bias[] = {0.1F, 0.2F, -0.3F, 0.4F};
  const float x[] = {1.0F}, h0[] = {0.5F}, c0[] = {-0.25F};
  float y[1];
  struct trine_float_point point = {0};
  struct alone alone;
  make_alone(&alone, TRINE_FLOAT_LSTM, 1, 1);
  alone.node.cell = (struct trine_float_cell){
      .inputs = 1, .units = 1, .w = w, .r = r, .bias = bias, .h0 = h0, .c0 = c0};
  run_alone(
      &alone,
      (struct trine_float_batch){.steps = 1, .input = x, .tap = keep_point, .tap_context = &point},
      y);
  /* i = sig(1.1), f = sig(0.2), g = tanh(1.2), o = sig(0.9). */
  static const float pre[] = {1.1F, 0.2F, 1.2F, 0.9F};
  for (int g = 0; g < TRINE_GATES; g++) {
    ck_assert_float_eq_tol(point.pre[g], pre[g], 1e-6F);
  }
  double cell = -0.25 / (1 + exp(-0.2)) + tanh(1.2) / (1 + exp(-1.1));
  ck_assert_float_eq_tol(point.c, (float)cell, 1e-6F);
  ck_assert_float_eq_tol(y[0], (float)(tanh(cell) / (1 + exp(-0.9))), 1e-6F);
  ck_assert_float_eq(point.h, y[0]);
}
END_TEST

/* What an integer gate row says in real numbers: weight n of a row is w[n] * scale, and the bias
 * is what is left when the zero point is unfolded (0 here). */
static void dequantise_row(const struct trine_requant *row, const int8_t *weights, uint32_t count,
                           double input_scale, float *real, float *bias) {
  double factor = ldexp(row->multiplier, row->shift - 31 - 12);
  for (uint32_t n = 0; n < count; n++) {
    real[n] = (float)(weights[n] * factor / input_scale);
  }
  *bias += (float)(row->bias * factor);
}

/* Zero points 0, x in units of 1, h in units of 1/128: both models then compute the same thing,
 * and int8 stays within a few units of its output for a contracting network. */
START_TEST(test_int8_model_stays_near_float_model_in_both_directions) {
  struct seed_stream stream = seed_start("float");
  struct trine_layer layer = random_lstm(&stream, IN, UNITS, false);
  layer.zero_point = 0;
  layer.cell_clip = 0;
  layer.cell_exponent = -12;
  layer.out = (struct trine_requant){0, 1 << 30, -22};
  static struct trine_requant x_rows[TRINE_GATES][UNITS], h_rows[TRINE_GATES][UNITS];
  static float w[TRINE_GATES * UNITS * IN], r[TRINE_GATES * UNITS * UNITS];
  static float bias[TRINE_GATES * UNITS];
  struct alone alone;
  const struct trine_layer drawn = layer;
  for (int g = 0; g < TRINE_GATES; g++) {
    for (uint32_t u = 0; u < UNITS; u++) {
      x_rows[g][u] = (struct trine_requant){drawn.x_rows[g][u].bias, 3 << 29, -3};
      h_rows[g][u] = (struct trine_requant){drawn.h_rows[g][u].bias / 16, 3 << 29, -5};
      const uint32_t row = (uint32_t)g * UNITS + u;
      dequantise_row(&x_rows[g][u], &layer.w[g][u * IN], IN, 1.0, &w[row * IN], &bias[row]);
      dequantise_row(&h_rows[g][u], &layer.r[g][u * UNITS], UNITS, 1.0 / 128, &r[row * UNITS],
                     &bias[row]);
    }
    layer.x_rows[g] = x_rows[g];
    layer.h_rows[g] = h_rows[g];
  }
  struct trine_tensor tensors[] = {{1, {IN}}, {1, {UNITS}}};
  struct trine_chain chain = {.target = 1, .layer_count = 1};
  struct trine_network network = {2, tensors, 1, &layer, 1, &chain};
  static int8_t x[STEPS * IN], y[STEPS * UNITS];
  static float real_x[STEPS * IN], real_y[STEPS * UNITS];
  seed_int8(&stream, x, sizeof x, -16, 16);
  for (int n = 0; n < STEPS * IN; n++) {
    real_x[n] = x[n];
  }
  uint32_t length = STEPS;
  struct trine_batch batch = {.sequences = 1,
                              .lengths = &length,
                              .input = x,
                              .output = y,
                              .input_step_stride = IN,
                              .output_step_stride = UNITS};
  make_alone(&alone, TRINE_FLOAT_LSTM, IN, UNITS);
  alone.node.cell =
      (struct trine_float_cell){.inputs = IN, .units = UNITS, .w = w, .r = r, .bias = bias};
  for (int reversed = 0; reversed < 2; reversed++) {
    chain.reversed = reversed != 0;
    ck_assert_int_eq(trine_golden_run(&network, &batch, NULL), TRINE_OK);
    alone.node.cell.reversed = reversed != 0;
    run_alone(&alone, (struct trine_float_batch){.steps = STEPS, .input = real_x}, real_y);
    double total = 0;
    for (int n = 0; n < STEPS * UNITS; n++) {
      total += fabs(y[n] - 128.0 * (double)real_y[n]);
    }
    ck_assert_msg(total / (STEPS * UNITS) < 1.0, "mean difference %f units of 1/128",
                  total / (STEPS * UNITS));
  }
  struct trine_layer owned = drawn;
  random_layer_free(&owned);
}
END_TEST

START_TEST(test_float_dense_adds_products_and_bias) {
  const float w[] = {1.0F, 2.0F, -3.0F, 0.5F}, bias[] = {10.0F, 20.0F}, x[] = {2.0F, 4.0F};
  const struct trine_float_batch batch = {.steps = 1, .input = x};
  struct alone alone;
  float y[2];
  make_alone(&alone, TRINE_FLOAT_DENSE, 2, 2);
  alone.node.matrix = (struct trine_float_matrix){
      .inputs = 2, .units = 2, .w = w, .bias = bias, .out_min = -INFINITY, .out_max = INFINITY};
  run_alone(&alone, batch, y);
  ck_assert_float_eq(y[0], 20.0F);
  ck_assert_float_eq(y[1], 16.0F);
  alone.node.matrix.bias = NULL;
  run_alone(&alone, batch, y);
  ck_assert_float_eq(y[1], -4.0F);
  alone.node.matrix.out_min = 0.0F;
  run_alone(&alone, batch, y);
  ck_assert_float_eq(y[1], 0.0F);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("golden_float");
  TCase *tests = tcase_create("float");
  tcase_add_test(tests, test_float_unit_gives_hand_worked_values);
  tcase_add_test(tests, test_int8_model_stays_near_float_model_in_both_directions);
  tcase_add_test(tests, test_float_dense_adds_products_and_bias);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
