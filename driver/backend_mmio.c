/* SPDX-License-Identifier: Apache-2.0 */
/* backend_mmio: see backend_mmio.h. */
#include "backend_mmio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "trine.h"
#include "trine_regs.h"

static int mmio_read32(void *ctx, uint32_t addr, uint32_t *value) {
  const struct trine_mmio *mmio = ctx;
  if (addr % 4 != 0 || addr >= TRINE_MMIO_REGISTERS) {
    return TRINE_ERR_BUS;
  }
  *value = mmio->registers[addr / 4];
  return TRINE_OK;
}

static int mmio_write32(void *ctx, uint32_t addr, uint32_t value) {
  const struct trine_mmio *mmio = ctx;
  if (addr % 4 != 0 || addr >= TRINE_MMIO_REGISTERS) {
    return TRINE_ERR_BUS;
  }
  mmio->registers[addr / 4] = value;
  return TRINE_OK;
}

/* The first word of a range, or NULL if it is not all inside. */
static volatile uint32_t *range(const struct trine_mmio *mmio, uint64_t addr, size_t len) {
  uint64_t offset = addr - mmio->memory_base;
  if (addr < mmio->memory_base || offset % 4 != 0 || len % 4 != 0 || len > mmio->memory_bytes ||
      offset > mmio->memory_bytes - len) {
    return NULL;
  }
  return mmio->memory + offset / 4;
}

static int mmio_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  const volatile uint32_t *from = range(ctx, addr, len_bytes);
  for (size_t n = 0; from != NULL && n < len_bytes / 4; n++) {
    uint32_t word = from[n];
    memcpy((uint8_t *)data + 4 * n, &word, 4);
  }
  return from != NULL ? TRINE_OK : TRINE_ERR_BUS;
}

static int mmio_mem_write(void *ctx, uint64_t addr, const void *data, size_t len_bytes) {
  volatile uint32_t *to = range(ctx, addr, len_bytes);
  for (size_t n = 0; to != NULL && n < len_bytes / 4; n++) {
    uint32_t word;
    memcpy(&word, (const uint8_t *)data + 4 * n, 4);
    to[n] = word;
  }
  return to != NULL ? TRINE_OK : TRINE_ERR_BUS;
}

static uint64_t mmio_now_us(void *ctx) {
  struct timespec now = {0, 0};
  (void)ctx;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int mmio_wait(void *ctx, uint32_t timeout_ms) {
  const struct trine_mmio *mmio = ctx;
  const struct timespec pause = {0, 100000};
  const uint64_t until = mmio_now_us(ctx) + (uint64_t)timeout_ms * 1000;
  while (mmio->registers[TRINE_GLOBAL_IRQ_STATUS / 4] == 0) {
    if (mmio_now_us(ctx) >= until) {
      return TRINE_ERR_TIMEOUT;
    }
    (void)nanosleep(&pause, NULL);
  }
  return TRINE_OK;
}

int trine_mmio_open(struct trine_mmio *mmio, const char *path, uint64_t memory_bytes) {
  memset(mmio, 0, sizeof *mmio);
  struct stat file = {.st_size = 0};
  if (path == NULL) {
    (void)snprintf(mmio->error, sizeof mmio->error,
                   "a mapped device needs a file, and none was named");
    mmio->fd = -1;
    return TRINE_ERR_BUS;
  }
  mmio->fd = open(path, O_RDWR | O_CLOEXEC);
  if (mmio->fd < 0 || fstat(mmio->fd, &file) != 0) {
    (void)snprintf(mmio->error, sizeof mmio->error, "%.80s cannot be opened: %.60s", path,
                   strerror(errno));
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  const uint64_t held =
      file.st_size > TRINE_MMIO_REGISTERS ? (uint64_t)file.st_size - TRINE_MMIO_REGISTERS : 0;
  memory_bytes = memory_bytes == 0 ? held : memory_bytes;
  /* What a plain file has not is mapped all the same, and kills whoever touches it. */
  if (memory_bytes > SIZE_MAX - TRINE_MMIO_REGISTERS ||
      (S_ISREG(file.st_mode) && memory_bytes > held)) {
    (void)snprintf(mmio->error, sizeof mmio->error,
                   "%.80s cannot be mapped: %llu bytes of memory were asked for after %d of "
                   "registers, and it has %llu",
                   path, (unsigned long long)memory_bytes, (int)TRINE_MMIO_REGISTERS,
                   (unsigned long long)held);
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  mmio->memory_bytes = memory_bytes / 4 * 4;
  void *mapped = MAP_FAILED;
  if (mmio->memory_bytes > 0) {
    mapped = mmap(NULL, (size_t)(TRINE_MMIO_REGISTERS + mmio->memory_bytes), PROT_READ | PROT_WRITE,
                  MAP_SHARED, mmio->fd, 0);
  }
  if (mapped == MAP_FAILED) {
    (void)snprintf(mmio->error, sizeof mmio->error,
                   "%.80s cannot be mapped: it needs %d bytes of registers and memory after them",
                   path, (int)TRINE_MMIO_REGISTERS);
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  mmio->registers = mapped;
  mmio->memory = mmio->registers + TRINE_MMIO_REGISTERS / 4;
  return TRINE_OK;
}

struct trine_bus trine_mmio_bus(struct trine_mmio *mmio) {
  struct trine_bus bus = {.ctx = mmio,
                          .read32 = mmio_read32,
                          .write32 = mmio_write32,
                          .mem_read = mmio_mem_read,
                          .mem_write = mmio_mem_write,
                          .wait = mmio_wait,
                          .now_us = mmio_now_us};
  return bus;
}

void trine_mmio_close(struct trine_mmio *mmio) {
  if (mmio->registers != NULL) {
    (void)munmap((void *)(uintptr_t)mmio->registers,
                 (size_t)(TRINE_MMIO_REGISTERS + mmio->memory_bytes));
  }
  if (mmio->fd >= 0) {
    (void)close(mmio->fd);
  }
  mmio->registers = NULL;
  mmio->fd = -1;
}
