/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_ends: nothing of a program outlives its end. Programs that leave streams behind them,
 * runs cut short and aborts at every cycle of a run; after each, another tenant starts on the same
 * cores at once and is exact.
 *
 * TRINE_CUTS sets the number of random programs, TRINE_ABORTS that of aborts (0: one a cycle). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 3600, DEFAULT_CUTS = 300, DEFAULT_ABORTS = 0, BETWEEN_CUTS = 12 };

static void cut_all(struct rogue_list *list, uint32_t op) {
  for (uint32_t at; (at = rogue_find(list, op, 0)) != UINT32_MAX;) {
    rogue_cut(list, at);
  }
}

/* A chip, and a program whose rows are read and never used: no RUN takes them, nothing is written.
 */
static void open_unused(struct rogue *rogue, struct rogue_list *list) {
  struct seed_stream stream = seed_start("ends");
  rogue_open(rogue, &stream, false);
  *list = rogue->good;
  cut_all(list, TRINE_OP_WRITE);
  cut_all(list, TRINE_OP_RUN);
}

/* A reader whose rows nobody takes can not end: END waits for it, and the watchdog says so. */
START_TEST(test_end_waits_for_a_reader) {
  struct rogue rogue;
  struct rogue_list list;
  open_unused(&rogue, &list);
  list.words[rogue_find(&list, TRINE_OP_TABLE, 1) + 3] = 9; /* more rows than slots */
  rogue_start(&rogue, &list);
  struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_int_eq(result.end, ROGUE_ERROR);
  ck_assert_uint_eq(result.code, TRINE_ERROR_WATCHDOG);
  ck_assert_uint_eq(result.op, list.count - 1);
  rogue_honest_is_exact(&rogue, "after a READ without RUN");
  rogue_close(&rogue);
}
END_TEST

/* One that ends by itself, because the slots take all its rows, is waited for. */
START_TEST(test_a_reader_that_ends_by_itself_is_waited_for) {
  struct rogue rogue;
  struct rogue_list list;
  open_unused(&rogue, &list);
  uint32_t read = rogue_find(&list, TRINE_OP_READ, 0);
  uint32_t table = rogue_find(&list, TRINE_OP_TABLE, 1);
  list.words[read + 4] = (list.words[read + 4] & 0xffff) | 200u << 16; /* long rows */
  list.words[read + 5] = (list.words[read + 5] & 0xffff) | 1u << 16;   /* one sequence */
  list.words[table + 3] = 3;
  rogue_start(&rogue, &list);
  struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_DONE, "code %u, operation %u", result.code, result.op);
  rogue_honest_is_exact(&rogue, "after a READ that ended");
  rogue_close(&rogue);
}
END_TEST

/* Changes one operation of a rank as a program that leaves work behind would have it: for all that
 * do it, or, when it is named once more, for that rank alone. */
static void cut_at_random(struct rogue_list *list, uint32_t rank, struct seed_stream *stream) {
  static const uint32_t ops[] = {TRINE_OP_RUN, TRINE_OP_READ, TRINE_OP_WRITE};
  uint32_t op = ops[seed_uniform(stream, 0, 2)];
  uint32_t at = rogue_find_of(list, rank, op, 0);
  uint32_t end = rogue_find(list, TRINE_OP_END, 0);
  if (at == UINT32_MAX) {
    return;
  }
  switch (seed_uniform(stream, 0, 4)) {
    case 0:
      rogue_cut(list, at);
      break;
    case 1: /* once more behind all others */
      rogue_copy(list, at, end);
      trine_put_field(list->words + end, TRINE_FIELD_FIRST_RANKS, UINT32_C(1) << rank);
      break;
    case 2: { /* other numbers of steps, rows or sequences than the others have */
      uint32_t *word = &list->words[op == TRINE_OP_RUN ? at + 2 : at + 5];
      *word = op == TRINE_OP_RUN ? (uint32_t)seed_uniform(stream, 1, *word + 1)
                                 : (*word & 0xffff) | 1u << 16;
      break;
    }
    case 3: /* rows of a reader or writer somewhere else, or longer */
      if (op == TRINE_OP_READ) {
        list->words[at + 4] += (uint32_t)seed_uniform(stream, 1, 300) << 16;
      } else {
        rogue_cut(list, at);
      }
      break;
    default: { /* a table entry of other length */
      uint32_t table =
          rogue_find_of(list, rank, TRINE_OP_TABLE, (uint32_t)seed_uniform(stream, 0, 1));
      if (table != UINT32_MAX) {
        list->words[table + 3] = (uint32_t)seed_uniform(stream, 1, 9);
      }
      break;
    }
  }
}

START_TEST(test_programs_that_leave_work_behind_harm_nobody) {
  struct seed_stream stream = seed_start("cut programs");
  long cuts = errors_number("TRINE_CUTS", DEFAULT_CUTS), done = 0;
  for (long n = 0; n < cuts;) {
    struct rogue rogue;
    rogue_open(&rogue, &stream, _i != 0);
    for (long stop = n + BETWEEN_CUTS; n < cuts && n < stop; n++) {
      struct rogue_list list;
      list = rogue.good;
      for (int64_t changes = seed_uniform(&stream, 1, 3); changes > 0; changes--) {
        cut_at_random(&list, (uint32_t)seed_uniform(&stream, 0, rogue_ranks(&rogue) - 1), &stream);
      }
      rogue_start(&rogue, &list);
      bool is_aborted = seed_uniform(&stream, 0, 3) == 0;
      if (is_aborted) {
        bench_step(&rogue.bench, (uint64_t)seed_uniform(&stream, 0, 3000));
        rogue_abort(&rogue);
      }
      uint64_t look = seed_uniform(&stream, 0, 1) == 0 ? ROGUE_LOOK : 0;
      struct rogue_result result = rogue_wait(&rogue, look);
      done += result.end == ROGUE_DONE;
      char what[64];
      (void)snprintf(what, sizeof what, "after cut program %ld (code %u)", n, result.code);
      rogue_honest_is_exact(&rogue, what);
    }
    rogue_close(&rogue);
  }
  printf("%ld cut programs on %s, %ld ended done\n", cuts, _i != 0 ? "two cores" : "a core", done);
  ck_assert_int_lt(done, cuts);
}
END_TEST

START_TEST(test_an_abort_at_any_cycle_leaves_nothing) {
  struct seed_stream stream = seed_start("aborts");
  struct rogue rogue;
  rogue_open(&rogue, &stream, _i != 0);
  rogue_start(&rogue, &rogue.good);
  ck_assert_int_eq(rogue_wait(&rogue, ROGUE_LOOK).end, ROGUE_DONE);
  uint64_t cycles = bench_read64(&rogue.bench, bench_domain(rogue.slot, TRINE_DOMAIN_CYCLES_LO));
  long aborts = errors_number("TRINE_ABORTS", DEFAULT_ABORTS);
  uint64_t stride = aborts > 0 && (uint64_t)aborts < cycles ? cycles / (uint64_t)aborts : 1;
  long count = 0;
  for (uint64_t at = (uint64_t)seed_uniform(&stream, 0, (int64_t)stride - 1); at < cycles;
       at += stride) {
    rogue_start(&rogue, &rogue.good);
    bench_step(&rogue.bench, at);
    rogue_abort(&rogue);
    struct rogue_result result = rogue_wait(&rogue, 0);
    ck_assert_msg(result.end == ROGUE_DONE || result.code == TRINE_ERROR_ABORTED,
                  "aborted at cycle %llu: code %u", (unsigned long long)at, result.code);
    char what[64];
    (void)snprintf(what, sizeof what, "after an abort at cycle %llu", (unsigned long long)at);
    rogue_honest_is_exact(&rogue, what);
    count++;
  }
  printf("%ld aborts in a run of %llu cycles on %s\n", count, (unsigned long long)cycles,
         _i != 0 ? "two cores" : "a core");
  rogue_close(&rogue);
}
END_TEST

void errors_add_ends(Suite *suite) {
  TCase *ends = tcase_create("ends");
  tcase_set_timeout(ends, TIMEOUT_SECONDS);
  tcase_add_test(ends, test_end_waits_for_a_reader);
  tcase_add_test(ends, test_a_reader_that_ends_by_itself_is_waited_for);
  suite_add_tcase(suite, ends);
  TCase *cuts = tcase_create("cuts");
  tcase_set_timeout(cuts, TIMEOUT_SECONDS);
  tcase_add_loop_test(cuts, test_programs_that_leave_work_behind_harm_nobody, 0, 2);
  suite_add_tcase(suite, cuts);
  TCase *aborts = tcase_create("aborts");
  tcase_set_timeout(aborts, TIMEOUT_SECONDS);
  tcase_add_loop_test(aborts, test_an_abort_at_any_cycle_leaves_nothing, 0, 2);
  suite_add_tcase(suite, aborts);
}
