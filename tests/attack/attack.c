/* SPDX-License-Identifier: Apache-2.0 */
/* attack: random attacks on a simulated chip until the time is over, or one draw again.
 *
 *   attack --config NAME [--seconds N | --draws N] [--first N] [--draw N]
 *
 * A draw is a chip of its own with its victims, some rounds of attacks and, last, one whose answers
 * of the memory may be lost; it depends on the seed (TRINE_SEED), the configuration and its number
 * alone. The first finding is printed with all that is needed to see it again, and ends the run. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "round.h"
#include "support/arguments.h"

enum { ROUNDS = 60, DEFAULT_SECONDS = 10 };

/* A Check test has no arguments, and its failure leaves it by a jump. */
static struct {
  const char *config;
  long seconds, draws, first, draw;
  double used;
  uint64_t number; /* of the draw under way */
  struct totals totals;
  struct round round;
} run = {.seconds = DEFAULT_SECONDS, .first = 1};

static double now(void) {
  struct timespec at;
  (void)clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static void run_draw(void) {
  char name[64];
  (void)snprintf(name, sizeof name, "attack %s %" PRIu64, run.config, run.number);
  struct seed_stream stream = seed_start(name);
  bool is_good = true;
  round_open(&run.round, run.config, &stream, &run.totals);
  for (uint32_t n = 0; n < ROUNDS && is_good; n++) {
    is_good = round_run(&run.round, &stream, n + 1 == ROUNDS);
  }
  round_close(&run.round);
  run.totals.draws++;
}

START_TEST(test_attacks_harm_nobody_and_end) {
  double start = now();
  run.number = (uint64_t)(run.draw > 0 ? run.draw : run.first);
  do {
    run_draw();
    run.number++;
    run.used = now() - start;
  } while (run.draw == 0 && (run.draws > 0 ? run.totals.draws < (uint64_t)run.draws
                                           : run.used < (double)run.seconds));
}
END_TEST

static void report(void) {
  printf("FINDING on %s, seed %" PRIu64 ", draw %" PRIu64 " (above: what is wrong)\n", run.config,
         seed_value(), run.number);
  round_print(&run.round);
  printf("Again, alone: make attack ATTACK_CONFIG=%s ATTACK_SEED=%" PRIu64 " ATTACK_DRAW=%" PRIu64
         "\n",
         run.config, seed_value(), run.number);
}

int main(int argc, char **argv) {
  const struct argument known[] = {{.name = "--config", .value = &run.config},
                                   {.name = "--seconds", .number = &run.seconds},
                                   {.name = "--draws", .number = &run.draws},
                                   {.name = "--first", .number = &run.first},
                                   {.name = "--draw", .number = &run.draw}};
  if (!arguments_read("attack", argc, argv, known, sizeof known / sizeof known[0])) {
    return EXIT_FAILURE;
  }
  if (run.config == NULL) {
    (void)fprintf(stderr, "attack: --config is missing.\n");
    return EXIT_FAILURE;
  }
  (void)seed_print();
  Suite *suite = suite_create("attack");
  TCase *only = tcase_create("attack");
  tcase_add_test(only, test_attacks_harm_nobody_and_end);
  suite_add_tcase(suite, only);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, CK_NORMAL);
  bool is_good = srunner_ntests_run(runner) == 1 && srunner_ntests_failed(runner) == 0;
  srunner_free(runner);
  if (!is_good) {
    report();
  }
  totals_print(&run.totals, run.config, run.used);
  return is_good && run.totals.programs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
