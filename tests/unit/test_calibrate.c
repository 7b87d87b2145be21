/* SPDX-License-Identifier: Apache-2.0 */
/* test_calibrate: ranges by percentile and by least error on numbers of every kind, and the choice
 * among them: never worse than all that was seen, and better where outliers are. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quantize/calibrate.h"
#include "quantize/quantize.h"
#include "support/small_float.h"

enum { ROUNDS = 60, MOST = 30000, LEVELS = 255, SEQUENCES = 60, STEPS = 20 };

static float numbers[MOST];
static struct calibrate_bins bins;

enum number_kind { UNIFORM, NORMAL, HEAVY, ONE_SIDED, SPIKE, CONSTANT, ZEROS, KINDS };

static float draw(struct seed_stream *stream, enum number_kind kind) {
  double sum = 0;
  for (int n = 0; n < 12; n++) {
    sum += seed_real(stream, -0.5, 0.5);
  }
  switch (kind) {
    case UNIFORM:
      return (float)seed_real(stream, -3.0, 1.0);
    case NORMAL:
      return (float)sum;
    case HEAVY:
      return (float)(sum / fmax(0.01, fabs(seed_real(stream, -1.0, 1.0))));
    case ONE_SIDED:
      return (float)-fabs(sum);
    case SPIKE:
      return seed_uniform(stream, 0, 4999) == 0 ? 400.0F : (float)sum;
    case CONSTANT:
      return 0.75F;
    default:
      return 0.0F;
  }
}

static size_t fill(struct seed_stream *stream, enum number_kind kind) {
  const size_t count = (size_t)seed_uniform(stream, 1, MOST);
  memset(&bins, 0, sizeof bins);
  for (size_t n = 0; n < count; n++) {
    numbers[n] = draw(stream, kind);
    bins.low = fminf(bins.low, numbers[n]);
    bins.high = fmaxf(bins.high, numbers[n]);
  }
  calibrate_count(&bins, numbers, count);
  ck_assert_uint_eq(bins.count, count);
  return count;
}

/* The sum of squared errors, number by number. */
static double error_of(size_t count, float low, float high) {
  const double step = ((double)high - (double)low) / LEVELS;
  double sum = 0;
  for (size_t n = 0; n < count; n++) {
    const double at = fmin((double)high, fmax((double)low, (double)numbers[n]));
    const double rounded = step > 0 ? (double)low + round((at - (double)low) / step) * step : 0;
    sum += (rounded - (double)numbers[n]) * (rounded - (double)numbers[n]);
  }
  return sum;
}

static void expect_inside(float low, float high) {
  ck_assert(low <= 0.0F && high >= 0.0F && low >= bins.low && high <= bins.high);
}

START_TEST(test_percentiles_leave_out_one_in_a_thousand_at_most) {
  struct seed_stream stream = seed_start("percentile");
  for (int round = 0; round < ROUNDS; round++) {
    const size_t count = fill(&stream, (enum number_kind)(round % KINDS));
    float low = NAN, high = NAN;
    size_t below = 0, above = 0;
    calibrate_percentile(&bins, &low, &high);
    expect_inside(low, high);
    const float room = 1e-5F * (bins.high - bins.low); /* of a bin's edge in single precision */
    for (size_t n = 0; n < count; n++) {
      below += numbers[n] < low - room;
      above += numbers[n] > high + room;
    }
    ck_assert_msg(below <= count / 1000 && above <= count / 1000, "%zu below, %zu above of %zu",
                  below, above, count);
  }
}
END_TEST

START_TEST(test_the_least_error_is_not_more_than_that_of_the_whole_range) {
  struct seed_stream stream = seed_start("error");
  for (int round = 0; round < ROUNDS; round++) {
    const enum number_kind kind = (enum number_kind)(round % KINDS);
    const size_t count = fill(&stream, kind);
    float low = NAN, high = NAN;
    calibrate_error(&bins, LEVELS, &low, &high);
    expect_inside(low, high);
    const double whole = error_of(count, bins.low, bins.high), least = error_of(count, low, high);
    /* Bins and the twelfth of a step are an estimate: of few numbers a rough one. */
    ck_assert_msg(count < 1000 || least <= whole * 1.05 + 1e-12, "kind %d: %g of %g", kind, least,
                  whole);
  }
}
END_TEST

START_TEST(test_one_outlier_of_millions_is_clamped_and_of_hundreds_is_not) {
  float low = NAN, high = NAN;
  for (int rare = 0; rare < 2; rare++) {
    memset(&bins, 0, sizeof bins);
    bins.low = -1.0F;
    bins.high = 100.0F;
    for (int n = 0; n < CALIBRATE_BINS / 51; n++) {
      bins.bins[n] = rare ? 300000 : 10;
      bins.count += bins.bins[n];
    }
    bins.bins[CALIBRATE_BINS - 1] = 1;
    calibrate_error(&bins, LEVELS, &low, &high);
    ck_assert_msg(rare ? high < 20.0F : high > 90.0F, "%g", (double)high);
    ck_assert(low <= -0.7F);
  }
}
END_TEST

static float input[SEQUENCES * STEPS * SMALL_INPUTS];

static double quantise(const struct small_float *small, const struct trine_float_batch *batch,
                       enum trine_calibrate_by by, enum trine_calibrate_by *last) {
  const struct trine_quantize_options how = {.by = by};
  struct trine_quantized made;
  struct trine_error error = {""};
  ck_assert_msg(trine_quantize(&small->network, batch, &how, &made, &error) == TRINE_OK, "%s",
                error.text);
  const double snr = made.snr_db;
  *last = made.layers[made.layer_count - 1].by;
  ck_assert(fabs(snr - made.layers[made.layer_count - 1].snr_db) < 1e-6); /* dense is the end */
  trine_quantized_free(&made);
  return snr;
}

START_TEST(test_the_best_is_never_worse_and_outliers_gain) {
  struct seed_stream stream = seed_start("best");
  uint32_t gained = 0;
  for (int round = 0; round < 20; round++) {
    struct small_float small;
    enum trine_calibrate_by by = TRINE_CALIBRATE_BEST;
    small_float_make(&small, &stream, false);
    for (size_t n = 0; n < sizeof input / sizeof input[0]; n++) {
      const bool outlier = round % 2 == 1 && seed_uniform(&stream, 0, 1499) == 0;
      input[n] = (float)seed_real(&stream, -1.0, 1.0) * (outlier ? 60.0F : 1.0F);
    }
    const struct trine_float_batch batch = {.sequences = SEQUENCES, .steps = STEPS, .input = input};
    const double best = quantise(&small, &batch, TRINE_CALIBRATE_BEST, &by);
    const double range = quantise(&small, &batch, TRINE_CALIBRATE_RANGE, &by);
    ck_assert_int_eq(by, TRINE_CALIBRATE_RANGE);
    (void)quantise(&small, &batch, TRINE_CALIBRATE_PERCENTILE, &by);
    ck_assert_int_eq(by, TRINE_CALIBRATE_PERCENTILE);
    (void)quantise(&small, &batch, TRINE_CALIBRATE_ERROR, &by);
    ck_assert_int_eq(by, TRINE_CALIBRATE_ERROR);
    ck_assert_msg(best >= range - 1e-9, "%g dB instead of %g", best, range);
    gained += best > range + 1;
  }
  ck_assert_msg(gained >= 5, "%u of 20 gained", gained);
}
END_TEST

START_TEST(test_details_add_up_to_the_figures) {
  struct seed_stream stream = seed_start("details");
  struct small_float small;
  struct trine_quantized made;
  struct trine_error error = {""};
  const uint32_t lengths[6] = {STEPS, 1, 7, STEPS, 3, 2};
  const struct trine_quantize_options how = {.with_details = true};
  small_float_make(&small, &stream, false);
  for (size_t n = 0; n < sizeof input / sizeof input[0]; n++) {
    input[n] = (float)seed_real(&stream, -1.0, 1.0);
  }
  const struct trine_float_batch batch = {
      .sequences = 6, .steps = STEPS, .lengths = lengths, .input = input};
  ck_assert_int_eq(trine_quantize(&small.network, &batch, &how, &made, &error), TRINE_OK);
  for (uint32_t n = 0; n < made.layer_count; n++) {
    const struct trine_quantized_detail *detail = &made.details[n];
    double by_step[2] = {0, 0}, by_unit[2] = {0, 0};
    uint64_t real = 0, int8 = 0;
    for (uint32_t t = 0; t < detail->steps; t++) {
      by_step[0] += detail->step_signal[t];
      by_step[1] += detail->step_noise[t];
    }
    for (uint32_t u = 0; u < detail->units; u++) {
      by_unit[0] += detail->unit_signal[u];
      by_unit[1] += detail->unit_noise[u];
    }
    for (int k = 0; k < TRINE_QUANTIZE_BINS; k++) {
      real += detail->real_bins[k];
      int8 += detail->int8_bins[k];
    }
    ck_assert(fabs(10 * log10(by_step[0] / by_step[1]) - made.layers[n].snr_db) < 1e-9);
    ck_assert(fabs(10 * log10(by_unit[0] / by_unit[1]) - made.layers[n].snr_db) < 1e-9);
    ck_assert_uint_eq(real, (uint64_t)(STEPS + 1 + 7 + STEPS + 3 + 2) * detail->units);
    ck_assert_uint_eq(real, int8);
  }
  ck_assert_uint_eq(made.output_count, 6 * STEPS * SMALL_UNITS);
  ck_assert(made.real[1 * STEPS * SMALL_UNITS] != 0 && made.int8[0] != 0);
  ck_assert(made.real[(1 * STEPS + 1) * SMALL_UNITS] == 0); /* behind a length */
  trine_quantized_free(&made);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("calibrate");
  TCase *tests = tcase_create("calibrate");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, test_percentiles_leave_out_one_in_a_thousand_at_most);
  tcase_add_test(tests, test_the_least_error_is_not_more_than_that_of_the_whole_range);
  tcase_add_test(tests, test_one_outlier_of_millions_is_clamped_and_of_hundreds_is_not);
  tcase_add_test(tests, test_the_best_is_never_worse_and_outliers_gain);
  tcase_add_test(tests, test_details_add_up_to_the_figures);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
