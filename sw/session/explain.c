/* SPDX-License-Identifier: Apache-2.0 */
/* explain: points of the simulated tails against the golden model's, see check.h. */
#include <stdlib.h>
#include <string.h>

#include "session/check_parts.h"
#include "session/connect.h"
#include "sim/sim_backend.h"

enum { MAX_CONTEXTS = 16 };
/* Points kept of one network: 40 bytes each. */
#define MAX_POINTS (UINT64_C(1) << 25)

/* What one context of one core has shown so far. */
struct stream {
  int32_t layer;    /* index in the network, -1: none */
  int64_t sequence; /* counted by first marks */
  int64_t step;
};

struct first_difference {
  bool found;
  struct trine_golden_point want;
  struct trine_sim_point got;
};

struct explain_watch {
  struct trine_session *session;
  struct trine_sim_backend *sim;
  const struct trine_batch *batch;
  const struct trine_network *network;
  uint64_t *row_of;                /* [sequences]: steps of the sequences before */
  struct trine_sim_point **layers; /* [layer_count][step of the batch][unit]; NULL: dense */
  struct first_difference first;
};

static uint64_t count_points(const struct explain_watch *watch, uint64_t steps) {
  uint64_t points = 0;
  for (uint32_t n = 0; n < watch->network->layer_count; n++) {
    const struct trine_layer *layer = &watch->network->layers[n];
    points += layer->kind == TRINE_LAYER_LSTM ? steps * layer->units : 0;
  }
  return points;
}

/* Contexts are numbered on each rank in the order of the layers that have units there. */
static void find_streams(const struct trine_placement *placement, uint32_t core_mask,
                         struct stream streams[TRINE_MAX_CORES][MAX_CONTEXTS]) {
  uint32_t rank = 0;
  for (uint32_t core = 0; core < TRINE_MAX_CORES; core++) {
    for (uint32_t n = 0; n < MAX_CONTEXTS; n++) {
      streams[core][n] = (struct stream){-1, -1, -1};
    }
    if (!(core_mask >> core & 1)) {
      continue;
    }
    uint32_t context = 0;
    for (uint32_t n = 0; n < placement->layer_count && context < MAX_CONTEXTS; n++) {
      if (placement->slice[n][rank].count > 0) {
        streams[core][context++].layer = (int32_t)n;
      }
    }
    rank++;
  }
}

/* Puts one point where the golden model's point of the same unit will look for it. */
static void file_point(struct explain_watch *watch, const struct trine_placement *placement,
                       uint32_t rank, struct stream *stream, const struct trine_sim_point *point) {
  if (stream->layer < 0) {
    return;
  }
  const uint32_t n = (uint32_t)stream->layer;
  const struct trine_slice slice = placement->slice[n][rank];
  if (point->unit == slice.first) {
    stream->sequence += point->first;
    stream->step = point->first ? 0 : stream->step + 1;
  }
  if (stream->sequence < 0 || stream->sequence >= watch->batch->sequences || stream->step < 0 ||
      stream->step >= watch->batch->lengths[stream->sequence] || watch->layers[n] == NULL ||
      point->unit >= watch->network->layers[n].units) {
    return;
  }
  const uint64_t row = watch->row_of[stream->sequence] + (uint64_t)stream->step;
  watch->layers[n][row * watch->network->layers[n].units + point->unit] = *point;
}

static void file_points(struct explain_watch *watch, const struct trine_replicas *replicas) {
  const struct trine_placement *placement = trine_replicas_placement(replicas);
  const uint32_t core_mask = trine_replicas_core_mask(replicas);
  const struct trine_sim_ops *ops = trine_sim_backend_ops(watch->sim);
  struct trine_sim *sim = trine_sim_backend_sim(watch->sim);
  struct stream streams[TRINE_MAX_CORES][MAX_CONTEXTS];
  uint32_t rank_of[TRINE_MAX_CORES] = {0};
  uint32_t rank = 0;
  for (uint32_t core = 0; core < TRINE_MAX_CORES; core++) {
    rank_of[core] = rank;
    rank += core_mask >> core & 1;
  }
  find_streams(placement, core_mask, streams);
  struct trine_sim_point points[256];
  size_t count = 0;
  while ((count = ops->take_points(sim, points, 256, NULL)) > 0) {
    for (size_t n = 0; n < count; n++) {
      const uint32_t core = points[n].core % TRINE_MAX_CORES;
      file_point(watch, placement, rank_of[core], &streams[core][points[n].context % MAX_CONTEXTS],
                 &points[n]);
    }
  }
}

static bool earlier(const struct trine_golden_point *a, const struct trine_golden_point *b) {
  if (a->sequence != b->sequence) {
    return a->sequence < b->sequence;
  }
  if (a->step != b->step) {
    return a->step < b->step;
  }
  return a->layer != b->layer ? a->layer < b->layer : a->unit < b->unit;
}

static void compare_point(void *context, const struct trine_golden_point *want) {
  struct explain_watch *watch = context;
  if (watch->layers[want->layer] == NULL) {
    return;
  }
  const uint64_t row = watch->row_of[want->sequence] + want->step;
  const struct trine_sim_point *got =
      &watch->layers[want->layer][row * watch->network->layers[want->layer].units + want->unit];
  if ((memcmp(got->pre, want->pre, sizeof got->pre) != 0 || got->c != want->c ||
       got->h != want->h) &&
      (!watch->first.found || earlier(want, &watch->first.want))) {
    watch->first = (struct first_difference){true, *want, *got};
  }
}

static bool prepare(struct explain_watch *watch, uint64_t *points) {
  uint64_t steps = 0;
  watch->row_of = calloc((size_t)watch->batch->sequences + 1, sizeof *watch->row_of);
  watch->layers = calloc((size_t)watch->network->layer_count + 1, sizeof *watch->layers);
  if (watch->row_of == NULL || watch->layers == NULL) {
    return false;
  }
  for (uint32_t n = 0; n < watch->batch->sequences; n++) {
    watch->row_of[n] = steps;
    steps += watch->batch->lengths[n];
  }
  *points = count_points(watch, steps);
  if (*points == 0 || *points > MAX_POINTS) {
    return false;
  }
  for (uint32_t n = 0; n < watch->network->layer_count; n++) {
    const struct trine_layer *layer = &watch->network->layers[n];
    if (layer->kind == TRINE_LAYER_LSTM) {
      watch->layers[n] = calloc((size_t)(steps * layer->units), sizeof **watch->layers);
      if (watch->layers[n] == NULL) {
        return false;
      }
    }
  }
  return true;
}

static void release(struct explain_watch *watch) {
  for (uint32_t n = 0; watch->layers != NULL && n < watch->network->layer_count; n++) {
    free(watch->layers[n]);
  }
  free(watch->layers);
  free(watch->row_of);
  watch->layers = NULL;
  watch->row_of = NULL;
}

/* Runs a network watched and on the golden model; stops the model at the first that differs. */
static enum trine_status run_watched(void *context, uint32_t index,
                                     const struct trine_network *network,
                                     const struct trine_batch *batch, struct trine_error *error) {
  struct explain_watch *watch = context;
  struct trine_replicas *replicas = watch->session->segments[index].replicas;
  const struct trine_sim_ops *ops = trine_sim_backend_ops(watch->sim);
  struct trine_sim *sim = trine_sim_backend_sim(watch->sim);
  uint64_t points = 0;
  enum trine_status status = TRINE_ERR_MEMORY;
  watch->batch = batch;
  watch->network = network;
  if (prepare(watch, &points) && ops->probe(sim, (size_t)points) == TRINE_OK) {
    status = trine_replicas_run(replicas, batch);
    file_points(watch, replicas);
    const struct trine_golden_options options = {
        .tap = compare_point, .tap_context = watch, .error = error};
    if (trine_golden_run(network, batch, &options) != TRINE_OK || watch->first.found) {
      status = TRINE_ERR_DEVICE;
    }
  }
  (void)ops->probe(sim, 0);
  release(watch);
  return status;
}

static void describe(const struct explain_watch *watch, struct trine_error *difference) {
  static const char *const gates[TRINE_GATES] = {"i", "f", "g", "o"};
  const struct trine_golden_point *want = &watch->first.want;
  const struct trine_sim_point *got = &watch->first.got;
  const char *what = "h";
  int got_value = got->h, want_value = want->h;
  if (got->c != want->c) {
    what = "c";
    got_value = got->c;
    want_value = want->c;
  }
  for (int gate = TRINE_GATES - 1; gate >= 0; gate--) {
    if (got->pre[gate] != want->pre[gate]) {
      what = gates[gate];
      got_value = got->pre[gate];
      want_value = want->pre[gate];
    }
  }
  const bool is_gate = what[0] != 'h' && what[0] != 'c';
  trine_error_set(difference,
                  "Layer %.60s, sequence %u, step %u, %s %s, unit %u: got %d, want %d (core %u, "
                  "cycle %llu).",
                  watch->network->layers[want->layer].name, want->sequence, want->step,
                  is_gate ? "gate" : "state", what, want->unit, got_value, want_value, got->core,
                  (unsigned long long)got->cycle);
}

/* Contexts are told apart by layer alone: not when copies or jobs share out the sequences. */
static bool can_explain(const struct trine_session *session) {
  for (uint32_t n = 0; n < session->segment_count; n++) {
    const struct session_segment *segment = &session->segments[n];
    if (segment->replicas != NULL &&
        (segment->jobs > 1 || trine_replicas_placement(segment->replicas)->copies > 1)) {
      return false;
    }
  }
  return true;
}

void check_explain(struct trine_session *session, const struct trine_model_batch *batch,
                   struct trine_error *difference) {
  struct explain_watch watch = {.session = session,
                                .sim = trine_connection_sim(session->connection)};
  struct trine_error ignored;
  struct check_outputs outputs = {.count = 0};
  struct trine_states states = {.sequences = 0};
  if (watch.sim == NULL || session->device == NULL || !can_explain(session)) {
    return;
  }
  const bool has_states = batch->state_out != NULL;
  if (check_outputs_make(session->model, batch->sequences, batch->steps, &outputs, &ignored) ==
          TRINE_OK &&
      (!has_states ||
       trine_states_make(session->model, batch->sequences, &states, &ignored) == TRINE_OK)) {
    const struct trine_model_batch again = check_outputs_batch(batch, &outputs, states.lstm);
    if (trine_model_run(session->model, &again, run_watched, &watch, &ignored) != TRINE_OK &&
        watch.first.found) {
      describe(&watch, difference);
    }
  }
  trine_states_free(&states);
  check_outputs_free(&outputs);
}
