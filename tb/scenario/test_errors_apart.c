/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_apart: programs of all slots go through one unit, and none is in another's way: slots
 * whose memory never answers what their lists ask for cost a victim nothing, an operation that
 * waits behind such a one no more than a turn for each of the victim's; STARTs from scratch at the
 * same time, and beside one that is aborted while it loads, are exact. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"
#include "victim.h"

enum {
  TIMEOUT_SECONDS = 1200,
  MOST_ROGUES = 7,
  APART = 16 << 20, /* bytes from a rogue's window to another's */
  PATIENCE = 80000, /* the watchdog's: silence is not noticed while the victim runs */
  SETTLE = 3000,
  TABLES = 40, /* of a list longer than what is read at once */
  ENTRIES = 128,
  WEIGHTS = 64,
  DATA = 8192,       /* behind the program */
  SILENCE = 1 << 20, /* and all that is asked for behind it */
  BURST =
      256, /* bytes of a program, of which at least one burst is read when this one is asked for */
  TIMES = 101, /* the victim's cycles beside, at most, of 100 alone; and so many more: */
  MORE = 16
};

/* What a slot asks its memory for and never gets. */
enum silent { SILENT_HEAD, SILENT_LIST, SILENT_LOAD, SILENT_SAVE, SILENT_SAVES, SILENTS };
static const struct {
  const char *name;
  uint32_t most; /* what each costs the victim, at most, of 100 of its cycles alone */
} silents[SILENTS] = {{"a silent header", 0},
                      {"a silent list", 0},
                      {"a silent LOAD", 0},
                      {"a silent SAVE", 0},
                      /* An operation that waits is tried again, a turn for each of the victim's. */
                      {"a SAVE behind a silent one", 30}};

static void put_operations(struct rogue_list *list, enum silent silent, uint32_t data) {
  const uint32_t table[] = {trine_op_word(TRINE_OP_TABLE, 4, 1), 0, 0, 1};
  const uint32_t load[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD, 1), TRINE_LOAD_WEIGHTS, 0,
                           WEIGHTS, data};
  const uint32_t save[] = {trine_op_word(TRINE_OP_SAVE, TRINE_WORDS_SAVE, 1), 0, ENTRIES, data};
  for (uint32_t n = 0; n < TABLES && silent == SILENT_LIST; n++) {
    rogue_add(list, table, 4);
  }
  if (silent == SILENT_LOAD) {
    rogue_add(list, load, TRINE_WORDS_LOAD);
  }
  for (uint32_t n = SILENT_SAVE; n <= (uint32_t)silent; n++) {
    rogue_add(list, save, TRINE_WORDS_SAVE);
  }
  rogue_add_bare(list, TRINE_OP_END);
}

static void start_silent(struct rogue *rogue, enum silent silent) {
  static const uint32_t places[SILENTS] = {0, BURST, DATA, DATA, DATA};
  struct rogue_list list = {.count = 0};
  const struct trine_sim_fault fault = {
      .base = rogue->window_base + rogue->program + places[silent],
      .len_bytes = SILENCE,
      .kind = TRINE_SIM_FAULT_SILENT,
      .on_read = silent < SILENT_SAVE,
      .on_write = silent >= SILENT_SAVE};
  ck_assert_int_eq(rogue->bench.ops->add_fault(rogue->bench.sim, &fault), TRINE_OK);
  put_operations(&list, silent, rogue->program + DATA);
  rogue_start(rogue, &list);
}

static uint32_t state_of(struct rogue *rogue) {
  return bench_read(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_STATUS)) &
         TRINE_DOMAIN_STATUS_STATE_MASK;
}

/* From scratch, and resident. */
static void measure(struct victim *victim, const char *what, uint64_t cycles[2]) {
  victim_forget(victim);
  cycles[0] = victim_run(victim, what);
  cycles[1] = victim_run(victim, what);
}

static void compare(struct victim *victim, const uint64_t alone[2], const char *what,
                    uint32_t most) {
  uint64_t beside[2];
  measure(victim, what, beside);
  for (uint32_t n = 0; n < 2; n++) {
    printf("%s: %" PRIu64 " cycles alone, %" PRIu64 " beside\n", what, alone[n], beside[n]);
    ck_assert_msg(100 * beside[n] <= (TIMES + most) * alone[n] + 100 * MORE,
                  "%s: %" PRIu64 " cycles alone, %" PRIu64 " beside", what, alone[n], beside[n]);
  }
}

/* Silent slots on all cores but the last, where the victim runs: while they wait, while they stop,
 * and when they are in quarantine. */
static void run_silent(const char *config, uint32_t cores, enum silent silent) {
  struct seed_stream stream = seed_start("apart");
  const uint64_t top = trine_sim_defaults().memory_bytes;
  struct rogue rogue, rogues[MOST_ROGUES];
  struct bench *bench = &rogue.bench;
  struct victim victim;
  uint64_t alone[2];
  rogue_open_alone(&rogue, &stream, config);
  bench_write(bench, TRINE_GLOBAL_WATCHDOG, PATIENCE);
  victim_open(&victim, bench, &stream, UINT32_C(1) << (cores - 1));
  measure(&victim, "nobody", alone);
  measure(&victim, "nobody", alone);
  for (uint32_t n = 0; n + 1 < cores; n++) {
    rogues[n] = rogue;
    rogues[n].slot = n;
    rogues[n].core_mask = UINT32_C(1) << n;
    rogues[n].window_base = top - (n + 1) * APART;
    start_silent(&rogues[n], silent);
  }
  bench_step(bench, SETTLE);
  compare(&victim, alone, silents[silent].name, silents[silent].most * (cores - 1));
  for (uint32_t n = 0; n + 1 < cores; n++) {
    ck_assert_msg(state_of(&rogues[n]) == TRINE_DOMAIN_STATUS_STATE_RUNNING,
                  "%s ends in state %u, code %u", silents[silent].name, state_of(&rogues[n]),
                  bench_read(bench, bench_domain(n, TRINE_DOMAIN_ERROR_CODE)));
    rogue_abort(&rogues[n]);
  }
  compare(&victim, alone, "what is stopping", 0);
  for (uint32_t n = 0; n + 1 < cores; n++) {
    ck_assert_uint_eq(state_of(&rogues[n]), TRINE_DOMAIN_STATUS_STATE_STOPPING);
  }
  bench_step(bench, PATIENCE);
  for (uint32_t n = 0; n + 1 < cores; n++) {
    ck_assert_uint_eq(state_of(&rogues[n]), TRINE_DOMAIN_STATUS_STATE_ERROR);
  }
  ck_assert_uint_eq(bench_read(bench, TRINE_GLOBAL_QUARANTINE), (1u << (cores - 1)) - 1);
  compare(&victim, alone, "what is in quarantine", 0);
  victim_close(&victim);
  rogue_close(&rogue);
}

START_TEST(test_silent_slots_cost_others_nothing) {
  run_silent("duo", 2, (enum silent)_i);
}
END_TEST

START_TEST(test_seven_silent_slots_cost_others_nothing) {
  run_silent("octo", 8, (enum silent)_i);
}
END_TEST

/* Slots that start from scratch in any order, a few cycles apart. */
static void run_together(const char *config, const uint32_t *masks, uint32_t count, uint32_t draws,
                         uint32_t stalls) {
  enum { MOST = 4, GAP = 400 };
  struct seed_stream stream = seed_start("together");
  struct trine_sim_options memory = trine_sim_defaults();
  struct bench bench;
  struct victim victims[MOST];
  memory.stall_permille = stalls;
  memory.seed = seed_next(&stream);
  bench_open(&bench, config, &memory);
  for (uint32_t n = 0; n < count; n++) {
    victim_open(&victims[n], &bench, &stream, masks[n]);
  }
  for (uint32_t draw = 0; draw < draws; draw++) {
    const uint32_t first = (uint32_t)seed_uniform(&stream, 0, count - 1);
    for (uint32_t n = 0; n < count; n++) {
      victim_forget(&victims[n]);
    }
    for (uint32_t n = 0; n < count; n++) {
      bench_step(&bench, (uint64_t)seed_uniform(&stream, 0, GAP));
      victim_start(&victims[(first + n) % count], "another START");
    }
    for (uint32_t n = 0; n < count; n++) {
      (void)victim_wait(&victims[n], "another START");
    }
  }
  for (uint32_t n = 0; n < count; n++) {
    victim_close(&victims[n]);
  }
  bench_close(&bench);
}

START_TEST(test_starts_at_the_same_time_are_exact) {
  static const uint32_t masks[] = {1, 2};
  run_together("duo", masks, 2, 24, _i == 0 ? 0 : 300);
}
END_TEST

START_TEST(test_starts_of_several_cores_at_the_same_time_are_exact) {
  static const uint32_t masks[] = {0x01, 0x22, 0x5c, 0x80};
  run_together("octo", masks, 4, 6, _i == 0 ? 0 : 300);
}
END_TEST

/* Wherever in its header, list or LOADs the other is. */
static void run_beside_aborts(const char *config, bool both, uint32_t mask, uint32_t draws) {
  struct seed_stream stream = seed_start("aborted loads");
  struct rogue rogue;
  struct victim victim;
  uint32_t aborted = 0;
  rogue_open_on(&rogue, &stream, both, config);
  struct bench *bench = &rogue.bench;
  rogue_move(&rogue, trine_sim_defaults().memory_bytes - APART);
  victim_open(&victim, bench, &stream, mask);
  rogue_start(&rogue, &rogue.good);
  const struct rogue_result good = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_msg(good.end == ROGUE_DONE, "code %u, operation %u", good.code, good.op);
  const uint64_t loads = bench_read64(bench, bench_domain(rogue.slot, TRINE_DOMAIN_LOAD_CYCLES_LO));
  for (uint32_t draw = 0; draw < draws; draw++) {
    rogue_honest_is_exact(&rogue, "beside nobody");
    victim_forget(&victim);
    victim_start(&victim, "a START that is aborted");
    rogue.slot = trine_job_slot(victim.job.job) == 0 ? 1 : 0;
    bench_step(bench, (uint64_t)seed_uniform(&stream, 0, (int64_t)loads));
    rogue_start(&rogue, &rogue.good);
    bench_step(bench, (uint64_t)seed_uniform(&stream, 0, (int64_t)loads));
    rogue_abort(&rogue);
    const struct rogue_result result = rogue_wait_beside(&rogue);
    ck_assert_msg(result.end == ROGUE_DONE || result.code == TRINE_ERROR_ABORTED, "code %u",
                  result.code);
    aborted += result.end == ROGUE_ERROR;
    (void)victim_wait(&victim, "a START that is aborted");
  }
  printf("%u of %u STARTs aborted on %s, whose loading takes %" PRIu64 " cycles\n", aborted, draws,
         config, loads);
  ck_assert_uint_gt(aborted, draws / 2);
  rogue_honest_is_exact(&rogue, "after STARTs that were aborted");
  victim_close(&victim);
  rogue_close(&rogue);
}

START_TEST(test_a_start_beside_one_that_is_aborted_is_exact) {
  run_beside_aborts("duo", false, 2, 120);
}
END_TEST

START_TEST(test_a_start_beside_two_ranks_that_are_aborted_is_exact) {
  run_beside_aborts("octo", true, 0x24, 24);
}
END_TEST

void errors_add_apart(Suite *suite) {
  TCase *tests = tcase_create("apart");
  TCase *octo = tcase_create("apart-octo");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_set_timeout(octo, TIMEOUT_SECONDS);
  tcase_add_loop_test(tests, test_silent_slots_cost_others_nothing, 0, SILENTS);
  tcase_add_loop_test(tests, test_starts_at_the_same_time_are_exact, 0, 2);
  tcase_add_test(tests, test_a_start_beside_one_that_is_aborted_is_exact);
  tcase_add_loop_test(octo, test_seven_silent_slots_cost_others_nothing, 0, SILENTS);
  tcase_add_loop_test(octo, test_starts_of_several_cores_at_the_same_time_are_exact, 0, 2);
  tcase_add_test(octo, test_a_start_beside_two_ranks_that_are_aborted_is_exact);
  suite_add_tcase(suite, tests);
  suite_add_tcase(suite, octo);
}
