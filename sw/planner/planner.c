/* SPDX-License-Identifier: Apache-2.0 */
/* planner: tries the placements that may be worth it, see planner.h. */
#include "planner.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/internal.h"
#include "machine.h"

enum { MOST_COPIES = 4 }; /* a group; more find no waiting left to fill */

/* What is looked for, and what was found so far, the best first. */
struct plan_search {
  const struct trine_target *target;
  struct trine_error *error;
  const struct trine_network *network;
  const struct trine_plan_batch *batch;
  struct trine_plan *plans;
  uint32_t room, count;
  enum trine_status why_not; /* of the first placement that cannot be, and its sentence */
  struct trine_error sentence;
  enum trine_status failed;            /* anything else than that */
  struct trine_forecast_effort effort; /* of MODEL_SEARCH_CYCLES */
};

static bool is_better(const struct trine_plan *a, const struct trine_plan *b) {
  if (a->forecast.cycles != b->forecast.cycles) {
    return a->forecast.cycles < b->forecast.cycles;
  }
  if (a->forecast.cycles == TRINE_NO_FORECAST && a->least_cycles != b->least_cycles) {
    return a->least_cycles < b->least_cycles;
  }
  return a->placement.ranks < b->placement.ranks;
}

/* The same slices on the same ranks, whatever the mode is called. */
static bool is_known(const struct plan_search *search, const struct trine_placement *placement) {
  for (uint32_t n = 0; n < search->count; n++) {
    const struct trine_placement *other = &search->plans[n].placement;
    if (other->ranks == placement->ranks && other->copies == placement->copies &&
        memcmp(other->slice, placement->slice, sizeof other->slice) == 0) {
      return true;
    }
  }
  return false;
}

static void keep(struct plan_search *search, const struct trine_plan *plan) {
  uint32_t at = search->count;
  while (at > 0 && is_better(plan, &search->plans[at - 1])) {
    at--;
  }
  if (at == search->room) {
    return;
  }
  search->count += search->count < search->room ? 1 : 0;
  memmove(&search->plans[at + 1], &search->plans[at],
          (search->count - at - 1) * sizeof *search->plans);
  search->plans[at] = *plan;
}

/* Chunks and beats of tail of all rows that a run has in a slice of a layer. */
struct work {
  double chunks, beats;
};

static void add_slice(const struct plan_search *search, uint32_t layer, uint32_t units, double rows,
                      struct work *work) {
  const struct trine_info *info = &search->target->info;
  const struct trine_layer *what = &search->network->layers[layer];
  const bool is_lstm = what->kind == TRINE_LAYER_LSTM;
  const uint32_t width = trine_layer_width(search->network, layer, info->mem_bytes);
  const uint32_t chunks = trine_divide_up(width, info->macs_per_lane) +
                          (is_lstm ? trine_divide_up(what->units, info->macs_per_lane) : 0);
  const double groups = rows * trine_divide_up(units, trine_granule(info, what));
  work->chunks += groups * chunks;
  work->beats += groups * (is_lstm ? 2 : 1) * (info->lanes / info->tail_rows);
}

/* No run is faster than the MACs or the tail of its busiest core without any waiting; they work at
 * the same time. Copies that share a core share the sequences, as equal groups of cores do. */
static uint64_t least_of(const struct plan_search *search,
                         const struct trine_placement *placement) {
  const struct trine_network *network = search->network;
  double steps = 0, least = 0;
  for (uint32_t n = 0; n < search->batch->sequences; n++) {
    steps += search->batch->lengths[n];
  }
  for (uint32_t r = 0; r < placement->ranks; r++) {
    struct work work = {0, 0};
    for (uint32_t k = 0; k < network->chain_count; k++) {
      const struct trine_chain *chain = &network->chains[k];
      const bool is_short = trine_tensor_per_sequence(network, chain->source);
      const double rows = (is_short ? search->batch->sequences : steps) / placement->copies;
      for (uint32_t n = 0; n < chain->layer_count * placement->copies; n++) {
        const uint32_t layer = chain->first_layer + n % chain->layer_count;
        const uint32_t instance = n / chain->layer_count * network->layer_count + layer;
        add_slice(search, layer, placement->slice[instance][r].count, rows, &work);
      }
    }
    const double busy = work.chunks > work.beats ? work.chunks : work.beats;
    least = busy > least ? busy : least;
  }
  /* Less than a cycle of rounding up to 2^50; a limit stays one. */
  return least < 1e18 ? (uint64_t)(least * (1 - 1e-12)) : UINT64_C(1000000000000000000);
}

static bool cannot_win(const struct plan_search *search, const struct trine_plan *plan) {
  return search->count == search->room &&
         plan->least_cycles > search->plans[search->count - 1].forecast.cycles;
}

/* Cycles of a placement when all of it is there already. */
static enum trine_status forecast(struct plan_search *search, struct trine_plan *plan,
                                  struct trine_error *said) {
  struct trine_plan_batch batch = *search->batch;
  batch.is_resident = true;
  const struct trine_forecast_job job = {search->network, &plan->placement, &batch};
  return trine_forecast_within(search->target, &job, 1, &search->effort, &plan->forecast, said);
}

/* An h part that goes first may be in the way of what comes in the next cycles. Seldom: so it is
 * asked of the best placement alone. */
static void try_x_first(struct plan_search *search) {
  struct trine_plan plan = search->plans[0];
  struct trine_error said = {""};
  plan.placement.h_first = false;
  if (forecast(search, &plan, &said) == TRINE_OK &&
      plan.forecast.cycles < search->plans[0].forecast.cycles) {
    search->plans[0] = plan;
  }
}

/* False when it cannot be placed or does not fit. */
static bool try_shape(struct plan_search *search, const struct trine_shape *shape) {
  struct trine_plan plan = {.shape = *shape};
  struct trine_error said = {""};
  enum trine_status status =
      trine_compile_place(search->target, search->network, shape, &plan.placement, &said);
  if (status == TRINE_OK) {
    plan.least_cycles = least_of(search, &plan.placement);
    if (is_known(search, &plan.placement) || cannot_win(search, &plan)) {
      return true;
    }
  }
  if (status == TRINE_OK) {
    status = forecast(search, &plan, &said);
  }
  if (status == TRINE_OK) {
    keep(search, &plan);
  } else if (status != TRINE_ERR_LIMIT && status != TRINE_ERR_MEMORY) {
    (void)trine_refuse(search->error, status, "%s", said.text);
    if (search->failed == TRINE_OK) {
      search->failed = status;
    }
  } else if (search->why_not == TRINE_OK) {
    search->why_not = status;
    search->sentence = said;
  }
  return status == TRINE_OK;
}

static void try_copies(struct plan_search *search, struct trine_shape shape) {
  const uint32_t groups = shape.groups > 0 ? shape.groups : 1;
  bool goes_on = true;
  for (uint32_t copies = 1; copies <= MOST_COPIES && goes_on; copies *= 2) {
    shape.copies = copies;
    goes_on =
        (copies == 1 || groups * copies <= search->batch->sequences) && try_shape(search, &shape);
  }
}

static void try_mode(struct plan_search *search, enum trine_mode mode, uint32_t cores) {
  const uint32_t sequences = search->batch->sequences;
  uint32_t most;
  if (mode == TRINE_MODE_HYBRID && sequences < cores) {
    most = sequences;
  } else if (mode == TRINE_MODE_HYBRID) {
    most = cores;
  } else {
    most = 1;
  }
  for (uint32_t groups = 1; groups <= most && search->failed == TRINE_OK; groups++) {
    if (cores % groups == 0) {
      try_copies(search, (struct trine_shape){.mode = mode, .cores = cores, .groups = groups});
    }
  }
}

/* What came of it; without a plan, why the first that was tried cannot be. */
static enum trine_status end_of(struct plan_search *search) {
  if (search->failed == TRINE_OK && search->count > 0) {
    try_x_first(search);
  }
  if (search->failed != TRINE_OK || search->count > 0) {
    return search->failed;
  }
  return trine_refuse(search->error, search->why_not, "%s", search->sentence.text);
}

/* Bound: three modes on each number of cores, of which a device has 16 at most; groups and copies
 * are fewer than cores and MOST_COPIES. */
static enum trine_status search_modes(struct plan_search *search, uint32_t cores) {
  const uint32_t there = search->target->info.cores;
  if (cores < 1 || cores > there) {
    return trine_refuse(search->error, TRINE_ERR_LIMIT,
                        "%u cores were asked for; configuration %s has %u", cores,
                        search->target->config, there);
  }
  try_mode(search, TRINE_MODE_SINGLE, 1);
  /* Many cores first: a good plan spares the forecast of those that cannot win. */
  for (uint32_t n = cores; n >= 2 && search->failed == TRINE_OK; n--) {
    try_mode(search, TRINE_MODE_HELPER, n);
    try_mode(search, TRINE_MODE_MULTITHREADING, n);
    try_mode(search, TRINE_MODE_HYBRID, n); /* last: it may be one of the others by another name */
  }
  return end_of(search);
}

static enum trine_status start(struct plan_search *search, const struct trine_target *target,
                               const struct trine_network *network,
                               const struct trine_plan_batch *batch, struct trine_plan *plans,
                               uint32_t room, struct trine_error *error) {
  if (target == NULL) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "a plan needs a target; of a device that is not open there is none");
  }
  if (network == NULL || plans == NULL || room < 1) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "a plan needs a network and room for one placement or more; there is room "
                        "for %u",
                        plans == NULL ? 0 : room);
  }
  if (batch == NULL || batch->sequences < 1 || batch->lengths == NULL) {
    return trine_refuse(error, TRINE_ERR_ARG,
                        "a plan is for a batch of at least one sequence with its lengths; this one "
                        "has %u sequences",
                        batch == NULL ? 0 : batch->sequences);
  }
  *search = (struct plan_search){.target = target,
                                 .error = error,
                                 .network = network,
                                 .batch = batch,
                                 .plans = plans,
                                 .room = room,
                                 .why_not = TRINE_OK,
                                 .failed = TRINE_OK,
                                 .effort = {.cycles_left = MODEL_SEARCH_CYCLES}};
  return TRINE_OK;
}

enum trine_status trine_plan_mode(const struct trine_target *target,
                                  const struct trine_network *network, enum trine_mode mode,
                                  uint32_t cores, const struct trine_plan_batch *batch,
                                  struct trine_plan *plan, struct trine_error *error) {
  struct plan_search search;
  const enum trine_status status = start(&search, target, network, batch, plan, 1, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (cores < 1 || cores > target->info.cores) {
    return search_modes(&search, cores); /* says so */
  }
  try_mode(&search, mode, cores);
  return end_of(&search);
}

enum trine_status trine_plan_best(const struct trine_target *target,
                                  const struct trine_network *network, uint32_t cores,
                                  const struct trine_plan_batch *batch, struct trine_plan *plan,
                                  struct trine_error *error) {
  struct plan_search search;
  const enum trine_status status = start(&search, target, network, batch, plan, 1, error);
  if (status != TRINE_OK) {
    return status;
  }
  return search_modes(&search, cores);
}

enum trine_status trine_plan_all(const struct trine_target *target,
                                 const struct trine_network *network, uint32_t cores,
                                 const struct trine_plan_batch *batch, struct trine_plan *plans,
                                 uint32_t room, uint32_t *count, struct trine_error *error) {
  struct plan_search search;
  enum trine_status status =
      start(&search, target, network, batch, plans, count != NULL ? room : 0, error);
  if (status == TRINE_OK) {
    status = search_modes(&search, cores);
    *count = search.count;
  }
  return status;
}
