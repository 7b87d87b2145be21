/* SPDX-License-Identifier: Apache-2.0 */
/* failures: runs that fail on a simulated chip, each in another way, and their dumps.
 *
 *     failures CONFIG MODEL.tflite FOLDER
 *
 * Writes FOLDER/NAME.dump for each case and prints its name, and whether the replay is to be the
 * same or to differ. MODEL is one network that the configuration has room for. Exit 0: each failed
 * as it was meant to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "dump/recorder.h"
#include "model/model.h"
#include "session/config.h"
#include "trine.h"
#include "trine_regs.h"
#include "watch.h"

enum { SEQUENCES = 3, MOST_LAYERS = 4, JOBS = 2, WATCHDOG = 3000, LOW_LIMIT = 24000 };
enum { STEPS = 12, LONG_FOR_MACS = 10, MOST_TRIES = 60, RESIDENT_RUNS = 6, MOST_ACCESSES = 60 };

/* How a chip is opened. */
struct failing_way {
  bool has_board;
  uint64_t limit;      /* of the recorder */
  uint32_t timeout_ms; /* of its jobs */
  uint32_t jobs;
  bool is_long; /* its batch, in cycles of any configuration */
};

/* A chip, the driver on it through a recorder, and jobs that are to fail. */
struct failing {
  const struct trine_config_row *config;
  const struct trine_network *network;
  struct seed_stream stream;
  uint32_t steps, in, out;
  struct failing_way way;
  struct trine_sim_backend *sim;
  struct board board;
  struct bus_watch watch;
  struct trine_recorder *recorder;
  struct trine_bus bus;
  struct trine *device;
  void *memory[JOBS];
  struct trine_job *jobs[JOBS];
  uint32_t lengths[SEQUENCES];
  int8_t *input, *output[JOBS];
  struct trine_lstm_state states[MOST_LAYERS];
};

/* A case: whether it failed, after it was tried. */
struct failure_case {
  const char *name, *expected;
  struct failing_way way;
  bool (*fails)(struct failing *world);
};

static void stop_test(const char *what, const char *why) {
  (void)fprintf(stderr, "failures: %s: %s\n", what, why);
  exit(1);
}

static void *zeros(size_t bytes) {
  void *memory = calloc(bytes + 1, 1);
  if (memory == NULL) {
    stop_test("the test", "there is no memory for it");
  }
  return memory;
}

static uint32_t draw(struct failing *world, uint32_t low, uint32_t high) {
  return (uint32_t)seed_uniform(&world->stream, low, high);
}

/* --- The world --- */

static void make_buffers(struct failing *world) {
  const size_t rows = (size_t)SEQUENCES * world->steps;
  world->input = zeros(rows * world->in);
  seed_int8(&world->stream, world->input, rows * world->in, -128, 127);
  for (uint32_t n = 0; n < JOBS; n++) {
    world->output[n] = zeros(rows * world->out);
  }
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    world->lengths[n] = n == 0 ? world->steps : draw(world, 1, world->steps);
  }
  for (uint32_t n = 0; n < world->network->layer_count; n++) {
    const size_t units = world->network->layers[n].units;
    world->states[n] = (struct trine_lstm_state){zeros(SEQUENCES * units),
                                                 zeros(SEQUENCES * units * sizeof(int16_t))};
  }
}

static void open_world(struct failing *world, const struct failing_way *way) {
  struct trine_error error = {""};
  world->way = *way;
  if (trine_sim_backend_open(world->config->name, NULL, &world->sim, &error) != TRINE_OK) {
    stop_test("the chip", error.text);
  }
  board_make(&world->board, world->sim);
  world->watch.chip = way->has_board ? board_bus(&world->board) : trine_sim_backend_bus(world->sim);
  const struct trine_bus watched = watch_bus(&world->watch);
  if (trine_recorder_open(&watched, way->limit, &world->recorder, &error) != TRINE_OK) {
    stop_test("the recorder", error.text);
  }
  world->bus = trine_recorder_bus(world->recorder);
  world->device = zeros(trine_sizeof());
  if (trine_open(world->device, &world->bus, way->has_board ? BOARD_BASE : 0, BOARD_BYTES,
                 world->config->name) != TRINE_OK) {
    stop_test("the device", trine_last_error(world->device));
  }
  make_buffers(world);
  const struct trine_job_options options = {
      .mode = way->jobs > 1 ? TRINE_MODE_SINGLE : TRINE_MODE_HELPER, .timeout_ms = way->timeout_ms};
  const size_t bytes = trine_job_sizeof(world->device, world->network);
  for (uint32_t n = 0; n < way->jobs; n++) {
    struct trine_job_options wanted = options;
    wanted.core_mask = way->jobs > 1 ? UINT32_C(1) << n : 0;
    world->memory[n] = zeros(bytes);
    if (trine_job_create(world->device, world->network, &wanted, world->memory[n], bytes,
                         &world->jobs[n]) != TRINE_OK) {
      stop_test("the job", trine_last_error(world->device));
    }
  }
}

static void close_world(struct failing *world) {
  for (uint32_t n = 0; n < JOBS; n++) {
    trine_job_destroy(world->jobs[n]);
    free(world->memory[n]);
    free(world->output[n]);
    world->jobs[n] = NULL;
    world->memory[n] = NULL;
  }
  for (uint32_t n = 0; n < MOST_LAYERS; n++) {
    free(world->states[n].h);
    free(world->states[n].c);
    world->states[n] = (struct trine_lstm_state){NULL, NULL};
  }
  free(world->input);
  free(world->device);
  trine_recorder_close(world->recorder);
  trine_sim_backend_close(world->sim);
}

static struct trine_batch batch_of(struct failing *world, uint32_t job, bool has_states) {
  return (struct trine_batch){.sequences = SEQUENCES,
                              .lengths = world->lengths,
                              .input = world->input,
                              .input_batch_stride = (uint64_t)world->steps * world->in,
                              .input_step_stride = world->in,
                              .output = world->output[job],
                              .output_batch_stride = (uint64_t)world->steps * world->out,
                              .output_step_stride = world->out,
                              .state_in = has_states ? world->states : NULL,
                              .state_out = has_states ? world->states : NULL};
}

static bool run_ends(struct failing *world, bool has_states) {
  const struct trine_batch batch = batch_of(world, 0, has_states);
  return trine_job_run(world->jobs[0], &batch) != TRINE_OK;
}

/* --- Failures --- */

/* Bytes of a window: that its program and weights have at least, and its program alone. */
enum { LOADED_BYTES = 0x2000, PROGRAM_BYTES = 0x100 };

/* An error of memory somewhere in the first bytes of a job's window. */
static void spoil_memory(struct failing *world, uint32_t job, enum trine_sim_fault_kind kind,
                         uint32_t within) {
  const uint32_t page = TRINE_DOMAIN_PAGE * (1 + trine_job_slot(world->jobs[job]));
  const struct trine_bus chip = trine_sim_backend_bus(world->sim);
  uint32_t base = 0;
  (void)chip.read32(chip.ctx, page + TRINE_DOMAIN_WINDOW_BASE_LO, &base);
  const uint32_t width = world->config->mem_bytes;
  const struct trine_sim_fault fault = {
      .base = base + (uint64_t)draw(world, 0, within / width - 1) * width,
      .len_bytes = width,
      .kind = kind,
      .on_read = true,
      .on_write = true};
  (void)trine_sim_backend_ops(world->sim)->add_fault(trine_sim_backend_sim(world->sim), &fault);
}

/* While program or weights are loaded. */
static bool fails_at_loading(struct failing *world) {
  spoil_memory(world, 0, TRINE_SIM_FAULT_SLVERR, LOADED_BYTES);
  return run_ends(world, draw(world, 0, 1) == 1);
}

/* With resident weights, behind many runs, of which a recorder with little room leaves some out. */
static bool fails_late(struct failing *world) {
  for (uint32_t n = 0; n < RESIDENT_RUNS; n++) {
    if (run_ends(world, true)) {
      return false;
    }
  }
  spoil_memory(world, 0, TRINE_SIM_FAULT_SLVERR, PROGRAM_BYTES);
  return run_ends(world, true);
}

/* One sequence, or several of one length, so that the same run again is a REPEAT. */
static bool runs_alike(struct failing *world, bool has_states) {
  struct trine_batch batch = batch_of(world, 0, has_states);
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    world->lengths[n] = world->steps;
  }
  batch.sequences = has_states ? 1 : SEQUENCES;
  return trine_job_run(world->jobs[0], &batch) == TRINE_OK;
}

/* A beat of the rows that a REPEAT reads. */
static bool fails_in_repeat(struct failing *world, bool has_states) {
  const uint32_t width = world->config->mem_bytes;
  for (uint32_t n = 0; n < RESIDENT_RUNS; n++) {
    if (!runs_alike(world, has_states)) {
      return false;
    }
  }
  const uint64_t beat = draw(world, 0, (uint32_t)world->watch.bytes / width - 1);
  const struct trine_sim_fault fault = {
      .base = world->watch.at - (world->way.has_board ? BOARD_BASE : 0) + beat * width,
      .len_bytes = width,
      .kind = TRINE_SIM_FAULT_SLVERR,
      .on_read = true,
      .on_write = true};
  (void)trine_sim_backend_ops(world->sim)->add_fault(trine_sim_backend_sim(world->sim), &fault);
  const bool has_failed = !runs_alike(world, has_states);
  return has_failed && (world->watch.started_with & TRINE_DOMAIN_CONTROL_START_MASK) == 0;
}

static bool fails_repeated(struct failing *world) {
  return fails_in_repeat(world, false);
}

static bool fails_going_on(struct failing *world) {
  return fails_in_repeat(world, true);
}

/* What was forgotten was loaded again: a dump that leaves runs out has to keep that one. */
static bool fails_forgotten(struct failing *world) {
  return runs_alike(world, false) && trine_job_forget(world->jobs[0]) == TRINE_OK &&
         fails_in_repeat(world, false);
}

static bool fails_side_by_side(struct failing *world) {
  const struct trine_batch batches[JOBS] = {batch_of(world, 0, false), batch_of(world, 1, false)};
  const struct trine_batch *const given[JOBS] = {&batches[0], &batches[1]};
  bool failed = false;
  for (uint32_t n = 0; n < 2 && !failed; n++) {
    failed = trine_jobs_start(world->jobs, given, JOBS) != TRINE_OK;
    for (uint32_t job = 0; job < JOBS && !failed; job++) {
      failed = trine_job_wait(world->jobs[job]) != TRINE_OK;
    }
    if (n == 0) {
      spoil_memory(world, 1, TRINE_SIM_FAULT_SLVERR, PROGRAM_BYTES);
    }
  }
  return failed;
}

static bool fails_by_time(struct failing *world) {
  return run_ends(world, false);
}

/* Memory that does not answer: its watchdog stops the run. */
static bool fails_by_silence(struct failing *world) {
  if (world->bus.write32(world->bus.ctx, TRINE_GLOBAL_WATCHDOG, WATCHDOG) != TRINE_OK) {
    return false;
  }
  spoil_memory(world, 0, TRINE_SIM_FAULT_SILENT, PROGRAM_BYTES);
  return run_ends(world, false);
}

static bool fails_by_wire(struct failing *world) {
  world->board.breaks_in = draw(world, 1, MOST_ACCESSES);
  for (uint32_t n = 0; n < MOST_TRIES; n++) {
    if (run_ends(world, false)) {
      return true;
    }
  }
  return false;
}

static const struct failure_case cases[] = {
    {"memory-1", "same", {.jobs = 1}, fails_at_loading},
    {"memory-2", "same", {.jobs = 1}, fails_at_loading},
    {"late", "same", {.jobs = 1}, fails_late},
    {"left-out", "same", {.jobs = 1, .limit = LOW_LIMIT}, fails_late},
    {"repeat-1", "same", {.jobs = 1}, fails_repeated},
    {"repeat-2", "same", {.jobs = 1}, fails_repeated},
    {"goes-on-1", "same", {.jobs = 1}, fails_going_on},
    {"goes-on-2", "same", {.jobs = 1, .limit = LOW_LIMIT}, fails_going_on},
    {"repeat-left-out", "same", {.jobs = 1, .limit = LOW_LIMIT}, fails_repeated},
    {"repeat-board", "same", {.jobs = 1, .has_board = true}, fails_repeated},
    {"forgotten", "same", {.jobs = 1, .limit = LOW_LIMIT}, fails_forgotten},
    {"side-by-side", "same", {.jobs = 2}, fails_side_by_side},
    {"time", "same", {.jobs = 1, .timeout_ms = 1, .is_long = true}, fails_by_time},
    {"board-1", "same", {.jobs = 1, .has_board = true}, fails_at_loading},
    {"board-2", "same", {.jobs = 1, .has_board = true}, fails_at_loading},
    {"silence", "differs", {.jobs = 1}, fails_by_silence},
    {"wire", "differs", {.jobs = 1, .has_board = true}, fails_by_wire}};

static void save(const struct failing *world, const struct failure_case *made, const char *folder) {
  char path[512];
  struct trine_error error = {""};
  const struct trine_info *info = trine_get_info(world->device);
  struct trine_dump_head origin = {.config_hash = info->config_hash,
                                   .device_version = info->version,
                                   .cores = info->cores,
                                   .memory_base = made->way.has_board ? BOARD_BASE : 0,
                                   .memory_bytes = BOARD_BYTES,
                                   .device = "test"};
  (void)snprintf(origin.config, sizeof origin.config, "%s", world->config->name);
  (void)snprintf(origin.sentence, sizeof origin.sentence, "%s", trine_last_error(world->device));
  (void)snprintf(path, sizeof path, "%s/%s.dump", folder, made->name);
  if (trine_recorder_save(world->recorder, &origin, path, &error) != TRINE_OK) {
    stop_test(made->name, error.text);
  }
}

/* Opens a new chip for each try: an address drawn may be one that nothing reads. */
static void run_case(struct failing *world, const struct failure_case *made, const char *folder) {
  bool has_failed = false;
  world->stream = seed_start(made->name);
  for (uint32_t n = 0; n < MOST_TRIES && !has_failed; n++) {
    open_world(world, &made->way);
    has_failed = made->fails(world);
    if (has_failed) {
      save(world, made, folder);
    }
    close_world(world);
  }
  if (!has_failed) {
    stop_test(made->name, "it did not fail");
  }
  printf("%s %s\n", made->name, made->expected);
  (void)fflush(stdout);
}

int main(int count, char **words) {
  struct trine_error error = {""};
  struct trine_model *model = NULL;
  if (count != 4) {
    stop_test("three words", "CONFIG MODEL.tflite FOLDER");
  }
  const struct trine_config_row *config = trine_config_find(words[1], &error);
  if (config == NULL || trine_model_load(words[2], &model, &error) != TRINE_OK) {
    stop_test(words[2], error.text);
  }
  (void)seed_print();
  for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
    struct failing world = {.config = config, .network = trine_model_network(model, 0)};
    world.steps =
        cases[n].way.is_long ? LONG_FOR_MACS * config->lanes * config->macs_per_lane : STEPS;
    world.in = world.network->tensors[0].part_width[0];
    world.out = world.network->tensors[world.network->tensor_count - 1].part_width[0];
    run_case(&world, &cases[n], words[3]);
  }
  trine_model_free(model);
  return 0;
}
