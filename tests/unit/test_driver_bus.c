/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_bus: a bus that says something else in one place, and what the driver says of it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/checked/driver_case.h"
#include "support/random_network.h"
#include "trine_regs.h"

enum { MEMORY = 1 << 19, LIMIT_MS = 50 };

/* The fake device but for one register, and what a wait gives. */
struct twisted {
  struct fake_device fake;
  struct trine_bus honest;
  uint32_t addr, value;
  int waited; /* 0: as the device does */
  struct trine *device;
  struct driver_case made;
  struct driver_batch batch;
};

static enum trine_status twisted_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct twisted *twisted = ctx;
  const int status = twisted->honest.read32(twisted->honest.ctx, addr, value);
  *value = twisted->addr != 0 && addr == twisted->addr ? twisted->value : *value;
  return status;
}

static enum trine_status twisted_write32(void *ctx, uint32_t addr, uint32_t value) {
  struct twisted *twisted = ctx;
  return twisted->honest.write32(twisted->honest.ctx, addr, value);
}

static enum trine_status twisted_mem_read(void *ctx, uint64_t addr, void *data, size_t len_bytes) {
  struct twisted *twisted = ctx;
  return twisted->honest.mem_read(twisted->honest.ctx, addr, data, len_bytes);
}

static enum trine_status twisted_mem_write(void *ctx, uint64_t addr, const void *data,
                                           size_t len_bytes) {
  struct twisted *twisted = ctx;
  return twisted->honest.mem_write(twisted->honest.ctx, addr, data, len_bytes);
}

static enum trine_status twisted_wait(void *ctx, uint32_t timeout_ms) {
  struct twisted *twisted = ctx;
  return twisted->waited != 0 ? twisted->waited
                              : twisted->honest.wait(twisted->honest.ctx, timeout_ms);
}

static struct trine_bus twisted_open(struct twisted *twisted) {
  const struct fake_params params = case_params("duo");
  memset(twisted, 0, sizeof *twisted);
  fake_device_create(&twisted->fake, &params, MEMORY);
  twisted->honest = fake_device_bus(&twisted->fake);
  twisted->device = case_open(&twisted->fake);
  return (struct trine_bus){.ctx = twisted,
                            .read32 = twisted_read32,
                            .write32 = twisted_write32,
                            .mem_read = twisted_mem_read,
                            .mem_write = twisted_mem_write,
                            .wait = twisted_wait};
}

static void twisted_close(struct twisted *twisted) {
  free(twisted->device);
  fake_device_destroy(&twisted->fake);
}

static void said(const struct twisted *twisted, const char *part) {
  const char *text = trine_last_error(twisted->device);
  ck_assert_msg(strstr(text, part) != NULL, "'%s' lacks '%s'", text, part);
}

START_TEST(test_open_refuses_what_is_no_trine) {
  static const struct {
    uint32_t addr, value;
    const char *part;
  } wrong[] = {
      {TRINE_GLOBAL_ID, 0x1234, "the device's ID register reads 0x00001234; a Trine has 0x"},
      {TRINE_GLOBAL_VERSION, 0x00090000, "the device has major version 9; this driver serves "},
      {TRINE_GLOBAL_CONFIG_HASH, 0x55, " but it reports 0x00000055"},
      {TRINE_GLOBAL_PARAMS, 3, "the device's parameters have the hash 0x"}};
  struct twisted twisted;
  const struct trine_bus bus = twisted_open(&twisted);
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    if (wrong[n].addr == 0) { /* ID */
      twisted.fake.id = wrong[n].value;
    }
    twisted.addr = wrong[n].addr;
    twisted.value = wrong[n].value;
    ck_assert_int_eq(trine_open(twisted.device, &bus, 0, MEMORY, NULL), TRINE_ERR_VERSION);
    said(&twisted, wrong[n].part);
    twisted.fake.id = TRINE_GLOBAL_ID_RESET;
  }
  twisted_close(&twisted);
}
END_TEST

/* A run that never ends, on a bus or a device that says something else of it. */
START_TEST(test_a_run_ends_in_what_happened) {
  static const struct {
    uint32_t addr, value;
    int waited;
    enum trine_status status;
    const char *part;
  } wrong[] = {{0, 0, TRINE_ERR_BUS, TRINE_ERR_BUS, "waiting for the interrupt failed"},
               {0, 0, TRINE_ERR_TIMEOUT, TRINE_ERR_TIMEOUT,
                "was not done when the bus gave up waiting, after 0 of 50 ms"},
               {TRINE_DOMAIN_STATUS, TRINE_DOMAIN_STATUS_STATE_IDLE, 0, TRINE_ERR_DEVICE,
                " was reset while it ran"}};
  struct seed_stream stream = seed_start("bus");
  struct twisted twisted;
  const struct trine_bus bus = twisted_open(&twisted);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .timeout_ms = LIMIT_MS};
  ck_assert_int_eq(trine_open(twisted.device, &bus, 0, MEMORY, NULL), TRINE_OK);
  case_stack(&twisted.made, &stream, 2, false, false, 12);
  batch_create(&twisted.batch, &stream, &twisted.made.network, 2, 4, false, true);
  for (size_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    struct driver_job job;
    job_create(&job, twisted.device, &twisted.made.network, &options);
    twisted.fake.troubles.hang = true;
    ck_assert_int_eq(trine_job_start(job.job, &twisted.batch.batch), TRINE_OK);
    const uint32_t page = (trine_job_slot(job.job) + 1) * 4096;
    twisted.addr = wrong[n].addr != 0 || wrong[n].waited == 0 ? page + wrong[n].addr : 0;
    twisted.value = wrong[n].value;
    twisted.waited = wrong[n].waited;
    ck_assert_int_eq(trine_job_wait(job.job), wrong[n].status);
    said(&twisted, wrong[n].part);
    twisted.addr = 0;
    twisted.waited = 0;
    twisted.fake.troubles.hang = false;
    job_free(&job);
  }
  batch_free(&twisted.batch);
  case_free(&twisted.made);
  twisted_close(&twisted);
}
END_TEST

START_TEST(test_rows_beyond_the_window_are_refused) {
  struct seed_stream stream = seed_start("bus");
  struct twisted twisted;
  struct driver_job job;
  const struct trine_bus bus = twisted_open(&twisted);
  ck_assert_int_eq(trine_open(twisted.device, &bus, 0, MEMORY, NULL), TRINE_OK);
  case_bidirectional(&twisted.made, &stream, 2, false, false, 12);
  batch_create(&twisted.batch, &stream, &twisted.made.network, 2, 4, false, true);
  job_create(&job, twisted.device, &twisted.made.network, NULL);
  twisted.batch.lengths[1] = INT32_MAX; /* whole, because layers run backwards too */
  ck_assert_int_eq(trine_job_run(job.job, &twisted.batch.batch), TRINE_ERR_LIMIT);
  said(&twisted, "sequence 1 with 2147483647 steps needs ");
  said(&twisted, " bytes of rows at once; the job's window has room for ");
  twisted.made.network.tensor_count = UINT32_MAX;
  struct trine_placement placement;
  ck_assert_int_eq(
      trine_place(twisted.device, &twisted.made.network, TRINE_MODE_SINGLE, 1, &placement),
      TRINE_ERR_LIMIT);
  said(&twisted, "the network has 4294967295 tensors; the driver serves ");
  batch_free(&twisted.batch);
  job_free(&job);
  case_free(&twisted.made);
  twisted_close(&twisted);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_bus");
  TCase *tests = tcase_create("bus");
  tcase_add_test(tests, test_open_refuses_what_is_no_trine);
  tcase_add_test(tests, test_a_run_ends_in_what_happened);
  tcase_add_test(tests, test_rows_beyond_the_window_are_refused);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
