/* SPDX-License-Identifier: Apache-2.0 */
/* device: cases on the simulated accelerator, see device.h. */
#include "device.h"

#include <stdlib.h>
#include <string.h>

#include "golden/golden.h"
#include "sim/sim_backend.h"
#include "trine.h"

enum { MAX_SEGMENTS = 8, PAIR = 2, WIDEST = 2 };

struct conformance_device {
  struct trine_sim_backend *sim;
  struct trine *trine;
};

/* One case prepared: a job for each of its networks, two for each when they run side by side. */
struct device_run {
  struct conformance_device *device;
  uint32_t jobs_a_network; /* 1 or PAIR */
  void *memory[MAX_SEGMENTS][PAIR];
  struct trine_job *job[MAX_SEGMENTS][PAIR];
  uint64_t cycles;
};

static bool start_wave(struct conformance_device *device, const char *wave) {
  struct trine_sim *sim = trine_sim_backend_sim(device->sim);
  return wave == NULL || trine_sim_backend_ops(device->sim)->trace(sim, wave, 0, 0) == TRINE_OK;
}

struct conformance_device *device_open(const char *config, const char *wave,
                                       struct trine_error *error) {
  struct conformance_device *device = calloc(1, sizeof *device);
  if (device == NULL) {
    trine_error_set(error, "there is no memory for a device");
    return NULL;
  }
  struct trine_sim_options memory = trine_sim_defaults();
  memory.memory_bytes = (uint64_t)32 << 20;
  device->trine = malloc(trine_sizeof());
  if (device->trine != NULL &&
      trine_sim_backend_open(config, &memory, &device->sim, error) == TRINE_OK) {
    const struct trine_bus bus = trine_sim_backend_bus(device->sim);
    if (!start_wave(device, wave)) {
      trine_error_set(error, "%.240s", trine_sim_backend_error(device->sim));
    } else if (trine_open(device->trine, &bus, 0, memory.memory_bytes, config) == TRINE_OK &&
               trine_get_info(device->trine)->cores >= WIDEST) {
      return device;
    } else {
      trine_error_set(error, "%s with %d cores: %.100s", config, WIDEST,
                      trine_last_error(device->trine));
    }
  }
  device_close(device);
  return NULL;
}

void device_close(struct conformance_device *device) {
  if (device != NULL) {
    trine_sim_backend_close(device->sim);
    free(device->trine);
    free(device);
  }
}

static void say(const struct device_run *run, enum trine_status status, struct trine_error *error) {
  const char *said = trine_last_error(run->device->trine);
  if (status == TRINE_ERR_BUS) {
    trine_error_set(error, "%.100s: %.140s", said, trine_sim_backend_error(run->device->sim));
  } else {
    trine_error_set(error, "%.240s", said);
  }
}

static void run_end(struct device_run *run) {
  for (uint32_t n = 0; n < MAX_SEGMENTS; n++) {
    for (uint32_t k = 0; k < PAIR; k++) {
      trine_job_destroy(run->job[n][k]);
      free(run->memory[n][k]);
    }
  }
}

/* Whether some core of a sliced layer has none of its units. */
static bool has_empty_slice(const struct trine_placement *placement) {
  for (uint32_t n = 0; n < placement->layer_count; n++) {
    for (uint32_t r = 0; r < placement->ranks; r++) {
      if (placement->slice[n][r].count == 0) {
        return true;
      }
    }
  }
  return false;
}

static enum trine_status make_jobs(struct device_run *run, uint32_t segment,
                                   const struct trine_network *network, enum way way,
                                   bool *empty_slice) {
  static const enum trine_mode modes[WAY_COUNT] = {TRINE_MODE_SINGLE, TRINE_MODE_MULTITHREADING,
                                                   TRINE_MODE_HELPER, TRINE_MODE_HYBRID,
                                                   TRINE_MODE_SINGLE};
  struct trine *trine = run->device->trine;
  struct trine_placement placement;
  const uint32_t cores = modes[way] == TRINE_MODE_SINGLE ? 1 : WIDEST;
  enum trine_status status = trine_place(trine, network, modes[way], cores, &placement);
  for (uint32_t k = 0; status == TRINE_OK && k < run->jobs_a_network; k++) {
    const struct trine_job_options options = {
        .mode = modes[way],
        .placement = &placement,
        .cores = placement.ranks,
        .core_mask = run->jobs_a_network == PAIR ? UINT32_C(1) << k : 0};
    const size_t bytes = trine_job_sizeof(trine, network);
    run->memory[segment][k] = malloc(bytes);
    if (run->memory[segment][k] == NULL) {
      return TRINE_ERR_MEMORY;
    }
    status = trine_job_create(trine, network, &options, run->memory[segment][k], bytes,
                              &run->job[segment][k]);
  }
  *empty_slice = status == TRINE_OK && way == WAY_HELPER && has_empty_slice(&placement);
  return status;
}

/* A copy of what a batch writes, for the second job. */
struct shadow {
  struct trine_batch batch;
  struct trine_lstm_state state[TRINE_MAX_LAYERS];
  size_t output_bytes;
  bool complete;
};

static void *copy_of(const void *data, size_t bytes) {
  void *copy = malloc(bytes);
  if (copy != NULL) {
    memcpy(copy, data, bytes);
  }
  return copy;
}

static void shadow_free(struct shadow *shadow) {
  free(shadow->batch.output);
  for (uint32_t n = 0; n < TRINE_MAX_LAYERS; n++) {
    free(shadow->state[n].h);
    free(shadow->state[n].c);
  }
}

/* Rows of the output of the first sequence: those of its steps, or the last one alone, which is
 * always the end of a network. */
static uint32_t output_rows(const struct trine_network *network, const struct trine_batch *batch) {
  for (uint32_t n = 0; n < network->chain_count; n++) {
    if (network->chains[n].last_only) {
      return 1;
    }
  }
  return batch->lengths[0];
}

static void shadow_make(struct shadow *shadow, const struct trine_network *network,
                        const struct trine_batch *batch) {
  memset(shadow, 0, sizeof *shadow);
  shadow->batch = *batch;
  const uint32_t last = network->tensor_count - 1;
  shadow->output_bytes = (batch->sequences - 1) * (size_t)batch->output_batch_stride +
                         (output_rows(network, batch) - 1) * (size_t)batch->output_step_stride +
                         trine_tensor_width(&network->tensors[last]);
  shadow->batch.output = copy_of(batch->output, shadow->output_bytes);
  shadow->complete = shadow->batch.output != NULL;
  for (uint32_t n = 0; n < network->layer_count; n++) {
    const struct trine_lstm_state *state = &batch->state_out[n];
    const size_t units = (size_t)batch->sequences * network->layers[n].units;
    if (state->h != NULL) {
      shadow->state[n].h = copy_of(state->h, units);
      shadow->state[n].c = copy_of(state->c, units * sizeof(int16_t));
      shadow->complete =
          shadow->complete && shadow->state[n].h != NULL && shadow->state[n].c != NULL;
    }
  }
  shadow->batch.state_out = shadow->state;
  if (batch->state_in != NULL) {
    shadow->batch.state_in = shadow->state;
  }
}

/* Whether both jobs wrote the same; the first one's results are compared by the caller. */
static bool shadow_agrees(const struct shadow *shadow, const struct trine_network *network,
                          const struct trine_batch *batch) {
  bool same = memcmp(shadow->batch.output, batch->output, shadow->output_bytes) == 0;
  for (uint32_t n = 0; n < network->layer_count; n++) {
    const struct trine_lstm_state *state = &batch->state_out[n];
    const size_t units = (size_t)batch->sequences * network->layers[n].units;
    if (state->h != NULL) {
      same = same && memcmp(state->h, shadow->state[n].h, units) == 0 &&
             memcmp(state->c, shadow->state[n].c, units * sizeof(int16_t)) == 0;
    }
  }
  return same;
}

static enum trine_status run_pair(struct device_run *run, uint32_t segment,
                                  const struct trine_network *network,
                                  const struct trine_batch *batch, struct trine_error *error) {
  struct shadow shadow;
  shadow_make(&shadow, network, batch);
  const struct trine_batch *const batches[PAIR] = {batch, &shadow.batch};
  enum trine_status status = TRINE_ERR_MEMORY;
  if (shadow.complete) {
    status = trine_jobs_start(run->job[segment], batches, PAIR);
  }
  for (uint32_t k = 0; status == TRINE_OK && k < PAIR; k++) {
    status = trine_job_wait(run->job[segment][k]);
  }
  bool good = status == TRINE_OK;
  if (!good) {
    say(run, status, error);
  } else {
    run->cycles += trine_job_stats(run->job[segment][0])->cycles;
    good = shadow_agrees(&shadow, network, batch);
    if (!good) {
      trine_error_set(error, "two equal jobs side by side gave different results");
    }
  }
  shadow_free(&shadow);
  if (good) {
    return TRINE_OK;
  }
  if (status != TRINE_OK) {
    return status;
  }
  return TRINE_ERR_DEVICE;
}

static enum trine_status run_network(void *context, uint32_t segment,
                                     const struct trine_network *network,
                                     const struct trine_batch *batch, struct trine_error *error) {
  struct device_run *run = context;
  if (run->jobs_a_network == PAIR) {
    return run_pair(run, segment, network, batch, error);
  }
  struct trine_job *job = run->job[segment][0];
  const enum trine_status status = trine_job_run(job, batch);
  if (status != TRINE_OK) {
    say(run, status, error);
    return status;
  }
  run->cycles += trine_job_stats(job)->cycles;
  return TRINE_OK;
}

bool device_run(struct conformance_device *device, const struct conformance_case *what,
                enum way way, struct conformance_totals *totals, struct trine_error *error) {
  struct device_run run = {.device = device, .jobs_a_network = way == WAY_PAIR ? PAIR : 1};
  enum trine_status status = TRINE_OK;
  bool empty_slice = false;
  const uint32_t segments = what->info->segment_count;
  if (segments > MAX_SEGMENTS) {
    status = TRINE_ERR_LIMIT;
  }
  for (uint32_t n = 0; n < segments && status == TRINE_OK; n++) {
    const struct trine_network *network = trine_model_network(what->model, n);
    bool empty = false;
    if (network != NULL) {
      status = make_jobs(&run, n, network, way, &empty);
    }
    empty_slice = empty_slice || empty;
  }
  bool good = status == TRINE_OK || status == TRINE_ERR_LIMIT;
  if (status == TRINE_ERR_LIMIT) {
    totals->no[way]++;
  } else if (!good) {
    say(&run, status, error);
  } else {
    good = case_compare(what, run_network, &run, &totals->rtl_values, error);
  }
  if (good && status == TRINE_OK) {
    totals->same[way]++;
    totals->rtl_cycles += run.cycles;
    totals->corner[CORNER_EMPTY_SLICE] += empty_slice;
  }
  run_end(&run);
  return good;
}
