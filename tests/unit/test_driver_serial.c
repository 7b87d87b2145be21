/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_serial: the serial bus against peers that babble, stall, damage, end or answer what
 * nobody asked: no access lasts longer than its limit, and none succeeds with wrong data. */
#define _XOPEN_SOURCE 700
#include <check.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "backend_uart.h"
#include "support/checked/serial_bridge.h"
#include "support/seed.h"
#include "trine.h"
#include "trine_regs.h"

/* The limit of an access as backend_uart.h has it, and what a busy host adds. */
enum { ANSWER_MS = 40, LIMIT_MS = 6 * ANSWER_MS + 500, SLACK_MS = 1500, ROUNDS = 120 };

static uint64_t now_ms(void) {
  struct timespec now = {0, 0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void pause_ms(uint32_t ms) {
  const struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  (void)nanosleep(&pause, NULL);
}

static struct trine_bus open_line(struct trine_uart *uart, const char *path) {
  ck_assert_msg(trine_uart_open(uart, path, 0) == 0, "%s", uart->error);
  uart->answer_ms = ANSWER_MS;
  return trine_uart_bus(uart);
}

/* --- Peers --- */

/* Sends the context's text for ever, a piece every few milliseconds, and hears nothing. */
struct babble {
  const char *text;
  size_t len;
  uint32_t pause_ms;
};
static void play_babble(int fd, const void *context) {
  const struct babble *babble = context;
  for (;;) {
    if (write(fd, babble->text, babble->len) < 0) {
      return;
    }
    pause_ms(babble->pause_ms);
  }
}

/* Random bytes; those that begin an answer are among them. */
static void play_noise(int fd, const void *context) {
  struct seed_stream stream = seed_start(context);
  for (;;) {
    int8_t bytes[64];
    seed_int8(&stream, bytes, sizeof bytes, -128, 127);
    if (write(fd, bytes, (size_t)seed_uniform(&stream, 1, sizeof bytes)) < 0) {
      return;
    }
    pause_ms((uint32_t)seed_uniform(&stream, 0, 30));
  }
}

/* Ends the line at the first byte: not before the host has opened its end. */
static void play_end(int fd, const void *context) {
  uint8_t byte = 0;
  (void)context;
  (void)!read(fd, &byte, 1);
  (void)close(fd);
}

/* Answers a register write correctly, 30 ms late. */
static void play_slow(int fd, const void *context) {
  uint8_t frame[64];
  size_t have = 0;
  (void)context;
  for (;;) {
    const ssize_t got = read(fd, frame + have, sizeof frame - have);
    if (got <= 0) {
      return;
    }
    have += (size_t)got;
    if (have >= 12) {
      const uint8_t done[2] = {'A', 0xff - 'A'};
      pause_ms(30);
      have = write(fd, done, sizeof done) == sizeof done ? 0 : have;
    }
  }
}

/* An answer that nobody asked for, once; then a bridge. */
static void play_stale(int fd, const void *context) {
  const uint8_t stale[6] = {'A', 1, 2, 3, 4, (uint8_t)(0xff - ('A' + 10))};
  (void)context;
  if (write(fd, stale, sizeof stale) < 0) {
    return;
  }
  uint8_t byte;
  while (read(fd, &byte, 1) == 1) { /* the register says 0x55555555 */
    static uint32_t place;
    static const uint8_t answer[6] = {'A',  0x55, 0x55,
                                      0x55, 0x55, (uint8_t)(0xff - 'A' - 4 * 0x55)};
    place = place == 0 && byte == 0 ? 0 : place + 1;
    if (place == 8) {
      place = 0;
      if (write(fd, answer, sizeof answer) < 0) {
        return;
      }
    }
  }
}

/* --- Tests --- */

/* Every access ends in an error, in time; the sentence has this. */
static void all_fail(const struct trine_bus *bus, const struct trine_uart *uart, const char *part) {
  uint32_t value = 0;
  uint8_t bytes[64];
  for (uint32_t n = 0; n < 5; n++) {
    const uint64_t begin = now_ms();
    int status;
    if (n == 0) {
      status = bus->read32(bus->ctx, 0, &value);
    } else if (n == 1) {
      status = bus->write32(bus->ctx, 16, 5);
    } else if (n == 2) {
      status = bus->mem_read(bus->ctx, 0, bytes, sizeof bytes);
    } else if (n == 3) {
      status = bus->mem_write(bus->ctx, 0, bytes, sizeof bytes);
    } else {
      status = bus->wait(bus->ctx, 10);
    }
    ck_assert_uint_le(now_ms() - begin, LIMIT_MS + SLACK_MS);
    ck_assert_msg(status == TRINE_ERR_BUS || status == TRINE_ERR_TIMEOUT, "access %u: %d", n,
                  status);
    ck_assert_msg(strstr(uart->error, part) != NULL, "'%s' lacks '%s'", uart->error, part);
  }
}

START_TEST(test_a_peer_that_never_stops_talking_ends_in_an_error) {
  static char flood[512];
  memset(flood, 'x', sizeof flood);
  const struct babble kinds[] = {{"xxxx", 4, 20}, {flood, sizeof flood, 0}, {"A", 1, 5}};
  char path[64];
  struct trine_uart uart;
  pid_t child = bridge_peer(play_babble, &kinds[_i], path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  all_fail(&bus, &uart, "does not stop");
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_answers_that_are_all_damaged_are_asked_for_three_times) {
  const struct bridge_faults faults = {.damaged = 1000};
  char path[64];
  uint32_t value = 0;
  struct trine_uart uart;
  pid_t child = bridge_start(&faults, path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  ck_assert_int_eq(bus.read32(bus.ctx, 8, &value), TRINE_ERR_TIMEOUT);
  ck_assert_ptr_nonnull(strstr(uart.error, "no proper answer came, three times (address 0x8)"));
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_a_line_that_ends_is_said_at_once) {
  char path[64];
  struct trine_uart uart;
  pid_t child = bridge_peer(play_end, NULL, path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  const uint64_t begin = now_ms();
  all_fail(&bus, &uart, "closed at the other end");
  ck_assert_uint_le(now_ms() - begin, SLACK_MS);
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

static void on_signal(int number) {
  (void)number;
}

START_TEST(test_signals_change_nothing) {
  char path[64];
  struct trine_uart uart;
  pid_t child = bridge_peer(play_slow, NULL, path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  uart.answer_ms = 2000;
  struct sigaction action = {.sa_handler = on_signal};
  struct itimerval timer = {{0, 5000}, {0, 5000}};
  ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
  ck_assert_int_eq(setitimer(ITIMER_REAL, &timer, NULL), 0);
  for (uint32_t n = 0; n < 10; n++) {
    ck_assert_msg(bus.write32(bus.ctx, 0x10, n) == 0, "%s", uart.error);
  }
  timer.it_value = timer.it_interval = (struct timeval){0, 0};
  (void)setitimer(ITIMER_REAL, &timer, NULL);
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_what_was_not_asked_for_is_no_answer) {
  char path[64];
  struct trine_uart uart;
  pid_t child = bridge_peer(play_stale, NULL, path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  pause_ms(50);
  uint32_t value = 0;
  ck_assert_msg(bus.read32(bus.ctx, 4, &value) == 0, "%s", uart.error);
  ck_assert_uint_eq(value, 0x55555555);
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

START_TEST(test_addresses_do_not_wrap) {
  const struct bridge_faults none = {.damaged = 0};
  char path[64];
  struct trine_uart uart;
  pid_t child = bridge_start(&none, path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  uint8_t bytes[64] = {0};
  uint32_t value = 7;
  ck_assert_int_eq(bus.mem_read(bus.ctx, UINT64_MAX - 15, bytes, 32), TRINE_ERR_ARG);
  ck_assert_int_eq(bus.mem_write(bus.ctx, UINT64_MAX - 15, bytes, 32), TRINE_ERR_ARG);
  ck_assert_int_eq(bus.mem_read(bus.ctx, UINT32_MAX - 15, bytes, 20), TRINE_ERR_ARG);
  ck_assert_int_eq(bus.mem_read(bus.ctx, UINT64_C(1) << 32, bytes, 4), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(uart.error, "below 4 GiB"));
  /* The last words below 4 GiB are asked for, and refused by the bridge. */
  ck_assert_int_eq(bus.mem_read(bus.ctx, UINT32_MAX - 15, bytes, 16), TRINE_ERR_BUS);
  ck_assert_ptr_nonnull(strstr(uart.error, "the access was refused (address 0xfffffff0)"));
  ck_assert_int_eq(bus.mem_read(bus.ctx, 2, bytes, 4), TRINE_ERR_ARG);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 4, bytes, 3), TRINE_ERR_ARG);
  ck_assert_int_eq(bus.read32(bus.ctx, 2, &value), TRINE_ERR_ARG);
  ck_assert_int_eq(bus.write32(bus.ctx, 1, 0), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(
      strstr(uart.error, "a register's address is a multiple of 4 (address 0x1)"));
  trine_uart_close(&uart);
  bridge_stop(child);
  ck_assert_int_eq(trine_uart_open(&uart, NULL, 0), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(uart.error, "serial line: no device was named"));
  ck_assert_int_eq(trine_uart_open(&uart, "/dev/null", 9601), TRINE_ERR_ARG);
  ck_assert_ptr_nonnull(strstr(uart.error, "no speed of 9601 baud; it takes 9600, "));
}
END_TEST

START_TEST(test_random_bytes_never_hang_the_host) {
  char path[64];
  struct trine_uart uart;
  pid_t child = bridge_peer(play_noise, "noise", path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  uint8_t bytes[600];
  for (uint32_t n = 0; n < 8; n++) {
    uint32_t value = 0;
    const uint64_t begin = now_ms();
    (void)(n % 2 == 0 ? bus.read32(bus.ctx, 0, &value)
                      : bus.mem_read(bus.ctx, 0, bytes, sizeof bytes));
    ck_assert_uint_le(now_ms() - begin, LIMIT_MS + SLACK_MS);
  }
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

/* What memory and a register are known to hold. */
struct known {
  uint8_t bytes[BRIDGE_MEMORY];
  bool is_known[BRIDGE_MEMORY];
  uint32_t scratch;
  bool scratch_known;
};

static int one_access(const struct trine_bus *bus, struct known *known,
                      struct seed_stream *stream) {
  const uint64_t at = 4 * (uint64_t)seed_uniform(stream, 0, BRIDGE_MEMORY / 4 - 64);
  const size_t len = 4 * (size_t)seed_uniform(stream, 1, 64);
  uint8_t bytes[256];
  uint32_t value = (uint32_t)seed_next(stream);
  int status = 0;
  switch (seed_uniform(stream, 0, 3)) {
    case 0:
      status = bus->write32(bus->ctx, TRINE_GLOBAL_SCRATCH, value);
      known->scratch = value;
      known->scratch_known = status == 0;
      return status;
    case 1:
      status = bus->read32(bus->ctx, TRINE_GLOBAL_SCRATCH, &value);
      ck_assert(status != 0 || !known->scratch_known || value == known->scratch);
      return status;
    case 2:
      seed_int8(stream, (int8_t *)bytes, len, -128, 127);
      status = bus->mem_write(bus->ctx, at, bytes, len);
      memcpy(known->bytes + at, bytes, len);
      memset(known->is_known + at, status == 0, len);
      return status;
    default:
      status = bus->mem_read(bus->ctx, at, bytes, len);
      for (size_t n = 0; status == 0 && n < len; n++) {
        ck_assert_msg(!known->is_known[at + n] || known->bytes[at + n] == bytes[n], "byte %zu", n);
      }
      return status;
  }
}

/* A bridge with every fault there is, now and then: what succeeds is right. */
START_TEST(test_no_access_succeeds_with_wrong_data) {
  const struct bridge_faults faults = {.damaged = 60,
                                       .lost = 40,
                                       .stalled = 40,
                                       .stall_ms = 2 * ANSWER_MS,
                                       .chatter = 40,
                                       .end_after = ROUNDS + ROUNDS / 8};
  struct seed_stream stream = seed_start("serial accesses");
  static struct known known;
  char path[64];
  struct trine_uart uart;
  uint32_t good = 0, bad = 0;
  pid_t child = bridge_start(&faults, path, sizeof path);
  const struct trine_bus bus = open_line(&uart, path);
  for (uint32_t n = 0; n < ROUNDS; n++) {
    const uint64_t begin = now_ms();
    const bool is_done = one_access(&bus, &known, &stream) == 0;
    ck_assert_uint_le(now_ms() - begin, LIMIT_MS + SLACK_MS);
    good += is_done;
    bad += !is_done;
  }
  ck_assert_uint_gt(good, ROUNDS / 2);
  ck_assert_uint_gt(bad, 0);
  trine_uart_close(&uart);
  bridge_stop(child);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_serial");
  TCase *tests = tcase_create("serial");
  tcase_add_loop_test(tests, test_a_peer_that_never_stops_talking_ends_in_an_error, 0, 3);
  tcase_add_test(tests, test_answers_that_are_all_damaged_are_asked_for_three_times);
  tcase_add_test(tests, test_a_line_that_ends_is_said_at_once);
  tcase_add_test(tests, test_signals_change_nothing);
  tcase_add_test(tests, test_what_was_not_asked_for_is_no_answer);
  tcase_add_test(tests, test_addresses_do_not_wrap);
  tcase_add_test(tests, test_random_bytes_never_hang_the_host);
  tcase_add_test(tests, test_no_access_succeeds_with_wrong_data);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
