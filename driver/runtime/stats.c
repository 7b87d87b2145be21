/* SPDX-License-Identifier: Apache-2.0 */
/* stats: cycles and counters of a run, for those who want them. */
#include <string.h>

#include "runtime/internal.h"
#include "trine_regs.h"

static void begin(void *ctx, struct trine_run *run) {
  struct trine_stats *stats = ctx;
  const struct trine_work work = trine_batch_work(run->image, run->cut.batch);
  memset(stats, 0, sizeof *stats);
  stats->cores = run->image->ranks;
  stats->macs = work.macs;
  stats->steps = work.steps;
  stats->limit_cycles = work.limit_cycles;
}

static enum trine_status read_counters(struct trine_run *run, struct trine_stats *stats,
                                       uint32_t rank, uint64_t cycles) {
  struct trine_device *device = run->device;
  uint64_t value[TRINE_COUNTERS] = {0};
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < TRINE_COUNTERS && status == TRINE_OK; n++) {
    status = trine_reg_write(device, trine_slot_reg(run->slot, TRINE_DOMAIN_COUNTER_SELECT),
                             rank << TRINE_DOMAIN_COUNTER_SELECT_RANK_SHIFT | n, &run->fault);
    if (status == TRINE_OK) {
      status = trine_reg_read64(device, trine_slot_reg(run->slot, TRINE_DOMAIN_COUNTER_LO),
                                &value[n], &run->fault);
    }
  }
  /* A core counts until it is done itself; it is idle until the domain is. */
  value[TRINE_COUNT_IDLE] += cycles - value[TRINE_COUNT_CYCLES];
  value[TRINE_COUNT_CYCLES] = cycles;
  for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
    stats->counters[rank][n] += value[n];
  }
  return status;
}

/* Products of each rank in the chunk. */
static void count_macs(const struct trine_run *run, struct trine_stats *stats) {
  for (uint32_t k = 0; k < trine_image_chains(run->image); k++) {
    const struct trine_image_chain *chain = trine_image_chain(run->image, k);
    const uint64_t rows = trine_copy_rows(&run->cut, chain->source, chain->copy);
    const uint32_t *macs = trine_image_words(run->image, chain->macs);
    for (uint32_t rank = 0; rank < run->image->ranks; rank++) {
      stats->rank_macs[rank] += rows * ((uint64_t)macs[2 * rank + 1] << 32 | macs[2 * rank]);
    }
  }
}

static void end_chunk(void *ctx, struct trine_run *run) {
  struct trine_stats *stats = ctx;
  struct trine_device *device = run->device;
  uint64_t cycles = 0, load_cycles = 0;
  enum trine_status status = trine_reg_read64(
      device, trine_slot_reg(run->slot, TRINE_DOMAIN_CYCLES_LO), &cycles, &run->fault);
  if (status == TRINE_OK) {
    status = trine_reg_read64(device, trine_slot_reg(run->slot, TRINE_DOMAIN_LOAD_CYCLES_LO),
                              &load_cycles, &run->fault);
  }
  stats->runs++;
  stats->cycles += cycles - load_cycles;
  stats->load_cycles += load_cycles;
  for (uint32_t rank = 0; rank < run->image->ranks && status == TRINE_OK; rank++) {
    status = read_counters(run, stats, rank, cycles);
  }
  count_macs(run, stats);
}

struct trine_observer trine_stats_observer(struct trine_stats *stats) {
  return (struct trine_observer){stats, begin, end_chunk};
}
