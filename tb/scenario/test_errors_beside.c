/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_beside: a program that takes all it can of what cores share, memory port, activation
 * bus and the front end's set-up, for ever, on one core of duo. A victim on the other core gives
 * the same bits, in a stated multiple of its cycles alone; and of two such programs, each in a slot
 * of its own, each has its part of memory's beats, however long the rows of the other are. Where
 * one is stopped, in the middle of a burst too, it leaves the ports to the next. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "errors.h"
#include "program/format.h"
#include "rogue.h"
#include "trine_regs.h"
#include "victim.h"

enum { TIMEOUT_SECONDS = 600, SETTLE = 3000 };

/* The hog: two dense layers of one chunk each, for more steps than a test has cycles, each with a
 * reader and a writer of its own. */
enum {
  FOR_EVER = 0x7fffffff,
  DATA = 8192, /* behind the program; its bytes do not matter */
  LAYERS = 2,
  LANES = 8,
  LAST_ONLY = 1 << 8, /* of WRITE: memory is not what its words wait for */
  WORD_BYTES = 64,
  LONG_ROW = 900, /* bytes of bus words and beats, times 8 */
  TIMES = 150,    /* the victim's cycles beside, at most, of 100 alone */
  MOST_HOGS = 7,
  APART = 16 << 20, /* bytes from a hog's window to another's */
  LONG = 100000,    /* cycles */
  FULL = 90,        /* beats of 100 cycles, at least, when two hogs ask all the time */
  /* Of 100 beats, at least: who asks and has to wait has two bursts of 16 beats on their way, and
   * the other no more than a beat less than three. */
  PART = 45,
  BURST_WORDS = 16, /* words of a row that is one burst on duo */
  STOPS = 64
};

struct hog {
  const char *what;
  uint32_t words, beats; /* of a row of a reader */
  uint32_t groups;       /* of a layer: words of what it publishes */
  uint32_t rows;         /* that it writes: LAST_ONLY or, of each step, 0 */
};

static void put_layer(struct rogue_list *list, uint32_t n, const struct hog *hog) {
  const uint32_t x = 2 * n, y = 2 * n + 1;
  const uint32_t hears_x[] = {trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL, 1), x | 1 << 8,
                              n * 4 * hog->words | hog->words << 16, hog->words};
  const uint32_t hears_y[] = {trine_op_word(TRINE_OP_CHANNEL, TRINE_WORDS_CHANNEL, 1), y | 1 << 8,
                              (8 * hog->words + 4 * n * hog->groups) | hog->groups << 16,
                              hog->groups};
  const uint32_t context[TRINE_WORDS_CONTEXT] = {
      trine_op_word(TRINE_OP_CONTEXT, TRINE_WORDS_CONTEXT, 1),
      n | 1 << 4 | x << 8 | y << 12 | 1 << 16, 1,
      hog->groups | hog->groups * LANES << 16, [11] = 0x7f800000};
  rogue_add(list, hears_x, TRINE_WORDS_CHANNEL);
  rogue_add(list, hears_y, TRINE_WORDS_CHANNEL);
  rogue_add(list, context, TRINE_WORDS_CONTEXT);
}

static void put_streams(struct rogue_list *list, uint32_t n, uint32_t data, const struct hog *hog) {
  const uint32_t x = 2 * n, y = 2 * n + 1;
  const uint32_t write[] = {trine_op_word(TRINE_OP_WRITE, TRINE_WORDS_WRITE, 1),
                            n | y << 4 | hog->rows,
                            data,
                            0,
                            hog->groups * LANES,
                            1 << 16,
                            4 * n * hog->groups | hog->groups << 16,
                            0};
  const uint32_t read[] = {trine_op_word(TRINE_OP_READ, TRINE_WORDS_READ, 1),
                           n | x << 4 | 1 << 8,
                           data,
                           0,
                           hog->words | hog->beats << 16,
                           1 << 16,
                           0};
  rogue_add(list, write, TRINE_WORDS_WRITE);
  rogue_add(list, read, TRINE_WORDS_READ);
}

/* Runs until it is aborted. */
static void start_hog(struct rogue *rogue, const struct hog *hog) {
  struct rogue_list hogs = {.count = 0}, *list = &hogs;
  const uint32_t data = rogue->program + DATA;
  const uint32_t weights[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD, 1), TRINE_LOAD_WEIGHTS,
                              0, hog->groups, data};
  const uint32_t params[] = {trine_op_word(TRINE_OP_LOAD, TRINE_WORDS_LOAD, 1), TRINE_LOAD_PARAMS,
                             0, LANES * hog->groups, data + WORD_BYTES * hog->groups};
  const uint32_t table[] = {trine_op_word(TRINE_OP_TABLE, 4, 1), 0, 0, FOR_EVER};
  const uint32_t run[] = {trine_op_word(TRINE_OP_RUN, TRINE_WORDS_RUN, 1), 3, FOR_EVER};
  for (uint32_t at = 0; at < (WORD_BYTES + LANES * 16) * hog->groups; at += 4) {
    rogue_poke(rogue, data + at, 0);
  }
  rogue_add(list, weights, TRINE_WORDS_LOAD);
  rogue_add(list, params, TRINE_WORDS_LOAD);
  for (uint32_t n = 0; n < LAYERS; n++) {
    put_layer(list, n, hog);
  }
  rogue_add(list, table, 4);
  for (uint32_t n = 0; n < LAYERS; n++) {
    put_streams(list, n, data, hog);
  }
  rogue_add(list, run, TRINE_WORDS_RUN);
  rogue_add_bare(list, TRINE_OP_END);
  rogue_start(rogue, list);
  bench_step(&rogue->bench, SETTLE);
}

/* Of one that was aborted: its rows since START. */
static uint64_t rows_of(struct rogue *rogue, const char *what) {
  const struct rogue_result result = rogue_wait(rogue, 0);
  ck_assert_msg(result.end == ROGUE_ERROR && result.code == TRINE_ERROR_ABORTED,
                "%s does not run for ever: code %u, operation %u", what, result.code, result.op);
  bench_write(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_COUNTER_SELECT),
              TRINE_COUNT_MAC);
  return bench_read64(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_COUNTER_LO));
}

/* Hogs on all cores but the last, each in a slot of its own; the victim there takes so many of 100
 * of its cycles alone, at most. */
static void run_beside(const char *config, uint32_t cores, const struct hog *hog, uint32_t most) {
  struct seed_stream stream = seed_start("beside");
  const uint64_t top = trine_sim_defaults().memory_bytes;
  struct rogue rogue, hogs[MOST_HOGS];
  struct victim victim;
  uint64_t alone[2], beside[2];
  rogue_open_alone(&rogue, &stream, config);
  victim_open(&victim, &rogue.bench, &stream, UINT32_C(1) << (cores - 1));
  for (uint32_t n = 0; n < 2; n++) { /* from scratch, and resident */
    alone[0] = victim_run(&victim, "nobody");
    alone[1] = victim_run(&victim, "nobody");
    victim_forget(&victim);
  }
  for (uint32_t n = 0; n + 1 < cores; n++) {
    hogs[n] = rogue;
    hogs[n].slot = n;
    hogs[n].core_mask = UINT32_C(1) << n;
    hogs[n].window_base = top - (n + 1) * APART;
    start_hog(&hogs[n], hog);
  }
  for (uint32_t n = 0; n < 2; n++) {
    beside[n] = victim_run(&victim, hog->what);
    printf("%s: %" PRIu64 " cycles alone, %" PRIu64 " beside\n", hog->what, alone[n], beside[n]);
    ck_assert_msg(100 * beside[n] <= most * alone[n],
                  "%s: %" PRIu64 " cycles alone, %" PRIu64 " beside", hog->what, alone[n],
                  beside[n]);
  }
  for (uint32_t n = 0; n + 1 < cores; n++) {
    rogue_abort(&hogs[n]);
  }
  bench_step(&rogue.bench, SETTLE);
  for (uint32_t n = 0; n + 1 < cores; n++) {
    (void)rows_of(&hogs[n], hog->what);
  }
  victim_close(&victim);
  rogue_close(&rogue);
}

START_TEST(test_long_reads_leave_the_memory_port) {
  const struct hog hog = {"reads of long rows", 1, LONG_ROW, 1, 0};
  run_beside("duo", 2, &hog, TIMES);
}
END_TEST

START_TEST(test_words_of_a_reader_leave_the_activation_bus) {
  const struct hog hog = {"rows of words", 500, 500, 1, 0};
  run_beside("duo", 2, &hog, TIMES);
}
END_TEST

START_TEST(test_short_rows_leave_turns) {
  const struct hog hog = {"rows of one beat", 1, 1, 1, 0};
  run_beside("duo", 2, &hog, TIMES);
}
END_TEST

START_TEST(test_each_slot_has_its_part_of_the_beats) {
  static const struct hog pairs[][2] = {
      {{"rows of 900 beats", 1, LONG_ROW, 1, 0}, {"rows of 8", 1, 8, 1, 0}},
      {{"rows of 8 beats", 1, 8, 1, 0}, {"rows of 900", 1, LONG_ROW, 1, 0}},
      {{"rows of 40 beats", 1, 40, 1, 0}, {"rows of 8", 1, 8, 1, 0}},
      {{"rows of 17 beats", 1, 17, 1, 0}, {"rows of 16", 1, 16, 1, 0}},
      {{"rows of 64 beats", 1, 64, 1, 0}, {"the same", 1, 64, 1, 0}}};
  const struct hog *hogs = pairs[_i];
  struct seed_stream stream = seed_start("beside");
  struct rogue rogues[2];
  struct trine_sim_stats before, after;
  uint64_t beats[2];
  rogue_open_alone(&rogues[0], &stream, "duo");
  rogues[1] = rogues[0];
  rogues[1].slot = 1 - rogues[0].slot;
  rogues[1].core_mask = 2;
  rogues[1].window_base += APART;
  start_hog(&rogues[0], &hogs[0]);
  start_hog(&rogues[1], &hogs[1]);
  const struct bench *bench = &rogues[0].bench;
  bench->ops->stats(bench->sim, &before);
  bench_step(&rogues[0].bench, LONG);
  bench->ops->stats(bench->sim, &after);
  const uint64_t all = after.read_beats - before.read_beats;
  rogue_abort(&rogues[0]);
  rogue_abort(&rogues[1]);
  bench_step(&rogues[0].bench, SETTLE);
  for (uint32_t n = 0; n < 2; n++) {
    beats[n] = hogs[n].beats * rows_of(&rogues[n], hogs[n].what);
  }
  const uint64_t sum = beats[0] + beats[1];
  printf("%s: %" PRIu64 " of 100 beats, %s: %" PRIu64 "; %" PRIu64 " beats in 100 cycles\n",
         hogs[0].what, 100 * beats[0] / sum, hogs[1].what, 100 * beats[1] / sum, 100 * all / LONG);
  ck_assert_uint_ge(100 * all, FULL * (uint64_t)LONG);
  ck_assert_uint_ge(100 * beats[0], PART * sum);
  ck_assert_uint_ge(100 * beats[1], PART * sum);
  rogue_close(&rogues[0]);
}
END_TEST

/* Each beat of a burst is at memory in one of the stops. */
START_TEST(test_a_stop_amid_a_burst_leaves_the_write_port) {
  const struct hog hog = {"rows of 16 beats", 1, 1, BURST_WORDS, 0};
  struct seed_stream stream = seed_start("beside");
  struct rogue rogue;
  struct trine_sim_stats before, after;
  rogue_open(&rogue, &stream, false);
  const struct bench *bench = &rogue.bench;
  for (uint32_t n = 0; n < STOPS; n++) {
    start_hog(&rogue, &hog);
    bench->ops->stats(bench->sim, &before);
    bench_step(&rogue.bench, LONG_ROW + n);
    bench->ops->stats(bench->sim, &after);
    ck_assert_uint_ge(3 * (after.write_beats - before.write_beats), LONG_ROW);
    rogue_abort(&rogue);
    (void)rows_of(&rogue, hog.what);
    rogue_honest_is_exact(&rogue, "after rows of 16 beats");
  }
  rogue_close(&rogue);
}
END_TEST

/* Words that cores publish: eight slots, each with its turns. Where a row makes eight words, rows
 * are what the bus has too little room for; where it makes 40, words of cores are, and the victim's
 * rows have turns among them. */
START_TEST(test_words_of_seven_cores_leave_the_activation_bus) {
  static const struct {
    struct hog hog;
    uint32_t most;
  } cases[] = {{{"8 words a row of seven cores", 1, 1, 8, LAST_ONLY}, 800},
               {{"40 words a row of seven cores", 1, 1, 40, LAST_ONLY}, 120}};
  run_beside("octo", 8, &cases[_i].hog, cases[_i].most);
}
END_TEST

void errors_add_beside(Suite *suite) {
  TCase *tests = tcase_create("beside");
  TCase *octo = tcase_create("beside-octo");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_set_timeout(octo, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_long_reads_leave_the_memory_port);
  tcase_add_test(tests, test_words_of_a_reader_leave_the_activation_bus);
  tcase_add_test(tests, test_short_rows_leave_turns);
  tcase_add_loop_test(octo, test_words_of_seven_cores_leave_the_activation_bus, 0, 2);
  tcase_add_test(tests, test_a_stop_amid_a_burst_leaves_the_write_port);
  tcase_add_loop_test(tests, test_each_slot_has_its_part_of_the_beats, 0, 5);
  suite_add_tcase(suite, tests);
  suite_add_tcase(suite, octo);
}
