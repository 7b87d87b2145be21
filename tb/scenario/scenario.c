/* SPDX-License-Identifier: Apache-2.0 */
/* scenario: runs what draw.c made; see scenario.h. */
#include "scenario.h"

#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "trine_regs.h"
#include "watch.h"

/* A scenario while it runs. */
struct running {
  struct scenario *scenario;
  struct bench bench;
  struct driver_job jobs[SCENARIO_JOBS];
  struct watch watches[SCENARIO_JOBS];
  char *text;
};

static const char *mode_name(enum trine_mode mode) {
  static const char *const names[] = {"single", "multithreading", "helper", "hybrid"};
  return names[mode & 3];
}

/* Appends to the text; returns false so that a check can end with it. */
static bool complain(struct running *run, uint32_t n, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool complain(struct running *run, uint32_t n, const char *format, ...) {
  size_t used = strlen(run->text);
  used += (size_t)snprintf(run->text + used, SCENARIO_TEXT - used,
                           "%s, job %u (%s on cores 0x%x): ", run->scenario->name, n,
                           mode_name(run->scenario->jobs[n].mode),
                           run->jobs[n].job != NULL ? trine_job_core_mask(run->jobs[n].job) : 0);
  va_list arguments;
  va_start(arguments, format);
  used = used < SCENARIO_TEXT ? used : SCENARIO_TEXT - 1;
  (void)vsnprintf(run->text + used, SCENARIO_TEXT - used, format, arguments);
  va_end(arguments);
  used = strlen(run->text);
  (void)snprintf(run->text + used, SCENARIO_TEXT - used,
                 "\n  to see it: make wave TEST=%s SEED=%" PRIu64, run->scenario->name,
                 seed_value());
  return false;
}

static void make_jobs(struct running *run) {
  uint64_t points = 0;
  for (uint32_t n = 0; n < run->scenario->count; n++) {
    const struct scenario_job *what = &run->scenario->jobs[n];
    const struct trine_shape shape = {what->mode, what->cores, what->groups, what->copies};
    struct trine_placement placement;
    ck_assert_int_eq(
        trine_place_shape(run->bench.device, &what->network.network, &shape, &placement), TRINE_OK);
    struct trine_job_options options = {.placement = &placement};
    job_create(&run->jobs[n], run->bench.device, &what->network.network, &options);
    watch_start(&run->watches[n], &what->network.network, &what->batch.batch,
                trine_job_placement(run->jobs[n].job), trine_job_core_mask(run->jobs[n].job));
    points += watch_points(&run->watches[n]);
  }
  (void)run->bench.ops->probe(run->bench.sim, points + 1);
}

static bool run_jobs(struct running *run) {
  struct trine_job *jobs[SCENARIO_JOBS];
  const struct trine_batch *batches[SCENARIO_JOBS];
  for (uint32_t n = 0; n < run->scenario->count; n++) {
    jobs[n] = run->jobs[n].job;
    batches[n] = &run->scenario->jobs[n].batch.batch;
  }
  enum trine_status status = trine_jobs_start(jobs, batches, run->scenario->count);
  if (status != TRINE_OK) {
    return complain(run, 0, "start: %s", trine_last_error(run->bench.device));
  }
  for (uint32_t n = 0; n < run->scenario->count; n++) {
    if (trine_job_wait(jobs[n]) != TRINE_OK) {
      return complain(run, n, "%s (%s)", trine_last_error(run->bench.device),
                      run->bench.ops->error(run->bench.sim));
    }
    uint32_t mode =
        bench_read(&run->bench, bench_domain(trine_job_slot(jobs[n]), TRINE_DOMAIN_MODE));
    if (mode != (uint32_t)run->scenario->jobs[n].mode) {
      return complain(run, n, "its MODE register holds %u", mode);
    }
  }
  return true;
}

static void file_points(struct running *run) {
  struct trine_sim_point points[256];
  size_t count = 0;
  while ((count = run->bench.ops->take_points(run->bench.sim, points, 256, NULL)) > 0) {
    for (size_t k = 0; k < count; k++) {
      for (uint32_t n = 0; n < run->scenario->count; n++) {
        if ((run->watches[n].core_mask >> points[k].core & 1) != 0) {
          watch_file(&run->watches[n], &points[k]);
        }
      }
    }
  }
}

/* The place of an output byte: its layer and unit, to name the core. */
static bool compare_output(struct running *run, uint32_t n) {
  const struct scenario_job *what = &run->scenario->jobs[n];
  const struct trine_network *network = &what->network.network;
  const struct driver_batch *made = &what->batch;
  uint32_t width = trine_tensor_width(&network->tensors[network->tensor_count - 1]);
  for (size_t k = 0; k < made->output_bytes; k++) {
    if (made->output[k] == made->expected[k]) {
      continue;
    }
    uint32_t unit = (uint32_t)(k % width), part = 0;
    const struct trine_tensor *tensor = &network->tensors[network->tensor_count - 1];
    while (unit >= tensor->part_width[part]) {
      unit -= tensor->part_width[part++];
    }
    uint32_t layer = network->layer_count - 1;
    for (uint32_t c = 0; c < network->chain_count; c++) {
      const struct trine_chain *chain = &network->chains[c];
      if (chain->target == network->tensor_count - 1 && chain->target_part == part) {
        layer = chain->first_layer + chain->layer_count - 1;
      }
    }
    const struct trine_batch *batch = &made->batch;
    uint64_t at = k - k % width;
    bool time_major = batch->output_batch_stride < batch->output_step_stride;
    uint64_t sequence = time_major ? at % batch->output_step_stride / batch->output_batch_stride
                                   : at / batch->output_batch_stride;
    uint64_t step = time_major ? at / batch->output_step_stride
                               : at % batch->output_batch_stride / batch->output_step_stride;
    return complain(run, n,
                    "output of core %u, layer %u, sequence %" PRIu64 ", step %" PRIu64
                    ", unit %u: got %d, want %d",
                    watch_core_of(&run->watches[n], layer, unit), layer, sequence, step, unit,
                    made->output[k], made->expected[k]);
  }
  return true;
}

static bool compare_states(struct running *run, uint32_t n) {
  const struct scenario_job *what = &run->scenario->jobs[n];
  const struct driver_batch *made = &what->batch;
  for (uint32_t l = 0; l < made->layer_count && made->batch.state_out != NULL; l++) {
    const struct trine_layer *layer = &what->network.layers[l];
    size_t count = (size_t)made->batch.sequences * layer->units;
    const struct trine_lstm_state *got = &made->state_out[l], *want = &made->state_expected[l];
    for (size_t k = 0; k < count && layer->kind == TRINE_LAYER_LSTM; k++) {
      if (got->h[k] != want->h[k] || got->c[k] != want->c[k]) {
        uint32_t unit = (uint32_t)(k % layer->units);
        return complain(run, n,
                        "final state of core %u, layer %u, sequence %zu, unit %u: got h %d c %d, "
                        "want h %d c %d",
                        watch_core_of(&run->watches[n], l, unit), l, k / layer->units, unit,
                        got->h[k], got->c[k], want->h[k], want->c[k]);
      }
    }
  }
  return true;
}

static bool check_job(struct running *run, uint32_t n, struct seen *seen) {
  struct scenario_job *what = &run->scenario->jobs[n];
  struct watch *watch = &run->watches[n];
  struct trine_golden_counters counters = {0};
  const struct trine_golden_options options = {
      .tap = watch_compare, .tap_context = watch, .counters = &counters};
  struct trine_batch batch = what->batch.batch;
  batch.output = what->batch.expected;
  batch.state_out = batch.state_out != NULL ? what->batch.state_expected : NULL;
  if (trine_golden_run(&what->network.network, &batch, &options) != TRINE_OK) {
    return complain(run, n, "the golden model refuses it");
  }
  if (watch->is_different) {
    char text[256];
    watch_describe(watch, text, sizeof text);
    return complain(run, n, "%s", text);
  }
  char text[256];
  if (watch->strays > 0) {
    return complain(run, n, "%" PRIu64 " units more were computed than there are", watch->strays);
  }
  if (!counters_add_up(&run->bench, run->jobs[n].job, &what->network.network, &batch, counters.macs,
                       text, sizeof text)) {
    return complain(run, n, "%s", text);
  }
  seen_job(seen, trine_get_info(run->bench.device), &what->network.network, &batch,
           trine_job_placement(run->jobs[n].job), &counters);
  seen->values += watch_points(watch) + what->batch.output_bytes;
  seen->corner[SEEN_STALLS] += run->scenario->options.stall_permille > 0;
  seen->corner[SEEN_SIDE_BY_SIDE] += run->scenario->count > 1;
  return compare_output(run, n) && compare_states(run, n);
}

bool scenario_run(struct scenario *scenario, struct seen *seen, const char *wave,
                  char text[SCENARIO_TEXT]) {
  struct running *run = calloc(1, sizeof *run);
  if (run == NULL) {
    abort();
  }
  run->scenario = scenario;
  run->text = text;
  text[0] = '\0';
  bench_open(&run->bench, scenario->config, &scenario->options);
  make_jobs(run);
  bool is_good = true;
  if (wave != NULL && run->bench.ops->trace(run->bench.sim, wave, 0, 0) != TRINE_OK) {
    is_good = complain(run, 0, "%s", run->bench.ops->error(run->bench.sim));
  }
  is_good = is_good && run_jobs(run);
  file_points(run);
  for (uint32_t n = 0; n < scenario->count; n++) {
    is_good = is_good && check_job(run, n, seen);
  }
  for (uint32_t n = 0; n < scenario->count; n++) {
    job_free(&run->jobs[n]);
    watch_free(&run->watches[n]);
  }
  bench_close(&run->bench);
  free(run);
  return is_good;
}
