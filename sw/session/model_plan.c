/* SPDX-License-Identifier: Apache-2.0 */
/* model_plan: chooses placements by predicted cycles, see model_plan.h. */
#include "session/model_plan.h"

#include <stdlib.h>

#include "planner/replica_plan.h"
#include "session/model_plan_parts.h"

uint64_t trine_model_plan_cycles(const struct trine_model_plan *plan) {
  uint64_t cycles = 0;
  for (uint32_t n = 0; n < plan->count; n++) {
    const uint64_t more = plan->networks[n].predicted_cycles;
    cycles = more < TRINE_NO_FORECAST - cycles ? cycles + more : TRINE_NO_FORECAST;
  }
  return cycles;
}

uint32_t trine_model_network_count(const struct trine_model *model) {
  uint32_t count = 0;
  for (uint32_t n = 0; n < trine_model_info(model)->segment_count; n++) {
    count += trine_model_network(model, n) != NULL;
  }
  return count;
}

enum trine_status model_plan_refused(enum trine_status status, const struct trine_error *said,
                                     struct trine_error *error) {
  if (status != TRINE_OK) {
    trine_error_set(error, "%s", said->text[0] != '\0' ? said->text : trine_status_text(status));
  }
  return status;
}

enum trine_status trine_model_plan_batch(const struct trine_model *model, uint32_t segment,
                                         const struct trine_plan_batch *whole,
                                         struct trine_plan_batch *batch, uint32_t **ones,
                                         struct trine_error *error) {
  const bool has_time = trine_model_network_has_time(model, segment);
  const uint32_t rows = trine_model_network_rows(model, segment);
  *batch = *whole;
  *ones = NULL;
  if (has_time && rows == 1) {
    return TRINE_OK;
  }
  *ones = malloc((whole->sequences + (size_t)1) * sizeof **ones);
  if (*ones == NULL) {
    trine_error_set(error, "There is no memory for the lengths of %u sequences.", whole->sequences);
    return TRINE_ERR_MEMORY;
  }
  for (uint32_t n = 0; n < whole->sequences; n++) {
    (*ones)[n] = rows * (has_time ? whole->lengths[n] : 1);
  }
  batch->lengths = *ones;
  return TRINE_OK;
}

/* Takes jobs and placement for a network, and what its first run will take. */
static enum trine_status take_plan(const struct trine_target *target,
                                   const struct trine_plan_batch *batch,
                                   struct trine_replica_plan *found,
                                   struct trine_network_plan *network, struct trine_error *said) {
  const enum trine_status status =
      trine_replicas_forecast(target, network->network, batch, found, said);
  network->placement = found->plan.placement;
  network->jobs = found->jobs;
  network->predicted_cycles = found->plan.forecast.cycles;
  return status;
}

/* The best placement of a network for its batch, or the one that it has already. */
static enum trine_status place_batch(const struct trine_target *target,
                                     const struct trine_model_plan_options *options, uint32_t cores,
                                     const struct trine_plan_batch *batch,
                                     struct trine_network_plan *network, struct trine_error *said) {
  struct trine_replica_plan found = {.jobs = 1};
  enum trine_status status = TRINE_OK;
  if (options->place != NULL) {
    found.plan.placement = network->placement;
  } else if (options->has_mode) {
    status =
        trine_plan_mode(target, network->network, options->mode, cores, batch, &found.plan, said);
  } else {
    status = trine_plan_replicas(target, network->network, cores, batch, &found, said);
  }
  return status == TRINE_OK ? take_plan(target, batch, &found, network, said) : status;
}

/* Without a batch: placed in the mode, and the cycles of a step. */
static enum trine_status place_step(const struct trine_target *target,
                                    const struct trine_model_plan_options *options, uint32_t cores,
                                    struct trine_network_plan *network, struct trine_error *said) {
  const struct trine_shape shape = {.mode = options->mode, .cores = cores};
  enum trine_status status = TRINE_OK;
  if (options->place == NULL) {
    status = trine_compile_place(target, network->network, &shape, &network->placement, said);
  }
  network->jobs = 1;
  if (status == TRINE_OK) {
    network->predicted_cycles =
        trine_compile_step_cycles(target, network->network, &network->placement);
  }
  return status;
}

static enum trine_status place(const struct trine_target *target,
                               const struct trine_model_plan_options *options,
                               const struct trine_plan_batch *whole, uint32_t n,
                               struct trine_model_plan *plan, struct trine_error *error) {
  const bool is_single = options->has_mode && options->mode == TRINE_MODE_SINGLE;
  const uint32_t most = options->cores > 0 ? options->cores : target->info.cores;
  const uint32_t cores = is_single ? 1 : most;
  struct trine_error said = {""};
  struct trine_plan_batch batch;
  uint32_t *ones = NULL;
  enum trine_status status = TRINE_OK;
  if (whole == NULL) {
    status = place_step(target, options, cores, &plan->networks[n], &said);
  } else {
    status = trine_model_plan_batch(plan->model, n, whole, &batch, &ones, error);
    if (status != TRINE_OK) {
      return status;
    }
    status = place_batch(target, options, cores, &batch, &plan->networks[n], &said);
  }
  free(ones);
  return model_plan_refused(status, &said, error);
}

/* A plan of nothing yet. */
static enum trine_status begin(const struct trine_target *target, const struct trine_model *model,
                               const struct trine_model_plan_options *options,
                               struct trine_model_plan *plan, struct trine_error *error) {
  const uint32_t count = trine_model_info(model)->segment_count;
  *plan = (struct trine_model_plan){.model = model, .mode = options->mode};
  if (options->cores > target->info.cores) {
    trine_error_set(error, "%u cores were asked for; %s has %u.", options->cores, target->config,
                    target->info.cores);
    return TRINE_ERR_ARG;
  }
  plan->networks = calloc((size_t)count + 1, sizeof *plan->networks);
  if (plan->networks == NULL) {
    trine_error_set(error, "There is no memory for the model's %u segments.", count);
    return TRINE_ERR_MEMORY;
  }
  plan->count = count;
  for (uint32_t n = 0; n < count; n++) {
    plan->networks[n].network = trine_model_network(model, n);
  }
  return TRINE_OK;
}

enum trine_status trine_model_plan_make(const struct trine_target *target,
                                        const struct trine_model *model,
                                        const struct trine_model_plan_options *options,
                                        const struct trine_plan_batch *batch,
                                        struct trine_model_plan *plan, struct trine_error *error) {
  uint64_t longest = 0;
  enum trine_status status = begin(target, model, options, plan, error);
  if (status == TRINE_OK && options->place != NULL) {
    status = model_plan_read(target, options->place, plan, error);
  }
  for (uint32_t n = 0; n < plan->count && status == TRINE_OK; n++) {
    const struct trine_network_plan *network = &plan->networks[n];
    if (network->network == NULL) {
      continue;
    }
    status = place(target, options, batch, n, plan, error);
    const uint32_t used = network->placement.ranks * network->jobs;
    plan->cores = used > plan->cores ? used : plan->cores;
    /* Of several networks the longest names the mode. */
    if (options->place == NULL && network->predicted_cycles > longest) {
      longest = network->predicted_cycles;
      plan->mode = network->placement.mode;
    }
  }
  return status;
}

void trine_model_plan_free(struct trine_model_plan *plan) {
  free(plan->networks);
  *plan = (struct trine_model_plan){.count = 0};
}

/* One network, compiled to no end but to see whether it can be; less is free behind its window. */
static enum trine_status fits(const struct trine_target *target,
                              const struct trine_network_plan *plan, uint64_t *free_bytes,
                              struct trine_error *said) {
  const size_t bytes = trine_compile_bytes(target, plan->network, TRINE_IMAGE_WITHOUT_DATA);
  void *memory = malloc(bytes);
  const struct trine_image *image = NULL;
  uint32_t window = 0;
  if (memory == NULL) {
    return trine_refuse(said, TRINE_ERR_MEMORY, "there is no memory for an image of %zu bytes",
                        bytes);
  }
  enum trine_status status = trine_compile(target, plan->network, &plan->placement,
                                           TRINE_IMAGE_WITHOUT_DATA, memory, bytes, &image, said);
  if (status == TRINE_OK) {
    status = trine_window_bytes(target, image, 0, 0, *free_bytes, &window, said);
  }
  *free_bytes -= window < *free_bytes ? window : *free_bytes;
  free(memory);
  return status;
}

enum trine_status trine_model_plan_fits(const struct trine_target *target,
                                        const struct trine_model_plan *plan,
                                        struct trine_error *error) {
  uint64_t free_bytes = target->free_bytes;
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < plan->count && status == TRINE_OK; n++) {
    struct trine_error said = {""};
    if (plan->networks[n].network != NULL) {
      status =
          model_plan_refused(fits(target, &plan->networks[n], &free_bytes, &said), &said, error);
    }
  }
  return status;
}
