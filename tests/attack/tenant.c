/* SPDX-License-Identifier: Apache-2.0 */
/* tenant: see tenant.h. */
#include "tenant.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "support/checked/driver_case.h"
#include "trine_regs.h"

/* Rows a window has room for, its greatest size, and what output bytes are before a run. */
enum { MAX_ROWS = 128, MAX_BYTES = 1 << 17, SPOILT = 0xa5, LENGTH_WORD = 2 };

/* The run that is being captured. */
struct capture {
  struct tenant *tenant;
  struct bench *bench;
  enum tenant_way way;
  uint64_t base;
};

static uint8_t *read_window(const struct capture *capture) {
  uint8_t *bytes = malloc(capture->tenant->bytes);
  ck_assert_ptr_nonnull(bytes);
  ck_assert_int_eq(capture->bench->ops->mem_read(capture->bench->sim, capture->base, bytes,
                                                 capture->tenant->bytes),
                   TRINE_OK);
  return bytes;
}

/* Before the driver's START: all is written. */
static void capture_start(void *context, uint32_t slot) {
  struct capture *capture = context;
  struct bench *bench = capture->bench;
  struct tenant *tenant = capture->tenant;
  tenant->mask = bench_read(bench, bench_domain(slot, TRINE_DOMAIN_CORE_MASK));
  tenant->mode = bench_read(bench, bench_domain(slot, TRINE_DOMAIN_MODE));
  tenant->bytes = bench_read(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_SIZE));
  capture->base = bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_BASE_LO));
  ck_assert_uint_le(tenant->bytes, MAX_BYTES);
  ck_assert_uint_eq(bench_read(bench, bench_domain(slot, TRINE_DOMAIN_PROGRAM)), 0);
  tenant->runs[capture->way].before = read_window(capture);
}

static void run(struct capture *capture, struct driver_job *job, struct driver_batch *batch,
                const struct trine_network *network) {
  struct bench *bench = capture->bench;
  struct tenant_run *kept = &capture->tenant->runs[capture->way];
  enum trine_status status = trine_job_run(job->job, &batch->batch);
  ck_assert_msg(status == TRINE_OK, "a tenant alone: %s (%s)", trine_last_error(bench->device),
                bench->ops->error(bench->sim));
  batch_compare(batch, network, "a tenant alone");
  const struct trine_stats *stats = trine_job_stats(job->job);
  kept->after = read_window(capture);
  kept->cycles = stats->cycles + stats->load_cycles;
}

/* What the first run wrote is spoilt before the second. */
static void spoil(struct tenant *tenant) {
  const struct tenant_run *first = &tenant->runs[TENANT_FRESH];
  struct tenant_run *second = &tenant->runs[TENANT_RESIDENT];
  for (uint32_t n = 0; n < tenant->bytes; n++) {
    bool is_output = first->before[n] == SPOILT && first->after[n] != SPOILT &&
                     second->before[n] == first->after[n];
    second->before[n] = is_output ? SPOILT : second->before[n];
  }
}

void tenant_open(struct tenant *tenant, struct bench *bench, struct seed_stream *stream,
                 const struct tenant_size *size, enum trine_mode mode, uint32_t core_mask) {
  struct driver_case network;
  struct driver_batch batch;
  struct driver_job job;
  struct capture capture = {.tenant = tenant, .bench = bench};
  const struct trine_job_options options = {
      .mode = mode, .core_mask = core_mask, .max_rows = MAX_ROWS};
  uint8_t fill[MAX_BYTES];
  memset(fill, SPOILT, sizeof fill);
  ck_assert_int_eq(bench->ops->mem_write(bench->sim, 0, fill, sizeof fill), TRINE_OK);
  case_stack(&network, stream, size->lstms, size->has_dense, seed_uniform(stream, 0, 4) == 0,
             size->max_units);
  batch_create(&batch, stream, &network.network, size->sequences, size->max_steps, false,
               size->has_state);
  batch_expect(&batch, &network.network);
  job_create(&job, bench->device, &network.network, &options);
  bench->before_start = capture_start;
  bench->start_context = &capture;
  for (capture.way = TENANT_FRESH; capture.way < TENANT_WAYS; capture.way++) {
    run(&capture, &job, &batch, &network.network);
  }
  bench->before_start = NULL;
  spoil(tenant);
  job_free(&job);
  batch_free(&batch);
  case_free(&network);
}

void tenant_close(struct tenant *tenant) {
  for (uint32_t way = 0; way < TENANT_WAYS; way++) {
    free(tenant->runs[way].before);
    free(tenant->runs[way].after);
  }
}

const uint32_t *tenant_program(const struct tenant *tenant, enum tenant_way way, size_t *count) {
  const uint32_t *words = (const void *)tenant->runs[way].before; /* from malloc: aligned */
  *count = words[LENGTH_WORD] / 4;
  return words;
}

void tenant_put(const struct tenant *tenant, struct bench *bench, enum tenant_way way,
                uint64_t address) {
  ck_assert_int_eq(
      bench->ops->mem_write(bench->sim, address, tenant->runs[way].before, tenant->bytes),
      TRINE_OK);
}

void tenant_check(const struct tenant *tenant, struct bench *bench, enum tenant_way way,
                  uint64_t address, const char *who) {
  const uint8_t *want = tenant->runs[way].after;
  static uint8_t have[MAX_BYTES];
  uint32_t wrong = 0, first = 0;
  ck_assert_int_eq(bench->ops->mem_read(bench->sim, address, have, tenant->bytes), TRINE_OK);
  if (memcmp(have, want, tenant->bytes) == 0) {
    return;
  }
  for (uint32_t n = 0; n < tenant->bytes; n++) {
    first = wrong == 0 ? n : first;
    wrong += have[n] != want[n];
  }
  ck_abort_msg("%s ended DONE with %u wrong bytes in its window, the first at 0x%x: 0x%x, not 0x%x",
               who, wrong, first, have[first], want[first]);
}
