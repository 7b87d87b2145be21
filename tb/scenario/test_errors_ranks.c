/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_ranks: one list for all ranks: which ranks an operation may name, who answers for
 * what one of them refuses, SAVEs of two ranks, how long a list is and how much of the memory
 * behind it is read. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "errors.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, MASK_BITS = 16, AT_ONCE = 128 };

static void expect(const struct rogue_result *result, const char *what, uint32_t code,
                   uint32_t core, uint32_t op, uint32_t address) {
  ck_assert_msg(result->end == ROGUE_ERROR && result->code == code && result->core == core &&
                    result->op == op && result->address == address,
                "%s: state %d, code %u, core %u, operation %u, 0x%" PRIx64
                "; not code %u, core %u, operation %u, 0x%x",
                what, result->end, result->code, result->core, result->op, result->address, code,
                core, op, address);
}

/* The good list and, before its END, a BARRIER and a SAVE: each kind of operation is there. */
static struct rogue_list list_of_all(const struct rogue *rogue) {
  const uint32_t save[TRINE_WORDS_SAVE] = {trine_op_word(TRINE_OP_SAVE, TRINE_WORDS_SAVE, 1), 0, 1,
                                           rogue->program + 4 * ROGUE_PROGRAM_WORDS - 64};
  const uint32_t barrier = trine_op_word(TRINE_OP_BARRIER, TRINE_WORDS_BARRIER, 0);
  struct rogue_list list = rogue->good;
  rogue_put(&list, list.count - 1, &barrier, 1);
  rogue_put(&list, list.count - 1, save, TRINE_WORDS_SAVE);
  return list;
}

static void refuse_ranks(struct rogue *rogue, const struct rogue_list *good, uint32_t at,
                         uint32_t ranks, uint32_t code) {
  struct rogue_list list = *good;
  trine_put_field(list.words + at, TRINE_FIELD_FIRST_RANKS, ranks);
  rogue_start(rogue, &list);
  const struct rogue_result result = rogue_wait(rogue, 0);
  expect(&result, trine_op_name(list.words[at] & 0xff), code, 0, at, list.words[at]);
}

/* On one core, and on two. */
START_TEST(test_an_operation_names_ranks_there_are) {
  static const uint32_t ops[] = {TRINE_OP_LOAD, TRINE_OP_SAVE,   TRINE_OP_CHANNEL, TRINE_OP_CONTEXT,
                                 TRINE_OP_READ, TRINE_OP_WRITE,  TRINE_OP_TABLE,   TRINE_OP_RUN,
                                 TRINE_OP_END,  TRINE_OP_BARRIER};
  struct seed_stream stream = seed_start("ranks");
  struct rogue rogue;
  uint32_t count = 0;
  rogue_open(&rogue, &stream, _i == 1);
  const struct rogue_list good = list_of_all(&rogue);
  rogue_start(&rogue, &good);
  ck_assert_int_eq(rogue_wait(&rogue, 0).end, ROGUE_DONE);
  for (uint32_t n = 0; n < sizeof ops / sizeof ops[0]; n++) {
    const bool is_bare = ops[n] == TRINE_OP_END || ops[n] == TRINE_OP_BARRIER;
    const uint32_t code = is_bare ? TRINE_ERROR_RESERVED : TRINE_ERROR_FIELD;
    const uint32_t at = rogue_find(&good, ops[n], 0), ranks = trine_op_ranks(good.words[at]);
    for (uint32_t bit = is_bare ? 0 : rogue_ranks(&rogue); bit < MASK_BITS; bit++) {
      refuse_ranks(&rogue, &good, at, ranks | 1u << bit, code);
      refuse_ranks(&rogue, &good, at, 1u << bit, code);
      count += 2;
    }
    if (!is_bare) {
      refuse_ranks(&rogue, &good, at, 0, code);
    }
    if (ops[n] == TRINE_OP_LOAD && rogue_ranks(&rogue) == 2) {
      refuse_ranks(&rogue, &good, at, 3, code);
    }
  }
  rogue_honest_is_exact(&rogue, "after ranks that are not there");
  printf("%u masks of ranks refused\n", count);
  rogue_close(&rogue);
}
END_TEST

/* What the words say is right, and a rank cannot do it as it is: its core says so; of two that both
 * cannot, the lower. */
START_TEST(test_what_a_rank_refuses_is_told_by_its_core) {
  static const struct { uint32_t ranks, core; } cases[] = {{1, 0}, {2, 1}, {3, 0}};
  struct seed_stream stream = seed_start("ranks");
  struct rogue rogue;
  rogue_open(&rogue, &stream, true);
  for (uint32_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    const uint32_t run[] = {trine_op_word(TRINE_OP_RUN, TRINE_WORDS_RUN, cases[n].ranks), 1u << 7,
                            1};
    struct rogue_list list = rogue.good;
    const uint32_t at = list.count - 1;
    rogue_put(&list, at, run, TRINE_WORDS_RUN);
    rogue_start(&rogue, &list);
    struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
    expect(&result, "RUN of nothing", TRINE_ERROR_FIELD, cases[n].core, at, run[1]);
    const uint32_t channel[] = {
        trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL, cases[n].ranks), 15, 0, 0};
    list = rogue.good;
    rogue_put(&list, at, channel, TRINE_WORDS_CHANNEL);
    rogue_start(&rogue, &list);
    result = rogue_wait(&rogue, ROGUE_LOOK);
    expect(&result, "CHANNEL behind a RUN", TRINE_ERROR_SETUP, cases[n].core, at, channel[1]);
  }
  rogue_honest_is_exact(&rogue, "after operations that one rank refused");
  rogue_close(&rogue);
}
END_TEST

/* Both are named, and only rank 1 has not what it takes. */
START_TEST(test_one_of_two_ranks_refuses) {
  struct seed_stream stream = seed_start("ranks");
  struct rogue rogue;
  rogue_open(&rogue, &stream, true);
  struct rogue_list list = rogue.good;
  const uint32_t context = rogue_find_of(&list, 0, TRINE_OP_CONTEXT, 0);
  const uint32_t which = trine_field(list.words + context, TRINE_FIELD_CONTEXT_CONTEXT);
  uint32_t at, nth = 0;
  while ((at = rogue_find_of(&list, 1, TRINE_OP_CONTEXT, nth)) != UINT32_MAX) {
    const bool is_it = trine_field(list.words + at, TRINE_FIELD_CONTEXT_CONTEXT) == which;
    if (is_it && trine_op_ranks(list.words[at]) == 2) {
      rogue_cut(&list, at);
    } else if (is_it) {
      trine_put_field(list.words + at, TRINE_FIELD_FIRST_RANKS, 1);
    } else {
      nth++;
    }
  }
  const uint32_t run[] = {trine_op_word(TRINE_OP_RUN, TRINE_WORDS_RUN, 3), 1u << which, 1};
  at = rogue_find(&list, TRINE_OP_RUN, 0);
  rogue_put(&list, at, run, TRINE_WORDS_RUN);
  rogue_start(&rogue, &list);
  const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  expect(&result, "a context that rank 1 has not", TRINE_ERROR_FIELD, 1, at, run[1]);
  rogue_honest_is_exact(&rogue, "after a RUN that one rank refused");
  rogue_close(&rogue);
}
END_TEST

/* Ranks save by themselves, at the same time: each its own states, also when both are named. */
START_TEST(test_two_ranks_save) {
  enum { PLACES = 5, BEHIND = 8192 };
  struct seed_stream stream = seed_start("ranks");
  struct rogue rogue;
  struct rogue_list list = {.count = 0};
  uint32_t place[PLACES], seen[2] = {0};
  rogue_open(&rogue, &stream, true);
  for (uint32_t n = 0; n < PLACES; n++) {
    place[n] = rogue.program + BEHIND + 4 * AT_ONCE * n;
  }
  for (uint32_t n = 0; n < 2 * AT_ONCE; n++) {
    rogue_poke(&rogue, place[0] + 4 * n, n + 1);
  }
  for (uint32_t rank = 0; rank < 2; rank++) {
    const uint32_t load[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD, 1u << rank),
                             TRINE_LOAD_STATE, 0, AT_ONCE, place[rank]};
    rogue_add(&list, load, TRINE_WORDS_LOAD);
  }
  for (uint32_t ranks = 1; ranks < 4; ranks++) {
    const uint32_t save[] = {trine_op_word(TRINE_OP_SAVE, TRINE_WORDS_SAVE, ranks), 0, AT_ONCE,
                             place[1 + ranks]};
    rogue_add(&list, save, TRINE_WORDS_SAVE);
  }
  rogue_add_bare(&list, TRINE_OP_END);
  rogue_start(&rogue, &list);
  const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_DONE, "code %u, operation %u", result.code, result.op);
  for (uint32_t n = 0; n < AT_ONCE; n++) {
    const uint32_t of_0 = n + 1, of_1 = AT_ONCE + n + 1;
    const uint32_t both = rogue_peek(&rogue, place[4] + 4 * n) & 0xffff;
    ck_assert_uint_eq(rogue_peek(&rogue, place[2] + 4 * n) & 0xffff, of_0);
    ck_assert_uint_eq(rogue_peek(&rogue, place[3] + 4 * n) & 0xffff, of_1);
    ck_assert_msg(both == of_0 || both == of_1, "entry %u of both is 0x%x", n, both);
    seen[both == of_1]++;
  }
  printf("of both, %u words are rank 0's and %u rank 1's\n", seen[0], seen[1]);
  rogue_honest_is_exact(&rogue, "after SAVEs of two ranks");
  rogue_close(&rogue);
}
END_TEST

/* Header word 6, and word 2 where it must follow. */
START_TEST(test_a_header_says_how_long_its_list_is) {
  enum { WORDS = 6, BYTES = 2 };
  struct seed_stream stream = seed_start("ranks");
  struct rogue rogue;
  uint32_t words[ROGUE_PROGRAM_WORDS];
  rogue_open(&rogue, &stream, true);
  const uint32_t count = rogue_join(&rogue, &rogue.good, words), list = words[WORDS];
  const struct {
    uint32_t words, bytes;
    bool is_head; /* the header is told; otherwise the last block does not fit */
  } cases[] = {{0, 4 * count, true},
               {1, 4 * count, false},
               {2, 4 * count, false},
               {3, 4 * count, false},
               {list - 1, 4 * count, false},
               {list + 1, 4 * count, true},
               {list + 1, 4 * count + 4, false},
               {list + 2, 4 * count + 8, false},
               {(1u << TRINE_LIST_BITS) + list, 0x10000000, true},
               {0x40000000 + list, 4 * count, true}, /* 4 times as many wrap around */
               {0x80000000 + list, 0x7fffffff, true},
               {UINT32_MAX, UINT32_MAX - rogue.program - 8, true}};
  for (uint32_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    words[WORDS] = cases[n].words;
    words[BYTES] = cases[n].bytes;
    bench_seal_header(words);
    rogue_start_words(&rogue, words, count);
    const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
    ck_assert_msg(result.code == TRINE_ERROR_LIST && result.core == 0, "case %u: code %u, core %u",
                  n, result.code, result.core);
    ck_assert_msg(!cases[n].is_head || (result.place == 0 && result.address == cases[n].words),
                  "case %u: place %u, 0x%" PRIx64, n, result.place, result.address);
  }
  rogue_honest_is_exact(&rogue, "after lists of other lengths");
  rogue_close(&rogue);
}
END_TEST

/* A program of less than the 128 bytes that are read at once: anything may follow, but inside the
 * window. */
START_TEST(test_a_short_program_is_followed_by_anything) {
  enum { AT_ONCE_WORDS = 32 };
  static const struct {
    uint32_t bytes; /* from the program to the window's end */
    uint32_t code;
  } ends[] = {{128, 0}, {136, 0}, {120, TRINE_ERROR_WINDOW}, {64, TRINE_ERROR_WINDOW}};
  struct seed_stream stream = seed_start("ranks");
  struct rogue rogue;
  struct rogue_list list = {.count = 0};
  uint32_t words[ROGUE_PROGRAM_WORDS];
  rogue_open(&rogue, &stream, true);
  rogue_add_bare(&list, TRINE_OP_BARRIER);
  rogue_add_bare(&list, TRINE_OP_END);
  const uint32_t count = rogue_join(&rogue, &list, words);
  ck_assert_uint_lt(count, AT_ONCE_WORDS);
  for (uint32_t n = 0; n < sizeof ends / sizeof ends[0]; n++) {
    for (uint32_t at = count; at < AT_ONCE_WORDS; at++) {
      words[at] = seed_uniform(&stream, 0, 1) == 0 ? UINT32_MAX : (uint32_t)seed_next(&stream);
    }
    rogue_start_in(&rogue, words, AT_ONCE_WORDS, rogue.program + ends[n].bytes);
    const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
    ck_assert_msg(result.code == ends[n].code, "%u bytes: state %d, code %u", ends[n].bytes,
                  result.end, result.code);
    ck_assert_msg(result.code == 0 || result.core == 0, "core %u", result.core);
  }
  rogue_honest_is_exact(&rogue, "after short programs");
  rogue_close(&rogue);
}
END_TEST

void errors_add_ranks(Suite *suite) {
  TCase *tests = tcase_create("ranks");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_loop_test(tests, test_an_operation_names_ranks_there_are, 0, 2);
  tcase_add_test(tests, test_what_a_rank_refuses_is_told_by_its_core);
  tcase_add_test(tests, test_one_of_two_ranks_refuses);
  tcase_add_test(tests, test_two_ranks_save);
  tcase_add_test(tests, test_a_header_says_how_long_its_list_is);
  tcase_add_test(tests, test_a_short_program_is_followed_by_anything);
  suite_add_tcase(suite, tests);
}
