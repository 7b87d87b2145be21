/* SPDX-License-Identifier: Apache-2.0 */
/* watch: every unit a job's cores computed, held against the golden model's.
 *
 * The probe of the simulation reports each unit of each LSTM step as a tail finished it. A watch
 * files these points by layer, sequence, step and unit, then runs the golden model and keeps the
 * first difference: of the earliest sequence, then step, then layer, then unit. */
#ifndef TRINE_WATCH_H
#define TRINE_WATCH_H

#include <stdbool.h>

#include "assign.h"
#include "golden/golden.h"
#include "sim/trine_sim.h"
#include "trine.h"

enum { WATCH_CONTEXTS = 16, WATCH_LAYERS = 8, WATCH_SEQUENCES = 64 };

/* What one context of one core has shown so far. */
struct watch_stream {
  int32_t layer; /* -1: none */
  uint32_t copy;
  int64_t sequence, step;
};

struct watch {
  const struct trine_network *network;
  const struct trine_batch *batch;
  const struct trine_placement *placement;
  uint32_t core_mask;
  struct watch_stream streams[TRINE_MAX_CORES][WATCH_CONTEXTS];
  uint8_t copy_of[WATCH_SEQUENCES];
  uint64_t row_of[WATCH_SEQUENCES];             /* steps of the sequences before */
  struct trine_sim_point *layers[WATCH_LAYERS]; /* [row][unit]; cycle 0: not computed */
  uint64_t strays;                              /* points that belong nowhere */
  bool is_different;
  struct trine_golden_point want;
  struct trine_sim_point got;
};

/* Everything but *watch belongs to the caller and must stay. The network has at most WATCH_LAYERS
 * layers, the batch at most WATCH_SEQUENCES sequences. */
void watch_start(struct watch *watch, const struct trine_network *network,
                 const struct trine_batch *batch, const struct trine_placement *placement,
                 uint32_t core_mask);
void watch_free(struct watch *watch);

/* Points a watch can take. */
uint64_t watch_points(const struct watch *watch);

/* Files one point; the core must be one of the watch's. */
void watch_file(struct watch *watch, const struct trine_sim_point *point);

/* The tap that compares; context is the watch. */
void watch_compare(void *context, const struct trine_golden_point *want);

/* The first difference as one sentence; "" when there is none. */
void watch_describe(const struct watch *watch, char *text, size_t text_bytes);

/* The core that computes a unit of a instance (copy * layers + layer). */
uint32_t watch_core_of(const struct watch *watch, uint32_t instance, uint32_t unit);

#endif
