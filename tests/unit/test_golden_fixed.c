/* SPDX-License-Identifier: Apache-2.0 */
/* test_golden_fixed: the integer functions of one LSTM step against independent formulations. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "golden/fixed.h"
#include "support/seed.h"

START_TEST(test_table_is_what_its_formula_gives) {
  for (int n = 0; n < TRINE_SIGMOID_TABLE_SIZE; n++) {
    double s = 1.0 / (1.0 + exp(-n / 24.0));
    double bent = s - s * (1.0 - s) * (1.0 - 2.0 * s) / (16.0 * 576.0);
    long want = n == 255 ? 65535 : (long)floor(65536.0 * bent + 0.5);
    ck_assert_int_eq(trine_sigmoid_table[n], want);
  }
}
END_TEST

START_TEST(test_sigmoid_of_opposites_adds_up_to_one_and_is_near) {
  for (int a = -32767; a <= 32767; a++) {
    int32_t up = trine_sigmoid_q15((int16_t)a);
    int32_t down = trine_sigmoid_q15((int16_t)-a);
    ck_assert_int_eq(up + down, 32768);
    double exact = 32768.0 / (1.0 + exp(-a / 4096.0));
    ck_assert_msg(fabs(up - exact) <= 1.02, "SIG(%d) = %d, exactly %f", a, up, exact);
  }
  int32_t lowest = trine_sigmoid_q15(INT16_MIN);
  ck_assert_msg(lowest >= 0 && lowest <= trine_sigmoid_q15(-32767), "SIG(-32768) = %d", lowest);
}
END_TEST

START_TEST(test_tanh_is_odd_and_near_for_every_cell_scale) {
  for (int n = -3; n <= 3; n++) {
    for (int a = -32767; a <= 32767; a++) {
      int32_t up = trine_tanh_q15((int16_t)a, n);
      if (n >= 0) {
        ck_assert_int_eq(up, -trine_tanh_q15((int16_t)-a, n));
      }
      double exact = 32768.0 * tanh(ldexp(a / 4096.0, n));
      ck_assert_msg(fabs(up - exact) <= 2.4 + (n < 0), "TANH(%d,%d) = %d, exactly %f", a, n, up,
                    exact);
      ck_assert_int_le(abs(up), 32767);
    }
    ck_assert_int_le(trine_tanh_q15(INT16_MIN, n), trine_tanh_q15(-32767, n));
  }
}
END_TEST

/* Values read off the contract by hand: v = 3a, u, fraction, table entries. */
START_TEST(test_activations_give_hand_computed_values) {
  ck_assert_int_eq(trine_sigmoid_q15(0), 16384);
  ck_assert_int_eq(trine_tanh_q15(0, 0), 0);
  /* a = 171: v = 513, u = 1, fraction 1: (33451 * 512 + 682 + 512) >> 10 = 16726. */
  ck_assert_int_eq(trine_sigmoid_q15(171), 16726);
  /* a = 100: v = 300, u = 1, fraction 44: (33451 * 256 + 44 * 682 - 2^23 + 128) >> 8 = 800. */
  ck_assert_int_eq(trine_tanh_q15(100, 0), 800);
  ck_assert_int_eq(trine_tanh_q15(32767, 3), 32767);
  ck_assert_int_eq(trine_tanh_q15(-32768, 3), -32767);
}
END_TEST

/* floor(n / 2^bits) by division, not by a shift. */
static int64_t floor_scaled(int64_t n, unsigned bits) {
  int64_t d = (int64_t)1 << bits;
  int64_t q = n / d;
  return n % d < 0 ? q - 1 : q;
}

/* REQ from its words: wrap, then nearest with ties up, then nearest with ties away from zero. The
 * largest are acc * 2^31 and, after the wrap, 2 * y * multiplier: both below 2^63. */
static int64_t requantise_by_words(int32_t acc, int32_t multiplier, int shift) {
  int64_t y = (int64_t)acc * ((int64_t)1 << (shift > 0 ? shift : 0));
  y = y - floor_scaled(y + ((int64_t)1 << 31), 32) * ((int64_t)1 << 32);
  int64_t z = floor_scaled(y * multiplier * 2 + ((int64_t)1 << 31), 32);
  unsigned right = shift < 0 ? (unsigned)-shift : 0;
  int64_t size = z < 0 ? -z : z;
  int64_t rounded = floor_scaled(size * 2 + ((int64_t)1 << right), right + 1);
  return z < 0 ? -rounded : rounded;
}

START_TEST(test_requantise_rounds_corners_as_the_words_say) {
  static const int32_t accs[] = {0,      1,       -1,         2,         -2,        3,
                                 -3,     5,       -5,         127,       -128,      32767,
                                 -32768, 1 << 30, -(1 << 30), INT32_MAX, INT32_MIN, INT32_MIN + 1};
  static const int32_t multipliers[] = {0, 1 << 30, (1 << 30) + 1, 3 << 29, INT32_MAX};
  for (size_t a = 0; a < sizeof accs / sizeof accs[0]; a++) {
    for (size_t m = 0; m < sizeof multipliers / sizeof multipliers[0]; m++) {
      for (int shift = -31; shift <= 31; shift++) {
        int64_t want = requantise_by_words(accs[a], multipliers[m], shift);
        int32_t got = trine_requantise(accs[a], multipliers[m], shift);
        ck_assert_msg(got == want, "REQ(%d, %d, %d) = %d, not %lld", accs[a], multipliers[m], shift,
                      got, (long long)want);
      }
    }
  }
}
END_TEST

START_TEST(test_requantise_rounds_random_values_as_the_words_say) {
  struct seed_stream stream = seed_start("requantise");
  for (int n = 0; n < 300000; n++) {
    int32_t acc =
        (int32_t)(seed_uniform(&stream, INT32_MIN, INT32_MAX) >> seed_uniform(&stream, 0, 31));
    int32_t multiplier = (int32_t)seed_uniform(&stream, 1 << 30, INT32_MAX);
    int shift = (int)seed_uniform(&stream, -31, 6);
    int64_t want = requantise_by_words(acc, multiplier, shift);
    int32_t got = trine_requantise(acc, multiplier, shift);
    ck_assert_msg(got == want, "REQ(%d, %d, %d) = %d, not %lld", acc, multiplier, shift, got,
                  (long long)want);
  }
}
END_TEST

START_TEST(test_requantise_breaks_ties_of_its_two_roundings_differently) {
  const int32_t half = 1 << 30;
  ck_assert_int_eq(trine_requantise(1, half, 0), 1);  /* 0.5 up */
  ck_assert_int_eq(trine_requantise(-1, half, 0), 0); /* -0.5 up */
  ck_assert_int_eq(trine_requantise(2, half, -1), 1); /* 0.5 away from zero */
  ck_assert_int_eq(trine_requantise(-2, half, -1), -1);
  ck_assert_int_eq(trine_requantise(1, half, -1), 1); /* 0.25: two roundings give 1 */
  ck_assert_int_eq(trine_requantise(3, half, 4), 24);
}
END_TEST

START_TEST(test_preactivation_saturates_parts_and_sum) {
  unsigned events = 0;
  ck_assert_int_eq(trine_preactivation(40000, -10, 0, &events), 32757);
  ck_assert_uint_eq(events, TRINE_EVENT_GATE_SATURATED);
  events = 0;
  ck_assert_int_eq(trine_preactivation(-40000, 40000, 0, &events), -1);
  ck_assert_int_eq(trine_preactivation(-40000, 40000, 1, &events), 7232);
  events = 0;
  ck_assert_int_eq(trine_preactivation(20000, 12767, 0, &events), 32767);
  ck_assert_uint_eq(events, 0);
  ck_assert_int_eq(trine_preactivation(20000, 20000, 0, &events), 32767);
  ck_assert_uint_eq(events, TRINE_EVENT_GATE_SATURATED);
}
END_TEST

START_TEST(test_cell_update_saturates_clips_and_says_so) {
  struct trine_cell cell = {.exponent = -12, .clip = 0, .out = {0, 1 << 30, -6}};
  int32_t gate[TRINE_GATES] = {32755, 32755, 32767, 16384};
  unsigned events = 0;
  /* f * c = 32754 after rounding, i * g adds 4095 of 2^-12: above int16. */
  ck_assert_int_eq(trine_cell_update(&cell, gate, 32767, &events), 32767);
  ck_assert_uint_eq(events, TRINE_EVENT_CELL_SATURATED);
  events = 0;
  cell.clip = 100;
  ck_assert_int_eq(trine_cell_update(&cell, gate, -30000, &events), -100);
  ck_assert_uint_eq(events, TRINE_EVENT_CELL_CLIPPED);
  events = 0;
  cell.clip = 20000;
  gate[TRINE_GATE_F] = 16384;
  /* 0.5 * 1000 + nearly 1.0 = 500 + 4094. */
  ck_assert_int_eq(trine_cell_update(&cell, gate, 1000, &events), 4594);
  ck_assert_uint_eq(events, 0);
}
END_TEST

START_TEST(test_cell_clip_keeps_its_bound_and_nothing_beyond) {
  struct trine_cell cell = {.exponent = -12, .clip = 4594, .out = {0, 1 << 30, -6}};
  int32_t gate[TRINE_GATES] = {32755, 16384, 32767, 16384};
  for (int sign = 1; sign >= -1; sign -= 2) {
    unsigned events = 0;
    gate[TRINE_GATE_G] = sign * 32767;
    cell.clip = 4594;
    ck_assert_int_eq(trine_cell_update(&cell, gate, (int16_t)(sign * 1000), &events), sign * 4594);
    ck_assert_uint_eq(events, 0);
    cell.clip = 4593;
    ck_assert_int_eq(trine_cell_update(&cell, gate, (int16_t)(sign * 1000), &events), sign * 4593);
    ck_assert_uint_eq(events, TRINE_EVENT_CELL_CLIPPED);
  }
}
END_TEST

START_TEST(test_sums_wrap_in_both_directions) {
  ck_assert_int_eq(trine_wrap_add(INT32_MAX, 1), INT32_MIN);
  ck_assert_int_eq(trine_wrap_add(INT32_MIN, -1), INT32_MAX);
  ck_assert_int_eq(trine_wrap_add(INT32_MIN, INT32_MIN), 0);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("golden_fixed");
  TCase *tests = tcase_create("fixed");
  tcase_add_test(tests, test_table_is_what_its_formula_gives);
  tcase_add_test(tests, test_sigmoid_of_opposites_adds_up_to_one_and_is_near);
  tcase_add_test(tests, test_tanh_is_odd_and_near_for_every_cell_scale);
  tcase_add_test(tests, test_activations_give_hand_computed_values);
  tcase_add_test(tests, test_requantise_rounds_corners_as_the_words_say);
  tcase_add_test(tests, test_requantise_rounds_random_values_as_the_words_say);
  tcase_add_test(tests, test_requantise_breaks_ties_of_its_two_roundings_differently);
  tcase_add_test(tests, test_preactivation_saturates_parts_and_sum);
  tcase_add_test(tests, test_cell_update_saturates_clips_and_says_so);
  tcase_add_test(tests, test_cell_clip_keeps_its_bound_and_nothing_beyond);
  tcase_add_test(tests, test_sums_wrap_in_both_directions);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
