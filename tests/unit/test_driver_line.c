/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_line: who has a serial line, and at which speed. */
#define _DEFAULT_SOURCE /* line speeds above 38400 */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "backend_uart.h"
#include "support/checked/serial_bridge.h"
#include "support/seed.h"
#include "trine.h"
#include "trine_regs.h"

/* What the line runs at, seen by somebody else (root may still look). */
static speed_t speed_of(const char *path, int *is_exclusive) {
  struct termios line;
  const int fd = open(path, O_RDWR | O_NOCTTY);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq(tcgetattr(fd, &line), 0);
  ck_assert_int_eq(ioctl(fd, TIOCGEXCL, is_exclusive), 0);
  (void)close(fd);
  return cfgetospeed(&line);
}

START_TEST(test_a_line_has_one_driver) {
  const struct bridge_faults none = {.damaged = 0};
  char path[64];
  pid_t child = bridge_start(&none, path, sizeof path);
  struct trine_uart first, second;
  int is_exclusive = 0;
  for (uint32_t round = 0; round < 3; round++) {
    ck_assert_msg(trine_uart_open(&first, path, 115200) == 0, "%s", first.error);
    if (geteuid() == 0) {
      ck_assert_uint_eq(speed_of(path, &is_exclusive), B115200);
      ck_assert_int_eq(is_exclusive, 1);
    }
    /* Of this process and of another, at another speed: refused, and the speed stays. */
    const pid_t other = fork();
    const int status = trine_uart_open(&second, path, 9600);
    if (other == 0) {
      _exit(status == TRINE_ERR_BUS ? 0 : 1);
    }
    int ended = 1;
    ck_assert_int_eq(waitpid(other, &ended, 0), other);
    ck_assert_int_eq(ended, 0);
    ck_assert_int_eq(status, TRINE_ERR_BUS);
    ck_assert_ptr_nonnull(strstr(second.error, path));
    ck_assert_ptr_nonnull(strstr(second.error, "in use by another program"));
    trine_uart_close(&second);
    if (geteuid() == 0) {
      ck_assert_uint_eq(speed_of(path, &is_exclusive), B115200);
      ck_assert_int_eq(is_exclusive, 1);
    }
    const struct trine_bus bus = trine_uart_bus(&first);
    uint32_t value = 0;
    ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_ID, &value), 0);
    ck_assert_uint_eq(value, TRINE_GLOBAL_ID_RESET);
    const int held = open(path, O_RDWR | O_NOCTTY); /* the line outlives its driver */
    trine_uart_close(&first);
    (void)speed_of(path, &is_exclusive);
    ck_assert_int_eq(is_exclusive, 0);
    (void)close(held);
  }
  bridge_stop(child);
}
END_TEST

START_TEST(test_a_speed_is_one_of_those_that_are_named) {
  const struct bridge_faults none = {.damaged = 0};
  struct seed_stream stream = seed_start("speeds");
  char path[64];
  pid_t child = bridge_start(&none, path, sizeof path);
  struct trine_uart uart;
  uint32_t known[32] = {0}, count = 0;
  const char *text = TRINE_UART_SPEEDS;
  while ((text = strpbrk(text, "0123456789")) != NULL) {
    char *end = NULL;
    known[count] = (uint32_t)strtoul(text, &end, 10);
    text = end;
    ck_assert(trine_uart_has_speed(known[count]));
    ck_assert_msg(trine_uart_open(&uart, path, known[count]) == 0, "%s", uart.error);
    struct termios line;
    ck_assert_int_eq(tcgetattr(uart.fd, &line), 0);
    const speed_t speed = cfgetospeed(&line);
    trine_uart_close(&uart);
    ck_assert_msg((known[count] != 9600 || speed == B9600) &&
                      (known[count] != 921600 || speed == B921600) &&
                      (known[count] != 4000000 || speed == B4000000),
                  "%u baud", known[count]);
    count++;
  }
  ck_assert_uint_eq(count, 18);
  for (uint32_t round = 0; round < 1000; round++) {
    uint32_t other;
    if (round % 2 == 0) {
      other = known[round / 2 % count] + (round % 4 == 0 ? 1u : -1u);
    } else {
      other = (uint32_t)seed_uniform(&stream, 1, UINT32_MAX);
    }
    bool is_known = false;
    for (uint32_t n = 0; n < count; n++) {
      is_known |= known[n] == other;
    }
    ck_assert_int_eq(trine_uart_has_speed(other), is_known);
    ck_assert_int_eq(trine_uart_open(&uart, path, other), is_known ? TRINE_OK : TRINE_ERR_ARG);
    ck_assert(is_known || strstr(uart.error, "4000000") != NULL);
    trine_uart_close(&uart);
  }
  bridge_stop(child);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_line");
  TCase *tests = tcase_create("line");
  tcase_add_test(tests, test_a_line_has_one_driver);
  tcase_add_test(tests, test_a_speed_is_one_of_those_that_are_named);
  tcase_set_timeout(tests, 60);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
