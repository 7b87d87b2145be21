/* SPDX-License-Identifier: Apache-2.0 */
/* test_check: what a check against the golden model and a comparison of two sessions say of values
 * that differ: all bytes of a value count, the first place is named, and how many there are. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/check.h"
#include "support/checked/driver_case.h"
#include "support/make_tflite.h"
#include "support/seed.h"

enum { SEQUENCES = 3, STEPS = 5, WIDTH = 6, UNITS = 9, MEMORY_BYTES = 1 << 20, TEXT = 200 };
enum { ROWS = SEQUENCES * STEPS, VALUES = ROWS * UNITS };

/* An LSTM, with the place of the largest unit behind it (TFLITE_INT32 or TFLITE_INT64), or -1. */
static struct trine_model *make_model(struct seed_stream *stream, int arg_max) {
  const int32_t shape[3] = {1, STEPS, WIDTH};
  const struct lstm_spec spec = {.units = UNITS, .cell_exponent = -11, .gain = 2.0F};
  struct tflite_writer *writer = tflite_writer_new();
  struct trine_model *model = NULL;
  struct trine_error error = {""};
  size_t len_bytes = 0;
  const int32_t x = make_input(writer, stream, 3, shape);
  int32_t y = make_lstm(writer, stream, x, &spec);
  y = arg_max < 0 ? y : make_arg_max(writer, y, arg_max);
  const uint8_t *bytes = tflite_writer_bytes(writer, x, y, &len_bytes);
  ck_assert_msg(trine_model_parse(bytes, len_bytes, &model, &error) == TRINE_OK, "%s", error.text);
  tflite_writer_free(writer);
  return model;
}

/* Each bit of a value of four or eight bytes, of each value. */
START_TEST(test_a_changed_bit_of_a_wide_value_is_named) {
  const bool is_wide = _i == 1;
  const uint32_t size = is_wide ? 8 : 4;
  struct seed_stream stream = seed_start("check");
  struct trine_model *model = make_model(&stream, is_wide ? TFLITE_INT64 : TFLITE_INT32);
  struct trine_session *session = NULL;
  struct trine_check check;
  struct trine_error error = {""};
  int8_t input[ROWS * WIDTH];
  int64_t output[ROWS];
  char place[TEXT];
  seed_int8(&stream, input, sizeof input, -128, 127);
  const struct trine_model_batch batch = {
      .sequences = SEQUENCES, .steps = STEPS, .input = input, .output = output};
  ck_assert_int_eq(trine_session_open(model, NULL, NULL, &session, &error), TRINE_OK);
  ck_assert_int_eq(trine_session_run(session, &batch, &error), TRINE_OK);
  ck_assert_int_eq(trine_session_check(session, &batch, &check, &error), TRINE_OK);
  ck_assert_msg(check.exact, "%s", check.difference.text);
  ck_assert_uint_eq(check.values, ROWS);
  for (uint32_t bit = 0; bit < ROWS * size * 8; bit++) {
    const uint32_t row = bit / (size * 8);
    uint8_t *byte = (uint8_t *)output + bit / 8;
    *byte ^= (uint8_t)(1U << bit % 8);
    ck_assert_int_eq(trine_session_check(session, &batch, &check, &error), TRINE_OK);
    (void)snprintf(place, sizeof place, "Output, sequence %u, step %u, value 0: got %lld, want ",
                   row / STEPS, row % STEPS,
                   is_wide ? (long long)output[row] : (long long)((int32_t *)output)[row]);
    ck_assert_msg(!check.exact && strncmp(check.difference.text, place, strlen(place)) == 0,
                  "'%s' instead of '%s'", check.difference.text, place);
    *byte ^= (uint8_t)(1U << bit % 8);
  }
  trine_session_close(session);
  trine_model_free(model);
}
END_TEST

/* A bus that spoils every fifth byte of what is read from memory. */
static struct trine_bus whole_bus;
static enum trine_status spoil_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const enum trine_status status = whole_bus.mem_read(ctx, addr, data, len_bytes);
  for (size_t n = 0; n < len_bytes; n += 5) {
    ((uint8_t *)data)[n] ^= 1;
  }
  return status;
}

START_TEST(test_a_comparison_counts_what_differs_and_names_the_first) {
  struct seed_stream stream = seed_start("compare");
  struct trine_model *model = make_model(&stream, -1);
  const struct fake_params params = case_params("duo");
  struct fake_device fake;
  struct trine_session *sessions[2] = {NULL, NULL};
  struct trine_comparison comparison;
  struct trine_error error = {""};
  int8_t input[ROWS * WIDTH], outputs[2][VALUES];
  char words[TEXT];
  fake_device_create(&fake, &params, MEMORY_BYTES);
  struct trine *device = case_open(&fake);
  whole_bus = fake_device_bus(&fake);
  struct trine_bus bus = whole_bus;
  bus.mem_read = spoil_mem_read;
  bus.map = NULL;
  ck_assert_int_eq(trine_open(device, &bus, 0, MEMORY_BYTES, NULL), TRINE_OK);
  seed_int8(&stream, input, sizeof input, -128, 127);
  for (uint32_t n = 0; n < 2; n++) {
    const struct trine_model_batch batch = {
        .sequences = SEQUENCES, .steps = STEPS, .input = input, .output = outputs[n]};
    ck_assert_int_eq(trine_session_open(model, n == 0 ? NULL : device, NULL, &sessions[n], &error),
                     TRINE_OK);
    ck_assert_int_eq(trine_session_run(sessions[n], &batch, &error), TRINE_OK);
  }
  uint32_t count = 0, first = VALUES;
  for (uint32_t n = 0; n < VALUES; n++) {
    const bool differs = outputs[0][n] != outputs[1][n];
    first = differs && count == 0 ? n : first;
    count += differs ? 1 : 0;
  }
  ck_assert_uint_gt(count, 1);
  const struct trine_model_batch batch = {.sequences = SEQUENCES, .steps = STEPS, .input = input};
  ck_assert_int_eq(trine_sessions_compare(sessions[0], sessions[1], &batch, &comparison, &error),
                   TRINE_OK);
  (void)snprintf(words, sizeof words, "%u of %d values differ, first value %u of row %u.", count,
                 (int)VALUES, first % UNITS, first / UNITS);
  ck_assert(!comparison.same);
  ck_assert_str_eq(comparison.difference.text, words);
  ck_assert(comparison.checks[0].exact && !comparison.checks[1].exact);
  trine_session_close(sessions[0]);
  trine_session_close(sessions[1]);
  free(device);
  fake_device_destroy(&fake);
  trine_model_free(model);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("check");
  TCase *tests = tcase_create("check");
  tcase_add_loop_test(tests, test_a_changed_bit_of_a_wide_value_is_named, 0, 2);
  tcase_add_test(tests, test_a_comparison_counts_what_differs_and_names_the_first);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
