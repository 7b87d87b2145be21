/* SPDX-License-Identifier: Apache-2.0 */
/* test_rounding: a real number is the same byte wherever it becomes one: in the input of a run, the
 * quantiser's input, table, weights and learned states, and the QUANTIZE operator. */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/host_ops.h"
#include "model/rounding.h"
#include "quantize/quantize.h"
#include "quantize/start.h"
#include "support/small_float.h"

/* The same by other means: the quotient in single precision, then whole numbers alone. */
static int32_t expected(float value, float scale, int32_t zero_point, int32_t least, int32_t most) {
  if (value != value) {
    return zero_point;
  }
  const float quotient = value / scale;
  const double size = fabs((double)quotient);
  if (size > 1e6) {
    return quotient < 0 ? least : most;
  }
  int64_t whole = (int64_t)size;
  whole += size - (double)whole >= 0.5;
  whole = (quotient < 0 ? -whole : whole) + zero_point;
  if (whole < least) {
    return (int32_t)least;
  }
  if (whole > most) {
    return (int32_t)most;
  }
  return (int32_t)whole;
}

/* Numbers of which rounding may be wrong, for a scale of `scale`. */
static size_t hard_numbers(float scale, float *numbers) {
  const float fixed[] = {0.0F,     -0.0F,      FLT_MIN, -FLT_MIN, 1e-45F,   -1e-45F, FLT_MAX,
                         -FLT_MAX, 1e30F,      -1e30F,  3e9F,     -3e9F,    0x1p31F, -0x1p31F,
                         0x1p24F,  8388609.0F, NAN,     INFINITY, -INFINITY};
  size_t count = sizeof fixed / sizeof fixed[0];
  memcpy(numbers, fixed, sizeof fixed);
  for (int n = -260; n <= 260; n++) { /* every byte's middle, and both sides of each tie */
    const float tie = ((float)n + 0.5F) * scale;
    numbers[count++] = (float)n * scale;
    numbers[count++] = tie;
    numbers[count++] = nextafterf(tie, -INFINITY);
    numbers[count++] = nextafterf(tie, INFINITY);
  }
  return count;
}

enum { MAX_NUMBERS = 2200 };
static float numbers[MAX_NUMBERS];

START_TEST(test_hard_numbers_are_the_same_byte_in_every_function) {
  static const float scales[] = {0.25F, 0.0078125F, 0.1F, 0.0437F, FLT_MIN, 1e30F};
  static const int8_t zeros[] = {0, -128, 127, 3};
  for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
    const size_t count = hard_numbers(scales[s], numbers);
    for (size_t z = 0; z < sizeof zeros; z++) {
      const struct trine_rounding byte = {scales[s], zeros[z], INT8_MIN, INT8_MAX};
      const struct trine_model_end end = {.scale = scales[s], .zero_point = zeros[z]};
      for (size_t n = 0; n < count; n++) {
        const int32_t want = expected(numbers[n], scales[s], zeros[z], INT8_MIN, INT8_MAX);
        int8_t got = 0;
        trine_model_quantize(&end, &numbers[n], 1, &got);
        ck_assert_msg(got == want, "%a / %a + %d: %d, not %d", (double)numbers[n],
                      (double)scales[s], zeros[z], got, want);
        ck_assert_int_eq(host_quantize(numbers[n], (struct quant){scales[s], zeros[z]}), want);
        ck_assert_int_eq(trine_round(numbers[n], &byte), want);
        const int32_t wide = expected(numbers[n], scales[s], zeros[z], -100000, 100000);
        ck_assert_msg(trine_round_clamps(numbers[n], &byte) == (wide != want),
                      "%a / %a + %d: clamped or not", (double)numbers[n], (double)scales[s],
                      zeros[z]);
      }
    }
  }
}
END_TEST

START_TEST(test_quantize_operator_rounds_the_same) {
  const struct quant from = {0.0125F, 5}, to = {0.025F, -7}; /* every other value is a tie */
  int8_t table[256];
  host_table_float(from, to, table);
  for (int n = -128; n < 128; n++) {
    const float value = host_dequantize((int8_t)n, from);
    ck_assert_int_eq(table[n + 128], expected(value, to.scale, to.zero_point, INT8_MIN, INT8_MAX));
  }
}
END_TEST

/* Symbols 0 and 1 are seen in calibration; what the other rows of the table hold is not. */
static void quantise(struct small_float *small, struct trine_quantized *made, float c0) {
  static const float symbols[] = {0, 1, 0, 1};
  const struct trine_float_batch batch = {.sequences = 1, .steps = 4, .input = symbols};
  struct trine_error error = {""};
  for (int n = 0; n < SMALL_UNITS; n++) {
    small->h0[n] = n == 0 ? 0.31F : -0.47F;
    small->c0[n] = n == 0 ? c0 : -c0;
  }
  small->nodes[1].cell.h0 = small->h0;
  small->nodes[1].cell.c0 = small->c0;
  ck_assert_msg(trine_quantize(&small->network, &batch, NULL, made, &error) == TRINE_OK, "%s",
                error.text);
}

START_TEST(test_table_input_and_run_round_the_same) {
  struct seed_stream stream = seed_start("table");
  struct small_float small;
  struct trine_quantized made;
  small_float_make(&small, &stream, true);
  quantise(&small, &made, 0.5F);
  const struct trine_model_end *end = &trine_model_info(made.model)->input;
  const size_t count = hard_numbers(end->scale, numbers);
  const float scale = end->scale;
  const int8_t zero = end->zero_point;
  trine_quantized_free(&made);
  size_t at = 0;
  const size_t free_places = (SMALL_ROWS - 2) * SMALL_INPUTS;
  while (at < count) {
    size_t used = 0;
    for (size_t n = 0; n < free_places; n++, at++) {
      const bool fits = at < count && isfinite(numbers[at]);
      small.table[2 * SMALL_INPUTS + n] = fits ? numbers[at] : 0.0F;
      used += fits;
    }
    quantise(&small, &made, 0.5F);
    end = &trine_model_info(made.model)->input;
    ck_assert(end->scale == scale && end->zero_point == zero);
    for (size_t n = 0; n < SMALL_ROWS * SMALL_INPUTS; n++) {
      int8_t run = 0;
      trine_model_quantize(end, &small.table[n], 1, &run);
      ck_assert_int_eq(made.tables[0].rows[n], run);
      ck_assert_int_eq(run, expected(small.table[n], scale, zero, INT8_MIN, INT8_MAX));
    }
    trine_quantized_free(&made);
    ck_assert_uint_gt(used, 0);
  }
}
END_TEST

START_TEST(test_learned_states_round_the_same) {
  struct seed_stream stream = seed_start("states");
  static const float cells[] = {0.5F,   1.0F / 65536.0F, 3.0F / 65536.0F, 31.9F,
                                1e-40F, 63.0F,           64.0F,           1e9F};
  for (size_t n = 0; n < sizeof cells / sizeof cells[0]; n++) {
    struct small_float small;
    struct trine_quantized made;
    struct trine_states start;
    small_float_make(&small, &stream, true);
    quantise(&small, &made, cells[n]);
    const struct trine_model_layer *layer = trine_model_layer(made.model, 0);
    const float unit = ldexpf(1.0F, layer->layer->cell_exponent);
    ck_assert_int_eq(trine_quantized_start(&small.network, made.model, 2, &start, NULL), TRINE_OK);
    for (int u = 0; u < 2 * SMALL_UNITS; u++) {
      const struct trine_model_end end = {.scale = layer->output_scale,
                                          .zero_point = layer->output_zero_point};
      const int from = u % SMALL_UNITS;
      int8_t h = 0;
      trine_model_quantize(&end, &small.h0[from], 1, &h);
      ck_assert_int_eq(start.lstm[0].h[u], h);
      ck_assert_int_eq(start.lstm[0].c[u], expected(small.c0[from], unit, 0, INT16_MIN, INT16_MAX));
    }
    trine_states_free(&start);
    trine_quantized_free(&made);
  }
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("rounding");
  TCase *tests = tcase_create("rounding");
  tcase_add_test(tests, test_hard_numbers_are_the_same_byte_in_every_function);
  tcase_add_test(tests, test_quantize_operator_rounds_the_same);
  tcase_add_test(tests, test_table_input_and_run_round_the_same);
  tcase_add_test(tests, test_learned_states_round_the_same);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
