/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_loaded: weights and parameters that a tenant did not load are another's: no program
 * of it reads them, whatever the last owner of the core has left. */
#include <check.h>
#include <string.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600 };

static uint32_t find_load(const struct rogue_list *list, uint32_t buffer) {
  uint32_t at, nth = 0;
  while ((at = rogue_find(list, TRINE_OP_LOAD, nth++)) != UINT32_MAX &&
         trine_field(list->words + at, TRINE_FIELD_LOAD_BUFFER) != buffer) {
  }
  ck_assert_uint_ne(at, UINT32_MAX);
  return at;
}

static void expect_refused(struct rogue *rogue, const struct rogue_list *lists, const char *what) {
  rogue_honest_is_exact(rogue, what);
  rogue_start(rogue, lists);
  const struct rogue_result result = rogue_wait(rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_LOCAL_ADDRESS,
                "%s: state %d, code %u, operation %u", what, result.end, result.code, result.op);
}

/* Nothing loaded, or a word less than is read. */
static void check_buffer(struct rogue *rogue, uint32_t buffer, uint32_t least) {
  struct rogue_list lists[ROGUE_RANKS];
  memcpy(lists, rogue->good, sizeof lists);
  const uint32_t at = find_load(lists, buffer);
  rogue_cut(lists, at);
  expect_refused(rogue, lists, "a LOAD is left out");
  memcpy(lists, rogue->good, sizeof lists);
  lists[0].words[at + 3] -= least;
  ck_assert_uint_gt(lists[0].words[at + 3], 0);
  expect_refused(rogue, lists, "a LOAD is too short");
  memcpy(lists, rogue->good, sizeof lists);
  lists[0].words[at + 2] = 1;
  expect_refused(rogue, lists, "a LOAD begins behind the start");
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
  struct rogue_list lists[ROGUE_RANKS];
  rogue_open(&rogue, &stream, false);
  rogue_start(&rogue, rogue.good);
  ck_assert_int_eq(rogue_wait(&rogue, 0).end, ROGUE_DONE);
  memcpy(lists, rogue.good, sizeof lists);
  rogue_cut(lists, find_load(lists, TRINE_LOAD_WEIGHTS));
  rogue_cut(lists, find_load(lists, TRINE_LOAD_PARAMS));
  for (uint32_t n = 0; n < 2; n++) {
    rogue_start(&rogue, lists);
    const struct rogue_result result = rogue_wait(&rogue, 0);
    ck_assert_msg(result.end == ROGUE_DONE, "run %u: code %u", n, result.code);
  }
  expect_refused(&rogue, lists, "another tenant ran between");
  rogue_close(&rogue);
}
END_TEST

void errors_add_loaded(Suite *suite) {
  TCase *tests = tcase_create("loaded");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_what_was_not_loaded_is_not_read);
  tcase_add_test(tests, test_what_was_loaded_stays_so);
  suite_add_tcase(suite, tests);
}
