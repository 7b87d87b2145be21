/* SPDX-License-Identifier: Apache-2.0 */
/* seen: see seen.h. */
#include "seen.h"

#include <stdio.h>

static const char *const corner_names[SEEN_CORNERS] = {"H not a multiple of Lanes/4",
                                                       "I < MacsPerLane",
                                                       "T = 1",
                                                       "cell clip on",
                                                       "cell clipped",
                                                       "positive shift",
                                                       "saturated gate",
                                                       "saturated cell",
                                                       "slice of zero units",
                                                       "bidirectional",
                                                       "dense layer",
                                                       "state kept",
                                                       "memory stalls",
                                                       "several copies",
                                                       "side by side"};

static void count_bin(uint64_t bins[SEEN_BINS], uint32_t value) {
  uint32_t bin = 0;
  while (value > 1 && bin + 1 < SEEN_BINS) {
    value >>= 1;
    bin++;
  }
  bins[bin]++;
}

static void count_layer(struct seen *seen, const struct trine_info *info,
                        const struct trine_layer *layer) {
  count_bin(seen->inputs, layer->inputs);
  count_bin(seen->units, layer->units);
  seen->corner[SEEN_NARROW_INPUT] += layer->inputs < info->macs_per_lane;
  if (layer->kind == TRINE_LAYER_LSTM) {
    seen->corner[SEEN_ODD_UNITS] += layer->units % (info->lanes / TRINE_GATES) != 0;
    seen->corner[SEEN_CELL_CLIP] += layer->cell_clip > 0;
  } else {
    seen->corner[SEEN_DENSE]++;
  }
}

void seen_job(struct seen *seen, const struct trine_info *info, const struct trine_network *network,
              const struct trine_batch *batch, const struct trine_placement *placement,
              const struct trine_golden_counters *counters) {
  seen->jobs++;
  seen->mode[placement->mode & 3]++;
  seen->cores[placement->ranks]++;
  for (uint32_t n = 0; n < network->layer_count; n++) {
    count_layer(seen, info, &network->layers[n]);
    for (uint32_t r = 0; r < placement->ranks && placement->mode == TRINE_MODE_HELPER; r++) {
      seen->corner[SEEN_EMPTY_SLICE] += placement->slice[n][r].count == 0;
    }
  }
  seen->corner[SEEN_COPIES] += placement->copies > 1;
  for (uint32_t b = 0; b < batch->sequences; b++) {
    count_bin(seen->steps, batch->lengths[b]);
    seen->corner[SEEN_ONE_STEP] += batch->lengths[b] == 1;
  }
  for (uint32_t k = 0; k < network->chain_count; k++) {
    seen->corner[SEEN_BIDIRECTIONAL] += network->chains[k].reversed;
  }
  seen->corner[SEEN_STATE_KEPT] += batch->state_in != NULL;
  seen->corner[SEEN_POSITIVE_SHIFT] += counters->positive_shifts;
  seen->corner[SEEN_GATE_SATURATED] += counters->gate_saturated;
  seen->corner[SEEN_CELL_SATURATED] += counters->cell_saturated;
  seen->corner[SEEN_CELL_CLIPPED] += counters->cell_clipped;
}

static void print_bins(const char *name, const uint64_t bins[SEEN_BINS]) {
  printf("  %-8s", name);
  for (uint32_t n = 0; n < SEEN_BINS; n++) {
    if (bins[n] > 0) {
      printf("  %u..%u: %llu", 1u << n, (2u << n) - 1, (unsigned long long)bins[n]);
    }
  }
  printf("\n");
}

void seen_print(const struct seen *seen) {
  printf("%llu jobs, %llu values compared\n", (unsigned long long)seen->jobs,
         (unsigned long long)seen->values);
  printf("  modes     single: %llu  multithreading: %llu  helper: %llu  hybrid: %llu\n  cores   ",
         (unsigned long long)seen->mode[TRINE_MODE_SINGLE],
         (unsigned long long)seen->mode[TRINE_MODE_MULTITHREADING],
         (unsigned long long)seen->mode[TRINE_MODE_HELPER],
         (unsigned long long)seen->mode[TRINE_MODE_HYBRID]);
  for (uint32_t n = 1; n <= TRINE_MAX_CORES; n++) {
    if (seen->cores[n] > 0) {
      printf("  %u: %llu", n, (unsigned long long)seen->cores[n]);
    }
  }
  printf("\n");
  print_bins("inputs", seen->inputs);
  print_bins("units", seen->units);
  print_bins("steps", seen->steps);
  for (uint32_t n = 0; n < SEEN_CORNERS; n++) {
    printf("  %-28s %llu\n", corner_names[n], (unsigned long long)seen->corner[n]);
  }
  fflush(stdout);
}

const char *seen_missing(const struct seen *seen) {
  for (uint32_t n = 0; n < SEEN_CORNERS; n++) {
    if (seen->corner[n] == 0) {
      return corner_names[n];
    }
  }
  return NULL;
}
