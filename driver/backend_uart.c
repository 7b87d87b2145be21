/* SPDX-License-Identifier: Apache-2.0 */
/* backend_uart: see backend_uart.h. */
#define _DEFAULT_SOURCE /* line speeds above 38400 */
#include "backend_uart.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "trine.h"
#include "trine_regs.h"

enum {
  COMMAND_READ = 'R',
  COMMAND_WRITE = 'W',
  COMMAND_MEMORY_READ = 'r',
  COMMAND_MEMORY_WRITE = 'w',
  COMMAND_INFO = 'I',
  STATUS_DONE = 'A',
  STATUS_REFUSED = 'E',
  STATUS_DAMAGED = 'C',
  HEAD_BYTES = 7,
  TRIES = 3,
  QUIET_MS = 100,
  POLL_MS = 1,
  BABBLE_BYTES = 1 << 16,
  DEFAULT_ANSWER_MS = 2000
};

static int fail(struct trine_uart *uart, int status, const char *what, uint64_t addr) {
  (void)snprintf(uart->error, sizeof uart->error, "serial line: %s (address 0x%llx)", what,
                 (unsigned long long)addr);
  return status;
}

static uint64_t uart_now_us(void *ctx) {
  struct timespec now = {0, 0};
  (void)ctx;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t now_ms(void) {
  return uart_now_us(NULL) / 1000;
}

/* Waits for events on the line; false when `until` (ms) has passed or the line has ended. A signal
 * is no reason to give up. */
static bool await(struct trine_uart *uart, short events, uint64_t until) {
  struct pollfd line = {.fd = uart->fd, .events = events};
  for (uint64_t now = now_ms(); now < until; now = now_ms()) {
    const uint64_t left = until - now;
    const int ready = poll(&line, 1, left < INT_MAX ? (int)left : INT_MAX);
    if (ready > 0) {
      uart->is_closed = (line.revents & events) == 0;
      return !uart->is_closed;
    }
    if (ready < 0 && errno != EINTR) {
      uart->is_closed = true;
      return false;
    }
  }
  return false;
}

/* What read or write returned, when it moved nothing: whether to try again. */
static bool may_go_on(struct trine_uart *uart, ssize_t moved) {
  uart->is_closed = moved == 0 || (errno != EAGAIN && errno != EINTR);
  return !uart->is_closed;
}

static bool send_bytes(struct trine_uart *uart, const uint8_t *bytes, size_t len, uint64_t until) {
  while (len > 0) {
    if (!await(uart, POLLOUT, until)) {
      return false;
    }
    const ssize_t sent = write(uart->fd, bytes, len);
    if (sent > 0) {
      bytes += sent;
      len -= (size_t)sent;
    } else if (!may_go_on(uart, sent)) {
      return false;
    }
  }
  return true;
}

static bool receive_bytes(struct trine_uart *uart, uint8_t *bytes, size_t len, uint64_t until) {
  while (len > 0) {
    if (!await(uart, POLLIN, until)) {
      return false;
    }
    const ssize_t got = read(uart->fd, bytes, len);
    if (got > 0) {
      bytes += got;
      len -= (size_t)got;
    } else if (!may_go_on(uart, got)) {
      return false;
    }
  }
  return true;
}

/* Drops what comes until the line is quiet; false when it is not after as long as an answer may
 * take, or after more bytes than all answers there can be. */
static bool fall_silent(struct trine_uart *uart) {
  const uint64_t until = now_ms() + uart->answer_ms + QUIET_MS;
  uint8_t dropped[64];
  for (size_t count = 0; count <= BABBLE_BYTES && now_ms() < until; count += sizeof dropped) {
    if (!await(uart, POLLIN, now_ms() + QUIET_MS)) {
      return !uart->is_closed;
    }
    const ssize_t got = read(uart->fd, dropped, sizeof dropped);
    if (got <= 0 && !may_go_on(uart, got)) {
      return false;
    }
  }
  return false;
}

/* Ends whatever frame the bridge may be in and drops what it says to that. */
static bool resynchronise(struct trine_uart *uart) {
  static const uint8_t zeros[TRINE_UART_FRAME];
  (void)send_bytes(uart, zeros, sizeof zeros, now_ms() + uart->answer_ms);
  return !uart->is_closed && fall_silent(uart);
}

/* The bridge never speaks unasked: what waits now is no answer to what is asked next. */
static bool is_talking(const struct trine_uart *uart) {
  struct pollfd line = {.fd = uart->fd, .events = POLLIN};
  return poll(&line, 1, 0) > 0 && (line.revents & POLLIN) != 0;
}

static uint8_t check_of(const uint8_t *bytes, size_t len, uint8_t sum) {
  for (size_t n = 0; n < len; n++) {
    sum = (uint8_t)(sum + bytes[n]);
  }
  return (uint8_t)(0xff - sum);
}

/* Receives one answer: its status, or 0 when none came or it was damaged. */
static int receive_answer(struct trine_uart *uart, uint8_t *data, size_t len) {
  uint64_t until = now_ms() + uart->answer_ms;
  uint8_t status = 0, check = 0;
  if (!receive_bytes(uart, &status, 1, until)) {
    return 0;
  }
  if (status != STATUS_DONE) {
    len = 0;
  }
  if ((len > 0 && !receive_bytes(uart, data, len, until)) ||
      !receive_bytes(uart, &check, 1, until)) {
    return 0;
  }
  return check == check_of(data, len, status) ? status : 0;
}

/* The line cannot be used: it has ended, or the other end talks all the time. */
static int fail_line(struct trine_uart *uart, uint64_t addr) {
  return fail(uart, TRINE_ERR_BUS,
              uart->is_closed ? "it was closed at the other end"
                              : "the other end talks without being asked, and does not stop",
              addr);
}

/* One request of count words and its answer, repeated as far as the protocol allows. */
static int transact(struct trine_uart *uart, uint8_t command, uint32_t addr, uint32_t count,
                    const void *sent, void *received) {
  uint8_t *frame = uart->frame;
  uart->is_closed = false;
  size_t len = sent != NULL ? 4 * (size_t)count : 0;
  for (uint32_t n = 0; n < 4; n++) {
    frame[1 + n] = (uint8_t)(addr >> 8 * n);
  }
  frame[0] = command;
  frame[5] = (uint8_t)count;
  frame[6] = (uint8_t)(count >> 8);
  if (sent != NULL) {
    memcpy(frame + HEAD_BYTES, sent, len);
  }
  frame[HEAD_BYTES + len] = check_of(frame, HEAD_BYTES + len, 0);
  if (is_talking(uart) && !resynchronise(uart)) {
    return fail_line(uart, addr);
  }
  for (int attempt = 0; attempt < TRIES; attempt++) {
    int status = 0;
    if (send_bytes(uart, frame, HEAD_BYTES + len + 1, now_ms() + uart->answer_ms)) {
      status = receive_answer(uart, received, received != NULL ? 4 * (size_t)count : 0);
    }
    if (status == STATUS_DONE) {
      return TRINE_OK;
    }
    if (status == STATUS_REFUSED) {
      return fail(uart, TRINE_ERR_BUS, "the access was refused", addr);
    }
    if (uart->is_closed || !resynchronise(uart)) {
      return fail_line(uart, addr);
    }
    if (status != STATUS_DAMAGED && command == COMMAND_WRITE) {
      return fail(uart, TRINE_ERR_TIMEOUT, "a register write was not answered", addr);
    }
  }
  return fail(uart, TRINE_ERR_TIMEOUT, "no proper answer came, three times", addr);
}

static enum trine_status uart_read32(void *ctx, uint32_t addr, uint32_t *value) {
  uint8_t bytes[4] = {0};
  *value = 0;
  if (addr % 4 != 0) {
    return fail(ctx, TRINE_ERR_ARG, "a register's address is a multiple of 4", addr);
  }
  int status = transact(ctx, COMMAND_READ, addr, 1, NULL, bytes);
  *value = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
  return status;
}

static enum trine_status uart_write32(void *ctx, uint32_t addr, uint32_t value) {
  const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                            (uint8_t)(value >> 24)};
  if (addr % 4 != 0) {
    return fail(ctx, TRINE_ERR_ARG, "a register's address is a multiple of 4", addr);
  }
  return transact(ctx, COMMAND_WRITE, addr, 1, bytes, NULL);
}

static int move_memory(struct trine_uart *uart, uint64_t addr, const uint8_t *sent,
                       uint8_t *received, size_t len) {
  const uint64_t end = UINT64_C(1) << 32;
  if (addr % 4 != 0 || len % 4 != 0 || addr > end || len > end - addr) {
    return fail(uart, TRINE_ERR_ARG, "memory is reached in whole words below 4 GiB", addr);
  }
  int status = TRINE_OK;
  for (size_t done = 0; done < len && status == TRINE_OK;) {
    size_t words = (len - done) / 4;
    words = words < TRINE_UART_WORDS ? words : TRINE_UART_WORDS;
    status = transact(uart, sent != NULL ? COMMAND_MEMORY_WRITE : COMMAND_MEMORY_READ,
                      (uint32_t)(addr + done), (uint32_t)words, sent != NULL ? sent + done : NULL,
                      received != NULL ? received + done : NULL);
    done += 4 * words;
  }
  return status;
}

static enum trine_status uart_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  return move_memory(ctx, addr, NULL, data, len_bytes);
}

static enum trine_status uart_mem_write(void *ctx, uint64_t addr, const void *data,
                                        size_t len_bytes) {
  return move_memory(ctx, addr, data, NULL, len_bytes);
}

static enum trine_status uart_wait(void *ctx, uint32_t timeout_ms) {
  uint64_t until = now_ms() + timeout_ms;
  const struct timespec pause = {0, POLL_MS * 1000000L};
  uint32_t pending = 0;
  do {
    int status = uart_read32(ctx, TRINE_GLOBAL_IRQ_STATUS, &pending);
    if (status != TRINE_OK || pending != 0) {
      return status;
    }
    (void)nanosleep(&pause, NULL);
  } while (now_ms() < until);
  return TRINE_ERR_TIMEOUT;
}

static bool set_line(int fd, speed_t speed) {
  struct termios line;
  if (tcgetattr(fd, &line) != 0) {
    return false;
  }
  line.c_iflag = 0;
  line.c_oflag = 0;
  line.c_lflag = 0;
  line.c_cflag = CS8 | CREAD | CLOCAL;
  line.c_cc[VMIN] = 0;
  line.c_cc[VTIME] = 0;
  if (speed != B0 && cfsetspeed(&line, speed) != 0) {
    return false;
  }
  return tcsetattr(fd, TCSANOW, &line) == 0;
}

static const struct {
  uint32_t baud;
  speed_t speed;
} speeds[] = {{9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
              {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
              {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000},
              {1500000, B1500000}, {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000},
              {3500000, B3500000}, {4000000, B4000000}};

/* B0 when there is no such speed: it also leaves the line as it is. */
static speed_t speed_of(uint32_t baud) {
  for (size_t n = 0; n < sizeof speeds / sizeof speeds[0]; n++) {
    if (speeds[n].baud == baud) {
      return speeds[n].speed;
    }
  }
  return B0;
}

bool trine_uart_has_speed(uint32_t baud) {
  return speed_of(baud) != B0;
}

/* Keeps others off the line: those that ask for the same lock, and (but for root) all who open it.
 * Taken before the line is touched, so that a second opener does not change its settings. */
static bool take_line(int fd) {
  return flock(fd, LOCK_EX | LOCK_NB) == 0 && ioctl(fd, TIOCEXCL) == 0;
}

enum trine_status trine_uart_open(struct trine_uart *uart, const char *path, uint32_t baud) {
  memset(uart, 0, sizeof *uart);
  uart->fd = -1;
  uart->answer_ms = DEFAULT_ANSWER_MS;
  if (path == NULL) {
    return fail(uart, TRINE_ERR_ARG, "no device was named", 0);
  }
  if (baud != 0 && !trine_uart_has_speed(baud)) {
    (void)snprintf(uart->error, sizeof uart->error,
                   "a serial line has no speed of %lu baud; it takes " TRINE_UART_SPEEDS,
                   (unsigned long)baud);
    return TRINE_ERR_ARG;
  }
  uart->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (uart->fd < 0 && errno != EBUSY) {
    (void)snprintf(uart->error, sizeof uart->error, "serial line %.80s cannot be opened: %.60s",
                   path, strerror(errno));
    return TRINE_ERR_BUS;
  }
  const bool is_line = uart->fd < 0 || isatty(uart->fd) == 1;
  if (is_line && (uart->fd < 0 || !take_line(uart->fd))) {
    trine_uart_close(uart);
    (void)snprintf(uart->error, sizeof uart->error,
                   "serial line %.80s is in use by another program; only one at a time can drive "
                   "it, so end that one first",
                   path);
    return TRINE_ERR_BUS;
  }
  if (!is_line || !set_line(uart->fd, speed_of(baud))) {
    trine_uart_close(uart);
    (void)snprintf(uart->error, sizeof uart->error,
                   "%.120s is not a serial line; a terminal such as /dev/ttyUSB0 is needed", path);
    return TRINE_ERR_BUS;
  }
  uart->is_taken = true;
  return TRINE_OK;
}

enum trine_status trine_uart_memory_bytes(struct trine_uart *uart, uint32_t *bytes) {
  uint8_t word[4] = {0};
  int status = transact(uart, COMMAND_INFO, 0, 1, NULL, word);
  *bytes = word[0] | (uint32_t)word[1] << 8 | (uint32_t)word[2] << 16 | (uint32_t)word[3] << 24;
  return status;
}

struct trine_bus trine_uart_bus(struct trine_uart *uart) {
  struct trine_bus bus = {.ctx = uart,
                          .read32 = uart_read32,
                          .write32 = uart_write32,
                          .mem_read = uart_mem_read,
                          .mem_write = uart_mem_write,
                          .wait = uart_wait,
                          .now_us = uart_now_us};
  return bus;
}

void trine_uart_close(struct trine_uart *uart) {
  if (uart->fd >= 0) {
    if (uart->is_taken) { /* a line that somebody else still has open would stay closed to others */
      (void)ioctl(uart->fd, TIOCNXCL);
    }
    (void)close(uart->fd);
  }
  uart->fd = -1;
  uart->is_taken = false;
}
