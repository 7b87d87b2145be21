/* SPDX-License-Identifier: Apache-2.0 */
/* test_scenarios: LSTM networks in all modes on the simulated device, against the golden model.
 *
 * Calls: test_scenarios [named|draws] runs all, or one half; test_scenarios run NAME [WAVE.fst]
 * runs one scenario alone. TRINE_DRAWS sets the number of draws, TRINE_SEED the seed. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

enum { DEFAULT_DRAWS = 60, TIMEOUT_SECONDS = 3600 };

static void run_one(const char *name, struct seen *seen) {
  struct scenario scenario;
  char text[SCENARIO_TEXT];
  ck_assert_msg(scenario_make(&scenario, name), "there is no scenario %s", name);
  bool is_good = scenario_run(&scenario, seen, NULL, text);
  scenario_free(&scenario);
  ck_assert_msg(is_good, "%s", text);
}

START_TEST(test_every_mode_on_every_number_of_cores_is_exact) {
  struct seen seen = {0};
  run_one(scenario_name((uint32_t)_i), &seen);
}
END_TEST

START_TEST(test_random_networks_are_exact_and_cover_every_corner) {
  const char *text = getenv("TRINE_DRAWS");
  long draws = text != NULL && *text != '\0' ? strtol(text, NULL, 10) : DEFAULT_DRAWS;
  struct seen seen = {0};
  for (long n = 0; n < draws; n++) {
    char name[32];
    (void)snprintf(name, sizeof name, "draw-%ld", n);
    run_one(name, &seen);
  }
  printf("%ld draws: ", draws);
  seen_print(&seen);
  const char *missing = seen_missing(&seen);
  ck_assert_msg(missing == NULL, "no draw had: %s", missing);
}
END_TEST

/* Which scenario, and where its waveform goes, are in the environment: a test has no arguments. */
START_TEST(test_scenario_asked_for_is_exact) {
  struct scenario scenario;
  struct seen seen = {0};
  char text[SCENARIO_TEXT];
  const char *name = getenv("TRINE_SCENARIO");
  ck_assert_ptr_nonnull(name);
  ck_assert_msg(scenario_make(&scenario, name), "there is no scenario %s", name);
  printf("%s on %s\n", name, scenario.config);
  fflush(stdout);
  bool is_good = scenario_run(&scenario, &seen, getenv("TRINE_SCENARIO_WAVE"), text);
  scenario_free(&scenario);
  ck_assert_msg(is_good, "%s", text);
  seen_print(&seen);
}
END_TEST

static TCase *make_case(Suite *suite, const char *name) {
  TCase *made = tcase_create(name);
  tcase_set_timeout(made, TIMEOUT_SECONDS);
  suite_add_tcase(suite, made);
  return made;
}

static int run(Suite *suite) {
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  int passed = srunner_ntests_run(runner) - failed;
  srunner_free(runner);
  return failed == 0 && passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int named_count(void) {
  int count = 0;
  while (scenario_name((uint32_t)count) != NULL) {
    count++;
  }
  return count;
}

int main(int argc, char **argv) {
  Suite *suite = suite_create("scenarios");
  (void)seed_print();
  if (argc >= 3 && strcmp(argv[1], "run") == 0) {
    (void)setenv("TRINE_SCENARIO", argv[2], 1);
    if (argc > 3) {
      (void)setenv("TRINE_SCENARIO_WAVE", argv[3], 1);
    }
    tcase_add_test(make_case(suite, "alone"), test_scenario_asked_for_is_exact);
    return run(suite);
  }
  if (argc < 2 || strcmp(argv[1], "named") == 0) {
    tcase_add_loop_test(make_case(suite, "named"),
                        test_every_mode_on_every_number_of_cores_is_exact, 0, named_count());
  }
  if (argc < 2 || strcmp(argv[1], "draws") == 0) {
    tcase_add_test(make_case(suite, "draws"),
                   test_random_networks_are_exact_and_cover_every_corner);
  }
  return run(suite);
}
