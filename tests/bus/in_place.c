/* SPDX-License-Identifier: Apache-2.0 */
/* in_place: images and rows in place behind a cache that is not coherent, on the simulated chip
 * duo: exact, and no byte of what is in place copied. TRINE_CACHE_ROUNDS: how many networks. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/sim_backend.h"
#include "support/checked/cached_round.h"

enum { MEMORY = 1 << 20, ROUNDS = 6 };

static uint32_t rounds_wanted(void) {
  const char *text = getenv("TRINE_CACHE_ROUNDS");
  return text != NULL ? (uint32_t)strtoul(text, NULL, 10) : ROUNDS;
}

START_TEST(test_in_place_on_the_chip) {
  struct seed_stream stream = seed_start("in place on the chip");
  struct cached_totals totals = {.rounds = 0};
  struct trine_sim_backend *sim = NULL;
  struct trine_error error;
  ck_assert_msg(trine_sim_backend_open("duo", NULL, &sim, &error) == TRINE_OK, "%s", error.text);
  const struct trine_bus bus = trine_sim_backend_bus(sim);
  struct trine *device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(device);
  ck_assert_int_eq(trine_open(device, &bus, 0, MEMORY, "duo"), TRINE_OK);
  while (totals.rounds < rounds_wanted() || totals.uncopied == 0) {
    cached_round(&bus, trine_get_target(device), MEMORY, &stream, &totals);
  }
  printf(
      "%u networks on the chip, %u images in place; %u batches, %u inputs and %u outputs in "
      "place: exact; %u batches without a byte copied\n",
      totals.rounds, totals.images, totals.batches, totals.inputs, totals.outputs, totals.uncopied);
  free(device);
  trine_sim_backend_close(sim);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("in_place");
  TCase *tests = tcase_create("in place");
  tcase_add_test(tests, test_in_place_on_the_chip);
  tcase_set_timeout(tests, 3600);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_SILENT);
  srunner_print(runner, srunner_ntests_failed(runner) > 0 ? CK_NORMAL : CK_SILENT);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
