/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_remains: what the last owner of a core left in its rings, in the slots of its writers
 * and in its table of sequences. A spy names more of them than its own words fill, and sees zeros,
 * or is refused. Channels and writers of a program before hear nothing more. And what two programs
 * get that no driver makes: writers of one channel on two cores. */
#include <check.h>
#include <string.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, PLACES = 8 };

/* Of the spy on duo: a dense layer of four rows that adds up all bytes of a slot of 16 words, of
 * which its reader fills one with zeros; its row has twice the bytes that it publishes. */
enum {
  CHUNKS = 16,
  WORD_BYTES = 64,
  ROWS = 8,
  UNITS = 4,
  ROW_BYTES = 8,
  MULTIPLIER_ONE = 1 << 30,
  AT_WEIGHTS = 8192, /* behind the program */
  AT_PARAMS = AT_WEIGHTS + CHUNKS * WORD_BYTES,
  AT_INPUT = AT_PARAMS + ROWS * 16,
  AT_OUTPUT = AT_INPUT + 64,
  X = 0, /* channels */
  Y = 1,
  FAR_ENTRY = 400, /* of the table; no program of these tests comes as far */
  NEAR_RING = 256,
  FAR_RING = 4000
};

struct spy {
  uint32_t ring, ram;     /* first words of its slots */
  uint32_t first, tables; /* entries that it reads, and writes */
  uint32_t writer;        /* of the core's two */
};

static void put_loads(struct rogue_list *list, uint32_t data) {
  const uint32_t weights[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD, 1), TRINE_LOAD_WEIGHTS,
                              0, CHUNKS, data + AT_WEIGHTS};
  const uint32_t params[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD, 1), TRINE_LOAD_PARAMS,
                             0, ROWS, data + AT_PARAMS};
  rogue_add(list, weights, TRINE_WORDS_LOAD);
  rogue_add(list, params, TRINE_WORDS_LOAD);
}

static void put_channel(struct rogue_list *list, uint32_t channel, uint32_t ring, uint32_t stride) {
  const uint32_t words[] = {trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL, 1),
                            channel | 1 << 8, ring | stride << 16, 1};
  rogue_add(list, words, TRINE_WORDS_CHANNEL);
}

static void put_context(struct rogue_list *list, uint32_t listeners) {
  const uint32_t words[] = {trine_op_word(TRINE_OP_CONTEXT, TRINE_WORDS_CONTEXT, 1),
                            1 << 4 | X << 8 | Y << 12 | listeners << 16,
                            CHUNKS,
                            1 | UNITS << 16,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0x7f800000,
                            0,
                            0};
  rogue_add(list, words, TRINE_WORDS_CONTEXT);
}

static void put_table(struct rogue_list *list, uint32_t entries) {
  for (uint32_t n = 0; n < entries; n++) {
    const uint32_t words[] = {trine_op_word(TRINE_OP_TABLE, 4, 1), n, 0, 1};
    rogue_add(list, words, 4);
  }
}

static void put_write(struct rogue_list *list, uint32_t data, uint32_t writer, uint32_t ram) {
  const uint32_t words[] = {trine_op_word(TRINE_OP_WRITE, TRINE_WORDS_WRITE, 1),
                            writer | Y << 4,
                            data + AT_OUTPUT,
                            ROW_BYTES,
                            ROW_BYTES,
                            1 << 16,
                            ram | 1 << 16,
                            0};
  rogue_add(list, words, TRINE_WORDS_WRITE);
}

static void put_read(struct rogue_list *list, uint32_t data, uint32_t first) {
  const uint32_t words[] = {trine_op_word(TRINE_OP_READ, TRINE_WORDS_READ, 1),
                            X << 4 | 1 << 8,
                            data + AT_INPUT,
                            8,
                            1 | 1 << 16,
                            first | 1 << 16,
                            0};
  rogue_add(list, words, TRINE_WORDS_READ);
}

static void put_run(struct rogue_list *list) {
  const uint32_t words[] = {trine_op_word(TRINE_OP_RUN, TRINE_WORDS_RUN, 1), 1, 1};
  rogue_add(list, words, TRINE_WORDS_RUN);
}

/* Weights of 1, requantisation by 1, an input of zeros, an output that nobody wrote. */
static void put_data(struct rogue *rogue) {
  const uint32_t data = rogue->program;
  for (uint32_t n = 0; n < CHUNKS * WORD_BYTES; n += 4) {
    rogue_poke(rogue, data + AT_WEIGHTS + n, 0x01010101);
  }
  for (uint32_t n = 0; n < ROWS; n++) {
    const uint32_t row[] = {0, MULTIPLIER_ONE, 1, 0};
    for (uint32_t word = 0; word < 4; word++) {
      rogue_poke(rogue, data + AT_PARAMS + n * 16 + word * 4, row[word]);
    }
  }
  for (uint32_t n = 0; n < ROW_BYTES; n += 4) {
    rogue_poke(rogue, data + AT_INPUT + n, 0);
    rogue_poke(rogue, data + AT_OUTPUT + n, 0x55555555);
  }
}

static struct rogue_result run_spy(struct rogue *rogue, struct spy spy) {
  struct rogue_list spies = {.count = 0}, *list = &spies;
  rogue_honest_is_exact(rogue, "the owner before");
  put_data(rogue);
  put_loads(list, rogue->program);
  put_channel(list, X, spy.ring, CHUNKS);
  put_channel(list, Y, NEAR_RING, 1);
  put_context(list, 1);
  put_table(list, spy.tables);
  put_write(list, rogue->program, spy.writer, spy.ram);
  put_read(list, rogue->program, spy.first);
  put_run(list);
  rogue_add_bare(list, TRINE_OP_END);
  rogue_start(rogue, list);
  return rogue_wait(rogue, ROGUE_LOOK);
}

START_TEST(test_rings_and_slots_of_the_last_owner_are_0) {
  struct seed_stream stream = seed_start("remains");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  for (uint32_t n = 0; n < PLACES; n++) {
    const struct spy spy = {.ring = 2 * n, .ram = n, .tables = 1};
    const struct rogue_result result = run_spy(&rogue, spy);
    ck_assert_msg(result.end == ROGUE_DONE, "place %u: code %u, operation %u", n, result.code,
                  result.op);
    const uint32_t sums = rogue_peek(&rogue, rogue.program + AT_OUTPUT);
    const uint32_t rest = rogue_peek(&rogue, rogue.program + AT_OUTPUT + 4);
    ck_assert_msg(sums == 0, "ring words of another from %u on: 0x%08x", spy.ring, sums);
    ck_assert_msg(rest == 0, "a writer's word %u is another's: 0x%08x", n, rest);
  }
  rogue_close(&rogue);
}
END_TEST

/* Kept h where nothing was loaded: the rings are not wiped as far when the phase reads it. */
START_TEST(test_kept_h_is_the_owners_own) {
  struct seed_stream stream = seed_start("remains");
  struct rogue rogue;
  struct rogue_list list;
  rogue_open(&rogue, &stream, false);
  list = rogue.good;
  uint32_t *context = list.words + rogue_find(&list, TRINE_OP_CONTEXT, 0);
  context[1] |= 1 << 5;
  context[9] = FAR_RING << 16;
  rogue_start(&rogue, &list);
  const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_LOCAL_ADDRESS,
                "state %d, code %u", result.end, result.code);
  rogue_honest_is_exact(&rogue, "after kept h of nobody");
  rogue_close(&rogue);
}
END_TEST

/* Entries that the owner before has written, and that nobody has. */
START_TEST(test_a_sequence_that_no_table_wrote_is_refused) {
  struct seed_stream stream = seed_start("remains");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  const uint32_t entries[] = {1, FAR_ENTRY};
  for (uint32_t n = 0; n < 2; n++) {
    const struct spy spy = {.first = entries[n], .tables = 1};
    const struct rogue_result result = run_spy(&rogue, spy);
    ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_LOCAL_ADDRESS,
                  "entry %u: state %d, code %u", entries[n], result.end, result.code);
  }
  const struct spy good = {.first = 1, .tables = 2};
  ck_assert_int_eq(run_spy(&rogue, good).end, ROGUE_DONE);
  rogue_close(&rogue);
}
END_TEST

/* The nth operation of a kind is one of both ranks. */
static void name_both(struct rogue_list *list, uint32_t op, uint32_t nth) {
  trine_put_field(list->words + rogue_find(list, op, nth), TRINE_FIELD_FIRST_RANKS, 3);
}

/* Both cores of a domain write one channel: of a word each has, the front end's writers take one.
 */
START_TEST(test_two_cores_that_write_a_channel_overrun) {
  struct seed_stream stream = seed_start("remains");
  struct rogue rogue;
  struct rogue_list list = {.count = 0};
  rogue_open(&rogue, &stream, true);
  put_data(&rogue);
  put_loads(&list, rogue.program);
  put_channel(&list, X, 0, CHUNKS);
  put_channel(&list, Y, NEAR_RING, 1);
  name_both(&list, TRINE_OP_CHANNEL, 1);
  put_context(&list, 2);
  put_table(&list, 1);
  name_both(&list, TRINE_OP_TABLE, 0);
  put_write(&list, rogue.program, 0, 0);
  name_both(&list, TRINE_OP_WRITE, 0);
  put_read(&list, rogue.program, 0);
  put_run(&list);
  rogue_add_bare(&list, TRINE_OP_END);
  rogue_start(&rogue, &list);
  const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_OVERRUN,
                "state %d, code %u", result.end, result.code);
  rogue_honest_is_exact(&rogue, "after two writers of a channel");
  rogue_close(&rogue);
}
END_TEST

/* A program from scratch listens to no channel that it does not name, whoever named it before. */
START_TEST(test_channels_of_the_program_before_are_gone) {
  struct seed_stream stream = seed_start("remains");
  struct rogue rogue;
  struct rogue_list list;
  rogue_open(&rogue, &stream, false);
  uint32_t at;
  for (uint32_t nth = 0; (at = rogue_find(&rogue.good, TRINE_OP_CHANNEL, nth)) != UINT32_MAX;
       nth++) {
    if (rogue.good.words[at + 3] == 0) {
      continue; /* nobody listens */
    }
    rogue_start(&rogue, &rogue.good);
    ck_assert_int_eq(rogue_wait(&rogue, 0).end, ROGUE_DONE);
    list = rogue.good;
    rogue_cut(&list, at);
    rogue_start(&rogue, &list);
    const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
    ck_assert_msg(result.end == ROGUE_ERROR, "channel %u is listened to still", nth);
  }
  rogue_honest_is_exact(&rogue, "after channels of nobody");
  rogue_close(&rogue);
}
END_TEST

/* Nor does a writer that it does not start, though the program before has left it a channel. */
START_TEST(test_writers_of_the_program_before_hear_nothing) {
  static const uint32_t writers[] = {1, 0, 1};
  struct seed_stream stream = seed_start("remains");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  for (uint32_t n = 0; n < sizeof writers / sizeof writers[0]; n++) {
    const struct spy spy = {.tables = 1, .writer = writers[n]};
    const struct rogue_result result = run_spy(&rogue, spy);
    ck_assert_msg(result.end == ROGUE_DONE, "writer %u: code %u, operation %u", spy.writer,
                  result.code, result.op);
    const uint32_t row = rogue_peek(&rogue, rogue.program + AT_OUTPUT);
    ck_assert_msg(row == 0, "a row of writer %u: 0x%08x", spy.writer, row);
  }
  rogue_honest_is_exact(&rogue, "after other writers");
  rogue_close(&rogue);
}
END_TEST

void errors_add_remains(Suite *suite) {
  TCase *tests = tcase_create("remains");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_rings_and_slots_of_the_last_owner_are_0);
  tcase_add_test(tests, test_kept_h_is_the_owners_own);
  tcase_add_test(tests, test_a_sequence_that_no_table_wrote_is_refused);
  tcase_add_test(tests, test_channels_of_the_program_before_are_gone);
  tcase_add_test(tests, test_writers_of_the_program_before_hear_nothing);
  tcase_add_test(tests, test_two_cores_that_write_a_channel_overrun);
  suite_add_tcase(suite, tests);
}
