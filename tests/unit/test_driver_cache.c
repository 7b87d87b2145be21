/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_cache: images and rows in place behind a cache that is not coherent: what is not
 * cleaned or not invalidated comes out wrong. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/checked/cached_round.h"

enum { MEMORY = 1 << 20, ROUNDS = 30 };

/* TRINE_CACHE_ROUNDS in the environment: more of them. */
static uint32_t rounds_wanted(void) {
  const char *text = getenv("TRINE_CACHE_ROUNDS");
  return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : ROUNDS;
}

START_TEST(test_in_place_behind_a_cache) {
  struct seed_stream stream = seed_start("cache");
  const struct fake_params params = case_params("duo");
  struct cached_totals totals = {.rounds = 0};
  struct trine_target target;
  ck_assert_int_eq(
      trine_target_set(&target, (const uint32_t *)(const void *)&params, "fake", MEMORY, NULL),
      TRINE_OK);
  for (uint32_t n = 0; n < rounds_wanted(); n++) {
    struct fake_device fake;
    fake_device_create(&fake, &params, MEMORY);
    seed_int8(&stream, (int8_t *)fake.memory, MEMORY, -128, 127);
    const struct trine_bus bus = fake_device_bus(&fake);
    cached_round(&bus, &target, MEMORY, &stream, &totals);
    fake_device_destroy(&fake);
  }
  printf(
      "cache: %u rounds, %u images in place; %u batches, %u inputs and %u outputs in place, %u "
      "without a byte copied\n",
      totals.rounds, totals.images, totals.batches, totals.inputs, totals.outputs, totals.uncopied);
  ck_assert_uint_gt(totals.uncopied, 0);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_cache");
  TCase *tests = tcase_create("in place");
  tcase_add_test(tests, test_in_place_behind_a_cache);
  tcase_set_timeout(tests, 3600);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
