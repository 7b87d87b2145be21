/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_repeats: REPEAT does the slot's own last run again and nothing else: random runs of
 * two tenants with REPEATs among them, moved bases, and what it refuses.
 *
 * TRINE_REPEATS sets how many runs are drawn. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "errors.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "scenario.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, DRAWS = 40, TENANTS = 3, STEPS = 5, LIST_WORDS = 256 };

/* A job of a network of its own, on its cores. */
struct repeat_tenant {
  struct driver_case network;
  struct driver_job job;
};

static void tenant_open(struct repeat_tenant *tenant, struct bench *bench,
                        struct seed_stream *stream, uint32_t core_mask) {
  const uint32_t cores = (uint32_t)__builtin_popcount(core_mask);
  const struct trine_job_options options = {
      .mode = cores == 1 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER,
      .cores = cores,
      .core_mask = core_mask};
  scenario_stack(&tenant->network, stream, 1 + (uint32_t)seed_uniform(stream, 0, 1),
                 seed_uniform(stream, 0, 1) == 1, 40);
  job_create(&tenant->job, bench->device, &tenant->network.network, &options);
}

static void tenant_close(struct repeat_tenant *tenant) {
  job_free(&tenant->job);
  case_free(&tenant->network);
}

/* A batch of so many sequences of so many steps, with random states or without, and what is to come
 * of it. */
static void make_batch(const struct repeat_tenant *tenant, struct seed_stream *stream,
                       uint32_t sequences, uint32_t steps, bool kept, struct driver_batch *batch) {
  const struct trine_network *network = &tenant->network.network;
  batch_create(batch, stream, network, sequences, steps, false, kept);
  for (uint32_t n = 0; n < sequences; n++) {
    batch->lengths[n] = steps;
  }
  batch_expect(batch, network);
}

/* The next batch of a stream begins with what the one before has left. */
static void follow(struct driver_batch *batch, const struct driver_batch *before,
                   const struct trine_network *network) {
  for (uint32_t n = 0; n < network->layer_count; n++) {
    if (network->layers[n].kind == TRINE_LAYER_LSTM) {
      const uint32_t units = network->layers[n].units;
      memcpy(batch->state_in[n].h, before->state_expected[n].h, units);
      memcpy(batch->state_in[n].c, before->state_expected[n].c,
             units * sizeof *batch->state_in[n].c);
    }
  }
  batch_expect(batch, network);
}

static void run_exact(struct bench *bench, struct repeat_tenant *tenant,
                      const struct driver_batch *batch, uint32_t draw) {
  ck_assert_msg(trine_job_run(tenant->job.job, &batch->batch) == TRINE_OK, "draw %u: %s", draw,
                trine_last_error(bench->device));
  batch_compare(batch, &tenant->network.network, "repeats");
}

/* So many runs of a tenant with the same shape, each with rows of its own; a stream goes on. */
static void run_stretch(struct bench *bench, struct repeat_tenant *tenant,
                        struct seed_stream *stream, uint32_t draw) {
  const bool kept = seed_uniform(stream, 0, 1) == 1;
  const uint32_t sequences = kept ? 1 : 1 + (uint32_t)seed_uniform(stream, 0, 2);
  const uint32_t steps = 1 + (uint32_t)seed_uniform(stream, 0, STEPS - 1);
  const uint32_t runs = 1 + (uint32_t)seed_uniform(stream, 0, 4);
  struct driver_batch batches[2];
  for (uint32_t n = 0; n < runs; n++) {
    struct driver_batch *batch = &batches[n % 2];
    make_batch(tenant, stream, sequences, steps, kept, batch);
    /* Now and then a stream begins elsewhere than where the one before ended. */
    if (n > 0 && kept && seed_uniform(stream, 0, 4) > 0) {
      follow(batch, &batches[(n + 1) % 2], &tenant->network.network);
    }
    run_exact(bench, tenant, batch, draw);
    if (n > 0) {
      batch_free(&batches[(n + 1) % 2]);
    }
  }
  batch_free(&batches[(runs - 1) % 2]);
}

/* What takes the right to repeat from a tenant: it is stopped, or its memory answers with an error.
 */
static void disturb(struct bench *bench, struct repeat_tenant *tenant, struct seed_stream *stream) {
  struct driver_batch batch;
  make_batch(tenant, stream, 1, STEPS, false, &batch);
  ck_assert_int_eq(trine_job_start(tenant->job.job, &batch.batch), TRINE_OK);
  bench_step(bench, (uint64_t)seed_uniform(stream, 1, 400));
  (void)bench_try_write(bench, bench_domain(trine_job_slot(tenant->job.job), TRINE_DOMAIN_CONTROL),
                        TRINE_DOMAIN_CONTROL_ABORT_MASK);
  (void)!trine_job_wait(tenant->job.job);
  batch_free(&batch);
}

START_TEST(test_repeats_among_other_runs_are_exact) {
  static const uint32_t masks[TENANTS] = {1, 2, 3};
  struct seed_stream stream = seed_start("repeats");
  struct bench bench;
  struct repeat_tenant tenants[TENANTS];
  bench_open(&bench, "duo", NULL);
  for (uint32_t n = 0; n < TENANTS; n++) {
    tenant_open(&tenants[n], &bench, &stream, masks[n]);
  }
  const uint32_t draws = (uint32_t)errors_number("TRINE_REPEATS", DRAWS);
  for (uint32_t draw = 0; draw < draws; draw++) {
    struct repeat_tenant *tenant = &tenants[seed_uniform(&stream, 0, TENANTS - 1)];
    if (seed_uniform(&stream, 0, 9) == 0) {
      disturb(&bench, tenant, &stream);
    } else {
      run_stretch(&bench, tenant, &stream, draw);
    }
  }
  printf("repeats: %u stretches of runs, %u of them by REPEAT\n", draws, bench.repeats);
  ck_assert_uint_ge(bench.repeats, draws / 4);
  for (uint32_t n = 0; n < TENANTS; n++) {
    tenant_close(&tenants[n]);
  }
  bench_close(&bench);
}
END_TEST

/* A list whose operations name two ranks, some both and some one: each rank does again what was its
 * own, with rows that are others each time. */
START_TEST(test_a_list_of_two_ranks_repeats) {
  enum { RUNS = 6 };
  struct seed_stream stream = seed_start("repeats of two ranks");
  struct bench bench;
  struct repeat_tenant tenant;
  struct driver_batch batches[RUNS];
  const bool kept = _i == 1;
  bench_open(&bench, "duo", NULL);
  tenant_open(&tenant, &bench, &stream, 3);
  for (uint32_t n = 0; n < RUNS; n++) {
    make_batch(&tenant, &stream, 1, STEPS, kept, &batches[n]);
    if (kept && n > 0) {
      follow(&batches[n], &batches[n - 1], &tenant.network.network);
    }
    run_exact(&bench, &tenant, &batches[n], n);
  }
  ck_assert_uint_ge(bench.repeats, RUNS - 2);
  for (uint32_t n = 0; n < RUNS; n++) {
    batch_free(&batches[n]);
  }
  tenant_close(&tenant);
  bench_close(&bench);
}
END_TEST

/* --- Hostile --- */

static uint32_t status_of(struct bench *bench, uint32_t slot) {
  return bench_read(bench, bench_domain(slot, TRINE_DOMAIN_STATUS));
}

static void wait_for_end(struct bench *bench, uint32_t slot) {
  for (uint32_t n = 0; n < 1000; n++) {
    const uint32_t state = status_of(bench, slot) & TRINE_DOMAIN_STATUS_STATE_MASK;
    if (state == TRINE_DOMAIN_STATUS_STATE_DONE || state == TRINE_DOMAIN_STATUS_STATE_ERROR) {
      return;
    }
    bench_step(bench, 100);
  }
  ck_abort_msg("slot %u does not end", slot);
}

/* A REPEAT that is answered; the error code that the slot has at its end. */
static uint32_t repeat(struct bench *bench, uint32_t slot) {
  bench_write(bench, bench_domain(slot, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_REPEAT_MASK);
  wait_for_end(bench, slot);
  return bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CODE));
}

/* Base of the first operation `op` in the program at hand. */
static uint32_t base_of(struct bench *bench, uint32_t op) {
  uint32_t words[2048], ops[LIST_WORDS];
  ck_assert_int_eq(bench->inner.mem_read(bench->inner.ctx, bench->program_address, words, 32),
                   TRINE_OK);
  ck_assert_uint_le(words[2], sizeof words);
  ck_assert_int_eq(bench->inner.mem_read(bench->inner.ctx, bench->program_address, words,
                                         (words[2] + 3) / 4 * 4),
                   TRINE_OK);
  const uint32_t count = bench_take(words, ops, LIST_WORDS);
  for (uint32_t at = 0; at < count; at += trine_op_words(ops[at])) {
    if ((ops[at] & 0xff) == op) {
      return ops[at + 2];
    }
  }
  ck_abort_msg("the program has no operation %u", op);
  return 0;
}

/* A tenant of one core with a batch of one sequence, that has run until it can be repeated. */
static void make_repeatable(struct bench *bench, struct repeat_tenant *tenant,
                            struct seed_stream *stream, struct driver_batch *batch) {
  tenant_open(tenant, bench, stream, 1);
  make_batch(tenant, stream, 1, STEPS, false, batch);
  run_exact(bench, tenant, batch, 0);
  const uint32_t slot = trine_job_slot(tenant->job.job);
  ck_assert_uint_eq(status_of(bench, slot) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK, 0);
  /* A list from scratch sets contexts and channels up. */
  ck_assert_uint_eq(repeat(bench, slot), TRINE_ERROR_NOT_REPEATABLE);
  run_exact(bench, tenant, batch, 1);
  ck_assert_uint_ne(status_of(bench, slot) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK, 0);
}

START_TEST(test_bases_move_inside_the_window_and_not_beyond) {
  struct seed_stream stream = seed_start("moved bases");
  struct bench bench;
  struct repeat_tenant tenant;
  struct driver_batch batch;
  bench_open(&bench, "duo", NULL);
  make_repeatable(&bench, &tenant, &stream, &batch);
  const uint32_t slot = trine_job_slot(tenant.job.job);
  const uint64_t window = bench_read64(&bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_BASE_LO));
  const uint32_t size = bench_read(&bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_SIZE));
  const uint32_t x = base_of(&bench, TRINE_OP_READ), y = base_of(&bench, TRINE_OP_WRITE);
  const uint32_t rows = STEPS * 64; /* rows of either have no more than 64 bytes */
  const uint32_t moved = ((y > x ? y : x) + rows - x + 63) / 64 * 64;
  uint8_t bytes[STEPS * 64], outputs[2][STEPS * 64];
  ck_assert_uint_le((y > x ? y : x) + moved + 64 + rows, size);
  const struct trine_bus *bus = &bench.inner;
  ck_assert_int_eq(bus->mem_read(bus->ctx, window + x, bytes, rows), TRINE_OK);
  ck_assert_int_eq(bus->mem_write(bus->ctx, window + x + moved, bytes, rows), TRINE_OK);
  ck_assert_int_eq(bus->mem_read(bus->ctx, window + y, outputs[0], rows), TRINE_OK);
  memset(bytes, 0x5a, rows); /* what was there is not what comes out */
  ck_assert_int_eq(bus->mem_write(bus->ctx, window + x, bytes, rows), TRINE_OK);
  bench_write(&bench, bench_domain(slot, TRINE_DOMAIN_REPEAT_READ), moved);
  bench_write(&bench, bench_domain(slot, TRINE_DOMAIN_REPEAT_WRITE), moved + 64);
  ck_assert_uint_eq(repeat(&bench, slot), 0);
  ck_assert_int_eq(bus->mem_read(bus->ctx, window + y + moved + 64, outputs[1], rows), TRINE_OK);
  const uint32_t width =
      tenant.network.tensors[tenant.network.network.tensor_count - 1].part_width[0];
  const uint32_t stride = (width + 7) / 8 * 8;
  for (uint32_t t = 0; t < STEPS; t++) {
    ck_assert_mem_eq(outputs[0] + t * stride, outputs[1] + t * stride, width);
  }
  /* Beyond: by a little, by a lot, and by what is no multiple of a beat. */
  const uint32_t beyond[] = {size - x, 0x80000000u, 0u - x - 8, 4};
  for (uint32_t n = 0; n < 4; n++) {
    bench_write(&bench, bench_domain(slot, TRINE_DOMAIN_REPEAT_READ), beyond[n]);
    bench_write(&bench, bench_domain(slot, TRINE_DOMAIN_REPEAT_WRITE), 0);
    ck_assert_uint_eq(repeat(&bench, slot), TRINE_ERROR_WINDOW);
    ck_assert_uint_eq(repeat(&bench, slot), TRINE_ERROR_NOT_KEPT);
    run_exact(&bench, &tenant, &batch, n); /* from scratch */
    run_exact(&bench, &tenant, &batch, n);
    ck_assert_uint_ne(status_of(&bench, slot) & TRINE_DOMAIN_STATUS_REPEATABLE_MASK, 0);
  }
  batch_free(&batch);
  tenant_close(&tenant);
  bench_close(&bench);
}
END_TEST

START_TEST(test_repeats_that_are_refused) {
  struct seed_stream stream = seed_start("refused repeats");
  struct bench bench;
  struct repeat_tenant tenant, other;
  struct driver_batch batch, others;
  bench_open(&bench, "duo", NULL);
  ck_assert_uint_eq(repeat(&bench, 1), TRINE_ERROR_NOT_KEPT); /* never started */
  make_repeatable(&bench, &tenant, &stream, &batch);
  const uint32_t slot = trine_job_slot(tenant.job.job);
  const uint32_t control = bench_domain(slot, TRINE_DOMAIN_CONTROL);
  /* The configuration is that of START, whatever was written since. */
  bench_write(&bench, bench_domain(slot, TRINE_DOMAIN_CORE_MASK), 2);
  bench_write(&bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_BASE_LO), 0x123000);
  ck_assert_uint_eq(repeat(&bench, slot), 0);
  /* Not while it runs; and one that is stopped cannot be repeated. */
  bench_write(&bench, control, TRINE_DOMAIN_CONTROL_REPEAT_MASK);
  ck_assert(!bench_try_write(&bench, control, TRINE_DOMAIN_CONTROL_REPEAT_MASK));
  ck_assert_uint_ne(status_of(&bench, slot) & TRINE_DOMAIN_STATUS_REFUSED_MASK, 0);
  bench_write(&bench, control, TRINE_DOMAIN_CONTROL_ABORT_MASK);
  wait_for_end(&bench, slot);
  ck_assert_uint_eq(bench_read(&bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CODE)),
                    TRINE_ERROR_ABORTED);
  ck_assert_uint_eq(repeat(&bench, slot), TRINE_ERROR_NOT_KEPT);
  run_exact(&bench, &tenant, &batch, 0);
  run_exact(&bench, &tenant, &batch, 1);
  /* Another slot on its core: its block is there now, and is not the slot's to run. */
  tenant_open(&other, &bench, &stream, 1);
  make_batch(&other, &stream, 1, STEPS, false, &others);
  run_exact(&bench, &other, &others, 2);
  run_exact(&bench, &other, &others, 3);
  const uint32_t of_other = trine_job_slot(other.job.job);
  if (of_other != slot) {
    ck_assert_uint_eq(repeat(&bench, slot), TRINE_ERROR_NOT_KEPT);
    ck_assert_uint_eq(repeat(&bench, of_other), 0);
  }
  batch_free(&others);
  tenant_close(&other);
  batch_free(&batch);
  tenant_close(&tenant);
  bench_close(&bench);
}
END_TEST

/* Behind a RUN that is let go on: `more`, and what is no stream. */
static void go_on_to(void *context, uint32_t *words, size_t count) {
  const uint32_t *op = context;
  uint32_t ops[LIST_WORDS], changed[LIST_WORDS], put = 0;
  (void)count;
  const uint32_t taken = bench_take(words, ops, LIST_WORDS / 2);
  for (uint32_t at = 0; at < taken; at += trine_op_words(ops[at])) {
    const bool is_run = (ops[at] & 0xff) == TRINE_OP_RUN;
    memcpy(changed + put, ops + at, trine_op_words(ops[at]) * sizeof *ops);
    changed[put + 1] |= is_run ? 0x10000 : 0;
    put += trine_op_words(ops[at]);
    if (is_run) {
      memcpy(changed + put, op, trine_op_words(op[0]) * sizeof *op);
      put += trine_op_words(op[0]);
    }
  }
  bench_put(words, changed, put, NULL);
}

START_TEST(test_only_streams_and_what_waits_come_beside_contexts_that_run) {
  static const uint32_t others[][14] = {{TRINE_OP_BARRIER | 1u << 8},
                                        {TRINE_OP_LOAD | 5u << 8 | 1u << 16, 0, 0, 1, 0},
                                        {TRINE_OP_TABLE | 4u << 8 | 1u << 16, 0, 0, 1},
                                        {TRINE_OP_CHANNEL | 4u << 8 | 1u << 16, 0, 0, 0}};
  struct seed_stream stream = seed_start("beside");
  struct bench bench;
  struct repeat_tenant tenant;
  struct driver_batch batch;
  bench_open(&bench, "duo", NULL);
  tenant_open(&tenant, &bench, &stream, 1);
  make_batch(&tenant, &stream, 1, STEPS, false, &batch);
  uint32_t other[14];
  memcpy(other, others[_i], sizeof other);
  bench_tamper_next(&bench, go_on_to, other);
  ck_assert_int_eq(trine_job_run(tenant.job.job, &batch.batch), TRINE_ERR_DEVICE);
  ck_assert_msg(strstr(trine_last_error(bench.device), "24 OP") != NULL, "%s",
                trine_last_error(bench.device));
  run_exact(&bench, &tenant, &batch, 0);
  batch_free(&batch);
  tenant_close(&tenant);
  bench_close(&bench);
}
END_TEST

void errors_add_repeats(Suite *suite) {
  TCase *tests = tcase_create("repeats");
  tcase_set_timeout(tests, TIMEOUT_SECONDS);
  tcase_add_test(tests, test_repeats_among_other_runs_are_exact);
  tcase_add_loop_test(tests, test_a_list_of_two_ranks_repeats, 0, 2);
  tcase_add_test(tests, test_bases_move_inside_the_window_and_not_beyond);
  tcase_add_test(tests, test_repeats_that_are_refused);
  tcase_add_loop_test(tests, test_only_streams_and_what_waits_come_beside_contexts_that_run, 0, 4);
  suite_add_tcase(suite, tests);
}
