/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_beside: a program that takes all it can of what cores share, memory port, activation
 * bus and the front end's set-up, for ever, on one core of duo. A victim on the other core gives
 * the same bits, in a stated multiple of its cycles alone. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "scenario.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, UNITS = 24, SETTLE = 3000 };

/* The hog: two dense layers of one row group, of one chunk each, for more steps than a test has
 * cycles, each with a reader and a writer of its own. */
enum {
  FOR_EVER = 0x7fffffff,
  DATA = 8192, /* behind the program; its bytes do not matter */
  LAYERS = 2,
  WORD_BYTES = 64,
  LONG_ROW = 900, /* bytes of bus words and beats, times 8 */
  TIMES = 3,      /* the victim's cycles beside, at most, times those alone */
  MORE = 600
};

struct hog {
  const char *what;
  uint32_t words, beats; /* of a row of a reader */
};

static void put(struct rogue_list *list, const uint32_t *words, uint32_t count) {
  rogue_put(list, list->count, words, count);
}

static void put_layer(struct rogue_list *list, uint32_t n, const struct hog *hog) {
  const uint32_t x = 2 * n, y = 2 * n + 1;
  const uint32_t hears_x[] = {trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL), x | 1 << 8,
                              n * 4 * hog->words | hog->words << 16, hog->words};
  const uint32_t hears_y[] = {trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL), y | 1 << 8,
                              (8 * hog->words + 4 * n) | 1 << 16, 1};
  const uint32_t context[TRINE_WORDS_CONTEXT] = {
      trine_op_word(TRINE_OP_CONTEXT, TRINE_WORDS_CONTEXT), n | 1 << 4 | x << 8 | y << 12 | 1 << 16,
      1, 1 | 8 << 16, [11] = 0x7f800000};
  put(list, hears_x, TRINE_WORDS_CHANNEL);
  put(list, hears_y, TRINE_WORDS_CHANNEL);
  put(list, context, TRINE_WORDS_CONTEXT);
}

static void put_streams(struct rogue_list *list, uint32_t n, uint32_t data, const struct hog *hog) {
  const uint32_t x = 2 * n, y = 2 * n + 1;
  const uint32_t write[] = {trine_op_word(TRINE_OP_WRITE, TRINE_WORDS_WRITE),
                            n | y << 4,
                            data,
                            0,
                            8,
                            1 << 16,
                            4 * n | 1 << 16,
                            0};
  const uint32_t read[] = {trine_op_word(TRINE_OP_READ, TRINE_WORDS_READ),
                           n | x << 4 | 1 << 8,
                           data,
                           0,
                           hog->words | hog->beats << 16,
                           1 << 16,
                           0};
  put(list, write, TRINE_WORDS_WRITE);
  put(list, read, TRINE_WORDS_READ);
}

/* Runs until it is aborted. */
static void start_hog(struct rogue *rogue, const struct hog *hog) {
  struct rogue_list lists[ROGUE_RANKS] = {{.count = 0}};
  struct rogue_list *list = &lists[0];
  const uint32_t data = rogue->program + DATA;
  const uint32_t weights[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD), TRINE_LOAD_WEIGHTS, 0,
                              1, data};
  const uint32_t params[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD), TRINE_LOAD_PARAMS, 0,
                             8, data + WORD_BYTES};
  const uint32_t table[] = {trine_op_word(TRINE_OP_TABLE, 4), 0, 0, FOR_EVER};
  const uint32_t run[] = {trine_op_word(TRINE_OP_RUN, TRINE_WORDS_RUN), 3, FOR_EVER};
  const uint32_t end = trine_op_word(TRINE_OP_END, 1);
  for (uint32_t at = 0; at < WORD_BYTES + 8 * 16; at += 4) {
    rogue_poke(rogue, data + at, 0);
  }
  put(list, weights, TRINE_WORDS_LOAD);
  put(list, params, TRINE_WORDS_LOAD);
  for (uint32_t n = 0; n < LAYERS; n++) {
    put_layer(list, n, hog);
  }
  put(list, table, 4);
  for (uint32_t n = 0; n < LAYERS; n++) {
    put_streams(list, n, data, hog);
  }
  put(list, run, TRINE_WORDS_RUN);
  put(list, &end, 1);
  rogue_start(rogue, lists);
  bench_step(&rogue->bench, SETTLE);
}

/* Cycles of a run, which is exact. */
static uint64_t run_victim(struct rogue *rogue, struct driver_job *victim,
                           const struct driver_case *network, struct driver_batch *batch,
                           const char *what) {
  memset(batch->output, 0x55, batch->output_bytes);
  ck_assert_msg(trine_job_run(victim->job, &batch->batch) == TRINE_OK, "beside %s: %s", what,
                trine_last_error(rogue->bench.device));
  batch_compare(batch, &network->network, what);
  return bench_read64(&rogue->bench,
                      bench_domain(trine_job_slot(victim->job), TRINE_DOMAIN_CYCLES_LO));
}

static void run_beside(const struct hog *hog) {
  struct seed_stream stream = seed_start("beside");
  const struct trine_job_options other = {.mode = TRINE_MODE_SINGLE, .cores = 1, .core_mask = 2};
  struct rogue rogue;
  struct driver_case network;
  struct driver_batch batch;
  struct driver_job victim;
  uint64_t alone[2], beside[2];
  rogue_open(&rogue, &stream, false);
  job_free(&rogue.honest); /* its slot becomes the victim's */
  memset(&rogue.honest, 0, sizeof rogue.honest);
  scenario_stack(&network, &stream, 2, true, UNITS);
  batch_create(&batch, &stream, &network.network, 2, 8, false, true);
  batch_expect(&batch, &network.network);
  for (uint32_t n = 0; n < 2; n++) { /* from scratch, and resident */
    job_create(&victim, rogue.bench.device, &network.network, &other);
    alone[0] = run_victim(&rogue, &victim, &network, &batch, "nobody");
    alone[1] = run_victim(&rogue, &victim, &network, &batch, "nobody");
    job_free(&victim);
  }
  start_hog(&rogue, hog);
  job_create(&victim, rogue.bench.device, &network.network, &other);
  for (uint32_t n = 0; n < 2; n++) {
    beside[n] = run_victim(&rogue, &victim, &network, &batch, hog->what);
    printf("%s: %" PRIu64 " cycles alone, %" PRIu64 " beside\n", hog->what, alone[n], beside[n]);
    ck_assert_msg(beside[n] <= TIMES * alone[n] + MORE,
                  "%s: %" PRIu64 " cycles alone, %" PRIu64 " beside", hog->what, alone[n],
                  beside[n]);
  }
  rogue_abort(&rogue);
  const struct rogue_result result = rogue_wait(&rogue, ROGUE_LOOK);
  ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_ABORTED,
                "%s does not run for ever: code %u, operation %u", hog->what, result.code,
                result.op);
  job_free(&victim);
  batch_free(&batch);
  case_free(&network);
  rogue_close(&rogue);
}

START_TEST(test_long_reads_leave_the_memory_port) {
  const struct hog hog = {"reads of long rows", 1, LONG_ROW};
  run_beside(&hog);
}
END_TEST

START_TEST(test_words_of_a_reader_leave_the_activation_bus) {
  const struct hog hog = {"rows of words", 500, 500};
  run_beside(&hog);
}
END_TEST

START_TEST(test_short_rows_leave_turns) {
  const struct hog hog = {"rows of one beat", 1, 1};
  run_beside(&hog);
}
END_TEST

void errors_add_beside(Suite *suite) {
  TCase *tests = tcase_create("beside");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_long_reads_leave_the_memory_port);
  tcase_add_test(tests, test_words_of_a_reader_leave_the_activation_bus);
  tcase_add_test(tests, test_short_rows_leave_turns);
  suite_add_tcase(suite, tests);
}
