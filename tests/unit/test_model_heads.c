/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_heads: SOFTMAX, LOGISTIC and ARG_MAX behind a network: types, shapes, lengths, and
 * what is refused. Their bits are compared with the reference's by tests/heads. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/heads.h"
#include "model/model.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"
#include "support/seed.h"

enum { B = 2, T = 4, IN = 5, UNITS = 7, MAX_VALUES = B * T * UNITS };

static const uint32_t own_lengths[B] = {T, 2};

/* [1,T,IN] -> LSTM of UNITS, always the same. */
struct stem {
  struct tflite_writer *model;
  int32_t x, y;
};

static struct stem make_stem(void) {
  struct seed_stream stream = seed_start("stem");
  const int32_t shape[3] = {1, T, IN};
  struct stem s = {.model = tflite_writer_new()};
  const struct lstm_spec spec = {.units = UNITS, .cell_exponent = -11, .gain = 2.0F};
  s.x = make_input(s.model, &stream, 3, shape);
  s.y = make_lstm(s.model, &stream, s.x, &spec);
  return s;
}

/* Frees the stem. */
static struct trine_model *load(struct stem s) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(s.model, s.x, s.y, &len_bytes);
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  tflite_writer_free(s.model);
  return model;
}

/* Runs B sequences of own_lengths steps; frees the model. */
static void run(struct trine_model *model, void *output) {
  struct seed_stream stream = seed_start("heads input");
  struct trine_error error = {""};
  int8_t x[B * T * IN];
  seed_int8(&stream, x, sizeof x, -128, 127);
  const struct trine_model_batch batch = {
      .sequences = B, .steps = T, .lengths = own_lengths, .input = x, .output = output};
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
  trine_model_free(model);
}

static bool is_past(uint32_t row) {
  return row % T >= own_lengths[row / T];
}

static uint32_t own_arg_max(const int8_t *row) {
  uint32_t best = 0;
  for (uint32_t n = 0; n < UNITS; n++) {
    best = row[n] > row[best] ? n : best;
  }
  return best;
}

START_TEST(test_arg_max_gives_a_number_a_step) {
  const bool wide = _i == 1;
  int8_t h[MAX_VALUES];
  int64_t got64[B * T];
  int32_t got32[B * T];
  uint64_t shape[TRINE_MODEL_MAX_RANK];
  run(load(make_stem()), h);
  struct stem s = make_stem();
  s.y = make_arg_max(s.model, s.y, wide ? TFLITE_INT64 : TFLITE_INT32);
  struct trine_model *model = load(s);
  const struct trine_model_end end = trine_model_info(model)->output;
  ck_assert_int_eq(end.type, wide ? TRINE_DTYPE_INT64 : TRINE_DTYPE_INT32);
  ck_assert(end.width == 1 && end.has_time);
  ck_assert_uint_eq(trine_model_output_shape(model, B, T, shape), 2);
  ck_assert(shape[0] == B && shape[1] == T);
  memset(got32, 0x55, sizeof got32);
  memset(got64, 0x55, sizeof got64);
  run(model, wide ? (void *)got64 : got32);
  uint32_t places = 0;
  for (uint32_t row = 0; row < B * T; row++) {
    const int64_t want = is_past(row) ? 0 : own_arg_max(h + (size_t)row * UNITS);
    ck_assert_int_eq(wide ? got64[row] : got32[row], want);
    places |= 1U << want;
  }
  ck_assert_msg((places & (places - 1)) != 0, "all rows have their largest value in one place");
}
END_TEST

START_TEST(test_the_first_of_equal_values_is_the_largest) {
  const int8_t row[] = {-3, 9, 2, 9, 9};
  ck_assert_uint_eq(heads_arg_max(row, 5), 1);
  ck_assert_uint_eq(heads_arg_max(row, 1), 0);
}
END_TEST

/* The last step alone, SOFTMAX, ARG_MAX, and its axis given back by RESHAPE. */
START_TEST(test_heads_of_the_last_step) {
  int8_t h[MAX_VALUES], p[B * UNITS];
  int32_t place[B];
  const int32_t column[2] = {1, 1};
  run(load(make_stem()), h);
  struct stem s = make_stem();
  s.y = make_softmax(s.model, make_take(s.model, s.y, 1, -1), 1.0F);
  struct trine_model *model = load(s);
  ck_assert(!trine_model_info(model)->output.has_time);
  ck_assert(trine_model_info(model)->output.zero_point == -128);
  run(model, p);
  s = make_stem();
  s.y = make_arg_max(s.model, make_softmax(s.model, make_take(s.model, s.y, 1, -1), 30.0F),
                     TFLITE_INT32);
  s.y = make_reshape(s.model, s.y, 2, column);
  run(load(s), place);
  for (uint32_t b = 0; b < B; b++) {
    const int8_t *row = h + ((size_t)b * T + own_lengths[b] - 1) * UNITS;
    int sum = 0;
    for (uint32_t n = 0; n < UNITS; n++) {
      sum += p[b * UNITS + n] + 128;
      for (uint32_t k = 0; k < UNITS; k++) {
        ck_assert(row[n] < row[k] || p[b * UNITS + n] >= p[b * UNITS + k]);
      }
    }
    ck_assert_msg(sum >= 256 - UNITS && sum <= 256 + UNITS, "the sum is %d", sum);
    ck_assert_int_eq(place[b], (int32_t)own_arg_max(row));
  }
}
END_TEST

START_TEST(test_logistic_of_every_value) {
  int8_t h[MAX_VALUES], p[MAX_VALUES], table[256];
  struct stem s = make_stem();
  const struct tflite_new_tensor in = *tflite_writer_tensor_at(s.model, s.y);
  run(load(make_stem()), h);
  s.y = make_logistic(s.model, s.y);
  run(load(s), p);
  ck_assert(heads_logistic_table((double)in.scale, (int8_t)in.zero_point, table));
  for (uint32_t n = 0; n < MAX_VALUES; n++) {
    ck_assert_int_eq(p[n], is_past(n / UNITS) ? 0 : table[h[n] + 128]);
  }
}
END_TEST

/* Frees the stem; it must be refused with both in its sentence. */
static void expect_refusal(struct stem s, const char *first, const char *second) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(s.model, s.x, s.y, &len_bytes);
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &model, &error) == TRINE_ERR_UNSUPPORTED,
                "accepted, though %s %s", first, second);
  ck_assert_msg(strstr(error.text, first) != NULL && strstr(error.text, second) != NULL,
                "no '%s', '%s' in: %s", first, second, error.text);
  tflite_writer_free(s.model);
}

static struct stem with_softmax(float beta) {
  struct stem s = make_stem();
  s.y = make_softmax(s.model, s.y, beta);
  return s;
}

static struct stem with_arg_max(int type) {
  struct stem s = make_stem();
  s.y = make_arg_max(s.model, s.y, type);
  return s;
}

START_TEST(test_what_a_head_cannot_do_is_refused) {
  expect_refusal(with_softmax(-1.0F), "SOFTMAX", "beta -1 times");
  expect_refusal(with_softmax(1e6F), "SOFTMAX", "below 16");
  expect_refusal(with_softmax(0x1p-25F), "SOFTMAX", "above 2^-26");
  struct stem s = with_softmax(1.0F);
  tflite_writer_tensor_at(s.model, s.y)->zero_point = -127;
  expect_refusal(s, "zero point -127", "only 1/256 and -128");
  s = make_stem();
  s.y = make_logistic(s.model, s.y);
  tflite_writer_tensor_at(s.model, s.y)->scale = 0.004F;
  expect_refusal(s, "LOGISTIC", "scale 0.0040");
  s = make_stem();
  tflite_writer_tensor_at(s.model, s.x)->scale = 8.0F;
  s.y = make_logistic(s.model, s.x);
  expect_refusal(s, "LOGISTIC", "scale 8 is not in");
  expect_refusal(with_arg_max(TFLITE_INT16), "ARG_MAX", "INT16");
  s = with_arg_max(TFLITE_INT32);
  tflite_writer_tensor_at(s.model, s.y)->type = TFLITE_INT64;
  expect_refusal(s, "INT64", "has to be INT32");
  s = with_arg_max(TFLITE_INT32);
  s.y = make_reverse(s.model, s.y, 1);
  expect_refusal(s, "arg_max", "only RESHAPE, SQUEEZE");
  s = with_softmax(1.0F);
  tflite_writer_tensor_at(s.model, tflite_writer_operator_at(s.model, 1)->inputs[0])->type =
      TFLITE_FLOAT32;
  expect_refusal(s, "FLOAT32", "INT8");
}
END_TEST

START_TEST(test_a_head_wants_rows_on_its_last_axis_within_limits) {
  const int32_t wide[3] = {1, 1, HEADS_MAX_SOFTMAX + 1};
  struct seed_stream stream = seed_start("axes");
  struct stem s = {.model = tflite_writer_new()};
  s.x = make_input(s.model, &stream, 3, wide);
  s.y = make_softmax(s.model, s.x, 1.0F);
  expect_refusal(s, "512 values", "limit is 511");
  s = make_stem();
  s.y = make_arg_max(s.model, make_take(s.model, s.y, 0, 0), TFLITE_INT32);
  tflite_writer_operator_at(s.model, 2)->inputs[1] =
      tflite_writer_tensor(s.model, &(struct tflite_new_tensor){.name = "axis",
                                                                .type = TFLITE_INT32,
                                                                .data = &(const int32_t){0},
                                                                .len_bytes = sizeof(int32_t)});
  expect_refusal(s, "axis 0 of 2", "only the last");
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("heads");
  TCase *tests = tcase_create("heads");
  tcase_add_loop_test(tests, test_arg_max_gives_a_number_a_step, 0, 2);
  tcase_add_test(tests, test_the_first_of_equal_values_is_the_largest);
  tcase_add_test(tests, test_heads_of_the_last_step);
  tcase_add_test(tests, test_logistic_of_every_value);
  tcase_add_test(tests, test_what_a_head_cannot_do_is_refused);
  tcase_add_test(tests, test_a_head_wants_rows_on_its_last_axis_within_limits);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
