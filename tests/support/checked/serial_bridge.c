/* SPDX-License-Identifier: Apache-2.0 */
/* serial_bridge: see serial_bridge.h. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */
#include "support/checked/serial_bridge.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "backend_uart.h"
#include "support/seed.h"
#include "trine_regs.h"

struct bridge {
  int fd;
  struct bridge_faults faults;
  struct seed_stream random;
  uint32_t answers;
  struct fake_device *device; /* or NULL: registers and memory are these */
  uint32_t registers[BRIDGE_REGISTERS];
  uint8_t memory[BRIDGE_MEMORY];
};

static uint8_t next_byte(const struct bridge *bridge) {
  uint8_t byte = 0;
  if (read(bridge->fd, &byte, 1) != 1) {
    _exit(0);
  }
  return byte;
}

static void pause_ms(uint32_t ms) {
  const struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  (void)nanosleep(&pause, NULL);
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
  if (seed_uniform(&bridge->random, 1, 1000) <= bridge->faults.stalled) {
    pause_ms((uint32_t)seed_uniform(&bridge->random, 0, bridge->faults.stall_ms));
  }
  if (seed_uniform(&bridge->random, 1, 1000) <= bridge->faults.chatter) {
    const uint8_t noise[3] = {'x', 0, (uint8_t)seed_uniform(&bridge->random, 0x80, 0xff)};
    if (write(bridge->fd, noise, sizeof noise) != sizeof noise) {
      _exit(1);
    }
  }
  if (bridge->faults.end_after != 0 && bridge->answers > bridge->faults.end_after) {
    _exit(0);
  }
  if (bridge->faults.mute_after != 0 && bridge->answers > bridge->faults.mute_after) {
    count = 0;
  }
  if (write(bridge->fd, bytes, count) != (ssize_t)count) {
    _exit(1);
  }
}

/* What a whole device answers. */
static void serve_device(struct bridge *bridge, uint8_t command, uint32_t addr, uint32_t count,
                         uint8_t *data) {
  const struct trine_bus bus = fake_device_bus(bridge->device);
  const size_t len = command == 'W' || command == 'w' ? 0 : (size_t)4 * count;
  uint32_t value = 0;
  int status = 0;
  if (command == 'I') {
    value = bridge->device->memory_bytes;
  } else if (command == 'R') {
    status = bus.read32(bus.ctx, addr, &value);
  } else if (command == 'W') {
    memcpy(&value, data, 4);
    status = bus.write32(bus.ctx, addr, value);
  } else if (command == 'r') {
    status = bus.mem_read(bus.ctx, addr, data, len);
  } else {
    status = bus.mem_write(bus.ctx, addr, data, (size_t)4 * count);
  }
  if (command == 'I' || command == 'R') {
    memcpy(data, &value, 4);
  }
  answer(bridge, status == 0 ? 'A' : 'E', data, status == 0 ? len : 0);
}

/* The request is whole and its check right. */
static void serve(struct bridge *bridge, uint8_t command, uint32_t addr, uint32_t count,
                  uint8_t *data) {
  const uint32_t size = BRIDGE_MEMORY;
  if (bridge->device != NULL) {
    serve_device(bridge, command, addr, count, data);
    return;
  }
  bool is_memory = command == 'r' || command == 'w';
  if (is_memory ? addr + (uint64_t)4 * count > BRIDGE_MEMORY : addr / 4 >= BRIDGE_REGISTERS) {
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

/* Opens a line; returns the far end, and *path names the host's. */
static int open_line(char *path, size_t path_bytes) {
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
  return fd;
}

pid_t bridge_peer(void (*peer)(int fd, const void *context), const void *context, char *path,
                  size_t path_bytes) {
  int fd = open_line(path, path_bytes);
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) {
    peer(fd, context);
    _exit(0);
  }
  (void)close(fd);
  return child;
}

static void play_bridge(int fd, const void *context) {
  static struct bridge bridge;
  bridge.fd = fd;
  bridge.faults = *(const struct bridge_faults *)context;
  bridge.random = seed_start("bridge");
  bridge.registers[TRINE_GLOBAL_ID / 4] = TRINE_GLOBAL_ID_RESET;
  run_bridge(&bridge);
}

pid_t bridge_start(const struct bridge_faults *faults, char *path, size_t path_bytes) {
  return bridge_peer(play_bridge, faults, path, path_bytes);
}

static void play_device(int fd, const void *context) {
  struct fake_device *const *device = context;
  static struct bridge bridge;
  bridge.fd = fd;
  bridge.random = seed_start("bridge");
  bridge.device = *device;
  run_bridge(&bridge);
}

pid_t bridge_device(struct fake_device *device, char *path, size_t path_bytes) {
  return bridge_peer(play_device, &device, path, path_bytes);
}

void bridge_stop(pid_t child) {
  (void)kill(child, SIGKILL);
  (void)waitpid(child, NULL, 0);
}
