/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_lists: lists that take all they can of the unit that all programs go through, blocks
 * of cheap operations, waits, LOADs of one word or of many, one behind the other without an end. A
 * victim's START beside is exact, and has its turns. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "support/blocks.h"
#include "trine_regs.h"
#include "victim.h"

enum {
  TIMEOUT_SECONDS = 1200,
  MOST_HOGS = 7,
  APART = 16 << 20,   /* bytes from a hog's window to another's */
  OPERATIONS = 60000, /* words of them; a list has less than 2^16 */
  TABLE_WORDS = 62,
  DATA = 8 << 20,
  WEIGHTS = 1024, /* of a long LOAD: 8192 beats of duo */
  SETTLE = 2000,
  WATCHDOG = 1000 /* cycles: who waits for its turns is not taken for one that stands still */
};

/* What a hog's list is full of. */
enum filling { FILL_CHANNEL, FILL_TABLE, FILL_BARRIER, FILL_LOAD, FILL_LONG_LOAD, FILLINGS };
static const struct {
  const char *name;
  uint32_t most; /* what each costs the victim's START, at most, of 100 of its cycles alone */
} fillings[FILLINGS] = {{"a list of CHANNELs", 175},
                        {"a list of TABLEs", 185},
                        {"a list of BARRIERs", 30},
                        {"a list of short LOADs", 75},
                        {"a list of long LOADs", 175}};

/* The operation that a list is filled with: its words. */
static uint32_t make_operation(enum filling filling, uint32_t *words) {
  static const uint32_t ops[FILLINGS] = {TRINE_OP_CHANNEL, TRINE_OP_TABLE, TRINE_OP_BARRIER,
                                         TRINE_OP_LOAD, TRINE_OP_LOAD};
  static const uint32_t counts[FILLINGS] = {TRINE_WORDS_CHANNEL, TABLE_WORDS, TRINE_WORDS_BARRIER,
                                            TRINE_WORDS_LOAD, TRINE_WORDS_LOAD};
  const uint32_t count = counts[filling];
  words[0] = trine_op_word((enum trine_op)ops[filling], count, filling != FILL_BARRIER);
  for (uint32_t n = 1; n < count; n++) {
    words[n] = 0;
  }
  for (uint32_t n = TRINE_WORDS_TABLE_HEAD; n < count && filling == FILL_TABLE; n += 2) {
    words[n + 1] = 1;
  }
  if (ops[filling] == TRINE_OP_LOAD) {
    words[3] = filling == FILL_LOAD ? 1 : WEIGHTS;
    words[4] = DATA;
  }
  return count;
}

/* Runs for longer than the victim. */
static void start_hog(struct rogue *rogue, enum filling filling) {
  static uint32_t ops[OPERATIONS], program[2 * OPERATIONS];
  uint32_t operation[TRINE_BLOCK_WORDS], count = 0;
  const uint32_t length = make_operation(filling, operation);
  /* Every wait ends a block, which has two words more. */
  const uint32_t each = filling < FILL_BARRIER ? length : length + BLOCKS_MORE;
  for (uint32_t words = 0; words + each < OPERATIONS; words += each) {
    for (uint32_t n = 0; n < length; n++) {
      ops[count++] = operation[n];
    }
  }
  ops[count++] = trine_op_word(TRINE_OP_END, 1, 0);
  for (uint32_t n = 0; n < TRINE_WORDS_HEAD; n++) {
    program[n] = rogue->header[n];
  }
  const uint32_t words =
      blocks_lay(ops, count, program + TRINE_WORDS_HEAD, 2 * OPERATIONS - TRINE_WORDS_HEAD, NULL);
  ck_assert_uint_gt(words, 0);
  ck_assert_uint_eq(words >> TRINE_LIST_BITS, 0);
  trine_put_field(program, TRINE_FIELD_HEAD_WORDS, words);
  trine_put_field(program, TRINE_FIELD_HEAD_BYTES, 4 * (TRINE_WORDS_HEAD + words));
  bench_seal_header(program);
  rogue_start_in(rogue, program, TRINE_WORDS_HEAD + words, APART - 4096);
}

static uint32_t state_of(struct rogue *rogue) {
  return bench_read(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_STATUS)) &
         TRINE_DOMAIN_STATUS_STATE_MASK;
}

/* Cycles of a START from scratch, up to where its contexts run. */
static uint64_t load_victim(struct victim *victim, const char *what) {
  victim_forget(victim);
  (void)victim_run(victim, what);
  const uint32_t slot = trine_job_slot(victim->job.job);
  return bench_read64(victim->bench, bench_domain(slot, TRINE_DOMAIN_LOAD_CYCLES_LO));
}

/* Hogs on all cores but the last, where the victim starts. */
static void run_lists(const char *config, uint32_t cores, enum filling filling) {
  struct seed_stream stream = seed_start("lists");
  const uint64_t top = trine_sim_defaults().memory_bytes;
  struct rogue rogue, hogs[MOST_HOGS];
  struct victim victim;
  const char *what = fillings[filling].name;
  rogue_open_alone(&rogue, &stream, config);
  bench_write(&rogue.bench, TRINE_GLOBAL_WATCHDOG, WATCHDOG);
  victim_open(&victim, &rogue.bench, &stream, UINT32_C(1) << (cores - 1));
  (void)load_victim(&victim, "nobody");
  const uint64_t alone = load_victim(&victim, "nobody");
  for (uint32_t n = 0; n + 1 < cores; n++) {
    hogs[n] = rogue;
    hogs[n].slot = n;
    hogs[n].core_mask = UINT32_C(1) << n;
    hogs[n].window_base = top - (n + 1) * APART;
    start_hog(&hogs[n], filling);
  }
  bench_step(&rogue.bench, SETTLE);
  const uint64_t beside = load_victim(&victim, what);
  for (uint32_t n = 0; n + 1 < cores; n++) {
    ck_assert_msg(state_of(&hogs[n]) == TRINE_DOMAIN_STATUS_STATE_RUNNING, "%s has ended, code %u",
                  what,
                  bench_read(&rogue.bench, bench_domain(hogs[n].slot, TRINE_DOMAIN_ERROR_CODE)));
    rogue_abort(&hogs[n]);
  }
  printf("%s: a START of %" PRIu64 " cycles alone, %" PRIu64 " beside %u\n", what, alone, beside,
         cores - 1);
  ck_assert_msg(100 * beside <= (100 + (uint64_t)fillings[filling].most * (cores - 1)) * alone,
                "%s: %" PRIu64 " cycles alone, %" PRIu64 " beside", what, alone, beside);
  bench_step(&rogue.bench, SETTLE);
  for (uint32_t n = 0; n + 1 < cores; n++) {
    ck_assert_uint_eq(rogue_wait(&hogs[n], ROGUE_LOOK).code, TRINE_ERROR_ABORTED);
  }
  victim_close(&victim);
  rogue_close(&rogue);
}

START_TEST(test_lists_leave_the_program_unit) {
  run_lists("duo", 2, (enum filling)_i);
}
END_TEST

START_TEST(test_lists_of_seven_slots_leave_the_program_unit) {
  run_lists("octo", 8, (enum filling)_i);
}
END_TEST

void errors_add_lists(Suite *suite) {
  TCase *tests = tcase_create("lists");
  TCase *octo = tcase_create("lists-octo");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_set_timeout(octo, TIMEOUT_SECONDS);
  tcase_add_loop_test(tests, test_lists_leave_the_program_unit, 0, FILLINGS);
  tcase_add_loop_test(octo, test_lists_of_seven_slots_leave_the_program_unit, 0, FILLINGS);
  suite_add_tcase(suite, tests);
  suite_add_tcase(suite, octo);
}
