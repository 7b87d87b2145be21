/* SPDX-License-Identifier: Apache-2.0 */
/* rogue: see rogue.h. */
#include "rogue.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "program/disassemble.h"
#include "program/format.h"
#include "scenario.h"
#include "support/blocks.h"
#include "trine_regs.h"

enum {
  HEADER_WORDS = 8,
  PROGRAM_ALIGN = 64,
  WATCHDOG_CYCLES = 1500,
  POLL_CYCLES = 2,
  MOST_CYCLES = 400000,
  MAX_UNITS = 20
};

static const struct trine_job_options options[] = {{.mode = TRINE_MODE_SINGLE, .core_mask = 1},
                                                   {.mode = TRINE_MODE_HELPER, .core_mask = 3}};

uint32_t rogue_ranks(const struct rogue *rogue) {
  return rogue->header[3] >> 8 & 31;
}

/* A bench_tamper that changes nothing and keeps the list. */
static void keep_list(void *context, uint32_t *words, size_t count) {
  struct rogue *rogue = context;
  (void)count;
  memcpy(rogue->header, words, sizeof rogue->header);
  rogue->good.count = bench_take(words, rogue->good.words, ROGUE_WORDS);
}

static void make_tenant(struct rogue *rogue, uint32_t which, struct seed_stream *stream) {
  struct driver_case *network = &rogue->networks[which];
  memset(network, 0, sizeof *network);
  scenario_stack(network, stream, 1, true, MAX_UNITS);
  batch_create(&rogue->batches[which], stream, &network->network, 2, which == 0 ? 3 : 6, false,
               false);
  batch_expect(&rogue->batches[which], &network->network);
}

void rogue_open(struct rogue *rogue, struct seed_stream *stream, bool both_cores) {
  rogue_open_on(rogue, stream, both_cores, "duo");
}

void rogue_open_on(struct rogue *rogue, struct seed_stream *stream, bool both_cores,
                   const char *config) {
  struct driver_job job;
  memset(rogue, 0, sizeof *rogue);
  rogue->core_mask = options[both_cores].core_mask;
  rogue->mode = (uint32_t)options[both_cores].mode;
  make_tenant(rogue, 0, stream);
  make_tenant(rogue, 1, stream);
  bench_open(&rogue->bench, config, NULL);
  bench_write(&rogue->bench, TRINE_GLOBAL_WATCHDOG, WATCHDOG_CYCLES);
  job_create(&rogue->honest, rogue->bench.device, &rogue->networks[0].network,
             &options[both_cores]);
  rogue_honest_is_exact(rogue, "the honest tenant alone");
  job_create(&job, rogue->bench.device, &rogue->networks[1].network, &options[both_cores]);
  bench_tamper_next(&rogue->bench, keep_list, rogue);
  ck_assert_int_eq(trine_job_run(job.job, &rogue->batches[1].batch), TRINE_OK);
  batch_compare(&rogue->batches[1], &rogue->networks[1].network, "the rogue's job as it was");
  uint32_t slot = trine_job_slot(job.job);
  rogue->window_base = bench_read64(&rogue->bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_BASE_LO));
  rogue->program = bench_read(&rogue->bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_SIZE));
  rogue->program = (rogue->program + PROGRAM_ALIGN - 1) / PROGRAM_ALIGN * PROGRAM_ALIGN;
  rogue->slot = 1 - trine_job_slot(rogue->honest.job);
  job_free(&job);
}

void rogue_open_alone(struct rogue *rogue, struct seed_stream *stream, const char *config) {
  rogue_open_on(rogue, stream, false, config);
  job_free(&rogue->honest);
  memset(&rogue->honest, 0, sizeof rogue->honest);
}

void rogue_close(struct rogue *rogue) {
  job_free(&rogue->honest);
  for (uint32_t n = 0; n < ROGUE_TENANTS; n++) {
    batch_free(&rogue->batches[n]);
    case_free(&rogue->networks[n]);
  }
  bench_close(&rogue->bench);
}

static uint32_t find(const struct rogue_list *list, uint32_t ranks, uint32_t op, uint32_t nth) {
  for (uint32_t at = 0; at < list->count;) {
    const uint32_t *word = list->words + at;
    const uint32_t length = trine_op_words(*word);
    const bool is_named = ranks == 0 || (trine_field(word, TRINE_FIELD_FIRST_RANKS) & ranks) != 0;
    if ((*word & 0xff) == op && is_named && nth-- == 0) {
      return at;
    }
    at += length > 0 ? length : 1;
  }
  return UINT32_MAX;
}

uint32_t rogue_find(const struct rogue_list *list, uint32_t op, uint32_t nth) {
  return find(list, 0, op, nth);
}

uint32_t rogue_find_of(const struct rogue_list *list, uint32_t rank, uint32_t op, uint32_t nth) {
  return find(list, UINT32_C(1) << rank, op, nth);
}

uint32_t rogue_find_use(const struct rogue_list *list) {
  static const uint32_t ops[] = {TRINE_OP_READ, TRINE_OP_WRITE, TRINE_OP_RUN, TRINE_OP_BARRIER};
  uint32_t first = UINT32_MAX;
  for (uint32_t n = 0; n < sizeof ops / sizeof ops[0]; n++) {
    const uint32_t at = rogue_find(list, ops[n], 0);
    first = at < first ? at : first;
  }
  ck_assert_uint_ne(first, UINT32_MAX);
  return first;
}

void rogue_cut(struct rogue_list *list, uint32_t at) {
  uint32_t length = trine_op_words(list->words[at]);
  list->count -= length;
  memmove(list->words + at, list->words + at + length, (list->count - at) * 4);
}

void rogue_put(struct rogue_list *list, uint32_t to, const uint32_t *words, uint32_t count) {
  ck_assert_uint_le(list->count + count, ROGUE_WORDS);
  memmove(list->words + to + count, list->words + to, (list->count - to) * 4);
  memcpy(list->words + to, words, count * 4);
  list->count += count;
}

void rogue_copy(struct rogue_list *list, uint32_t from, uint32_t to) {
  uint32_t copy[ROGUE_WORDS];
  uint32_t length = trine_op_words(list->words[from]);
  ck_assert_uint_le(length, ROGUE_WORDS);
  memcpy(copy, list->words + from, length * 4);
  rogue_put(list, to, copy, length);
}

void rogue_add(struct rogue_list *list, const uint32_t *words, uint32_t count) {
  rogue_put(list, list->count, words, count);
}

void rogue_add_bare(struct rogue_list *list, uint32_t op) {
  const uint32_t word = trine_op_word(op, 1, 0);
  rogue_add(list, &word, 1);
}

uint32_t rogue_join(struct rogue *rogue, const struct rogue_list *list,
                    uint32_t words[ROGUE_PROGRAM_WORDS]) {
  memset(words, 0, ROGUE_PROGRAM_WORDS * 4);
  memcpy(words, rogue->header, sizeof rogue->header);
  const uint32_t length = blocks_lay(list->words, list->count, words + HEADER_WORDS,
                                     ROGUE_PROGRAM_WORDS - HEADER_WORDS, rogue->place);
  ck_assert_uint_gt(length, 0);
  rogue->placed = list->count;
  trine_put_field(words, TRINE_FIELD_HEAD_WORDS, length);
  trine_put_field(words, TRINE_FIELD_HEAD_BYTES, 4 * (HEADER_WORDS + length));
  bench_seal(words);
  return HEADER_WORDS + length;
}

void rogue_start_in(struct rogue *rogue, const uint32_t *words, uint32_t count,
                    uint32_t window_bytes) {
  struct bench *bench = &rogue->bench;
  const uint32_t registers[][2] = {
      {TRINE_DOMAIN_CORE_MASK, rogue->core_mask},
      {TRINE_DOMAIN_MODE, rogue->mode},
      {TRINE_DOMAIN_WINDOW_BASE_LO, (uint32_t)rogue->window_base},
      {TRINE_DOMAIN_WINDOW_BASE_HI, (uint32_t)(rogue->window_base >> 32)},
      {TRINE_DOMAIN_WINDOW_SIZE, window_bytes},
      {TRINE_DOMAIN_PROGRAM, rogue->program},
      {TRINE_DOMAIN_CONTROL, TRINE_DOMAIN_CONTROL_START_MASK}};
  int status =
      bench->ops->mem_write(bench->sim, rogue->window_base + rogue->program, words, count * 4);
  ck_assert_int_eq(status, TRINE_OK);
  for (uint32_t n = 0; n < sizeof registers / sizeof registers[0]; n++) {
    bench_write(bench, bench_domain(rogue->slot, registers[n][0]), registers[n][1]);
  }
}

void rogue_start_words(struct rogue *rogue, const uint32_t *words, uint32_t count) {
  rogue_start_in(rogue, words, count, rogue->program + ROGUE_PROGRAM_WORDS * 4);
}

void rogue_start(struct rogue *rogue, const struct rogue_list *list) {
  uint32_t words[ROGUE_PROGRAM_WORDS];
  uint32_t count = rogue_join(rogue, list, words);
  rogue_start_words(rogue, words, count);
}

uint32_t rogue_peek(struct rogue *rogue, uint32_t offset) {
  struct bench *bench = &rogue->bench;
  uint32_t word = 0;
  int status = bench->ops->mem_read(bench->sim, rogue->window_base + offset, &word, 4);
  ck_assert_int_eq(status, TRINE_OK);
  return word;
}

void rogue_poke(struct rogue *rogue, uint32_t offset, uint32_t word) {
  struct bench *bench = &rogue->bench;
  int status = bench->ops->mem_write(bench->sim, rogue->window_base + offset, &word, 4);
  ck_assert_int_eq(status, TRINE_OK);
}

void rogue_move(struct rogue *rogue, uint64_t window_base) {
  const struct bench *bench = &rogue->bench;
  uint8_t *bytes = malloc(rogue->program);
  ck_assert_ptr_nonnull(bytes);
  int status = bench->ops->mem_read(bench->sim, rogue->window_base, bytes, rogue->program);
  ck_assert_int_eq(status, TRINE_OK);
  status = bench->ops->mem_write(bench->sim, window_base, bytes, rogue->program);
  ck_assert_int_eq(status, TRINE_OK);
  free(bytes);
  rogue->window_base = window_base;
}

void rogue_abort(struct rogue *rogue) {
  bench_write(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_ABORT_MASK);
}

static uint32_t domain_read(struct rogue *rogue, uint32_t offset) {
  return bench_read(&rogue->bench, bench_domain(rogue->slot, offset));
}

/* The word of the operations at a place of their list, or the next behind it. */
static uint32_t op_at(const struct rogue *rogue, uint32_t place) {
  uint32_t op = 0;
  while (op < rogue->placed && rogue->place[op] < place) {
    op++;
  }
  return op;
}

/* Waits until it is done or in error; which. */
static uint32_t wait_end(struct rogue *rogue) {
  uint32_t state = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  for (uint32_t cycles = 0; cycles < MOST_CYCLES; cycles += POLL_CYCLES) {
    state = domain_read(rogue, TRINE_DOMAIN_STATUS) & TRINE_DOMAIN_STATUS_STATE_MASK;
    if (state == TRINE_DOMAIN_STATUS_STATE_DONE || state == TRINE_DOMAIN_STATUS_STATE_ERROR) {
      return state;
    }
    bench_step(&rogue->bench, POLL_CYCLES);
  }
  ck_abort_msg("a program did not end within %d cycles", MOST_CYCLES);
}

static struct rogue_result read_result(struct rogue *rogue, uint32_t state) {
  struct rogue_result result = {0};
  result.end = state == TRINE_DOMAIN_STATUS_STATE_DONE ? ROGUE_DONE : ROGUE_ERROR;
  result.code = domain_read(rogue, TRINE_DOMAIN_ERROR_CODE);
  result.core = domain_read(rogue, TRINE_DOMAIN_ERROR_CORE);
  result.place = domain_read(rogue, TRINE_DOMAIN_ERROR_OP);
  result.op = op_at(rogue, result.place);
  result.address =
      bench_read64(&rogue->bench, bench_domain(rogue->slot, TRINE_DOMAIN_ERROR_ADDR_LO));
  return result;
}

struct rogue_result rogue_wait_beside(struct rogue *rogue) {
  return read_result(rogue, wait_end(rogue));
}

struct rogue_result rogue_wait(struct rogue *rogue, uint64_t after_cycles) {
  struct bench *bench = &rogue->bench;
  struct trine_sim_stats before, after;
  const uint32_t state = wait_end(rogue);
  bench->ops->stats(bench->sim, &before);
  const struct rogue_result result = read_result(rogue, state);
  bench_step(bench, after_cycles);
  bench->ops->stats(bench->sim, &after);
  ck_assert_msg(after.read_beats == before.read_beats && after.write_beats == before.write_beats,
                "%llu beats cross the memory port after the program ended in state %u, code %u",
                (unsigned long long)(after.read_beats - before.read_beats + after.write_beats -
                                     before.write_beats),
                state, result.code);
  return result;
}

void rogue_honest_is_exact(struct rogue *rogue, const char *what) {
  struct driver_batch *batch = &rogue->batches[0];
  memset(batch->output, 0x55, batch->output_bytes);
  enum trine_status status = trine_job_run(rogue->honest.job, &batch->batch);
  ck_assert_msg(status == TRINE_OK, "%s: %s (%s)", what, trine_last_error(rogue->bench.device),
                rogue->bench.ops->error(rogue->bench.sim));
  batch_compare(batch, &rogue->networks[0].network, what);
}
