/* SPDX-License-Identifier: Apache-2.0 */
/* lengths: in a batch of sequences of different lengths a finished sequence costs no cycle: the
 * same sequences take the same cycles to the last one whatever room the arrays have behind them,
 * and exactly those that were predicted; and the planner spreads them over the cores. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chip.h"

enum { SEQUENCES = 12, ROOM = 3 * STEPS };

/* Long ones last: assigned in this order, one core would be left with them. */
static const uint32_t own_lengths[SEQUENCES] = {2, 5, 3, 1, 4, 7, 2, 6, 11, 13, 23, 29};

static uint32_t total(void) {
  uint32_t sum = 0;
  for (uint32_t n = 0; n < SEQUENCES; n++) {
    sum += own_lengths[n];
  }
  return sum;
}

/* Whether the rows of sequence n are the reference's, and 0 behind its length. */
static bool rows_hold(struct chip *chip, const int8_t *got, uint32_t n, uint32_t length,
                      uint32_t steps) {
  const int8_t *want = (const int8_t *)chip->expected.data + (size_t)n * STEPS * OUT;
  for (uint32_t i = 0; i < steps * OUT; i++) {
    if (got[i] != (i < length * OUT ? want[i] : 0)) {
      trine_error_set(&chip->error, "sequence %u, step %u, value %u is not the stored one", n,
                      i / OUT, i % OUT);
      return false;
    }
  }
  return true;
}

/* Runs the sequences in arrays of `steps` steps; lengths NULL: STEPS each. 0: not exact. */
static uint64_t cycles_of(struct chip *chip, const uint32_t *lengths, uint32_t steps) {
  int8_t *x = calloc(SEQUENCES, (size_t)steps * WIDTH), *y = calloc(SEQUENCES, (size_t)steps * OUT);
  const struct trine_model_batch batch = {
      .sequences = SEQUENCES, .steps = steps, .lengths = lengths, .input = x, .output = y};
  bool good = x != NULL && y != NULL;
  for (uint32_t n = 0; n < SEQUENCES && good; n++) {
    memcpy(x + (size_t)n * steps * WIDTH,
           (const int8_t *)chip->input.data + (size_t)n * STEPS * WIDTH, (size_t)STEPS * WIDTH);
  }
  good = good && trine_session_run(chip->session, &batch, &chip->error) == TRINE_OK;
  for (uint32_t n = 0; n < SEQUENCES && good; n++) {
    good = rows_hold(chip, y + (size_t)n * steps * OUT, n, lengths != NULL ? lengths[n] : STEPS,
                     steps);
  }
  free(x);
  free(y);
  return good ? trine_session_stats(chip->session)->cycles : 0;
}

/* The cycles of a run with everything resident, as the planner has them. */
static uint64_t predicted(struct chip *chip, const struct trine_session_options *options) {
  const struct trine_plan_batch batch = {SEQUENCES, own_lengths, .is_resident = true};
  const struct trine_network *network = trine_model_network(chip->model, 0);
  const uint32_t cores = trine_get_info(chip->device)->cores;
  struct trine_plan plan;
  enum trine_status status;
  if (options->plan_for != NULL) {
    status = trine_plan_best(trine_get_target(chip->device), network, cores, &batch, &plan,
                             trine_error_of(chip->device));
  } else {
    status = trine_place(chip->device, network, options->mode,
                         options->mode == TRINE_MODE_SINGLE ? 1 : cores, &plan.placement);
  }
  if (status == TRINE_OK) {
    status = trine_forecast(trine_get_target(chip->device), network, &plan.placement, &batch,
                            &plan.forecast, trine_error_of(chip->device));
  }
  return status == TRINE_OK ? plan.forecast.cycles : 0;
}

/* Sets *cycles to those of the batch with its lengths. */
static bool hold_in(const struct trine_session_options *options, const char *name,
                    uint64_t *cycles) {
  struct chip chip;
  bool good = chip_open(&chip, options) && cycles_of(&chip, own_lengths, STEPS) > 0;
  uint64_t tight = 0, wide = 0, full = 0;
  if (good) {
    tight = cycles_of(&chip, own_lengths, STEPS); /* all is resident from now on */
    wide = cycles_of(&chip, own_lengths, ROOM);
    full = cycles_of(&chip, NULL, STEPS);
    good = tight > 0 && wide > 0 && full > 0;
  }
  if (good) {
    const double share = (double)tight / (double)full;
    const double steps = (double)total() / (SEQUENCES * STEPS);
    const uint64_t plan = predicted(&chip, options);
    printf(
        "%-14s  lengths: exact, %llu cycles, predicted %llu, with room behind %llu; %.3f of all "
        "cycles for %.3f of all steps\n",
        name, (unsigned long long)tight, (unsigned long long)plan, (unsigned long long)wide, share,
        steps);
    trine_error_set(&chip.error, "finished sequences cost cycles");
    good = wide == tight && plan == tight && share < steps + 0.01;
  }
  if (!good) {
    fprintf(stderr, "%s: %s\n", name, chip.error.text);
  }
  *cycles = tight;
  chip_close(&chip);
  return good;
}

bool lengths_hold(void) {
  const struct trine_plan_batch batch = {.sequences = SEQUENCES, .lengths = own_lengths};
  const struct trine_session_options single = {.mode = TRINE_MODE_SINGLE},
                                     multithreading = {.mode = TRINE_MODE_MULTITHREADING},
                                     helper = {.mode = TRINE_MODE_HELPER},
                                     automatic = {.plan_for = &batch};
  uint64_t alone = 0, cycles = 0, best = 0;
  if (!hold_in(&single, "single", &alone) || !hold_in(&multithreading, "multithreading", &cycles) ||
      !hold_in(&helper, "helper", &best) || !hold_in(&automatic, "auto", &cycles)) {
    return false;
  }
  printf("auto on 2 cores is %.3f times single\n", (double)alone / (double)cycles);
  if (cycles > best || (double)alone / (double)cycles < 1.95) {
    fprintf(stderr, "auto: neither the best of all modes nor 1.95 times single\n");
    return false;
  }
  return true;
}
