/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_uio: a UIO device of a made-up sysfs and a plain file, whose map M begins M pages
 * into it as those of a device do: sizes and addresses are read, and what does not fit is refused.
 */
#define _XOPEN_SOURCE 700
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend_mmio.h"
#include "trine.h"
#include "trine_regs.h"

enum { MEMORY_BYTES = 0x8000 };
static const char device[] = "build/uio-test/uio7", sysfs[] = "build/uio-test/sys";

struct map {
  const char *name, *addr, *size, *offset; /* NULL: no such file */
};

static void write_file(const char *path, const char *text) {
  (void)unlink(path);
  if (text != NULL) {
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fprintf(file, "%s\n", text), 0);
    ck_assert_int_eq(fclose(file), 0);
  }
}

static void make_device(struct map first, struct map second) {
  static const char *const folders[] = {"build/uio-test",
                                        "build/uio-test/sys",
                                        "build/uio-test/sys/class",
                                        "build/uio-test/sys/class/uio",
                                        "build/uio-test/sys/class/uio/uio7",
                                        "build/uio-test/sys/class/uio/uio7/maps",
                                        "build/uio-test/sys/class/uio/uio7/maps/map0",
                                        "build/uio-test/sys/class/uio/uio7/maps/map1"};
  for (size_t n = 0; n < sizeof folders / sizeof folders[0]; n++) {
    (void)mkdir(folders[n], 0777);
  }
  const struct map maps[] = {first, second};
  for (int n = 0; n < 2; n++) {
    char path[128];
    (void)snprintf(path, sizeof path, "%s/name", folders[6 + n]);
    write_file(path, maps[n].name);
    (void)snprintf(path, sizeof path, "%s/addr", folders[6 + n]);
    write_file(path, maps[n].addr);
    (void)snprintf(path, sizeof path, "%s/size", folders[6 + n]);
    write_file(path, maps[n].size);
    (void)snprintf(path, sizeof path, "%s/offset", folders[6 + n]);
    write_file(path, maps[n].offset);
  }
  const int fd = open(device, O_RDWR | O_CREAT | O_TRUNC, 0666);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq(ftruncate(fd, TRINE_DIRECT_REGISTERS + 0x10000), 0);
  (void)close(fd);
}

static uint32_t word_at(off_t offset) {
  uint32_t word = 0;
  const int fd = open(device, O_RDONLY);
  ck_assert_int_eq(pread(fd, &word, 4, offset), 4);
  (void)close(fd);
  return word;
}

/* Registers in map `registers`, memory in map `memory`, at 0x40000000. */
static void expect_device(int registers, int memory) {
  const long page = sysconf(_SC_PAGESIZE);
  struct trine_mmio mmio;
  ck_assert_msg(trine_mmio_open_uio(&mmio, device, 0, sysfs) == TRINE_OK, "%s", mmio.error);
  const struct trine_bus bus = trine_mmio_bus(&mmio);
  ck_assert_uint_eq(mmio.direct.memory_bytes, MEMORY_BYTES);
  ck_assert_uint_eq(mmio.direct.memory_base, 0x40000000);
  const uint32_t last = 0x11223344;
  uint32_t value = 0;
  ck_assert_int_eq(bus.write32(bus.ctx, TRINE_GLOBAL_SCRATCH, 0x12345678), 0);
  ck_assert_uint_eq(word_at(registers * page + (off_t)TRINE_GLOBAL_SCRATCH), 0x12345678);
  ck_assert_int_eq(bus.read32(bus.ctx, TRINE_GLOBAL_SCRATCH, &value), 0);
  ck_assert_uint_eq(value, 0x12345678);
  ck_assert_int_eq(bus.mem_write(bus.ctx, 0x40000000 + MEMORY_BYTES - 4, &last, 4), 0);
  ck_assert_uint_eq(word_at(memory * page + MEMORY_BYTES - 4), last);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 0x40000000 + MEMORY_BYTES - 4, &value, 4), 0);
  ck_assert_uint_eq(value, last);
  ck_assert_int_eq(bus.mem_write(bus.ctx, 0x40000000 + MEMORY_BYTES, &last, 4), TRINE_ERR_BUS);
  ck_assert_int_eq(bus.mem_read(bus.ctx, 0x3ffffffc, &value, 4), TRINE_ERR_BUS);
  trine_mmio_close(&mmio);
  /* A part of the memory. */
  ck_assert_int_eq(trine_mmio_open_uio(&mmio, device, 4096, sysfs), TRINE_OK);
  ck_assert_uint_eq(mmio.direct.memory_bytes, 4096);
  trine_mmio_close(&mmio);
}

START_TEST(test_maps_are_found_by_name_or_by_number) {
  make_device((struct map){"registers", "0x43c00000", "0x20000", NULL},
              (struct map){"memory", "0x40000000", "0x8000", NULL});
  expect_device(0, 1);
  make_device((struct map){"memory", "0x40000000", "0x8000", NULL},
              (struct map){"registers", "0x43c00000", "0x20000", NULL});
  expect_device(1, 0);
  make_device((struct map){NULL, "0x43c00000", "0x40000", NULL},
              (struct map){"bram", "0x40000000", "0x8000", "0x0"});
  expect_device(0, 1);
}
END_TEST

static const struct {
  struct map registers, memory;
  uint64_t memory_bytes;
  const char *said;
} unfit[] = {{{"registers", "0", "0x1fffc", NULL},
              {"memory", "0", "4096", NULL},
              0,
              "has 131068 bytes for the regi"},
             {{"registers", "0", "0x20000", NULL},
              {"memory", "0", "4096", NULL},
              4100,
              "4096 bytes of memory; at le"},
             {{"registers", "0", "0x20000", NULL},
              {"memory", "0", "0", NULL},
              0,
              "0 bytes of memory; at least 4 "},
             {{"registers", "0", "0x20000", NULL},
              {"memory", "0", NULL, NULL},
              0,
              "no map for the memory; two are"},
             {{"registers", "0", "0x20000", NULL},
              {NULL, NULL, NULL, NULL},
              0,
              "no map for the memory; two are"},
             {{"registers", "0", "-1", NULL},
              {"memory", "0", "4096", NULL},
              0,
              "no map for the registers; two are"},
             {{"registers", "0", "9z", NULL},
              {"memory", "0", "4096", NULL},
              0,
              "no map for the registers; two are"},
             {{NULL, NULL, NULL, NULL},
              {"memory", "0", "4096", NULL},
              0,
              "no map for the registers; two are"},
             {{"registers", "0", "0x20000", NULL},
              {"memory", "0", "4096", "0x10"},
              0,
              "begins 16 bytes behind"},
             {{"registers", "0", "0x20000", "8"},
              {"memory", "0", "4096", NULL},
              0,
              "begins 8 bytes behind a"},
             {{"memory", "0", "0x20000", NULL},
              {"other", "0", "4096", NULL},
              0,
              "no map for the memory; two are"},
             {{"registers", "0", "0x20000", NULL},
              {"memory", "0", "0x10000000000000000", NULL},
              0,
              "no map for the memory; two are"}};

START_TEST(test_maps_that_do_not_fit_are_refused) {
  for (size_t n = 0; n < sizeof unfit / sizeof unfit[0]; n++) {
    struct trine_mmio mmio;
    make_device(unfit[n].registers, unfit[n].memory);
    ck_assert_int_eq(trine_mmio_open_uio(&mmio, device, unfit[n].memory_bytes, sysfs),
                     TRINE_ERR_BUS);
    ck_assert_msg(strstr(mmio.error, unfit[n].said) != NULL, "%zu: %s", n, mmio.error);
    ck_assert_int_eq(mmio.fd, -1);
  }
  struct trine_mmio mmio;
  ck_assert_int_eq(trine_mmio_open_uio(&mmio, "build/uio-test/uio8", 0, sysfs), TRINE_ERR_BUS);
  ck_assert_ptr_nonnull(strstr(mmio.error, "uio8 cannot be opened"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("driver_uio");
  TCase *tests = tcase_create("uio");
  tcase_add_test(tests, test_maps_are_found_by_name_or_by_number);
  tcase_add_test(tests, test_maps_that_do_not_fit_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
