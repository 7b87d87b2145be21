/* SPDX-License-Identifier: Apache-2.0 */
/* bases: the tenants of a round's domains and their programs, see round.h. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "round.h"
#include "trine_regs.h"

enum { MAX_IMAGE_BYTES = 1 << 16, SINGLE_BASES = 3, WIDE_BASES = 4 };

struct capture {
  uint32_t *words;
  size_t count;
};

static void keep_program(void *context, uint32_t *words, size_t count) {
  struct capture *capture = context;
  capture->words = malloc(4 * count);
  ck_assert_ptr_nonnull(capture->words);
  memcpy(capture->words, words, 4 * count);
  capture->count = count;
}

/* Runs the tenant's job once, exact, and keeps the program that was written for it. */
static void run_once(struct world *world, struct round_base *base, uint32_t which) {
  struct capture capture = {NULL, 0};
  bench_tamper_next(&world->bench, keep_program, &capture);
  tenant_start(&base->tenant, &world->bench);
  uint32_t slot = trine_job_slot(base->tenant.job.job);
  uint32_t state = world_wait(world, slot, UINT64_C(100) * WORLD_GRACE);
  ck_assert_msg(!world_runs(state), "a tenant is not done before there is any attacker");
  tenant_take(&base->tenant, &world->bench, "a tenant before any attacker");
  ck_assert_ptr_nonnull(capture.words);
  base->words[which] = capture.words;
  base->count[which] = capture.count;
}

static void take_image(struct world *world, struct round_base *base) {
  struct bench *bench = &world->bench;
  uint32_t slot = trine_job_slot(base->tenant.job.job);
  uint64_t from = bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_BASE_LO));
  uint32_t bytes = bench_read(bench, bench_domain(slot, TRINE_DOMAIN_WINDOW_SIZE));
  base->image_bytes = bytes < MAX_IMAGE_BYTES ? bytes : MAX_IMAGE_BYTES;
  base->image = malloc(base->image_bytes);
  ck_assert_ptr_nonnull(base->image);
  ck_assert_int_eq(bench->ops->mem_read(bench->sim, from, base->image, base->image_bytes),
                   TRINE_SIM_OK);
}

static void open_base(struct world *world, struct round_base *base, struct seed_stream *stream,
                      enum trine_mode mode, uint32_t mask, const struct tenant_size *size) {
  tenant_make(&base->tenant, stream, size, mode, mask);
  tenant_job(&base->tenant, world->bench.device);
  base->mask = trine_job_core_mask(base->tenant.job.job);
  run_once(world, base, 0);
  const struct trine_stats *stats = trine_job_stats(base->tenant.job.job);
  base->tenant.alone = stats->cycles + stats->load_cycles;
  run_once(world, base, 1);
  take_image(world, base);
  world_guard(world, mask, 0, 0);
  tenant_forget(&base->tenant);
}

static void open_domain(struct round *round, uint32_t domain, struct seed_stream *stream) {
  static const struct tenant_size sizes[] = {{1, 10, 1, 4, true, false},
                                             {1, 8, 2, 4, false, true},
                                             {2, 10, 2, 5, true, false},
                                             {2, 16, 2, 4, true, true}};
  static const enum trine_mode wide[] = {TRINE_MODE_HELPER, TRINE_MODE_HYBRID, TRINE_MODE_HELPER,
                                         TRINE_MODE_HYBRID};
  uint32_t mask = round->world.domain_mask[domain];
  bool is_single = (mask & (mask - 1)) == 0;
  round->base_count = is_single ? SINGLE_BASES : WIDE_BASES;
  for (uint32_t n = 0; n < round->base_count; n++) {
    bool is_cut = !is_single && n == 2 && round->world.info->cores == 2;
    enum trine_mode mode = is_single ? TRINE_MODE_SINGLE
                           : is_cut  ? TRINE_MODE_MULTITHREADING
                                     : wide[n];
    open_base(&round->world, &round->bases[domain][n], stream, mode, mask, &sizes[n]);
  }
}

void round_open(struct round *round, const char *config, struct seed_stream *stream,
                struct totals *totals) {
  memset(round, 0, sizeof *round);
  world_open(&round->world, config, stream, totals);
  for (uint32_t d = 0; d < round->world.domain_count; d++) {
    open_domain(round, d, stream);
  }
}

void round_close(struct round *round) {
  for (uint32_t d = 0; d < round->world.domain_count; d++) {
    for (uint32_t n = 0; n < round->base_count; n++) {
      struct round_base *base = &round->bases[d][n];
      tenant_free(&base->tenant);
      free(base->words[0]);
      free(base->words[1]);
      free(base->image);
    }
  }
  world_close(&round->world);
}
