/* SPDX-License-Identifier: Apache-2.0 */
/* test_dump: a recorder writes down what passes a bus, a dump is read as it was written, and one
 * that was cut or changed is refused. Whole runs are in tests/replay. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "dump/recorder.h"
#include "io/file.h"
#include "support/hostile.h"
#include "support/seed.h"
#include "trine_regs.h"

enum { MEMORY_BYTES = 1 << 16, BASE = 4096, CHANGES = 3000, SLOT = 1 };
enum { PAGE = TRINE_DOMAIN_PAGE * (1 + SLOT), REGISTERS = 3 * TRINE_DOMAIN_PAGE };

static char folder[] = "/tmp/trine_test_dump_XXXXXX";

/* A device of registers that keep what is written, and one that fails when it is told. */
struct toy {
  uint32_t registers[REGISTERS / 4];
  bool is_broken;
};

static enum trine_status toy_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct toy *toy = ctx;
  *value = toy->registers[addr / 4];
  return toy->is_broken ? TRINE_ERR_BUS : TRINE_OK;
}

static enum trine_status toy_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct toy *toy = ctx;
  toy->registers[addr / 4] = value;
  return toy->is_broken ? TRINE_ERR_BUS : TRINE_OK;
}

static enum trine_status toy_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  (void)ctx;
  (void)addr;
  memset(data, 0, len_bytes);
  return TRINE_OK;
}

static enum trine_status toy_mem_write(void *ctx, uint64_t addr, const void *data,
                                       size_t len_bytes) {
  (void)ctx;
  (void)addr;
  (void)data;
  (void)len_bytes;
  return TRINE_OK;
}

static enum trine_status toy_wait(void *ctx, uint32_t timeout_ms) {
  (void)ctx;
  (void)timeout_ms;
  return TRINE_OK;
}

static struct toy toy;
static struct trine_recorder *recorder;
static struct trine_bus bus;

static void open_recorder(uint64_t limit) {
  const struct trine_bus inner = {.ctx = &toy,
                                  .read32 = toy_read32,
                                  .write32 = toy_write32,
                                  .mem_read = toy_mem_read,
                                  .mem_write = toy_mem_write,
                                  .wait = toy_wait};
  memset(&toy, 0, sizeof toy);
  ck_assert_int_eq(trine_recorder_open(&inner, limit, &recorder, NULL), TRINE_OK);
  bus = trine_recorder_bus(recorder);
}

static void write_register(uint32_t addr, uint32_t value) {
  ck_assert_int_eq(bus.write32(bus.ctx, addr, value), TRINE_OK);
}

/* A run from its rows to the STATUS that ends it. */
static void run(uint8_t row, uint32_t state) {
  uint8_t rows[64];
  uint32_t value = 0;
  memset(rows, row, sizeof rows);
  write_register(PAGE + TRINE_DOMAIN_CORE_MASK, 3);
  for (uint32_t n = 0; n < 4; n++) {
    ck_assert_int_eq(bus.mem_write(bus.ctx, BASE + n * sizeof rows, rows, sizeof rows), TRINE_OK);
  }
  write_register(PAGE + TRINE_DOMAIN_CONTROL, TRINE_DOMAIN_CONTROL_START_MASK);
  toy.registers[(PAGE + TRINE_DOMAIN_STATUS) / 4] = TRINE_DOMAIN_STATUS_STATE_RUNNING;
  for (uint32_t n = 0; n < 5; n++) {
    ck_assert_int_eq(bus.read32(bus.ctx, PAGE + TRINE_DOMAIN_STATUS, &value), TRINE_OK);
  }
  ck_assert_int_eq(bus.wait(bus.ctx, 7), TRINE_OK);
  toy.registers[(PAGE + TRINE_DOMAIN_STATUS) / 4] = state;
  toy.registers[(PAGE + TRINE_DOMAIN_ERROR_CODE) / 4] = 27;
  toy.registers[(PAGE + TRINE_DOMAIN_CYCLES_LO) / 4] = 12345;
  ck_assert_int_eq(bus.read32(bus.ctx, PAGE + TRINE_DOMAIN_STATUS, &value), TRINE_OK);
}

static enum trine_status save(struct trine_error *error) {
  const struct trine_dump_head origin = {.config_hash = 0x1234,
                                         .device_version = 0x10000,
                                         .cores = 2,
                                         .memory_base = BASE,
                                         .memory_bytes = MEMORY_BYTES,
                                         .config = "toy",
                                         .device = "test",
                                         .sentence = "it stopped"};
  return trine_recorder_save(recorder, &origin, "toy.dump", error);
}

static void load(struct trine_dump *dump) {
  struct trine_error error = {""};
  ck_assert_msg(trine_dump_read("toy.dump", dump, &error) == TRINE_OK, "%s", error.text);
}

static void enter(void) {
  ck_assert_int_eq(chdir(folder), 0);
}

static void leave(void) {
  trine_recorder_close(recorder);
  recorder = NULL;
  (void)unlink("toy.dump");
}

START_TEST(test_a_run_that_failed_is_read_as_it_passed) {
  struct trine_dump dump;
  struct trine_dump_record record;
  uint32_t kinds[TRINE_DUMP_MEMORY + 1] = {0}, reads = 0, bytes = 0;
  uint64_t at = 0;
  open_recorder(0);
  run(5, TRINE_DOMAIN_STATUS_STATE_ERROR);
  ck_assert(trine_recorder_has_failure(recorder));
  ck_assert_int_eq(save(NULL), TRINE_OK);
  load(&dump);
  ck_assert_uint_eq(dump.head.failure, TRINE_DUMP_ERROR);
  ck_assert_uint_eq(dump.head.slot, SLOT);
  ck_assert_uint_eq(dump.head.starts, 1);
  ck_assert_uint_eq(dump.head.state.error_code, 27);
  ck_assert_uint_eq(dump.head.state.cycles, 12345);
  ck_assert_str_eq(dump.head.sentence, "it stopped");
  while (trine_dump_next(dump.records, dump.head.record_bytes, &at, &record)) {
    kinds[record.kind]++;
    reads += record.kind == TRINE_DUMP_READ ? record.value : 0;
    bytes += record.kind == TRINE_DUMP_MEMORY ? record.value : 0;
  }
  /* Writes of memory that follow each other are one, and reads of one register. */
  ck_assert_uint_eq(kinds[TRINE_DUMP_MEMORY], 1);
  ck_assert_uint_eq(bytes, 256);
  ck_assert_uint_eq(kinds[TRINE_DUMP_READ], 1);
  ck_assert_uint_eq(reads, 5);
  ck_assert_uint_eq(kinds[TRINE_DUMP_WAIT], 1);
  ck_assert_uint_eq(kinds[TRINE_DUMP_REST], 1);
  ck_assert_uint_eq(kinds[TRINE_DUMP_WRITE], 2);
  trine_dump_free(&dump);
}
END_TEST

START_TEST(test_what_nobody_needs_any_more_is_left_out) {
  struct trine_dump dump;
  open_recorder(2048);
  for (uint32_t n = 0; n < 40; n++) {
    run((uint8_t)n, TRINE_DOMAIN_STATUS_STATE_DONE);
  }
  run(99, TRINE_DOMAIN_STATUS_STATE_ERROR);
  ck_assert_int_eq(save(NULL), TRINE_OK);
  load(&dump);
  ck_assert_uint_eq(dump.head.starts + dump.head.left_out, 41);
  ck_assert_uint_gt(dump.head.left_out, 20);
  ck_assert_uint_lt(dump.head.record_bytes, 4096);
  /* The first one, which loaded, and the last one, which failed, are there. */
  ck_assert_uint_ge(dump.head.starts, 2);
  ck_assert_uint_eq(dump.records[dump.head.record_bytes - 4], TRINE_DOMAIN_STATUS_STATE_ERROR);
  trine_dump_free(&dump);
}
END_TEST

START_TEST(test_the_first_failure_counts_until_something_starts_again) {
  struct trine_dump dump;
  uint32_t value = 0;
  open_recorder(0);
  run(1, TRINE_DOMAIN_STATUS_STATE_ERROR);
  toy.is_broken = true;
  ck_assert_int_eq(bus.read32(bus.ctx, PAGE, &value), TRINE_ERR_BUS);
  toy.is_broken = false;
  ck_assert_int_eq(save(NULL), TRINE_OK);
  load(&dump);
  ck_assert_uint_eq(dump.head.failure, TRINE_DUMP_ERROR);
  trine_dump_free(&dump);
  run(2, TRINE_DOMAIN_STATUS_STATE_DONE);
  toy.is_broken = true;
  ck_assert_int_eq(bus.read32(bus.ctx, PAGE + 8, &value), TRINE_ERR_BUS);
  ck_assert_int_eq(save(NULL), TRINE_OK);
  load(&dump);
  ck_assert_uint_eq(dump.head.failure, TRINE_DUMP_ACCESS);
  ck_assert_uint_eq(dump.head.access, PAGE + 8);
  ck_assert_uint_eq(dump.head.has_state, 0);
  trine_dump_free(&dump);
}
END_TEST

START_TEST(test_without_a_failure_nothing_is_written) {
  struct trine_error error = {""};
  open_recorder(0);
  run(1, TRINE_DOMAIN_STATUS_STATE_DONE);
  ck_assert(!trine_recorder_has_failure(recorder));
  ck_assert_int_eq(save(&error), TRINE_ERR_ARG);
  ck_assert_str_eq(error.text,
                   "toy.dump is not written: a dump needs a run that failed, and none has.");
}
END_TEST

static void read_toy(uint8_t **bytes, size_t *len_bytes) {
  open_recorder(0);
  run(1, TRINE_DOMAIN_STATUS_STATE_DONE);
  run(2, TRINE_DOMAIN_STATUS_STATE_ERROR);
  ck_assert_int_eq(save(NULL), TRINE_OK);
  ck_assert_int_eq(trine_file_read("toy.dump", 1 << 20, bytes, len_bytes, NULL), TRINE_OK);
}

START_TEST(test_a_dump_that_was_cut_or_changed_is_refused) {
  struct seed_stream stream = seed_start("dump");
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  uint32_t accepted = 0;
  read_toy(&bytes, &len_bytes);
  ck_assert(hostile_dump(bytes, len_bytes, false));
  for (size_t cut = 0; cut < len_bytes; cut += cut < 64 ? 1 : 37) {
    ck_assert_msg(!hostile_dump(bytes, cut, false), "cut to %zu bytes", cut);
    accepted += hostile_dump(bytes, cut, true);
  }
  ck_assert_uint_le(accepted, 1); /* where a record ends, and no start is missing */
  for (uint32_t n = 0; n < CHANGES; n++) {
    const size_t at = (size_t)seed_uniform(&stream, 0, (int64_t)len_bytes - 1);
    const uint8_t kept = bytes[at];
    bytes[at] ^= (uint8_t)(1U << seed_uniform(&stream, 0, 7));
    ck_assert_msg(!hostile_dump(bytes, len_bytes, false), "byte %zu", at);
    (void)hostile_dump(bytes, len_bytes, true);
    bytes[at] = kept;
  }
  free(bytes);
}
END_TEST

/* A word of the head, and what is said of another value there. */
struct odd_word {
  size_t at;
  uint32_t value;
  const char *words;
};

START_TEST(test_contradictions_are_named_with_value_and_limit) {
  static const struct odd_word table[] = {
      {offsetof(struct trine_dump_head, magic), 7, "it begins with 0x00000007"},
      {offsetof(struct trine_dump_head, version), 9, "of version 9; version 1 is read"},
      {offsetof(struct trine_dump_head, cores), 17, "number of cores is 17, and at most 16"},
      {offsetof(struct trine_dump_head, slot), 2, "slot is 3, and at most 2"},
      {offsetof(struct trine_dump_head, failure), 3, "kind of failure is 3, and at most 2"},
      {offsetof(struct trine_dump_head, starts), 1, "number of starts is 2, and at most 1"},
      {offsetof(struct trine_dump_head, memory_bytes), 64, "size of a write to memory is 256"}};
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  read_toy(&bytes, &len_bytes);
  for (size_t n = 0; n < sizeof table / sizeof table[0]; n++) {
    struct trine_dump dump;
    struct trine_error error = {""};
    struct trine_dump_head head;
    uint8_t *copy = malloc(len_bytes);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, len_bytes);
    memcpy(copy + table[n].at, &table[n].value, 4);
    memcpy(&head, copy, sizeof head);
    head.crc = (uint32_t)crc32(0, copy + 16, (uInt)(len_bytes - 16));
    memcpy(copy, &head, sizeof head);
    ck_assert_int_eq(trine_dump_parse(copy, len_bytes, "x.dump", &dump, &error), TRINE_ERR_FORMAT);
    ck_assert_msg(strstr(error.text, table[n].words) != NULL, "%s", error.text);
    trine_dump_free(&dump);
    free(copy);
  }
  free(bytes);
}
END_TEST

START_TEST(test_what_is_wrong_with_a_file_is_said) {
  struct trine_dump dump;
  struct trine_error error = {""};
  uint8_t *bytes = NULL;
  size_t len_bytes = 0;
  read_toy(&bytes, &len_bytes);
  ck_assert_int_eq(trine_dump_parse(bytes, 8, "x.dump", &dump, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(
      strstr(error.text, "x.dump is no dump: it has 8 bytes, and the head alone has "));
  ck_assert_int_eq(trine_dump_parse(bytes, len_bytes - 4, "x.dump", &dump, &error),
                   TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(
      strstr(error.text, "; it was cut, or goes on behind its end: write it again."));
  bytes[len_bytes - 1] ^= 1;
  ck_assert_int_eq(trine_dump_parse(bytes, len_bytes, "x.dump", &dump, &error), TRINE_ERR_FORMAT);
  ck_assert_ptr_nonnull(
      strstr(error.text, "x.dump was changed since it was written: its CRC is 0x"));
  free(bytes);
}
END_TEST

int main(void) {
  seed_print();
  if (mkdtemp(folder) == NULL) {
    return 1;
  }
  Suite *suite = suite_create("dump");
  TCase *tests = tcase_create("dump");
  tcase_add_checked_fixture(tests, enter, leave);
  tcase_add_test(tests, test_a_run_that_failed_is_read_as_it_passed);
  tcase_add_test(tests, test_what_is_wrong_with_a_file_is_said);
  tcase_add_test(tests, test_what_nobody_needs_any_more_is_left_out);
  tcase_add_test(tests, test_the_first_failure_counts_until_something_starts_again);
  tcase_add_test(tests, test_without_a_failure_nothing_is_written);
  tcase_add_test(tests, test_a_dump_that_was_cut_or_changed_is_refused);
  tcase_add_test(tests, test_contradictions_are_named_with_value_and_limit);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 && rmdir(folder) == 0 ? 0 : 1;
}
