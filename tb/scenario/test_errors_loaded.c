/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_loaded: weights and parameters that a tenant did not load, and states that it did
 * not write, are another's: no program of it reads them, whatever the last owner has left. */
#include <check.h>
#include <string.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, STATES = 4096, STATES_AT_ONCE = 2048, STATES_PLACE = 4096 };

static uint32_t find_load(const struct rogue_list *list, uint32_t buffer) {
  uint32_t at, nth = 0;
  while ((at = rogue_find(list, TRINE_OP_LOAD, nth++)) != UINT32_MAX &&
         trine_field(list->words + at, TRINE_FIELD_LOAD_BUFFER) != buffer) {
  }
  ck_assert_uint_ne(at, UINT32_MAX);
  return at;
}

static void expect_refused(struct rogue *rogue, const struct rogue_list *list, const char *what) {
  rogue_honest_is_exact(rogue, what);
  rogue_start(rogue, list);
  const struct rogue_result result = rogue_wait(rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_LOCAL_ADDRESS,
                "%s: state %d, code %u, operation %u", what, result.end, result.code, result.op);
}

/* Nothing loaded, or a word less than is read. */
static void check_buffer(struct rogue *rogue, uint32_t buffer, uint32_t least) {
  struct rogue_list list;
  list = rogue->good;
  const uint32_t at = find_load(&list, buffer);
  rogue_cut(&list, at);
  expect_refused(rogue, &list, "a LOAD is left out");
  list = rogue->good;
  list.words[at + 3] -= least;
  ck_assert_uint_gt(list.words[at + 3], 0);
  expect_refused(rogue, &list, "a LOAD is too short");
  list = rogue->good;
  list.words[at + 2] = 1;
  expect_refused(rogue, &list, "a LOAD begins behind the start");
}

START_TEST(test_what_was_not_loaded_is_not_read) {
  struct seed_stream stream = seed_start("loaded");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  check_buffer(&rogue, TRINE_LOAD_WEIGHTS, 1);
  check_buffer(&rogue, TRINE_LOAD_PARAMS, 4);
  rogue_close(&rogue);
}
END_TEST

/* As long as the cores are its own, what a tenant loaded once stays loaded. */
START_TEST(test_what_was_loaded_stays_so) {
  struct seed_stream stream = seed_start("loaded");
  struct rogue rogue;
  struct rogue_list list;
  rogue_open(&rogue, &stream, false);
  rogue_start(&rogue, &rogue.good);
  ck_assert_int_eq(rogue_wait(&rogue, 0).end, ROGUE_DONE);
  list = rogue.good;
  rogue_cut(&list, find_load(&list, TRINE_LOAD_WEIGHTS));
  rogue_cut(&list, find_load(&list, TRINE_LOAD_PARAMS));
  for (uint32_t n = 0; n < 2; n++) {
    rogue_start(&rogue, &list);
    const struct rogue_result result = rogue_wait(&rogue, 0);
    ck_assert_msg(result.end == ROGUE_DONE, "run %u: code %u", n, result.code);
  }
  expect_refused(&rogue, &list, "another tenant ran between");
  rogue_close(&rogue);
}
END_TEST

/* Words of so many state entries that are not 0, as a program of SAVE alone brings them out. */
static uint32_t states_seen(struct rogue *rogue, uint32_t first) {
  struct rogue_list list = {.count = 0};
  const uint32_t target = rogue->program + STATES_PLACE;
  const uint32_t save[TRINE_WORDS_SAVE] = {trine_op_word(TRINE_OP_SAVE, TRINE_WORDS_SAVE, 1), first,
                                           STATES_AT_ONCE, target};
  rogue_add(&list, save, TRINE_WORDS_SAVE);
  rogue_add_bare(&list, TRINE_OP_END);
  rogue_start(rogue, &list);
  const struct rogue_result result = rogue_wait(rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_DONE, "SAVE: code %u", result.code);
  uint32_t seen = 0;
  for (uint32_t n = 0; n < STATES_AT_ONCE; n++) {
    seen += rogue_peek(rogue, target + 4 * n) != 0;
  }
  return seen;
}

START_TEST(test_states_of_the_last_owner_are_0) {
  struct seed_stream stream = seed_start("loaded");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  for (uint32_t first = 0; first < STATES; first += STATES_AT_ONCE) {
    rogue_honest_is_exact(&rogue, "a tenant with states");
    ck_assert_msg(states_seen(&rogue, first) == 0, "states of another from %u on", first);
  }
  rogue_start(&rogue, &rogue.good);
  ck_assert_int_eq(rogue_wait(&rogue, 0).end, ROGUE_DONE);
  ck_assert_msg(states_seen(&rogue, 0) != 0, "a tenant's own states are gone");
  rogue_close(&rogue);
}
END_TEST

void errors_add_loaded(Suite *suite) {
  TCase *tests = tcase_create("loaded");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_what_was_not_loaded_is_not_read);
  tcase_add_test(tests, test_what_was_loaded_stays_so);
  tcase_add_test(tests, test_states_of_the_last_owner_are_0);
  suite_add_tcase(suite, tests);
}
