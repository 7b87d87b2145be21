/* SPDX-License-Identifier: Apache-2.0 */
/* test_golden_network: whole networks against a second, naive model written from the contract. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "support/naive_lstm.h"
#include "support/random_network.h"
#include "support/seed.h"

enum { MAX_STEPS = 150, MAX_UNITS = 70, MAX_BATCH = 3, PAIR = 2 };

static const struct trine_golden_options *plain = NULL;

/* LSTM and dense layers one behind the other, tensor 0 to tensor 1. */
struct stack {
  struct trine_layer layers[4];
  struct trine_tensor tensors[2];
  struct trine_chain chain;
  struct trine_network network;
};

static void make_stack(struct seed_stream *stream, struct stack *stack, uint32_t lstms,
                       bool dense) {
  uint32_t width = (uint32_t)seed_log_uniform(stream, 1, MAX_UNITS);
  *stack = (struct stack){.tensors = {{1, {width}}, {1, {0}}}};
  bool per_row = seed_uniform(stream, 0, 1) != 0;
  for (uint32_t n = 0; n < lstms + dense; n++) {
    uint32_t units = (uint32_t)seed_log_uniform(stream, 1, MAX_UNITS);
    stack->layers[n] = n < lstms ? random_lstm(stream, width, units, per_row)
                                 : random_dense(stream, width, units, per_row);
    width = units;
  }
  stack->tensors[1].part_width[0] = width;
  stack->chain = (struct trine_chain){.target = 1, .layer_count = lstms + dense};
  stack->network = (struct trine_network){.tensor_count = 2,
                                          .tensors = stack->tensors,
                                          .layer_count = lstms + dense,
                                          .layers = stack->layers,
                                          .chain_count = 1,
                                          .chains = &stack->chain};
}

static void free_stack(struct stack *stack) {
  for (uint32_t n = 0; n < stack->network.layer_count; n++) {
    random_layer_free(&stack->layers[n]);
  }
}

static void run(const struct trine_network *network, const struct trine_batch *batch,
                const struct trine_golden_options *options) {
  enum trine_status status = trine_golden_run(network, batch, options);
  ck_assert_msg(status == TRINE_OK, "%s", trine_status_text(status));
}

/* A buffer of size bytes, random or a marker that no test writes by chance alone. */
static int8_t *buffer(struct seed_stream *stream, size_t size) {
  int8_t *bytes = malloc(size);
  ck_assert_ptr_nonnull(bytes);
  if (stream != NULL) {
    seed_int8(stream, bytes, size, INT8_MIN, INT8_MAX);
  } else {
    memset(bytes, 0x5A, size);
  }
  return bytes;
}

/* One random stack, [B,T,N] or [T,B,N], lengths of their own, against the naive model; h and c
 * of all layers too. */
static void compare_with_naive(struct seed_stream *stream, struct trine_golden_counters *seen) {
  struct stack stack;
  make_stack(stream, &stack, (uint32_t)seed_uniform(stream, 1, 3), seed_uniform(stream, 0, 1) != 0);
  uint32_t count = (uint32_t)seed_uniform(stream, 1, MAX_BATCH);
  uint32_t steps = (uint32_t)seed_log_uniform(stream, 1, MAX_STEPS);
  uint32_t in = stack.tensors[0].part_width[0], out = stack.tensors[1].part_width[0];
  uint32_t lengths[MAX_BATCH];
  for (uint32_t b = 0; b < count; b++) {
    lengths[b] = (uint32_t)seed_uniform(stream, 1, steps);
  }
  stack.chain.reversed = seed_uniform(stream, 0, 1) != 0;
  stack.chain.last_only = seed_uniform(stream, 0, 3) == 0;
  bool time_major = seed_uniform(stream, 0, 1) != 0;
  int8_t *x = buffer(stream, (size_t)count * steps * in);
  int8_t *got = buffer(NULL, (size_t)count * steps * out);
  int8_t *want = buffer(NULL, (size_t)count * steps * out);
  struct trine_lstm_state got_state[4] = {{0}}, want_state[4] = {{0}};
  for (uint32_t n = 0; n < stack.network.layer_count; n++) {
    size_t size = (size_t)count * stack.layers[n].units;
    got_state[n] = (struct trine_lstm_state){buffer(NULL, size), calloc(size, 2)};
    want_state[n] = (struct trine_lstm_state){buffer(NULL, size), calloc(size, 2)};
  }
  struct trine_batch batch = {
      .sequences = count, .lengths = lengths, .input = x, .output = got, .state_out = got_state};
  batch.input_batch_stride = time_major ? in : (uint64_t)steps * in;
  batch.input_step_stride = time_major ? (uint64_t)count * in : in;
  batch.output_batch_stride = time_major ? out : (uint64_t)steps * out;
  batch.output_step_stride = time_major ? (uint64_t)count * out : out;
  struct trine_golden_options options = {.counters = seen,
                                         .cmsis_corner = seed_uniform(stream, 0, 3) == 0};
  run(&stack.network, &batch, &options);
  batch.output = want;
  batch.state_out = want_state;
  naive_run_chain(&stack.network, &stack.chain, &batch, options.cmsis_corner);
  ck_assert_mem_eq(got, want, (size_t)count * steps * out);
  for (uint32_t n = 0; n < stack.network.layer_count; n++) {
    size_t size = (size_t)count * stack.layers[n].units;
    ck_assert_mem_eq(got_state[n].h, want_state[n].h, size);
    ck_assert_mem_eq(got_state[n].c, want_state[n].c, size * 2);
    free(got_state[n].h), free(got_state[n].c), free(want_state[n].h), free(want_state[n].c);
  }
  free(x), free(got), free(want);
  free_stack(&stack);
}

START_TEST(test_random_stacks_match_naive_model) {
  struct seed_stream stream = seed_start("stacks");
  struct trine_golden_counters seen = {0};
  for (int n = 0; n < 200; n++) {
    compare_with_naive(&stream, &seen);
  }
  printf("saturated gates %llu, saturated cells %llu, clipped cells %llu, positive shifts %llu\n",
         (unsigned long long)seen.gate_saturated, (unsigned long long)seen.cell_saturated,
         (unsigned long long)seen.cell_clipped, (unsigned long long)seen.positive_shifts);
  ck_assert_uint_gt(seen.gate_saturated, 0);
  ck_assert_uint_gt(seen.cell_saturated, 0);
  ck_assert_uint_gt(seen.cell_clipped, 0);
  ck_assert_uint_gt(seen.positive_shifts, 0);
}
END_TEST

/* Two streams at once, so that each must find its own state again. */
START_TEST(test_streams_in_chunks_give_bytes_of_the_whole) {
  struct seed_stream stream = seed_start("pieces");
  for (int trial = 0; trial < 20; trial++) {
    struct stack stack;
    make_stack(&stream, &stack, 2, true);
    uint32_t in = stack.tensors[0].part_width[0], out = stack.tensors[1].part_width[0];
    int8_t *x = buffer(&stream, (size_t)PAIR * MAX_STEPS * in);
    int8_t *whole = buffer(NULL, (size_t)PAIR * MAX_STEPS * out);
    int8_t *chunks = buffer(NULL, (size_t)PAIR * MAX_STEPS * out);
    int8_t h[3][PAIR * MAX_UNITS];
    int16_t c[3][PAIR * MAX_UNITS];
    struct trine_lstm_state state[3] = {{h[0], c[0]}, {h[1], c[1]}, {NULL, NULL}};
    uint32_t lengths[PAIR] = {MAX_STEPS, MAX_STEPS};
    struct trine_batch batch = {.sequences = PAIR,
                                .lengths = lengths,
                                .input = x,
                                .output = whole,
                                .input_batch_stride = in,
                                .input_step_stride = PAIR * in,
                                .output_batch_stride = out,
                                .output_step_stride = PAIR * out};
    run(&stack.network, &batch, plain);
    batch.state_out = state;
    for (uint32_t at = 0; at < MAX_STEPS; at += lengths[0]) {
      uint32_t length = (uint32_t)seed_uniform(&stream, 1, 1 + MAX_STEPS / 4);
      lengths[0] = lengths[1] = length < MAX_STEPS - at ? length : MAX_STEPS - at;
      batch.input = x + (size_t)at * PAIR * in;
      batch.output = chunks + (size_t)at * PAIR * out;
      run(&stack.network, &batch, plain);
      batch.state_in = state;
    }
    ck_assert_mem_eq(whole, chunks, (size_t)PAIR * MAX_STEPS * out);
    free(x), free(whole), free(chunks);
    free_stack(&stack);
  }
}
END_TEST

/* Forward and backward into two parts, a layer over both, and a last_only head over that; chains
 * listed in an order in which they cannot run. */
START_TEST(test_two_directions_and_a_head_match_chain_by_chain) {
  struct seed_stream stream = seed_start("bidirectional");
  enum { IN = 5, A = 7, B = 3, C = 6, OUT = 4, STEPS = 70 };
  struct trine_layer layers[] = {
      random_lstm(&stream, IN, A, false), random_lstm(&stream, IN, B, true),
      random_lstm(&stream, A + B, C, false), random_dense(&stream, C, OUT, false)};
  struct trine_tensor tensors[] = {{1, {IN}}, {2, {A, B}}, {1, {C}}, {1, {OUT}}};
  struct trine_chain chains[] = {{2, 3, 0, false, true, 3, 1},
                                 {1, 2, 0, false, false, 2, 1},
                                 {0, 1, 1, true, false, 1, 1},
                                 {0, 1, 0, false, false, 0, 1}};
  struct trine_network network = {4, tensors, 4, layers, 4, chains};
  int8_t x[STEPS][IN], y[OUT], joined[STEPS][A + B], middle[STEPS][C], want[OUT];
  seed_int8(&stream, &x[0][0], sizeof x, INT8_MIN, INT8_MAX);
  uint32_t length = STEPS;
  struct trine_batch batch = {.sequences = 1,
                              .lengths = &length,
                              .input = x[0],
                              .output = y,
                              .input_step_stride = IN,
                              .output_step_stride = OUT};
  run(&network, &batch, plain);
  batch.output = joined[0];
  batch.output_step_stride = A + B;
  naive_run_chain(&network, &chains[3], &batch, false);
  batch.output = joined[0] + A;
  naive_run_chain(&network, &chains[2], &batch, false);
  batch.input = joined[0];
  batch.input_step_stride = A + B;
  batch.output = middle[0];
  batch.output_step_stride = C;
  naive_run_chain(&network, &chains[1], &batch, false);
  batch.input = middle[0];
  batch.input_step_stride = C;
  batch.output = want;
  naive_run_chain(&network, &chains[0], &batch, false);
  ck_assert_mem_eq(y, want, OUT);
  for (size_t n = 0; n < 4; n++) {
    random_layer_free(&layers[n]);
  }
}
END_TEST

struct last_point {
  struct trine_golden_point point;
  uint32_t calls;
};

static void remember(void *context, const struct trine_golden_point *point) {
  struct last_point *last = context;
  last->point = *point;
  last->calls++;
}

START_TEST(test_tap_sees_every_unit_of_every_step) {
  struct seed_stream stream = seed_start("tap");
  struct trine_layer layer = random_lstm(&stream, 3, 5, false);
  struct trine_tensor tensors[] = {{1, {3}}, {1, {5}}};
  struct trine_chain chain = {.target = 1, .reversed = true, .layer_count = 1};
  struct trine_network network = {2, tensors, 1, &layer, 1, &chain};
  int8_t x[2][4][3], y[2][4][5], h[2][5];
  int16_t c[2][5];
  seed_int8(&stream, &x[0][0][0], sizeof x, INT8_MIN, INT8_MAX);
  uint32_t lengths[] = {2, 4};
  struct trine_lstm_state state = {h[0], c[0]};
  struct trine_batch batch = {2, lengths, x[0][0], 12, 3, y[0][0], 20, 5, NULL, &state};
  struct last_point last = {.calls = 0};
  struct trine_golden_counters counters = {0};
  struct trine_golden_options options = {
      .tap = remember, .tap_context = &last, .counters = &counters};
  run(&network, &batch, &options);
  ck_assert_uint_eq(last.calls, (2 + 4) * 5);
  ck_assert_uint_eq(counters.macs, (2 + 4) * 4 * 5 * (3 + 5));
  ck_assert_uint_eq(last.point.sequence, 1);
  ck_assert_uint_eq(last.point.step, 3);
  ck_assert_uint_eq(last.point.row, 0);
  ck_assert_uint_eq(last.point.unit, 4);
  ck_assert_int_eq(last.point.h, h[1][4]);
  ck_assert_int_eq(last.point.c, c[1][4]);
  ck_assert_int_eq(last.point.h, y[1][0][4]);
  ck_assert_int_eq(last.point.gate[TRINE_GATE_G], trine_tanh_q15(last.point.pre[TRINE_GATE_G], 0));
  random_layer_free(&layer);
}
END_TEST

START_TEST(test_contradicting_networks_are_refused_with_a_sentence) {
  struct seed_stream stream = seed_start("refused");
  struct stack stack;
  struct trine_error error = {""};
  make_stack(&stream, &stack, 2, false);
  ck_assert_int_eq(trine_network_check(&stack.network, NULL, &error), TRINE_OK);
  stack.tensors[0].part_width[0]++;
  ck_assert_int_eq(trine_network_check(&stack.network, NULL, &error), TRINE_ERR_NETWORK);
  ck_assert_ptr_nonnull(strstr(error.text, "inputs but is given"));
  stack.tensors[0].part_width[0]--;
  stack.layers[1].cell_exponent = -8;
  ck_assert_int_eq(trine_network_check(&stack.network, NULL, &error), TRINE_ERR_NETWORK);
  ck_assert_ptr_nonnull(strstr(error.text, "cell scale 2^-8"));
  stack.layers[1].cell_exponent = -9;
  stack.chain.layer_count = 1;
  ck_assert_int_eq(trine_network_check(&stack.network, NULL, &error), TRINE_ERR_NETWORK);
  stack.chain.layer_count = 2;
  uint32_t lengths[] = {3, 0};
  int8_t byte = 0;
  struct trine_batch batch = {.sequences = 2, .lengths = lengths, .input = &byte, .output = &byte};
  struct trine_golden_options options = {.error = &error};
  ck_assert_int_eq(trine_golden_run(&stack.network, &batch, &options), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text, "sequence 1 has length 0; every sequence needs a step");
  free_stack(&stack);
}
END_TEST

START_TEST(test_chains_in_a_circle_are_refused) {
  struct seed_stream stream = seed_start("circle");
  struct trine_layer layers[] = {random_lstm(&stream, 2, 2, false),
                                 random_lstm(&stream, 2, 2, false)};
  struct trine_tensor tensors[] = {{1, {2}}, {1, {2}}, {1, {2}}};
  struct trine_chain chains[] = {{2, 1, 0, false, false, 0, 1}, {1, 2, 0, false, false, 1, 1}};
  struct trine_network network = {3, tensors, 2, layers, 2, chains};
  struct trine_error error = {""};
  ck_assert_int_eq(trine_network_check(&network, NULL, &error), TRINE_ERR_NETWORK);
  ck_assert_ptr_nonnull(strstr(error.text, "circle"));
  random_layer_free(&layers[0]);
  random_layer_free(&layers[1]);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("golden_network");
  TCase *tests = tcase_create("network");
  tcase_add_test(tests, test_random_stacks_match_naive_model);
  tcase_add_test(tests, test_streams_in_chunks_give_bytes_of_the_whole);
  tcase_add_test(tests, test_two_directions_and_a_head_match_chain_by_chain);
  tcase_add_test(tests, test_tap_sees_every_unit_of_every_step);
  tcase_add_test(tests, test_contradicting_networks_are_refused_with_a_sentence);
  tcase_add_test(tests, test_chains_in_a_circle_are_refused);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
