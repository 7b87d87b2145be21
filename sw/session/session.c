/* SPDX-License-Identifier: Apache-2.0 */
/* session: jobs, or one prepared golden model, for each network of a model; see session.h. */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>

#include "session/connect.h"
#include "session/model_plan.h"
#include "session/session_parts.h"

void trine_stats_add(struct trine_stats *sum, const struct trine_stats *part) {
  if (sum == NULL || part == NULL) {
    return;
  }
  sum->cycles += part->cycles;
  sum->load_cycles += part->load_cycles;
  sum->macs += part->macs;
  sum->limit_cycles += part->limit_cycles;
  sum->cores = part->cores > sum->cores ? part->cores : sum->cores;
  sum->runs += part->runs;
  sum->steps += part->steps;
  for (uint32_t rank = 0; rank < TRINE_MAX_CORES; rank++) {
    for (uint32_t n = 0; n < TRINE_COUNTERS; n++) {
      sum->counters[rank][n] += part->counters[rank][n];
    }
    sum->rank_macs[rank] += part->rank_macs[rank];
  }
}

void session_explain(const struct trine_session *session, enum trine_status status,
                     struct trine_error *error) {
  if (session->connection != NULL) {
    trine_connection_explain(session->connection, status, error);
  } else {
    trine_error_set(error, "%s", trine_last_error(session->device));
  }
}

/* Makes the jobs of a network that is planned, on the cores from the lowest of the mask on. */
static enum trine_status make_planned(struct trine_session *session,
                                      const struct trine_network_plan *planned, uint32_t core_mask,
                                      struct session_segment *segment) {
  const uint32_t ranks = (UINT32_C(1) << planned->placement.ranks) - 1;
  const uint32_t lowest = core_mask & (~core_mask + 1);
  const struct trine_job_options wanted = {.mode = planned->placement.mode,
                                           .cores = planned->placement.ranks,
                                           .core_mask = ranks * lowest,
                                           .placement = &planned->placement};
  segment->jobs = planned->jobs;
  return trine_replicas_create(session->device, planned->network, &wanted, planned->jobs,
                               &segment->replicas);
}

/* Makes the jobs of all networks. */
static enum trine_status make_jobs(struct trine_session *session,
                                   const struct trine_session_options *options,
                                   const struct trine_model_plan *plan, struct trine_error *error) {
  const struct trine_job_options placed = {
      .mode = options->mode, .cores = options->cores, .core_mask = options->core_mask};
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < session->segment_count && status == TRINE_OK; n++) {
    const struct trine_network *network = trine_model_network(session->model, n);
    struct session_segment *segment = &session->segments[n];
    if (network == NULL) {
      continue;
    }
    segment->jobs = 1;
    status = plan != NULL
                 ? make_planned(session, &plan->networks[n], options->core_mask, segment)
                 : trine_replicas_create(session->device, network, &placed, 1, &segment->replicas);
    if (status != TRINE_OK) {
      session_explain(session, status, error);
    }
  }
  return status;
}

/* As the options say: with a plan of the caller's, or one that is made, or by mode. */
static enum trine_status make_device(struct trine_session *session,
                                     const struct trine_session_options *options,
                                     struct trine_error *error) {
  const struct trine_target *target = trine_get_target(session->device);
  if (target == NULL) {
    trine_error_set(error, "The device is not open: trine_open comes first, and must succeed.");
    return TRINE_ERR_ARG;
  }
  if (options->plan != NULL || options->plan_for == NULL) {
    return make_jobs(session, options, options->plan, error);
  }
  const struct trine_model_plan_options wanted = {.cores = options->cores};
  const struct trine_session_options anywhere = {.mode = options->mode};
  struct trine_model_plan plan;
  enum trine_status status =
      trine_model_plan_make(target, session->model, &wanted, options->plan_for, &plan, error);
  if (status == TRINE_OK) {
    status = make_jobs(session, &anywhere, &plan, error);
  }
  trine_model_plan_free(&plan);
  return status;
}

static enum trine_status make_goldens(struct trine_session *session, struct trine_error *error) {
  enum trine_status status = TRINE_OK;
  for (uint32_t n = 0; n < session->segment_count && status == TRINE_OK; n++) {
    const struct trine_network *network = trine_model_network(session->model, n);
    if (network != NULL) {
      status = trine_golden_create(network, &session->segments[n].golden, error);
    }
  }
  return status;
}

/* What a session is opened with; the driver looks at the rest when it places a network. */
static bool check_open(const struct trine_model *model, struct trine_session **session,
                       const struct trine_session_options *options, struct trine_error *error) {
  if (model == NULL || session == NULL) {
    trine_error_set(error, "A session needs a model and a place for its handle; there is no %s.",
                    model == NULL ? "model" : "place");
    return false;
  }
  if ((unsigned)options->mode > TRINE_MODE_HYBRID) {
    trine_error_set(error, "A session has one of the modes 0 to %d, not %d.", TRINE_MODE_HYBRID,
                    (int)options->mode);
    return false;
  }
  if (options->cores > TRINE_MAX_CORES) {
    trine_error_set(error, "A session takes 0 to %d cores, not %u.", TRINE_MAX_CORES,
                    options->cores);
    return false;
  }
  if (options->plan != NULL && options->plan->model != model) {
    trine_error_set(error,
                    "A session's plan is of its own model of %u segments; this one is of another, "
                    "of %u.",
                    trine_model_info(model)->segment_count, options->plan->count);
    return false;
  }
  if (options->plan_for != NULL &&
      (options->plan_for->sequences < 1 || options->plan_for->lengths == NULL)) {
    trine_error_set(error,
                    "A session is planned for 1 or more sequences with their lengths; the batch "
                    "has %u and %s lengths.",
                    options->plan_for->sequences,
                    options->plan_for->lengths == NULL ? "no" : "its");
    return false;
  }
  return true;
}

enum trine_status trine_session_open(const struct trine_model *model, struct trine *device,
                                     const struct trine_session_options *options,
                                     struct trine_session **session, struct trine_error *error) {
  static const struct trine_session_options none = {.mode = TRINE_MODE_SINGLE};
  if (options == NULL) {
    options = &none;
  }
  if (session != NULL) {
    *session = NULL;
  }
  if (!check_open(model, session, options, error)) {
    return TRINE_ERR_ARG;
  }
  const uint32_t count = trine_model_info(model)->segment_count;
  struct trine_session *made = calloc(1, sizeof *made);
  struct session_segment *segments = calloc((size_t)count + 1, sizeof *segments);
  if (made == NULL || segments == NULL) {
    free(made);
    free(segments);
    trine_error_set(error, "There is no memory for a session of %u networks.", count);
    return TRINE_ERR_MEMORY;
  }
  *made = (struct trine_session){.model = model,
                                 .device = device,
                                 .connection = options->connection,
                                 .segment_count = count,
                                 .segments = segments};
  const enum trine_status status =
      device == NULL ? make_goldens(made, error) : make_device(made, options, error);
  if (status == TRINE_OK) {
    *session = made;
  } else {
    trine_session_close(made);
  }
  return status;
}

void trine_session_close(struct trine_session *session) {
  if (session == NULL) {
    return;
  }
  for (uint32_t n = 0; n < session->segment_count; n++) {
    trine_replicas_destroy(session->segments[n].replicas);
    trine_golden_destroy(session->segments[n].golden);
  }
  free(session->segments);
  trine_model_free(session->own_model);
  trine_disconnect(session->own_connection);
  free(session);
}

static enum trine_status run_network(void *context, uint32_t index,
                                     const struct trine_network *network,
                                     const struct trine_batch *batch, struct trine_error *error) {
  struct trine_session *session = context;
  const struct session_segment *segment = &session->segments[index];
  (void)network;
  if (session->device == NULL) {
    struct trine_golden_counters counters = {0};
    const struct trine_golden_options options = {.counters = &counters, .error = error};
    const enum trine_status status = trine_golden_execute(segment->golden, batch, &options);
    session->stats.macs += counters.macs;
    return status;
  }
  const enum trine_status status = trine_replicas_run(segment->replicas, batch);
  if (status != TRINE_OK) {
    session_explain(session, status, error);
    return status;
  }
  trine_stats_add(&session->stats, trine_replicas_stats(segment->replicas));
  return TRINE_OK;
}

/* Runs into states of its own, and gives them to the caller when all networks are done: a batch
 * that fails in its second network, or in its second run of the device, changes none. */
static enum trine_status run_staged(struct trine_session *session,
                                    const struct trine_model_batch *batch,
                                    trine_network_runner runner, void *context,
                                    struct trine_error *error) {
  struct trine_states staged = {.sequences = 0};
  struct trine_model_batch one = *batch;
  if (trine_states_make(session->model, batch->sequences, &staged, error) != TRINE_OK) {
    trine_states_free(&staged);
    return TRINE_ERR_MEMORY;
  }
  one.state_out = staged.lstm;
  const enum trine_status status = trine_model_run(session->model, &one, runner, context, error);
  for (uint32_t n = 0; status == TRINE_OK && n < staged.lstm_count; n++) {
    const size_t count = (size_t)batch->sequences * staged.units[n];
    memcpy(batch->state_out[n].h, staged.lstm[n].h, count);
    memcpy(batch->state_out[n].c, staged.lstm[n].c, count * sizeof *staged.lstm[n].c);
  }
  trine_states_free(&staged);
  return status;
}

enum trine_status session_run_by(struct trine_session *session,
                                 const struct trine_model_batch *batch, trine_network_runner runner,
                                 void *context, struct trine_error *error) {
  session->stats = (struct trine_stats){.cycles = 0};
  /* Before memory is made for as many states as the batch says. */
  const enum trine_status status = trine_model_check_batch(session->model, batch, error);
  if (status != TRINE_OK) {
    return status;
  }
  if (batch->state_out != NULL) {
    return run_staged(session, batch, runner, context, error);
  }
  return trine_model_run(session->model, batch, runner, context, error);
}

enum trine_status trine_session_run(struct trine_session *session,
                                    const struct trine_model_batch *batch,
                                    struct trine_error *error) {
  if (session == NULL) {
    trine_error_set(error, "There is no session to run %u sequences; trine_session_open makes one.",
                    batch == NULL ? 0 : batch->sequences);
    return TRINE_ERR_ARG;
  }
  return session_run_by(session, batch, run_network, session, error);
}

/* Whether states were made for a model with the same LSTMs. */
static bool fits_model(const struct trine_model *model, const struct trine_states *states) {
  const struct trine_model_info *info = trine_model_info(model);
  bool fits = states->lstm_count == info->lstm_count &&
              (states->lstm_count == 0 || (states->lstm != NULL && states->units != NULL));
  for (uint32_t n = 0; n < info->layer_count && fits; n++) {
    const struct trine_model_layer *layer = trine_model_layer(model, n);
    fits = layer->lstm < 0 || states->units[layer->lstm] == layer->units;
  }
  return fits;
}

enum trine_status trine_session_step(struct trine_session *session, struct trine_states *stream,
                                     uint32_t steps, const int8_t *input, void *output,
                                     struct trine_error *error) {
  if (session == NULL || stream == NULL) {
    trine_error_set(error, "A step needs a session and the state of a stream; there is no %s.",
                    session == NULL ? "session" : "state");
    return TRINE_ERR_ARG;
  }
  if (!fits_model(session->model, stream)) {
    trine_error_set(
        error,
        "The state of a stream has the %u LSTMs of the session's model, as wide as there; this "
        "one has %u LSTMs.",
        trine_model_info(session->model)->lstm_count, stream->lstm_count);
    return TRINE_ERR_ARG;
  }
  if (stream->sequences != 1) {
    trine_error_set(error, "A stream has the state of 1 sequence; this one has %u.",
                    stream->sequences);
    return TRINE_ERR_ARG;
  }
  const uint32_t inputs = trine_model_info(session->model)->input_count;
  if (inputs != 1) {
    trine_error_set(error,
                    "A step has one input, the model has %u; trine_session_run takes them, with "
                    "states.",
                    inputs);
    return TRINE_ERR_ARG;
  }
  const struct trine_model_batch batch = {.sequences = 1,
                                          .steps = steps,
                                          .input = input,
                                          .output = output,
                                          .state_in = stream->lstm,
                                          .state_out = stream->lstm};
  return trine_session_run(session, &batch, error);
}

const struct trine_stats *trine_session_stats(const struct trine_session *session) {
  return session != NULL ? &session->stats : NULL;
}

uint32_t trine_session_core_mask(const struct trine_session *session, uint32_t segment) {
  return session != NULL && segment < session->segment_count
             ? trine_replicas_core_mask(session->segments[segment].replicas)
             : 0;
}
