/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_setup: channels and contexts are set up by a program from scratch, before its first
 * barrier; at any other time their counts would not fit those of the other cores. */
#include <check.h>
#include <string.h>

#include "errors.h"
#include "pair.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, MOST_WORDS = 2048 };

/* Where the operation that must be refused stands in the list. */
struct late {
  uint32_t op, position, first;
};

/* Whether it ends the set-up. */
static bool is_use(uint32_t op) {
  return op == TRINE_OP_BARRIER || op == TRINE_OP_READ || op == TRINE_OP_WRITE ||
         op == TRINE_OP_RUN;
}

/* Puts a barrier before the last CHANNEL or CONTEXT of the set-up. */
static void set_up_late(void *context, uint32_t *words, size_t count) {
  struct late *late = context;
  uint32_t ops[MOST_WORDS], place[MOST_WORDS];
  const uint32_t length = bench_take(words, ops, MOST_WORDS - 1);
  uint32_t at = 0, position = 0;
  (void)count;
  while (!is_use(ops[at] & 0xff)) {
    position = (ops[at] & 0xff) == late->op ? at : position;
    at += trine_op_words(ops[at]);
    ck_assert_uint_lt(at, length);
  }
  ck_assert_uint_gt(position, 0);
  memmove(ops + position + 1, ops + position, (length - position) * 4);
  ops[position] = trine_op_word(TRINE_OP_BARRIER, 1, 0);
  bench_put(words, ops, length + 1, place);
  late->position = place[position + 1];
  late->first = ops[position + 2];
}

static void check_refused(struct pair *pair, uint32_t position, uint32_t first) {
  struct pair_error error = pair_fail(pair);
  ck_assert_msg(error.code == TRINE_ERROR_SETUP, "code %u (core %u, operation %u)", error.code,
                error.core, error.op);
  ck_assert_uint_eq(error.op, position);
  ck_assert_uint_eq(error.address, first);
  pair_bystander_is_exact(pair);
  pair_recovers(pair);
}

START_TEST(test_set_up_after_a_barrier_is_refused) {
  static const uint32_t ops[] = {TRINE_OP_CHANNEL, TRINE_OP_CONTEXT};
  for (uint32_t n = 0; n < 2; n++) {
    struct pair pair;
    struct late late = {.op = ops[n]};
    pair_open(&pair, _i == 0 ? PAIR_DUO : PAIR_OCTO, "late set-up");
    bench_tamper_next(&pair.bench, set_up_late, &late);
    pair_start(&pair);
    check_refused(&pair, late.position, late.first);
    pair_close(&pair);
  }
}
END_TEST

/* Says that what the program sets up is there already; finds its first CHANNEL. */
static void call_resident(void *context, uint32_t *words, size_t count) {
  struct late *late = context;
  uint32_t ops[MOST_WORDS], place[MOST_WORDS], at = 0;
  const uint32_t length = bench_take(words, ops, MOST_WORDS);
  (void)count;
  words[5] = 1;
  while ((ops[at] & 0xff) != TRINE_OP_CHANNEL) {
    at += trine_op_words(ops[at]);
    ck_assert_uint_lt(at, length);
  }
  bench_put(words, ops, length, place);
  late->position = place[at];
  late->first = ops[at + 1];
}

START_TEST(test_set_up_by_a_resident_program_is_refused) {
  struct pair pair;
  struct late late = {.op = TRINE_OP_CHANNEL};
  pair_open(&pair, _i == 0 ? PAIR_DUO : PAIR_OCTO, "resident set-up");
  pair_recovers(&pair);
  pair.bench.remembers = true;
  job_free(&pair.jobs[PAIR_VICTIM]);
  struct trine_job_options options = {.mode = _i == 0 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER,
                                      .core_mask = _i == 0 ? 1 : 0x24};
  job_create(&pair.jobs[PAIR_VICTIM], pair.bench.device, &pair.networks[PAIR_VICTIM].network,
             &options);
  bench_tamper_next(&pair.bench, call_resident, &late);
  pair_start(&pair);
  check_refused(&pair, late.position, late.first);
  pair_close(&pair);
}
END_TEST

void errors_add_setup(Suite *suite) {
  /* A case each, so that one may be run without the model of the other. */
  static const char *const names[PAIR_PLACES] = {"setup-duo", "setup-octo"};
  for (int place = 0; place < PAIR_PLACES; place++) {
    TCase *tests = tcase_create(names[place]);
    tcase_set_timeout(tests, TIMEOUT_SECONDS);
    tcase_add_loop_test(tests, test_set_up_after_a_barrier_is_refused, place, place + 1);
    tcase_add_loop_test(tests, test_set_up_by_a_resident_program_is_refused, place, place + 1);
    suite_add_tcase(suite, tests);
  }
}
