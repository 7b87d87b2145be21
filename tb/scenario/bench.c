/* SPDX-License-Identifier: Apache-2.0 */
/* bench: see bench.h. */
#include "bench.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "program/format.h"
#include "support/blocks.h"
#include "trine_regs.h"

enum { HEADER_WORDS = 8, WORD_BYTES = 2, WORD_RANKS = 3, WORD_WORDS = 6, WORD_CRC = 7 };
enum { MORE_BYTES = 1 << 14 }; /* what tampering may add */

static uint32_t crc32_of(const uint32_t *words, size_t count) {
  return (uint32_t)crc32(0, (const Bytef *)words, (uInt)(count * sizeof *words));
}

void bench_seal_header(uint32_t *words) {
  words[WORD_CRC] = crc32_of(words, WORD_CRC);
}

void bench_seal(uint32_t *words) {
  blocks_seal(words + HEADER_WORDS, words[WORD_WORDS]);
  bench_seal_header(words);
}

uint32_t *bench_list(uint32_t *words, uint32_t *count) {
  *count = words[WORD_WORDS];
  return words + HEADER_WORDS;
}

uint32_t bench_take(uint32_t *words, uint32_t *ops, uint32_t room) {
  uint32_t count = 0;
  const uint32_t *list = bench_list(words, &count);
  const uint32_t taken = blocks_take(list, count, ops, room, NULL);
  ck_assert_uint_gt(taken, 0);
  return taken;
}

void bench_put(uint32_t *words, const uint32_t *ops, uint32_t count, uint32_t *place) {
  const uint32_t room = (words[WORD_BYTES] + MORE_BYTES) / 4 - HEADER_WORDS;
  words[WORD_WORDS] = blocks_lay(ops, count, words + HEADER_WORDS, room, place);
  ck_assert_uint_gt(words[WORD_WORDS], 0);
  words[WORD_BYTES] = 4 * (HEADER_WORDS + words[WORD_WORDS]);
  bench_seal_header(words);
}

static enum trine_status pass_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct bench *bench = ctx;
  return bench->inner.read32(bench->inner.ctx, addr, value);
}

static enum trine_status pass_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct bench *bench = ctx;
  bool is_control = addr >= TRINE_DOMAIN_PAGE && addr % TRINE_DOMAIN_PAGE == TRINE_DOMAIN_CONTROL;
  bool is_start = is_control && (value & TRINE_DOMAIN_CONTROL_START_MASK) != 0;
  bench->repeats += is_control && (value & TRINE_DOMAIN_CONTROL_REPEAT_MASK) != 0;
  if (is_start && bench->before_start != NULL) {
    bench->before_start(bench->start_context, addr / TRINE_DOMAIN_PAGE - 1);
  }
  bool is_mode = addr >= TRINE_DOMAIN_PAGE && addr % TRINE_DOMAIN_PAGE == TRINE_DOMAIN_MODE;
  value = is_mode && bench->mode >= 0 ? (uint32_t)bench->mode : value;
  value &= is_control && bench->remembers ? ~TRINE_DOMAIN_CONTROL_FORGET_MASK : UINT32_MAX;
  return bench->inner.write32(bench->inner.ctx, addr, value);
}

static enum trine_status pass_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  struct bench *bench = ctx;
  return bench->inner.mem_read(bench->inner.ctx, addr, data, len_bytes);
}

/* A program as a whole: its lists are in memory when its head comes. */
static uint32_t *whole_program(struct bench *bench, uint64_t addr, const uint32_t *head,
                               size_t head_bytes, size_t *bytes) {
  *bytes = head[WORD_BYTES];
  uint32_t *words = calloc(1, *bytes + MORE_BYTES);
  ck_assert_ptr_nonnull(words);
  ck_assert_uint_le(head_bytes, *bytes);
  ck_assert_int_eq(bench->inner.mem_read(bench->inner.ctx, addr, words, *bytes), TRINE_OK);
  memcpy(words, head, head_bytes);
  return words;
}

/* Programs are known by their magic number; everything else passes as it is. */
static enum trine_status pass_mem_write(void *ctx, uint64_t addr, const void *data,
                                        size_t len_bytes) {
  struct bench *bench = ctx;
  uint32_t head[TRINE_RUN_WORDS] = {0};
  if (len_bytes >= 4 && len_bytes <= sizeof head) {
    memcpy(head, data, len_bytes);
  }
  bool is_program = head[0] == TRINE_PROGRAM_MAGIC;
  bench->program_address = is_program ? addr : bench->program_address;
  if (!is_program || (bench->tamper == NULL && bench->mode < 0)) {
    return bench->inner.mem_write(bench->inner.ctx, addr, data, len_bytes);
  }
  size_t bytes = 0;
  uint32_t *words = whole_program(bench, addr, head, len_bytes, &bytes);
  if (bench->mode >= 0) {
    words[WORD_RANKS] = (words[WORD_RANKS] & ~3u) | (uint32_t)bench->mode;
    bench_seal_header(words);
  }
  if (bench->tamper != NULL) {
    bench->tamper(bench->tamper_context, words, bytes / 4);
    bench->tamper = NULL;
  }
  const size_t longer = words[WORD_BYTES] - bytes;
  bytes += words[WORD_BYTES] > bytes && longer <= MORE_BYTES ? longer : 0;
  int status = bench->inner.mem_write(bench->inner.ctx, addr, words, bytes);
  free(words);
  return status;
}

static enum trine_status pass_wait(void *ctx, uint32_t timeout_ms) {
  struct bench *bench = ctx;
  return bench->inner.wait(bench->inner.ctx, timeout_ms);
}

static uint64_t pass_now_us(void *ctx) {
  const struct bench *bench = ctx;
  return bench->inner.now_us(bench->inner.ctx);
}

void bench_open(struct bench *bench, const char *config, const struct trine_sim_options *options) {
  struct trine_sim_options memory = options != NULL ? *options : trine_sim_defaults();
  struct trine_error error = {0};
  memset(bench, 0, sizeof *bench);
  bench->mode = -1;
  int status = trine_sim_backend_open(config, &memory, &bench->backend, &error);
  ck_assert_msg(status == TRINE_OK, "%s", error.text);
  bench->ops = trine_sim_backend_ops(bench->backend);
  bench->sim = trine_sim_backend_sim(bench->backend);
  bench->inner = trine_sim_backend_bus(bench->backend);
  bench->device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(bench->device);
  struct trine_bus bus = {.ctx = bench,
                          .read32 = pass_read32,
                          .write32 = pass_write32,
                          .mem_read = pass_mem_read,
                          .mem_write = pass_mem_write,
                          .wait = pass_wait,
                          .now_us = pass_now_us};
  status = trine_open(bench->device, &bus, 0, memory.memory_bytes, config);
  ck_assert_msg(status == TRINE_OK, "%s: %s", trine_last_error(bench->device),
                bench->ops->error(bench->sim));
}

void bench_close(struct bench *bench) {
  free(bench->device);
  trine_sim_backend_close(bench->backend);
}

void bench_tamper_next(struct bench *bench, bench_tamper tamper, void *context) {
  bench->tamper = tamper;
  bench->tamper_context = context;
}

uint32_t bench_domain(uint32_t slot, uint32_t offset) {
  return TRINE_DOMAIN_PAGE * (1 + slot) + offset;
}

uint32_t bench_read(struct bench *bench, uint32_t address) {
  uint32_t value = 0;
  int status = bench->ops->read32(bench->sim, address, &value);
  ck_assert_msg(status == TRINE_OK, "read of register 0x%x: %s", address,
                bench->ops->error(bench->sim));
  return value;
}

uint64_t bench_read64(struct bench *bench, uint32_t low_address) {
  uint64_t low = bench_read(bench, low_address);
  return low | (uint64_t)bench_read(bench, low_address + 4) << 32;
}

bool bench_try_write(struct bench *bench, uint32_t address, uint32_t value) {
  int status = bench->ops->write32(bench->sim, address, value, 15);
  ck_assert_msg(status == TRINE_OK || status == TRINE_ERR_BUS, "write of register 0x%x: %s",
                address, bench->ops->error(bench->sim));
  return status == TRINE_OK;
}

void bench_write(struct bench *bench, uint32_t address, uint32_t value) {
  ck_assert_msg(bench_try_write(bench, address, value), "write of register 0x%x: %s", address,
                bench->ops->error(bench->sim));
}

void bench_step(struct bench *bench, uint64_t cycles) {
  int status = bench->ops->step(bench->sim, cycles);
  ck_assert_msg(status == TRINE_OK, "%s", bench->ops->error(bench->sim));
}
