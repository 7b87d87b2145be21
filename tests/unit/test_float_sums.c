/* SPDX-License-Identifier: Apache-2.0 */
/* test_float_sums: sums of many rows side by side have the bits of one row after the other. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "float/float_rows.h"
#include "support/seed.h"

enum { DRAWS = 400, MOST = 80 };

/* Numbers of very different sizes, so that each order of adding them gives another sum; zeros of
 * both signs among them. */
static void draw_numbers(struct seed_stream *stream, float *numbers, size_t count) {
  for (size_t n = 0; n < count; n++) {
    const float size = (float)seed_log_uniform(stream, 1, 1000000);
    const float sign = seed_uniform(stream, 0, 1) == 1 ? -1.0F : 1.0F;
    numbers[n] = seed_uniform(stream, 0, 9) == 0 ? sign * 0.0F
                                                 : sign * (float)seed_real(stream, 0.1, 1.0) / size;
  }
}

START_TEST(test_sums_are_those_of_each_row) {
  struct seed_stream stream = seed_start("float-sums");
  static float w[MOST * MOST], x[MOST], sums[MOST];
  for (uint32_t draw = 0; draw < DRAWS; draw++) {
    const size_t rows = (size_t)seed_log_uniform(&stream, 1, MOST);
    const size_t columns = (size_t)seed_log_uniform(&stream, 1, MOST + 1) - 1;
    draw_numbers(&stream, w, rows * columns);
    draw_numbers(&stream, x, columns);
    float *turned = float_turn(w, rows, columns);
    ck_assert_ptr_nonnull(turned);
    float_sums(turned, rows, columns, x, sums);
    for (size_t r = 0; r < rows; r++) {
      float sum = 0.0F;
      for (size_t n = 0; n < columns; n++) {
        sum += w[r * columns + n] * x[n];
      }
      ck_assert_msg(memcmp(&sum, &sums[r], sizeof sum) == 0, "row %zu of %zu x %zu: %a, not %a", r,
                    rows, columns, (double)sums[r], (double)sum);
    }
    free(turned);
  }
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("float_sums");
  TCase *tests = tcase_create("sums");
  tcase_add_test(tests, test_sums_are_those_of_each_row);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
