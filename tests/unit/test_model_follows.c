/* SPDX-License-Identifier: Apache-2.0 */
/* test_model_follows: an LSTM that names the variables of one before it starts where that ended:
 * the same as the two alone, with the end of the first given to the second. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/golden_runner.h"
#include "support/make_tflite.h"
#include "support/seed.h"

enum { DRAWN = 200, IN_H = 18, IN_C = 19, MOST = 8 };

/* A file with two LSTMs on one input, and its output. */
struct model_pair {
  struct tflite_writer *model;
  int32_t x, first, second;
  uint32_t units;
};

static struct model_pair draw_pair(struct seed_stream *stream, bool share_h, bool share_c) {
  const int32_t shape[3] = {1, 4, (int32_t)seed_uniform(stream, 1, MOST)};
  struct model_pair pair = {.model = tflite_writer_new(),
                            .units = (uint32_t)seed_uniform(stream, 1, MOST)};
  const struct lstm_spec spec = {.units = pair.units,
                                 .cell_exponent = (int)seed_uniform(stream, -14, -11),
                                 .gain = 1.0f,
                                 .h_scale = 1.0f / 128.0f};
  pair.x = make_input(pair.model, stream, 3, shape);
  pair.first = make_lstm(pair.model, stream, pair.x, &spec);
  const uint32_t before = tflite_writer_operators(pair.model);
  pair.second = make_lstm(pair.model, stream, pair.x, &spec);
  const struct tflite_operator *a = tflite_writer_operator_at(pair.model, before - 1);
  struct tflite_operator *b = tflite_writer_operator_at(pair.model, before);
  b->inputs[IN_H] = share_h ? a->inputs[IN_H] : b->inputs[IN_H];
  b->inputs[IN_C] = share_c ? a->inputs[IN_C] : b->inputs[IN_C];
  return pair;
}

static struct trine_model *parse(const struct model_pair *pair, int32_t output) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(pair->model, pair->x, output, &len_bytes);
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  return model;
}

/* Rows and states of one run. */
struct follow_result {
  int8_t y[3 * MOST * MOST], h[2][3 * MOST];
  int16_t c[2][3 * MOST];
};

static void run(const struct trine_model *model, const struct trine_model_batch *with,
                const struct trine_lstm_state *in, struct follow_result *result) {
  struct trine_error error = {""};
  struct trine_model_batch batch = *with;
  const struct trine_lstm_state out[2] = {{result->h[0], result->c[0]},
                                          {result->h[1], result->c[1]}};
  memset(result, 0, sizeof *result);
  batch.output = result->y;
  batch.state_in = in;
  batch.state_out = out;
  ck_assert_msg(trine_model_run(model, &batch, golden_runner, NULL, &error) == TRINE_OK, "%s",
                error.text);
}

/* A file without shared states runs both apart: LSTM 1 is begun with what LSTM 0 ended with. */
static void compare(struct seed_stream *stream, uint64_t seed) {
  struct seed_stream again = *stream;
  struct model_pair together = draw_pair(stream, true, true),
                    apart = draw_pair(&again, false, false);
  struct trine_model *one = parse(&together, together.second);
  struct trine_model *two = parse(&apart, apart.second);
  const uint32_t sequences = (uint32_t)seed_uniform(stream, 1, 3);
  const uint32_t steps = (uint32_t)seed_uniform(stream, 1, MOST);
  const uint32_t lengths[3] = {steps, (steps + 1) / 2, 1};
  int8_t x[3 * MOST * MOST];
  seed_int8(stream, x, sizeof x, -128, 127);
  const struct trine_model_batch batch = {
      .sequences = sequences,
      .steps = steps,
      .lengths = seed_uniform(stream, 0, 1) == 0 ? NULL : lengths,
      .input = x};
  struct follow_result whole, first, second;
  run(one, &batch, NULL, &whole);
  run(two, &batch, NULL, &first);
  const struct trine_lstm_state begin[2] = {{first.h[0], first.c[0]}, {first.h[0], first.c[0]}};
  run(two, &batch, begin, &second);
  ck_assert_msg(memcmp(whole.y, second.y, sizeof whole.y) == 0, "seed %llu: rows differ",
                (unsigned long long)seed);
  ck_assert_msg(memcmp(whole.h[0], first.h[0], sizeof whole.h[0]) == 0 &&
                    memcmp(whole.h[1], second.h[1], sizeof whole.h[1]) == 0 &&
                    memcmp(whole.c[1], second.c[1], sizeof whole.c[1]) == 0,
                "seed %llu: ends differ", (unsigned long long)seed);
  trine_model_free(one);
  trine_model_free(two);
  tflite_writer_free(together.model);
  tflite_writer_free(apart.model);
}

START_TEST(test_a_shared_state_is_handed_on) {
  struct seed_stream stream = seed_start("follows");
  for (int n = 0; n < DRAWN; n++) {
    compare(&stream, seed_value());
  }
}
END_TEST

START_TEST(test_a_state_that_is_shared_by_half_is_refused) {
  struct seed_stream stream = seed_start("half");
  for (int n = 0; n < 2; n++) {
    struct model_pair pair = draw_pair(&stream, n == 0, n == 1);
    struct trine_error error = {""};
    struct trine_model *model = NULL;
    size_t len_bytes = 0;
    const uint8_t *bytes = tflite_writer_bytes(pair.model, pair.x, pair.second, &len_bytes);
    ck_assert_int_eq(trine_model_parse(bytes, len_bytes, &model, &error), TRINE_ERR_UNSUPPORTED);
    ck_assert_msg(strstr(error.text, "or c is shared with operator") != NULL, "%s", error.text);
    tflite_writer_free(pair.model);
  }
}
END_TEST

START_TEST(test_what_repeats_more_than_a_row_is_refused) {
  struct seed_stream stream = seed_start("repeat");
  struct model_pair pair = draw_pair(&stream, true, true);
  const int32_t shape[3] = {1, 4, (int32_t)pair.units};
  const struct op_spec spec = {.inputs = {pair.second, -1},
                               .list = shape,
                               .list_count = 3,
                               .like = *tflite_writer_tensor_at(pair.model, pair.second)};
  const int32_t y = make_operator(pair.model, TFLITE_BROADCAST_TO, &spec);
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  size_t len_bytes = 0;
  const uint8_t *bytes = tflite_writer_bytes(pair.model, pair.x, y, &len_bytes);
  ck_assert_int_eq(trine_model_parse(bytes, len_bytes, &model, &error), TRINE_ERR_UNSUPPORTED);
  ck_assert_msg(strstr(error.text, "it repeats more than one row of a sequence") != NULL, "%s",
                error.text);
  tflite_writer_free(pair.model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("model follows");
  TCase *tests = tcase_create("states");
  tcase_add_test(tests, test_a_shared_state_is_handed_on);
  tcase_add_test(tests, test_a_state_that_is_shared_by_half_is_refused);
  tcase_add_test(tests, test_what_repeats_more_than_a_row_is_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
