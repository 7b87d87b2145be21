/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_direct: backend_direct: ranges and what the hooks of a cache are given, late faults,
 * waiting. */
#include <check.h>
#include <string.h>

#include "backend_direct.h"
#include "support/seed.h"
#include "trine_regs.h"

enum { MEMORY = 256, BASE = 0x1000 };

static struct {
  uint32_t registers[TRINE_DIRECT_REGISTERS / 4];
  uint32_t memory[MEMORY / 4];
  uint64_t cleaned_at, cleaned, invalidated_at, invalidated;
  uint32_t calls, faults, asked, pauses;
  uint64_t clock_us;
} board;

static void note_clean(void *ctx, const void *data, size_t len) {
  ck_assert_ptr_eq(ctx, &board);
  board.cleaned_at = (uint64_t)((const uint8_t *)data - (const uint8_t *)board.memory);
  board.cleaned = len;
  board.calls++;
}
static void note_invalidate(void *ctx, void *data, size_t len) {
  ck_assert_ptr_eq(ctx, &board);
  board.invalidated_at = (uint64_t)((uint8_t *)data - (uint8_t *)board.memory);
  board.invalidated = len;
  board.calls++;
}
static bool has_failed(void *ctx) {
  (void)ctx;
  board.asked++;
  return board.faults > 0 && board.faults-- > 0;
}
static void pause_board(void *ctx) {
  (void)ctx;
  board.pauses++;
  if (board.pauses == 3) {
    board.registers[TRINE_GLOBAL_IRQ_STATUS / 4] = 1;
  }
}
static uint64_t now_us(void *ctx) {
  (void)ctx;
  return board.clock_us += 500;
}

static struct trine_direct make_board(void) {
  memset(&board, 0, sizeof board);
  return (struct trine_direct){.registers = board.registers,
                               .memory = board.memory,
                               .memory_base = BASE,
                               .memory_bytes = MEMORY,
                               .is_plain = true,
                               .ctx = &board,
                               .now_us = now_us};
}

START_TEST(test_hooks_are_given_the_bytes_and_no_others) {
  struct trine_direct direct = make_board();
  direct.clean = note_clean;
  direct.invalidate = note_invalidate;
  const struct trine_bus bus = trine_direct_bus(&direct);
  struct seed_stream stream = seed_start("direct");
  uint8_t from[MEMORY + 1], to[MEMORY + 1];
  for (int n = 0; n < 2000; n++) {
    const uint64_t at = 4 * (uint64_t)seed_uniform(&stream, 0, MEMORY / 4);
    const size_t len = 4 * (size_t)seed_uniform(&stream, 0, MEMORY / 4 + 1);
    const bool fits = at + len <= MEMORY;
    seed_int8(&stream, (int8_t *)from + 1, MEMORY, -128, 127);
    board.calls = 0;
    ck_assert_int_eq(bus.mem_write(bus.ctx, BASE + at, from + 1, len),
                     fits ? TRINE_OK : TRINE_ERR_BUS);
    ck_assert_uint_eq(board.calls, fits);
    ck_assert(!fits || (board.cleaned_at == at && board.cleaned == len));
    ck_assert_int_eq(bus.mem_read(bus.ctx, BASE + at, to + 1, len),
                     fits ? TRINE_OK : TRINE_ERR_BUS);
    ck_assert(!fits || (board.invalidated_at == at && board.invalidated == len));
    ck_assert(!fits || memcmp(from + 1, to + 1, len) == 0);
    ck_assert_ptr_eq(bus.map(bus.ctx, BASE + at, len), fits ? (uint8_t *)board.memory + at : NULL);
  }
  ck_assert_ptr_null(bus.map(bus.ctx, BASE - 4, 8));
  ck_assert_ptr_null(bus.map(bus.ctx, UINT64_MAX - 3, 4));
  direct.clean = NULL;
  direct.invalidate = NULL;
  bus.clean(bus.ctx, board.memory, 4);
  bus.invalidate(bus.ctx, board.memory, 4);
  direct.is_plain = false;
  ck_assert(trine_direct_bus(&direct).map == NULL);
}
END_TEST

START_TEST(test_a_late_fault_fails_the_access_before_it) {
  struct trine_direct direct = make_board();
  direct.has_failed = has_failed;
  const struct trine_bus bus = trine_direct_bus(&direct);
  uint32_t value = 0;
  for (uint32_t faults = 0; faults < 2; faults++) {
    const enum trine_status want = faults > 0 ? TRINE_ERR_BUS : TRINE_OK;
    board.faults = faults;
    ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_ID, &value), want);
    board.faults = faults;
    ck_assert_int_eq(bus.write32(bus.ctx, TRINE_GLOBAL_SCRATCH, 7), want);
    board.faults = faults;
    ck_assert_int_eq(bus.mem_read(bus.ctx, BASE, &value, 4), want);
    board.faults = faults;
    ck_assert_int_eq(bus.mem_write(bus.ctx, BASE, &value, 4), want);
  }
  board.faults = 1;
  ck_assert_int_eq(bus.wait(bus.ctx, 5), TRINE_ERR_BUS);
  ck_assert_uint_eq(board.asked, 9);
}
END_TEST

START_TEST(test_waiting_pauses_between_looks) {
  struct trine_direct direct = make_board();
  direct.pause = pause_board;
  const struct trine_bus bus = trine_direct_bus(&direct);
  ck_assert_int_eq(bus.wait(bus.ctx, 1), TRINE_ERR_TIMEOUT);
  ck_assert_uint_eq(board.pauses, 1);
  ck_assert_int_eq(bus.wait(bus.ctx, 100), TRINE_OK);
  ck_assert_uint_eq(board.pauses, 3);
  ck_assert_uint_gt(bus.now_us(bus.ctx), 0);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_direct");
  TCase *tests = tcase_create("direct");
  tcase_add_test(tests, test_hooks_are_given_the_bytes_and_no_others);
  tcase_add_test(tests, test_a_late_fault_fails_the_access_before_it);
  tcase_add_test(tests, test_waiting_pauses_between_looks);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
