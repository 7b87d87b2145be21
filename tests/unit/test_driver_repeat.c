/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_repeat: a run that is the one before again costs a REPEAT and no list; what is not,
 * or cannot be, is a START, and exact all the same. */
#include <check.h>
#include <string.h>

#include "support/checked/runtime_case.h"
#include "trine_regs.h"

enum { STEPS = 4, STREAM = 12 };

struct repeat_case {
  struct runtime_case made;
  struct driver_batch batch, before;
};

static void open_case(struct repeat_case *repeats, struct seed_stream *stream,
                      enum trine_mode mode) {
  memset(repeats, 0, sizeof *repeats);
  runtime_create(&repeats->made, stream, mode);
  repeats->made.options.window_bytes += 1 << 14;
  runtime_open(&repeats->made);
}

/* A new batch of so many sequences, all of `steps` steps, in place of the last one; with `follows`
 * it begins with the states that the last one has left. */
static void next_batch(struct repeat_case *repeats, struct seed_stream *stream, uint32_t sequences,
                       uint32_t steps, bool kept, bool follows) {
  const struct trine_network *network = &repeats->made.made.network;
  struct driver_batch *batch = &repeats->batch;
  batch_free(&repeats->before);
  repeats->before = *batch;
  batch_create(batch, stream, network, sequences, steps, false, kept);
  for (uint32_t n = 0; n < sequences; n++) {
    batch->lengths[n] = steps;
  }
  for (uint32_t n = 0; n < network->layer_count && follows; n++) {
    if (network->layers[n].kind == TRINE_LAYER_LSTM) {
      const uint32_t units = network->layers[n].units;
      memcpy(batch->state_in[n].h, repeats->before.state_out[n].h, units);
      memcpy(batch->state_in[n].c, repeats->before.state_out[n].c, units * sizeof(int16_t));
    }
  }
  /* The struct was moved: it points to itself. */
  batch->batch.lengths = batch->lengths;
  batch_expect(batch, network);
}

/* Runs the batch; it takes so many STARTs and REPEATs and is exact. */
static void run(struct repeat_case *repeats, uint32_t starts, uint32_t repeated, const char *what) {
  struct fake_device *fake = &repeats->made.fake;
  const uint32_t starts_before = fake->starts, repeats_before = fake->repeats;
  ck_assert_int_eq(trine_run_start(&repeats->made.run, &repeats->batch.batch), TRINE_OK);
  ck_assert_msg(trine_run_wait(&repeats->made.run) == TRINE_OK, "%s", what);
  batch_compare(&repeats->batch, &repeats->made.made.network, what);
  ck_assert_msg(
      fake->starts - starts_before == starts && fake->repeats - repeats_before == repeated,
      "%s: %u STARTs and %u REPEATs instead of %u and %u", what, fake->starts - starts_before,
      fake->repeats - repeats_before, starts, repeated);
}

static void close_case(struct repeat_case *repeats) {
  batch_free(&repeats->before);
  batch_free(&repeats->batch);
  runtime_free(&repeats->made);
}

START_TEST(test_the_same_shape_again_is_a_repeat) {
  struct seed_stream stream = seed_start("same shape");
  struct repeat_case repeats;
  open_case(&repeats, &stream, _i == 0 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER);
  for (uint32_t n = 0; n < 5; n++) { /* from scratch, resident, then REPEATs */
    next_batch(&repeats, &stream, 2, STEPS, false, false);
    run(&repeats, n < 2, n >= 2, "the same shape");
  }
  next_batch(&repeats, &stream, 2, STEPS - 1, false, false);
  run(&repeats, 1, 0, "other lengths");
  next_batch(&repeats, &stream, 3, STEPS - 1, false, false);
  run(&repeats, 1, 0, "more sequences");
  next_batch(&repeats, &stream, 3, STEPS - 1, false, false);
  run(&repeats, 0, 1, "again");
  next_batch(&repeats, &stream, 3, STEPS - 1, true, false);
  run(&repeats, 1, 0, "with states");
  for (uint32_t n = 0; n < 3; n++) {
    next_batch(&repeats, &stream, 3, STEPS - 1, true, false);
    run(&repeats, 1, 0, "states of several sequences are loaded");
  }
  next_batch(&repeats, &stream, 3, STEPS, false, false);
  repeats.batch.lengths[1] = STEPS - 1;
  memcpy(repeats.batch.expected, repeats.batch.output, repeats.batch.output_bytes);
  batch_expect(&repeats.batch, &repeats.made.made.network);
  run(&repeats, 1, 0, "different lengths");
  run(&repeats, 1, 0, "different lengths again");
  close_case(&repeats);
}
END_TEST

/* A stream goes on from what is on the cores; one that does not is loaded. */
START_TEST(test_a_stream_goes_on_by_repeats) {
  struct seed_stream stream = seed_start("stream");
  struct repeat_case repeats;
  open_case(&repeats, &stream, _i == 0 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER);
  next_batch(&repeats, &stream, 1, 1, true, false);
  run(&repeats, 1, 0, "from scratch");
  next_batch(&repeats, &stream, 1, 1, true, true);
  run(&repeats, 1, 0, "resident");
  for (uint32_t n = 0; n < STREAM; n++) {
    next_batch(&repeats, &stream, 1, 1, true, true);
    run(&repeats, 0, 1, "goes on");
  }
  for (uint32_t n = 0; n < 2; n++) {
    next_batch(&repeats, &stream, 1, 1, true, false);
    run(&repeats, 1, 0, "another stream");
    next_batch(&repeats, &stream, 1, 1, true, true);
    run(&repeats, 0, 1, "and it goes on");
  }
  /* Two sequences are two states, though the first is on the cores. */
  next_batch(&repeats, &stream, 2, 1, true, true);
  run(&repeats, 1, 0, "a second sequence");
  next_batch(&repeats, &stream, 1, 1, true, false);
  run(&repeats, 1, 0, "one again");
  /* One bit of c or h, and it is another state. */
  for (uint32_t n = 0; n < 2; n++) {
    next_batch(&repeats, &stream, 1, 1, true, true);
    repeats.batch.state_in[1].c[0] ^= n == 0 ? 0x100 : 0;
    repeats.batch.state_in[1].h[1] ^= n == 1 ? 1 : 0;
    batch_expect(&repeats.batch, &repeats.made.made.network);
    run(&repeats, 1, 0, "a bit of a state");
  }
  close_case(&repeats);
}
END_TEST

/* What ends the right to repeat: another run on the cores, an error, a device that refuses. */
START_TEST(test_what_cannot_be_repeated_is_started) {
  struct seed_stream stream = seed_start("refused");
  struct repeat_case repeats;
  open_case(&repeats, &stream, TRINE_MODE_HELPER);
  struct fake_device *fake = &repeats.made.fake;
  for (uint32_t n = 0; n < 3; n++) {
    next_batch(&repeats, &stream, 1, STEPS, false, false);
    run(&repeats, n < 2, n == 2, "made repeatable");
  }
  fake->troubles.repeat_refused = true;
  run(&repeats, 1, 0, "refused");
  fake->troubles.repeat_refused = false;
  run(&repeats, 1, 0, "resident");
  run(&repeats, 0, 1, "repeats");
  fake->slot[0].resident_mask = 0; /* as if another process had had a core */
  run(&repeats, 1, 0, "taken by another");
  run(&repeats, 1, 0, "resident");
  run(&repeats, 0, 1, "repeats");
  fake->troubles.fail_code = TRINE_ERROR_BUS_READ;
  ck_assert_int_eq(trine_run_start(&repeats.made.run, &repeats.batch.batch), TRINE_OK);
  ck_assert_int_eq(trine_run_wait(&repeats.made.run), TRINE_ERR_DEVICE);
  runtime_says(&repeats.made, TRINE_ERR_DEVICE, "BUS_READ");
  run(&repeats, 1, 0, "after an error");
  close_case(&repeats);
}
END_TEST

/* A REPEAT writes the interrupt's bit, CONTROL and the rows, and reads no more than a START. */
START_TEST(test_a_repeat_writes_no_list_and_no_configuration) {
  struct seed_stream stream = seed_start("accesses");
  struct repeat_case repeats;
  uint64_t accesses[3];
  open_case(&repeats, &stream, TRINE_MODE_SINGLE);
  for (uint32_t n = 0; n < 3; n++) {
    next_batch(&repeats, &stream, 1, 1, false, false);
    /* The list is gone: who fetched it would stop with MAGIC. */
    const uint64_t before = repeats.made.fake.accesses;
    if (n == 2) {
      memset(repeats.made.fake.memory + repeats.made.options.window_base, 0, 64);
    }
    run(&repeats, n < 2, n == 2, "accesses");
    accesses[n] = repeats.made.fake.accesses - before;
  }
  ck_assert_uint_le(accesses[2] + 8, accesses[1]); /* eight registers of the configuration */
  close_case(&repeats);
}
END_TEST

/* What is forgotten is loaded again, by this run and by one that is opened for the same cores and
 * window when it is closed. A run under way is not touched. */
START_TEST(test_a_run_is_forgotten) {
  struct seed_stream stream = seed_start("forgotten");
  struct repeat_case repeats;
  open_case(&repeats, &stream, TRINE_MODE_SINGLE);
  struct runtime_case *made = &repeats.made;
  ck_assert_int_eq(trine_run_forget(&made->run), TRINE_OK); /* nothing */
  for (uint32_t n = 0; n < 2; n++) {
    next_batch(&repeats, &stream, 1, STEPS, false, false);
    run(&repeats, 1, 0, "before");
  }
  uint64_t words = made->fake.load_words;
  ck_assert_uint_ne(made->fake.slot[0].resident_mask, 0);
  ck_assert_int_eq(trine_run_forget(&made->run), TRINE_OK);
  ck_assert_uint_eq(made->fake.slot[0].resident_mask, 0);
  run(&repeats, 1, 0, "forgotten");
  ck_assert_uint_gt(made->fake.load_words, words);
  words = made->fake.load_words;
  run(&repeats, 1, 0, "resident");
  ck_assert_uint_eq(made->fake.load_words, words);
  ck_assert_int_eq(trine_run_start(&made->run, &repeats.batch.batch), TRINE_OK);
  ck_assert_int_eq(trine_run_forget(&made->run), TRINE_ERR_BUSY);
  ck_assert_int_eq(trine_run_wait(&made->run), TRINE_OK);
  ck_assert_uint_ne(made->fake.slot[0].resident_mask, 0);
  trine_run_close(&made->run);
  ck_assert_uint_eq(made->fake.slot[0].resident_mask, 0);
  close_case(&repeats);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("driver_repeat");
  TCase *tests = tcase_create("repeat");
  tcase_add_loop_test(tests, test_the_same_shape_again_is_a_repeat, 0, 2);
  tcase_add_loop_test(tests, test_a_stream_goes_on_by_repeats, 0, 2);
  tcase_add_test(tests, test_what_cannot_be_repeated_is_started);
  tcase_add_test(tests, test_a_repeat_writes_no_list_and_no_configuration);
  tcase_add_test(tests, test_a_run_is_forgotten);
  suite_add_tcase(suite, tests);
  (void)seed_print();
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
