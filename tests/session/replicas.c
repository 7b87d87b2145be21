/* SPDX-License-Identifier: Apache-2.0 */
/* replicas: a batch on two single jobs side by side: the reference's rows, the states that one job
 * leaves, the cycles of the longer part, and those that were predicted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chip.h"
#include "planner/replica_plan.h"
#include "session/replicas.h"

enum { SEQUENCES = 9 };

static const uint32_t own_lengths[SEQUENCES] = {29, 3, 17, 8, 29, 1, 12, 20, 5};

/* What one run left: rows behind a length stay as they were. */
struct replica_result {
  int8_t y[SEQUENCES * STEPS * OUT];
  struct trine_states states;
  uint64_t cycles, limit_cycles;
  uint32_t cores;
};

static bool rows_hold(struct chip *chip, const struct replica_result *got) {
  const int8_t *want = chip->expected.data;
  for (uint32_t i = 0; i < SEQUENCES * STEPS * OUT; i++) {
    const bool is_row = i / OUT % STEPS < own_lengths[i / OUT / STEPS];
    if (got->y[i] != (is_row ? want[i] : 0x55)) {
      trine_error_set(&chip->error, "sequence %u, step %u, value %u: got %d", i / OUT / STEPS,
                      i / OUT % STEPS, i % OUT, got->y[i]);
      return false;
    }
  }
  return true;
}

static bool states_hold(struct chip *chip, const struct replica_result *got,
                        const struct replica_result *want) {
  for (uint32_t n = 0; n < want->states.lstm_count; n++) {
    const size_t count = (size_t)want->states.units[n] * SEQUENCES;
    if (memcmp(got->states.lstm[n].h, want->states.lstm[n].h, count) != 0 ||
        memcmp(got->states.lstm[n].c, want->states.lstm[n].c, count * sizeof(int16_t)) != 0) {
      trine_error_set(&chip->error, "the states of LSTM %u differ from those of one job", n);
      return false;
    }
  }
  return true;
}

/* Runs the batch twice, so that the second finds everything resident. */
static bool run(struct chip *chip, uint32_t jobs, struct replica_result *result) {
  const struct trine_network *network = trine_model_network(chip->model, 0);
  const struct trine_job_options options = {.mode = TRINE_MODE_SINGLE, .core_mask = 1};
  struct trine_lstm_state state[TRINE_MAX_LAYERS] = {{NULL, NULL}};
  struct trine_replicas *replicas = NULL;
  if (trine_states_make(chip->model, SEQUENCES, &result->states, &chip->error) != TRINE_OK) {
    return false;
  }
  for (uint32_t n = 0; n < result->states.lstm_count; n++) {
    state[n] = result->states.lstm[n]; /* the network's first layers are the LSTMs */
  }
  const struct trine_batch batch = {.sequences = SEQUENCES,
                                    .lengths = own_lengths,
                                    .input = chip->input.data,
                                    .input_batch_stride = (uint64_t)STEPS * WIDTH,
                                    .input_step_stride = WIDTH,
                                    .output = result->y,
                                    .output_batch_stride = (uint64_t)STEPS * OUT,
                                    .output_step_stride = OUT,
                                    .state_out = state};
  memset(result->y, 0x55, sizeof result->y);
  const bool good =
      trine_replicas_create(chip->device, network, &options, jobs, &replicas) == TRINE_OK &&
      trine_replicas_run(replicas, &batch) == TRINE_OK &&
      trine_replicas_run(replicas, &batch) == TRINE_OK;
  if (good) {
    const struct trine_stats *stats = trine_replicas_stats(replicas);
    result->cycles = stats->cycles;
    result->limit_cycles = stats->limit_cycles;
    result->cores = stats->cores;
  } else {
    trine_error_set(&chip->error, "%s", trine_last_error(chip->device));
  }
  trine_replicas_destroy(replicas);
  return good && rows_hold(chip, result);
}

static uint64_t predicted(struct chip *chip, uint32_t jobs) {
  const struct trine_network *network = trine_model_network(chip->model, 0);
  const struct trine_plan_batch batch = {SEQUENCES, own_lengths, .is_resident = true,
                                         .is_kept = true};
  struct trine_replica_plan plan = {.jobs = jobs};
  const bool good =
      trine_place(chip->device, network, TRINE_MODE_SINGLE, 1, &plan.plan.placement) == TRINE_OK &&
      trine_replicas_forecast(trine_get_target(chip->device), network, &batch, &plan,
                              trine_error_of(chip->device)) == TRINE_OK;
  return good ? plan.plan.forecast.cycles : 0;
}

/* How much shorter the longer of two parts is than the whole. */
static double gain(void) {
  uint32_t first[TRINE_MAX_CORES + 1], part = 0, all = 0;
  trine_cut_batch(own_lengths, SEQUENCES, 2, first);
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    part += n < first[1] ? own_lengths[n] : 0;
    all += own_lengths[n];
  }
  return (double)all / (part > all - part ? part : all - part);
}

static bool compare(struct chip *chip, struct replica_result *one, struct replica_result *two) {
  if (!run(chip, 1, one) || !run(chip, 2, two) || !states_hold(chip, two, one)) {
    return false;
  }
  const uint64_t plan = predicted(chip, 2);
  const double off = (double)two->cycles / (double)plan - 1;
  printf("2 jobs of %u sequences: exact, %llu cycles, predicted %llu, one job %llu\n", SEQUENCES,
         (unsigned long long)two->cycles, (unsigned long long)plan,
         (unsigned long long)one->cycles);
  trine_error_set(&chip->error, "two jobs are not what was predicted, or no faster");
  return two->cores == 2 && two->limit_cycles < two->cycles && off > -0.005 && off < 0.005 &&
         (double)one->cycles / (double)two->cycles > 0.98 * gain();
}

bool replicas_hold(void) {
  struct chip chip;
  const struct trine_session_options options = {.mode = TRINE_MODE_SINGLE};
  struct replica_result *results = calloc(2, sizeof *results);
  bool good = results != NULL && chip_open(&chip, &options);
  if (good) {
    trine_session_close(chip.session); /* its core is for the jobs here */
    chip.session = NULL;
    good = compare(&chip, &results[0], &results[1]);
  }
  if (!good) {
    fprintf(stderr, "replicas: %s\n", results != NULL ? chip.error.text : "no memory");
  }
  if (results != NULL) {
    trine_states_free(&results[0].states);
    trine_states_free(&results[1].states);
    chip_close(&chip);
  }
  free(results);
  return good;
}
