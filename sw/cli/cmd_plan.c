/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_plan: `trine plan`: where the layers of a model could go, with predicted cycles. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "commands.h"
#include "planner/replica_plan.h"
#include "print.h"
#include "quantize/shaped.h"
#include "work.h"

/* The placements of one network of the model. */
struct listing {
  const struct cli_options *options;
  const struct cli_work *work;
  const struct trine_target *target;
  uint32_t segment;
  struct trine_plan *plans; /* [TRINE_MOST_PLANS], of one job each */
  uint32_t count;
  struct trine_replica_plan replicas; /* the best of all; listed before the others when jobs > 1 */
  uint64_t single_cycles;             /* of the best placement on one core; 0: there is none */
  uint64_t repeated_cycles;           /* of the first that is listed, a REPEAT; 0: no forecast */
  uint32_t networks_listed;
  bool is_headed; /* the heading is printed, which waits for the first plans */
};

/* What is planned, as reports name it. */
static const char *name_of(const struct cli_options *options) {
  return options->layers != NULL ? options->layers : options->jobs[0].model;
}

static const struct trine_network *network_of(const struct listing *listing) {
  return trine_model_network(listing->work->model, listing->segment);
}

static double speed_up(const struct listing *listing, const struct trine_plan *plan) {
  return (double)listing->single_cycles / (double)plan->forecast.cycles;
}

static double utilisation(const struct trine_plan *plan) {
  return (double)plan->forecast.limit_cycles / (double)plan->forecast.cycles;
}

/* 0 without a forecast. */
static uint64_t cycles_of(const struct trine_plan *plan) {
  return plan->forecast.cycles != TRINE_NO_FORECAST ? plan->forecast.cycles : 0;
}

/* What --place says, weights resident as in the list, beside the best placement on one core. */
static enum trine_status find_given(struct listing *listing, const struct trine_plan_batch *batch,
                                    struct trine_error *said) {
  const struct trine_network_plan *network = &listing->work->plan.networks[listing->segment];
  struct trine_plan *given = &listing->plans[0];
  struct trine_plan_batch resident = *batch;
  enum trine_status status =
      trine_plan_mode(listing->target, network->network, TRINE_MODE_SINGLE, 1, batch, given, said);
  if (status != TRINE_OK && status != TRINE_ERR_LIMIT) {
    return status;
  }
  listing->single_cycles = status == TRINE_OK ? cycles_of(given) : 0;
  listing->count = listing->replicas.jobs = 1;
  resident.is_resident = true;
  given->placement = network->placement;
  given->shape = (struct trine_shape){
      .mode = network->placement.mode, .cores = network->placement.ranks, .groups = 1, .copies = 1};
  return trine_forecast(listing->target, network->network, &given->placement, &resident,
                        &given->forecast, said);
}

/* Every placement, the best first. */
static enum trine_status find_all(struct listing *listing, const struct trine_plan_batch *batch,
                                  struct trine_error *said) {
  const struct cli_options *options = listing->options;
  const struct trine_network *network = network_of(listing);
  const uint32_t cores = options->cores > 0 ? options->cores : options->config->cores;
  enum trine_status status = trine_plan_all(listing->target, network, cores, batch, listing->plans,
                                            TRINE_MOST_PLANS, &listing->count, said);
  if (status == TRINE_OK) {
    status = trine_plan_replicas(listing->target, network, cores, batch, &listing->replicas, said);
  }
  listing->single_cycles = 0;
  for (uint32_t n = status == TRINE_OK ? listing->count : 0; n > 0; n--) {
    if (listing->plans[n - 1].shape.mode == TRINE_MODE_SINGLE) {
      listing->single_cycles = cycles_of(&listing->plans[n - 1]);
    }
  }
  return status;
}

/* What the first placement of the list takes when the same batch runs again and again. */
static enum trine_status find_repeated(struct listing *listing,
                                       const struct trine_plan_batch *batch,
                                       struct trine_error *said) {
  struct trine_plan_batch again = *batch;
  struct trine_replica_plan first = {.jobs = 1};
  if (listing->replicas.jobs > 1) {
    first = listing->replicas;
  } else {
    first.plan = listing->plans[0];
  }
  again.is_resident = again.is_repeated = true;
  const enum trine_status status =
      trine_replicas_forecast(listing->target, network_of(listing), &again, &first, said);
  listing->repeated_cycles = status == TRINE_OK ? cycles_of(&first.plan) : 0;
  return status;
}

static bool find_plans(struct listing *listing, struct trine_error *error) {
  const struct trine_plan_batch whole = cli_work_plan_batch(listing->work);
  struct trine_error said = {""};
  struct trine_plan_batch batch;
  uint32_t *ones = NULL;
  if (trine_model_plan_batch(listing->work->model, listing->segment, &whole, &batch, &ones,
                             error) != TRINE_OK) {
    return false;
  }
  enum trine_status status = listing->options->place != NULL ? find_given(listing, &batch, &said)
                                                             : find_all(listing, &batch, &said);
  if (status == TRINE_OK && listing->count > 0) {
    status = find_repeated(listing, &batch, &said);
  }
  free(ones);
  if (status != TRINE_OK) {
    trine_error_set(error, "%s", said.text[0] != '\0' ? said.text : trine_status_text(status));
  }
  return status == TRINE_OK;
}

/* The ranks of each layer of the first copy: "0-1 | 2". */
static void print_cut(const struct trine_placement *placement) {
  for (uint32_t n = 0; n < placement->layer_count; n++) {
    uint32_t first = 0, last = 0;
    for (uint32_t rank = placement->ranks; rank > 0; rank--) {
      if (placement->slice[n][rank - 1].count > 0) {
        first = rank - 1;
        if (last == 0) {
          last = rank - 1;
        }
      }
    }
    cli_print(first == last ? "%s%u" : "%s%u-%u", n == 0 ? "" : " | ", first, last);
  }
  cli_print("\n");
}

static void print_plan(const struct listing *listing, const struct trine_plan *plan,
                       uint32_t jobs) {
  const uint32_t groups = plan->shape.groups;
  const bool known = plan->forecast.cycles != TRINE_NO_FORECAST;
  if (known) {
    cli_print("  %12llu  ", (unsigned long long)plan->forecast.cycles);
  } else {
    cli_print("  %12s  ", "-");
  }
  if (known && listing->single_cycles > 0) {
    cli_print("%8.2f", speed_up(listing, plan));
  } else {
    cli_print("%8s", "-");
  }
  if (known) {
    cli_print("  %11.3f", utilisation(plan));
  } else {
    cli_print("  %11s", "-");
  }
  cli_print("  %5u  %-14s  %4u  %6u  %6u  ", plan->placement.ranks * jobs,
            cli_mode_name((enum cli_mode)plan->placement.mode), jobs, groups,
            plan->placement.copies / groups);
  print_cut(&plan->placement);
}

static void print_heading(const struct listing *listing) {
  const struct cli_options *options = listing->options;
  const struct cli_work *work = listing->work;
  cli_print("%s: %u layers, %u x %u steps", name_of(options), work->info->layer_count, work->batch,
            work->steps);
  if (work->has_lengths) {
    cli_print(" at most, %llu in all", (unsigned long long)work->total_steps);
  }
  cli_print(" on %s (%u cores of %u MACs), weights resident\n", options->config->name,
            options->config->cores, options->config->lanes * options->config->macs_per_lane);
}

static void print_listing(struct listing *listing) {
  if (!listing->is_headed) {
    print_heading(listing);
    listing->is_headed = true;
  }
  cli_print("  %12s  %8s  %11s  %5s  %-14s  %4s  %6s  %6s  %s\n", "cycles", "speed-up",
            "utilisation", "cores", "mode", "jobs", "groups", "copies", "cores of each layer");
  if (listing->replicas.jobs > 1) {
    print_plan(listing, &listing->replicas.plan, listing->replicas.jobs);
  }
  for (uint32_t n = 0; n < listing->count; n++) {
    print_plan(listing, &listing->plans[n], 1);
  }
  if (listing->repeated_cycles > 0) {
    cli_print("  %12llu  the first, when the same run is repeated\n",
              (unsigned long long)listing->repeated_cycles);
  }
}

static void add_slices(cJSON *entry, const struct trine_placement *placement, uint32_t layer) {
  cJSON *slices = cJSON_AddArrayToObject(entry, "slices");
  for (uint32_t copy = 0; copy < placement->copies; copy++) {
    for (uint32_t rank = 0; rank < placement->ranks; rank++) {
      const struct trine_slice slice =
          placement->slice[copy * placement->layer_count + layer][rank];
      if (slice.count > 0) {
        cJSON *part = cJSON_CreateObject();
        cJSON_AddItemToArray(slices, part);
        cJSON_AddNumberToObject(part, "copy", copy);
        cJSON_AddNumberToObject(part, "rank", rank);
        cJSON_AddNumberToObject(part, "first", slice.first);
        cJSON_AddNumberToObject(part, "units", slice.count);
      }
    }
  }
}

static void add_plan(cJSON *list, const struct listing *listing, const struct trine_plan *plan,
                     uint32_t jobs) {
  const struct trine_network *network = network_of(listing);
  cJSON *object = cJSON_CreateObject();
  cJSON_AddItemToArray(list, object);
  cJSON_AddStringToObject(object, "mode", cli_mode_name((enum cli_mode)plan->placement.mode));
  cJSON_AddNumberToObject(object, "cores", plan->placement.ranks * jobs);
  cJSON_AddNumberToObject(object, "jobs", jobs);
  cJSON_AddNumberToObject(object, "groups", plan->shape.groups);
  cJSON_AddNumberToObject(object, "copies", plan->placement.copies / plan->shape.groups);
  const bool known = plan->forecast.cycles != TRINE_NO_FORECAST;
  cli_json_known(object, "cycles", (double)plan->forecast.cycles, known);
  cJSON_AddNumberToObject(object, "limit_cycles", (double)plan->forecast.limit_cycles);
  cJSON_AddNumberToObject(object, "program_bytes", plan->forecast.program_bytes);
  cli_json_known(object, "utilisation", utilisation(plan), known);
  cli_json_known(object, "speed_up", speed_up(listing, plan), known && listing->single_cycles > 0);
  cJSON *layers = cJSON_AddArrayToObject(object, "placement");
  for (uint32_t n = 0; n < network->layer_count; n++) {
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddItemToArray(layers, entry);
    cJSON_AddStringToObject(entry, "layer", network->layers[n].name);
    add_slices(entry, &plan->placement, n);
  }
}

/* Lists the network at hand, as text or into `networks`. */
static bool list_network(struct listing *listing, cJSON *networks, struct trine_error *error) {
  if (!find_plans(listing, error)) {
    return false;
  }
  if (networks == NULL) {
    print_listing(listing);
    return true;
  }
  cJSON *entry = cJSON_CreateObject();
  cJSON_AddItemToArray(networks, entry);
  cJSON *plans = cJSON_AddArrayToObject(entry, "plans");
  if (listing->replicas.jobs > 1) {
    add_plan(plans, listing, &listing->replicas.plan, listing->replicas.jobs);
  }
  for (uint32_t n = 0; n < listing->count; n++) {
    add_plan(plans, listing, &listing->plans[n], 1);
  }
  cli_json_known(entry, "repeated_cycles", (double)listing->repeated_cycles,
                 listing->repeated_cycles > 0);
  return true;
}

static bool list_all(struct listing *listing, struct trine_error *error) {
  const struct cli_options *options = listing->options;
  const struct cli_work *work = listing->work;
  cJSON *object = options->json ? cJSON_CreateObject() : NULL;
  cJSON *networks = NULL;
  bool good = true;
  if (options->json) {
    cJSON_AddStringToObject(object, "model", name_of(options));
    cJSON_AddStringToObject(object, "config", options->config->name);
    cJSON_AddNumberToObject(object, "steps", work->steps);
    cJSON_AddNumberToObject(object, "batch", work->batch);
    cJSON_AddNumberToObject(object, "total_steps", (double)work->total_steps);
    networks = cJSON_AddArrayToObject(object, "networks");
  }
  for (uint32_t n = 0; n < work->info->segment_count && good; n++) {
    if (trine_model_network(work->model, n) != NULL) {
      listing->segment = n;
      listing->networks_listed++;
      good = list_network(listing, networks, error);
    }
  }
  if (good && object == NULL && listing->networks_listed == 0) {
    cli_print("%s: all of its layers run on the host\n", options->jobs[0].model);
  }
  if (good && object != NULL) {
    return cli_print_json(object, error);
  }
  cJSON_Delete(object);
  return good;
}

/* The batch that is asked for: with --lengths as the file says, else all of the same length. */
static bool make_lengths(const struct cli_options *options, struct cli_work *work,
                         struct trine_error *error) {
  const uint32_t declared = work->info->default_steps > 0 ? work->info->default_steps : 1;
  work->batch = options->batch;
  work->steps = options->steps;
  if (options->lengths == NULL) {
    work->batch = work->batch > 0 ? work->batch : 1;
    work->steps = work->steps > 0 ? work->steps : declared;
  }
  bool good = cli_work_lengths(options->lengths, work, error);
  for (uint32_t n = 0; good && n < work->batch; n++) {
    good = trine_model_takes_steps(work->model, work->lengths[n], error);
  }
  return good;
}

/* The model of the options, or one of the layers that they name. */
static bool load_model(const struct cli_options *options, struct cli_work *work,
                       struct trine_error *error) {
  if (options->layers == NULL) {
    return cli_work_load_model(options, options->jobs[0].model, work, error);
  }
  struct trine_quantized made;
  bool good = trine_shapes_make(&options->shapes, &made, error) == TRINE_OK;
  if (good) {
    cli_work_take_model(made.model, work);
    made.model = NULL;
  }
  trine_quantized_free(&made);
  return good;
}

enum cli_exit cli_plan_command(const struct cli_options *options, struct trine_error *error) {
  struct cli_work work = {.files = &options->jobs[0]};
  struct trine_target target;
  struct listing listing = {.options = options, .work = &work, .target = &target};
  bool good = load_model(options, &work, error) && make_lengths(options, &work, error) &&
              trine_config_target(options->config, &target, error) == TRINE_OK &&
              (options->place == NULL || cli_work_plan(options, &target, 0, &work, error));
  if (good) {
    listing.plans = malloc(TRINE_MOST_PLANS * sizeof *listing.plans);
    good = listing.plans != NULL;
    if (!good) {
      trine_error_set(error, "There is no memory for the list.");
    }
  }
  good = good && list_all(&listing, error);
  free(listing.plans);
  cli_work_free(&work);
  return good ? CLI_DONE : CLI_FAILED;
}
