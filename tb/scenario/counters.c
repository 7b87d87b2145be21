/* SPDX-License-Identifier: Apache-2.0 */
/* counters: see counters.h. */
#include "counters.h"
#include "assign.h"

#include <inttypes.h>
#include <stdio.h>

#include "support/mac_cycles.h"
#include "trine_regs.h"

/* A core counts until it is done itself; the domain hears of the last one a few cycles later. */
enum { DOMAIN_EDGE_CYCLES = 8 };

/* Whether a tensor has one row a sequence. */
static bool is_per_sequence(const struct trine_network *network, uint32_t tensor) {
  for (uint32_t k = 0; k < network->chain_count; k++) {
    const struct trine_chain *chain = &network->chains[k];
    if (chain->target == tensor) {
      return chain->last_only || is_per_sequence(network, chain->source);
    }
  }
  return false;
}

/* Cycles in which a rank feeds its MAC array. */
static uint64_t rank_mac_cycles(const struct trine_info *info, const struct trine_network *network,
                                const struct trine_batch *batch,
                                const struct trine_placement *placement, uint32_t rank) {
  uint64_t cycles = 0;
  for (uint32_t instance = 0; instance < network->layer_count * placement->copies; instance++) {
    uint64_t all = 0;
    uint32_t sequences = 0, n = instance % network->layer_count;
    assigned_share(batch, placement->copies, instance / network->layer_count, &sequences, &all);
    uint64_t steps = is_per_sequence(network, mac_chain(network, n)->source) ? sequences : all;
    cycles += steps * mac_cycles(info, network, n, placement->slice[instance][rank].count);
  }
  return cycles;
}

/* What the chip itself counted, before the driver adds what a core that is done waits. */
static uint64_t read_counter(struct bench *bench, uint32_t slot, uint32_t rank, uint32_t counter) {
  bench_write(bench, bench_domain(slot, TRINE_DOMAIN_COUNTER_SELECT),
              rank << TRINE_DOMAIN_COUNTER_SELECT_RANK_SHIFT | counter);
  return bench_read64(bench, bench_domain(slot, TRINE_DOMAIN_COUNTER_LO));
}

/* All classes of a core against the cycles it counted; returns those, 0 when they do not fit. */
static uint64_t check_core(struct bench *bench, const struct trine_job *job, uint32_t rank,
                           char *text, size_t text_bytes) {
  const struct trine_stats *stats = trine_job_stats(job);
  const uint64_t *counters = stats->counters[rank];
  const uint64_t domain = stats->cycles + stats->load_cycles;
  const uint32_t slot = trine_job_slot(job);
  const uint64_t own = read_counter(bench, slot, rank, TRINE_COUNT_CYCLES);
  uint64_t chip = 0, driver = 0;
  for (uint32_t n = TRINE_COUNT_CYCLES + 1; n < TRINE_COUNTERS; n++) {
    chip += read_counter(bench, slot, rank, n);
    driver += counters[n];
  }
  if (chip == own && driver == domain && counters[TRINE_COUNT_CYCLES] == domain) {
    return own;
  }
  (void)snprintf(text, text_bytes,
                 "rank %u: MAC and lost cycles are %" PRIu64 " of %" PRIu64 " on the chip, %" PRIu64
                 " of %" PRIu64 " of the domain in the driver",
                 rank, chip, own, driver, domain);
  return 0;
}

/* The products of all ranks against those of the golden model and the slots they had. */
static bool check_macs(const struct trine_stats *stats, uint64_t macs, uint64_t slots_a_cycle,
                       char *text, size_t text_bytes) {
  uint64_t products = 0;
  bool fits = true;
  for (uint32_t rank = 0; rank < stats->cores; rank++) {
    products += stats->rank_macs[rank];
    fits = fits && stats->rank_macs[rank] <= stats->counters[rank][TRINE_COUNT_MAC] * slots_a_cycle;
  }
  if (fits && products == macs && stats->macs == macs) {
    return true;
  }
  (void)snprintf(text, text_bytes,
                 "the driver counts %" PRIu64 " products and %" PRIu64
                 " on the ranks%s, the golden model %" PRIu64,
                 stats->macs, products, fits ? "" : " (more than MAC slots)", macs);
  return false;
}

bool counters_add_up(struct bench *bench, const struct trine_job *job,
                     const struct trine_network *network, const struct trine_batch *batch,
                     uint64_t macs, char *text, size_t text_bytes) {
  const struct trine_info *info = trine_get_info(bench->device);
  const struct trine_stats *stats = trine_job_stats(job);
  uint64_t domain = stats->cycles + stats->load_cycles, longest = 0;
  for (uint32_t rank = 0; rank < stats->cores; rank++) {
    const uint64_t *counters = stats->counters[rank];
    const uint64_t want = rank_mac_cycles(info, network, batch, trine_job_placement(job), rank);
    const uint64_t own = check_core(bench, job, rank, text, text_bytes);
    if (own == 0) {
      return false;
    }
    longest = own > longest ? own : longest;
    if (counters[TRINE_COUNT_MAC] != want) {
      (void)snprintf(text, text_bytes, "rank %u: %" PRIu64 " MAC cycles, its work takes %" PRIu64,
                     rank, counters[TRINE_COUNT_MAC], want);
      return false;
    }
  }
  if (longest > domain || domain - longest > DOMAIN_EDGE_CYCLES) {
    (void)snprintf(text, text_bytes,
                   "its longest core counts %" PRIu64 " cycles, the domain %" PRIu64, longest,
                   domain);
    return false;
  }
  return check_macs(stats, macs, (uint64_t)info->lanes * info->macs_per_lane, text, text_bytes);
}
