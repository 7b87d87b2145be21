/* SPDX-License-Identifier: Apache-2.0 */
/* test_driver_lying: devices that lie about their parameters, their state and their memory. Each
 * parameter is refused by name, value and limit when it is out of range; what is not refused ends
 * within the time given and harms no memory (run under the sanitizers). */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/checked/driver_case.h"
#include "support/fake_program.h"
#include "support/random_network.h"
#include "trine_regs.h"

enum { ROUNDS = 1500, PARAMETERS = sizeof(struct fake_params) / 4, LIMIT_MS = 10 };

static const char *const names[PARAMETERS] = {
    "CORES",     "CONTEXTS",     "LANES",         "MACS_PER_LANE", "TAIL_ROWS",  "BUS_BYTES",
    "X_SLOTS",   "QUEUE_WORDS",  "WEIGHT_BYTES",  "PARAM_ROWS",    "RING_BYTES", "STATE_UNITS",
    "PRE_UNITS", "WRITER_BYTES", "TABLE_ENTRIES", "MAX_INPUTS",    "MAX_UNITS",  "MEM_BYTES"};

struct liar {
  uint32_t params[PARAMETERS];
  struct seed_stream random;
  uint32_t script;      /* what STATUS says */
  uint32_t error_every; /* an access in so many fails; 0: none */
  uint64_t clock_us, accesses;
};

static int fails_now(struct liar *liar) {
  liar->accesses++;
  liar->clock_us += 50;
  return liar->error_every != 0 && seed_uniform(&liar->random, 1, liar->error_every) == 1
             ? (int)seed_uniform(&liar->random, -12, 3)
             : 0;
}

static uint32_t status_of(struct liar *liar) {
  const uint32_t any = (uint32_t)seed_next(&liar->random);
  switch (liar->script) {
    case 0:
      return TRINE_DOMAIN_STATUS_STATE_DONE;
    case 1:
      return TRINE_DOMAIN_STATUS_STATE_RUNNING;
    case 2:
      return TRINE_DOMAIN_STATUS_STATE_ERROR;
    case 3:
      return TRINE_DOMAIN_STATUS_STATE_DONE | TRINE_DOMAIN_STATUS_RESIDENT_MASK;
    case 4:
      return liar->accesses % 7 != 0 ? TRINE_DOMAIN_STATUS_STATE_RUNNING
                                     : TRINE_DOMAIN_STATUS_STATE_DONE;
    case 5:
      return TRINE_DOMAIN_STATUS_STATE_IDLE;
    default:
      return any;
  }
}

static enum trine_status lie_read32(void *ctx, uint32_t addr, uint32_t *value) {
  struct liar *liar = ctx;
  const bool is_parameter =
      addr >= TRINE_GLOBAL_PARAMS && addr < TRINE_GLOBAL_PARAMS + 4 * PARAMETERS;
  *value = (uint32_t)seed_next(&liar->random);
  if (is_parameter) {
    *value = liar->params[(addr - TRINE_GLOBAL_PARAMS) / 4];
  } else if (addr == TRINE_GLOBAL_ID) {
    *value = TRINE_GLOBAL_ID_RESET;
  } else if (addr == TRINE_GLOBAL_VERSION) {
    *value = TRINE_GLOBAL_VERSION_RESET;
  } else if (addr == TRINE_GLOBAL_CONFIG_HASH) {
    *value = fake_crc(liar->params, sizeof liar->params);
  } else if (addr == TRINE_GLOBAL_CORES_BUSY || addr == TRINE_GLOBAL_QUARANTINE) {
    *value = liar->script > 5 ? *value : 0;
  } else if (addr == TRINE_GLOBAL_IRQ_RAW) {
    *value = UINT32_MAX;
  } else if (addr >= TRINE_DOMAIN_PAGE && addr % 4096 == TRINE_DOMAIN_STATUS) {
    *value = status_of(liar);
  }
  return fails_now(liar);
}

static enum trine_status lie_write32(void *ctx, uint32_t addr, uint32_t value) {
  (void)addr;
  (void)value;
  return fails_now(ctx);
}

static enum trine_status lie_mem_read(void *ctx, uint64_t addr, void *data, size_t len) {
  struct liar *liar = ctx;
  (void)addr;
  seed_int8(&liar->random, data, len, -128, 127);
  return fails_now(liar);
}

/* Reads all that it is given: the sanitizers see what is not the caller's. */
static enum trine_status lie_mem_write(void *ctx, uint64_t addr, const void *data, size_t len) {
  (void)addr;
  (void)fake_crc(data, len);
  return fails_now(ctx);
}

static enum trine_status lie_wait(void *ctx, uint32_t timeout_ms) {
  struct liar *liar = ctx;
  liar->clock_us += timeout_ms;
  return fails_now(liar);
}

static uint64_t lie_now_us(void *ctx) {
  const struct liar *liar = ctx;
  return liar->clock_us;
}

static struct trine_bus liar_bus(struct liar *liar) {
  return (struct trine_bus){.ctx = liar,
                            .read32 = lie_read32,
                            .write32 = lie_write32,
                            .mem_read = lie_mem_read,
                            .mem_write = lie_mem_write,
                            .wait = lie_wait,
                            .now_us = lie_now_us};
}

static void honest(struct liar *liar) {
  const struct fake_params params = case_params("duo");
  memset(liar, 0, sizeof *liar);
  memcpy(liar->params, &params, sizeof params);
}

/* Below and above its range, and where a product of sizes wraps. */
START_TEST(test_each_parameter_has_its_limits) {
  static const uint32_t wrong[] = {0, 1u << 29, 1u << 31, UINT32_MAX - 15, UINT32_MAX};
  struct trine *device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(device);
  struct liar liar;
  honest(&liar);
  struct trine_bus bus = liar_bus(&liar);
  ck_assert_msg(trine_open(device, &bus, 0, 1 << 20, NULL) == TRINE_OK, "%s",
                trine_last_error(device));
  for (uint32_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    char value[96];
    honest(&liar);
    liar.params[_i] = wrong[n];
    (void)snprintf(value, sizeof value, "the device's parameter %s is %u; this driver serves ",
                   names[_i], wrong[n]);
    ck_assert_int_eq(trine_open(device, &bus, 0, 1 << 20, NULL), TRINE_ERR_VERSION);
    const char *text = trine_last_error(device);
    ck_assert_msg(strstr(text, value) != NULL && strstr(text, " to ") != NULL,
                  "'%s' lacks '%s' or its range", text, value);
    ck_assert_uint_eq(trine_job_sizeof(device, NULL), 0);
  }
  free(device);
}
END_TEST

START_TEST(test_parameters_contradict_each_other) {
  static const struct {
    uint32_t index, value;
    const char *part;
  } wrong[] = {{2, 6, "LANES is 6"},
               {2, 12, "TAIL_ROWS, 8"},
               {3, 3, "MACS_PER_LANE is 3"},
               {4, 16, "TAIL_ROWS, 16"},
               {5, 16, "MEM_BYTES, 8"},
               {6, 3, "X_SLOTS is 3"},
               {8, 63, "one word of weights takes 64"},
               {14, 32767, "2 to 32766"}};
  struct trine *device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(device);
  for (uint32_t n = 0; n < sizeof wrong / sizeof wrong[0]; n++) {
    struct liar liar;
    honest(&liar);
    liar.params[4] = n == 1 ? 8 : liar.params[4];
    liar.params[wrong[n].index] = wrong[n].value;
    struct trine_bus bus = liar_bus(&liar);
    ck_assert_int_eq(trine_open(device, &bus, 0, 1 << 20, NULL), TRINE_ERR_VERSION);
    ck_assert_msg(strstr(trine_last_error(device), wrong[n].part) != NULL, "'%s' lacks '%s'",
                  trine_last_error(device), wrong[n].part);
  }
  free(device);
}
END_TEST

/* Some parameters become what still is in range, others what is not. */
static void lie_a_little(struct liar *liar, struct seed_stream *stream) {
  static const uint32_t often[] = {
      0, 1, 2, 3, 4, 8, 16, 64, 256, 1024, 32766, 65535, 1u << 16, 1u << 22, 1u << 28, 0x15555556};
  const uint32_t lies = (uint32_t)seed_uniform(stream, 0, 4);
  for (uint32_t n = 0; n < lies; n++) {
    liar->params[seed_uniform(stream, 0, PARAMETERS - 1)] = often[seed_uniform(stream, 0, 15)];
  }
}

static bool run_on(struct trine *device, struct liar *liar, struct seed_stream *stream) {
  struct driver_case made;
  struct driver_batch batch;
  struct trine_job *job = NULL;
  case_stack(&made, stream, 1 + (uint32_t)seed_uniform(stream, 0, 1),
             seed_uniform(stream, 0, 1) != 0, false, 40);
  const struct trine_job_options options = {
      .mode = (enum trine_mode)seed_uniform(stream, 0, 3),
      .cores = (uint32_t)seed_uniform(stream, 0, 3),
      .core_mask = seed_uniform(stream, 0, 3) == 0 ? (uint32_t)seed_next(stream) : 0,
      .window_bytes = seed_uniform(stream, 0, 3) == 0 ? (uint32_t)seed_next(stream) >> 8 : 0,
      .max_rows = (uint32_t)seed_uniform(stream, 0, 20),
      .timeout_ms = LIMIT_MS};
  const size_t bytes = trine_job_sizeof(device, &made.network);
  ck_assert_uint_lt(bytes, (size_t)1 << 28);
  void *memory = malloc(bytes);
  ck_assert_ptr_nonnull(memory);
  const bool is_made =
      trine_job_create(device, &made.network, &options, memory, bytes, &job) == TRINE_OK;
  batch_create(&batch, stream, &made.network, (uint32_t)seed_uniform(stream, 1, 40), 6, false,
               seed_uniform(stream, 0, 1) != 0);
  for (uint32_t n = 0; is_made && n < 2; n++) {
    const uint64_t begin = liar->clock_us, runs = 40;
    const enum trine_status status = trine_job_run(job, &batch.batch);
    ck_assert(status == TRINE_OK || trine_last_error(device)[0] != '\0');
    ck_assert_uint_le(liar->clock_us - begin, runs * (LIMIT_MS + 40) * 1000 + 1100 * 1000);
    (void)trine_job_done(job);
  }
  trine_job_destroy(job);
  batch_free(&batch);
  case_free(&made);
  free(memory);
  return is_made;
}

START_TEST(test_a_device_that_lies_does_no_harm) {
  struct seed_stream stream = seed_start("lying");
  struct trine *device = malloc(trine_sizeof());
  ck_assert_ptr_nonnull(device);
  uint32_t opened = 0, ran = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) {
    struct liar liar;
    honest(&liar);
    liar.random = stream;
    (void)seed_next(&stream);
    liar.script = (uint32_t)seed_uniform(&stream, 0, 7);
    liar.error_every = seed_uniform(&stream, 0, 3) == 0 ? 60 : 0;
    lie_a_little(&liar, &stream);
    struct trine_bus bus = liar_bus(&liar);
    if (trine_open(device, &bus, 0, UINT64_C(1) << seed_uniform(&stream, 12, 40), "liar") ==
        TRINE_OK) {
      opened++;
      ran += run_on(device, &liar, &stream);
    }
  }
  ck_assert_uint_gt(opened, ROUNDS / 10);
  ck_assert_uint_lt(opened, ROUNDS);
  ck_assert_uint_gt(ran, ROUNDS / 50);
  free(device);
}
END_TEST

int main(void) {
  seed_print();
  Suite *suite = suite_create("driver_lying");
  TCase *tests = tcase_create("lying");
  tcase_add_loop_test(tests, test_each_parameter_has_its_limits, 0, PARAMETERS);
  tcase_add_test(tests, test_parameters_contradict_each_other);
  tcase_add_test(tests, test_a_device_that_lies_does_no_harm);
  tcase_set_timeout(tests, 120);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? 0 : 1;
}
