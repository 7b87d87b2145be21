/* SPDX-License-Identifier: Apache-2.0 */
/* stray_device: a fake device of two cores behind a serial line, on which a process that is gone
 * left a program running: on core 0, and with it in the middle of the memory.
 *
 *   stray_device [deaf]     prints the line's name and serves until standard input ends; deaf: the
 *                           program does not stop when it is told to */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/checked/driver_case.h"
#include "support/checked/serial_bridge.h"

enum { MEMORY = 1 << 20 };

static bool is_deaf;

/* What the tests' support is made of asks Check, so the device is a test of it. */
START_TEST(serve) {
  static struct fake_device fake;
  const struct fake_params params = case_params("duo");
  char path[64], byte = 0;
  fake_device_create(&fake, &params, MEMORY);
  fake_device_run_stray(&fake, 0, 1, MEMORY / 2, MEMORY / 4);
  fake.troubles.deaf = is_deaf;
  const pid_t child = bridge_device(&fake, path, sizeof path);
  printf("pty %s\n", path);
  (void)fflush(stdout);
  while (read(0, &byte, 1) > 0) {
  }
  bridge_stop(child);
  fake_device_destroy(&fake);
}
END_TEST

int main(int argc, char **argv) {
  seed_print();
  is_deaf = argc > 1 && strcmp(argv[1], "deaf") == 0;
  Suite *suite = suite_create("stray_device");
  TCase *device = tcase_create("device");
  tcase_add_test(device, serve);
  suite_add_tcase(suite, device);
  SRunner *runner = srunner_create(suite);
  srunner_set_fork_status(runner, CK_NOFORK);
  srunner_run_all(runner, CK_SILENT);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
