/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_forget: FORGET gives a slot's cores, mask and window to nobody: whoever has all three
 * next finds what a foreign tenant would, and is refused what a foreign tenant would be. */
#include <check.h>
#include <string.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum {
  TIMEOUT_SECONDS = 600,
  HEAD_FLAGS = 5,
  KEPT = TRINE_DOMAIN_STATUS_RESIDENT_MASK | TRINE_DOMAIN_STATUS_REPEATABLE_MASK
};

static uint32_t control(const struct rogue *rogue) {
  return bench_domain(rogue->slot, TRINE_DOMAIN_CONTROL);
}

static uint32_t status(struct rogue *rogue) {
  return bench_read(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_STATUS));
}

static void forget(struct rogue *rogue) {
  bench_write(&rogue->bench, control(rogue), TRINE_DOMAIN_CONTROL_FORGET_MASK);
}

/* The code a program ends with; NONE when it is DONE. */
static uint32_t code_of(struct rogue *rogue, const struct rogue_list *list) {
  rogue_start(rogue, list);
  const struct rogue_result result = rogue_wait(rogue, ROGUE_LOOK);
  return result.end == ROGUE_DONE ? TRINE_ERROR_NONE : result.code;
}

/* The rogue's job from scratch, and again with what it left: nothing is loaded. */
static void run_until_resident(struct rogue *rogue, const struct rogue_list *unloaded) {
  ck_assert_uint_eq(code_of(rogue, &rogue->good), TRINE_ERROR_NONE);
  ck_assert_uint_eq(code_of(rogue, unloaded), TRINE_ERROR_NONE);
  ck_assert_uint_ne(status(rogue) & TRINE_DOMAIN_STATUS_RESIDENT_MASK, 0);
}

static void leave_loads_out(const struct rogue *rogue, struct rogue_list *list) {
  *list = rogue->good;
  for (uint32_t at; (at = rogue_find(list, TRINE_OP_LOAD, 0)) != UINT32_MAX;) {
    rogue_cut(list, at);
  }
}

/* On one core, and on two. */
START_TEST(test_what_is_forgotten_is_foreign) {
  struct seed_stream stream = seed_start("forget");
  struct rogue rogue;
  struct rogue_list unloaded, end = {.count = 0};
  rogue_open(&rogue, &stream, _i == 1);
  leave_loads_out(&rogue, &unloaded);
  rogue_add_bare(&end, TRINE_OP_END);
  /* Weights, parameters and states are not there. */
  run_until_resident(&rogue, &unloaded);
  forget(&rogue);
  ck_assert_uint_eq(status(&rogue) & KEPT, 0);
  ck_assert_uint_eq(status(&rogue) & TRINE_DOMAIN_STATUS_STATE_MASK,
                    TRINE_DOMAIN_STATUS_STATE_DONE);
  ck_assert_uint_eq(code_of(&rogue, &unloaded), TRINE_ERROR_LOCAL_ADDRESS);
  /* A program that says that it needs them. */
  run_until_resident(&rogue, &unloaded);
  rogue.header[HEAD_FLAGS] |= 1;
  ck_assert_uint_eq(code_of(&rogue, &end), TRINE_ERROR_NONE);
  forget(&rogue);
  ck_assert_uint_eq(code_of(&rogue, &end), TRINE_ERROR_NOT_RESIDENT);
  rogue.header[HEAD_FLAGS] &= ~1u;
  /* A REPEAT, of a slot that could before. */
  ck_assert_uint_eq(code_of(&rogue, &end), TRINE_ERROR_NONE);
  ck_assert_uint_ne(status(&rogue) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK, 0);
  bench_write(&rogue.bench, control(&rogue), TRINE_DOMAIN_CONTROL_REPEAT_MASK);
  ck_assert_int_eq(rogue_wait(&rogue, ROGUE_LOOK).end, ROGUE_DONE);
  bench_write(&rogue.bench, control(&rogue),
              TRINE_DOMAIN_CONTROL_FORGET_MASK | TRINE_DOMAIN_CONTROL_REPEAT_MASK);
  ck_assert_uint_eq(rogue_wait(&rogue, ROGUE_LOOK).code, TRINE_ERROR_NOT_KEPT);
  /* Written with START, it comes first. */
  run_until_resident(&rogue, &unloaded);
  bench_write(&rogue.bench, control(&rogue),
              TRINE_DOMAIN_CONTROL_FORGET_MASK | TRINE_DOMAIN_CONTROL_START_MASK);
  ck_assert_uint_eq(rogue_wait(&rogue, ROGUE_LOOK).code, TRINE_ERROR_LOCAL_ADDRESS);
  rogue_close(&rogue);
}
END_TEST

/* Who did not ask for it keeps what it has; who runs is not disturbed. */
START_TEST(test_forget_is_of_one_slot_at_rest) {
  struct seed_stream stream = seed_start("forget");
  struct rogue rogue;
  struct rogue_list unloaded;
  rogue_open(&rogue, &stream, false);
  leave_loads_out(&rogue, &unloaded);
  run_until_resident(&rogue, &unloaded);
  bench_write(&rogue.bench, bench_domain(1 - rogue.slot, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_FORGET_MASK);
  ck_assert_uint_eq(code_of(&rogue, &unloaded), TRINE_ERROR_NONE);
  rogue_start(&rogue, &unloaded);
  ck_assert(!bench_try_write(&rogue.bench, control(&rogue), TRINE_DOMAIN_CONTROL_FORGET_MASK));
  ck_assert_uint_ne(status(&rogue) & TRINE_DOMAIN_STATUS_REFUSED_MASK, 0);
  ck_assert_int_eq(rogue_wait(&rogue, ROGUE_LOOK).end, ROGUE_DONE);
  ck_assert_uint_eq(code_of(&rogue, &unloaded), TRINE_ERROR_NONE);
  ck_assert_uint_eq(status(&rogue) & TRINE_DOMAIN_STATUS_REFUSED_MASK, 0);
  rogue_close(&rogue);
}
END_TEST

/* The driver's call: the job loads again, and is exact; and a job that is destroyed leaves nothing
 * to one that gets its slot, cores and window. */
START_TEST(test_a_job_forgets) {
  struct seed_stream stream = seed_start("forget");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  const uint32_t slot = trine_job_slot(rogue.honest.job);
  const uint32_t of_slot = bench_domain(slot, TRINE_DOMAIN_STATUS);
  rogue_honest_is_exact(&rogue, "from scratch");
  const uint64_t from_scratch =
      bench_read64(&rogue.bench, bench_domain(slot, TRINE_DOMAIN_LOAD_CYCLES_LO));
  rogue_honest_is_exact(&rogue, "resident");
  ck_assert_uint_ne(bench_read(&rogue.bench, of_slot) & TRINE_DOMAIN_STATUS_RESIDENT_MASK, 0);
  ck_assert_int_eq(trine_job_forget(rogue.honest.job), TRINE_OK);
  ck_assert_uint_eq(bench_read(&rogue.bench, of_slot) & KEPT, 0);
  rogue_honest_is_exact(&rogue, "after it was forgotten");
  ck_assert_uint_eq(bench_read64(&rogue.bench, bench_domain(slot, TRINE_DOMAIN_LOAD_CYCLES_LO)),
                    from_scratch);
  ck_assert_int_eq(trine_job_start(rogue.honest.job, &rogue.batches[0].batch), TRINE_OK);
  ck_assert_int_eq(trine_job_forget(rogue.honest.job), TRINE_ERR_BUSY);
  ck_assert_int_eq(trine_job_wait(rogue.honest.job), TRINE_OK);
  ck_assert_uint_ne(bench_read(&rogue.bench, of_slot) & TRINE_DOMAIN_STATUS_RESIDENT_MASK, 0);
  job_free(&rogue.honest);
  memset(&rogue.honest, 0, sizeof rogue.honest);
  ck_assert_uint_eq(bench_read(&rogue.bench, of_slot) & KEPT, 0);
  rogue_close(&rogue);
}
END_TEST

void errors_add_forget(Suite *suite) {
  TCase *tests = tcase_create("forget");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_loop_test(tests, test_what_is_forgotten_is_foreign, 0, 2);
  tcase_add_test(tests, test_forget_is_of_one_slot_at_rest);
  tcase_add_test(tests, test_a_job_forgets);
  suite_add_tcase(suite, tests);
}
