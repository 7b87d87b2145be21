/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_backends: the serial and the mapped bus, the other side played by the test: a bridge
 * in a process of its own behind a pseudo-terminal, a file. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "backend_mmio.h"
#include "backend_uart.h"
#include "support/seed.h"
#include "trine.h"
#include "trine_regs.h"

enum { BRIDGE_MEMORY = 4096, REGISTERS = 64 };

/* What the bridge is to do wrong, in permille of answers. */
struct faults {
  uint32_t damaged, lost, mute_after;
};

struct bridge {
  int fd;
  struct faults faults;
  struct seed_stream random;
  uint32_t answers;
  uint32_t registers[REGISTERS];
  uint8_t memory[BRIDGE_MEMORY];
};

static uint8_t next_byte(const struct bridge *bridge) {
  uint8_t byte = 0;
  if (read(bridge->fd, &byte, 1) != 1) {
    _exit(0);
  }
  return byte;
}

static void answer(struct bridge *bridge, char status, const uint8_t *data, size_t len) {
  uint8_t bytes[TRINE_UART_FRAME] = {(uint8_t)status};
  uint8_t sum = 0;
  memcpy(bytes + 1, data, len);
  for (size_t n = 0; n < len + 1; n++) {
    sum = (uint8_t)(sum + bytes[n]);
  }
  bytes[len + 1] = (uint8_t)(0xff - sum);
  size_t count = len + 2;
  bridge->answers++;
  if (seed_uniform(&bridge->random, 1, 1000) <= bridge->faults.damaged) {
    bytes[seed_uniform(&bridge->random, 0, (int64_t)count - 1)] ^= 4;
  }
  if (seed_uniform(&bridge->random, 1, 1000) <= bridge->faults.lost) {
    count--;
  }
  if (bridge->faults.mute_after != 0 && bridge->answers > bridge->faults.mute_after) {
    count = 0;
  }
  if (write(bridge->fd, bytes, count) != (ssize_t)count) {
    _exit(1);
  }
}

/* The request is whole and its check right. */
static void serve(struct bridge *bridge, uint8_t command, uint32_t addr, uint32_t count,
                  uint8_t *data) {
  const uint32_t size = BRIDGE_MEMORY;
  bool is_memory = command == 'r' || command == 'w';
  if (is_memory ? addr + 4 * count > BRIDGE_MEMORY : addr / 4 >= REGISTERS) {
    answer(bridge, 'E', data, 0);
  } else if (command == 'R' || command == 'I') {
    answer(bridge, 'A', (const uint8_t *)(command == 'I' ? &size : &bridge->registers[addr / 4]),
           4);
  } else if (command == 'W') {
    memcpy(&bridge->registers[addr / 4], data, 4);
    answer(bridge, 'A', data, 0);
  } else if (command == 'r') {
    answer(bridge, 'A', bridge->memory + addr, 4 * (size_t)count);
  } else {
    memcpy(bridge->memory + addr, data, 4 * (size_t)count);
    answer(bridge, 'A', data, 0);
  }
}

/* docs/uart_protocol.md, from the other side. */
static void run_bridge(struct bridge *bridge) {
  for (;;) {
    uint8_t head[7] = {next_byte(bridge)}, data[TRINE_UART_FRAME] = {0};
    if (head[0] == 0) {
      continue;
    }
    if (strchr("RWrwI", head[0]) == NULL) {
      answer(bridge, 'C', data, 0);
      continue;
    }
    uint8_t sum = head[0];
    for (int n = 1; n < 7; n++) {
      head[n] = next_byte(bridge);
      sum = (uint8_t)(sum + head[n]);
    }
    uint32_t addr =
        head[1] | (uint32_t)head[2] << 8 | (uint32_t)head[3] << 16 | (uint32_t)head[4] << 24;
    uint32_t count = head[5] | (uint32_t)head[6] << 8;
    bool is_memory = head[0] == 'r' || head[0] == 'w';
    if (count < 1 || count > (is_memory ? 256u : 1u)) {
      answer(bridge, 'C', data, 0);
      continue;
    }
    bool has_data = head[0] == 'W' || head[0] == 'w';
    for (uint32_t n = 0; n < 4 * count && has_data; n++) {
      data[n] = next_byte(bridge);
      sum = (uint8_t)(sum + data[n]);
    }
    sum = (uint8_t)(sum + next_byte(bridge));
    if (sum != 0xff || addr % 4 != 0) {
      answer(bridge, 'C', data, 0);
    } else {
      serve(bridge, head[0], addr, count, data);
    }
  }
}

/* Starts the bridge; *path names the host's end. */
static pid_t start_bridge(const struct faults *faults, char *path, size_t path_bytes) {
  int fd = posix_openpt(O_RDWR | O_NOCTTY);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq(grantpt(fd), 0);
  ck_assert_int_eq(unlockpt(fd), 0);
  (void)snprintf(path, path_bytes, "%s", ptsname(fd));
  int host = open(path, O_RDWR | O_NOCTTY); /* keeps the line up until the host is there */
  struct termios line;
  ck_assert_int_eq(tcgetattr(host, &line), 0);
  line.c_lflag = 0;
  line.c_iflag = 0;
  line.c_oflag = 0;
  ck_assert_int_eq(tcsetattr(host, TCSANOW, &line), 0);
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    static struct bridge bridge;
    bridge.fd = fd;
    bridge.faults = *faults;
    bridge.random = seed_start("bridge");
    bridge.registers[TRINE_GLOBAL_ID / 4] = TRINE_GLOBAL_ID_RESET;
    run_bridge(&bridge);
  }
  (void)close(fd);
  return child;
}

static void stop_bridge(pid_t child, struct trine_uart *uart) {
  trine_uart_close(uart);
  (void)kill(child, SIGKILL);
  (void)waitpid(child, NULL, 0);
}

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
  const struct faults none = {0, 0, 0};
  char path[64];
  pid_t child = start_bridge(&none, path, sizeof path);
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
  stop_bridge(child, &uart);
}
END_TEST

START_TEST(test_damaged_and_lost_answers_are_asked_for_again) {
  const struct faults some = {50, 30, 0};
  char path[64];
  pid_t child = start_bridge(&some, path, sizeof path);
  struct trine_uart uart;
  ck_assert_int_eq(trine_uart_open(&uart, path, 0), 0);
  uart.answer_ms = 100;
  struct trine_bus bus = trine_uart_bus(&uart);
  move_much(&bus, &uart);
  stop_bridge(child, &uart);
}
END_TEST

START_TEST(test_a_silent_bridge_ends_in_a_timeout) {
  const struct faults mute = {0, 0, 1};
  char path[64];
  pid_t child = start_bridge(&mute, path, sizeof path);
  struct trine_uart uart;
  ck_assert_int_eq(trine_uart_open(&uart, path, 0), 0);
  uart.answer_ms = 50;
  struct trine_bus bus = trine_uart_bus(&uart);
  uint32_t value = 0;
  ck_assert_int_eq(bus.read32(bus.ctx, 0, &value), 0);
  ck_assert_int_eq(bus.read32(bus.ctx, 0, &value), TRINE_ERR_TIMEOUT);
  ck_assert_int_eq(bus.write32(bus.ctx, 0, 1), TRINE_ERR_TIMEOUT);
  ck_assert_ptr_nonnull(strstr(uart.error, "not answered"));
  stop_bridge(child, &uart);
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
  ck_assert_int_eq(ftruncate(fd, TRINE_MMIO_REGISTERS + 4096), 0);
  ck_assert_msg(trine_mmio_open(&mmio, path, 0) == 0, "%s", mmio.error);
  struct trine_bus bus = trine_mmio_bus(&mmio);
  uint32_t value = 0, back = 0;
  ck_assert_uint_eq(mmio.memory_bytes, 4096);
  ck_assert_int_eq(bus.write32(bus.ctx, TRINE_GLOBAL_SCRATCH, 0x12345678), 0);
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_SCRATCH, &value), 0);
  ck_assert_uint_eq(value, 0x12345678);
  ck_assert_int_eq(bus.mem_write(bus.ctx, 4092, "abcd", 4), 0);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 4092, &back, 4), 0);
  ck_assert_mem_eq(&back, "abcd", 4);
  ck_assert_int_eq(bus.mem_write(bus.ctx, 4096, "abcd", 4), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_MMIO_REGISTERS, &value), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.wait(bus.ctx, 5), TRINE_ERR_TIMEOUT);
  char byte = 0;
  ck_assert_int_eq(pread(fd, &byte, 1, TRINE_MMIO_REGISTERS + 4093), 1);
  ck_assert_int_eq(byte, 'b');
  trine_mmio_close(&mmio);
  (void)close(fd);
  (void)unlink(path);
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
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
