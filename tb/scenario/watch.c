/* SPDX-License-Identifier: Apache-2.0 */
/* watch: see watch.h. */
#include "watch.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Contexts are numbered on each rank in the order of the lines that have units there. */
static void find_streams(struct watch *watch) {
  uint32_t rank = 0;
  for (uint32_t core = 0; core < TRINE_MAX_CORES; core++) {
    for (uint32_t n = 0; n < WATCH_CONTEXTS; n++) {
      watch->streams[core][n] = (struct watch_stream){-1, 0, -1, -1};
    }
    if ((watch->core_mask >> core & 1) == 0) {
      continue;
    }
    uint32_t context = 0;
    const uint32_t layers = watch->network->layer_count;
    for (uint32_t n = 0; n < layers * watch->placement->copies; n++) {
      if (watch->placement->slice[n][rank].count > 0) {
        watch->streams[core][context].layer = (int32_t)(n % layers);
        watch->streams[core][context++].copy = n / layers;
      }
    }
    rank++;
  }
}

/* Steps of all sequences before sequence s. */
static uint64_t rows_before(const struct trine_batch *batch, uint32_t s) {
  uint64_t rows = 0;
  for (uint32_t b = 0; b < s; b++) {
    rows += batch->lengths[b];
  }
  return rows;
}

void watch_start(struct watch *watch, const struct trine_network *network,
                 const struct trine_batch *batch, const struct trine_placement *placement,
                 uint32_t core_mask) {
  memset(watch, 0, sizeof *watch);
  watch->network = network;
  watch->batch = batch;
  watch->placement = placement;
  watch->core_mask = core_mask;
  find_streams(watch);
  assign_batch(batch, placement->copies, watch->copy_of);
  for (uint32_t b = 0; b < batch->sequences; b++) {
    watch->row_of[b] = rows_before(batch, b);
  }
  uint64_t rows = rows_before(batch, batch->sequences);
  for (uint32_t n = 0; n < network->layer_count; n++) {
    if (network->layers[n].kind == TRINE_LAYER_LSTM) {
      watch->layers[n] = calloc(rows * network->layers[n].units, sizeof *watch->layers[n]);
      ck_assert_ptr_nonnull(watch->layers[n]);
    }
  }
}

void watch_free(struct watch *watch) {
  for (uint32_t n = 0; n < WATCH_LAYERS; n++) {
    free(watch->layers[n]);
    watch->layers[n] = NULL;
  }
}

uint64_t watch_points(const struct watch *watch) {
  uint64_t points = 0;
  uint64_t rows = rows_before(watch->batch, watch->batch->sequences);
  for (uint32_t n = 0; n < watch->network->layer_count; n++) {
    points += watch->layers[n] != NULL ? rows * watch->network->layers[n].units : 0;
  }
  return points;
}

static uint32_t rank_of(const struct watch *watch, uint32_t core) {
  uint32_t rank = 0;
  for (uint32_t c = 0; c < core; c++) {
    rank += watch->core_mask >> c & 1;
  }
  return rank;
}

/* The sequence of the stream's copy that follows the one it is at. */
static int64_t next_sequence(const struct watch *watch, const struct watch_stream *stream) {
  int64_t sequence = stream->sequence + 1;
  while (sequence < watch->batch->sequences && watch->copy_of[sequence] != stream->copy) {
    sequence++;
  }
  return sequence;
}

void watch_file(struct watch *watch, const struct trine_sim_point *point) {
  struct watch_stream *stream = &watch->streams[point->core][point->context % WATCH_CONTEXTS];
  if (stream->layer < 0) {
    watch->strays++;
    return;
  }
  const uint32_t n = (uint32_t)stream->layer;
  const uint32_t instance = stream->copy * watch->network->layer_count + n;
  if (point->unit == watch->placement->slice[instance][rank_of(watch, point->core)].first) {
    stream->sequence = point->first ? next_sequence(watch, stream) : stream->sequence;
    stream->step = point->first ? 0 : stream->step + 1;
  }
  if (stream->sequence < 0 || stream->sequence >= watch->batch->sequences || stream->step < 0 ||
      stream->step >= watch->batch->lengths[stream->sequence] || watch->layers[n] == NULL ||
      point->unit >= watch->network->layers[n].units) {
    watch->strays++;
    return;
  }
  const uint64_t row = watch->row_of[stream->sequence] + (uint64_t)stream->step;
  watch->layers[n][row * watch->network->layers[n].units + point->unit] = *point;
}

static bool is_earlier(const struct trine_golden_point *a, const struct trine_golden_point *b) {
  if (a->sequence != b->sequence) {
    return a->sequence < b->sequence;
  }
  if (a->step != b->step) {
    return a->step < b->step;
  }
  return a->layer != b->layer ? a->layer < b->layer : a->unit < b->unit;
}

void watch_compare(void *context, const struct trine_golden_point *want) {
  struct watch *watch = context;
  if (watch->layers[want->layer] == NULL) {
    return;
  }
  const uint64_t row = watch->row_of[want->sequence] + want->step;
  const struct trine_sim_point *got =
      &watch->layers[want->layer][row * watch->network->layers[want->layer].units + want->unit];
  bool is_same = got->cycle != 0 && memcmp(got->pre, want->pre, sizeof got->pre) == 0 &&
                 got->c == want->c && got->h == want->h;
  if (!is_same && (!watch->is_different || is_earlier(want, &watch->want))) {
    watch->is_different = true;
    watch->want = *want;
    watch->got = *got;
  }
}

uint32_t watch_core_of(const struct watch *watch, uint32_t instance, uint32_t unit) {
  for (uint32_t core = 0; core < TRINE_MAX_CORES; core++) {
    if ((watch->core_mask >> core & 1) != 0) {
      struct trine_slice slice = watch->placement->slice[instance][rank_of(watch, core)];
      if (unit >= slice.first && unit < (uint32_t)slice.first + slice.count) {
        return core;
      }
    }
  }
  return TRINE_MAX_CORES;
}

void watch_describe(const struct watch *watch, char *text, size_t text_bytes) {
  static const char *const gates[TRINE_GATES] = {"i", "f", "g", "o"};
  const struct trine_golden_point *want = &watch->want;
  const struct trine_sim_point *got = &watch->got;
  const char *kind = "state", *what = "h";
  int got_value = got->h, want_value = want->h;
  const uint32_t instance =
      watch->copy_of[want->sequence] * watch->network->layer_count + want->layer;
  text[0] = '\0';
  if (!watch->is_different) {
    return;
  }
  if (got->c != want->c) {
    what = "c";
    got_value = got->c;
    want_value = want->c;
  }
  for (int gate = TRINE_GATES - 1; gate >= 0; gate--) {
    if (got->pre[gate] != want->pre[gate]) {
      kind = "gate";
      what = gates[gate];
      got_value = got->pre[gate];
      want_value = want->pre[gate];
    }
  }
  snprintf(
      text, text_bytes,
      "core %u, layer %u, sequence %u, step %u, %s %s, unit %u: got %d, want %d (cycle %llu%s)",
      watch_core_of(watch, instance, want->unit), want->layer, want->sequence, want->step, kind,
      what, want->unit, got_value, want_value, (unsigned long long)got->cycle,
      got->cycle == 0 ? ", never computed" : "");
}
