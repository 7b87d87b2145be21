/* SPDX-License-Identifier: Apache-2.0 */
/* test_errors_memory: a memory that answers with errors, or not at all. */
#include <check.h>
#include <inttypes.h>
#include <string.h>

#include "errors.h"
#include "pair.h"
#include "program/disassemble.h"
#include "program/format.h"
#include "trine_regs.h"

enum { TIMEOUT_SECONDS = 600, BURST_BYTES = 128, MOST_WORDS = 2048, LATE = 8000 };

/* The part of the victim's window that fails. */
enum part { PART_PROGRAM, PART_WEIGHTS, PART_PARAMS, PART_INPUT, PART_OUTPUT, PART_STATE, PARTS };

/* What the program writes; of the states the last SAVE, whose answer comes when END is there. */
static bool is_written(enum part part) {
  return part == PART_OUTPUT || part == PART_STATE;
}

/* Offsets of the parts, read from the victim's program, which passes unchanged; and the fault put
 * at one of them before the program runs. */
struct parts {
  struct bench *bench;
  enum part part;
  enum trine_sim_fault_kind kind;
  uint32_t offset[PARTS];
  uint64_t address; /* of the fault */
};

static void note_list(struct parts *parts, const uint32_t *list, uint32_t count) {
  for (uint32_t at = 0; at < count; at += trine_op_words(list[at])) {
    switch (list[at] & 0xff) {
      case TRINE_OP_LOAD:
        parts->offset[list[at + 1] == TRINE_LOAD_WEIGHTS ? PART_WEIGHTS : PART_PARAMS] =
            list[at + 4];
        break;
      case TRINE_OP_READ:
        parts->offset[PART_INPUT] = list[at + 2];
        break;
      case TRINE_OP_WRITE:
        parts->offset[PART_OUTPUT] = list[at + 2];
        break;
      case TRINE_OP_SAVE:
        parts->offset[PART_STATE] = list[at + 3];
        break;
      default:
        break;
    }
  }
}

static void note_parts(void *context, uint32_t *words, size_t count) {
  struct parts *parts = context;
  uint32_t list[MOST_WORDS];
  (void)count;
  note_list(parts, list, bench_take(words, list, MOST_WORDS));
  /* The victim's program lies at the start of its window. */
  parts->address = parts->bench->program_address + parts->offset[parts->part];
  const bool is_write = is_written(parts->part);
  const struct trine_sim_fault fault = {parts->address, 8, parts->kind, !is_write, is_write};
  ck_assert_int_eq(parts->bench->ops->add_fault(parts->bench->sim, &fault), TRINE_OK);
}

/* Starts both with a fault at the first bytes of a part of the victim's window; its address. */
static uint64_t start_with_fault(struct pair *pair, enum part part,
                                 enum trine_sim_fault_kind kind) {
  struct parts parts = {.bench = &pair->bench, .part = part, .kind = kind};
  bench_tamper_next(&pair->bench, note_parts, &parts);
  pair_start(pair);
  return parts.address;
}

static void check_bus_error(enum pair_place place, enum part part) {
  struct pair pair;
  pair_open(&pair, place, "bus errors");
  uint64_t address = start_with_fault(&pair, part, TRINE_SIM_FAULT_SLVERR);
  struct pair_error error = pair_fail(&pair);
  uint32_t code = is_written(part) ? TRINE_ERROR_BUS_WRITE : TRINE_ERROR_BUS_READ;
  ck_assert_msg(error.code == code, "part %d: code %u, core %u, operation %u, address 0x%" PRIx64,
                (int)part, error.code, error.core, error.op, error.address);
  ck_assert_msg(error.address <= address && address < error.address + BURST_BYTES,
                "part %d: address 0x%" PRIx64 ", the fault is at 0x%" PRIx64, (int)part,
                error.address, address);
  uint32_t mask = trine_job_core_mask(pair.jobs[PAIR_VICTIM].job);
  ck_assert_msg((mask >> error.core & 1) != 0, "core %u of 0x%x", error.core, mask);
  pair_bystander_is_exact(&pair);
  pair.bench.ops->clear_faults(pair.bench.sim);
  pair_recovers(&pair);
  pair_close(&pair);
}

START_TEST(test_bus_error_stops_only_its_domain) {
  check_bus_error(PAIR_DUO, (enum part)_i);
}
END_TEST

START_TEST(test_bus_error_of_one_of_two_cores_stops_both_and_no_other) {
  check_bus_error(PAIR_OCTO, (enum part)_i);
}
END_TEST

/* The core that waits for the memory stays in quarantine; the others are usable. */
static void check_silence(enum pair_place place, enum part part) {
  struct pair pair;
  struct bench *bench = &pair.bench;
  pair_open(&pair, place, "silence");
  (void)start_with_fault(&pair, part, TRINE_SIM_FAULT_SILENT);
  struct pair_error error = pair_fail(&pair);
  struct trine_job *victim = pair.jobs[PAIR_VICTIM].job;
  uint32_t mask = trine_job_core_mask(victim);
  ck_assert_uint_eq(error.code, TRINE_ERROR_WATCHDOG);
  ck_assert_msg((mask >> error.core & 1) != 0, "core %u of 0x%x", error.core, mask);
  uint32_t quarantine = bench_read(bench, TRINE_GLOBAL_QUARANTINE);
  ck_assert_msg(quarantine != 0 && (quarantine & ~mask) == 0, "cores 0x%x of 0x%x in quarantine",
                quarantine, mask);
  pair_bystander_is_exact(&pair);

  /* The driver does not even try; the chip refuses whoever does. */
  ck_assert_int_eq(trine_job_start(victim, &pair.batches[PAIR_VICTIM].batch), TRINE_ERR_BUSY);
  ck_assert_ptr_nonnull(strstr(trine_last_error(bench->device), "in quarantine"));
  bench_write(bench, bench_domain(trine_job_slot(victim), TRINE_DOMAIN_CONTROL),
              TRINE_DOMAIN_CONTROL_START_MASK);
  error = pair_read_error(&pair, trine_job_slot(victim));
  ck_assert_uint_eq(error.code, TRINE_ERROR_CORE_QUARANTINED);
  ck_assert_uint_eq(error.address, quarantine);

  /* The victim's network on the bystander's cores, and the bystander again. */
  bench->ops->clear_faults(bench->sim);
  struct driver_job moved;
  struct trine_job_options options = {
      .mode = place == PAIR_DUO ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER,
      /* Of two cores the driver finds the other by itself. */
      .core_mask = place == PAIR_DUO ? 0 : trine_job_core_mask(pair.jobs[PAIR_BYSTANDER].job)};
  struct driver_batch *batch = &pair.batches[PAIR_VICTIM];
  job_create(&moved, bench->device, &pair.networks[PAIR_VICTIM].network, &options);
  memset(batch->output, 0x55, batch->output_bytes);
  ck_assert_msg(trine_job_run(moved.job, &batch->batch) == TRINE_OK, "%s",
                trine_last_error(bench->device));
  batch_compare(batch, &pair.networks[PAIR_VICTIM].network, "job on the other cores");
  job_free(&moved);
  ck_assert_int_eq(
      trine_job_start(pair.jobs[PAIR_BYSTANDER].job, &pair.batches[PAIR_BYSTANDER].batch),
      TRINE_OK);
  pair_bystander_is_exact(&pair);
  ck_assert_uint_eq(bench_read(bench, TRINE_GLOBAL_QUARANTINE), quarantine);
  pair_close(&pair);
}

START_TEST(test_silent_memory_quarantines_the_core_that_waits) {
  check_silence(PAIR_DUO, (enum part)_i);
}
END_TEST

START_TEST(test_silent_memory_quarantines_only_cores_of_its_domain) {
  check_silence(PAIR_OCTO, (enum part)_i);
}
END_TEST

static uint32_t start_by_hand(struct bench *bench, uint32_t slot) {
  bench_write(bench, bench_domain(slot, TRINE_DOMAIN_CORE_MASK), 1);
  bench_write(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_SIZE), 4096);
  bench_write(bench, bench_domain(slot, TRINE_DOMAIN_CONTROL), TRINE_DOMAIN_CONTROL_START_MASK);
  return bench_read(bench, bench_domain(slot, TRINE_DOMAIN_ERROR_CODE));
}

/* Nobody starts on a core that waits for its first beat; and when memory answers after all, but the
 * watchdog and the time to stop are over, the core is empty, and in quarantine all the same. */
START_TEST(test_late_memory_leaves_the_core_in_quarantine) {
  struct trine_sim_options late = trine_sim_defaults();
  struct bench bench;
  late.latency_cycles = LATE;
  bench_open(&bench, "duo", &late);
  bench_write(&bench, TRINE_GLOBAL_WATCHDOG, LATE / 4);
  ck_assert_uint_eq(start_by_hand(&bench, 0), TRINE_ERROR_NONE);
  ck_assert_uint_eq(start_by_hand(&bench, 1), TRINE_ERROR_CORE_BUSY);
  bench_step(&bench, 2 * LATE);
  ck_assert_uint_eq(bench_read(&bench, bench_domain(0, TRINE_DOMAIN_ERROR_CODE)),
                    TRINE_ERROR_WATCHDOG);
  ck_assert_uint_eq(bench_read(&bench, TRINE_GLOBAL_QUARANTINE), 1);
  ck_assert_uint_eq(start_by_hand(&bench, 1), TRINE_ERROR_CORE_QUARANTINED);
  bench_close(&bench);
}
END_TEST

void errors_add_memory(Suite *suite) {
  /* A case each, so that one may be run without the model of the other. */
  TCase *alone = tcase_create("memory-duo");
  TCase *shared = tcase_create("memory-octo");
  tcase_set_timeout(alone, TIMEOUT_SECONDS);
  tcase_set_timeout(shared, TIMEOUT_SECONDS);
  tcase_add_loop_test(alone, test_bus_error_stops_only_its_domain, 0, PARTS);
  tcase_add_loop_test(shared, test_bus_error_of_one_of_two_cores_stops_both_and_no_other, 0, PARTS);
  tcase_add_loop_test(alone, test_silent_memory_quarantines_the_core_that_waits, 0, PARTS);
  tcase_add_test(alone, test_late_memory_leaves_the_core_in_quarantine);
  tcase_add_loop_test(shared, test_silent_memory_quarantines_only_cores_of_its_domain, 0, PARTS);
  suite_add_tcase(suite, alone);
  suite_add_tcase(suite, shared);
}
