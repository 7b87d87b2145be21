/* SPDX-License-Identifier: Apache-2.0 */
/* backend_mmio: see backend_mmio.h. */
#include "backend_mmio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "trine_status.h"

static uint64_t mmio_now_us(void *ctx) {
  struct timespec now = {0, 0};
  (void)ctx;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void mmio_pause(void *ctx) {
  const struct timespec pause = {0, 100000};
  (void)ctx;
  (void)nanosleep(&pause, NULL);
}

/* Forgets what was there. Memory is device memory: nobody but the bus reads and writes it. */
static void begin(struct trine_mmio *mmio) {
  memset(mmio, 0, sizeof *mmio);
  mmio->fd = -1;
  mmio->direct.now_us = mmio_now_us;
  mmio->direct.pause = mmio_pause;
}

enum { UIO_MAPS = 5, UIO_PATH = 512, UIO_TEXT = 64 };

struct uio_map {
  int number;                  /* -1: there is none */
  uint64_t addr, size, offset; /* offset: of its beginning in a page */
};

static bool read_text(const char *folder, int map, const char *what, char text[UIO_TEXT]) {
  char path[UIO_PATH + 32];
  (void)snprintf(path, sizeof path, "%s/map%d/%s", folder, map, what);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t got = fd < 0 ? -1 : read(fd, text, UIO_TEXT - 1);
  if (fd >= 0) {
    (void)close(fd);
  }
  text[got > 0 ? got : 0] = '\0';
  text[strcspn(text, "\n")] = '\0';
  return got > 0;
}

static bool read_number(const char *folder, int map, const char *what, uint64_t *value) {
  char text[UIO_TEXT], *end = text;
  errno = 0;
  *value = 0;
  if (!read_text(folder, map, what, text) || text[0] < '0' || text[0] > '9') {
    return false;
  }
  *value = strtoull(text, &end, 0);
  return *end == '\0' && errno == 0;
}

/* The map of that name, or else the one of that number where it has another's name or none. */
static struct uio_map find_map(const char *folder, const char *name, int number) {
  struct uio_map map = {.number = -1};
  char text[UIO_TEXT];
  for (int n = 0; n < UIO_MAPS && map.number < 0; n++) {
    if (read_text(folder, n, "name", text) && strcmp(text, name) == 0) {
      map.number = n;
    }
  }
  map.number = map.number < 0 ? number : map.number;
  if (!read_number(folder, map.number, "addr", &map.addr) ||
      !read_number(folder, map.number, "size", &map.size)) {
    map.number = -1;
  }
  (void)read_number(folder, map.number, "offset", &map.offset); /* old kernels have none: 0 */
  return map;
}

static void *map_part(struct trine_mmio *mmio, uint32_t part, size_t bytes, int number) {
  const long page = sysconf(_SC_PAGESIZE);
  void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, mmio->fd, (off_t)number * page);
  if (at == MAP_FAILED) {
    (void)snprintf(mmio->error, sizeof mmio->error, "map%d of %zu bytes cannot be mapped: %.60s",
                   number, bytes, strerror(errno));
    return NULL;
  }
  mmio->maps[part].at = at;
  mmio->maps[part].bytes = bytes;
  return at;
}

/* False with the sentence when the maps are not those of a device. */
static bool check_maps(struct trine_mmio *mmio, const char *folder, struct uio_map registers,
                       struct uio_map memory, uint64_t memory_bytes) {
  char *error = mmio->error;
  const size_t room = sizeof mmio->error;
  if (registers.number < 0 || memory.number < 0 || registers.number == memory.number) {
    (void)snprintf(error, room,
                   "%.120s has no map for the %s; two are needed, named registers and memory, or "
                   "map0 and map1: give the device tree both",
                   folder, registers.number < 0 ? "registers" : "memory");
  } else if (registers.offset != 0 || memory.offset != 0) {
    (void)snprintf(error, room,
                   "map%d of %.100s begins %llu bytes behind a page; it must begin at a page: give "
                   "the device tree addresses at multiples of %ld",
                   registers.offset != 0 ? registers.number : memory.number, folder,
                   (unsigned long long)(registers.offset != 0 ? registers.offset : memory.offset),
                   sysconf(_SC_PAGESIZE));
  } else if (registers.size < TRINE_DIRECT_REGISTERS) {
    (void)snprintf(
        error, room, "map%d of %.100s has %llu bytes for the registers; it must have at least %d",
        registers.number, folder, (unsigned long long)registers.size, (int)TRINE_DIRECT_REGISTERS);
  } else if (memory.size < 4 || memory.size > SIZE_MAX || memory.size < memory_bytes) {
    (void)snprintf(error, room,
                   "map%d of %.100s has %llu bytes of memory; at least %llu are needed",
                   memory.number, folder, (unsigned long long)memory.size,
                   (unsigned long long)(memory_bytes < 4 ? 4 : memory_bytes));
  } else {
    return true;
  }
  return false;
}

enum trine_status trine_mmio_open_uio(struct trine_mmio *mmio, const char *path,
                                      uint64_t memory_bytes, const char *sysfs) {
  char folder[UIO_PATH];
  begin(mmio);
  const char *slash = strrchr(path, '/');
  (void)snprintf(folder, sizeof folder, "%s/class/uio/%s/maps", sysfs,
                 slash == NULL ? path : slash + 1);
  mmio->fd = open(path, O_RDWR | O_CLOEXEC);
  if (mmio->fd < 0) {
    (void)snprintf(mmio->error, sizeof mmio->error, "%.80s cannot be opened: %.60s", path,
                   strerror(errno));
    return TRINE_ERR_BUS;
  }
  const struct uio_map registers = find_map(folder, "registers", 0);
  const struct uio_map memory = find_map(folder, "memory", 1);
  if (!check_maps(mmio, folder, registers, memory, memory_bytes)) {
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  mmio->direct.memory_bytes = (memory_bytes == 0 ? memory.size : memory_bytes) / 4 * 4;
  mmio->direct.memory_base = memory.addr;
  mmio->direct.registers = map_part(mmio, 0, TRINE_DIRECT_REGISTERS, registers.number);
  if (mmio->direct.registers != NULL) {
    mmio->direct.memory = map_part(mmio, 1, (size_t)mmio->direct.memory_bytes, memory.number);
  }
  if (mmio->direct.memory == NULL) {
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  return TRINE_OK;
}

static bool is_uio(const char *path) {
  struct stat file;
  return strncmp(path, "/dev/uio", 8) == 0 && stat(path, &file) == 0 && S_ISCHR(file.st_mode);
}

enum trine_status trine_mmio_open(struct trine_mmio *mmio, const char *path,
                                  uint64_t memory_bytes) {
  if (path != NULL && is_uio(path)) {
    return trine_mmio_open_uio(mmio, path, memory_bytes, "/sys");
  }
  begin(mmio);
  struct stat file = {.st_size = 0};
  if (path == NULL) {
    (void)snprintf(mmio->error, sizeof mmio->error,
                   "a mapped device needs a file, and none was named");
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
      file.st_size > TRINE_DIRECT_REGISTERS ? (uint64_t)file.st_size - TRINE_DIRECT_REGISTERS : 0;
  if (memory_bytes == 0) {
    memory_bytes = held;
  }
  /* What a plain file has not is mapped all the same, and kills whoever touches it. */
  if (memory_bytes > SIZE_MAX - TRINE_DIRECT_REGISTERS ||
      (S_ISREG(file.st_mode) && memory_bytes > held)) {
    (void)snprintf(mmio->error, sizeof mmio->error,
                   "%.80s cannot be mapped: %llu bytes of memory were asked for after %d of "
                   "registers, and it has %llu",
                   path, (unsigned long long)memory_bytes, (int)TRINE_DIRECT_REGISTERS,
                   (unsigned long long)held);
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  mmio->direct.memory_bytes = memory_bytes / 4 * 4;
  void *mapped = MAP_FAILED;
  if (mmio->direct.memory_bytes > 0) {
    mapped = mmap(NULL, (size_t)(TRINE_DIRECT_REGISTERS + mmio->direct.memory_bytes),
                  PROT_READ | PROT_WRITE, MAP_SHARED, mmio->fd, 0);
  }
  if (mapped == MAP_FAILED) {
    (void)snprintf(mmio->error, sizeof mmio->error,
                   "%.80s cannot be mapped: it needs %d bytes of registers and memory after them",
                   path, (int)TRINE_DIRECT_REGISTERS);
    trine_mmio_close(mmio);
    return TRINE_ERR_BUS;
  }
  mmio->maps[0].at = mapped;
  mmio->maps[0].bytes = (size_t)(TRINE_DIRECT_REGISTERS + mmio->direct.memory_bytes);
  mmio->direct.registers = mapped;
  mmio->direct.memory = mmio->direct.registers + TRINE_DIRECT_REGISTERS / 4;
  return TRINE_OK;
}

struct trine_bus trine_mmio_bus(struct trine_mmio *mmio) {
  return trine_direct_bus(&mmio->direct);
}

void trine_mmio_close(struct trine_mmio *mmio) {
  for (uint32_t n = 0; n < 2; n++) {
    if (mmio->maps[n].at != NULL) {
      (void)munmap(mmio->maps[n].at, mmio->maps[n].bytes);
    }
    mmio->maps[n].at = NULL;
  }
  if (mmio->fd >= 0) {
    (void)close(mmio->fd);
  }
  mmio->direct.registers = NULL;
  mmio->direct.memory = NULL;
  mmio->fd = -1;
}
