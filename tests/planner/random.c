/* SPDX-License-Identifier: Apache-2.0 */
/* random: predicted against simulated cycles of random runs (draw.h), cold, warm and repeated; and
 * what the planner says of a run against whether the driver takes it.
 *
 *   random [--set BASE CHANGES CHIP] [DRAWS [ONLY]]     so many draws, or number ONLY alone
 *
 * All have to be the same to the cycle, jobs side by side too. With --set what is predicted is
 * predicted as `trine plan --config BASE --set CHANGES` does, without a look at the chip, and what
 * is simulated is CHIP, which must say of itself what the planner believed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draw.h"
#include "planner/replica_plan.h"
#include "session/config.h"
#include "session/replicas.h"
#include "sim/sim_backend.h"

enum { DEFAULT_DRAWS = 150, SHAPES = 12, RUNS = 3 };

struct run_totals {
  uint32_t draws, runs, exact, refused, unforeseen, chunks, jobs;
  double worst, sum_seconds, most_seconds;
};

/* A configuration that is planned for by its fields alone. */
struct set_config {
  char name[TRINE_CONFIG_MADE_NAME];
  struct trine_config_row row;
  struct draw_chip chip;
  struct trine_target target;
};

struct run_buffers {
  struct trine_batch batch;
  int8_t *input, *output;
  struct trine_lstm_state states[DRAW_LAYERS];
};

static void *need(size_t bytes) {
  void *memory = calloc(bytes + 1, 1);
  if (memory == NULL) {
    abort();
  }
  return memory;
}

static double now_seconds(void) {
  struct timespec at;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static void make_buffers(const struct draw *draw, struct run_buffers *buffers) {
  const struct trine_tensor *out = &draw->tensors[draw->network.tensor_count - 1];
  uint32_t longest = 0, width = 0;
  for (uint32_t p = 0; p < out->part_count; p++) {
    width += out->part_width[p];
  }
  for (uint32_t n = 0; n < draw->sequences; n++) {
    longest = draw->lengths[n] > longest ? draw->lengths[n] : longest;
  }
  const uint32_t in = draw->tensors[0].part_width[0];
  *buffers = (struct run_buffers){.input = need((size_t)draw->sequences * longest * in),
                                  .output = need((size_t)draw->sequences * longest * width)};
  for (uint32_t n = 0; n < draw->network.layer_count && draw->is_kept; n++) {
    if (draw->layers[n].kind == TRINE_LAYER_LSTM) {
      const size_t count = (size_t)draw->sequences * draw->layers[n].units;
      buffers->states[n] = (struct trine_lstm_state){need(count), need(count * sizeof(int16_t))};
    }
  }
  buffers->batch = (struct trine_batch){.sequences = draw->sequences,
                                        .lengths = draw->lengths,
                                        .input = buffers->input,
                                        .input_batch_stride = (uint64_t)longest * in,
                                        .input_step_stride = in,
                                        .output = buffers->output,
                                        .output_batch_stride = (uint64_t)longest * width,
                                        .output_step_stride = width,
                                        .state_in = draw->is_kept ? buffers->states : NULL,
                                        .state_out = draw->is_kept ? buffers->states : NULL};
}

static void free_buffers(struct run_buffers *buffers) {
  free(buffers->input);
  free(buffers->output);
  for (uint32_t n = 0; n < DRAW_LAYERS; n++) {
    free(buffers->states[n].h);
    free(buffers->states[n].c);
  }
}

/* Runs the batch three times; the status of the first that was refused. */
static enum trine_status measure(struct trine *device, const struct draw *draw,
                                 const struct trine_placement *placement,
                                 struct trine_stats stats[RUNS]) {
  const struct trine_job_options options = {.mode = placement->mode,
                                            .cores = placement->ranks,
                                            .core_mask = (1u << placement->ranks) - 1,
                                            .placement = placement,
                                            .timeout_ms = 600000};
  struct trine_replicas *replicas = NULL;
  struct run_buffers buffers;
  make_buffers(draw, &buffers);
  enum trine_status status =
      trine_replicas_create(device, &draw->network, &options, draw->jobs, &replicas);
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    status = trine_replicas_run(replicas, &buffers.batch);
    stats[run] = status == TRINE_OK ? *trine_replicas_stats(replicas) : stats[run];
  }
  trine_replicas_destroy(replicas);
  free_buffers(&buffers);
  return status;
}

static enum trine_status predict(struct trine *device, const struct trine_target *target,
                                 const struct draw *draw, const struct trine_placement *placement,
                                 uint32_t run, struct trine_forecast *forecast,
                                 struct run_totals *totals) {
  const struct trine_plan_batch batch = {draw->sequences, draw->lengths, run > 0, draw->is_kept,
                                         run > 1};
  struct trine_replica_plan plan = {.jobs = draw->jobs, .plan = {.placement = *placement}};
  const double before = now_seconds();
  const enum trine_status status =
      trine_replicas_forecast(target, &draw->network, &batch, &plan, trine_error_of(device));
  const double seconds = now_seconds() - before;
  totals->sum_seconds += seconds;
  totals->most_seconds = seconds > totals->most_seconds ? seconds : totals->most_seconds;
  *forecast = plan.plan.forecast;
  return status;
}

/* One run against its forecast; true when they are the same. */
static bool compare(const struct draw *draw, const struct trine_stats *stats,
                    const struct trine_forecast *forecast, struct run_totals *totals) {
  const double off = (double)forecast->cycles / (double)stats->cycles - 1;
  const bool same =
      forecast->cycles == stats->cycles && forecast->load_cycles == stats->load_cycles &&
      forecast->limit_cycles == stats->limit_cycles && forecast->macs == stats->macs &&
      forecast->steps == stats->steps && forecast->runs == stats->runs;
  totals->runs++;
  totals->chunks += stats->runs > draw->jobs;
  totals->exact += same;
  if (off > totals->worst) {
    totals->worst = off;
  } else if (-off > totals->worst) {
    totals->worst = -off;
  }
  return same;
}

static void tell(const struct draw *draw, uint32_t number, const char *what) {
  printf("draw %u: %s\n  ", number, what);
  draw_print(draw, stdout);
}

/* The planner and the driver have to say the same of a run that one of them refuses. */
static bool agree(struct trine *device, const struct draw *draw, uint32_t number,
                  enum trine_status planned, const char *sentence, enum trine_status ran) {
  char text[700];
  if (planned == ran && strcmp(sentence, trine_last_error(device)) == 0) {
    return true;
  }
  (void)snprintf(text, sizeof text, "the planner says %d '%s', the driver %d '%s'", (int)planned,
                 sentence, (int)ran, trine_last_error(device));
  tell(draw, number, text);
  return false;
}

/* Only jobs side by side whose batch needs several runs have no forecast. */
static bool is_unforeseen(struct trine *device, const struct draw *draw, uint32_t number,
                          struct run_totals *totals) {
  const bool chunks =
      draw->jobs > 1 && strstr(trine_last_error(device), "more than one run") != NULL;
  totals->unforeseen++;
  if (!chunks) {
    tell(draw, number, trine_last_error(device));
  }
  return chunks;
}

static bool check_run(struct trine *device, const struct trine_target *target,
                      const struct draw *draw, uint32_t number,
                      const struct trine_placement *placement, struct run_totals *totals) {
  struct trine_stats stats[RUNS];
  struct trine_forecast forecasts[RUNS];
  char sentence[320] = "";
  enum trine_status status = TRINE_OK;
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    status = predict(device, target, draw, placement, run, &forecasts[run], totals);
    if (status == TRINE_OK && forecasts[run].cycles == TRINE_NO_FORECAST) {
      return is_unforeseen(device, draw, number, totals);
    }
  }
  (void)snprintf(sentence, sizeof sentence, "%s",
                 status != TRINE_OK ? trine_last_error(device) : "");
  const enum trine_status ran = measure(device, draw, placement, stats);
  if (status != TRINE_OK || ran != TRINE_OK) {
    totals->refused++;
    return agree(device, draw, number, status, sentence, ran);
  }
  bool good = true;
  totals->jobs += draw->jobs > 1;
  for (uint32_t run = 0; run < RUNS; run++) {
    if (!compare(draw, &stats[run], &forecasts[run], totals)) {
      char text[200];
      (void)snprintf(
          text, sizeof text, "%s %llu + %llu cycles, predicted %llu + %llu; runs %u, predicted %u",
          run == 0 ? "cold" : "warm", (unsigned long long)stats[run].cycles,
          (unsigned long long)stats[run].load_cycles, (unsigned long long)forecasts[run].cycles,
          (unsigned long long)forecasts[run].load_cycles, stats[run].runs, forecasts[run].runs);
      tell(draw, number, text);
      good = false;
    }
  }
  return good;
}

/* Draws shapes until one can be placed. */
static bool find_shape(struct trine *device, struct draw *draw, struct seed_stream *stream,
                       struct trine_placement *placement) {
  for (uint32_t n = 0; n < SHAPES; n++) {
    draw_shape(draw, stream);
    if (trine_place_shape(device, &draw->network, &draw->shape, placement) == TRINE_OK) {
      return true;
    }
  }
  return false;
}

/* Whether the configuration is one of TRINE_CONFIGS (names with blanks between them), if that is
 * set: draws of others are passed over. */
static bool is_wanted(const char *config) {
  const char *at = getenv("TRINE_CONFIGS");
  if (at == NULL) {
    return true;
  }
  const size_t length = strlen(config);
  for (; *at != '\0'; at += strcspn(at, " ")) {
    at += strspn(at, " ");
    if (strcspn(at, " ") == length && strncmp(at, config, length) == 0) {
      return true;
    }
  }
  return false;
}

/* The target that is planned for: the device's own, or that of the fields, which must be the same
 * as what the chip says; the memory is the device's. */
static bool find_target(struct trine *device, struct set_config *made,
                        const struct trine_target **target) {
  const struct trine_target *own = trine_get_target(device);
  *target = own;
  if (made != NULL) {
    made->target.memory_bytes = own->memory_bytes;
    made->target.free_bytes = own->free_bytes;
    *target = &made->target;
  }
  if (made != NULL && made->target.info.config_hash != own->info.config_hash) {
    printf("%s is no chip with %s\n", made->chip.config, made->name);
    return false;
  }
  return true;
}

static bool check_draw(uint32_t number, struct set_config *made, struct run_totals *totals) {
  char name[80];
  (void)snprintf(name, sizeof name, "plan%.40s-%u", made != NULL ? made->chip.config : "", number);
  struct seed_stream stream = seed_start(name);
  struct draw *draw = need(sizeof *draw);
  struct trine_placement placement;
  struct trine_sim_backend *sim = NULL;
  struct trine *device = need(trine_sizeof());
  struct trine_error error = {""};
  bool good = false;
  const struct trine_target *target;
  draw_make(draw, &stream, made != NULL ? &made->chip : NULL);
  struct trine_sim_options options = trine_sim_defaults();
  options.memory_bytes = draw->memory_bytes;
  if (made == NULL && !is_wanted(draw->chip.config)) {
    good = true;
  } else if (trine_sim_backend_open(draw->chip.config, &options, &sim, &error) != TRINE_OK) {
    printf("%s\n", error.text);
  } else {
    const struct trine_bus bus = trine_sim_backend_bus(sim);
    const char *config = made != NULL ? made->name : draw->chip.config;
    const bool opened = trine_open(device, &bus, 0, options.memory_bytes, config) == TRINE_OK;
    if (!opened) {
      printf("%s\n", trine_last_error(device));
    }
    good = opened && find_target(device, made, &target);
    if (good && find_shape(device, draw, &stream, &placement)) {
      totals->draws++;
      good = check_run(device, target, draw, number, &placement, totals);
    }
  }
  trine_sim_backend_close(sim);
  draw_free(draw);
  free(draw);
  free(device);
  (void)fflush(stdout);
  return good;
}

/* The configuration of --set BASE CHANGES CHIP. */
static bool make_config(char **words, struct set_config *made) {
  struct trine_error error = {""};
  const struct trine_config_row *base = trine_config_find(words[0], &error);
  const bool good =
      base != NULL &&
      trine_config_change(base, words[1], made->name, &made->row, &error) == TRINE_OK &&
      trine_config_target(&made->row, &made->target, &error) == TRINE_OK;
  const uint32_t products = made->row.lanes * made->row.macs_per_lane;
  made->chip = (struct draw_chip){words[2], made->row.cores, products, products < 32 ? 40 : 64};
  if (!good) {
    printf("%s\n", error.text);
  }
  return good;
}

int main(int argc, char **argv) {
  const bool is_made = argc > 4 && strcmp(argv[1], "--set") == 0;
  char **rest = argv + (is_made ? 4 : 0);
  const int count = argc - (is_made ? 4 : 0);
  const uint32_t draws = count > 1 ? (uint32_t)strtoul(rest[1], NULL, 10) : DEFAULT_DRAWS;
  const bool is_one = count > 2;
  const uint32_t only = is_one ? (uint32_t)strtoul(rest[2], NULL, 10) : 0;
  struct run_totals totals = {0};
  struct set_config made = {0};
  uint32_t bad = 0;
  (void)seed_print();
  if (is_made && !make_config(argv + 2, &made)) {
    return 1;
  }
  for (uint32_t n = is_one ? only : 0; n < (is_one ? only + 1 : draws); n++) {
    bad += !check_draw(n, is_made ? &made : NULL, &totals);
  }
  printf(
      "%u draws, %u runs (%u in several chunks, %u of several jobs), %u refused by planner and "
      "driver alike, %u without a forecast\n%u exact, %u off by up to %.2f %%, %u draws wrong; "
      "planning %.2f s in all, %.3f s at most\n",
      totals.draws, totals.runs, totals.chunks, RUNS * totals.jobs, totals.refused,
      totals.unforeseen, totals.exact, totals.runs - totals.exact, 100 * totals.worst, bad,
      totals.sum_seconds, totals.most_seconds);
  return bad == 0 && totals.runs > 0 && totals.exact > 0 ? 0 : 1;
}
