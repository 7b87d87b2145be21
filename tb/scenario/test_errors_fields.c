/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_fields: every field of every operation: its smallest and largest legal value are
 * accepted, one beyond is refused with code, operation and value, and so is every reserved bit. And
 * what a program says about itself: its length, its list, what was executed of it. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "errors.h"
#include "fields.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600 };

static uint32_t mask_of(const struct field *field) {
  return (field->width == 32 ? UINT32_MAX : (1u << field->width) - 1) << field->low;
}

/* The good list with a word of one operation changed; where the operation stands. */
static uint32_t change(const struct rogue *rogue, struct rogue_list *list,
                       const struct field *field, uint32_t value) {
  *list = rogue->good;
  uint32_t at = rogue_find(list, field->op, field->nth);
  ck_assert_msg(at != UINT32_MAX, "%s: there is no such operation", field->name);
  uint32_t *word = list->words + at + field->word;
  *word = (*word & ~mask_of(field)) | value << field->low;
  return at;
}

static void accept_value(struct rogue *rogue, const struct field *field, uint32_t value) {
  struct rogue_list list;
  uint32_t at = change(rogue, &list, field, value);
  rogue_start(rogue, &list);
  struct rogue_result result = rogue_wait(rogue, 0);
  bool is_accepted = result.end == ROGUE_DONE ||
                     (field->report != FIELD_LATER && result.op != at) ||
                     result.code == TRINE_ERROR_WATCHDOG;
  ck_assert_msg(is_accepted, "%s: %u is legal, but code %u, operation %u of %u, 0x%" PRIx64,
                field->name, value, result.code, result.op, at, result.address);
}

static void expect_refused(const struct rogue_result *result, const char *name, uint32_t value,
                           uint32_t code, uint32_t at, const uint32_t *words, uint32_t word,
                           enum field_report report) {
  ck_assert_msg(result->end == ROGUE_ERROR && result->code == code,
                "%s: 0x%x must be code %u, and is state %d, code %u, operation %u", name, value,
                code, result->end, result->code, result->op);
  if (report != FIELD_LATER) {
    uint32_t at_word = report == FIELD_NEXT ? word + 1 : word;
    uint32_t address = words[report == FIELD_FIRST ? 1 : at_word];
    ck_assert_msg(result->op == at && result->address == address,
                  "%s: 0x%x: operation %u, 0x%" PRIx64 ", not %u, 0x%x", name, value, result->op,
                  result->address, at, address);
  }
}

static void refuse_value(struct rogue *rogue, const struct field *field, uint32_t value) {
  struct rogue_list list;
  uint32_t at = change(rogue, &list, field, value);
  rogue_start(rogue, &list);
  struct rogue_result result = rogue_wait(rogue, 0);
  expect_refused(&result, field->name, value, field->code, at, &list.words[at], field->word,
                 field->report);
}

START_TEST(test_each_field_has_its_range) {
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  uint32_t count = 0;
  rogue_open(&rogue, &stream, false);
  for (const struct field *field; (field = field_at(count)) != NULL; count++) {
    uint32_t most = field_most(field, &rogue.good);
    uint64_t beyond = (uint64_t)most + field->step;
    accept_value(&rogue, field, (uint32_t)field->least);
    accept_value(&rogue, field, most);
    if (field->code != 0) {
      ck_assert_uint_le(beyond, mask_of(field) >> field->low);
      refuse_value(&rogue, field, (uint32_t)beyond);
    }
    if (field->least > 0 && field->least != 33) {
      uint32_t code = field->report == FIELD_LATER ? TRINE_ERROR_FIELD : field->code;
      struct field none = *field;
      none.code = code;
      none.report = FIELD_WORD;
      refuse_value(&rogue, &none, (uint32_t)field->least - 1);
    }
    rogue_honest_is_exact(&rogue, field->name);
  }
  printf("%u fields\n", count);
  rogue_close(&rogue);
}
END_TEST

START_TEST(test_each_reserved_bit_is_refused) {
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  uint32_t count = 0;
  rogue_open(&rogue, &stream, false);
  for (uint32_t n = 0; reserved_at(n) != NULL; n++) {
    const struct reserved *reserved = reserved_at(n);
    for (uint32_t bit = 0; bit < 32; bit++) {
      struct rogue_list list;
      if ((reserved->bits >> bit & 1) == 0) {
        continue;
      }
      list = rogue.good;
      uint32_t at = rogue_find(&list, reserved->op, reserved->nth);
      list.words[at + reserved->word] |= 1u << bit;
      rogue_start(&rogue, &list);
      struct rogue_result result = rogue_wait(&rogue, 0);
      expect_refused(&result, reserved->name, 1u << bit, TRINE_ERROR_RESERVED, at, &list.words[at],
                     reserved->word, reserved->report);
      count++;
    }
  }
  rogue_honest_is_exact(&rogue, "after reserved bits");
  printf("%u reserved bits\n", count);
  rogue_close(&rogue);
}
END_TEST

/* A writer has a row and slots for the words of its channel, no more and no less. */
START_TEST(test_rows_of_a_writer_are_those_of_its_channel) {
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  struct rogue_list list;
  struct rogue_result result;
  do {
    rogue_open(&rogue, &stream, false);
    list = rogue.good;
    if (list.words[rogue_find(&list, TRINE_OP_WRITE, 0) + 4] <= 8) {
      rogue_close(&rogue); /* a row of one word */
      continue;
    }
    break;
  } while (true);
  uint32_t *write = list.words + rogue_find(&list, TRINE_OP_WRITE, 0);
  uint32_t bytes = (write[4] + 7) / 8 * 8;
  write[6] += write[6] & 0xffff0000; /* slots of twice the size: only the channel limits the row */
  write[4] = bytes;
  rogue_start(&rogue, &list);
  result = rogue_wait(&rogue, 0);
  ck_assert_msg(result.end == ROGUE_DONE, "a whole row: code %u", result.code);
  write[4] = bytes + 1;
  rogue_start(&rogue, &list);
  result = rogue_wait(&rogue, 0);
  ck_assert_uint_eq(result.code, TRINE_ERROR_FIELD);
  ck_assert_uint_eq(result.address, write[1]);
  write[4] = bytes;
  uint32_t channel = rogue_find(&list, TRINE_OP_CHANNEL, 0);
  const uint32_t behind = rogue_find(&list, TRINE_OP_WRITE, 0) + TRINE_WORDS_WRITE;
  rogue_copy(&list, channel, behind); /* which would change what was compared */
  rogue_start(&rogue, &list);
  result = rogue_wait(&rogue, 0);
  ck_assert_uint_eq(result.code, TRINE_ERROR_SETUP);
  ck_assert_uint_eq(result.op, behind);
  rogue_cut(&list, behind);
  write[4] = 1;
  write[6] = 1u << 16; /* slots for one word */
  rogue_start(&rogue, &list);
  result = rogue_wait(&rogue, 0);
  ck_assert_msg(result.code == TRINE_ERROR_OVERRUN, "slots too small: state %d, code %u",
                result.end, result.code);
  rogue_honest_is_exact(&rogue, "after rows of other lengths");
  rogue_close(&rogue);
}
END_TEST

/* The output range of a dense context: no minimum above the maximum, signed. */
START_TEST(test_an_output_range_is_not_empty) {
  static const uint32_t ranges[][3] = {/* minimum, maximum, code */
                                       {0x80, 0x7f, 0},
                                       {5, 5, 0},
                                       {0x80, 0x80, 0},
                                       {0xff, 0, 0},
                                       {5, 4, TRINE_ERROR_FIELD},
                                       {0, 0xff, TRINE_ERROR_FIELD},
                                       {0x7f, 0x80, TRINE_ERROR_FIELD}};
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  for (uint32_t n = 0; n < sizeof ranges / sizeof ranges[0]; n++) {
    struct rogue_list list;
    list = rogue.good;
    uint32_t at = rogue_find(&list, TRINE_OP_CONTEXT, 1);
    list.words[at + 11] = ranges[n][0] << 16 | ranges[n][1] << 24;
    rogue_start(&rogue, &list);
    struct rogue_result result = rogue_wait(&rogue, 0);
    ck_assert_msg(result.code == ranges[n][2], "0x%x to 0x%x: code %u", ranges[n][0], ranges[n][1],
                  result.code);
    ck_assert(result.code == 0 || (result.op == at && result.address == list.words[at + 11]));
  }
  rogue_close(&rogue);
}
END_TEST

START_TEST(test_save_is_bounded) {
  static const uint32_t saves[][5] = {/* entry, count, destination, code */
                                      {0, 1, 0, 0},
                                      {0, 4096, 0, 0},
                                      {4095, 1, 0, 0},
                                      {0, 4097, 0, TRINE_ERROR_LOCAL_ADDRESS},
                                      {4095, 2, 0, TRINE_ERROR_LOCAL_ADDRESS},
                                      {UINT32_MAX, 2, 0, TRINE_ERROR_LOCAL_ADDRESS},
                                      {0, 0, 0, TRINE_ERROR_FIELD},
                                      {0, 1, 4, TRINE_ERROR_RESERVED}};
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  for (uint32_t n = 0; n < sizeof saves / sizeof saves[0]; n++) {
    struct rogue_list list;
    /* Behind the program's own place: it is not read again. */
    uint32_t place = rogue.program + ROGUE_PROGRAM_WORDS * 4 - 4096 * 4 + saves[n][2];
    const uint32_t words[] = {trine_op_word(TRINE_OP_SAVE, TRINE_WORDS_SAVE, 1), saves[n][0],
                              saves[n][1], saves[n][1] > 8 ? saves[n][2] : place};
    list = rogue.good;
    rogue_put(&list, rogue_find(&list, TRINE_OP_END, 0), words, TRINE_WORDS_SAVE);
    rogue_start(&rogue, &list);
    struct rogue_result result = rogue_wait(&rogue, 0);
    ck_assert_msg(result.code == saves[n][3], "SAVE %u: code %u", n, result.code);
  }
  rogue_close(&rogue);
}
END_TEST

/* A row of parameters is what the guide says, or the LOAD is refused. */
START_TEST(test_rows_of_parameters_are_checked) {
  static const struct {
    uint32_t word, value;
    bool is_legal;
  } rows[] = {{1, 0x7fffffff, true},  {1, 0x80000000, false}, {2, 31, true},
              {2, 0xffffffe1, true},  {2, 0xffffffe0, false}, {2, 32, false},
              {2, 0xffffff00, false}, {3, 1, false},          {3, 0x80000000, false}};
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  uint32_t load = rogue_find(&rogue.good, TRINE_OP_LOAD, 1);
  uint32_t source = rogue.good.words[load + 4];
  for (uint32_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
    uint32_t place = source + 16 + 4 * rows[n].word; /* of the second row */
    uint32_t was = rogue_peek(&rogue, place);
    rogue_poke(&rogue, place, rows[n].value);
    rogue_start(&rogue, &rogue.good);
    struct rogue_result result = rogue_wait(&rogue, 0);
    rogue_poke(&rogue, place, was);
    ck_assert_msg(rows[n].is_legal ? result.end == ROGUE_DONE
                                   : result.code == TRINE_ERROR_FIELD && result.op == load &&
                                         result.address == rows[n].value,
                  "word %u of a row is 0x%x: state %d, code %u, operation %u, 0x%" PRIx64,
                  rows[n].word, rows[n].value, result.end, result.code, result.op, result.address);
  }
  rogue_honest_is_exact(&rogue, "after rows of parameters");
  rogue_close(&rogue);
}
END_TEST

/* A list ends with its program or before, a program inside the addresses there are. */
START_TEST(test_a_list_ends_inside_its_program) {
  enum { TO_THE_END = -1 };
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  rogue_open(&rogue, &stream, true);
  uint32_t words[ROGUE_PROGRAM_WORDS];
  const uint32_t count = rogue_join(&rogue, &rogue.good, words);
  static const struct {
    int64_t more;  /* than it has; or to the highest address */
    uint32_t said; /* which word of the header is told; 0: it is good */
  } lengths[] = {{0, 0}, {1, 0}, {4, 0}, {-4, 6}, {-3, 6}, {-2, 6}, {TO_THE_END, 2}};
  for (uint32_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++) {
    words[2] = lengths[n].more == TO_THE_END ? UINT32_MAX : count * 4 + (uint32_t)lengths[n].more;
    bench_seal_header(words);
    rogue_start_words(&rogue, words, count);
    struct rogue_result result = rogue_wait(&rogue, 0);
    if (lengths[n].said == 0) {
      ck_assert_msg(result.end == ROGUE_DONE, "length %u: code %u", words[2], result.code);
      continue;
    }
    ck_assert_msg(result.code == TRINE_ERROR_LIST, "length %u: state %d, code %u", words[2],
                  result.end, result.code);
    ck_assert_uint_eq(result.address, words[lengths[n].said]);
    ck_assert_msg(result.core == 0, "core %u", result.core);
  }
  rogue_honest_is_exact(&rogue, "after programs of other lengths");
  rogue_close(&rogue);
}
END_TEST

/* What is executed is what the CRC covers: a list that changes while it runs ends as it was, or is
 * refused before anything of what changed was executed. */
START_TEST(test_a_list_that_changes_is_not_executed) {
  enum { MARK = 0x5a5a5a5a, STRIDE = 3 };
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  uint32_t words[ROGUE_PROGRAM_WORDS];
  uint32_t count = rogue_join(&rogue, &rogue.good, words);
  uint32_t write = rogue_find(&rogue.good, TRINE_OP_WRITE, 0);
  uint32_t changed = rogue.program + 4 * (TRINE_WORDS_HEAD + rogue.place[write + 2]);
  uint32_t elsewhere = rogue.program + ROGUE_PROGRAM_WORDS * 2;
  uint32_t stopped = 0, done = 0;
  for (uint64_t at = 0; done < 5 && at < 10000; at += STRIDE) {
    rogue_start_words(&rogue, words, count);
    rogue_poke(&rogue, elsewhere, MARK);
    bench_step(&rogue.bench, at);
    rogue_poke(&rogue, changed, elsewhere);
    struct rogue_result result = rogue_wait(&rogue, 0);
    bool is_executed = rogue_peek(&rogue, elsewhere) != MARK;
    ck_assert_msg(!is_executed && (result.end == ROGUE_DONE || result.code == TRINE_ERROR_LIST_CRC),
                  "changed at cycle %" PRIu64 ": state %d, code %u, %s", at, result.end,
                  result.code, is_executed ? "executed" : "not executed");
    stopped += result.end == ROGUE_ERROR;
    done += result.end == ROGUE_DONE;
  }
  printf("%u refused by their CRC, %u done as they were\n", stopped, done);
  ck_assert_uint_gt(stopped, 0);
  ck_assert_uint_gt(done, 0);
  rogue_honest_is_exact(&rogue, "after lists that changed");
  rogue_close(&rogue);
}
END_TEST

/* An operation that waits is the last of its block: a list with one that is not is refused. */
START_TEST(test_what_waits_ends_its_block) {
  static const uint32_t ops[] = {TRINE_OP_LOAD, TRINE_OP_BARRIER, TRINE_OP_RUN};
  struct seed_stream stream = seed_start("fields");
  struct rogue rogue;
  rogue_open(&rogue, &stream, false);
  struct rogue_list good = rogue.good;
  const uint32_t barrier = trine_op_word(TRINE_OP_BARRIER, 1, 0);
  rogue_put(&good, rogue_find_use(&good), &barrier, 1);
  for (uint32_t n = 0; n < sizeof ops / sizeof ops[0]; n++) {
    uint32_t words[ROGUE_PROGRAM_WORDS], length;
    uint32_t count = rogue_join(&rogue, &good, words);
    uint32_t at = rogue_find(&good, ops[n], 0);
    uint32_t last = at + trine_op_words(good.words[at]) - 1;
    uint32_t *list = bench_list(words, &length), *crc = list + rogue.place[last] + 1;
    const uint32_t next = crc[1] >> 8 & 127;
    /* The block and the next are one: the words between them go. */
    uint32_t head = 0;
    for (uint32_t block = 0; block < rogue.place[at]; block += (list[block] >> 8 & 127) + 2) {
      head = block;
    }
    if ((list[head] >> 8 & 127) + next > TRINE_BLOCK_WORDS) {
      continue;
    }
    list[head] = (list[head] + (next << 8)) | (crc[1] & 1u << 15);
    memmove(crc, crc + 2, (count - (uint32_t)(crc + 2 - words)) * 4);
    words[6] = length -= 2;
    for (uint32_t block = head; block < length; block += (list[block] >> 8 & 127) + 2) {
      list[block] -= block > head ? 1u << 20 : 0;
    }
    bench_seal(words);
    rogue_start_words(&rogue, words, count);
    struct rogue_result result = rogue_wait(&rogue, 0);
    ck_assert_msg(result.code == TRINE_ERROR_LIST, "0x%x: state %d, code %u, place %u", ops[n],
                  result.end, result.code, result.place);
    ck_assert_uint_eq(result.place, rogue.place[last] + 1);
  }
  rogue_honest_is_exact(&rogue, "after blocks that wait in their middle");
  rogue_close(&rogue);
}
END_TEST

void errors_add_fields(Suite *suite) {
  TCase *tests = tcase_create("fields");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_each_field_has_its_range);
  tcase_add_test(tests, test_each_reserved_bit_is_refused);
  tcase_add_test(tests, test_rows_of_a_writer_are_those_of_its_channel);
  tcase_add_test(tests, test_an_output_range_is_not_empty);
  tcase_add_test(tests, test_save_is_bounded);
  tcase_add_test(tests, test_rows_of_parameters_are_checked);
  tcase_add_test(tests, test_a_list_ends_inside_its_program);
  tcase_add_test(tests, test_a_list_that_changes_is_not_executed);
  tcase_add_test(tests, test_what_waits_ends_its_block);
  suite_add_tcase(suite, tests);
}
