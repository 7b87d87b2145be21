/* SPDX-License-Identifier: Apache-2.0 */
/* draw: makes the scenarios of scenario.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"
#include "support/random_network.h"

enum {
  LARGE_UNITS = 128,
  LARGE_PERCENT = 29,
  MAX_STEPS = 64,
  MAX_SEQUENCES = 4,
  CHANNELS = 16,           /* a domain */
  CONTEXTS = 8,            /* a core of duo and octo */
  WEIGHT_LIMIT = 440 << 10 /* bytes of a network: all of it must fit one core */
};

/* What the named scenarios have in common: their jobs by mode and cores. */
struct named {
  const char *name, *config;
  bool has_stalls;
  uint32_t max_units, count;
  struct {
    enum trine_mode mode;
    uint32_t cores, groups, copies;
  } jobs[SCENARIO_JOBS];
};

#define SINGLE TRINE_MODE_SINGLE
#define MULTI TRINE_MODE_MULTITHREADING
#define HELPER TRINE_MODE_HELPER
#define HYBRID TRINE_MODE_HYBRID
static const struct named named[] = {
    {"single-1", "octo", false, 96, 1, {{SINGLE, 1, 1, 1}}},
    {"single-1-stalls", "duo", true, 128, 1, {{SINGLE, 1, 1, 1}}},
    {"multithreading-2", "octo", false, 96, 1, {{MULTI, 2, 1, 1}}},
    {"multithreading-2-stalls", "duo", true, 128, 1, {{MULTI, 2, 1, 1}}},
    {"multithreading-3", "octo", false, 96, 1, {{MULTI, 3, 1, 1}}},
    {"multithreading-4", "octo", true, 96, 1, {{MULTI, 4, 1, 1}}},
    {"multithreading-8", "octo", false, 64, 1, {{MULTI, 8, 1, 1}}},
    {"helper-2", "octo", false, 96, 1, {{HELPER, 2, 1, 1}}},
    {"helper-2-stalls", "duo", true, 128, 1, {{HELPER, 2, 1, 1}}},
    {"helper-3", "octo", true, 96, 1, {{HELPER, 3, 1, 1}}},
    {"helper-4", "octo", false, 96, 1, {{HELPER, 4, 1, 1}}},
    {"helper-8", "octo", false, 128, 1, {{HELPER, 8, 1, 1}}},
    {"helper-8-stalls", "octo", true, 96, 1, {{HELPER, 8, 1, 1}}},
    {"hybrid-1", "duo", false, 96, 1, {{HYBRID, 1, 1, 1}}},
    {"hybrid-2", "duo", true, 96, 1, {{HYBRID, 2, 1, 1}}},
    {"hybrid-3", "octo", false, 96, 1, {{HYBRID, 3, 1, 1}}},
    {"hybrid-4", "octo", false, 96, 1, {{HYBRID, 4, 1, 1}}},
    {"hybrid-8", "octo", true, 96, 1, {{HYBRID, 8, 1, 1}}},
    {"copies-1", "duo", false, 96, 1, {{SINGLE, 1, 1, 2}}},
    {"copies-2-stalls", "duo", true, 64, 1, {{MULTI, 2, 1, 2}}},
    {"copies-3", "octo", false, 64, 1, {{HELPER, 3, 1, 3}}},
    {"batch-2", "duo", true, 96, 1, {{HYBRID, 2, 2, 1}}},
    {"batch-4", "octo", false, 96, 1, {{HYBRID, 4, 2, 1}}},
    {"batch-3-copies", "octo", true, 48, 1, {{HYBRID, 3, 2, 2}}},
    {"domains-2", "duo", true, 96, 2, {{SINGLE, 1, 1, 1}, {SINGLE, 1, 1, 1}}},
    {"domains-4",
     "octo",
     false,
     64,
     4,
     {{HELPER, 2, 1, 1}, {MULTI, 2, 1, 1}, {SINGLE, 1, 1, 1}, {HYBRID, 3, 1, 1}}},
    {"domains-3-stalls",
     "octo",
     true,
     64,
     3,
     {{HELPER, 3, 1, 1}, {MULTI, 3, 1, 1}, {HYBRID, 2, 1, 1}}},
    {"domains-8",
     "octo",
     false,
     48,
     8,
     {{SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1},
      {SINGLE, 1, 1, 1}}}};

const char *scenario_name(uint32_t index) {
  return index < sizeof named / sizeof named[0] ? named[index].name : NULL;
}

static uint32_t draw_width(struct seed_stream *stream, uint32_t max_units) {
  if (max_units < LARGE_UNITS) {
    return (uint32_t)seed_log_uniform(stream, 1, max_units);
  }
  /* More than one in five, because networks too large for a core are drawn again. */
  bool is_large = seed_uniform(stream, 0, 99) < LARGE_PERCENT;
  return (uint32_t)(is_large ? seed_log_uniform(stream, LARGE_UNITS, max_units)
                             : seed_log_uniform(stream, 1, LARGE_UNITS - 1));
}

void scenario_stack(struct driver_case *made, struct seed_stream *stream, uint32_t lstms,
                    bool dense, uint32_t max_units) {
  memset(made, 0, sizeof *made);
  uint32_t layers = lstms + dense;
  uint32_t width[10], bytes = 0;
  do {
    bytes = 0;
    for (uint32_t n = 0; n <= layers; n++) {
      width[n] = draw_width(stream, max_units);
      bytes += n > 0 ? 4 * (width[n] + 7) * (width[n - 1] + width[n] + 15) : 0;
    }
  } while (bytes > WEIGHT_LIMIT);
  for (uint32_t n = 0; n < layers; n++) {
    bool per_row = seed_uniform(stream, 0, 1) == 1;
    made->layers[n] = n < lstms ? random_lstm(stream, width[n], width[n + 1], per_row)
                                : random_dense(stream, width[n], width[n + 1], per_row);
  }
  made->tensors[0] = (struct trine_tensor){1, {width[0]}};
  made->tensors[1] = (struct trine_tensor){1, {width[layers]}};
  made->chains[0] = (struct trine_chain){.target = 1, .layer_count = layers};
  made->network = (struct trine_network){.tensor_count = 2,
                                         .tensors = made->tensors,
                                         .layer_count = layers,
                                         .layers = made->layers,
                                         .chain_count = 1,
                                         .chains = made->chains};
}

/* A network that the mode can place: multithreading needs a layer for every core. */
static void draw_network(struct scenario_job *job, struct seed_stream *stream, uint32_t max_units) {
  uint32_t lstms = (uint32_t)seed_uniform(stream, 1, 3);
  bool dense = seed_uniform(stream, 0, 1) == 1;
  if (job->mode == TRINE_MODE_MULTITHREADING && lstms + dense < job->cores) {
    lstms = job->cores - dense;
  }
  bool is_bidirectional = seed_uniform(stream, 0, 5) == 0 && job->cores <= 2;
  if (is_bidirectional) {
    uint32_t units = max_units > 96 ? 96 : max_units;
    case_bidirectional(&job->network, stream, 1, dense, false, units);
  } else {
    scenario_stack(&job->network, stream, lstms, dense, max_units);
    job->network.chains[0].last_only = seed_uniform(stream, 0, 3) == 0;
    job->network.chains[0].reversed = seed_uniform(stream, 0, 7) == 0;
  }
}

/* As many copies as there are channels in a domain and contexts on a core. */
static void limit_copies(struct scenario_job *job) {
  const struct trine_network *network = &job->network.network;
  uint32_t channels = network->layer_count + network->chain_count;
  while (job->copies > 1 && (job->copies * job->groups * channels > CHANNELS ||
                             job->copies * network->layer_count > CONTEXTS)) {
    job->copies--;
  }
  while (job->groups * channels > CHANNELS) {
    job->groups--;
  }
}

static void draw_job(struct scenario_job *job, struct seed_stream *stream, enum trine_mode mode,
                     uint32_t cores, uint32_t max_units) {
  job->groups = job->groups > 0 ? job->groups : 1;
  job->copies = job->copies > 0 ? job->copies : 1;
  job->mode = mode;
  job->cores = cores;
  draw_network(job, stream, max_units);
  limit_copies(job);
  uint32_t sequences = (uint32_t)seed_uniform(stream, 1, MAX_SEQUENCES);
  uint32_t steps = (uint32_t)seed_uniform(stream, 1, MAX_STEPS); /* of the longest, at most */
  bool time_major = seed_uniform(stream, 0, 1) == 1;
  bool with_state = seed_uniform(stream, 0, 2) == 0;
  batch_create(&job->batch, stream, &job->network.network, sequences, steps, time_major,
               with_state);
}

static void draw_memory(struct trine_sim_options *options, struct seed_stream *stream) {
  options->latency_cycles = (uint32_t)seed_log_uniform(stream, 1, 100);
  options->stall_permille = (uint32_t)seed_uniform(stream, 20, 700);
  options->seed = seed_next(stream);
  options->random_reset = seed_uniform(stream, 0, 1) == 1;
}

static void make_named(struct scenario *scenario, const struct named *what,
                       struct seed_stream *stream) {
  scenario->config = what->config;
  if (what->has_stalls) {
    draw_memory(&scenario->options, stream);
  }
  for (uint32_t n = 0; n < what->count; n++) {
    scenario->count++;
    scenario->jobs[n].groups = what->jobs[n].groups;
    scenario->jobs[n].copies = what->jobs[n].copies;
    draw_job(&scenario->jobs[n], stream, what->jobs[n].mode, what->jobs[n].cores, what->max_units);
  }
}

/* Half of the draws on two cores, where the simulation is fast; jobs until the cores are used. */
static void make_draw(struct scenario *scenario, struct seed_stream *stream) {
  bool is_small = seed_uniform(stream, 0, 1) == 0;
  uint32_t left = is_small ? 2 : 8;
  scenario->config = is_small ? "duo" : "octo";
  if (seed_uniform(stream, 0, 1) == 1) {
    draw_memory(&scenario->options, stream);
  }
  uint32_t jobs = (uint32_t)seed_uniform(stream, 1, is_small ? 2 : 3);
  for (uint32_t n = 0; n < jobs && left > 0; n++) {
    uint32_t cores = (uint32_t)seed_uniform(stream, 1, left);
    enum trine_mode mode = (enum trine_mode)seed_uniform(stream, 1, 3);
    if (mode == TRINE_MODE_MULTITHREADING && cores > 4) {
      cores = 4;
    }
    mode = cores == 1 ? TRINE_MODE_SINGLE : mode;
    scenario->jobs[n].copies = (uint32_t)seed_uniform(stream, 1, 2);
    if (mode == TRINE_MODE_HYBRID) {
      scenario->jobs[n].groups = (uint32_t)seed_uniform(stream, 1, cores < 3 ? cores : 3);
    } else {
      scenario->jobs[n].groups = 1;
    }
    scenario->count++;
    draw_job(&scenario->jobs[n], stream, mode, cores, 256);
    left -= cores;
  }
}

bool scenario_make(struct scenario *scenario, const char *name) {
  memset(scenario, 0, sizeof *scenario);
  scenario->options = trine_sim_defaults();
  scenario->jobs = calloc(SCENARIO_JOBS, sizeof *scenario->jobs);
  if (scenario->jobs == NULL) {
    abort();
  }
  (void)snprintf(scenario->name, sizeof scenario->name, "%s", name);
  struct seed_stream stream = seed_start(scenario->name);
  for (uint32_t n = 0; n < sizeof named / sizeof named[0]; n++) {
    if (strcmp(name, named[n].name) == 0) {
      make_named(scenario, &named[n], &stream);
      return true;
    }
  }
  if (strncmp(name, "draw-", 5) != 0 || name[5] == '\0') {
    return false;
  }
  make_draw(scenario, &stream);
  return true;
}

void scenario_free(struct scenario *scenario) {
  for (uint32_t n = 0; n < scenario->count; n++) {
    case_free(&scenario->jobs[n].network);
    batch_free(&scenario->jobs[n].batch);
  }
  free(scenario->jobs);
  scenario->jobs = NULL;
}
