/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_backends: the serial and the mapped bus, the other side played by the test: a bridge
 * in a process of its own behind a pseudo-terminal, a file. */
#define _XOPEN_SOURCE 700 /* mkstemp */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend_mmio.h"
#include "backend_record.h"
#include "backend_uart.h"
#include "sim/sim_backend.h"
#include "support/checked/serial_bridge.h"
#include "support/seed.h"
#include "trine.h"
#include "trine_regs.h"

static void move_much(const struct trine_bus *bus, struct trine_uart *uart) {
  struct seed_stream stream = seed_start("serial data");
  uint8_t sent[BRIDGE_MEMORY], got[BRIDGE_MEMORY];
  for (uint32_t round = 0; round < 20; round++) {
    size_t len = 4 * (size_t)seed_uniform(&stream, 1, BRIDGE_MEMORY / 4);
    uint64_t at = 4 * (uint64_t)seed_uniform(&stream, 0, (BRIDGE_MEMORY - (int64_t)len) / 4);
    seed_int8(&stream, (int8_t *)sent, len, -128, 127);
    ck_assert_msg(bus->mem_write(bus->ctx, at, sent, len) == 0, "%s", uart->error);
    ck_assert_msg(bus->mem_read(bus->ctx, at, got, len) == 0, "%s", uart->error);
    ck_assert_mem_eq(sent, got, len);
  }
}

START_TEST(test_serial_line_reaches_registers_and_memory) {
  const struct bridge_faults none = {.damaged = 0};
  char path[64];
  pid_t child = bridge_start(&none, path, sizeof path);
  struct trine_uart uart;
  ck_assert_msg(trine_uart_open(&uart, path, 1000000) == 0, "%s", uart.error);
  struct trine_bus bus = trine_uart_bus(&uart);
  uint32_t value = 0;
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_ID, &value), 0);
  ck_assert_uint_eq(value, TRINE_GLOBAL_ID_RESET);
  ck_assert_int_eq(trine_uart_memory_bytes(&uart, &value), 0);
  ck_assert_uint_eq(value, BRIDGE_MEMORY);
  ck_assert_int_eq(bus.wait(bus.ctx, 20), TRINE_ERR_TIMEOUT);
  ck_assert_int_eq(bus.write32(bus.ctx, TRINE_GLOBAL_IRQ_STATUS, 0x80402010), 0);
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_IRQ_STATUS, &value), 0);
  ck_assert_uint_eq(value, 0x80402010);
  ck_assert_int_eq(bus.wait(bus.ctx, 1000), 0);
  move_much(&bus, &uart);
  ck_assert_int_eq(bus.read32(bus.ctx, 0x10000, &value), TRINE_ERR_BUS);
  ck_assert_ptr_nonnull(strstr(uart.error, "refused"));
  ck_assert_int_eq(bus.mem_read(bus.ctx, BRIDGE_MEMORY, &value, 4), TRINE_ERR_BUS);
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_damaged_and_lost_answers_are_asked_for_again) {
  const struct bridge_faults some = {.damaged = 50, .lost = 30};
  char path[64];
  pid_t child = bridge_start(&some, path, sizeof path);
  struct trine_uart uart;
  ck_assert_int_eq(trine_uart_open(&uart, path, 0), 0);
  uart.answer_ms = 100;
  struct trine_bus bus = trine_uart_bus(&uart);
  move_much(&bus, &uart);
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_a_silent_bridge_ends_in_a_timeout) {
  const struct bridge_faults mute = {.mute_after = 1};
  char path[64];
  pid_t child = bridge_start(&mute, path, sizeof path);
  struct trine_uart uart;
  ck_assert_int_eq(trine_uart_open(&uart, path, 0), 0);
  uart.answer_ms = 50;
  struct trine_bus bus = trine_uart_bus(&uart);
  uint32_t value = 0;
  ck_assert_int_eq(bus.read32(bus.ctx, 0, &value), 0);
  ck_assert_int_eq(bus.read32(bus.ctx, 0, &value), TRINE_ERR_TIMEOUT);
  ck_assert_int_eq(bus.write32(bus.ctx, 0, 1), TRINE_ERR_TIMEOUT);
  ck_assert_ptr_nonnull(strstr(uart.error, "not answered"));
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_what_is_no_serial_line_is_refused) {
  struct trine_uart uart;
  ck_assert_int_eq(trine_uart_open(&uart, "/nonexistent", 0), TRINE_ERR_BUS);
  ck_assert_ptr_nonnull(strstr(uart.error, "/nonexistent"));
  ck_assert_int_eq(trine_uart_open(&uart, "/dev/null", 0), TRINE_ERR_BUS);
  ck_assert_ptr_nonnull(strstr(uart.error, "not a serial line"));
  ck_assert_int_eq(trine_uart_open(&uart, "/dev/null", 1234), TRINE_ERR_ARG);
}
END_TEST

START_TEST(test_mapped_file_holds_registers_then_memory) {
  char path[] = "build/trine_mmio_XXXXXX";
  int fd = mkstemp(path);
  ck_assert_int_ge(fd, 0);
  struct trine_mmio mmio;
  ck_assert_int_eq(trine_mmio_open(&mmio, path, 0), TRINE_ERR_BUS); /* empty */
  ck_assert_ptr_nonnull(strstr(mmio.error, "cannot be mapped"));
  ck_assert_int_eq(ftruncate(fd, TRINE_DIRECT_REGISTERS + 4096), 0);
  ck_assert_msg(trine_mmio_open(&mmio, path, 0) == 0, "%s", mmio.error);
  struct trine_bus bus = trine_mmio_bus(&mmio);
  uint32_t value = 0, back = 0;
  ck_assert_uint_eq(mmio.direct.memory_bytes, 4096);
  ck_assert_int_eq(bus.write32(bus.ctx, TRINE_GLOBAL_SCRATCH, 0x12345678), 0);
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_SCRATCH, &value), 0);
  ck_assert_uint_eq(value, 0x12345678);
  ck_assert_int_eq(bus.mem_write(bus.ctx, 4092, "abcd", 4), 0);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 4092, &back, 4), 0);
  ck_assert_mem_eq(&back, "abcd", 4);
  ck_assert_int_eq(bus.mem_write(bus.ctx, 4096, "abcd", 4), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.mem_read(bus.ctx, UINT64_MAX - 3, &back, 4), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 4, &back, SIZE_MAX - 3), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 2, &back, 4), TRINE_ERR_BUS);
  mmio.direct.memory_base = 0x80000002; /* words are counted from there */
  ck_assert_int_eq(bus.mem_read(bus.ctx, 0x80000004, &back, 4), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 0x80000002 + 4092, &back, 4), 0);
  ck_assert_mem_eq(&back, "abcd", 4);
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_DIRECT_REGISTERS, &value), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.write32(bus.ctx, TRINE_DIRECT_REGISTERS, 1), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.read32(bus.ctx, 2, &value), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.wait(bus.ctx, 5), TRINE_ERR_TIMEOUT);
  char byte = 0;
  ck_assert_int_eq(pread(fd, &byte, 1, TRINE_DIRECT_REGISTERS + 4093), 1);
  ck_assert_int_eq(byte, 'b');
  trine_mmio_close(&mmio);
  /* More than the file has would be mapped, and kill whoever touches it. */
  static const uint64_t sizes[] = {8192, UINT64_MAX, UINT64_MAX - TRINE_DIRECT_REGISTERS + 5};
  for (uint32_t n = 0; n < 3; n++) {
    ck_assert_int_eq(trine_mmio_open(&mmio, path, sizes[n]), TRINE_ERR_BUS);
    ck_assert_ptr_nonnull(strstr(mmio.error, "it has 4096"));
  }
  ck_assert_int_eq(trine_mmio_open(&mmio, NULL, 0), TRINE_ERR_BUS);
  ck_assert_str_eq(mmio.error, "a mapped device needs a file, and none was named");
  (void)close(fd);
  (void)unlink(path);
}
END_TEST

START_TEST(test_a_simulated_device_has_limits_by_name) {
  const struct trine_sim_options good = trine_sim_defaults();
  struct trine_sim_options bad[9] = {good, good, good, good, good, good, good, good, good};
  static const char *const parts[] = {
      "memory_bytes is 0;",   "memory_bytes is 18446744073709551615;",
      "latency_cycles is 0;", "latency_cycles is 4294967295",
      "beats_num is 0;",      "beats_num is 1001;",
      "beats_den is 0;",      "beats_den is 1001;",
      "stall_permille is 901"};
  bad[0].memory_bytes = 0;
  bad[1].memory_bytes = UINT64_MAX;
  bad[2].latency_cycles = 0;
  bad[3].latency_cycles = UINT32_MAX;
  bad[4].beats_num = 0;
  bad[5].beats_num = 1001;
  bad[6].beats_den = 0;
  bad[7].beats_den = 1001;
  bad[8].stall_permille = 901;
  for (uint32_t n = 0; n < 9; n++) {
    struct trine_sim_backend *backend = NULL;
    struct trine_error error = {""};
    ck_assert_int_eq(trine_sim_backend_open("none", &bad[n], &backend, &error), TRINE_ERR_ARG);
    ck_assert_ptr_null(backend);
    ck_assert_msg(strstr(error.text, parts[n]) != NULL && strstr(error.text, " to ") != NULL, "%s",
                  error.text);
  }
}
END_TEST

/* The list is what other tests stand on: anything that is not the next of it fails, and stays. */
START_TEST(test_a_list_of_accesses_takes_nothing_else) {
  const struct trine_access list[] = {{TRINE_ACCESS_READ, 0, 7, 0},
                                      {TRINE_ACCESS_WRITE, 4, 9, 0},
                                      {TRINE_ACCESS_WAIT, 0, 5, TRINE_ERR_TIMEOUT}};
  for (uint32_t wrong = 0; wrong < 6; wrong++) {
    uint8_t memory[16] = {0};
    struct trine_record record = {.expected = list,
                                  .expected_count = 3,
                                  .memory = memory,
                                  .memory_base = 64,
                                  .memory_bytes = sizeof memory};
    const struct trine_bus bus = trine_record_bus(&record);
    uint32_t value = 0;
    ck_assert_int_eq(bus.read32(bus.ctx, wrong == 1 ? 8 : 0, &value),
                     wrong == 1 ? TRINE_ERR_BUS : 0);
    ck_assert_uint_eq(value, wrong == 1 ? 0 : 7);
    (void)bus.write32(bus.ctx, 4, wrong == 2 ? 8 : 9);
    if (wrong != 3) {
      const int waited = bus.wait(bus.ctx, wrong == 4 ? 6 : 5);
      ck_assert(waited == (wrong == 0 || wrong == 5 ? TRINE_ERR_TIMEOUT : TRINE_ERR_BUS));
    }
    if (wrong == 5) {
      ck_assert_int_eq(bus.read32(bus.ctx, 0, &value), TRINE_ERR_BUS);
    }
    ck_assert(trine_record_complete(&record) == (wrong == 0));
    ck_assert(wrong == 0 || record.error[0] != '\0');
    ck_assert_int_eq(bus.mem_write(bus.ctx, 76, "abcd", 4), 0);
    ck_assert_int_eq(bus.mem_read(bus.ctx, 76, &value, 4), 0);
    ck_assert_mem_eq(&value, "abcd", 4);
    ck_assert_int_eq(bus.mem_read(bus.ctx, 60, &value, 4), TRINE_ERR_BUS);
    ck_assert_int_eq(bus.mem_read(bus.ctx, 80, &value, 4), TRINE_ERR_BUS);
    ck_assert_int_eq(bus.mem_write(bus.ctx, UINT64_MAX - 3, "abcd", 4), TRINE_ERR_BUS);
  }
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_backends");
  TCase *tests = tcase_create("backends");
  tcase_add_test(tests, test_serial_line_reaches_registers_and_memory);
  tcase_add_test(tests, test_damaged_and_lost_answers_are_asked_for_again);
  tcase_add_test(tests, test_a_silent_bridge_ends_in_a_timeout);
  tcase_add_test(tests, test_what_is_no_serial_line_is_refused);
  tcase_add_test(tests, test_mapped_file_holds_registers_then_memory);
  tcase_add_test(tests, test_a_simulated_device_has_limits_by_name);
  tcase_add_test(tests, test_a_list_of_accesses_takes_nothing_else);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
