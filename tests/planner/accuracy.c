/* SPDX-License-Identifier: Apache-2.0 */
/* accuracy: what the planner predicts against what the simulated accelerator takes, cold, warm and
 * repeated, for networks with random weights; a Markdown table. Fails when a row is off by a cycle.
 *
 *   accuracy [TEXT]     all rows, or those whose line contains TEXT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "planner/forecast.h"
#include "sim/sim_backend.h"
#include "support/random_network.h"
#include "trine.h"

enum { MAX_LAYERS = 6, MAX_SEQUENCES = 64, RUNS = 3 };

struct row {
  const char *config;
  uint32_t mode, cores, groups, copies;
  uint32_t inputs, units[MAX_LAYERS]; /* 0 ends */
  enum { PLAIN, DENSE, BOTH } kind;   /* DENSE: the last layer is; BOTH: two layers, both ways */
  uint32_t steps, sequences;
};

enum {
  SINGLE = TRINE_MODE_SINGLE,
  MULTI = TRINE_MODE_MULTITHREADING,
  HELPER = TRINE_MODE_HELPER,
  HYBRID = TRINE_MODE_HYBRID
};

/* Configuration, mode, cores, groups, copies, network, steps, sequences. */
static const struct row rows[] = {
    {"duo", SINGLE, 1, 1, 1, 16, {16}, PLAIN, 1, 1},
    {"duo", SINGLE, 1, 1, 1, 16, {16}, PLAIN, 8, 1},
    {"duo", SINGLE, 1, 1, 1, 32, {32}, PLAIN, 32, 1},
    {"duo", SINGLE, 1, 1, 1, 128, {128}, PLAIN, 1, 1},
    {"duo", SINGLE, 1, 1, 1, 128, {128}, PLAIN, 32, 1},
    {"duo", SINGLE, 1, 1, 2, 32, {32}, PLAIN, 32, 2},
    {"duo", SINGLE, 1, 1, 1, 40, {48, 20}, DENSE, 20, 3},
    {"duo", SINGLE, 1, 1, 1, 12, {32, 32}, BOTH, 29, 5},
    {"duo", HELPER, 2, 1, 1, 128, {128}, PLAIN, 1, 1},
    {"duo", HELPER, 2, 1, 1, 128, {128}, PLAIN, 32, 1},
    {"duo", HELPER, 2, 1, 1, 12, {64, 64}, PLAIN, 29, 1},
    {"duo", HELPER, 2, 1, 1, 16, {16}, PLAIN, 1, 1},
    {"duo", HELPER, 2, 1, 1, 16, {16, 16, 16, 16}, PLAIN, 32, 1},
    {"duo", MULTI, 2, 1, 1, 64, {64, 64}, PLAIN, 32, 1},
    {"duo", MULTI, 2, 1, 1, 32, {128, 128, 128, 128}, PLAIN, 8, 1},
    {"duo", MULTI, 2, 1, 2, 12, {32, 32}, BOTH, 29, 12},
    {"duo", MULTI, 2, 1, 1, 12, {20, 32, 7}, DENSE, 12, 20},
    {"duo", HYBRID, 2, 2, 1, 40, {64, 64}, PLAIN, 20, 4},
    {"octo", HELPER, 8, 1, 1, 12, {64, 64}, PLAIN, 29, 1},
    {"octo", HELPER, 8, 1, 1, 128, {128}, PLAIN, 32, 1},
    {"octo", HYBRID, 8, 1, 1, 40, {128, 64, 32}, DENSE, 40, 1},
    {"octo", HYBRID, 8, 4, 1, 40, {64, 64}, PLAIN, 20, 12},
    {"octo", MULTI, 4, 1, 1, 32, {128, 128, 128, 128}, PLAIN, 32, 1},
    {"octo", SINGLE, 1, 1, 1, 256, {256}, PLAIN, 20, 1},
};

struct accuracy_bench {
  struct trine_sim_backend *sim;
  struct trine *trine;
  struct trine_layer layers[MAX_LAYERS];
  struct trine_tensor tensors[3];
  struct trine_chain chains[3];
  struct trine_network network;
  struct trine_batch batch;
  uint32_t lengths[MAX_SEQUENCES];
};

static const char *const mode_names[] = {"single", "multithreading", "helper", "hybrid"};

static void describe(const struct row *row, char *text, size_t size) {
  int at = snprintf(text, size, "| %s | %s %u", row->config, mode_names[row->mode], row->cores);
  if (row->groups > 1) {
    at += snprintf(text + at, size - (size_t)at, ", %u groups", row->groups);
  }
  if (row->copies > 1) {
    at += snprintf(text + at, size - (size_t)at, ", %u copies", row->copies);
  }
  at += snprintf(text + at, size - (size_t)at, " | %u", row->inputs);
  for (uint32_t n = 0; n < MAX_LAYERS && row->units[n] != 0; n++) {
    at += snprintf(text + at, size - (size_t)at, "-%u", row->units[n]);
  }
  (void)snprintf(text + at, size - (size_t)at, "%s%s | %u | %u |",
                 row->kind == BOTH ? " both ways" : "", row->kind == DENSE ? " dense" : "",
                 row->steps, row->sequences);
}

static void draw_network(struct accuracy_bench *bench, const struct row *row, const char *text) {
  struct seed_stream stream = seed_start(text);
  struct trine_network *network = &bench->network;
  uint32_t inputs = row->inputs, count = 0;
  while (count < MAX_LAYERS && row->units[count] != 0) {
    const bool is_last = count + 1 == MAX_LAYERS || row->units[count + 1] == 0;
    bench->layers[count] = row->kind == DENSE && is_last
                               ? random_dense(&stream, inputs, row->units[count], true)
                               : random_lstm(&stream, inputs, row->units[count], true);
    inputs = row->kind == BOTH ? inputs : row->units[count];
    count++;
  }
  *network = (struct trine_network){.tensor_count = 2,
                                    .tensors = bench->tensors,
                                    .layer_count = count,
                                    .layers = bench->layers,
                                    .chain_count = 1,
                                    .chains = bench->chains};
  bench->tensors[0] = (struct trine_tensor){1, {row->inputs}};
  if (row->kind == BOTH) {
    bench->tensors[1] = (struct trine_tensor){2, {row->units[0], row->units[1]}};
    network->chain_count = 2;
    bench->chains[0] = (struct trine_chain){.target = 1, .layer_count = 1};
    bench->chains[1] = (struct trine_chain){
        .target = 1, .target_part = 1, .reversed = true, .first_layer = 1, .layer_count = 1};
  } else {
    bench->tensors[1] = (struct trine_tensor){1, {inputs}};
    bench->chains[0] = (struct trine_chain){.target = 1, .layer_count = count};
  }
}

static bool make_batch(struct accuracy_bench *bench, const struct row *row) {
  const uint32_t out_parts = bench->tensors[1].part_count;
  uint32_t width = 0, longest = 0;
  for (uint32_t p = 0; p < out_parts; p++) {
    width += bench->tensors[1].part_width[p];
  }
  struct seed_stream stream = seed_start("lengths");
  for (uint32_t n = 0; n < row->sequences; n++) {
    /* Batches of more than 8 are of different lengths. */
    bench->lengths[n] =
        row->sequences > 8 ? 1 + (uint32_t)(seed_next(&stream) % row->steps) : row->steps;
    longest = bench->lengths[n] > longest ? bench->lengths[n] : longest;
  }
  struct trine_batch *batch = &bench->batch;
  batch->sequences = row->sequences;
  batch->lengths = bench->lengths;
  batch->input_step_stride = row->inputs;
  batch->input_batch_stride = (uint64_t)longest * row->inputs;
  batch->output_step_stride = width;
  batch->output_batch_stride = (uint64_t)longest * width;
  batch->input = calloc(row->sequences, batch->input_batch_stride);
  batch->output = calloc(row->sequences, batch->output_batch_stride);
  return batch->input != NULL && batch->output != NULL;
}

static bool open_device(struct accuracy_bench *bench, const char *config) {
  const struct trine_sim_options options = trine_sim_defaults();
  struct trine_error error = {""};
  bench->trine = malloc(trine_sizeof());
  if (bench->trine == NULL ||
      trine_sim_backend_open(config, &options, &bench->sim, &error) != TRINE_OK) {
    printf("%s\n", error.text);
    return false;
  }
  const struct trine_bus bus = trine_sim_backend_bus(bench->sim);
  return trine_open(bench->trine, &bus, 0, options.memory_bytes, config) == TRINE_OK;
}

static enum trine_status measure(struct accuracy_bench *bench,
                                 const struct trine_placement *placement,
                                 struct trine_stats stats[RUNS]) {
  const struct trine_job_options options = {.mode = placement->mode,
                                            .cores = placement->ranks,
                                            .placement = placement,
                                            .timeout_ms = 600000};
  const size_t bytes = trine_job_sizeof(bench->trine, &bench->network);
  void *memory = malloc(bytes);
  struct trine_job *job = NULL;
  enum trine_status status = memory == NULL ? TRINE_ERR_MEMORY
                                            : trine_job_create(bench->trine, &bench->network,
                                                               &options, memory, bytes, &job);
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    status = trine_job_run(job, &bench->batch);
    stats[run] = *trine_job_stats(job);
  }
  trine_job_destroy(job);
  free(memory);
  return status;
}

/* The worst deviation of the row's three runs; above 1 when it could not be measured. */
static double compare(struct accuracy_bench *bench, const struct row *row, const char *text) {
  const struct trine_shape shape = {(enum trine_mode)row->mode, row->cores, row->groups,
                                    row->copies};
  struct trine_placement placement;
  struct trine_stats stats[RUNS];
  struct trine_forecast forecasts[RUNS];
  enum trine_status status = trine_place_shape(bench->trine, &bench->network, &shape, &placement);
  for (uint32_t run = 0; run < RUNS && status == TRINE_OK; run++) {
    const struct trine_plan_batch batch = {row->sequences, bench->lengths, .is_resident = run > 0,
                                           .is_repeated = run > 1};
    status = trine_forecast(trine_get_target(bench->trine), &bench->network, &placement, &batch,
                            &forecasts[run], trine_error_of(bench->trine));
  }
  if (status == TRINE_OK) {
    status = measure(bench, &placement, stats);
  }
  if (status != TRINE_OK) {
    printf("%s %s |\n", text, trine_last_error(bench->trine));
    return 2;
  }
  double worst = 0;
  printf("%s", text);
  for (uint32_t run = 0; run < RUNS; run++) {
    const double off = (double)forecasts[run].cycles / (double)stats[run].cycles - 1;
    if (off > worst) {
      worst = off;
    } else if (-off > worst) {
      worst = -off;
    }
    printf(" %llu | %llu | %+.2f %% |", (unsigned long long)stats[run].cycles,
           (unsigned long long)forecasts[run].cycles, 100 * off);
  }
  printf("\n");
  (void)fflush(stdout);
  return worst;
}

static double run_row(const struct row *row, const char *text) {
  struct accuracy_bench bench = {.sim = NULL};
  double worst = 2;
  draw_network(&bench, row, text);
  if (make_batch(&bench, row) && open_device(&bench, row->config)) {
    worst = compare(&bench, row, text);
  }
  trine_sim_backend_close(bench.sim);
  free(bench.trine);
  free((void *)(uintptr_t)bench.batch.input);
  free(bench.batch.output);
  for (uint32_t n = 0; n < bench.network.layer_count; n++) {
    random_layer_free(&bench.layers[n]);
  }
  return worst;
}

int main(int argc, char **argv) {
  double worst = 0;
  uint32_t count = 0;
  (void)seed_print();
  printf("\n");
  printf(
      "| configuration | placement | network | T | B | cold | predicted | off | warm | predicted "
      "| off | repeated | predicted | off |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
    char text[256];
    describe(&rows[n], text, sizeof text);
    if (argc > 1 && strstr(text, argv[1]) == NULL) {
      continue;
    }
    const double off = run_row(&rows[n], text);
    worst = off > worst ? off : worst;
    count++;
  }
  printf("\n%u rows, the worst off by %.2f %%\n", count, 100 * worst);
  return count > 0 && worst == 0 ? 0 : 1;
}
